import type { InstanceFacts } from '../domain/facts.ts';
import {
  instancePerHour,
  isBilledByUse,
  PRICES_FROM,
  snapshotPerMonth,
  storagePerMonth,
} from '../domain/prices.ts';

/** From, to. */
export type Range = readonly [number, number];

/** What a snapshot and a restore will roughly take and cost. Money in US dollars, before tax. */
export interface Estimate {
  readonly snapshotMinutes: Range;
  readonly restoreMinutes: Range;
  /** Of the snapshot, per month: from nothing (inside the free allowance) to all of the storage; undefined when AWS bills its use. */
  readonly snapshotPerMonth: Range | undefined;
  /** Of the restored DB instance while it runs; undefined when the class or engine is not in the table. */
  readonly instancePerHour: number | undefined;
  readonly storagePerMonth: number | undefined;
  readonly instanceClass: string;
  /** Undefined when AWS bills the storage that is used. */
  readonly storageGiB: number | undefined;
  readonly multiAz: boolean;
  /** Of a cluster; undefined for a DB instance. */
  readonly members: number | undefined;
}

/** AWS publishes no times. These ranges are wide on purpose: what counts is how much changed since the last backup. */
const SNAPSHOT_FROM = 2;
const SNAPSHOT_TO = 10;
const SNAPSHOT_TO_PER_100_GIB = 15;
const RESTORE_FROM = 10;
const RESTORE_TO = 40;
const RESTORE_TO_PER_100_GIB = 10;

export function estimate(instance: InstanceFacts): Estimate {
  const { instanceClass, multiAz } = instance;
  const byUse = isBilledByUse(instance);
  const gib = byUse ? 0 : instance.allocatedStorageGiB;
  return {
    snapshotMinutes: [SNAPSHOT_FROM, Math.round(SNAPSHOT_TO + (gib / 100) * SNAPSHOT_TO_PER_100_GIB)],
    restoreMinutes: [RESTORE_FROM, Math.round(RESTORE_TO + (gib / 100) * RESTORE_TO_PER_100_GIB)],
    snapshotPerMonth: byUse ? undefined : [0, snapshotPerMonth(gib)],
    instancePerHour: instancePerHour(instance),
    storagePerMonth: storagePerMonth(instance),
    instanceClass,
    storageGiB: byUse ? undefined : gib,
    multiAz,
    members: instance.kind === 'cluster' ? instance.members?.length : undefined,
  };
}

/** One or two sentences per fact, in the words of a reviewer. */
export function describeEstimate(about: Estimate): readonly string[] {
  const { instanceClass, members } = about;
  const each = members === undefined || members < 2 ? '' : `, for each of the ${members} instances`;
  const hourly =
    about.instancePerHour === undefined
      ? `the price of ${instanceClass || 'this class'} is not in our table${each}`
      : `roughly ${dollars(about.instancePerHour)} an hour (${dollars(about.instancePerHour * 24)} a day)`;
  return [
    `Snapshot: roughly ${minutes(about.snapshotMinutes)}, depending on what changed since the last backup; ${snapshotCost(about)}`,
    `Restore: roughly ${minutes(about.restoreMinutes)}, longer with many writes since the last backup. While the restored database is kept: ${hourly}, ${storageCost(about)}.`,
    `Rough figures for ${kindText(about)}, from list prices of ${PRICES_FROM}, not verified since: your region and contract differ, and what counts is ${about.snapshotPerMonth === undefined ? 'aws.amazon.com/rds/aurora/pricing' : 'aws.amazon.com/rds/pricing'}.`,
  ];
}

const snapshotCost = ({ snapshotPerMonth: range }: Estimate): string =>
  range === undefined
    ? 'AWS bills the data that it holds, and tells no size beforehand, so its cost is not known.'
    : `${dollars(range[0])} to ${dollars(range[1])} a month, nothing while all backups together are smaller than the storage.`;

function storageCost({ storagePerMonth: cost, storageGiB }: Estimate): string {
  if (storageGiB === undefined) return 'plus the storage that it uses, whose size AWS does not tell';
  return cost === undefined ? 'plus its storage' : `plus roughly ${dollars(cost)} a month of storage`;
}

const kindText = ({ instanceClass, multiAz, storageGiB }: Estimate): string =>
  [
    instanceClass || 'unknown class',
    ...(multiAz ? ['Multi-AZ'] : []),
    storageGiB === undefined ? 'storage billed by use' : `${storageGiB} GiB`,
  ].join(', ');

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
