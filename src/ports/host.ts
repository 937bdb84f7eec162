import type { Annotation } from '../domain/message.ts';

/** The CI system that started us. What it does not take is a warning; nothing here throws. */
export interface Host {
  /** One line of the step's log. */
  log(line: string): void;
  annotate(annotation: Annotation): void;
  /** From now on the log shows none of the forms of this value. */
  mask(value: string): void;
  /** Outputs of the step, by name; where they cannot be written they go to the log. */
  outputs(values: Readonly<Record<string, string>>): void;
  /** Appends to the job summary. */
  summary(markdown: string): Promise<void>;
  /** Keeps a value for the post step, which finds it in `STATE_<name>`. */
  saveState(name: string, value: string): void;
}
