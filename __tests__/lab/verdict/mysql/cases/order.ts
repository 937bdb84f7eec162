import { half, same, unsure } from '../../case.ts';
import { each, flavors, kind, type MysqlCase } from '../case.ts';

const schema = kind('schema before the failure');
const rows = kind('rows before the failure');
const alone = kind('a failing statement alone');
const several = kind('several files');

const BAD = 'ALTER TABLE missing ADD COLUMN x int;\n';
const NO_TABLE = '1146';
/** MySQL counts what was written; without counters nobody can tell. */
export const kept = (code: string, line: number): MysqlCase['expected'] =>
  flavors(half(code, line), unsure('different', code, line));
export const nothing = (code: string, line: number): MysqlCase['expected'] =>
  flavors(same(code, line), unsure('same', code, line));

const MYISAM = 'CREATE TABLE old (id int PRIMARY KEY, line varchar(60)) ENGINE=MyISAM;';

export const order: readonly MysqlCase[] = [
  schema(
    'the first statement fails',
    { files: `${BAD}CREATE TABLE extra (id int);\n` },
    each(same(NO_TABLE, 1)),
  ),
  schema('the second', { files: `CREATE TABLE extra (id int);\n${BAD}` }, each(half(NO_TABLE, 2))),
  schema(
    'the third',
    { files: `CREATE TABLE extra (id int);\nCREATE INDEX users_age ON users (age);\n${BAD}` },
    each(half(NO_TABLE, 3)),
  ),
  schema(
    'the second, after one that did nothing',
    { files: `CREATE TABLE IF NOT EXISTS users (id int);\n${BAD}` },
    each(same(NO_TABLE, 2)),
  ),
  schema(
    'a foreign key of a new table',
    {
      files:
        'CREATE TABLE items (id int PRIMARY KEY, order_id int);\nALTER TABLE items ADD CONSTRAINT items_order FOREIGN KEY (order_id) REFERENCES missing (id);\n',
    },
    flavors(half('1824', 2), half('1005', 2)),
  ),

  rows('INSERT', { files: `INSERT INTO audit (line) VALUES ('x');\n${BAD}` }, kept(NO_TABLE, 2)),
  rows('DELETE of all rows', { files: `DELETE FROM orders;\n${BAD}` }, kept(NO_TABLE, 2)),
  rows(
    'INSERT … SELECT',
    { files: `INSERT INTO audit (line) SELECT email FROM users;\n${BAD}` },
    kept(NO_TABLE, 2),
  ),
  rows('REPLACE', { files: `REPLACE INTO orders VALUES (1, 1, 5, 'y', 'seed');\n${BAD}` }, kept(NO_TABLE, 2)),
  rows(
    'a join of two tables',
    { files: `UPDATE users u JOIN orders o ON o.user_id = u.id SET o.note = u.name;\n${BAD}` },
    kept(NO_TABLE, 2),
  ),
  rows(
    'UPDATE that matches no row',
    { files: `UPDATE users SET age = 1 WHERE id = 99;\n${BAD}` },
    nothing(NO_TABLE, 2),
  ),
  rows('UPDATE that changes nothing', { files: `UPDATE users SET age = age;\n${BAD}` }, nothing(NO_TABLE, 2)),
  rows(
    'INSERT IGNORE of what is there',
    { files: `INSERT IGNORE INTO orders VALUES (1, 1, 5, 'y', 'seed');\n${BAD}` },
    flavors({ ...half(NO_TABLE, 2), truth: 'same' }, unsure('same', NO_TABLE, 2)),
  ),
  rows(
    'CREATE TABLE … SELECT',
    { files: `CREATE TABLE copied AS SELECT * FROM users;\n${BAD}` },
    each(half(NO_TABLE, 2)),
  ),
  rows(
    'a cascade',
    {
      setup:
        'CREATE TABLE items (order_id int, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE); INSERT INTO items VALUES (1), (2);',
      files: `DELETE FROM orders WHERE id = 1;\n${BAD}`,
    },
    kept(NO_TABLE, 2),
  ),
  rows(
    'a partitioned table',
    {
      setup:
        'CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3; INSERT INTO parts VALUES (1), (2);',
      files: `INSERT INTO parts VALUES (3);\n${BAD}`,
    },
    kept(NO_TABLE, 2),
  ),
  rows(
    'a table that does not count',
    { setup: MYISAM, files: `INSERT INTO old VALUES (1, 'x');\n${BAD}` },
    kept(NO_TABLE, 2),
  ),

  alone('INSERT', { files: `INSERT INTO users (email) VALUES ('a@shop');\n` }, each(same('1062', 1))),
  alone(
    'INSERT of several rows, the last refused',
    { files: `INSERT INTO users (email) VALUES ('d@shop'), ('e@shop'), ('a@shop');\n` },
    each(same('1062', 1)),
  ),
  alone(
    'INSERT of several rows in MyISAM',
    { setup: MYISAM, files: `INSERT INTO old VALUES (1, 'x'), (2, 'x'), (1, 'x');\n` },
    each(unsure('different', '1062', 1)),
  ),
  alone(
    'INSERT of several rows in MyISAM, wrapped',
    {
      setup: MYISAM,
      files: `BEGIN;\nINSERT INTO old VALUES (1, 'x');\nINSERT INTO old VALUES (1, 'x');\nCOMMIT;\n`,
    },
    kept('1062', 3),
  ),
  alone(
    'INSERT into a view on MyISAM',
    {
      setup: `${MYISAM} CREATE VIEW olds AS SELECT id, line FROM old;`,
      files: `INSERT INTO olds VALUES (1, 'x'), (1, 'x');\n`,
    },
    each(unsure('different', '1062', 1)),
  ),
  alone(
    'INSERT beside a MyISAM table',
    { setup: MYISAM, files: `INSERT INTO users (email) VALUES ('d@shop'), ('a@shop');\n` },
    each(same('1062', 1)),
  ),
  alone(
    'UPDATE that meets a bad row last',
    { files: `UPDATE users SET age = 35 - age;\n` },
    flavors(same('3819', 1), same('4025', 1)),
  ),
  alone(
    'UPDATE of two tables',
    { files: `UPDATE users u, orders o SET u.name = 'x', o.user_id = 77 WHERE o.user_id = u.id;\n` },
    each(same('1452', 1)),
  ),
  alone(
    'CREATE TABLE … SELECT',
    { files: 'CREATE TABLE copied (email varchar(190) PRIMARY KEY) AS SELECT 1 AS email FROM users;\n' },
    each(same('1062', 1)),
  ),
  alone('TRUNCATE', { files: 'TRUNCATE users;\n' }, each(same('1701', 1))),

  several(
    'the second of two',
    { files: { '1_first': 'CREATE TABLE a (id int);', '2_second': `CREATE TABLE b (id int);\n${BAD}` } },
    each(half(NO_TABLE, 2, { failed: '2_second' })),
  ),
  several(
    'the second, after rows',
    { files: { '1_first': `INSERT INTO audit (line) VALUES ('1');`, '2_second': BAD } },
    each(half(NO_TABLE, 1, { failed: '2_second' })),
  ),
  several(
    'the second, after an empty one',
    { files: { '1_first': '-- nothing\nDO 0;\n', '2_second': BAD } },
    each({ ...half(NO_TABLE, 1, { failed: '2_second' }), truth: 'same' }),
  ),
];
