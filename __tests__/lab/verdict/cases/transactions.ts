import { both, half, kind, modes, only, same, unsure, type VerdictCase } from '../case.ts';

const wrapped = kind('BEGIN and COMMIT');
const itself = kind('code that commits');
const deferred = kind('deferred constraint');

const DEFERRED = `CREATE TABLE lines (id int, order_id int REFERENCES orders DEFERRABLE INITIALLY DEFERRED);`;

export const transactions: readonly VerdictCase[] = [
  wrapped(
    'around everything',
    { files: 'BEGIN;\nCREATE TABLE extra (id int);\nALTER TABLE users ADD COLUMN email text;\nCOMMIT;\n' },
    both(same('42701', 3)),
  ),
  wrapped(
    'around rows',
    {
      files: `BEGIN;\nUPDATE users SET name = 'x';\nINSERT INTO users (email) VALUES ('a@shop');\nCOMMIT;\n`,
    },
    both(same('23505', 3)),
  ),
  wrapped(
    'START TRANSACTION and END',
    {
      files:
        'START TRANSACTION;\nCREATE TABLE extra (id int);\nSELECT 1 / (count(*) * 0) FROM users;\nEND;\n',
    },
    both(same('22012', 3)),
  ),
  wrapped(
    'with a savepoint',
    {
      files: 'BEGIN;\nSAVEPOINT a;\nCREATE TABLE extra (id int);\nDROP TABLE missing;\nRELEASE a;\nCOMMIT;\n',
    },
    both(same('42P01', 4)),
  ),
  wrapped(
    'a savepoint alone',
    { files: 'SAVEPOINT a;\nCREATE TABLE extra (id int);\n' },
    both(same('25P01', 1)),
  ),
  wrapped(
    'a failure after COMMIT',
    { files: 'BEGIN;\nCREATE TABLE extra (id int);\nCOMMIT;\nSELECT missing;\n' },
    both(half('42703', 4)),
  ),
  wrapped(
    'COMMIT in the middle',
    { files: 'CREATE TABLE extra (id int);\nCOMMIT;\nSELECT missing;\n' },
    both(half('42703', 3)),
  ),
  wrapped(
    'COMMIT in the middle, rows only',
    { files: `INSERT INTO audit (line) VALUES ('x');\nCOMMIT;\nSELECT missing;\n` },
    both(half('42703', 3)),
  ),
  wrapped(
    'two blocks',
    { files: 'BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nBEGIN;\nSELECT missing;\nCOMMIT;\n' },
    both(half('25P02', 5)),
  ),
  wrapped(
    'two blocks, rows only',
    { files: `BEGIN;\nDELETE FROM orders;\nCOMMIT;\nBEGIN;\nSELECT missing;\nCOMMIT;\n` },
    both(unsure('different', '25P02')),
  ),
  wrapped(
    'COMMIT, then CONCURRENTLY',
    { files: 'BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\nCREATE INDEX CONCURRENTLY x ON users (age);\n' },
    both(half('25001')),
  ),
  wrapped(
    'BEGIN without COMMIT',
    { files: 'BEGIN;\nCREATE TABLE extra (id int);\n' },
    both(same(null, null)),
  ),
  wrapped(
    'BEGIN without COMMIT, rows only',
    { files: `BEGIN;\nINSERT INTO audit (line) VALUES ('x');\n` },
    both(unsure('same', null, null)),
  ),
  wrapped(
    'BEGIN without COMMIT, two files',
    { files: { '1_first': 'BEGIN;\nCREATE TABLE a (id int);\n', '2_second': 'CREATE TABLE b (id int);' } },
    both(same(null, null)),
  ),
  wrapped(
    'BEGIN without COMMIT, and a COMMIT in the next file',
    {
      files: {
        '1_first': 'BEGIN;\nCREATE TABLE a (id int);\n',
        '2_second': 'CREATE TABLE b (id int);\nCOMMIT;\nSELECT missing;\n',
      },
    },
    both(half('42703', 3, { failed: '2_second' })),
  ),
  wrapped(
    'BEGIN without COMMIT that fails',
    { files: 'BEGIN;\nCREATE TABLE extra (id int);\nSELECT missing;\n' },
    both(same('42703', 3)),
  ),
  wrapped(
    'ROLLBACK at the end',
    { files: 'CREATE TABLE extra (id int);\nROLLBACK;\n' },
    both({ ...half(null, null), truth: 'same' }),
  ),
  wrapped(
    'prepared transactions are off',
    { files: `BEGIN;\nCREATE TABLE extra (id int);\nPREPARE TRANSACTION 'x';\n` },
    both(same('55000')),
  ),

  itself(
    'DO that commits, then raises',
    { files: `DO $$ BEGIN INSERT INTO audit (line) VALUES ('x'); COMMIT; RAISE EXCEPTION 'late'; END $$;\n` },
    both(unsure('different', 'P0001', 1)),
  ),
  itself(
    'DO that commits a table, then raises',
    { files: `DO $$ BEGIN CREATE TABLE x (id int); COMMIT; RAISE EXCEPTION 'late'; END $$;\n` },
    both(half('P0001', 1)),
  ),
  itself(
    'CALL, then a failure',
    { files: `CALL log_and_commit('x');\nSELECT missing;\n` },
    modes(unsure('same', '2D000', 1), unsure('different', '42703', 2)),
  ),
  itself(
    'CALL alone that fails',
    {
      setup: `CREATE PROCEDURE half() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES ('x'); COMMIT; RAISE 'late'; END $$;`,
      files: 'CALL half();\n',
    },
    both(unsure('different', 'P0001', 1)),
  ),
  itself(
    'DO that raises in the middle of a loop without COMMIT',
    {
      files: `DO $$ BEGIN FOR i IN 1..5 LOOP INSERT INTO orders (id, user_id) VALUES (i, 1); END LOOP; END $$;\n`,
    },
    both(same('23505', 1)),
  ),

  deferred(
    'one statement',
    { setup: DEFERRED, files: 'INSERT INTO lines VALUES (1, 77);\n' },
    both(same('23503', 1)),
  ),
  deferred(
    'two statements',
    { setup: DEFERRED, files: 'INSERT INTO lines VALUES (1, 77);\nCREATE TABLE extra (id int);\n' },
    modes(same('23503'), unsure('same', '23503')),
  ),
  deferred(
    'wrapped, failing at COMMIT',
    { setup: DEFERRED, files: 'BEGIN;\nINSERT INTO lines VALUES (1, 77);\nCOMMIT;\n' },
    both(same('23503')),
  ),
  deferred(
    'checked early',
    { setup: DEFERRED, files: 'SET CONSTRAINTS ALL IMMEDIATE;\nINSERT INTO lines VALUES (1, 77);\n' },
    only('whole-file', same('23503', 2)),
  ),
];
