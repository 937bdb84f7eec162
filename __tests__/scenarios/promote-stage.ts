/** One account with production, which a migration broke, and a verified restore beside it. */
import { type Event, JOURNAL_VERSION, type Status } from '../../src/domain/event.ts';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import type { DeployRequest, RunIdentity } from '../../src/domain/request.ts';
import type { Run } from '../../src/domain/run.ts';
import { ourTags, TAG, type Tags } from '../../src/domain/tags.ts';
import { promote } from '../../src/guard/back/promote.ts';
import { Guard } from '../../src/guard/context.ts';
import { FakeClock, T0 } from '../fakes/clock.ts';
import { FakeCloud, HOST, hostOf, SOURCE } from '../fakes/cloud.ts';
import { changed, FakeDatabase } from '../fakes/database.ts';
import { FakeEngine } from '../fakes/engine.ts';
import { FakeFleet, FakeProxies, FakeSettings } from '../fakes/fleet.ts';
import { FakeNotifier } from '../fakes/notifier.ts';
import { identity, request, URL } from '../fakes/world.ts';

export const RESTORED = 'shop-prod-gm-r-8123-1';
export const PARKED = 'shop-prod-replaced-9000-1';
export const OLD = 'db-SOURCE';
export const NEW = 'db-RESTORED';

export const PROMOTER: RunIdentity = { ...identity, runId: '9000', workflow: 'promote' };

/** The process dies: nothing that follows runs. */
export class Killed extends Error {}

export interface Promoted {
  readonly status: Status;
  readonly run: Run;
  readonly events: readonly Event[];
}

const never = (name: string) => async (): Promise<never> => {
  throw new Error(`no promotion uses the ${name}`);
};

export class Stage {
  readonly clock = new FakeClock(T0);
  readonly database: FakeDatabase;
  readonly engine: FakeEngine;
  readonly cloud: FakeCloud;
  readonly fleet: FakeFleet;
  readonly settings: FakeSettings;
  readonly proxies: FakeProxies;
  readonly notifier = new FakeNotifier();
  environment: Readonly<Record<string, string | undefined>> = { DATABASE_URL: URL };

  constructor(tags: Tags = {}) {
    this.database = new FakeDatabase(this.clock);
    this.engine = new FakeEngine(this.clock);
    this.engine.databases.set(HOST, this.database);
    this.cloud = new FakeCloud(this.clock, this.database, this.engine);
    this.fleet = new FakeFleet(this.clock, this.cloud, this.engine, this.database);
    this.settings = new FakeSettings(this.cloud);
    this.proxies = new FakeProxies(this.clock, this.cloud);
    this.cloud.restoreMs = -2_000_000;
    this.cloud.restore(
      {
        identifier: RESTORED,
        tags: {
          ...ourTags(identity, {
            sourceResourceId: OLD,
            phase: 'restored',
            restoreTime: '2026-11-21T01:30:00Z',
          }),
          [TAG.fingerprint]: this.database.snapshot().fingerprint.digest,
          ...tags,
        },
      },
      this.database.image,
    );
    this.database.commit(
      'migration',
      changed(this.database.image, { objects: { 'table public.half': 'id int' } }),
    );
  }

  /** A job of `mode: promote`; a fresh guard with nothing but AWS and the environment. */
  async promote(
    change: Partial<DeployRequest> = {},
    about: {
      readonly as?: RunIdentity;
      readonly onEvent?: (event: Event) => void;
      readonly cancelled?: AbortSignal;
      readonly run?: (guard: Guard) => Promise<Status>;
    } = {},
  ): Promise<Promoted> {
    const events: Event[] = [];
    const guard = this.guard(change, {
      ...about,
      onEvent: (event) => {
        events.push(event);
        about.onEvent?.(event);
      },
    });
    const { identity: who, request: asked } = guard.options;
    guard.emit({ type: 'run-started', version: JOURNAL_VERSION, pid: 1, identity: who, request: asked });
    const status = await (about.run ?? promote)(guard);
    guard.emit({ type: 'run-ended', status });
    return { status, run: guard.run, events };
  }

  guard(
    change: Partial<DeployRequest>,
    about: {
      readonly as?: RunIdentity;
      readonly onEvent?: (event: Event) => void;
      readonly cancelled?: AbortSignal;
    } = {},
  ): Guard {
    const asked = request({
      mode: 'promote',
      promote: 'rename',
      restoredIdentifier: RESTORED,
      confirm: 'shop-prod',
      ...change,
    });
    const port =
      <T>(value: T) =>
      async (): Promise<T> =>
        value;
    return new Guard({
      request: asked,
      identity: about.as ?? PROMOTER,
      ports: {
        clock: this.clock,
        engine: port(this.engine),
        recovery: port(this.cloud),
        fleet: port(this.fleet),
        settings: port(this.settings),
        proxies: port(this.proxies),
        notifier: port(this.notifier),
        migrator: never('migrator'),
        parser: never('parser'),
        analyser: never('analyser'),
        workspace: never('workspace'),
        review: never('review'),
        secrets: never('secrets'),
        commands: never('commands'),
      },
      voice: {
        message: (run, about) => ({ text: `${about} ${run.promotion?.phase ?? 'none'}`, blocks: [] }),
      },
      environment: this.environment,
      onEvent: (event) => about.onEvent?.(event),
      onSecret: () => undefined,
      cancelled: about.cancelled ?? new AbortController().signal,
    });
  }

  byId(resourceId: string): InstanceFacts | undefined {
    return this.cloud.list().find((each) => each.resourceId === resourceId);
  }

  /** Names of both, old first. */
  get names(): readonly (string | undefined)[] {
    return [this.byId(OLD)?.identifier, this.byId(NEW)?.identifier];
  }

  /** What an application meets behind the name of production. */
  get served(): 'old' | 'new' | 'nobody' {
    if (this.engine.refusals.has(HOST)) return 'nobody';
    return this.engine.databases.get(HOST) === this.database ? 'old' : 'new';
  }

  get renames(): readonly string[] {
    return this.cloud.calls.filter((call) => call.startsWith('rename '));
  }

  /** The phases in the tags, old first. */
  get phases(): readonly (string | undefined)[] {
    return [this.byId(OLD)?.tags[TAG.phase], this.byId(NEW)?.tags[TAG.phase]];
  }
}

export { hostOf, SOURCE };

export const codes = (run: Run): readonly string[] => run.problems.map(({ code }) => code);
export const noticed = (run: Run): readonly string[] => run.notices.map(({ code }) => code);
