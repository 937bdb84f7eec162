import { both, half, kind, modes, only, same, unsure, type VerdictCase } from '../case.ts';

const before = kind('rows before the failure');
const blind = kind('what no counter shows');
const several = kind('several files');

/** The second statement fails; what the first one did is only keptUnsure when it was sent by itself. */
const then = (first: string): string => `${first};\nALTER TABLE missing ADD COLUMN x int;\n`;
const CODE = '42P01';
/** Only the name in the message tells which statement failed, which proves nothing about the ones before it. */
const keptUnsure = modes(same(CODE, 2), unsure('different', CODE, 2));

export const order: readonly VerdictCase[] = [
  before('insert', { files: then(`INSERT INTO audit (line) VALUES ('x')`) }, keptUnsure),
  before('update', { files: then(`UPDATE "users" SET "name" = 'x' WHERE "age" > 1`) }, keptUnsure),
  before('delete', { files: then('DELETE FROM orders') }, keptUnsure),
  before('truncate', { files: then('TRUNCATE orders') }, keptUnsure),
  before(
    'write in a CTE',
    { files: then(`WITH x AS (DELETE FROM orders RETURNING id) SELECT count(*) FROM x`) },
    keptUnsure,
  ),
  before(
    'merge',
    {
      files: then(
        `MERGE INTO users u USING orders o ON u.id = o.user_id AND o.id = 1 WHEN MATCHED THEN UPDATE SET name = 'm'`,
      ),
    },
    keptUnsure,
  ),
  before('function that writes', { files: then(`SELECT log_line('x')`) }, keptUnsure),
  before(
    'view that calls a function that writes',
    { setup: `CREATE VIEW said AS SELECT log_line('x');`, files: then('SELECT * FROM said') },
    keptUnsure,
  ),
  before('DO block that writes', { files: then(`DO $$ BEGIN DELETE FROM orders; END $$`) }, keptUnsure),
  before(
    'an update that hits no row',
    { files: then('DELETE FROM orders WHERE id = 77') },
    both(same(CODE, 2)),
  ),
  before('a read', { files: then('SELECT count(*) FROM users') }, both(same(CODE, 2))),
  before(
    'insert, and the server gives a position',
    { files: `INSERT INTO audit (line) VALUES ('x');\nSELECT "phone" FROM users;\n` },
    modes(same('42703', 2), half('42703', 2)),
  ),
  before(
    'refresh of a materialized view',
    {
      setup: 'CREATE MATERIALIZED VIEW sums AS SELECT count(*) FROM orders; DELETE FROM orders WHERE id = 3;',
      files: then('REFRESH MATERIALIZED VIEW sums'),
    },
    keptUnsure,
  ),
  before(
    'of two updates the second breaks a key',
    { files: `UPDATE users SET name = 'x';\nUPDATE users SET email = 'same';\n` },
    modes(same('23505'), unsure('different', '23505')),
  ),
  before(
    'a schema change, then rows that break a key',
    { files: `ALTER TABLE users ADD COLUMN tier int;\nINSERT INTO users (email) VALUES ('a@shop');\n` },
    modes(same('23505', 2), half('23505', 2)),
  ),
  before('copy from the client', { files: `COPY audit FROM stdin;\n` }, both(same('57014', 1))),
  before('copy from a file', { files: then(`COPY audit FROM '/etc/hostname'`) }, both(same('42501', 1))),
  before(
    'copy to a program',
    { files: then(`COPY users TO PROGRAM 'cat'`) },
    modes(same('42501', 1), unsure('same', '42501', 1)),
  ),

  blind(
    'sequence bumped',
    { files: then(`SELECT nextval('users_id_seq')`) },
    modes(same(CODE, 2), unsure('same', CODE, 2)),
  ),
  blind(
    'sequence set back',
    { files: then(`SELECT setval('users_id_seq', 1)`) },
    both(unsure('different', CODE, 2)),
  ),
  blind(
    'sequence set back by the failing statement',
    { files: `SELECT setval('users_id_seq', 1), 1 / (count(*) * 0) FROM users;` },
    both(unsure('different', '22012', 1)),
  ),
  blind('sequence restarted', { files: then('ALTER SEQUENCE users_id_seq RESTART') }, keptUnsure),
  blind(
    'identity restarted',
    {
      setup:
        'CREATE TABLE tickets (id int GENERATED ALWAYS AS IDENTITY, a int); INSERT INTO tickets (a) VALUES (1), (2);',
      files: then('ALTER TABLE tickets ALTER COLUMN id RESTART'),
    },
    keptUnsure,
  ),
  blind(
    'sequence set back in a DO block',
    { files: then(`DO $$ BEGIN PERFORM setval('users_id_seq', 1); END $$`) },
    both(unsure('different', CODE, 2)),
  ),
  blind(
    'sequence set back in a function',
    {
      setup: `CREATE FUNCTION back() RETURNS bigint LANGUAGE sql AS $$ SELECT setval('users_id_seq', 1) $$;`,
      files: then('SELECT back()'),
    },
    only('statement-by-statement', unsure('different', CODE, 2)),
  ),
  blind('large object', { files: then(`SELECT lo_from_bytea(0, 'x')`) }, keptUnsure),
  blind(
    'last column dropped and added again',
    {
      setup: `CREATE TABLE cards (id int, pin text); INSERT INTO cards VALUES (1, '1234');`,
      files: then('ALTER TABLE cards DROP COLUMN pin;\nALTER TABLE cards ADD COLUMN pin text'),
    },
    modes(same(CODE, 3), unsure('different', CODE, 3)),
  ),
  blind(
    'last column dropped and added again in one statement',
    {
      setup: `CREATE TABLE cards (id int, pin text); INSERT INTO cards VALUES (1, '1234');`,
      files: `ALTER TABLE cards DROP COLUMN pin, ADD COLUMN pin text;\nSELECT missing;\n`,
    },
    modes(same('42703', 2), unsure('different', '42703', 2)),
  ),
  blind(
    'table dropped and made again',
    {
      setup: `INSERT INTO audit VALUES ('kept');`,
      admin: 'SELECT pg_stat_reset();',
      files: then(`DROP TABLE audit;\nCREATE TABLE audit (line text, origin text DEFAULT 'seed')`),
    },
    modes(same(CODE, 3), unsure('different', CODE, 3)),
  ),
  blind(
    'counters reset before',
    { admin: 'SELECT pg_stat_reset();', files: then(`INSERT INTO audit (line) VALUES ('x')`) },
    keptUnsure,
  ),

  several(
    'the second of two',
    {
      files: {
        '1_first': 'CREATE TABLE a (id int);',
        '2_second': 'CREATE TABLE b (id int);\nSELECT missing;\n',
      },
    },
    both(half('42703', 2, { failed: '2_second' })),
  ),
  several(
    'the first of three',
    {
      files: {
        '1_first': 'SELECT missing;',
        '2_second': 'CREATE TABLE b ();',
        '3_third': 'CREATE TABLE c ();',
      },
    },
    both(same('42703', 1)),
  ),
  several(
    'the third of three, rows only',
    {
      files: {
        '1_first': `INSERT INTO audit (line) VALUES ('1');`,
        '2_second': 'UPDATE users SET age = 1;',
        '3_third': 'SELECT missing;',
      },
    },
    both(half('42703', 1, { failed: '3_third' })),
  ),
  several(
    'the second, after one that does nothing',
    { files: { '1_first': '-- nothing\n', '2_second': 'SELECT missing;' } },
    both({ ...half('42703', 1, { failed: '2_second' }), truth: 'same' }),
  ),
  several(
    'by name, not by number',
    { files: { '10_use': 'ALTER TABLE made ADD COLUMN b int;', '9_make': 'CREATE TABLE made (a int);' } },
    both(same('42P01', 1, { failed: '10_use' })),
  ),
  several(
    'a new database',
    { bare: true, files: 'CREATE TABLE a (id int);\nSELECT missing;\n' },
    modes(same('42703', 2), half('42703', 2)),
  ),
];
