import { describe, expect, test } from '@jest/globals';
import { type PrismaOutcome, readPrismaOutput } from '../../src/domain/prisma-output.ts';

const P3018_HEAD =
  'A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve';

const scriptFailed = (code: string, error: string, rest = ''): string =>
  `1 migration found in prisma/migrations\n\nApplying migration \`2_x\`\nError: P3018\n\n${P3018_HEAD}\n\nMigration name: 2_x\n\nDatabase error code: ${code}\n\nDatabase error:\n${error}\n${rest}\n`;

const DEBUG =
  'DbError { severity: "ERROR", parsed_severity: Some(Error), code: SqlState(E23505), message: "m", detail: Some("Key (email)=(a \\"b\\") is duplicated."), hint: None, position: Some(Original(45)), where_: None, schema: Some("public"), table: Some("users"), column: None, datatype: None, constraint: Some("users_email_key"), file: Some("tuplesort.c"), line: Some(4297), routine: Some("f") }';

const cases: readonly (readonly [string, string, PrismaOutcome])[] = [
  ['nothing pending', '3 migrations found in prisma/migrations\n\n\nNo pending migrations to apply.', {}],
  [
    'applied',
    'Applying migration `1_a`\n\nThe following migration(s) have been applied:\n\nmigrations/\n  └─ 1_a/\n    └─ migration.sql\n\nAll migrations have been successfully applied.',
    {},
  ],
  ['stopped in a file', 'Applying migration `1_a`\nApplying migration `2_x`\n', { migration: '2_x' }],
  ['no output', '', {}],
  [
    'P3018 of MySQL, with the number of the statement',
    scriptFailed(
      '1060',
      "Duplicate column name 'role'\n\nPlease check the query number 2 from the migration file.\n",
      '   0: sql_schema_connector::apply_migration::apply_script\n           with migration_name="2_x"',
    ),
    {
      code: 'P3018',
      sqlState: '1060',
      migration: '2_x',
      message: "Duplicate column name 'role'",
      statementNumber: 2,
    },
  ],
  ...(['1205', '1213', '1317'] as const).map((errno): (typeof cases)[number] => [
    `P3018 of MySQL: ${errno}`,
    scriptFailed(errno, 'No\n\nPlease check the query number 1 from the migration file.\n'),
    {
      code: 'P3018',
      sqlState: errno,
      migration: '2_x',
      message: 'No',
      statementNumber: 1,
      ...(errno === '1205' ? { lockTimeout: true } : {}),
    },
  ]),
  [
    'P3018 of MySQL without an answer of the server',
    scriptFailed('none', 'Input/output error: connection closed'),
    { code: 'P3018', migration: '2_x', message: 'Input/output error: connection closed' },
  ],
  [
    'P3018 with position and debug form, in colour',
    scriptFailed(
      '23505',
      'ERROR: could not create unique index "users_email_key"\nDETAIL: Key (email)=(a "b") is duplicated.',
      `\nPosition:\n\u001b[1m  0\u001b[0m\n\u001b[1m  1\u001b[1;31m CREATE UNIQUE INDEX\u001b[0m\n\n${DEBUG}`,
    ),
    {
      code: 'P3018',
      sqlState: '23505',
      migration: '2_x',
      message: 'could not create unique index "users_email_key"',
      detail: 'Key (email)=(a "b") is duplicated.',
      position: 45,
      constraint: 'users_email_key',
      table: 'users',
    },
  ],
  [
    'P3018 short form',
    scriptFailed('42P01', 'db error: ERROR: relation "nope" does not exist'),
    { code: 'P3018', sqlState: '42P01', migration: '2_x', message: 'relation "nope" does not exist' },
  ],
  [
    'P3018 with Windows line ends',
    scriptFailed(
      '25001',
      'ERROR: CREATE INDEX CONCURRENTLY cannot run inside a transaction block',
    ).replaceAll('\n', '\r\n'),
    {
      code: 'P3018',
      sqlState: '25001',
      migration: '2_x',
      message: 'CREATE INDEX CONCURRENTLY cannot run inside a transaction block',
    },
  ],
  [
    'P3018 lock timeout',
    scriptFailed('55P03', 'ERROR: canceling statement due to lock timeout'),
    {
      code: 'P3018',
      sqlState: '55P03',
      migration: '2_x',
      message: 'canceling statement due to lock timeout',
      lockTimeout: true,
    },
  ],
  [
    'P3018 without a database code',
    scriptFailed('none', 'connection closed'),
    { code: 'P3018', migration: '2_x', message: 'connection closed' },
  ],
  [
    'the text of the migration cannot pose as a header',
    scriptFailed('P0001', 'ERROR: stop\nMigration name: 9_other\nDatabase error code: 00000'),
    { code: 'P3018', sqlState: 'P0001', migration: '2_x', message: 'stop' },
  ],
  [
    'code-less: BEGIN hid the error',
    'Applying migration `2_x`\nError: ERROR: current transaction is aborted, commands ignored until end of transaction block\n   0: schema_commands::commands::apply_migrations::Applying migration\n           with migration_name="2_x"\n             at schema-engine/commands/src/commands/apply_migrations.rs:95\n   1: schema_core::state::ApplyMigrations',
    {
      sqlState: '25P02',
      migration: '2_x',
      message: 'current transaction is aborted, commands ignored until end of transaction block',
    },
  ],
  [
    'code-less: lock timeout on the advisory lock',
    'Error: ERROR: canceling statement due to lock timeout\n   0: schema_core::state::ApplyMigrations\n',
    { sqlState: '55P03', message: 'canceling statement due to lock timeout', lockTimeout: true },
  ],
  [
    'P1002 advisory lock, from 6.7',
    'Error: P1002\n\nThe database server was reached but timed out.\n\nPlease try again.\n\nContext: Timed out trying to acquire a postgres advisory lock (SELECT pg_advisory_lock(72707369)). Timeout: 10000ms. See https://pris.ly/d/migrate-advisory-locking for details.',
    { code: 'P1002', message: 'The database server was reached but timed out.', lockTimeout: true },
  ],
  [
    'P1002 of another kind',
    'Error: P1002\n\nThe database server at `h`:`5432` was reached but timed out.',
    { code: 'P1002', message: 'The database server at `h`:`5432` was reached but timed out.' },
  ],
  [
    'P3009',
    `Error: P3009\n\nmigrate found failed migrations in the target database, new migrations will not be applied. Read more\nThe \`1_a\` migration started at 2026-10-01 00:00:00 UTC failed\n`,
    {
      code: 'P3009',
      migration: '1_a',
      message:
        'migrate found failed migrations in the target database, new migrations will not be applied. Read more',
    },
  ],
  [
    'probe error on one line',
    'Datasource "db": PostgreSQL database "x"\n\nError: P1001: Can\'t reach database server at `h:5432`\n\nPlease make sure',
    { code: 'P1001', message: "Can't reach database server at `h:5432`" },
  ],
  [
    'schema error',
    'Error: Prisma schema validation - (get-config wasm)\nError code: P1012\nerror: Environment variable not found: DATABASE_URL.\n  -->  prisma/schema.prisma:3',
    { code: 'P1012', message: 'Environment variable not found: DATABASE_URL.' },
  ],
  [
    'config error of Prisma 7',
    'Failed to load config file "prisma.config.ts" as a TypeScript/JavaScript module. Error: PrismaConfigEnvError: Cannot resolve environment variable: DATABASE_URL.',
    {
      message:
        'Failed to load config file "prisma.config.ts" as a TypeScript/JavaScript module. Error: PrismaConfigEnvError: Cannot resolve environment variable: DATABASE_URL.',
    },
  ],
  [
    'session killed between files',
    'Applying migration `1_a`\nError: P1017\n\nServer has closed the connection.\n',
    { code: 'P1017', migration: '1_a', message: 'Server has closed the connection.' },
  ],
  [
    'an error of the server that has no code in Prisma',
    "Error: Schema engine error:\nUser 'app' has exceeded the 'max_user_connections' resource (current value: 2)\n",
    { message: "User 'app' has exceeded the 'max_user_connections' resource (current value: 2)" },
  ],
];

describe('readPrismaOutput', () => {
  test.each(cases)('%s', (_name, output, expected) => {
    expect(readPrismaOutput(output)).toEqual(expected);
  });
});
