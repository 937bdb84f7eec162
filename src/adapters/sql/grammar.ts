import type { Token } from './label.ts';

export interface Grammar {
  readonly loadModule: () => Promise<void>;
  readonly parseSync: (sql: string) => unknown;
  readonly scanSync: (sql: string) => { readonly tokens: readonly Token[] };
}

export interface RawStatement {
  readonly stmt?: unknown;
  /** In bytes; left out for 0. */
  readonly stmt_location?: number;
  /** In bytes; left out or 0 for "to the end". */
  readonly stmt_len?: number;
}

/** Memory grows with the file (about 60 times its size), so a giant one is not read. */
export const LARGEST_BYTES = 10_000_000;

let loading: Promise<Grammar> | undefined;

/** PostgreSQL 18's own grammar (`libpg-query`, WebAssembly), loaded once. */
export const loadGrammar = (): Promise<Grammar> => {
  loading ??= import('libpg-query').then(async (module) => {
    await module.loadModule();
    return module as unknown as Grammar;
  });
  return loading;
};

export function rawStatements(grammar: Grammar, text: string): readonly RawStatement[] {
  if (text.trim() === '') return [];
  const result = grammar.parseSync(text) as { readonly stmts?: readonly RawStatement[] };
  return result.stmts ?? [];
}

/** Position of a syntax error, counted in characters (code points). */
export function positionOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('sqlDetails' in error)) return 0;
  const details = error.sqlDetails as { readonly cursorPosition?: number } | undefined;
  return Math.max(0, details?.cursorPosition ?? 0);
}
