import { runUrl } from '../domain/request.ts';
import type { Run } from '../domain/run.ts';
import { inventorySection } from './back/inventory.ts';
import { spokenName } from './commands.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { hazardSection } from './hazards.ts';
import { code, fence, md, prose } from './markdown.ts';
import {
  blockers,
  evidence,
  failingStatement,
  migrations,
  notices,
  problems,
  resources,
  steps,
} from './summary-sections.ts';
import { subject, title } from './title.ts';
import { bytes } from './words.ts';
import { writeLossSection } from './write-loss.ts';

/** GitHub takes 1 MiB per step and drops the whole summary above it. */
export const SUMMARY_MAX_BYTES = 1_000_000;

/** The job summary, in GitHub Markdown. */
export function summary(run: Run, options: { readonly docsBase?: string | undefined } = {}): string {
  const told = explain(run);
  const sections = [
    failingStatement(run),
    problems(run),
    hazardSection(run.plan?.hazards ?? [], { identity: run.identity, docsBase: options.docsBase }),
    evidence(run),
    blockers(run),
    resources(run),
    writeLossSection(run),
    inventorySection(run),
    steps(run),
    migrations(run),
    estimated(run),
    notices(run),
    footer(run),
  ];
  const head = [`## ${subject(run)} of ${md(spokenName(run), 80)}: ${title(run)}`, ...sentences(told)];
  return capped([head.join('\n\n'), ...sections.filter((section) => section !== '')]);
}

const estimated = (run: Run): string =>
  run.request?.mode !== 'plan' || (run.plan?.estimate.length ?? 0) === 0
    ? ''
    : `### What it takes and costs\n\n${(run.plan?.estimate ?? []).map((each) => `- ${prose(each)}`).join('\n')}`;

/** The four parts, in the order of the house. */
function sentences(told: Explanation): readonly string[] {
  const why = told.why.map((each) => prose(each)).join(' ');
  return [
    `**What happened.** ${prose(told.headline)}${why === '' ? '' : ` ${why}`}`,
    `**Your data.** ${prose(told.data)}`,
    `**What we did.** ${prose(told.did)}`,
    `**What you do next.**`,
    told.next
      .map((each, index) => {
        const command =
          each.run === undefined
            ? ''
            : `\n\n${indent(fence(each.run, languageOf(each.run), 6_000), `${index + 1}. `.length)}`;
        return `${index + 1}. ${prose(each.say)}${command}`;
      })
      .join('\n\n'),
  ];
}

const languageOf = (command: string): string => {
  if (command.startsWith('{')) return 'json';
  if (command.startsWith('mode: ')) return 'yaml';
  return /^(SELECT|KILL|GRANT|CREATE|ALTER|DROP|UPDATE|BEGIN|SET|--) ?/.test(command) ? 'sql' : 'sh';
};

/** Inside a list item, so that the numbering goes on behind it. */
const indent = (block: string, width: number): string =>
  block
    .split('\n')
    .map((line) => `${' '.repeat(width)}${line}`)
    .join('\n');

function footer(run: Run): string {
  const { identity } = run;
  const url = runUrl(identity);
  const link = /^https:\/\/[\w.:/@-]+$/.test(url) ? `[run ${md(identity.runId, 40)}](${url})` : md(url, 300);
  return `<sub>${link}, attempt ${md(identity.attempt, 10)}, commit ${code(identity.sha.slice(0, 12))}, by ${md(identity.actor, 60)}</sub>`;
}

/** Whole sections are left out from the end, never cut in the middle of a table or a fence. */
export function capped(parts: readonly string[]): string {
  const kept: string[] = [];
  let size = 200;
  let left = 0;
  for (const part of parts) {
    size += bytes(part) + 2;
    if (size > SUMMARY_MAX_BYTES) {
      size -= bytes(part) + 2;
      left += 1;
    } else kept.push(part);
  }
  if (left > 0) kept.push(`_${left} more section(s) did not fit here; the JSON report has everything._`);
  return `${kept.join('\n\n')}\n`;
}
