import { endsInRollback, isAtomic, isWrapped, leavesTransactionOpen } from '../../domain/atomicity.ts';
import { type FileMatch, type FileRule, type FileSite, fileRule } from '../file-rule.ts';

const about = (index: number, more: Partial<FileMatch> = {}): FileMatch => ({
  tables: [],
  subject: '',
  index,
  ...more,
});

const unreadable = fileRule(
  {
    id: 'unreadable-file',
    squawk: ['syntax-error'],
    title: 'PostgreSQL cannot read this file',
    category: 'fails-whole',
    safe: 'Never.',
    mode: 'both',
    why: 'The grammar of PostgreSQL 18 refuses the file, so nothing in it could be checked, and the server will refuse it, too. Lines of psql such as \\restrict or :variable do this.',
    remedy: 'Correct the line, or take out what only psql understands.',
    rewrite: '',
  },
  ({ file }) =>
    file.syntaxError === undefined
      ? []
      : [
          {
            tables: [],
            subject: '',
            line: file.syntaxError.line,
            detail: `The parser says: ${file.syntaxError.message}.`,
          },
        ],
);

const bytes = fileRule(
  {
    id: 'odd-bytes',
    squawk: [],
    title: 'The file holds bytes that the server does not take',
    category: 'fails-whole',
    safe: 'Plain UTF-8 without a byte order mark.',
    mode: 'both',
    why: 'A byte order mark is a syntax error for PostgreSQL; bytes that are no UTF-8 are replaced or refused; a NUL cannot even be sent (block).',
    remedy: 'Save the file as UTF-8 without a byte order mark.',
    rewrite: '',
  },
  ({ file }) =>
    file.oddities.map((oddity) => ({
      tables: [],
      subject: '',
      line: 1,
      detail: `Found: ${oddity.replaceAll('-', ' ')}${oddity === 'nul-byte' ? ', as UTF-16 has it' : ''}.`,
      ...(oddity === 'invalid-utf8' ? { doubtful: true } : {}),
      // Prisma's driver gives up before it sends such a text, and afterwards nobody can tell what the server was sent.
      ...(oddity === 'nul-byte' ? { level: 'block' as const } : {}),
    })),
);

const concurrently = fileRule(
  {
    id: 'concurrently-in-transaction',
    squawk: ['ban-concurrent-index-creation-in-transaction'],
    title: 'This statement cannot run in a transaction',
    category: 'fails-whole',
    safe: 'Alone in its file; or Prisma 7.4 and later without BEGIN.',
    mode: 'whole file',
    why: 'CONCURRENTLY, VACUUM and their like refuse to run in a transaction (25001). Up to Prisma 7.3 a file with more than one statement is one transaction, and a COMMIT before it does not help.',
    remedy: 'Give it a migration file of its own.',
    rewrite: 'CREATE INDEX CONCURRENTLY orders_user_idx ON orders (user_id); -- alone in its file',
  },
  ({ file, placements, request }) =>
    file.statements.flatMap(({ kind }, index) => {
      if (kind !== 'maintenance') return [];
      const crowded = request.splitsStatements
        ? placements[index]?.explicit === true
        : file.statements.length > 1;
      return crowded ? [about(index)] : [];
    }),
);

const uncommitted = fileRule(
  {
    id: 'uncommitted-transaction',
    squawk: ['ban-uncommitted-transaction'],
    title: 'BEGIN without COMMIT: nothing of it is kept',
    category: 'fails-whole',
    safe: 'COMMIT at the end.',
    mode: 'both',
    why: 'The server throws all of it away when the session ends, but Prisma reports no error and records the migration as applied.',
    remedy: 'Add COMMIT, or take BEGIN out.',
    rewrite: 'COMMIT;',
  },
  ({ file }) => {
    if (!leavesTransactionOpen(file.statements)) return [];
    return [about(file.statements.findLastIndex(({ transaction }) => transaction === 'begin'))];
  },
);

const rollsBack = fileRule(
  {
    id: 'ends-in-rollback',
    squawk: [],
    title: 'The file undoes itself',
    category: 'fails-whole',
    safe: 'COMMIT at the end.',
    mode: 'both',
    why: 'Its last word about transactions is ROLLBACK: the server undoes the work, and Prisma records the migration as applied.',
    remedy: 'End the file with COMMIT, or take ROLLBACK out.',
    rewrite: 'COMMIT;',
  },
  ({ file }) =>
    endsInRollback(file.statements)
      ? [about(file.statements.findLastIndex(({ transaction }) => transaction === 'rollback'))]
      : [],
);

const nested = fileRule(
  {
    id: 'transaction-control',
    squawk: ['transaction-nesting'],
    title: 'BEGIN or COMMIT in the middle of a file',
    category: 'advice',
    safe: 'BEGIN first and COMMIT last.',
    mode: 'differs',
    why: 'Up to Prisma 7.3 a BEGIN joins the transaction that is already open, and COMMIT ends both: what follows is a transaction of its own.',
    remedy: 'Put BEGIN first and COMMIT last, or take both out.',
    rewrite: 'BEGIN;\nALTER TABLE users ADD COLUMN age int;\nCOMMIT;',
  },
  ({ file }) => {
    const control = file.statements.findIndex(
      ({ transaction }) => transaction !== undefined && transaction !== 'savepoint',
    );
    return control === -1 || isWrapped(file.statements) || leavesTransactionOpen(file.statements)
      ? []
      : [about(control)];
  },
);

/** Only objects that the file itself makes: a half of it disturbs nobody. */
const touchesNothing = ({ locks, seen }: FileSite): boolean =>
  locks.every((each) => each.size === 0) &&
  seen.every(({ category }) => category === 'brief' || category === 'advice');

const partial = fileRule(
  {
    id: 'partial-commit',
    squawk: [],
    title: 'A failure leaves half of the file behind',
    category: 'partial',
    safe: 'BEGIN first and COMMIT last; or a single statement; or Prisma up to 7.3 without transaction control.',
    mode: 'each statement',
    why: 'The file is not one transaction. When a statement fails, those before it stay, the migration counts as failed, and running it again meets what is already there.',
    remedy: 'Put BEGIN and COMMIT around the file, or make it a single statement.',
    rewrite:
      'BEGIN;\nALTER TABLE users ADD COLUMN age int;\nALTER TABLE users ADD COLUMN town text;\nCOMMIT;',
  },
  (site) => {
    const { file, request, seen } = site;
    const real = file.statements.filter(({ kind }) => kind !== 'transaction' && kind !== 'session');
    if (file.syntaxError !== undefined || real.length < 2) return [];
    if (isAtomic(file, request.splitsStatements) || leavesTransactionOpen(file.statements)) return [];
    const likely = seen.some(
      ({ index, severe, category }) => index > 0 && severe && category !== 'data-loss',
    );
    const first = file.statements.findIndex(({ kind }) => kind !== 'session');
    const level = likely ? 'error' : touchesNothing(site) ? 'notice' : 'warning';
    return [about(first, { level })];
  },
);

export const FILE_RULES: readonly FileRule[] = [
  unreadable,
  bytes,
  concurrently,
  uncommitted,
  rollsBack,
  nested,
  partial,
];
