import type { Run } from '../../domain/run.ts';
import type { ModeExplanation } from '../explanation.ts';
import { explainCleanup } from './cleanup.ts';
import { explainPromote, withCutOver } from './promote.ts';
import { explainRollback } from './rollback.ts';

/** The words of a mode that has its own; undefined for those that are told as a deploy. */
export function modeExplanation(run: Run): ModeExplanation | undefined {
  switch (run.request?.mode ?? run.asked) {
    case 'rollback':
      return withCutOver(run, explainRollback(run));
    case 'promote':
      return explainPromote(run);
    case 'cleanup':
      return explainCleanup(run);
    default:
      return undefined;
  }
}
