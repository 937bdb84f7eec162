/** The figures of a campaign, as both its page and the sections about other servers show them. */
import { INVARIANTS, type Invariant } from './invariants.ts';
import { describe, PARTS, type Part, type Scenario } from './scenario.ts';
import type { Measure } from './scenarios.ts';

export interface Outcome {
  readonly scenario: Scenario;
  readonly broken: readonly string[];
  readonly hit: string;
  /** Status told by main, by the post step, by the second attempt. */
  readonly ends: string;
  readonly ms: number;
  /** From the cancel to the end of main. */
  readonly cancelMs: number | undefined;
}

export interface Campaign {
  readonly outcomes: readonly Outcome[];
  readonly seed: number;
  readonly measure: Measure;
  /** Length of the whole list; fewer were played when the time was up. */
  readonly planned: number;
  /** Length of the list before a sample was taken of it. */
  readonly listed: number;
}

/** What was kept, how long it took, and a row for each fault. */
export function overview({ outcomes, measure }: Campaign): readonly string[] {
  const kept = keptOf(outcomes);
  return [
    `**${kept} of ${outcomes.length} runs kept every invariant (${percent(kept, outcomes.length)}).**`,
    '',
    `An undisturbed deploy writes ${measure.events.half} journal events when it half-applies and ${measure.events.good} when it is good.`,
    ...cancelLine(outcomes),
    '',
    '| fault | runs | kept | |',
    '| --- | ---: | ---: | ---: |',
    ...(Object.keys(PARTS) as readonly Part[]).flatMap((part) => row(part, outcomes)),
    `| **all** | ${outcomes.length} | ${kept} | ${percent(kept, outcomes.length)} |`,
  ];
}

/** How they ended, and each that broke something under a heading of that level. */
export const endingsTable = ({ outcomes }: Campaign, level: string): readonly string[] => [
  '| main / post / second | runs |',
  '| --- | ---: |',
  ...endings(outcomes),
  ...failures(outcomes, level),
];

const keptOf = (outcomes: readonly Outcome[]): number =>
  outcomes.filter(({ broken }) => broken.length === 0).length;

export const brokenBy = (outcomes: readonly Outcome[]): readonly (readonly [Invariant, number])[] =>
  (Object.keys(INVARIANTS) as readonly Invariant[]).map((name) => [
    name,
    outcomes.filter(({ broken }) => broken.some((line) => line.startsWith(`${name}:`))).length,
  ]);

function cancelLine(outcomes: readonly Outcome[]): readonly string[] {
  const all = outcomes
    .flatMap(({ cancelMs }) => (cancelMs === undefined ? [] : [cancelMs]))
    .sort((a, b) => a - b);
  return all.length === 0
    ? []
    : [
        `From the cancel to the end of main: median ${all[Math.floor(all.length / 2)]} ms, at most ${all.at(-1)} ms, in ${all.length} runs.`,
      ];
}

const percent = (part: number, all: number): string =>
  all === 0 ? '-' : `${Math.floor((1000 * part) / all) / 10} %`;

function row(part: Part, outcomes: readonly Outcome[]): readonly string[] {
  const mine = outcomes.filter(({ scenario }) => scenario.part === part);
  const kept = keptOf(mine);
  return mine.length === 0
    ? []
    : [`| ${PARTS[part]} | ${mine.length} | ${kept} | ${percent(kept, mine.length)} |`];
}

function endings(outcomes: readonly Outcome[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { ends } of outcomes) counts.set(ends, (counts.get(ends) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([ends, count]) => `| ${ends} | ${count} |`);
}

function failures(outcomes: readonly Outcome[], level: string): readonly string[] {
  const bad = outcomes.filter(({ broken }) => broken.length > 0);
  if (bad.length === 0) return [];
  return [
    '',
    `${level} Broken`,
    '',
    ...bad.map(({ scenario, broken, hit }) => `- ${describe(scenario)} (${hit}): ${broken.join('; ')}`),
  ];
}
