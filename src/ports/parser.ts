import type { ParsedFile } from '../domain/sql.ts';

export interface Parser {
  /** Never throws for bad SQL: a file the grammar refuses comes back with `syntaxError`. */
  parse(migration: string, script: Uint8Array): Promise<ParsedFile>;
}
