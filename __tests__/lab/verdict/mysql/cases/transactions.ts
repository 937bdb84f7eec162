import { fine, half, same, unsure } from '../../case.ts';
import { each, flavors, kind, type MysqlCase } from '../case.ts';
import { kept } from './order.ts';

const wrapped = kind('BEGIN and COMMIT');
const autocommit = kind('autocommit');
const locked = kind('LOCK TABLES');

const BAD = 'ALTER TABLE missing ADD COLUMN x int;\n';
const NO_TABLE = '1146';
const X = `INSERT INTO audit (line) VALUES ('x');\n`;
const DUP = `INSERT INTO users (email) VALUES ('a@shop');\n`;

export const transactions: readonly MysqlCase[] = [
  wrapped('around rows, the last fails', { files: `BEGIN;\n${X}${DUP}COMMIT;\n` }, each(same('1062', 3))),
  wrapped(
    'START TRANSACTION and a savepoint',
    { files: `START TRANSACTION;\n${X}SAVEPOINT s;\n${DUP}COMMIT;\n` },
    each(same('1062', 4)),
  ),
  wrapped('a mistake in it', { files: `BEGIN;\n${X}SELEC 1;\nCOMMIT;\n` }, each(same('1064', 3))),
  wrapped(
    'a schema change in it',
    { files: `BEGIN;\n${X}CREATE TABLE extra (id int);\n${DUP}COMMIT;\n` },
    each(half('1062', 4)),
  ),
  wrapped(
    'a schema change in it that did nothing',
    { files: `BEGIN;\n${X}CREATE TABLE IF NOT EXISTS users (id int);\n${DUP}COMMIT;\n` },
    kept('1062', 4),
  ),
  wrapped(
    'a failing schema change commits what came before',
    { files: `BEGIN;\n${X}${BAD}COMMIT;\n` },
    kept(NO_TABLE, 3),
  ),
  wrapped('a failure after COMMIT', { files: `BEGIN;\n${X}COMMIT;\n${DUP}` }, kept('1062', 4)),
  wrapped('rolled back, then a failure', { files: `BEGIN;\n${X}ROLLBACK;\n${DUP}` }, each(same('1062', 4))),
  wrapped(
    'a failing block behind one that did nothing',
    { files: `BEGIN;\nUPDATE users SET age = 1 WHERE id = 99;\nCOMMIT;\nBEGIN;\n${X}${DUP}COMMIT;\n` },
    flavors({ ...half('1062', 6), truth: 'same' }, unsure('same', '1062', 6)),
  ),
  wrapped('without COMMIT, rows', { files: `BEGIN;\n${X}` }, each(unsure('same', null, null))),
  wrapped(
    'without COMMIT, and a schema change ends it',
    { files: `BEGIN;\n${X}CREATE TABLE extra (id int);\n` },
    each(fine()),
  ),
  wrapped(
    'without COMMIT, and the next file ends it',
    {
      files: { '1_first': `BEGIN;\n${X}`, '2_second': `CREATE TABLE IF NOT EXISTS users (id int);\n${DUP}` },
    },
    each(half('1062', 2, { failed: '2_second' })),
  ),
  wrapped('ROLLBACK at the end', { files: `${X}ROLLBACK;\n` }, each(fine())),
  wrapped('rolled back at the end', { files: `BEGIN;\n${X}ROLLBACK;\n` }, each(fine('same'))),

  autocommit('off, all fine', { files: `SET autocommit = 0;\n${X}` }, each(unsure('same', null, null))),
  autocommit(
    'off and COMMIT, all fine',
    { files: `SET autocommit = 0;\n${X}COMMIT;\n` },
    each(unsure('different', null, null)),
  ),
  autocommit('off, a failure', { files: `SET autocommit = 0;\n${X}${DUP}` }, each(same('1062', 3))),
  autocommit('off, a failing schema change', { files: `SET autocommit = 0;\n${X}${BAD}` }, kept(NO_TABLE, 3)),
  autocommit(
    'off, a failure after a schema change',
    { files: `SET autocommit = 0;\n${X}CREATE TABLE IF NOT EXISTS users (id int);\n${DUP}` },
    kept('1062', 4),
  ),
  autocommit(
    'off and on again',
    { files: `SET autocommit = 0;\n${X}SET autocommit = 1;\n${DUP}` },
    kept('1062', 4),
  ),
  autocommit(
    'off in the first of two files',
    { files: { '1_first': `SET autocommit = 0;\n${X}`, '2_second': DUP } },
    each(unsure('same', '1062', undefined)),
  ),
  autocommit(
    'off behind rows, and the next file fails',
    { files: { '1_first': `${X}SET autocommit = 0;\n`, '2_second': DUP } },
    each(unsure('different', '1062', null)),
  ),
  autocommit(
    'off, MyISAM',
    {
      setup: 'CREATE TABLE old (line varchar(60)) ENGINE=MyISAM;',
      files: `SET autocommit = 0;\nINSERT INTO old VALUES ('x');\n${DUP}`,
    },
    flavors(half('1062', 3), unsure('different', '1062', 3)),
  ),

  locked('the history is not locked', { files: `LOCK TABLES audit WRITE;\n${X}` }, each(unsure('different'))),
  locked('and unlocked', { files: `LOCK TABLES audit WRITE;\n${X}UNLOCK TABLES;\n` }, each(fine())),
  locked(
    'unlocked before the failure',
    { files: `LOCK TABLES audit WRITE;\n${X}UNLOCK TABLES;\n${DUP}` },
    kept('1062', 4),
  ),
  locked('a failure within', { files: `LOCK TABLES audit WRITE;\n${X}${DUP}` }, each(unsure('different'))),
];
