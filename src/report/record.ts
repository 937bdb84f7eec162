import type { Backend } from '../domain/facts.ts';
import { reportedState } from '../domain/outcome.ts';
import { runUrl } from '../domain/request.ts';
import { restoredNow } from '../domain/restored-now.ts';
import type { Run } from '../domain/run.ts';
import { explain } from './explain.ts';
import {
  instanceRecord,
  projectRecord,
  promotionRecord,
  requestRecord,
  restorePointRecord,
} from './record-facts.ts';
import { noticeWords, wordsIn } from './text.ts';
import { clip } from './words.ts';

/** Version of the JSON report (docs/report.schema.json). It grows when a reader could break. */
const REPORT_VERSION = 1;

/** No single text is longer, be it a statement or the output of Prisma (whose end is kept). */
const MAX_TEXT = 20_000;
const MAX_BLOCKED = 500;

const iso = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

/** The JSON report: everything of the run, without secrets. Absent facts are null, times are ISO-8601. */
export function report(run: Run): Readonly<Record<string, unknown>> {
  const whole = {
    version: REPORT_VERSION,
    status: run.status,
    databaseState: reportedState(run),
    startedAt: iso(run.startedAt),
    endedAt: iso(run.endedAt),
    durationMs: run.endedAt === undefined ? null : run.endedAt - run.startedAt,
    runUrl: runUrl(run.identity),
    identity: run.identity,
    explanation: explain(run),
    request: requestRecord(run.request),
    project: projectRecord(run.project),
    database: run.database,
    instance: instanceRecord(run.instance),
    manualSnapshots: run.manualSnapshots.length,
    pending: run.pending,
    plan: run.plan,
    ...outcome(run),
  };
  return nulls(whole) as Readonly<Record<string, unknown>>;
}

function outcome(run: Run): Readonly<Record<string, unknown>> {
  return {
    refused: run.refused,
    problems: run.problems.map((each) => ({ ...each, ...wordsIn(run, each) })),
    notices: run.notices.map((each) => ({ ...each, ...noticeWords(each) })),
    steps: run.steps.map((each) => ({ ...each, startedAt: iso(each.startedAt), endedAt: iso(each.endedAt) })),
    snapshot: run.snapshot,
    restorePoint: restorePointRecord(run.restorePoint),
    migration: {
      rounds: run.rounds,
      durationMs: run.migrationMs,
      stopReason: run.stopReason,
      enforced: run.enforced ?? null,
      exitCode: run.migrator?.exitCode,
      signal: run.migrator?.signal,
      output: (run.migrator?.output ?? run.lines.join('\n')).slice(-MAX_TEXT) || null,
    },
    blocked: run.blocked.slice(-MAX_BLOCKED).map((each) => ({
      at: iso(each.at),
      waiting: shortQuery(each.waiting),
      blockers: each.blockers.map(shortQuery),
    })),
    leftovers: run.leftovers,
    verdict: run.verdict,
    markedRolledBack: run.markedRolledBack,
    restore: restoredNow(run),
    goal: run.goal,
    writeLoss: run.writeLoss === undefined ? null : { ...run.writeLoss, until: iso(run.writeLoss.until) },
    parity: run.parity,
    mended: run.mended,
    promotion: promotionRecord(run.promotion),
    inventory: run.inventory?.map((each) => ({ ...each, createdAt: iso(each.createdAt) })),
    deleted: run.deleted,
    notified: run.notified,
  };
}

/** The texts of other sessions' queries may hold customer data: enough to recognise one, no more. */
const shortQuery = (backend: Backend): Backend => ({
  ...backend,
  applicationName: clip(backend.applicationName, 200),
  user: backend.user === null ? null : clip(backend.user, 200),
  state: backend.state === null ? null : clip(backend.state, 200),
  query: backend.query === null ? null : clip(backend.query, 200),
});

/** JSON has no undefined: a key that is always there is easier to read by machine. Long texts are cut. */
function nulls(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return clip(value, MAX_TEXT);
  if (Array.isArray(value)) return value.map(nulls);
  if (typeof value !== 'object') return typeof value === 'number' && !Number.isFinite(value) ? null : value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON();
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, nulls(each)]));
}
