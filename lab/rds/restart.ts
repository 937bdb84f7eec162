import type { Cluster } from '../databases.ts';
import type { State } from './state.ts';

type Served = { readonly cluster: Cluster | undefined };

/** A real restart: every connection ends. A database that was down stays down. */
const restartCluster = async ({ cluster }: Served): Promise<void> => {
  if (cluster === undefined || !cluster.running) return;
  await cluster.shutdown();
  await cluster.start();
};

export const pause = (state: State, ms: number): Promise<void> =>
  state.jobs.lasting(ms, async () => undefined);

/** Restarts the database, which takes at least `ms`. */
export const restart = (state: State, served: Served, ms: number): Promise<void> =>
  state.jobs.lasting(ms, () => restartCluster(served));

/** Back to `available`, unless the test has said otherwise meanwhile. */
export const settle = (instance: { status: string }, from: string): void => {
  if (instance.status === from) instance.status = 'available';
};
