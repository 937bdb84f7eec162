import { firstProblem } from '../domain/problem.ts';
import type { Verdict } from '../domain/verdict.ts';
import { migrationProblem } from './aftermath.ts';
import type { Guard } from './context.ts';
import { attemptStep } from './step.ts';
import { runCommand } from './steps/commands.ts';
import { type MigrateOrder, migrate } from './steps/migrate.ts';

/** Migrates, tells the verdict, and asks `verify-command` for its opinion of a good one. */
export async function migrateAndVerify(guard: Guard, order: MigrateOrder): Promise<Verdict> {
  guard.emit({ type: 'step-intended', step: 'migrate' });
  const verdict = await migrateOrUnknown(guard, order);
  guard.emit({ type: 'step-intended', step: 'verdict' });
  guard.emit({ type: 'verdict', verdict });
  guard.emit({
    type: 'step-done',
    step: 'verdict',
    note: verdict.ok ? 'applied and verified' : `failed, database ${verdict.state}`,
  });
  if (!verdict.ok) {
    guard.emit({ type: 'step-failed', step: 'migrate', problem: migrationProblem(guard, verdict) });
    return verdict;
  }
  guard.emit({ type: 'step-done', step: 'migrate', note: `${verdict.applied.length} applied` });
  const script = guard.request.verifyCommand;
  if (script === undefined) return verdict;
  const failure = await attemptStep(guard, 'verify-command', () =>
    runCommand(guard, 'verify-command', script),
  );
  if (failure === undefined) return verdict;
  const rejected: Verdict = {
    ...verdict,
    ok: false,
    error: { code: undefined, message: failure.detail },
    evidence: ['verify-command failed', ...verdict.evidence],
  };
  guard.emit({ type: 'verdict', verdict: rejected });
  return rejected;
}

/** Once the migration has started, an error nobody foresaw is no refusal: it means that nobody knows the state. */
async function migrateOrUnknown(guard: Guard, order: MigrateOrder): Promise<Verdict> {
  try {
    return await migrate(guard, order);
  } catch (error) {
    if (guard.run.rounds === 0) {
      guard.emit({ type: 'step-failed', step: 'migrate', problem: firstProblem(error) });
      throw error;
    }
    const { code, detail } = firstProblem(error);
    return {
      ok: false,
      state: 'unknown',
      applied: [],
      failedMigration: undefined,
      error: { code: undefined, message: detail },
      statement: undefined,
      evidence: [`the guard itself failed while it watched or judged (${code}): ${detail}`],
      openRow: false,
      retryable: false,
    };
  }
}
