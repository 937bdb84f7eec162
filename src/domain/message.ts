/** An annotation of the CI system. `line` is 1-based; `file` is relative to the repository root. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

/** A Slack message: `text` is the fallback, `blocks` the layout (Block Kit). */
export interface Message {
  readonly text: string;
  readonly blocks: readonly Readonly<Record<string, unknown>>[];
}
