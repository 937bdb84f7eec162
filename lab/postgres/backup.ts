import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { removeTree, scratch } from './account.ts';
import { writeOwned } from './config.ts';
import { copyInto, makeOwned } from './copy.ts';
import type { BaseBackup, Cluster } from './types.ts';

/** Contents that a base backup must not hold; the folders themselves must exist (PostgreSQL manual, section 25.3.4). */
const EMPTY = [
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
];
const LEFT_OUT = [
  'postmaster.pid',
  'postmaster.opts',
  'recovery.signal',
  'standby.signal',
  'backup_label.old',
];

const ARCHIVED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 10;

const archived = async (cluster: Cluster, segment: string): Promise<void> => {
  const deadline = Date.now() + ARCHIVED_WITHIN_MS;
  while (!existsSync(join(cluster.archiveDir, segment))) {
    if (Date.now() > deadline) throw new Error(`WAL segment ${segment} of ${cluster.name} was not archived.`);
    await sleep(LOOK_EVERY_MS);
  }
};

/** Commits a message that belongs to no table, in the provider's own database. */
const HEARTBEAT = "SELECT pg_logical_emit_message(true, 'rdsadmin', 'heartbeat')";

/**
 * Ends the current WAL segment with a commit and waits until it is archived. A restore to a time needs a later
 * commit in the log: without one PostgreSQL cannot know that it has arrived ("recovery ended before configured
 * recovery target was reached"). RDS guarantees it by LatestRestorableTime and does it with a heartbeat like this.
 */
export const flushWal = async (cluster: Cluster): Promise<void> => {
  await cluster.query(HEARTBEAT, [], 'rdsadmin');
  // One byte back: when someone else has just switched, the answer is the start of the next, still empty segment.
  const [row] = await cluster.query('SELECT pg_walfile_name(pg_switch_wal() - 1) AS segment', [], 'rdsadmin');
  await archived(cluster, String(row?.segment));
};

const copyFiles = async (dataDir: string, dir: string): Promise<void> => {
  const entries = readdirSync(dataDir).filter((entry) => !EMPTY.includes(entry) && !LEFT_OUT.includes(entry));
  await copyInto(
    entries.map((entry) => join(dataDir, entry)),
    dir,
    true,
  );
  for (const entry of EMPTY) makeOwned(join(dir, entry));
  makeOwned(join(dir, 'pg_wal', 'archive_status'));
};

const START = 'SELECT clock_timestamp() AS at FROM pg_backup_start($1, true)';
const STOP =
  'SELECT labelfile, spcmapfile, pg_walfile_name(lsn - 1) AS segment, clock_timestamp() AS at FROM pg_backup_stop(false)';

/** Both calls must come from one session; the server ends the backup when that session ends. */
const copyBetween = async (
  client: pg.Client,
  cluster: Cluster,
  label: string,
  dir: string,
): Promise<BaseBackup> => {
  const started = await client.query<{ at: Date }>(START, [label]);
  await copyFiles(cluster.dataDir, dir);
  const stopped = await client.query<{ labelfile: string; spcmapfile: string; segment: string; at: Date }>(
    STOP,
  );
  const [begin, end] = [started.rows[0], stopped.rows[0]];
  if (begin === undefined || end === undefined) throw new Error('pg_backup_stop returned nothing.');
  writeOwned(join(dir, 'backup_label'), end.labelfile);
  if (end.spcmapfile.trim() !== '') writeOwned(join(dir, 'tablespace_map'), end.spcmapfile);
  await archived(cluster, end.segment);
  // Dates are cut to milliseconds, so the end is moved up to stay on the safe side.
  return {
    dir,
    label,
    startedAt: begin.at,
    finishedAt: new Date(end.at.getTime() + 1),
    roles: cluster.roles,
  };
};

/** A base backup by the low-level API (there is no pg_basebackup in the package). The cluster keeps working. */
export const takeBaseBackup = async (cluster: Cluster, label: string): Promise<BaseBackup> => {
  const client = new pg.Client({
    connectionString: cluster.superuserUrl('rdsadmin'),
    application_name: 'rdsadmin',
    ssl: cluster.ssl === 'only' ? { rejectUnauthorized: false } : false,
  });
  client.on('error', () => undefined);
  const dir = scratch('gm-backup-');
  try {
    await client.connect();
    return await copyBetween(client, cluster, label, dir);
  } catch (error) {
    removeTree(dir);
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
};

export const removeBackup = (backup: BaseBackup): void => removeTree(backup.dir);
