import { describe, expect, test } from '@jest/globals';
import { against, element } from './support/amazon.ts';
import { restored, source } from './support/instances.ts';
import { type Reply, result } from './support/scripted-aws.ts';

const [OLD, NEW] = [source(), restored()];
const proxies = (names: readonly string[], marker = '') =>
  result(
    'DescribeDBProxies',
    `${marker && `<Marker>${marker}</Marker>`}<DBProxies>${names
      .map((name) =>
        element('member', { DBProxyName: name, Endpoint: `${name}.proxy`, EngineFamily: 'POSTGRESQL' }),
      )
      .join('')}</DBProxies>`,
  );
const groups = result(
  'DescribeDBProxyTargetGroups',
  `<TargetGroups>${element('member', { TargetGroupName: 'other', IsDefault: 'false' })}${element('member', { TargetGroupName: 'default', IsDefault: 'true' })}</TargetGroups>`,
);
const targets = (...found: readonly Readonly<Record<string, string>>[]) =>
  result(
    'DescribeDBProxyTargets',
    `<Targets>${found.map((each) => element('member', each)).join('')}</Targets>`,
  );
const health = (state: string, reason = '') =>
  `<State>${state}</State>${reason && `<Reason>${reason}</Reason>`}`;
const target = (id: string, state = 'AVAILABLE') =>
  targets({ Type: 'RDS_INSTANCE', Role: 'READ_WRITE', RdsResourceId: id, TargetHealth: health(state) });

describe('the proxies of a database', () => {
  test('are those whose target it is; pages are followed', async () => {
    const seen = await against(
      [
        proxies(['front'], 'next'),
        proxies(['back', 'idle']),
        groups,
        target('shop'),
        groups,
        target('other'),
        groups,
        targets(),
      ],
      (amazon) => amazon.proxies.of(OLD),
    );
    expect(seen.value).toEqual([
      {
        name: 'front',
        targetGroup: 'default',
        endpoint: { address: 'front.proxy', port: 5432 },
        target: 'shop',
        health: 'AVAILABLE',
        reason: undefined,
      },
    ]);
    expect(seen.requests[3]).toMatchObject({ DBProxyName: 'front', TargetGroupName: 'default' });
  });

  test('of a cluster carry its name and the health of its writer', async () => {
    const tracked = targets(
      { Type: 'TRACKED_CLUSTER', TrackedClusterId: 'aurora', RdsResourceId: 'aurora' },
      {
        Type: 'RDS_INSTANCE',
        TrackedClusterId: 'aurora',
        RdsResourceId: 'a-2',
        Role: 'READ_ONLY',
        TargetHealth: health('AVAILABLE'),
      },
      {
        Type: 'RDS_INSTANCE',
        TrackedClusterId: 'aurora',
        RdsResourceId: 'a-1',
        Role: 'READ_WRITE',
        TargetHealth: health('UNAVAILABLE', 'AUTH_FAILURE'),
      },
    );
    const aurora = { ...OLD, kind: 'cluster' as const, identifier: 'aurora' };
    const seen = await against([proxies(['front']), groups, tracked], (amazon) => amazon.proxies.of(aurora));
    expect(seen.value).toMatchObject([{ target: 'aurora', health: 'UNAVAILABLE', reason: 'AUTH_FAILURE' }]);
  });
});

describe('a proxy by name', () => {
  test('is found, with or without a target', async () => {
    const seen = await against([proxies(['front']), groups, targets()], (amazon) =>
      amazon.proxies.named('front'),
    );
    expect(seen.value).toMatchObject({ name: 'front', target: undefined, health: undefined });
    expect(seen.requests[0]).toMatchObject({ DBProxyName: 'front' });
  });

  test('is undefined when there is none', async () => {
    const seen = await against([{ code: 'DBProxyNotFoundFault', status: 404 }], (amazon) =>
      amazon.proxies.named('front'),
    );
    expect(seen).toMatchObject({ value: undefined, problem: undefined });
  });
});

describe('sending a proxy to another database', () => {
  const PROXY = {
    name: 'front',
    targetGroup: 'default',
    endpoint: undefined,
    target: 'shop',
    health: 'AVAILABLE',
    reason: undefined,
  };
  const out = result('DeregisterDBProxyTargets', '');
  const put = result('RegisterDBProxyTargets', '');
  const NOT_THERE: Reply = { code: 'DBProxyTargetNotFoundFault', status: 404 };
  const TAKEN: Reply = { code: 'DBProxyTargetAlreadyRegisteredFault' };
  const retarget = (...replies: readonly Reply[]) =>
    against(replies, (amazon) => amazon.proxies.retarget(PROXY, OLD, NEW));

  test('takes the old one out and puts the new one in', async () => {
    const seen = await retarget(out, put);
    expect(seen.problem).toBeUndefined();
    expect(seen.requests).toMatchObject([
      { Action: 'DeregisterDBProxyTargets', 'DBInstanceIdentifiers.member.1': 'shop' },
      {
        Action: 'RegisterDBProxyTargets',
        TargetGroupName: 'default',
        'DBInstanceIdentifiers.member.1': NEW.identifier,
      },
    ]);
  });

  test('may be repeated at any point', async () => {
    const half = await retarget(NOT_THERE, put);
    expect([half.problem, half.actions.length]).toEqual([undefined, 2]);
    const done = await retarget(NOT_THERE, TAKEN, proxies(['front']), groups, target(NEW.identifier));
    expect(done.problem).toBeUndefined();
    const deleted = await retarget({ code: 'DBInstanceNotFound', status: 404 }, put);
    expect(deleted.problem).toBeUndefined();
  });

  test('waits for a proxy that is busy', async () => {
    const seen = await retarget(out, { code: 'InvalidDBProxyStateFault' }, put);
    expect([seen.problem, seen.slept.length]).toEqual([undefined, 1]);
  });

  test('puts the old one back when the new one is refused', async () => {
    const refused: Reply = { code: 'InvalidDBInstanceState', message: 'is in an unsupported state' };
    const seen = await retarget(out, refused, proxies(['front']), groups, targets(), put);
    expect(seen.problem).toMatchObject({
      code: 'proxy-failed',
      fields: { proxy: 'front', instance: NEW.identifier, putBack: 'shop', code: 'InvalidDBInstanceState' },
    });
    expect(seen.requests.at(-1)).toMatchObject({ 'DBInstanceIdentifiers.member.1': 'shop' });
  });

  test('says so when the group belongs to a third database', async () => {
    const seen = await retarget(NOT_THERE, TAKEN, proxies(['front']), groups, target('stranger'), TAKEN);
    expect(seen.problem).toMatchObject({ code: 'proxy-failed', fields: { proxy: 'front' } });
    expect(seen.problem?.fields.putBack).toBeUndefined();
  });

  test.each<readonly [string, Reply, string]>([
    ['the proxy is gone', { code: 'DBProxyNotFoundFault', status: 404 }, 'proxy-not-found'],
    ['AWS denies it', { code: 'AccessDenied', status: 403 }, 'aws-denied'],
    ['the proxy is being deleted', { code: 'InvalidDBProxyStateFault' }, 'proxy-failed'],
  ])('changes nothing when %s', async (_name, reply, code) => {
    const seen = await retarget(reply);
    expect(seen.problem).toMatchObject({ code, fields: { proxy: 'front' } });
    expect(seen.actions).not.toContain('RegisterDBProxyTargets');
  });

  test('names a cluster as such', async () => {
    const to = { ...NEW, kind: 'cluster' as const, identifier: 'aurora-back' };
    const from = { ...OLD, kind: 'cluster' as const, identifier: 'aurora' };
    const seen = await against([out, put], (amazon) => amazon.proxies.retarget(PROXY, from, to));
    expect(seen.requests).toMatchObject([
      { 'DBClusterIdentifiers.member.1': 'aurora' },
      { 'DBClusterIdentifiers.member.1': 'aurora-back' },
    ]);
  });
});
