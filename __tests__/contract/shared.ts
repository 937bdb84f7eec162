import type { RunIdentity } from '../../src/domain/request.ts';

export const RUN: RunIdentity = {
  runId: '81',
  attempt: '1',
  repository: 'acme/shop',
  sha: 'abc',
  actor: 'ann',
  workflow: 'Deploy',
  serverUrl: 'https://github.com',
};
const MANY_PAUSES = 600;

/** Looks until the condition holds, with a pause of the world between two looks. */
export const waiting =
  (pause: () => Promise<void>) =>
  async <T>(look: () => Promise<T>, done: (seen: T) => boolean): Promise<T> => {
    for (let turn = 0; turn < MANY_PAUSES; turn += 1) {
      const seen = await look();
      if (done(seen)) return seen;
      await pause();
    }
    throw new Error('waited in vain');
  };
