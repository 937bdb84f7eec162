import type { Problem, ProblemCode } from '../../domain/problem.ts';
import { because, field, type Words, when } from '../advice.ts';

export type Wording = (problem: Problem) => Words;

/** What the workflow gave us, and what surrounds the run. */
export const inputTexts = {
  'input-invalid': (p) => ({
    what: `The input ${field(p, 'name', 'named below')} cannot be used${when(p, 'got', (got) => (got === 'a value' ? ' here' : `: it is "${got}"`)) || because(p)}.`,
    next: `Change ${field(p, 'name', 'it')} in the workflow${when(p, 'expected', (expected) => `. Expected: ${expected}`)}. Then run the job again.`,
  }),
  'input-missing': (p) => ({
    what: `The input ${field(p, ['name', 'input'], 'that is required')} is missing${field(p, ['name', 'input'], '') === '' ? because(p) : ''}.`,
    next: `Add ${field(p, ['name', 'input'], 'it')} under "with:" in the workflow${when(p, 'expected', (expected) => `. Expected: ${expected}`)}. Then run the job again.`,
  }),
  'url-missing': (p) => ({
    what: `No database URL was found: none of these variables is set: ${field(p, ['variables', 'variable'], 'DIRECT_URL, DATABASE_URL')}.`,
    next: 'Set one of them under "env:" of this step from a repository secret, or name yours in the input database-url-env.',
  }),
  'url-invalid': (p) => ({
    what: `The database URL${when(p, 'variable', (name) => ` in ${name}`)} cannot be used${because(p)}.`,
    next: 'Write it as postgresql://user:password@host:5432/database or mysql://user:password@host:3306/database. In the password, write @ as %40, : as %3A, / as %2F, # as %23, % as %25 and a space as %20.',
  }),
  'url-not-guarded': (p) => ({
    what:
      field(p, 'watched', '') !== ''
        ? `Prisma would connect as ${field(p, 'elsewhere', 'another user')}, and we as ${field(p, 'watched', '')}. On MySQL we know the session of the migration by its user, host and database, so we could not watch it.`
        : `Prisma would connect to ${field(p, 'elsewhere', 'another place')} with a URL that we do not control${when(p, 'variables', (names) => ` (we control ${names})`)}, so the timeouts would not hold.`,
    next: `Let Prisma take its URL from an environment variable, and name that variable in the input database-url-env${when(p, ['wanted', 'variable'], (name) => `: ${name}`)}. A URL written into the schema, the config or a .env file cannot be guarded.`,
  }),
  'secret-unreadable': (p) => ({
    what: `The secret ${field(p, ['name', 'arn'], 'given in database-secret-arn')} has no connection details we can use${because(p)}.`,
    next: 'The secret must be JSON with username and password, and host, port and dbname where they differ from the DB instance. Correct it, or give the URL in DATABASE_URL instead.',
  }),
  'command-failed': (p) => ({
    what: `${field(p, ['command', 'name'], 'A command of the workflow')} ended with ${when(p, ['exitCode', 'status'], (status) => `exit code ${status}`) || `an error${because(p)}`}.`,
    next: `Read the output of ${field(p, ['command', 'name'], 'the command')} in the log above, repair it, and run the job again.`,
  }),
  cancelled: (p) => ({
    what: `The job was cancelled${when(p, 'migration', (name) => ` while "${name}" was running`)}.`,
    next: 'Read the state of your data first. Then run the job again when you want to deploy.',
  }),
  'notification-failed': (p) => ({
    what: `Slack did not take the message${when(p, 'status', (status) => ` (HTTP ${status})`)}${because(p)}.`,
    next: 'Tell your team yourself, and check the webhook URL in the input slack-webhook-url. The deploy itself is not affected.',
  }),
  'report-unwritable': (p) => ({
    what: `The ${field(p, 'what', 'report')} could not be written${when(p, 'path', (path) => ` to ${path}`)}${because(p)}.`,
    next: 'Free disk space on the runner, or use a larger one. Everything of importance is in this log.',
  }),
  unexpected: (p) => ({
    what: `Something happened that we did not foresee${because(p)}.`,
    next: 'Read the state of your data first. Then report this with the log and the JSON report to the authors of this action.',
  }),
} as const satisfies Partial<Record<ProblemCode, Wording>>;
