import type { Name, NewColumn } from '../operation.ts';
import { onColumn, quoted, type Rule, rule, type Site, sqlName } from '../rule.ts';
import { isEmpty } from '../size.ts';

/** Functions of the server that give another value for each row. */
const VOLATILE = new Set(
  `clock_timestamp gen_random_uuid uuidv4 uuidv7 random random_normal nextval currval lastval setval timeofday
  uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes gen_salt pg_sleep txid_current nanoid cuid`.split(
    /\s+/,
  ),
);

/** Functions of the server that do not, of those that defaults call. */
const STEADY = new Set(
  `now transaction_timestamp statement_timestamp timezone date_trunc to_char to_timestamp to_date md5 lower upper concat
  coalesce length current_setting jsonb_build_object jsonb_build_array json_build_object json_build_array to_jsonb
  to_json array_fill make_interval make_date extract date_part current_schema current_database repeat abs round
  uuid_nil encode decode sha256 replace format string_to_array`.split(/\s+/),
);

const volatilityOf = (site: Site, call: Name): 'steady' | 'volatile' | 'unknown' => {
  const { world } = site;
  const own =
    world.functions.get(world.keyOf(call)) ??
    world.catalog?.functions[`${call.schema ?? world.defaultSchema}.${call.name}`];
  const builtIn = own ?? (call.schema === undefined ? world.catalog?.functions[call.name] : undefined);
  if (builtIn !== undefined) return builtIn === 'volatile' ? 'volatile' : 'steady';
  if (call.schema !== undefined && call.schema !== 'pg_catalog') return 'unknown';
  if (VOLATILE.has(call.name)) return 'volatile';
  return STEADY.has(call.name) ? 'steady' : 'unknown';
};

const backfill = (table: Name, column: NewColumn): string =>
  `ALTER TABLE ${sqlName(table)} ADD COLUMN ${quoted(column.name)} …;\nALTER TABLE ${sqlName(table)} ALTER COLUMN ${quoted(column.name)} SET DEFAULT …;\n-- then fill the old rows in batches, outside of this migration`;

const addVolatile = rule(
  ['add-column'],
  {
    id: 'add-column-volatile-default',
    squawk: ['adding-field-with-default'],
    title: 'A default that differs for each row rewrites the table',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'rewrite',
    safe: 'A constant default or now(): PostgreSQL 11 and later store it once in the catalog.',
    mode: 'both',
    why: 'PostgreSQL computes the default for every existing row and writes the whole table again; nobody can read or write it meanwhile.',
    remedy: 'Add the column without a default, set the default afterwards, and fill the old rows in batches.',
    rewrite:
      'ALTER TABLE users ADD COLUMN token uuid;\nALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();',
  },
  ({ table, column }, site) => {
    if (column.defaultCalls === undefined || column.serial || column.generated !== undefined)
      return undefined;
    const kinds = column.defaultCalls.map((each) => volatilityOf(site, each));
    const old = site.version < 110000;
    if (!old && kinds.every((each) => each === 'steady')) return undefined;
    return onColumn(site, table, column.name, {
      doubtful: !old && !kinds.includes('volatile'),
      suggestion: backfill(table, column),
      ...(old ? { detail: 'Before PostgreSQL 11 every default does this.' } : {}),
    });
  },
);

const addSerial = rule(
  ['add-column'],
  {
    id: 'add-column-serial',
    squawk: ['adding-serial-primary-key-field'],
    title: 'A serial or identity column rewrites the table',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'rewrite',
    safe: 'Never on a table with rows.',
    mode: 'both',
    why: 'Every existing row gets the next number, so the whole table is written again under a lock that stops reads and writes.',
    remedy: 'Create the sequence, add a nullable column, set the default, fill the old rows in batches.',
    rewrite:
      "CREATE SEQUENCE users_no_seq;\nALTER TABLE users ADD COLUMN no int;\nALTER TABLE users ALTER COLUMN no SET DEFAULT nextval('users_no_seq');",
  },
  ({ table, column }, site) =>
    column.serial ? onColumn(site, table, column.name, { suggestion: backfill(table, column) }) : undefined,
);

const addGenerated = rule(
  ['add-column'],
  {
    id: 'add-column-stored-generated',
    squawk: ['adding-field-with-default'],
    title: 'A stored generated column rewrites the table',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'rewrite',
    safe: 'VIRTUAL columns (PostgreSQL 18).',
    mode: 'both',
    why: 'The expression is computed and stored for every row: a full copy of the table under a lock that stops reads and writes.',
    remedy: 'Use a plain column with a trigger and a batched backfill, or a VIRTUAL column on PostgreSQL 18.',
    rewrite:
      'ALTER TABLE users ADD COLUMN email_lower text GENERATED ALWAYS AS (lower(email)) VIRTUAL; -- PostgreSQL 18',
  },
  ({ table, column }, site) =>
    column.generated === 'stored' ? onColumn(site, table, column.name) : undefined,
);

const addRequired = rule(
  ['add-column'],
  {
    id: 'add-required-column',
    squawk: ['adding-required-field'],
    title: 'A required column without a default fails when the table has rows',
    category: 'fails',
    lock: 'ACCESS EXCLUSIVE',
    work: 'scan',
    safe: 'The table is empty.',
    mode: 'both',
    why: 'Existing rows would have NULL in a column that forbids it, so PostgreSQL refuses the statement (23502) and the migration fails.',
    remedy: 'Add it with a default, or nullable, fill it, and make it required in a later migration.',
    rewrite: "ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free';",
  },
  ({ table, column }, site) => {
    const given = column.defaultCalls !== undefined || column.serial || column.generated !== undefined;
    if (!column.notNull || given) return undefined;
    const now = site.world.table(table);
    const primary = column.constraints.some(({ kind }) => kind === 'primary');
    // A row may come before the migration does, so even this fact takes no finding away.
    const empty = { level: 'notice', detail: 'The table was empty when the database was asked.' } as const;
    return onColumn(site, table, column.name, {
      ...(isEmpty(now) ? empty : { doubtful: now.facts === undefined || primary }),
      suggestion: `ALTER TABLE ${sqlName(table)} ADD COLUMN ${quoted(column.name)} … NOT NULL DEFAULT …;`,
    });
  },
);

const inline = (kind: 'check' | 'unique' | 'primary' | 'foreign', column: NewColumn) =>
  column.constraints.find((each) => each.kind === kind);

const addCheck = rule(
  ['add-column'],
  {
    id: 'add-column-check',
    squawk: ['constraint-missing-not-valid'],
    title: 'A column with a CHECK scans the table',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'scan',
    safe: 'The check comes later as NOT VALID and is validated by itself.',
    mode: 'both',
    why: 'PostgreSQL reads every row to prove the check, under a lock that stops reads and writes.',
    remedy: 'Add the column plain, then the check NOT VALID, then validate it.',
    rewrite:
      'ALTER TABLE users ADD COLUMN age int;\nALTER TABLE users ADD CONSTRAINT age_ok CHECK (age > 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT age_ok;',
  },
  ({ table, column }, site) =>
    inline('check', column)?.enforced ? onColumn(site, table, column.name) : undefined,
);

const addUnique = rule(
  ['add-column'],
  {
    id: 'add-column-unique',
    squawk: ['disallowed-unique-constraint'],
    title: 'A unique column builds an index under the strongest lock',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'build',
    safe: 'The index is built CONCURRENTLY in a migration of its own.',
    mode: 'both',
    why: 'The index is built while nobody can read or write the table.',
    remedy: 'Add the column plain, then create the unique index CONCURRENTLY.',
    rewrite: 'CREATE UNIQUE INDEX CONCURRENTLY users_code_key ON users (code);',
  },
  ({ table, column }, site) =>
    inline('unique', column) === undefined && inline('primary', column) === undefined
      ? undefined
      : onColumn(site, table, column.name, {
          suggestion: `CREATE UNIQUE INDEX CONCURRENTLY ${quoted(`${table.name}_${column.name}_key`)} ON ${sqlName(table)} (${quoted(column.name)});`,
        }),
);

export const COLUMN_RULES: readonly Rule[] = [
  addVolatile,
  addSerial,
  addGenerated,
  addRequired,
  addCheck,
  addUnique,
];
