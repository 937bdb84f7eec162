import { fine, unsure } from '../../case.ts';
import { each, kind, type MysqlCase } from '../case.ts';

const elsewhere = kind('another database');

const BAD = 'ALTER TABLE missing ADD COLUMN x int;\n';
const NO_TABLE = '1146';

export const others: readonly MysqlCase[] = [
  elsewhere(
    'rows of a qualified table',
    { files: `INSERT INTO other.ledger (line) VALUES ('x');\n${BAD}` },
    each(unsure('different', NO_TABLE, 2)),
  ),
  elsewhere(
    'a table',
    { files: `CREATE TABLE other.extra (id int);\n${BAD}` },
    each(unsure('different', NO_TABLE, 2)),
  ),
  elsewhere(
    'USE',
    { files: `USE other;\nDELETE FROM ledger;\n${BAD}` },
    each(unsure('different', undefined, 3)),
  ),
  elsewhere('USE, and it works', { files: `USE other;\nDELETE FROM ledger;\n` }, each(unsure('different'))),
  elsewhere(
    'a view on it',
    {
      setup: 'CREATE VIEW far AS SELECT id, line FROM other.ledger;',
      files: `INSERT INTO far (line) VALUES ('x');\n${BAD}`,
    },
    each(unsure('different', NO_TABLE, 2)),
  ),
  elsewhere(
    'a trigger into it, of an UPDATE that changes nothing',
    {
      setup: `CREATE TRIGGER t AFTER UPDATE ON users FOR EACH ROW INSERT INTO other.ledger (line) VALUES ('x');`,
      files: `UPDATE users SET age = age;\n${BAD}`,
    },
    each(unsure('different', NO_TABLE, 2)),
  ),
  elsewhere(
    'a failing INSERT into its MyISAM table',
    {
      setup: 'CREATE TABLE other.old (id int PRIMARY KEY) ENGINE=MyISAM;',
      files: 'INSERT INTO other.old VALUES (1), (1);\n',
    },
    each(unsure('different', '1062', 1)),
  ),
  elsewhere(
    'rights',
    { role: 'root', files: `GRANT SELECT ON other.* TO 'limited'@'%';\n${BAD}` },
    each(unsure('different', NO_TABLE, 2)),
  ),
  elsewhere(
    'a setting of the server',
    { alone: true, role: 'root', files: `SET GLOBAL max_connections = 77;\n${BAD}` },
    each(unsure('different', NO_TABLE, 2)),
  ),
  elsewhere('all fine', { files: `INSERT INTO other.ledger (line) VALUES ('x');\n` }, each(fine())),
  elsewhere('dropped', { files: `DROP DATABASE other;\n${BAD}` }, each(unsure('different', NO_TABLE, 2))),
];
