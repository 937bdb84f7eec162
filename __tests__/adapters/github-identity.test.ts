import { describe, expect, test } from '@jest/globals';
import { readIdentity } from '../../src/adapters/github/identity.ts';

const NOW = Date.UTC(2026, 10, 21, 9, 5, 7);

describe('who runs', () => {
  test('in GitHub Actions', () => {
    const env = {
      GITHUB_RUN_ID: '81',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_SHA: 'abc',
      GITHUB_ACTOR: 'ann',
      GITHUB_TRIGGERING_ACTOR: 'bob',
      GITHUB_WORKFLOW: 'Deploy',
      GITHUB_SERVER_URL: 'https://ghe.acme.test/',
    };
    expect(readIdentity(env, NOW)).toEqual({
      runId: '81',
      attempt: '2',
      repository: 'acme/shop',
      sha: 'abc',
      actor: 'bob',
      workflow: 'Deploy',
      serverUrl: 'https://ghe.acme.test',
    });
  });

  test.each([{}, { GITHUB_RUN_ID: '', GITHUB_SHA: '  ' }])('on a desk: %j', (env) => {
    expect(readIdentity(env, NOW)).toEqual({
      runId: 'local-20261121090507',
      attempt: '1',
      repository: 'local',
      sha: 'unknown',
      actor: 'unknown',
      workflow: 'local',
      serverUrl: 'https://github.com',
    });
  });

  test('the person at the desk is named', () => {
    expect(readIdentity({ USER: 'ann' }, NOW).actor).toBe('ann');
  });
});
