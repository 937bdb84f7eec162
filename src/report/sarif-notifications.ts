import type { Run } from '../domain/run.ts';
import { pendingSentence, unseenSentence } from './looked.ts';
import { wordsIn } from './text.ts';

/** What a reader of the results must know of the run itself. `error`: why there is no plan. */
export interface SarifNotification {
  readonly level: 'error' | 'warning';
  readonly text: string;
}

const MOST = 50;

/** Without a plan the problems; with one what was not looked at. */
export function sarifNotifications(run: Run): readonly SarifNotification[] {
  if (run.plan === undefined) {
    const problems = run.problems.slice(0, MOST).map((each) => wordsIn(run, each).what);
    const told = problems.length > 0 ? problems : ['The run ended before a plan was made.'];
    return told.map((text) => ({ level: 'error', text: `No plan was made. ${text}` }));
  }
  const not = unseenSentence(run);
  return not === '' ? [] : [{ level: 'warning', text: `${pendingSentence(run)} ${not}` }];
}
