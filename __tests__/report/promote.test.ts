import { describe, expect, test } from '@jest/globals';
import type { Run } from '../../src/domain/run.ts';
import { TAG } from '../../src/domain/tags.ts';
import { explain } from '../../src/report/explain.ts';
import { closing } from '../../src/report/log.ts';
import { slack } from '../../src/report/slack.ts';
import { summary } from '../../src/report/summary.ts';
import { title } from '../../src/report/title.ts';
import { HOST } from '../fakes/cloud.ts';
import { fault } from '../fakes/engine.ts';
import { PARKED, RESTORED, Stage } from '../scenarios/promote-stage.ts';
import { run as deploy } from './runs.ts';

const deniedSecond = (stage: Stage): void => {
  stage.cloud.faults.rename = (call) => (call.startsWith(RESTORED) ? fault('aws-denied') : undefined);
};
const deniedAll = (stage: Stage): void => {
  stage.cloud.faults.rename = (call) => (call.startsWith('shop-prod ') ? undefined : fault('aws-denied'));
};

async function cancelled(): Promise<Run> {
  const stage = new Stage();
  const stop = new AbortController();
  const { run } = await stage.promote(
    {},
    {
      cancelled: stop.signal,
      onEvent: (event) => {
        if (event.type === 'promotion' && event.promotion.phase === 'outage') stop.abort();
      },
    },
  );
  return run;
}

async function undone(): Promise<Run> {
  const stage = new Stage();
  await stage.promote();
  return (await stage.promote({ promote: 'undo', restoredIdentifier: undefined })).run;
}

async function undoCancelled(): Promise<Run> {
  const stage = new Stage();
  await stage.promote();
  const stop = new AbortController();
  const { run } = await stage.promote(
    { promote: 'undo', restoredIdentifier: undefined },
    {
      cancelled: stop.signal,
      onEvent: (event) => {
        if (event.type !== 'step-intended' || event.step !== 'verify-promotion') return;
        stage.engine.refusals.set(HOST, 'database-unreachable');
        stop.abort();
      },
    },
  );
  return run;
}

async function unreached(): Promise<Run> {
  const stage = new Stage();
  stage.environment = { DATABASE_URL: 'postgresql://app:s3cret-word@db.shop.example:5432/shop' };
  stage.engine.databases.set('db.shop.example', stage.database);
  return (await stage.promote()).run;
}

async function proxied(): Promise<Run> {
  const stage = new Stage();
  stage.proxies.list.push({
    ...{ name: 'front', targetGroup: 'default', target: 'shop-prod', health: 'AVAILABLE', reason: undefined },
    endpoint: undefined,
  });
  return (await stage.promote({ promote: 'proxy' })).run;
}

const played = async (
  prepare: (stage: Stage) => void = () => undefined,
  stage = new Stage(),
): Promise<Run> => {
  prepare(stage);
  return (await stage.promote()).run;
};

interface Ending {
  readonly run: () => Promise<Run>;
  readonly title: string;
  readonly says: readonly (string | RegExp)[];
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  promoted: {
    run: () => played(),
    title: 'Promoted',
    says: [
      /shop-prod is the restored database now, after \d+ min \d+ s without an answer/,
      `The old database is kept as ${PARKED}`,
      'promote: undo',
      'Terraform',
    ],
  },
  undone: {
    run: undone,
    title: 'Undone',
    says: [
      'shop-prod is the old database again',
      'with what was written to it meanwhile',
      'What a failed migration left in shop-prod is still there',
    ],
  },
  refused: {
    run: () => played(undefined, new Stage({ [TAG.phase]: 'mismatch' })),
    title: 'Refused, not cut over',
    says: ['refused before anything was touched', 'differs', 'We renamed nothing'],
  },
  'put back': {
    run: () => played(deniedSecond),
    title: 'Failed, not cut over, old database back',
    says: ['the old one has it again', 'with everything that was in it', 'Add the missing permission'],
  },
  'nobody serves': {
    run: () => played(deniedAll),
    title: 'Failed, nobody serves',
    says: [
      /Nobody has the name shop-prod at this moment.*since 2026/,
      'unharmed',
      `--db-instance-identifier ${RESTORED} --new-db-instance-identifier shop-prod`,
      `--db-instance-identifier ${PARKED} --new-db-instance-identifier shop-prod`,
    ],
  },
  cancelled: {
    run: cancelled,
    title: 'Cancelled, nobody serves',
    says: ['Nobody has the name shop-prod', 'mode: promote'],
  },
  'not proven': {
    run: unreached,
    title: 'Failed, cut over, not proven',
    says: ['is not proven', 'still reaches the other database', 'DNS caches'],
  },
  'undo cancelled before it was proven': {
    run: undoCancelled,
    title: 'Cancelled, undone, not proven',
    says: ['The old database has the name shop-prod again', 'not proven yet', 'goes on from there'],
  },
  'proxy without an endpoint': {
    run: proxied,
    title: 'Failed, cut-over half done',
    says: ['front', 'mode: promote'],
  },
};

describe.each(Object.entries(ENDINGS))('%s', (_, ending) => {
  test('says what happened, where the data is, and what to do', async () => {
    const run = await ending.run();
    const told = explain(run);
    const all = [
      title(run),
      told.headline,
      ...told.why,
      told.data,
      told.did,
      ...told.next.map(({ say, run: call = '' }) => `${say} ${call}`),
    ];
    const text = all.join('\n').replaceAll(' \\\n  ', ' ');
    expect(title(run)).toBe(ending.title);
    for (const part of ending.says)
      expect(text).toEqual(
        part instanceof RegExp ? expect.stringMatching(part) : expect.stringContaining(part),
      );
    for (const each of all) expect(each).not.toMatch(/undefined|null|NaN|\[object|—|\.\.$| {3}|!|: \.|;\./);
    expect([told.headline, told.data, told.did].every((each) => each.endsWith('.'))).toBe(true);
    expect(told.next.length).toBeGreaterThan(0);
    expect(told.why).toEqual([...new Set(told.why)]);
    const again = told.next.filter(({ say }) => /"mode: promote" again with the same inputs/.test(say));
    expect(again.length).toBeLessThan(2);
    expect(summary(run)).toContain('## Promotion of shop-prod: ');
    expect(text).not.toContain('s3cret-word');
  });

  test('and the same in log, summary and Slack', async () => {
    const run = await ending.run();
    const { headline } = explain(run);
    const plain = (text: string): string => text.replaceAll('\\', '').replaceAll('`', "'");
    expect(closing(run).join('\n')).toContain(headline);
    expect(plain(summary(run))).toContain(plain(headline).slice(0, 60));
    expect(JSON.stringify(slack(run, 'end'))).toContain(JSON.stringify(headline).slice(1, -1).slice(0, 60));
  });
});

test.each([
  ['promoted', () => played()],
  ['undone', undone],
])(
  '%s: Slack is told before the run has its status, and nothing is asked for that is done',
  async (_, play) => {
    const run = await play();
    const early = slack({ ...run, status: undefined }, 'end');
    expect(JSON.stringify(early)).not.toMatch(/finds out how far this got|not proven/);
    expect(explain({ ...run, status: undefined }).next).toEqual(explain(run).next);
  },
);

test('a deploy that was cut over says so in its heading, done or half done', async () => {
  const { steps, promotion } = await played();
  if (promotion === undefined) throw new Error('nothing was promoted');
  const failed = deploy('failed-changed-restored');
  const the: Run = { ...failed, status: undefined, steps: [...failed.steps, ...steps], promotion };
  expect(title(the)).toBe('Failed, restored and promoted');
  expect(title({ ...the, steps: failed.steps, promotion: { ...promotion, phase: 'outage' } })).toBe(
    'Failed, nobody serves',
  );
});
