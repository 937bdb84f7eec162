import type { InstanceFacts } from './facts.ts';
import { snapshotState } from './instance-state.ts';
import { type Problem, problem } from './problem.ts';
import type { PointInQuestion } from './restore-points.ts';

/** Between which moments AWS can restore, epoch milliseconds; undefined without automated backups. */
export interface Restorable {
  readonly earliest: number;
  readonly latest: number;
  readonly status: string;
}

export type Choice =
  | { readonly way: 'point-in-time'; readonly why: string }
  | { readonly way: 'snapshot'; readonly why: string }
  | { readonly way: 'none'; readonly problem: Problem };

/** Point-in-time when the window covers the moment, else the snapshot. `now` in epoch milliseconds. */
export function chooseWay(
  point: PointInQuestion,
  window: Restorable | undefined,
  source: Pick<InstanceFacts, 'identifier'>,
  now: number,
): Choice {
  const { snapshot, time } = point;
  if (point.isSnapshot) return bySnapshot(point, 'that snapshot was asked for');
  if (time === undefined)
    return bySnapshot(point, 'that run marked no restore point; its snapshot is older than its migration');
  const moment = Date.parse(time);
  // A restore point was the present once; only the clocks of two machines can put it into the future.
  const isFuture = point.run === undefined && moment >= Math.max(now, window?.latest ?? now);
  const isCovered =
    window !== undefined &&
    window.status !== 'creating' &&
    moment > window.earliest &&
    !(isComplete(window) && moment >= window.latest);
  if (isCovered && !isFuture)
    return {
      way: 'point-in-time',
      why: 'the restorable window covers that second, so no write before it is lost',
    };
  const usable = snapshot !== undefined && snapshotState(snapshot.status) !== 'failed';
  if (usable && !isFuture) return bySnapshot(point, whyNot(window, moment));
  return {
    way: 'none',
    problem: problem(
      'restore-point-outside',
      isFuture
        ? 'that second has not come yet'
        : `${whyNot(window, moment)}, and there is no snapshot of that run`,
      {
        instance: source.identifier,
        time,
        earliest: window === undefined ? undefined : iso(window.earliest),
        latest: window === undefined ? undefined : iso(window.latest),
        snapshot: snapshot?.identifier,
      },
    ),
  };
}

/** The log of a database that is gone does not grow any more. */
const isComplete = ({ status }: Restorable): boolean => status === 'retained';

const whyNot = (window: Restorable | undefined, moment: number): string => {
  if (window === undefined) return 'there are no automated backups of this database';
  if (isComplete(window) && moment >= window.latest)
    return `the retained automated backup ends at ${iso(window.latest)}`;
  return window.status === 'creating'
    ? 'the first automated backup of this database is not there yet'
    : `the restorable window begins only at ${iso(window.earliest)}`;
};

function bySnapshot({ snapshot }: PointInQuestion, why: string): Choice {
  if (snapshot !== undefined && snapshotState(snapshot.status) !== 'failed') return { way: 'snapshot', why };
  return {
    way: 'none',
    problem: problem(
      'snapshot-not-found',
      snapshot === undefined ? 'no snapshot' : `status ${snapshot.status}`,
      {
        snapshot: snapshot?.identifier,
        status: snapshot?.status,
      },
    ),
  };
}

/** ISO-8601, cut down to the whole second. */
export const iso = (at: number): string =>
  new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000Z', 'Z');
