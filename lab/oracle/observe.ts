import type pg from 'pg';
import { LOCK_MODES, type LockMode, type Work } from '../../src/domain/hazard.ts';

/** What one statement did, by the server's own account. Names are `schema.table`. */
export interface Observation {
  /** Strongest lock on each table that existed before. */
  readonly locks: ReadonlyMap<string, LockMode>;
  /** Long work on each table that existed before; what is not named here was left alone. */
  readonly work: ReadonlyMap<string, Work>;
  readonly error?: string;
}

const TABLES = `
SELECT c.oid::int AS oid, n.nspname || '.' || c.relname AS name, c.relkind AS kind, pg_relation_filenode(c.oid)::text AS file,
       i.indrelid::int AS of, pg_table_is_visible(c.oid) AS visible, coalesce(s.seq_scan, 0)::int + coalesce(s.idx_scan, 0)::int AS scans
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_stat_xact_all_tables s ON s.relid = c.oid
WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'`;

const LOCKS = `
SELECT relation::int AS oid, mode FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted AND mode NOT IN ('AccessShareLock', 'RowShareLock')`;

interface Relation {
  readonly oid: number;
  readonly name: string;
  readonly kind: string;
  readonly file: string | null;
  readonly of: number | null;
  readonly visible: boolean;
  readonly scans: number;
}

const MODES: Readonly<Record<string, LockMode>> = Object.fromEntries(
  LOCK_MODES.map((mode) => [
    `${mode.toLowerCase().replaceAll(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase())}Lock`,
    mode,
  ]),
);

const relations = async (client: pg.Client): Promise<ReadonlyMap<number, Relation>> => {
  const { rows } = await client.query<Relation>(TABLES);
  return new Map(rows.map((row) => [row.oid, row]));
};

async function locksNow(
  client: pg.Client,
  before: ReadonlyMap<number, Relation>,
): Promise<ReadonlyMap<string, LockMode>> {
  const { rows } = await client.query<{ oid: number; mode: string }>(LOCKS);
  const found = new Map<string, LockMode>();
  for (const { oid, mode } of rows) {
    const relation = before.get(oid);
    const lock = MODES[mode];
    if (relation === undefined || lock === undefined || 'iI'.includes(relation.kind)) continue;
    const now = found.get(relation.name);
    if (now === undefined || LOCK_MODES.indexOf(lock) < LOCK_MODES.indexOf(now))
      found.set(relation.name, lock);
  }
  return found;
}

const RANK: readonly Work[] = ['catalog', 'rows', 'scan', 'build', 'rewrite'];

/** DEBUG lines of tablecmds.c, cluster.c and index.c. They give bare names. */
const LINES: readonly (readonly [RegExp, Work])[] = [
  [/^rewriting table "(.+)"$/, 'rewrite'],
  [/^verifying table "(.+)"$/, 'scan'],
  [/^building index ".+" on table "(.+?)"/, 'build'],
];

/**
 * TRUNCATE and REFRESH change the file as well; a scan counter that moved without one is a scan. The file node alone
 * proves a rewrite.
 */
function workSeen(
  before: ReadonlyMap<number, Relation>,
  after: ReadonlyMap<number, Relation>,
  lines: readonly string[],
): ReadonlyMap<string, Work> {
  const found = new Map<string, Work>();
  const see = (name: string, work: Work): void => {
    if (RANK.indexOf(work) > RANK.indexOf(found.get(name) ?? 'catalog')) found.set(name, work);
  };
  for (const [oid, { name, kind, file, scans }] of before) {
    const now = after.get(oid);
    if ('iI'.includes(kind) || now === undefined) continue;
    if (now.file !== file) see(name, 'rewrite');
    if (now.scans > scans) see(name, 'scan');
  }
  for (const line of lines) {
    for (const [pattern, work] of LINES) {
      const bare = pattern.exec(line)?.[1];
      const named = [...before.values()].filter(
        ({ name, kind }) => !'iI'.includes(kind) && name.endsWith(`.${bare}`),
      );
      const own = named.find(({ visible }) => visible) ?? named[0];
      if (bare !== undefined && own !== undefined) see(own.name, work);
    }
  }
  return found;
}

/** Runs one script as one message inside a transaction that is open, and tells what it did. */
export async function observe(client: pg.Client, script: string): Promise<Observation> {
  const before = await relations(client);
  const lines: string[] = [];
  const listen = ({ message }: { readonly message?: string | undefined }): void => {
    lines.push(message ?? '');
  };
  await client.query('SET LOCAL client_min_messages = debug1');
  client.on('notice', listen);
  try {
    await client.query(script);
  } finally {
    client.off('notice', listen);
  }
  await client.query('SET LOCAL client_min_messages = warning');
  const locks = await locksNow(client, before);
  return { locks, work: workSeen(before, await relations(client), lines) };
}

/** SQLSTATE of a driver error. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '?';
