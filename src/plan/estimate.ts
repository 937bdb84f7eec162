import type { InstanceFacts } from '../domain/facts.ts';

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

/**
 * List prices on demand of RDS for PostgreSQL, Single-AZ, in us-east-1 (aws.amazon.com/rds/postgresql/pricing).
 * Other regions are up to about 60 % dearer; reserved instances and discounts are not known here.
 */
export const PRICES_FROM = 'mid-2026, us-east-1';

/** Per hour of the size `large`; the larger sizes of these families cost in proportion. */
const LARGE: Readonly<Record<string, number>> = {
  m5: 0.178,
  m6g: 0.159,
  m6i: 0.178,
  m7g: 0.168,
  r5: 0.25,
  r6g: 0.225,
  r6i: 0.25,
  r7g: 0.239,
  t3: 0.145,
  t4g: 0.129,
};
const BURSTABLE: Readonly<Record<string, number>> = {
  't3.micro': 0.018,
  't3.small': 0.036,
  't3.medium': 0.072,
  't4g.micro': 0.016,
  't4g.small': 0.032,
  't4g.medium': 0.065,
};
const BACKUP_GIB_MONTH = 0.095;
/** Per GiB and month, Single-AZ, without provisioned IOPS. */
const STORAGE_GIB_MONTH: Readonly<Record<string, number>> = {
  gp2: 0.115,
  gp3: 0.115,
  io1: 0.125,
  io2: 0.125,
  standard: 0.1,
};

/** AWS publishes no times. These ranges are wide on purpose: what counts is how much changed since the last backup. */
const SNAPSHOT_FROM = 2;
const SNAPSHOT_TO = 10;
const SNAPSHOT_TO_PER_100_GIB = 15;
const RESTORE_FROM = 10;
const RESTORE_TO = 40;
const RESTORE_TO_PER_100_GIB = 10;

export function estimate(instance: InstanceFacts): Estimate {
  const { allocatedStorageGiB: gib, instanceClass, multiAz } = instance;
  const zones = multiAz ? 2 : 1;
  const hourly = instance.engine.startsWith('postgres') ? classPrice(instanceClass) : undefined;
  const storage = STORAGE_GIB_MONTH[String(instance.settings.StorageType ?? '')];
  return {
    snapshotMinutes: [SNAPSHOT_FROM, Math.round(SNAPSHOT_TO + (gib / 100) * SNAPSHOT_TO_PER_100_GIB)],
    restoreMinutes: [RESTORE_FROM, Math.round(RESTORE_TO + (gib / 100) * RESTORE_TO_PER_100_GIB)],
    snapshotPerMonth: [0, gib * BACKUP_GIB_MONTH],
    instancePerHour: hourly === undefined ? undefined : hourly * zones,
    storagePerMonth: storage === undefined ? undefined : storage * gib * zones,
    instanceClass,
    storageGiB: gib,
    multiAz,
  };
}

function classPrice(name: string): number | undefined {
  const [, family = '', size = ''] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(name) ?? [];
  const exact = BURSTABLE[`${family}.${size}`];
  if (exact !== undefined) return exact;
  const large = LARGE[family];
  const times =
    size === 'large' ? 1 : size === 'xlarge' ? 2 : Number(/^(\d{1,2})xlarge$/.exec(size)?.[1]) * 2;
  return large === undefined || Number.isNaN(times) ? undefined : large * times;
}

/** One or two sentences per fact, in the words of a reviewer. */
export function describeEstimate(about: Estimate): readonly string[] {
  const { instanceClass, storageGiB, multiAz } = about;
  const kind = `${instanceClass || 'unknown class'}${multiAz ? ', Multi-AZ' : ''}, ${storageGiB} GiB`;
  const hourly =
    about.instancePerHour === undefined
      ? `the price of ${instanceClass || 'this class'} is not in our table`
      : `about ${dollars(about.instancePerHour)} an hour (${dollars(about.instancePerHour * 24)} a day)`;
  const storage =
    about.storagePerMonth === undefined
      ? 'plus its storage'
      : `plus about ${dollars(about.storagePerMonth)} a month of storage`;
  return [
    `Snapshot: ${minutes(about.snapshotMinutes)}, depending on what changed since the last backup; ${dollars(about.snapshotPerMonth[0])} to ${dollars(about.snapshotPerMonth[1])} a month, nothing while all backups together are smaller than the storage.`,
    `Restore: ${minutes(about.restoreMinutes)}, longer with much write-ahead log since the last backup. While the restored instance is kept: ${hourly}, ${storage}.`,
    `Rough figures for ${kind}, from list prices of ${PRICES_FROM}; your region and contract differ.`,
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
