import type { NoticeCode } from '../domain/event.ts';
import type { Run } from '../domain/run.ts';
import { type Cause, deadlock, type Explain, lockWait, outside, said, tooLong } from './cause.ts';
import { MYSQL_CAUSES } from './causes-mysql.ts';
import { checkFailed } from './situation.ts';
import { noticeWords } from './text.ts';

const LOST = outside(
  'The connection to the server broke: a restart, a failover, or somebody who ended the session.',
  'Look at the RDS events first.',
);
/** A session that was killed on MySQL; Prisma has no code for it. */
const LOST_WORDS = /\bconnection to the server is closed\b|: connection closed\b/i;

/** Only on MySQL, where Prisma goes on without its lock, and where a session is ours by its user and its address. */
const LOCK_TAKEN: Cause = {
  why: 'Prisma’s lock was held by a session that is not known as ours: another deploy to this server, or the migration itself, when this runner reaches the server by several addresses.',
  fix: "Wait until no session holds the lock (SELECT IS_USED_LOCK('prisma_migrate')), then deploy again. If no other deploy was there, use a runner with one address.",
  elsewhere: true,
};

/** By SQLSTATE (PostgreSQL manual, appendix A) or Prisma code (Prisma error reference). */
const CAUSES: Readonly<Record<string, Explain>> = {
  '57014': tooLong,
  '55P03': lockWait,
  '40P01': deadlock,
  '25P02': (run) => ({
    why: `The server only says that the transaction was already aborted. The real error came earlier and Prisma does not show it${run.verdict?.statement?.foundBy === 'replayed' ? '; the statement below was found by trying the file again in a transaction that was rolled back' : ''}.`,
    fix: 'Correct the first statement of the file that fails, not the one that the message names.',
  }),
  '42601': said('PostgreSQL does not understand the SQL.', 'Correct the SQL.'),
  '42501': outside(
    'The role may not do this. Only the owner of a table may change it.',
    'Deploy with the role that owns the object, or grant that role to this one.',
  ),
  '42P07': said(
    'An object of that name exists already, made by hand or by another migration.',
    'Compare it with the migration, then drop or rename it, or take the statement out.',
  ),
  '42701': said('The column exists already.', 'Take the statement out, or drop the column first.'),
  '42710': said(
    'An object of that name exists already.',
    'Take the statement out, or drop the object first.',
  ),
  '42P01': said(
    'The table does not exist in this database.',
    'Check name, schema and order of the migrations.',
  ),
  '42703': said(
    'The column does not exist in this database.',
    'Check its name and the order of the migrations.',
  ),
  '23502': said(
    'Existing rows have no value for the column.',
    'Give the column a default, or fill the rows first.',
  ),
  '23503': said('Existing rows point to rows that do not exist.', 'Repair or delete those rows first.'),
  '23505': said('Existing rows hold the same value twice.', 'Remove the duplicates first.'),
  '23514': said(
    'Existing rows break the new check.',
    'Repair those rows first, or add the check as NOT VALID.',
  ),
  '25001': said(
    'The statement (CONCURRENTLY, VACUUM ...) cannot run together with others in one file.',
    'Put it into a migration of its own, alone.',
  ),
  '55P04': said(
    'A new enum value cannot be used in the transaction that adds it.',
    'Use it in the next migration.',
  ),
  '25006': outside(
    'The server is read-only, or the sessions of this role are.',
    'Use the endpoint of the writer. If it is the writer, look at default_transaction_read_only of the database and of the role.',
  ),
  '53100': outside(
    'The disk of the database is full.',
    'Give the DB instance more storage, then deploy again.',
  ),
  '57P01': outside(
    'The server ended the session: a restart, a failover, or a person.',
    'Look at the RDS events first.',
  ),
  ...MYSQL_CAUSES,
  P1014: (run) =>
    run.database?.dialect === 'mysql'
      ? {
          why: 'Prisma no longer found its own history table: the file most likely goes to another database with USE.',
          fix: 'Remove the USE from the file, and write the name of that database before the names of its tables.',
        }
      : {
          why: 'Prisma no longer found its own history table: the file most likely changes search_path, as files of pg_dump do.',
          fix: 'Remove the search_path line from the file.',
        },
  P1012: outside(
    'Prisma does not accept the schema, or misses a variable that it names, so it began no migration.',
    'Correct the schema, or set the variable under "env:" of this step. "npx prisma validate" tells file and line, and so does the log above.',
  ),
  P1017: LOST,
  P3015: said('A migration folder has no migration.sql.', 'Restore the file, or delete the folder.'),
  P3019: outside(
    'migration_lock.toml names another database.',
    'Correct its line to the provider of the schema: provider = "postgresql" or provider = "mysql"',
  ),
};

/** A notice about the failed file explains the failure when it fits what happened. */
const FITTING: Readonly<Partial<Record<NoticeCode, (run: Run) => boolean>>> = {
  'file-unbalanced-transaction': () => true,
  'file-oddity': (run) => ['42601', '1064', '08P01', undefined].includes(run.verdict?.error?.code),
  'file-syntax': (run) => ['42601', '1064'].includes(run.verdict?.error?.code ?? ''),
  'file-resets-limits': (run) => run.stopReason === 'migration-timeout',
  'cli-hung': () => true,
};

function fromNotices(run: Run): Cause | undefined {
  const failed = run.verdict?.failedMigration;
  const order = Object.keys(FITTING) as readonly NoticeCode[];
  for (const code of order) {
    const notice = run.notices.find((each) => {
      const about = each.fields.migration ?? each.fields.name;
      return each.code === code && (failed === undefined || about === undefined || about === failed);
    });
    if (notice === undefined || FITTING[code]?.(run) !== true) continue;
    const words = noticeWords(notice);
    // The verdict tells the missing COMMIT in nearly the same words.
    const told =
      code === 'file-unbalanced-transaction' &&
      /\bBEGIN\b|autocommit off/.test(run.verdict?.error?.message ?? '');
    return { why: told ? '' : words.what, fix: words.next ?? '' };
  }
  return undefined;
}

/** Prisma hid the error behind 25P02 and we found it; the reader may wonder why Prisma's output says otherwise. */
function replayed(run: Run): Cause | undefined {
  const { statement, error } = run.verdict ?? {};
  if (statement?.foundBy !== 'replayed' || error?.code === '25P02') return undefined;
  return {
    why: 'Prisma does not show this error; we found it by trying the file again in a transaction that was rolled back.',
    fix: '',
  };
}

/** The causes that are known, the most telling first; empty when the message must speak for itself. */
export function causes(run: Run): readonly Cause[] {
  if (run.verdict === undefined || run.verdict.ok || checkFailed(run)) return [];
  const noticed = fromNotices(run);
  const { code = '', message = '' } = run.verdict.error ?? {};
  const coded = (CAUSES[code] ?? (LOST_WORDS.test(message) ? LOST : undefined))?.(run);
  // A byte order mark is the syntax error: the general sentence would add nothing.
  const isSyntax = ['42601', '1064'].includes(code);
  const general = noticed !== undefined && isSyntax ? undefined : coded;
  if (run.stopReason === 'cancelled') return [];
  if (run.stopReason === 'lock-taken') return [LOCK_TAKEN];
  return [noticed, general, replayed(run)].filter((each) => each !== undefined);
}
