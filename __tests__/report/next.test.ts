import { expect, test } from '@jest/globals';
import { explain } from '../../src/report/explain.ts';
import { settingOptions } from '../../src/report/restore-options.ts';
import {
  changedVerdict,
  FAILED,
  failed,
  RESTORED,
  run,
  runOf,
  type Scenario,
  unchangedVerdict,
} from './runs.ts';

const all = (name: Scenario): string => {
  const told = explain(run(name));
  return [
    told.headline,
    ...told.why,
    told.data,
    told.did,
    ...told.next.map((each) => `${each.say} ${each.run ?? ''}`),
  ].join('\n');
};

test('a restore by hand is a whole command with the real names and every setting', () => {
  for (const name of ['alert-only', 'restore-failed', 'nobody-knows'] as const) {
    const command = explain(run(name))
      .next.map((each) => each.run ?? '')
      .find((each) => each.includes('restore-db-instance'));
    expect(command?.replaceAll(/ \\\n\s+/g, ' ')).toBe(
      `aws rds restore-db-instance-to-point-in-time --region eu-west-1 --source-db-instance-identifier shop-prod --target-db-instance-identifier ${RESTORED} --restore-time 2026-11-21T02:03:04Z --db-subnet-group-name private --vpc-security-group-ids sg-1 sg-2 --storage-type gp3 --multi-az --no-publicly-accessible`,
    );
  }
});

test('data that is proven unchanged needs no restore by hand', () => {
  const told = explain(
    runOf([...failed(unchangedVerdict(), { onFailure: 'alert' }), { type: 'run-ended', status: 'failed' }]),
  );
  expect(told.next.map((each) => each.run ?? '').join()).not.toContain('restore-db-instance');
  expect(told.did).toMatch(/because nothing was changed/);
});

test('a cancelled main leaves the restore to its post step, and says so', () => {
  const told = explain(runOf([...failed(changedVerdict()), { type: 'run-ended', status: 'cancelled' }]));
  expect(told.next[0]?.say).toMatch(/Wait for the post step of this job/);
  expect(told.next.map((each) => each.run ?? '').join()).not.toContain('restore-db-instance');
  expect(told.did).not.toMatch(/No restore was requested/);
});

test('a second restore takes a name that is free', () => {
  expect(all('restore-broken')).toContain(`--target-db-instance-identifier ${RESTORED}-b`);
  expect(all('mismatch')).toContain(`--db-snapshot-identifier gm-shop-prod-8123-1`);
});

test('the restored endpoint can be opened, and P3009 is resolved where a row is open', () => {
  const text = all('failed-changed-restored');
  expect(text).toContain(
    `psql 'host=${RESTORED}.abc.eu-west-1.rds.amazonaws.com port=5432 dbname=shop user=deployer'`,
  );
  expect(text).toContain(`npx prisma migrate resolve --rolled-back "${FAILED}"`);
  expect(all('failed-unchanged')).not.toContain('migrate resolve');
});

test('a project below the root is entered before Prisma is run', () => {
  const told = explain(runOf([...failed(changedVerdict(), { workingDirectory: 'apps/shop api' })]));
  expect(told.next.map((each) => each.run)).toContain(
    `cd 'apps/shop api' && npx prisma migrate resolve --rolled-back "${FAILED}"`,
  );
});

test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
  ['nothing', {}, []],
  ['security groups without their subnet group', { VpcSecurityGroupIds: ['sg-1'] }, []],
  ['provisioned storage', { StorageType: 'io2', Iops: 5000 }, ['--storage-type io2 --iops 5000']],
  ['what a restore does not take', { MonitoringInterval: 60, KmsKeyId: 'k', AssociatedRoles: [{}] }, []],
  ['a hostile name', { DBSubnetGroupName: 'a; b' }, [`--db-subnet-group-name 'a; b'`]],
  ['values of the wrong kind', { DBInstanceClass: 1, Port: '5432', MultiAZ: 'yes' }, []],
])('the options of a restore by hand for %s', (_, settings, expected) => {
  expect(settingOptions(settings)).toEqual(expected);
});
