import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Slack, startSlack } from '../../lab/slack.ts';

let slack: Slack;

beforeEach(async () => {
  slack = await startSlack();
});

afterEach(async () => {
  await slack?.stop();
});

async function post(body: unknown, init: RequestInit = {}): Promise<readonly [number, string]> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(slack.url, { method: 'POST', headers, body: JSON.stringify(body), ...init });
  return [response.status, await response.text()];
}

const section = (text: string): unknown => ({ type: 'section', text: { type: 'mrkdwn', text } });

test('keeps what Slack accepts', async () => {
  expect(await post({ text: 'hello', blocks: [section('x'.repeat(3000))] })).toEqual([200, 'ok']);
  expect(slack.messages.map(({ body }) => body.text)).toEqual(['hello']);
  expect(slack.messages[0]?.at).toBeInstanceOf(Date);
});

test.each([
  ['no text', { blocks: [section('x')] }, 'no_text'],
  ['a section over 3000 characters', { text: 'a', blocks: [section('x'.repeat(3001))] }, 'invalid_blocks'],
  ['more than 50 blocks', { text: 'a', blocks: Array(51).fill(section('x')) }, 'invalid_blocks'],
  [
    'a header over 150 characters',
    { text: 'a', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }] },
    'invalid_blocks',
  ],
  ['an empty section', { text: 'a', blocks: [section('')] }, 'invalid_blocks'],
  ['no object', 'text', 'invalid_payload'],
])('refuses %s', async (_, body, answer) => {
  expect(await post(body)).toEqual([400, answer]);
  expect(slack.messages).toEqual([]);
  expect(slack.refusals).toHaveLength(1);
});

test('refuses another method, another type and another address', async () => {
  expect((await fetch(slack.url)).status).toBe(400);
  expect(await post({ text: 'a' }, { headers: { 'content-type': 'text/plain' } })).toEqual([
    400,
    'invalid_payload',
  ]);
  expect((await fetch(new URL('/services/other', slack.url), { method: 'POST' })).status).toBe(404);
});

test('fails as told, as often as told', async () => {
  slack.fail('status-500', 1);
  expect(await post({ text: 'a' })).toEqual([500, 'server_error']);
  expect(await post({ text: 'b' })).toEqual([200, 'ok']);
  slack.fail('reset');
  await expect(post({ text: 'c' })).rejects.toThrow();
  slack.fail('hang', 1);
  await expect(post({ text: 'd' }, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
  slack.fail('invalid-payload', 1);
  expect(await post({ text: 'e' })).toEqual([400, 'invalid_payload']);
  slack.recover();
  expect(await post({ text: 'f' })).toEqual([200, 'ok']);
  expect(slack.messages.map(({ body }) => body.text)).toEqual(['b', 'f']);
  expect(slack.requests).toBe(6);
});
