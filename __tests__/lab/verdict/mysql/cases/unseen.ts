import { half, same, unsure } from '../../case.ts';
import { each, kind, type MysqlCase, onlyOn } from '../case.ts';
import { kept } from './order.ts';

const blind = kind('the schema ends as it began');
const program = kind('stored programs');

const BAD = 'ALTER TABLE missing ADD COLUMN x int;\n';
const NO_TABLE = '1146';
const lost = each(unsure('different', NO_TABLE));
const PAIR = 'CREATE TABLE pair (a int, b int); INSERT INTO pair VALUES (1, 2);';
const TWINS =
  'CREATE TABLE one (a int); CREATE TABLE two (a int); INSERT INTO one VALUES (1); INSERT INTO two VALUES (2);';
const PARTS =
  'CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (10), PARTITION q VALUES LESS THAN (20)); INSERT INTO parts VALUES (1), (12);';

export const unseen: readonly MysqlCase[] = [
  blind('TRUNCATE', { files: `TRUNCATE audit;\n${BAD}` }, kept(NO_TABLE, 2)),
  blind(
    'table dropped and made again',
    {
      files: `DROP TABLE audit;\nCREATE TABLE audit (line varchar(60), origin varchar(10) DEFAULT 'seed');\n${BAD}`,
    },
    lost,
  ),
  blind(
    'column added and dropped',
    { files: `ALTER TABLE users ADD COLUMN x int;\nALTER TABLE users DROP COLUMN x;\n${BAD}` },
    each(unsure('same', NO_TABLE, 3)),
  ),
  blind(
    'column dropped and added again',
    {
      files: `ALTER TABLE orders DROP COLUMN note;\nALTER TABLE orders ADD COLUMN note text AFTER total;\n${BAD}`,
    },
    lost,
  ),
  blind(
    'column dropped and added in one statement',
    { files: `ALTER TABLE orders DROP COLUMN note, ADD COLUMN note text AFTER total;\n${BAD}` },
    lost,
  ),
  blind(
    'columns that change their names',
    { setup: PAIR, files: `ALTER TABLE pair CHANGE a b int, CHANGE b a int FIRST;\n${BAD}` },
    lost,
  ),
  blind(
    'tables that change their names',
    { setup: TWINS, files: `RENAME TABLE one TO x, two TO one, x TO two;\n${BAD}` },
    lost,
  ),
  blind(
    'type narrowed and widened',
    {
      files: `SET SESSION sql_mode = '';\nALTER TABLE users MODIFY name varchar(1);\nALTER TABLE users MODIFY name varchar(20);\n${BAD}`,
    },
    lost,
  ),
  blind('the next key', { files: `ALTER TABLE users AUTO_INCREMENT = 90000;\n${BAD}` }, lost),
  blind(
    'a partition emptied',
    { setup: PARTS, files: `ALTER TABLE parts TRUNCATE PARTITION p;\n${BAD}` },
    kept(NO_TABLE, 2),
  ),
  blind(
    'a partition exchanged',
    {
      setup: `${PARTS} CREATE TABLE plain (id int PRIMARY KEY);`,
      files: `ALTER TABLE parts EXCHANGE PARTITION p WITH TABLE plain;\n${BAD}`,
    },
    kept(NO_TABLE, 2),
  ),
  blind(
    'index dropped and made again',
    {
      setup: 'CREATE INDEX users_age ON users (age);',
      files: `DROP INDEX users_age ON users;\nCREATE INDEX users_age ON users (age);\n${BAD}`,
    },
    each(same(NO_TABLE, 3)),
  ),
  blind(
    'view made anew',
    {
      role: 'root',
      setup: 'SET NAMES utf8mb4 COLLATE utf8mb4_general_ci; CREATE VIEW v AS SELECT 1 AS a;',
      files: `DROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT 1 AS a;\n${BAD}`,
    },
    each(same(NO_TABLE, 3)),
  ),
  blind(
    'a table rebuilt',
    { files: `OPTIMIZE TABLE users;\nALTER TABLE users FORCE;\n${BAD}` },
    each(same(NO_TABLE, 3)),
  ),

  blind(
    'CREATE OR REPLACE of the same table',
    {
      files: `CREATE OR REPLACE TABLE audit (line varchar(60), origin varchar(10) DEFAULT 'seed');\n${BAD}`,
    },
    onlyOn('mariadb', unsure('different', NO_TABLE, 2)),
  ),
  blind(
    'ALTER IGNORE that drops what is there twice',
    {
      setup: 'CREATE TABLE twice (a int); INSERT INTO twice VALUES (1), (1);',
      files: `ALTER IGNORE TABLE twice ADD UNIQUE INDEX one_each (a);\nDROP INDEX one_each ON twice;\n${BAD}`,
    },
    onlyOn('mariadb', unsure('different', NO_TABLE, 3)),
  ),
  blind(
    'DELETE HISTORY',
    {
      server: 'counted',
      setup:
        'CREATE TABLE past (a int) WITH SYSTEM VERSIONING; INSERT INTO past VALUES (1); UPDATE past SET a = 2;',
      files: `DELETE HISTORY FROM past;\n${BAD}`,
    },
    onlyOn('mariadb', half(NO_TABLE, 2)),
  ),
  blind(
    'a sequence set back',
    {
      server: 'counted',
      setup: 'CREATE SEQUENCE s NOCACHE; SELECT NEXTVAL(s);',
      files: `ALTER SEQUENCE s RESTART 500;\n${BAD}`,
    },
    onlyOn('mariadb', unsure('different', NO_TABLE, 2)),
  ),

  program(
    'procedure, trigger and event before the failure',
    {
      files: `CREATE PROCEDURE p() BEGIN DELETE FROM orders; SELECT 1; END;
CREATE TRIGGER t AFTER INSERT ON orders FOR EACH ROW BEGIN INSERT INTO audit (line) VALUES ('x'); END;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM audit; END;
${BAD}`,
    },
    each(half(NO_TABLE, 4)),
  ),
  program(
    'CALL that writes and fails',
    { files: 'CALL log_and_fail();\n' },
    each(unsure('different', '1644', 1)),
  ),
  program('CALL, then a failure', { files: `CALL log_it();\n${BAD}` }, each(unsure('different', NO_TABLE))),
  program(
    'a function that writes',
    { files: `SELECT log_line('x');\n${BAD}` },
    each(unsure('different', NO_TABLE, 2)),
  ),
  program(
    'a view that calls a function that writes',
    { setup: `CREATE VIEW v AS SELECT log_line('x') AS l;`, files: `SELECT * FROM v;\n${BAD}` },
    each(unsure('different', NO_TABLE, 2)),
  ),
  program(
    'PREPARE and EXECUTE',
    { files: `PREPARE s FROM 'DELETE FROM orders';\nEXECUTE s;\n${BAD}` },
    each(unsure('different', NO_TABLE)),
  ),
  program(
    'a trigger writes to another table',
    {
      setup: `CREATE TRIGGER t AFTER INSERT ON orders FOR EACH ROW INSERT INTO audit (line) VALUES ('x');`,
      files: `INSERT INTO orders VALUES (9, 1, 1, 'x', 'seed');\n${BAD}`,
    },
    kept(NO_TABLE, 2),
  ),
  program(
    'a trigger of a failing statement',
    {
      setup: `CREATE TRIGGER t AFTER INSERT ON orders FOR EACH ROW INSERT INTO audit (line) VALUES ('x');`,
      files: `INSERT INTO orders VALUES (9, 1, 1, 'x', 'seed'), (1, 1, 1, 'x', 'seed');\n`,
    },
    each(same('1062', 1)),
  ),
  program(
    'a trigger of a failing statement writes to MyISAM',
    {
      setup: `CREATE TABLE old (line varchar(60)) ENGINE=MyISAM; CREATE TRIGGER t AFTER INSERT ON orders FOR EACH ROW INSERT INTO old VALUES ('x');`,
      files: `INSERT INTO orders VALUES (9, 1, 1, 'x', 'seed'), (1, 1, 1, 'x', 'seed');\n`,
    },
    each(unsure('different', '1062', 1)),
  ),
  program(
    'an event that runs and goes',
    {
      files: `CREATE EVENT e ON SCHEDULE EVERY 1 SECOND ENDS CURRENT_TIMESTAMP + INTERVAL 2 SECOND DO INSERT INTO audit (line) VALUES ('x');\nDO SLEEP(5);\n${BAD}`,
    },
    each(unsure('different', NO_TABLE)),
  ),
];
