import type { HazardRequest } from '../domain/hazard.ts';
import type { LiveCheck, LiveQuestion } from '../domain/live-check.ts';
import {
  type AnalysedFile,
  type AnalysedStatement,
  listOf,
  nodeOf,
  type Tree,
  textOf,
} from '../domain/syntax.ts';
import type { Name, NewConstraint, Operation, OperationOf } from './operation.ts';
import { applyOperation } from './overlay.ts';
import { operationsOf } from './read/index.ts';
import { RowsMoved } from './rows-moved.ts';
import { placementsOf } from './transactions.ts';
import { World } from './world.ts';

/** The part of a question that does not repeat its table. */
type Wanted = Pick<LiveCheck, 'rules'> & {
  readonly ask:
    | { readonly kind: 'duplicates'; readonly columns: readonly string[]; readonly nullsEqual: boolean }
    | { readonly kind: 'nulls'; readonly columns: readonly string[] }
    | { readonly kind: 'rows'; readonly columns: readonly [] };
};

const nulls = (columns: readonly string[], rules: readonly string[]): readonly Wanted[] =>
  columns.length === 0 ? [] : [{ ask: { kind: 'nulls', columns }, rules }];

/** Columns of the table that allow NULL and that nothing validated proves to hold none. */
function unproven(world: World, table: Name, columns: readonly string[]): readonly string[] {
  const now = world.table(table);
  const proven = [...now.constraints.values()].flatMap((each) => (each.validated ? [each.proves] : []));
  return columns.filter((each) => now.columns.get(each)?.notNull === false && !proven.includes(each));
}

function ofConstraint(world: World, table: Name, each: NewConstraint, node: Tree): readonly Wanted[] {
  if (each.notValid || !each.enforced || each.usingIndex !== undefined) return [];
  const nullsEqual = node.nulls_not_distinct === true;
  const unique = { kind: 'duplicates', columns: each.columns, nullsEqual } as const;
  switch (each.kind) {
    case 'unique':
      return [{ ask: unique, rules: ['add-unique-constraint'] }];
    case 'primary':
      return [
        { ask: unique, rules: ['add-primary-key'] },
        ...nulls(unproven(world, table, each.columns), ['add-primary-key']),
      ];
    case 'not-null':
      return nulls(unproven(world, table, each.columns), ['add-check']);
    case 'check':
      return each.provesNotNull === undefined
        ? []
        : nulls(unproven(world, table, [each.provesNotNull]), ['add-check']);
    default:
      return [];
  }
}

/** Only an index over plain columns: of an expression or a part of the rows the question would be another. */
function ofIndex(world: World, operation: OperationOf<'create-index'>, fields: Tree): readonly Wanted[] {
  const { unique, only, ifNotExists, index, table } = operation;
  const there = index !== undefined && world.indexes.has(world.keyOf({ ...table, name: index }));
  if (!unique || only || (ifNotExists && there) || fields.whereClause !== undefined) return [];
  const elements = listOf(fields.indexParams).map((each) => nodeOf(each).fields);
  const plain = elements.every(
    ({ name, collation, opclass }) =>
      typeof name === 'string' && collation === undefined && opclass === undefined,
  );
  if (!plain) return [];
  const columns = elements.map(({ name }) => textOf(name));
  return [
    {
      ask: { kind: 'duplicates', columns, nullsEqual: fields.nulls_not_distinct === true },
      rules: ['create-index'],
    },
  ];
}

function wantedBy(world: World, operation: Operation, statement: AnalysedStatement): readonly Wanted[] {
  const { fields } = nodeOf(statement.tree);
  switch (operation.op) {
    case 'set-not-null':
      return nulls(unproven(world, operation.table, [operation.column]), ['set-not-null']);
    case 'add-column': {
      const { table, column } = operation;
      const given = column.defaultCalls !== undefined || column.serial || column.generated !== undefined;
      // With IF NOT EXISTS a column that is there makes it a statement that does nothing.
      if (!column.notNull || given || world.table(table).columns.has(column.name)) return [];
      return [{ ask: { kind: 'rows', columns: [] }, rules: ['add-required-column'] }];
    }
    case 'add-constraint': {
      const command = nodeOf(listOf(fields.cmds)[operation.clause ?? 0]).fields;
      return ofConstraint(world, operation.table, operation.constraint, nodeOf(command.def).fields);
    }
    case 'validate-constraint': {
      const proves = world.table(operation.table).constraints.get(operation.name)?.proves;
      return proves === undefined ? [] : nulls(unproven(world, operation.table, [proves]), []);
    }
    case 'create-index':
      return ofIndex(world, operation, fields);
    default:
      return [];
  }
}

/** The table as the database has it now, with these columns as they are: no pending statement came between. */
function isUntouched(world: World, table: Name, columns: readonly string[]): boolean {
  const { existed, facts, touched } = world.table(table);
  return (
    existed &&
    facts !== undefined &&
    facts === world.catalog?.tables[world.keyOf(table)] &&
    columns.every((each) => facts.columns[each] !== undefined && !touched.has(each))
  );
}

const questionOf = (world: World, { schema, name }: Name, { ask }: Wanted): LiveQuestion => ({
  schema: schema ?? world.defaultSchema,
  table: name,
  ...ask,
});

interface Here {
  readonly world: World;
  readonly moved: RowsMoved;
  readonly file: AnalysedFile;
  readonly statement: AnalysedStatement;
  /** Counted through the file. */
  readonly transaction: number;
}

function checksOf(
  { world, moved, file, statement, transaction }: Here,
  operation: Operation,
): readonly LiveCheck[] {
  const table = 'table' in operation ? operation.table : undefined;
  if (table === undefined || moved.has(table)) return [];
  const clause = operation.clause === undefined ? undefined : statement.clauseLines[operation.clause];
  return wantedBy(world, operation, statement)
    .filter(({ ask }) => isUntouched(world, table, ask.columns))
    .map((each) => ({
      question: questionOf(world, table, each),
      migration: file.migration,
      path: file.path,
      line: clause ?? statement.line,
      endLine: clause ?? statement.endLine,
      statement: statement.label,
      label: world.labelOf(table),
      rules: each.rules,
      leavesHalf: transaction > 0,
    }));
}

/**
 * What the success of the pending set hangs on and the rows can tell: duplicates, NULLs, and whether there are rows at
 * all. Only about tables and columns that exist and that no earlier pending statement changed. Needs a catalog; pure.
 */
export function liveChecks(request: HazardRequest): readonly LiveCheck[] {
  if (request.catalog === undefined) return [];
  const world = new World(request.catalog);
  const moved = new RowsMoved(world);
  return request.files.flatMap((file, fileIndex) => {
    const placements = placementsOf(file.statements, request.splitsStatements);
    const base = world.begin(placements.length);
    return file.statements.flatMap((statement, index) => {
      const transaction = placements[index]?.transaction ?? 0;
      const here: Here = { world, moved, file, statement, transaction };
      const checks = operationsOf(statement).flatMap((operation) => {
        const found = checksOf(here, operation);
        applyOperation(world, operation, { file: fileIndex, transaction: base + transaction });
        return found;
      });
      moved.note(statement);
      return checks;
    });
  });
}
