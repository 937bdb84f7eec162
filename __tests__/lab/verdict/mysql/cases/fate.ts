import { type Blow, fine, half, type Meanwhile, same, unsure } from '../../case.ts';
import { each, flavors, kind, type MysqlCase } from '../case.ts';
import { kept } from './order.ts';

const blows = kind('blows of fate');
const traffic = kind('application at work');

const X = `INSERT INTO audit (line) VALUES ('x');\n`;
const BAD = 'ALTER TABLE missing ADD COLUMN x int;\n';
const at = (blow: Blow): Meanwhile => ({ at: 'SLEEP', blow });
/** A KILL QUERY makes it fail, unlike a SLEEP by itself. */
const slow = (seconds: number): string => `UPDATE orders SET note = SLEEP(${seconds});\n`;
const ddl = (seconds: number): string =>
  `CREATE TABLE extra (id int);\n${slow(seconds)}CREATE TABLE more (id int);\n`;
const rows = (seconds: number): string => `${X}DO SLEEP(${seconds});\nDELETE FROM orders;\n`;

const BUSY = `INSERT INTO audit (line, origin) VALUES ('t$n', 'app'); INSERT IGNORE INTO users (email, origin) VALUES ('app$n', 'app'); UPDATE users SET age = $n WHERE email = 'app$n'`;
const ELSEWHERE = `INSERT IGNORE INTO orders (id, user_id, origin) VALUES (1000 + $n, 2, 'app')`;

export const fate: readonly MysqlCase[] = [
  blows('session killed, schema', { files: ddl(20), meanwhile: at('terminate') }, each(half(null))),
  blows(
    'session killed, rows',
    { files: X + slow(20), meanwhile: at('terminate') },
    each(unsure('different')),
  ),
  blows(
    'session killed, one statement',
    { files: slow(20), meanwhile: at('terminate') },
    each(unsure('same')),
  ),
  blows('statement killed, schema', { files: ddl(20), meanwhile: at('cancel') }, each(half('1317', 2))),
  blows('statement killed, rows', { files: X + slow(20), meanwhile: at('cancel') }, kept('1317', 2)),
  blows(
    'statement killed, one statement',
    { files: slow(20), meanwhile: at('cancel') },
    each(same('1317', 1)),
  ),
  blows(
    'statement killed, MyISAM',
    {
      setup: `CREATE TABLE old (id int PRIMARY KEY, line varchar(60)) ENGINE=MyISAM; INSERT INTO old VALUES (1, 'a'), (2, 'b'), (3, 'c');`,
      files: `UPDATE old SET line = IF(id < 3, 'x', SLEEP(20));\n`,
      meanwhile: at('cancel'),
    },
    each(unsure('different', '1317', 1)),
  ),
  blows('CLI killed, the engine ends the file', { files: ddl(1), meanwhile: at('kill-cli') }, each(fine())),
  blows('CLI killed, stopped by the guard', { files: ddl(20), meanwhile: at('kill-cli') }, each(half(null))),
  blows(
    'engine killed, the server goes on, rows',
    { files: rows(1), meanwhile: at('kill-engine') },
    each(unsure('different', null)),
  ),
  blows(
    'engine killed, the server goes on, schema',
    { files: ddl(1), meanwhile: at('kill-engine') },
    each(half(null)),
  ),
  blows(
    'both killed, one long statement',
    { files: slow(20), meanwhile: at('kill-both') },
    each(unsure('same', null)),
  ),
  blows(
    'both killed, the schema changes later',
    { files: `DO SLEEP(8);\nCREATE TABLE extra (id int);\n`, meanwhile: at('kill-both') },
    each({ truth: 'different', state: 'changed' }),
  ),
  blows(
    'both killed, and the lock of Prisma was given back',
    {
      files: `DO RELEASE_LOCK('prisma_migrate');\nDO SLEEP(8);\nCREATE TABLE extra (id int);\n`,
      meanwhile: at('kill-both'),
    },
    each(unsure('same')),
  ),
  blows(
    'both killed, the second of two files',
    { files: { '1_first': 'CREATE TABLE a (id int);', '2_second': rows(1) }, meanwhile: at('kill-both') },
    each(half(null, undefined, { failed: '2_second' })),
  ),
  blows('connection cut, rows', { files: rows(1), meanwhile: at('cut') }, each(unsure('different'))),
  blows(
    'server crashes, schema',
    { alone: true, files: ddl(20), meanwhile: at('crash') },
    each({ truth: 'different', state: 'changed' }),
  ),
  blows(
    'server crashes, rows',
    { alone: true, files: X + slow(20), meanwhile: at('crash') },
    each(unsure('different')),
  ),
  blows(
    'server crashes, one statement',
    { alone: true, files: slow(20), meanwhile: at('crash') },
    each(unsure('same')),
  ),
  blows(
    'server crashes and empties a table in memory',
    {
      alone: true,
      setup: 'CREATE TABLE cache (a int) ENGINE=MEMORY; INSERT INTO cache VALUES (1);',
      files: 'SELECT SLEEP(20);\nALTER TABLE missing ADD COLUMN x int;\n',
      meanwhile: at('crash'),
    },
    each(unsure('different')),
  ),
  blows(
    'server gone for good',
    { slow: true, alone: true, files: ddl(20), meanwhile: at('crash-for-good') },
    each(unsure('different')),
  ),

  traffic(
    'schema fails',
    { files: `CREATE TABLE extra (id int);\nDO SLEEP(0.5);\n${BAD}`, meanwhile: { traffic: BUSY } },
    each(half('1146', 3)),
  ),
  traffic(
    'rows of the same table fail',
    {
      files: `UPDATE users SET name = 'x' WHERE origin = 'seed';\nDO SLEEP(0.5);\n${BAD}`,
      meanwhile: { traffic: BUSY },
    },
    kept('1146', 3),
  ),
  traffic(
    'one statement of the same table fails',
    { files: `UPDATE users SET age = -1 WHERE origin = 'seed';\n`, meanwhile: { traffic: BUSY } },
    flavors(same('3819', 1), same('4025', 1)),
  ),
  traffic(
    'only other tables are written to',
    {
      files: `DELETE FROM audit WHERE line = 'none';\nDO SLEEP(0.5);\n${BAD}`,
      meanwhile: { traffic: ELSEWHERE },
    },
    each(unsure('same', '1146', 3)),
  ),
  traffic(
    'the migration only reads',
    { files: `SELECT count(*) FROM users;\nDO SLEEP(0.5);\n${BAD}`, meanwhile: { traffic: BUSY } },
    each(same('1146', 3)),
  ),
  traffic(
    'the engine is killed',
    { files: rows(1), meanwhile: { ...at('kill-engine'), traffic: BUSY } },
    each(unsure('different')),
  ),
  traffic(
    'somebody else makes a table meanwhile',
    {
      files: `SELECT SLEEP(1);\n${BAD}`,
      meanwhile: { beside: 'CREATE TABLE theirs (id int)', at: 'SLEEP', blow: 'nothing' },
    },
    each(half('1146', 2)),
  ),
];
