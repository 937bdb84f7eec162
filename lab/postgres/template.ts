import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { removeTree, runAs, scratch } from './account.ts';
import { type Binaries, buildOnce, templateDir } from './binaries.ts';
import { type Layout, layoutOf, writeConfig, writeOwned } from './config.ts';
import { cloneDir } from './copy.ts';
import { freePort, startServer } from './server.ts';

/** Passwords of the roles that every cluster has. They protect nothing: the servers listen on 127.0.0.1 only. */
export const SUPERUSER = { name: 'postgres', password: 'postgres-lab-1' } as const;
export const OWNER = { name: 'app', password: 'app-lab-1' } as const;

/** Bump when the steps below change, so that old cached templates are not used. */
const TEMPLATE = 4;

/** As RDS has it: the provider's own database, which users never touch and our heartbeats use. */
const SETUP = [
  `CREATE ROLE rdsadmin SUPERUSER`,
  `CREATE ROLE ${OWNER.name} LOGIN PASSWORD '${OWNER.password}'`,
  `CREATE DATABASE rdsadmin OWNER rdsadmin`,
  `CREATE DATABASE app OWNER ${OWNER.name}`,
];

const initialise = async (tools: Binaries, layout: Layout): Promise<void> => {
  const passwords = join(layout.root, 'passwords');
  writeOwned(passwords, `${SUPERUSER.password}\n`);
  await runAs(tools.initdb, [
    ...['-D', layout.dataDir, '-U', SUPERUSER.name, `--pwfile=${passwords}`, '-A', 'scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...['--wal-segsize=1', '--no-sync', '--no-instructions'], // small segments: quick to switch, archive and copy
  ]);
  rmSync(passwords);
};

const populate = async (tools: Binaries, layout: Layout): Promise<void> => {
  const port = await freePort();
  writeConfig(layout.dataDir, { host: '127.0.0.1', port, ssl: 'off', archiveDir: undefined, settings: {} });
  const server = await startServer('template', tools.postgres, layout);
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER.name,
    password: SUPERUSER.password,
  });
  try {
    await client.connect();
    for (const statement of SETUP) await client.query(statement);
  } finally {
    await client.end().catch(() => undefined);
    await server.stop('SIGINT');
  }
};

/**
 * Copying is most of what a cluster start costs, so the copy is made small. Free-space and visibility maps are
 * rebuilt when missing, and after an orderly stop only the oldest WAL segment is in use, the others are spare.
 */
const slim = (dataDir: string): void => {
  for (const entry of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
    if (/_(fsm|vm)$/.test(entry)) rmSync(join(dataDir, entry));
  }
  const segments = readdirSync(join(dataDir, 'pg_wal')).filter((entry) => /^[0-9A-F]{24}$/.test(entry));
  for (const spare of segments.sort().slice(1)) rmSync(join(dataDir, 'pg_wal', spare));
};

/** The data directory that every cluster starts from. Made once per machine (about two seconds), then copied. */
export const template = (tools: Binaries): Promise<string> =>
  buildOnce(join(templateDir(tools.version), `v${TEMPLATE}`), async (draft) => {
    const root = scratch('gm-template-');
    const layout = layoutOf(root);
    try {
      await initialise(tools, layout);
      await populate(tools, layout);
      slim(layout.dataDir);
      await cloneDir(layout.dataDir, draft);
    } finally {
      removeTree(root);
    }
  });
