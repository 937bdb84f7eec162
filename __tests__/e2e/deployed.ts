/** What one run of the action showed to the outside, in the parts that tests ask for. */
import { readFileSync } from 'node:fs';
import type { RdsLab, RecordedCall } from '../../lab/rds/types.ts';
import type { ActionResult, Command } from '../../lab/runner/index.ts';
import type { Slack, SlackBody, SlackMessage } from '../../lab/slack.ts';

export interface Deployed {
  readonly exitCode: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  /** The step's log without workflow commands. */
  readonly log: string;
  /** The closing words of the log, from `What happened:` on. */
  readonly told: string;
  readonly summary: string;
  readonly annotations: readonly Command[];
  /** Parsed report.json; undefined when there is none. */
  readonly report: Readonly<Record<string, unknown>> | undefined;
  readonly slack: readonly SlackMessage[];
  /** Every RDS call of this run that names the instance or something made from it. */
  readonly calls: readonly RecordedCall[];
  /** The calls that change something in AWS. */
  readonly changes: readonly RecordedCall[];
  readonly result: ActionResult;
}

interface Where {
  readonly id: string;
  readonly slack: Slack;
  readonly rds: RdsLab;
  readonly from: { readonly calls: number; readonly messages: number };
}

const MUTATING = /^(?!Describe|List)/;

export function deployed(result: ActionResult, { id, slack, rds, from }: Where): Deployed {
  const lines = result.stdout.split('\n').filter((line) => !line.startsWith('::'));
  const log = lines.join('\n');
  const names = new RegExp(`(^|[^a-z0-9])${id}(?![0-9])`);
  const calls = rds.calls
    .slice(from.calls)
    .filter((call) => Object.values(call.params).some((value) => names.test(value)));
  return {
    exitCode: result.exitCode,
    outputs: result.outputs,
    log,
    told: log.slice(Math.max(0, log.indexOf('What happened:'))),
    summary: result.summary,
    annotations: result.commands.filter(({ name }) => ['error', 'warning', 'notice'].includes(name)),
    report: readReport(result.outputs['report-path']),
    slack: slack.messages.slice(from.messages),
    calls,
    changes: calls.filter(({ action }) => MUTATING.test(action)),
    result,
  };
}

function readReport(path: string | undefined): Deployed['report'] {
  return path === undefined ? undefined : (JSON.parse(readFileSync(path, 'utf8')) as Deployed['report']);
}

/** Every text of a Slack message, as a reader sees it. */
export const slackText = (body: SlackBody): string =>
  (body.blocks ?? []).flatMap((block) => texts(block)).join('\n');

function texts(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { text, fields, elements } = value as Record<string, unknown>;
  const own = typeof text === 'string' ? [text] : texts(text);
  return [...own, ...[fields, elements].flatMap((list) => (Array.isArray(list) ? list.flatMap(texts) : []))];
}
