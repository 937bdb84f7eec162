import { isNamedEndpoint } from './promotion.ts';
import type { RestoreRecord, Run } from './run.ts';

/**
 * The restored database under the name and endpoint that it has at the end of the run: a promotion by rename gives it
 * those of production. An endpoint that nobody has seen yet is undefined.
 */
export function restoredNow({ restore, promotion, instance }: Run): RestoreRecord | undefined {
  if (restore === undefined || promotion?.by !== 'rename') return restore;
  if (promotion.newResourceId !== restore.resourceId) return restore;
  const { production, phase } = promotion;
  const identifier = phase === 'promoted' ? production : promotion.restored;
  if (isNamedEndpoint(restore.endpoint?.address, identifier)) return { ...restore, identifier };
  // The name of an endpoint goes with the name of the database.
  const endpoint =
    identifier === production && instance?.identifier === production ? instance.endpoint : undefined;
  return { ...restore, identifier, endpoint };
}
