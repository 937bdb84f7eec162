/**
 * Labelled failures on a real PostgreSQL, through the real Prisma CLI, in both ways in which Prisma sends a file.
 * A sample by default; `VERDICT_CASES=all` runs every case in every mode, `VERDICT_CASES=<words>` those whose name
 * contains the words. `VERDICT_TABLE=1` prints the counts.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../../lab/postgres/index.ts';
import { MODES, type Mode, type VerdictCase } from './case.ts';
import { CASES } from './cases/index.ts';
import { forget } from './deploy.ts';
import { Pool } from './pool.ts';
import { Plays, runsOf, testVerdicts, wanted } from './suite.ts';
import { play } from './world.ts';

const PLACES = 3;

/** By default every eighth case in one of its modes, and all of those in which a careless guard would lie. */
function chosenModes(the: VerdictCase, index: number): readonly Mode[] {
  const here = MODES.filter((mode) => the.expected[mode] !== undefined);
  if (wanted !== '') return here;
  if (the.kind === 'what no counter shows') return here.slice(-1);
  if (the.slow || index % 8 !== 0) return [];
  return here.length < 2 ? here : here.filter((_, place) => place === (index / 8) % 2);
}

const runs = runsOf(CASES, chosenModes);
let cluster: Cluster;
let plays: Plays<Mode>;

beforeAll(async () => {
  cluster = await startCluster({
    name: 'verdict',
    archive: false,
    users: [{ name: 'limited', password: 'limited-1' }],
  });
  plays = new Plays(new Pool(PLACES), runs, ({ the, mode }) => play(cluster, the, mode));
});

afterAll(async () => {
  await plays?.stop();
  await cluster?.stop();
  forget();
});

testVerdicts(runs, () => plays);

test('the labels are many and of every kind', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(100);
  expect(new Set(CASES.map((each) => `${each.kind}: ${each.name}`)).size).toBe(CASES.length);
  if (wanted === '' || wanted === 'all') expect(runs.length).toBeGreaterThanOrEqual(35);
});
