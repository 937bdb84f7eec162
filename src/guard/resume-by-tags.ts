import type { Status } from '../domain/event.ts';
import type {
  DatabaseSnapshot,
  HistoryRow,
  ProjectFacts,
  RestorePoint,
  TargetFacts,
} from '../domain/facts.ts';
import { isApplied } from '../domain/history.ts';
import { restoredName, snapshotName } from '../domain/names.ts';
import type { Plan, PlannedStep } from '../domain/plan.ts';
import { applicationName } from '../domain/request.ts';
import { runTag, TAG } from '../domain/tags.ts';
import type { Guard } from './context.ts';
import { guardSession } from './observe.ts';
import { broken, finishLate, neverStarted } from './resume-finish.ts';
import { observeTarget } from './second-look.ts';
import { stopMigration } from './stop.ts';
import { guardedEnvironment, readUrls, sessionLimits, urlIn } from './urls.ts';

/** Without these the past is not known, only the present. */
const UNKNOWN_TIME = '';

/**
 * The same as `resume` when the journal is gone: what it would have told is put together from the tags of this run's
 * snapshot, the history in the database, and the project on disk. `startedAt` is when main began (epoch
 * milliseconds, the runner's clock); `blind` ends it when the database does not answer. Never throws.
 */
export async function resumeByTags(
  guard: Guard,
  startedAt: number,
  blind: (error: unknown) => Promise<Status> = (error) => unknownState(guard, error),
): Promise<Status> {
  let now: Now;
  try {
    now = await lookNow(guard);
  } catch (error) {
    return blind(error);
  }
  try {
    let silence: unknown;
    const target = await observeTarget(guard).catch((error: unknown) => {
      silence = error;
      return undefined;
    });
    const marks = marksOf(guard, target);
    const since = marks.time === undefined ? startedAt + Math.min(0, now.skew) : Date.parse(marks.time);
    const fresh = (now.rows ?? []).filter((row) => row.startedAt >= since - Math.max(0, now.skew));
    if (fresh.length === 0 && !now.wasAtWork && marks.phase !== 'migrating') return await neverStarted(guard);
    return await finishFrom(guard, { now, target, silence, marks, fresh });
  } catch (error) {
    return broken(guard, error);
  }
}

/** Nobody can say whether the migration was started: `unknown`, not `unchanged`. */
async function unknownState(guard: Guard, error: unknown): Promise<Status> {
  guard.emit({ type: 'migrator-started', pid: 0, round: 1 });
  return broken(guard, error);
}

interface Now {
  readonly rows: readonly HistoryRow[] | null;
  readonly state: DatabaseSnapshot;
  /** A session of the dead main's migration was there, and was stopped. */
  readonly wasAtWork: boolean;
  /** Clock of the database minus that of the runner, milliseconds. */
  readonly skew: number;
}

/** Stops what is left of main first: what is read after that stays true. */
async function lookNow(guard: Guard): Promise<Now> {
  const { clock } = guard.ports;
  const urls = await readUrls(guard);
  const environment = guardedEnvironment(urls, sessionLimits(guard, 0));
  const name = applicationName(guard.options.identity);
  const cli = (await guard.ports.migrator()).adopt(undefined);
  const session = await guardSession(guard, urlIn(urls, environment));
  try {
    const wasAtWork = cli.pid > 0 || (await session.activity(name)).ours.length > 0;
    await stopMigration(clock, session, name, cli);
    const skew = (await session.clock()).now - clock.now();
    const state = await session.state();
    return { rows: state.history, state, wasAtWork, skew };
  } finally {
    await session.close().catch(() => undefined);
  }
}

interface Marks {
  readonly snapshot: TargetFacts['manualSnapshots'][number] | undefined;
  readonly phase: string | undefined;
  readonly time: string | undefined;
  readonly fingerprint: string | undefined;
}

/** This run's snapshot, also one that it took over from a dead run: the tag names the run, the name may not. */
function marksOf(guard: Guard, target: TargetFacts | undefined): Marks {
  const snapshot = target?.manualSnapshots.find(
    (each) =>
      each.tags[TAG.run] === runTag(guard.options.identity) &&
      each.tags[TAG.sourceResourceId] === target.instance.resourceId,
  );
  const tags = snapshot?.tags ?? {};
  return {
    snapshot,
    phase: tags[TAG.phase],
    time: tags[TAG.restoreTime],
    fingerprint: tags[TAG.fingerprint],
  };
}

interface Found {
  readonly now: Now;
  readonly target: TargetFacts | undefined;
  /** Why AWS told nothing; the database is then unknown, and no restore can be asked for. */
  readonly silence: unknown;
  readonly marks: Marks;
  readonly fresh: readonly HistoryRow[];
}

async function finishFrom(guard: Guard, found: Found): Promise<Status> {
  const { target, marks } = found;
  const project = await (await guard.ports.migrator()).project();
  const point = pointOf(found);
  const plan = planOf(guard, found, project);
  guard.emit({ type: 'observed-project', project });
  guard.emit({ type: 'pending', migrations: plan.pending.map((each) => each.name) });
  guard.emit({ type: 'planned', plan });
  if (marks.snapshot !== undefined) guard.emit({ type: 'snapshot-seen', ...marks.snapshot });
  if (marks.time !== undefined) guard.emit({ type: 'restore-point', point });
  guard.emit({ type: 'migrator-started', pid: 0, round: 1 });
  if (target === undefined) throw found.silence;
  return finishLate(guard, {
    project,
    plan,
    source: target.instance,
    point,
    isBlind: marks.fingerprint === undefined,
  });
}

/** What is known of the database at the restore point: the digest of its schema and the older rows of its history. */
function pointOf({ now, marks, fresh }: Found): RestorePoint {
  const digest = marks.fingerprint ?? 'unknown';
  const state: DatabaseSnapshot = {
    // Objects of today: a digest that differs is then a difference as a whole, without wrong names.
    fingerprint: { digest, objects: now.state.fingerprint.objects },
    writes: {},
    invalidIndexes: [],
    history: (now.rows ?? []).filter((row) => !fresh.includes(row)),
  };
  return { time: marks.time ?? UNKNOWN_TIME, lsn: '', state };
}

function planOf(guard: Guard, { marks, fresh, now, target }: Found, project: ProjectFacts): Plan {
  const { request, options } = guard;
  const applied = new Set(
    (now.rows ?? []).filter((row) => isApplied(row) && !fresh.includes(row)).map((row) => row.name),
  );
  // A member that was given stands for its cluster.
  const source = target?.instance.kind === 'cluster' ? target.instance.identifier : request.instance;
  const restored = request.restoredIdentifier ?? restoredName(source, options.identity);
  const restore: PlannedStep = {
    kind: 'restore',
    when: 'on-failure',
    title: `Restore to the restore point as ${restored}, beside ${source}`,
  };
  const wanted = request.onFailure !== 'alert' && marks.time !== undefined;
  return {
    pending: project.migrations
      .filter((each) => !applied.has(each.name))
      .map(({ name, path }) => ({ name, path, atomic: false, statements: 0 })),
    steps: [
      { kind: 'migrate', when: 'always', title: 'Run prisma migrate deploy' },
      { kind: 'alert', when: 'on-failure', title: 'Alert Slack' },
      ...(request.afterCommand === undefined
        ? []
        : [{ kind: 'after-command', when: 'always', title: 'Run after-command' } as const]),
      ...(wanted ? [restore] : []),
    ],
    snapshotIdentifier: marks.snapshot?.identifier ?? snapshotName(source, options.identity),
    basis: undefined,
    hazards: [],
    estimate: [],
    adopted: undefined,
    restoredIdentifier: restored,
    sourceTags: target?.instance.tags ?? {},
  };
}
