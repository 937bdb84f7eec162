import type { Drift } from '../../domain/drift.ts';
import type { MigratorEnd } from '../../domain/event.ts';

const MAX_LINES = 40;
/** What the CLI says about itself, in some versions on stderr. */
const CHATTER =
  /^(?:Loaded Prisma config|Prisma (?:schema loaded|config detected)|Environment variables loaded|warn |$)/;

/** `migrate diff --exit-code`: 0 no difference, 2 differences, 1 an error; anything else is no answer. */
export function driftOf(end: MigratorEnd & { readonly late: boolean }): Drift {
  const lines = end.output.split('\n').filter((line) => !CHATTER.test(line.trim()));
  if (end.exitCode === 0) return { state: 'none' };
  if (end.exitCode === 2) return { state: 'drifted', changes: lines.slice(0, MAX_LINES) };
  if (end.late) return { state: 'unknown', message: 'prisma migrate diff did not end in time' };
  // Engine errors come as `Error: P1001`, an empty line, and then the message.
  const at = lines.findIndex((line) => /^Error:/.test(line));
  const said = lines
    .slice(Math.max(0, at), at + 3)
    .join(' ')
    .replace(/^Error:\s*/, '')
    .trim();
  const how = end.signal === null ? `exit code ${end.exitCode}` : end.signal;
  return { state: 'unknown', message: said.slice(0, 400) || how };
}
