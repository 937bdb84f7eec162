import { describe, expect, test } from '@jest/globals';
import { problem } from '../../src/domain/problem.ts';
import { TAG } from '../../src/domain/tags.ts';
import { wordsIn } from '../../src/report/text.ts';
import { fault } from '../fakes/engine.ts';
import { codes, noticed, PARKED, RESTORED, Stage } from './promote-stage.ts';

const DONE = [PARKED, 'shop-prod'];
const UNTOUCHED = ['shop-prod', RESTORED];

describe('a promotion by rename', () => {
  test('the restored database takes the name, and the old one is kept', async () => {
    const stage = new Stage();
    const { status, run, events } = await stage.promote();
    expect([codes(run), status]).toEqual([[], 'promoted']);
    expect(stage.names).toEqual(DONE);
    expect(stage.served).toBe('new');
    expect(stage.phases).toEqual(['replaced', 'promoted']);
    expect(stage.renames).toEqual([`rename shop-prod ${PARKED}`, `rename ${RESTORED} shop-prod`]);
    const phases = events.flatMap((event) => (event.type === 'promotion' ? [event.promotion.phase] : []));
    expect(phases).toEqual(['not-started', 'parking', 'outage', 'taking-over', 'promoted', 'promoted']);
    const { outageFrom = 0, outageUntil = 0 } = run.promotion ?? {};
    // Two renames of two minutes each in this world.
    expect(outageUntil - outageFrom).toBeGreaterThan(240_000);
    expect(outageUntil - outageFrom).toBeLessThan(300_000);
    expect(stage.engine.opened).toBe(stage.engine.closed);
    expect(noticed(run)).toContain('not-carried');
    expect(noticed(run)).not.toContain('identity-unproven');
  });

  test('nothing is ever deleted, and every call that changes something is a tag, a rename or a mend', async () => {
    const stage = new Stage();
    await stage.promote();
    await stage.promote({ promote: 'undo' });
    expect(stage.cloud.mutations.filter((call) => !/^(tag|rename|mend) /.test(call))).toEqual([]);
  });

  test('a second run finds it done and changes nothing', async () => {
    const stage = new Stage();
    await stage.promote();
    const before = stage.renames.length;
    const { status, run } = await stage.promote();
    expect([status, codes(run)]).toEqual(['promoted', []]);
    expect(stage.renames.length).toBe(before);
  });

  test('found by the run that made it', async () => {
    const stage = new Stage();
    const { status } = await stage.promote({ restoredIdentifier: undefined, runId: '8123' });
    expect(status).toBe('promoted');
    expect(stage.names).toEqual(DONE);
  });

  test('undone: the old one serves again, and a promotion can be made anew', async () => {
    const stage = new Stage();
    await stage.promote();
    const { status, run } = await stage.promote({ promote: 'undo', restoredIdentifier: undefined });
    expect([codes(run), status, run.promotion?.phase]).toEqual([[], 'promoted', 'undone']);
    expect(stage.names).toEqual(UNTOUCHED);
    expect(stage.served).toBe('old');
    expect(stage.phases).toEqual(['undone', 'undone']);
    const again = await stage.promote();
    expect([codes(again.run), again.status]).toEqual([[], 'promoted']);
    expect(stage.served).toBe('new');
  });

  test('an undo of nothing says so', async () => {
    const stage = new Stage();
    const { status, run } = await stage.promote({ promote: 'undo', restoredIdentifier: undefined });
    expect([status, codes(run)]).toEqual(['refused', ['promotion-unknown']]);
    expect(stage.cloud.mutations).toEqual([]);
  });
});

describe('refused before production is touched', () => {
  const refuses = async (stage: Stage, change: Parameters<Stage['promote']>[0] = {}) => {
    const ended = await stage.promote(change);
    expect(ended.status).toBe('refused');
    expect(stage.names).toEqual(UNTOUCHED);
    expect(stage.renames).toEqual([]);
    expect(stage.served).toBe('old');
    return ended.run;
  };

  test.each([
    ['not ours', { 'managed-by': 'somebody' }, /managed-by/],
    ['of another database', { [TAG.sourceResourceId]: 'db-OTHER' }, /another database/],
    ['known to differ', { [TAG.phase]: 'mismatch' }, /differs/],
    [
      'looked at by nobody',
      { [TAG.phase]: 'unverified', [TAG.fingerprint]: 'f00' },
      /not the one of the restore point/,
    ],
  ])('%s', async (_, tags, why) => {
    const run = await refuses(new Stage(tags));
    expect(run.problems.some(({ detail }) => why.test(detail))).toBe(true);
  });

  test('what was restored and not compared is compared now', async () => {
    const stage = new Stage({ [TAG.phase]: 'unverified' });
    const { status } = await stage.promote();
    expect(status).toBe('promoted');
  });

  test('no fingerprint anywhere, so nobody can compare it', async () => {
    const stage = new Stage({ [TAG.phase]: 'unverified', [TAG.fingerprint]: '' });
    const run = await refuses(stage);
    expect(codes(run)).toEqual(['promotion-refused']);
  });

  test('a guarded deploy is at work on production', async () => {
    const stage = new Stage();
    stage.database.lockHolder = stage.database.open('guarded-migrate/8000-1/guard');
    const run = await refuses(stage);
    expect(codes(run)).toEqual(['guard-running']);
    const { next } = wordsIn(run, run.problems[0] ?? problem('unexpected', ''));
    expect(next).toMatch(/^Wait until it has ended and run the job again\./);
  });

  test('a guarded deploy that began while settings were mended', async () => {
    const stage = new Stage();
    stage.settings.differences = [
      { name: 'VpcSecurityGroupIds', wanted: 'sg-1', got: 'sg-0', mend: 'modify', call: 'aws rds ...' },
    ];
    const { status, run } = await stage.promote(
      {},
      {
        onEvent: ({ type }) => {
          if (type === 'mended')
            stage.database.lockHolder = stage.database.open('guarded-migrate/8000-1/guard');
        },
      },
    );
    expect([status, codes(run), stage.renames]).toEqual(['failed', ['guard-running'], []]);
  });

  test('no URL of production: said once, however many checks need it', async () => {
    const stage = new Stage();
    stage.environment = {};
    expect(codes(await refuses(stage))).toEqual(['url-missing']);
  });

  test('the restored database does not exist, or the run made none', async () => {
    const told = async (change: Parameters<Stage['promote']>[0]): Promise<string> => {
      const run = await refuses(new Stage(), change);
      return run.problems.map((each) => wordsIn(run, each).what).join(' ');
    };
    expect(await told({ restoredIdentifier: 'nothing' })).toBe('There is no restored DB instance nothing.');
    expect(await told({ restoredIdentifier: undefined, runId: '99' })).toContain('database of run 99');
  });

  test('several reasons are told at once', async () => {
    const stage = new Stage({ [TAG.sourceResourceId]: 'db-OTHER' });
    stage.engine.refusals.set(`${RESTORED}.abc.eu-west-1.rds.amazonaws.com`, 'database-authentication');
    stage.cloud.restore({ identifier: PARKED, tags: {} }, stage.database.image);
    const run = await refuses(stage);
    expect(codes(run).toSorted()).toEqual(['instance-name-taken', 'promotion-refused', 'promotion-refused']);
  });

  test('a setting that would break applications and that no call mends', async () => {
    const stage = new Stage();
    const difference = { wanted: 'private', got: 'default', mend: 'none', call: 'aws rds ...' } as const;
    stage.settings.differences = [
      { ...difference, name: 'DBSubnetGroupName' },
      { ...difference, name: 'MonitoringInterval' },
    ];
    const run = await refuses(stage);
    expect(run.problems.map(({ fields }) => fields.setting)).toEqual(['DBSubnetGroupName']);
    expect(noticed(run).filter((code) => code === 'setting-differs')).toHaveLength(2);
  });

  test('what one call mends is mended before the cut-over', async () => {
    const stage = new Stage();
    stage.settings.differences = [
      { name: 'VpcSecurityGroupIds', wanted: 'sg-1', got: 'sg-0', mend: 'modify', call: 'aws rds ...' },
    ];
    const { status, run } = await stage.promote();
    expect([status, run.mended, run.parity]).toEqual(['promoted', ['VpcSecurityGroupIds'], []]);
    const calls = stage.cloud.mutations;
    expect(calls.findIndex((call) => call.startsWith('mend'))).toBeLessThan(
      calls.findIndex((call) => call.startsWith('rename')),
    );
  });

  test('production was deleted by hand', async () => {
    const stage = new Stage();
    stage.cloud.source = undefined;
    const { status, run } = await stage.promote();
    expect([status, codes(run)]).toEqual(['refused', ['instance-not-found']]);
    expect(stage.renames).toEqual([]);
  });

  test('the restored database is not there', async () => {
    const run = await refuses(new Stage(), { restoredIdentifier: 'shop-prod-gm-r-1-1' });
    expect(codes(run)).toEqual(['promotion-unknown']);
  });

  test('the tags cannot be written, so no other job could go on', async () => {
    const stage = new Stage();
    stage.cloud.faults.tag = () => fault('aws-denied');
    const { status, run } = await stage.promote();
    expect([status, codes(run), stage.renames]).toEqual(['failed', ['aws-denied'], []]);
  });

  test('waits while the new one is in its first backup, and says so', async () => {
    const stage = new Stage();
    stage.cloud.restoreMs = -100_000;
    const { status, run } = await stage.promote();
    expect([status, noticed(run).includes('cut-over-waits')]).toEqual(['promoted', true]);
  });
});

describe('bad days in the outage', () => {
  test('denied on the second rename: the old one is put back, and people are told twice', async () => {
    const stage = new Stage();
    stage.cloud.faults.rename = (call) => (call.startsWith(RESTORED) ? fault('aws-denied') : undefined);
    const { status, run } = await stage.promote();
    expect([status, codes(run), run.promotion?.phase]).toEqual(['failed', ['aws-denied'], 'undone']);
    expect(stage.names).toEqual(UNTOUCHED);
    expect(stage.served).toBe('old');
    expect(stage.notifier.messages).toEqual(['failure outage', 'end undone']);
  });

  test('denied on every rename after the first: nobody serves, and it is said', async () => {
    const stage = new Stage();
    stage.cloud.faults.rename = (call) => (call.startsWith('shop-prod ') ? undefined : fault('aws-denied'));
    const { status, run } = await stage.promote();
    expect([status, run.promotion?.phase, stage.served]).toEqual(['failed', 'outage', 'nobody']);
    stage.cloud.faults.rename = () => undefined;
    const again = await stage.promote();
    expect([again.status, stage.served, stage.names]).toEqual(['promoted', 'new', DONE]);
    expect(noticed(again.run)).toContain('promotion-resumed');
  });

  test('a third instance takes the name in the outage', async () => {
    const stage = new Stage();
    const { status, run } = await stage.promote(
      {},
      {
        onEvent: (event) => {
          if (event.type !== 'promotion' || event.promotion.phase !== 'outage') return;
          stage.cloud.restore({ identifier: 'shop-prod', tags: {} }, stage.database.image);
        },
      },
    );
    expect([status, codes(run)[0]]).toEqual(['failed', 'instance-name-taken']);
    const words = wordsIn(run, run.problems[0] ?? problem('unexpected', ''));
    expect([words.what, words.next]).toEqual([
      expect.stringContaining('named shop-prod exists already'),
      expect.stringMatching(/^Rename that one.*same inputs/),
    ]);
    expect(stage.renames).toHaveLength(1);
  });

  test('AWS does not answer for a while', async () => {
    const stage = new Stage();
    let silent = 6;
    stage.cloud.faults.rename = (call) => {
      if (!call.startsWith(RESTORED) || silent === 0) return undefined;
      silent -= 1;
      return fault('aws-unreachable');
    };
    const { status } = await stage.promote();
    expect([status, stage.served]).toEqual(['promoted', 'new']);
  });

  test('AWS keeps the new one busy: the old one is put back after ten minutes', async () => {
    const stage = new Stage();
    stage.cloud.faults.rename = (call) => (call.startsWith(RESTORED) ? fault('instance-state') : undefined);
    const { status, run } = await stage.promote();
    expect([status, run.promotion?.phase, stage.served]).toEqual(['failed', 'undone', 'old']);
    const { outageFrom = 0, outageUntil = 0 } = run.promotion ?? {};
    // Two renames of two minutes and ten minutes of patience.
    expect(outageUntil - outageFrom).toBeGreaterThan(14 * 60_000);
    expect(outageUntil - outageFrom).toBeLessThan(16 * 60_000);
  });

  test('a first rename of twenty minutes is no reason to give up', async () => {
    const stage = new Stage();
    stage.fleet.renameMs = 20 * 60_000;
    const { status, run } = await stage.promote();
    expect([status, codes(run), stage.served]).toEqual(['promoted', [], 'new']);
  });

  test('the endpoint still reaches the old database', async () => {
    const stage = new Stage();
    stage.environment = { DATABASE_URL: 'postgresql://app:s3cret-word@db.shop.example:5432/shop' };
    stage.engine.databases.set('db.shop.example', stage.database);
    const { status, run } = await stage.promote();
    expect([status, codes(run), run.promotion?.phase]).toEqual([
      'failed',
      ['promotion-unverified'],
      'promoted',
    ]);
    expect(run.problems[0]?.detail).toContain('db.shop.example:5432 still reaches the other database');
  });

  test('two that cannot be told apart', async () => {
    const stage = new Stage();
    for (const each of stage.engine.databases.values()) each.startedAt = undefined;
    const { status, run } = await stage.promote();
    expect([status, noticed(run).includes('identity-unproven')]).toEqual(['promoted', true]);
  });
});
