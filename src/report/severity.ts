import { HAZARD_LEVELS, type Hazard, type HazardLevel } from '../domain/hazard.ts';
import { count, list } from './words.ts';

/** Readings of a list of hazards that comment, summary, annotations and SARIF share. */

const rank = (hazard: Hazard): number => HAZARD_LEVELS.indexOf(hazard.level);
const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Worst first, then as they stand in the files. */
export const bySeverity = (hazards: readonly Hazard[]): readonly Hazard[] =>
  [...hazards].sort(
    (a, b) => rank(a) - rank(b) || order(a.path, b.path) || a.line - b.line || order(a.rule, b.rule),
  );

export const highest = (hazards: readonly Hazard[]): HazardLevel | 'none' =>
  HAZARD_LEVELS.find((level) => hazards.some((each) => each.level === level)) ?? 'none';

/** `1 block, 2 errors and 1 notice` */
export const tally = (hazards: readonly Hazard[]): string =>
  list(
    HAZARD_LEVELS.flatMap((level) => {
      const found = hazards.filter((each) => each.level === level).length;
      return found === 0 ? [] : [count(found, level)];
    }),
  );
