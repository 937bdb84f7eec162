import { onTable, quoted, type Rule, rule, sqlName } from '../rule.ts';

const attach = rule(
  ['attach-partition'],
  {
    id: 'attach-partition',
    squawk: [],
    title: 'ATTACH PARTITION scans the new partition',
    category: 'blocking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'scan',
    safe: 'A validated CHECK on the partition says what its bounds say (the parent then feels SHARE UPDATE EXCLUSIVE from PostgreSQL 12 on).',
    mode: 'both',
    why: 'Every row is checked against the bounds while nobody can use the table that becomes a partition.',
    remedy: 'Add a CHECK with the same bounds NOT VALID, validate it in the next file, then attach.',
    rewrite:
      "ALTER TABLE events_2026 ADD CONSTRAINT bounds CHECK (at >= '2026-01-01' AND at < '2027-01-01' AND at IS NOT NULL) NOT VALID;",
  },
  ({ partition }, site) => {
    const found = site.world.table(partition);
    const checked = [...found.constraints.values()].some(
      ({ kind, validated }) => kind === 'check' && validated,
    );
    return onTable(site, partition, { doubtful: checked });
  },
);

const create = rule(
  ['create-table'],
  {
    id: 'create-partition',
    squawk: [],
    title: 'PARTITION OF locks the parent against everything',
    category: 'brief',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'CREATE TABLE … (LIKE parent), then ATTACH PARTITION.',
    mode: 'both',
    why: 'Short by itself, but it waits for every transaction on the parent, and everybody queues behind. With a DEFAULT partition that one is scanned, too.',
    remedy: 'Create the table by itself and attach it, which locks the parent less.',
    rewrite:
      "CREATE TABLE events_2027 (LIKE events INCLUDING ALL);\nALTER TABLE events ATTACH PARTITION events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
  },
  ({ table, partitionOf }, site) =>
    partitionOf === undefined
      ? undefined
      : onTable(site, partitionOf, {
          suggestion: `CREATE TABLE ${sqlName(table)} (LIKE ${sqlName(partitionOf)} INCLUDING ALL);\nALTER TABLE ${sqlName(partitionOf)} ATTACH PARTITION ${sqlName(table)} FOR VALUES …;`,
        }),
);

const detach = rule(
  ['detach-partition'],
  {
    id: 'detach-partition',
    squawk: ['require-concurrent-partition-detach'],
    title: 'DETACH PARTITION locks parent and partition against everything',
    category: 'brief',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'CONCURRENTLY (PostgreSQL 14 and later).',
    mode: 'both',
    why: 'Short by itself, but it waits for every transaction on the parent, and everybody queues behind.',
    remedy: 'Detach it CONCURRENTLY, alone in its file up to Prisma 7.3.',
    rewrite: 'ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY;',
  },
  ({ table, partition, concurrent }, site) =>
    concurrent
      ? undefined
      : onTable(site, table, {
          also: [site.world.table(partition)],
          suggestion: `ALTER TABLE ${sqlName(table)} DETACH PARTITION ${sqlName(partition)} CONCURRENTLY;`,
        }),
);

const trigger = rule(
  ['create-trigger'],
  {
    id: 'create-trigger',
    squawk: [],
    title: 'A trigger changes what running code does',
    category: 'brief',
    lock: 'SHARE ROW EXCLUSIVE',
    work: 'catalog',
    safe: 'No long transaction writes to the table.',
    mode: 'both',
    why: 'It waits for every transaction that writes to the table, writers queue behind it, and from then on each write of running code pays for the trigger.',
    remedy: 'Keep lock-timeout short; make the function cheap and try it with the old code.',
    rewrite: '',
  },
  ({ table }, site) => onTable(site, table),
);

const security = rule(
  ['alter-table'],
  {
    id: 'row-level-security',
    squawk: [],
    title: 'Row level security hides rows from running code',
    category: 'breaking',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'Policies exist, and the application owns the table without FORCE.',
    mode: 'both',
    why: 'Without a policy a role that does not own the table sees no rows, and no error says so.',
    remedy: 'Create the policies in the same file, before ENABLE.',
    rewrite:
      'CREATE POLICY own ON notes USING (owner = current_user);\nALTER TABLE notes ENABLE ROW LEVEL SECURITY;',
  },
  ({ table, subtype }, site) =>
    subtype === 'AT_EnableRowSecurity' || subtype === 'AT_ForceRowSecurity'
      ? onTable(site, table)
      : undefined,
);

const BRIEF =
  /^AT_(?:ChangeOwner|ReplicaIdentity|SetStorage|SetCompression|AddInherit|DropInherit|AddIdentity|SetIdentity|DropIdentity|AlterConstraint)$/;

const brief = rule(
  ['alter-table', 'table-object'],
  {
    id: 'brief-exclusive-lock',
    squawk: [],
    title: 'A short statement with the strongest lock',
    category: 'brief',
    lock: 'ACCESS EXCLUSIVE',
    work: 'catalog',
    safe: 'No long transaction holds the table.',
    mode: 'both',
    why: 'Short by itself, but it waits for every transaction on the table, and everybody queues behind.',
    remedy: 'Nothing to change: keep lock-timeout short, and keep slow statements out of the file.',
    rewrite: '',
  },
  (operation, site) => {
    if (operation.op === 'alter-table' && !BRIEF.test(operation.subtype)) return undefined;
    const what = operation.op === 'alter-table' ? operation.subtype.slice(3) : operation.what;
    return operation.lock === 'ACCESS EXCLUSIVE'
      ? onTable(site, operation.table, { detail: `Here: ${quoted(what).replaceAll('"', '')}.` })
      : undefined;
  },
);

export const PARTITION_RULES: readonly Rule[] = [attach, create, detach, trigger, security, brief];
