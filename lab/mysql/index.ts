export { flushLogs, takeBackup } from './backup.ts';
export { findServers } from './binaries.ts';
export { startMysql } from './cluster.ts';
export { restoreBackup } from './restore.ts';
export type * from './types.ts';
