/** A sample of the fault campaign (campaign/): one of each kind, with every invariant, plus what people read. */
import { afterAll, expect, test } from '@jest/globals';
import { buildAction } from '../../campaign/action.ts';
import { brokenInvariants } from '../../campaign/invariants.ts';
import { type Played, play } from '../../campaign/play.ts';
import type { Scenario } from '../../campaign/scenario.ts';
import { openWorld } from '../../campaign/world.ts';
import { slackText } from '../e2e/deployed.ts';

const action = await buildAction();
// How long a cancelled step has is measured by the campaign; on a busy machine it would be a matter of luck.
const world = await openWorld('end', { patience: 4 });
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  action[Symbol.dispose]();
});
let numbers = 0;

type Fault = Omit<Scenario, 'deployed' | 'next' | 'writer'> & Partial<Scenario>;

async function keeps(fault: Fault, look: (played: Played) => void): Promise<void> {
  numbers += 1;
  const scenario: Scenario = { deployed: 'half', next: 'attempt', writer: true, ...fault };
  const { broken } = await play(world, action.folder, numbers, scenario, async (played) => {
    look(played);
    return brokenInvariants(world, played);
  });
  expect(broken).toEqual([]);
}

const statuses = ({ first, second }: Played): readonly (string | undefined)[] => [
  first.result.outputs.status,
  first.result.post?.outputs.status,
  second.result.outputs.status,
];
/** Prisma has begun with the file: its row is in the history. */
const AT_WORK = { type: 'migrator-line', text: 'Applying migration' } as const;

/** Two at a time: each is a server, two restores and five Node processes. */
const SLOW_MS = 180_000;

test.concurrent(
  'killed with everything in the middle of a half-applied migration',
  () =>
    keeps({ part: 'kill', what: 'kill-all', moment: AT_WORK }, (played) => {
      expect(statuses(played)).toEqual([undefined, 'restoring', 'restored']);
      expect(slackText(played.told[0]?.body ?? {})).toContain('was stopped because the job was cancelled');
      expect(played.second.result.stdout).toContain('left this database in a state that nobody has resolved');
    }),
  SLOW_MS,
);

test.concurrent(
  'main killed, its engine alive, the journal gone: by the tags of the snapshot',
  () =>
    keeps({ part: 'journal', what: 'kill-main', moment: AT_WORK, journal: 'gone' }, (played) => {
      expect(statuses(played)).toEqual([undefined, 'restoring', 'restored']);
      const [post, second] = [played.first.result.post, played.second.result];
      expect(post?.outputs['restore-time']).toBe(second.stdout.match(/restore point is (\S+Z)/)?.[1]);
    }),
  SLOW_MS,
);

test.concurrent(
  'main killed between the intent and the first word of the command: found by its mark, the journal torn',
  () =>
    keeps(
      {
        part: 'kill',
        what: 'kill-main',
        moment: { type: 'step-intended', text: '"migrate"' },
        journal: 'torn',
      },
      (played) => expect(played.first.result.post?.outputs.status).toBeDefined(),
    ),
  SLOW_MS,
);

test.concurrent(
  'cancelled as the runner does it, while Slack is down',
  () =>
    keeps(
      { part: 'cancel', what: 'cancel', moment: AT_WORK, slack: { fault: 'hang', until: 'post' } },
      (played) => {
        expect(statuses(played)).toEqual(['cancelled', 'restoring', 'restored']);
        expect(played.first.result.signal).toBeNull();
      },
    ),
  SLOW_MS,
);

test.concurrent(
  'killed when all was applied: nothing is restored, and it is told',
  () =>
    keeps(
      { part: 'kill', deployed: 'good', what: 'kill-all', moment: { type: 'migrator-ended' } },
      (played) => {
        expect(statuses(played)).toEqual([undefined, 'applied', 'up-to-date']);
        expect(played.told).toHaveLength(1);
      },
    ),
  SLOW_MS,
);

test.concurrent(
  'a full disk: the journal stops, the deploy does not',
  () =>
    keeps({ part: 'disk', deployed: 'good', disk: { fullAtBytes: 8000 } }, (played) =>
      expect(statuses(played)).toEqual(['applied', undefined, 'up-to-date']),
    ),
  SLOW_MS,
);
