/** What is really so, compared; and the application that goes on writing meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../lab/databases.ts';
import type { Store, Truth } from './stores/store.ts';

export const sameContent = (a: Truth, b: Truth): boolean => a.schema === b.schema && a.rows === b.rows;

export const sameHistory = (a: Truth, b: Truth): boolean => a.history.join() === b.history.join();

export const isOpen = (truth: Truth, name: string): boolean => truth.history.includes(`${name}:open`);
export const isApplied = (truth: Truth, name: string): boolean => truth.history.includes(`${name}:applied`);

export interface Writer {
  /** Ids whose commit was acknowledged, with the server's time just before it. */
  readonly acknowledged: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** The application at work meanwhile: a committed row every few milliseconds. */
export function startWriter(store: Store, cluster: Cluster, database: string): Writer {
  const acknowledged = new Map<string, number>();
  const over = new AbortController();
  const work = (async (): Promise<void> => {
    while (!over.signal.aborted) {
      const entry = await store.write(cluster, database);
      if (entry !== undefined) acknowledged.set(entry.id, entry.at);
      await pause(60);
    }
  })().catch(() => undefined);
  return {
    acknowledged,
    stop: async () => {
      over.abort();
      await work;
    },
  };
}
