import { firstProblem, GuardError, type Problem, type ProblemCode, problem } from '../../domain/problem.ts';
import type { RestoreSpec, SnapshotSpec } from '../../ports/recovery.ts';

/** True for an answer of AWS that refuses the request as such, with that code when one is given. */
export function isRejected(error: unknown, code?: string): boolean {
  const { code: kind, fields } = firstProblem(error);
  return kind === 'aws-rejected' && (code === undefined || fields.code === code);
}

/** The same problem with the database it is about, so that advice can name it. */
export function about(error: unknown, fields: Readonly<Record<string, string>>): GuardError {
  const said = firstProblem(error);
  return refused(error, said, said.code, fields);
}

const SNAPSHOT_REFUSALS: Readonly<Record<string, ProblemCode>> = {
  DBInstanceNotFound: 'instance-not-found',
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
  DBInstanceAlreadyExists: 'instance-name-taken',
  DBInstanceNotFound: 'instance-not-found',
  PointInTimeRestoreNotEnabled: 'backups-disabled',
};

/** Whatever else AWS refuses (quotas, capacity, keys, combinations) is a `restore-failed` with its code. */
export function restoreRefusal(error: unknown, spec: RestoreSpec): GuardError {
  const said = firstProblem(error);
  return refused(error, said, RESTORE_REFUSALS[said.fields.code ?? ''] ?? 'restore-failed', {
    instance: spec.source.identifier,
    name: spec.identifier,
    time: spec.time,
  });
}

const refused = (
  cause: unknown,
  said: Problem,
  code: ProblemCode,
  fields: Readonly<Record<string, string | undefined>>,
): GuardError => new GuardError(problem(code, said.detail, { ...said.fields, ...fields }), { cause });
