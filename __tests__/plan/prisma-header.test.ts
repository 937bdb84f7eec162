import { describe, expect, test } from '@jest/globals';
import type { CatalogFacts, Hazard } from '../../src/domain/hazard.ts';
import { findHazards, liveChecks } from '../../src/hazards/index.ts';
import { prismaWarnings } from '../../src/plan/prisma-header.ts';
import { warningsIn } from '../../src/plan/prisma-warning.ts';
import { analyse, catalog, table } from '../hazards/support/find.ts';

const header = (...lines: readonly string[]): string =>
  `/*\n  Warnings:\n\n${lines.map((each) => `  - ${each}\n`).join('')}\n*/\n`;

const DROP_COLUMN =
  'You are about to drop the column `note` on the `Order` table. All the data in the column will be lost.';
const TEXTS: readonly (readonly [string, string | undefined, readonly string[], boolean])[] = [
  [DROP_COLUMN, 'Order', ['note'], true],
  [
    'You are about to drop the `Order` table. If the table is not empty, all the data it contains will be lost.',
    'Order',
    [],
    true,
  ],
  [
    'A unique constraint covering the columns `[a,b]` on the table `Order` will be added. If there are existing duplicate values, this will fail.',
    'Order',
    ['a', 'b'],
    false,
  ],
  [
    'Added the required column `plan` to the `Order` table without a default value. This is not possible if the table is not empty.',
    'Order',
    ['plan'],
    false,
  ],
  [
    'The required column `plan` was added to the `Order` table with a prisma-level default value. This is not possible if the table is not empty. Please add this column as optional, then populate it before making it required.',
    'Order',
    ['plan'],
    false,
  ],
  [
    'Made the column `note` on table `Order` required. This step will fail if there are existing NULL values in that column.',
    'Order',
    ['note'],
    false,
  ],
  [
    'The primary key for the `Order` table will be changed. If it partially fails, the table could be left without primary key constraint.',
    'Order',
    [],
    false,
  ],
  [
    'The values [A,B] on the enum `Role` will be removed. If these variants are still used in the database, this will fail.',
    undefined,
    ['Role'],
    false,
  ],
  [
    'The `note` column on the `Order` table would be dropped and recreated. This will lead to data loss if there is data in the column.',
    'Order',
    ['note'],
    true,
  ],
  [
    'Changed the type of `note` on the `Order` table. No cast exists, the column would be dropped and recreated, which cannot be done if there is data, since the column is required.',
    'Order',
    ['note'],
    true,
  ],
  [
    'You are about to alter the column `note` on the `Order` table. The data in that column could be lost. The data in that column will be cast from `Text` to `VarChar(3)`.',
    'Order',
    ['note'],
    true,
  ],
  [
    'Changed the column `note` on the `Order` table from a scalar field to a list field. If there are non-null values in that column, this step will fail.',
    'Order',
    ['note'],
    false,
  ],
];

test.each(TEXTS)('reads: %s', async (text, name, names, loss) => {
  const [one, ...rest] = warningsIn(await analyse(`${header(text)}SELECT 1;`));
  expect(rest).toEqual([]);
  expect(one).toMatchObject({ text, line: 4, table: name, names, loss });
});

test.each([
  ['a line of somebody', header('THIS IS BREAKING')],
  ['no header', `/*\n - ${DROP_COLUMN}\n*/\n`],
  ['a header in a string', `SELECT '/* Warnings:\n - ${DROP_COLUMN.replaceAll("'", '')}\n*/';`],
])('reads nothing of %s', async (_, sql) => {
  expect(warningsIn(await analyse(`${sql}SELECT 1;`))).toEqual([]);
});

test('windows line ends', async () => {
  expect(warningsIn(await analyse(`${header(DROP_COLUMN)}SELECT 1;`.replaceAll('\n', '\r\n')))).toMatchObject(
    [{ text: DROP_COLUMN, line: 4 }],
  );
});

const FULL = catalog({
  'public.Order': table({
    rows: 1234,
    columns: { note: { type: 'text', notNull: false }, other: { type: 'text', notNull: false } },
  }),
});
async function warned(sql: string, facts?: CatalogFacts): Promise<readonly Hazard[]> {
  const request = {
    files: [await analyse(sql)],
    splitsStatements: false,
    ...(facts === undefined ? {} : { catalog: facts }),
    ...{ statementTimeoutMs: 30_000, lockTimeoutMs: 5000, allowDataLoss: [] },
  };
  return prismaWarnings(request, findHazards(request));
}

describe('a warning that the rules know as well is not told twice', () => {
  test.each([
    [DROP_COLUMN, 'ALTER TABLE "Order" DROP COLUMN "note"'],
    [DROP_COLUMN, 'ALTER TABLE "Order" RENAME COLUMN "note" TO "remark"'],
    [DROP_COLUMN, 'ALTER TABLE "public"."Order" DROP COLUMN "note", ADD COLUMN "note" int'],
    [TEXTS[1]?.[0], 'DROP TABLE "Order"'],
    [TEXTS[2]?.[0]?.replace('a,b', 'note'), 'CREATE UNIQUE INDEX "i" ON "Order"("note")'],
    [TEXTS[3]?.[0], 'ALTER TABLE "Order" ADD COLUMN "plan" text NOT NULL'],
    [TEXTS[5]?.[0], 'ALTER TABLE "Order" ALTER COLUMN "note" SET NOT NULL'],
    [
      TEXTS[5]?.[0],
      '-- guard-ignore set-not-null: filled yesterday\nALTER TABLE "Order" ALTER COLUMN "note" SET NOT NULL',
    ],
    [
      TEXTS[6]?.[0],
      'ALTER TABLE "Order" DROP CONSTRAINT "Order_pkey", ADD CONSTRAINT "Order_pkey" PRIMARY KEY ("note")',
    ],
    [TEXTS[10]?.[0], 'ALTER TABLE "Order" ALTER COLUMN "note" SET DATA TYPE varchar(3)'],
  ])('%s %s', async (text, sql) => {
    for (const facts of [undefined, FULL])
      expect(await warned(`${header(text ?? '')}${sql};`, facts)).toEqual([]);
  });

  test('a removed enum value', async () => {
    const sql =
      'BEGIN; CREATE TYPE "Role_new" AS ENUM (\'C\'); ALTER TABLE "Order" ALTER COLUMN "note" TYPE "Role_new" USING ("note"::text::"Role_new"); ALTER TYPE "Role" RENAME TO "Role_old"; ALTER TYPE "Role_new" RENAME TO "Role"; DROP TYPE "Role_old"; COMMIT;';
    expect(await warned(`${header(TEXTS[7]?.[0] ?? '')}${sql}`)).toEqual([]);
  });
});

describe('a warning that no rule knows', () => {
  const OPAQUE = 'DO $$ BEGIN EXECUTE \'ALTER TABLE "Order" DROP COLUMN note\'; END $$;';
  test('is a notice without a database', async () => {
    expect(await warned(`${header(DROP_COLUMN)}${OPAQUE}`)).toMatchObject([
      { rule: 'prisma-warning', level: 'notice', line: 4, tables: ['Order'] },
    ]);
  });

  test('counts when it is about data, on a table with rows, and a statement may do it', async () => {
    const [one] = await warned(`${header(DROP_COLUMN)}${OPAQUE}`, FULL);
    expect(one).toMatchObject({ level: 'warning', title: 'Prisma warned of data loss that no rule finds' });
    expect(one?.message).toContain('Order has about 1,234 rows.');
    const named = await warned(`${header(DROP_COLUMN)}COMMENT ON COLUMN "Order"."note" IS 'x';`, FULL);
    expect(named.map(({ level }) => level)).toEqual(['warning']);
  });

  test('is out of date when no statement can do it: a notice', async () => {
    const found = await warned(`${header(DROP_COLUMN)}ALTER TABLE "Order" ADD COLUMN "x" int;`, FULL);
    expect(found.map(({ level }) => level)).toEqual(['notice']);
  });

  test('another column of the table is found, this one is not', async () => {
    const found = await warned(`${header(DROP_COLUMN)}ALTER TABLE "Order" DROP COLUMN "other";`, FULL);
    expect(found.map(({ rule }) => rule)).toEqual(['prisma-warning']);
  });

  test('says nothing of a table that is empty or that the database does not have', async () => {
    const empty = catalog({ 'public.Order': table({ rows: 0, bytes: 0 }) });
    expect(await warned(`${header(DROP_COLUMN)}${OPAQUE}`, empty)).toEqual([]);
    expect(await warned(`${header(DROP_COLUMN)}${OPAQUE}`, catalog({}))).toEqual([]);
  });

  test('is settled when the rows were asked about the same', async () => {
    const sql = `${header(TEXTS[2]?.[0]?.replace('a,b', 'note') ?? '')}CREATE UNIQUE INDEX CONCURRENTLY "i" ON "Order"("note");`;
    const request = {
      files: [await analyse(sql)],
      splitsStatements: true,
      catalog: FULL,
      statementTimeoutMs: 0,
      lockTimeoutMs: 0,
      allowDataLoss: [],
    };
    const found = findHazards(request);
    expect(prismaWarnings(request, found).map(({ rule }) => rule)).toEqual(['prisma-warning']);
    expect(prismaWarnings(request, found, liveChecks(request))).toEqual([]);
  });
});
