/** The environment of a step: clean, with the variables GitHub sets and those the test passes, nothing of the caller's but PATH and HOME. */
import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { node24 } from '../node24.ts';

export interface JobOptions {
  /** GITHUB_WORKSPACE and the working directory of the steps. */
  readonly cwd: string;
  readonly runId?: string;
  readonly attempt?: number;
  /** What `${{ github.token }}` is in a default. */
  readonly token?: string;
  /** Content of GITHUB_EVENT_PATH. */
  readonly event?: unknown;
  /** Wins over everything, like `env:` of the step. */
  readonly env?: Readonly<Record<string, string>>;
}

export function jobEnvironment(
  options: JobOptions,
  actionDir: string,
  tempDir: string,
): Record<string, string> {
  const eventPath = join(tempDir, 'event.json');
  writeFileSync(eventPath, JSON.stringify(options.event ?? {}));
  return {
    // Hosted runners have some Node on the PATH; where the machine has none, ours comes last.
    PATH: [process.env.PATH ?? '/usr/bin:/bin', dirname(node24)].join(delimiter),
    HOME: process.env.HOME ?? homedir(),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTION_PATH: actionDir,
    GITHUB_ACTOR: 'ada',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_JOB: 'deploy',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_REPOSITORY_OWNER: 'acme',
    GITHUB_RUN_ATTEMPT: String(options.attempt ?? 1),
    GITHUB_RUN_ID: options.runId ?? '4711',
    GITHUB_RUN_NUMBER: '12',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '0f4c1d2e3b5a69788796a5b4c3d2e1f00f1e2d3c',
    GITHUB_WORKFLOW: 'Deploy',
    GITHUB_WORKSPACE: options.cwd,
    RUNNER_ARCH: process.arch.toUpperCase(),
    RUNNER_NAME: 'lab',
    RUNNER_OS: process.platform === 'darwin' ? 'macOS' : 'Linux',
    RUNNER_TEMP: tempDir,
    ...options.env,
  };
}

/** `INPUT_*` for every declared input; hyphens stay, spaces become underscores. */
export function inputEnvironment(
  declared: ReadonlyMap<string, string>,
  given: Readonly<Record<string, string>>,
  token: string,
): Record<string, string> {
  const defaults = [...declared].map(
    ([name, value]) => [name, value.replace(/\$\{\{\s*github\.token\s*\}\}/g, token)] as const,
  );
  const all = [...defaults, ...Object.entries(given)];
  return Object.fromEntries(
    all.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}
