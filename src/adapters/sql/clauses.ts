import type { Lexeme } from './lexer.ts';

const OPENS = new Set(['(', '[']);
const CLOSES = new Set([')', ']']);
const isWord = ({ kind }: Lexeme): boolean => kind === 'word' || kind === 'quoted';

/** Words that may stand before the name of what a statement is about. */
const LEADING = new Set(
  `ALTER ANALYZE AND AS AUTHORIZATION BEGIN CALL CASCADE CLUSTER COMMENT COMMIT CONCURRENTLY CONSTRAINT COPY CREATE DATABASE
  DEFAULT DELETE DISCARD DO DOMAIN DROP END EVENT EXECUTE EXISTS EXPLAIN EXTENSION FOREIGN FROM FULL FUNCTION GRANT IF INDEX
  INSERT INTO ISOLATION LEVEL LOCAL LOCK MATERIALIZED MERGE NOT ON ONLY OR POLICY PREPARE PRIVILEGES PROCEDURE READ RECURSIVE
  REFRESH REINDEX RELEASE RENAME REPLACE RESET REVOKE ROLE ROLLBACK RULE SAVEPOINT SCHEMA SELECT SEQUENCE SESSION SET SHOW
  START STATISTICS SYSTEM TABLE TEMP TEMPORARY TO TRANSACTION TRIGGER TRUNCATE TYPE UNIQUE UNLOGGED UPDATE USING VACUUM VALUES
  VERBOSE VIEW WITH WORK`.split(/\s+/),
);
const MOST_WORDS = 10;
const LONGEST = 100;

/** The index after a possibly qualified name that begins at `index`. */
function afterName(lexemes: readonly Lexeme[], index: number): number {
  let next = index + 1;
  while (lexemes[next]?.text === '.' && lexemes[next + 1] !== undefined) next += 2;
  return next;
}

/** The first words up to and including the first name: `ALTER TABLE "public"."users"`. */
export function labelOfLexemes(lexemes: readonly Lexeme[]): string {
  const words: string[] = [];
  for (const [index, lexeme] of lexemes.entries()) {
    if (!isWord(lexeme) || words.length === MOST_WORDS) break;
    if (lexeme.kind === 'quoted' || !LEADING.has(lexeme.text.toUpperCase())) {
      const name = lexemes.slice(index, afterName(lexemes, index));
      words.push(name.map(({ text }) => text).join(''));
      break;
    }
    words.push(lexeme.text.toUpperCase());
  }
  const label = words.join(' ');
  return label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
}

const BEFORE_ALTERED = new Set(
  `ALTER TABLE IF EXISTS ONLY INDEX VIEW MATERIALIZED FOREIGN SEQUENCE TYPE`.split(' '),
);

/** Where the clauses of an ALTER TABLE begin: after the name. */
function bodyOfAlter(lexemes: readonly Lexeme[]): number {
  const name = lexemes.findIndex(
    ({ kind, text }) => kind === 'quoted' || !BEFORE_ALTERED.has(text.toUpperCase()),
  );
  const next = afterName(lexemes, name);
  return lexemes[next]?.text === '*' ? next + 1 : next;
}

/**
 * The first lexeme of each clause: ALTER TABLE's commands have no location of their own in the tree, so the commas
 * at their depth are counted. Clauses of an ALTER TABLE stand at depth 0, elements of a CREATE TABLE at depth 1.
 */
export function clauseStarts(
  lexemes: readonly Lexeme[],
  type: 'AlterTableStmt' | 'CreateStmt',
): readonly Lexeme[] {
  const level = type === 'AlterTableStmt' ? 0 : 1;
  const body = level === 0 ? lexemes.slice(bodyOfAlter(lexemes)) : lexemes;
  const starts: Lexeme[] = [];
  let depth = 0;
  let expecting = level === 0;
  for (const lexeme of body) {
    if (depth === level && expecting && !CLOSES.has(lexeme.text)) starts.push(lexeme);
    if (depth === level) expecting = lexeme.text === ',';
    if (OPENS.has(lexeme.text)) depth += 1;
    if (CLOSES.has(lexeme.text)) depth -= 1;
    if (level === 1 && starts.length === 0 && depth === 1 && lexeme.text === '(') expecting = true;
  }
  return starts;
}
