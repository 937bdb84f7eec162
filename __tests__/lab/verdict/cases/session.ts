import { both, half, kind, modes, only, same, unsure, type VerdictCase } from '../case.ts';

const settings = kind('session settings');
const rights = kind('rights');
const history = kind('the history refuses');
const nothing = kind('nothing of the catalog');

const BAD = 'ALTER TABLE missing ADD COLUMN x int;\n';

export const session: readonly VerdictCase[] = [
  settings(
    'empty search_path',
    {
      files: `SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.dumped (id int);\n`,
    },
    both(half('P1014')),
  ),
  settings(
    'SET search_path, rows only',
    { files: `SET search_path = '';\nUPDATE public.users SET name = 'x';\n` },
    both(unsure('different', 'P1014')),
  ),
  settings(
    'SET statement_timeout = 0',
    { files: `SET statement_timeout = 0;\n${BAD}` },
    both(same('42P01', 2)),
  ),
  settings(
    'SET LOCAL',
    { files: `SET LOCAL lock_timeout = '1s';\nDELETE FROM orders;\n${BAD}` },
    modes(same('42P01', 3), unsure('different', '42P01', 3)),
  ),
  settings(
    'SET of nonsense',
    { files: `CREATE TABLE extra (id int);\nSET no_such_setting = 1;\n` },
    modes(same('42704', 2), half('42704', 2)),
  ),
  settings(
    'read-only from the file',
    { files: 'SET TRANSACTION READ ONLY;\nCREATE TABLE extra (id int);\n' },
    only('whole-file', same('25006', 2)),
  ),
  settings(
    'read-only database',
    {
      admin: `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$;`,
      files: 'CREATE TABLE extra (id int);\n',
    },
    both(same('25006')),
  ),
  settings(
    'SET ROLE',
    {
      alone: true,
      admin: 'GRANT limited TO app;',
      files: 'SET ROLE limited;\nALTER TABLE users ADD COLUMN x int;\n',
    },
    both(same('42501')),
  ),

  rights(
    'table of another owner',
    {
      admin: 'CREATE TABLE theirs (id int); GRANT ALL ON theirs TO app;',
      files: 'CREATE TABLE extra (id int);\nALTER TABLE theirs ADD COLUMN x int;\n',
    },
    modes(same('42501', 2), half('42501', 2)),
  ),
  rights(
    'role that may not create',
    {
      role: 'limited',
      setup: 'GRANT ALL ON _prisma_migrations, audit TO limited;',
      files: 'CREATE TABLE public.extra (id int);\n',
    },
    both(same('42501', 1)),
  ),
  rights(
    'role that may only write',
    {
      role: 'limited',
      setup: 'GRANT ALL ON _prisma_migrations, audit TO limited;',
      files: `INSERT INTO audit (line) VALUES ('x');\nCREATE TABLE public.extra (id int);\n`,
    },
    modes(same('42501', 2), unsure('different', '42501', 2)),
  ),
  rights(
    'superuser only',
    { files: `COMMENT ON TABLE users IS 'people';\nSET session_replication_role = replica;\n` },
    modes(same('42501', 2), half('42501', 2)),
  ),
  history(
    'a failed row stands there (P3009)',
    {
      setup: `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'x', '0_old');`,
      files: { '0_old': 'SELECT 1;', '1_first': 'CREATE TABLE extra (id int);' },
    },
    both(same('P3009', null, { failed: '0_old' })),
  ),
  history(
    'tables without a history (P3005)',
    { setup: 'DROP TABLE _prisma_migrations;', files: 'CREATE TABLE extra (id int);' },
    both(same('P3005', null)),
  ),
  history(
    'dropped by the migration itself',
    { files: 'CREATE TABLE extra (id int);\nDROP TABLE _prisma_migrations;\n' },
    both(half('P1014')),
  ),
  history(
    'a trigger on the history refuses',
    {
      setup: `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'frozen'; END $$; CREATE TRIGGER frozen BEFORE INSERT ON _prisma_migrations EXECUTE FUNCTION refuse();`,
      files: 'CREATE TABLE extra (id int);',
    },
    both(same(null)),
  ),

  nothing('NOTIFY', { files: `NOTIFY shop, 'x';\n${BAD}` }, both(same('42P01', 2))),
  nothing('LISTEN', { files: `LISTEN shop;\n${BAD}` }, both(same('42P01', 2))),
  nothing(
    'temporary table',
    {
      files: `CREATE TEMP TABLE scratch AS SELECT * FROM users;\nINSERT INTO scratch SELECT * FROM users;\n${BAD}`,
    },
    both(same('42P01', 3)),
  ),
  nothing('ANALYZE', { files: `ANALYZE users;\n${BAD}` }, both(same('42P01', 2))),
  nothing('LOCK TABLE', { files: `LOCK TABLE users;\n${BAD}` }, modes(same('42P01', 2), same('25P01', 1))),
  nothing('VACUUM in company', { files: `VACUUM users;\n${BAD}` }, modes(same('25001', 1), same('42P01', 2))),
  nothing(
    'made and dropped again',
    { files: `CREATE TABLE x (id int);\nDROP TABLE x;\n${BAD}` },
    modes(same('42P01', 3), unsure('same', '42P01', 3)),
  ),
];
