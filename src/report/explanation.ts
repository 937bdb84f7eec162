import type { Advice } from './advice.ts';

/** The one source of words for log, summary, Slack, annotations and report, in the order of the house. */
export interface Explanation {
  /** What happened, in one or two sentences. */
  readonly headline: string;
  /** Why, where that is known. */
  readonly why: readonly string[];
  /** The state of your data. */
  readonly data: string;
  /** What we did. */
  readonly did: string;
  /** What you do next, most urgent first; never empty. */
  readonly next: readonly Advice[];
}

/** The same for a mode that has words of its own, with the few words for headings. */
export interface ModeExplanation extends Explanation {
  readonly title: string;
}
