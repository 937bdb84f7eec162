import type { RunIdentity } from '../../domain/request.ts';

/**
 * Who runs, from the runner's variables; `now` (epoch milliseconds) names a run outside of GitHub Actions
 * `local-<yyyymmddhhmmss>`, in UTC.
 */
export function readIdentity(env: Readonly<Record<string, string | undefined>>, now: number): RunIdentity {
  const first = (...names: readonly string[]) =>
    names.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== '');
  const stamp = new Date(now).toISOString().replace(/\D/g, '').slice(0, 14);
  return {
    runId: first('GITHUB_RUN_ID') ?? `local-${stamp}`,
    attempt: first('GITHUB_RUN_ATTEMPT') ?? '1',
    repository: first('GITHUB_REPOSITORY') ?? 'local',
    sha: first('GITHUB_SHA') ?? 'unknown',
    actor: first('GITHUB_TRIGGERING_ACTOR', 'GITHUB_ACTOR', 'USER', 'LOGNAME') ?? 'unknown',
    workflow: first('GITHUB_WORKFLOW') ?? 'local',
    serverUrl: (first('GITHUB_SERVER_URL') ?? 'https://github.com').replace(/\/+$/, ''),
  };
}
