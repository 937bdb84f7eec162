import type { ParsedFile, Statement } from '../../domain/sql.ts';
import type { Parser } from '../../ports/parser.ts';
import { classifyNode } from './classify.ts';
import {
  type Grammar,
  LARGEST_BYTES,
  loadGrammar,
  positionOf,
  type RawStatement,
  rawStatements,
} from './grammar.ts';
import { isComment, labelOf } from './label.ts';
import { namesIn } from './names.ts';
import { lineOfCharacter, Positions, type Script, scriptOf } from './text.ts';

function statementOf(
  grammar: Grammar,
  raw: RawStatement,
  bytes: Buffer,
  positions: Positions,
  shift: number,
): Statement {
  const start = raw.stmt_location ?? 0;
  const end = raw.stmt_len === undefined || raw.stmt_len === 0 ? bytes.length : start + raw.stmt_len;
  const slice = bytes.subarray(start, end);
  const { tokens } = grammar.scanSync(slice.toString('utf8'));
  const first = tokens.find((token) => !isComment(token));
  const begin = start + (first?.start ?? 0);
  const { characters, line } = positions.moveTo(begin);
  return {
    text: bytes.subarray(begin, end).toString('utf8').trimEnd(),
    line,
    offset: characters + shift,
    label: labelOf(tokens),
    names: namesIn(raw.stmt),
    ...classifyNode(raw.stmt),
  };
}

function parsed(grammar: Grammar, script: Script): Pick<ParsedFile, 'statements' | 'syntaxError'> {
  const bytes = Buffer.from(script.text, 'utf8');
  if (bytes.length > LARGEST_BYTES) {
    return { statements: [], syntaxError: { message: 'the file is too large to be read as SQL', line: 1 } };
  }
  try {
    const positions = new Positions(bytes);
    return {
      statements: rawStatements(grammar, script.text).map((raw) =>
        statementOf(grammar, raw, bytes, positions, script.shift),
      ),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      statements: [],
      syntaxError: { message, line: lineOfCharacter(script.text, positionOf(error)) },
    };
  }
}

/** PostgreSQL 18's own grammar (`libpg-query`, WebAssembly), loaded with the first file. */
export function createParser(): Parser {
  return {
    async parse(migration, bytes): Promise<ParsedFile> {
      const grammar = await loadGrammar();
      const script = scriptOf(bytes);
      return { migration, oddities: script.oddities, ...parsed(grammar, script) };
    },
  };
}
