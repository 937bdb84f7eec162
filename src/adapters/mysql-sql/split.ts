import type { Token } from './lexer.ts';

/** A statement that begins at `position` has no end. */
export class Unended extends Error {
  override readonly name = 'Unended';
  readonly position: number;

  constructor(opening: Token) {
    super(`${opening.text.toUpperCase()} has no END`);
    this.position = opening.start;
  }
}

export const upper = (token: Token | undefined): string =>
  token === undefined || token.kind === 'string' || token.kind === 'quoted' ? '' : token.text.toUpperCase();

const ROUTINES = new Set(['PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT', 'PACKAGE']);
/** What may stand between CREATE and the kind of a routine, besides a definer. */
const BEFORE_KIND = new Set([
  'CREATE',
  'ALTER',
  'OR',
  'REPLACE',
  'DEFINER',
  'AGGREGATE',
  '=',
  '@',
  '(',
  ')',
  '',
]);
const BLOCKS = new Set(['IF', 'CASE', 'LOOP', 'WHILE', 'REPEAT', 'FOR']);

/** Whether a `;` may stand within the statement that begins here: in a routine's body, or in a block of MariaDB. */
function isCompound(tokens: readonly Token[], from: number): boolean {
  const [first, second] = [upper(tokens[from]), upper(tokens[from + 1])];
  if (first === 'BEGIN') return second === 'NOT';
  if (BLOCKS.has(first)) return true;
  if (second === ':') return true;
  if (first !== 'CREATE' && first !== 'ALTER') return false;
  for (let index = from; index < tokens.length; index += 1) {
    const word = upper(tokens[index]);
    if (ROUTINES.has(word)) return true;
    const isDefiner = upper(tokens[index - 1]) === '=' || upper(tokens[index - 1]) === '@';
    if (!BEFORE_KIND.has(word) && !isDefiner) return false;
  }
  return false;
}

/** After these no block begins: a column may be called so. */
const NO_BEGIN_AFTER = new Set(
  ', . @ ( = < > + - * / SELECT WHERE AND OR BY SET ON AS INTO PROCEDURE FUNCTION TRIGGER EVENT'.split(' '),
);

/** The first of these signs of a statement after `at` that is in no bracket and in no CASE of its own. */
function nextSign(tokens: readonly Token[], at: number): string {
  let cases = 0;
  let depth = 0;
  for (let index = at + 1; index < tokens.length && depth >= 0; index += 1) {
    const word = upper(tokens[index]);
    if (word === '(') depth += 1;
    else if (word === ')') depth -= 1;
    else if (word === 'CASE') cases += 1;
    else if (word === 'END' && cases > 0) cases -= 1;
    else if (cases === 0 && depth === 0 && /^(?:THEN|;|WHEN|ELSE|END)$/.test(word)) return word;
  }
  return '';
}

/** The statement IF, not the function IF() and not IF EXISTS: a THEN belongs to it. */
function isIfStatement(tokens: readonly Token[], at: number): boolean {
  const next = upper(tokens[at + 1]) === 'NOT' ? at + 2 : at + 1;
  if (upper(tokens[next]) === 'EXISTS' && upper(tokens[next + 1]) !== '(') return false;
  return nextSign(tokens, at) === 'THEN';
}

function opensBlock(tokens: readonly Token[], at: number): boolean {
  const [before, word, next] = [upper(tokens[at - 1]), upper(tokens[at]), upper(tokens[at + 1])];
  if (before === '.' || before === '@') return false;
  if (word === 'BEGIN') return !NO_BEGIN_AFTER.has(before);
  if (word === 'CASE' || word === 'WHILE' || word === 'LOOP') return true;
  if (word === 'IF') return isIfStatement(tokens, at);
  if (word === 'REPEAT') return next !== '(';
  // MariaDB's FOR i IN … DO, which may be a whole body; not FOR EACH ROW, FOR UPDATE, CURSOR FOR, HANDLER FOR.
  return word === 'FOR' && upper(tokens[at + 2]) === 'IN';
}

/** Statements within a block end with `;`, so only a CASE of an expression ends in the middle of something. */
function closesBlock(tokens: readonly Token[], at: number, open: string): boolean {
  const [before, next] = [upper(tokens[at - 1]), upper(tokens[at + 1])];
  if (upper(tokens[at]) !== 'END' || before === '.' || before === '@') return false;
  return open === 'CASE' || before === ';' || before === 'BEGIN' || next === open;
}

/** The index of the `;` that ends a compound statement, or of the end of all. Throws `Unended`. */
function afterCompound(tokens: readonly Token[], from: number): number {
  const open: Token[] = [];
  for (let index = from; index < tokens.length; index += 1) {
    const [inner, token] = [open.at(-1), tokens[index]];
    if (inner !== undefined && closesBlock(tokens, index, upper(inner))) {
      open.pop();
      // END IF, END CASE: its second word opens nothing.
      if (BLOCKS.has(upper(tokens[index + 1]))) index += 1;
    } else if (token !== undefined && opensBlock(tokens, index)) open.push(token);
    else if (inner === undefined && upper(tokens[index]) === ';') return index;
  }
  const [outer] = open;
  if (outer !== undefined) throw new Unended(outer);
  return tokens.length;
}

function afterPlain(tokens: readonly Token[], from: number): number {
  let index = from;
  while (index < tokens.length && (upper(tokens[index]) !== ';' || tokens[index]?.conditional === true))
    index += 1;
  return index;
}

/** The tokens of each statement, without the `;` that ends it. Throws `Unended`. */
export function splitTokens(all: readonly Token[]): readonly (readonly Token[])[] {
  const found: (readonly Token[])[] = [];
  for (let from = 0; from < all.length; ) {
    // A block is recognised by its first words, whatever comment they stand in.
    let start = from;
    while (all[start]?.kind === 'mark') start += 1;
    const end = isCompound(all, start) ? afterCompound(all, start) : afterPlain(all, start);
    if (end > start) found.push(all.slice(from, end));
    from = end + 1;
  }
  return found;
}
