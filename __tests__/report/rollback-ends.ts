import type { EventBody } from '../../src/domain/event.ts';
import type { Goal, WriteLoss } from '../../src/domain/going-back.ts';
import type { StepKind } from '../../src/domain/plan.ts';
import { problem } from '../../src/domain/problem.ts';
import type { DeployRequest } from '../../src/domain/request.ts';
import { plan } from './facts.ts';
import { begun, finished, RESTORED, reachable, requested, verified } from './runs.ts';

const TIME = '2026-11-21T02:03:04Z';
const goal: Goal = {
  time: TIME,
  way: 'point-in-time',
  snapshot: 'gm-shop-prod-8123-1',
  run: '8123-1',
  why: 'the restorable window covers that second, so no write before it is lost',
  recorded: { fingerprint: 'ab12', marks: undefined },
};
const loss: WriteLoss = {
  since: TIME,
  until: Date.parse(TIME) + 600_000,
  commits: 34,
  walBytes: 5_347_737,
  tables: [
    { table: 'public.orders', inserted: 9, updated: 1, deleted: 0 },
    { table: 'public.users', inserted: 0, updated: 2, deleted: 0 },
  ],
  rows: 12,
  unknown: undefined,
};
const KINDS: readonly StepKind[] = ['goal', 'restore', 'wait-restore', 'verify-restore', 'write-loss'];
const start = (change: Partial<DeployRequest> = {}): readonly EventBody[] =>
  begun({ mode: 'rollback', runId: '8123', ...change }, []);
const planned = (change: Partial<DeployRequest> = {}): readonly EventBody[] => [
  ...start(change),
  {
    type: 'planned',
    plan: { ...plan([]), steps: KINDS.map((kind) => ({ kind, when: 'always', title: `Step ${kind}` })) },
  },
  { type: 'goal', goal },
];
const equal: readonly EventBody[] = [
  ...requested,
  ...reachable,
  ...verified,
  { type: 'restore-verified', differences: [] },
];

/** Every way a rollback can end, as events of the guard. */
export const ENDS = {
  refused: [
    ...start(),
    { type: 'refused', problems: [problem('restore-point-unknown', 'nothing', { run: '8123' })] },
    finished('refused'),
  ],
  outside: [
    ...start({ runId: undefined, restoreTime: '2026-10-01T00:00:00Z' }),
    {
      type: 'refused',
      problems: [
        problem('restore-point-outside', 'begins later', {
          instance: 'shop-prod',
          time: '2026-10-01T00:00:00Z',
          earliest: '2026-11-14T02:00:00Z',
          latest: '2026-11-21T01:55:00Z',
        }),
      ],
    },
    finished('refused'),
  ],
  deleted: [
    ...start(),
    {
      type: 'refused',
      problems: [problem('instance-not-found', 'no', { instance: 'shop-prod', region: 'eu-west-1' })],
    },
    finished('refused'),
  ],
  restoring: [...planned({ waitForRestore: false }), ...requested, finished('restoring')],
  found: [
    ...planned(),
    ...requested,
    {
      type: 'notice',
      notice: {
        code: 'restore-found',
        level: 'notice',
        fields: { identifier: RESTORED, status: 'creating' },
      },
    },
    finished('restoring'),
  ],
  verified: [...planned(), ...equal, { type: 'write-loss', loss }, finished('restored')],
  'verified without counters': [
    ...planned(),
    { type: 'goal', goal: { ...goal, recorded: { fingerprint: undefined, marks: undefined } } },
    ...equal,
    {
      type: 'write-loss',
      loss: {
        ...loss,
        tables: [],
        rows: undefined,
        commits: undefined,
        unknown: 'no write counters were recorded at that moment',
      },
    },
    finished('restored'),
  ],
  mismatch: [
    ...planned(),
    ...requested,
    ...reachable,
    { type: 'restore-verified', differences: ['the schema', 'history row of 20261102_drop_email'] },
    {
      type: 'step-failed',
      step: 'verify-restore',
      problem: problem('restore-mismatch', 'differs', { instance: RESTORED }),
    },
    finished('failed'),
  ],
  unverified: [
    ...planned(),
    ...requested,
    ...reachable,
    {
      type: 'step-failed',
      step: 'wait-restore',
      problem: problem('restore-unverified', 'no answer', { instance: RESTORED }),
    },
    finished('restored'),
  ],
  'restore refused': [
    ...planned(),
    { type: 'step-failed', step: 'restore', problem: problem('aws-rejected', 'InstanceQuotaExceeded', {}) },
    finished('failed'),
  ],
  broken: [
    ...planned(),
    ...requested,
    {
      type: 'step-failed',
      step: 'wait-restore',
      problem: problem('restore-failed', 'status failed', { instance: RESTORED, status: 'failed' }),
    },
    finished('failed'),
  ],
  cancelled: [
    ...planned(),
    ...requested,
    { type: 'step-failed', step: 'wait-restore', problem: problem('cancelled', 'not yet', {}) },
    finished('cancelled'),
  ],
  'loss exceeded': [
    ...planned({ promote: 'rename', confirm: 'shop-prod', maxWriteLoss: 3 }),
    ...equal,
    { type: 'write-loss', loss },
    {
      type: 'step-failed',
      step: 'preflight',
      problem: problem('write-loss-exceeded', 'more', { rows: 12, since: TIME, limit: 3 }),
    },
    finished('failed'),
  ],
  promoted: [
    ...planned({ promote: 'rename', confirm: 'shop-prod' }),
    ...equal,
    { type: 'write-loss', loss },
    {
      type: 'promotion',
      promotion: {
        by: 'rename',
        phase: 'promoted',
        production: 'shop-prod',
        parked: 'shop-prod-replaced-9000-1',
        restored: RESTORED,
        oldResourceId: 'db-OLD',
        newResourceId: 'db-NEW',
        proxies: [],
        outageFrom: undefined,
        outageUntil: undefined,
      },
    },
    finished('promoted'),
  ],
} as const satisfies Record<string, readonly EventBody[]>;
