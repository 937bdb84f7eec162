import type { InstanceFacts } from '../domain/facts.ts';
import { instancePerHour, PRICES_FROM, snapshotPerMonth, storagePerMonth } from '../domain/prices.ts';

/** From, to. */
export type Range = readonly [number, number];

/** What a snapshot and a restore will roughly take and cost. Money in US dollars, before tax. */
export interface Estimate {
  readonly snapshotMinutes: Range;
  readonly restoreMinutes: Range;
  /** Of the snapshot, per month: from nothing (inside the free allowance) to all of the storage. */
  readonly snapshotPerMonth: Range;
  /** Of the restored DB instance while it runs; undefined when the class or engine is not in the table. */
  readonly instancePerHour: number | undefined;
  readonly storagePerMonth: number | undefined;
  readonly instanceClass: string;
  readonly storageGiB: number;
  readonly multiAz: boolean;
}

/** AWS publishes no times. These ranges are wide on purpose: what counts is how much changed since the last backup. */
const SNAPSHOT_FROM = 2;
const SNAPSHOT_TO = 10;
const SNAPSHOT_TO_PER_100_GIB = 15;
const RESTORE_FROM = 10;
const RESTORE_TO = 40;
const RESTORE_TO_PER_100_GIB = 10;

export function estimate(instance: InstanceFacts): Estimate {
  const { allocatedStorageGiB: gib, instanceClass, multiAz } = instance;
  return {
    snapshotMinutes: [SNAPSHOT_FROM, Math.round(SNAPSHOT_TO + (gib / 100) * SNAPSHOT_TO_PER_100_GIB)],
    restoreMinutes: [RESTORE_FROM, Math.round(RESTORE_TO + (gib / 100) * RESTORE_TO_PER_100_GIB)],
    snapshotPerMonth: [0, snapshotPerMonth(gib)],
    instancePerHour: instancePerHour(instance),
    storagePerMonth: storagePerMonth(instance),
    instanceClass,
    storageGiB: gib,
    multiAz,
  };
}

/** One or two sentences per fact, in the words of a reviewer. */
export function describeEstimate(about: Estimate): readonly string[] {
  const { instanceClass, storageGiB, multiAz } = about;
  const kind = `${instanceClass || 'unknown class'}${multiAz ? ', Multi-AZ' : ''}, ${storageGiB} GiB`;
  const hourly =
    about.instancePerHour === undefined
      ? `the price of ${instanceClass || 'this class'} is not in our table`
      : `roughly ${dollars(about.instancePerHour)} an hour (${dollars(about.instancePerHour * 24)} a day)`;
  const storage =
    about.storagePerMonth === undefined
      ? 'plus its storage'
      : `plus roughly ${dollars(about.storagePerMonth)} a month of storage`;
  return [
    `Snapshot: roughly ${minutes(about.snapshotMinutes)}, depending on what changed since the last backup; ${dollars(about.snapshotPerMonth[0])} to ${dollars(about.snapshotPerMonth[1])} a month, nothing while all backups together are smaller than the storage.`,
    `Restore: roughly ${minutes(about.restoreMinutes)}, longer with much write-ahead log since the last backup. While the restored instance is kept: ${hourly}, ${storage}.`,
    `Rough figures for ${kind}, from list prices of ${PRICES_FROM}, not verified since: your region and contract differ, and what counts is aws.amazon.com/rds/postgresql/pricing.`,
  ];
}

const minutes = ([from, to]: Range): string =>
  to >= 120 ? `${from} minutes to ${Math.ceil(to / 60)} hours` : `${from} to ${to} minutes`;
const dollars = (amount: number): string =>
  amount === 0
    ? '$0'
    : amount < 0.1
      ? `$${amount.toFixed(3)}`
      : amount < 100
        ? `$${amount.toFixed(2)}`
        : `$${Math.round(amount)}`;
