/** `mode: plan` over virtual time: what it finds, and that it touches nothing. */
import { describe, expect, test } from '@jest/globals';
import { HAZARD_LEVELS } from '../../src/domain/hazard.ts';
import type { ProblemCode } from '../../src/domain/problem.ts';
import { FAIL_POLICIES } from '../../src/domain/request.ts';
import { HOST, SOURCE } from '../fakes/cloud.ts';
import { fault } from '../fakes/engine.ts';
import { type Stage, stage } from './plan-stage.ts';
import { ADD_STATUS, applied, BACKFILL, HALF } from './scripts.ts';

describe('mode: plan', () => {
  test('nothing pending: up to date, as a deploy says, whatever AWS has to say', async () => {
    const the = stage();
    applied(the.world, ADD_STATUS);
    the.world.cloud.source = { ...SOURCE, backupRetentionDays: 0 };
    const { status, run, notices } = await the.plan({ requireEnvironment: 'staging' });
    expect([status, run.pending, run.plan?.steps, run.plan?.hazards]).toEqual(['up-to-date', [], [], []]);
    expect(notices).toEqual(['dev-command']);
    expect(the.world.cloud.calls).toEqual([]);
    expect((await the.deploy()).status).toBe('up-to-date');
  });

  test('nothing pending, and the database is not what the schema says', async () => {
    const the = stage();
    applied(the.world, ADD_STATUS);
    the.world.migrator.drifted = { state: 'drifted', changes: ['[*] Changed the `orders` table'] };
    const { status, notices } = await the.plan();
    expect([status, notices]).toEqual(['up-to-date', ['dev-command', 'drift']]);
  });

  test('pending without hazards: planned, with the steps of a deploy and what they rest on', async () => {
    const the = stage([HALF, ADD_STATUS]);
    applied(the.world, HALF);
    const { status, run, codes } = await the.plan();
    expect([status, codes, run.pending]).toEqual(['planned', [], [ADD_STATUS.name]]);
    expect(run.plan?.steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['snapshot', 'migrate']));
    expect(run.plan?.basis).toMatchObject({ applied: 1, lastApplied: HALF.name });
    expect(run.plan?.estimate.length).toBeGreaterThan(0);
    expect(run.project).toBeDefined();
  });

  test.each(FAIL_POLICIES.flatMap((failOn) => HAZARD_LEVELS.map((level) => ({ failOn, level }))))(
    'a hazard of level $level at fail-on: $failOn',
    async ({ failOn, level }) => {
      const the = stage();
      the.hazards = [level];
      const { status, run, codes } = await the.plan({ failOn });
      const refused = failOn !== 'never' && HAZARD_LEVELS.indexOf(level) <= HAZARD_LEVELS.indexOf(failOn);
      expect([status, codes]).toEqual(refused ? ['refused', ['hazard-refused']] : ['planned', []]);
      // What was found is told either way.
      expect(run.plan?.hazards.map((each) => each.level)).toEqual([level]);
    },
  );

  test.each<readonly [string, (the: Stage) => void]>([
    ['no URL', ({ world }) => Object.assign(world, { environment: {} })],
    ['no answer', ({ world }) => world.outage(0, Number.POSITIVE_INFINITY)],
    ['a wrong password', ({ world }) => world.engine.refusals.set(HOST, 'database-authentication')],
  ])('no database (%s): a notice, and what the change adds is taken as pending', async (_, change) => {
    const the = stage([ADD_STATUS, BACKFILL]);
    change(the);
    the.added = new Set([BACKFILL.name]);
    the.hazards = ['warning'];
    const { status, run, notices } = await the.plan();
    expect([status, run.pending]).toEqual(['planned', [BACKFILL.name]]);
    expect(notices).toContain('planned-without-database');
    expect(run.plan?.hazards).toHaveLength(1);
    expect(run.plan?.basis).toMatchObject({ applied: 1, lastApplied: ADD_STATUS.name });
  });

  test.each([
    ['credentials-missing', 'planned'],
    ['credentials-expired', 'planned'],
    ['aws-denied', 'refused'],
  ] as const)('the URL is in Secrets Manager (%s): %s', async (code, expected) => {
    const the = stage([ADD_STATUS]);
    the.secretFails = code;
    const databaseSecretArn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop';
    const { status, notices } = await the.plan({ databaseSecretArn });
    expect(status).toBe(expected);
    expect(notices.includes('planned-without-database')).toBe(expected === 'planned');
  });

  test('no database and no git: what GitHub says that the pull request changes', async () => {
    const the = stage([ADD_STATUS, BACKFILL]);
    the.world.environment = {};
    the.changed = new Set([`prisma/migrations/${BACKFILL.name}/migration.sql`, 'src/index.ts']);
    const { run, notices } = await the.plan();
    expect(run.pending).toEqual([BACKFILL.name]);
    expect(notices).not.toContain('pending-unknown');
    the.added = new Set([ADD_STATUS.name]);
    expect((await the.plan()).run.pending).toEqual([ADD_STATUS.name]);
  });

  test('no database and no git: all of them; nothing added: planned, for nobody saw the history', async () => {
    const the = stage([ADD_STATUS, BACKFILL]);
    the.world.environment = {};
    const all = await the.plan();
    expect(all.run.pending).toEqual([ADD_STATUS.name, BACKFILL.name]);
    expect(all.notices).toContain('pending-unknown');
    the.added = new Set();
    const none = await the.plan();
    expect(none.status).toBe('planned');
    expect(none.notices).not.toContain('pending-unknown');
  });

  test.each(['credentials-missing', 'credentials-expired', 'aws-unreachable'] as const)(
    'no AWS (%s): a notice and a plan without estimate',
    async (code) => {
      const the = stage();
      the.world.cloud.faults.instance = () => fault(code);
      const { status, run, notices } = await the.plan();
      expect([status, run.plan?.estimate]).toEqual(['planned', []]);
      expect(notices).toContain('planned-without-aws');
    },
  );

  test('no DB instance named: AWS is not asked, and that needs no notice', async () => {
    const the = stage();
    const { status, run, notices } = await the.plan({ instance: '' });
    expect([status, the.world.cloud.calls, run.plan?.steps]).toEqual(['planned', [], []]);
    expect(notices).not.toContain('planned-without-aws');
  });

  test.each<readonly [string, ProblemCode, (the: Stage) => void]>([
    [
      'denied',
      'aws-denied',
      ({ world }) => Object.assign(world.cloud.faults, { instance: () => fault('aws-denied') }),
    ],
    ['no instance', 'instance-not-found', ({ world }) => Object.assign(world.cloud, { source: undefined })],
    [
      'no backups',
      'backups-disabled',
      ({ world }) => Object.assign(world.cloud, { source: { ...SOURCE, backupRetentionDays: 0 } }),
    ],
    ['no room', 'snapshot-quota', ({ world }) => Object.assign(world.cloud, { limit: 0 })],
  ])(
    'AWS stands against a deploy (%s): refused, and the plan is there all the same',
    async (_, code, change) => {
      const the = stage();
      change(the);
      the.hazards = ['block'];
      const { status, run, codes } = await the.plan();
      expect(status).toBe('refused');
      expect(codes.toSorted()).toEqual([code, 'hazard-refused'].toSorted());
      expect(run.plan?.hazards).toHaveLength(1);
    },
  );

  test('everything at once: project and database', async () => {
    const the = stage();
    the.world.migrator.projectFails = fault('prisma-not-installed');
    the.world.engine.refusals.set(HOST, 'database-rights');
    expect((await the.plan()).codes).toEqual(['prisma-not-installed', 'database-rights']);
  });

  test('surroundings that cannot be read hide no other problem', async () => {
    const the = stage();
    the.surroundingsFail = true;
    the.hazards = ['block'];
    expect((await the.plan()).codes).toEqual(['hazard-refused', 'unexpected']);
  });

  test('a failed row of an earlier deploy, left alone', async () => {
    const the = stage([HALF, ADD_STATUS]);
    applied(the.world, HALF, { finishedAt: null });
    const { status, codes } = await the.plan();
    expect([status, codes]).toEqual(['refused', ['history-failed']]);
  });
});
