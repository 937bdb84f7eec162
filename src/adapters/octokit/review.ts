import type { Review } from '../../ports/review.ts';
import { type Asking, createAsking, isRefusal } from './ask.ts';
import { changedFiles } from './changed.ts';
import { upsert } from './comments.ts';
import { wasDeployed } from './deployments.ts';
import { readPlace } from './place.ts';

export interface ReviewOptions extends Asking {
  /** The runner's variables: GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_EVENT_PATH. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** GitHub, or a GitHub Enterprise Server, by its REST API. Without a token no comment is written. */
export function createReview(options: ReviewOptions): Review {
  const place = readPlace(options.environment);
  const ask = createAsking(place.apiUrl, options);
  return {
    async comment(marker, body, when = 'always') {
      const { repository, pullRequest } = place;
      if (repository === undefined || pullRequest === undefined) return 'skipped';
      if (options.token === undefined) return 'no-token';
      try {
        // All of it is tried again, not one call: a lost answer may have left the comment there.
        return await ask('the comment on the pull request', (client) =>
          upsert(
            client,
            { ...repository, issue_number: pullRequest },
            { marker, body, create: when === 'always' },
          ),
        );
      } catch (error) {
        if (isRefusal(error)) return 'refused';
        throw error;
      }
    },
    async changed() {
      const { repository, pullRequest } = place;
      if (options.token === undefined || repository === undefined || pullRequest === undefined) {
        return undefined;
      }
      return ask('the files of the pull request', (client) =>
        changedFiles(client, { ...repository, pull_number: pullRequest }),
      ).catch(() => undefined);
    },
    deployed: (environment, sha) =>
      ask('the deployments of this commit', (client) =>
        wasDeployed(client, place.repository, environment, sha),
      ),
  };
}
