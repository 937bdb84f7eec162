import type { CatalogFacts, Hazard } from '../../src/domain/hazard.ts';
import type { AnalysedFile } from '../../src/domain/syntax.ts';
import { plan, sized } from './compare.ts';

/** What is known when a file is planned, and the rows each table is given. */
export const KINDS = [
  { kind: 'file' },
  { kind: 'history' },
  { kind: 'catalog, as it is (empty)', rows: 'real' },
  { kind: 'catalog, small tables', rows: 200_000 },
  { kind: 'catalog, large tables', rows: 5_000_000 },
  { kind: 'catalog, huge tables', rows: 50_000_000 },
  { kind: 'catalog, sizes unknown', rows: undefined },
] as const;
export type Kind = (typeof KINDS)[number];

/** How Prisma sends a file: up to 7.3 as a whole, from 7.4 on statement by statement. */
export const MODES = ['whole', 'statements'] as const;
export type Mode = (typeof MODES)[number];

export type Plans = Map<AnalysedFile, readonly Hazard[]>;

function factsOf(kind: Kind, catalog: CatalogFacts): CatalogFacts | undefined {
  if (!('rows' in kind)) return undefined;
  return kind.rows === 'real' ? catalog : sized(catalog, kind.rows);
}

const keyOf = (kind: Kind, mode: Mode): string => `${kind.kind}\0${mode}`;

/** The hazards of every file, for each thing that may be known and each way to run it. */
export class AllPlans {
  readonly #plans = new Map<string, Plans>(
    KINDS.flatMap((kind) => MODES.map((mode) => [keyOf(kind, mode), new Map()] as const)),
  );

  of(kind: Kind, mode: Mode): Plans {
    return this.#plans.get(keyOf(kind, mode)) ?? new Map();
  }

  /** Plans one file as it is before it runs. */
  add(file: AnalysedFile, applied: readonly AnalysedFile[], catalog: CatalogFacts): void {
    for (const kind of KINDS) {
      const facts = factsOf(kind, catalog);
      for (const mode of MODES)
        this.of(kind, mode).set(
          file,
          plan(file, kind.kind === 'history' ? applied : [], facts, mode === 'statements'),
        );
    }
  }
}
