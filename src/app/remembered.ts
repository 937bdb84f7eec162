import type { Status } from '../domain/event.ts';
import { STATUSES } from '../domain/event.ts';
import type { DeployRequest, RunIdentity } from '../domain/request.ts';
import { Secret } from '../domain/secret.ts';
import type { Host } from '../ports/host.ts';
import type { Environment } from './environment.ts';

/**
 * What main leaves for its post step beside the journal, in the state that the runner keeps for the step
 * (GITHUB_STATE, later STATE_*): enough to go on by the tags of the snapshot when the journal is gone.
 */
export interface Remembered {
  /** Epoch milliseconds, the clock of the runner. */
  readonly at: number;
  readonly identity: RunIdentity;
  /** Without secrets. */
  readonly request: DeployRequest;
}

/** An environment variable holds 128 KiB on Linux; long scripts are left out before that. */
const MAX_LENGTH = 64 * 1024;

export function remember(host: Host, kept: Remembered): void {
  const whole = JSON.stringify(kept);
  const { beforeCommand: _, verifyCommand: __, afterCommand: ___, ...short } = kept.request;
  host.saveState('run', whole.length <= MAX_LENGTH ? whole : JSON.stringify({ ...kept, request: short }));
}

/** Main came to its own end: whatever the journal says, nothing is left to do unless it was cancelled. */
export const rememberEnd = (host: Host, status: Status): void => host.saveState('ended', status);

/** The journal stopped in the middle: it must not be taken for the whole story. */
export const rememberLostJournal = (host: Host): void => host.saveState('journal-lost', 'true');

export function remembered(environment: Environment): Remembered | undefined {
  try {
    const kept: unknown = JSON.parse(environment.STATE_run ?? '');
    const whole = typeof kept === 'object' && kept !== null && 'identity' in kept && 'request' in kept;
    return whole ? (kept as Remembered) : undefined;
  } catch {
    return undefined;
  }
}

export const rememberedEnd = (environment: Environment): Status | undefined =>
  STATUSES.find((status) => status === environment.STATE_ended);

export const lostJournal = (environment: Environment): boolean =>
  environment['STATE_journal-lost'] === 'true';

/** The request as main parsed it; the webhook is a secret and was written as `***`. */
export function revived(request: DeployRequest, environment: Environment): DeployRequest {
  const url = environment['INPUT_SLACK-WEBHOOK-URL'] || environment.SLACK_WEBHOOK_URL;
  const wanted = request.slackWebhookUrl !== undefined && url !== undefined && url !== '';
  return { ...request, slackWebhookUrl: wanted ? new Secret(url) : undefined };
}
