import { isProblem } from '../domain/problem.ts';
import { watchName } from '../domain/request.ts';
import type { Secret } from '../domain/secret.ts';
import type { Session } from '../ports/engine.ts';
import type { Guard } from './context.ts';

/** The watcher's connection; opened again when the server dropped it. */
export class WatchSession {
  readonly #guard: Guard;
  readonly #url: Secret;
  #session: Session | undefined;

  constructor(guard: Guard, url: Secret) {
    this.#guard = guard;
    this.#url = url;
  }

  async use<T>(work: (session: Session) => Promise<T>): Promise<T | undefined> {
    try {
      this.#session ??= await (await this.#guard.ports.engine()).connect(
        this.#url,
        watchName(this.#guard.options.identity),
      );
      return await work(this.#session);
    } catch (error) {
      if (isProblem(error, 'database-error')) return undefined;
      await this.close();
      return undefined;
    }
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close().catch(() => undefined);
  }
}
