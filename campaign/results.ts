/** The outcomes of a campaign in a file, so that an interrupted one can go on: the measure first, then one per line. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Outcome } from './overview.ts';
import type { Measure } from './scenarios.ts';

export interface Results {
  readonly measure: Measure | undefined;
  readonly outcomes: readonly Outcome[];
  begin(measure: Measure): void;
  keep(outcome: Outcome): void;
}

/** Without a file nothing is kept. */
export function openResults(file: string | undefined): Results {
  const [first, ...rest] = file === undefined || !existsSync(file) ? [] : linesOf(file);
  return {
    measure: first === undefined ? undefined : (JSON.parse(first) as Measure),
    outcomes: rest.map((line) => JSON.parse(line) as Outcome),
    begin(measure) {
      if (file !== undefined && first === undefined) writeFileSync(file, `${JSON.stringify(measure)}\n`);
    },
    keep(outcome) {
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(outcome)}\n`);
    },
  };
}

const linesOf = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
