import type { Event } from '../domain/event.ts';
import type { Backend } from '../domain/facts.ts';
import type { StepKind } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import { promotionLine } from './back/promotion-parts.ts';
import { tally } from './severity.ts';
import { isSchemaUnknown, stepOf } from './situation.ts';
import { noticeWords, wordsIn } from './text.ts';
import { count, list, oneLine, took } from './words.ts';

type Say<T extends Event['type']> = (event: Extract<Event, { type: T }>, run: Run) => string | undefined;

const title = (run: Run, kind: StepKind): string => stepOf(run, kind)?.title ?? kind;

const elapsed = (run: Run, kind: StepKind, at: number): string => {
  const start = stepOf(run, kind)?.startedAt;
  return start === undefined ? '' : ` (${took(at - start)})`;
};

/** pid, user, application, state, age and query: what one needs to find the session and its owner. */
function backendText(backend: Backend): string {
  const age = backend.ageMs === null ? '' : ` for ${took(backend.ageMs)}`;
  const query = backend.query === null ? '' : `: ${oneLine(backend.query, 200)}`;
  const application = oneLine(backend.applicationName, 60) || 'without a name';
  return `pid ${backend.pid}, user ${oneLine(backend.user ?? 'unknown', 60)}, application "${application}", ${backend.state ?? 'state unknown'}${age}${query}`;
}

const STOPS = {
  'migration-timeout': 'migration-timeout passed',
  cancelled: 'the job was cancelled',
  'cli-hung': 'the Prisma command does not end by itself',
  'watch-lost': 'the database can no longer be watched',
  'lock-taken': 'a session that is not known as ours holds Prisma’s lock',
} as const;

/** The same picture is told once in ten seconds; the report holds every sighting. */
function toldLately(event: Extract<Event, { type: 'blocked' }>, run: Run): boolean {
  const old = run.blocked.filter((each) => each.at < event.at).at(-1);
  if (old === undefined || old.waiting.pid !== event.waiting.pid) return false;
  if (pids(old.blockers) !== pids(event.blockers)) return false;
  const slot = (at: number): number => Math.floor((at - run.startedAt) / 10_000);
  return slot(event.at) === slot(old.at);
}

const pids = (backends: readonly Backend[]): string => backends.map((each) => each.pid).join();

const texts: { readonly [T in Event['type']]: Say<T> } = {
  'run-started': (event) =>
    `Guarded Migrate: ${event.request.mode} on ${event.request.instance || 'the files alone'}, run ${event.identity.runId}, attempt ${event.identity.attempt}`,
  'observed-project': ({ project }) =>
    `Prisma ${project.prismaVersion} with ${count(project.migrations.length, 'migration')}; ${project.splitsStatements ? 'each statement is committed by itself' : 'each file is sent as a whole'}`,
  'observed-database': ({ database }) =>
    `database ${database.database} as ${database.user}, ${database.product ?? `PostgreSQL ${Math.floor(database.serverVersion / 10_000)}`}, ${database.tls ? 'encrypted' : 'not encrypted'}`,
  'observed-target': ({ target }) =>
    `DB ${target.instance.kind ?? 'instance'} ${target.instance.identifier}: ${target.instance.engine} ${target.instance.engineVersion}, ${target.instance.status}`,
  pending: ({ migrations }) =>
    migrations.length === 0
      ? 'nothing pending'
      : `${count(migrations.length, 'pending migration')}: ${list(migrations, 10)}`,
  planned: ({ plan }) =>
    `planned: ${count(plan.steps.filter((step) => step.when === 'always').length, 'step')}${plan.hazards.length === 0 ? '' : `; hazards: ${tally(plan.hazards)}`}`,
  refused: ({ problems }) => `refused: ${count(problems.length, 'problem')} found, see below`,
  notice: ({ notice }) => `${notice.level}: ${noticeWords(notice).what}`,
  'step-intended': (event, run) => `${title(run, event.step)} ...`,
  'step-done': (event, run) =>
    `done: ${event.step}${elapsed(run, event.step, event.at)}${event.note === undefined ? '' : `, ${event.note}`}`,
  'step-failed': (event, run) =>
    `failed: ${event.step}${elapsed(run, event.step, event.at)}. ${wordsIn(run, event.problem).what}`,
  'step-skipped': (event) => `skipped: ${event.step}, ${event.note}`,
  'snapshot-seen': (event) =>
    `snapshot ${event.identifier}: ${event.status}${event.percent === undefined ? '' : `, ${event.percent} %`}`,
  'restore-point': ({ point }) =>
    `restore point ${point.time}${point.lsn === '' ? '' : `, log position ${point.lsn}`}`,
  'migrator-started': (event) =>
    event.round > 1
      ? `prisma migrate deploy started again, try ${event.round}`
      : 'prisma migrate deploy started',
  'migrator-line': ({ line }) => (line.trim() === '' ? undefined : `prisma | ${oneLine(line, 500)}`),
  blocked: (event, run) => {
    if (toldLately(event, run)) return undefined;
    const first = event.blockers[0];
    const who = first === undefined ? 'a session that is gone already' : backendText(first);
    const more = event.blockers.length > 1 ? ` (and ${event.blockers.length - 1} more)` : '';
    return `waiting for a lock (pid ${event.waiting.pid}); blocked by ${who}${more}`;
  },
  'limit-enforced': ({ limit, backend }) =>
    `${limit} passed; we cancel the statement of ${backendText(backend)}`,
  stopping: ({ reason }) => `stopping the migration: ${STOPS[reason]}`,
  stopped: ({ activity, tookMs }) =>
    activity.ours.length === 0
      ? `stopped after ${took(tookMs)}; no session of the migration is left`
      : `after ${took(tookMs)} ${count(activity.ours.length, 'session')} of the migration still there: ${list(activity.ours.map(backendText), 2)}`,
  'migrator-ended': ({ end, tookMs }) =>
    `prisma migrate deploy ended after ${took(tookMs)}, ${end.signal === null ? `exit code ${end.exitCode ?? 'unknown'}` : `signal ${end.signal}`}`,
  'leftover-removed': ({ index }) =>
    `removed the INVALID index ${index} that CREATE INDEX CONCURRENTLY left behind`,
  verdict: ({ verdict }) =>
    verdict.ok
      ? `verdict: applied and verified (${count(verdict.applied.length, 'migration')})`
      : `verdict: failed, the database is ${verdict.state === 'unknown' ? 'in an unknown state' : verdict.state}; ${list(verdict.evidence, 2)}`,
  'marked-rolled-back': ({ migration }) => `marked "${migration}" as rolled back`,
  'lock-retry': ({ round, pauseMs }) => `nothing was changed; try ${round} follows in ${took(pauseMs)}`,
  'restore-requested': ({ identifier, found }) =>
    found === true
      ? `the restored database is ${identifier}`
      : `restore to ${identifier} requested; this takes 25 to 45 minutes at best`,
  'restore-seen': (event, run) =>
    `restored database ${run.restore?.identifier ?? ''}: ${event.status}${event.endpoint === undefined ? '' : ` at ${event.endpoint.address}:${event.endpoint.port}`}`,
  'restore-verified': ({ differences }, run) =>
    differences.length === 0
      ? isSchemaUnknown(run)
        ? 'the restored database holds no migration of a later time; no schema was recorded to compare it with'
        : 'the restored database equals the restore point'
      : `the restored database is NOT in the state of the restore point: ${list(differences, 3)}`,
  goal: ({ goal }) =>
    `going back to ${goal.time ?? goal.snapshot ?? 'the snapshot'} by ${goal.way === 'snapshot' ? `snapshot ${goal.snapshot ?? ''}` : 'point-in-time restore'}: ${goal.why}`,
  'write-loss': ({ loss }) =>
    loss.rows === undefined
      ? `what a cut-over would lose is not known: ${loss.unknown ?? 'no counters'}`
      : loss.rows === 0
        ? `a cut-over would lose no row: none was written since ${loss.since}`
        : `a cut-over would lose at most ${count(loss.rows, 'row')} in ${count(loss.tables.length, 'table')}, written since ${loss.since}`,
  parity: ({ differences }) =>
    differences.length === 0
      ? 'every setting is that of production'
      : `${count(differences.length, 'setting')} ${differences.length === 1 ? 'differs' : 'differ'}: ${list(
          differences.map((each) => each.name),
          10,
        )}`,
  mended: ({ names }) => (names.length === 0 ? undefined : `mended: ${list(names, 20)}`),
  promotion: ({ promotion }) => promotionLine(promotion),
  inventory: ({ kept }) => `${count(kept.length, 'resource')} of ours found`,
  deleted: ({ identifier }) => `deleted snapshot ${identifier}`,
  notified: ({ about, delivered }) => `Slack message (${about}) ${delivered ? 'delivered' : 'not delivered'}`,
  'run-ended': ({ status }, run) =>
    `ended: ${status}, after ${took((run.endedAt ?? run.startedAt) - run.startedAt)}`,
};

/** The words for one event; undefined when it is noise. */
export function eventText(event: Event, run: Run): string | undefined {
  const say = texts[event.type] as ((event: Event, run: Run) => string | undefined) | undefined;
  return say?.(event, run);
}
