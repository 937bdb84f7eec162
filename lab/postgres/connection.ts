import pg from 'pg';
import type { QueryRow } from './types.ts';

export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteLiteral = (text: string): string => pg.escapeLiteral(text);

export const connectionUrl = (
  at: { readonly host: string; readonly port: number },
  database: string,
  user: string,
  password: string,
): string =>
  `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${at.host}:${at.port}/${encodeURIComponent(database)}`;

export type Login = {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly tls: boolean;
};

/** Runs SQL over a connection of its own. Without values several statements may be given; the last one's rows count. */
export const runQuery = async (
  login: Login,
  sql: string,
  values: readonly unknown[],
): Promise<readonly QueryRow[]> => {
  const { tls, ...target } = login;
  const client = new pg.Client({
    ...target,
    application_name: 'lab',
    ssl: tls ? { rejectUnauthorized: false } : false,
  });
  // A server that is stopped under the connection reports it here; the query itself rejects as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result: unknown =
      values.length === 0 ? await client.query(sql) : await client.query(sql, [...values]);
    return rowsOf(Array.isArray(result) ? result.at(-1) : result);
  } finally {
    await client.end().catch(() => undefined);
  }
};

const rowsOf = (result: unknown): readonly QueryRow[] =>
  typeof result === 'object' && result !== null && 'rows' in result && Array.isArray(result.rows)
    ? result.rows
    : [];
