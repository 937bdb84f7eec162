import { describe, expect, test } from '@jest/globals';
import { problem } from '../../src/domain/problem.ts';
import { outputs } from '../../src/report/outputs.ts';
import { restoredEndpoint } from './facts.ts';
import { FAILED, NAMES, RESTORED, run, runOf, SCENARIOS, timed } from './runs.ts';

describe('outputs', () => {
  test('of a restored failure hold every fact', () => {
    expect(outputs(run('failed-changed-restored'), 'runner/report.json')).toEqual({
      status: 'restored',
      'pending-migrations': JSON.stringify(NAMES),
      'applied-migrations': JSON.stringify([NAMES[0]]),
      'failed-migration': FAILED,
      'error-code': '23502',
      'error-message': 'column "phone" of relation "users" contains null values',
      'database-state': 'restored',
      'snapshot-identifier': 'gm-shop-prod-8123-1',
      'snapshot-arn': 'arn:aws:rds:eu-west-1:123456789012:snapshot:gm-shop-prod-8123-1',
      'restore-time': '2026-11-21T02:03:04Z',
      'restored-identifier': RESTORED,
      'restored-endpoint': restoredEndpoint.address,
      'restored-port': '5432',
      'restored-resource-id': 'db-NEW',
      hazards: '[]',
      'highest-hazard': 'none',
      'migration-duration-ms': '2400',
      'duration-ms': String(timed(SCENARIOS['failed-changed-restored']).length * 1000 - 1000),
      'report-path': 'runner/report.json',
    });
  });

  test.each([
    ['up-to-date', 'up-to-date', 'unchanged'],
    ['refused', 'refused', 'unchanged'],
    ['applied', 'applied', 'changed'],
    ['failed-unchanged', 'failed', 'unchanged'],
    ['failed-changed-restoring', 'restoring', 'changed'],
    ['mismatch', 'failed', 'changed'],
    ['nobody-knows', 'failed', 'unknown'],
    ['cancelled-early', 'cancelled', 'unchanged'],
  ] as const)('of %s: status %s, database %s', (name, status, state) => {
    const values = outputs(run(name), undefined);
    expect([values.status, values['database-state']]).toEqual([status, state]);
    expect(Object.values(values)).not.toContain('');
    expect(values).not.toHaveProperty('report-path');
  });

  test('a refusal leaves no snapshot, no error code of a migration, and says why', () => {
    const values = outputs(run('refused'), undefined);
    expect(Object.keys(values).sort()).toEqual(
      [
        'applied-migrations',
        'database-state',
        'duration-ms',
        'error-message',
        'pending-migrations',
        'status',
      ].sort(),
    );
    expect(values['error-message']).toContain('Automated backups of shop-prod are off');
  });

  test('of several problems each is in the message', () => {
    const refused = runOf([
      {
        type: 'refused',
        problems: ['confirm', 'run-id'].map((name) => problem('input-missing', 'x', { name })),
      },
      { type: 'run-ended', status: 'refused' },
    ]);
    expect(outputs(refused, undefined)['error-message']).toMatch(
      /2 problems found\. The input confirm is missing\. The input run-id is missing\.$/,
    );
  });

  test('what nobody could look at is not called none', () => {
    expect(outputs(run('nobody-knows'), undefined)).not.toHaveProperty('applied-migrations');
  });

  test('a failed row in the history has the code of Prisma', () => {
    const refused = runOf([
      { type: 'refused', problems: [problem('history-failed', 'x')] },
      { type: 'run-ended', status: 'refused' },
    ]);
    expect(outputs(refused, undefined)['error-code']).toBe('P3009');
  });
});
