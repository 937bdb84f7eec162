import { copyFileSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { own } from '../postgres/account.ts';
import { writeOwned } from '../postgres/config.ts';
import { eventsOf, groupsOf } from './events.ts';
import type { LogPlace } from './types.ts';

/** Where the first event of a log file is. */
export const FIRST = 4;

/** The binary logs of a folder, oldest first. */
export const logsIn = (dir: string): readonly string[] =>
  readdirSync(dir)
    .filter((name) => /^binlog\.\d+$/.test(name))
    .toSorted();

/** Where the last complete transaction of a folder ends; what follows it a recovery throws away. */
export const endOf = (dir: string): LogPlace | undefined => {
  const file = logsIn(dir).at(-1);
  if (file === undefined) return undefined;
  return { file, position: groupsOf(eventsOf(join(dir, file))).at(-1)?.end ?? FIRST };
};

/** The logs from a place on. Throws when the one it lies in is gone. */
const logsFrom = (dir: string, from: LogPlace): readonly string[] => {
  const logs = logsIn(dir).filter((file) => file >= from.file);
  if (logs[0] !== from.file) throw new Error(`The binary log ${from.file} of the backup is gone.`);
  return logs;
};

/** Part of the message by which `nothingLater` knows this failure. */
export const TOO_SHORT = 'the binary logs end before';

/**
 * Where a replay up to an instant (ms) ends: before the first later transaction. Throws when the logs show no sign
 * of life from the second of the instant or after it, because then nobody can say that they are complete.
 */
export const placeAt = (dir: string, from: LogPlace, instant: number): LogPlace => {
  let reached = from;
  let lastSecond = 0;
  for (const file of logsFrom(dir, from)) {
    const events = eventsOf(join(dir, file));
    const groups = groupsOf(events).filter(({ end }) => file !== from.file || end > from.position);
    const late = groups.findIndex(({ committedBy }) => committedBy > instant);
    const kept = late === -1 ? groups : groups.slice(0, late);
    const last = kept.at(-1);
    if (last !== undefined) reached = { file, position: last.end };
    if (late !== -1) return reached;
    lastSecond = events.reduce((latest, { seconds }) => Math.max(latest, seconds), lastSecond);
  }
  if (Number.isFinite(instant) && lastSecond * 1000 + 999 < instant)
    throw new Error(
      `Nothing is known about ${new Date(instant).toISOString()}: ${TOO_SHORT} it, at ${new Date(lastSecond * 1000).toISOString()}.`,
    );
  return reached;
};

/** Where a replay of all there is ends. */
export const lastPlace = (dir: string, from: LogPlace): LogPlace =>
  placeAt(dir, from, Number.POSITIVE_INFINITY);

const listed = (dir: string, names: readonly string[]): string =>
  names.map((name) => `${join(dir, name)}\n`).join('');

/** The index of a folder of binary logs names them by full path, so a copy needs its own. */
export const indexLogs = (dir: string): void => {
  const logs = logsIn(dir);
  if (logs.length > 0) writeOwned(join(dir, 'binlog.index'), listed(dir, logs));
};

const relayName = (number: number): string => `relay.${String(number + 1).padStart(6, '0')}`;

/** From where to where a replay goes, in the names of the relay logs. */
export type Stretch = { readonly start: LogPlace; readonly end: LogPlace };

/** Lays binary logs out as relay logs, which have the same format, cut at `until`. */
export const layRelayLogs = (
  archiveDir: string,
  relayDir: string,
  from: LogPlace,
  until: LogPlace,
): Stretch => {
  const logs = logsFrom(archiveDir, from).filter((file) => file <= until.file);
  const names = logs.map((_, at) => relayName(at));
  logs.forEach((file, at) => {
    const target = join(relayDir, relayName(at));
    copyFileSync(join(archiveDir, file), target);
    own(target);
    if (file === until.file && statSync(target).size > until.position) truncateSync(target, until.position);
  });
  writeOwned(join(relayDir, 'relay.index'), listed(relayDir, names));
  const named = (at: number, { position }: LogPlace): LogPlace => ({ file: relayName(at), position });
  return { start: named(0, from), end: named(logs.length - 1, until) };
};
