import type { EventBody } from '../../src/domain/event.ts';
import { problem } from '../../src/domain/problem.ts';
import type { Run } from '../../src/domain/run.ts';
import {
  begun,
  broke,
  changedVerdict,
  FAILED,
  failed,
  failedWith,
  finished,
  goodVerdict,
  mismatch,
  NAMES,
  RESTORED,
  reachable,
  requested,
  runOf,
  started,
  unchangedVerdict,
  verified,
} from './events.ts';
import { backend, plan } from './facts.ts';

export * from './events.ts';

const changed = failed(changedVerdict());

/** Every way a deploy can end, as events of the guard. */
export const SCENARIOS = {
  'bad-inputs': [
    {
      type: 'refused',
      problems: [
        problem('input-invalid', 'statement-timeout: 30', {
          name: 'statement-timeout',
          got: '30',
          expected: 'a duration such as 30s',
        }),
        problem('input-missing', 'db-instance-identifier is missing', { name: 'db-instance-identifier' }),
      ],
    },
    finished('refused'),
  ],
  refused: [
    ...begun(),
    {
      type: 'refused',
      problems: [problem('backups-disabled', 'BackupRetentionPeriod is 0', { instance: 'shop-prod' })],
    },
    finished('refused'),
  ],
  'up-to-date': [...begun({}, []), finished('up-to-date')],
  applied: [
    ...started(),
    { type: 'migrator-ended', end: { exitCode: 0, signal: null, output: '' }, tookMs: 1_900 },
    { type: 'verdict', verdict: goodVerdict },
    { type: 'step-done', step: 'migrate', note: '2 applied' },
    finished('applied'),
  ],
  'failed-unchanged': [
    ...failed(unchangedVerdict()),
    { type: 'marked-rolled-back', migration: FAILED },
    { type: 'step-skipped', step: 'restore', note: 'the database is the one of the restore point' },
    finished('failed'),
  ],
  'failed-in-flight': changed,
  'failed-changed-restored': [
    ...changed,
    ...requested,
    ...reachable,
    ...verified,
    { type: 'restore-verified', differences: [] },
    { type: 'step-done', step: 'verify-restore' },
    finished('restored'),
  ],
  'failed-changed-restoring': [
    ...failed(changedVerdict(), { waitForRestore: false }),
    ...requested,
    finished('restoring'),
  ],
  'alert-only': [...failed(changedVerdict(), { onFailure: 'alert' }), finished('failed')],
  'restore-failed': [
    ...changed,
    ...broke(
      'restore',
      problem('aws-denied', 'restore: AccessDenied', {
        action: 'rds:RestoreDBInstanceToPointInTime',
        resource: 'arn:aws:rds:eu-west-1:123456789012:og:default:postgres-18',
        user: 'arn:aws:sts::123456789012:assumed-role/deploy/run',
      }),
    ),
    finished('failed'),
  ],
  'restore-late': [
    ...changed,
    ...requested,
    ...broke(
      'wait-restore',
      problem('restore-timeout', 'not yet', { instance: RESTORED, timeout: 7_200_000 }),
    ),
    finished('restoring'),
  ],
  'restore-broken': [
    ...changed,
    ...requested,
    ...broke(
      'wait-restore',
      problem('restore-failed', 'status failed', { instance: RESTORED, status: 'failed' }),
    ),
    finished('failed'),
  ],
  'restore-unverified': [
    ...changed,
    ...requested,
    ...reachable,
    {
      type: 'step-failed',
      step: 'wait-restore',
      problem: problem('restore-unverified', 'connect ETIMEDOUT', { instance: RESTORED }),
    },
    finished('restored'),
  ],
  mismatch: [
    ...changed,
    ...requested,
    ...reachable,
    ...verified,
    { type: 'restore-verified', differences: ['table public.users'] },
    { type: 'step-failed', step: 'verify-restore', problem: mismatch },
    finished('failed'),
  ],
  'cancelled-early': [
    ...begun(),
    { type: 'planned', plan: plan(NAMES) },
    ...broke('snapshot', problem('cancelled', 'cancelled while the snapshot was taken')),
    finished('cancelled'),
  ],
  'cancelled-in-migration': [
    ...started(),
    { type: 'stopping', reason: 'cancelled' },
    ...failedWith(
      unchangedVerdict({ error: { code: '57014', message: 'canceling statement due to user request' } }),
      problem('cancelled', 'cancelled'),
    ),
    finished('cancelled'),
  ],
  'nobody-knows': [...started(), finished('failed')],
  'snapshot-failed': [
    ...begun(),
    { type: 'planned', plan: plan(NAMES) },
    ...broke(
      'snapshot',
      problem('snapshot-failed', 'status failed', { snapshot: 'gm-shop-prod-8123-1', status: 'failed' }),
    ),
    finished('failed'),
  ],
  'check-failed': [
    ...started({ onFailure: 'alert' }),
    { type: 'step-done', step: 'migrate' },
    {
      type: 'step-failed',
      step: 'verify-command',
      problem: problem('command-failed', 'verify-command ended with exit code 3', {
        command: 'verify-command',
        exitCode: 3,
      }),
    },
    {
      type: 'verdict',
      verdict: changedVerdict({
        applied: NAMES,
        failedMigration: undefined,
        statement: undefined,
        openRow: false,
        error: { code: undefined, message: 'verify-command ended with exit code 3' },
        evidence: ['every pending migration is finished in the history', 'verify-command failed'],
      }),
    },
    finished('failed'),
  ],
  'lock-timeout': [
    ...started(),
    { type: 'blocked', waiting: backend({ pid: 12, blockedBy: [4711] }), blockers: [backend()] },
    { type: 'migrator-started', pid: 100, round: 4 },
    ...failedWith(
      unchangedVerdict({
        error: { code: '55P03', message: 'canceling statement due to lock timeout' },
        retryable: true,
      }),
    ),
    { type: 'marked-rolled-back', migration: FAILED },
    finished('failed'),
  ],
} as const satisfies Record<string, readonly EventBody[]>;

export type Scenario = keyof typeof SCENARIOS;
export const scenarios = Object.keys(SCENARIOS) as readonly Scenario[];
export const run = (name: Scenario): Run => runOf(SCENARIOS[name]);
