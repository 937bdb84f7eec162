/**
 * Labelled failures on a real PostgreSQL, through the real Prisma CLI, in both ways in which Prisma sends a file.
 * A sample by default; `VERDICT_CASES=all` runs every case in every mode, `VERDICT_CASES=<words>` those whose name
 * contains the words. `VERDICT_TABLE=1` prints the counts.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../../lab/postgres/index.ts';
import { type Expected, MODES, type Mode, type VerdictCase } from './case.ts';
import { CASES } from './cases/index.ts';
import { table } from './counts.ts';
import { MissedStrike } from './meanwhile.ts';
import { Pool } from './pool.ts';
import { forget, play, type Seen } from './world.ts';

const wanted = process.env.VERDICT_CASES ?? '';
const PLACES = 3;

/** By default every fifth case in one of its modes, and all of those in which a careless guard would lie. */
function chosenModes(the: VerdictCase, index: number): readonly Mode[] {
  const here = MODES.filter((mode) => the.expected[mode] !== undefined);
  if (wanted !== '') return here;
  if (the.kind === 'what no counter shows') return here.slice(-1);
  if (the.slow || index % 5 !== 0) return [];
  return here.length < 2 ? here : here.filter((_, place) => place === (index / 5) % 2);
}

const runs = CASES.flatMap((the, index) =>
  chosenModes(the, index).map((mode) => ({ the, mode, title: `${the.kind}: ${the.name} (${mode})` })),
).filter((each) => wanted === '' || wanted === 'all' || each.title.includes(wanted));

let cluster: Cluster;
const pool = new Pool(PLACES);
const seen = new Map<string, Promise<Seen>>();

const TRIES = 4;

/** On a busy machine the CLI may not get its connection in time: then the case was not played either. */
const neverBegan = ({ verdict }: Seen, the: VerdictCase, mode: Mode): boolean =>
  /^[0-9A-Z]{5}$/.test(the.expected[mode]?.code ?? '') &&
  verdict.evidence.some((each) => each.startsWith('no pending migration was started'));

/** Plays a case again when its own fault could not be injected in time. */
async function playWell(the: VerdictCase, mode: Mode): Promise<Seen> {
  for (let round = 1; ; round += 1) {
    try {
      const seen = await play(cluster, the, mode);
      if (round === TRIES || !neverBegan(seen, the, mode)) return seen;
    } catch (error) {
      if (!(error instanceof MissedStrike) || round === TRIES) throw error;
    }
  }
}

beforeAll(async () => {
  cluster = await startCluster({
    name: 'verdict',
    archive: false,
    users: [{ name: 'limited', password: 'limited-1' }],
  });
  for (const { the, mode, title } of runs) {
    const played = pool.run(() => playWell(the, mode));
    played.catch(() => undefined);
    seen.set(title, played);
  }
});

afterAll(async () => {
  pool.stop();
  await Promise.allSettled(seen.values());
  await cluster?.stop();
  forget();
});

const of = (title: string): Promise<Seen> =>
  seen.get(title) ?? Promise.reject(new Error(`${title} was not run`));

/** Everything that is promised about a verdict, in one object, so that a failure shows all of it. */
function promised(expected: Expected): Readonly<Record<string, unknown>> {
  return {
    truth: expected.truth,
    state: expected.state,
    ok: expected.ok ?? false,
    failed: expected.ok ? undefined : (expected.failed ?? '1_first'),
    retryable: expected.retryable ?? false,
    ...(expected.code === undefined ? {} : { code: expected.code ?? undefined }),
  };
}

describe('verdicts', () => {
  test.each(runs)(
    '$title',
    async ({ the, mode, title }) => {
      const { verdict, differing } = await of(title);
      const truth = differing.length > 0 ? 'different' : 'same';
      if (truth === 'different') expect(verdict.state).not.toBe('unchanged');
      const expected = the.expected[mode];
      if (expected === undefined) throw new Error('a run without a label');
      const { state, ok, failedMigration: failed, retryable, error } = verdict;
      const said = { truth, state, ok, failed, retryable, code: error?.code };
      expect({ ...said, differing, evidence: verdict.evidence, error }).toMatchObject(promised(expected));
      // A place that is named must be the right one; whether it is named is counted below.
      if (expected.line !== undefined && verdict.statement !== undefined)
        expect({ ...verdict.statement, error }).toMatchObject({ line: expected.line });
    },
    300_000,
  );
});

describe('over all runs', () => {
  test('nothing that differs was called unchanged', async () => {
    const lies: string[] = [];
    for (const [title, each] of seen) {
      const { verdict, differing } = await each;
      if (verdict.state === 'unchanged' && differing.length > 0)
        lies.push(`${title}: ${differing.join(', ')}`);
    }
    expect(lies).toEqual([]);
  }, 120_000);

  test('the failing line was found in four of five cases that have one', async () => {
    const asked = runs.filter(({ the, mode }) => typeof the.expected[mode]?.line === 'number');
    const missed: string[] = [];
    for (const { title } of asked) if ((await of(title)).verdict.statement === undefined) missed.push(title);
    if (process.env.VERDICT_TABLE !== undefined) process.stdout.write(`not found:\n${missed.join('\n')}\n`);
    expect(missed.length).toBeLessThanOrEqual(asked.length / 5);
  });

  test('the labels are many and of every kind', async () => {
    if (process.env.VERDICT_TABLE !== undefined) process.stdout.write(`${await table(runs, of)}\n`);
    if (wanted !== '' && wanted !== 'all') return;
    expect(CASES.length).toBeGreaterThanOrEqual(100);
    expect(runs.length).toBeGreaterThanOrEqual(50);
    expect(new Set(CASES.map((each) => `${each.kind}: ${each.name}`)).size).toBe(CASES.length);
  });
});
