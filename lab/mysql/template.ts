import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree, runAs, scratch } from '../postgres/account.ts';
import { buildOnce, templateDir } from '../postgres/binaries.ts';
import { cloneDir, makeOwned } from '../postgres/copy.ts';
import { freePort } from '../postgres/server.ts';
import { installer, runnable } from './binaries.ts';
import { type Layout, layoutOf, makeFolders, type ServerSettings, writeConfig } from './config.ts';
import { ask, open, quoteLiteral } from './connection.ts';
import { startServer } from './server.ts';
import type { MysqlBinary } from './types.ts';

/** Passwords of the users that every cluster has. They protect nothing: the servers listen on 127.0.0.1 only. */
export const SUPERUSER = { name: 'root', password: 'root-lab-1' } as const;
export const OWNER = { name: 'app', password: 'app-lab-1' } as const;
/** As RDS has it: the provider's own user, which does the provider's work. */
export const PROVIDER = { name: 'rdsadmin', password: 'rdsadmin-lab-1' } as const;

/** Bump when the steps below change, so that old cached templates are not used. */
const TEMPLATE = 1;

const everywhere = (name: string): string => `'${name}'@'%'`;

const admin = ({ name, password }: { readonly name: string; readonly password: string }): string[] => [
  `CREATE USER ${everywhere(name)} IDENTIFIED BY ${quoteLiteral(password)}`,
  `GRANT ALL ON *.* TO ${everywhere(name)} WITH GRANT OPTION`,
];

/** The owner sees what the master user of RDS sees, and has no more than its own database. */
const SETUP: readonly string[] = [
  ...admin(SUPERUSER),
  ...admin(PROVIDER),
  'CREATE DATABASE app',
  `CREATE USER ${everywhere(OWNER.name)} IDENTIFIED BY ${quoteLiteral(OWNER.password)}`,
  `GRANT ALL ON app.* TO ${everywhere(OWNER.name)}`,
  `GRANT PROCESS, REPLICATION CLIENT ON *.* TO ${everywhere(OWNER.name)}`,
  `GRANT SELECT ON performance_schema.* TO ${everywhere(OWNER.name)}`,
];

const initialise = async (binary: MysqlBinary, layout: Layout): Promise<void> => {
  const { path } = await runnable(binary);
  if (binary.flavor === 'mysql') {
    await runAs(path, [`--defaults-file=${layout.configFile}`, '--initialize-insecure']);
    return;
  }
  await runAs(installer(binary), [
    `--defaults-file=${layout.configFile}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]);
};

const populate = async (binary: MysqlBinary, layout: Layout): Promise<void> => {
  const server = await startServer('template', (await runnable(binary)).path, layout);
  try {
    const connection = await open({ socketPath: layout.socket, user: 'root' });
    try {
      const others = await ask(connection, "SELECT User, Host FROM mysql.user WHERE User IN ('', 'root')");
      for (const statement of SETUP) await ask(connection, statement);
      for (const { User: user, Host: host } of others)
        await ask(connection, `DROP USER ${quoteLiteral(String(user))}@${quoteLiteral(String(host))}`);
    } finally {
      await connection.end().catch(() => undefined);
    }
  } finally {
    await server.stop('SIGTERM');
  }
};

/** Most of a new data directory is zeros; without them a copy costs a third. Only GNU's `cp` can leave them out. */
const cloneThin = async (source: string, target: string): Promise<void> => {
  makeOwned(target);
  try {
    await runAs('cp', ['-a', '--sparse=always', '--', `${source}/.`, target]);
  } catch {
    await cloneDir(source, target);
  }
};

const settingsFor = async (binary: MysqlBinary): Promise<ServerSettings> => ({
  flavor: binary.flavor,
  baseDir: (await runnable(binary)).baseDir,
  host: '127.0.0.1',
  port: await freePort(),
  ssl: 'off',
  archive: false,
  settings: {},
});

/** The data directory that every cluster starts from. Made once per machine (about four seconds), then copied. */
export const template = (binary: MysqlBinary): Promise<string> =>
  buildOnce(join(templateDir(`${binary.flavor}-${binary.version}`), `v${TEMPLATE}`), async (draft) => {
    const root = scratch('gm-template-');
    const layout = layoutOf(root);
    try {
      makeFolders(layout);
      writeConfig(layout, await settingsFor(binary));
      await initialise(binary, layout);
      await populate(binary, layout);
      rmSync(join(layout.dataDir, 'auto.cnf'), { force: true }); // the identity of a server, made anew at its start
      await cloneThin(layout.dataDir, draft);
    } finally {
      removeTree(root);
    }
  });
