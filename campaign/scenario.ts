/** One fault, as data. */
import type { Fault } from '../lab/rds/types.ts';
import type { SlackFault } from '../lab/slack.ts';
import type { Deployed } from './stores/store.ts';

export const PARTS = {
  kill: 'SIGKILL right after each journal event',
  random: 'SIGKILL at a random moment',
  cancel: 'Cancelled as the runner does it',
  journal: 'SIGKILL, and the journal is torn or gone',
  lost: 'The runner is lost: SIGKILL, and no post step',
  aws: 'Every AWS call fails in every way',
  cut: 'The database connections are cut',
  down: 'The database server is down when the post step comes',
  crash: 'The database server crashes under main and starts again',
  slack: 'Slack fails',
  disk: 'The disk of the runner fails',
} as const;
export type Part = keyof typeof PARTS;

/** When: after so many journal events, after one of a type (whose line holds a text), or at so many milliseconds of main. */
export type Moment =
  | { readonly event: number; readonly plusMs?: number }
  | { readonly type: string; readonly text?: string }
  | { readonly ms: number };

export interface Scenario {
  readonly part: Part;
  readonly deployed: Deployed;
  readonly moment?: Moment;
  /** What happens at the moment. `all` ends every process, `main` leaves the command and its engine behind. */
  readonly what?: 'kill-all' | 'kill-main' | 'cancel' | 'cut' | 'crash' | 'nothing';
  /** After the kill, before the post step. */
  readonly journal?: 'torn' | 'gone';
  /** The machine is gone: what the post step would do is left to the second attempt. */
  readonly isLost?: boolean;
  /** The server dies with main and comes back after the post step. */
  readonly isServerDown?: boolean;
  readonly aws?: readonly Fault[];
  /** False: the fault goes on into the post step. It is over before the second attempt. */
  readonly awsEndsWithMain?: boolean;
  readonly slack?: { readonly fault: SlackFault; readonly until: 'post' | 'second' };
  readonly disk?: 'no-folder' | { readonly fullAtBytes: number };
  readonly inputs?: Readonly<Record<string, string>>;
  /** The second attempt: of the same run, or a new run. */
  readonly next: 'attempt' | 'run';
  readonly writer: boolean;
}

function momentText(moment: Moment | undefined): string {
  if (moment === undefined) return '';
  if ('ms' in moment) return ` at ${moment.ms} ms`;
  if ('type' in moment) return ` after event ${moment.type}`;
  return ` after event ${moment.event}${moment.plusMs === undefined ? '' : ` and ${moment.plusMs} ms`}`;
}

export function describe(the: Scenario): string {
  const faults = (the.aws ?? []).map(
    (each) => `${each.action} ${each.kind} (${each.after ?? 0} let through)`,
  );
  return [
    `${the.part}: ${the.deployed}`,
    ...(the.what === undefined ? [] : [`${the.what}${momentText(the.moment)}`]),
    ...(the.journal === undefined ? [] : [`journal ${the.journal}`]),
    ...faults,
    ...(the.slack === undefined ? [] : [`Slack ${the.slack.fault} until ${the.slack.until}`]),
    ...(the.disk === undefined ? [] : [`disk ${JSON.stringify(the.disk)}`]),
    ...(the.inputs === undefined ? [] : [JSON.stringify(the.inputs)]),
    `then another ${the.next}`,
  ].join(', ');
}
