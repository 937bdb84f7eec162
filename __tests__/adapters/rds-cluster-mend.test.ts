/** What a restored cluster lacks is asked of AWS, of the cluster and of its members. */
import { describe, expect, test } from '@jest/globals';
import { compareClusters } from '../../src/adapters/rds/cluster-compare.ts';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import { against, element, instances, named } from './support/amazon.ts';
import { source as instance } from './support/instances.ts';
import { type Reply, result } from './support/scripted-aws.ts';

const ROLE = { FeatureName: 's3Import', RoleArn: 'arn:aws:iam::123456789012:role/import' };
const MONITOR = 'arn:aws:iam::123456789012:role/monitor';
const WRITER = {
  DBInstanceIdentifier: 'shop-w',
  DBInstanceClass: 'db.r7g.large',
  DBParameterGroupName: 'shop-pg17',
  MonitoringInterval: 60,
  MonitoringRoleArn: MONITOR,
  EnablePerformanceInsights: true,
  PerformanceInsightsRetentionPeriod: 731,
  PerformanceInsightsKMSKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/k',
  PromotionTier: 1,
  PreferredMaintenanceWindow: 'sun:05:00-sun:05:30',
};
const READER = { DBInstanceIdentifier: 'shop-r', DBInstanceClass: 'db.r7g.large', PromotionTier: 2 };
const SETTINGS = { DeletionProtection: true, AssociatedRoles: [ROLE], Members: [WRITER, READER] };
const SOURCE: InstanceFacts = {
  ...instance(),
  kind: 'cluster',
  identifier: 'shop',
  arn: 'arn:aws:rds:eu-west-1:123456789012:cluster:shop',
  resourceId: 'cluster-OLD',
  engine: 'aurora-postgresql',
  members: ['shop-w', 'shop-r'],
  settings: SETTINGS,
};
const made = (name: string, like: object): Record<string, unknown> => ({
  ...like,
  DBInstanceIdentifier: name,
});

function restored(writer: object = {}, reader: object = {}, own: object = {}): InstanceFacts {
  const Members = [made('new-1', { ...WRITER, ...writer }), made('new-2', { ...READER, ...reader })];
  const settings = { ...SETTINGS, ...own, Members };
  return {
    ...SOURCE,
    identifier: 'shop-new',
    resourceId: 'cluster-NEW',
    members: ['new-1', 'new-2'],
    settings,
  };
}

/** The answers to the look at the cluster and at its members, as they are now. */
function seen(facts: InstanceFacts): readonly Reply[] {
  const members = Array.isArray(facts.settings.Members) ? facts.settings.Members : [];
  const listed = members
    .map(({ DBInstanceIdentifier: id }, at) =>
      element('DBClusterMember', { DBInstanceIdentifier: id, IsClusterWriter: `${at === 0}` }),
    )
    .join('');
  const cluster = `<DBCluster><DBClusterIdentifier>shop-new</DBClusterIdentifier><DbClusterResourceId>cluster-NEW</DbClusterResourceId><Engine>aurora-postgresql</Engine><Status>available</Status><DeletionProtection>${facts.settings.DeletionProtection}</DeletionProtection><DBClusterMembers>${listed}</DBClusterMembers></DBCluster>`;
  const told = members.map(({ DBInstanceIdentifier: id, DBParameterGroupName: group, ...rest }) => {
    const { EnablePerformanceInsights: insights, ...others } = rest;
    const fields = Object.entries(others).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    );
    return named(id, `db-${id}`, {
      ...Object.fromEntries(fields),
      ...(insights === undefined ? {} : { PerformanceInsightsEnabled: String(insights) }),
      ...(group === undefined
        ? {}
        : {
            DBParameterGroups: `<DBParameterGroup><DBParameterGroupName>${group}</DBParameterGroupName></DBParameterGroup>`,
          }),
    });
  });
  return [result('DescribeDBClusters', `<DBClusters>${cluster}</DBClusters>`), instances(...told)];
}

const modified = result('ModifyDBInstance', element('DBInstance', named('new-1', 'db-new-1')));
const mend = (now: InstanceFacts, replies: readonly Reply[]) =>
  against(
    [...seen(now), ...replies],
    ({ settings }) => settings.mend(SOURCE, now, compareClusters(SOURCE, now)),
    'cluster',
  );
const names = (now: InstanceFacts): readonly string[] =>
  compareClusters(SOURCE, now).map(({ name, got, mend: how }) => `${name} ${got} ${how}`);

describe('a role that the restored cluster lacks', () => {
  const now = restored({}, {}, { AssociatedRoles: [] });
  const added: Reply = { xml: '<AddRoleToDBClusterResponse></AddRoleToDBClusterResponse>' };

  test('is added to it', async () => {
    const asked = await mend(now, [added]);
    expect([asked.problem, asked.value]).toEqual([undefined, ['AssociatedRoles']]);
    expect(asked.requests.at(-1)).toMatchObject({
      Action: 'AddRoleToDBCluster',
      DBClusterIdentifier: 'shop-new',
      ...ROLE,
    });
  });

  test('that it has by now is mended', async () => {
    const asked = await mend(now, [{ code: 'DBClusterRoleAlreadyExists' }]);
    expect([asked.problem, asked.value]).toEqual([undefined, ['AssociatedRoles']]);
  });

  test('that may not be added is told with its action', async () => {
    const asked = await mend(now, [{ code: 'AccessDenied', status: 403 }]);
    expect(asked.problem).toMatchObject({ code: 'aws-denied', fields: { action: 'rds:AddRoleToDBCluster' } });
  });
});

describe('members', () => {
  test('like the source’s differ in nothing', () => {
    expect(names(restored())).toEqual([]);
  });

  test.each<[string, object, readonly string[]]>([
    ['class', { DBInstanceClass: 'db.t4g.medium' }, ['DBInstanceClass db.t4g.medium (new-1) modify']],
    ['parameter group', { DBParameterGroupName: 'x' }, ['DBParameterGroupName x (new-1) modify']],
    ['promotion tier', { PromotionTier: 15 }, ['PromotionTier 15 (new-1) modify']],
    ['monitoring', { MonitoringInterval: 0 }, ['MonitoringInterval 0 (new-1) modify']],
    ['insights', { EnablePerformanceInsights: false }, ['EnablePerformanceInsights false (new-1) modify']],
    [
      'the key of insights, which is chosen once',
      { PerformanceInsightsKMSKeyId: 'other' },
      ['PerformanceInsightsKMSKeyId other (new-1) none'],
    ],
  ])('another %s is told, with the call', (_, writer, wanted) => {
    const found = compareClusters(SOURCE, restored(writer));
    expect(names(restored(writer))).toEqual(wanted);
    for (const { call, mend: how } of found)
      expect(call).toEqual(how === 'none' ? '' : expect.stringContaining('--db-instance-identifier new-1'));
  });

  test('that are both of a default group are alike', () => {
    const group = (name: string) => ({ Members: [made('w', { ...READER, DBParameterGroupName: name })] });
    const source = { ...SOURCE, settings: group('default.aurora-postgresql17') };
    const now = { ...restored(), settings: group('default.aurora-postgresql18') };
    expect(compareClusters(source, now)).toEqual([]);
  });

  test('are mended, each by one modification; the cluster itself is left alone', async () => {
    const now = restored(
      { DBInstanceClass: 'db.t4g.medium', MonitoringInterval: 0, MonitoringRoleArn: undefined },
      { PromotionTier: 9 },
    );
    const asked = await mend(now, [modified]);
    expect(asked.problem).toBeUndefined();
    expect(asked.actions).toEqual([
      'DescribeDBClusters',
      'DescribeDBInstances',
      'ModifyDBInstance',
      'ModifyDBInstance',
    ]);
    expect(asked.requests[2]).toMatchObject({
      DBInstanceIdentifier: 'new-1',
      DBInstanceClass: 'db.r7g.large',
      MonitoringInterval: '60',
      MonitoringRoleArn: MONITOR,
      ApplyImmediately: 'true',
    });
    expect(asked.requests[3]).toMatchObject({ DBInstanceIdentifier: 'new-2', PromotionTier: '2' });
    expect(asked.value).toEqual([
      'DBInstanceClass of new-1',
      'MonitoringInterval of new-1',
      'MonitoringRoleArn of new-1',
      'PromotionTier of new-2',
    ]);
  });

  test('get insights whole, with the key that can be chosen only now', async () => {
    const off = {
      EnablePerformanceInsights: false,
      PerformanceInsightsRetentionPeriod: undefined,
      PerformanceInsightsKMSKeyId: undefined,
    };
    const asked = await mend(restored(off), [modified]);
    expect(asked.requests[2]).toMatchObject({
      EnablePerformanceInsights: 'true',
      PerformanceInsightsRetentionPeriod: '731',
      PerformanceInsightsKMSKeyId: WRITER.PerformanceInsightsKMSKeyId,
    });
  });

  test('one that is refused does not keep the others from being mended', async () => {
    const now = restored({ PromotionTier: 9 }, { PromotionTier: 9 });
    const asked = await mend(now, [{ code: 'AccessDenied', status: 403 }, modified]);
    expect(asked.actions.filter((each) => each === 'ModifyDBInstance')).toHaveLength(2);
    expect(asked.problem).toMatchObject({ code: 'aws-denied', fields: { action: 'rds:ModifyDBInstance' } });
  });
});

test('a parameter group that waits: the writer is rebooted', async () => {
  const now: InstanceFacts = { ...restored(), parameterStatus: 'pending-reboot' };
  const rebooted = result('RebootDBInstance', element('DBInstance', named('new-1', 'db-new-1')));
  const asked = await mend(now, [rebooted]);
  expect([asked.value, asked.requests.at(-1)?.DBInstanceIdentifier]).toEqual([
    ['ParameterApplyStatus'],
    'new-1',
  ]);
});
