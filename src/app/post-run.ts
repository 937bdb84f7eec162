import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHost } from '../adapters/github/host.ts';
import { openJournal } from '../adapters/journal/journal.ts';
import { readJournal } from '../adapters/journal/read.ts';
import { type Event, JOURNAL_VERSION, type Status } from '../domain/event.ts';
import { fold } from '../domain/fold.ts';
import type { StepKind } from '../domain/plan.ts';
import { problem } from '../domain/problem.ts';
import type { DeployRequest, RunIdentity } from '../domain/request.ts';
import { emptyRun, type Run, type StepState } from '../domain/run.ts';
import { attemptAfter } from '../guard/aftermath.ts';
import type { Guard } from '../guard/context.ts';
import { resume } from '../guard/resume.ts';
import { resumeByTags } from '../guard/resume-by-tags.ts';
import { tell } from '../guard/steps/alert.ts';
import type { Host } from '../ports/host.ts';
import type { Environment } from './environment.ts';
import { startGuard } from './guard.ts';
import { goesBack, postBack } from './post-back.ts';
import { publish } from './publish.ts';
import { lostJournal, remembered, rememberedEnd, revived } from './remembered.ts';
import { hideSecretsOf, scrub } from './scrubbing.ts';
import type { Shell } from './shell.ts';
import { telling } from './telling.ts';

/** Whatever hangs, the post step ends within a minute. */
const LIMIT_MS = 50_000;

/**
 * The post step: main ended well, or it is finished here, from its journal or, without one, by the tags it left.
 * The inputs are not read again; only secrets, which no journal may hold, come from the environment once more.
 */
export async function runPost(shell: Shell, environment: Environment = process.env): Promise<number> {
  hideSecretsOf(environment);
  const host = createHost({ scrub });
  const file =
    environment.STATE_journal || path.join(tmpdir(), `guarded-migrate-${process.pid}`, 'journal.ndjson');
  const whole = lostJournal(environment) ? [] : read(host, file);
  const first = whole[0]?.type === 'run-started' ? whole[0] : undefined;
  const kept = first ?? remembered(environment);
  const run = first === undefined ? undefined : whole.reduce(fold, emptyRun(first.identity, first.at));
  const status = run?.status ?? rememberedEnd(environment);
  if (status !== undefined && status !== 'cancelled' && !untold(run) && !owesAfterCommand(run)) {
    host.log(`Guarded Migrate: the step ended by itself (${status}); nothing to do.`);
    return 0;
  }
  if (kept === undefined) {
    host.log('Guarded Migrate: the step was refused or ended before it touched anything; nothing to do.');
    return 0;
  }
  const isBack = goesBack(kept.request.mode);
  if (kept.request.mode !== 'deploy' && !isBack) {
    host.log(`Guarded Migrate: the step only looked (mode: ${kept.request.mode}); nothing to do.`);
    return 0;
  }
  const { identity } = kept;
  const request = revived(kept.request, environment);
  const guard = continued({ shell, environment, host, file, identity, request, run });
  if (isBack) return finishBack(guard, host, file);
  if (status !== undefined && status !== 'cancelled') {
    if (untold(run)) await tellAgain(guard, host);
    if (owesAfterCommand(run)) await attemptAfter(guard);
    return 0;
  }
  await finish(guard, run === undefined ? kept.at : undefined);
  await publish(host, guard.run, path.dirname(file), scrub);
  return 0;
}

/** The events of a journal this version can read; a journal on a broken disk fails no job. */
function read(host: Host, file: string): readonly Event[] {
  try {
    const events = readJournal(file)?.events ?? [];
    const [first] = events;
    if (first?.type !== 'run-started' || first.version <= JOURNAL_VERSION) return events;
    host.log(
      `The journal has version ${first.version}; this post step reads up to ${JOURNAL_VERSION}, so it goes by the tags in AWS instead.`,
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    host.annotate({
      level: 'warning',
      title: 'The journal cannot be read',
      message: `${message}. This post step goes by the tags in AWS and by the database instead; what it finds is in its log and in the job summary.`,
    });
  }
  return [];
}

interface Left {
  readonly shell: Shell;
  readonly environment: Environment;
  readonly host: Host;
  readonly file: string;
  readonly identity: RunIdentity;
  readonly request: DeployRequest;
  readonly run: Run | undefined;
}

function continued({ file, run, ...job }: Left): Guard {
  const { host, identity, request } = job;
  const journal = openJournal({
    path: file,
    onFailure: ({ detail }) => host.log(`The journal cannot be written: ${detail}. The rest goes on.`),
  });
  const guard = startGuard({
    ...job,
    ...telling,
    journal,
    hurried: true,
    ...(run === undefined ? {} : { run }),
  });
  if (run === undefined)
    guard.emit({ type: 'run-started', version: JOURNAL_VERSION, pid: process.pid, identity, request });
  return guard;
}

/** A main that was killed has published nothing, and a cancelled one not what is done here. */
async function finishBack(guard: Guard, host: Host, file: string): Promise<number> {
  const isCutOff = guard.run.status === undefined || guard.run.status === 'cancelled';
  await postBack(guard, host);
  if (isCutOff) await publish(host, guard.run, path.dirname(file), scrub);
  return 0;
}

async function finish(guard: Guard, startedAt: number | undefined): Promise<void> {
  const work = startedAt === undefined ? resume(guard) : resumeByTags(guard, startedAt);
  const over = new AbortController();
  const late = guard.ports.clock.sleep(LIMIT_MS, over.signal).then((): Status | undefined => undefined);
  const status = await Promise.race([work, late]);
  over.abort();
  if (status === undefined) {
    const detail = `the post step was still at work after ${LIMIT_MS / 1000} s and stopped there`;
    guard.emit({ type: 'refused', problems: [problem('unexpected', detail)] });
  }
  guard.emit({ type: 'run-ended', status: status ?? 'cancelled' });
  // The job is red although everything was applied: somebody will want to know.
  if (status === 'applied') await tell(guard, 'end');
}

/** True when Slack refused what it had to be told. */
const untold = (run: Run | undefined): boolean =>
  run !== undefined && run.notified.length > 0 && !run.notified.some((each) => each.delivered);

/** A job that was cancelled while a good deploy was being finished: what was switched off must be switched on again. */
const owesAfterCommand = (run: Run | undefined): boolean =>
  stateOf(run, 'after-command') === 'not-reached' &&
  (['before-command', 'restore-point'] as const).some(
    (kind) => (stateOf(run, kind) ?? 'not-reached') !== 'not-reached',
  );

const stateOf = (run: Run | undefined, kind: StepKind): StepState | undefined =>
  run?.steps.find((each) => each.kind === kind)?.state;

async function tellAgain(guard: Guard, host: Host): Promise<void> {
  await tell(guard, 'end');
  const told = guard.run.notified.some((each) => each.delivered);
  host.log(
    `Guarded Migrate: the step ended by itself (${guard.run.status}); Slack ${told ? 'has its message now' : 'still does not answer'}.`,
  );
}
