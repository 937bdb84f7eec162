import { firstProblem } from '../../domain/problem.ts';
import type { IamAction } from '../aws/failure.ts';
import type { Reach } from './reach.ts';
import { isRejected } from './refusals.ts';

const ATTEMPTS = 4;
const PAUSE_MS = 5_000;

/**
 * An instance that has just become available may refuse every change for a while: "RDS is configuring Enhanced
 * Monitoring or Performance Insights for this DB instance. Try your request later." (terraform-provider-aws, retry in
 * resource aws_db_instance). Tried for some fifteen seconds; then the refusal is thrown, and whoever asked may wait
 * with a deadline and a cancel signal, which nobody has here.
 */
export async function patiently<T>(
  { ask, clock, onRetry }: Reach,
  label: string,
  action: IamAction,
  call: () => Promise<T>,
  passes: (error: unknown) => boolean = isInstanceBusy,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask(label, action, call);
    } catch (error) {
      if (attempt === ATTEMPTS || !passes(error)) throw error;
      const cause = firstProblem(error).fields.message ?? 'not in a state for it';
      const delayMs = Math.round(PAUSE_MS * (0.75 + clock.random() / 2));
      onRetry({ label, attempt, cause, delayMs });
      await clock.sleep(delayMs);
    }
  }
}

const isInstanceBusy = (error: unknown): boolean =>
  isRejected(error, 'InvalidDBInstanceState') ||
  (isRejected(error) &&
    /try your request (?:again )?later|is configuring/i.test(firstProblem(error).fields.message ?? ''));
