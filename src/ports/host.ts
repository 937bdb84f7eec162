import type { Annotation } from '../domain/message.ts';

export type { Annotation };

/** The CI system that started us. */
export interface Host {
  /** One line of the step's log. */
  log(line: string): void;
  annotate(annotation: Annotation): void;
  mask(value: string): void;
  outputs(values: Readonly<Record<string, string>>): void;
  /** Appends to the job summary. */
  summary(markdown: string): Promise<void>;
  saveState(name: string, value: string): void;
}
