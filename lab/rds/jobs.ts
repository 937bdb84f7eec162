import { setTimeout as sleep } from 'node:timers/promises';

/** Background work of the provider. Nothing may outlive `stop`. */
export type Jobs = {
  /** Starts work that the caller does not wait for; a failure is reported, never thrown. */
  readonly run: (label: string, work: () => Promise<void>) => void;
  /** Work that takes at least `ms`, as it would on AWS. Rejects when the provider stops; `discard` gets what came of it. */
  readonly lasting: <T>(ms: number, work: () => Promise<T>, discard?: (result: T) => void) => Promise<T>;
  /** Resolves when nothing runs any more. */
  readonly settled: () => Promise<void>;
  /** Ends the waiting parts and resolves when the working parts have ended. */
  readonly stop: () => Promise<void>;
};

export const startJobs = (report: (problem: string) => void): Jobs => {
  const running = new Set<Promise<void>>();
  const halt = new AbortController();
  const settled = async (): Promise<void> => {
    while (running.size > 0) await Promise.allSettled(running);
  };
  return {
    run: (label, work) => {
      const job: Promise<void> = work()
        .catch((error: unknown) => {
          if (!halt.signal.aborted)
            report(`${label}: ${error instanceof Error ? error.message : String(error)}`);
        })
        .finally(() => running.delete(job));
      running.add(job);
    },
    lasting: async (ms, work, discard) => {
      const [result, pause] = await Promise.allSettled([
        work(),
        sleep(ms, undefined, { signal: halt.signal, ref: false }),
      ]);
      if (result.status === 'rejected') throw result.reason;
      if (pause.status === 'rejected') {
        discard?.(result.value);
        throw pause.reason;
      }
      return result.value;
    },
    settled,
    stop: async () => {
      halt.abort();
      await settled();
    },
  };
};
