import { both, half, kind, modes, only, same, unsure, type VerdictCase } from '../case.ts';

const timeout = kind('statement timeout');
const lock = kind('lock timeout and deadlock');

const USERS = 'LOCK TABLE users IN SHARE MODE;';
const again = { retryable: true } as const;
const OPEN = `UPDATE users SET name = name;`;

export const limits: readonly VerdictCase[] = [
  timeout(
    'after a schema change',
    { files: 'CREATE TABLE extra (id int);\nSELECT pg_sleep(9);\n', statementTimeoutMs: 1800 },
    modes(same('57014'), half('57014', 2)),
  ),
  timeout(
    'after rows',
    { files: `DELETE FROM orders;\nSELECT pg_sleep(9);\n`, statementTimeoutMs: 1800 },
    modes(same('57014'), half('57014', 2)),
  ),
  timeout(
    'one statement that writes',
    { files: `UPDATE users SET name = pg_sleep(9)::text;\n`, statementTimeoutMs: 300 },
    both(same('57014', 1)),
  ),
  timeout(
    'wrapped',
    { files: `BEGIN;\nDELETE FROM orders;\nSELECT pg_sleep(2);\nCOMMIT;\n`, statementTimeoutMs: 800 },
    both(same('25P02')),
  ),

  lock(
    'one statement',
    { files: 'ALTER TABLE users ADD COLUMN x int;\n', lockTimeoutMs: 500, meanwhile: { hold: USERS } },
    both(same('55P03', 1, again)),
  ),
  lock(
    'after a schema change',
    {
      files: 'CREATE TABLE extra (id int);\nALTER TABLE users ADD COLUMN x int;\n',
      lockTimeoutMs: 1500,
      meanwhile: { hold: USERS },
    },
    modes(same('55P03', undefined, again), half('55P03', 2)),
  ),
  lock(
    'after rows',
    {
      files: `INSERT INTO audit (line) VALUES ('x');\nALTER TABLE users ADD COLUMN x int;\n`,
      lockTimeoutMs: 1800,
      meanwhile: { hold: USERS },
    },
    modes(same('55P03', undefined, again), half('55P03', 2)),
  ),
  lock(
    'before rows',
    {
      files: `ALTER TABLE users ADD COLUMN x int;\nDELETE FROM orders;\n`,
      lockTimeoutMs: 3200,
      meanwhile: { hold: USERS },
    },
    modes(same('55P03', undefined, again), same('55P03', 1, again)),
  ),
  lock(
    'rows, wrapped',
    {
      files: `BEGIN;\nDELETE FROM orders;\nALTER TABLE users ADD COLUMN x int;\nCOMMIT;\n`,
      lockTimeoutMs: 500,
      meanwhile: { hold: USERS },
    },
    both(same('25P02')),
  ),
  lock(
    'rows wait for rows',
    { files: `UPDATE users SET name = 'x' WHERE id = 1;\n`, lockTimeoutMs: 500, meanwhile: { hold: OPEN } },
    both(same('55P03', 1, again)),
  ),
  lock(
    'NOWAIT',
    { files: 'LOCK TABLE users NOWAIT;\nALTER TABLE users ADD COLUMN x int;\n', meanwhile: { hold: USERS } },
    only('whole-file', same('55P03', 1, again)),
  ),
  lock(
    'deadlock',
    {
      files: 'ALTER TABLE users ADD COLUMN x int;\nALTER TABLE orders ADD COLUMN x int;\n',
      meanwhile: { hold: 'LOCK TABLE orders IN SHARE MODE;', thenHold: USERS },
    },
    only('whole-file', same('40P01', undefined, again)),
  ),
  lock(
    'deadlock over rows',
    {
      files: `UPDATE users SET age = 1 WHERE id = 1;\nUPDATE orders SET note = 'm' WHERE id = 1;\n`,
      meanwhile: {
        hold: `UPDATE orders SET note = 'h' WHERE id = 1;`,
        thenHold: 'UPDATE users SET age = 2 WHERE id = 1;',
      },
    },
    only('whole-file', same('40P01', undefined, again)),
  ),
  lock(
    'the advisory lock of another deploy',
    {
      files: 'CREATE TABLE extra (id int);\n',
      lockTimeoutMs: 700,
      meanwhile: { hold: 'SELECT pg_advisory_lock(72707369);' },
    },
    both(same('55P03', null, again)),
  ),
  lock(
    'the advisory lock, ten seconds',
    {
      slow: true,
      files: 'CREATE TABLE extra (id int);\n',
      lockTimeoutMs: 15_000,
      meanwhile: { hold: 'SELECT pg_advisory_lock(72707369);' },
    },
    both(same('P1002', null)),
  ),

  lock(
    'a lock that nobody can look past, held on',
    {
      slow: true,
      files: 'ALTER TABLE users ADD COLUMN x int;\n',
      lockTimeoutMs: 500,
      meanwhile: { hold: 'LOCK TABLE users;' },
    },
    both(unsure('same', '55P03', null)),
  ),
];
