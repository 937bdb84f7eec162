import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runPost } from '../../src/app/post-run.ts';
import { type EventBody, JOURNAL_VERSION } from '../../src/domain/event.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { identity, request } from '../fakes/world.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'late-command-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PLAN: Plan = {
  basis: undefined,
  pending: [],
  hazards: [],
  steps: [
    { kind: 'restore-point', when: 'always', title: 'Mark the restore point' },
    { kind: 'migrate', when: 'always', title: 'Run prisma migrate deploy' },
    { kind: 'after-command', when: 'always', title: 'Run after-command' },
  ],
  snapshotIdentifier: 'gm-shop-prod-8123-1',
  adopted: undefined,
  restoredIdentifier: 'shop-prod-gm-r-8123-1',
  sourceTags: {},
  estimate: [],
};

/** What a main left that ended `applied`, and whether its post step ran `after-command`. */
async function afterwards(steps: readonly EventBody[]): Promise<boolean> {
  const { slackWebhookUrl: _webhook, ...asked } = request({ afterCommand: `touch ${folder}/switched-on` });
  const events: readonly EventBody[] = [
    {
      type: 'run-started',
      version: JOURNAL_VERSION,
      pid: 1,
      identity,
      request: { ...asked, slackWebhookUrl: undefined },
    },
    { type: 'planned', plan: PLAN },
    ...steps,
    { type: 'run-ended', status: 'applied' },
  ];
  const journal = path.join(folder, 'journal.ndjson');
  writeFileSync(journal, events.map((each, at) => `${JSON.stringify({ at, ...each })}\n`).join(''));
  const environment = { PATH: process.env.PATH, STATE_journal: journal, GITHUB_WORKSPACE: folder };
  expect(await runPost({ cancelled: new AbortController().signal }, environment)).toBe(0);
  return existsSync(path.join(folder, 'switched-on'));
}

const marked: EventBody = { type: 'step-intended', step: 'restore-point' };

describe('a job that was cancelled while a good deploy was being finished', () => {
  test('after-command is run by the post step when main did not reach it', async () => {
    expect(await afterwards([marked])).toBe(true);
  });

  test('it is not run twice, nor after a run that touched nothing', async () => {
    expect(await afterwards([marked, { type: 'step-done', step: 'after-command' }])).toBe(false);
    expect(await afterwards([])).toBe(false);
  });
});
