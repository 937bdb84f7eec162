import type { Problem, ProblemCode } from '../../domain/problem.ts';
import { because, field, isMysql, timeField, when } from '../advice.ts';
import { resolveText } from '../commands.ts';
import { took } from '../words.ts';
import type { Wording } from './inputs.ts';

/** Who holds the lock that is in the way. */
function holder(p: Problem, whose: 'Prisma' | 'the guard'): string {
  const parts = [
    when(p, 'pid', (pid) => `pid ${pid}`),
    when(p, 'user', (user) => `user ${user}`),
    when(p, 'application', (name) => `application "${name}"`),
    when(p, 'state', (state) => `state ${state}`),
    when(p, 'age', (age) => (/^\d+$/.test(age) ? `for ${took(Number(age))}` : `for ${age}`)),
  ].filter((each) => each !== '');
  const who = parts.length > 0 ? parts.join(', ') : field(p, 'holder', '');
  return who === '' ? '' : `: ${whose}'s lock is held by ${who}`;
}

const endSession = (p: Problem): string =>
  isMysql(p) ? `KILL ${field(p, 'pid', '')};` : `SELECT pg_terminate_backend(${field(p, 'pid', '')});`;

/** Prisma's project, its history and its command. */
export const prismaTexts = {
  'project-not-found': (p) => ({
    what: `No Prisma project was found${when(p, 'path', (path) => ` in ${path}`)}${because(p)}.`,
    next: 'Set the input working-directory to the folder that holds package.json and the prisma folder, and check that the job checks out the repository before this step.',
  }),
  'prisma-not-installed': (p) => ({
    what: `The Prisma CLI is not installed${when(p, 'path', (path) => ` in ${path}`)}. We run the version of your project and never download another one.`,
    next: 'Install the dependencies before this step. The package prisma must be among them.',
    run: 'npm ci',
  }),
  'prisma-unsupported': (p) => ({
    what: `This Prisma set-up cannot be guarded${when(p, 'version', (version) => ` (version ${version})`)}${because(p)}.`,
    next: 'Use Prisma 5, 6 or 7 with its own migration engine and a direct PostgreSQL or MySQL URL (not prisma:// and not MongoDB).',
  }),
  'prisma-config-broken': (p) => ({
    what: `The Prisma config or schema cannot be read${when(p, 'path', (path) => ` (${path})`)}${because(p)}.`,
    next: 'Check it on your machine with the command below, and set every variable that it reads under "env:" of this step.',
    run: 'npx prisma validate',
  }),
  'migrations-empty': (p) => ({
    what: `There is no migration${when(p, 'path', (path) => ` in ${path}`)}. A wrong folder looks to Prisma like nothing to do, so we stop here.`,
    next: 'Check the inputs working-directory, schema and prisma-config, and that the folder prisma/migrations is committed.',
  }),
  'migration-unreadable': (p) => ({
    what: `The migration "${field(p, 'migration', field(p, 'name', 'named below'))}" has no migration.sql that can be read. Prisma would apply the ones before it and then stop.`,
    next: 'Restore the file from git, or delete the folder when it was never applied anywhere.',
  }),
  'history-failed': (p) => ({
    what: `The migration "${field(p, 'migration', 'of an earlier deploy')}" failed in an earlier deploy${when(p, 'startedAt', (at) => ` (${at})`)} and was never resolved, so Prisma would refuse with P3009${when(p, 'logs', (logs) => `. Its error was: ${logs}`)}.`,
    next: 'Look whether any of its statements are in the database. If none is, or after you removed them, mark it as rolled back and deploy again. If all of them are, use --applied instead of --rolled-back.',
    run: resolveText(field(p, 'migration', 'MIGRATION_NAME')),
  }),
  'history-missing-baseline': (p) => ({
    what: `The database${when(p, 'database', (name) => ` ${name}`)} has tables${when(p, ['tables', 'count'], (n) => ` (${n})`)} but no migration history, so Prisma would refuse with P3005.`,
    next: 'If this is the right database, baseline it once: mark every migration that it already contains as applied (https://pris.ly/d/migrate-baseline). If it is not, correct the URL.',
    run: resolveText(field(p, 'migration', 'MIGRATION_NAME'), 'applied'),
  }),
  'migration-running': (p) => ({
    // Prisma's lock on MySQL belongs to the whole server.
    what: `Another migration is running on this ${isMysql(p) ? 'server' : 'database'}${holder(p, 'Prisma')}.`,
    next: 'Wait until it has ended and run the job again. A "concurrency" group in the workflow keeps two deploys apart. If nothing is running, end that session in the database.',
    ...(/^\d+$/.test(field(p, 'pid', '')) ? { run: endSession(p) } : {}),
  }),
  'history-moved': (p) => ({
    what: `The migration "${field(p, 'migration', 'that was pending')}" was ${field(p, 'state', 'applied')} by somebody else while this deploy prepared.`,
    next: 'Run the job again: it looks anew. Then find out who migrates beside this job, for example the start command of a container that runs prisma migrate deploy: only one may.',
  }),
  'guard-running': (p) => ({
    what: `Another guarded deploy of this database is under way${holder(p, 'the guard')}.`,
    next: `Wait until it has ended and run the job again${field(p, 'cutOver', '') === '' ? ', or set "concurrency: wait"' : ''}.${isMysql(p) ? '' : ' Its run is named in the application name of its session.'} If that run is gone and the session stays, end the session:`,
    ...(/^\d+$/.test(field(p, 'pid', '')) ? { run: endSession(p) } : {}),
  }),
  'predecessor-unresolved': (p) => ({
    what: `An earlier run (${field(p, 'run', 'unknown')}) was killed or failed in the middle of ${when(p, 'migration', (name) => `"${name}"`) || 'a migration'} and left this database in a state that nobody has resolved. Its restore point is ${field(p, 'restoreTime', 'unknown')}.`,
    next: `Compare this database with ${when(p, 'restored', (name) => `the restored ${name} as soon as that answers`) || 'a restore to that second'}. If nothing of the migration is in it, or after you removed what is, mark it as rolled back and deploy again. If all of it is in, use --applied instead of --rolled-back.`,
    run: resolveText(field(p, 'migration', 'MIGRATION_NAME')),
  }),
  'migration-failed': (p) => ({
    what: `prisma migrate deploy did not end with every migration applied${when(p, 'migration', (name) => `: "${name}" failed`)}${because(p)}.`,
    next: 'Correct the migration, commit it, and deploy again.',
  }),
  'migration-timeout': (p) => ({
    what: `The migration ${when(p, 'migration', (name) => `"${name}" `)}was stopped because migration-timeout${when(p, ['timeout', 'limit'], () => ` (${timeField(p, ['timeout', 'limit'], '')})`)} passed.`,
    next: 'Split the work into smaller migrations, move long data changes out of the deploy, or raise migration-timeout.',
  }),
} as const satisfies Partial<Record<ProblemCode, Wording>>;
