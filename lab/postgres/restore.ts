import { join } from 'node:path';
import { removeBackup, takeBaseBackup } from './backup.ts';
import { openCluster } from './cluster.ts';
import { restoreCommand, writeOwned } from './config.ts';
import { cloneDir } from './copy.ts';
import { SUPERUSER } from './template.ts';
import type { Cluster, RestoreOptions } from './types.ts';

/** The last microsecond of the given millisecond, as PostgreSQL reads it. */
const endOfMillisecond = (at: Date): string => `${at.toISOString().slice(0, -1)}999+00`;

/**
 * PostgreSQL compares the target with commit times: `inclusive` keeps a commit stamped exactly at it, and the
 * first later commit ends the replay. Without a target the replay ends as soon as the copy is consistent.
 */
const target = (at: RestoreOptions['targetTime']): Readonly<Record<string, string>> =>
  at === undefined
    ? { recovery_target: 'immediate' }
    : at === 'latest'
      ? {}
      : { recovery_target_time: endOfMillisecond(at), recovery_target_inclusive: 'on' };

/**
 * Builds a new cluster from a base backup and, with `targetTime`, replays the log up to it. Rejects when the
 * time is before the backup's end or when the log holds no commit after it (see `flushWal`).
 */
export const restoreToTime = (options: RestoreOptions): Promise<Cluster> =>
  openCluster({
    name: options.name ?? 'restored',
    host: options.host,
    port: options.port,
    archive: true,
    ssl: options.ssl ?? 'off',
    settings: {
      ...options.settings,
      ...target(options.targetTime),
      hot_standby: 'off',
      restore_command: restoreCommand([
        options.archiveDir,
        ...(options.walDir === undefined ? [] : [options.walDir]),
      ]),
      recovery_target_action: 'promote',
      recovery_target_timeline: 'current',
    },
    roles: options.backup.roles,
    prepare: async (layout) => {
      await cloneDir(options.backup.dir, layout.dataDir);
      writeOwned(join(layout.dataDir, 'recovery.signal'), '');
    },
  });

/** Whether a restore failed because nothing was committed after the asked time: then `latest` is the same state. */
export const nothingLater = (error: unknown): boolean =>
  String(error).includes('recovery ended before configured recovery target was reached');

/** A streaming replica of a running cluster: answers reads, refuses writes, `pg_is_in_recovery()` is true. */
export const startStandby = async (source: Cluster, name = 'standby'): Promise<Cluster> => {
  const backup = await takeBaseBackup(source, name);
  const sslMode = source.ssl === 'only' ? 'require' : 'disable';
  try {
    return await openCluster({
      name,
      host: undefined,
      port: undefined,
      archive: false,
      ssl: source.ssl,
      settings: {
        hot_standby: 'on',
        restore_command: restoreCommand([source.archiveDir]),
        primary_conninfo: `host=${source.host} port=${source.port} user=${SUPERUSER.name} password=${SUPERUSER.password} sslmode=${sslMode}`,
      },
      roles: source.roles,
      prepare: async (layout) => {
        await cloneDir(backup.dir, layout.dataDir);
        writeOwned(join(layout.dataDir, 'standby.signal'), '');
      },
    });
  } finally {
    removeBackup(backup);
  }
};
