import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import type { NoticeCode } from '../../src/domain/event.ts';
import { fold } from '../../src/domain/fold.ts';
import { type ProblemCode, problem } from '../../src/domain/problem.ts';
import { emptyRun } from '../../src/domain/run.ts';
import { report } from '../../src/report/record.ts';
import { NOTICE_TEXTS, PROBLEM_TEXTS } from '../../src/report/text.ts';
import { identity, T0 } from './facts.ts';
import { run, runOf, SCENARIOS, scenarios, timed } from './runs.ts';

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  allErrors: true,
  validateFormats: true,
});
// Ajv knows no formats of its own: what matters here is that a Date reads it.
ajv.addFormat('date-time', {
  validate: (text: string) => /^\d{4}-.*Z$/.test(text) && !Number.isNaN(Date.parse(text)),
});
const validate = ajv.compile(schema as object);

/** As a reader of the file gets it. */
const written = (value: unknown): Record<string, unknown> =>
  JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
const errorsOf = (value: unknown): unknown => (validate(written(value)) ? [] : validate.errors);

describe('the JSON report fits docs/report.schema.json', () => {
  test.each(scenarios)('%s, after each of its events', (name) => {
    let state = emptyRun(identity, T0);
    for (const event of timed(SCENARIOS[name])) {
      state = fold(state, event);
      expect(errorsOf(report(state))).toEqual([]);
    }
  });

  test('with every problem and every notice', () => {
    const state = runOf([
      {
        type: 'refused',
        problems: (Object.keys(PROBLEM_TEXTS) as ProblemCode[]).map((code) => problem(code, 'x', { pid: 1 })),
      },
      ...(Object.keys(NOTICE_TEXTS) as NoticeCode[]).map((code) => ({
        type: 'notice' as const,
        notice: { code, level: 'warning' as const, fields: {} },
      })),
      { type: 'run-ended', status: 'refused' },
    ]);
    expect(errorsOf(report(state))).toEqual([]);
  });

  test.each([
    ['a missing key', 'status', undefined],
    ['an unknown status', 'status', 'fine'],
    ['a later version', 'version', 2],
    ['a problem without words', 'problems', [{ code: 'x', detail: '', fields: {} }]],
    ['a key nobody knows', 'surprise', 1],
  ])('which refuses %s', (_, key, value) => {
    expect(errorsOf({ ...report(run('failed-changed-restored')), [key]: value })).not.toEqual([]);
  });
});

test('the report keeps the facts and reduces the fingerprint', () => {
  const found = written(report(run('failed-changed-restored')));
  expect(found).toMatchObject({
    version: 1,
    status: 'restored',
    databaseState: 'restored',
    startedAt: '2026-11-21T02:00:00.000Z',
    runUrl: 'https://github.com/acme/shop/actions/runs/8123/attempts/1',
    restorePoint: {
      time: '2026-11-21T02:03:04Z',
      fingerprint: { digest: 'ab12', objects: 2 },
      tables: 1,
      history: 0,
    },
    verdict: { error: { code: '23502' }, statement: { line: 4 } },
    restore: { differences: [] },
  });
  expect(JSON.stringify(found)).not.toContain('table public.users');
});
