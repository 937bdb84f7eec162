import type { Notice, NoticeCode } from '../../domain/event.ts';
import { field, type NoticeWords, when } from '../advice.ts';
import { resolveText } from '../commands.ts';
import { took } from '../words.ts';

export type NoticeWording = (notice: Notice) => NoticeWords;

const migration = (n: Notice): string => `"${field(n, 'migration', field(n, 'name', 'of this deploy'))}"`;
const line = (n: Notice): string => when(n, 'line', (number) => ` (line ${number})`);
const why = (n: Notice): string =>
  when(n, 'message', (text) => `: ${text}`) || when(n, 'detail', (text) => `: ${text}`);

const ODDITIES: Readonly<Record<string, string>> = {
  'byte-order-mark': 'begins with a byte order mark (BOM), which the server takes for a syntax error',
  'nul-byte': 'contains a NUL byte, which the server cannot take',
  'invalid-utf8': 'is not valid UTF-8; Prisma would replace the bad bytes without a word',
};

const FILES = {
  'migration-edited': (n) => ({
    what: `The migration ${migration(n)} was edited after it had been applied. The database has the old text.`,
    next: 'Put the change into a new migration and restore the old file from git.',
  }),
  'migration-gone': (n) => ({
    what: `The migration ${migration(n)} is applied in the database but its folder is gone. This may be the wrong branch.`,
    next: 'Check that the right commit is being deployed, or restore the folder from git.',
  }),
  'migration-out-of-order': (n) => ({
    what: `The migration ${migration(n)} is older than the newest applied one. Prisma applies it all the same.`,
    next: 'Check that it does not depend on the order.',
  }),
  'file-oddity': (n) => ({
    what: `The file of ${migration(n)} ${ODDITIES[field(n, 'oddity', field(n, 'kind', ''))] ?? `holds bytes that the server may not take${why(n)}`}.`,
    next: 'Save the file as UTF-8 without a BOM.',
  }),
  'file-syntax': (n) => ({
    what: `The parser does not accept the file of ${migration(n)}${line(n)}${why(n)}.`,
    next: 'Correct the SQL; the server will most likely refuse it.',
  }),
  'file-resets-limits': (n) => ({
    what: `The file of ${migration(n)} sets ${field(n, 'setting', 'a timeout')} itself${line(n)}, so our limit no longer holds from there on, nor in the migrations after it.`,
    next: `Remove the statement that sets ${field(n, 'setting', 'it')}${line(n)} and use the inputs statement-timeout and lock-timeout. Only migration-timeout still stops it.`,
  }),
  'file-unbalanced-transaction': (n) => ({
    what: `The file of ${migration(n)} ${field(n, 'by', '') === 'autocommit' ? 'switches autocommit off and leaves it so' : 'opens a transaction with BEGIN and does not commit it'}${line(n)}. Prisma reports success and the database throws the work away.`,
    next: 'Add COMMIT; at the end of the file, or delete what opens the transaction.',
  }),
} as const satisfies Partial<Record<NoticeCode, NoticeWording>>;

const PLANNING = {
  'planned-without-database': (n) => ({
    what: `The database was not asked${why(n)}. Its history, the sizes and types of its tables and their rows are not known; what git or GitHub says that this change adds is taken as pending.`,
    next: 'For a sharper plan, let this job reach the database with a read-only role.',
  }),
  'pending-unknown': () => ({
    what: 'Nobody could tell which migrations are new: there is no database, git does not know the base (a shallow checkout), and GitHub was not asked or did not answer. So ALL of them were read as pending, on an empty database. Tables that any of them creates count as empty, and HAZARDS TO SUCH TABLES ARE NOT SEEN: few findings mean little here.',
    next: 'Let actions/checkout fetch the whole history (fetch-depth: 0), give the job pull-requests: read, or let it reach the database.',
  }),
  'planned-without-aws': (n) => ({
    what: `AWS was not asked${why(n)}. Backups and the state of the database were not checked.`,
    next: 'Give this job AWS credentials that may describe the DB instance, or leave db-instance-identifier out.',
  }),
  'catalog-unread': (n) => ({
    what: `The catalog of the database could not be read${why(n)}, so the hazards are judged without the sizes of the tables.`,
  }),
  'rules-missing': () => ({
    what: 'The rules that find hazards know PostgreSQL only. These MySQL files were split into statements and NOT judged: no finding means nothing here.',
    next: 'Read the files yourself. On MySQL every change of the schema is committed at once, and ALTER TABLE with ALGORITHM=INSTANT or INPLACE, LOCK=NONE fails instead of blocking writers.',
  }),
  'report-unwritable': (n) => ({
    what: `The ${field(n, 'what', 'report')} could not be written${why(n)}.`,
    next: 'Choose a path in the workspace that can be written to. A step that reads the file will not find it.',
  }),
  'review-failed': (n) => ({
    what: `The pull request could not be commented${why(n)}.`,
    next: 'The job summary says the same. The token needs pull-requests: write.',
  }),
  'dev-command': (n) => ({
    what: `${field(n, 'command', 'A development command of Prisma')} stands in ${field(n, 'path', 'a file')}${when(n, 'line', (line) => `, line ${line}`)}${when(n, 'script', (name) => ` (script ${name})`)}. On a production database it can drop everything.`,
    next: 'Use prisma migrate deploy there, or this action.',
  }),
  drift: (n) => ({
    what: `The database is not what schema.prisma says${when(n, 'changes', (changes) => `: ${changes}`)}.`,
    next: 'Somebody changed it by hand, or the schema was changed without a migration. Make a migration of the difference before you deploy more.',
  }),
  'drift-unknown': (n) => ({
    what: `Nobody can say whether the database has drifted from schema.prisma${when(n, 'message', (message) => `: ${message.replace(/[.]$/, '')}`)}.`,
  }),
  'maintenance-window-near': (n) => ({
    what: `The maintenance window${when(n, 'window', (window) => ` (${window} UTC)`)} of the database in RDS is near. AWS may restart it then.`,
    next: 'Deploy outside that window.',
  }),
} as const satisfies Partial<Record<NoticeCode, NoticeWording>>;

const SURROUNDINGS = {
  'predecessor-unfinished': (n) => ({
    what: `An earlier run${when(n, 'run', (run) => ` (${run})`)} did not reach its end${when(n, 'phase', (phase) => ` (it stopped at: ${phase})`)}. The migration history shows no damage of it.`,
    next: 'Nothing needs to be done; look at that run if you want to know why it ended.',
  }),
  'waits-for-turn': (n) => ({
    what: `Another guarded deploy of this database is at work${when(n, 'application', (name) => ` (${name})`) || when(n, 'pid', (pid) => ` (pid ${pid})`)}. This one waits for its end, for at most ${took(Number(field(n, 'limit', '0')))}.`,
  }),
  'endpoint-differs': (n) => ({
    what: `The database URL points to ${field(n, 'host', 'another host')} and not to the endpoint of the database in RDS${when(n, ['endpoint', 'expected'], (host) => ` (${host})`)}. Snapshot and restore are for the one in RDS.`,
    next: 'Make sure that both are the same database.',
  }),
  'iam-authentication': (n) => ({
    what: `The database${when(n, 'instance', (name) => ` ${name}`)} uses IAM database authentication. A restored one has a new resource id, which rds-db:connect policies must name.`,
    next: 'Be ready to add the new resource id (output restored-resource-id) to those policies.',
  }),
  'managed-password': (n) => ({
    what: `The master password${when(n, 'instance', (name) => ` of ${name}`)} is managed by Secrets Manager. A restored database is not connected to that secret.`,
    next: 'Set a master password on the restored database before you use it.',
  }),
  'backup-window-near': (n) => ({
    what: `The daily backup window${when(n, 'window', (window) => ` (${window} UTC)`)} is near. A running backup delays the snapshot.`,
  }),
  'aws-retry': (n) => ({
    what: `AWS was asked again${when(n, ['label', 'action'], (what) => ` (${what})`)}${when(n, 'attempt', (attempt) => `, attempt ${attempt}`)}${when(n, 'cause', (cause) => `, because: ${cause.replace(/[.]$/, '')}`)}.`,
  }),
  'cli-hung': () => ({
    what: 'The Prisma command did not end although the database had nothing left to do. It was stopped; the verdict comes from the database.',
  }),
  'prune-failed': (n) => ({
    what: `An old snapshot of ours could not be deleted${when(n, ['snapshot', 'name'], (name) => ` (${name})`)}${why(n)}.`,
    next: 'Delete it by hand, or add rds:DeleteDBSnapshot to the role.',
  }),
  'tag-failed': (n) => ({
    what: `A tag could not be set${when(n, ['name', 'arn'], (name) => ` on ${name}`)}${why(n)}.`,
    next: 'Add rds:AddTagsToResource to the role.',
  }),
  'resolve-failed': (n) => ({
    what: `The migration ${migration(n)} could not be marked as rolled back${why(n)}. The next deploy would stop with P3009.`,
    next: 'Mark it by hand before the next deploy.',
    run: resolveText(field(n, 'migration', field(n, 'name', 'MIGRATION_NAME'))),
  }),
  'notification-failed': (n) => ({
    what: `Slack did not take the message${when(n, 'status', (status) => ` (HTTP ${status})`)}${why(n)}.`,
    next: 'Tell your team yourself, and check slack-webhook-url.',
  }),
  'after-command-failed': (n) => ({
    what: `after-command failed${when(n, ['exitCode', 'status'], (status) => `: exit code ${status}`) || why(n)}.`,
    next: 'If after-command switches maintenance mode off, do that by hand now.',
  }),
} as const satisfies Partial<Record<NoticeCode, NoticeWording>>;

export const noticeTexts = {
  ...FILES,
  ...PLANNING,
  ...SURROUNDINGS,
} as const satisfies Partial<Record<NoticeCode, NoticeWording>>;
