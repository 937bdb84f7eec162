import type { Dialect } from '../domain/dialect.ts';
import type { Event, EventBody, NoticeCode } from '../domain/event.ts';
import { fold } from '../domain/fold.ts';
import type { Message } from '../domain/message.ts';
import type { DeployRequest, RunIdentity } from '../domain/request.ts';
import { emptyRun, type Run } from '../domain/run.ts';
import type { Analyser } from '../ports/analyser.ts';
import type { Clock } from '../ports/clock.ts';
import type { Commands } from '../ports/commands.ts';
import type { Engine } from '../ports/engine.ts';
import type { Fleet, Proxies, Settings } from '../ports/fleet.ts';
import type { Migrator } from '../ports/migrator.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { Parser } from '../ports/parser.ts';
import type { Recovery } from '../ports/recovery.ts';
import type { Review } from '../ports/review.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Workspace } from '../ports/workspace.ts';

/** The outside world. Heavy adapters are loaded when first asked for, so these are functions. */
export interface Ports {
  readonly clock: Clock;
  readonly migrator: () => Promise<Migrator>;
  readonly engine: () => Promise<Engine>;
  readonly recovery: () => Promise<Recovery>;
  readonly fleet: () => Promise<Fleet>;
  readonly settings: () => Promise<Settings>;
  readonly proxies: () => Promise<Proxies>;
  readonly parser: (dialect: Dialect) => Promise<Parser>;
  readonly analyser: (dialect: Dialect) => Promise<Analyser>;
  readonly workspace: () => Promise<Workspace>;
  readonly review: () => Promise<Review>;
  readonly secrets: () => Promise<Secrets>;
  readonly commands: () => Promise<Commands>;
  /** Undefined when no webhook is configured. */
  readonly notifier: (() => Promise<Notifier>) | undefined;
}

/** What the guard asks of the report floor, handed in so that it never imports it. */
export interface Voice {
  message(run: Run, about: 'failure' | 'end'): Message;
}

export interface GuardOptions {
  readonly request: DeployRequest;
  readonly identity: RunIdentity;
  readonly ports: Ports;
  readonly voice: Voice;
  /** Environment of the step: where the connection URLs are. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called with every event and the run with it folded in; the journal is its first reader. */
  readonly onEvent: (event: Event, run: Run) => void;
  /** Every secret met on the way, so that nothing can print it. */
  readonly onSecret: (secret: string) => void;
  /** Fires on SIGINT and SIGTERM. */
  readonly cancelled: AbortSignal;
}

/** One run in progress: the options, and the fold of what has happened so far. */
export class Guard {
  readonly options: GuardOptions;
  #run: Run;

  constructor(options: GuardOptions, run?: Run) {
    this.options = options;
    this.#run = run ?? emptyRun(options.identity, options.ports.clock.now());
  }

  get run(): Run {
    return this.#run;
  }

  get request(): DeployRequest {
    return this.options.request;
  }

  get ports(): Ports {
    return this.options.ports;
  }

  emit(body: EventBody): void {
    const event: Event = { at: this.ports.clock.now(), ...body };
    this.#run = fold(this.#run, event);
    this.options.onEvent(event, this.#run);
  }

  warn(code: NoticeCode, fields: Readonly<Record<string, string>> = {}): void {
    this.emit({ type: 'notice', notice: { code, level: 'warning', fields } });
  }
}
