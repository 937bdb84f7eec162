import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadModule, scanSync } from 'libpg-query';
import { pages } from '../../scripts/hazards-pages.mjs';
import { commentsOf } from '../../src/adapters/sql/comments.ts';
import { lexemesOf } from '../../src/adapters/sql/lexer.ts';
import { HAZARD_LEVELS } from '../../src/domain/hazard.ts';
import { RULES } from '../../src/hazards/index.ts';
import { read } from '../rules/source.ts';
import { analyse, find, told } from './support/find.ts';

describe('the lexer agrees with PostgreSQL’s on comments', () => {
  const PIECES = [
    "'it''s -- no'",
    "E'\\' -- no'",
    '"a -- no"',
    '$$ -- no $$',
    '$x$ $$ /* no */ $x$',
    '/* a /* b */ c */',
    '-- é漢😀\n',
    'a.b',
    '1.5e3',
    '->>',
    "U&'\\0041'",
    "B'01'",
    "e'\\\\'",
    "fee'\\'",
    '$a$ -- $b$ /* $a$',
    '"a"" -- "',
    '(',
    ',',
    ';',
    '$1',
    'a$b',
    '\r\n',
    'tab\t--x\n',
    '/**/',
    '{',
  ];
  test('in any mixture', async () => {
    await loadModule();
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), (pieces) => {
        const text = pieces.join(' ').replaceAll('{', '');
        const theirs = scanSync(text || ' ').tokens ?? [];
        const comments = theirs.filter(({ tokenName }) => /^(?:SQL|C)_COMMENT$/.test(tokenName));
        const bytes = Buffer.from(text);
        const expected = comments.map(({ start, end }) => bytes.subarray(start, end).toString());
        const ours = lexemesOf(text).filter(({ kind }) => kind === 'comment');
        expect(ours.map((each) => each.text)).toEqual(expected);
        expect(commentsOf(text).map(([start, end]) => text.slice(start, end))).toEqual(expected);
      }),
    );
  });
});

test('a statement knows its lines, its label and its place', async () => {
  const file = await analyse(
    '-- é\nSELECT 1;\n\nALTER TABLE ONLY public."T"\n  ADD a numeric(1,2),\n  DROP b;\n',
  );
  expect(
    file.statements.map(({ line, endLine, label, clauseLines }) => [line, endLine, label, clauseLines]),
  ).toEqual([
    [2, 2, 'SELECT', []],
    [4, 6, 'ALTER TABLE ONLY public."T"', [5, 6]],
  ]);
  const text = '-- é\nSELECT 1;\n\nALTER';
  expect(file.statements[1]?.offset).toBe(text.indexOf('ALTER'));
  expect(file.statements[1]?.names).toContain('t');
});

test('deep nesting, BOM, NUL and bytes that are no UTF-8 are reported', async () => {
  const deep = `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`;
  expect(told(await find(deep))).toEqual(['unreadable-file error']);
  expect(told(await find('\uFEFFSELECT 1'))).toEqual(['odd-bytes error']);
  expect(told(await find('SELECT 1\0'))).toEqual(['odd-bytes block']);
});

test('hostile names stay inside their quotes', async () => {
  const [hazard] = await find('ALTER TABLE "a""; DROP TABLE x; --" ALTER COLUMN "c\n::error::" SET NOT NULL');
  expect(hazard?.suggestion).toContain('ALTER TABLE "a""; DROP TABLE x; --"');
  expect((await find(hazard?.suggestion ?? '')).some(({ rule }) => rule === 'drop-table')).toBe(false);
});

test('no script makes it throw, and every hazard is whole', async () => {
  const WORDS =
    'ALTER TABLE t ADD COLUMN c int DROP CREATE INDEX ON ( ) , ; NOT NULL BEGIN COMMIT UPDATE SET = 1 TYPE ENUM USING CONCURRENTLY VALIDATE CONSTRAINT UNIQUE PRIMARY KEY'.split(
      ' ',
    );
  const known = new Set(RULES.map(({ id }) => id));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...WORDS), { maxLength: 20 }),
      fc.boolean(),
      async (words, splits) => {
        for (const hazard of await find(words.join(' '), { splitsStatements: splits })) {
          expect(known.has(hazard.rule)).toBe(true);
          expect(HAZARD_LEVELS).toContain(hazard.level);
          expect(hazard.line).toBeGreaterThan(0);
          expect(hazard.message).toMatch(/\.$/);
        }
      },
    ),
    { numRuns: 200 },
  );
});

describe('rules', () => {
  test('have ids of their own, in kebab-case', () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]+(?:-[a-z]+)*$/.test(id))).toEqual([]);
    expect(ids.length).toBeGreaterThanOrEqual(45);
  });

  test('say why and what to do in whole sentences', () => {
    const odd = RULES.filter(
      ({ why, remedy, title }) => !/\.$/.test(why) || !/\.$/.test(remedy) || /\.$/.test(title),
    );
    expect(odd.map(({ id }) => id)).toEqual([]);
  });

  test('suggest nothing that PostgreSQL’s grammar refuses', async () => {
    const odd: string[] = [];
    for (const { id, rewrite } of RULES) {
      if (rewrite === '' || rewrite.includes('…')) continue;
      if ((await analyse(rewrite)).syntaxError !== undefined) odd.push(id);
    }
    expect(odd).toEqual([]);
  });

  test.each([...pages().keys()])('the page %s is up to date', (name) => {
    expect(read(`docs/hazards/${name}`)).toBe(pages().get(name));
  });
});
