import { isAtomic } from '../domain/atomicity.ts';
import type { EnforcedLimit, StopReason } from '../domain/event.ts';
import type {
  Activity,
  DatabaseSnapshot,
  MigrationOnDisk,
  ProjectFacts,
  RestorePoint,
} from '../domain/facts.ts';
import { readPrismaOutput } from '../domain/prisma-output.ts';
import { firstProblem } from '../domain/problem.ts';
import { applicationName, watchName } from '../domain/request.ts';
import type { Secret } from '../domain/secret.ts';
import type { ParsedFile } from '../domain/sql.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { ReplayedError, Session } from '../ports/engine.ts';
import { invalidIndexes, namesIndex } from './case.ts';
import type { Guard } from './context.ts';
import { type Case, isHidden, judge } from './judge.ts';
import { settle } from './stop.ts';
import type { Watched } from './watch.ts';

/** What the verdict needs to know of the run besides the database itself. */
export interface WeighOrder {
  readonly project: Pick<ProjectFacts, 'splitsStatements'>;
  readonly pending: readonly Pick<MigrationOnDisk, 'name' | 'path'>[];
  readonly files: readonly ParsedFile[];
  readonly url: Secret;
  readonly point: RestorePoint;
}

/** Looks at the database after the run and judges; replays a file whose error Prisma hid (ADR 0005). */
export async function weigh(
  guard: Guard,
  order: WeighOrder,
  watched: Watched,
  reconnectMs = RECONNECT_FOR_MS,
): Promise<Verdict> {
  const seen = await lookAfterwards(guard, order, reconnectMs);
  const base: Case = {
    before: order.point.state,
    after: seen.after,
    activity: seen.activity,
    pending: order.pending,
    files: order.files,
    splits: order.project.splitsStatements,
    outcome: readPrismaOutput(watched.end.output),
    stopReason: watched.stopReason,
    watched: watched.lastQuery,
    replayed: undefined,
    limits: guard.request,
    exactCounters: guard.run.database?.exactCounters ?? false,
  };
  const verdict = judge(base);
  const replayed = needsReplay(verdict, base) ? await replay(guard, order, base, verdict) : undefined;
  const judged = replayed === undefined ? verdict : judge({ ...base, replayed });
  return explainLimit(explainStop(judged, watched.stopReason), guard.run.enforced);
}

/** A stop of ours must not read like a mistake in the SQL. */
function explainStop(verdict: Verdict, reason: StopReason | undefined): Verdict {
  if (verdict.ok || verdict.error === undefined || reason === undefined) return verdict;
  if (reason === 'migration-timeout')
    return {
      ...verdict,
      error: {
        ...verdict.error,
        message: `migration-timeout passed and the guard stopped the migration (${verdict.error.message})`,
      },
    };
  if (reason === 'lock-taken')
    return {
      ...verdict,
      error: {
        ...verdict.error,
        message: `another session held Prisma’s lock and the guard stopped the migration (${verdict.error.message})`,
      },
    };
  if (reason === 'cancelled')
    return {
      ...verdict,
      error: {
        ...verdict.error,
        message: `the job was cancelled and the guard stopped the migration (${verdict.error.message})`,
      },
    };
  return verdict;
}

/** The watcher's `KILL QUERY` must not read like somebody else's. */
const INTERRUPTED = '1317';

function explainLimit(verdict: Verdict, limit: EnforcedLimit | undefined): Verdict {
  if (limit === undefined || verdict.error?.code !== INTERRUPTED) return verdict;
  const message = `${limit} passed and the guard cancelled the statement (${verdict.error.message})`;
  const retryable = limit === 'lock-timeout' && verdict.state === 'unchanged';
  return { ...verdict, error: { ...verdict.error, message }, retryable };
}

interface Afterwards {
  readonly after: DatabaseSnapshot | undefined;
  readonly activity: Activity | undefined;
}

/** A Multi-AZ failover takes one to two minutes. */
const RECONNECT_FOR_MS = 180_000;
/** A cancelled step is killed ten seconds after its first signal. */
const HURRIED_MS = 2000;

/** Reads the database after the run; tries for three minutes when it does not answer. */
async function lookAfterwards(guard: Guard, order: WeighOrder, reconnectMs: number): Promise<Afterwards> {
  const { clock } = guard.ports;
  const budget = guard.options.cancelled.aborted ? Math.min(HURRIED_MS, reconnectMs) : reconnectMs;
  const deadline = clock.now() + budget;
  for (;;) {
    try {
      return await withSession(guard, order.url, (session) => read(guard, session, order));
    } catch {
      if (clock.now() >= deadline) return { after: undefined, activity: undefined };
      await clock.sleep(1000);
    }
  }
}

async function read(guard: Guard, session: Session, order: WeighOrder): Promise<Afterwards> {
  const activity = await settle(guard.ports.clock, session, applicationName(guard.options.identity));
  const after = await session.state();
  // Only what a pending file names: another session's CREATE INDEX CONCURRENTLY is invalid while it runs, too.
  const leftovers = invalidIndexes({ before: order.point.state, after, files: order.files }).filter((name) =>
    order.files.some((file) => namesIndex(file, name)),
  );
  if (leftovers.length === 0 || activity.ours.length > 0) return { after, activity };
  for (const index of leftovers) {
    // Nobody wants a whole database restored for the remains of a cancelled CREATE INDEX CONCURRENTLY.
    const dropped = await session.intervene.dropInvalidIndex(index).catch(() => false);
    if (dropped) guard.emit({ type: 'leftover-removed', index });
  }
  return { after: await session.state(), activity };
}

async function withSession<T>(guard: Guard, url: Secret, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await (await guard.ports.engine()).connect(url, watchName(guard.options.identity));
  try {
    return await work(session);
  } finally {
    await session.close().catch(() => undefined);
  }
}

const TIMING_CODES = new Set(['57014', '55P03', '40P01']);
const REPLAY_FOR_MS = 2000;
const REPLAY_LOCK_MS = 1000;

/** Only where nothing was kept, the file is one transaction, and the server's own words or the place are missing. */
const needsReplay = (verdict: Verdict, { outcome, stopReason, files, splits }: Case): boolean => {
  const file = files.find((each) => each.migration === verdict.failedMigration);
  if (verdict.ok || verdict.state !== 'unchanged' || !verdict.openRow || stopReason !== undefined)
    return false;
  if (file === undefined || file.syntaxError !== undefined || !isAtomic(file, splits)) return false;
  if (file.statements.some((each) => each.kind === 'opaque')) return false;
  if (TIMING_CODES.has(outcome.sqlState ?? '')) return false;
  return isHidden(outcome);
};

async function replay(
  guard: Guard,
  order: WeighOrder,
  { files }: Case,
  verdict: Verdict,
): Promise<ReplayedError | undefined> {
  const file = files.find((each) => each.migration === verdict.failedMigration);
  const kept = (file?.statements ?? []).flatMap((each, index) =>
    each.kind === 'transaction' ? [] : [{ text: each.text, index }],
  );
  try {
    const found = await withSession(guard, order.url, (session) =>
      session.intervene.replay(
        kept.map((each) => each.text),
        { totalMs: REPLAY_FOR_MS, lockMs: REPLAY_LOCK_MS },
      ),
    );
    const index = found === undefined ? undefined : kept[found.index]?.index;
    return found === undefined || index === undefined || TIMING_CODES.has(found.code)
      ? undefined
      : { ...found, index };
  } catch (error) {
    guard.emit({
      type: 'migrator-line',
      line: `the hidden error could not be found again: ${firstProblem(error).detail}`,
    });
    return undefined;
  }
}
