import { describe, expect, test } from '@jest/globals';
import { TAG } from '../../src/domain/tags.ts';
import type { SnapshotRestoreSpec } from '../../src/ports/fleet.ts';
import { against, element, instances, named } from './support/amazon.ts';
import { source } from './support/instances.ts';
import { type Reply, result } from './support/scripted-aws.ts';

const OLD = source();

describe('a restore from a snapshot', () => {
  const TAGS = { [TAG.run]: '81-1', [TAG.sourceResourceId]: 'db-OLD' };
  const SPEC: SnapshotRestoreSpec = {
    source: OLD,
    snapshot: {
      identifier: 'gm-shop-80-1',
      arn: '',
      status: 'creating',
      percent: undefined,
      sourceIdentifier: 'shop',
      sourceResourceId: 'db-OLD',
      createdAt: undefined,
      tags: {},
    },
    identifier: 'shop-gm-r-81-1',
    tags: TAGS,
  };
  const tagXml = (run: string) =>
    [
      [TAG.run, run],
      [TAG.sourceResourceId, 'db-OLD'],
    ]
      .map(([Key = '', Value = '']) => element('Tag', { Key, Value }))
      .join('');
  const made = (run = '81-1') => named(SPEC.identifier, 'db-NEW', { TagList: tagXml(run) });
  const answer = result('RestoreDBInstanceFromDBSnapshot', element('DBInstance', made()));
  const restore = (replies: readonly Reply[]) => against(replies, ({ fleet }) => fleet.restoreSnapshot(SPEC));

  test('carries the whole manifest, as far as this call takes it', async () => {
    const seen = await restore([answer]);
    expect(seen.value).toMatchObject({ resourceId: 'db-NEW', tags: TAGS });
    expect(seen.requests[0]).toMatchObject({
      DBSnapshotIdentifier: 'gm-shop-80-1',
      DBInstanceIdentifier: 'shop-gm-r-81-1',
      DBParameterGroupName: 'shop-pg18',
      DBSubnetGroupName: 'private',
      BackupRetentionPeriod: '14',
      PreferredBackupWindow: '02:00-02:30',
      DeletionProtection: 'true',
      Iops: '12000',
      'Tags.Tag.1.Key': TAG.run,
    });
    const names = Object.keys(seen.requests[0] ?? {});
    for (const other of ['MaxAllocatedStorage', 'RestoreTime', 'SourceDBInstanceIdentifier'])
      expect(names).not.toContain(other);
  });

  test('whose answer was lost is recognised by its tags, that of another run is not', async () => {
    const taken: Reply = { code: 'DBInstanceAlreadyExists' };
    expect((await restore(['reset', taken, instances(made())])).value).toMatchObject({
      resourceId: 'db-NEW',
    });
    expect((await restore([taken, instances(made('80-1'))])).problem).toMatchObject({
      code: 'instance-name-taken',
      fields: { name: SPEC.identifier, snapshot: 'gm-shop-80-1' },
    });
  });

  test.each([
    ['DBSnapshotNotFound', 'snapshot-not-found', {}],
    ['InvalidDBSnapshotState', 'snapshot-not-found', { status: 'creating' }],
    ['InstanceQuotaExceeded', 'restore-failed', {}],
  ])('refused with %s → %s', async (code, expected, fields) => {
    const seen = await restore([{ code }, instances()]);
    expect(seen.problem).toMatchObject({ code: expected, fields: { snapshot: 'gm-shop-80-1', ...fields } });
  });

  test('leaves the zone to AWS when that zone is full', async () => {
    const seen = await restore([{ code: 'InsufficientDBInstanceCapacity' }, answer]);
    expect(seen.value).toMatchObject({ identifier: SPEC.identifier });
    expect(seen.requests.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(['eu-west-1a', undefined]);
  });
});

describe('what recovery learnt for going back', () => {
  const made = result('RestoreDBInstanceToPointInTime', element('DBInstance', named('x', 'db-NEW')));
  const spec = { source: OLD, identifier: 'x', time: '2026-11-21T10:00:07Z', tags: {} };

  test('a deleted source is found by its resource id, when the caller says so', async () => {
    const by = await against([made], ({ recovery }) =>
      recovery.restoreToTime({ ...spec, sourceBy: 'resource-id' }),
    );
    expect(by.requests[0]?.SourceDbiResourceId).toBe('db-OLD');
    expect(by.requests[0]?.SourceDBInstanceIdentifier).toBeUndefined();
    const plain = await against([made], ({ recovery }) => recovery.restoreToTime(spec));
    expect(plain.requests[0]?.SourceDBInstanceIdentifier).toBe('shop');
    expect(plain.requests[0]?.SourceDbiResourceId).toBeUndefined();
  });

  test('a source whose automated backups are gone has no window', async () => {
    const seen = await against(
      [{ code: 'DBInstanceAutomatedBackupNotFoundFault' }, instances()],
      ({ recovery }) => recovery.restoreToTime({ ...spec, sourceBy: 'resource-id' }),
    );
    expect(seen.problem).toMatchObject({ code: 'restore-point-outside', fields: { time: spec.time } });
  });

  test.each([
    ['gm-shop-81-1', 'manual'],
    ['rds:shop-2026-11-21-04-10', 'automated'],
    ['awsbackup:job-1', 'awsbackup'],
  ])('the snapshot %s is looked for among the %s ones', async (identifier, type) => {
    const none = result('DescribeDBSnapshots', '<DBSnapshots></DBSnapshots>');
    const seen = await against([none], ({ recovery }) => recovery.snapshots(identifier));
    expect(seen.requests[0]).toMatchObject({ DBSnapshotIdentifier: identifier, SnapshotType: type });
  });
});
