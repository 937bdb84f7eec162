import { type Connection, type ConnectionOptions, createConnection } from 'mysql2/promise';
import type { QueryRow } from '../postgres/types.ts';

export const quoteIdentifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
export const quoteLiteral = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

export const connectionUrl = (
  at: { readonly host: string; readonly port: number },
  database: string,
  user: string,
  password: string,
): string =>
  `mysql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${at.host}:${at.port}/${encodeURIComponent(database)}`;

export type Login = Pick<
  ConnectionOptions,
  'host' | 'port' | 'socketPath' | 'user' | 'password' | 'database'
> & { readonly tls?: boolean };

export const open = async ({ tls = false, ...target }: Login): Promise<Connection> => {
  const connection = await createConnection({
    ...target,
    multipleStatements: true,
    supportBigNumbers: true,
    timezone: 'Z',
    ...(tls ? { ssl: { rejectUnauthorized: false } } : {}),
  });
  // A server that is stopped under the connection reports it here; the query itself rejects as well.
  connection.on('error', () => undefined);
  return connection;
};

const isRow = (value: unknown): value is QueryRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Several statements answer with a list of results: row lists, and headers for statements without rows. */
const rowsOf = (result: unknown): readonly QueryRow[] => {
  if (!Array.isArray(result)) return [];
  const several = result.some((entry) => Array.isArray(entry)) || result.some(isHeader);
  const last: unknown = several ? result.at(-1) : result;
  return Array.isArray(last) ? last.filter(isRow) : [];
};

const isHeader = (value: unknown): boolean => isRow(value) && value.constructor.name === 'ResultSetHeader';

export const ask = async (
  connection: Connection,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly QueryRow[]> => {
  const [result] = await connection.query(sql, [...values]);
  return rowsOf(result);
};

/** Runs SQL over a connection of its own. Several statements may be given; the last one's rows count. */
export const runQuery = async (
  login: Login,
  sql: string,
  values: readonly unknown[],
): Promise<readonly QueryRow[]> => {
  const connection = await open(login);
  try {
    return await ask(connection, sql, values);
  } finally {
    await connection.end().catch(() => undefined);
  }
};
