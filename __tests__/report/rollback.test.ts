import { describe, expect, test } from '@jest/globals';
import { isGood } from '../../src/domain/outcome.ts';
import { problem } from '../../src/domain/problem.ts';
import type { Run } from '../../src/domain/run.ts';
import { annotations } from '../../src/report/annotations.ts';
import { explain } from '../../src/report/explain.ts';
import { closing, logLine } from '../../src/report/log.ts';
import { outputs } from '../../src/report/outputs.ts';
import { report } from '../../src/report/record.ts';
import { slack } from '../../src/report/slack.ts';
import { summary } from '../../src/report/summary.ts';
import { lossSentences } from '../../src/report/write-loss.ts';
import { ENDS } from './rollback-ends.ts';
import { RESTORED, runOf, started } from './runs.ts';
import { validate } from './valid.ts';

type End = keyof typeof ENDS;
const run = (name: End): Run => runOf(ENDS[name]);
const ends = Object.keys(ENDS) as readonly End[];

describe('words of a rollback', () => {
  test.each(ends)('%s: whole sentences, all four parts, the same everywhere, a valid report', (name) => {
    const the = run(name);
    const told = explain(the);
    for (const text of [told.headline, told.data, told.did, ...told.next.map((each) => each.say)]) {
      expect(text).toMatch(/^[A-Z"WN].*[.:?]$/s);
      expect(text).not.toMatch(/undefined|NaN|\[object|\.\.| {2}|\(\)/);
    }
    for (const text of [told.headline, told.did]) {
      const sentences = text.split(/(?<=[.:]) /);
      expect(sentences).toEqual([...new Set(sentences)]);
    }
    expect(told.next.length).toBeGreaterThan(0);
    const log = closing(the).join('\n');
    expect(log).toContain(told.headline);
    expect(JSON.stringify(slack(the, 'end'))).toContain('Rollback of shop-prod: ');
    expect(summary(the)).toContain('## Rollback of shop-prod: ');
    expect(validate(report(the))).toEqual([]);
    expect(outputs(the, undefined)['error-message'] === undefined).toBe(isGood(the, 'rollback'));
    for (const each of annotations(the)) expect(each.title).not.toMatch(/Deploy/);
  });

  test.each<[End, RegExp, RegExp, RegExp]>([
    ['refused', /was refused/, /Production was not touched/, /restore-time/],
    ['outside', /2026-11-14T02:00:00Z to 2026-11-21T01:55:00Z/, /not touched/, /second inside the window/],
    ['deleted', /was refused/, /not touched/, /neither a retained automated backup nor a snapshot/],
    ['restoring', /is being restored beside production/, /was not compared yet/, /same inputs/],
    ['verified', /is restored beside production and verified/, /at most 12 rows/, /cut production over/],
    [
      'verified without counters',
      /verified/,
      /the schema itself was not compared.*is not known/,
      /cut production over/,
    ],
    ['mismatch', /NOT in the state/, /the schema and history row/, /Do not cut over/],
    ['unverified', /nobody could look into it/, /not compared with anything/, /same inputs/],
    ['restore refused', /failed/, /not touched/, /./],
    ['broken', /The restore of the database shop-prod as of .* failed/, /cannot be used/, /another name/],
    ['cancelled', /goes on in AWS/, /was not compared yet/, /same inputs/],
    ['loss exceeded', /production was not cut over/, /at most 12 rows/, /max-write-loss/],
    [
      'promoted',
      /is restored and verified/,
      /Left behind in the old database: at most 12 rows/,
      /promote: undo/,
    ],
  ])('%s says what happened, where the data is, and what to do', (name, what, data, next) => {
    const told = explain(run(name));
    expect(told.headline).toMatch(what);
    expect(told.data).toMatch(data);
    expect(told.next.map((each) => each.say).join(' ')).toMatch(next);
  });

  test('nobody waited is a good end, nobody could wait any longer is none', () => {
    const overdue = { ...run('restoring'), problems: [problem('restore-timeout', 'not yet')] };
    expect([run('restoring'), overdue].map((each) => isGood(each, 'rollback'))).toEqual([true, false]);
  });

  test.each<[End, string]>([
    ['refused', 'unchanged'],
    ['restoring', 'unknown'],
    ['mismatch', 'unknown'],
    ['verified', 'restored'],
  ])('%s: database-state %s, for nobody judged production', (name, state) => {
    expect(outputs(run(name), undefined)['database-state']).toBe(state);
  });

  test('where no schema was recorded, nothing is said to be equal to it', () => {
    const the = run('verified without counters');
    const event = { type: 'restore-verified', differences: [], at: 0 } as const;
    for (const text of [summary(the), logLine(event, the) ?? '']) {
      expect(text).toMatch(/no schema was recorded to compare it with/);
      expect(text).not.toMatch(/equals? (?:to )?the restore point/);
    }
    expect(logLine(event, run('verified'))).toContain('equals the restore point');
  });

  test('the inputs to paste are those of the next job', () => {
    const { next } = explain(run('verified'));
    expect(next.find((each) => each.run?.startsWith('mode: promote'))?.run).toBe(
      `mode: promote\ndb-instance-identifier: shop-prod\nrestored-identifier: ${RESTORED}\npromote: rename\nconfirm: shop-prod`,
    );
    expect(next[0]?.run).toMatch(/^psql 'host=shop-prod-gm-r-8123-1/);
    const again = explain(run('cancelled')).next.find((each) => each.run?.startsWith('mode: rollback'));
    expect(again?.run).toBe('mode: rollback\ndb-instance-identifier: shop-prod\nrun-id: 8123');
  });

  test('the loss by table in the summary, in Slack, and as an output', () => {
    const the = run('verified');
    expect(summary(the)).toContain('| <code>public.orders</code> | 9 | 1 | 0 | 10 |');
    expect(JSON.stringify(slack(the, 'end').blocks)).toContain('public.orders 10 and public.users 2');
    expect(JSON.parse(outputs(the, undefined)['write-loss'] ?? '')).toMatchObject({
      rows: 12,
      walBytes: 5_347_737,
    });
    expect(explain(the).data).toMatch(/5\.1 MiB of write-ahead log/);
    expect(explain(the).data).toMatch(/upper bound/);
  });

  test('what was mended is told once', () => {
    const { did } = explain({ ...run('promoted'), mended: ['MultiAZ'] });
    expect(did.match(/MultiAZ/g)).toHaveLength(1);
  });

  test('on MySQL the loss is told in its words, and that one database was counted', () => {
    const the = run('verified');
    const { database: known } = runOf(started());
    if (known === undefined) throw new Error('no facts of a database');
    const database = { ...known, dialect: 'mysql' } as const;
    expect(lossSentences({ ...the, database }).join('. ')).toMatch(
      /redo log.*other databases .* not counted/,
    );
    const { writeLoss } = the;
    if (writeLoss === undefined) throw new Error('nothing was measured');
    const none = { ...the, database, writeLoss: { ...writeLoss, rows: 0, tables: [] } };
    expect(lossSentences(none).join()).toMatch(
      /^No row was written to shop on .* none of it; writes to other/,
    );
  });
});
