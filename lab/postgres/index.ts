export { flushWal, removeBackup, takeBaseBackup } from './backup.ts';
export { selfSigned } from './certificate.ts';
export { startCluster } from './cluster.ts';
export { nothingLater, restoreToTime, startStandby } from './restore.ts';
export { freePort } from './server.ts';
export type * from './types.ts';
