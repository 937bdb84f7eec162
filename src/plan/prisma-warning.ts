import type { AnalysedFile } from '../domain/syntax.ts';

/** One line of the comment that Prisma writes at the top of a file it is afraid of. */
export interface PrismaWarning {
  readonly text: string;
  /** 1-based line of the file. */
  readonly line: number;
  readonly table: string | undefined;
  /** Columns, or the enum. */
  readonly names: readonly string[];
  readonly loss: boolean;
  /** Rules that say the same about the same table. */
  readonly rules: readonly string[];
}

interface Kind {
  readonly pattern: RegExp;
  readonly loss?: true;
  readonly rules: readonly string[];
}

const DROPS = [
  'drop-column',
  'drop-and-add-column',
  'rename-column',
  'drop-table',
  'rename-table',
  'drop-cascade',
];
const TYPES = [...DROPS, 'change-column-type', 'change-type-with-dependents', 'newer-than-server'];
const UNIQUES = [
  'create-index',
  'add-unique-constraint',
  'add-column-unique',
  'add-primary-key',
  'concurrently-if-not-exists',
  'outlasts-statement-timeout',
  'rows-in-the-way',
];
const NULLS = ['set-not-null', 'add-required-column', 'rows-in-the-way'];

/**
 * The texts of Prisma's destructive change checker (engines, `schema-engine/connectors/sql-schema-connector`), without
 * row counts, which `migrate dev` leaves out of files. Named groups: `c` columns, `t` table, `e` enum.
 */
const KINDS: readonly Kind[] = [
  {
    pattern: /^You are about to drop the column `(?<c>.+?)` on the `(?<t>.+?)` table/,
    loss: true,
    rules: DROPS,
  },
  { pattern: /^You are about to drop the `(?<t>.+?)` table/, loss: true, rules: DROPS },
  {
    pattern:
      /^A unique constraint covering the columns `\[(?<c>.*?)\]` on the table `(?<t>.+?)` will be added/,
    rules: UNIQUES,
  },
  { pattern: /^Added the required column `(?<c>.+?)` to the `(?<t>.+?)` table/, rules: NULLS },
  { pattern: /^The required column `(?<c>.+?)` was added to the `(?<t>.+?)` table/, rules: NULLS },
  { pattern: /^Made the column `(?<c>.+?)` on table `(?<t>.+?)` required/, rules: NULLS },
  {
    pattern: /^The primary key for the `(?<t>.+?)` table will be changed/,
    rules: [
      'add-primary-key',
      'brief-exclusive-lock',
      'drop-column',
      'merge-alter-tables',
      'rows-in-the-way',
    ],
  },
  { pattern: /^The values \[.*\] on the enum `(?<e>.+?)` will be removed/, rules: ['remove-enum-value'] },
  {
    pattern: /^The `(?<c>.+?)` column on the `(?<t>.+?)` table would be dropped and recreated/,
    loss: true,
    rules: DROPS,
  },
  { pattern: /^Changed the type of `(?<c>.+?)` on the `(?<t>.+?)` table/, loss: true, rules: TYPES },
  {
    pattern: /^You are about to alter the column `(?<c>.+?)` on the `(?<t>.+?)` table/,
    loss: true,
    rules: TYPES,
  },
  {
    pattern: /^Changed the column `(?<c>.+?)` on the `(?<t>.+?)` table from a scalar field to a list/,
    rules: TYPES,
  },
];

/** What Prisma warned of, in the block comment that begins with `Warnings:`. People write lines of their own there: those are left out. */
export function warningsIn(file: AnalysedFile): readonly PrismaWarning[] {
  return file.comments.flatMap((comment) =>
    /^\/\*\s*Warnings:/.test(comment.text)
      ? comment.text.split('\n').flatMap((text, index) => warningAt(text, comment.line + index))
      : [],
  );
}

function warningAt(written: string, line: number): readonly PrismaWarning[] {
  const text = /^\s*-\s+(.*?)\s*$/.exec(written)?.[1];
  if (text === undefined) return [];
  for (const { pattern, loss = false, rules } of KINDS) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const names =
      groups.e === undefined ? (groups.c ?? '').split(',').filter((each) => each !== '') : [groups.e];
    return [{ text, line, table: groups.t, names, loss, rules }];
  }
  return [];
}
