import { setFlagsFromString } from 'node:v8';

export interface RawStatement {
  readonly stmt?: unknown;
  /** In bytes; left out for 0. */
  readonly stmt_location?: number;
  /** In bytes; left out or 0 for "to the end". */
  readonly stmt_len?: number;
}

/** What libpg-query's WebAssembly module exports, as far as it is used. Pointers are offsets into its memory. */
export interface Module {
  /** Replaced whenever the memory grows, so always read anew. */
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  readonly _malloc: (bytes: number) => number;
  readonly _free: (pointer: number) => void;
  readonly _wasm_parse_query_raw: (sql: number) => number;
  readonly _wasm_free_parse_result: (result: number) => void;
}

/** PostgreSQL's refusal of a text; `position` in characters (code points), from 0. */
export class SyntaxRefused extends Error {
  override readonly name = 'SyntaxRefused';
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

export interface Grammar {
  /** Throws `SyntaxRefused`. `bytes` is UTF-8 without NUL. */
  readonly parse: (bytes: Uint8Array) => readonly RawStatement[];
}

/** Memory grows with the file (about 60 times its size), so a giant one is not read. */
export const LARGEST_BYTES = 10_000_000;

const WORD = 4;

const wordAt = ({ HEAPU32 }: Module, pointer: number): number => HEAPU32[pointer / WORD] ?? 0;

/** A C string. Searching for its end and decoding are native; the package's own way does the first byte by byte. */
function textAt({ HEAPU8 }: Module, pointer: number): string {
  const end = HEAPU8.indexOf(0, pointer);
  return Buffer.from(HEAPU8.buffer, pointer, end - pointer).toString('utf8');
}

/** PgQueryError (pg_query.h): message, function, file, line, position; the position counts from 1, 0 is unknown. */
const refusal = (module: Module, error: number): SyntaxRefused =>
  new SyntaxRefused(textAt(module, wordAt(module, error)), Math.max(0, wordAt(module, error + 4 * WORD) - 1));

function withSql<T>(module: Module, bytes: Uint8Array, work: (result: number) => T): T {
  const sql = module._malloc(bytes.length + 1);
  module.HEAPU8.set(bytes, sql);
  module.HEAPU8[sql + bytes.length] = 0;
  let result = 0;
  try {
    result = module._wasm_parse_query_raw(sql);
    if (result === 0) throw new SyntaxRefused('out of memory', 0);
    return work(result);
  } finally {
    module._free(sql);
    if (result !== 0) module._wasm_free_parse_result(result);
  }
}

/** PgQueryParseResult: tree as JSON, what the server printed, error. */
const parse = (module: Module, bytes: Uint8Array): readonly RawStatement[] =>
  withSql(module, bytes, (result) => {
    const error = wordAt(module, result + 2 * WORD);
    if (error !== 0) throw refusal(module, error);
    const tree = JSON.parse(textAt(module, wordAt(module, result))) as {
      readonly stmts?: readonly RawStatement[];
    };
    return tree.stmts ?? [];
  });

/**
 * V8 compiles WebAssembly twice: at once and plainly, then again with care what runs often. The second compilation of the
 * grammar's one giant function costs 0.9 s of CPU and 550 MB, on another thread, and the process cannot end before; a
 * migration is read sooner than that. Most functions of the module are never called:
 * each is compiled when it first is. Holds for what is compiled afterwards.
 */
function compileOnce(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  setFlagsFromString('--wasm-lazy-compilation');
  setFlagsFromString('--wasm-lazy-validation');
}

let loading: Promise<Grammar> | undefined;

/**
 * PostgreSQL 18's own grammar (`libpg-query`, WebAssembly), loaded once. Its inner module is taken instead of its wrapper,
 * which spends as long on copying texts in and out as the parser on parsing.
 */
export const loadGrammar = (): Promise<Grammar> => {
  loading ??= import('libpg-query/wasm/libpg-query.js').then(async ({ default: start }) => {
    compileOnce();
    const module: Module = await start();
    return { parse: (bytes) => parse(module, bytes) };
  });
  return loading;
};
