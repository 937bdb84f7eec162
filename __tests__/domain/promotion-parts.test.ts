import { describe, expect, test } from '@jest/globals';
import { isBreaking, isHarmless } from '../../src/domain/breaking-settings.ts';
import { cutOverRefusals } from '../../src/domain/cut-over-rules.ts';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import { isIdentifier, parkedName } from '../../src/domain/names.ts';
import { notCarried } from '../../src/domain/not-carried.ts';
import { isNamedEndpoint } from '../../src/domain/promotion.ts';
import { findPair, isHalfDone, isUndone, pairTags } from '../../src/domain/promotion-pair.ts';
import { compareServers, type ServerIdentity } from '../../src/domain/server-identity.ts';
import { MANAGED_BY, mergedTags, TAG } from '../../src/domain/tags.ts';
import { SOURCE } from '../fakes/cloud.ts';

describe('compareServers', () => {
  const server: ServerIdentity = {
    startedAt: '1700000000.123456',
    timeline: '00000001',
    address: '10.0.0.1:5432',
    history: ['a 1 null'],
  };
  test.each([
    ['the very same process', {}, 'same'],
    ['the same process after a row was written', { history: ['a 1 null', 'b null null'] }, 'same'],
    ['another start', { startedAt: '1700000000.123457' }, 'different'],
    ['another timeline', { timeline: '00000002' }, 'different'],
    ['nothing but the history', { startedAt: undefined, history: [] }, 'different'],
    [
      'nothing but the address',
      { startedAt: undefined, history: undefined, address: '10.0.0.2:5432' },
      'different',
    ],
    ['nothing to go by', { startedAt: undefined, timeline: undefined }, 'unproven'],
  ] as const)('%s', (_, change, verdict) => {
    expect(compareServers({ ...server, ...change }, server).verdict).toBe(verdict);
    expect(compareServers(server, { ...server, ...change }).verdict).toBe(verdict);
  });
});

const pair = {
  run: '9-1',
  by: 'rename',
  production: 'shop',
  parked: 'shop-replaced-9-1',
  restored: 'shop-gm-r-8-1',
  oldResourceId: 'db-OLD',
  newResourceId: 'db-NEW',
  proxies: [],
} as const;

const instance = (
  resourceId: string,
  identifier: string,
  tags: Record<string, string> = {},
): InstanceFacts => ({
  ...SOURCE,
  resourceId,
  identifier,
  tags,
});
const tagged = (phase: string, run = '9-1'): Record<string, string> => ({
  ...pairTags({ ...pair, run }),
  [TAG.phase]: phase,
});

describe('findPair', () => {
  test('by the one that serves', () => {
    const all = [
      instance('db-NEW', 'shop', tagged('promoted')),
      instance('db-OLD', pair.parked, tagged('replaced')),
    ];
    expect(findPair(all, 'shop')).toMatchObject({ ...pair, phases: ['replaced', 'promoted'] });
  });

  test('when nobody serves, and only one of the two was tagged', () => {
    const found = findPair(
      [instance('db-OLD', pair.parked), instance('db-NEW', pair.restored, tagged('promoting'))],
      'shop',
    );
    expect(found).toMatchObject(pair);
    expect(found !== undefined && isHalfDone(found)).toBe(true);
  });

  test('a copy that inherited the tags is neither of the two', () => {
    expect(findPair([instance('db-COPY', 'shop', tagged('promoting'))], 'shop')).toBeUndefined();
  });

  test('an old promotion of others is not taken while somebody else serves', () => {
    const all = [instance('db-THIRD', 'shop'), instance('db-NEW', pair.restored, tagged('promoting'))];
    expect(findPair(all, 'shop')).toBeUndefined();
  });

  test('of several that are half done the newest', () => {
    const other = { ...tagged('promoting', '10-1'), [TAG.newResourceId]: 'db-NEWER' };
    const all = [
      instance('db-NEW', pair.restored, tagged('promoting')),
      instance('db-NEWER', 'shop-gm-r-9-1', other),
    ];
    expect(findPair(all, 'shop')?.run).toBe('10-1');
  });

  test('proxies leave the parked name empty', () => {
    const tags = { ...pairTags({ ...pair, by: 'proxy', proxies: ['shop', 'other'] }), [TAG.phase]: 'undone' };
    const found = findPair([instance('db-OLD', 'shop', tags)], 'shop');
    expect([found?.by, found !== undefined && isUndone(found)]).toEqual(['proxy', true]);
    expect(found?.proxies).toEqual(['shop', 'other']);
  });

  test('a tag holds as many proxies as fit, each with its whole name', () => {
    const proxies = ['a', 'b', 'c', 'd', 'e'].map((name) => name.repeat(63));
    const tags = pairTags({ ...pair, by: 'proxy', proxies });
    expect(findPair([instance('db-OLD', 'shop', tags)], 'shop')?.proxies).toEqual(proxies.slice(0, 4));
  });
});

describe('cutOverRefusals', () => {
  const old = instance('db-OLD', 'shop');
  const good = instance('db-NEW', pair.restored, {
    [MANAGED_BY.key]: MANAGED_BY.value,
    [TAG.sourceResourceId]: 'db-OLD',
    [TAG.phase]: 'restored',
  });

  test('nothing against a verified restore of ours', () => {
    expect(cutOverRefusals(old, good)).toEqual([]);
  });

  test.each([
    ['replica', { replicaOf: 'other' }, /read replica of other/],
    ['member', { clusterIdentifier: 'c1' }, /member of the cluster c1/],
    ['pending', { pending: ['MultiAZ'] }, /maintenance window: MultiAZ/],
    ['dead', { status: 'storage-full' }, /storage-full/],
    ['empty', { status: 'without-instances' }, /no DB instance/],
    ['cluster', { kind: 'cluster' }, /two kinds/],
  ] as const)('%s', (_, change, why) => {
    expect(cutOverRefusals(old, { ...good, ...change }).map(({ detail }) => detail)).toEqual([
      expect.stringMatching(why),
    ]);
  });

  test('itself', () => {
    const itself = { ...good, resourceId: 'db-OLD', identifier: 'shop' };
    expect(cutOverRefusals(old, itself)).toContainEqual(
      expect.objectContaining({
        code: 'promotion-refused',
        detail: expect.stringMatching(/production itself/),
      }),
    );
  });

  test('one resource id for both, as an emulator may give', () => {
    const twin = { ...good, resourceId: 'db-OLD' };
    expect(cutOverRefusals(old, twin).map(({ code }) => code)).toEqual(['resource-ambiguous']);
  });
});

test('parked names are identifiers of AWS, whatever the database is called', () => {
  const run = { runId: '81234567890', attempt: '12' };
  for (const name of ['shop', 'a'.repeat(63), 'shop-prod-eu-west-1-primary-database-of-the-orders-team']) {
    const parked = parkedName(name, run);
    expect([isIdentifier(parked), parked.length <= 63]).toEqual([true, true]);
    expect(parked).toMatch(/replaced-81234567890-12$/);
  }
  expect(parkedName('shop', run)).toBe('shop-replaced-81234567890-12');
  expect(parkedName(`${'a'.repeat(60)}b`, run)).not.toBe(parkedName(`${'a'.repeat(60)}c`, run));
});

test('what stays behind is told with what to do', () => {
  const old = {
    ...SOURCE,
    iamAuthentication: true,
    managedPassword: true,
    settings: { ReadReplicas: ['shop-read'] },
  };
  const told = notCarried(old, { ...SOURCE, resourceId: 'db-NEW' }, ['shop-proxy']);
  const text = told.map(({ what }) => what).join('\n');
  for (const word of [
    'shop-read',
    'shop-proxy',
    'rds-db:connect',
    'managed master password',
    'CloudFormation',
    'Terraform',
  ])
    expect(text).toContain(word);
  expect(told.every(({ next }) => next !== '')).toBe(true);
  expect(notCarried({ ...SOURCE, tags: {} }, SOURCE, [])).toHaveLength(1);
});

test('endpoints carry the name, numbers tell nothing', () => {
  expect(isNamedEndpoint('shop.abc.eu-west-1.rds.amazonaws.com', 'shop')).toBe(true);
  expect(isNamedEndpoint('shop.cluster-abc.eu-west-1.rds.amazonaws.com', 'shop')).toBe(true);
  expect(isNamedEndpoint('shop-gm-r-1.abc.eu-west-1.rds.amazonaws.com', 'shop')).toBe(false);
  expect([isNamedEndpoint('127.0.0.1', 'shop'), isNamedEndpoint(undefined, 'shop')]).toEqual([true, false]);
});

test('a setting that breaks applications is not changed under them, and none is both', () => {
  const of = (name: string, mend: 'modify' | 'reboot' | 'none' = 'modify') => ({
    ...{ name, mend },
    wanted: '1',
    got: '2',
    call: '-',
  });
  expect(isBreaking(of('DBParameterGroupName'))).toBe(true);
  expect(isBreaking(of('ParameterApplyStatus', 'reboot'))).toBe(true);
  expect(isBreaking(of('StorageType'))).toBe(false);
  expect(isHarmless(of('DeletionProtection'))).toBe(true);
  expect(isHarmless(of('DeletionProtection', 'none'))).toBe(false);
  for (const name of [
    'DBParameterGroupName',
    'VpcSecurityGroupIds',
    'DBInstanceClass',
    'StorageType',
    'BackupRetentionPeriod',
  ])
    expect(isHarmless(of(name))).toBe(false);
});

test('tags of an earlier promotion do not travel to a copy', () => {
  const source = { team: 'shop', ...tagged('promoted'), [TAG.fingerprint]: 'f00' };
  expect(mergedTags(source, { [TAG.run]: '1-1' })).toEqual({ team: 'shop', [TAG.run]: '1-1' });
});
