import type { Name, NewConstraint } from '../operation.ts';
import { inUse, type Match, onTable, quoted, type Rule, rule, type Site, sqlName } from '../rule.ts';
import type { Table } from '../world.ts';

const nameOf = (table: Name, each: NewConstraint, suffix: string): string =>
  quoted(each.name ?? [table.name, ...each.columns, suffix].join('_'));

const list = (columns: readonly string[]): string => columns.map(quoted).join(', ');

const parentOf = (site: Site, { parent }: NewConstraint): readonly Table[] => {
  const found = parent === undefined ? undefined : site.world.table(parent);
  return found === undefined || !inUse(found) ? [] : [found];
};

const references = ({ parent, parentColumns }: NewConstraint): string => {
  const columns = parentColumns.length === 0 ? '' : ` (${list(parentColumns)})`;
  return parent === undefined ? '' : `REFERENCES ${sqlName(parent)}${columns}`;
};

const addForeign = rule(
  ['add-constraint'],
  {
    id: 'add-foreign-key',
    squawk: ['adding-foreign-key-constraint'],
    title: 'A foreign key is checked for every row while both tables refuse writes',
    category: 'blocking',
    lock: 'SHARE ROW EXCLUSIVE',
    work: 'scan',
    safe: 'NOT VALID first, VALIDATE CONSTRAINT in a later file; or the table is new.',
    mode: 'both',
    why: 'PostgreSQL joins the two tables to prove the key; until it is done nobody can write to either. One orphan, and the migration fails (23503).',
    remedy: 'Add it NOT VALID, and validate it in the next migration file.',
    rewrite:
      'ALTER TABLE orders ADD CONSTRAINT orders_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;\n-- next migration file:\nALTER TABLE orders VALIDATE CONSTRAINT orders_user_fkey;',
  },
  ({ table, constraint }, site) => {
    if (constraint.kind !== 'foreign' || constraint.notValid || !constraint.enforced) return undefined;
    const own = site.world.table(table);
    if (!inUse(own)) return undefined;
    const name = nameOf(table, constraint, 'fkey');
    return {
      tables: [own],
      also: parentOf(site, constraint).filter((each) => each !== own),
      subject: sqlName(table),
      suggestion: `ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${name} FOREIGN KEY (${list(constraint.columns)}) ${references(constraint)} NOT VALID;\n-- next migration file:\nALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${name};`,
    };
  },
);

const toParents = (site: Site, table: Name, constraints: readonly NewConstraint[]): Match | undefined => {
  const parents = constraints
    .filter(({ kind }) => kind === 'foreign')
    .flatMap((each) => parentOf(site, each))
    .filter(({ existed }) => existed);
  return parents.length === 0 ? undefined : { tables: [...new Set(parents)], subject: sqlName(table) };
};

const newTableForeign = rule(
  ['create-table', 'add-constraint', 'add-column'],
  {
    id: 'foreign-key-locks-parent',
    squawk: [],
    title: 'The foreign key of a new table stops writes to its parent for a moment',
    category: 'brief',
    lock: 'SHARE ROW EXCLUSIVE',
    work: 'catalog',
    safe: 'No long transaction holds the parent.',
    mode: 'whole file',
    why: 'The lock on the parent is short, but it waits for every transaction that wrote to it, and all writers queue behind. In a file that runs as one transaction it stays until the end of the file.',
    remedy: 'Nothing to change: keep lock-timeout short, and keep slow statements out of the file.',
    rewrite: '',
  },
  (operation, site) => {
    if (operation.op === 'create-table')
      return toParents(site, operation.table, [
        ...operation.constraints,
        ...operation.columns.flatMap((each) => each.constraints),
      ]);
    if (operation.op === 'add-column') return toParents(site, operation.table, operation.column.constraints);
    const own = site.world.table(operation.table);
    if (inUse(own) && !operation.constraint.notValid) return undefined;
    return toParents(site, operation.table, [operation.constraint]);
  },
);

const addCheck = rule(
  ['add-constraint'],
  {
    id: 'add-check',
    squawk: ['constraint-missing-not-valid'],
    title: 'A CHECK scans the table while nobody can use it',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'scan',
    safe: 'NOT VALID first, VALIDATE CONSTRAINT in a later file.',
    mode: 'both',
    why: 'PostgreSQL reads every row to prove it, under a lock that stops reads and writes.',
    remedy: 'Add it NOT VALID, and validate it in the next migration file.',
    rewrite:
      'ALTER TABLE users ADD CONSTRAINT age_ok CHECK (age > 0) NOT VALID;\n-- next migration file:\nALTER TABLE users VALIDATE CONSTRAINT age_ok;',
  },
  ({ table, constraint }, site) => {
    const { kind, notValid, enforced } = constraint;
    if ((kind !== 'check' && kind !== 'not-null') || notValid || !enforced) return undefined;
    const name = nameOf(table, constraint, 'check');
    const what = kind === 'check' ? 'CHECK (…)' : `NOT NULL ${list(constraint.columns)}`;
    return onTable(site, table, {
      suggestion: `ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${name} ${what} NOT VALID;\n-- next migration file:\nALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${name};`,
    });
  },
);

const usingIndex = (table: Name, each: NewConstraint, words: string): string => {
  const name = nameOf(table, each, words === 'UNIQUE' ? 'key' : 'pkey');
  return `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${sqlName(table)} (${list(each.columns)});\n-- next migration file:\nALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${name} ${words} USING INDEX ${name};`;
};

const addUnique = rule(
  ['add-constraint'],
  {
    id: 'add-unique-constraint',
    squawk: ['disallowed-unique-constraint'],
    title: 'A UNIQUE constraint builds its index while nobody can use the table',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'build',
    safe: 'USING INDEX, with an index built CONCURRENTLY before.',
    mode: 'both',
    why: 'The index is built under a lock that stops reads and writes. Duplicates make the migration fail (23505).',
    remedy: 'Build a unique index CONCURRENTLY, then add the constraint USING INDEX.',
    rewrite:
      'CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);\n-- next migration file:\nALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;',
  },
  ({ table, constraint }, site) =>
    constraint.kind === 'unique' && constraint.usingIndex === undefined
      ? onTable(site, table, { suggestion: usingIndex(table, constraint, 'UNIQUE') })
      : undefined,
);

const addPrimary = rule(
  ['add-constraint'],
  {
    id: 'add-primary-key',
    squawk: ['adding-serial-primary-key-field'],
    title: 'A primary key builds its index while nobody can use the table',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'build',
    safe: 'USING INDEX, with an index built CONCURRENTLY before over columns that are NOT NULL.',
    mode: 'both',
    why: 'The index is built, and columns that allow NULL are scanned, under a lock that stops reads and writes.',
    remedy: 'Build a unique index CONCURRENTLY, then swap the key USING INDEX.',
    rewrite:
      'CREATE UNIQUE INDEX CONCURRENTLY users_new_pkey ON users (id);\n-- next migration file:\nALTER TABLE users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_new_pkey PRIMARY KEY USING INDEX users_new_pkey;',
  },
  ({ table, constraint }, site) => {
    if (constraint.kind !== 'primary') return undefined;
    const columns = site.world.table(table).columns;
    const nullable = constraint.columns.filter((each) => columns.get(each)?.notNull === false);
    if (constraint.usingIndex !== undefined && nullable.length === 0) return undefined;
    return onTable(site, table, {
      work: constraint.usingIndex === undefined ? 'build' : 'scan',
      suggestion: usingIndex(table, constraint, 'PRIMARY KEY'),
    });
  },
);

const addExclusion = rule(
  ['add-constraint'],
  {
    id: 'add-exclusion-constraint',
    squawk: [],
    title: 'An EXCLUDE constraint builds its index while nobody can use the table',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'build',
    safe: 'Never on a table with rows: it can be neither NOT VALID nor built CONCURRENTLY.',
    mode: 'both',
    why: 'Every row is compared and the index built under a lock that stops reads and writes.',
    remedy: 'Do it in a maintenance window, or on a new table that is filled in batches.',
    rewrite: '',
  },
  ({ table, constraint }, site) => (constraint.kind === 'exclusion' ? onTable(site, table) : undefined),
);

export const CONSTRAINT_RULES: readonly Rule[] = [
  addForeign,
  newTableForeign,
  addCheck,
  addUnique,
  addPrimary,
  addExclusion,
];
