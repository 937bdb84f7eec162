import { reportedState } from '../../domain/outcome.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import type { Guard } from '../context.ts';

/** Runs a user's script; it learns where the run stands from GUARDED_MIGRATE_* variables. */
export async function runCommand(
  guard: Guard,
  input: 'before-command' | 'verify-command' | 'after-command',
  script: string,
): Promise<string> {
  const { run } = guard;
  const commands = await guard.ports.commands();
  const end = await commands.run(script, {
    GUARDED_MIGRATE_DATABASE_STATE: reportedState(run),
    GUARDED_MIGRATE_RESULT: run.verdict === undefined ? 'pending' : run.verdict.ok ? 'applied' : 'failed',
    GUARDED_MIGRATE_RESTORE_TIME: run.restorePoint?.time ?? '',
  });
  if (end.exitCode === 0) return 'exit code 0';
  throw new GuardError(
    problem('command-failed', `${input} ended with exit code ${end.exitCode}`, {
      command: input,
      exitCode: end.exitCode,
      output: end.tail,
    }),
  );
}
