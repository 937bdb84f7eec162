import { findPredecessor } from '../domain/predecessor.ts';
import type { Planner } from '../guard/deploy.ts';
import { hostOf, sessionLimits, urlIn } from '../guard/urls.ts';
import { planDeploy } from '../plan/deploy.ts';
import { fileNotices, historyNotices, predecessorNotice, targetNotices } from '../plan/notices.ts';
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
      ...urlRefusals(first.project, Object.keys(first.environment)),
      ...historyRefusals(
        first.project,
        first.comparison,
        atWork ? first.activity : { ...first.activity, advisoryLockHolders: [] },
      ),
      ...(pending ? databaseRefusals(first.database) : []),
    ];
  },
  refuseSecond(guard, _first, second) {
    const limits = sessionLimits(guard, second.probes[0]?.database.serverVersion ?? 0);
    return [
      ...second.probes.flatMap((probe) => limitRefusals(probe.database, limits, probe.variable)),
      ...(second.target === undefined
        ? []
        : targetRefusals(guard.request, second.target, guard.ports.clock.now())),
    ];
  },
  plan(guard, { first, target, files }) {
    const host = hostOf(urlIn(first.urls, first.environment));
    const found = findPredecessor(target.manualSnapshots, target.instance, guard.options.identity);
    const notices = [
      ...(found === undefined ? [] : [predecessorNotice(found)]),
      ...fileNotices(files, first.project),
      ...targetNotices(target.instance, host),
    ];
    for (const notice of notices) guard.emit({ type: 'notice', notice });
    return planDeploy(guard.request, guard.options.identity, {
      project: first.project,
      pending: first.comparison.pending,
      files,
      target,
      now: guard.ports.clock.now(),
    });
  },
};
