import { isAtomic } from '../domain/atomicity.ts';
import type { MigrationOnDisk, ProjectFacts, TargetFacts } from '../domain/facts.ts';
import type { Hazard } from '../domain/hazard.ts';
import { snapshotState } from '../domain/instance-state.ts';
import { parkedName, restoredName, snapshotName } from '../domain/names.ts';
import type { Plan, PlannedStep } from '../domain/plan.ts';
import { findPredecessor, type Predecessor } from '../domain/predecessor.ts';
import { promotionSteps } from '../domain/promotion-steps.ts';
import type { DeployRequest, RunIdentity } from '../domain/request.ts';
import type { ParsedFile } from '../domain/sql.ts';
import { basisOf } from './basis.ts';
import { describeEstimate, estimate } from './estimate.ts';

export interface DeployFacts {
  readonly project: ProjectFacts;
  /** Undefined in `mode: plan` without AWS. */
  readonly target: TargetFacts | undefined;
  readonly pending: readonly MigrationOnDisk[];
  /** Name of the database; undefined in `mode: plan` without one. */
  readonly database: string | undefined;
  readonly files: readonly ParsedFile[];
  readonly hazards: readonly Hazard[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The whole procedure as data, made before anything is touched. */
export function planDeploy(request: DeployRequest, identity: RunIdentity, facts: DeployFacts): Plan {
  const adopted = adoptable(facts, identity);
  const source = sourceOf(request, facts);
  const snapshotIdentifier = adopted?.snapshot.identifier ?? snapshotName(source.identifier, identity);
  const restoredIdentifier = request.restoredIdentifier ?? restoredName(source.identifier, identity);
  return {
    basis: basisOf({ ...facts, instance: facts.target?.instance }),
    hazards: facts.hazards,
    estimate: facts.target === undefined ? [] : describeEstimate(estimate(facts.target.instance)),
    pending: facts.pending.map((each) => {
      const file = facts.files.find((parsed) => parsed.migration === each.name);
      return {
        name: each.name,
        path: each.path,
        atomic: file !== undefined && isAtomic(file, facts.project.splitsStatements),
        statements: file?.statements.length ?? 0,
      };
    }),
    steps: [
      ...forwardSteps(
        request,
        snapshotTitle(request, source, snapshotIdentifier, adopted),
        facts.pending.length,
      ),
      ...recoverySteps(request, identity, source, restoredIdentifier),
    ],
    snapshotIdentifier,
    adopted: adopted?.run,
    restoredIdentifier,
    sourceTags: facts.target?.instance.tags ?? {},
  };
}

/** A snapshot younger than this serves as well as a new one: the restore goes by time, not by snapshot. */
const ADOPT_WITHIN_MS = 60 * 60_000;

/** The snapshot of a run that died before it migrated; a second one would only cost time and quota. */
function adoptable({ target, now }: DeployFacts, identity: RunIdentity): Predecessor | undefined {
  if (target === undefined) return undefined;
  const found = findPredecessor(target.manualSnapshots, target.instance, identity);
  if (found?.phase !== 'snapshot' || snapshotState(found.snapshot.status) === 'failed') return undefined;
  const age = now - (found.snapshot.createdAt ?? now);
  return age <= ADOPT_WITHIN_MS ? found : undefined;
}

/** What is snapshotted and restored: the database as AWS describes it, which for a member is its cluster. */
type Source = { readonly identifier: string; readonly isCluster: boolean };

const sourceOf = (request: DeployRequest, { target }: DeployFacts): Source => ({
  identifier: target?.instance.kind === 'cluster' ? target.instance.identifier : request.instance,
  isCluster: (target?.instance.kind ?? request.targetKind) === 'cluster',
});

const named = ({ identifier, isCluster }: Source): string =>
  isCluster ? `the DB cluster ${identifier}` : identifier;

function snapshotTitle(
  request: DeployRequest,
  source: Source,
  snapshot: string,
  adopted: Predecessor | undefined,
): string {
  const wait = request.snapshot === 'wait' ? ' and wait until it is available' : ', without waiting for it';
  return adopted === undefined
    ? `Snapshot ${named(source)} as ${snapshot}${wait}`
    : `Take over the snapshot ${snapshot} of the unfinished run ${adopted.run}${wait}`;
}

const always = (kind: PlannedStep['kind'], title: string): PlannedStep => ({ kind, when: 'always', title });
const onFailure = (kind: PlannedStep['kind'], title: string): PlannedStep => ({
  kind,
  when: 'on-failure',
  title,
});

function forwardSteps(request: DeployRequest, snapshot: string, pending: number): readonly PlannedStep[] {
  const files = pending === 1 ? '1 pending migration' : `${pending} pending migrations`;
  return [
    ...(request.snapshot === 'skip' ? [] : [always('snapshot', snapshot)]),
    ...(request.beforeCommand === undefined ? [] : [always('before-command', 'Run before-command')]),
    always('restore-point', 'Mark the restore point and keep the next second quiet'),
    always('migrate', `Run prisma migrate deploy with ${files}`),
    always('verdict', 'Judge the result in the database'),
    ...(request.verifyCommand === undefined ? [] : [always('verify-command', 'Run verify-command')]),
    ...(request.slackWebhookUrl === undefined || request.slackOn === 'never'
      ? []
      : [onFailure('alert', 'Alert Slack')]),
    ...(request.afterCommand === undefined ? [] : [always('after-command', 'Run after-command')]),
    ...(request.snapshotKeep > 0 && request.snapshot !== 'skip'
      ? [always('prune-snapshots', `Delete older snapshots of ours, keep ${request.snapshotKeep}`)]
      : []),
  ];
}

function recoverySteps(
  request: DeployRequest,
  identity: RunIdentity,
  source: Source,
  restored: string,
): readonly PlannedStep[] {
  if (request.onFailure === 'alert') return [];
  return [
    onFailure('restore', `Restore to the restore point as ${restored}, beside ${named(source)}`),
    ...(request.waitForRestore
      ? [
          ...(source.isCluster
            ? [onFailure('add-members', `Add instances to ${restored} like those of ${source.identifier}`)]
            : []),
          onFailure('wait-restore', 'Wait until the restored database answers SQL'),
          onFailure('verify-restore', 'Compare the restored database with the restore point'),
          ...cutOver(request, identity, source.identifier, restored),
        ]
      : []),
  ];
}

/** Only what was asked for, and only after a restore that was compared. */
function cutOver(
  request: DeployRequest,
  identity: RunIdentity,
  production: string,
  restored: string,
): readonly PlannedStep[] {
  if (request.promote === 'never') return [];
  const names = { production, parked: parkedName(production, identity), restored };
  return [
    onFailure('write-loss', 'Count what was written to production since'),
    ...promotionSteps(request.promote === 'proxy' ? 'proxy' : 'rename', names, 'new-serves', 'on-failure'),
  ];
}
