import { describe, expect, test } from '@jest/globals';
import type { StepKind } from '../../src/domain/plan.ts';
import type { DeployRequest } from '../../src/domain/request.ts';
import { FAILURE_POLICIES, SLACK_POLICIES, SNAPSHOT_POLICIES } from '../../src/domain/request.ts';
import { planDeploy } from '../../src/plan/deploy.ts';
import { identity, request } from '../fakes/world.ts';
import { NOW, parsed, project, target } from './facts.ts';

const shop = project(['a', 'b']);
const facts = {
  hazards: [],
  now: NOW,
  project: shop,
  target: target(),
  database: 'shop',
  pending: shop.migrations,
  files: [parsed('a', 'ALTER TABLE x ADD COLUMN y int'), parsed('b', 'CREATE TABLE z (i int); SELECT 1')],
};

const kinds = (change: Partial<DeployRequest>): readonly StepKind[] =>
  planDeploy(request(change), identity, facts).steps.map((each) => each.kind);

const BASE: readonly StepKind[] = [
  'snapshot',
  'restore-point',
  'migrate',
  'verdict',
  'alert',
  'restore',
  'wait-restore',
  'verify-restore',
];
const without = (...gone: readonly StepKind[]): readonly StepKind[] =>
  BASE.filter((each) => !gone.includes(each));

describe('the steps', () => {
  test.each<[string, Partial<DeployRequest>, readonly StepKind[]]>([
    ['defaults', {}, BASE],
    ['snapshot: start', { snapshot: 'start' }, BASE],
    ['snapshot: skip', { snapshot: 'skip' }, without('snapshot')],
    ['on-failure: restore-always', { onFailure: 'restore-always' }, BASE],
    ['on-failure: alert', { onFailure: 'alert' }, without('restore', 'wait-restore', 'verify-restore')],
    ['wait-for-restore: false', { waitForRestore: false }, without('wait-restore', 'verify-restore')],
    ['no webhook', { slackWebhookUrl: undefined }, without('alert')],
    ['slack-on: never', { slackOn: 'never' }, without('alert')],
    ['slack-on: always', { slackOn: 'always' }, BASE],
    ['before-command', { beforeCommand: 'x' }, ['snapshot', 'before-command', ...BASE.slice(1)]],
    ['verify-command', { verifyCommand: 'x' }, [...BASE.slice(0, 4), 'verify-command', ...BASE.slice(4)]],
    ['after-command', { afterCommand: 'x' }, [...BASE.slice(0, 5), 'after-command', ...BASE.slice(5)]],
    ['snapshot-keep', { snapshotKeep: 3 }, [...BASE.slice(0, 5), 'prune-snapshots', ...BASE.slice(5)]],
    ['snapshot-keep without snapshots', { snapshotKeep: 3, snapshot: 'skip' }, without('snapshot')],
  ])('%s', (_name, change, expected) => {
    expect(kinds(change)).toEqual(expected);
  });

  const combinations = SNAPSHOT_POLICIES.flatMap((snapshot) =>
    FAILURE_POLICIES.flatMap((onFailure) =>
      SLACK_POLICIES.flatMap((slackOn) =>
        [true, false].flatMap((waitForRestore) =>
          [undefined, 'x'].map((script) => ({ snapshot, onFailure, slackOn, waitForRestore, script })),
        ),
      ),
    ),
  );

  test.each(combinations)(
    '%j: each once, in order, nothing that was not asked for',
    ({ script, ...change }) => {
      const scripts = { beforeCommand: script, verifyCommand: script, afterCommand: script };
      const found = kinds({ ...change, ...scripts });
      expect(new Set(found).size).toBe(found.length);
      expect(found.indexOf('restore-point')).toBeLessThan(found.indexOf('migrate'));
      expect(found.indexOf('migrate')).toBeLessThan(found.indexOf('verdict'));
      expect(found.includes('snapshot')).toBe(change.snapshot !== 'skip');
      expect(found.includes('restore')).toBe(change.onFailure !== 'alert');
      expect(found.includes('wait-restore')).toBe(change.onFailure !== 'alert' && change.waitForRestore);
    },
  );

  test('what depends on a failure says so', () => {
    const { steps } = planDeploy(request({ afterCommand: 'x' }), identity, facts);
    const onFailure = steps.filter((each) => each.when === 'on-failure').map((each) => each.kind);
    expect(onFailure).toEqual(['alert', 'restore', 'wait-restore', 'verify-restore']);
    for (const each of steps) expect(each.title).not.toBe('');
  });
});

describe('the plan', () => {
  test('names what is pending, and what a failure of each could leave', () => {
    const plan = planDeploy(request(), identity, facts);
    expect(plan.pending).toEqual([
      { name: 'a', path: 'prisma/migrations/a/migration.sql', atomic: true, statements: 1 },
      { name: 'b', path: 'prisma/migrations/b/migration.sql', atomic: false, statements: 2 },
    ]);
    expect(plan.steps.find((each) => each.kind === 'migrate')?.title).toContain('2 pending migrations');
  });

  test('up to Prisma 7.3 both are atomic; a file nobody parsed is not', () => {
    const older = { ...facts, project: { ...shop, splitsStatements: false } };
    expect(planDeploy(request(), identity, older).pending.map((each) => each.atomic)).toEqual([true, true]);
    expect(
      planDeploy(request(), identity, { ...older, files: [] }).pending.map((each) => each.atomic),
    ).toEqual([false, false]);
  });

  test('names come from the run or from the user, and it is plain JSON', () => {
    const plan = planDeploy(request(), identity, facts);
    expect([plan.snapshotIdentifier, plan.restoredIdentifier]).toEqual([
      'gm-shop-prod-8123-1',
      'shop-prod-gm-r-8123-1',
    ]);
    expect(planDeploy(request({ restoredIdentifier: 'spare' }), identity, facts).restoredIdentifier).toBe(
      'spare',
    );
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});
