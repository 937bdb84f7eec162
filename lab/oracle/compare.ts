import { type CatalogFacts, type Hazard, isAtLeast, type LockMode } from '../../src/domain/hazard.ts';
import type { AnalysedFile } from '../../src/domain/syntax.ts';
import { findHazards } from '../../src/hazards/index.ts';
import type { Truth } from './corpus.ts';

/** Findings about single statements that say: long work under a lock that stops writers. */
const STOPS: readonly LockMode[] = ['ACCESS EXCLUSIVE', 'EXCLUSIVE', 'SHARE ROW EXCLUSIVE', 'SHARE'];
const ABOUT_COMPANY = new Set(['work-under-lock', 'validate-in-same-transaction', 'merge-alter-tables']);

const claimsBlocking = ({ rule, lock, work }: Hazard): boolean =>
  !ABOUT_COMPANY.has(rule) &&
  lock !== undefined &&
  STOPS.includes(lock) &&
  (work === 'rewrite' || work === 'build' || work === 'scan');

/** Somebody says: this line blocks. Only squawk's claims can be in doubt. */
export interface Claim {
  /** 1-based. */
  readonly line: number;
  readonly inDoubt: boolean;
}
export type Claims = ReadonlyMap<AnalysedFile, readonly Claim[]>;

export const claimsOf = (plans: ReadonlyMap<AnalysedFile, readonly Hazard[]>): Claims =>
  new Map(
    [...plans].map(([file, hazards]) => [
      file,
      hazards.filter(claimsBlocking).map(({ line }) => ({ line, inDoubt: false })),
    ]),
  );

/** Doubtful claims say nothing (strict), or count where the server agrees and are forgiven where it does not (kind). */
export type Reading = 'strict' | 'kind';

/** The catalog with every table given one size. */
export const sized = (catalog: CatalogFacts, rows: number | undefined): CatalogFacts => ({
  ...catalog,
  tables: Object.fromEntries(
    Object.entries(catalog.tables).map(([key, table]) => [
      key,
      { ...table, rows, bytes: rows === undefined ? undefined : rows * 150 },
    ]),
  ),
});

export const plan = (
  file: AnalysedFile,
  applied: readonly AnalysedFile[],
  catalog: CatalogFacts | undefined,
  splitsStatements: boolean,
): readonly Hazard[] =>
  findHazards({
    files: [file],
    applied,
    splitsStatements,
    ...(catalog === undefined ? {} : { catalog }),
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 5000,
    allowDataLoss: [],
  });

export interface Score {
  hits: number;
  missed: number;
  false: number;
  silent: number;
}

/** Statement by statement: did somebody say that it blocks, and did it? Statements that failed count for nothing. */
export function score(
  truths: readonly Truth[],
  claims: Claims,
  reading: Reading,
  tell?: (kind: 'missed' | 'false', truth: Truth) => void,
): Score {
  const result: Score = { hits: 0, missed: 0, false: 0, silent: 0 };
  for (const truth of truths) {
    const statement = truth.file.statements[truth.index];
    if (truth.error !== undefined || statement === undefined) continue;
    const blocks = truth.blocks !== undefined;
    const claimed = (claims.get(truth.file) ?? []).some(
      ({ line, inDoubt }) =>
        statement.line <= line && line <= statement.endLine && (!inDoubt || (blocks && reading === 'kind')),
    );
    if (claimed && blocks) result.hits += 1;
    else if (claimed) {
      result.false += 1;
      tell?.('false', truth);
    } else if (blocks) {
      result.missed += 1;
      tell?.('missed', truth);
    } else result.silent += 1;
  }
  return result;
}

export const flagged = (lists: Iterable<readonly Hazard[]>, level: Hazard['level']): number =>
  [...lists].filter((list) => list.some((each) => isAtLeast(each.level, level))).length;
