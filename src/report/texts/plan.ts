import type { Problem, ProblemCode } from '../../domain/problem.ts';
import { because, field, when } from '../advice.ts';
import { shell } from '../words.ts';
import type { Wording } from './inputs.ts';

/** `"name", line 12` */
const place = (p: Problem): string =>
  `${when(p, 'migration', (name) => `"${name}"`) || 'A pending migration'}${when(p, 'line', (line) => `, line ${line}`)}`;

/** Without a message: which rule it was, when that is known. */
const hazard = (p: Problem): string =>
  when(p, 'message', (message) => message.replace(/[.\s]+$/, '')) ||
  when(p, 'rule', (rule) => `the rule ${rule} applies`) ||
  'it is dangerous for this database';

const accepting = (p: Problem): string =>
  p.fields.suppressible === 'false'
    ? 'No comment in the file can accept this. Loss of data, and a file that may stay half done, are let through only by naming the migration in the input allow-data-loss.'
    : `When you know better for this database, say so above the statement: -- guard-ignore ${field(p, 'rule', 'RULE')}: your reason.`;

const WINDOWS: Readonly<Record<string, string>> = {
  backup: 'the backup window of the database in RDS',
  maintenance: 'the maintenance window of the database in RDS',
};

function outside(p: Problem): string {
  const now = when(p, 'now', (time) => ` (${time})`);
  const window = when(p, 'window', (text) => ` (${text})`);
  const inside = WINDOWS[p.fields.kind ?? ''];
  if (inside !== undefined)
    return `Now${now} is inside ${inside}${window}, and deploys wait until it is over.`;
  return `Now${now} is not inside deploy-window${window}.`;
}

/** The flags have other names since Prisma 7, which refuses the old ones (reference of `prisma migrate diff`). */
const draft = (p: Problem): string => {
  const suffix = /^[56]\b/.test(p.fields.prismaVersion ?? '') ? '-datamodel' : '';
  const schema = field(p, 'schema', 'prisma/schema.prisma');
  return [
    `git show ${shell(`origin/main:./${schema}`)} > before.prisma`,
    `npx prisma migrate diff --from-schema${suffix} ${shell(schema)} --to-schema${suffix} before.prisma --script`,
  ].join('\n');
};

/** What the plan finds, and what keeps a planned deploy from starting. */
export const planTexts = {
  'hazard-refused': (p) => ({
    what: `${place(p)}: ${hazard(p)}${when(p, 'level', (level) => `. Its level is ${level}`)}${when(p, 'failOn', (level) => `, and fail-on is ${level}`)}.`,
    next: `Change the migration before it is applied anywhere. ${accepting(p)}${when(p, 'suggestion', () => ' This does the same with less harm:')}`,
    ...(p.fields.suggestion ? { run: p.fields.suggestion } : {}),
  }),
  'outside-window': (p) => ({
    what: outside(p),
    next: `Run the job again ${when(p, 'opens', (time) => `from ${time} on`) || 'inside the window'}, or, in an emergency, change deploy-window in the workflow.`,
  }),
  'environment-missing': (p) => ({
    what: `This commit${when(p, 'sha', (sha) => ` (${sha.slice(0, 12)})`)} has no successful deployment in the environment ${field(p, 'environment', 'named in require-environment')}.`,
    next: `Deploy this very commit to ${field(p, 'environment', 'that environment')} first, in a job with "environment: ${field(p, 'environment', 'NAME')}", then run this job again. The job needs the permission deployments: read.`,
  }),
  'down-missing': (p) => ({
    what: `${when(p, 'migration', (name) => `"${name}"`) || 'A pending migration'} has no down.sql, and require-down is set.`,
    next: `Write the way back${when(p, 'path', (path) => ` into ${path}`) || ' into down.sql beside migration.sql'}. These commands, for the installed version of Prisma, print a first draft from the schema of the base branch and that of this commit, to be read before it is trusted. It brings back no data:`,
    run: draft(p),
  }),
  'plan-moved': (p) => ({
    what: `The plan that was reviewed no longer fits${when(p, 'moved', (what) => `: ${what.replace(/[.\s]+$/, '')}`) || because(p)}.`,
    next: 'Run mode: plan again, read what it says now, and deploy with the new plan.',
  }),
  'plan-unreadable': (p) => ({
    what: `The file given in plan-path${when(p, 'path', (path) => ` (${path})`)} is not a plan of this project${because(p)}.`,
    next: 'Give the file that the output plan-path of mode: plan names. Between jobs, hand it over as an artifact, and do not change it.',
  }),
  'review-failed': (p) => ({
    what: `GitHub did not do what we asked${when(p, 'what', (what) => ` (${what})`)}${when(p, 'status', (status) => (/^\d{3}$/.test(status) ? `: HTTP ${status}` : ''))}${because(p)}.`,
    next: 'Check the permissions of the job (pull-requests: write for the comment, deployments: read for require-environment) and https://www.githubstatus.com, then run the job again.',
  }),
} as const satisfies Partial<Record<ProblemCode, Wording>>;
