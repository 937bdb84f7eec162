import type { MigrationOnDisk, ProjectFacts } from '../domain/facts.ts';
import type { CatalogFacts, Hazard, HazardRequest } from '../domain/hazard.ts';
import { firstProblem } from '../domain/problem.ts';
import type { Secret } from '../domain/secret.ts';
import type { AnalysedFile } from '../domain/syntax.ts';
import type { Guard } from './context.ts';
import { guardSession } from './observe.ts';

/** Reads the files with PostgreSQL's own grammar. */
export async function analyseFiles(
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

export interface HazardOrder {
  readonly project: ProjectFacts;
  readonly files: readonly AnalysedFile[];
  /** Migrations already applied; they stand in for the catalog when the database cannot be read. */
  readonly applied: readonly MigrationOnDisk[];
  readonly serverVersion: number | undefined;
  readonly url: Secret | undefined;
  readonly find: (request: HazardRequest) => Promise<readonly Hazard[]>;
}

/** The dangers of the pending set, weighed with the facts of this very database where they can be read. */
export async function studyHazards(guard: Guard, order: HazardOrder): Promise<readonly Hazard[]> {
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
