/** What a deploy refuses because of its plan, before anything is touched in AWS. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { ProblemCode } from '../../src/domain/problem.ts';
import { parseWindow } from '../../src/domain/window.ts';
import { PLAN_VERSION } from '../../src/plan/basis.ts';
import { SOURCE } from '../fakes/cloud.ts';
import { type Played, type Stage, stage } from './plan-stage.ts';
import { ADD_STATUS, applied, BACKFILL } from './scripts.ts';

const folder = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Way = 'plan' | 'deploy';
const WAYS: readonly Way[] = ['plan', 'deploy'];
const refused = (the: Stage, played: Played, codes: readonly ProblemCode[]): void => {
  expect([played.status, played.codes]).toEqual(['refused', codes]);
  expect(the.world.cloud.mutations).toEqual([]);
  expect(the.world.migrator.rounds).toEqual([]);
};

describe('demands of the caller', () => {
  test('deploy refuses a block before anything is touched in AWS, and passes with fail-on: never', async () => {
    const the = stage();
    the.hazards = ['block', 'notice'];
    refused(the, await the.deploy(), ['hazard-refused']);
    const { status, run } = await the.deploy({ failOn: 'never' });
    expect([status, run.plan?.hazards.length]).toEqual(['applied', 2]);
    expect(the.world.cloud.mutations.length).toBeGreaterThan(0);
  });

  test.each(WAYS)('require-down: %s', async (way) => {
    const the = stage([ADD_STATUS, BACKFILL]);
    the.downs = new Set([ADD_STATUS.name]);
    const missing = await the[way]({ requireDown: true });
    refused(the, missing, ['down-missing']);
    expect(JSON.stringify(missing.run.problems)).toContain(BACKFILL.name);
    the.downs = new Set([ADD_STATUS.name, BACKFILL.name]);
    expect((await the[way]({ requireDown: true })).codes).toEqual([]);
  });

  test.each(WAYS)('require-environment: %s', async (way) => {
    const the = stage();
    the.deployed = false;
    refused(the, await the[way]({ requireEnvironment: 'staging' }), ['environment-missing']);
    the.deployed = 'review-failed';
    refused(the, await the[way]({ requireEnvironment: 'staging' }), ['review-failed']);
    the.deployed = true;
    expect((await the[way]({ requireEnvironment: 'staging' })).codes).toEqual([]);
  });

  test('deploy-window: a deploy outside of it is refused, a plan is not; T0 is a Saturday, 02:00 UTC', async () => {
    const [week, saturday] = ['Mon-Thu 09:00-16:00', 'Sat 01:00-03:00'].map((text) => parseWindow(text));
    if (!week || !saturday || 'wrong' in week || 'wrong' in saturday) throw new Error('no window');
    const the = stage();
    expect((await the.plan({ deployWindow: week })).status).toBe('planned');
    refused(the, await the.deploy({ deployWindow: week }), ['outside-window']);
    expect((await the.deploy({ deployWindow: saturday })).status).toBe('applied');
  });
});

describe('plan-path', () => {
  const write = (name: string, value: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  };
  const planned = async (the: Stage, name: string): Promise<string> =>
    write(name, { version: PLAN_VERSION, plan: (await the.plan()).run.plan });

  test('nothing moved: the deploy goes on; afterwards there is nothing left to hold against it', async () => {
    const the = stage();
    const planPath = await planned(the, 'same.json');
    expect((await the.deploy({ planPath })).status).toBe('applied');
    expect((await the.deploy({ planPath })).status).toBe('up-to-date');
  });

  test('another file is pending now', async () => {
    const the = stage();
    const planPath = await planned(the, 'moved.json');
    the.world.migrator.scripts = [ADD_STATUS, BACKFILL];
    refused(the, await the.deploy({ planPath }), ['plan-moved']);
  });

  test('somebody else has applied one meanwhile', async () => {
    const the = stage([ADD_STATUS, BACKFILL]);
    const planPath = await planned(the, 'applied.json');
    applied(the.world, ADD_STATUS);
    const played = await the.deploy({ planPath });
    refused(the, played, ['plan-moved']);
    expect(played.run.problems[0]?.fields.moved).toBe('the pending migrations, the applied migrations');
  });

  test('the plan of staging is not one for production, and one made without asking is for nothing', async () => {
    const the = stage();
    const planPath = await planned(the, 'staging.json');
    const blind = write('blind.json', {
      version: PLAN_VERSION,
      plan: (await the.plan({ instance: '' })).run.plan,
    });
    the.world.cloud.source = { ...SOURCE, resourceId: 'db-PRODUCTION' };
    const played = await the.deploy({ planPath });
    refused(the, played, ['plan-moved']);
    expect(played.run.problems[0]?.fields.moved).toBe('the DB instance');
    const other = await the.deploy({ planPath: blind });
    refused(the, other, ['plan-moved']);
    expect(other.run.problems[0]?.fields.moved).toContain('without asking AWS');
  });

  test('no file, or another one', async () => {
    const the = stage();
    refused(the, await the.deploy({ planPath: join(folder, 'absent.json') }), ['plan-unreadable']);
    refused(the, await the.deploy({ planPath: folder }), ['plan-unreadable']);
    const planPath = write('odd.json', {
      version: PLAN_VERSION,
      plan: { basis: { pending: [null], applied: 0 } },
    });
    refused(the, await the.deploy({ planPath }), ['plan-unreadable']);
  });

  test('a plan is not compared with itself', async () => {
    const the = stage();
    expect((await the.plan({ planPath: join(folder, 'absent.json') })).status).toBe('planned');
  });
});
