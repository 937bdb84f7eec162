import type { InstanceFacts } from '../domain/facts.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { isInside, nextInside, parseDailyUtc, parseWeeklyUtc, type WeeklyWindow } from '../domain/window.ts';
import type { Finding } from './finding.ts';

/** A backup that begins while the snapshot is being made delays it (RDS user guide: one backup at a time). */
const NEAR_MS = 30 * 60_000;

export interface WindowFindings {
  readonly problems: readonly Problem[];
  readonly notices: readonly Finding<'backup-window-near' | 'maintenance-window-near'>[];
}

/**
 * `window` is the input deploy-window. With one, a deploy waits for it and for AWS's own windows to be over;
 * without one, AWS's windows are only mentioned.
 */
export function windowFindings(
  window: WeeklyWindow | undefined,
  instance: InstanceFacts | undefined,
  now: number,
): WindowFindings {
  const own = window === undefined || isInside(window, now) ? [] : [outside(window, window, now, undefined)];
  const busy = instance === undefined ? [] : awsWindows(instance);
  if (window === undefined) {
    const near = busy.filter((each) => isInside(each.window, now) || isInside(each.window, now + NEAR_MS));
    return { problems: [], notices: near.map((each) => noticeOf(each, now)) };
  }
  const inside = busy.filter((each) => isInside(each.window, now));
  return {
    problems: [...own, ...inside.map((each) => outside(window, each.window, now, each))],
    notices: [],
  };
}

interface AwsWindow {
  readonly kind: 'backup' | 'maintenance';
  readonly window: WeeklyWindow;
  readonly instance: string;
}

function awsWindows(instance: InstanceFacts): readonly AwsWindow[] {
  const weekly = instance.settings.PreferredMaintenanceWindow;
  const backup = instance.backupRetentionDays > 0 ? parseDailyUtc(instance.backupWindow ?? '') : undefined;
  const maintenance = typeof weekly === 'string' ? parseWeeklyUtc(weekly) : undefined;
  return [
    ...(backup === undefined
      ? []
      : [{ kind: 'backup' as const, window: backup, instance: instance.identifier }]),
    ...(maintenance === undefined
      ? []
      : [{ kind: 'maintenance' as const, window: maintenance, instance: instance.identifier }]),
  ];
}

const noticeOf = ({ kind, window, instance }: AwsWindow, now: number): WindowFindings['notices'][number] => ({
  code: kind === 'backup' ? 'backup-window-near' : 'maintenance-window-near',
  level: 'notice',
  fields: { instance, window: window.text, state: isInside(window, now) ? 'open' : 'near' },
});

function outside(
  allowed: WeeklyWindow,
  about: WeeklyWindow,
  now: number,
  aws: AwsWindow | undefined,
): Problem {
  const opens = nextAllowed(allowed, aws?.window, now);
  const detail =
    aws === undefined
      ? `now is not inside deploy-window (${about.text})`
      : `now is inside the ${aws.kind} window (${about.text} UTC)`;
  return problem('outside-window', detail, {
    kind: aws?.kind ?? 'deploy',
    window: aws === undefined ? about.text : `${about.text} UTC`,
    now: iso(now),
    opens: opens === undefined ? undefined : iso(opens),
    instance: aws?.instance,
  });
}

/** The next minute that deploy-window allows and that is not inside AWS's window. */
function nextAllowed(
  allowed: WeeklyWindow,
  blocked: WeeklyWindow | undefined,
  now: number,
): number | undefined {
  const first = nextInside(allowed, now);
  if (first === undefined || blocked === undefined || !isInside(blocked, first)) return first;
  let end = first;
  for (let step = 0; step < 7 * 1440 && isInside(blocked, end); step += 1) end += 60_000;
  return nextInside(allowed, Math.floor(end / 60_000) * 60_000);
}

const iso = (at: number): string =>
  new Date(at)
    .toISOString()
    .replace(/:\d\d\.\d{3}Z$/, 'Z')
    .replace('T', ' ')
    .replace('Z', ' UTC');
