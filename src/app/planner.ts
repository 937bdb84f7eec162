import { readFileSync } from 'node:fs';
import type { Notice } from '../domain/event.ts';
import type { Hazard, HazardRequest } from '../domain/hazard.ts';
import type { Ask } from '../domain/live-check.ts';
import { findPredecessor } from '../domain/predecessor.ts';
import type { Problem } from '../domain/problem.ts';
import type { Guard } from '../guard/context.ts';
import type { Planner, PlanningLook } from '../guard/planner.ts';
import type { SecondLook } from '../guard/seen.ts';
import { hostOf, sessionLimits, urlIn } from '../guard/urls.ts';
import { basisOf, movedProblems } from '../plan/basis.ts';
import { planDeploy } from '../plan/deploy.ts';
import { windowFindings } from '../plan/deploy-window.ts';
import { devCommandNotices } from '../plan/dev-commands.ts';
import { downProblems } from '../plan/down-scripts.ts';
import { driftNotices, mayJudgeDrift } from '../plan/drift.ts';
import { environmentRefusals, hazardRefusals } from '../plan/hazards.ts';
import { askAll, withAnswers } from '../plan/live.ts';
import { fileNotices, historyNotices, predecessorNotice, targetNotices } from '../plan/notices.ts';
import { prismaWarnings } from '../plan/prisma-header.ts';
import {
  databaseRefusals,
  historyRefusals,
  limitRefusals,
  targetRefusals,
  urlRefusals,
} from '../plan/refusals.ts';

/** The planning floor as the guard sees it. */
export const planner: Planner = {
  refuseFirst(guard, first) {
    for (const notice of historyNotices(first.comparison)) guard.emit({ type: 'notice', notice });
    const { pending: files, open } = first.comparison;
    const pending = files.length > 0;
    // A bare deploy at work on the last file shows as an open row and nothing pending.
    const atWork = pending || open.length > 0;
    return [
      ...(first.urls === undefined ? [] : urlRefusals(first.project, first.environment)),
      ...historyRefusals(
        first.project,
        first.comparison,
        atWork ? first.activity : { ...first.activity, advisoryLockHolders: [] },
      ),
      ...(pending && first.database !== undefined ? databaseRefusals(first.database) : []),
    ];
  },
  hazards: findAll,
  async surroundings(guard, first) {
    const workspace = await guard.ports.workspace();
    const commands = devCommandNotices(await workspace.deployFiles());
    if (first.database === undefined || !mayJudgeDrift(first.comparison)) return commands;
    const drift = await (await guard.ports.migrator()).drift(first.project, first.environment);
    return [...commands, ...driftNotices(drift)];
  },
  refuseSecond(guard, first, second) {
    const limits = sessionLimits(guard, second.probes[0]?.database.serverVersion ?? 0);
    return [
      ...second.probes.flatMap((probe) => limitRefusals(probe.database, limits, probe.variable)),
      ...(second.target === undefined
        ? []
        : targetRefusals(second.target, {
            request: guard.request,
            project: first.project,
            now: guard.ports.clock.now(),
          })),
      ...planningRefusals(guard, first, second),
    ];
  },
  plan(guard, { first, target, files, hazards }) {
    const found =
      target === undefined
        ? undefined
        : findPredecessor(target.manualSnapshots, target.instance, guard.options.identity);
    const now = guard.ports.clock.now();
    const notices: readonly Notice[] = [
      ...(found === undefined ? [] : [predecessorNotice(found)]),
      ...fileNotices(files, first.project),
      ...(target === undefined || first.urls === undefined
        ? []
        : targetNotices(target.instance, hostOf(urlIn(first.urls, first.environment)))),
      ...windowFindings(undefined, target?.instance, now).notices,
    ];
    for (const notice of notices) guard.emit({ type: 'notice', notice });
    const plan = planDeploy(guard.request, guard.options.identity, {
      project: first.project,
      pending: first.comparison.pending,
      database: first.database?.database,
      files,
      hazards,
      target,
      now,
    });
    // Nothing to do, or nobody knows with which DB instance.
    return plan.pending.length === 0 || guard.request.instance === '' ? { ...plan, steps: [] } : plan;
  },
};

/** The rules, then the rows, then what Prisma itself was afraid of. */
async function findAll(request: HazardRequest, ask?: Ask): Promise<readonly Hazard[]> {
  const { findHazards, liveChecks } = await import('../hazards/index.ts');
  const found = findHazards(request);
  const answered = ask === undefined ? [] : await askAll(liveChecks(request), ask);
  const files = request.files.map(({ migration }) => migration);
  const asked = withAnswers(found, answered, files);
  const known = answered.flatMap(({ check, answer }) => (answer.state === 'unknown' ? [] : [check]));
  return [...asked, ...prismaWarnings(request, asked, known)];
}

/** What the plan itself refuses; the same in `plan` and in `deploy`, but for the window, which only a deploy must keep. */
function planningRefusals(guard: Guard, first: PlanningLook, second: SecondLook): readonly Problem[] {
  const { request, options, ports } = guard;
  const window = windowFindings(request.deployWindow, second.target?.instance, ports.clock.now());
  return [
    ...hazardRefusals(second.hazards, request.failOn),
    ...downProblems(request.requireDown, first.comparison.pending, second.downs, first.project),
    ...environmentRefusals(request.requireEnvironment, options.identity.sha, second.deployed),
    ...(request.mode === 'deploy' ? window.problems : []),
    ...movedSince(guard, first, second),
  ];
}

function movedSince({ request }: Guard, first: PlanningLook, second: SecondLook): readonly Problem[] {
  if (request.mode !== 'deploy' || request.planPath === undefined) return [];
  const basis = basisOf({
    project: first.project,
    pending: first.comparison.pending,
    instance: second.target?.instance,
    database: first.database?.database,
  });
  return movedProblems(request.planPath, readText(request.planPath), basis);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
