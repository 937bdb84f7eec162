/** `npm run bench`, or `npm run bench -- <name>...` for some. Exits 1 when a target is missed or a bench broke. */
import { availableParallelism, loadavg } from 'node:os';
import { alarm } from './alarm.ts';
import { cancel } from './cancel.ts';
import { hazards } from './hazards.ts';
import { type Bench, type Line, missed, show } from './measure.ts';
import { memory } from './memory.ts';
import { overhead } from './overhead.ts';
import { poller } from './poller.ts';
import { quiet } from './quiet.ts';
import { recovery } from './recovery.ts';
import { refusal, size } from './refusal.ts';
import { fingerprint, folder } from './scale.ts';

const benches: readonly Bench[] = [
  quiet,
  refusal,
  size,
  overhead,
  alarm,
  cancel,
  poller,
  recovery,
  fingerprint,
  folder,
  hazards,
  memory,
];

const cores = availableParallelism();
const load = (): number => loadavg()[0] ?? 0;

async function measure(bench: Bench): Promise<readonly Line[] | undefined> {
  console.log(`\n${bench.name}: ${bench.about}`);
  const began = performance.now();
  try {
    const lines = await bench.run();
    for (const line of lines) console.log(show(line));
    return lines;
  } catch (error) {
    console.log(`  BROKEN  ${error instanceof Error ? error.message : error}`);
    return undefined;
  } finally {
    console.log(`        ${((performance.now() - began) / 1000).toFixed(0)} s, load ${load().toFixed(1)}`);
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
console.log(`Node ${process.version}, ${process.platform} ${process.arch}, ${cores} cores`);
const loads = [load()];
const found: (readonly Line[] | undefined)[] = [];
for (const bench of benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  found.push(await measure(bench));
  loads.push(load());
}
const goals = found.flatMap((lines) => lines ?? []).filter(({ target }) => target !== undefined);
const failures = goals.filter(missed);
const broken = found.filter((lines) => lines === undefined).length;
console.log(`\n${goals.length - failures.length} of ${goals.length} targets met, ${broken} benches broken`);
// The benches themselves keep about one core and a half busy.
if (Math.max(...loads) > cores + 1)
  console.log(
    `The machine was busy (load up to ${Math.max(...loads).toFixed(1)}): absolute times are too long.`,
  );
process.exitCode = failures.length + broken > 0 ? 1 : 0;
