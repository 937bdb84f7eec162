import type { Kept } from '../../domain/going-back.ts';
import type { Run } from '../../domain/run.ts';
import { code, md, table } from '../markdown.ts';

/** What `mode: cleanup` found, in numbers and as a table. */

const MAX_ROWS = 100;
const DAY_MS = 86_400_000;

export const dollars = (amount: number): string =>
  amount < 10 ? `$${amount.toFixed(2)}` : `$${Math.round(amount)}`;

/** Sum of what is known; undefined when nothing is. */
export function monthly(kept: readonly Kept[]): number | undefined {
  const known = kept.flatMap((each) => (each.monthlyCost === undefined ? [] : [each.monthlyCost]));
  return known.length === 0 ? undefined : known.reduce((sum, each) => sum + each, 0);
}

/** `12 days`; a snapshot costs its whole storage only where nothing of it is shared or free. */
export function age(each: Kept, run: Run): string {
  if (each.createdAt === undefined) return 'age unknown';
  const days = Math.floor(((run.endedAt ?? run.startedAt) - each.createdAt) / DAY_MS);
  if (days < 1) return 'less than a day';
  return days === 1 ? '1 day' : `${days} days`;
}

const cost = (each: Kept): string => {
  if (each.monthlyCost === undefined)
    return each.sizeGiB === undefined ? 'billed by use' : 'not in our table';
  return each.kind === 'snapshot'
    ? `up to ${dollars(each.monthlyCost)}`
    : `about ${dollars(each.monthlyCost)}`;
};

const KINDS = { snapshot: 'snapshot', restored: 'restored database', replaced: 'replaced database' } as const;

const fate = (each: Kept, run: Run): string => {
  if (each.verdict === 'keep') return `kept: ${each.why}`;
  if (run.deleted.includes(each.identifier)) return '**deleted**';
  return run.steps.some((step) => step.kind === 'clean' && step.state === 'failed')
    ? '**not deleted**'
    : 'may go';
};

/** A section of the job summary; empty in every other mode. */
export function inventorySection(run: Run): string {
  const all = run.inventory ?? [];
  if (all.length === 0) return '';
  // What is deleted or may go comes first when not all can be shown.
  const ordered = [...all].sort((a, b) => Number(b.verdict === 'delete') - Number(a.verdict === 'delete'));
  const rows = ordered
    .slice(0, MAX_ROWS)
    .map((each) => [
      KINDS[each.kind],
      code(each.identifier),
      md(each.run, 40),
      md(each.phase, 40),
      age(each, run),
      each.sizeGiB === undefined ? '' : `${each.sizeGiB} GiB`,
      cost(each),
      fate(each, run).replace(/^kept: (.*)$/, (_, why: string) => `kept: ${md(why, 120)}`),
    ]);
  const head = ['what', 'name', 'run', 'state', 'age', 'size', 'a month', ''];
  const more = all.length > MAX_ROWS ? `\n\n… and ${all.length - MAX_ROWS} more.` : '';
  return `### What the guard keeps\n\n${table(head, rows)}${more}`;
}
