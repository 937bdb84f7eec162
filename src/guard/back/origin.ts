import type { InstanceFacts, SnapshotFacts } from '../../domain/facts.ts';
import type { Origin } from '../../domain/going-back.ts';
import type { Lineage } from '../../domain/lineage.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import type { PointInQuestion } from '../../domain/restore-points.ts';
import { unknownSettings } from '../../domain/unknown-settings.ts';
import type { RestoreWindow, RetainedBackup } from '../../ports/fleet.ts';
import type { Guard } from '../context.ts';

/** What AWS shows of the name that is gone back for. */
export interface Sight {
  readonly name: string;
  /** The one that has the name; undefined when nobody has. */
  readonly production: InstanceFacts | undefined;
  readonly snapshots: readonly SnapshotFacts[];
  readonly instances: readonly InstanceFacts[];
  readonly lineage: Lineage;
}

/** The database that a restore starts from, with the configuration to restore with. */
export interface Start {
  readonly source: InstanceFacts;
  readonly window: RestoreWindow | undefined;
  /** Undefined for production itself. */
  readonly origin: Origin | undefined;
  /** Settings that nobody knows any more. */
  readonly unknown: readonly string[];
}

/** Finds the database whose moment is asked for, under whatever name, or what is left of it. Throws `instance-not-found`. */
export async function findStart(guard: Guard, sight: Sight, point: PointInQuestion): Promise<Start> {
  const { production, instances } = sight;
  const owner = point.owner ?? (await ownerAt(guard, sight, point));
  const source = owner === production?.resourceId ? production : bearer(instances, owner);
  if (source === undefined) return deleted(guard, sight, point, owner);
  const window = await (await guard.ports.fleet()).window(source.resourceId);
  const origin = source === production ? undefined : replaced(sight, source);
  return { source, window, origin, unknown: [] };
}

const bearer = (all: readonly InstanceFacts[], resourceId: string | undefined): InstanceFacts | undefined =>
  all.find((each) => each.resourceId === resourceId);

/** Whoever had the name at that second: one that was made later did not. Undefined when AWS shows none that still exists. */
async function ownerAt(guard: Guard, sight: Sight, { time }: PointInQuestion): Promise<string | undefined> {
  const { production, instances, lineage } = sight;
  const moment = Date.parse(time ?? '');
  const isLater = ({ createdAt }: InstanceFacts): boolean => createdAt !== undefined && moment < createdAt;
  if (production !== undefined && !isLater(production)) return production.resourceId;
  const earlier = instances
    .filter((each) => lineage.has(each.resourceId) && each !== production && !isLater(each))
    .sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0];
  if (earlier !== undefined) return earlier.resourceId;
  const backup = covering(await (await guard.ports.fleet()).retained(), sight, moment);
  return backup?.instance.resourceId ?? production?.resourceId;
}

/** Of the deleted ones that had the name the one that was there at that second. */
const covering = (
  backups: readonly RetainedBackup[],
  { name, lineage }: Sight,
  moment: number,
): RetainedBackup | undefined =>
  backups
    .filter(({ instance }) => instance.identifier === name || lineage.has(instance.resourceId))
    .filter(({ instance: { createdAt } }) => createdAt === undefined || createdAt <= moment)
    .sort((a, b) => (b.instance.createdAt ?? 0) - (a.instance.createdAt ?? 0))[0];

function replaced({ name, production, lineage }: Sight, source: InstanceFacts): Origin {
  const { identifier, resourceId } = source;
  const run = lineage.get(resourceId) || lineage.get(production?.resourceId ?? '');
  const by = run ? ` by the promotion of run ${run}` : ' by a promotion';
  return {
    identifier,
    resourceId,
    is: 'replaced',
    why: `that moment is one of ${identifier}: it had the name ${name} until it was replaced${by}`,
  };
}

/** From its retained backup, else from its snapshot, each with what it tells of the settings. */
async function deleted(
  guard: Guard,
  sight: Sight,
  { snapshot }: PointInQuestion,
  owner: string | undefined,
): Promise<Start> {
  const backups = owner === undefined ? [] : await (await guard.ports.fleet()).retained();
  const backup = backups.find(({ instance }) => instance.resourceId === owner);
  const described = await snapshotSource(guard, snapshot, owner);
  // A snapshot tells what a backup does not, and the other way round.
  const source = merged(backup?.instance, described);
  if (source === undefined) throw notFound(guard);
  const { identifier, resourceId } = source;
  const left = backup === undefined ? 'its snapshot is' : 'its retained automated backup is';
  const why = `${identifier} was deleted; ${left} still there`;
  return {
    source: { ...source, identifier: sight.name },
    window: backup?.window,
    origin: { identifier, resourceId, is: 'deleted', why },
    unknown: unknownSettings(source),
  };
}

async function snapshotSource(
  guard: Guard,
  snapshot: SnapshotFacts | undefined,
  owner: string | undefined,
): Promise<InstanceFacts | undefined> {
  if (snapshot === undefined) return undefined;
  if (snapshot.describes !== undefined) return snapshot.describes;
  const [named] = (await (await guard.ports.recovery()).snapshots(snapshot.identifier)).snapshots;
  return owner === undefined || named?.describes?.resourceId === owner ? named?.describes : undefined;
}

const merged = (
  one: InstanceFacts | undefined,
  other: InstanceFacts | undefined,
): InstanceFacts | undefined =>
  one === undefined || other === undefined
    ? (one ?? other)
    : { ...one, settings: { ...other.settings, ...one.settings }, tags: { ...other.tags, ...one.tags } };

export const notFound = ({ request }: Guard): GuardError =>
  new GuardError(
    problem('instance-not-found', `no DB ${request.targetKind} ${request.instance}`, {
      instance: request.instance,
      kind: request.targetKind === 'cluster' ? 'cluster' : undefined,
      region: request.region,
    }),
  );
