import type { ParsedFile, Statement } from '../domain/sql.ts';
import type { FailedStatement } from '../domain/verdict.ts';

export interface Clues {
  /** 1-based character position the server gave, in the file or in the statement. */
  readonly position: number | undefined;
  readonly message: string;
  /** Query text of our backend when it was last seen running. */
  readonly watched: string | undefined;
  /** Index of the failing statement when a replay found it. */
  readonly replayed: number | undefined;
  /** True when each statement was sent by itself. */
  readonly split: boolean;
}

type Found = { readonly index: number; readonly foundBy: FailedStatement['foundBy'] };

/** Which statement failed; undefined when nothing convinces. Ordered from certain to likely. */
export function locateStatement(file: ParsedFile, clues: Clues): Found | undefined {
  const { statements } = file;
  if (clues.replayed !== undefined) return { index: clues.replayed, foundBy: 'replayed' };
  if (statements.length === 1) return { index: 0, foundBy: 'only-statement' };
  return byPosition(statements, clues) ?? byWatched(statements, clues) ?? byName(statements, clues.message);
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
  for (const fit of fits) {
    const found = texts.flatMap((text, index) => (text !== '' && fit(text) ? [index] : []));
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
  if (best === 0) return undefined;
  return { index: scores.indexOf(best), foundBy: 'named' };
}

const quotedNames = (message: string): readonly string[] =>
  [...message.matchAll(/"([^"]{1,128})"/g)].flatMap(([, name]) =>
    name === undefined ? [] : [name.toLowerCase()],
  );

const lastPart = (name: string): string => name.split('.').at(-1) ?? name;

const squeeze = (sql: string): string => sql.replace(/\s+/g, ' ').replace(/;\s*$/, '').trim();
