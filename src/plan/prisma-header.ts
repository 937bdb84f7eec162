import type { Hazard, HazardRequest } from '../domain/hazard.ts';
import type { LiveCheck } from '../domain/live-check.ts';
import type { AnalysedFile } from '../domain/syntax.ts';
import { type PrismaWarning, warningsIn } from './prisma-warning.ts';

/** Findings of the rules carry `schema.table` outside of the default schema; Prisma writes the table alone. */
const last = (label: string): string => label.slice(label.lastIndexOf('.') + 1);

/** These take the columns with them. */
const WHOLE_TABLE: ReadonlySet<string> = new Set(['drop-table', 'rename-table', 'drop-cascade']);

/** A column that is lost must be named: the finding about another column of the table does not count. */
const isAbout = ({ loss, names }: PrismaWarning, { rule, message }: Hazard): boolean =>
  !loss || WHOLE_TABLE.has(rule) || names.every((name) => message.includes(name));

function isTold(warning: PrismaWarning, file: AnalysedFile, hazards: readonly Hazard[]): boolean {
  const { table, rules } = warning;
  const found = hazards.some(
    (each) =>
      each.migration === file.migration &&
      rules.includes(each.rule) &&
      (table === undefined || each.tables.length === 0 || each.tables.map(last).includes(table)) &&
      isAbout(warning, each),
  );
  // Somebody has looked at it and said why it is harmless here.
  const accepted = file.comments.some(
    ({ text }) => /guard-ignore|squawk-ignore/.test(text) && rules.some((rule) => text.includes(rule)),
  );
  return found || accepted || file.statements.length === 0;
}

/** Rows of the tables of that name, as the catalog has them; undefined when nobody knows. */
function rowsOf({ table }: PrismaWarning, { catalog }: HazardRequest): number | undefined {
  if (table === undefined || catalog === undefined) return undefined;
  const named = Object.entries(catalog.tables).filter(([key]) => last(key) === table);
  const rows = named.map(([, { rows: known, bytes }]) => known ?? (bytes === 0 ? 0 : undefined));
  return rows.length === 0 || rows.includes(undefined)
    ? undefined
    : rows.reduce<number>((sum, each) => sum + (each ?? 0), 0);
}

/** A statement that may touch it: one that names it, or one whose inside nobody reads. */
const mayDoIt = ({ table, names }: PrismaWarning, file: AnalysedFile): boolean =>
  file.statements.some(
    (each) =>
      each.kind === 'opaque' ||
      [table, ...names].every((name) => name === undefined || each.names.includes(name.toLowerCase())),
  );

/**
 * What Prisma warned of and no rule found: the comment is a second witness, and may be out of date. `answered`: checks
 * of the rows that brought an answer, which settle what Prisma only feared.
 */
export function prismaWarnings(
  request: HazardRequest,
  hazards: readonly Hazard[],
  answered: readonly LiveCheck[] = [],
): readonly Hazard[] {
  return request.files.flatMap((file) =>
    warningsIn(file)
      .filter((warning) => !isTold(warning, file, hazards) && !isAnswered(warning, file, answered))
      .filter((warning) => isOpen(warning, request))
      .map((warning) => hazardOf(warning, file, request)),
  );
}

const isAnswered = (
  { table, rules }: PrismaWarning,
  { migration }: AnalysedFile,
  answered: readonly LiveCheck[],
): boolean =>
  rules.includes('rows-in-the-way') &&
  answered.some((check) => check.migration === migration && check.question.table === table);

/** The rules say nothing of a table without rows, or of one that the pending set makes; then the warning is empty as well. */
function isOpen(warning: PrismaWarning, request: HazardRequest): boolean {
  if (request.catalog === undefined || warning.table === undefined) return true;
  const known = Object.keys(request.catalog.tables).some((key) => last(key) === warning.table);
  return known && rowsOf(warning, request) !== 0;
}

function hazardOf(warning: PrismaWarning, file: AnalysedFile, request: HazardRequest): Hazard {
  const { text, line, table, loss } = warning;
  const rows = rowsOf(warning, request);
  const serious = loss && rows !== undefined && mayDoIt(warning, file);
  const size =
    rows === undefined ? '' : ` ${table} has about ${Math.round(rows).toLocaleString('en-US')} rows.`;
  return {
    rule: 'prisma-warning',
    level: serious ? 'warning' : 'notice',
    title: loss
      ? 'Prisma warned of data loss that no rule finds'
      : 'Prisma warned of something that no rule finds',
    ...{ migration: file.migration, path: file.path, line, statement: '' },
    tables: table === undefined ? [] : [table],
    message: `Prisma wrote at the top of the file: ${text} No rule finds that in the statements.${size} Either the file was edited since, or the statement does it where no rule looks. Read it once more, and delete the warning when it no longer holds.`,
    suggestion: '',
    docs: 'docs/hazards/prisma-warning.md',
    suppressible: true,
  };
}
