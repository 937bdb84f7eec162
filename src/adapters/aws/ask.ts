import { GuardError } from '../../domain/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import { type AwsFailure, classify, failureProblem, type IamAction } from './failure.ts';

/** One transient failure that is about to be tried again. */
export interface RetryNote {
  /** For people: "create snapshot gm-shop-81-1". */
  readonly label: string;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly cause: string;
  readonly delayMs: number;
}

export interface RetryLimits {
  readonly attempts: number;
  /** No further attempt starts once this much time has passed. */
  readonly totalMs: number;
  readonly firstDelayMs: number;
  /** After throttling AWS wants a longer pause. */
  readonly firstBusyDelayMs: number;
  readonly longestDelayMs: number;
}

const RETRY_LIMITS: RetryLimits = {
  attempts: 6,
  totalMs: 90_000,
  firstDelayMs: 250,
  firstBusyDelayMs: 1_000,
  longestDelayMs: 15_000,
};

/**
 * Makes one AWS call. Throttling, 5xx and broken or silent connections are tried again after a jittered pause; anything
 * else, and the last of them, is thrown as a GuardError (`aws-throttled`, `aws-unreachable`, `aws-denied`,
 * `credentials-expired`, `credentials-missing`, `aws-rejected` with `fields.code` and `fields.message`).
 */
export type Ask = <T>(label: string, action: IamAction, call: () => Promise<T>) => Promise<T>;

export interface AskOptions {
  readonly clock: Clock;
  readonly onRetry: (note: RetryNote) => void;
  readonly limits?: Partial<RetryLimits>;
}

export function createAsk({ clock, onRetry, limits }: AskOptions): Ask {
  const bounds = { ...RETRY_LIMITS, ...limits };
  return async (label, action, call) => {
    const deadline = clock.now() + bounds.totalMs;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (error instanceof Error && error.name === 'GuardError') throw error;
        const failed = classify(error);
        const delayMs = pause(failed, attempt, bounds, clock.random());
        if (!mayRetry(failed, attempt, bounds) || clock.now() + delayMs > deadline)
          throw new GuardError(failureProblem(failed, action, clock.now()), { cause: error });
        onRetry({ label, attempt, cause: `${failed.code}: ${failed.message}`, delayMs });
        await clock.sleep(delayMs);
      }
    }
  };
}

/** A skewed clock is tried once more: the SDK has learnt AWS's time from the refusal. */
const mayRetry = (failed: AwsFailure, attempt: number, bounds: RetryLimits): boolean =>
  failed.kind === 'skew'
    ? attempt === 1
    : (failed.kind === 'busy' || failed.kind === 'down') && attempt < bounds.attempts;

/** Between half and the whole of a delay that doubles: never so short that throttling goes on. */
function pause(failed: AwsFailure, attempt: number, bounds: RetryLimits, random: number): number {
  const first = failed.kind === 'busy' ? bounds.firstBusyDelayMs : bounds.firstDelayMs;
  const whole = Math.min(first * 2 ** (attempt - 1), bounds.longestDelayMs);
  return Math.round(whole / 2 + (whole / 2) * random);
}
