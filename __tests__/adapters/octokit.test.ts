import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BOT, type GitHub, startGitHub } from '../../lab/github.ts';
import { createReview } from '../../src/adapters/octokit/review.ts';
import { problemsOf } from '../../src/domain/problem.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { Review } from '../../src/ports/review.ts';

const TOKEN = 'ghs_very-secret';
const MARKER = '<!-- guarded-migrate: . shop-prod -->';
const OTHER = '<!-- guarded-migrate: api api-prod -->';
const SHA = 'c0ffee1234567890c0ffee1234567890c0ffee12';
const MIRA = { login: 'mira', type: 'User' } as const;

let github: GitHub;
let folder: string;
let pauses: number[];

beforeEach(async () => {
  pauses = [];
  folder = mkdtempSync(join(tmpdir(), 'gm-review-'));
  github = await startGitHub();
});

afterEach(async () => {
  await github.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Setup {
  readonly event?: unknown;
  readonly token?: string | undefined;
  readonly api?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

function review({ event = { pull_request: { number: 7 } }, ...setup }: Setup = {}): Review {
  const path = join(folder, 'event.json');
  writeFileSync(path, typeof event === 'string' ? event : JSON.stringify(event));
  const token = 'token' in setup ? setup.token : TOKEN;
  return createReview({
    token: token === undefined ? undefined : new Secret(token),
    environment: {
      GITHUB_API_URL: setup.api ?? github.url,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_EVENT_PATH: path,
      ...setup.environment,
    },
    clock: {
      now: () => Date.now(),
      sleep: async (ms) => {
        pauses.push(ms);
      },
      random: () => 0,
    },
    timeoutMs: 500,
    ...(setup.signal === undefined ? {} : { signal: setup.signal }),
  });
}

const bodies = (): readonly string[] => github.comments.map(({ body }) => body);
const writes = (): readonly string[] => github.requests.filter((each) => !each.startsWith('GET'));

describe('the comment', () => {
  beforeEach(() => github.allow(TOKEN));

  test('is created, left alone, replaced', async () => {
    expect(await review().comment(MARKER, `${MARKER}\none`)).toBe('created');
    expect(await review().comment(MARKER, `${MARKER}\none\n`)).toBe('unchanged');
    expect(await review().comment(MARKER, `${MARKER}\ntwo`)).toBe('updated');
    expect(bodies()).toEqual([`${MARKER}\ntwo`]);
    expect(writes()).toHaveLength(2);
    expect(github.comments[0]?.issue).toBe(7);
  });

  test('is found behind hundreds of others', async () => {
    for (let index = 0; index < 250; index += 1) github.addComment(7, MIRA, `talk ${index}`);
    const ours = github.addComment(7, BOT, `${MARKER}\nold`);
    for (let index = 0; index < 60; index += 1) github.addComment(7, MIRA, `more talk ${index}`);
    expect(await review().comment(MARKER, `${MARKER}\nnew`)).toBe('updated');
    expect(github.comments.find(({ id }) => id === ours.id)?.body).toBe(`${MARKER}\nnew`);
    expect(github.comments).toHaveLength(311);
  });

  test('of another project and of a person stay as they are', async () => {
    github.addComment(7, BOT, `${OTHER}\nother`);
    github.addComment(7, MIRA, `${MARKER}\nwritten by hand`);
    github.addComment(7, BOT, `quoted: ${MARKER}`);
    github.addComment(8, BOT, `${MARKER}\nother pull request`);
    const before = bodies();
    expect(await review().comment(MARKER, `${MARKER}\nnew`)).toBe('created');
    expect(bodies()).toEqual([...before, `${MARKER}\nnew`]);
  });

  test('of a personal token is recognised by its person', async () => {
    github.allow('ghp_mira', { user: MIRA });
    github.addComment(7, { login: 'eve', type: 'User' }, `${MARKER}\nby eve`);
    expect(await review({ token: 'ghp_mira' }).comment(MARKER, `${MARKER}\none`)).toBe('created');
    expect(await review({ token: 'ghp_mira' }).comment(MARKER, `${MARKER}\ntwo`)).toBe('updated');
    expect(bodies()).toEqual([`${MARKER}\nby eve`, `${MARKER}\ntwo`]);
  });

  test('that all is well is only told where something else was told', async () => {
    expect(await review().comment(MARKER, `${MARKER}\ngreen`, 'if-there')).toBe('skipped');
    github.addComment(7, BOT, `${MARKER}\nred`);
    expect(await review().comment(MARKER, `${MARKER}\ngreen`, 'if-there')).toBe('updated');
    expect(bodies()).toEqual([`${MARKER}\ngreen`]);
  });

  test('that exists twice, after a race, is one again', async () => {
    github.addComment(7, BOT, `${MARKER}\nfirst`);
    github.addComment(7, BOT, `${MARKER}\nsecond`);
    expect(await review().comment(MARKER, `${MARKER}\nnew`)).toBe('updated');
    expect(bodies()).toEqual([`${MARKER}\nnew`]);
  });

  test.each([
    ['a comment on a pull request', { issue: { number: 7, pull_request: {} } }, 'created'],
    ['a comment on an issue', { issue: { number: 7 } }, 'skipped'],
    ['a push', { ref: 'refs/heads/main' }, 'skipped'],
    ['an event that is not JSON', '{', 'skipped'],
    ['an event that is no object', 'null', 'skipped'],
    ['a number that is none', { pull_request: { number: '7/../8' } }, 'skipped'],
  ])('after %s', async (_, event, expected) => {
    expect(await review({ event }).comment(MARKER, `${MARKER}\none`)).toBe(expected);
    expect(github.comments).toHaveLength(expected === 'created' ? 1 : 0);
  });
});

describe('a token that may not write', () => {
  test.each([
    ['of a fork', () => github.allow(TOKEN, { comments: 'read' }), {}, 'refused'],
    ['without any right', () => github.allow(TOKEN, { comments: 'none' }), {}, 'refused'],
    ['that is not there', () => undefined, { token: undefined }, 'no-token'],
    ['that is not there, after a push', () => undefined, { token: undefined, event: {} }, 'skipped'],
  ])('%s writes no comment, says so, and does not try again', async (_, prepare, setup, said) => {
    prepare();
    expect(await review(setup).comment(MARKER, `${MARKER}\none`)).toBe(said);
    expect(github.comments).toHaveLength(0);
    expect(pauses).toEqual([]);
  });

  test('is a failure when it is wrong altogether', async () => {
    const problems = await review().comment(MARKER, `${MARKER}\none`).catch(problemsOf);
    expect(problems).toMatchObject([
      { code: 'review-failed', fields: { status: '401', message: 'Bad credentials' } },
    ]);
    expect(JSON.stringify(problems)).not.toContain(TOKEN);
  });
});

describe('GitHub on a bad day', () => {
  beforeEach(() => github.allow(TOKEN));
  const comment = (setup: Setup = {}): Promise<unknown> =>
    review(setup).comment(MARKER, `${MARKER}\none`).catch(problemsOf);

  test.each([
    ['an error of the server', { status: 502 }, [1_000, 3_000]],
    ['a cut connection', { status: 0 }, [1_000, 3_000]],
    ['no answer', { status: -1 }, [1_000, 3_000]],
    ['too many requests', { status: 429, headers: { 'retry-after': '7' } }, [7_000, 7_000]],
    [
      'a secondary limit',
      { status: 403, message: 'You have exceeded a secondary rate limit' },
      [1_000, 3_000],
    ],
  ])('%s passes', async (_, fault, expected) => {
    github.fail({ ...fault, times: 2 });
    expect(await comment()).toBe('created');
    expect(pauses).toEqual(expected);
    expect(github.comments).toHaveLength(1);
  });

  test.each([
    ['an error of the server', { status: 503 }, 3, 'HTTP 503: Server Error'],
    ['a cut connection', { status: 0 }, 3, 'no answer'],
    [
      'a limit for an hour',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' } },
      1,
      'HTTP 403',
    ],
    ['a request it does not understand', { status: 422, message: `no ${TOKEN}` }, 1, 'HTTP 422: no ***'],
  ])('%s stays, and is told', async (_, fault, attempts, detail) => {
    github.fail(fault);
    const problems = await comment();
    expect(problems).toMatchObject([{ code: 'review-failed', detail: expect.stringContaining(detail) }]);
    expect(github.requests).toHaveLength(attempts);
    expect(JSON.stringify(problems)).not.toContain(TOKEN);
  });

  test('an answer that got lost makes no second comment', async () => {
    github.fail({ status: 0, method: 'POST', afterwards: true, times: 1 });
    expect(await comment()).toBe('unchanged');
    expect(github.comments).toHaveLength(1);
  });

  test('a cancelled run does not try again', async () => {
    github.fail({ status: 503 });
    expect(await comment({ signal: AbortSignal.abort() })).toMatchObject([{ code: 'review-failed' }]);
    expect(github.requests).toHaveLength(1);
  });

  test('a server that is not there', async () => {
    expect(await comment({ api: 'http://127.0.0.1:1' })).toMatchObject([{ code: 'review-failed' }]);
  });

  test('a comment that is too long is told, not lost', async () => {
    const told = review().comment(MARKER, MARKER + 'x'.repeat(70_000));
    expect(await told.catch(problemsOf)).toMatchObject([
      { code: 'review-failed', fields: { status: '422' } },
    ]);
  });
});

describe('a deployment', () => {
  const other = SHA.replace('c0ffee', 'decade');
  const deployed = (setup: Setup = {}): Promise<boolean> => review(setup).deployed('staging', SHA);
  beforeEach(() => github.allow(TOKEN));

  test.each([
    ['that succeeded', ['in_progress', 'success'], true],
    ['that a later one replaced', ['in_progress', 'success', 'inactive'], true],
    ['that is under way', ['queued', 'in_progress'], false],
    ['that failed after all', ['success', 'failure'], false],
    ['that failed and was replaced', ['failure', 'inactive'], false],
    ['without a state', [], false],
  ])('%s', async (_, states, expected) => {
    github.addDeployment('staging', SHA, states);
    expect(await deployed()).toBe(expected);
  });

  test('of another commit or environment does not count', async () => {
    github.addDeployment('staging', other, ['success']);
    github.addDeployment('preview', SHA, ['success']);
    expect(await deployed()).toBe(false);
  });

  test('of the same commit that was repeated counts once it succeeded', async () => {
    github.addDeployment('staging', SHA, ['success']);
    github.addDeployment('staging', SHA, ['failure']);
    expect(await deployed()).toBe(true);
  });

  test('with a hostile name asks for nothing else', async () => {
    expect(await review().deployed('../../x?sha=1#&environment=staging', SHA)).toBe(false);
    expect(github.requests).toHaveLength(1);
    expect(github.requests[0]).toContain('environment=..%2F..%2Fx%3Fsha%3D1%23%26environment%3Dstaging');
  });

  test.each([
    ['no right', () => github.allow(TOKEN, { deployments: 'none' }), {}, '403'],
    ['a server error', () => github.fail({ status: 500 }), {}, '500'],
    ['no token', () => undefined, { token: undefined }, undefined],
    ['no repository', () => undefined, { environment: { GITHUB_REPOSITORY: 'shop' } }, undefined],
  ])('%s is never taken for a no', async (_, prepare, setup, status) => {
    prepare();
    const problems = await deployed(setup).catch(problemsOf);
    expect(problems).toMatchObject([{ code: 'review-failed' }]);
    expect((problems as ReturnType<typeof problemsOf>)[0]?.fields.status).toBe(status);
  });
});

describe('the files of the pull request', () => {
  const many = Array.from({ length: 150 }, (_, n) => `src/${n}.ts`);

  test('added, changed and renamed, from every page; not those that go', async () => {
    github.allow(TOKEN, { comments: 'read' });
    for (const file of many) github.addFile(7, file, 'modified');
    github.addFile(7, 'prisma/migrations/2_b/migration.sql', 'added');
    github.addFile(7, 'prisma/migrations/3_c/migration.sql', 'renamed');
    github.addFile(7, 'prisma/migrations/1_a/migration.sql', 'removed');
    github.addFile(8, 'prisma/migrations/4_d/migration.sql', 'added');
    const changed = await review().changed();
    expect(changed?.size).toBe(152);
    expect([...(changed ?? [])].filter((each) => each.endsWith('.sql'))).toEqual([
      'prisma/migrations/2_b/migration.sql',
      'prisma/migrations/3_c/migration.sql',
    ]);
  });

  test.each<readonly [string, () => void, Setup]>([
    ['a push', () => github.allow(TOKEN), { event: {} }],
    ['no token', () => undefined, { token: undefined }],
    ['a token without the right', () => github.allow(TOKEN, { comments: 'none' }), {}],
    ['a wrong token', () => undefined, {}],
    ['GitHub down', () => github.fail({ status: 503 }), {}],
    ['nobody there', () => undefined, { api: 'http://127.0.0.1:9' }],
  ])('%s: nobody can tell', async (_, prepare, setup) => {
    prepare();
    expect(await review(setup).changed()).toBeUndefined();
  });
});
