import type { InstanceFacts } from '../../src/domain/facts.ts';
import type { SettingDifference } from '../../src/domain/going-back.ts';
import type {
  Fleet,
  Proxies,
  ProxyFacts,
  RestoreWindow,
  RetainedBackup,
  Settings,
  SnapshotRestoreSpec,
} from '../../src/ports/fleet.ts';
import type { FakeClock } from './clock.ts';
import { type FakeCloud, hostOf, SOURCE } from './cloud.ts';
import type { FakeDatabase } from './database.ts';
import { type FakeEngine, fault } from './engine.ts';

const DAY = 86_400_000;

/**
 * The instances of a {@link FakeCloud} beyond the one. A rename first seems to do nothing, then the old name is gone
 * and nobody answers, then the new name does.
 */
export class FakeFleet implements Fleet {
  /** How far back AWS can restore; undefined when there are no automated backups. */
  earliestMs: number | undefined = 7 * DAY;
  windowStatus = 'active';
  /** What is left of instances that were deleted. */
  readonly backups: RetainedBackup[] = [];
  /** From the call to the moment the old name goes, and to the moment the new one answers. */
  cutMs = 5_000;
  renameMs = 120_000;
  readonly snapshotRestores: SnapshotRestoreSpec[] = [];
  readonly renames: string[] = [];
  readonly #clock: FakeClock;
  readonly #cloud: FakeCloud;
  readonly #engine: FakeEngine;
  readonly #source: FakeDatabase;

  constructor(clock: FakeClock, cloud: FakeCloud, engine: FakeEngine, source: FakeDatabase) {
    this.#clock = clock;
    this.#cloud = cloud;
    this.#engine = engine;
    this.#source = source;
  }

  async all(): Promise<readonly InstanceFacts[]> {
    await this.#cloud.enter('all', '');
    return this.#cloud.list();
  }

  async byResource(resourceId: string): Promise<InstanceFacts | undefined> {
    await this.#cloud.enter('byResource', resourceId);
    return this.#cloud.list().find((each) => each.resourceId === resourceId);
  }

  async window(resourceId: string): Promise<RestoreWindow | undefined> {
    await this.#cloud.enter('window', resourceId);
    const isKnown = this.#cloud.list().some((each) => each.resourceId === resourceId);
    if (this.earliestMs === undefined || resourceId !== SOURCE.resourceId || !isKnown) return undefined;
    const now = this.#source.now();
    return { earliest: now - this.earliestMs, latest: now - this.#cloud.lagMs, status: this.windowStatus };
  }

  async retained(): Promise<readonly RetainedBackup[]> {
    await this.#cloud.enter('retained', '');
    return this.backups;
  }

  async restoreSnapshot(spec: SnapshotRestoreSpec): Promise<InstanceFacts> {
    await this.#cloud.enter('restoreSnapshot', spec.identifier);
    if (this.#cloud.has(spec.identifier)) throw fault('instance-name-taken');
    if (spec.snapshot.status !== 'available') throw fault('aws-rejected', 'InvalidDBSnapshotState');
    this.snapshotRestores.push(spec);
    const at = (spec.snapshot.createdAt ?? this.#clock.now()) + this.#source.skewMs;
    return this.#cloud.restore(spec, this.#source.asOf(at));
  }

  async rename(instance: InstanceFacts, to: string): Promise<void> {
    const { resourceId } = instance;
    await this.#cloud.enter('rename', `${instance.identifier} ${to}`);
    if (this.renames.includes(`${resourceId} ${to}`)) return;
    if (this.#cloud.list().some((each) => each.identifier === to)) throw fault('instance-name-taken');
    const now = this.#cloud.list().find((each) => each.resourceId === resourceId);
    if (now === undefined) throw fault('instance-not-found');
    const from = now.identifier;
    const database = this.#engine.databases.get(hostOf(from));
    this.renames.push(`${resourceId} ${to}`);
    const start = this.#clock.now();
    this.#clock.at(start + this.cutMs, () => {
      this.#engine.refusals.set(hostOf(from), 'database-unreachable');
      const tags = this.#cloud.tagsOf.get(now.arn);
      this.#cloud.changes.set(resourceId, { identifier: to, status: 'renaming' });
      const arn = now.arn.replace(/[^:]+$/, to);
      this.#cloud.tagsOf.delete(now.arn);
      this.#cloud.tagsOf.set(arn, { ...now.tags, ...tags });
    });
    this.#clock.at(start + this.renameMs, () => {
      this.#cloud.changes.set(resourceId, { identifier: to });
      this.renames.splice(this.renames.indexOf(`${resourceId} ${to}`), 1);
      this.#engine.refusals.delete(hostOf(to));
      if (database !== undefined) this.#engine.databases.set(hostOf(to), database);
    });
  }

  /** Somebody deletes it by hand. */
  remove(instance: InstanceFacts): void {
    this.#cloud.changes.set(instance.resourceId, { identifier: instance.identifier, hidden: true });
    this.#engine.refusals.set(hostOf(instance.identifier), 'database-unreachable');
  }
}

/** Says what a test wants it to say, and mends what one call mends. */
export class FakeSettings implements Settings {
  differences: readonly SettingDifference[] = [];
  readonly #cloud: FakeCloud;

  constructor(cloud: FakeCloud) {
    this.#cloud = cloud;
  }

  compare(): readonly SettingDifference[] {
    return this.differences;
  }

  async mend(
    _source: InstanceFacts,
    restored: InstanceFacts,
    differences: readonly SettingDifference[],
  ): Promise<readonly string[]> {
    const names = differences.filter((each) => each.mend !== 'none').map((each) => each.name);
    await this.#cloud.enter('mend', `${restored.identifier} ${names.join()}`);
    this.differences = this.differences.filter((each) => !names.includes(each.name));
    return names;
  }

  async addMembers(): Promise<readonly string[]> {
    return [];
  }
}

/** The proxies a test names; each sends to one target. */
export class FakeProxies implements Proxies {
  readonly list: ProxyFacts[] = [];
  registerMs = 30_000;
  readonly #clock: FakeClock;
  readonly #cloud: FakeCloud;

  constructor(clock: FakeClock, cloud: FakeCloud) {
    this.#clock = clock;
    this.#cloud = cloud;
  }

  async of(instance: InstanceFacts): Promise<readonly ProxyFacts[]> {
    return this.list.filter((each) => each.target === instance.identifier);
  }

  async named(name: string): Promise<ProxyFacts | undefined> {
    return this.list.find((each) => each.name === name);
  }

  async retarget(proxy: ProxyFacts, _from: InstanceFacts, to: InstanceFacts): Promise<void> {
    await this.#cloud.enter('retarget', `${proxy.name} ${to.identifier}`);
    const put = (health: string): void => {
      const index = this.list.findIndex((each) => each.name === proxy.name);
      this.list[index] = { ...proxy, target: to.identifier, health };
    };
    put('REGISTERING');
    this.#clock.at(this.#clock.now() + this.registerMs, () => put('AVAILABLE'));
  }
}
