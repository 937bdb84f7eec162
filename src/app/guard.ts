import type { Event } from '../domain/event.ts';
import { applicationName, type DeployRequest, type RunIdentity } from '../domain/request.ts';
import type { Run } from '../domain/run.ts';
import { Guard } from '../guard/context.ts';
import type { Host } from '../ports/host.ts';
import type { Journal } from '../ports/journal.ts';
import type { Environment } from './environment.ts';
import type { Shell } from './shell.ts';
import type { Telling } from './telling.ts';
import { wirePorts } from './wiring.ts';

export interface Job extends Telling {
  readonly shell: Shell;
  readonly environment: Environment;
  readonly identity: RunIdentity;
  readonly host: Host;
  readonly request: DeployRequest;
  readonly journal: Journal;
  /** What an earlier process of this step left; a fresh run without it. */
  readonly run?: Run;
  /** True in the post step. */
  readonly hurried?: boolean;
}

/** A guard whose events go to the journal first and then to the log. */
export function startGuard(job: Job): Guard {
  const { host, identity, request, environment, journal, scrubber } = job;
  const onSecret = (secret: string): void => {
    scrubber.add(secret);
    host.mask(secret);
  };
  if (request.slackWebhookUrl !== undefined) onSecret(request.slackWebhookUrl.reveal());
  const onEvent = (event: Event, run: Run): void => {
    journal.append(event);
    const line = job.logLine(event, run);
    if (line !== undefined) host.log(line);
  };
  const ports = wirePorts({
    request,
    targetKind: job.run?.instance?.kind,
    environment,
    scrub: (text) => scrubber.scrub(text),
    log: (line) => host.log(line),
    cancelled: job.shell.cancelled,
    onNotice: (notice) => guard.emit({ type: 'notice', notice }),
    mark: applicationName(identity),
    hurried: job.hurried ?? false,
  });
  const guard: Guard = new Guard(
    {
      request,
      identity,
      ports,
      voice: { message: job.message },
      environment,
      onEvent,
      onSecret,
      cancelled: job.shell.cancelled,
    },
    job.run,
  );
  return guard;
}
