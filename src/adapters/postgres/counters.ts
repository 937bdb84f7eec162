import type { WriteCounter } from '../../domain/facts.ts';
import { HISTORY_TABLE, userSchema } from './catalog/words.ts';
import type { Row } from './link.ts';

/** `relfilenode` is there because TRUNCATE counts no rows: only the new file shows it. */
export const WRITES = `
SELECT format('%I.%I', s.schemaname, s.relname) AS name, s.n_tup_ins AS inserted, s.n_tup_upd AS updated,
       s.n_tup_del AS deleted, c.relfilenode AS file
  FROM pg_stat_all_tables s JOIN pg_class c ON c.oid = s.relid
 WHERE ${userSchema('s.schemaname')} AND s.relname <> '${HISTORY_TABLE}'`;

const counterOf = (row: Row): WriteCounter => ({
  inserted: Number(row.inserted),
  updated: Number(row.updated),
  deleted: Number(row.deleted),
  file: row.file ?? '',
});

export const countersOf = (rows: readonly Row[]): Readonly<Record<string, WriteCounter>> =>
  Object.fromEntries(rows.map((row) => [row.name ?? '', counterOf(row)]));
