import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import { snapshotState } from '../../src/domain/instance-state.ts';
import { problemsOf } from '../../src/domain/problem.ts';
import { ourTags, TAG, type Tags } from '../../src/domain/tags.ts';
import type { Recovery, SnapshotSpec } from '../../src/ports/recovery.ts';
import { RUN, waiting } from './shared.ts';

export interface RecoveryWorld {
  readonly recovery: Recovery;
  /** Identifier of an instance that is available, with backups on. */
  readonly source: string;
  /** `source` is a cluster: `restored` gets what makes it answer, its instances. */
  answer?(source: InstanceFacts, restored: InstanceFacts): Promise<unknown>;
  /** Lets the world go on for a while (real or virtual time). */
  pause(): Promise<void>;
  stop(): Promise<void>;
}

/** What the guard relies on, whoever implements the port: AWS, the lab, moto, a fake. */
export function recoveryContract(name: string, makeRecovery: () => Promise<RecoveryWorld>): void {
  describe(`Recovery: ${name}`, () => {
    let world: RecoveryWorld;
    let source: InstanceFacts;
    let tags: Tags;
    let spec: SnapshotSpec;

    beforeAll(async () => {
      world = await makeRecovery();
      const found = await world.recovery.instance(world.source);
      if (found === undefined) throw new Error(`the world has no instance ${world.source}`);
      source = found;
      tags = { team: 'shop', ...ourTags(RUN, { sourceResourceId: source.resourceId, phase: 'snapshot' }) };
      spec = { identifier: 'gm-shop-81-1', source, tags };
    });
    afterAll(() => world?.stop());

    const until = waiting(() => world.pause());
    const snapshot = async () => (await world.recovery.snapshots(spec.identifier)).snapshots[0];

    test('describes the instance', () => {
      expect(source).toMatchObject({ identifier: world.source, status: 'available' });
      expect(source.engine).toMatch(/postgres/);
      expect(source.resourceId).toMatch(world.answer === undefined ? /^db-/ : /^cluster-/);
      expect(source.arn).toMatch(/^arn:aws:rds:/);
      expect(source.endpoint?.port).toBeGreaterThan(0);
      expect(source.backupRetentionDays).toBeGreaterThan(0);
      expect(source.latestRestorableTime).toBeGreaterThan(Date.UTC(2020, 0));
      const shown = world.answer === undefined ? source.settings : source.settings.Members;
      expect([shown].flat()[0]).toMatchObject({ DBInstanceClass: source.instanceClass });
    });

    test('knows no instance and no snapshot of another name', async () => {
      expect(await world.recovery.instance('nobody')).toBeUndefined();
      expect((await world.recovery.snapshots('nobody')).snapshots).toEqual([]);
    });

    test('refuses to snapshot what is not there', async () => {
      const nobody = { ...spec, source: { ...source, identifier: 'nobody' } };
      const problems = await world.recovery.createSnapshot(nobody).catch(problemsOf);
      expect(problems).toMatchObject([{ code: 'instance-not-found', fields: { instance: 'nobody' } }]);
    });

    test('makes a snapshot that becomes available, with its tags', async () => {
      const made = await world.recovery.createSnapshot(spec);
      expect(made).toMatchObject({ identifier: spec.identifier, sourceIdentifier: world.source });
      expect(made.arn).toMatch(/:(?:cluster-)?snapshot:gm-shop-81-1$/);
      const ready = await until(snapshot, (seen) => snapshotState(seen?.status ?? '') !== 'waiting');
      expect(ready).toMatchObject({ status: 'available', sourceResourceId: source.resourceId, tags });
      expect(ready?.createdAt).toBeGreaterThan(Date.UTC(2020, 0));
    });

    test('lists it among all', async () => {
      const { snapshots } = await world.recovery.snapshots();
      expect(snapshots.map(({ identifier }) => identifier)).toContain(spec.identifier);
    });

    test('asked again by the same run, gives the one that exists', async () => {
      await until(
        () => world.recovery.instance(world.source),
        (seen) => seen?.status === 'available',
      );
      const again = await world.recovery.createSnapshot(spec);
      expect(again).toMatchObject({ identifier: spec.identifier, status: 'available' });
    });

    test('does not take the snapshot of another run for its own', async () => {
      const other = { ...spec, tags: { ...tags, [TAG.run]: '82-1' } };
      const problems = await world.recovery.createSnapshot(other).catch(problemsOf);
      expect(problems).toMatchObject([
        {
          code: 'aws-rejected',
          fields: {
            code: expect.stringMatching(/^DB(?:Cluster)?SnapshotAlreadyExists$/),
            name: spec.identifier,
          },
        },
      ]);
    });

    test('changes a tag and keeps the others', async () => {
      const arn = (await snapshot())?.arn ?? '';
      await world.recovery.tag(arn, { [TAG.phase]: 'applied' });
      expect((await snapshot())?.tags).toEqual({ ...tags, [TAG.phase]: 'applied' });
    });

    test('restores beside the source, with its settings', async () => {
      const time = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString().replace('.000', '');
      await until(
        () => world.recovery.instance(world.source),
        (seen) => (seen?.latestRestorableTime ?? 0) > Date.parse(time),
      );
      const restore = {
        source,
        identifier: `${world.source}-gm-r-81-1`,
        time,
        tags: { ...tags, [TAG.restoreTime]: time },
      };
      const asked = await world.recovery.restoreToTime(restore);
      expect(asked).toMatchObject({ identifier: restore.identifier, tags: restore.tags });
      // Asked again while it is being made, or once it is there.
      expect((await world.recovery.restoreToTime(restore)).arn).toBe(asked.arn);
      const other = { ...restore, tags: { ...restore.tags, [TAG.run]: '82-1' } };
      expect(await world.recovery.restoreToTime(other).catch(problemsOf)).toMatchObject([
        { code: 'instance-name-taken', fields: { name: restore.identifier } },
      ]);
      if (world.answer !== undefined) {
        const storage = await until(
          () => world.recovery.instance(restore.identifier),
          (seen) => seen?.clusterStatus === 'available',
        );
        expect(storage).toMatchObject({ status: 'without-instances', endpoint: undefined, members: [] });
        if (storage !== undefined) await world.answer(source, storage);
      }
      const there = await until(
        () => world.recovery.instance(restore.identifier),
        (seen) => seen?.endpoint !== undefined && seen.status === 'available',
      );
      expect(there?.tags).toEqual(restore.tags);
      // No restore carries the maintenance window; port and zone are the lab's own to choose.
      const { Port, AvailabilityZone, PreferredMaintenanceWindow, Members, ...kept } = source.settings;
      expect(there?.settings).toMatchObject(kept);
      expect(there?.members?.length).toBe(source.members?.length);
      expect((await world.recovery.instance(world.source))?.status).toBe('available');
    });

    test('refuses to restore what is not there', async () => {
      const nobody = {
        source: { ...source, identifier: 'nobody' },
        identifier: 'nobody-gm-r-81-1',
        time: '2026-01-01T00:00:00Z',
        tags,
      };
      const problems = await world.recovery.restoreToTime(nobody).catch(problemsOf);
      expect(problems).toMatchObject([{ code: 'instance-not-found', fields: { instance: 'nobody' } }]);
    });

    test('deletes the snapshot, and once more', async () => {
      await world.recovery.deleteSnapshot(spec.identifier);
      await until(snapshot, (seen) => seen === undefined);
      await world.recovery.deleteSnapshot(spec.identifier);
      expect((await world.recovery.snapshots(spec.identifier)).snapshots).toEqual([]);
    });
  });
}
