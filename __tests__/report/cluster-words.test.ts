/** Where the target is a DB cluster, the words and the commands are about clusters. */
import { describe, expect, test } from '@jest/globals';
import { type ProblemCode, problem } from '../../src/domain/problem.ts';
import { emptyRun, type Run } from '../../src/domain/run.ts';
import { wordsIn } from '../../src/report/text.ts';
import { SOURCE } from '../fakes/cloud.ts';
import { identity, request } from '../fakes/world.ts';

const CODES = [
  ...['instance-not-found', 'instance-state', 'backups-disabled', 'restore-window-stale'],
  ...['snapshot-quota', 'snapshot-failed', 'restore-timeout', 'instance-name-taken', 'instance-gone'],
  ...['promotion-half-done', 'aws-rejected'],
] as readonly ProblemCode[];

const run = (kind: 'instance' | 'cluster'): Run => ({
  ...emptyRun(identity, 0),
  request: request({ targetKind: kind }),
  instance: { ...SOURCE, kind },
});
const told = (code: ProblemCode, kind: 'instance' | 'cluster'): string => {
  const words = wordsIn(run(kind), problem(code, 'detail', { instance: 'shop-prod', status: 'stopped' }));
  return [words.what, words.next, words.run ?? ''].join('\n');
};

describe.each(CODES)('%s', (code) => {
  test('of a cluster says cluster', () => {
    expect(told(code, 'cluster')).not.toMatch(/DB instance|db-instance|describe-db-snapshots/);
  });

  test('of an instance says instance', () => {
    expect(told(code, 'instance')).not.toMatch(/DB cluster|db-cluster/);
  });
});
