import { describe, expect, test } from '@jest/globals';
import { against, element, instances, named } from './support/amazon.ts';
import { source } from './support/instances.ts';
import { type Reply, result } from './support/scripted-aws.ts';

const OLD = source();
const modified = result('ModifyDBInstance', element('DBInstance', named('shop', 'db-OLD')));
const renaming = instances(named('shop', 'db-OLD', { DBInstanceStatus: 'renaming' }));
const there = instances(named('shop', 'db-OLD'));

describe('a rename', () => {
  const rename = (replies: readonly Reply[], to = 'shop-replaced-81') =>
    against(replies, ({ fleet }) => fleet.rename(OLD, to));

  test('is asked for at once, by the name that the resource id has now', async () => {
    const seen = await rename([instances(named('shop-moved', 'db-OLD')), modified], 'Shop-Replaced-81');
    expect(seen.problem).toBeUndefined();
    expect(seen.requests[1]).toMatchObject({
      Action: 'ModifyDBInstance',
      DBInstanceIdentifier: 'shop-moved',
      NewDBInstanceIdentifier: 'shop-replaced-81',
      ApplyImmediately: 'true',
    });
  });

  test.each<readonly [string, Reply]>([
    ['it has the name', instances(named('shop-replaced-81', 'db-OLD'))],
    ['it is being renamed', renaming],
    [
      'the name is accepted and pending',
      instances(
        named('shop', 'db-OLD', {
          PendingModifiedValues: '<DBInstanceIdentifier>shop-replaced-81</DBInstanceIdentifier>',
        }),
      ),
    ],
  ])('is not sent when %s', async (_name, reply) => {
    const seen = await rename([reply]);
    expect([seen.problem, seen.actions]).toEqual([undefined, ['DescribeDBInstances']]);
  });

  test('to another name than the pending one is sent', async () => {
    const pending = { PendingModifiedValues: '<DBInstanceIdentifier>other</DBInstanceIdentifier>' };
    const seen = await rename([instances(named('shop', 'db-OLD', pending)), modified]);
    expect(seen.actions).toEqual(['DescribeDBInstances', 'ModifyDBInstance']);
  });

  test.each(['InvalidDBInstanceState', 'DBInstanceNotFound', 'DBInstanceAlreadyExists'])(
    'whose answer was lost is recognised behind %s',
    async (code) => {
      const seen = await rename([there, 'reset', { code }, renaming]);
      expect(seen.problem).toBeUndefined();
      expect(seen.actions.at(-1)).toBe('DescribeDBInstances');
    },
  );

  test('that AWS accepted and does not tell yet is waited for a little', async () => {
    const seen = await rename([there, { code: 'InvalidDBInstanceState' }, there, there, renaming]);
    expect([seen.problem, seen.slept]).toEqual([undefined, [500, 1000]]);
  });

  test('refused because of a state that AWS tells is refused at once', async () => {
    const busy = instances(named('shop', 'db-OLD', { DBInstanceStatus: 'backing-up' }));
    const seen = await rename([there, { code: 'InvalidDBInstanceState' }, busy]);
    expect(seen.problem).toMatchObject({ code: 'instance-state', fields: { status: 'backing-up' } });
    expect(seen.slept).toEqual([]);
  });

  test.each([
    ['DBInstanceAlreadyExists', 'instance-name-taken', { name: 'shop-replaced-81' }],
    ['InvalidDBInstanceState', 'instance-state', { status: 'available' }],
    ['InvalidParameterValue', 'aws-rejected', { code: 'InvalidParameterValue' }],
  ])('refused with %s → %s', async (code, expected, fields) => {
    const seen = await rename([there, { code }, there]);
    expect(seen.problem).toMatchObject({ code: expected, fields: { instance: 'shop', ...fields } });
    expect(seen.actions.filter((action) => action === 'ModifyDBInstance')).toHaveLength(1);
  });

  test('denied names instance and action', async () => {
    const seen = await rename([there, { code: 'AccessDenied', status: 403 }, there]);
    expect(seen.problem).toMatchObject({
      code: 'aws-denied',
      fields: { action: 'rds:ModifyDBInstance', instance: 'shop' },
    });
  });

  test('of a deleted instance is never sent, although its name may be in use', async () => {
    const seen = await rename([instances()]);
    expect(seen.problem).toMatchObject({ code: 'instance-gone', fields: { resourceId: 'db-OLD' } });
    expect(seen.actions).toEqual(['DescribeDBInstances']);
  });
});
