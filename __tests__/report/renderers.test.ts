import { expect, test } from '@jest/globals';
import type { EventBody } from '../../src/domain/event.ts';
import { annotations } from '../../src/report/annotations.ts';
import { explain } from '../../src/report/explain.ts';
import { closing } from '../../src/report/log.ts';
import { outputs } from '../../src/report/outputs.ts';
import { report } from '../../src/report/record.ts';
import { slack } from '../../src/report/slack.ts';
import { summary } from '../../src/report/summary.ts';
import { WEBHOOK } from './facts.ts';
import { NAMES, run, runOf, scenarios, started } from './runs.ts';

/** What a reader sees of the Markdown: entities and zero-width spaces undone. */
const seen = (markdown: string): string =>
  markdown
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('\u200b', '')
    .replace(/\[([^\]]+)\]\(https:[^)]+\)/g, '$1')
    .replace(/<\/?code>/g, '');

const slackSeen = (blocks: readonly unknown[]): string =>
  JSON.parse(
    `"${JSON.stringify(blocks.map((block) => (block as { text?: { text: string } }).text?.text ?? '').join('\n')).slice(1, -1)}"`,
  )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

test.each(scenarios)('%s: log, summary and Slack use the same words', (name) => {
  const told = explain(run(name));
  const log = closing(run(name)).join('\n');
  const page = seen(summary(run(name)));
  const message = slackSeen(slack(run(name), 'end').blocks);
  for (const words of [
    told.headline,
    ...told.why,
    told.data,
    told.did,
    ...told.next.map((each) => each.say),
  ]) {
    expect(log).toContain(words);
    expect(page).toContain(words.replace(/\((https:\/\/)(pris\.ly[^)]*)\)/g, '($2)'));
    expect(message).toContain(words);
  }
});

test.each(scenarios)('%s: what happened, your data, what we did, what you do next, in this order', (name) => {
  const labels = ['What happened', 'Your data', 'What we did', 'What you do next'];
  for (const text of [
    closing(run(name)).join('\n'),
    summary(run(name)),
    slackSeen(slack(run(name), 'end').blocks),
  ]) {
    const places = labels.map((label) => text.indexOf(label));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  }
});

test('no report holds a secret or a script', () => {
  const secret = 'hunter2-in-a-script';
  const events: readonly EventBody[] = [
    ...started({ beforeCommand: secret, afterCommand: secret, verifyCommand: secret }),
    { type: 'run-ended', status: 'failed' },
  ];
  const state = runOf(events);
  const texts = [
    JSON.stringify(report(state)),
    summary(state),
    JSON.stringify(slack(state, 'end')),
    closing(state).join(),
    JSON.stringify(outputs(state, undefined)),
    JSON.stringify(annotations(state)),
  ];
  for (const text of texts) {
    expect(text).not.toContain(WEBHOOK);
    expect(text).not.toContain(secret);
  }
  expect(report(state)).toMatchObject({ request: { slackWebhookUrl: '***', beforeCommand: '***' } });
});

test('the summary shows every planned step, also those not reached', () => {
  const page = seen(summary(run('snapshot-failed')));
  expect(page).toContain('| Run prisma migrate deploy with 2 pending migrations | not reached |  |  |');
  expect(page).toMatch(/\| Snapshot shop-prod as .* \| \*\*failed\*\* \|/);
  expect(page).toContain(`| ${NAMES[0]} | pending | 3 | may stay half done |`);
});

test.each(['failed-changed-restored', 'restore-failed', 'refused', 'lock-timeout'] as const)(
  'summary of %s',
  (name) => {
    expect(summary(run(name))).toMatchSnapshot();
  },
);

test.each(['failed-in-flight', 'applied'] as const)('Slack message of %s', (name) => {
  expect(slack(run(name), name === 'applied' ? 'end' : 'failure')).toMatchSnapshot();
});
