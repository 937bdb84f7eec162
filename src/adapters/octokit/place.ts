import { readFileSync } from 'node:fs';

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

export interface Place {
  readonly apiUrl: string;
  readonly repository: Repository | undefined;
  /** Undefined when the run belongs to no pull request. */
  readonly pullRequest: number | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Where the run happens. The `context` of the toolkit reads the same variables, but once for the whole process and
 * for its own only.
 */
export function readPlace(environment: Variables): Place {
  const [owner, repo, ...rest] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  return {
    apiUrl: (environment.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, ''),
    repository: owner && repo && rest.length === 0 ? { owner, repo } : undefined,
    pullRequest: pullRequestOf(readEvent(environment.GITHUB_EVENT_PATH)),
  };
}

/** Only the parts of a webhook payload that name the pull request. */
interface Payload {
  readonly pull_request?: { readonly number?: unknown };
  /** A comment on a pull request arrives as a comment on an issue that says it is one. */
  readonly issue?: { readonly number?: unknown; readonly pull_request?: unknown };
}

function pullRequestOf({ pull_request, issue }: Payload): number | undefined {
  const number = pull_request?.number ?? (issue?.pull_request ? issue.number : undefined);
  return Number.isSafeInteger(number) && Number(number) > 0 ? Number(number) : undefined;
}

function readEvent(path: string | undefined): Payload {
  try {
    const event: unknown = JSON.parse(readFileSync(path ?? '', 'utf8'));
    return typeof event === 'object' && event !== null ? event : {};
  } catch {
    // Started by hand, or by something that writes no event.
    return {};
  }
}
