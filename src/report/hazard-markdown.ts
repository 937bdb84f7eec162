import type { Hazard, Work } from '../domain/hazard.ts';
import type { RunIdentity } from '../domain/request.ts';
import { fitting, more } from './fitting.ts';
import { docsUrl, lineUrl, link } from './links.ts';
import { code, fence, md, prose, table } from './markdown.ts';
import { list, oneLine, took } from './words.ts';

/** Where a list of hazards is shown, and how much room it has there. */
export interface Place {
  readonly identity: RunIdentity;
  /** Address of the folder that holds `docs/` of this action; undefined leaves rules without a link. */
  readonly docsBase: string | undefined;
  /** The table's share, and that of the explanations, in bytes. */
  readonly tableBytes: number;
  readonly explainedBytes: number;
  /** Where the rest is to be found: `the job summary`. */
  readonly rest: string;
}

const WORKS: Readonly<Record<Work, string>> = {
  rewrite: 'copies the table',
  build: 'builds an index',
  scan: 'reads every row',
  rows: 'changes rows',
  catalog: 'catalog only',
};

const takes = (hazard: Hazard): string => {
  const work = hazard.work === undefined ? '' : WORKS[hazard.work];
  const { estimate } = hazard;
  if (estimate === undefined) return work;
  const range =
    estimate.lowMs === estimate.highMs
      ? took(estimate.highMs)
      : `${took(estimate.lowMs)} to ${took(estimate.highMs)}`;
  return work === '' ? `about ${range}` : `${work}, about ${range}`;
};

const where = (hazard: Hazard, place: Place): string =>
  link(code(`${hazard.path}:${hazard.line}`, 300), lineUrl(place.identity, hazard.path, hazard.line));

const rule = (hazard: Hazard, place: Place): string =>
  link(code(hazard.rule, 80), docsUrl(place.docsBase, hazard.docs));

/** One row per hazard; `hazards` come worst first. */
export function hazardTable(hazards: readonly Hazard[], place: Place): string {
  const rows = hazards.map((each) => [
    each.level === 'block' ? '**block**' : each.level,
    `${md(each.title, 160)} (${rule(each, place)})`,
    where(each, place),
    md(list(each.tables, 3), 200),
    each.lock ?? '',
    takes(each),
  ]);
  const { kept, left } = fitting(
    rows.map((row) => row.join(' | ')),
    place.tableBytes,
  );
  const head = ['level', 'hazard', 'where', 'tables', 'lock', 'work'];
  return `${table(head, rows.slice(0, kept.length))}${more(left, place.rest)}`;
}

/** The worst ones in full: what they do, and what to write instead. */
export function explained(hazards: readonly Hazard[], place: Place): string {
  const parts = hazards.map((each) => one(each, place));
  const { kept, left } = fitting(parts, place.explainedBytes);
  return `${kept.join('\n\n')}${more(left, place.rest)}`;
}

/** To be pasted, so nothing in it may be escaped. */
const ignoring = ({ rule: id }: Hazard): string => `-- guard-ignore ${oneLine(id, 80)}: your reason`;

function one(hazard: Hazard, place: Place): string {
  const statement = hazard.statement === '' ? '' : `: ${code(hazard.statement, 200)}`;
  const instead = hazard.suggestion === '' ? [] : [`Instead:\n\n${fence(hazard.suggestion, 'sql', 1_500)}`];
  return [
    `#### ${hazard.level}: ${md(hazard.title, 160)}`,
    `${where(hazard, place)}${statement}`,
    prose(hazard.message, 1_200),
    ...instead,
    hazard.suppressible
      ? `To accept it, write above the statement:\n\n${fence(ignoring(hazard), 'sql', 200)}`
      : `A comment in the file cannot accept this one; see ${rule(hazard, place)}.`,
  ].join('\n\n');
}
