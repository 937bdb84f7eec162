/** One kill of a cut-over, as data, and the whole list of them. */
import type { RecordedCall } from '../../lab/rds/types.ts';

export const WAYS = {
  rename: '`promote: rename`, DB instances',
  cluster: '`promote: rename`, Aurora PostgreSQL cluster',
  proxy: '`promote: proxy`, DB instances',
} as const;
export type Way = keyof typeof WAYS;

/** Who goes on, each from a process of its own. The two jobs have no journal and no post step before them. */
export const NEXT = {
  post: 'its post step',
  promote: 'another `mode: promote`',
  undo: 'another job with `promote: undo`',
} as const;
export type Next = keyof typeof NEXT;

/** Right after a line of the journal, or at a call to AWS: carried out but unanswered, or just answered. */
export type Cut =
  | { readonly event: number }
  | { readonly call: number; readonly action: string; readonly side: 'before' | 'after' };

export interface Scenario {
  readonly way: Way;
  /** Undefined: nobody kills anything. */
  readonly cut: Cut | undefined;
  readonly next: Next;
}

/** An undisturbed cut-over: what there is to be killed at, and how long nobody answered. */
export interface Measure {
  readonly way: Way;
  readonly events: number;
  readonly calls: readonly string[];
  readonly outageMs: number;
}

export const describe = ({ way, cut, next }: Scenario): string => `${way}: ${cutText(cut)}, then ${next}`;

function cutText(cut: Cut | undefined): string {
  if (cut === undefined) return 'undisturbed';
  return 'event' in cut
    ? `killed after event ${cut.event}`
    : `killed ${cut.side} the answer to call ${cut.call}, ${cut.action}`;
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Every moment with every way on, mixed by `random` so that a part of it is a fair sample. */
export function scenarios(random: () => number, measures: readonly Measure[]): readonly Scenario[] {
  const all = measures.flatMap(({ way, events, calls }) => {
    const cuts: readonly Cut[] = [
      ...upTo(events).map((event) => ({ event })),
      ...calls.flatMap((action, index) =>
        (['before', 'after'] as const).map((side) => ({ call: index + 1, action, side })),
      ),
    ];
    return cuts.flatMap((cut) =>
      (Object.keys(NEXT) as readonly Next[]).map((next): Scenario => ({ way, cut, next })),
    );
  });
  const rest = [...all];
  return all.flatMap(() => rest.splice(Math.floor(random() * rest.length), 1));
}

/** Calls that change something. */
export const changes = (calls: readonly RecordedCall[]): readonly RecordedCall[] =>
  calls.filter(({ action }) => !/^(?:Describe|List)/.test(action));
