import { describe, expect, test } from '@jest/globals';
import { explain } from '../../src/report/explain.ts';
import { run, type Scenario, scenarios } from './runs.ts';

test.each(scenarios)('%s: every part is there, in plain words', (name) => {
  const told = explain(run(name));
  for (const part of [told.headline, told.data, told.did, ...told.next.map((each) => each.say)]) {
    expect(part).toMatch(/[.:?]$/);
    expect(part).not.toMatch(/undefined|NaN|\[object|!|\.\.| {2}/);
  }
  expect(told.next.length).toBeGreaterThan(0);
});

describe.each<[Scenario, { data: RegExp; did?: RegExp; next: RegExp; headline: RegExp }]>([
  [
    'bad-inputs',
    { headline: /was refused: 2 problems/, data: /not started/, next: /Change statement-timeout.*duration/ },
  ],
  [
    'refused',
    {
      headline: /Automated backups of shop-prod are off/,
      data: /^Nothing was changed: the migration was not started\.$/,
      did: /only looked/,
      next: /Switch automated backups on/,
    },
  ],
  [
    'up-to-date',
    { headline: /Nothing to migrate/, data: /already has every migration/, next: /Nothing to do/ },
  ],
  [
    'applied',
    {
      headline: /^2 migrations applied/,
      data: /2 new migrations/,
      did: /snapshot gm-shop-prod-8123-1/,
      next: /Nothing to do/,
    },
  ],
  [
    'failed-unchanged',
    {
      headline: /failed: column "phone".*\(23502\).*Line 4/,
      data: /^Your data is unchanged\. How we know: .*fingerprint equals/,
      did: /marked "20261102_drop_email" as rolled back.*no restore, because nothing was changed/,
      next: /Correct prisma\/migrations\/20261102_drop_email\/migration.sql, line 4/,
    },
  ],
  [
    'failed-in-flight',
    {
      headline: /failed/,
      data: /^Production was changed/,
      did: /restore beside production is the next step/,
      next: /25 to 45 minutes/,
    },
  ],
  [
    'failed-changed-restored',
    {
      headline: /failed/,
      data: /as of 2026-11-21T02:03:04Z is restored beside production as shop-prod-gm-r-8123-1 at .*:5432.*equal.*did not touch production/,
      did: /restored beside production to shop-prod-gm-r-8123-1 and checked/,
      next: /Look into the restored database/,
    },
  ],
  [
    'failed-changed-restoring',
    { headline: /failed/, data: /is running.*not compared/, next: /25 to 45 minutes/ },
  ],
  [
    'alert-only',
    {
      headline: /failed/,
      data: /^Production was changed/,
      did: /as asked \(on-failure: alert\)/,
      next: /by hand/,
    },
  ],
  [
    'restore-failed',
    {
      headline: /failed: column.*The restore failed too: AWS refused rds:RestoreDBInstanceToPointInTime/,
      data: /^Production was changed/,
      did: /could not be requested/,
      next: /Allow rds:RestoreDBInstanceToPointInTime/,
    },
  ],
  [
    'restore-late',
    { headline: /failed/, data: /is running/, did: /not ready after 2h/, next: /goes on in AWS by itself/ },
  ],
  [
    'restore-broken',
    { headline: /The restore failed too: its state/, data: /cannot be used/, next: /Read the error/ },
  ],
  ['restore-unverified', { headline: /failed/, data: /nobody could look into it/, next: /security group/ }],
  [
    'mismatch',
    {
      headline: /NOT in the state of the restore point/,
      data: /WARNING: .*NOT.*table public.users/,
      next: /Do not switch/,
    },
  ],
  [
    'cancelled-early',
    { headline: /cancelled before the migration/, data: /not started/, next: /Nothing has to be cleaned up/ },
  ],
  [
    'cancelled-in-migration',
    {
      headline: /was stopped because the job was cancelled/,
      data: /unchanged/,
      did: /We stopped it/,
      next: /rolled back/,
    },
  ],
  ['nobody-knows', { headline: /failed/, data: /not known.*Treat it as changed/, next: /by hand/ }],
  [
    'snapshot-failed',
    {
      headline: /snapshot gm-shop-prod-8123-1 did not become available/,
      data: /not started/,
      next: /events of the DB instance/,
    },
  ],
  [
    'check-failed',
    {
      headline: /verify-command\) failed/,
      data: /2 new migrations.*check after them failed/,
      next: /why the check failed/,
    },
  ],
  [
    'lock-timeout',
    {
      headline: /55P03/,
      data: /unchanged/,
      did: /4 tries because of locks/,
      next: /Deploy when that session is gone/,
    },
  ],
])('%s', (name, expected) => {
  const told = explain(run(name));
  test('says what happened, the state of the data, what we did and what comes next', () => {
    expect(told.headline).toMatch(expected.headline);
    expect(told.data).toMatch(expected.data);
    if (expected.did !== undefined) expect(told.did).toMatch(expected.did);
    expect(told.next[0]?.say).toMatch(expected.next);
  });
});
