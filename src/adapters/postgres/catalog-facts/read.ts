import type {
  CatalogFacts,
  ColumnDependent,
  ColumnFacts,
  ConstraintFacts,
  TableFacts,
} from '../../../domain/hazard.ts';
import type { Link } from '../link.ts';
import {
  COLUMNS,
  CONSTRAINTS,
  DEPENDENTS,
  FUNCTIONS,
  INDEXES,
  SIZES,
  SURROUNDINGS,
  TYPES,
  UNANALYSED,
} from './queries.ts';

const STUDY_MS = 5000;
const LOCK_MS = 1000;

interface SizeRow {
  readonly rows: number | null;
  readonly bytes: number | null;
}

interface ConstraintRow extends ConstraintFacts {
  readonly table: string;
  readonly name: string;
  readonly nullCheck: string | null;
  readonly columns: readonly string[] | null;
}

interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly expression: boolean;
  readonly partial: boolean;
  readonly columns: readonly string[] | null;
}

type DependentRow = ColumnDependent & { readonly table: string };

interface Answers {
  /** Bytes of tables that were never analysed. */
  readonly measured: Readonly<Record<string, number>>;
  readonly surroundings: Pick<CatalogFacts, 'serverVersion' | 'schema' | 'timeZone' | 'oldestTransactionMs'>;
  readonly sizes: Readonly<Record<string, SizeRow>>;
  readonly columns: Readonly<Record<string, Readonly<Record<string, ColumnFacts>>>>;
  readonly constraints: readonly ConstraintRow[];
  readonly indexes: readonly IndexRow[];
  readonly dependents: readonly DependentRow[];
  readonly types: CatalogFacts['types'];
  readonly functions: CatalogFacts['functions'];
}

const QUERIES = [SURROUNDINGS, SIZES, COLUMNS, CONSTRAINTS, INDEXES, DEPENDENTS, TYPES, FUNCTIONS];

/**
 * What the hazard rules want to know, read in one short read-only transaction. Needs no grants. Throws
 * `database-error` when a part cannot be read in time: half a catalog would hide findings.
 */
export async function readCatalog(link: Link): Promise<CatalogFacts> {
  const purpose = 'read the catalog for the hazard rules';
  try {
    const results = await link.batch(
      [
        'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
        `SET LOCAL statement_timeout = ${STUDY_MS}`,
        `SET LOCAL lock_timeout = ${LOCK_MS}`,
        'SET LOCAL jit = off',
        ...QUERIES,
        'COMMIT',
      ],
      { purpose, patienceMs: STUDY_MS * QUERIES.length },
    );
    const texts = results.slice(4, 4 + QUERIES.length).map((rows) => rows[0]?.answer ?? 'null');
    const [surroundings, sizes, columns, constraints, indexes, dependents, types, functions] = texts.map(
      (text) => JSON.parse(text) as unknown,
    );
    const measured = await measureUnanalysed(link);
    return factsOf({
      measured,
      surroundings,
      sizes,
      columns,
      constraints,
      indexes,
      dependents,
      types,
      functions,
    } as Answers);
  } catch (error) {
    await link.batch(['ROLLBACK'], { purpose }).catch(() => undefined);
    throw error;
  }
}

/** Somebody may hold one of these tables; then their size stays unknown, which counts as the worst. */
async function measureUnanalysed(link: Link): Promise<Readonly<Record<string, number>>> {
  const purpose = 'measure tables that were never analysed';
  try {
    const results = await link.batch(
      [
        'BEGIN READ ONLY',
        `SET LOCAL statement_timeout = ${STUDY_MS}`,
        `SET LOCAL lock_timeout = ${LOCK_MS}`,
        UNANALYSED,
        'COMMIT',
      ],
      { purpose },
    );
    return JSON.parse(results[3]?.[0]?.answer ?? '{}') as Readonly<Record<string, number>>;
  } catch {
    await link.batch(['ROLLBACK'], { purpose }).catch(() => undefined);
    return {};
  }
}

function factsOf(answers: Answers): CatalogFacts {
  const constraints = Map.groupBy(answers.constraints, (each) => each.table);
  const children = Map.groupBy(
    answers.constraints.filter((each) => each.kind === 'foreign'),
    (each) => each.parent ?? '',
  );
  const indexes = Map.groupBy(answers.indexes, (each) => each.table);
  const dependents = Map.groupBy(answers.dependents, (each) => each.table);
  const tables = Object.entries(answers.columns).map(([table, columns]) => {
    const own = constraints.get(table) ?? [];
    const facts: TableFacts = {
      rows: answers.sizes[table]?.rows ?? undefined,
      bytes: answers.sizes[table]?.bytes ?? answers.measured[table],
      columns,
      checkedNotNull: own.flatMap((each) => (each.nullCheck === null ? [] : [each.nullCheck])),
      parents: unique(own.flatMap((each) => (each.kind === 'foreign' && each.parent ? [each.parent] : []))),
      children: unique((children.get(table) ?? []).map((each) => each.table)),
      dependents: [
        ...own
          .filter((each) => each.kind === 'check')
          .flatMap((each) => onColumns(each.columns, 'check', each.name)),
        ...(indexes.get(table) ?? []).flatMap((each) => [
          ...(each.expression ? onColumns(each.columns, 'expression-index', each.name) : []),
          ...(each.partial ? onColumns(each.columns, 'partial-index', each.name) : []),
        ]),
        ...(dependents.get(table) ?? []).map(({ column, kind, name }) => ({ column, kind, name })),
      ],
      indexes: (indexes.get(table) ?? []).map((each) => each.name),
      constraints: Object.fromEntries(own.map((each) => [each.name, constraintOf(each)])),
    };
    return [table, facts] as const;
  });
  return {
    ...answers.surroundings,
    tables: Object.fromEntries(tables),
    types: answers.types,
    functions: answers.functions,
  };
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];

const onColumns = (
  columns: readonly string[] | null,
  kind: ColumnDependent['kind'],
  name: string,
): readonly ColumnDependent[] => (columns ?? []).map((column) => ({ column, kind, name }));

const constraintOf = ({ kind, validated, parent }: ConstraintRow): ConstraintFacts => ({
  kind,
  validated,
  ...(parent ? { parent } : {}),
});
