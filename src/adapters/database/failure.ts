/** What is known of an error: the server's own code or one of Node or the driver, and the message. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

export const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** The code in the first problem of a GuardError; empty for a lost connection without one. */
export function codeOfProblem(error: unknown): string {
  const problems = fieldOf(error, 'problems');
  const fields = fieldOf(Array.isArray(problems) ? problems[0] : undefined, 'fields');
  const code = fieldOf(fields, 'code');
  return typeof code === 'string' ? code : '';
}
