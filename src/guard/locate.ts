import type { ParsedFile, Statement } from '../domain/sql.ts';
import type { FailedStatement } from '../domain/verdict.ts';

export interface Clues {
  /** 1-based character position the server gave, in the file or in the statement. */
  readonly position: number | undefined;
  /** MySQL: 1-based number of the failing statement, as Prisma counted the answers before it. */
  readonly statementNumber?: number | undefined;
  readonly message: string;
  /** Query text of our backend when it was last seen running. */
  readonly watched: string | undefined;
  /** Index of the failing statement when a replay found it. */
  readonly replayed: number | undefined;
  /** True when each statement was sent by itself. */
  readonly split: boolean;
  readonly sqlState?: string | undefined;
  /** Objects that differ from the restore point: what made them has run. */
  readonly differing?: readonly string[];
}

type Found = { readonly index: number; readonly foundBy: FailedStatement['foundBy'] };

/** Which statement failed; undefined when nothing convinces. Ordered from certain to likely. */
export function locateStatement(file: ParsedFile, clues: Clues): Found | undefined {
  const { statements } = file;
  if (clues.replayed !== undefined) return { index: clues.replayed, foundBy: 'replayed' };
  if (statements.length === 1) return { index: 0, foundBy: 'only-statement' };
  return (
    byNumber(statements, clues) ??
    byPosition(statements, clues) ??
    byWatched(statements, clues) ??
    byName(statements, clues.message) ??
    byElimination(statements, clues)
  );
}

/** These answer once; CALL, EXECUTE and a block answer as often as they select, and the count is no number any more. */
const ANSWERS_ONCE =
  /^(?:\s|--[^\n]*\n|#[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:select|insert|replace|update|delete|load|do|with|set|create|alter)\b/i;

function byNumber(statements: readonly Statement[], { statementNumber }: Clues): Found | undefined {
  if (statementNumber === undefined || statementNumber > statements.length) return undefined;
  const earlier = statements.slice(0, statementNumber - 1);
  const counts = earlier.every((each) => each.kind !== 'opaque' || ANSWERS_ONCE.test(each.text));
  return counts ? { index: statementNumber - 1, foundBy: 'position' } : undefined;
}

function byPosition(statements: readonly Statement[], clues: Clues): Found | undefined {
  if (clues.position === undefined) return undefined;
  const offset = clues.position - 1;
  if (!clues.split) {
    const index = statements.findLastIndex((each) => each.offset <= offset);
    return index < 0 ? undefined : { index, foundBy: 'position' };
  }
  // The position counts from the start of the statement: it must point at a name the message quotes.
  const quoted = quotedNames(clues.message);
  const fitting = statements.flatMap((each, index) => {
    const rest = each.text.slice(offset).replace(/^"/, '').toLowerCase();
    return quoted.some((name) => rest.startsWith(lastPart(name))) ? [index] : [];
  });
  const [index] = fitting;
  return fitting.length === 1 && index !== undefined ? { index, foundBy: 'position' } : undefined;
}

function byWatched(statements: readonly Statement[], clues: Clues): Found | undefined {
  if (!clues.split || clues.watched === undefined) return undefined;
  const seen = squeeze(clues.watched);
  const texts = statements.map((each) => squeeze(each.text));
  // The server cuts long queries, and a comment before a statement is part of its query.
  const fits: readonly ((text: string) => boolean)[] = [
    (text) => text === seen,
    (text) => text.startsWith(seen) && seen.length > 20,
    (text) => seen.endsWith(text),
  ];
  for (const matches of fits) {
    const found = texts.flatMap((text, index) => (text !== '' && matches(text) ? [index] : []));
    const [index] = found;
    // The same statement twice names no place.
    if (index !== undefined) return found.length === 1 ? { index, foundBy: 'watched' } : undefined;
  }
  return undefined;
}

function byName(statements: readonly Statement[], message: string): Found | undefined {
  const quoted = quotedNames(message).map((name) => lastPart(name));
  if (quoted.length === 0) return undefined;
  const scores = statements.map((each) => quoted.filter((name) => each.names.includes(name)).length);
  const best = Math.max(...scores);
  // Two that fit alike name no place.
  if (best <= 0 || scores.filter((score) => score === best).length > 1) return undefined;
  return { index: scores.indexOf(best), foundBy: 'named' };
}

/**
 * What is left when the others are ruled out: statements whose effect is seen have run, and some cannot fail in this way.
 * Only likely, because somebody else may have changed the schema as well.
 */
function byElimination(statements: readonly Statement[], clues: Clues): Found | undefined {
  const last = clues.split ? lastSeen(statements, clues.differing ?? []) : -1;
  const left = statements.flatMap((each, index) =>
    index > last && mayRaise(each, clues.sqlState) ? [index] : [],
  );
  const [index] = left;
  const next = statements[last + 1];
  // A change of the schema that ran would be seen.
  const stopped =
    clues.split && last >= 0 && index === last + 1 && next?.kind === 'schema' && !TOLERANT.test(next.text);
  return index !== undefined && (left.length === 1 || stopped) ? { index, foundBy: 'named' } : undefined;
}

/** Index of the last statement that alone names an object that has changed; -1 when there is none. */
const lastSeen = (statements: readonly Statement[], differing: readonly string[]): number =>
  Math.max(
    -1,
    ...differing.map((object) => {
      const name = lastPart(object.replace(/^.* /, '')).replaceAll('"', '').toLowerCase();
      const found = statements.flatMap((each, index) => (each.names.includes(name) ? [index] : []));
      return found.length === 1 ? (found[0] ?? -1) : -1;
    }),
  );

const TOLERANT = /\bif\s+(not\s+)?exists\b|\bor\s+replace\b/i;
/** Only these look at rows or run expressions; the rest cannot meet bad data (classes 22 and 23). */
const READS_ROWS =
  /^\s*(alter\s+(table|domain)|create\s+(unique\s+)?index|create\s+materialized|create\s+table\b[\s\S]*\bas\b|reindex|refresh)\b/i;

/** Words without which a change of the schema cannot violate that kind of constraint. */
const CONSTRAINTS: Readonly<Record<string, RegExp>> = {
  23502: /\b(not\s+null|primary\s+key|validate|identity)\b/i,
  23503: /\b(foreign\s+key|references|validate)\b/i,
  23505: /\b(unique|primary\s+key|reindex|refresh|attach)\b/i,
  23514: /\b(check|validate|attach|domain)\b/i,
};

function mayRaise({ kind, text }: Statement, sqlState = ''): boolean {
  const bare = text.replace(/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '');
  const active = kind === 'write' || kind === 'opaque' || kind === 'read';
  const needed = CONSTRAINTS[sqlState];
  if (/^2[23]/.test(sqlState))
    return (
      kind === 'write' ||
      kind === 'opaque' ||
      ((active || READS_ROWS.test(bare)) && (needed?.test(bare) ?? true))
    );
  if (sqlState === 'P0001') return kind === 'write' || kind === 'opaque';
  if (sqlState === '2BP01') return /\b(drop|revoke)\b/i.test(bare);
  if (sqlState === '25001') return kind === 'maintenance';
  return true;
}

const quotedNames = (message: string): readonly string[] =>
  [...message.matchAll(/"([^"]{1,128})"/g)].flatMap(([, name]) =>
    name === undefined ? [] : [name.toLowerCase()],
  );

const lastPart = (name: string): string => name.split('.').at(-1) ?? name;

const squeeze = (sql: string): string => sql.replace(/\s+/g, ' ').replace(/;\s*$/, '').trim();
