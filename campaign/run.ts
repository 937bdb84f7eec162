/**
 * The fault campaign: `npm run campaign -- [--dialect mysql] [--seed N] [--quick] [--random N] [--sample N] [--only PART]
 * [--jobs 1..6] [--write]`.
 * Breaks main in every way, lets the post step and a second attempt follow, and checks from outside what must hold.
 * Ends with 1 when anything did not. `--write` puts the table into docs/campaign.md. `--results FILE` keeps every
 * outcome; a campaign that was interrupted goes on from there with the same seed. `--minutes N` begins no new run after
 * that time. The part `promotion` kills cut-overs and has a list, a file (`FILE.promotion`) and a section of its own; it
 * comes last, or alone with `--only promotion`. `--sample N` plays N of the list, of every part in turn.
 * `--dialect mysql` plays the deploys on the first MySQL or MariaDB server found (`MYSQLD` names one), with a file
 * (`FILE.mysql`, `FILE.mariadb`) and a section of its own for each; it has no cut-overs.
 */
import { parseArgs } from 'node:util';
import { dialectOf } from '../src/domain/dialect.ts';
import { buildAction } from './action.ts';
import { brokenInvariants } from './invariants.ts';
import type { Campaign, Outcome } from './overview.ts';
import { type Played, play } from './play.ts';
import { runPromotion } from './promotion/run.ts';
import { seeded } from './random.ts';
import { openResults } from './results.ts';
import { describe, PARTS, type Scenario } from './scenario.ts';
import { type Measure, sample, scenarios } from './scenarios.ts';
import { writeServerSection } from './section.ts';
import { storeOf } from './stores/index.ts';
import type { Deployed } from './stores/store.ts';
import { writeTable } from './table.ts';
import { openWorld, type World } from './world.ts';

const { values } = parseArgs({
  options: {
    dialect: { type: 'string', default: 'postgresql' },
    seed: { type: 'string', default: '20260301' },
    quick: { type: 'boolean', default: false },
    random: { type: 'string', default: '200' },
    sample: { type: 'string', default: 'Infinity' },
    only: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    results: { type: 'string' },
    minutes: { type: 'string', default: 'Infinity' },
    write: { type: 'boolean', default: false },
  },
});

const seed = Number(values.seed);
const minutes = Number(values.minutes);
const PROMOTION = 'promotion';
const dialect = dialectOf(values.dialect);
const store = storeOf(dialect ?? 'postgresql');
const results = openResults(
  values.results === undefined || store.dialect === 'postgresql'
    ? values.results
    : `${values.results}.${store.server}`,
);
/** The restored servers of a world go with it. */
const CASES_PER_WORLD = 6;
const say = (text: string): void => void process.stdout.write(`${text}\n`);
let numbers = 0;

async function main(): Promise<number> {
  using action = await buildAction();
  const began = Date.now();
  const code = values.only === PROMOTION ? 0 : await deploys(action.folder);
  if (store.dialect === 'mysql' || (values.only !== undefined && values.only !== PROMOTION)) return code;
  const { quick, write, jobs } = values;
  const bad = await runPromotion(action.folder, {
    ...{ seed, quick, write, jobs: Number(jobs) },
    results: values.results === undefined ? undefined : `${values.results}.promotion`,
    minutes: minutes - (Date.now() - began) / 60_000,
  });
  return bad === 0 ? code : 1;
}

async function deploys(action: string): Promise<number> {
  const measure = results.measure ?? (await undisturbed(action));
  results.begin(measure);
  say(
    `An undisturbed deploy: ${measure.events.half} events when it half-applies, ${measure.events.good} when it is good, ${measure.ms} ms.`,
  );
  const all = scenarios(seeded(seed), measure, { quick: values.quick, randomKills: Number(values.random) });
  const listed = all.filter((each) => values.only === undefined || each.part === values.only);
  const wanted = sample(listed, Number(values.sample));
  const outcomes = await playAll(action, wanted);
  const bad = outcomes.filter(({ broken }) => broken.length > 0);
  say(
    `\n${outcomes.length - bad.length} of ${outcomes.length} runs kept every invariant (seed ${seed}, ${wanted.length} planned).`,
  );
  for (const { scenario, broken, hit } of bad)
    say(`  ${describe(scenario)} [${hit}]\n    ${broken.join('\n    ')}`);
  if (values.write) write({ outcomes, seed, measure, planned: wanted.length, listed: listed.length });
  return bad.length === 0 ? 0 : 1;
}

const write = (campaign: Campaign): void =>
  store.dialect === 'mysql' ? writeServerSection(campaign, store) : writeTable(campaign);

/** How many events a deploy writes and how long it takes here, to aim the faults. */
async function undisturbed(action: string): Promise<Measure> {
  await using world = await openWorld('end', { store });
  const look = async (deployed: Deployed): Promise<{ readonly events: number; readonly ms: number }> => {
    let events = 0;
    const scenario: Scenario = { part: 'kill', deployed, next: 'attempt', writer: false };
    numbers += 1;
    const { broken, played } = await play(world, action, numbers, scenario, async (seen) => {
      events = seen.firstJournal.length;
      return brokenInvariants(world, seen);
    });
    if (broken.length > 0) throw new Error(`Undisturbed, and yet: ${broken.join('; ')}`);
    return { events, ms: played.first.result.durationMs };
  };
  const [good, half] = [await look('good'), await look('half')];
  return { events: { good: good.events, half: half.events }, ms: Math.round(half.ms) };
}

async function playAll(action: string, wanted: readonly Scenario[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [...results.outcomes];
  const done = new Set(outcomes.map(({ scenario }) => JSON.stringify(scenario)));
  const until = Date.now() + minutes * 60_000;
  const queue = wanted.filter((each) => !done.has(JSON.stringify(each)));
  const work = async (): Promise<void> => {
    while (queue.length > 0 && Date.now() < until) {
      const some = queue.splice(0, CASES_PER_WORLD);
      await using world = await openWorld(numbers % 2 === 0 ? 'end' : 'start', { store });
      for (const scenario of some) {
        if (Date.now() >= until) return;
        const outcome = await playOne(world, action, scenario);
        outcomes.push(outcome);
        results.keep(outcome);
        tell(outcome, outcomes.length, wanted.length);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(6, Number(values.jobs)) }, work));
  return outcomes;
}

async function playOne(world: World, action: string, scenario: Scenario): Promise<Outcome> {
  numbers += 1;
  const began = Date.now();
  try {
    const { broken, played } = await play(world, action, numbers, scenario, (seen) =>
      brokenInvariants(world, seen),
    );
    return {
      scenario,
      broken,
      hit: played.hit,
      ends: endsOf(played),
      ms: Date.now() - began,
      cancelMs: played.cancelMs,
    };
  } catch (error) {
    const broken = [`the campaign itself: ${error instanceof Error ? error.message : String(error)}`];
    return { scenario, broken, hit: '', ends: '', ms: Date.now() - began, cancelMs: undefined };
  }
}

const endsOf = ({ first, second }: Played): string =>
  [first.result.outputs.status, first.result.post?.outputs.status, second.result.outputs.status]
    .map((each) => each ?? '-')
    .join(' / ');

function tell({ scenario, broken, hit, ends, ms }: Outcome, done: number, all: number): void {
  say(
    `${String(done).padStart(4)}/${all} ${broken.length === 0 ? 'kept  ' : 'BROKEN'} ${(ms / 1000).toFixed(1)} s  ${describe(scenario)} [${hit}] → ${ends}`,
  );
  for (const line of broken) say(`            ${line}`);
}

const parts = [...Object.keys(PARTS), PROMOTION];
if (dialect === undefined) {
  say('--dialect takes postgresql or mysql.');
  process.exitCode = 2;
} else if (values.only !== undefined && !parts.includes(values.only)) {
  say(`--only takes one of ${parts.join(', ')}.`);
  process.exitCode = 2;
} else process.exitCode = await main();
