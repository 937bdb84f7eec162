import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createSlack } from '../../src/adapters/slack/notifier.ts';
import { problemsOf } from '../../src/domain/problem.ts';
import { Secret } from '../../src/domain/secret.ts';

const MESSAGE = { text: 'Deploy failed', blocks: [{ type: 'divider' }] };
const PATH = '/services/T0/B0/very-secret';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

/** Answers with these statuses in turn (0 cuts the connection, -1 never answers); returns what it got. */
async function receiver(statuses: readonly number[], body = 'ok') {
  const got: unknown[] = [];
  const started = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      got.push(JSON.parse(text));
      const status = statuses[Math.min(got.length, statuses.length) - 1] ?? 200;
      if (status === 0) request.socket.destroy();
      else if (status > 0) response.writeHead(status).end(body.replace('URL', request.url ?? ''));
    });
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(started.address() as AddressInfo).port}${PATH}`;
  return { got, slack: createSlack({ url: new Secret(url), pauseMs: 1, timeoutMs: 300 }) };
}

describe('a Slack message', () => {
  test('arrives as it was rendered', async () => {
    const { got, slack } = await receiver([200]);
    await slack.send(MESSAGE);
    expect(got).toEqual([MESSAGE]);
  });

  test.each([
    ['a server error', 503],
    ['a cut connection', 0],
  ])('is sent once more after %s', async (_name, status) => {
    const { got, slack } = await receiver([status, 200]);
    await slack.send(MESSAGE);
    expect(got).toHaveLength(2);
  });
});

describe('a failure', () => {
  test.each<readonly [string, number, string, number, Readonly<Record<string, string>>]>([
    ['a revoked webhook', 404, 'no_service', 1, { status: '404', answer: 'no_service' }],
    ['blocks Slack refuses', 400, 'invalid_blocks', 1, { status: '400', answer: 'invalid_blocks' }],
    ['a server that stays broken', 500, '', 2, { status: '500' }],
    ['no answer', -1, '', 2, {}],
    ['a page that quotes the URL', 403, `refused: http://127.0.0.1${PATH}`, 1, { status: '403' }],
  ])('of %s is told without the URL', async (_name, status, body, tries, fields) => {
    const { got, slack } = await receiver([status], body);
    const problems = await slack.send(MESSAGE).catch(problemsOf);
    expect(problems).toMatchObject([{ code: 'notification-failed', fields }]);
    expect(got).toHaveLength(tries);
    expect(JSON.stringify(problems)).not.toContain('very-secret');
  });

  test.each(['not a url', 'http://127.0.0.1:1/services/very-secret'])('of the address %s', async (url) => {
    const slack = createSlack({ url: new Secret(url), pauseMs: 1 });
    const error: unknown = await slack.send(MESSAGE).catch((thrown: unknown) => thrown);
    expect(problemsOf(error)).toMatchObject([{ code: 'notification-failed' }]);
    expect(JSON.stringify(problemsOf(error))).not.toMatch(/very-secret|not a url/);
  });
});
