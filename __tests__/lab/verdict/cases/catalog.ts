import { both, fine, half, kind, modes, same, unsure, type VerdictCase } from '../case.ts';

const catalog = kind('small catalog changes');
const roles = kind('roles');
const files = kind('the file itself');

const BAD = 'ALTER TABLE missing ADD COLUMN x int;\n';
const after = (sql: string): string => `${sql};\n${BAD}`;
const kept = modes(same('42P01', 2), half('42P01', 2));
const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));
const MANY = Array.from(
  { length: 400 },
  (_, n) => `INSERT INTO audit (line) VALUES ('row ${n} ${'x'.repeat(200)}');`,
).join('\n');
/** The server counts characters, JavaScript counts UTF-16 units: an emoji is one and two. */
const EMOJI = `-- ${'😀'.repeat(60)}\nSELECT 1;\nSELECT 2;\nSELECT missing;\nSELECT 3;\n`;

export const small: readonly VerdictCase[] = [
  catalog('COMMENT', { files: after(`COMMENT ON COLUMN users.email IS 'unique'`) }, kept),
  catalog('GRANT', { files: after('GRANT SELECT ON users TO limited') }, kept),
  catalog('GRANT on a column', { files: after('GRANT UPDATE (name) ON users TO limited') }, kept),
  catalog(
    'default privileges',
    { files: after('ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO limited') },
    kept,
  ),
  catalog('default of a column', { files: after('ALTER TABLE users ALTER COLUMN age SET DEFAULT 18') }, kept),
  catalog('enum value', { files: after(`ALTER TYPE mood ADD VALUE 'glad'`) }, kept),
  catalog(
    'enum value used at once',
    { files: `ALTER TYPE mood ADD VALUE 'glad';\nUPDATE users SET mood = 'glad';\n` },
    modes(same('55P04', 2), fine()),
  ),
  catalog(
    'function body',
    { files: after(`CREATE OR REPLACE FUNCTION log_line(text) RETURNS int LANGUAGE sql AS 'SELECT 2'`) },
    kept,
  ),
  catalog(
    'trigger switched off',
    {
      setup:
        'CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();',
      files: after('ALTER TABLE users DISABLE TRIGGER t'),
    },
    kept,
  ),
  catalog('row security', { files: after('ALTER TABLE users ENABLE ROW LEVEL SECURITY') }, kept),
  catalog('storage parameter', { files: after('ALTER TABLE users SET (fillfactor = 70)') }, kept),
  catalog('statistics object', { files: after('CREATE STATISTICS s ON age, name FROM users') }, kept),
  catalog(
    'statistics target',
    { files: after('ALTER TABLE users ALTER COLUMN email SET STATISTICS 500') },
    kept,
  ),
  catalog('publication', { files: after('CREATE PUBLICATION p FOR TABLE users') }, kept),
  catalog(
    'constraint validated',
    {
      setup: 'ALTER TABLE users ADD CONSTRAINT v CHECK (age < 200) NOT VALID;',
      files: after('ALTER TABLE users VALIDATE CONSTRAINT v'),
    },
    kept,
  ),
  catalog(
    'setting of the database',
    {
      files: after(
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 5000', current_database()); END $$`,
      ),
    },
    kept,
  ),
  catalog(
    'partition attached',
    {
      setup: 'CREATE TABLE parts (id int) PARTITION BY LIST (id); CREATE TABLE part1 (id int);',
      files: after('ALTER TABLE parts ATTACH PARTITION part1 FOR VALUES IN (1)'),
    },
    kept,
  ),
  catalog('replica identity', { files: after('ALTER TABLE users REPLICA IDENTITY FULL') }, kept),
  catalog('clustered on an index', { files: after('ALTER TABLE users CLUSTER ON users_pkey') }, kept),

  roles(
    'CREATE ROLE',
    { alone: true, admin: 'ALTER ROLE app CREATEROLE;', files: after('CREATE ROLE reporter') },
    kept,
  ),
  roles('ALTER ROLE SET', { alone: true, files: after('ALTER ROLE app SET work_mem = 5000') }, kept),
  roles(
    'membership',
    {
      alone: true,
      admin: 'GRANT limited TO app WITH ADMIN OPTION; CREATE ROLE staff;',
      files: after('GRANT limited TO staff'),
    },
    kept,
  ),
  roles(
    'password',
    { alone: true, files: after(`ALTER ROLE app PASSWORD 'app-lab-1'`) },
    modes(same('42P01', 2), unsure('different', '42P01', 2)),
  ),

  files(
    'byte order mark',
    { files: bytes([0xef, 0xbb, 0xbf], 'CREATE TABLE extra (id int);\n') },
    both(same('42601')),
  ),
  files(
    'byte order mark, rows',
    { files: bytes([0xef, 0xbb, 0xbf], `INSERT INTO audit (line) VALUES ('x');\nDELETE FROM orders;\n`) },
    both(same('42601')),
  ),
  files(
    'NUL byte',
    { files: bytes(`INSERT INTO audit (line) VALUES ('a`, [0], `b');\n`) },
    both(same('P3018')),
  ),
  files(
    'invalid UTF-8, then a failure',
    { files: bytes(`INSERT INTO audit (line) VALUES ('caf`, [0xe9], `');\n`, BAD) },
    modes(same('42P01', 2), unsure('different', '42P01', 2)),
  ),
  files(
    'Windows line ends',
    { files: `CREATE TABLE extra (id int);\r\n\r\n${BAD.replaceAll('\n', '\r\n')}` },
    modes(same('42P01', 3), half('42P01', 3)),
  ),
  files('emoji before the failure', { files: EMOJI }, both(same('42703', 4))),
  files(
    'semicolons in strings and bodies',
    {
      files: `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $x$ SELECT 1; SELECT 2; $x$;\nCOMMENT ON TABLE users IS 'a;b';\n/* ; */ ${BAD}`,
    },
    modes(same('42P01', 3), half('42P01', 3)),
  ),
  files(
    'syntax error',
    { files: 'CREATE TABLE extra (id int);\nALTER TABEL users ADD x int;\n' },
    both(same('42601')),
  ),
  files(
    'syntax error after rows',
    { files: `DELETE FROM orders;\nALTER TABEL users ADD x int;\n` },
    both(same('42601')),
  ),
  files('psql command', { files: '\\connect shop\nCREATE TABLE extra (id int);\n' }, both(same('42601'))),
  files(
    '400 rows and 90 KB',
    { files: `${MANY}\n${BAD}` },
    modes(same('42P01', 401), unsure('different', '42P01', 401)),
  ),
  files('empty', { files: '' }, both(fine('same'))),
  files('comments only', { files: '-- nothing\n/* at all */\n' }, both(fine('same'))),
  files(
    'one that works',
    { files: `CREATE TABLE extra (id int);\nINSERT INTO audit (line) VALUES ('x');\n` },
    both(fine()),
  ),
];
