import type { Client } from './ask.ts';
import type { Repository } from './place.ts';

/** GitHub lists no more files of a pull request (docs.github.com/en/rest/pulls/pulls, "List pull requests files"). */
const MOST = 3000;

/** Paths as they are after the pull request; undefined when there are more than GitHub lists. */
export async function changedFiles(
  client: Client,
  pull: Repository & { readonly pull_number: number },
): Promise<ReadonlySet<string> | undefined> {
  const files = await client.paginate(client.rest.pulls.listFiles, { ...pull, per_page: 100 });
  if (files.length >= MOST) return undefined;
  const kept = files.filter(({ status }) => status !== 'removed' && status !== 'unchanged');
  return new Set(kept.map(({ filename }) => filename));
}
