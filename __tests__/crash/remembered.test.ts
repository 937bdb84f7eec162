import { describe, expect, test } from '@jest/globals';
import {
  lostJournal,
  remember,
  rememberEnd,
  remembered,
  rememberedEnd,
  rememberLostJournal,
  revived,
} from '../../src/app/remembered.ts';
import type { DeployRequest } from '../../src/domain/request.ts';
import { Secret } from '../../src/domain/secret.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { Host } from '../../src/ports/host.ts';

const WEBHOOK = 'https://hooks.slack.com/services/T000/B000/abcdefgh';
const INPUTS = {
  'INPUT_DB-INSTANCE-IDENTIFIER': 'shop-prod',
  'INPUT_AWS-REGION': 'eu-central-1',
  'INPUT_SLACK-WEBHOOK-URL': WEBHOOK,
};
const identity = {
  runId: '81',
  attempt: '2',
  repository: 'acme/shop',
  sha: 'abc',
  actor: 'ada',
  workflow: 'Deploy',
  serverUrl: 'https://github.com',
};

/** What the runner hands to the post step of what main saved. */
function kept(save: (host: Host) => void): Record<string, string> {
  const state: Record<string, string> = {};
  const saveState = (name: string, value: string): void => {
    state[`STATE_${name}`] = value;
  };
  save({ saveState } as unknown as Host);
  return state;
}

const request = (more: Partial<DeployRequest> = {}): DeployRequest => ({
  ...(parseInputs(INPUTS) as DeployRequest),
  ...more,
});

describe('what main leaves for its post step', () => {
  test('comes back as it was, without the webhook, which comes from the environment', () => {
    const state = kept((host) => remember(host, { at: 5, identity, request: request() }));
    expect(JSON.stringify(state)).not.toContain(WEBHOOK);
    const back = remembered(state);
    expect(back).toMatchObject({ at: 5, identity, request: { instance: 'shop-prod', onFailure: 'restore' } });
    if (back === undefined) throw new Error('nothing came back');
    expect(revived(back.request, INPUTS).slackWebhookUrl).toBeInstanceOf(Secret);
    expect(revived(back.request, {}).slackWebhookUrl).toBeUndefined();
  });

  test('leaves out scripts that no environment variable could hold', () => {
    const long = request({ afterCommand: 'x'.repeat(200_000) });
    const state = kept((host) => remember(host, { at: 5, identity, request: long }));
    expect(state.STATE_run?.length).toBeLessThan(64 * 1024);
    expect(remembered(state)?.request).not.toHaveProperty('afterCommand');
  });

  test.each(['', '{', 'null', '[]', '{"identity":{}}'])('nothing can be made of %j', (text) =>
    expect(remembered({ STATE_run: text })).toBeUndefined(),
  );

  test('the end and a lost journal', () => {
    expect(rememberedEnd(kept((host) => rememberEnd(host, 'applied')))).toBe('applied');
    expect(rememberedEnd({ STATE_ended: 'whatever' })).toBeUndefined();
    expect(lostJournal(kept(rememberLostJournal))).toBe(true);
    expect(lostJournal({})).toBe(false);
  });
});
