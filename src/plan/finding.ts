/** A notice whose code is told by its type, so that it can be emitted wherever the code is known. */
export interface Finding<Code extends string> {
  readonly code: Code;
  readonly level: 'notice' | 'warning';
  readonly fields: Readonly<Record<string, string>>;
}
