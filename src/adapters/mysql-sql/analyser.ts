import { decodeScript, type LineAt, linesOf } from '../../domain/script.ts';
import type { AnalysedFile, AnalysedStatement } from '../../domain/syntax.ts';
import type { Analyser } from '../../ports/analyser.ts';
import { classifyTokens } from './conditional.ts';
import { lexemesOf, type Token, Unclosed } from './lexer.ts';
import { readingOf } from './reading.ts';
import { splitTokens, Unended, upper } from './split.ts';
import { labelOf, namesIn } from './words.ts';

/** Every sign becomes an object for a moment, so a giant file is not read. */
const LARGEST_BYTES = 10_000_000;

/** The text cannot be read as MySQL's server reads it; `position` in characters, from 0. */
class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly position: number;
  /** True when nothing stands before it. */
  readonly isFirst: boolean;

  constructor(message: string, position: number, isFirst = false) {
    super(message);
    this.position = position;
    this.isFirst = isFirst;
  }
}

interface Source {
  readonly text: string;
  readonly shift: number;
  readonly lineAt: LineAt;
}

function statementOf(tokens: readonly Token[], { text, shift, lineAt }: Source): AnalysedStatement {
  const start = tokens[0]?.start ?? 0;
  const end = tokens.at(-1)?.end ?? start;
  const reading = readingOf(tokens);
  return {
    text: text.slice(start, end),
    line: lineAt(start),
    endLine: lineAt(end),
    offset: start + shift,
    tree: {},
    clauseLines: [],
    ...classifyTokens(tokens),
    label: labelOf(reading),
    names: namesIn(reading),
  };
}

const DELIMITER =
  'DELIMITER is a word of the mysql client, and Prisma sends the file to the server as it is: leave it out, and end the body with END;';

/** Everything behind is read by other rules: strings without escapes, double quotes around names. */
const OTHER_RULES = /NO_BACKSLASH_ESCAPES|ANSI|ORACLE|MSSQL|DB2|POSTGRESQL|MAXDB/i;

const beginsStatement = (before: Token | undefined): boolean => before === undefined || before.text === ';';

/** Before anything is split: with another delimiter in force nothing ends where it seems to. */
function mustBeReadable(tokens: readonly Token[], text: string): void {
  for (const [index, token] of tokens.entries()) {
    if (!beginsStatement(tokens[index - 1])) continue;
    if (upper(token) === 'DELIMITER') throw new Unreadable(DELIMITER, token.start, index === 0);
    if (upper(token) !== 'SET') continue;
    const end = text.indexOf(';', token.start);
    const said = end < 0 ? '' : text.slice(token.start, end);
    if (/\bsql_mode\b/i.test(said) && OTHER_RULES.test(said))
      throw new Unreadable(
        'sql_mode is set to a mode in which strings are written in another way',
        token.start,
      );
  }
}

/** The statements of a text. After USE every name without its database means another database. */
function statements(tokens: readonly Token[], source: Source): readonly AnalysedStatement[] {
  mustBeReadable(tokens, source.text);
  let moved = false;
  return splitTokens(tokens).map((each) => {
    const statement = statementOf(each, source);
    const isElsewhere = moved && statement.kind !== 'read' && statement.kind !== 'transaction';
    moved ||= statement.setting === 'database';
    return isElsewhere ? { ...statement, elsewhere: true } : statement;
  });
}

const isRefusal = (error: unknown): error is Unclosed | Unended | Unreadable =>
  error instanceof Unclosed || error instanceof Unended || error instanceof Unreadable;

function analyse(migration: string, path: string, bytes: Uint8Array): AnalysedFile {
  const { text, shift, oddities } = decodeScript(bytes);
  const empty = { migration, path, dialect: 'mysql', oddities, statements: [], comments: [] } as const;
  if (bytes.length > LARGEST_BYTES)
    return { ...empty, syntaxError: { message: 'the file is too large to be read as SQL', line: 1 } };
  const source = { text, shift, lineAt: linesOf(text) };
  try {
    const { tokens, comments } = lexemesOf(text);
    return {
      ...empty,
      statements: statements(tokens, source),
      comments: comments.map(({ start, end }) => ({
        text: text.slice(start, end),
        line: source.lineAt(start),
        endLine: source.lineAt(end),
        offset: start + shift,
      })),
    };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const first = error instanceof Unreadable && error.isFirst ? ({ first: true } as const) : {};
    const { message, position } = error;
    return { ...empty, syntaxError: { message, line: source.lineAt(position), ...first } };
  }
}

/** Reads files for what a plan shows. There are no trees: the hazard rules know PostgreSQL only. */
export const createAnalyser = (): Analyser => ({
  analyse: async (migration, path, bytes) => analyse(migration, path, bytes),
});
