import type { Link } from './link.ts';
import { errnoOf } from './problems.ts';

const GRANT = /^(GRANT|REVOKE) (.+?) ON (?:TABLE )?(`(?:[^`]|``)*`|\*)\.\*(?: (?:TO|FROM) |$)/;
/** A role that was granted: what it brings is not listed unless it is active. */
const ROLE = /^GRANT (?:`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)?(?:, ?)?)+ TO /;

/** In a grant on databases `%` and `_` are wildcards unless a backslash protects them. */
function covers(scope: string, database: string): boolean {
  if (scope === '*') return true;
  const pattern = scope
    .slice(1, -1)
    .replaceAll('``', '`')
    .replace(/\\([%_\\])|([\s\S])/g, (_, escaped: string | undefined, plain = '') => {
      if (escaped === undefined && plain === '%') return '.*';
      if (escaped === undefined && plain === '_') return '.';
      return (escaped ?? plain).replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
    });
  return new RegExp(`^${pattern}$`, 'is').test(database);
}

const hasCreate = (rights: string): boolean =>
  rights.split(/, ?/).some((right) => /^(?:ALL PRIVILEGES|ALL|CREATE)$/i.test(right.trim()));

/** What the lines of SHOW GRANTS say of CREATE on the database; true when they cannot tell. */
export function grantsCreate(lines: readonly string[], database: string): boolean {
  let granted = false;
  let revoked = false;
  for (const line of lines) {
    const [, verb, rights = '', scope = ''] = GRANT.exec(line) ?? [];
    if (verb !== undefined && hasCreate(rights) && covers(scope, database)) {
      granted ||= verb === 'GRANT';
      revoked ||= verb === 'REVOKE';
    }
  }
  // A partial revoke takes away what a global grant gave (MySQL 8.0.16, `partial_revokes`).
  if (granted) return !revoked;
  return lines.some((line) => ROLE.test(line));
}

/** Whether a table could be created in the database. True when the server does not tell. */
export async function mayCreate(link: Link, database: string): Promise<boolean> {
  try {
    // MariaDB prints the hash of the password into these lines: they must go nowhere.
    const rows = await link.rows('SHOW GRANTS FOR CURRENT_USER', {
      purpose: 'read the rights of the account',
    });
    const lines = rows.map((row) => Object.values(row)[0] ?? '');
    return lines.length === 0 || grantsCreate(lines, database);
  } catch (error) {
    // A number is an answer of the server; anything else is a lost connection.
    if (/^\d+$/.test(errnoOf(error))) return true;
    throw error;
  }
}

const REQUIRES = /\bREQUIRE (?:SSL|X509|ISSUER|SUBJECT|CIPHER)\b/;

/** `CREATE USER … REQUIRE SSL`: the account is refused without TLS. False when the server does not tell. */
export async function demandsTls(link: Link): Promise<boolean> {
  try {
    // The line holds the hash of the password: it must go nowhere.
    const rows = await link.rows('SHOW CREATE USER CURRENT_USER()', {
      purpose: 'read the demands on the account',
    });
    return rows.some((row) => Object.values(row).some((text) => REQUIRES.test(text ?? '')));
  } catch (error) {
    if (/^\d+$/.test(errnoOf(error))) return false;
    throw error;
  }
}
