/** Bad luck that does not ask which database it meets. */
import type { Cluster } from '../../../lab/postgres/types.ts';
import { processesWith, signalProcess } from '../../../lab/runner/processes.ts';
import type { Blow } from './case.ts';

export interface Scene {
  readonly cluster: Pick<Cluster, 'query' | 'crash' | 'start' | 'url' | 'superuserUrl'>;
  readonly database: string;
  /** Value of LAB_CASE in the environment of the CLI and its engine. */
  readonly mark: string;
  readonly applicationName: string;
  readonly cliPid: () => number | undefined;
  readonly abort: () => void;
  readonly cut: () => void;
}

/** The blow came too late on a busy machine: the case was not played, so it says nothing about the product. */
export class MissedStrike extends Error {
  override readonly name = 'MissedStrike';
}

/** `session` says in SQL how the session of the migration is ended, and how only its statement is. */
export async function strike(
  scene: Scene,
  blow: Blow,
  session: { readonly terminate: string; readonly cancel: string },
): Promise<void> {
  const cli = scene.cliPid();
  const family = processesWith('LAB_CASE', scene.mark);
  const kill = (which: readonly number[]): void => {
    for (const each of which) signalProcess(each, 'SIGKILL');
  };
  if (blow === 'kill-cli') kill(family.filter((each) => each === cli));
  if (blow === 'kill-engine') kill(family.filter((each) => each !== cli));
  if (blow === 'kill-both') kill(family);
  if (blow === 'terminate') await scene.cluster.query(session.terminate);
  if (blow === 'cancel') await scene.cluster.query(session.cancel);
  if (blow === 'cut') scene.cut();
  if (blow === 'abort') scene.abort();
  if (blow === 'crash' || blow === 'crash-for-good') await scene.cluster.crash();
  if (blow === 'crash') await scene.cluster.start();
}
