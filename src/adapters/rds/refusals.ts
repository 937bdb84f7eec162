import type { InstanceFacts } from '../../domain/facts.ts';
import { firstProblem, GuardError, type Problem, type ProblemCode, problem } from '../../domain/problem.ts';
import type { SnapshotRestoreSpec } from '../../ports/fleet.ts';
import type { RestoreSpec, SnapshotSpec } from '../../ports/recovery.ts';

/** True for an answer of AWS that refuses the request as such, with that code when one is given. */
export function isRejected(error: unknown, code?: string): boolean {
  const { code: kind, fields } = firstProblem(error);
  return kind === 'aws-rejected' && (code === undefined || fields.code === code);
}

/**
 * Of an answer by resource id, which is unique at AWS and need not be at an emulator: the wrong database renamed would be
 * production. Throws `resource-ambiguous`.
 */
export function onlyOne(
  answered: readonly InstanceFacts[],
  resourceId: string,
  identifier?: string,
): InstanceFacts | undefined {
  // An emulator may not know the filter and answer with everything.
  const found = answered.filter((each) => each.resourceId === resourceId);
  if (found.length < 2) return found[0];
  const named = found.find((each) => each.identifier === identifier);
  if (named !== undefined) return named;
  const names = found.map((each) => each.identifier).join(', ');
  throw new GuardError(
    problem('resource-ambiguous', `${names} have the same resource id ${resourceId}`, {
      instances: names,
      resourceId,
    }),
  );
}

/** The same problem with the database it is about, so that advice can name it. */
export function about(error: unknown, fields: Readonly<Record<string, string>>): GuardError {
  const said = firstProblem(error);
  return refused(error, said, said.code, fields);
}

const SNAPSHOT_REFUSALS: Readonly<Record<string, ProblemCode>> = {
  DBClusterNotFound: 'instance-not-found',
  DBInstanceNotFound: 'instance-not-found',
  InvalidDBClusterState: 'instance-state',
  InvalidDBInstanceState: 'instance-state',
  SnapshotQuotaExceeded: 'snapshot-quota',
};

/** An unknown refusal stays `aws-rejected`: the snapshot is made before anything is touched. */
export function snapshotRefusal(error: unknown, spec: SnapshotSpec): GuardError {
  const said = firstProblem(error);
  const code = SNAPSHOT_REFUSALS[said.fields.code ?? ''] ?? 'aws-rejected';
  return refused(error, said, code, {
    instance: spec.source.identifier,
    status: code === 'instance-state' ? spec.source.status : undefined,
    name: spec.identifier,
  });
}

const RESTORE_REFUSALS: Readonly<Record<string, ProblemCode>> = {
  DBClusterAlreadyExists: 'instance-name-taken',
  DBClusterAutomatedBackupNotFound: 'restore-point-outside',
  DBClusterNotFound: 'instance-not-found',
  DBClusterSnapshotNotFound: 'snapshot-not-found',
  DBInstanceAlreadyExists: 'instance-name-taken',
  DBInstanceAutomatedBackupNotFound: 'restore-point-outside',
  DBInstanceNotFound: 'instance-not-found',
  DBSnapshotNotFound: 'snapshot-not-found',
  InvalidDBClusterSnapshotState: 'snapshot-not-found',
  InvalidDBSnapshotState: 'snapshot-not-found',
  PointInTimeRestoreNotEnabled: 'backups-disabled',
};

/** Whatever else AWS refuses (quotas, capacity, keys, combinations) is a `restore-failed` with its code. */
export function restoreRefusal(error: unknown, spec: RestoreSpec | SnapshotRestoreSpec): GuardError {
  const said = firstProblem(error);
  const code = RESTORE_REFUSALS[said.fields.code ?? ''] ?? 'restore-failed';
  const from = 'time' in spec ? { time: spec.time } : { snapshot: spec.snapshot.identifier };
  // The snapshot as it was when it was read may say less than AWS does now.
  const known = 'snapshot' in spec && /^InvalidDB(?:Cluster)?SnapshotState$/.test(said.fields.code ?? '');
  return refused(error, said, code, {
    instance: spec.source.identifier,
    name: spec.identifier,
    ...from,
    status: known ? spec.snapshot.status : undefined,
  });
}

const RENAME_REFUSALS: Readonly<Record<string, ProblemCode>> = {
  DBClusterAlreadyExists: 'instance-name-taken',
  DBClusterNotFound: 'instance-gone',
  DBInstanceAlreadyExists: 'instance-name-taken',
  DBInstanceNotFound: 'instance-gone',
  InvalidDBClusterState: 'instance-state',
  InvalidDBInstanceState: 'instance-state',
};

/** Somebody deleted the instance that has this resource id. */
export const instanceGone = ({ identifier, resourceId }: InstanceFacts): GuardError =>
  new GuardError(
    problem('instance-gone', `no DB instance has the resource id ${resourceId}`, {
      instance: identifier,
      resourceId,
    }),
  );

/** What stands in the way of a new name or of a change; anything else keeps its code and names the instance. */
export function changeRefusal(error: unknown, instance: InstanceFacts, name?: string): GuardError {
  const said = firstProblem(error);
  const known = isRejected(error) ? RENAME_REFUSALS[said.fields.code ?? ''] : undefined;
  return refused(error, said, known ?? said.code, {
    instance: instance.identifier,
    resourceId: instance.resourceId,
    status: known === 'instance-state' ? instance.status : undefined,
    name,
  });
}

/** A member that cannot be made leaves a restored cluster that nobody can reach. */
export function memberRefusal(error: unknown, cluster: InstanceFacts, name: string): GuardError {
  const said = firstProblem(error);
  const code = isRejected(error, 'DBInstanceAlreadyExists') ? 'instance-name-taken' : 'restore-failed';
  return refused(error, said, code, { instance: cluster.identifier, name });
}

/** A proxy that does not take its target is a `proxy-failed`, unless AWS denied or did not answer. */
export function proxyRefusal(error: unknown, fields: Readonly<Record<string, string>>): GuardError {
  const said = firstProblem(error);
  const missing = isRejected(error, 'DBProxyNotFound') || isRejected(error, 'DBProxyTargetGroupNotFound');
  if (missing) return refused(error, said, 'proxy-not-found', fields);
  return refused(error, said, isRejected(error) ? 'proxy-failed' : said.code, fields);
}

const refused = (
  cause: unknown,
  said: Problem,
  code: ProblemCode,
  fields: Readonly<Record<string, string | undefined>>,
): GuardError => new GuardError(problem(code, said.detail, { ...said.fields, ...fields }), { cause });
