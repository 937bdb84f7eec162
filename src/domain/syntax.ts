import type { ParsedFile, Statement } from './sql.ts';

/** PostgreSQL's parse tree as plain JSON: a node is an object with one key, its type. */
export type Tree = { readonly [key: string]: unknown };

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{ SelectStmt: {...} }` as its name and its fields. */
export function nodeOf(value: unknown): { readonly type: string; readonly fields: Tree } {
  if (isTree(value)) {
    for (const type in value) {
      const fields = value[type];
      return { type, fields: isTree(fields) ? fields : {} };
    }
  }
  return { type: '', fields: {} };
}

type Visited = { readonly key: string; readonly node: Tree };

function visit(value: unknown, key: string, found: Visited[]): void {
  if (Array.isArray(value)) {
    for (const each of value) visit(each, key, found);
  } else if (isTree(value)) {
    found.push({ key, node: value });
    for (const name in value) {
      const child = value[name];
      if (typeof child === 'object') visit(child, name, found);
    }
  }
}

/** Every object in the tree, parents first; `key` is the name under which it hangs. No generator: three times as fast. */
export function walk(value: unknown, key = ''): readonly Visited[] {
  const found: Visited[] = [];
  visit(value, key, found);
  return found;
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The texts of a list of `String` nodes, such as the parts of a qualified name. */
export const strings = (list: unknown): readonly string[] =>
  listOf(list).flatMap((item) => {
    const { type, fields } = nodeOf(item);
    return type === 'String' && typeof fields.sval === 'string' ? [fields.sval] : [];
  });

/** Names of `DefElem` options that are set, lower case. */
export const options = (list: unknown): readonly string[] =>
  listOf(list).flatMap((item) => {
    const { fields } = nodeOf(item);
    return typeof fields.defname === 'string' ? [fields.defname.toLowerCase()] : [];
  });

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A statement with its parse tree and the lines of its parts. Lines are 1-based lines of the file. */
export interface AnalysedStatement extends Statement {
  readonly tree: Tree;
  /** Line of its last token. */
  readonly endLine: number;
  /** Line of each clause of an ALTER TABLE, of each element of a CREATE TABLE; empty for others. */
  readonly clauseLines: readonly number[];
}

export interface SqlComment {
  /** With its signs: `-- …` or a block. */
  readonly text: string;
  readonly line: number;
  readonly endLine: number;
  /** 0-based character offset in the file. */
  readonly offset: number;
}

/** A migration file with all that the hazard rules read. */
export interface AnalysedFile extends Omit<ParsedFile, 'statements'> {
  /** Path relative to the repository root, for annotations. */
  readonly path: string;
  readonly statements: readonly AnalysedStatement[];
  readonly comments: readonly SqlComment[];
}
