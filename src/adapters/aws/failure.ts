import { type Problem, problem } from '../../domain/problem.ts';

/**
 * What kind of failure an error of the AWS SDK is. `busy`, `down` and `skew` pass; the others do not.
 * `down`: no connection, no answer in time, or 5xx: the request may have been carried out all the same.
 */
export type FailureKind = 'busy' | 'down' | 'skew' | 'denied' | 'expired' | 'missing' | 'rejected';

export interface AwsFailure {
  readonly kind: FailureKind;
  /** The wire code without a `Fault` or `Exception` ending, else the socket's code, else the error's name. */
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
  /** The `Date` of the answer, epoch milliseconds. */
  readonly serverTime: number | undefined;
}

const BUSY: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'RequestThrottled',
  'SlowDown',
  'Throttled',
  'Throttling',
  'TooManyRequests',
]);
const DENIED: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AuthorizationError',
  'NotAuthorized',
  'UnauthorizedOperation',
]);
const EXPIRED: ReadonlySet<string> = new Set([
  'ExpiredCredentials',
  'ExpiredToken',
  'RequestExpired',
  'TokenRefreshRequired',
]);
const MISSING: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'MissingAuthenticationToken',
  'TokenProviderError',
]);
const SKEW: ReadonlySet<string> = new Set(['RequestInTheFuture', 'RequestTimeTooSkewed']);
const DOWN: ReadonlySet<string> = new Set([
  'InternalError',
  'InternalFailure',
  'InternalServerError',
  'InternalServiceError',
  'NetworkingError',
  'RequestTimeout',
  'ServiceUnavailable',
  'TimeoutError',
]);
/** Socket and name-service codes of Node: letters like `ECONNRESET`, `EAI_AGAIN`, or of its TLS layer. */
const SOCKET = /^(?:E[A-Z]{3,}[A-Z_]*|CERT_\w+|ERR_TLS_\w+|UNABLE_TO_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+)$/;

/** Tells an SDK error's kind by `name` and `Code`, whichever is known (unmodelled errors carry only one). */
export function classify(error: unknown): AwsFailure {
  const seen = error as SdkError;
  const status = seen?.$metadata?.httpStatusCode ?? seen?.$response?.statusCode;
  const message = firstLine(error instanceof Error ? error.message : String(error));
  const codes = [seen?.Code, seen?.name, seen?.code].filter((text) => typeof text === 'string').map(bare);
  const code = codes.find((text) => text !== 'Error' && text !== '') ?? 'Error';
  const socket = [seen?.code, seen?.cause?.code].find(
    (text) => typeof text === 'string' && SOCKET.test(text),
  );
  const common = { message, status, serverTime: dateOf(seen) };
  const known = (set: ReadonlySet<string>) => codes.some((text) => set.has(text));
  if (known(BUSY) || status === 429) return { ...common, kind: 'busy', code };
  if (known(SKEW) || (known(SIGNATURE) && /expired|not yet current|skew/i.test(message)))
    return { ...common, kind: 'skew', code };
  if (known(EXPIRED) || (known(MISSING) && /expired/i.test(message)))
    return { ...common, kind: 'expired', code };
  if (known(MISSING)) return { ...common, kind: 'missing', code };
  if (known(DENIED)) return { ...common, kind: 'denied', code };
  if (socket !== undefined) return { ...common, kind: 'down', code: socket };
  if (known(DOWN) || (status !== undefined && status >= 500)) return { ...common, kind: 'down', code };
  // A nameless error without an answer comes from the connection (the SDK may have wrapped it).
  if (status === undefined && code === 'Error')
    return { ...common, kind: 'down', code: /\bE[A-Z]{4,}\b/.exec(message)?.[0] ?? 'no-answer' };
  return { ...common, kind: 'rejected', code };
}

/** An action AWS knows by its IAM name, for example `rds:CreateDBSnapshot`. */
export type IamAction = `${string}:${string}`;

/** The problem to report once no further attempt is made. */
export function failureProblem(failure: AwsFailure, action: IamAction, now: number): Problem {
  const { code, message } = failure;
  const said = `${action}: ${code}: ${message}`;
  switch (failure.kind) {
    case 'busy':
      return problem('aws-throttled', said, { action, code, message });
    case 'down':
      return problem('aws-unreachable', said, { action, code, message, status: failure.status });
    case 'missing':
      return problem('credentials-missing', said, { action });
    case 'expired':
      return problem('credentials-expired', said, { action, code });
    case 'denied':
      return problem('aws-denied', said, denial(message, action));
    case 'skew':
      return problem('aws-rejected', `${said} (${skew(failure.serverTime, now)})`, {
        action,
        code,
        message: skew(failure.serverTime, now),
      });
    case 'rejected':
      return problem('aws-rejected', said, { action, code, message });
  }
}

/** IAM names the action it refused (not always the one we called: AddTagsToResource, kms:CreateGrant) and why. */
function denial(message: string, asked: IamAction): Readonly<Record<string, string | undefined>> {
  const found = (pattern: RegExp) => pattern.exec(message)?.[1]?.replace(/[.,]$/, '');
  return {
    action: found(/not authorized to perform:? ([\w-]+:\w+)/i) ?? asked,
    resource: found(/on resource:? (\S+)/),
    user: found(/User:? (arn:\S+)/),
    reason: found(/(?:because|with) (.+)$/),
  };
}

const SIGNATURE: ReadonlySet<string> = new Set(['InvalidSignature', 'SignatureDoesNotMatch']);

const skew = (serverTime: number | undefined, now: number): string =>
  serverTime === undefined
    ? 'the clock of this machine differs from that of AWS'
    : `the clock of this machine is ${Math.abs(Math.round((now - serverTime) / 1000))} s ${now > serverTime ? 'ahead of' : 'behind'} that of AWS`;

const bare = (code: string): string => code.replace(/(?:Fault|Exception)$/, '');
const firstLine = (text: string): string =>
  (text.split('\n')[0] ?? text).replace('AWS SDK error wrapper for Error: ', '').trim().slice(0, 1000);

function dateOf(error: SdkError | undefined): number | undefined {
  const time = Date.parse(error?.$response?.headers?.date ?? '');
  return Number.isNaN(time) ? undefined : time;
}

interface SdkError {
  readonly name?: string;
  readonly Code?: string;
  readonly code?: string;
  readonly cause?: { readonly code?: string };
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: {
    readonly statusCode?: number;
    readonly headers?: Readonly<Record<string, string>>;
  };
}
