/**
 * A strict local GitHub REST API: issue comments, deployments and their statuses, one repository.
 * https://docs.github.com/en/rest/issues/comments and https://docs.github.com/en/rest/deployments
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Answer,
  addComment,
  BOT,
  type GitHubComment,
  type GitHubToken,
  judge,
  type PullFile,
  refuse,
  type User,
  type World,
} from './github/api.ts';

export { BOT };

export interface GitHubFault {
  /** 0 cuts the connection, -1 never answers. */
  readonly status: number;
  readonly times?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** Only requests with this method. */
  readonly method?: string;
  /** Does the work first and loses only the answer. */
  readonly afterwards?: boolean;
}

export interface GitHub extends AsyncDisposable {
  /** For GITHUB_API_URL. */
  readonly url: string;
  readonly comments: readonly GitHubComment[];
  /** `POST /repos/...`, in order, also those that failed. */
  readonly requests: readonly string[];
  /** Registers a token; workflow tokens are bots and may not ask who they are. */
  allow(token: string, rights?: Partial<GitHubToken>): void;
  addComment(issue: number, user: User, body: string): GitHubComment;
  /** `states` from oldest to newest. */
  addDeployment(environment: string, sha: string, states: readonly string[]): void;
  /** A file of a pull request, as `GET /pulls/N/files` lists it. */
  addFile(pull: number, filename: string, status: PullFile['status']): void;
  fail(fault: GitHubFault): void;
  stop(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function startGitHub(repository = 'acme/shop'): Promise<GitHub> {
  let last = 1000;
  const world: World = {
    repository,
    tokens: new Map(),
    comments: [],
    deployments: [],
    files: [],
    id: () => {
      last += 1;
      return last;
    },
  };
  const requests: string[] = [];
  let fault: (GitHubFault & { left: number }) | undefined;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const failing =
      fault !== undefined && fault.left > 0 && (fault.method ?? request.method) === request.method;
    const mode = failing ? fault : undefined;
    if (mode !== undefined) mode.left -= 1;
    void receive(world, request, mode, (answer) => send(request, response, answer));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments: world.comments,
    requests,
    allow: (token, rights = {}) => {
      world.tokens.set(token, { user: BOT, comments: 'write', deployments: 'read', ...rights });
    },
    addComment: (issue, user, body) => addComment(world, issue, user, body),
    addDeployment: (environment, sha, states) => {
      const statuses = states.map((state, index) => ({
        id: world.id(),
        state,
        created_at: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
      }));
      world.deployments.push({ id: world.id(), environment, sha, statuses });
    },
    addFile: (pull, filename, status) => {
      world.files.push({ pull, filename, status });
    },
    fail: (given) => {
      fault = { ...given, left: given.times ?? Number.POSITIVE_INFINITY };
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

type Reply = (answer: Answer) => void;

async function receive(
  world: World,
  request: IncomingMessage,
  fault: GitHubFault | undefined,
  reply: Reply,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  if (fault === undefined) return reply(judge(world, request, text));
  if (fault.afterwards) judge(world, request, text);
  if (fault.status === 0) request.socket.resetAndDestroy();
  const headers = fault.headers ?? {};
  if (fault.status > 0) reply({ ...refuse(fault.status, fault.message ?? 'Server Error'), headers });
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const next = answer.headers?.next;
  const link = next === undefined ? {} : { link: `<http://${request.headers.host}${next}>; rel="next"` };
  const { next: _, ...headers } = answer.headers ?? {};
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
    ...link,
  });
  response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
}
