import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InstanceFacts, SnapshotFacts } from '../../src/domain/facts.ts';
import { problemsOf } from '../../src/domain/problem.ts';
import { ourTags, TAG } from '../../src/domain/tags.ts';
import type { Fleet, Proxies, Settings } from '../../src/ports/fleet.ts';
import type { Recovery } from '../../src/ports/recovery.ts';
import { RUN, waiting } from './shared.ts';

export interface FleetWorld {
  readonly recovery: Recovery;
  readonly fleet: Fleet;
  readonly settings: Settings;
  readonly proxies: Proxies;
  /**
   * Identifier of an instance that is available, with backups on, a role, deletion protection, monitoring, Performance
   * Insights and a maintenance window of its own.
   */
  readonly source: string;
  /** Name of a proxy whose target it is. */
  readonly proxy: string;
  /** An automated snapshot of it. */
  readonly automated: string;
  /** Deletes an instance and keeps its automated backups. */
  remove(identifier: string): Promise<void>;
  pause(): Promise<void>;
  stop(): Promise<void>;
}

const RESTORED = 'shop-gm-r-81-1';
const PARKED = 'shop-replaced-81';

/** What going back and cutting over rely on, whoever implements the ports. */
export function fleetContract(name: string, makeFleet: () => Promise<FleetWorld>): void {
  describe(`Fleet, Settings, Proxies: ${name}`, () => {
    let world: FleetWorld;
    let source: InstanceFacts;
    let snapshot: SnapshotFacts;
    let restored: InstanceFacts;

    beforeAll(async () => {
      world = await makeFleet();
      source = must(await world.recovery.instance(world.source));
    });
    afterAll(() => world?.stop());

    const until = waiting(() => world.pause());
    const now = (facts: InstanceFacts) => world.fleet.byResource(facts.resourceId);
    const ready = async (facts: InstanceFacts, identifier: string) =>
      must(
        await until(
          () => now(facts),
          (seen) =>
            seen?.identifier === identifier && seen.status === 'available' && seen.pending === undefined,
        ),
      );
    const tags = () => ourTags(RUN, { sourceResourceId: source.resourceId, phase: 'restoring' });

    test('knows the instance by its resource id and among all', async () => {
      expect(await now(source)).toMatchObject({ identifier: world.source, arn: source.arn });
      expect((await world.fleet.all()).map(({ resourceId }) => resourceId)).toContain(source.resourceId);
      expect(await world.fleet.byResource('db-NOBODY')).toBeUndefined();
    });

    test('tells the restorable window', async () => {
      const window = must(await world.fleet.window(source.resourceId));
      expect(window.status).toBe('active');
      expect(window.earliest).toBeGreaterThan(Date.UTC(2020, 0));
      expect(window.latest).toBeGreaterThanOrEqual(window.earliest);
      expect(await world.fleet.window('db-NOBODY')).toBeUndefined();
    });

    test('finds an automated snapshot by its name, and lists only manual ones', async () => {
      const [found] = (await world.recovery.snapshots(world.automated)).snapshots;
      expect(found).toMatchObject({ identifier: world.automated, sourceResourceId: source.resourceId });
      const all = (await world.recovery.snapshots()).snapshots.map(({ identifier }) => identifier);
      expect(all).not.toContain(world.automated);
    });

    test('restores a snapshot beside the source, once per run', async () => {
      await world.recovery.createSnapshot({ identifier: 'gm-shop-81-1', source, tags: tags() });
      const look = async () => (await world.recovery.snapshots('gm-shop-81-1')).snapshots[0];
      snapshot = must(await until(look, (seen) => seen?.status === 'available'));
      const spec = { source, snapshot, identifier: RESTORED, tags: tags() };
      const asked = await world.fleet.restoreSnapshot(spec);
      expect((await world.fleet.restoreSnapshot(spec)).arn).toBe(asked.arn);
      const other = { ...spec, tags: { ...tags(), [TAG.run]: '82-1' } };
      expect(await world.fleet.restoreSnapshot(other).catch(problemsOf)).toMatchObject([
        { code: 'instance-name-taken', fields: { name: RESTORED } },
      ]);
      restored = await ready(asked, RESTORED);
      expect(restored.tags).toMatchObject(tags());
      expect(restored.resourceId).not.toBe(source.resourceId);
    });

    test('refuses a snapshot that does not exist', async () => {
      const spec = { source, snapshot: { ...snapshot, identifier: 'nothing' }, identifier: 'x', tags: {} };
      expect(await world.fleet.restoreSnapshot(spec).catch(problemsOf)).toMatchObject([
        { code: 'snapshot-not-found', fields: { snapshot: 'nothing' } },
      ]);
    });

    test('tells what the restore could not carry, and mends it', async () => {
      const differences = world.settings.compare(source, restored);
      const mendable = differences.filter(({ mend }) => mend !== 'none');
      expect(mendable.map((each) => each.name).toSorted()).toEqual([
        'AssociatedRoles',
        'EnablePerformanceInsights',
        'MonitoringInterval',
        'MonitoringRoleArn',
        'PerformanceInsightsRetentionPeriod',
        'PreferredMaintenanceWindow',
      ]);
      const mended = await world.settings.mend(source, restored, differences);
      expect(mended.toSorted()).toEqual(mendable.map((each) => each.name).toSorted());
      const left = await until(
        async () => world.settings.compare(source, must(await now(restored))),
        (seen) => seen.every(({ mend }) => mend === 'none'),
      );
      // No call to paste names production.
      expect(left.filter(({ call }) => /identifier shop(?: |$)/.test(call))).toEqual([]);
      restored = await ready(restored, RESTORED);
      expect(await world.settings.addMembers(source, restored)).toEqual([]);
    });

    test('sends a proxy to the restored instance, twice without harm', async () => {
      const [proxy] = await world.proxies.of(source);
      expect(proxy).toMatchObject({ name: world.proxy, target: world.source, health: 'AVAILABLE' });
      await world.proxies.retarget(must(proxy), source, restored);
      await world.proxies.retarget(must(proxy), source, restored);
      const look = () => world.proxies.named(world.proxy);
      const moved = await until(look, (seen) => seen?.health === 'AVAILABLE');
      expect(moved).toMatchObject({ target: RESTORED });
      expect(await world.proxies.of(source)).toEqual([]);
      expect(await world.proxies.of(restored)).toMatchObject([{ name: world.proxy }]);
      expect(await world.proxies.named('nobody')).toBeUndefined();
      await world.proxies.retarget(must(proxy), restored, source);
    });

    test('lets two instances change names, step by step and repeated', async () => {
      expect(await world.fleet.rename(restored, world.source).catch(problemsOf)).toMatchObject([
        { code: 'instance-name-taken', fields: { name: world.source } },
      ]);
      await world.fleet.rename(source, PARKED);
      await world.fleet.rename(source, PARKED);
      await ready(source, PARKED);
      await world.fleet.rename(source, PARKED);
      await world.fleet.rename(restored, world.source);
      const promoted = await ready(restored, world.source);
      expect(promoted.tags).toMatchObject(tags());
      expect((await ready(source, PARKED)).identifier).toBe(PARKED);
    });

    test('restores by the resource id, when another one has the name and when the source is deleted', async () => {
      const time = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString().replace('.000', '');
      await until(
        () => now(source),
        (seen) => (seen?.latestRestorableTime ?? 0) > Date.parse(time),
      );
      await world.remove(PARKED);
      expect(await now(source)).toBeUndefined();
      expect((await world.fleet.window(source.resourceId))?.status).toBe('retained');
      const left = (await world.fleet.retained()).find(
        (each) => each.instance.resourceId === source.resourceId,
      );
      expect(left?.window?.status).toBe('retained');
      expect(left?.instance).toMatchObject({ identifier: PARKED, engine: source.engine, status: 'deleted' });
      expect(left?.instance.settings).toMatchObject({ StorageType: source.settings.StorageType });
      expect(left?.instance.settings).not.toHaveProperty('VpcSecurityGroupIds');
      const spec = { source, sourceBy: 'resource-id' as const, identifier: 'shop-again', time, tags: tags() };
      const again = await world.recovery.restoreToTime(spec);
      await ready(again, 'shop-again');
      expect(await world.fleet.rename(source, world.source).catch(problemsOf)).toMatchObject([
        { code: 'instance-gone', fields: { resourceId: source.resourceId } },
      ]);
    });
  });
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the world lacks something');
  return value;
}
