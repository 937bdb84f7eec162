import type { DatabaseFacts, MigrationOnDisk, ProjectFacts } from '../domain/facts.ts';
import type { CatalogFacts, Hazard, HazardRequest } from '../domain/hazard.ts';
import type { HistoryComparison } from '../domain/history.ts';
import type { Ask } from '../domain/live-check.ts';
import { firstProblem } from '../domain/problem.ts';
import type { Secret } from '../domain/secret.ts';
import type { AnalysedFile } from '../domain/syntax.ts';
import type { UrlEnvironment } from '../ports/migrator.ts';
import type { Guard } from './context.ts';
import { guardSession } from './observe.ts';
import { type Urls, urlIn } from './urls.ts';

/** Reads the files with the grammar of their database. */
async function analyseFiles(
  guard: Guard,
  project: ProjectFacts,
  migrations: readonly MigrationOnDisk[],
): Promise<readonly AnalysedFile[]> {
  const [migrator, analyser] = await Promise.all([
    guard.ports.migrator(),
    guard.ports.analyser(project.dialect ?? 'postgresql'),
  ]);
  const files: AnalysedFile[] = [];
  for (const each of migrations) {
    files.push(await analyser.analyse(each.name, each.path, await migrator.script(project, each.name)));
  }
  return files;
}

/** Finds the hazards of a request; with `ask` also by what the rows say. */
export type FindHazards = (request: HazardRequest, ask?: Ask) => Promise<readonly Hazard[]>;

/** All questions to the rows together; each by itself ends after three seconds. */
const ASK_MS = 20_000;

/** Asks within a budget: a pull request must not keep a database busy for minutes. */
function frugal(guard: Guard, ask: Ask): Ask {
  const until = guard.ports.clock.now() + ASK_MS;
  return async (question) =>
    guard.ports.clock.now() < until && !guard.options.cancelled.aborted
      ? ask(question)
      : { state: 'unknown', why: `the ${ASK_MS / 1000} s for such questions were used up` };
}

/** Facts of the database and its rows; a database that cannot be read is told and planned without. */
async function withDatabase<T>(
  guard: Guard,
  url: Secret | undefined,
  work: (catalog: CatalogFacts | undefined, ask: Ask | undefined) => Promise<T>,
): Promise<T> {
  const session = url === undefined ? undefined : await orUnread(guard, () => guardSession(guard, url));
  if (session === undefined) return work(undefined, undefined);
  try {
    const catalog = await orUnread(guard, () => session.study.catalog());
    return await work(
      catalog,
      frugal(guard, (question) => session.study.ask(question)),
    );
  } finally {
    await session.close().catch(() => undefined);
  }
}

async function orUnread<T>(guard: Guard, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
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
  readonly find: FindHazards;
}

/** The dangers of the pending set, weighed with the facts of this very database where they can be read. */
const studyHazards = (guard: Guard, order: HazardOrder): Promise<readonly Hazard[]> =>
  withDatabase(guard, order.url, async (catalog, ask) => {
    const applied = catalog === undefined ? await analyseFiles(guard, order.project, order.applied) : [];
    const { statementTimeoutMs, lockTimeoutMs, allowDataLoss } = guard.request;
    const request: HazardRequest = {
      files: order.files,
      applied,
      splitsStatements: order.project.splitsStatements,
      ...(order.serverVersion === undefined ? {} : { serverVersion: order.serverVersion }),
      ...(catalog === undefined ? {} : { catalog }),
      statementTimeoutMs,
      lockTimeoutMs,
      allowDataLoss,
    };
    return order.find(request, ask);
  });

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
  find: FindHazards,
): Promise<{ readonly files: readonly AnalysedFile[]; readonly hazards: readonly Hazard[] }> {
  const { project, comparison } = first;
  const files = await analyseFiles(guard, project, comparison.pending);
  // The rules know one dialect; finding nothing in another would read like an all-clear.
  if (project.dialect === 'mysql') {
    guard.warn('rules-missing');
    return { files, hazards: [] };
  }
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
