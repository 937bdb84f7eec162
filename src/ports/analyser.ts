import type { AnalysedFile } from '../domain/syntax.ts';

/** Reads a migration file for the hazard rules, with trees, comments and lines. */
export interface Analyser {
  /** `path` is passed through. Never throws for bad SQL: such a file comes back with `syntaxError`. */
  analyse(migration: string, path: string, script: Uint8Array): Promise<AnalysedFile>;
}
