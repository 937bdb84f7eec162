import type { Environment } from './environment.ts';

/** Where the pages of this action's rules are, when it runs from a repository. */
export function docsBase(environment: Environment): string | undefined {
  const {
    GITHUB_SERVER_URL: server,
    GITHUB_ACTION_REPOSITORY: repository,
    GITHUB_ACTION_REF: ref,
  } = environment;
  return server && repository && ref ? `${server}/${repository}/blob/${ref}` : undefined;
}
