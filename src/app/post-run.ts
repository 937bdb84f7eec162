import path from 'node:path';
import { createHost } from '../adapters/github/host.ts';
import { openJournal } from '../adapters/journal/journal.ts';
import { readJournal } from '../adapters/journal/read.ts';
import type { Event } from '../domain/event.ts';
import { fold } from '../domain/fold.ts';
import type { DeployRequest } from '../domain/request.ts';
import { emptyRun, type Run } from '../domain/run.ts';
import { Secret } from '../domain/secret.ts';
import { resume } from '../guard/resume.ts';
import type { Environment } from './environment.ts';
import { startGuard } from './guard.ts';
import { publish } from './publish.ts';
import { scrub } from './scrubbing.ts';
import type { Shell } from './shell.ts';

/**
 * The post step: main ended well, or it is finished here from its journal. The inputs are not read again; only
 * secrets, which no journal may hold, come from the environment once more.
 */
export async function runPost(shell: Shell, environment: Environment = process.env): Promise<number> {
  const host = createHost({ scrub });
  const file = environment.STATE_journal;
  const journal = file === undefined || file === '' ? undefined : readJournal(file);
  if (file === undefined || journal === undefined || journal.events.length === 0) {
    host.log('Guarded Migrate: no journal of this step, so nothing was started that would need an end.');
    return 0;
  }
  const run = rebuilt(journal.events);
  if (run.status !== undefined && run.status !== 'cancelled') {
    host.log(`Guarded Migrate: the step ended by itself (${run.status}); nothing to do.`);
    return 0;
  }
  const request = revived(run.request, environment);
  if (request === undefined) {
    host.log('Guarded Migrate: the step was refused before it touched anything; nothing to do.');
    return 0;
  }
  const guard = startGuard({
    shell,
    environment,
    identity: run.identity,
    host,
    request,
    run,
    journal: openJournal({ path: file }),
  });
  const status = await resume(guard);
  guard.emit({ type: 'run-ended', status });
  await publish(host, guard.run, path.dirname(file), scrub);
  return 0;
}

const rebuilt = (events: readonly Event[]): Run => {
  const [first] = events;
  const start = first?.type === 'run-started' ? first.identity : undefined;
  const unknown = {
    runId: 'unknown',
    attempt: '1',
    repository: '',
    sha: '',
    actor: '',
    workflow: '',
    serverUrl: '',
  };
  return events.reduce(fold, emptyRun(start ?? unknown, first?.at ?? 0));
};

/** The request as main parsed it; the webhook is a secret and was written as `***`. */
function revived(request: DeployRequest | undefined, environment: Environment): DeployRequest | undefined {
  if (request === undefined) return undefined;
  const url = environment['INPUT_SLACK-WEBHOOK-URL'] || environment.SLACK_WEBHOOK_URL;
  const wanted = request.slackWebhookUrl !== undefined && url !== undefined && url !== '';
  return { ...request, slackWebhookUrl: wanted ? new Secret(url) : undefined };
}
