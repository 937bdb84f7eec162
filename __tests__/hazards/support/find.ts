import { createAnalyser } from '../../../src/adapters/sql/index.ts';
import type { CatalogFacts, Hazard, HazardRequest, TableFacts } from '../../../src/domain/hazard.ts';
import type { AnalysedFile } from '../../../src/domain/syntax.ts';
import { findHazards } from '../../../src/hazards/index.ts';

const analyser = createAnalyser();

export const analyse = (text: string, migration = 'm'): Promise<AnalysedFile> =>
  analyser.analyse(migration, `prisma/migrations/${migration}/migration.sql`, Buffer.from(text));

export type Options = Partial<Omit<HazardRequest, 'files' | 'applied'>> & {
  readonly applied?: readonly string[];
};

/** Hazards of files given as SQL; they are called `m0`, `m1`, and so on. */
export async function find(
  scripts: string | readonly string[],
  options: Options = {},
): Promise<readonly Hazard[]> {
  const texts = typeof scripts === 'string' ? [scripts] : scripts;
  return findHazards({
    splitsStatements: false,
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 5000,
    allowDataLoss: [],
    ...options,
    files: await Promise.all(texts.map((text, index) => analyse(text, `m${index}`))),
    applied: await Promise.all((options.applied ?? []).map((text) => analyse(text, 'old'))),
  });
}

/** `rule level` of each hazard. */
export const told = (hazards: readonly Hazard[]): readonly string[] =>
  hazards.map(({ rule, level }) => `${rule} ${level}`);

export const table = (facts: Partial<TableFacts> = {}): TableFacts => ({
  rows: 5_000_000,
  bytes: 500_000_000,
  columns: {},
  checkedNotNull: [],
  parents: [],
  children: [],
  dependents: [],
  indexes: [],
  constraints: {},
  ...facts,
});

export const catalog = (
  tables: Readonly<Record<string, TableFacts>>,
  facts: Partial<CatalogFacts> = {},
): CatalogFacts => ({
  serverVersion: 160004,
  schema: 'public',
  timeZone: 'UTC',
  tables,
  types: {},
  functions: {},
  oldestTransactionMs: 0,
  ...facts,
});
