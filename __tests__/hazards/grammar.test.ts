import { beforeAll, expect, test } from '@jest/globals';
import { loadModule, parseSync } from 'libpg-query';
import { loadGrammar } from '../../src/adapters/sql/grammar.ts';
import { PROOFS } from '../../src/hazards/proofs/index.ts';

beforeAll(() => loadModule());

const theirs = (text: string): unknown => {
  try {
    return parseSync(text).stmts;
  } catch (error) {
    const { message, sqlDetails } = error as Error & { readonly sqlDetails?: { cursorPosition?: number } };
    return { message, position: sqlDetails?.cursorPosition };
  }
};

async function ours(text: string): Promise<unknown> {
  const grammar = await loadGrammar();
  try {
    return grammar.parse(Buffer.from(text));
  } catch (error) {
    const { message, position } = error as Error & { readonly position?: number };
    return { message, position };
  }
}

const TEXTS: readonly string[] = [
  'SELECT 1',
  'SELECT \'é漢😀\'; -- é\nALTER TABLE "é漢" ADD COLUMN "😀" text DEFAULT \'ü\';',
  "SELECT 'é漢'; SELEC 1",
  'SELEC 1',
  "SELECT 'open",
  'SELECT (1',
  `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
  ...Object.values(PROOFS).flatMap((proof) => ('statement' in proof ? [proof.statement] : [])),
];

test('what is read from the memory of the parser is what its own package reads there', async () => {
  expect(TEXTS.length).toBeGreaterThan(60);
  for (const text of TEXTS) expect([text, await ours(text)]).toEqual([text, theirs(text)]);
});

test('a large file does not outgrow what is read', async () => {
  const row = "INSERT INTO t VALUES (1, 'é');\n";
  const statements = await ours(row.repeat(20_000));
  expect(statements).toHaveLength(20_000);
  expect(await ours('SELECT 1; SELECT 2')).toHaveLength(2);
});
