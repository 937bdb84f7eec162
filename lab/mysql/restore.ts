import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cloneDir } from '../postgres/copy.ts';
import type { QueryRow, RestoreOptions } from '../postgres/types.ts';
import { openCluster } from './cluster.ts';
import { indexLogs, lastPlace, layRelayLogs, placeAt, type Stretch, TOO_SHORT } from './logs.ts';
import type { LogPlace, MysqlBackup, MysqlCluster } from './types.ts';

export type MysqlRestore = Omit<RestoreOptions, 'backup' | 'walDir'> & { readonly backup: MysqlBackup };

/** Where the replay ends, or `undefined` for the state of the backup itself. */
const until = ({ backup, archiveDir, targetTime }: MysqlRestore): LogPlace | undefined => {
  if (targetTime === undefined) return undefined;
  if (backup.place === undefined) throw new Error(`The backup ${backup.label} has no binary log to replay.`);
  if (targetTime === 'latest') return lastPlace(archiveDir, backup.place);
  if (targetTime < backup.finishedAt)
    throw new Error(
      `${targetTime.toISOString()} is before the end of the backup, ${backup.finishedAt.toISOString()}.`,
    );
  return placeAt(archiveDir, backup.place, targetTime.getTime());
};

const textOf = (row: QueryRow, name: RegExp): string =>
  String(Object.entries(row).find(([key]) => name.test(key))?.[1] ?? '');

/** How often (ms) MySQL's appliers note how far they are. */
const REPLAY: Readonly<Record<string, string>> = { 'loose-replica-checkpoint-period': '10' };

const REPLAYED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 10;

type Words = { readonly change: string; readonly source: string; readonly replica: string };

/** MySQL 8.4 dropped the old words, MariaDB never took all of the new ones. */
const WORDS: Readonly<Record<MysqlCluster['flavor'], Words>> = {
  mysql: { change: 'REPLICATION SOURCE', source: 'SOURCE', replica: 'REPLICA' },
  mariadb: { change: 'MASTER', source: 'MASTER', replica: 'SLAVE' },
};

/** MariaDB goes on to the next, empty log when it has read one. */
const hasReached = (row: QueryRow, { file, position }: LogPlace): boolean => {
  const at = textOf(row, /^Relay_Log_File$/);
  return at > file || (at === file && Number(textOf(row, /^Relay_Log_Pos$/)) >= position);
};

const untilReplayed = async (copy: MysqlCluster, { replica }: Words, end: LogPlace): Promise<void> => {
  const deadline = Date.now() + REPLAYED_WITHIN_MS;
  for (;;) {
    const [row = {}] = await copy.query(`SHOW ${replica} STATUS`, [], '');
    const problem = textOf(row, /^Last_SQL_Error$/);
    if (problem !== '') throw new Error(`Replaying the binary log into ${copy.name} failed: ${problem}`);
    if (hasReached(row, end)) return;
    if (Date.now() > deadline)
      throw new Error(`The binary log is not replayed into ${copy.name}: ${JSON.stringify(row)}`);
    await sleep(LOOK_EVERY_MS);
  }
};

const replay = async (copy: MysqlCluster, { start, end }: Stretch): Promise<void> => {
  const words = WORDS[copy.flavor];
  const { change, source, replica } = words;
  await copy.query(
    `CHANGE ${change} TO ${source}_HOST = 'gone', RELAY_LOG_FILE = '${start.file}', RELAY_LOG_POS = ${start.position}`,
    [],
    '',
  );
  await copy.query(`START ${replica} SQL_THREAD`, [], '');
  await untilReplayed(copy, words, end);
  await copy.query(`STOP ${replica}; RESET ${replica} ALL`, [], '');
};

const same = (a: LogPlace, b: LogPlace): boolean => a.file === b.file && a.position === b.position;

/**
 * Builds a new cluster from a backup and, with `targetTime`, replays the source's binary logs up to it; the source may
 * be gone. Rejects when the time is before the backup's end or after the end of the logs (see `flushLogs`). Resolution:
 * a millisecond (MySQL), a second (MariaDB: a second that is not over at `targetTime` is left out).
 */
export const restoreBackup = async (options: MysqlRestore): Promise<MysqlCluster> => {
  const { backup, archiveDir } = options;
  const target = until(options);
  let stretch: Stretch | undefined;
  const copy = await openCluster({
    binary: backup.binary,
    name: options.name ?? 'restored',
    host: options.host,
    port: options.port,
    archive: true,
    ssl: options.ssl ?? 'off',
    settings: { ...REPLAY, ...options.settings },
    roles: backup.roles,
    prepare: async (layout) => {
      await cloneDir(join(backup.dir, 'data'), layout.dataDir);
      await cloneDir(join(backup.dir, 'archive'), layout.archiveDir);
      indexLogs(layout.archiveDir);
      if (target === undefined || backup.place === undefined || same(backup.place, target)) return;
      stretch = layRelayLogs(archiveDir, layout.relayDir, backup.place, target);
    },
  });
  try {
    if (stretch !== undefined) await replay(copy, stretch);
    return copy;
  } catch (error) {
    await copy.stop();
    throw error;
  }
};

/** Whether a restore failed because the logs end before the asked time: then `latest` is the same state. */
export const logsEndBefore = (error: unknown): boolean => String(error).includes(TOO_SHORT);
