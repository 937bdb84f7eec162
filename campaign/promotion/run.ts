/** The part `promotion` of the campaign: every kill of a cut-over, its worlds shared, its outcomes kept in a file. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { seeded } from '../random.ts';
import { brokenInvariants } from './invariants.ts';
import { type Played, play } from './play.ts';
import { describe, type Measure, type Scenario, scenarios, WAYS, type Way } from './scenario.ts';
import { type Outcome, writeSection } from './table.ts';
import { openStage, type Stage } from './world.ts';

export interface Wish {
  readonly seed: number;
  /** A few of every cut-over. */
  readonly quick: boolean;
  readonly jobs: number;
  /** Outcomes are kept here, and an interrupted campaign goes on from there. */
  readonly results: string | undefined;
  /** No new run is begun after so many. */
  readonly minutes: number;
  readonly write: boolean;
}

const CASES_PER_STAGE = 40;
/** Of an undisturbed cut-over the median is told. */
const MEASURED = 3;
const QUICK = 8;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** How many runs broke something. */
export async function runPromotion(action: string, wish: Wish): Promise<number> {
  const kept = linesOf(wish.results);
  const measures = (kept[0] as readonly Measure[] | undefined) ?? (await measureAll(action));
  if (wish.results !== undefined && kept.length === 0)
    writeFileSync(wish.results, `${JSON.stringify(measures)}\n`);
  for (const { way, events, calls, outageMs } of measures)
    say(`An undisturbed ${way}: ${events} events, ${calls.length} calls, ${outageMs} ms without an answer.`);
  const all = scenarios(seeded(wish.seed), measures);
  const wanted = wish.quick
    ? measures.flatMap(({ way }) => all.filter((each) => each.way === way).slice(0, QUICK))
    : all;
  const outcomes = await playAll(action, wish, wanted, kept.slice(1) as readonly Outcome[]);
  const bad = outcomes.filter(({ broken }) => broken.length > 0);
  say(`\n${outcomes.length - bad.length} of ${outcomes.length} cut-overs kept every invariant.`);
  for (const { scenario, broken, hit } of bad)
    say(`  ${describe(scenario)} [${hit}]\n    ${broken.join('\n    ')}`);
  if (wish.write) writeSection({ outcomes, measures, seed: wish.seed, planned: wanted.length });
  return bad.length;
}

const linesOf = (file: string | undefined): readonly unknown[] =>
  file === undefined || !existsSync(file)
    ? []
    : readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line): unknown => JSON.parse(line));

async function measureAll(action: string): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const way of Object.keys(WAYS) as readonly Way[]) {
    await using stage = await openStage(way, action);
    const seen: Played[] = [];
    for (let count = 0; count < MEASURED; count += 1) {
      const played = await play(stage, action, { way, cut: undefined, next: 'post' });
      const broken = brokenInvariants(played, stage);
      if (played.first.outputs.status !== 'promoted' || broken.length > 0)
        throw new Error(`Undisturbed, and yet: ${broken.join('; ')} ${played.first.stdout.slice(-500)}`);
      seen.push(played);
    }
    const [, middle] = [...seen].sort((a, b) => a.outageMs - b.outageMs);
    if (middle === undefined) throw new Error('nothing was measured');
    measures.push({
      ...{ way, events: middle.events, outageMs: middle.outageMs },
      calls: middle.firstCalls.map((call) => call.action),
    });
  }
  return measures;
}

async function playAll(
  action: string,
  { minutes, jobs, results }: Wish,
  wanted: readonly Scenario[],
  kept: readonly Outcome[],
): Promise<readonly Outcome[]> {
  const outcomes = [...kept];
  const done = new Set(kept.map(({ scenario }) => JSON.stringify(scenario)));
  const queue = wanted.filter((each) => !done.has(JSON.stringify(each)));
  const until = Date.now() + minutes * 60_000;
  const work = async (): Promise<void> => {
    while (queue.length > 0 && Date.now() < until) {
      const some = takeAlike(queue);
      await using stage = await openStage(some[0]?.way ?? 'rename', action);
      for (const scenario of some) {
        if (Date.now() >= until) return;
        const outcome = await playOne(stage, action, scenario);
        outcomes.push(outcome);
        if (results !== undefined) appendFileSync(results, `${JSON.stringify(outcome)}\n`);
        tell(outcome, outcomes.length, wanted.length);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(6, jobs)) }, work));
  return outcomes;
}

/** The next ones of one kind, which can share a world. */
function takeAlike(queue: Scenario[]): readonly Scenario[] {
  const way = queue[0]?.way;
  const some = queue.filter((each) => each.way === way).slice(0, CASES_PER_STAGE);
  for (const each of some) queue.splice(queue.indexOf(each), 1);
  return some;
}

async function playOne(stage: Stage, action: string, scenario: Scenario): Promise<Outcome> {
  const began = Date.now();
  const outcome = { scenario, hit: '', ends: '', killed: false, outageMs: 0, postLeftNobody: false };
  try {
    const played = await play(stage, action, scenario);
    const { hit, killed, next, outageMs } = played;
    return {
      ...{ scenario, hit, killed, outageMs, broken: brokenInvariants(played, stage) },
      ends: next
        .map(({ by, outputs, serves }) => `${by}: ${outputs.status ?? '-'}, ${serverOf(serves)}`)
        .join(' / '),
      postLeftNobody: next[0]?.by === 'post' && next[0].serves === '',
      ms: Date.now() - began,
    };
  } catch (error) {
    const broken = [`the campaign itself: ${error instanceof Error ? error.message : String(error)}`];
    return { ...outcome, broken, ms: Date.now() - began };
  }
}

const serverOf = (rows: string): string => rows.split(' ')[0] || 'nobody';

function tell({ scenario, broken, hit, ends, ms }: Outcome, done: number, all: number): void {
  say(
    `${String(done).padStart(4)}/${all} ${broken.length === 0 ? 'kept  ' : 'BROKEN'} ${(ms / 1000).toFixed(1)} s  ${describe(scenario)} [${hit}] → ${ends}`,
  );
  for (const line of broken) say(`            ${line}`);
}
