import type { Event } from '../domain/event.ts';
import type { Run } from '../domain/run.ts';
import { explain } from './explain.ts';
import { eventText } from './log-events.ts';
import { oneLine, plain } from './words.ts';

/** Old runners take `##[command]` anywhere in a line for a command; `::` only at its beginning. */
const harmless = (line: string): string =>
  plain(line)
    .replaceAll('##[', '## [')
    .replace(/^(\s*)::/, '$1: :');

/**
 * The line of the step's log for one event, or nothing when it would be noise. `run` is the run with the
 * event folded in. {@link closing} adds the explanation at the end.
 */
export function logLine(event: Event, run: Run): string | undefined {
  const text = eventText(event, run);
  if (text === undefined) return undefined;
  const since = `+${((event.at - run.startedAt) / 1000).toFixed(1)}s`.padStart(8);
  return harmless(`${since}  ${oneLine(text, 1_000)}`);
}

/** The last lines of the log: the same words as everywhere else. */
export function closing(run: Run): readonly string[] {
  const told = explain(run);
  const next = told.next.flatMap((each, index) => [
    `  ${index + 1}. ${each.say}`,
    ...(each.run === undefined ? [] : each.run.split('\n').map((line) => `       ${line}`)),
  ]);
  const details = run.problems
    .slice(0, 20)
    .flatMap((each) => (each.detail === '' ? [] : [`  (${each.code}) ${oneLine(each.detail, 400)}`]));
  const lines = [
    '',
    `What happened:  ${told.headline}`,
    ...told.why.map((each) => `                ${each}`),
    `Your data:      ${told.data}`,
    `What we did:    ${told.did}`,
    'What you do next:',
    ...next,
    ...(details.length === 0 ? [] : ['Details:', ...details]),
  ];
  return lines
    .map((line) => harmless(line))
    .map((line) => (line.length > 8_000 ? `${line.slice(0, 8_000)}…` : line));
}
