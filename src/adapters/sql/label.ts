/** A token as libpg-query's scanner gives it; `start` and `end` in bytes. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tokenName: string;
  readonly keywordName: string;
}

const MOST_WORDS = 10;
const LONGEST = 100;

export const isComment = (token: Token): boolean =>
  token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT';
const isName = (token: Token): boolean => token.tokenName === 'IDENT' || token.tokenName === 'UIDENT';
const isKeyword = (token: Token): boolean => token.keywordName !== 'NO_KEYWORD' && token.keywordName !== '';

/** The first words up to and including the first name: `ALTER TABLE "public"."users"`. */
export function labelOf(tokens: readonly Token[]): string {
  const words: string[] = [];
  const meaningful = tokens.filter((token) => !isComment(token));
  for (let index = 0; index < meaningful.length && words.length < MOST_WORDS; index += 1) {
    const token = meaningful[index];
    if (token === undefined) break;
    if (isName(token)) {
      let name = token.text;
      while (meaningful[index + 1]?.text === '.' && meaningful[index + 2] !== undefined) {
        name += `.${meaningful[index + 2]?.text}`;
        index += 2;
      }
      words.push(name);
      break;
    }
    if (!isKeyword(token)) break;
    words.push(token.text.toUpperCase());
  }
  const label = words.join(' ');
  return label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
}
