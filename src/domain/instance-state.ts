/**
 * What a DB instance or snapshot status means for us. The status words are open-ended (AWS adds new ones), so a
 * word nobody knows is neither usable nor terminal: it is waited for.
 */

const USABLE: ReadonlySet<string> = new Set(['available', 'storage-optimization']);

/** Not `available` to the API, yet the server answers SQL. */
const ANSWERS_SQL: ReadonlySet<string> = new Set(['backing-up', 'storage-initialization', 'modifying']);

/** Status of a cluster that is available and has nobody to answer; a word of ours. */
export const WITHOUT_INSTANCES = 'without-instances';

const TERMINAL: ReadonlySet<string> = new Set([
  'deleted',
  'deleting',
  'delete-precheck',
  'failed',
  'inaccessible-encryption-credentials',
  'inaccessible-encryption-credentials-recoverable',
  'insufficient-capacity',
  'migration-failed',
  'modify-failed',
  'restore-error',
  'restore-failed',
  'stopped',
  'storage-full',
  'upgrade-failed',
]);

/** Takes a snapshot or a change at once. */
export const isUsable = (status: string): boolean => USABLE.has(status);

/** Clients can connect, whatever RDS is doing to it. A restored instance may stay in `backing-up` for hours. */
export const isReachable = (status: string): boolean =>
  isUsable(status) || ANSWERS_SQL.has(status) || status.startsWith('configuring-');

/** A cluster takes instances once its own status is `available`, whatever those that it has are doing. */
export const takesMembers = (cluster: {
  readonly status: string;
  readonly clusterStatus?: string;
}): boolean => isUsable(cluster.clusterStatus ?? cluster.status);

/** Waiting does not help: a person must look at it. */
export const isTerminal = (status: string): boolean =>
  TERMINAL.has(status) || status.startsWith('incompatible-');

/** Why waiting does not make a database fit for a cut-over; undefined where it may, or nothing is in the way. */
export function whyUnfit(of: { readonly identifier: string; readonly status: string }): string | undefined {
  if (isTerminal(of.status)) return `the state of ${of.identifier} is ${of.status}`;
  // Somebody may have deleted its instances to save their price; no waiting brings them back.
  if (of.status === WITHOUT_INSTANCES)
    return `the cluster ${of.identifier} has no DB instance, so nobody would answer; add one first`;
  return undefined;
}

export type SnapshotState = 'ready' | 'waiting' | 'failed';

const FAILED_SNAPSHOT: ReadonlySet<string> = new Set(['deleted', 'deleting', 'failed']);

export const snapshotState = (status: string): SnapshotState => {
  if (status === 'available') return 'ready';
  return FAILED_SNAPSHOT.has(status) || status.startsWith('incompatible-') ? 'failed' : 'waiting';
};
