import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree, scratch } from '../postgres/account.ts';
import { cloneDir, copyInto, makeOwned } from '../postgres/copy.ts';
import { frozen } from './freeze.ts';
import { endOf, logsIn } from './logs.ts';
import type { MysqlBackup, MysqlCluster } from './types.ts';

/** A recovery asks the newest log which transactions were committed; MariaDB's may point to one before it. */
const LOGS_FOR_RECOVERY = 3;

const copyFiles = async (cluster: MysqlCluster, dir: string): Promise<void> => {
  const data = makeOwned(join(dir, 'data'));
  const archive = makeOwned(join(dir, 'archive'));
  await cloneDir(cluster.dataDir, data);
  const { archiveDir } = cluster;
  if (archiveDir === '') return;
  const logs = logsIn(archiveDir).slice(-LOGS_FOR_RECOVERY);
  await copyInto(
    logs.map((file) => join(archiveDir, file)),
    archive,
  );
};

/** Another server must not take itself for this one: its identity, and what it knew of its own source. */
const makeAnonymous = (dataDir: string): void => {
  const left = readdirSync(dataDir).filter((name) => /^(auto\.cnf|master\.info|relay-log\.info)$/.test(name));
  for (const name of left) rmSync(join(dataDir, name));
};

/**
 * What a volume snapshot is: all files at one instant, in the middle of work. The server recovers from them as from
 * a crash. It stands still meanwhile and goes on as if nothing had been; a server that is down is copied as it lies.
 */
export const takeBackup = async (cluster: MysqlCluster, label: string): Promise<MysqlBackup> => {
  const dir = scratch('gm-backup-');
  const startedAt = new Date();
  try {
    const finishedAt = await frozen(cluster, async () => {
      const still = new Date();
      await copyFiles(cluster, dir);
      return still;
    });
    makeAnonymous(join(dir, 'data'));
    const { binary, roles } = cluster;
    const place = endOf(join(dir, 'archive'));
    return { kind: 'mysql', binary, dir, label, startedAt, finishedAt, roles, place };
  } catch (error) {
    removeTree(dir);
    throw error;
  }
};

/** Ends the current binary log, by which its folder tells that it is complete up to now. */
export const flushLogs = async (cluster: MysqlCluster): Promise<void> => {
  await cluster.query('FLUSH BINARY LOGS', [], '');
};
