import type { ParsedFile, Statement, StatementKind } from '../../src/domain/sql.ts';
import type { Analyser } from '../../src/ports/analyser.ts';
import type { Parser } from '../../src/ports/parser.ts';

const KINDS: readonly (readonly [RegExp, StatementKind])[] = [
  [/^(begin|commit|rollback|savepoint)\b/i, 'transaction'],
  [/^set\b/i, 'session'],
  [/concurrently|^vacuum\b/i, 'maintenance'],
  [/^(insert|update|delete|truncate)\b/i, 'write'],
  [/^(do|call|copy)\b/i, 'opaque'],
  [/^(create|alter|drop)\b/i, 'schema'],
  [/^select\b/i, 'read'],
];

const kindOf = (text: string): StatementKind => {
  const kind = KINDS.find(([pattern]) => pattern.test(text))?.[1];
  if (kind === undefined) throw new Error(`the fake parser does not know: ${text}`);
  return kind;
};

const TRANSACTIONS = ['begin', 'commit', 'rollback', 'savepoint'] as const;

/** Statements of a text in which every `;` ends one: enough for the scripts of the scenarios. */
export function parseText(migration: string, text: string): ParsedFile {
  if (text.includes('syntax error')) {
    return { migration, statements: [], syntaxError: { message: 'syntax error', line: 1 }, oddities: [] };
  }
  const statements: Statement[] = [];
  for (const match of text.matchAll(/[^;\s][^;]*/g)) {
    const sql = match[0].trim();
    const kind = kindOf(sql);
    const transaction = TRANSACTIONS.find((each) => sql.toLowerCase().startsWith(each));
    const setting = /^set\s+(\w+)/i.exec(sql)?.[1]?.toLowerCase();
    statements.push({
      text: sql,
      line: text.slice(0, match.index).split('\n').length,
      offset: match.index,
      kind,
      label: sql.split(/\s+/).slice(0, 3).join(' '),
      names: [...sql.matchAll(/[a-z_][a-z_0-9]*/gi)].map(([name]) => name.toLowerCase()),
      ...(kind === 'transaction' && transaction !== undefined ? { transaction } : {}),
      ...(kind === 'session' && setting !== undefined ? { setting } : {}),
    });
  }
  return { migration, statements, oddities: [] };
}

export class FakeParser implements Parser {
  async parse(migration: string, script: Uint8Array): Promise<ParsedFile> {
    return parseText(migration, new TextDecoder().decode(script));
  }
}

/** The same statements without trees: the hazard rules find nothing in them. */
export const fakeAnalyser: Analyser = {
  async analyse(migration, path, script) {
    const { statements, ...file } = parseText(migration, new TextDecoder().decode(script));
    return {
      ...file,
      path,
      comments: [],
      statements: statements.map((each) => ({ ...each, tree: {}, endLine: each.line, clauseLines: [] })),
    };
  },
};
