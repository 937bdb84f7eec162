import { GuardError, problem } from '../../domain/problem.ts';
import type { Client } from './ask.ts';
import type { Repository } from './place.ts';

/**
 * Whether one of the newest 100 deployments of this commit to the environment succeeded. GitHub marks a deployment
 * `inactive` when a later one takes its place, which takes back nothing: the state before it counts.
 * https://docs.github.com/en/rest/deployments/statuses
 */
export async function wasDeployed(
  client: Client,
  repository: Repository | undefined,
  environment: string,
  sha: string,
): Promise<boolean> {
  if (repository === undefined) {
    throw new GuardError(problem('review-failed', 'GITHUB_REPOSITORY names no repository'));
  }
  const deployments = await client.rest.repos.listDeployments({
    ...repository,
    environment,
    sha,
    per_page: 100,
  });
  for (const deployment of deployments.data) {
    // A server that ignored the filter must not let another commit through.
    if (deployment.sha !== sha || !sameName(deployment.environment, environment)) continue;
    const { data: statuses } = await client.rest.repos.listDeploymentStatuses({
      ...repository,
      deployment_id: deployment.id,
      per_page: 100,
    });
    const newest = [...statuses]
      .sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at) || b.id - a.id)
      .find(({ state }) => state !== 'inactive');
    if (newest?.state === 'success') return true;
  }
  return false;
}

/** Names of environments are not case sensitive. */
const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
