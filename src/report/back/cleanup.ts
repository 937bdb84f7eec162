import type { Kept } from '../../domain/going-back.ts';
import { PRICES_FROM } from '../../domain/prices.ts';
import type { Run } from '../../domain/run.ts';
import { type Advice, advice } from '../advice.ts';
import { regionOf, spokenName } from '../commands.ts';
import type { ModeExplanation } from '../explanation.ts';
import { wordsIn } from '../text.ts';
import { count, joined, list, shell } from '../words.ts';
import { age, dollars, monthly } from './inventory.ts';

/** Words of `mode: cleanup`. */
export const explainCleanup = (run: Run): ModeExplanation => ({
  title: title(run),
  headline: headline(run),
  why: why(run),
  data: data(run),
  did: did(run),
  next: next(run),
});

const going = (run: Run): readonly Kept[] =>
  (run.inventory ?? []).filter((each) => each.verdict === 'delete');
const left = (run: Run): readonly Kept[] =>
  going(run).filter((each) => !run.deleted.includes(each.identifier));
const databases = (run: Run): readonly Kept[] =>
  (run.inventory ?? []).filter((each) => each.kind !== 'snapshot');
const snapshots = (n: number): string => count(n, 'snapshot');

function title(run: Run): string {
  switch (run.status) {
    case 'up-to-date':
      return 'Nothing to clean up';
    case 'planned':
      return `Dry run, ${snapshots(going(run).length)} may go`;
    case 'applied':
      return `${snapshots(run.deleted.length)} deleted`;
    case 'failed':
      return `${snapshots(left(run).length)} not deleted`;
    case 'refused':
      return 'Cleanup refused';
    case 'cancelled':
      return 'Cleanup cancelled';
    default:
      return run.problems.length > 0 ? 'Cleanup stopped' : 'Cleanup running';
  }
}

function headline(run: Run): string {
  const name = spokenName(run);
  const all = going(run).length;
  switch (run.status) {
    case 'up-to-date':
      return `No snapshot of ${name} may go.`;
    case 'planned':
      return `${snapshots(all)} of ${name} may go${saving(going(run))}. This was a dry run: nothing was deleted.`;
    case 'applied':
      return `${snapshots(run.deleted.length)} of ${name} deleted${saving(going(run))}.`;
    case 'refused':
      return `The cleanup of ${name} was refused: it could not see what is there.`;
    case 'cancelled':
      return `The cleanup of ${name} was cancelled after ${snapshots(run.deleted.length)} of ${all}.`;
    default:
      if (run.problems.length === 0) return `The cleanup of ${name} is running.`;
      return `${left(run).length} of ${snapshots(all)} of ${name} could not be deleted.`;
  }
}

const saving = (kept: readonly Kept[]): string => {
  const sum = monthly(kept);
  return sum === undefined ? '' : `, at most ${dollars(sum)} a month`;
};

/** What else costs money: databases cost more than all snapshots together. */
function why(run: Run): readonly string[] {
  const problems = distinct(run.problems.slice(0, 20).map((each) => wordsIn(run, each).what));
  const kept = databases(run);
  if (kept.length === 0) return problems;
  const named = kept.map(
    (each) => `${each.identifier} (${each.phase || 'state unknown'}, ${age(each, run)})`,
  );
  const sum = monthly(kept);
  const unknown = kept.filter((each) => each.monthlyCost === undefined).length;
  const others = unknown === 0 ? '' : `, without ${count(unknown, 'database')} whose price is not known`;
  const price =
    sum === undefined
      ? '. What they cost a month is not known: their class is not in our table, or AWS bills their use'
      : `. ${kept.length === 1 ? 'It costs' : 'Together they cost'} about ${dollars(sum)} a month${others}; rough, from list prices of ${PRICES_FROM}`;
  const are =
    kept.length === 1
      ? '1 restored or replaced database is kept'
      : `${kept.length} restored or replaced databases are kept`;
  return [...problems, joined([`${are}: ${list(named, 10)}${price}`])];
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

function data(run: Run): string {
  const kept = (run.inventory ?? []).filter((each) => each.kind === 'snapshot').length - run.deleted.length;
  return joined([
    'No database was touched: the cleanup connects to none, and it never deletes, stops or changes one',
    ...(run.inventory === undefined
      ? []
      : [`${snapshots(kept)} of ours ${kept === 1 ? 'is' : 'are'} there now`]),
  ]);
}

function did(run: Run): string {
  if (run.inventory === undefined) return 'We deleted nothing.';
  const looked = `We listed ${count(run.inventory.length, 'resource')} of ours`;
  if (run.deleted.length === 0) return joined([`${looked} and deleted nothing`]);
  return joined([`${looked} and deleted ${list(run.deleted, 20)}`]);
}

function next(run: Run): readonly Advice[] {
  const steps = [...fromStatus(run), ...aboutDatabases(run), ...aboutFailed(run)];
  return steps.length > 0 ? steps : [{ say: 'Nothing to do.' }];
}

function fromStatus(run: Run): readonly Advice[] {
  if (run.status === 'planned') return [confirmIt(run)];
  if (run.status === 'up-to-date') {
    const keepsAll = run.request?.snapshotKeep === 0 && (run.inventory ?? []).length > 0;
    return keepsAll
      ? [
          {
            say: 'With snapshot-keep: 0 all snapshots stay. Set it to a number to keep only the newest ones.',
          },
        ]
      : [];
  }
  if (run.status === 'cancelled') return [{ say: 'Run the job again: it goes on with what is left.' }];
  const said = run.problems.slice(0, 20).map((each) => wordsIn(run, each));
  return [...new Map(said.map((words) => [words.next, advice(words)])).values()];
}

/** Inputs to paste into the step, not a command. */
const confirmIt = (run: Run): Advice => ({
  say: 'Read the list in the job summary. To delete what is marked, run the job again with this input:',
  run: `confirm: ${spokenName(run)}`,
});

function aboutDatabases(run: Run): readonly Advice[] {
  const [oldest] = [...databases(run)].sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
  if (oldest === undefined) return [];
  const cluster = run.request?.targetKind === 'cluster';
  const region = regionOf(run);
  const place = region === undefined || region === '' ? '' : ` --region ${shell(region)}`;
  return [
    {
      say: `Decide about ${oldest.identifier}: the guard deletes no database. Look first who still uses it; page k of the runbook of Guarded Migrate (docs/runbook/k-clean-up.md) has the order of the steps.`,
      run: cluster
        ? `aws rds describe-db-clusters${place} --db-cluster-identifier ${shell(oldest.identifier)}`
        : `aws rds describe-db-instances${place} --db-instance-identifier ${shell(oldest.identifier)}`,
    },
  ];
}

/** They stay for ever unless a person decides. */
function aboutFailed(run: Run): readonly Advice[] {
  const failed = (run.inventory ?? []).filter((each) => each.kind === 'snapshot' && each.phase === 'failed');
  return failed.length === 0
    ? []
    : [
        {
          say: `${snapshots(failed.length)} of ${failed.length === 1 ? 'a failed run is' : 'failed runs are'} kept until you delete ${failed.length === 1 ? 'it' : 'them'} by hand: ${list(
            failed.map((each) => each.identifier),
            5,
          )}.`,
        },
      ];
}
