import type { Problem, ProblemCode } from '../../domain/problem.ts';
import { because, cliKind, field, kindOf, timeField, when } from '../advice.ts';
import { shell } from '../words.ts';
import type { Wording } from './inputs.ts';

const OLDEST = {
  'db-instance':
    "aws rds describe-db-snapshots --snapshot-type manual --query 'sort_by(DBSnapshots,&SnapshotCreateTime)[:20].[DBSnapshotIdentifier,SnapshotCreateTime]' --output text",
  'db-cluster':
    "aws rds describe-db-cluster-snapshots --snapshot-type manual --query 'sort_by(DBClusterSnapshots,&SnapshotCreateTime)[:20].[DBClusterSnapshotIdentifier,SnapshotCreateTime]' --output text",
} as const;

/** Snapshots before, restores after. */
export const recoveryTexts = {
  'restore-window-stale': (p) => ({
    what: `The ${kindOf(p)} ${field(p, 'instance', 'given')} cannot be restored to a recent moment: its LatestRestorableTime is ${field(p, ['latest', 'got'], 'missing')}${when(p, 'limit', () => ` (older than ${timeField(p, 'limit', '')})`)}.`,
    next: `Look at the events of the ${kindOf(p)} in the RDS console. Normally this time is about five minutes old. Run the job again when it is.`,
  }),
  'snapshot-quota': (p) => ({
    what: `No manual snapshot can be added: ${when(p, 'count', (n) => `there are ${n}`) || 'the quota is used up'}${when(p, 'limit', (limit) => ` and the limit is ${limit}`)}.`,
    next: 'Delete old manual snapshots or ask AWS for a higher quota. The input snapshot-keep lets us delete our own old ones. This lists the oldest:',
    run: OLDEST[cliKind(p)],
  }),
  'snapshot-failed': (p) => ({
    what: `The snapshot${when(p, ['snapshot', 'name'], (name) => ` ${name}`)} did not become available${when(p, 'status', (status) => `: its state is ${status}`) || because(p)}.`,
    next: `Look at the events of the ${kindOf(p)} in the RDS console, then run the job again. A new run takes a new snapshot.`,
  }),
  'snapshot-timeout': (p) => ({
    what: `The snapshot${when(p, ['snapshot', 'name'], (name) => ` ${name}`)} was not available after ${timeField(p, ['timeout', 'limit'], 'snapshot-timeout')}.`,
    next: 'Raise snapshot-timeout, or use "snapshot: start", which does not wait. The first snapshot of a large database takes longest; the next ones are faster.',
  }),
  'restore-timeout': (p) => {
    const limit = timeField(p, ['timeout', 'limit'], 'restore-timeout');
    const time = field(p, 'restoreTime', '');
    if (time !== '') {
      return {
        what: `AWS was not ready to restore to ${time} within ${limit}, so no restore was requested: LatestRestorableTime of ${field(p, 'instance', `the ${kindOf(p)}`)} had not passed it.`,
        next: `Look at the events of the ${kindOf(p)} in the RDS console; backups of its log may be held up.`,
      };
    }
    const name = field(p, ['instance', 'name'], '');
    return {
      what: `The restore${name === '' ? '' : ` to ${name}`} was not ready after ${limit}. It goes on in AWS by itself.`,
      next: 'Wait for it outside this job; a restore takes 25 to 45 minutes at best and longer for a large database. Raise restore-timeout for the next time.',
      ...waitFor(p, name),
    };
  },
  'restore-later': (p) => ({
    what: `The restore to ${field(p, 'restoreTime', 'the restore point')} is not requested yet: AWS accepts that second about five minutes after it has passed, and the post step of a cancelled job does not wait so long.`,
    next: 'Run the job again in five minutes. It requests this restore, waits for it and compares it; it does not migrate over what the cancelled run left.',
  }),
  'restore-failed': (p) => ({
    what: `The restore${when(p, ['name', 'instance'], (name) => ` to ${name}`)} failed${when(p, 'status', (status) => (/\D/.test(status) ? `: its state is ${status}` : '')) || `${when(p, 'code', (code) => ` (${code})`)}${because(p)}`}.`,
    next: 'Read the error of AWS, remove its cause, and request the restore by hand. The automated backups are not affected.',
  }),
  'restore-mismatch': (p) => ({
    what: `The restored database${when(p, ['instance', 'name'], (name) => ` ${name}`)} is NOT in the state of the restore point${when(p, 'differences', (found) => `; it differs in: ${found}`) || when(p, 'count', (n) => ` (differences: ${n})`)}.`,
    next: 'Do not switch to it. Compare it with production by hand, and restore once more, to a second before the migration or from the snapshot.',
  }),
  'restore-unverified': (p) => ({
    what: `The restored database${when(p, ['instance', 'name'], (name) => ` ${name}`)} could not be reached by SQL, so nobody has checked it${because(p)}.`,
    next: 'Check that its security group lets you in and that the password is that of production, then compare it by hand before you use it.',
  }),
  'instance-name-taken': (p) => ({
    what: `A ${kindOf(p)} named ${field(p, 'name', field(p, 'instance', 'like the restored one'))} exists already and ${field(p, 'differs', '') === '' ? 'is not from this run' : 'was found to differ from its restore point; it is not taken again'}.`,
    next:
      field(p, 'promotion', '') === ''
        ? 'Give another name in the input restored-identifier, or remove that one if it is no longer needed.'
        : 'Rename that one, or delete it if it is no longer needed: the promotion needs the name. Then run the job again with the same inputs.',
  }),
} as const satisfies Partial<Record<ProblemCode, Wording>>;

function waitFor(p: Problem, name: string): { readonly run?: string } {
  return name === ''
    ? {}
    : { run: `aws rds wait ${cliKind(p)}-available --${cliKind(p)}-identifier ${shell(name)}` };
}
