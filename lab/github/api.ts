/** What GitHub answers, without the network. */
import type { IncomingMessage } from 'node:http';

export interface User {
  readonly login: string;
  readonly type: 'Bot' | 'User';
}

export interface GitHubComment {
  readonly id: number;
  readonly issue: number;
  readonly user: User;
  readonly body: string;
}

export interface GitHubToken {
  readonly user: User;
  /** `none` may not even look: GitHub answers 404. */
  readonly comments: 'write' | 'read' | 'none';
  readonly deployments: 'read' | 'none';
}

export const BOT: User = { login: 'github-actions[bot]', type: 'Bot' };
const MAX_BODY = 65_536;

export interface Deployment {
  readonly id: number;
  readonly environment: string;
  readonly sha: string;
  readonly statuses: readonly Readonly<Record<string, unknown>>[];
}

/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files */
export interface PullFile {
  readonly pull: number;
  readonly filename: string;
  readonly status: 'added' | 'modified' | 'removed' | 'renamed';
}

export interface World {
  readonly repository: string;
  readonly tokens: Map<string, GitHubToken>;
  readonly comments: GitHubComment[];
  readonly deployments: Deployment[];
  readonly files: PullFile[];
  readonly id: () => number;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const refuse = (status: number, message: string): Answer => ({ status, body: { message } });
const FORBIDDEN = refuse(403, 'Resource not accessible by integration');
const NOT_FOUND = refuse(404, 'Not Found');

export function addComment(world: World, issue: number, user: User, body: string): GitHubComment {
  const comment = { id: world.id(), issue, user, body };
  world.comments.push(comment);
  return comment;
}

/** The answer to one request. */
export function judge(world: World, request: IncomingMessage, text: string): Answer {
  const url = new URL(request.url ?? '/', 'http://lab');
  if (!request.headers['user-agent']) return refuse(403, 'Request forbidden by administrative rules');
  const key = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const token = world.tokens.get(key);
  if (token === undefined) return refuse(401, 'Bad credentials');
  const call = `${request.method} ${url.pathname.replace(`/repos/${world.repository}`, '')}`;
  if (call === 'GET /user') return token.user.type === 'Bot' ? FORBIDDEN : { status: 200, body: token.user };
  const comment = /^(\w+) \/issues\/(?:(\d+)\/comments|comments\/(\d+))$/.exec(call);
  if (comment !== null) {
    if (token.comments === 'none') return NOT_FOUND;
    if (comment[1] !== 'GET' && token.comments !== 'write') return FORBIDDEN;
    return onComments(world, token, comment[1] ?? '', Number(comment[2] ?? comment[3]), url, text);
  }
  const files = /^GET \/pulls\/(\d+)\/files$/.exec(call);
  if (files !== null) return onFiles(world, token, Number(files[1]), url);
  const deployment = /^GET \/deployments(?:\/(\d+)\/statuses)?$/.exec(call);
  if (deployment === null) return NOT_FOUND;
  if (token.deployments === 'none') return FORBIDDEN;
  return onDeployments(world, deployment[1], url);
}

function onFiles(world: World, token: GitHubToken, number: number, url: URL): Answer {
  if (token.comments === 'none') return NOT_FOUND;
  return page(
    url,
    world.files.filter(({ pull }) => pull === number),
  );
}

function onComments(
  world: World,
  token: GitHubToken,
  method: string,
  number: number,
  url: URL,
  text: string,
): Answer {
  if (method === 'GET') {
    return page(
      url,
      world.comments.filter(({ issue }) => issue === number),
    );
  }
  const at = world.comments.findIndex(({ id }) => id === number);
  const old = world.comments[at];
  if (method === 'DELETE') {
    if (old === undefined) return NOT_FOUND;
    world.comments.splice(at, 1);
    return { status: 204 };
  }
  const body = bodyOf(text);
  if (body === undefined) return refuse(422, 'Validation Failed: body');
  if (body.length > MAX_BODY) return refuse(422, `Body is too long (maximum is ${MAX_BODY} characters)`);
  if (method === 'POST') return { status: 201, body: addComment(world, number, token.user, body) };
  if (method !== 'PATCH' || old === undefined) return NOT_FOUND;
  world.comments[at] = { ...old, body };
  return { status: 200, body: world.comments[at] };
}

function bodyOf(text: string): string | undefined {
  try {
    const { body } = JSON.parse(text) as { readonly body?: unknown };
    return typeof body === 'string' && body.trim() !== '' ? body : undefined;
  } catch {
    return undefined;
  }
}

function onDeployments(world: World, id: string | undefined, url: URL): Answer {
  const asked = (name: string, value: string): boolean => (url.searchParams.get(name) ?? value) === value;
  if (id !== undefined) {
    const found = world.deployments.find((each) => each.id === Number(id));
    return found === undefined ? NOT_FOUND : page(url, found.statuses.toReversed());
  }
  const found = world.deployments.filter(
    ({ environment, sha }) => asked('environment', environment) && asked('sha', sha),
  );
  return page(url, found.toReversed());
}

/** At most 100 a page, 30 unless asked; the next page is named in the `Link` header. */
function page(url: URL, items: readonly unknown[]): Answer {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
  const number = Number(url.searchParams.get('page') ?? 1);
  const body = items.slice((number - 1) * size, number * size);
  if (number * size >= items.length) return { status: 200, body };
  const next = new URLSearchParams(url.searchParams);
  next.set('page', String(number + 1));
  return { status: 200, body, headers: { next: `${url.pathname}?${next}` } };
}
