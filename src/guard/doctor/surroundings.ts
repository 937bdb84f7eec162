import { type Check, failing, passed, skipped } from '../../domain/checkup.ts';
import type { Guard } from '../context.ts';
import { look } from './look.ts';

/** The journal and the report of a run are far smaller. */
const ENOUGH_BYTES = 50 * 1024 * 1024;

export const surroundings = async (guard: Guard): Promise<readonly Check[]> => [
  slack(guard),
  await github(guard),
  await runnerTemp(guard),
];

/** By its form only: a message nobody asked for is not sent. */
function slack({ request }: Guard): Check {
  const { slackWebhookUrl, slackOn } = request;
  if (slackWebhookUrl === undefined || slackOn === 'never') return skipped('slack', 'not-configured');
  const url = URL.parse(slackWebhookUrl.reveal());
  const host = url?.hostname ?? '';
  if (!/^hooks\.slack(?:-gov)?\.com$/.test(host)) return skipped('slack', 'cannot-be-told', { host });
  const whole = /^\/(?:services\/T\w+\/B\w+\/\w+|(?:workflows|triggers)\/.+)$/.test(url?.pathname ?? '');
  return whole ? passed('slack', { host }) : failing('slack', [], { host });
}

/** Asks for deployments, which changes nothing. That the comment may be written cannot be tried without writing. */
async function github({ options, ports, request }: Guard): Promise<Check> {
  if (request.githubToken === undefined) return skipped('github', 'not-configured');
  const environment = request.requireEnvironment ?? 'production';
  const asked = await look(async () => (await ports.review()).deployed(environment, options.identity.sha));
  return asked.problems === undefined ? passed('github') : failing('github', asked.problems);
}

async function runnerTemp({ options, ports }: Guard): Promise<Check> {
  const folder = options.environment.RUNNER_TEMP;
  if (folder === undefined || folder === '') return skipped('runner-temp', 'not-configured');
  const asked = await look(async () => (await ports.workspace()).room(folder));
  if (asked.problems !== undefined) return failing('runner-temp', asked.problems);
  const bytes = asked.value;
  if (bytes === undefined) return failing('runner-temp', [], { path: folder });
  return bytes < ENOUGH_BYTES
    ? failing('runner-temp', [], { path: folder, bytes })
    : passed('runner-temp', { path: folder, bytes });
}
