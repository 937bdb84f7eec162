import { type LineAt, linesOf } from '../../domain/script.ts';
import type { AnalysedFile, AnalysedStatement, SqlComment } from '../../domain/syntax.ts';
import type { Analyser } from '../../ports/analyser.ts';
import { classifyNode } from './classify.ts';
import { clauseStarts, labelOfLexemes } from './clauses.ts';
import { commentsOf, type Span } from './comments.ts';
import { type Grammar, LARGEST_BYTES, loadGrammar, SyntaxRefused } from './grammar.ts';
import { afterSpace, beforeSpace, type Lexeme, lexemesOf } from './lexer.ts';
import { namesIn } from './names.ts';
import { asBuffer, lineOfCharacter, type Script, scriptOf } from './text.ts';
import { isTree, nodeOf, type Tree } from './tree.ts';

/** Characters (UTF-16) before a byte offset; offsets must not shrink. In a file of ASCII a byte is a character. */
function characters({ bytes, text }: Script): (offset: number) => number {
  if (bytes.length === text.length) return (offset) => offset;
  const buffer = asBuffer(bytes);
  let at = 0;
  let count = 0;
  return (offset) => {
    count += buffer.toString('utf8', at, offset).length;
    at = offset;
    return count;
  };
}

const SEMICOLON = 59;

/** Comments by where they begin, and by where they end. */
interface Comments {
  readonly all: readonly Span[];
  readonly endOf: ReadonlyMap<number, number>;
  readonly startOf: ReadonlyMap<number, number>;
}

const commentsIn = (text: string): Comments => {
  const all = commentsOf(text);
  return { all, endOf: new Map(all), startOf: new Map(all.map(([start, end]) => [end, start])) };
};

/** The part of a text between two offsets without white space, comments and semicolons around it. */
function trimmed(text: string, from: number, to: number, { endOf, startOf }: Comments): Span {
  let [start, end] = [from, to];
  for (;;) {
    start = afterSpace(text, start);
    const next = endOf.get(start) ?? (text.charCodeAt(start) === SEMICOLON ? start + 1 : start);
    if (next === start) break;
    start = next;
  }
  for (;;) {
    end = beforeSpace(text, end);
    const next = startOf.get(end) ?? (text.charCodeAt(end - 1) === SEMICOLON ? end - 1 : end);
    if (next === end) return [start, end];
    end = next;
  }
}

interface Source {
  readonly script: Script;
  readonly comments: Comments;
  readonly lineAt: LineAt;
}

const meaningful = (text: string): readonly Lexeme[] =>
  lexemesOf(text).filter((each) => each.kind !== 'comment' && each.text !== ';');

function statementOf(tree: Tree, start: number, end: number, { script, lineAt }: Source): AnalysedStatement {
  const text = script.text.slice(start, end);
  return {
    text,
    line: lineAt(start),
    endLine: lineAt(end),
    offset: start + script.shift,
    tree,
    ...classifyNode(tree),
    // What only findings ask for, and most statements have none.
    get label() {
      return labelOfLexemes(meaningful(text));
    },
    get clauseLines() {
      const { type } = nodeOf(tree);
      if (type !== 'AlterTableStmt' && type !== 'CreateStmt') return [];
      return clauseStarts(meaningful(text), type).map((first) => lineAt(start + first.start));
    },
    get names() {
      return namesIn(tree);
    },
  };
}

function statements(grammar: Grammar, source: Source): readonly AnalysedStatement[] {
  const { script, comments } = source;
  const { text, bytes } = script;
  if (text.trim() === '') return [];
  const characterAt = characters(script);
  return grammar.parse(bytes).flatMap(({ stmt, stmt_location = 0, stmt_len = 0 }) => {
    const from = characterAt(stmt_location);
    const to = characterAt(stmt_len === 0 ? bytes.length : stmt_location + stmt_len);
    const [start, end] = trimmed(text, from, to, comments);
    return end <= start || !isTree(stmt) ? [] : [statementOf(stmt, start, end, source)];
  });
}

const told = ({ script, comments, lineAt }: Source): readonly SqlComment[] =>
  comments.all.map(([start, end]) => ({
    text: script.text.slice(start, end),
    line: lineAt(start),
    endLine: lineAt(end),
    offset: start + script.shift,
  }));

/** Reads files for the hazard rules: as the parser does, and with trees, clauses and comments. */
export function createAnalyser(): Analyser {
  // The grammar is compiled on another thread, while the caller still loads what else it needs.
  loadGrammar().catch(() => undefined);
  return {
    async analyse(migration, path, bytes): Promise<AnalysedFile> {
      const grammar = await loadGrammar();
      const script = scriptOf(bytes);
      const { text, oddities } = script;
      const empty = { migration, path, oddities, statements: [], comments: [] };
      if (bytes.length > LARGEST_BYTES)
        return { ...empty, syntaxError: { message: 'the file is too large to be read as SQL', line: 1 } };
      const source = { script, comments: commentsIn(text), lineAt: linesOf(text) };
      try {
        return { ...empty, statements: statements(grammar, source), comments: told(source) };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return {
          ...empty,
          syntaxError: {
            message,
            line: lineOfCharacter(text, error instanceof SyntaxRefused ? error.position : 0),
          },
        };
      }
    },
  };
}
