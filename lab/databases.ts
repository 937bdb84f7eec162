import { flushLogs, takeBackup } from './mysql/backup.ts';
import { logsEndBefore, restoreBackup } from './mysql/restore.ts';
import type { MysqlBackup, MysqlCluster } from './mysql/types.ts';
import * as postgres from './postgres/index.ts';
import type { BaseBackup, Cluster, RestoreOptions } from './postgres/types.ts';

export type { BaseBackup, Cluster, ClusterKind, RestoreOptions } from './postgres/types.ts';

/** The one place that knows which database a cluster or a backup is; the provider of the lab asks here. */
const isMysql = (cluster: Cluster): cluster is MysqlCluster => cluster.kind === 'mysql';
const isMysqlBackup = (backup: BaseBackup): backup is MysqlBackup => backup.kind === 'mysql';

/** A copy of the files that a restore can start from. The cluster keeps working. */
export const takeBaseBackup = (cluster: Cluster, label: string): Promise<BaseBackup> =>
  isMysql(cluster) ? takeBackup(cluster, label) : postgres.takeBaseBackup(cluster, label);

/** Makes the log in the archive complete up to now. */
export const flushWal = (cluster: Cluster): Promise<void> =>
  isMysql(cluster) ? flushLogs(cluster) : postgres.flushWal(cluster);

/** A new cluster from a backup and, with `targetTime`, the log. `walDir` is PostgreSQL's alone. */
export const restoreToTime = ({ backup, ...options }: RestoreOptions): Promise<Cluster> =>
  isMysqlBackup(backup)
    ? restoreBackup({ backup, ...options })
    : postgres.restoreToTime({ backup, ...options });

/** Whether a restore failed because the log ends before the asked time: then `latest` is the same state. */
export const nothingLater = (error: unknown): boolean => logsEndBefore(error) || postgres.nothingLater(error);

/** Both keep a backup in a folder of its own. */
export const { removeBackup } = postgres;
