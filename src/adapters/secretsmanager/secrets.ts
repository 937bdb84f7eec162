import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { dialectOf, dialectOfEngine } from '../../domain/dialect.ts';
import { firstProblem, GuardError, isProblem, problem } from '../../domain/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ConnectionSecret, Secrets } from '../../ports/secrets.ts';
import { createAsk, type RetryLimits, type RetryNote } from '../aws/ask.ts';
import { clientOptions } from '../aws/client.ts';

export interface SecretsOptions {
  /** Used only for a secret given by name: an ARN names its own region. */
  readonly region?: string | undefined;
  readonly clock: Clock;
  readonly onRetry: (note: RetryNote) => void;
  readonly limits?: Partial<RetryLimits>;
  /** How long one call may stay without an answer. Default 30 seconds. */
  readonly answerMs?: number;
}

/** AWS Secrets Manager by its API. */
export function createSecrets(options: SecretsOptions): Secrets {
  const ask = createAsk(options);
  return {
    async connection(arn) {
      const client = new SecretsManagerClient(
        clientOptions(regionOf(arn) ?? options.region, options.answerMs),
      );
      const command = new GetSecretValueCommand({ SecretId: arn });
      try {
        const answer = await ask('read the connection secret', 'secretsmanager:GetSecretValue', () =>
          client.send(command),
        );
        return connectionSecret(arn, answer.SecretString);
      } catch (error) {
        if (!isProblem(error, 'aws-rejected')) throw error;
        const { detail, fields } = firstProblem(error);
        throw new GuardError(problem('secret-unreadable', detail, { ...fields, name: arn }), {
          cause: error,
        });
      }
    },
  };
}

/**
 * The JSON that RDS and the rotation functions of AWS write: `username`, `password`, and often `engine`, `host`, `port`,
 * `dbname`. Secrets that RDS manages have only the first two. Throws `secret-unreadable` without quoting the value.
 */
export function connectionSecret(arn: string, text: string | undefined): ConnectionSecret {
  const found = parsed(text);
  if (found === undefined) throw unreadable(arn, 'it is not a JSON object', 'json');
  const username = word(found.username);
  const password = word(found.password);
  if (username === undefined) throw unreadable(arn, 'it has no username', 'username');
  if (password === undefined) throw unreadable(arn, 'it has no password', 'password');
  const port = Number(found.port);
  const engine = word(found.engine)?.toLowerCase() ?? '';
  return {
    dialect: dialectOfEngine(engine) ?? dialectOf(engine),
    username,
    password,
    host: word(found.host),
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined,
    database: word(found.dbname) ?? word(found.database),
  };
}

const unreadable = (name: string, why: string, missing: string): GuardError =>
  new GuardError(problem('secret-unreadable', why, { name, missing }));

function parsed(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

const word = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const regionOf = (arn: string): string | undefined => /^arn:[\w-]+:secretsmanager:([\w-]+):/.exec(arn)?.[1];
