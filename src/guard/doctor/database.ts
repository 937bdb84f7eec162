import { type Check, type ForeignTables, failing, judged, passed, skipped } from '../../domain/checkup.ts';
import { parseConnectionUrl } from '../../domain/connection-url.ts';
import type { Activity, DatabaseFacts, HistoryRow, ProjectFacts } from '../../domain/facts.ts';
import { compareHistory, isApplied } from '../../domain/history.ts';
import type { Problem } from '../../domain/problem.ts';
import { applicationName } from '../../domain/request.ts';
import { Secret } from '../../domain/secret.ts';
import type { Guard } from '../context.ts';
import {
  describe,
  guardedEnvironment,
  probedVariables,
  readUrls,
  sessionLimits,
  type Urls,
  urlIn,
} from '../urls.ts';
import { type DoctorRules, type Look, look } from './look.ts';
import { ownership, rights } from './rights.ts';
import { type Probe, timeouts } from './timeouts.ts';

interface Seen {
  readonly database: DatabaseFacts;
  readonly history: readonly HistoryRow[] | null;
  readonly activity: Activity;
  readonly foreign: Look<ForeignTables>;
}

/** All that could be learnt from the server. */
export interface DatabaseLook {
  readonly urls: Look<Urls>;
  readonly seen: Look<Seen> | undefined;
  readonly probes: readonly Probe[];
}

export async function lookAtDatabase(guard: Guard): Promise<DatabaseLook> {
  const urls = await look(() => readUrls(guard));
  if (urls.value === undefined) return { urls, seen: undefined, probes: [] };
  const known = urls.value;
  const seen = await look(() => see(guard, known));
  // An old server refuses a limit it does not know, so its version comes first.
  const limits = sessionLimits(guard, seen.value?.database.serverVersion ?? 0);
  const probes = Object.entries(guardedEnvironment(known, limits)).map(
    async ([variable, url]): Promise<Probe> => ({ variable, look: await look(() => show(guard, url)) }),
  );
  return { urls, seen, probes: await Promise.all(probes) };
}

async function see(guard: Guard, urls: Urls): Promise<Seen> {
  const url = urlIn(urls, guardedEnvironment(urls, sessionLimits(guard, 0)));
  const session = await (await guard.ports.engine()).connect(url);
  try {
    const database = await session.facts();
    const history = await session.history();
    const activity = await session.activity(applicationName(guard.options.identity));
    return { database, history, activity, foreign: await look(() => session.study.foreignTables()) };
  } finally {
    await session.close().catch(() => undefined);
  }
}

async function show(guard: Guard, url: string): Promise<DatabaseFacts> {
  const session = await (await guard.ports.engine()).connect(new Secret(url));
  try {
    return await session.facts();
  } finally {
    await session.close().catch(() => undefined);
  }
}

export function databaseChecks(
  guard: Guard,
  rules: DoctorRules,
  { urls, seen, probes: all }: DatabaseLook,
  project: ProjectFacts | undefined,
): readonly Check[] {
  if (urls.value === undefined) {
    const rest = [
      ...(['connection', 'tls', 'timeouts', 'pooler', 'database-rights', 'table-ownership'] as const),
      'history',
    ] as const;
    return [failing('url-variables', urls.problems), ...rest.map((name) => skipped(name, 'needs-urls'))];
  }
  const { primary, given } = urls.value;
  const server = given[primary] === undefined ? '' : describe(given[primary]);
  const variables = Object.keys(given).join(', ');
  const isProbed = project === undefined ? () => true : probedVariables({ project, urls: urls.value });
  const probes = all.filter(({ variable }) => isProbed(variable));
  const refused = probes.flatMap(({ variable, look: { problems = [] } }) =>
    problems.map((each) => named(each, variable)),
  );
  const [limits, others] = [refused.filter(isLimit), refused.filter((each) => !isLimit(each))];
  const database = seen?.value?.database ?? probes.find((each) => each.look.value !== undefined)?.look.value;
  return [
    passed('url-variables', { variables, primary, server }),
    connection(others, limits, database, server),
    ...timeouts({ guard, rules, probes, refused: limits, urls: urls.value }),
    tls(database, urls.value),
    rights(rules, database),
    ownership(seen?.value?.database, seen?.value?.foreign),
    history(rules, seen?.value, project),
  ];
}

const named = (each: Problem, variable: string): Problem => ({
  ...each,
  fields: { variable, ...each.fields },
});
const isLimit = ({ code }: Problem): boolean => code === 'limits-not-in-force';

function connection(
  others: readonly Problem[],
  limits: readonly Problem[],
  database: DatabaseFacts | undefined,
  server: string,
): Check {
  if (others.length > 0) return failing('connection', others);
  // Whoever refuses our startup options did answer; the check of the pooler tells it.
  if (database === undefined && limits.length > 0) return skipped('connection', 'cannot-be-told');
  return passed('connection', {
    server,
    version: database && (database.product ?? `PostgreSQL ${serverVersion(database.serverVersion)}`),
    user: database?.user,
  });
}

const serverVersion = (number: number): string => `${Math.floor(number / 10_000)}.${number % 10_000}`;

/** A socket and the runner's own machine need no encryption. */
const LOCAL = /^(?:\/.*|localhost|127\..*|::1)$/;

function tls(database: DatabaseFacts | undefined, { given, primary }: Urls): Check {
  if (database === undefined) return skipped('tls', 'needs-connection');
  if (database.tls) return passed('tls');
  const host = given[primary] === undefined ? '' : parseConnectionUrl(given[primary].reveal()).host;
  return LOCAL.test(host)
    ? passed('tls', { local: host })
    : failing('tls', [], { host, dialect: database.dialect });
}

function history(rules: DoctorRules, seen: Seen | undefined, project: ProjectFacts | undefined): Check {
  if (seen === undefined) return skipped('history', 'needs-connection');
  if (project === undefined) return skipped('history', 'needs-project');
  const comparison = compareHistory(project, seen.history);
  const baseline = rules
    .databaseRefusals(seen.database)
    .filter(({ code }) => code === 'history-missing-baseline');
  return judged('history', [...baseline, ...rules.historyRefusals(project, comparison, seen.activity)], {
    applied: (seen.history ?? []).filter(isApplied).length,
    pending: comparison.pending.length,
    edited: comparison.edited.length,
    gone: comparison.gone.length,
    outOfOrder: comparison.outOfOrder.length,
  });
}
