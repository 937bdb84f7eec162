/** The table of counts: kinds by what was true and what was said. */

import type { Seen } from './deploy.ts';
import type { Run } from './suite.ts';

const COLUMNS = ['unchanged', 'changed', 'unknown', 'ok'] as const;

export async function table(
  runs: readonly Run<string>[],
  of: (title: string) => Promise<Seen>,
): Promise<string> {
  const rows = new Map<string, Map<string, number>>();
  const slow: string[] = [];
  const add = (kind: string, column: string): void => {
    const row = rows.get(kind) ?? new Map<string, number>();
    rows.set(kind, row.set(column, (row.get(column) ?? 0) + 1));
  };
  for (const { the, mode, title } of runs) {
    const { verdict, differing, tookMs } = await of(title);
    const said = verdict.ok ? 'ok' : verdict.state;
    const truth = differing.length > 0 ? 'different' : 'same';
    for (const kind of [the.kind, `(${mode})`, `(truth ${truth})`, '(all)']) {
      add(kind, said);
      add(kind, 'sum');
    }
    if (tookMs > 4000) slow.push(`${Math.round(tookMs)} ms ${title}`);
  }
  const lines = [...rows].map(
    ([kind, row]) =>
      `${kind.padEnd(34)}${[...COLUMNS, 'sum'].map((each) => String(row.get(each) ?? 0).padStart(11)).join('')}`,
  );
  const head = `${''.padEnd(34)}${[...COLUMNS, 'sum'].map((each) => each.padStart(11)).join('')}`;
  return [head, ...lines, ...slow.sort()].join('\n');
}
