import type { RoleSpec } from '../postgres/types.ts';
import { quoteIdentifier, quoteLiteral } from './connection.ts';
import { OWNER, PROVIDER, SUPERUSER } from './template.ts';
import type { MysqlCluster } from './types.ts';

export const builtInRoles = (extra: readonly RoleSpec[]): ReadonlyMap<string, string> =>
  new Map([SUPERUSER, PROVIDER, OWNER, ...extra].map(({ name, password }) => [name, password]));

const account = (name: string): string => `${quoteLiteral(name)}@'%'`;

/** The users and databases that a cluster has besides those of the template. */
export const addUsers = async (
  cluster: MysqlCluster,
  users: readonly RoleSpec[],
  databases: readonly string[],
): Promise<void> => {
  const grants = ({ name, attributes = '' }: RoleSpec): readonly string[] =>
    attributes
      .split(';')
      .filter((grant) => grant.trim() !== '')
      .map((grant) => `GRANT ${grant.trim()} TO ${account(name)}`);
  const statements = [
    ...databases.flatMap((database) => [
      `CREATE DATABASE ${quoteIdentifier(database)}`,
      // In a grant on a database, `_` and `%` are wildcards.
      `GRANT ALL ON ${quoteIdentifier(database.replace(/[_%]/g, '\\$&'))}.* TO ${account(OWNER.name)}`,
    ]),
    ...users.flatMap((user) => [
      `CREATE USER ${account(user.name)} IDENTIFIED BY ${quoteLiteral(user.password)}`,
      ...grants(user),
    ]),
  ];
  if (statements.length > 0) await cluster.query(statements.join(';'));
};
