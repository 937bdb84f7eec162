import { getOctokit } from '@actions/github';
import { GuardError, type Problem, problem } from '../../domain/problem.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Clock } from '../../ports/clock.ts';

export interface Asking {
  readonly token: Secret | undefined;
  readonly clock: Clock;
  /** Ends the pauses between attempts, and with them the attempts. */
  readonly signal?: AbortSignal;
  /** Of one request. Default 10 seconds. */
  readonly timeoutMs?: number;
  /** Before the second attempt; the third waits three times as long. Default 1 second. */
  readonly pauseMs?: number;
}

export type Client = ReturnType<typeof getOctokit>;
/** Does the work, again after a passing failure; throws `review-failed`. */
export type Ask = <T>(what: string, work: (client: Client) => Promise<T>) => Promise<T>;

const ATTEMPTS = 3;
/** GitHub may ask for an hour after too many requests; nobody waits that long for a comment. */
const LONGEST_PAUSE_MS = 30_000;
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export function createAsking(apiUrl: string, options: Asking): Ask {
  const { token, clock, signal, timeoutMs = 10_000, pauseMs = 1_000 } = options;
  let client: Client | undefined;
  const connect = (what: string): Client => {
    if (token === undefined || token.reveal() === '') {
      throw new GuardError(problem('review-failed', 'the input github-token is empty', { what }));
    }
    client ??= open(apiUrl, token, timeoutMs);
    return client;
  };
  return async (what, work) => {
    const octokit = connect(what);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work(octokit);
      } catch (error) {
        if (error instanceof GuardError) throw error;
        const wait = pauseAfter(error, pauseMs * 3 ** (attempt - 1), clock.now());
        if (attempt >= ATTEMPTS || wait === undefined || signal?.aborted) {
          throw new GuardError(failed(error, what, token), { cause: error });
        }
        await clock.sleep(wait * (1 + clock.random() / 4), signal);
      }
    }
  };
}

function open(apiUrl: string, token: Secret, timeoutMs: number): Client {
  const client = getOctokit(token.reveal(), {
    baseUrl: apiUrl,
    userAgent: 'guarded-migrate',
    // Deprecation notes of the API are for us, not for the log of a deploy.
    log: SILENT,
  });
  client.hook.before('request', (request) => {
    request.request = { ...request.request, signal: AbortSignal.timeout(timeoutMs) };
  });
  return client;
}

/** An answer of the API, or (without `response`) no answer. */
interface ApiError {
  readonly status?: number;
  readonly message?: string;
  readonly response?: {
    readonly headers?: Readonly<Record<string, string | number | undefined>>;
    readonly data?: unknown;
  };
}

const apiError = (error: unknown): ApiError => (typeof error === 'object' && error !== null ? error : {});

const isLimit = ({ status, message, response }: ApiError): boolean =>
  status === 429 ||
  (status === 403 &&
    (response?.headers?.['retry-after'] !== undefined ||
      String(response?.headers?.['x-ratelimit-remaining']) === '0' ||
      /rate limit/i.test(message ?? '')));

/** GitHub said no and will go on saying it: a fork, a token without the permission, a locked conversation. */
export function isRefusal(error: unknown): boolean {
  const api = apiError(error instanceof GuardError ? error.cause : error);
  // Where a token may not even look, GitHub says that there is nothing.
  return api.response !== undefined && (api.status === 403 || api.status === 404) && !isLimit(api);
}

/** Milliseconds to wait, or undefined when another attempt would get the same answer. */
function pauseAfter(error: unknown, usual: number, now: number): number | undefined {
  const api = apiError(error);
  if (isLimit(api)) {
    const headers = api.response?.headers ?? {};
    const after = Number(headers['retry-after'] ?? Number.NaN) * 1_000;
    const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1_000 - now;
    const asked = Number.isFinite(after) ? after : Number.isFinite(reset) ? reset : usual;
    return asked > LONGEST_PAUSE_MS ? undefined : Math.max(asked, usual);
  }
  if (api.status === undefined) return undefined;
  return api.response === undefined || api.status >= 500 || api.status === 408 ? usual : undefined;
}

function failed(error: unknown, what: string, token: Secret | undefined): Problem {
  const { status, message, response } = apiError(error);
  const said = response === undefined ? (message ?? String(error)) : messageIn(response.data);
  const text = said.replace(/\s+/g, ' ').trim().slice(0, 200);
  const shown = token === undefined ? text : text.replaceAll(token.reveal(), '***');
  if (response === undefined) return problem('review-failed', `no answer: ${shown}`, { what });
  const detail = shown === '' ? `HTTP ${status}` : `HTTP ${status}: ${shown}`;
  return problem('review-failed', detail, { what, status, message: shown === '' ? undefined : shown });
}

/** A proxy in between may answer with a whole page, which tells nothing. */
const messageIn = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null && 'message' in answer ? String(answer.message) : '';
