/** The process dies at every line of its journal; another job, which knows only the names and the tags, goes on. */
import { expect, test } from '@jest/globals';
import { Killed, PROMOTER, RESTORED, Stage } from './promote-stage.ts';

const LATER = { ...PROMOTER, runId: '9001' };
const MUTATING = ['rename', 'tag', 'mend', 'retarget'] as const;

/** Plays one job and kills it at the event with that index; true when it came that far. */
async function killedAt(stage: Stage, index: number, change = {}): Promise<boolean> {
  let count = 0;
  let dead = false;
  const die = (): never => {
    throw new Killed(`at ${index}`);
  };
  for (const call of MUTATING) stage.cloud.faults[call] = () => (dead ? die() : undefined);
  try {
    await stage.promote(change, {
      onEvent: () => {
        dead ||= count === index;
        count += 1;
        if (dead) die();
      },
    });
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  for (const call of MUTATING) delete stage.cloud.faults[call];
  return dead;
}

/** Seconds until the other job begins: at once, within the rename, and long after it. */
const PAUSES = [0, 20_000, 600_000];

async function everyKill(
  first: object,
  prepare: (stage: Stage) => Promise<void>,
  then: object,
  check: (stage: Stage, where: string) => void,
): Promise<number> {
  let kills = 0;
  for (const pause of PAUSES) {
    for (let index = 0; index < 200; index += 1) {
      const stage = new Stage();
      await prepare(stage);
      const before = stage.renames.length;
      if (!(await killedAt(stage, index, first))) break;
      await stage.clock.sleep(pause);
      const { status, run } = await stage.promote(then, { as: LATER });
      const where = `event ${index}, ${pause} ms later: ${run.problems.map((each) => each.detail).join()}`;
      expect([where, status]).toEqual([where, status === 'refused' ? 'refused' : 'promoted']);
      expect([where, stage.served]).not.toEqual([where, 'nobody']);
      // AWS was never asked twice for what it had already begun to do.
      const asked = stage.renames.slice(before);
      if (pause > 0) expect([where, new Set(asked).size]).toEqual([where, asked.length]);
      check(stage, where);
      kills += 1;
    }
  }
  return kills;
}

const none = async (): Promise<void> => undefined;

test('a promotion killed anywhere is finished by the next job', async () => {
  const kills = await everyKill({}, none, {}, (stage, where) => {
    expect([where, stage.served]).toEqual([where, 'new']);
    expect(`${where} ${stage.names.join()}`).toMatch(/ shop-prod-replaced-900[01]-1,shop-prod$/);
    expect([where, stage.phases]).toEqual([where, ['replaced', 'promoted']]);
  });
  expect(kills).toBeGreaterThan(45);
});

test('a promotion killed anywhere is undone by the next job', async () => {
  const kills = await everyKill(
    {},
    none,
    { promote: 'undo', restoredIdentifier: undefined },
    (stage, where) => {
      expect([where, stage.served]).toEqual([where, 'old']);
      expect([where, stage.names]).toEqual([where, ['shop-prod', RESTORED]]);
    },
  );
  expect(kills).toBeGreaterThan(45);
});

const UNDO = { promote: 'undo', restoredIdentifier: undefined } as const;
const promoted = async (stage: Stage): Promise<void> => {
  expect((await stage.promote()).status).toBe('promoted');
};

test('an undo killed anywhere is finished by the next job', async () => {
  await everyKill(UNDO, promoted, UNDO, (stage, where) => {
    expect([where, stage.served]).toEqual([where, 'old']);
    expect([where, stage.phases]).toEqual([where, ['undone', 'undone']]);
  });
});

test('an undo killed anywhere is taken back by a promotion', async () => {
  await everyKill(UNDO, promoted, {}, (stage, where) => {
    expect([where, stage.served]).toEqual([where, 'new']);
    expect(`${where} ${stage.names.join()}`).toMatch(/ shop-prod-replaced-900[01]-1,shop-prod$/);
  });
});
