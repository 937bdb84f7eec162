import { join } from 'node:path';
import pg from 'pg';
import { removeTree, runAs, scratch } from '../postgres/account.ts';
import { layoutOf, writeOwned } from '../postgres/config.ts';
import { startCluster } from '../postgres/index.ts';
import { freePort, startServer } from '../postgres/server.ts';

/** As much of a server as the proofs need. */
export interface ProofServer {
  superuserUrl(): string;
  stop(): Promise<void>;
}

const SETTINGS = `listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = '16MB'
jit = 'off'
fsync = 'off'
timezone = 'UTC'
`;

const query = async (url: string, sql: string): Promise<readonly Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};

/** A server from the programs in a folder, `initdb` and `postgres` among them. */
async function serverFrom(bin: string): Promise<ProofServer> {
  const layout = layoutOf(scratch('gm-proofs-'));
  try {
    await runAs(join(bin, 'initdb'), [
      ...['-D', layout.dataDir, '-U', 'postgres', '-A', 'trust', '--encoding=UTF8', '--locale=C'],
      ...['--no-sync', '--no-instructions'],
    ]);
    const port = await freePort();
    writeOwned(join(layout.dataDir, 'postgresql.auto.conf'), `${SETTINGS}port = ${port}\n`);
    const server = await startServer('proofs', join(bin, 'postgres'), layout);
    const stop = async (): Promise<void> => {
      await server.stop('SIGQUIT');
      removeTree(layout.root);
    };
    const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
    try {
      await query(url, 'CREATE ROLE app LOGIN');
    } catch (error) {
      await stop();
      throw error;
    }
    return { superuserUrl: () => url, stop };
  } catch (error) {
    removeTree(layout.root);
    throw error;
  }
}

/** The lab's PostgreSQL 18, or the one whose programs are in the folder that PROOFS_POSTGRES_BIN names. */
export const startProofServer = (bin = process.env.PROOFS_POSTGRES_BIN ?? ''): Promise<ProofServer> =>
  bin === '' ? startCluster({ name: 'proofs', archive: false }) : serverFrom(bin);

/** `server_version`, and the same as a number: `15.18 (Debian …)`, 150018. */
export async function versionOf(
  server: ProofServer,
): Promise<{ readonly text: string; readonly number: number }> {
  const [row] = await query(
    server.superuserUrl(),
    "SELECT current_setting('server_version') AS text, current_setting('server_version_num')::int AS number",
  );
  return { text: String(row?.text), number: Number(row?.number) };
}
