import { GuardError, problem } from '../../domain/problem.ts';

/** A connection is up in this time, or the address does not answer. */
const CONNECT_MS = 5_000;
/** RDS answers within a few seconds; a silent connection is dropped and tried again. */
const ANSWER_MS = 30_000;

/**
 * Options of every SDK client: one attempt (retries are ours, bounded and told), time limits that throw.
 * The endpoint comes from AWS_ENDPOINT_URL_* only, credentials from the SDK's own chain.
 */
export function clientOptions(region: string | undefined, answerMs: number = ANSWER_MS) {
  const chosen = region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  if (!chosen)
    throw new GuardError(
      problem('input-missing', 'no AWS region is set', {
        input: 'aws-region',
        expected: 'an AWS region such as eu-west-1',
      }),
    );
  return {
    region: chosen,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: answerMs,
      throwOnRequestTimeout: true,
    },
  };
}
