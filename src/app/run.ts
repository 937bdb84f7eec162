import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHost } from '../adapters/github/host.ts';
import { readIdentity } from '../adapters/github/identity.ts';
import { openJournal } from '../adapters/journal/journal.ts';
import { type Event, JOURNAL_VERSION, type Status } from '../domain/event.ts';
import { fold } from '../domain/fold.ts';
import { isGood } from '../domain/outcome.ts';
import { problemsOf } from '../domain/problem.ts';
import { type DeployRequest, MODES, type Mode, type RunIdentity } from '../domain/request.ts';
import { emptyRun, type Run } from '../domain/run.ts';
import type { Guard } from '../guard/context.ts';
import { parseInputs } from '../inputs/parse.ts';
import type { Host } from '../ports/host.ts';
import { logLine } from '../report/log.ts';
import { docsBase } from './docs-base.ts';
import type { Environment } from './environment.ts';
import { publish } from './publish.ts';
import { remember, rememberEnd, rememberLostJournal } from './remembered.ts';
import { hideSecretsOf, scrub } from './scrubbing.ts';
import type { Shell } from './shell.ts';
import { telling } from './telling.ts';

/** The story of one run: inputs → guard → report. Returns the exit code. */
export async function runMain(shell: Shell, environment: Environment = process.env): Promise<number> {
  hideSecretsOf(environment);
  const identity = readIdentity(environment, Date.now());
  const host = createHost({ scrub });
  const folder = stateFolder(environment, identity);
  host.saveState('journal', path.join(folder, 'journal.ndjson'));
  let request: DeployRequest;
  try {
    request = parseInputs(environment);
  } catch (error) {
    await refuseInputs({ host, identity, folder, environment }, error);
    return 1;
  }
  remember(host, { at: Date.now(), identity, request });
  const job = { shell, environment, identity, host, folder, request };
  if (request.mode === 'doctor') return checkUp(job);
  const run = await runJob({ ...job, mode: request.mode });
  return isGood(run, request.mode) ? 0 : 1;
}

interface Job {
  readonly shell: Shell;
  readonly environment: Environment;
  readonly identity: RunIdentity;
  readonly host: Host;
  readonly folder: string;
  readonly request: DeployRequest;
}

/** The doctor writes no journal: there is nothing that could be left half done. */
async function checkUp({ folder: _folder, ...job }: Job): Promise<number> {
  const { runDoctor, startGuard } = await import('./deploying.ts');
  rememberEnd(job.host, 'planned');
  return runDoctor(
    startGuard({ ...job, ...telling, journal: { path: '', append: () => undefined } }),
    job.host,
  );
}

async function runJob({
  folder,
  mode,
  ...job
}: Job & { readonly mode: Exclude<Mode, 'doctor'> }): Promise<Run> {
  const { host, identity, request } = job;
  const journal = openJournal({
    path: path.join(folder, 'journal.ndjson'),
    onFailure: ({ detail }) => {
      rememberLostJournal(host);
      host.log(
        `The journal cannot be written: ${detail}. If this job is killed, its post step goes by the tags in AWS.`,
      );
    },
  });
  const { publishPlan, startGuard, tell, ...floor } = await import('./deploying.ts');
  const guard = startGuard({ ...job, ...telling, journal });
  guard.emit({ type: 'run-started', version: JOURNAL_VERSION, pid: process.pid, identity, request });
  const status = await story(floor, guard, mode);
  guard.emit({ type: 'run-ended', status });
  const planPath =
    request.mode === 'plan' ? await publishPlan(guard, folder, job.environment, scrub) : undefined;
  rememberEnd(host, status);
  const told = guard.run.notified.some((each) => each.about === 'end');
  if (request.slackOn === 'always' && !told && isGood(guard.run, request.mode)) await tell(guard, 'end');
  await publish(host, guard.run, folder, scrub, { planPath, docsBase: docsBase(job.environment) });
  return guard.run;
}

type Floor = typeof import('./deploying.ts');

function story(
  floor: Omit<Floor, 'publishPlan' | 'startGuard' | 'tell'>,
  guard: Guard,
  mode: Exclude<Mode, 'doctor'>,
): Promise<Status> {
  switch (mode) {
    case 'deploy':
      return floor.deploy(guard, floor.planner);
    case 'plan':
      return floor.makePlan(guard, floor.planner);
    default:
      return floor[mode](guard);
  }
}

async function refuseInputs(
  { host, identity, folder, environment }: Pick<Job, 'host' | 'identity' | 'folder' | 'environment'>,
  error: unknown,
): Promise<void> {
  const at = Date.now();
  const refused: readonly Event[] = [
    { at, type: 'refused', problems: problemsOf(error) },
    { at, type: 'run-ended', status: 'refused' },
  ];
  const asked = MODES.find((mode) => mode === environment.INPUT_MODE?.trim());
  let run: Run = { ...emptyRun(identity, at), ...(asked === undefined ? {} : { asked }) };
  for (const event of refused) {
    run = fold(run, event);
    const line = logLine(event, run);
    if (line !== undefined) host.log(line);
  }
  await publish(host, run, folder, scrub);
}

/** One folder per run and attempt: the journal and the report. */
function stateFolder(environment: Environment, identity: RunIdentity): string {
  const base = environment.RUNNER_TEMP || tmpdir();
  const folder = path.join(base, `guarded-migrate-${identity.runId}-${identity.attempt}-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // A full or read-only disk must not stop a migration from being guarded; the journal warns about itself.
  }
  return folder;
}
