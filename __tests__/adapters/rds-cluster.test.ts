/** What is asked of AWS for clusters, and what its answers are taken for. */
import { describe, expect, test } from '@jest/globals';
import { compareClusters } from '../../src/adapters/rds/cluster-compare.ts';
import { memberInput } from '../../src/adapters/rds/cluster-members.ts';
import {
  clusterRestoreInput,
  clusterSnapshotRestoreInput,
} from '../../src/adapters/rds/cluster-restoring.ts';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import { memberName } from '../../src/domain/names.ts';
import { against, element, instances, named } from './support/amazon.ts';
import { source as instance } from './support/instances.ts';
import { type Reply, result } from './support/scripted-aws.ts';

const SETTINGS = {
  DBClusterParameterGroupName: 'shop-aurora17',
  DBSubnetGroupName: 'private',
  VpcSecurityGroupIds: ['sg-shop'],
  EnableIAMDatabaseAuthentication: true,
  DeletionProtection: true,
  StorageType: 'aurora-iopt1',
  DatabaseInsightsMode: 'standard',
  ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 8 },
  Members: [
    { DBInstanceIdentifier: 'shop-w', DBInstanceClass: 'db.serverless', PromotionTier: 0 },
    { DBInstanceIdentifier: 'shop-r', DBInstanceClass: 'db.r7g.large', PromotionTier: 1 },
  ],
};
const SOURCE: InstanceFacts = {
  ...instance(),
  kind: 'cluster',
  identifier: 'shop',
  arn: 'arn:aws:rds:eu-west-1:123456789012:cluster:shop',
  resourceId: 'cluster-OLD',
  engine: 'aurora-postgresql',
  engineVersion: '17.5',
  members: ['shop-w', 'shop-r'],
  settings: SETTINGS,
};
const RESTORED: InstanceFacts = { ...SOURCE, identifier: 'shop-new', resourceId: 'cluster-NEW', members: [] };

const members = (...ids: readonly string[]): string =>
  `<DBClusterMembers>${ids
    .map((id, at) =>
      element('DBClusterMember', { DBInstanceIdentifier: id, IsClusterWriter: `${at === ids.length - 1}` }),
    )
    .join('')}</DBClusterMembers>`;
const cluster = (status: string, inner = ''): Reply =>
  result(
    'DescribeDBClusters',
    `<DBClusters><DBCluster><DBClusterIdentifier>shop</DBClusterIdentifier><DbClusterResourceId>cluster-OLD</DbClusterResourceId><Engine>aurora-postgresql</Engine><Endpoint>shop.cluster.rds</Endpoint><Port>5432</Port><Status>${status}</Status>${inner}</DBCluster></DBClusters>`,
  );
const ofShop = (name: string, status: string) =>
  named(name, `db-${name}`, { DBClusterIdentifier: 'shop', DBInstanceStatus: status });

describe('a cluster', () => {
  const look = (...replies: readonly Reply[]) =>
    against(replies, ({ recovery }) => recovery.instance('shop'), 'cluster');

  test.each<readonly [string, string, readonly (readonly [string, string])[], string]>([
    [
      'is usable when its writer is',
      'available',
      [
        ['r', 'creating'],
        ['w', 'available'],
      ],
      'available',
    ],
    [
      'is what its writer is',
      'available',
      [
        ['r', 'available'],
        ['w', 'creating'],
      ],
      'creating',
    ],
    ['is not usable without members', 'available', [], 'without-instances'],
    ['is what it is itself when that is not available', 'creating', [], 'creating'],
    [
      'keeps its own word',
      'renaming',
      [
        ['r', 'available'],
        ['w', 'available'],
      ],
      'renaming',
    ],
  ])('%s', async (_name, own, found, status) => {
    const inner = members(...found.map(([id]) => id));
    const seen = await look(cluster(own, inner), instances(...found.map(([id, is]) => ofShop(id, is))));
    expect(seen.value).toMatchObject({ kind: 'cluster', status, clusterStatus: own });
    expect(seen.value?.members).toEqual(found.length === 0 ? [] : ['w', 'r']);
    const endpoint = { address: 'shop.cluster.rds', port: 5432 };
    expect(seen.value?.endpoint).toEqual(found.length === 0 ? undefined : endpoint);
  });

  test('given by a member is asked for by its own name', async () => {
    const replies = [
      instances(ofShop('w', 'available')),
      cluster('available', members('w')),
      instances(ofShop('w', 'available')),
    ];
    const seen = await against(replies, ({ recovery }) => recovery.instance('w'));
    expect(seen.value).toMatchObject({ identifier: 'shop', resolvedFrom: 'w' });
    expect(
      seen.requests.map(
        ({ DBInstanceIdentifier, DBClusterIdentifier }) => DBInstanceIdentifier ?? DBClusterIdentifier,
      ),
    ).toEqual(['w', 'shop', undefined]);
  });

  test.each<readonly [string, string]>([
    ['DBClusterNotFoundFault', 'DBInstanceNotFound'],
    ['DBClusterNotFoundFault', 'DBInstanceNotFoundFault'],
  ])('is not there (%s, %s)', async (first, second) => {
    const seen = await look({ code: first, status: 404 }, { code: second, status: 404 });
    expect([seen.problem, seen.value]).toEqual([undefined, undefined]);
  });
});

describe('a snapshot of a cluster', () => {
  const spec = { identifier: 'gm-shop-81-1', source: SOURCE, tags: { 'guarded-migrate:run': '81-1' } };
  const make = (...replies: readonly Reply[]) =>
    against(replies, ({ recovery }) => recovery.createSnapshot(spec), 'cluster');

  test('whose answer was lost is recognised by its tags', async () => {
    const there = result(
      'DescribeDBClusterSnapshots',
      '<DBClusterSnapshots><DBClusterSnapshot><DBClusterSnapshotIdentifier>gm-shop-81-1</DBClusterSnapshotIdentifier><DbClusterResourceId>cluster-OLD</DbClusterResourceId><Status>creating</Status><TagList><Tag><Key>guarded-migrate:run</Key><Value>81-1</Value></Tag></TagList></DBClusterSnapshot></DBClusterSnapshots>',
    );
    const seen = await make('reset', { code: 'DBClusterSnapshotAlreadyExistsFault' }, there);
    expect(seen.problem).toBeUndefined();
    expect(seen.value).toMatchObject({ identifier: 'gm-shop-81-1', status: 'creating' });
  });

  test.each([
    ['DBClusterNotFoundFault', 'instance-not-found'],
    ['InvalidDBClusterStateFault', 'instance-state'],
    ['SnapshotQuotaExceeded', 'snapshot-quota'],
  ])('that AWS refuses with %s is %s', async (code, problem) => {
    const none = { code: 'DBClusterSnapshotNotFoundFault', status: 404 };
    expect((await make({ code }, none)).problem).toMatchObject({
      code: problem,
      fields: { instance: 'shop' },
    });
  });
});

describe('a restore request', () => {
  const spec = {
    source: SOURCE,
    identifier: 'shop-new',
    time: '2026-03-02T08:00:00Z',
    tags: { team: 'shop' },
  };

  test('passes what AWS would default, and nothing that it refuses', () => {
    const { Members, DatabaseInsightsMode, ...carried } = SETTINGS;
    expect(clusterRestoreInput(spec)).toEqual({
      ...carried,
      SourceDBClusterIdentifier: 'shop',
      DBClusterIdentifier: 'shop-new',
      RestoreToTime: new Date('2026-03-02T08:00:00Z'),
      Tags: [{ Key: 'team', Value: 'shop' }],
    });
  });

  test('finds a deleted source by its resource id', () => {
    const input = clusterRestoreInput({ ...spec, sourceBy: 'resource-id' });
    expect([input.SourceDbClusterResourceId, input.SourceDBClusterIdentifier]).toEqual([
      'cluster-OLD',
      undefined,
    ]);
  });

  test('leaves out security groups whose subnet group is not known', () => {
    const { DBSubnetGroupName, ...settings } = SETTINGS;
    const input = clusterRestoreInput({ ...spec, source: { ...SOURCE, settings } });
    expect(input.VpcSecurityGroupIds).toBeUndefined();
  });

  test('of a snapshot names the engine', () => {
    const snapshot = {
      ...{ identifier: 'gm-1', arn: '', status: 'available', percent: 100, sourceIdentifier: 'shop' },
      ...{ sourceResourceId: 'cluster-OLD', createdAt: undefined, tags: {} },
    };
    expect(clusterSnapshotRestoreInput({ ...spec, snapshot })).toMatchObject({
      Engine: 'aurora-postgresql',
      SnapshotIdentifier: 'gm-1',
      DBClusterIdentifier: 'shop-new',
    });
  });
});

describe('members', () => {
  const made = result('CreateDBInstance', element('DBInstance', ofShop('shop-new-1', 'creating')));
  const add = (replies: readonly Reply[], restored = RESTORED, source = SOURCE) =>
    against(replies, ({ settings }) => settings.addMembers(source, restored), 'cluster');

  test('are made like the source’s, the writer first', async () => {
    const seen = await add([made]);
    expect(seen.value).toEqual(['shop-new-1', 'shop-new-2']);
    expect(seen.requests.map((each) => [each.DBInstanceClass, each.PromotionTier])).toEqual([
      ['db.serverless', '0'],
      ['db.r7g.large', '1'],
    ]);
  });

  test('that are there, also by another name, are not made again', async () => {
    const seen = await add([made], { ...RESTORED, members: ['by-hand'] });
    expect(seen.value).toEqual(['shop-new-1']);
  });

  test('of a Multi-AZ DB cluster make themselves', async () => {
    const seen = await add([made], RESTORED, { ...SOURCE, engine: 'postgres' });
    expect([seen.value, seen.requests]).toEqual([[], []]);
  });

  test('whose name another cluster has are refused', async () => {
    const other = instances(named('shop-new-1', 'db-X', { DBClusterIdentifier: 'other' }));
    const seen = await add([{ code: 'DBInstanceAlreadyExists' }, other]);
    expect(seen.problem).toMatchObject({ code: 'instance-name-taken', fields: { name: 'shop-new-1' } });
  });

  test('go to another zone when theirs is full', async () => {
    const [first] = SETTINGS.Members;
    const settings = { ...SETTINGS, Members: [{ ...first, AvailabilityZone: 'eu-west-1a' }] };
    const full = { code: 'InsufficientDBInstanceCapacity' };
    const seen = await add([full, made], RESTORED, { ...SOURCE, settings });
    expect(seen.requests.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(['eu-west-1a', undefined]);
  });

  test('get monitoring and insights only whole', () => {
    const member = {
      DBInstanceIdentifier: 'w',
      DBInstanceClass: 'db.r7g.large',
      MonitoringInterval: 0,
      MonitoringRoleArn: 'arn:aws:iam::123456789012:role/old',
      EnablePerformanceInsights: false,
      PerformanceInsightsRetentionPeriod: 7,
    };
    expect(memberInput(RESTORED, 'shop-new-1', member)).toEqual({
      DBInstanceIdentifier: 'shop-new-1',
      DBClusterIdentifier: 'shop-new',
      DBInstanceClass: 'db.r7g.large',
      Engine: 'aurora-postgresql',
      Tags: [],
    });
  });

  test('have names that fit', () => {
    const long = memberName('a'.repeat(63), 12);
    expect(long).toHaveLength(63);
    expect(long).toMatch(/^a+-[0-9a-f]{4}-12$/);
  });
});

describe('differences', () => {
  const names = (settings: object, more: Partial<InstanceFacts> = {}) =>
    compareClusters(SOURCE, { ...RESTORED, ...more, settings: { ...SETTINGS, ...settings } }).map(
      ({ name, mend }) => `${name} ${mend}`,
    );

  test.each<readonly [string, object, readonly string[]]>([
    ['none', {}, []],
    ['a switch', { DeletionProtection: false }, ['DeletionProtection modify']],
    [
      'a structure',
      { ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 8 } },
      ['ServerlessV2ScalingConfiguration modify'],
    ],
    ['storage', { StorageType: 'aurora' }, ['StorageType none']],
    ['a missing member', { Members: SETTINGS.Members.slice(0, 1) }, ['Members none']],
    [
      'one that is on its way',
      { DeletionProtection: false, PendingModifiedValues: { DeletionProtection: true } },
      [],
    ],
  ])('%s', (_name, settings, wanted) => {
    expect(names(settings)).toEqual(wanted);
  });

  test('a parameter group that is not in force names the writer', () => {
    const [found] = compareClusters(SOURCE, {
      ...RESTORED,
      members: ['shop-new-1'],
      parameterStatus: 'pending-reboot',
    });
    expect(found).toMatchObject({ mend: 'reboot', call: expect.stringContaining('shop-new-1') });
  });
});
