import type { RuleText } from '../rule.ts';

/** Found by asking the rows themselves; see `liveChecks`. */
const IN_THE_WAY: RuleText = {
  id: 'rows-in-the-way',
  squawk: [],
  title: 'Rows that are there now make the statement fail',
  category: 'fails-whole',
  safe: 'The rows are mended by a statement before it.',
  mode: 'each statement',
  why: 'Duplicates stop a unique index (23505), NULLs stop SET NOT NULL and rows stop a required column without a default (23502). Where statements commit by themselves, what stands before it in the file stays, and the level is block.',
  remedy: 'Mend the rows first, in an earlier migration.',
  rewrite:
    'SELECT email, count(*) FROM users GROUP BY email HAVING count(*) > 1;\n-- mend them, then:\nCREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);',
};

/** Found by comparing the comment that Prisma writes at the top of a file with what the rules found. */
const PRISMA_WARNED: RuleText = {
  id: 'prisma-warning',
  squawk: [],
  title: 'Prisma warned of something that no rule finds in the file',
  category: 'advice',
  safe: 'The file was edited since, and the comment is out of date.',
  mode: 'both',
  why: 'Prisma writes what it is afraid of above the statements when it makes the file. Either the file was edited since, or the statement does its work where no rule sees it.',
  remedy: 'Read the statement once more, and delete the warning when it no longer holds.',
  rewrite: '',
};

export const ROWS_NOW_RULES: readonly RuleText[] = [IN_THE_WAY, PRISMA_WARNED];
