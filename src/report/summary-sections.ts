import type { Backend } from '../domain/facts.ts';
import { restoredNow } from '../domain/restored-now.ts';
import type { Run, StepRecord } from '../domain/run.ts';
import { code, fence, md, prose, table } from './markdown.ts';
import { noticeItem } from './notice-markdown.ts';
import { isSchemaUnknown } from './situation.ts';
import { wordsIn } from './text.ts';
import { count, took } from './words.ts';

/** The tables below the four sentences; each is empty when there is nothing to show. */

const MAX_ROWS = 200;
const rest = (all: number, shown: number): string =>
  all > shown ? `\n\n… and ${all - shown} more, see the JSON report.` : '';

export function failingStatement(run: Run): string {
  const statement = run.verdict?.statement;
  if (statement === undefined) return '';
  return `### The failing statement\n\n${code(`${statement.path}:${statement.line}`, 400)}\n\n${fence(statement.text, 'sql')}`;
}

export function problems(run: Run): string {
  // The failure of the migration is told above with more than its code.
  const all = run.problems.filter((each) => run.verdict === undefined || each.code !== 'migration-failed');
  const shown = all.slice(0, 50);
  if (shown.length === 0) return '';
  const rows = shown.map((each) => [code(each.code), prose(wordsIn(run, each).what), md(each.detail, 400)]);
  return `### Problems\n\n${table(['code', 'what', 'detail'], rows)}${rest(all.length, shown.length)}`;
}

export function evidence(run: Run): string {
  const all = run.verdict?.evidence ?? [];
  if (all.length === 0) return '';
  const shown = all.slice(0, 30).map((each) => `- ${md(each, 500)}`);
  return `### How the state of the database was proven\n\n${shown.join('\n')}${rest(all.length, shown.length)}`;
}

/** One row per session, as last seen. */
export function blockers(run: Run): string {
  const last = new Map<number, { readonly backend: Backend; readonly at: number }>();
  for (const { at, blockers: seen } of run.blocked) {
    for (const backend of seen) last.set(backend.pid, { backend, at });
  }
  if (last.size === 0) return '';
  const shown = [...last.values()].slice(0, 20);
  const rows = shown.map(({ backend, at }) => [
    `+${took(at - run.startedAt)}`,
    String(backend.pid),
    md(backend.user ?? '', 60),
    md(backend.applicationName, 60),
    md(backend.state ?? '', 40),
    backend.ageMs === null ? '' : took(backend.ageMs),
    backend.query === null ? '' : code(backend.query, 200),
  ]);
  const head = ['seen', 'pid', 'user', 'application', 'state', 'age', 'query'];
  return `### Sessions that held a lock\n\n${table(head, rows)}${rest(last.size, shown.length)}`;
}

export function resources(run: Run): string {
  const rows: (readonly string[])[] = [];
  if (run.snapshot !== undefined) {
    rows.push(['snapshot', code(run.snapshot.identifier), md(run.snapshot.status, 60)]);
  }
  if (run.restorePoint !== undefined) {
    rows.push([
      'restore point',
      code(run.restorePoint.time),
      run.restorePoint.lsn === '' ? '' : `log position ${md(run.restorePoint.lsn, 30)}`,
    ]);
  }
  const restore = restoredNow(run);
  if (restore !== undefined) {
    const endpoint =
      restore.endpoint === undefined
        ? ''
        : `, ${code(`${restore.endpoint.address}:${restore.endpoint.port}`, 300)}`;
    rows.push([
      'restored database',
      `${code(restore.identifier)}${endpoint}`,
      `${md(restore.status, 60)}${compared(run, restore.differences)}`,
    ]);
  }
  return rows.length === 0 ? '' : `### Recovery\n\n${table(['', 'name', 'state'], rows)}`;
}

const compared = (run: Run, differences: readonly string[] | undefined): string => {
  // A promotion goes by what the tags say of an earlier comparison, and an undo by none.
  if (differences === undefined) return run.request?.mode === 'promote' ? '' : ', not compared yet';
  if (differences.length === 0)
    return isSchemaUnknown(run)
      ? ', answers SQL; no schema was recorded to compare it with'
      : ', equal to the restore point';
  const shown = differences.slice(0, 20).map((each) => md(each, 200));
  return `, NOT equal to the restore point: ${shown.join('; ')}${differences.length > 20 ? ' …' : ''}`;
};

const STATES = {
  'not-reached': 'not reached',
  running: 'running',
  done: 'done',
  failed: '**failed**',
  skipped: 'skipped',
} as const;

const elapsed = (step: StepRecord, now: number | undefined): string => {
  const until = step.endedAt ?? (step.state === 'running' ? now : undefined);
  return step.startedAt === undefined || until === undefined ? '' : took(until - step.startedAt);
};

/** A plan takes none of the steps, so they have no state. */
function deploySteps(run: Run): string {
  const always = run.steps.filter((each) => each.when === 'always');
  const after = run.steps.filter((each) => each.when === 'on-failure');
  return [
    '### What a deploy does\n',
    ...always.map((each, index) => `${index + 1}. ${md(each.title, 300)}`),
    ...(after.length === 0 ? [] : ['\nOnly when it fails:\n']),
    ...after.map((each) => `- ${md(each.title, 300)}`),
  ].join('\n');
}

export function steps(run: Run): string {
  if (run.steps.length === 0) return '';
  if (run.request?.mode === 'plan') return deploySteps(run);
  const rows = run.steps.map((step) => [
    md(step.title, 300),
    step.when === 'on-failure' && step.state === 'not-reached'
      ? 'not reached (only after a failure)'
      : STATES[step.state],
    elapsed(step, run.endedAt),
    step.problem === undefined ? md(step.note ?? '', 300) : prose(wordsIn(run, step.problem).what),
  ]);
  return `### Steps\n\n${table(['step', 'state', 'time', 'note'], rows)}`;
}

export function migrations(run: Run): string {
  const pending = run.plan?.pending ?? [];
  if (pending.length === 0) return '';
  const applied = new Set(run.verdict?.applied ?? []);
  const state = (name: string): string => {
    if (applied.has(name)) return 'applied';
    if (name === run.verdict?.failedMigration) return '**failed**';
    return run.rounds > 0 && run.verdict === undefined ? 'not known' : 'pending';
  };
  // The rows that matter come first when not all can be shown.
  const ordered = [...pending].sort(
    (a, b) => Number(state(b.name) === '**failed**') - Number(state(a.name) === '**failed**'),
  );
  const shown = pending.length > MAX_ROWS ? ordered.slice(0, MAX_ROWS) : pending;
  const rows = shown.map((each) => [
    code(each.name, 255),
    state(each.name),
    String(each.statements),
    each.atomic ? 'all or nothing' : 'may stay half done',
  ]);
  const head = ['migration', 'state', 'statements', 'on failure'];
  return `### ${count(pending.length, 'migration')} of this deploy\n\n${table(head, rows)}${rest(pending.length, shown.length)}`;
}

export function notices(run: Run): string {
  if (run.notices.length === 0) return '';
  const shown = run.notices.slice(0, 50).map((notice) => noticeItem(notice));
  return `### Also worth knowing\n\n${shown.join('\n')}${rest(run.notices.length, shown.length)}`;
}
