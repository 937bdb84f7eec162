import { planner } from '../../src/app/planner.ts';
import type { Event, Status } from '../../src/domain/event.ts';
import type { DeployRequest, RunIdentity } from '../../src/domain/request.ts';
import type { Run } from '../../src/domain/run.ts';
import { Secret } from '../../src/domain/secret.ts';
import { cleanup } from '../../src/guard/back/cleanup.ts';
import { promote } from '../../src/guard/back/promote.ts';
import { rollback } from '../../src/guard/back/rollback.ts';
import { Guard, type GuardOptions } from '../../src/guard/context.ts';
import { deploy } from '../../src/guard/deploy.ts';
import { FakeClock, T0 } from './clock.ts';
import { FakeCloud, HOST } from './cloud.ts';
import { FakeDatabase, type Image } from './database.ts';
import { FakeEngine } from './engine.ts';
import { FakeFleet, FakeProxies, FakeSettings } from './fleet.ts';
import { FakeMigrator, type Script } from './migrator.ts';
import { FakeCommands, FakeNotifier } from './notifier.ts';
import { FakeParser, fakeAnalyser } from './parser.ts';

export const URL = `postgresql://app:s3cret-word@${HOST}:5432/shop?schema=public`;

export const identity: RunIdentity = {
  runId: '8123',
  attempt: '1',
  repository: 'acme/shop',
  sha: 'c0ffee12',
  actor: 'mira',
  workflow: 'deploy',
  serverUrl: 'https://github.com',
};

export const request = (change: Partial<DeployRequest> = {}): DeployRequest => ({
  mode: 'deploy',
  instance: 'shop-prod',
  targetKind: 'instance',
  region: 'eu-west-1',
  workingDirectory: '.',
  schema: undefined,
  prismaConfig: undefined,
  databaseUrlEnv: ['DIRECT_URL', 'DATABASE_URL'],
  databaseSecretArn: undefined,
  statementTimeoutMs: 30_000,
  lockTimeoutMs: 5_000,
  lockRetries: 3,
  migrationTimeoutMs: 1_800_000,
  snapshot: 'wait',
  snapshotTimeoutMs: 3_600_000,
  restoreTimeoutMs: 7_200_000,
  snapshotKeep: 0,
  onFailure: 'restore',
  waitForRestore: true,
  restoredIdentifier: undefined,
  promote: 'never',
  restoreTime: undefined,
  snapshotIdentifier: undefined,
  runId: undefined,
  confirm: undefined,
  maxWriteLoss: undefined,
  verifyCommand: undefined,
  beforeCommand: undefined,
  afterCommand: undefined,
  slackWebhookUrl: new Secret('https://hooks.slack.example/very-secret'),
  slackOn: 'failure',
  concurrency: 'refuse',
  failOn: 'block',
  allowDataLoss: [],
  requireDown: false,
  deployWindow: undefined,
  requireEnvironment: undefined,
  sarifPath: undefined,
  planPath: undefined,
  githubToken: undefined,
  ...change,
});

export interface WorldOptions {
  readonly request?: Partial<DeployRequest>;
  readonly scripts?: readonly Script[];
  readonly splits?: boolean;
  readonly skewMs?: number;
  readonly start?: number;
  readonly image?: Image;
}

export interface Played {
  readonly status: Status;
  readonly run: Run;
  readonly events: readonly Event[];
}

/** One job in a world: what it wants otherwise than the world's request, and who runs it. */
export interface Job {
  readonly request?: Partial<DeployRequest>;
  readonly identity?: RunIdentity;
}

function story(guard: Guard): Promise<Status> {
  switch (guard.request.mode) {
    case 'rollback':
      return rollback(guard);
    case 'promote':
      return promote(guard);
    case 'cleanup':
      return cleanup(guard);
    default:
      return deploy(guard, planner);
  }
}

/** Everything outside the guard, wired; `play` runs one job to its end. */
export class World {
  readonly clock: FakeClock;
  readonly database: FakeDatabase;
  readonly engine: FakeEngine;
  readonly cloud: FakeCloud;
  readonly fleet: FakeFleet;
  readonly settings: FakeSettings;
  readonly proxies: FakeProxies;
  readonly migrator: FakeMigrator;
  readonly notifier = new FakeNotifier();
  readonly commands = new FakeCommands();
  readonly events: Event[] = [];
  readonly secrets = new Set<string>();
  readonly asked: string[] = [];
  #cancel = new AbortController();
  #jobs = 0;
  readonly #request: DeployRequest;
  environment: Readonly<Record<string, string | undefined>> = { DATABASE_URL: URL };
  /** Called after every event. */
  onEvent: ((event: Event) => void) | undefined;

  constructor(options: WorldOptions = {}) {
    this.clock = new FakeClock(options.start ?? T0);
    this.database = new FakeDatabase(this.clock, {
      ...(options.skewMs === undefined ? {} : { skewMs: options.skewMs }),
      ...(options.image === undefined ? {} : { image: options.image }),
    });
    this.engine = new FakeEngine(this.clock);
    this.engine.databases.set(HOST, this.database);
    this.cloud = new FakeCloud(this.clock, this.database, this.engine);
    this.fleet = new FakeFleet(this.clock, this.cloud, this.engine, this.database);
    this.settings = new FakeSettings(this.cloud);
    this.proxies = new FakeProxies(this.clock, this.cloud);
    this.migrator = new FakeMigrator(this.database, options.scripts ?? []);
    this.migrator.splits = options.splits ?? false;
    this.#request = request(options.request);
  }

  cancel(): void {
    this.#cancel.abort();
  }

  /** The server goes away (a crash when `crash`: then every counter is zero afterwards) and comes back. */
  outage(from: number, to: number, crash = false): void {
    this.database.outages.push({ from, to });
    this.clock.at(from, () => {
      for (const backend of [...this.database.backends]) {
        this.database.close(backend);
        backend.cancel?.();
      }
      if (!crash) return;
      for (const table of Object.keys(this.database.counters))
        this.database.counters[table] = { inserted: 0, updated: 0, deleted: 0, file: '1' };
    });
  }

  /** One job to its end; a later one in the same world says what it wants otherwise. */
  async play(job: Job = {}): Promise<Played> {
    if (this.#jobs > 0) this.#cancel = new AbortController();
    this.#jobs += 1;
    const guard = this.guard(job);
    const from = this.events.length;
    const status = await story(guard);
    guard.emit({ type: 'run-ended', status });
    return { status, run: guard.run, events: this.events.slice(from) };
  }

  guard(job: Job = {}): Guard {
    const wanted = { ...this.#request, ...job.request };
    const named =
      <T>(name: string, port: T) =>
      async (): Promise<T> => {
        this.asked.push(name);
        return port;
      };
    const absent = (name: string) => async (): Promise<never> => {
      throw new Error(`no scenario uses the ${name}`);
    };
    const who = job.identity ?? identity;
    const options: GuardOptions = {
      request: wanted,
      identity: who,
      ports: {
        clock: this.clock,
        migrator: named('migrator', this.migrator),
        engine: named('engine', this.engine),
        recovery: named('recovery', this.cloud),
        fleet: named('fleet', this.fleet),
        settings: named('settings', this.settings),
        proxies: named('proxies', this.proxies),
        parser: named('parser', new FakeParser()),
        analyser: named('analyser', fakeAnalyser),
        workspace: absent('workspace'),
        review: absent('review'),
        secrets: async () => {
          throw new Error('no test reads Secrets Manager');
        },
        commands: named('commands', this.commands),
        notifier: wanted.slackWebhookUrl === undefined ? undefined : named('notifier', this.notifier),
      },
      voice: { message: (run, about) => ({ text: `${about} ${run.verdict?.state ?? 'none'}`, blocks: [] }) },
      environment: this.environment,
      onEvent: (event) => {
        this.events.push(event);
        this.onEvent?.(event);
      },
      onSecret: (secret) => this.secrets.add(secret),
      cancelled: this.#cancel.signal,
    };
    return new Guard(options);
  }

  /** Types of the events in order; what may repeat is named once. */
  get story(): readonly string[] {
    return this.events
      .map((event) => ('step' in event ? `${event.type} ${event.step}` : event.type))
      .filter((type, index, all) => type !== all[index - 1] && type !== 'migrator-line');
  }
}
