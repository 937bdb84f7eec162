import { half, same, unsure } from '../../case.ts';
import { each, flavors, kind, type MysqlCase } from '../case.ts';
import { kept } from './order.ts';

const timeout = kind('statement timeout');
const lock = kind('locks');
const budget = kind('stopped by the guard');

const again = { retryable: true } as const;
const X = `INSERT INTO audit (line) VALUES ('x');\n`;
/** A transaction that has looked at the table holds back every change of its shape. */
const SEEN = 'SELECT * FROM users;';
const ROW = `UPDATE users SET name = 'h' WHERE id = 1;`;
const SLOW = `UPDATE users SET name = SLEEP(20);\n`;
const LONG = `UPDATE users SET name = SLEEP(60);\n`;

export const limits: readonly MysqlCase[] = [
  timeout('one statement', { files: SLOW, statementTimeoutMs: 2000 }, each(same('1317', 1))),
  timeout(
    'after a schema change',
    { files: `CREATE TABLE extra (id int);\n${SLOW}`, statementTimeoutMs: 2000 },
    each(half('1317', 2)),
  ),
  timeout('after rows', { files: X + SLOW, statementTimeoutMs: 2000 }, kept('1317', 2)),
  timeout(
    'wrapped',
    { files: `BEGIN;\n${X}${SLOW}COMMIT;\n`, statementTimeoutMs: 2000 },
    each(same('1317', 3)),
  ),
  timeout(
    'an interrupted SLEEP is no failure',
    {
      files: `CREATE TABLE extra (id int);\nDO SLEEP(20);\nCREATE TABLE more (id int);\n`,
      statementTimeoutMs: 2000,
    },
    each({ truth: 'different', state: 'changed', ok: true }),
  ),

  lock(
    'of a table, one statement',
    { files: 'ALTER TABLE users ADD COLUMN x int;\n', lockTimeoutMs: 1500, meanwhile: { hold: SEEN } },
    each(same('1317', 1, again)),
  ),
  lock(
    'of a table, after a schema change',
    {
      files: 'CREATE TABLE extra (id int);\nALTER TABLE users ADD COLUMN x int;\n',
      lockTimeoutMs: 1500,
      meanwhile: { hold: SEEN },
    },
    each(half('1317', 2)),
  ),
  lock(
    'of a table, after rows',
    { files: `${X}ALTER TABLE users ADD COLUMN x int;\n`, lockTimeoutMs: 1500, meanwhile: { hold: SEEN } },
    kept('1317', 2),
  ),
  lock(
    'of a table, the server gives up itself',
    {
      files: 'SET SESSION lock_wait_timeout = 1;\nALTER TABLE users ADD COLUMN x int;\n',
      meanwhile: { hold: SEEN },
    },
    each(same('1205', 2, again)),
  ),
  lock(
    'of a row, one statement',
    {
      files: `SET SESSION innodb_lock_wait_timeout = 1;\nUPDATE users SET name = 'x';\n`,
      meanwhile: { hold: ROW },
    },
    each(same('1205', 2, again)),
  ),
  lock(
    'of a row, after rows',
    {
      files: `SET SESSION innodb_lock_wait_timeout = 1;\n${X}UPDATE users SET name = 'x';\n`,
      meanwhile: { hold: ROW },
    },
    kept('1205', 3),
  ),
  lock(
    'of a row, kept by the guard',
    { files: `UPDATE users SET name = 'x';\n`, lockTimeoutMs: 1500, meanwhile: { hold: ROW } },
    each(same('1317', 1, again)),
  ),
  lock(
    'deadlock',
    {
      files: `UPDATE users SET name = 'x' ORDER BY id;\n`,
      setup: 'CREATE TABLE heavy (id int);',
      meanwhile: {
        hold: `INSERT INTO heavy SELECT a.id FROM users a, users b, users c, users d; UPDATE users SET name = 'h' WHERE id = 3;`,
        thenHold: `UPDATE users SET name = 'h' WHERE id = 1;`,
      },
    },
    each(same('1213', 1, again)),
  ),
  lock(
    'another deploy holds the lock of Prisma',
    { files: 'CREATE TABLE extra (id int);\n', meanwhile: { hold: `SELECT GET_LOCK('prisma_migrate', 0);` } },
    each(same(null, null)),
  ),

  budget(
    'migration timeout, schema',
    {
      files: `CREATE TABLE extra (id int);\n${LONG}`,
      statementTimeoutMs: 90_000,
      migrationTimeoutMs: 25_000,
    },
    each(half('1317', 2)),
  ),
  budget(
    'cancelled, rows',
    { files: X + SLOW, statementTimeoutMs: 60_000, meanwhile: { at: 'SLEEP', blow: 'abort' } },
    flavors(half('1317'), unsure('different', '1317')),
  ),
  budget(
    'cancelled, one statement',
    { files: SLOW, statementTimeoutMs: 60_000, meanwhile: { at: 'SLEEP', blow: 'abort' } },
    each(same('1317', 1)),
  ),
];
