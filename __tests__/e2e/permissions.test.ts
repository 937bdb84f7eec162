/** The policies of docs/permissions against the calls that every mode really makes. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { isSame, made, KINDS as NAMED, policies, ROLES } from '../../scripts/permissions.mjs';
import { parkedName, restoredName, snapshotName } from '../../src/domain/names.ts';
import { problem } from '../../src/domain/problem.ts';
import { changingActions } from '../../src/guard/doctor/cloud.ts';
import { LOOKING } from '../../src/report/doctor.ts';
import { CLUSTER_RESOURCES, iamResources, RESOURCES } from '../../src/report/texts/iam.ts';
import { identity } from '../fakes/world.ts';
import { idle, missing, source, statements, trespasses, uncalled } from './permissions-compare.ts';
import { arn, filled, lacking, type Need, patternsOf } from './permissions-needs.ts';
import { DATABASE, MODES, type Mode, playAll, type Recorded } from './permissions-world.ts';

/** Actions that a mode makes only in a case which is too rare or too large for this file, and where it is tested. */
const RARE: Readonly<Record<string, string>> = {
  'rds:DescribeAccountAttributes': 'from 80 manual snapshots on: adapters/rds-recovery.test.ts',
  'rds:RebootDBInstance': 'a parameter group that is not in force yet: adapters/rds-mend.test.ts',
};

let played: readonly Recorded[] = [];
beforeAll(async () => {
  played = await playAll();
}, 240_000);

const playedIn = (mode: Mode) =>
  played.filter((each) => each.mode === mode).map(({ calls }) => ({ database: DATABASE, calls }));

test('every mode did what it was to do', () => {
  expect(played.map(({ mode, what, status }) => `${mode}, ${what}: ${status}`)).toEqual([
    'plan, one pending: planned',
    'doctor, nothing against it: planned',
    'deploy, applied: applied',
    'deploy, applied, the older snapshot pruned: applied',
    'deploy, failed, restored beside: restored',
    'rollback, to the second: restored',
    'rollback, to the snapshot: restored',
    'rollback, to the restore point of the run: restored',
    'promote, rename: promoted',
    'promote, undo: promoted',
    'promote, proxy: promoted',
    'cleanup, all of it too young: up-to-date',
    'cleanup, confirmed: applied',
  ]);
});

describe.each(MODES)('%s', (mode) => {
  test('its policy allows every call, on every resource that AWS checks', () => {
    expect(missing(statements(mode), playedIn(mode))).toEqual([]);
    expect(playedIn(mode).flatMap(({ calls }) => calls).length).toBeGreaterThan(0);
  });

  test('its policy allows nothing that the mode never calls', () => {
    expect(uncalled(statements(mode), playedIn(mode)).filter((action) => !(action in RARE))).toEqual([]);
  });

  test('every pattern of a resource is needed', () => {
    expect(idle(statements(mode), playedIn(mode)).map((each) => `${mode} ${each}`)).toEqual(
      Object.keys(SPARE).filter((each) => each.startsWith(`${mode} `)),
    );
  });
});

test.each(MODES.flatMap((mode) => [mode, `cluster-${mode}`]))(
  '%s may not delete or stop a database, nor touch another one',
  (name) => {
    expect(source(`${name}.json`)).not.toMatch(/rds:(?:Delete|Stop)DB(?:Instance|Cluster)"|rds:\*|"\*:\*"/);
    expect(trespasses(statements(name), DATABASE)).toEqual([]);
  },
);

/** Patterns that the lab's database has no need of, and who has. */
const SPARE: Readonly<Record<string, string>> = {
  'deploy MendWhatItRestored og': 'an option group that the restore did not take',
  'deploy MendWhatItRestored pg': 'a parameter group that the restore did not take',
  'rollback RestoreBeside db:DATABASE-replaced-*':
    'a source given by its resource id may be checked by its name: e2e/origin.test.ts',
  'rollback RestoreSnapshotBeside snapshot:rds': 'the automated snapshot of the night',
  'rollback MendWhatItRestored og': 'as for deploy',
  'rollback MendWhatItRestored pg': 'as for deploy',
  'promote SwapNames og': 'as for deploy',
  'promote SwapNames pg': 'as for deploy',
  'promote Mend db:DATABASE': 'what is found only after the cut-over, under the name of production',
};
test.each([
  ['deploy', 'rds:DeleteDBSnapshot', 'snapshot'],
  ['cleanup', 'rds:DeleteDBSnapshot', 'snapshot'],
  ['cluster-deploy', 'rds:DeleteDBClusterSnapshot', 'cluster-snapshot'],
  ['cluster-cleanup', 'rds:DeleteDBClusterSnapshot', 'cluster-snapshot'],
])('%s: a snapshot that is not marked as ours may not be deleted', (name, action, type) => {
  const need: Need = { action, resources: [arn(`${type}:gm-${DATABASE}-1-1`)], tags: {} };
  expect(lacking(statements(name), need, DATABASE)).toEqual(need.resources);
  const ours = { ...need, tags: { 'managed-by': 'guarded-migrate' } };
  expect(lacking(statements(name), ours, DATABASE)).toEqual([]);
});

describe('what people paste', () => {
  test.each(Object.entries(made()))('%s is made from the policies as they are', (path, content) => {
    expect(isSame(path, content)).toBe(true);
  });

  test('the page shows every policy', () => {
    const page = source('../permissions.md');
    const shown = [...page.matchAll(/<!-- policy:([\w-]+) -->\n```json/g)].map(([, name]) => name);
    // The doctor asks what a plan asks.
    expect([...shown, 'doctor', 'cluster-doctor'].sort()).toEqual([...policies()].sort());
    expect(source('doctor.json')).toBe(source('plan.json'));
    expect(source('cluster-doctor.json')).toBe(source('cluster-plan.json'));
  });

  test('Terraform gives the roles the same policies', () => {
    const text = source('terraform/main.tf');
    const roles = Object.fromEntries(
      [...text.matchAll(/^ {4}(\w+)\s+= \[([^\]]*)\]$/gm)].map(([, role, list]) => [
        role,
        (list ?? '').split(',').map((each) => each.trim().replaceAll('"', '')),
      ]),
    );
    expect(roles).toEqual(ROLES);
    expect(text).toContain(`contains(${JSON.stringify(NAMED).replace(',', ', ')}, var.kind)`);
    expect(text).toMatch(/prefix\s+= var\.kind == "cluster" \? "cluster-" : ""\n/);
  });

  test('names of a long identifier still fit the patterns of Terraform, and the names of its roles fit AWS', () => {
    const text = source('terraform/main.tf');
    const numbers =
      /stem += length\(local\.database\) <= (\d+) .*substr\(local\.database, 0, (\d+)\)}\*"/.exec(text);
    const [most, stem] = (numbers ?? []).slice(1).map(Number);
    const run = { ...identity, runId: '17123456789012', attempt: '10' };
    for (let length = 2; length <= 63; length += 1) {
      const name = 'd'.repeat(length);
      const start = length <= (most ?? 0) ? name : name.slice(0, stem);
      expect(snapshotName(name, run)).toMatch(new RegExp(`^gm-${start}.*-`));
      for (const made of [restoredName(name, run), parkedName(name, run)])
        expect(made).toMatch(new RegExp(`^${start}${start === name ? '' : '.*'}-(?:gm-r|replaced)-`));
    }
    const role = `guarded-migrate-${ROLE_MODES.toSorted((a, b) => b.length - a.length)[0]}-`;
    const longest = Number(/suffix += length\(local\.database\) <= (\d+)/.exec(text)?.[1]);
    expect(role.length + longest).toBeLessThanOrEqual(64);
    const { AllowedPattern } = JSON.parse(source('cloudformation.json')).Parameters.Database;
    expect('d'.repeat(64 - role.length)).toMatch(new RegExp(`^(?:${AllowedPattern})$`));
    expect('d'.repeat(65 - role.length)).not.toMatch(new RegExp(`^(?:${AllowedPattern})$`));
  });

  test('AWS takes it: 51,200 bytes for a template, 10,240 characters for the policies of a role', () => {
    expect(source('cloudformation.json').length).toBeLessThan(51_200);
    const longest = 'd'.repeat(63);
    for (const prefix of ['', 'cluster-'])
      for (const names of Object.values(ROLES)) {
        const text = names.map((name) => JSON.stringify(statements(`${prefix}${name}`))).join('');
        const whole = text.replaceAll('REGION', 'ap-southeast-1').replaceAll('ACCOUNT', '123456789012');
        expect(whole.replaceAll('DATABASE', longest).length).toBeLessThan(10_240);
      }
  });
});

const KINDS = [
  { kind: 'instance', prefix: '', table: RESOURCES, production: `db:${DATABASE}` },
  { kind: 'cluster', prefix: 'cluster-', table: CLUSTER_RESOURCES, production: `cluster:${DATABASE}` },
] as const;
const ROLE_MODES = ['plan', 'deploy', 'rollback', 'promote', 'cleanup'] as const;
const isChange = (action: string): boolean => !action.startsWith('rds:Describe');
// gm-* of the hint is wider than gm-<database>-*: the name may have been shortened.
const isWide = (hint: string, pattern: string): boolean =>
  hint === pattern || (hint.endsWith(':gm-*') && pattern.startsWith(hint.slice(0, -1)));

describe.each(KINDS)('the statement that a denied call prints for a DB $kind', ({ prefix, table }) => {
  const all = ROLE_MODES.flatMap((mode) => statements(`${prefix}${mode}`));
  const changing = [...new Set(all.flatMap(({ Action }) => Action))].filter(isChange);

  test.each(changing)('%s names what the policies name', (action) => {
    const hints = (table[action]?.(DATABASE) ?? []).map(arn);
    const patterns = all
      .filter(({ Action }) => Action.includes(action))
      .flatMap((each) => patternsOf(each).map((pattern) => filled(pattern, DATABASE)));
    expect(patterns.filter((pattern) => !hints.some((hint) => isWide(hint, pattern)))).toEqual([]);
    expect(hints.filter((hint) => !patterns.some((pattern) => isWide(hint, pattern)))).toEqual([]);
  });

  test('no hint is for an action that no policy has', () => {
    expect(Object.keys(table).filter((action) => !changing.includes(action))).toEqual([]);
  });
});

describe.each(KINDS)('the policy that the doctor prints for a DB $kind', ({ kind, prefix, production }) => {
  const policy = statements(`${prefix}deploy`);
  const all = { snapshot: 'wait', snapshotKeep: 3, onFailure: 'restore' } as const;
  const printed = changingActions(all, kind);

  test('has the actions of the deploy policy', () => {
    expect([...LOOKING[kind], ...printed].sort()).toEqual(policy.flatMap(({ Action }) => Action).sort());
  });

  test.each(printed)('%s names what that policy names: of production nothing that changes it', (action) => {
    const about = problem('aws-denied', '', { instance: DATABASE, resource: arn(`${production}-gm-*`) });
    const hints = iamResources(about, action);
    const patterns = policy
      .filter(({ Action }) => Action.includes(action))
      .flatMap((each) => patternsOf(each).map((pattern) => filled(pattern, DATABASE)));
    expect(patterns.filter((pattern) => !hints.some((hint) => isWide(hint, pattern)))).toEqual([]);
    expect(hints.filter((hint) => !patterns.some((pattern) => isWide(hint, pattern)))).toEqual([]);
  });
});
