import path from 'node:path';
import { firstProblem } from '../domain/problem.ts';
import type { Guard } from '../guard/context.ts';
import { PLAN_VERSION } from '../plan/basis.ts';
import { comment, commentMarker, isGreen } from '../report/comment.ts';
import { type RuleAbout, sarif } from '../report/sarif.ts';
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
  const { sarifPath, workingDirectory, instance } = guard.request;
  if (sarifPath !== undefined) {
    const category = `${workingDirectory}/${instance}`;
    await written(
      guard,
      sarifPath,
      sarif(run.plan.hazards, {
        identity: run.identity,
        category,
        rules: await about(),
        docsBase: docsBase(environment),
      }),
      scrub,
    );
  }
  await review(guard, environment, scrub);
  return file;
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

/** Only where there is a token; a comment that cannot be written is a warning. */
async function review(guard: Guard, environment: Environment, scrub: Scrub): Promise<void> {
  const { run } = guard;
  if (guard.request.githubToken === undefined) return;
  const hazards = run.plan?.hazards ?? [];
  try {
    const body = scrub(comment(run, hazards, { docsBase: docsBase(environment) }));
    await (await guard.ports.review()).comment(
      commentMarker(run),
      body,
      isGreen(run, hazards) ? 'if-there' : 'always',
    );
  } catch (error) {
    guard.warn('review-failed', { detail: firstProblem(error).detail });
  }
}
