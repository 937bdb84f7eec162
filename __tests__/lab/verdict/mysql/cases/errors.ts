import { fine, half, same, unsure } from '../../case.ts';
import { each, flavors, kind, type MysqlCase } from '../case.ts';
import { kept } from './order.ts';

const data = kind('data in the way');
const shape = kind('schema in the way');
const syntax = kind('what the server reads');
const rights = kind('rights and counters');

const BAD = 'ALTER TABLE missing ADD COLUMN x int;\n';
const NO_TABLE = '1146';

export const errors: readonly MysqlCase[] = [
  data('unique', { files: 'CREATE UNIQUE INDEX one_each ON orders (user_id);\n' }, each(same('1062', 1))),
  data(
    'foreign key, child',
    { files: `INSERT INTO orders VALUES (9, 77, 1, 'x', 'seed');\n` },
    each(same('1452', 1)),
  ),
  data('foreign key, parent', { files: 'DELETE FROM users;\n' }, each(same('1451', 1))),
  data(
    'foreign key, added',
    {
      files: `CREATE TABLE extra (id int);\nALTER TABLE orders ADD CONSTRAINT o FOREIGN KEY (id) REFERENCES audit2 (id);\n`,
      setup: 'CREATE TABLE audit2 (id int PRIMARY KEY);',
    },
    each(half('1452', 2)),
  ),
  data(
    'check',
    { files: 'ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 35);\n' },
    flavors(same('3819', 1), same('4025', 1)),
  ),
  data(
    'NOT NULL',
    { files: 'ALTER TABLE users MODIFY age int NOT NULL;\n' },
    flavors(same('1138', 1), same('1265', 1)),
  ),
  data(
    'too long',
    { files: `INSERT INTO users (email, name) VALUES ('d', REPEAT('x', 30));\n` },
    each(same('1406', 1)),
  ),
  data(
    'too long, after a schema change',
    { files: `CREATE INDEX i ON users (age);\nALTER TABLE users MODIFY email varchar(3);\n` },
    each({ truth: 'different', state: 'changed', line: 2 }),
  ),

  shape('exists already', { files: 'CREATE TABLE users (id int);\n' }, each(same('1050', 1))),
  shape('column exists', { files: 'ALTER TABLE users ADD COLUMN email int;\n' }, each(same('1060', 1))),
  shape('nothing to drop', { files: 'ALTER TABLE users DROP COLUMN missing;\n' }, each(same('1091', 1))),
  shape(
    'a key of another type',
    { files: 'ALTER TABLE orders ADD CONSTRAINT o FOREIGN KEY (note) REFERENCES users (id);\n' },
    each({ truth: 'same', state: 'unchanged', line: 1 }),
  ),
  shape(
    'a table that is referred to',
    { files: 'DROP TABLE users;\n' },
    flavors(same('3730', 1), same('1451', 1)),
  ),
  shape(
    'two tables, one of them missing',
    { files: 'DROP TABLE audit, missing;\n' },
    flavors(same('1051', 1), half('1051', 1)),
  ),
  shape(
    'two views, one of them missing',
    { setup: 'CREATE VIEW v AS SELECT 1 AS a;', files: 'DROP VIEW v, missing;\n' },
    flavors(same('1051', 1), { truth: 'different', state: 'changed', line: 1 }),
  ),

  syntax(
    'a mistake at the very start',
    { files: 'CREAT TABLE extra (id int);\nDELETE FROM orders;\n' },
    each(same('1064', 1)),
  ),
  syntax(
    'a mistake in the middle',
    { files: 'CREATE TABLE extra (id int);\nCREATE TABL more (id int);\nDELETE FROM orders;\n' },
    each(half('1064', 2)),
  ),
  syntax(
    'a mistake in the middle, after rows',
    { files: `INSERT INTO audit (line) VALUES ('x');\nDELET FROM orders;\n` },
    kept('1064', 2),
  ),
  syntax('DELIMITER first', { files: 'DELIMITER //\nDELETE FROM orders//\n' }, each(same('1064'))),
  syntax(
    'DELIMITER behind rows',
    { files: 'DELETE FROM orders;\nDELIMITER //\nDELETE FROM audit//\n' },
    each(unsure('different', '1064')),
  ),
  syntax(
    'an open string',
    { files: `INSERT INTO audit (line) VALUES ('x);\n` },
    each(unsure('same', '1064')),
  ),
  syntax('an empty file', { files: '' }, each(same('1065'))),
  syntax('only a comment', { files: '-- nothing\n' }, each(fine('same'))),
  syntax(
    'a comment at the end',
    { files: `INSERT INTO audit (line) VALUES ('x');\n-- the end\n` },
    each({ truth: 'different', state: 'changed', ok: true }),
  ),
  syntax(
    'an empty statement first',
    { files: `;;INSERT INTO audit (line) VALUES ('x');\n${BAD}` },
    each(same('1064', 1)),
  ),
  syntax(
    'an empty statement behind rows',
    { files: `INSERT INTO audit (line) VALUES ('x');;\n${BAD}` },
    flavors(half('1064'), unsure('different', '1064')),
  ),
  syntax(
    'a comment of another version runs',
    { files: `/*!50600 INSERT INTO audit (line) VALUES ('x') */;\n${BAD}` },
    kept(NO_TABLE, 2),
  ),
  syntax(
    'a comment that is skipped is an empty statement',
    { files: `/*!999999 DO 1 */;\nINSERT INTO audit (line) VALUES ('x');\nSELEC 1;\n` },
    each(same('1064', 1)),
  ),
  syntax(
    'a comment that is skipped, behind rows',
    { files: `INSERT INTO audit (line) VALUES ('x');\n/*!999999 DO 1 */;\nDELETE FROM orders;\n` },
    kept('1064', 2),
  ),
  syntax(
    'MariaDB alone runs it',
    { files: `/*M!100000 INSERT INTO audit (line) VALUES ('x') */;\n${BAD}` },
    flavors(same('1064', 1), unsure('different', NO_TABLE)),
  ),
  syntax(
    'MySQL alone runs it',
    { files: `DO 0;\n/*!80000 INSERT INTO audit (line) VALUES ('x') */;\n${BAD}` },
    flavors(half(NO_TABLE, 3), same('1064', 2)),
  ),
  syntax('GET_LOCK', { files: `SELECT GET_LOCK('mine', 0);\n${BAD}` }, each(same(NO_TABLE, 2))),

  rights(
    'an account that sees no counters, rows',
    { role: 'limited', files: `INSERT INTO audit (line) VALUES ('x');\n${BAD}` },
    each(unsure('different', NO_TABLE, 2)),
  ),
  rights(
    'an account that sees no counters, the first statement',
    { role: 'limited', files: `UPDATE users SET age = -1;\n` },
    flavors(same('3819', 1), same('4025', 1)),
  ),
  rights(
    'an account that may not create',
    {
      role: 'limited',
      admin: `REVOKE CREATE ON shop.* FROM 'limited'@'%';`,
      files: `UPDATE users SET age = 1;\nCREATE TABLE extra (id int);\n`,
    },
    each(unsure('different', '1142', 2)),
  ),
  rights(
    'performance_schema is off, rows',
    { server: 'uncounted', files: `UPDATE users SET age = 1 WHERE id = 99;\n${BAD}` },
    each(unsure('same', NO_TABLE, 2)),
  ),
  rights(
    'performance_schema is on, rows',
    { server: 'counted', files: `DELETE FROM orders;\n${BAD}` },
    each(half(NO_TABLE, 2)),
  ),
  rights(
    'performance_schema is on, nothing written',
    { server: 'counted', files: `UPDATE users SET age = 1 WHERE id = 99;\n${BAD}` },
    each(same(NO_TABLE, 2)),
  ),
  rights(
    'performance_schema is on, TRUNCATE',
    { server: 'counted', files: `TRUNCATE audit;\n${BAD}` },
    each(half(NO_TABLE, 2)),
  ),
];
