import type { Activity, DatabaseFacts, HistoryRow, ProjectFacts } from '../domain/facts.ts';
import { compareHistory, type HistoryComparison } from '../domain/history.ts';
import { GuardError, problemsOf } from '../domain/problem.ts';
import { applicationName, watchName } from '../domain/request.ts';
import type { Secret } from '../domain/secret.ts';
import type { UrlEnvironment } from '../ports/migrator.ts';
import type { Guard } from './context.ts';
import { guardedEnvironment, readUrls, sessionLimits, type Urls, urlIn } from './urls.ts';

/** The first look: enough to know whether anything is pending. No AWS call is needed for it. */
export interface FirstLook {
  readonly project: ProjectFacts;
  readonly database: DatabaseFacts;
  readonly history: readonly HistoryRow[] | null;
  readonly comparison: HistoryComparison;
  readonly activity: Activity;
  readonly urls: Urls;
  readonly environment: UrlEnvironment;
}

/** Reads project and database side by side; all problems of both are told at once. */
export async function firstLook(guard: Guard): Promise<FirstLook> {
  const [project, connection] = await both(observeProject(guard), observeDatabase(guard));
  const { database, history, activity, urls } = connection;
  const environment = guardedEnvironment(urls, sessionLimits(guard, database.serverVersion));
  const comparison = compareHistory(project, history);
  guard.emit({ type: 'pending', migrations: comparison.pending.map((each) => each.name) });
  return { project, database, history, comparison, activity, urls, environment };
}

export async function observeProject(guard: Guard): Promise<ProjectFacts> {
  const project = await (await guard.ports.migrator()).project();
  guard.emit({ type: 'observed-project', project });
  return project;
}

export interface Connection {
  readonly database: DatabaseFacts;
  readonly history: readonly HistoryRow[] | null;
  readonly activity: Activity;
  readonly urls: Urls;
}

export async function observeDatabase(guard: Guard): Promise<Connection> {
  const urls = await readUrls(guard);
  // The server's version is not known yet, so the one limit that old servers refuse stays out.
  const url = urlIn(urls, guardedEnvironment(urls, sessionLimits(guard, 0)));
  const session = await (await guard.ports.engine()).connect(url);
  try {
    const database = await session.facts();
    guard.emit({ type: 'observed-database', database });
    const history = await session.history();
    const activity = await session.activity(applicationName(guard.options.identity));
    return { database, history, activity, urls };
  } finally {
    await session.close();
  }
}

/** Both results, or one error with the problems of both. */
async function both<A, B>(a: Promise<A>, b: Promise<B>): Promise<readonly [A, B]> {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  const failed = [first, second].flatMap((each) =>
    each.status === 'rejected' ? problemsOf(each.reason) : [],
  );
  throw new GuardError(failed);
}

export const guardSession = async (
  guard: Guard,
  url: Secret,
): Promise<Awaited<ReturnType<Awaited<ReturnType<Guard['ports']['engine']>>['connect']>>> =>
  (await guard.ports.engine()).connect(url, watchName(guard.options.identity));
