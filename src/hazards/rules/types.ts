import type { OperationOf } from '../operation.ts';
import { inUse, onColumn, onTable, quoted, type Rule, rule, type Site, sqlName } from '../rule.ts';
import { type ChangeCost, costOfChange, typeOf } from '../types.ts';

const UTC = new Set(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT', 'Universal', 'Zulu', 'Etc/UCT', 'UCT']);

type Change = OperationOf<'change-type'>;

function costOf(operation: Change, site: Site): ChangeCost {
  const { world } = site;
  const from = world.table(operation.table).columns.get(operation.column)?.type;
  const domain = world.type(operation.type);
  const zone = world.catalog?.timeZone;
  if (operation.collation) return 'none'; // builds indexes, see the rule on dependents
  return costOfChange(from, typeOf(operation.type), {
    version: site.version,
    utc: zone === undefined ? undefined : UTC.has(zone),
    using: operation.using,
    uncheckedDomain: domain?.kind === 'domain' && !domain.checked && from !== undefined,
  });
}

/** Prisma's way to take a value off an enum: a new type, every column cast, old name back, old type dropped. */
function swapsEnum(operation: Change, site: Site): boolean {
  const target = site.world.type(operation.type);
  if (target?.kind !== 'enum' || target.file !== site.fileIndex) return false;
  const names = new Set([operation.type.name]);
  return site.all.flat().some((each) => each.op === 'rename-type' && names.has(each.type.name));
}

const TYPE_STEPS =
  '-- add a column of the new type, write to both, copy in batches, read the new one, drop the old one';

const changeType = rule(
  ['change-type'],
  {
    id: 'change-column-type',
    squawk: ['changing-column-type'],
    title: 'The type change rewrites the table',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'rewrite',
    safe: 'Changes that leave the bytes alone: a longer varchar, varchar to text, more precision of timestamp, a wider numeric of the same scale, timestamp to timestamptz without a precision in a UTC session (12 and later).',
    mode: 'both',
    why: 'Every row and every index of the table is written again under a lock that stops reads and writes. Code that runs now may not understand the new type.',
    remedy: 'Add a column of the new type, write to both, copy in batches, and move over.',
    rewrite: 'ALTER TABLE users ADD COLUMN id_big bigint;',
  },
  (operation, site) => {
    const cost = costOf(operation, site);
    if (cost === 'none' || swapsEnum(operation, site)) return undefined;
    return onColumn(site, operation.table, operation.column, {
      doubtful: cost === 'maybe',
      suggestion: `${TYPE_STEPS}\nALTER TABLE ${sqlName(operation.table)} ADD COLUMN ${quoted(`${operation.column}_new`)} …;`,
    });
  },
);

const removeValue = rule(
  ['change-type'],
  {
    id: 'remove-enum-value',
    squawk: ['changing-column-type'],
    title: 'Taking a value off an enum rewrites every table that uses it',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'rewrite',
    safe: 'Never; keep the value and stop using it.',
    mode: 'both',
    why: 'Prisma makes a new type and casts each column to it, which copies the table under a lock that stops reads and writes. It fails (22P02) when a row still has the value, and running code that writes it breaks.',
    remedy: 'Keep the value in the type and stop using it.',
    rewrite: '-- keep the value in the enum',
  },
  (operation, site) =>
    swapsEnum(operation, site) ? onColumn(site, operation.table, operation.column) : undefined,
);

const dependents = rule(
  ['change-type'],
  {
    id: 'change-type-with-dependents',
    squawk: ['changing-column-type'],
    title: 'The type change is cheap, what hangs on the column is not',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'scan',
    safe: 'No check, view, expression or partial index uses the column.',
    mode: 'both',
    why: 'A CHECK on the column is proven again by a scan and an expression or partial index is built again, all under a lock that stops reads and writes; a view makes the statement fail (0A000).',
    remedy: 'Drop what depends on the column first and add it again afterwards (NOT VALID, CONCURRENTLY).',
    rewrite:
      'ALTER TABLE users DROP CONSTRAINT name_ok;\nALTER TABLE users ALTER COLUMN name TYPE text;\nALTER TABLE users ADD CONSTRAINT name_ok CHECK (name <> $$ $$) NOT VALID;',
  },
  (operation, site) => {
    const found = site.world.table(operation.table).facts?.dependents ?? [];
    const own = found.filter(({ column }) => column === operation.column);
    if (
      own.some(
        ({ kind }) =>
          kind === 'view' || kind === 'generated-column' || kind === 'policy' || kind === 'trigger',
      )
    )
      return onColumn(site, operation.table, operation.column, {
        category: 'fails',
        work: 'catalog',
        detail: `In the way: ${own.map(({ kind, name }) => `${kind} ${name}`).join(', ')}.`,
      });
    if (own.length === 0 || costOf(operation, site) !== 'none') return undefined;
    return onColumn(site, operation.table, operation.column, {
      work: own.some(({ kind }) => kind !== 'check') ? 'build' : 'scan',
      detail: `Worked through again: ${own.map(({ kind, name }) => `${kind} ${name}`).join(', ')}.`,
    });
  },
);

const collation = rule(
  ['change-type'],
  {
    id: 'change-collation',
    squawk: ['changing-column-type'],
    title: 'A new collation builds every index of the column again',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'build',
    safe: 'No index holds the column.',
    mode: 'both',
    why: 'The order of the values changes, so each index on the column is built again while nobody can use the table.',
    remedy: 'Drop the indexes CONCURRENTLY first and build them CONCURRENTLY afterwards.',
    rewrite: 'DROP INDEX CONCURRENTLY users_name_idx;',
  },
  (operation, site) => (operation.collation ? onColumn(site, operation.table, operation.column) : undefined),
);

const checkedDomain = rule(
  ['add-column'],
  {
    id: 'add-column-checked-domain',
    squawk: [],
    title: 'A column of a domain with a check rewrites the table',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'rewrite',
    safe: 'The column has the base type and a CHECK of its own, added NOT VALID.',
    mode: 'both',
    why: 'PostgreSQL proves the domain for every row and writes the table again under a lock that stops reads and writes.',
    remedy: 'Use the base type with a CHECK that is added NOT VALID and validated later.',
    rewrite:
      'ALTER TABLE users ADD COLUMN age int;\nALTER TABLE users ADD CONSTRAINT age_ok CHECK (age > 0) NOT VALID;',
  },
  ({ table, column }, site) => {
    const domain = site.world.type(column.type);
    return domain?.kind === 'domain' && domain.checked && column.defaultCalls !== undefined
      ? onColumn(site, table, column.name)
      : undefined;
  },
);

const constrainDomain = rule(
  ['constrain-domain'],
  {
    id: 'add-domain-constraint',
    squawk: ['ban-alter-domain-with-add-constraint'],
    title: 'A domain constraint scans every table that uses the domain',
    category: 'blocking',
    lock: 'SHARE',
    work: 'scan',
    safe: 'NOT VALID, or nobody uses the domain.',
    mode: 'both',
    why: 'Each table with a column of the domain is locked against writes and read to its end.',
    remedy: 'Add it NOT VALID and validate it in a migration of its own.',
    rewrite: 'ALTER DOMAIN age ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;',
  },
  ({ type, notValid }, site) => {
    if (notValid) return undefined;
    const users = site.world
      .everyTable()
      .filter((table) => [...table.columns.values()].some((each) => each.type?.base === type.name));
    const first = users.find(inUse);
    return first === undefined
      ? undefined
      : { ...onTable(site, first.name), tables: users, subject: sqlName(type) };
  },
);

export const TYPE_RULES: readonly Rule[] = [
  changeType,
  removeValue,
  dependents,
  collation,
  checkedDomain,
  constrainDomain,
];
