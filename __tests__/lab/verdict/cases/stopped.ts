import { both, half, kind, modes, same, unsure, type VerdictCase } from '../case.ts';

const concurrent = kind('CONCURRENTLY');
const budget = kind('stopped by the guard');

const USERS = 'LOCK TABLE users IN SHARE MODE;';
const again = { retryable: true } as const;
const INDEX = 'CREATE INDEX CONCURRENTLY users_age ON users (age);\n';
const OPEN = 'UPDATE users SET name = name;';
const DDL = 'CREATE TABLE extra (id int);\nSELECT pg_sleep(30);\nCREATE TABLE more (id int);\n';
const ROWS = `INSERT INTO audit (line) VALUES ('x');\nSELECT pg_sleep(30);\nDELETE FROM orders;\n`;

export const stopped: readonly VerdictCase[] = [
  concurrent(
    'breaks a key and is dropped again',
    { files: 'CREATE UNIQUE INDEX CONCURRENTLY one_each ON orders (user_id);\n' },
    both(same('23505', 1)),
  ),
  concurrent(
    'timed out and is dropped again',
    { files: INDEX, lockTimeoutMs: 600, meanwhile: { hold: OPEN, letGo: true } },
    both(same('55P03', 1, again)),
  ),
  concurrent(
    'statement timeout',
    { files: INDEX, statementTimeoutMs: 900, meanwhile: { hold: OPEN, letGo: true } },
    both(same('57014', 1)),
  ),
  concurrent(
    'timed out and cannot be dropped',
    { files: INDEX, lockTimeoutMs: 600, meanwhile: { hold: OPEN } },
    both(half('55P03', 1)),
  ),
  concurrent(
    'in company',
    { files: `CREATE TABLE extra (id int);\n${INDEX}` },
    modes(same('25001', 2), { truth: 'different', state: 'changed', ok: true }),
  ),
  concurrent(
    'in company, breaks a key',
    {
      files: `DELETE FROM orders WHERE id = 3;\nCREATE UNIQUE INDEX CONCURRENTLY one_each ON orders (user_id);\n`,
    },
    modes(same('25001', 2), unsure('different', '23505', 2)),
  ),
  concurrent(
    'DROP INDEX in company',
    {
      setup: 'CREATE INDEX users_age ON users (age);',
      files: `DELETE FROM orders;\nDROP INDEX CONCURRENTLY users_age;\n`,
    },
    both(same('25001', 2)),
  ),
  concurrent(
    'REINDEX timed out',
    {
      files: 'REINDEX INDEX CONCURRENTLY users_email_key;\n',
      lockTimeoutMs: 600,
      meanwhile: { hold: OPEN, letGo: true },
    },
    both(same('55P03', 1, again)),
  ),

  budget(
    'migration timeout, schema',
    { files: DDL, statementTimeoutMs: 60_000, migrationTimeoutMs: 9000 },
    modes(same('57014'), half('57014', 2)),
  ),
  budget(
    'migration timeout, rows',
    { slow: true, files: ROWS, statementTimeoutMs: 60_000, migrationTimeoutMs: 9000 },
    modes(same('57014'), half('57014', 2)),
  ),
  budget(
    'cancelled, schema',
    { files: DDL, statementTimeoutMs: 60_000, meanwhile: { at: 'pg_sleep', blow: 'abort' } },
    modes(same('57014'), half('57014')),
  ),
  budget(
    'cancelled, rows',
    { files: ROWS, statementTimeoutMs: 60_000, meanwhile: { at: 'pg_sleep', blow: 'abort' } },
    modes(same('57014'), unsure('different', '57014')),
  ),
  budget(
    'migration timeout while it waits for a lock',
    {
      files: 'ALTER TABLE users ADD COLUMN x int;\n',
      lockTimeoutMs: 60_000,
      statementTimeoutMs: 60_000,
      migrationTimeoutMs: 9000,
      meanwhile: { hold: USERS },
    },
    both(same('57014', 1)),
  ),
];
