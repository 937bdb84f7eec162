import type { InstanceFacts, SnapshotFacts } from './facts.ts';
import type { Kept } from './going-back.ts';
import { type Lineage, lineageOf } from './lineage.ts';
import { instancePerHour, isBilledByUse, snapshotPerMonth, storagePerMonth } from './prices.ts';
import { isOurs, type Phase, TAG } from './tags.ts';

/** What is there of ours, as AWS described it just now. */
export interface Stock {
  readonly source: InstanceFacts;
  /** Manual snapshots of the region and account. */
  readonly snapshots: readonly SnapshotFacts[];
  /** DB instances (or clusters) of the region and account. */
  readonly instances: readonly InstanceFacts[];
}

/** Which snapshots may be deleted. */
export interface KeepRule {
  /** The newest N of those that may go at all; 0 keeps all. */
  readonly keep: number;
  /** Phases of runs that no longer need their snapshot for a decision. */
  readonly settled: ReadonlySet<string>;
  /** Nothing made after this moment (epoch milliseconds); undefined sets no limit. */
  readonly before: number | undefined;
  /** Runs and restore points that somebody still works with. */
  readonly open: ReadonlySet<string>;
}

/** Of a deploy that prunes after itself; the snapshot of a failed run stays even when nothing was changed. */
export const PRUNED_PHASES: ReadonlySet<string> = new Set<Phase>(['applied']);
/** Of a person who asks for a cleanup; `unchanged` is proven. */
const CLEANED_PHASES: ReadonlySet<string> = new Set<Phase>(['applied', 'unchanged']);
/** A younger snapshot may be the one that somebody reaches for tomorrow morning. */
const YOUNGEST_MS = 24 * 3_600_000;

/** Phases of a restored DB instance that still wait for a decision. */
const OPEN_PHASES: ReadonlySet<string> = new Set<Phase>(['restoring', 'unverified', 'mismatch', 'promoting']);

/** Snapshots of ours of this very database; a promoted database has another resource id than the one before it. */
export const ownSnapshots = (
  snapshots: readonly SnapshotFacts[],
  source: InstanceFacts,
): readonly SnapshotFacts[] =>
  snapshots.filter(
    (each) =>
      isOurs(each.tags) &&
      // A hand-made snapshot inherits the tags of a promoted database, but not our name.
      each.identifier.startsWith('gm-') &&
      each.sourceIdentifier === source.identifier &&
      each.tags[TAG.sourceResourceId] === source.resourceId &&
      (each.sourceResourceId === undefined || each.sourceResourceId === source.resourceId),
  );

/** Identifiers and the reason why each may go or stays, the newest first. */
export function judgeSnapshots(
  own: readonly SnapshotFacts[],
  rule: KeepRule,
): readonly (readonly [SnapshotFacts, Pick<Kept, 'verdict' | 'why'>])[] {
  const sorted = [...own].sort((a, b) => (b.createdAt ?? Infinity) - (a.createdAt ?? Infinity));
  let counted = 0;
  return sorted.map((each) => {
    const needed = whyNeeded(each, rule);
    if (needed !== undefined) return [each, { verdict: 'keep', why: needed }];
    counted += 1;
    if (rule.keep === 0) return [each, { verdict: 'keep', why: 'snapshot-keep is 0, which keeps all' }];
    if (counted <= rule.keep)
      return [each, { verdict: 'keep', why: `one of the newest ${rule.keep} (snapshot-keep)` }];
    const young = whyTooYoung(each, rule.before);
    return [
      each,
      young === undefined
        ? { verdict: 'delete', why: 'older than the newest that are kept' }
        : { verdict: 'keep', why: young },
    ];
  });
}

/** A restore point that is in question is not even counted among the newest N. */
function whyNeeded(snapshot: SnapshotFacts, rule: KeepRule): string | undefined {
  const phase = snapshot.tags[TAG.phase] ?? '';
  if (snapshot.status !== 'available') return `its status is ${snapshot.status}`;
  if (!rule.settled.has(phase)) return phase === '' ? 'how its run ended is not known' : runEnded(phase);
  if (openKeys(snapshot.tags).some((key) => rule.open.has(key)))
    return 'a database restored from its run still waits for a decision';
  return undefined;
}

const runEnded = (phase: string): string =>
  phase === 'failed' ? 'its run failed' : `its run is not settled (${phase})`;

const whyTooYoung = (snapshot: SnapshotFacts, before: number | undefined): string | undefined => {
  if (before === undefined) return undefined;
  if (snapshot.createdAt === undefined) return 'its age is not known';
  return snapshot.createdAt > before ? 'younger than a day' : undefined;
};

/** A run, and a restore point: a rollback of another run may have restored to the same second. */
const openKeys = (tags: Readonly<Record<string, string>>): readonly string[] =>
  [tags[TAG.run], tags[TAG.restoreTime]].filter((key) => key !== undefined && key !== '') as string[];

const openWork = (instances: readonly InstanceFacts[]): ReadonlySet<string> =>
  new Set(
    instances
      .filter((each) => isOurs(each.tags) && OPEN_PHASES.has(each.tags[TAG.phase] ?? ''))
      .flatMap((each) => openKeys(each.tags)),
  );

/** Everything of ours that costs money for this database, with what may go of it. Deterministic. */
export function takeInventory(stock: Stock, keep: number, now: number): readonly Kept[] {
  const { source, snapshots, instances } = stock;
  const rule: KeepRule = {
    keep,
    settled: CLEANED_PHASES,
    before: now - YOUNGEST_MS,
    open: openWork(instances),
  };
  const own = ownSnapshots(snapshots, source);
  const lineage = lineageOf(source.identifier, source, instances);
  const before = beforePromotion(stock, lineage);
  return [
    ...judgeSnapshots(own, rule).map(([each, verdict]) => keptSnapshot(each, verdict)),
    ...before.map((each) => keptSnapshot(each, { verdict: 'keep', why: 'taken of the replaced database' })),
    ...instances
      .filter((each) => each.identifier !== source.identifier && belongsTo(each, source, lineage))
      .map(keptInstance),
  ];
}

/** Snapshots of the databases that had the name before: a person decides about them together with those. */
function beforePromotion({ source, snapshots }: Stock, lineage: Lineage): readonly SnapshotFacts[] {
  const old = new Set([source.tags[TAG.oldResourceId], source.tags[TAG.sourceResourceId], ...lineage.keys()]);
  return snapshots.filter(
    (each) =>
      isOurs(each.tags) &&
      each.tags[TAG.sourceResourceId] !== source.resourceId &&
      old.has(each.tags[TAG.sourceResourceId] ?? 'none'),
  );
}

/** Restored from this database or one that had its name before, or one of the two of a promotion of any of them. */
function belongsTo({ tags, resourceId }: InstanceFacts, source: InstanceFacts, lineage: Lineage): boolean {
  if (!isOurs(tags) && tags[TAG.promotion] === undefined) return false;
  const partners = [tags[TAG.sourceResourceId], tags[TAG.oldResourceId], tags[TAG.newResourceId]];
  const origin = source.tags[TAG.sourceResourceId];
  return (
    partners.some((each) => each === source.resourceId || lineage.has(each ?? '')) ||
    lineage.has(resourceId) ||
    resourceId === source.tags[TAG.oldResourceId] ||
    (origin !== undefined && (resourceId === origin || tags[TAG.sourceResourceId] === origin))
  );
}

const keptSnapshot = (each: SnapshotFacts, verdict: Pick<Kept, 'verdict' | 'why'>): Kept => ({
  kind: 'snapshot',
  identifier: each.identifier,
  run: each.tags[TAG.run] ?? '',
  phase: each.tags[TAG.phase] ?? '',
  createdAt: each.createdAt,
  sizeGiB: each.sizeGiB,
  monthlyCost: each.sizeGiB === undefined ? undefined : snapshotPerMonth(each.sizeGiB),
  ...verdict,
});

const HOURS_PER_MONTH = 730;

function keptInstance(each: InstanceFacts): Kept {
  const hourly = instancePerHour(each);
  const storage = storagePerMonth(each);
  const phase = each.tags[TAG.phase] ?? '';
  return {
    kind: phase === 'replaced' ? 'replaced' : 'restored',
    identifier: each.identifier,
    run: each.tags[TAG.run] ?? each.tags[TAG.promotion] ?? '',
    phase,
    createdAt: each.createdAt,
    sizeGiB: isBilledByUse(each) ? undefined : each.allocatedStorageGiB || undefined,
    monthlyCost: hourly === undefined ? undefined : hourly * HOURS_PER_MONTH + (storage ?? 0),
    verdict: 'keep',
    why: 'a database is never deleted by the guard',
  };
}
