/**
 * What Prisma printed, read back as facts. Shapes: prisma-engines `libs/user-facing-errors` and the CLI's own
 * error printer, versions 5 to 7. A clue only: the verdict rests on the database.
 */
export interface PrismaOutcome {
  /** Prisma's own code: `P3018`. Absent for engine errors it has no name for. */
  readonly code?: string;
  /**
   * SQLSTATE, five characters; also set for code-less errors whose English wording stands for exactly one. On MySQL the
   * number of the error, four digits.
   */
  readonly sqlState?: string;
  readonly migration?: string;
  /** First line of the server's message without its severity, else of Prisma's. */
  readonly message?: string;
  /** The server's DETAIL and HINT. A DETAIL may quote rows. */
  readonly detail?: string;
  readonly hint?: string;
  /** 1-based character position the server gave, in the text it was sent. */
  readonly position?: number;
  /** MySQL: 1-based number of the failing statement in the file; everything before it has run. */
  readonly statementNumber?: number;
  readonly constraint?: string;
  readonly table?: string;
  /** True when a wait for a lock ran out: Prisma's advisory lock (P1002) or one of a statement (55P03, MySQL's 1205). */
  readonly lockTimeout?: boolean;
}

/** Key of Prisma's advisory lock, part of the text of P1002. */
const ADVISORY_LOCK = '72707369';

/** Wordings of the server (errcodes.txt) that Prisma passes on without the code. */
const WORDINGS: readonly (readonly [RegExp, string])[] = [
  [/current transaction is aborted, commands ignored/, '25P02'],
  [/canceling statement due to lock timeout/, '55P03'],
  [/canceling statement due to (?:statement timeout|user request)/, '57014'],
  [/terminating connection due to administrator command/, '57P01'],
  [/deadlock detected/, '40P01'],
  [/^(?:\w+:\s*)*(?:db error: )?(?:ERROR:\s*)?(?:permission denied for|must be owner of) /, '42501'],
  [/cannot execute .+ in a read-only transaction/, '25006'],
];

/** lock_not_available, ER_LOCK_WAIT_TIMEOUT. */
const LOCK_TIMEOUTS = new Set<string | undefined>(['55P03', '1205']);

// biome-ignore lint/suspicious/noControlCharactersInRegex: P3018 carries raw colour codes whatever NO_COLOR says.
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

export const withoutColours = (text: string): string => text.replace(ANSI, '');

/** Reads the output of `prisma migrate deploy` or `resolve`; empty when it tells of no failure. */
export function readPrismaOutput(output: string): PrismaOutcome {
  const text = withoutColours(output).replaceAll('\r\n', '\n');
  const start = errorStart(text);
  if (start === undefined) {
    // Without an error and without an end the CLI was stopped; the last file it began is the one it was in.
    return /All migrations have been successfully applied|No pending migrations to apply/.test(text)
      ? {}
      : compact({ migration: lastBegun(text) });
  }
  const error = text.slice(start);
  const code =
    error.match(/^Error: (?:\w*Error: )?(P\d{4})\b/)?.[1] ?? error.match(/^Error code: (P\d{4})$/m)?.[1];
  return code === 'P3018' ? scriptFailure(error, code) : otherFailure(error, code, lastBegun(text));
}

function errorStart(text: string): number | undefined {
  const match =
    /^Error: (?:\w*Error: )?P\d{4}\b/m.exec(text) ??
    /^Error: (?=ERROR:|db error)/m.exec(text) ??
    /^(?:Error:|Failed to (?:load|parse) )/m.exec(text);
  return match?.index;
}

const lastBegun = (text: string): string | undefined =>
  [...text.matchAll(/^Applying migration `([^`\n]+)`/gm)].at(-1)?.[1];

/** `Migration name: …`, `Database error code: …`, `Database error:` with message, position and debug form. */
function scriptFailure(error: string, code: string): PrismaOutcome {
  const head = error.slice(0, error.search(/^Database error:/m) + 1 || undefined);
  const body = error.match(/^Database error:\s*\n?([\s\S]*)$/m)?.[1] ?? '';
  const stated = head.match(/^Database error code: (.+)$/m)?.[1]?.trim();
  const spoken = serverMessage(body);
  const sqlState =
    stated !== undefined && /^(?:[0-9A-Z]{5}|\d{4})$/.test(stated) ? stated : wordingState(body);
  return compact({
    code,
    sqlState,
    migration: head.match(/^Migration name: (.+)$/m)?.[1]?.trim(),
    ...spoken,
    ...debugFields(body),
    statementNumber: statementNumber(body),
    lockTimeout: LOCK_TIMEOUTS.has(sqlState) ? true : undefined,
  });
}

/** `Please check the query number 2 from the migration file.`, which Prisma adds to an error of MySQL. */
function statementNumber(body: string): number | undefined {
  const said = body.match(/^\s*Please check the query number (\d{1,9}) from the migration file\.$/m)?.[1];
  return said === undefined || Number(said) === 0 ? undefined : Number(said);
}

/** Text of the server up to the `Position:` block or the debug form. */
function serverMessage(body: string): Pick<Partial<PrismaOutcome>, 'message' | 'detail' | 'hint'> {
  const end = body.search(/\n+(?:Position:|DbError \{|Please check the query number)/);
  const said = (end < 0 ? body : body.slice(0, end)).trim();
  const [first = ''] = said.split('\n');
  return compact({
    message: withoutSeverity(first) || undefined,
    detail: said.match(/^DETAIL:\s*(.+)$/m)?.[1],
    hint: said.match(/^HINT:\s*(.+)$/m)?.[1],
  });
}

/** Rust's debug form of the driver's error: `DbError { …, position: Some(Original(45)), constraint: Some("k"), … }`. */
function debugFields(body: string): Partial<PrismaOutcome> {
  const at = body.lastIndexOf('DbError {');
  if (at < 0) return {};
  const debug = body.slice(at);
  const text = (name: string): string | undefined =>
    unescaped(debug.match(new RegExp(`[{,] ${name}: Some\\("((?:[^"\\\\]|\\\\.)*)"\\)`))?.[1]);
  const position = Number(debug.match(/, position: Some\(Original\((\d+)\)\)/)?.[1]);
  return compact({
    position: Number.isSafeInteger(position) && position > 0 ? position : undefined,
    constraint: text('constraint'),
    table: text('table'),
    detail: text('detail'),
    hint: text('hint'),
  });
}

function otherFailure(error: string, code: string | undefined, begun: string | undefined): PrismaOutcome {
  const message = failureMessage(error);
  const sqlState = wordingState(message ?? '');
  const advisory = code === 'P1002' && error.includes(ADVISORY_LOCK);
  const named =
    error.match(/with migration_name="([^"\n]+)"/)?.[1] ??
    error.match(/^The `([^`\n]+)` migration started/m)?.[1];
  return compact({
    code,
    sqlState,
    migration: named ?? begun,
    message,
    lockTimeout: advisory || sqlState === '55P03' ? true : undefined,
  });
}

/** The first line that says something: `Error: P3009`, `Error code: P1012` and `Error: Schema engine error:` alone do not. */
function failureMessage(error: string): string | undefined {
  const lines = error
    .split('\n')
    .map((line) =>
      line
        .replace(/^Error: /, '')
        .replace(/^Schema engine error:/, '')
        .trimStart()
        .replace(/^(?:\w*Error: )?P\d{4}(?::\s*|$)/, '')
        .trim(),
    )
    .filter((line) => line !== '' && !/^Error code:/.test(line) && !/^Prisma schema validation/.test(line));
  const [first] = lines;
  return first === undefined ? undefined : withoutSeverity(first.replace(/^error: /, ''));
}

const withoutSeverity = (line: string): string =>
  line.replace(/^(?:db error: )?(?:ERROR|FATAL|PANIC):\s*/, '').trim();

const wordingState = (text: string): string | undefined =>
  WORDINGS.find(([wording]) => wording.test(text.split('\n')[0] ?? ''))?.[1];

const unescaped = (text: string | undefined): string | undefined =>
  text?.replace(/\\(["'\\])/g, '$1').replace(/\\n/g, '\n');

function compact(
  fields: { readonly [K in keyof PrismaOutcome]?: PrismaOutcome[K] | undefined },
): PrismaOutcome {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
