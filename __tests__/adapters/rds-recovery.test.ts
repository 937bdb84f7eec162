import { describe, expect, test } from '@jest/globals';
import { createAmazon } from '../../src/adapters/rds/amazon.ts';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import { problemsOf } from '../../src/domain/problem.ts';
import { TAG } from '../../src/domain/tags.ts';
import type { Recovery } from '../../src/ports/recovery.ts';
import { pointAt, type Reply, result, scriptedAws, virtualClock } from './support/scripted-aws.ts';

const SOURCE: InstanceFacts = {
  identifier: 'shop',
  arn: 'arn:aws:rds:eu-west-1:1:db:shop',
  resourceId: 'db-ABC',
  status: 'available',
  engine: 'postgres',
  engineVersion: '18.1',
  clusterIdentifier: undefined,
  replicaOf: undefined,
  endpoint: undefined,
  instanceClass: 'db.t4g.micro',
  allocatedStorageGiB: 20,
  multiAz: false,
  backupRetentionDays: 7,
  backupWindow: undefined,
  latestRestorableTime: undefined,
  iamAuthentication: false,
  managedPassword: false,
  settings: { DBInstanceClass: 'db.t4g.micro', AvailabilityZone: 'eu-west-1a' },
  tags: {},
};
const TIME = '2026-11-21T10:00:07Z';
const TAGS = { [TAG.run]: '81-1', [TAG.sourceResourceId]: 'db-ABC', [TAG.restoreTime]: TIME };
const SNAPSHOT = { identifier: 'gm-shop-81-1', source: SOURCE, tags: TAGS };
const RESTORE = { identifier: 'shop-gm-r-81-1', source: SOURCE, tags: TAGS, time: TIME };

const tagXml = (tags: Readonly<Record<string, string>>) =>
  `<TagList>${Object.entries(tags)
    .map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
    .join('')}</TagList>`;
const snapshotXml = (tags = TAGS, resource = 'db-ABC', id = SNAPSHOT.identifier) =>
  `<DBSnapshot><DBSnapshotIdentifier>${id}</DBSnapshotIdentifier><Status>creating</Status><PercentProgress>7</PercentProgress><DbiResourceId>${resource}</DbiResourceId>${tagXml(tags)}</DBSnapshot>`;
const snapshots = (inner: string, marker = '') =>
  result(
    'DescribeDBSnapshots',
    `${marker && `<Marker>${marker}</Marker>`}<DBSnapshots>${inner}</DBSnapshots>`,
  );
const instanceXml = (tags = TAGS) =>
  `<DBInstance><DBInstanceIdentifier>${RESTORE.identifier}</DBInstanceIdentifier><DBInstanceStatus>creating</DBInstanceStatus><DbiResourceId>db-NEW</DbiResourceId>${tagXml(tags)}</DBInstance>`;
const instances = (inner: string) => result('DescribeDBInstances', `<DBInstances>${inner}</DBInstances>`);

async function against<T>(replies: readonly Reply[], act: (recovery: Recovery) => Promise<T>) {
  await using aws = await scriptedAws(replies);
  using _ = pointAt(aws.url);
  const recovery = createAmazon({
    targetKind: 'instance',
    clock: virtualClock(),
    onRetry: () => {},
  }).recovery;
  const outcome = await act(recovery).then(
    (value) => ({ value, problem: undefined }),
    (error: unknown) => ({ value: undefined, problem: problemsOf(error)[0] }),
  );
  return { ...outcome, requests: aws.requests, actions: aws.requests.map(({ Action }) => Action) };
}

describe('a snapshot whose answer was lost', () => {
  test.each(['DBSnapshotAlreadyExists', 'InvalidDBInstanceState', 'SnapshotQuotaExceeded'])(
    'is recognised behind %s',
    async (code) => {
      const seen = await against(['reset', { code }, snapshots(snapshotXml())], (recovery) =>
        recovery.createSnapshot(SNAPSHOT),
      );
      expect(seen.value).toMatchObject({ identifier: SNAPSHOT.identifier, percent: 7, tags: TAGS });
      expect(seen.actions).toEqual(['CreateDBSnapshot', 'CreateDBSnapshot', 'DescribeDBSnapshots']);
    },
  );

  test.each([
    ['another run', snapshotXml({ ...TAGS, [TAG.run]: '80-1' })],
    ['another database', snapshotXml(TAGS, 'db-OTHER')],
  ])('is not taken from %s', async (_whose, xml) => {
    const seen = await against([{ code: 'DBSnapshotAlreadyExists' }, snapshots(xml)], (recovery) =>
      recovery.createSnapshot(SNAPSHOT),
    );
    expect(seen.problem).toMatchObject({
      code: 'aws-rejected',
      fields: { code: 'DBSnapshotAlreadyExists', instance: 'shop', name: SNAPSHOT.identifier },
    });
  });
});

describe('a refused snapshot', () => {
  test.each([
    ['DBInstanceNotFound', 'instance-not-found'],
    ['InvalidDBInstanceState', 'instance-state'],
    ['SnapshotQuotaExceeded', 'snapshot-quota'],
    ['InvalidParameterValue', 'aws-rejected'],
  ])('%s → %s', async (code, expected) => {
    const seen = await against([{ code }, snapshots('')], (recovery) => recovery.createSnapshot(SNAPSHOT));
    expect(seen.problem).toMatchObject({ code: expected, fields: { code, action: 'rds:CreateDBSnapshot' } });
  });

  test('denied names the database, so that the policy can', async () => {
    const seen = await against([{ code: 'AccessDenied', status: 403 }], (recovery) =>
      recovery.createSnapshot(SNAPSHOT),
    );
    expect(seen.problem).toMatchObject({
      code: 'aws-denied',
      fields: { action: 'rds:CreateDBSnapshot', instance: 'shop' },
    });
    expect(seen.actions).toHaveLength(1);
  });
});

describe('a restore', () => {
  test('is requested by time, with tags, and answers with the new instance', async () => {
    const seen = await against([result('RestoreDBInstanceToPointInTime', instanceXml())], (recovery) =>
      recovery.restoreToTime(RESTORE),
    );
    expect(seen.value).toMatchObject({ identifier: RESTORE.identifier, resourceId: 'db-NEW', tags: TAGS });
    expect(seen.requests[0]).toMatchObject({
      SourceDBInstanceIdentifier: 'shop',
      TargetDBInstanceIdentifier: RESTORE.identifier,
      RestoreTime: TIME,
      DBInstanceClass: 'db.t4g.micro',
      'Tags.Tag.1.Key': TAG.run,
    });
    expect(Object.keys(seen.requests[0] ?? {})).not.toContain('UseLatestRestorableTime');
  });

  test('whose answer was lost is recognised by its tags', async () => {
    const seen = await against(
      ['reset', { code: 'DBInstanceAlreadyExists' }, instances(instanceXml())],
      (recovery) => recovery.restoreToTime(RESTORE),
    );
    expect(seen.value).toMatchObject({ resourceId: 'db-NEW' });
  });

  test.each([
    ['of another run', { ...TAGS, [TAG.run]: '80-1' }],
    ['of another second', { ...TAGS, [TAG.restoreTime]: '2026-11-21T10:00:08Z' }],
  ])('does not take an instance %s', async (_name, tags) => {
    const seen = await against(
      [{ code: 'DBInstanceAlreadyExists' }, instances(instanceXml(tags))],
      (recovery) => recovery.restoreToTime(RESTORE),
    );
    expect(seen.problem).toMatchObject({ code: 'instance-name-taken', fields: { name: RESTORE.identifier } });
  });

  test.each([
    ['InstanceQuotaExceeded', 'restore-failed'],
    ['StorageQuotaExceeded', 'restore-failed'],
    ['KMSKeyNotAccessibleFault', 'restore-failed'],
    ['InvalidParameterCombination', 'restore-failed'],
    ['PointInTimeRestoreNotEnabled', 'backups-disabled'],
    ['DBInstanceNotFound', 'instance-not-found'],
  ])('refused with %s → %s', async (code, expected) => {
    const seen = await against([{ code }, instances('')], (recovery) => recovery.restoreToTime(RESTORE));
    expect(seen.problem).toMatchObject({
      code: expected,
      fields: { code: code.replace(/Fault$/, ''), time: TIME, instance: 'shop' },
    });
  });

  test('leaves the zone to AWS when that zone is full', async () => {
    const seen = await against(
      [{ code: 'InsufficientDBInstanceCapacity' }, result('RestoreDBInstanceToPointInTime', instanceXml())],
      (recovery) => recovery.restoreToTime(RESTORE),
    );
    expect(seen.value).toMatchObject({ identifier: RESTORE.identifier });
    expect(seen.requests.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(['eu-west-1a', undefined]);
  });
});

describe('looking', () => {
  test('an instance that is not there is undefined', async () => {
    const seen = await against([{ code: 'DBInstanceNotFound', status: 404 }], (recovery) =>
      recovery.instance('shop'),
    );
    expect(seen).toMatchObject({ value: undefined, problem: undefined });
  });

  test('snapshots are read page by page; few of them ask for no limit', async () => {
    const seen = await against(
      [snapshots(snapshotXml(), 'next'), snapshots(snapshotXml(TAGS, 'db-ABC', 'second'))],
      (recovery) => recovery.snapshots(),
    );
    expect(seen.value?.snapshots.map(({ identifier }) => identifier)).toEqual([
      SNAPSHOT.identifier,
      'second',
    ]);
    expect(seen.value?.limit).toBeUndefined();
    expect(seen.requests[1]).toMatchObject({ Marker: 'next', SnapshotType: 'manual' });
    expect(seen.actions).toHaveLength(2);
  });

  const MANY = snapshots(snapshotXml().repeat(80));
  test('many snapshots ask for the limit', async () => {
    const quota = (name: string, max: number) =>
      `<AccountQuota><AccountQuotaName>${name}</AccountQuotaName><Used>80</Used><Max>${max}</Max></AccountQuota>`;
    const told = result(
      'DescribeAccountAttributes',
      `<AccountQuotas>${quota('DBInstances', 40)}${quota('ManualSnapshots', 250)}</AccountQuotas>`,
    );
    const seen = await against([MANY, told], (recovery) => recovery.snapshots());
    expect(seen.value).toMatchObject({ limit: 250 });
    expect(seen.value?.snapshots).toHaveLength(80);
  });

  test('a role that may not ask for the limit can still go on', async () => {
    const seen = await against([MANY, { code: 'AccessDenied', status: 403 }], (recovery) =>
      recovery.snapshots(),
    );
    expect(seen.value?.limit).toBeUndefined();
    expect(seen.value?.snapshots).toHaveLength(80);
  });

  test('deleting a snapshot that is gone is done', async () => {
    const seen = await against([{ code: 'DBSnapshotNotFound', status: 404 }], (recovery) =>
      recovery.deleteSnapshot('gone'),
    );
    expect(seen.problem).toBeUndefined();
    expect(seen.actions).toEqual(['DeleteDBSnapshot']);
  });
});
