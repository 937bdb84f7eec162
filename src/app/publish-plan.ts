import path from 'node:path';
import { firstProblem } from '../domain/problem.ts';
import type { Guard } from '../guard/context.ts';
import { PLAN_VERSION } from '../plan/basis.ts';
import type { Commented } from '../ports/review.ts';
import { comment, commentMarker, isGreen } from '../report/comment.ts';
import { type RuleAbout, sarif } from '../report/sarif.ts';
import { sarifNotifications } from '../report/sarif-notifications.ts';
import { docsBase } from './docs-base.ts';
import type { Environment } from './environment.ts';

type Scrub = (text: string) => string;

/** Writes the plan and the SARIF file and comments on the pull request; returns the path of the plan. */
export async function publishPlan(
  guard: Guard,
  folder: string,
  environment: Environment,
  scrub: Scrub,
): Promise<string | undefined> {
  const { run } = guard;
  await writeSarif(guard, environment, scrub);
  if (run.plan === undefined) {
    // Refused before a plan could be made: an older comment must not go on saying something else.
    if (run.problems.length > 0) await review(guard, environment, scrub);
    return undefined;
  }
  const file = await written(
    guard,
    path.join(folder, 'plan.json'),
    {
      version: PLAN_VERSION,
      plan: run.plan,
    },
    scrub,
  );
  await review(guard, environment, scrub);
  return file;
}

/** Also without a plan: a step that uploads the file must find it, and see in it that nobody looked. */
async function writeSarif(guard: Guard, environment: Environment, scrub: Scrub): Promise<void> {
  const { sarifPath, workingDirectory, instance } = guard.request;
  if (sarifPath === undefined) return;
  const { plan, identity } = guard.run;
  const log = sarif(plan?.hazards ?? [], {
    identity,
    category: `${workingDirectory}/${instance}`,
    rules: await about(),
    docsBase: docsBase(environment),
    notifications: sarifNotifications(guard.run),
    successful: plan !== undefined,
  });
  await written(guard, sarifPath, log, scrub);
}

async function about(): Promise<readonly RuleAbout[]> {
  const { RULES } = await import('../hazards/index.ts');
  return RULES.map(({ id, title, why, remedy }) => ({
    id,
    title,
    help: `${why} ${remedy}`,
    docs: `docs/hazards/${id}.md`,
  }));
}

async function written(
  guard: Guard,
  file: string,
  value: unknown,
  scrub: Scrub,
): Promise<string | undefined> {
  try {
    return await (await guard.ports.workspace()).write(file, `${scrub(JSON.stringify(value, null, 2))}\n`);
  } catch (error) {
    const { detail, fields } = firstProblem(error);
    guard.warn('report-unwritable', { detail, ...(fields.what === undefined ? {} : { what: fields.what }) });
    return undefined;
  }
}

/** On a fork nobody can change this, so it is said and no more. */
function unwritten(guard: Guard, done: Commented): void {
  if (done !== 'refused' && done !== 'no-token') return;
  const detail =
    done === 'refused'
      ? 'GitHub refused the token, which may only read in a pull request from a fork'
      : 'there is no token, as in a pull request from a fork that gets no secrets';
  guard.emit({ type: 'notice', notice: { code: 'review-failed', level: 'notice', fields: { detail } } });
}

/** A comment that cannot be written is told, and fails nothing. */
async function review(guard: Guard, environment: Environment, scrub: Scrub): Promise<void> {
  const { run } = guard;
  const hazards = run.plan?.hazards ?? [];
  try {
    const body = scrub(comment(run, hazards, { docsBase: docsBase(environment) }));
    const when = isGreen(run, hazards) ? 'if-there' : 'always';
    const done = await (await guard.ports.review()).comment(commentMarker(run), body, when);
    if (when === 'always') unwritten(guard, done);
  } catch (error) {
    guard.warn('review-failed', { detail: firstProblem(error).detail });
  }
}
