import type { AnalysedFile, AnalysedStatement, SqlComment } from '../../domain/syntax.ts';
import type { Analyser } from '../../ports/analyser.ts';
import { classifyNode } from './classify.ts';
import { clauseStarts, labelOfLexemes } from './clauses.ts';
import { type Grammar, LARGEST_BYTES, loadGrammar, positionOf, rawStatements } from './grammar.ts';
import { type Lexeme, lexemesOf } from './lexer.ts';
import { namesIn } from './names.ts';
import { lineOfCharacter, type Script, scriptOf } from './text.ts';
import { isTree, nodeOf } from './tree.ts';

/** 1-based line of a character offset. */
type LineAt = (offset: number) => number;

function linesOf(text: string): LineAt {
  const begins = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) begins.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = begins.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((begins[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** Characters (UTF-16) before a byte offset; offsets must not shrink. In a file of ASCII a byte is a character. */
function characters(bytes: Buffer, text: string): (offset: number) => number {
  if (bytes.length === text.length) return (offset) => offset;
  let at = 0;
  let count = 0;
  return (offset) => {
    count += bytes.subarray(at, offset).toString('utf8').length;
    at = offset;
    return count;
  };
}

interface Source {
  readonly script: Script;
  readonly bytes: Buffer;
  readonly lexemes: readonly Lexeme[];
  readonly lineAt: LineAt;
}

function statementOf(tree: unknown, own: readonly Lexeme[], source: Source): readonly AnalysedStatement[] {
  const { script, lineAt } = source;
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined || !isTree(tree)) return [];
  const { type } = nodeOf(tree);
  const clauses = type === 'AlterTableStmt' || type === 'CreateStmt' ? clauseStarts(own, type) : [];
  return [
    {
      text: script.text.slice(first.start, last.end),
      line: lineAt(first.start),
      endLine: lineAt(last.end),
      offset: first.start + script.shift,
      label: labelOfLexemes(own),
      tree,
      clauseLines: clauses.map(({ start }) => lineAt(start)),
      ...classifyNode(tree),
      // Half of the time of a whole run, for something the hazard rules never ask.
      get names() {
        return namesIn(tree);
      },
    },
  ];
}

function statements(grammar: Grammar, source: Source): readonly AnalysedStatement[] {
  const { script, bytes, lexemes } = source;
  const characterAt = characters(bytes, script.text);
  let next = 0;
  return rawStatements(grammar, script.text).flatMap((raw) => {
    const from = raw.stmt_location ?? 0;
    const length = raw.stmt_len ?? 0;
    const begin = characterAt(from);
    const end = characterAt(length === 0 ? bytes.length : from + length);
    while (next < lexemes.length && (lexemes[next]?.start ?? 0) < begin) next += 1;
    const own: Lexeme[] = [];
    for (let lexeme = lexemes[next]; lexeme !== undefined && lexeme.start < end; lexeme = lexemes[next]) {
      if (lexeme.kind !== 'comment' && lexeme.text !== ';') own.push(lexeme);
      next += 1;
    }
    return statementOf(raw.stmt, own, source);
  });
}

const comments = ({ script, lexemes, lineAt }: Source): readonly SqlComment[] =>
  lexemes
    .filter(({ kind }) => kind === 'comment')
    .map(({ text, start, end }) => ({
      text,
      line: lineAt(start),
      endLine: lineAt(end),
      offset: start + script.shift,
    }));

/** Reads files for the hazard rules: as the parser does, and with trees, clauses and comments. */
export function createAnalyser(): Analyser {
  return {
    async analyse(migration, path, bytes): Promise<AnalysedFile> {
      const grammar = await loadGrammar();
      const script = scriptOf(bytes);
      const { text, oddities } = script;
      const empty = { migration, path, oddities, statements: [], comments: [] };
      if (bytes.length > LARGEST_BYTES)
        return { ...empty, syntaxError: { message: 'the file is too large to be read as SQL', line: 1 } };
      const source = {
        script,
        bytes: Buffer.from(text, 'utf8'),
        lexemes: lexemesOf(text),
        lineAt: linesOf(text),
      };
      try {
        return { ...empty, statements: statements(grammar, source), comments: comments(source) };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { ...empty, syntaxError: { message, line: lineOfCharacter(text, positionOf(error)) } };
      }
    },
  };
}
