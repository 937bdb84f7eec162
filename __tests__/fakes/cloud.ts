import type { InstanceFacts, SnapshotFacts } from '../../src/domain/facts.ts';
import type { Tags } from '../../src/domain/tags.ts';
import type { Recovery, RestoreSpec, SnapshotInventory, SnapshotSpec } from '../../src/ports/recovery.ts';
import type { FakeClock } from './clock.ts';
import { FakeDatabase, type Image } from './database.ts';
import { type FakeEngine, fault } from './engine.ts';

export const HOST = 'shop-prod.abc.eu-west-1.rds.amazonaws.com';
const ARN = 'arn:aws:rds:eu-west-1:123456789012';

export const SOURCE: InstanceFacts = {
  identifier: 'shop-prod',
  arn: `${ARN}:db:shop-prod`,
  resourceId: 'db-SOURCE',
  status: 'available',
  engine: 'postgres',
  engineVersion: '18.4',
  clusterIdentifier: undefined,
  replicaOf: undefined,
  endpoint: { address: HOST, port: 5432 },
  instanceClass: 'db.m7g.large',
  allocatedStorageGiB: 100,
  multiAz: true,
  backupRetentionDays: 7,
  backupWindow: '03:00-03:30',
  latestRestorableTime: undefined,
  iamAuthentication: false,
  managedPassword: false,
  settings: { DBSubnetGroupName: 'private' },
  tags: { team: 'shop', 'aws:cloudformation:stack-name': 'shop' },
};

interface Restored {
  readonly facts: InstanceFacts;
  readonly requestedAt: number;
  tags: Tags;
}

/** What happened to an instance after it was made: it was renamed, or is just being renamed. */
export interface Changed {
  readonly identifier: string;
  readonly status?: string;
  readonly hidden?: boolean;
}

export type Call =
  | 'instance'
  | 'snapshots'
  | 'createSnapshot'
  | 'deleteSnapshot'
  | 'restoreToTime'
  | 'tag'
  | 'all'
  | 'byResource'
  | 'window'
  | 'retained'
  | 'restoreSnapshot'
  | 'rename'
  | 'mend'
  | 'retarget';

/** RDS in one account and Region, over virtual time. It knows what the tests told it of; the rest throws. */
export class FakeCloud implements Recovery {
  readonly calls: string[] = [];
  source: InstanceFacts | undefined = SOURCE;
  readonly others: SnapshotFacts[] = [];
  /** What a snapshot that is asked for by name tells of its instance. */
  describes: InstanceFacts | undefined;
  limit: number | undefined = 100;
  /** How far LatestRestorableTime stays behind the server's clock; Infinity: the log is not shipped any more. */
  lagMs = 150_000;
  snapshotMs = 300_000;
  snapshotEnds = 'available';
  restoreMs = 900_000;
  /** Status of the restored instance from `restoreMs` on, and from ten minutes later on. */
  restoreEnds: readonly [string, string] = ['backing-up', 'available'];
  /** Changes what a restore brings back. */
  corrupt: ((image: Image) => Image) | undefined;
  readonly faults: Partial<Record<Call, (call: string) => Error | undefined>> = {};
  readonly restored = new Map<string, Restored>();
  readonly tagsOf = new Map<string, Tags>();
  /** By resource id; FakeFleet writes it. */
  readonly changes = new Map<string, Changed>();
  readonly restores: RestoreSpec[] = [];
  readonly #made: { readonly spec: SnapshotSpec; readonly at: number }[] = [];
  readonly #deleted = new Set<string>();
  readonly #clock: FakeClock;
  readonly #database: FakeDatabase;
  readonly #engine: FakeEngine;

  constructor(clock: FakeClock, database: FakeDatabase, engine: FakeEngine) {
    this.#clock = clock;
    this.#database = database;
    this.#engine = engine;
  }

  /** Calls that change something. */
  get mutations(): readonly string[] {
    return this.calls.filter((call) => !/^(instance|snapshots|all|byResource|window|retained)\b/.test(call));
  }

  async instance(identifier: string): Promise<InstanceFacts | undefined> {
    await this.enter('instance', identifier);
    return this.list().find((each) => each.identifier === identifier);
  }

  has(identifier: string): boolean {
    return this.list().some((each) => each.identifier === identifier);
  }

  /** Every instance as it is now, without a call. */
  list(): readonly InstanceFacts[] {
    const latest = this.source?.latestRestorableTime ?? this.#database.now() - this.lagMs;
    const source =
      this.source === undefined
        ? []
        : [{ ...this.source, latestRestorableTime: Number.isFinite(latest) ? latest : undefined }];
    return [...source, ...[...this.restored.values()].map((each) => this.#now(each))].flatMap((each) => {
      const seen = this.#renamed(each);
      return seen === undefined ? [] : [{ ...seen, tags: { ...seen.tags, ...this.tagsOf.get(seen.arn) } }];
    });
  }

  #renamed(facts: InstanceFacts): InstanceFacts | undefined {
    const change = this.changes.get(facts.resourceId);
    if (change === undefined) return facts;
    if (change.hidden === true) return undefined;
    const { identifier, status = facts.status } = change;
    const endpoint =
      facts.endpoint === undefined || status === 'renaming'
        ? undefined
        : { address: hostOf(identifier), port: facts.endpoint.port };
    return { ...facts, identifier, status, endpoint, arn: arnOf(identifier) };
  }

  async snapshots(identifier?: string): Promise<SnapshotInventory> {
    await this.enter('snapshots', identifier ?? 'all');
    const others = this.others.map((each) => ({ ...each, tags: this.tagsOf.get(each.arn) ?? each.tags }));
    const all = [...others, ...this.#made.map((each) => this.#progress(each))].filter(
      (each) => !this.#deleted.has(each.identifier),
    );
    return {
      snapshots: identifier === undefined ? all : this.#named(all, identifier),
      limit: this.limit,
    };
  }

  #named(all: readonly SnapshotFacts[], identifier: string): readonly SnapshotFacts[] {
    const { describes } = this;
    return all
      .filter((each) => each.identifier === identifier)
      .map((each) => (describes === undefined ? each : { ...each, describes }));
  }

  async createSnapshot(spec: SnapshotSpec): Promise<SnapshotFacts> {
    await this.enter('createSnapshot', spec.identifier);
    const made = { spec, at: this.#clock.now() };
    this.#made.push(made);
    this.tagsOf.set(this.#progress(made).arn, spec.tags);
    return this.#progress(made);
  }

  async deleteSnapshot(identifier: string): Promise<void> {
    await this.enter('deleteSnapshot', identifier);
    const { snapshots } = await this.snapshots(identifier);
    if (snapshots.length === 0) throw new Error(`no snapshot ${identifier}`);
    this.#deleted.add(identifier);
  }

  async restoreToTime(spec: RestoreSpec): Promise<InstanceFacts> {
    await this.enter('restoreToTime', spec.identifier);
    if (this.has(spec.identifier)) throw fault('instance-name-taken');
    if (!/:\d\dZ$/.test(spec.time)) throw new Error(`not a whole second in UTC: ${spec.time}`);
    if (Date.parse(spec.time) > this.#database.now() - this.lagMs)
      throw fault('aws-rejected', 'InvalidParameterValue: the specified time is not restorable yet');
    this.restores.push(spec);
    return this.restore(spec, this.#database.asOf(Date.parse(spec.time)));
  }

  /** A new instance beside the others, with that content. */
  restore(spec: { readonly identifier: string; readonly tags: Tags }, old: Image): InstanceFacts {
    const count = this.restored.size;
    const facts: InstanceFacts = {
      ...SOURCE,
      identifier: spec.identifier,
      arn: arnOf(spec.identifier),
      resourceId: count === 0 ? 'db-RESTORED' : `db-RESTORED${count + 1}`,
      // Its own backups begin with its first backup.
      latestRestorableTime: undefined,
      endpoint: undefined,
      tags: {},
    };
    // One that was renamed since stays known by its first name.
    const key = this.restored.has(spec.identifier) ? facts.resourceId : spec.identifier;
    this.restored.set(key, { facts, requestedAt: this.#clock.now(), tags: spec.tags });
    if (key !== spec.identifier) this.#engine.refusals.delete(hostOf(spec.identifier));
    this.tagsOf.set(facts.arn, spec.tags);
    const image = this.corrupt?.(old) ?? old;
    this.#engine.databases.set(
      hostOf(spec.identifier),
      new FakeDatabase(this.#clock, { skewMs: this.#database.skewMs, image }),
    );
    return { ...facts, tags: spec.tags, status: 'creating' };
  }

  async tag(arn: string, tags: Tags): Promise<void> {
    await this.enter('tag', `${arn.split(':').at(-1)} ${tags['guarded-migrate:phase'] ?? ''}`);
    const before = this.tagsOf.get(arn) ?? this.list().find((each) => each.arn === arn)?.tags;
    if (before === undefined) throw new Error(`no resource ${arn}`);
    this.tagsOf.set(arn, { ...before, ...tags });
  }

  /** One call: it is written down, takes a round trip, and fails when a test wants it to. */
  async enter(call: Call, about: string): Promise<void> {
    this.calls.push(`${call} ${about}`);
    await this.#clock.sleep(40);
    const error = this.faults[call]?.(about);
    if (error !== undefined) throw error;
  }

  #now({ facts, requestedAt }: Restored): InstanceFacts {
    const age = this.#clock.now() - requestedAt;
    if (age < this.restoreMs) return { ...facts, status: 'creating' };
    const [first, then] = this.restoreEnds;
    return {
      ...facts,
      status: age < this.restoreMs + 600_000 ? first : then,
      endpoint: { address: hostOf(facts.identifier), port: 5432 },
    };
  }

  #progress({ spec, at }: { readonly spec: SnapshotSpec; readonly at: number }): SnapshotFacts {
    const part = Math.min(1, (this.#clock.now() - at) / this.snapshotMs);
    const arn = `${ARN}:snapshot:${spec.identifier}`;
    return {
      identifier: spec.identifier,
      arn,
      status: part < 1 ? 'creating' : this.snapshotEnds,
      percent: Math.floor(part * 100),
      sourceIdentifier: spec.source.identifier,
      sourceResourceId: spec.source.resourceId,
      createdAt: at,
      tags: this.tagsOf.get(arn) ?? spec.tags,
    };
  }
}

const arnOf = (identifier: string): string => `${ARN}:db:${identifier}`;

export const hostOf = (identifier: string): string => `${identifier}.abc.eu-west-1.rds.amazonaws.com`;
