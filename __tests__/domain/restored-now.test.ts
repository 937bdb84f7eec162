import { describe, expect, test } from '@jest/globals';
import type { Promotion } from '../../src/domain/going-back.ts';
import { restoredNow } from '../../src/domain/restored-now.ts';
import { emptyRun, type Run } from '../../src/domain/run.ts';
import { hostOf, SOURCE } from '../fakes/cloud.ts';
import { identity } from '../fakes/world.ts';

const RESTORED = 'shop-prod-gm-r-8123-1';
const at = (name: string) => ({ address: hostOf(name), port: 5432 });

function run(change: Partial<Promotion> | undefined, more: Partial<Run> = {}): Run {
  const promotion: Promotion = {
    ...{ by: 'rename', phase: 'promoted', production: 'shop-prod', parked: 'shop-prod-replaced-9-1' },
    ...{ restored: RESTORED, oldResourceId: 'db-SOURCE', newResourceId: 'db-NEW', proxies: [] },
    ...{ outageFrom: undefined, outageUntil: undefined },
    ...change,
  };
  const seen = { arn: 'arn', resourceId: 'db-NEW', status: 'available', differences: [] };
  return {
    ...emptyRun(identity, 0),
    instance: SOURCE,
    restore: { ...seen, identifier: RESTORED, endpoint: at(RESTORED) },
    promotion: change === undefined ? undefined : promotion,
    ...more,
  };
}

describe('what the restored database is called at the end', () => {
  test.each<[string, Run, string, string | undefined]>([
    ['not promoted', run(undefined), RESTORED, RESTORED],
    ['promoted by rename', run({}), 'shop-prod', 'shop-prod'],
    ['promoted through a proxy', run({ by: 'proxy' }), RESTORED, RESTORED],
    ['in the outage', run({ phase: 'outage' }), RESTORED, RESTORED],
    ['put back', run({ phase: 'undone' }), RESTORED, RESTORED],
    ['another one was promoted', run({ newResourceId: 'db-OTHER' }), RESTORED, RESTORED],
    ['production was never seen', run({}, { instance: undefined }), 'shop-prod', undefined],
  ])('%s', (_, the, identifier, host) => {
    const now = restoredNow(the);
    expect([now?.identifier, now?.endpoint?.address]).toEqual([
      identifier,
      host === undefined ? undefined : hostOf(host),
    ]);
  });

  test('undone: the endpoint that it had as production is not its own any more', () => {
    const the = run({ phase: 'undone' });
    const served = the.restore === undefined ? undefined : { ...the.restore, endpoint: at('shop-prod') };
    expect(restoredNow({ ...the, restore: served })).toMatchObject({
      identifier: RESTORED,
      endpoint: undefined,
    });
  });

  test('an address of numbers moves with the database', () => {
    const the = run({});
    const local = { address: '127.0.0.1', port: 6001 };
    const restore = the.restore === undefined ? undefined : { ...the.restore, endpoint: local };
    expect(restoredNow({ ...the, restore })).toMatchObject({ identifier: 'shop-prod', endpoint: local });
  });
});
