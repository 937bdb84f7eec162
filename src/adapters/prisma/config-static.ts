import { type Token, tokensOf } from './config-tokens.ts';

/** A value of a plain config file. `variable` is `env('X')` or `process.env.X`; `required` when it must be set. */
export type Plain =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly required: boolean }
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, Plain> }
  | { readonly kind: 'other' };

export interface PlainConfig {
  readonly root: ReadonlyMap<string, Plain>;
  /** True when the file imports `dotenv/config`. */
  readonly dotenv: boolean;
}

/** Modules whose import changes nothing the config could depend on. */
const HARMLESS = new Set(['prisma/config', '@prisma/config', '@prisma/prisma7/config', 'prisma']);
const DOTENV = 'dotenv/config';

/** Thrown inside only: the file is not plain. */
const NOT_PLAIN = Symbol('not plain');

/**
 * Reads a config file without running it. Answers only for files that consist of harmless imports and one exported
 * object of literals; undefined means "run it to know".
 */
export function readPlainConfig(code: string): PlainConfig | undefined {
  const tokens = tokensOf(code);
  if (tokens === undefined) return undefined;
  try {
    return parseFile(cursor(tokens));
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

interface Cursor {
  /** Takes the next token when it is this word or sign. */
  take(text: string): boolean;
  expect(...texts: readonly string[]): void;
  string(): string | undefined;
  word(): string | undefined;
  readonly done: boolean;
}

function cursor(tokens: readonly Token[]): Cursor {
  let at = 0;
  const next = (kind: Token['kind']): string | undefined => {
    const token = tokens[at];
    if (token?.kind !== kind) return undefined;
    at += 1;
    return token.text;
  };
  const take = (text: string): boolean => {
    const token = tokens[at];
    if (token === undefined || token.kind === 'string' || token.text !== text) return false;
    at += 1;
    return true;
  };
  return {
    take,
    expect: (...texts) => {
      for (const text of texts) if (!take(text)) throw NOT_PLAIN;
    },
    string: () => next('string'),
    word: () => next('word'),
    get done() {
      return at >= tokens.length;
    },
  };
}

function parseFile(at: Cursor): PlainConfig {
  const imported = new Set<string>();
  let dotenv = false;
  while (at.take('import')) dotenv = parseImport(at, imported) || dotenv;
  at.expect('export', 'default');
  const wrapped = at.take('defineConfig');
  if (wrapped && !imported.has('defineConfig')) throw NOT_PLAIN;
  if (wrapped) at.expect('(');
  const value = parseValue(at, imported);
  if (wrapped) {
    at.take(',');
    at.expect(')');
  }
  if (at.take('satisfies') && at.word() === undefined) throw NOT_PLAIN;
  at.take(';');
  if (!at.done || value.kind !== 'object') throw NOT_PLAIN;
  return { root: value.entries, dotenv };
}

/** True for `import 'dotenv/config'`. */
function parseImport(at: Cursor, imported: Set<string>): boolean {
  const bare = at.string();
  if (bare !== undefined) {
    at.take(';');
    if (bare !== DOTENV) throw NOT_PLAIN;
    return true;
  }
  const typeOnly = at.take('type');
  at.expect('{');
  const names: string[] = [];
  while (!at.take('}')) {
    const isType = at.take('type');
    const name = at.word();
    if (name === undefined || name === 'as') throw NOT_PLAIN;
    if (!isType) names.push(name);
    if (!at.take(',')) {
      at.expect('}');
      break;
    }
  }
  at.expect('from');
  const module = at.string();
  at.take(';');
  if (module === undefined || (!typeOnly && !HARMLESS.has(module))) throw NOT_PLAIN;
  if (!typeOnly) for (const name of names) imported.add(name);
  return false;
}

function parseValue(at: Cursor, imported: ReadonlySet<string>): Plain {
  const text = at.string();
  if (text !== undefined) return { kind: 'text', text };
  if (at.take('{')) return parseObject(at, imported);
  if (at.take('[')) return parseList(at, imported);
  const word = at.word();
  if (word === 'env' && imported.has('env')) return parseEnv(at);
  if (word === 'process') return parseProcessEnv(at);
  if (word === 'true' || word === 'false' || word === 'null' || word === 'undefined')
    return { kind: 'other' };
  if (word !== undefined && /^\d+$/.test(word)) return { kind: 'other' };
  throw NOT_PLAIN;
}

function parseObject(at: Cursor, imported: ReadonlySet<string>): Plain {
  const entries = new Map<string, Plain>();
  while (!at.take('}')) {
    const key = at.string() ?? at.word();
    if (key === undefined || key === '__proto__' || key.includes('$') || entries.has(key)) throw NOT_PLAIN;
    at.expect(':');
    entries.set(key, parseValue(at, imported));
    if (!at.take(',')) {
      at.expect('}');
      break;
    }
  }
  return { kind: 'object', entries };
}

function parseList(at: Cursor, imported: ReadonlySet<string>): Plain {
  while (!at.take(']')) {
    parseValue(at, imported);
    if (!at.take(',')) {
      at.expect(']');
      break;
    }
  }
  return { kind: 'other' };
}

function parseEnv(at: Cursor): Plain {
  at.expect('(');
  const name = at.string();
  at.expect(')');
  if (name === undefined) throw NOT_PLAIN;
  return { kind: 'variable', name, required: true };
}

/** `process.env.X` or `process.env['X']`, with a TypeScript `!` or `as string`. */
function parseProcessEnv(at: Cursor): Plain {
  at.expect('.', 'env');
  const bracket = at.take('[');
  if (!bracket) at.expect('.');
  const name = bracket ? at.string() : at.word();
  if (bracket) at.expect(']');
  if (name === undefined) throw NOT_PLAIN;
  at.take('!');
  if (at.take('as')) at.expect('string');
  return { kind: 'variable', name, required: false };
}
