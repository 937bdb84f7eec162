import { describe, expect, test } from '@jest/globals';
import type { TableFacts } from '../../src/domain/hazard.ts';
import { catalog, find, table, told } from './support/find.ts';

const sized = (rows: number | undefined, bytes: number | undefined) =>
  catalog({ 'public.t': table({ rows, bytes }) });

describe('the size decides the level', () => {
  const CASES: readonly (readonly [string, number | undefined, number | undefined, string])[] = [
    ['ALTER TABLE t ALTER c TYPE bigint', 500, 50_000, 'change-column-type notice'],
    ['ALTER TABLE t ALTER c TYPE bigint', 200_000, 20_000_000, 'change-column-type warning'],
    ['ALTER TABLE t ALTER c TYPE bigint', 5_000_000, 500_000_000, 'change-column-type error'],
    ['ALTER TABLE t ALTER c TYPE bigint', 50_000_000, 5_000_000_000, 'change-column-type block'],
    ['ALTER TABLE t ALTER c TYPE bigint', undefined, undefined, 'change-column-type block'],
    ['ALTER TABLE t ALTER c TYPE bigint', undefined, 8192, 'change-column-type notice'],
    ['CREATE INDEX i ON t (c)', 200_000, 20_000_000, 'create-index warning'],
    ['CREATE INDEX i ON t (c)', undefined, undefined, 'create-index error'],
    ['CREATE INDEX i ON t (c)', 100_000_000, 10_000_000_000, 'create-index block'],
    ['CREATE INDEX CONCURRENTLY i ON t (c)', 100_000_000, 10_000_000_000, 'outlasts-statement-timeout block'],
    ['UPDATE t SET c = 1', 500, 50_000, 'unbatched-backfill notice'],
    ['UPDATE t SET c = 1', 5_000_000, 500_000_000, 'unbatched-backfill block'],
    ['ALTER TABLE t ADD COLUMN c int NOT NULL', 10, 8192, 'add-required-column block'],
    ['ALTER TABLE t DROP COLUMN c', 10, 8192, 'drop-column error'],
    ['ALTER TABLE t DROP COLUMN c', 0, 0, 'drop-column warning'],
  ];
  test.each(CASES)('%s with %s rows and %s bytes: %s', async (sql, rows, bytes, expected) => {
    expect(told(await find(sql, { catalog: sized(rows, bytes) }))).toEqual([expected]);
  });

  test('an empty table takes a required column, unless a row comes first', async () => {
    expect(
      told(await find('ALTER TABLE t ADD COLUMN c int NOT NULL', { catalog: sized(undefined, 0) })),
    ).toEqual(['add-required-column notice']);
  });

  test('the estimate is a range and is held against the timeout', async () => {
    const request = { catalog: sized(5_000_000, 500_000_000) };
    const [short] = await find('UPDATE t SET c = 1', { ...request, statementTimeoutMs: 30_000 });
    const [long] = await find('UPDATE t SET c = 1', { ...request, statementTimeoutMs: 600_000 });
    expect(short?.estimate?.highMs).toBe((short?.estimate?.lowMs ?? 0) * 4);
    expect([short?.level, long?.level]).toEqual(['block', 'error']);
    expect(short?.message).toContain('but statement-timeout ends it after 30 s');
  });
});

describe('facts of columns take findings away', () => {
  const facts: Partial<TableFacts> = {
    columns: {
      small: { type: 'character varying(20)', notNull: false },
      at: { type: 'timestamp(3) without time zone', notNull: false },
      name: { type: 'text', notNull: true },
    },
    checkedNotNull: ['small'],
  };
  const known = catalog({ 'public.t': table(facts) });
  const CASES: readonly (readonly [string, readonly string[]])[] = [
    ['ALTER TABLE t ALTER small TYPE varchar(50)', []],
    ['ALTER TABLE t ALTER small TYPE text', []],
    ['ALTER TABLE t ALTER small TYPE varchar(10)', ['change-column-type error']],
    ['ALTER TABLE t ALTER at TYPE timestamptz', []],
    ['ALTER TABLE t ALTER at TYPE timestamptz(3)', ['change-column-type error']],
    ['ALTER TABLE t ALTER small SET NOT NULL', []],
    ['ALTER TABLE t ALTER name SET NOT NULL', []],
    ['ALTER TABLE t ALTER at SET NOT NULL', ['set-not-null error']],
  ];
  test.each(CASES)('%s', async (sql, expected) => {
    expect(told(await find(sql, { catalog: known }))).toEqual(expected);
  });

  const STALE: readonly (readonly [string, readonly string[], string])[] = [
    [
      'a recreated column',
      ['ALTER TABLE t DROP small, ADD small text', 'ALTER TABLE t ALTER small SET NOT NULL'],
      'set-not-null',
    ],
    [
      'a renamed column',
      [
        'ALTER TABLE t RENAME at TO small2; ALTER TABLE t RENAME small TO at; ALTER TABLE t RENAME small2 TO small',
        'ALTER TABLE t ALTER small SET NOT NULL',
      ],
      'set-not-null',
    ],
    [
      'a dropped NOT NULL',
      ['ALTER TABLE t ALTER name DROP NOT NULL', 'ALTER TABLE t ALTER name SET NOT NULL'],
      'set-not-null',
    ],
    [
      'a changed type',
      ['ALTER TABLE t ALTER small TYPE varchar(50)', 'ALTER TABLE t ALTER small TYPE varchar(30)'],
      'change-column-type',
    ],
    ['a renamed table', ['ALTER TABLE t RENAME TO u', 'ALTER TABLE u ALTER at SET NOT NULL'], 'set-not-null'],
  ];
  test.each(STALE)('%s does not suppress', async (_, scripts, rule) => {
    const last = (await find(scripts, { catalog: known })).filter(({ migration }) => migration === 'm1');
    expect(last.map((each) => each.rule)).toContain(rule);
  });

  test('a constraint of a pending file proves as well, once it is validated', async () => {
    const add = 'ALTER TABLE t ADD CONSTRAINT c CHECK (at IS NOT NULL) NOT VALID';
    const set = 'ALTER TABLE t ALTER at SET NOT NULL';
    expect(told(await find([add, set], { catalog: known }))).toEqual(['set-not-null error']);
    expect(told(await find([add, 'ALTER TABLE t VALIDATE CONSTRAINT c', set], { catalog: known }))).toEqual(
      [],
    );
    const old = { catalog: known, serverVersion: 110000 };
    expect(told(await find([add, 'ALTER TABLE t VALIDATE CONSTRAINT c', set], old))).toEqual([
      'set-not-null error',
    ]);
  });
});

test('applied migrations tell types when no database is at hand', async () => {
  const applied = ['CREATE TABLE t (id int PRIMARY KEY, name varchar(20))'];
  expect(told(await find('ALTER TABLE t ALTER name TYPE varchar(50)', { applied }))).toEqual([]);
  expect(told(await find('ALTER TABLE t ALTER name TYPE varchar(50)'))).toEqual([
    'change-column-type warning',
  ]);
});

test('a transaction of others that is open for long is named', async () => {
  const busy = catalog({ 'public.t': table() }, { oldestTransactionMs: 90_000 });
  expect(told(await find('ALTER TABLE t ADD COLUMN c int', { catalog: busy }))).toEqual([
    'long-transaction-in-the-way warning',
  ]);
});

test('what the server is too old for is refused', async () => {
  const sql = 'ALTER TABLE t ADD CONSTRAINT n CHECK (a > 0) NOT ENFORCED';
  expect(told(await find(sql, { serverVersion: 160000 }))).toEqual(['newer-than-server block']);
  const build = 'CREATE INDEX CONCURRENTLY i ON t (a)';
  expect(told(await find(build, { serverVersion: 140002 }))).toEqual(['concurrent-index-corruption block']);
});
