/** The whole campaign as a list, the same for the same seed. */
import type { FaultKind } from '../lab/rds/types.ts';
import type { Part, Scenario } from './scenario.ts';

export interface Measure {
  /** Journal events of an undisturbed run. */
  readonly events: { readonly good: number; readonly half: number };
  /** Milliseconds of an undisturbed main that half-applies. */
  readonly ms: number;
}

export interface Wish {
  readonly quick: boolean;
  readonly randomKills: number;
}

type Draft = Omit<Scenario, 'next' | 'writer'>;
type Random = () => number;

const CALLS = [
  'DescribeDBInstances',
  'DescribeDBSnapshots',
  'CreateDBSnapshot',
  'AddTagsToResource',
  'RestoreDBInstanceToPointInTime',
] as const;
const KINDS: readonly FaultKind[] = ['throttle', '503', 'reset', 'timeout', 'denied', 'lost-answer'];

export function scenarios(random: Random, measure: Measure, wish: Wish): readonly Scenario[] {
  const drafts = [
    ...kills(measure),
    ...randomKills(random, measure, wish),
    ...cancels(measure),
    ...journals(random, measure),
    ...awsFaults(random),
    ...cuts(measure),
    ...SLACK,
    ...DISK,
    ...losses(measure),
    ...downs(measure),
  ];
  const all = drafts.map(
    (draft): Scenario => ({
      ...draft,
      next: random() < 0.7 ? 'attempt' : 'run',
      writer: random() < 0.5,
    }),
  );
  // Last, because the others were there first: the same seed still means the same list of those.
  const late = crashes(measure).map((draft): Scenario => ({ ...draft, next: 'attempt', writer: true }));
  return [...shuffled(random, wish.quick ? quick(all) : all), ...(wish.quick ? quick(late) : late)];
}

/** Mixed, so that a campaign that is cut short is a fair sample of the whole. */
function shuffled(random: Random, all: readonly Scenario[]): readonly Scenario[] {
  const rest = [...all];
  return all.flatMap(() => rest.splice(Math.floor(random() * rest.length), 1));
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

function kills({ events }: Measure): readonly Draft[] {
  return (['half', 'good'] as const).flatMap((deployed) =>
    upTo(events[deployed]).flatMap((event) =>
      // A good deploy that loses main alone is one that half-applies with a better end.
      (deployed === 'half' ? (['kill-all', 'kill-main'] as const) : (['kill-all'] as const)).map((what) => ({
        ...{ part: 'kill' as const, deployed, moment: { event }, what },
      })),
    ),
  );
}

/** Somewhere after some event: a moment counted from the start would fall elsewhere on a slower machine. */
function randomKills(random: Random, { events }: Measure, { randomKills: count }: Wish): readonly Draft[] {
  return upTo(count).map(() => ({
    part: 'random' as const,
    deployed: 'half' as const,
    moment: { event: 1 + Math.floor(random() * events.half), plusMs: Math.round(random() * 500) },
    what: random() < 0.5 ? ('kill-all' as const) : ('kill-main' as const),
  }));
}

const cancels = ({ events }: Measure): readonly Draft[] =>
  upTo(events.half)
    .filter((event) => event % 4 === 0)
    .map((event) => ({ part: 'cancel', deployed: 'half', moment: { event }, what: 'cancel' }));

function journals(random: Random, { events }: Measure): readonly Draft[] {
  return (['gone', 'torn'] as const).flatMap((journal) =>
    upTo(events.half)
      .filter((event) => event % 5 === 0)
      .map((event) => ({
        part: 'journal' as const,
        deployed: random() < 0.8 ? ('half' as const) : ('good' as const),
        moment: { event },
        what: random() < 0.5 ? ('kill-all' as const) : ('kill-main' as const),
        journal,
        ...(random() < 0.2 ? { inputs: { snapshot: 'skip' } } : {}),
      })),
  );
}

const losses = ({ events }: Measure): readonly Draft[] =>
  upTo(events.half)
    .filter((event) => event % 3 === 0)
    .map((event) => ({
      ...{ part: 'lost', deployed: 'half', moment: { event }, what: 'kill-all', isLost: true },
    }));

const downs = ({ events }: Measure): readonly Draft[] =>
  upTo(events.half)
    .filter((event) => event % 10 === 5)
    .map((event) => ({
      ...{ part: 'down', deployed: 'half', moment: { event }, what: 'kill-all', isServerDown: true },
    }));

const crashes = ({ events }: Measure): readonly Draft[] =>
  upTo(events.half)
    .filter((event) => event % 5 === 3)
    .map((event) => ({ part: 'crash', deployed: 'half', moment: { event }, what: 'crash' }));

function awsFaults(random: Random): readonly Draft[] {
  return CALLS.flatMap((action) =>
    KINDS.flatMap((kind) =>
      (kind === 'lost-answer' ? [0, 1] : [0]).map((after): Draft => {
        const lasts = kind === 'denied' ? Number.POSITIVE_INFINITY : kind === 'timeout' ? 1 : 2;
        return {
          part: 'aws',
          deployed: 'half',
          aws: [{ action, kind, times: lasts, after: action === 'CreateDBSnapshot' ? 0 : after }],
          awsEndsWithMain: random() < 0.5,
          ...(after === 1 && random() < 0.5
            ? { what: 'kill-all', moment: { event: 20 + Math.floor(random() * 30) } }
            : {}),
        };
      }),
    ),
  );
}

const cuts = ({ events }: Measure): readonly Draft[] =>
  (['half', 'good'] as const).flatMap((deployed) =>
    upTo(events[deployed])
      .filter((event) => event % 3 === 1)
      .map((event) => ({ part: 'cut', deployed, moment: { event }, what: 'cut' })),
  );

const SLACK: readonly Draft[] = (['status-500', 'reset', 'hang', 'invalid-payload'] as const).flatMap(
  (fault) =>
    (['post', 'second'] as const).flatMap((until): readonly Draft[] => [
      { part: 'slack', deployed: 'half', slack: { fault, until } },
      { part: 'slack', deployed: 'half', slack: { fault, until }, what: 'kill-all', moment: { event: 30 } },
      { part: 'slack', deployed: 'half', slack: { fault, until }, what: 'cancel', moment: { event: 30 } },
    ]),
);

const DISK: readonly Draft[] = [
  'no-folder' as const,
  ...[4000, 16_000, 24_000].map((fullAtBytes) => ({ fullAtBytes })),
].flatMap((disk): readonly Draft[] => [
  { part: 'disk', deployed: 'good', disk },
  { part: 'disk', deployed: 'half', disk },
  { part: 'disk', deployed: 'half', disk, what: 'kill-all', moment: { event: 30 } },
  { part: 'disk', deployed: 'half', disk, what: 'kill-main', moment: { event: 22 } },
]);

/** The first ones of every part in turn, so that a part of a few is there as well as a part of many. */
export function sample(all: readonly Scenario[], count: number): readonly Scenario[] {
  const turns = new Map<Part, number>();
  return all
    .map((scenario) => {
      const turn = turns.get(scenario.part) ?? 0;
      turns.set(scenario.part, turn + 1);
      return { scenario, turn };
    })
    .sort((a, b) => a.turn - b.turn)
    .slice(0, count)
    .map(({ scenario }) => scenario);
}

/** A few of every part, spread over it. */
function quick(all: readonly Scenario[]): readonly Scenario[] {
  const parts = new Map<Part, Scenario[]>();
  for (const each of all) parts.set(each.part, [...(parts.get(each.part) ?? []), each]);
  return [...parts.values()].flatMap((some) => {
    const step = Math.max(1, Math.floor(some.length / 4));
    return some.filter((_, index) => index % step === 0).slice(0, 4);
  });
}
