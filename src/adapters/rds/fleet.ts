import type { Fleet } from '../../ports/fleet.ts';
import { clusterFleet } from './cluster-fleet.ts';
import { instanceFleet } from './fleet-instances.ts';
import { kindOf, kindOfResource, type PerKind } from './kinds.ts';
import type { Reach } from './reach.ts';

/** The databases of the region: DB instances that stand alone, or DB clusters. */
export function createFleet(reach: Reach): Fleet {
  const fleets: PerKind<Fleet> = { instance: instanceFleet(reach), cluster: clusterFleet(reach) };
  return {
    all: () => fleets[reach.targetKind].all(),
    byResource: (resourceId, identifier) =>
      fleets[kindOfResource(resourceId)].byResource(resourceId, identifier),
    window: (resourceId) => fleets[kindOfResource(resourceId)].window(resourceId),
    retained: () => fleets[reach.targetKind].retained(),
    restoreSnapshot: (spec) => fleets[kindOf(spec.source)].restoreSnapshot(spec),
    rename: (instance, to) => fleets[kindOf(instance)].rename(instance, to),
  };
}
