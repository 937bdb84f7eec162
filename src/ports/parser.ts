import type { ParsedFile } from '../domain/sql.ts';

/** Cuts a migration file into statements and says of each what it may do. */
export interface Parser {
  /** Never throws for bad SQL: a file the grammar refuses comes back with `syntaxError`. */
  parse(migration: string, script: Uint8Array): Promise<ParsedFile>;
}
