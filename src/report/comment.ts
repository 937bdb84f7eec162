import type { Hazard } from '../domain/hazard.ts';
import type { Run } from '../domain/run.ts';
import { spokenName } from './commands.ts';
import { digest } from './digest.ts';
import { fitting, more } from './fitting.ts';
import { explained, hazardTable, type Place } from './hazard-markdown.ts';
import { runLink } from './links.ts';
import { isUnjudged, pendingSentence, unseen, unseenSentence } from './looked.ts';
import { code, fence, indented, md, prose, table } from './markdown.ts';
import { noticeItem } from './notice-markdown.ts';
import { bySeverity, tally } from './severity.ts';
import { wordsIn } from './text.ts';
import { bytes, clip, count, wellFormed } from './words.ts';

/** GitHub refuses a comment of more than 65,536 characters; the shares below end well before. In bytes. */
export const COMMENT_MAX_BYTES = 60_000;
const SHARE = {
  reasons: 9_000,
  hazards: 14_000,
  explained: 16_000,
  pending: 7_000,
  steps: 4_000,
  notices: 5_000,
};
const MAX_EXPLAINED = 8;
const REST = 'the job summary';

export interface CommentOptions {
  /** Address of the folder that holds `docs/` of this action. */
  readonly docsBase?: string | undefined;
}

/**
 * The invisible first line by which the comment is found again. One project and DB instance have one comment, so
 * that several projects of a repository do not overwrite each other.
 */
export function commentMarker(run: Run): string {
  const project = (run.request?.workingDirectory ?? '.').replace(/^(?:\.\/+)+|\/+$/g, '') || '.';
  const key = `${harmless(project)} ${harmless(run.request?.instance ?? '')}`.trim();
  // Cut names may begin alike.
  const short = key.length > 200 ? `${clip(key, 150).slice(0, -1)} ${digest(key)}` : key;
  return `<!-- guarded-migrate: ${short} -->`;
}

/** Nothing that could end an HTML comment, or be invisible in it. */
const harmless = (text: string): string =>
  text.replace(
    /[^A-Za-z0-9._/-]|-(?=-)|^-|-$/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

/** True when there is nothing to warn of: such a comment only needs to replace an older one. */
export const isGreen = (run: Run, hazards: readonly Hazard[]): boolean =>
  run.problems.length === 0 && hazards.length === 0;

/** The comment on the pull request: what a deploy of this commit would meet, and do. Begins with the marker. */
export function comment(run: Run, hazards: readonly Hazard[], options: CommentOptions = {}): string {
  const sections = [
    reasons(run, hazards),
    dangers(run, hazards, options.docsBase),
    pending(run),
    steps(run),
    notices(run),
  ];
  const head = `${commentMarker(run)}\n## Migration plan of ${md(spokenName(run), 80)}: ${heading(run, hazards)}`;
  const parts = [head, sentence(run, hazards), ...sections.filter((each) => each !== '')];
  const end = footer(run);
  const { kept, left } = fitting(parts, COMMENT_MAX_BYTES - bytes(end) - 200);
  const cut = left > 0 ? [`_${count(left, 'section')} did not fit here, see ${REST}._`] : [];
  return wellFormed(`${[...kept, ...cut, end].join('\n\n')}\n`);
}

function heading(run: Run, hazards: readonly Hazard[]): string {
  if (run.problems.length > 0) return 'a deploy would be refused';
  if (hazards.length > 0) return count(hazards.length, 'hazard');
  if (run.pending?.length === 0)
    return run.database === undefined ? 'no migration added' : 'nothing to deploy';
  if (isUnjudged(run)) return 'hazards not judged';
  return run.pending !== undefined && unseen(run).length > 0
    ? 'no hazards in what was looked at'
    : 'no hazards';
}

function sentence(run: Run, hazards: readonly Hazard[]): string {
  const found =
    hazards.length === 0 ? 'No hazard was found in them.' : `Hazards found in them: ${tally(hazards)}.`;
  const looked = 'Nothing was changed: a plan only looks.';
  if (run.pending === undefined) {
    return hazards.length === 0
      ? looked
      : `${count(hazards.length, 'hazard')} (${tally(hazards)}). ${looked}`;
  }
  const not = unseenSentence(run);
  if (run.pending.length === 0 && run.database !== undefined)
    return `The database has every migration of this commit. ${looked}`;
  const isJudged = run.pending.length > 0 && !isUnjudged(run);
  const parts = [pendingSentence(run), isJudged ? found : '', not, looked];
  return parts.filter((each) => each !== '').join(' ');
}

/** Why a deploy would be refused; hazards that are given have their own table. */
function reasons(run: Run, hazards: readonly Hazard[]): string {
  const lines = run.problems
    .filter((each) => each.code !== 'hazard-refused' || hazards.length === 0)
    .map((each) => {
      const words = wordsIn(run, each);
      const command = words.run === undefined ? '' : `\n\n${indented(fence(words.run, '', 1_500))}`;
      return `- ${prose(words.what, 600)} ${prose(words.next, 600)}${command}`;
    });
  if (lines.length === 0) return '';
  const { kept, left } = fitting(lines, SHARE.reasons);
  return `### Refused because\n\n${kept.join('\n')}${more(left, REST)}`;
}

function dangers(run: Run, hazards: readonly Hazard[], docsBase: string | undefined): string {
  if (hazards.length === 0) return '';
  const sorted = bySeverity(hazards);
  const place: Place = {
    identity: run.identity,
    docsBase,
    tableBytes: SHARE.hazards,
    explainedBytes: SHARE.explained,
    rest: REST,
  };
  const worst = sorted.filter((each) => each.level !== 'notice').slice(0, MAX_EXPLAINED);
  const details = worst.length === 0 ? '' : `\n\n${explained(worst, place)}`;
  return `### Hazards\n\n${hazardTable(sorted, place)}${details}`;
}

function pending(run: Run): string {
  const all = run.plan?.pending ?? [];
  if (all.length === 0) return '';
  const rows = all.map((each) => [
    code(each.name, 255),
    String(each.statements),
    each.atomic ? 'all or nothing' : 'may stay half done',
  ]);
  const { kept, left } = fitting(
    rows.map((row) => row.join(' | ')),
    SHARE.pending,
  );
  const head = ['migration', 'statements', 'on failure'];
  return `### Pending migrations\n\n${table(head, rows.slice(0, kept.length))}${more(left, REST)}`;
}

function steps(run: Run): string {
  const all = run.plan?.steps ?? [];
  if (all.length === 0) return '';
  const always = all.filter((each) => each.when === 'always');
  const after = all.filter((each) => each.when === 'on-failure');
  const told = [
    ...always.map((each, index) => `${index + 1}. ${md(each.title, 300)}`),
    ...(after.length === 0 ? [] : ['', 'Only when it fails:', '']),
    ...after.map((each) => `- ${md(each.title, 300)}`),
  ];
  const { kept, left } = fitting(told, SHARE.steps);
  return `### What a deploy does\n\n${kept.join('\n')}${more(left, REST)}`;
}

function notices(run: Run): string {
  if (run.notices.length === 0) return '';
  const told = run.notices.map((each) => noticeItem(each, 500));
  const { kept, left } = fitting(told, SHARE.notices);
  return `### Also worth knowing\n\n${kept.join('\n')}${more(left, REST)}`;
}

const footer = ({ identity }: Run): string =>
  `<sub>${runLink(identity)}, attempt ${md(identity.attempt, 10)}, commit ${code(identity.sha.slice(0, 12))}. The job summary of the run has everything.</sub>`;
