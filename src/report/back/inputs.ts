import type { Run } from '../../domain/run.ts';
import { sourceName } from '../commands.ts';

/** Inputs of a job to start next, as they are written under `with:` or into a form. */

type Pairs = readonly (readonly [string, string | undefined])[];

const lines = (pairs: Pairs): string =>
  pairs
    .flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name}: ${value}`]))
    .join('\n');

const target = (run: Run): readonly [string, string] => [
  run.request?.targetKind === 'cluster' ? 'db-cluster-identifier' : 'db-instance-identifier',
  sourceName(run),
];

/** The cut-over to what this run restored. */
export const promoteInputs = (run: Run): string =>
  lines([
    ['mode', 'promote'],
    target(run),
    ['restored-identifier', run.restore?.identifier],
    ['promote', run.request?.promote === 'proxy' ? 'proxy' : 'rename'],
    ['confirm', sourceName(run)],
  ]);

/** Goes on with the restore that this run asked for. */
export const finishInputs = (run: Run): string =>
  lines([['mode', 'rollback'], target(run), ['run-id', `${run.identity.runId}-${run.identity.attempt}`]]);

/** This very rollback once more: it goes on with what is there. */
export const sameRollback = (run: Run, change: { readonly restoredIdentifier?: string } = {}): string => {
  const request = run.request;
  const promote = request?.promote === 'never' ? undefined : request?.promote;
  return lines([
    ['mode', 'rollback'],
    target(run),
    ['run-id', request?.runId],
    ['restore-time', request?.restoreTime],
    ['snapshot-identifier', request?.snapshotIdentifier],
    ['restored-identifier', change.restoredIdentifier ?? request?.restoredIdentifier],
    ['promote', promote],
    ['max-write-loss', request?.maxWriteLoss?.toString()],
    ['confirm', promote === undefined ? undefined : sourceName(run)],
  ]);
};
