/** Bad days at AWS, before the migration and after it. */
import { afterAll, expect, test } from '@jest/globals';
import { startCluster } from '../../lab/postgres/index.ts';
import type { RdsLab } from '../../lab/rds/types.ts';
import { expectRun, type Wanted } from './honest.ts';
import { BROKEN, type CaseOptions, GOOD, HALF, NEXT, openWorld } from './world.ts';

const world = await openWorld();
const dead = await startCluster({ name: 'dead' });
afterAll(async () => {
  await dead.stop();
  await world[Symbol.asyncDispose]();
});

interface Row extends Wanted {
  readonly name: string;
  readonly options?: CaseOptions;
  readonly prepare?: (rds: RdsLab, id: string) => Promise<void> | void;
  /** Codes that the report must name. */
  readonly codes: readonly string[];
}

const OWN = { durations: { snapshotMs: 300, restoreMs: 500, backingUpMs: 300, latestRestorableLagMs: 300 } };
const deny = (action: string) => (rds: RdsLab) =>
  rds.faults.inject({ action, kind: 'denied', times: Number.POSITIVE_INFINITY });
const denied = (action: string, status: string, rest: Omit<Row, 'name' | 'status' | 'codes'>): Row => ({
  name: `AccessDenied on ${action}`,
  status,
  codes: ['aws-denied'],
  prepare: deny(action),
  says: [`rds:${action}`, 'may not do it', 'Nothing was changed', `Allow rds:${action}`, '"Effect": "Allow"'],
  ...rest,
});

const rows: readonly Row[] = [
  {
    name: 'an instance that is being modified',
    status: 'refused',
    aws: [],
    prepare: (rds, id) => rds.setStatus(id, 'modifying'),
    codes: ['instance-state'],
    says: ['is modifying', 'not started', 'Wait until the DB instance is available'],
  },
  {
    name: 'automated backups off, and a stale window is not told twice',
    status: 'refused',
    aws: [],
    options: { instance: { backupRetentionPeriod: 0 } },
    codes: ['backups-disabled'],
    says: ['BackupRetentionPeriod is 0', '--backup-retention-period 7'],
  },
  {
    // With fewer snapshots than the usual quota the guard does not ask for it, and AWS says it.
    name: 'the quota of manual snapshots reached',
    status: 'failed',
    aws: ['CreateDBSnapshot'],
    options: { rds: { ...OWN, quotas: { manualSnapshots: 0 } } },
    codes: ['snapshot-quota'],
    says: ['No manual snapshot can be added', 'not started', 'describe-db-snapshots'],
  },
  {
    name: 'a snapshot that never ends',
    status: 'failed',
    options: {
      rds: { durations: { ...OWN.durations, snapshotMs: 600_000 } },
      inputs: { 'snapshot-timeout': '2s' },
    },
    codes: ['snapshot-timeout'],
    aws: ['CreateDBSnapshot'],
    says: ['not available after 2s', 'not started', 'We requested the snapshot', 'snapshot: start'],
  },
  {
    name: 'a snapshot that fails',
    status: 'failed',
    options: { behind: dead },
    prepare: () => dead.shutdown(),
    codes: ['snapshot-failed'],
    aws: ['CreateDBSnapshot'],
    says: ['did not become available', 'failed', 'not started', 'run the job again'],
  },
  denied('DescribeDBInstances', 'refused', { aws: [], options: { rds: OWN } }),
  denied('DescribeDBSnapshots', 'refused', { aws: [], options: { rds: OWN } }),
  denied('CreateDBSnapshot', 'failed', { aws: ['CreateDBSnapshot'], options: { rds: OWN } }),
  {
    ...denied('RestoreDBInstanceToPointInTime', 'failed', { options: { rds: OWN, next: HALF } }),
    state: 'changed',
    says: [NEXT, 'rds:RestoreDBInstanceToPointInTime', 'Production was changed', 'Allow rds:Restore'],
  },
  {
    name: 'AccessDenied on tags and on the quota changes no outcome',
    status: 'failed',
    options: { rds: OWN, next: BROKEN },
    prepare: (rds) => {
      deny('AddTagsToResource')(rds);
      deny('DescribeAccountAttributes')(rds);
    },
    codes: ['migration-failed'],
    says: ['unchanged', 'deploy again'],
  },
  {
    name: 'throttling that passes',
    status: 'applied',
    state: 'changed',
    options: { rds: OWN },
    prepare: (rds) => rds.faults.inject({ action: '*', kind: 'throttle', times: 3 }),
    codes: [],
  },
  {
    name: 'throttling that does not end',
    status: 'refused',
    aws: [],
    options: { rds: OWN },
    prepare: (rds) =>
      rds.faults.inject({ action: 'DescribeDBInstances', kind: 'throttle', times: Number.POSITIVE_INFINITY }),
    codes: ['aws-throttled'],
    says: ['too many requests', 'Wait some minutes'],
  },
  {
    name: 'credentials that expire while the snapshot is taken',
    status: 'failed',
    options: { rds: { durations: { ...OWN.durations, snapshotMs: 600_000 } } },
    prepare: (rds) =>
      rds.faults.inject({
        action: 'DescribeDBSnapshots',
        kind: 'expired',
        after: 3,
        times: Number.POSITIVE_INFINITY,
      }),
    codes: ['credentials-expired'],
    aws: ['CreateDBSnapshot'],
    says: ['expired', 'not started', 'role-duration-seconds'],
  },
  {
    name: 'credentials that expire while the restore is built',
    status: 'restoring',
    state: 'changed',
    options: { rds: { durations: { ...OWN.durations, restoreMs: 600_000 } }, next: HALF },
    prepare: (rds) =>
      rds.faults.inject({
        action: 'DescribeDBInstances',
        kind: 'expired',
        times: Number.POSITIVE_INFINITY,
        match: ({ DBInstanceIdentifier: id }) => id?.includes('-gm-r-') === true,
      }),
    codes: ['credentials-expired', 'migration-failed'],
    says: [
      NEXT,
      'Production was changed',
      'goes on in AWS',
      'describe-db-instances',
      'role-duration-seconds',
    ],
  },
];

test.concurrent.each(rows)('$name', async ({ options, prepare, codes, ...wanted }) => {
  await world.play({ next: GOOD, ...options }, async (the) => {
    await prepare?.(the.rds, the.id);
    const run = await the.deploy();
    expectRun(run, wanted);
    const found = ((run.report?.problems ?? []) as readonly { readonly code: string }[]).map(
      ({ code }) => code,
    );
    expect(found).toEqual(expect.arrayContaining([...codes]));
    const touched = wanted.status === 'refused' || run.outputs['restore-time'] === undefined;
    if (touched) {
      const same = await the.query(`SELECT count(*)::int AS n FROM "_prisma_migrations"`);
      expect(same).toEqual([{ n: 1 }]);
    }
    if (wanted.status !== 'applied') expect(run.slack.length).toBeGreaterThan(0);
  });
});
