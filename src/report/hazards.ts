import type { Hazard } from '../domain/hazard.ts';
import type { Annotation } from '../domain/message.ts';
import type { RunIdentity } from '../domain/request.ts';
import { explained, hazardTable } from './hazard-markdown.ts';
import { bySeverity, highest, tally } from './severity.ts';
import { clip, count, oneLine, plain, wellFormed } from './words.ts';

/** GitHub shows at most ten annotations of each level per step. */
const MAX_PER_LEVEL = 10;
const LEVELS = ['error', 'warning', 'notice'] as const;
const SHOWN_AS = { block: 'error', error: 'error', warning: 'warning', notice: 'notice' } as const;
/** A job's outputs share one megabyte. */
const MAX_OUTPUT = 100_000;

/** The section of the job summary; empty when there is nothing to tell. */
export function hazardSection(
  hazards: readonly Hazard[],
  { identity, docsBase }: { readonly identity: RunIdentity; readonly docsBase?: string | undefined },
): string {
  if (hazards.length === 0) return '';
  const sorted = bySeverity(hazards);
  const place = {
    identity,
    docsBase,
    tableBytes: 200_000,
    explainedBytes: 300_000,
    rest: 'the JSON report',
  };
  const worth = sorted.filter((each) => each.level !== 'notice');
  const details = worth.length === 0 ? '' : `\n\n${explained(worth, place)}`;
  const heading = `### ${count(hazards.length, 'hazard')}: ${tally(hazards)}`;
  return wellFormed(`${heading}\n\n${hazardTable(sorted, place)}${details}`);
}

/** One per hazard, worst first, at its line; within GitHub's limit. */
export const hazardAnnotations = (hazards: readonly Hazard[]): readonly Annotation[] =>
  withinLimits(
    bySeverity(hazards).map((each) => ({
      level: SHOWN_AS[each.level],
      title: oneLine(`${each.title} (${each.rule})`, 120),
      message: clip(plain(`${each.message}${instead(each)}`).trim(), 4_000),
      file: each.path,
      line: lineOf(each),
    })),
  );

const instead = ({ suggestion }: Hazard): string => (suggestion === '' ? '' : `\nInstead:\n${suggestion}`);

export const lineOf = ({ line }: { readonly line: number }): number =>
  Number.isSafeInteger(line) && line > 0 ? line : 1;

/** The first ten of each level, errors first; where there were more, the tenth says so. */
export function withinLimits(all: readonly Annotation[]): readonly Annotation[] {
  return LEVELS.flatMap((level) => {
    const those = all.filter((each) => each.level === level);
    if (those.length <= MAX_PER_LEVEL) return those;
    const shown = those.slice(0, MAX_PER_LEVEL - 1);
    const rest: Annotation = {
      level,
      title: `${those.length - shown.length} more`,
      message: `GitHub shows ten of a kind. The job summary has all ${those.length}.`,
    };
    return [...shown, rest];
  });
}

/** Outputs `hazards`, `highest-hazard` and `plan-path`. `hazards` is undefined when nobody looked for any. */
export function hazardOutputs(
  hazards: readonly Hazard[] | undefined,
  planPath: string | undefined,
): Readonly<Record<string, string>> {
  return {
    ...(hazards === undefined
      ? {}
      : { hazards: jsonHazards(bySeverity(hazards)), 'highest-hazard': highest(hazards) }),
    ...(planPath === undefined ? {} : { 'plan-path': planPath }),
  };
}

/** A JSON array of objects; when it had to be cut, the last one says so in its title. */
function jsonHazards(hazards: readonly Hazard[]): string {
  const kept: unknown[] = [];
  let size = 200;
  for (const each of hazards) {
    const { rule, level, migration, path, tables } = each;
    const entry = { rule, level, title: oneLine(each.title), migration, path, line: lineOf(each), tables };
    size += JSON.stringify(entry).length + 1;
    if (size > MAX_OUTPUT) break;
    kept.push(entry);
  }
  const left = hazards.length - kept.length;
  if (left === 0) return JSON.stringify(kept);
  return JSON.stringify([...kept, { rule: 'more', level: 'notice', title: `... and ${left} more` }]);
}
