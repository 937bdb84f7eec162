import { createScrubber } from '../domain/scrub.ts';
import type { Environment } from './environment.ts';

/** One for the process: whatever learns of a secret adds it, whatever prints asks it. */
export const scrubber = createScrubber();

export const scrub = (text: string): string => scrubber.scrub(text);

/** Secrets that the environment of a step often holds; a command of the user may print them into our report. */
const SECRET_VARIABLES = [
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'SLACK_WEBHOOK_URL',
  'INPUT_SLACK-WEBHOOK-URL',
  'PGPASSWORD',
  'MYSQL_PWD',
  'GITHUB_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
] as const;

export function hideSecretsOf(environment: Environment): void {
  for (const name of SECRET_VARIABLES) scrubber.add(environment[name] ?? '');
}
