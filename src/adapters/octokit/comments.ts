import type { Client } from './ask.ts';
import type { Repository } from './place.ts';

type Issue = Repository & { readonly issue_number: number };

interface Comment {
  readonly id: number;
  readonly body?: string | undefined;
  readonly user: { readonly login: string; readonly type: string } | null;
}

/** Ten thousand comments; a conversation beyond that gets a second comment of ours. */
const MAX_PAGES = 100;

/** Creates the comment (when it may), or replaces the one that begins with the marker and is our own. */
export async function upsert(
  client: Client,
  issue: Issue,
  { marker, body, create }: { readonly marker: string; readonly body: string; readonly create: boolean },
): Promise<'created' | 'updated' | 'unchanged' | 'skipped'> {
  const [first, ...others] = await own(client, await marked(client, issue, marker));
  if (first === undefined) {
    if (!create) return 'skipped';
    await client.rest.issues.createComment({ ...issue, body });
    return 'created';
  }
  const { owner, repo } = issue;
  // Two jobs that began at the same moment may both have made one; the later would tell old things for ever.
  for (const { id } of others) {
    await client.rest.issues.deleteComment({ owner, repo, comment_id: id }).catch(unless(404));
  }
  if (asStored(first.body ?? '') === asStored(body)) return 'unchanged';
  await client.rest.issues.updateComment({ owner, repo, comment_id: first.id, body });
  return 'updated';
}

/** Only at the very beginning: whoever quotes a comment of ours has something in front of it. */
async function marked(client: Client, issue: Issue, marker: string): Promise<readonly Comment[]> {
  const found: Comment[] = [];
  let pages = 0;
  const all = client.paginate.iterator(client.rest.issues.listComments, { ...issue, per_page: 100 });
  for await (const { data } of all) {
    found.push(...data.filter((each) => each.body?.startsWith(marker)));
    pages += 1;
    if (pages === MAX_PAGES) break;
  }
  return found;
}

/**
 * Workflow tokens and apps write as bots. A personal token writes as a person, who is asked for only when a person
 * has written the marker: anybody may do that.
 */
async function own(client: Client, comments: readonly Comment[]): Promise<readonly Comment[]> {
  const bots = comments.filter((each) => each.user?.type === 'Bot');
  if (bots.length > 0 || comments.length === 0) return bots;
  const me = await login(client);
  return comments.filter((each) => me !== undefined && each.user?.login === me);
}

/** Workflow tokens may not ask who they are (403); they are no person. */
async function login(client: Client): Promise<string | undefined> {
  return (await client.rest.users.getAuthenticated().catch(unless(403, 404)))?.data.login;
}

const unless =
  (...statuses: readonly number[]) =>
  (error: unknown): undefined => {
    if (!statuses.includes((error as { readonly status?: number }).status ?? 0)) throw error;
  };

/** GitHub keeps neither carriage returns nor blanks at the end as they were sent. */
const asStored = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd();
