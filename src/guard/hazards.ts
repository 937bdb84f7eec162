import type { DatabaseFacts, MigrationOnDisk, ProjectFacts } from '../domain/facts.ts';
import type { CatalogFacts, Hazard, HazardRequest } from '../domain/hazard.ts';
import type { HistoryComparison } from '../domain/history.ts';
import { firstProblem } from '../domain/problem.ts';
import type { Secret } from '../domain/secret.ts';
import type { AnalysedFile } from '../domain/syntax.ts';
import type { UrlEnvironment } from '../ports/migrator.ts';
import type { Guard } from './context.ts';
import { guardSession } from './observe.ts';
import { type Urls, urlIn } from './urls.ts';

/** Reads the files with PostgreSQL's own grammar. */
async function analyseFiles(
  guard: Guard,
  project: ProjectFacts,
  migrations: readonly MigrationOnDisk[],
): Promise<readonly AnalysedFile[]> {
  const [migrator, analyser] = await Promise.all([guard.ports.migrator(), guard.ports.analyser()]);
  const files: AnalysedFile[] = [];
  for (const each of migrations) {
    files.push(await analyser.analyse(each.name, each.path, await migrator.script(project, each.name)));
  }
  return files;
}

/** Facts of the database; a database that cannot be read is told and planned without. */
async function catalogOf(guard: Guard, url: Secret | undefined): Promise<CatalogFacts | undefined> {
  if (url === undefined) return undefined;
  try {
    const session = await guardSession(guard, url);
    try {
      return await session.study.catalog();
    } finally {
      await session.close().catch(() => undefined);
    }
  } catch (error) {
    guard.warn('catalog-unread', { detail: firstProblem(error).detail });
    return undefined;
  }
}

interface HazardOrder {
  readonly project: ProjectFacts;
  readonly files: readonly AnalysedFile[];
  /** Migrations already applied; they stand in for the catalog when the database cannot be read. */
  readonly applied: readonly MigrationOnDisk[];
  readonly serverVersion: number | undefined;
  readonly url: Secret | undefined;
  readonly find: (request: HazardRequest) => Promise<readonly Hazard[]>;
}

/** The dangers of the pending set, weighed with the facts of this very database where they can be read. */
async function studyHazards(guard: Guard, order: HazardOrder): Promise<readonly Hazard[]> {
  const catalog = await catalogOf(guard, order.url);
  const applied = catalog === undefined ? await analyseFiles(guard, order.project, order.applied) : [];
  const { statementTimeoutMs, lockTimeoutMs, allowDataLoss } = guard.request;
  return order.find({
    files: order.files,
    applied,
    splitsStatements: order.project.splitsStatements,
    ...(order.serverVersion === undefined ? {} : { serverVersion: order.serverVersion }),
    ...(catalog === undefined ? {} : { catalog }),
    statementTimeoutMs,
    lockTimeoutMs,
    allowDataLoss,
  });
}

/** What both looks know of the pending set; a plan may lack the database. */
export interface PendingSet {
  readonly project: ProjectFacts;
  readonly comparison: Pick<HistoryComparison, 'pending'>;
  readonly database: DatabaseFacts | undefined;
  readonly urls: Urls | undefined;
  readonly environment: UrlEnvironment;
}

/** The pending files as statements, and their hazards. */
export async function studyPending(
  guard: Guard,
  first: PendingSet,
  find: HazardOrder['find'],
): Promise<{ readonly files: readonly AnalysedFile[]; readonly hazards: readonly Hazard[] }> {
  const { project, comparison } = first;
  const files = await analyseFiles(guard, project, comparison.pending);
  const pending = new Set(comparison.pending.map((each) => each.name));
  const hazards = await studyHazards(guard, {
    project,
    files,
    applied: project.migrations.filter((each) => !pending.has(each.name)),
    serverVersion: first.database?.serverVersion,
    url: first.urls === undefined ? undefined : urlIn(first.urls, first.environment),
    find,
  });
  return { files, hazards };
}
