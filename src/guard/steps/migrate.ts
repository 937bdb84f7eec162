import type { MigrationOnDisk, ProjectFacts, RestorePoint } from '../../domain/facts.ts';
import type { Secret } from '../../domain/secret.ts';
import type { ParsedFile } from '../../domain/sql.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { UrlEnvironment } from '../../ports/migrator.ts';
import type { Guard } from '../context.ts';
import { retryPause } from '../wait.ts';
import { runWatched } from '../watch.ts';
import { weigh } from '../weigh.ts';

export interface MigrateOrder {
  readonly project: ProjectFacts;
  readonly pending: readonly MigrationOnDisk[];
  readonly files: readonly ParsedFile[];
  readonly url: Secret;
  readonly environment: UrlEnvironment;
  readonly point: RestorePoint;
}

/** Runs the migration, again after a lock timeout that left nothing behind, and judges the result. */
export async function migrate(guard: Guard, order: MigrateOrder): Promise<Verdict> {
  const { clock } = guard.ports;
  const deadline = clock.now() + guard.request.migrationTimeoutMs;
  for (let round = 1; ; round += 1) {
    const watched = await runWatched(guard, {
      ...order,
      pending: order.pending.map((each) => each.name),
      round,
      deadline,
    });
    const verdict = await weigh(guard, order, watched);
    await watched.sweep();
    const again = verdict.retryable && round <= guard.request.lockRetries && !guard.options.cancelled.aborted;
    if (!again) return verdict;
    if (verdict.openRow && !(await markRolledBack(guard, order, verdict.failedMigration))) return verdict;
    const pauseMs = retryPause(round, clock.random());
    if (clock.now() + pauseMs >= deadline) return verdict;
    guard.emit({ type: 'lock-retry', round: round + 1, pauseMs });
    await clock.sleep(pauseMs, guard.options.cancelled);
    if (guard.options.cancelled.aborted) return verdict;
  }
}

/** `prisma migrate resolve --rolled-back`: without it the next deploy would stop with P3009. */
export async function markRolledBack(
  guard: Guard,
  order: Pick<MigrateOrder, 'project' | 'environment'>,
  migration: string | undefined,
): Promise<boolean> {
  if (migration === undefined) return false;
  const end = await (await guard.ports.migrator()).markRolledBack(
    order.project,
    order.environment,
    migration,
  );
  if (end.exitCode !== 0) {
    guard.warn('resolve-failed', {
      migration,
      detail: end.output.split('\n').slice(-5).join(' ').slice(0, 300),
    });
    return false;
  }
  guard.emit({ type: 'marked-rolled-back', migration });
  return true;
}
