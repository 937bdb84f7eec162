import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { createAnalyser } from '../../src/adapters/sql/index.ts';
import type { CatalogFacts, LockMode, Work } from '../../src/domain/hazard.ts';
import { type AnalysedFile, type AnalysedStatement, isTree, nodeOf } from '../../src/domain/syntax.ts';
import { readCatalog } from './catalog.ts';
import { codeOf, type Observation, observe } from './observe.ts';

export interface Project {
  readonly name: string;
  readonly files: readonly AnalysedFile[];
}

/** One statement with what the server did: `blocks` when long work on a table of before ran under a lock that stops writers. */
export interface Truth {
  readonly project: string;
  readonly file: AnalysedFile;
  readonly fileIndex: number;
  readonly index: number;
  readonly blocks: Work | undefined;
  readonly error: string | undefined;
}

const hasScript = (folder: string): boolean => {
  try {
    return statSync(join(folder, 'migration.sql')).isFile();
  } catch {
    return false;
  }
};

const foldersIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** Each folder below `root` that holds migrations is a project. */
export async function projectsIn(root: string): Promise<readonly Project[]> {
  const analyser = createAnalyser();
  const projects: Project[] = [];
  for (const name of foldersIn(root)) {
    const migrations = foldersIn(join(root, name)).filter((each) => hasScript(join(root, name, each)));
    const files: AnalysedFile[] = [];
    for (const each of migrations) {
      const script = readFileSync(join(root, name, each, 'migration.sql'));
      files.push(await analyser.analyse(each, `${each}/migration.sql`, script));
    }
    if (files.length > 0) projects.push({ name, files });
  }
  return projects;
}

const STOPS: readonly LockMode[] = ['ACCESS EXCLUSIVE', 'EXCLUSIVE', 'SHARE ROW EXCLUSIVE', 'SHARE'];
const LONG: readonly Work[] = ['rewrite', 'build', 'scan'];

/** The table that an ALTER TABLE names: what a foreign key reads of its parent does not grow with the parent alone. */
function ownTable({ tree }: AnalysedStatement): string | undefined {
  const { type, fields } = nodeOf(tree);
  if (type !== 'AlterTableStmt' || !isTree(fields.relation)) return undefined;
  return String(fields.relation.relname);
}

function blockingWork(
  statement: AnalysedStatement,
  seen: Observation,
  existed: ReadonlySet<string>,
): Work | undefined {
  const { type } = nodeOf(statement.tree);
  if (type === 'TruncateStmt' || type === 'DropStmt') return undefined;
  const own = ownTable(statement);
  const found = [...seen.work].flatMap(([table, work]) => {
    const lock = seen.locks.get(table);
    const foreign = own !== undefined && !table.endsWith(`.${own}`) && work === 'scan';
    return existed.has(table) && !foreign && lock !== undefined && STOPS.includes(lock) ? [work] : [];
  });
  return LONG.find((each) => found.includes(each));
}

/** Runs one statement for good, in a transaction of its own where it can. */
async function runStatement(client: pg.Client, statement: AnalysedStatement): Promise<Observation> {
  const nothing = { locks: new Map<string, LockMode>(), work: new Map<string, Work>() };
  if (statement.kind === 'transaction') return nothing;
  try {
    if (statement.kind === 'maintenance') {
      await client.query(statement.text);
      return nothing;
    }
    await client.query('BEGIN');
    const seen = await observe(client, statement.text);
    await client.query('COMMIT');
    return seen;
  } catch (error) {
    await client.query('ROLLBACK');
    return { ...nothing, error: codeOf(error) };
  }
}

/** Applies a project in order; `before` sees each file with the catalog as it is before it. */
export async function replay(
  client: pg.Client,
  project: Project,
  before: (file: AnalysedFile, index: number, catalog: CatalogFacts) => void,
  functions: CatalogFacts['functions'],
): Promise<readonly Truth[]> {
  const truths: Truth[] = [];
  for (const [fileIndex, file] of project.files.entries()) {
    const catalog = await readCatalog(client, functions);
    before(file, fileIndex, catalog);
    const existed = new Set(Object.keys(catalog.tables));
    for (const [index, statement] of file.statements.entries()) {
      const seen = await runStatement(client, statement);
      const blocks = blockingWork(statement, seen, existed);
      truths.push({ project: project.name, file, fileIndex, index, blocks, error: seen.error });
    }
  }
  return truths;
}
