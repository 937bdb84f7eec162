/** The policies of docs/permissions against the calls that every mode really makes. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isSame, made, policies, ROLES } from '../../scripts/permissions.mjs';
import { RESOURCES } from '../../src/report/texts/iam.ts';
import { arn, filled, lacking, type Need, needsOf, patternsOf, type Statement } from './permissions-needs.ts';
import { DATABASE, MODES, type Mode, playAll, type Recorded } from './permissions-world.ts';

const folder = new URL('../../docs/permissions/', import.meta.url);
const source = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const statements = (name: string): readonly Statement[] =>
  (JSON.parse(source(`${name}.json`)) as { readonly Statement: readonly Statement[] }).Statement;
/** The policies that a job of that mode has: `promote` is only ever given together with `rollback`. */
const ofMode = (mode: Mode): readonly Statement[] => statements(mode);

/** Actions that a mode makes only in a case which is too rare or too large for this file, and where it is tested. */
const RARE: Readonly<Record<string, string>> = {
  'rds:DescribeAccountAttributes': 'from 80 manual snapshots on: adapters/rds-recovery.test.ts',
  'rds:RebootDBInstance': 'a parameter group that is not in force yet: adapters/rds-settings-mend.test.ts',
};

/** Some call of the mode is allowed by this pattern alone. */
function isUsed(mode: Mode, statement: Statement, pattern: string): boolean {
  const alone = [{ ...statement, Resource: pattern }];
  return needs(mode).some(
    (need) =>
      statement.Action.includes(need.action) &&
      need.resources.some((one) => lacking(alone, { ...need, resources: [one] }, DATABASE).length === 0),
  );
}

let played: readonly Recorded[] = [];
beforeAll(async () => {
  played = await playAll();
}, 240_000);
afterAll(() => undefined);

const callsOf = (mode: Mode) => played.filter((each) => each.mode === mode).flatMap(({ calls }) => calls);
const needs = (mode: Mode): readonly Need[] => callsOf(mode).flatMap(needsOf);

test('every mode did what it was to do', () => {
  expect(played.map(({ mode, what, status }) => `${mode}, ${what}: ${status}`)).toEqual([
    'plan, one pending: planned',
    // The lab's server speaks no TLS under its names, and the doctor says so.
    'doctor, all but TLS: refused',
    'deploy, applied: applied',
    'deploy, applied, the older snapshot pruned: applied',
    'deploy, applied once more: applied',
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
    const missing = needs(mode).flatMap((need) =>
      lacking(ofMode(mode), need, DATABASE).map((resource) => `${need.action} on ${resource}`),
    );
    expect([...new Set(missing)]).toEqual([]);
    expect(needs(mode).length).toBeGreaterThan(0);
  });

  test('its policy allows nothing that the mode never calls', () => {
    const called = new Set(needs(mode).map(({ action }) => action));
    const allowed = [...new Set(ofMode(mode).flatMap(({ Action }) => Action))];
    expect(allowed.filter((action) => !called.has(action) && !(action in RARE))).toEqual([]);
  });

  test('every pattern of a resource is needed', () => {
    const idle = ofMode(mode)
      .filter(({ Action }) => !Action.every((action) => action in RARE))
      .flatMap((statement) =>
        patternsOf(statement)
          .filter((pattern) => !isUsed(mode, statement, pattern))
          .map((pattern) => short(mode, statement, pattern)),
      );
    expect(idle).toEqual(Object.keys(SPARE).filter((each) => each.startsWith(`${mode} `)));
  });

  test('it may not delete or stop a database, nor touch another one', () => {
    const text = source(`${mode}.json`);
    expect(text).not.toMatch(/rds:(?:Delete|Stop)DB(?:Instance|Cluster)"|rds:\*|"\*:\*"/);
    const foreign: Need = {
      action: '',
      resources: [arn('db:users-prod'), arn('snapshot:gm-users-prod-1-1')],
      tags: { 'managed-by': 'guarded-migrate' },
    };
    for (const { Action } of ofMode(mode)) {
      for (const action of Action.filter((each) => !each.startsWith('rds:Describe'))) {
        expect(lacking(ofMode(mode), { ...foreign, action }, DATABASE)).toEqual(foreign.resources);
      }
    }
  });
});

/** Patterns that the lab's database has no need of, and who has. */
const SPARE: Readonly<Record<string, string>> = {
  'deploy MendWhatItRestored og': 'an option group that the restore did not take',
  'deploy MendWhatItRestored pg': 'a parameter group that the restore did not take',
  'rollback RestoreSnapshotBeside snapshot:rds': 'the automated snapshot of the night',
  'rollback MendWhatItRestored og': 'as for deploy',
  'rollback MendWhatItRestored pg': 'as for deploy',
  'promote SwapNames og': 'as for deploy',
  'promote SwapNames pg': 'as for deploy',
  'promote Mend db:DATABASE': 'what is found only after the cut-over, under the name of production',
};
const short = (mode: Mode, { Sid }: Statement, pattern: string): string =>
  `${mode} ${Sid} ${pattern.replace('arn:aws:rds:REGION:ACCOUNT:', '').replace(/:(?:\*|DATABASE-\*)$/, '')}`;

test('a snapshot that is not marked as ours may not be deleted', () => {
  const need: Need = {
    action: 'rds:DeleteDBSnapshot',
    resources: [arn(`snapshot:gm-${DATABASE}-1-1`)],
    tags: {},
  };
  for (const mode of ['deploy', 'cleanup'] as const) {
    expect(lacking(ofMode(mode), need, DATABASE)).toEqual(need.resources);
    expect(lacking(ofMode(mode), { ...need, tags: { 'managed-by': 'guarded-migrate' } }, DATABASE)).toEqual(
      [],
    );
  }
});

describe('what people paste', () => {
  test.each(Object.entries(made()))('%s is made from the policies as they are', (path, content) => {
    expect(isSame(path, content)).toBe(true);
  });

  test('the page shows every policy', () => {
    const page = readFileSync(new URL('../permissions.md', folder), 'utf8');
    const shown = [...page.matchAll(/<!-- policy:([\w-]+) -->\n```json/g)].map(([, name]) => name);
    // The doctor asks what a plan asks.
    expect([...shown, 'doctor'].sort()).toEqual([...policies()].sort());
    expect(source('doctor.json')).toBe(source('plan.json'));
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
  });
});

describe('the statement that a denied call prints', () => {
  const all = ['plan', 'deploy', 'rollback', 'promote', 'cleanup'].flatMap(statements);
  const changing = [...new Set(all.flatMap(({ Action }) => Action))].filter(
    (each) => !each.startsWith('rds:Describe'),
  );

  test.each(changing)('%s names what the policies name', (action) => {
    const hints = (RESOURCES[action]?.(DATABASE) ?? []).map((each) => arn(each));
    const patterns = all
      .filter(({ Action }) => Action.includes(action))
      .flatMap((each) => patternsOf(each).map((pattern) => filled(pattern, DATABASE)));
    // gm-* of the hint is wider than gm-<database>-*: the name may have been shortened.
    const wide = (hint: string, pattern: string): boolean =>
      hint === pattern || (hint.endsWith(':gm-*') && pattern.startsWith(hint.slice(0, -1)));
    expect(patterns.filter((pattern) => !hints.some((hint) => wide(hint, pattern)))).toEqual([]);
    expect(hints.filter((hint) => !patterns.some((pattern) => wide(hint, pattern)))).toEqual([]);
  });

  test('no hint is for an action that no policy has', () => {
    expect(Object.keys(RESOURCES).filter((action) => !changing.includes(action))).toEqual([]);
  });
});
