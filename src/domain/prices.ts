import type { InstanceFacts } from './facts.ts';

/**
 * List prices on demand of RDS for PostgreSQL, Single-AZ, in us-east-1. Storage (gp3), backup storage and the small t4g
 * classes were compared with public price tables of 2026; the hourly prices of the other classes are from memory and not
 * verified against aws.amazon.com/rds/postgresql/pricing, so the text calls all of it rough. Other regions are up to about
 * 60 % dearer; reserved instances and discounts are not known here.
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

/** Aurora bills the storage that is used, and AWS tells the size of neither a cluster nor a snapshot of it beforehand. */
export const isBilledByUse = ({ engine }: Pick<InstanceFacts, 'engine'>): boolean =>
  engine.startsWith('aurora');

/** US dollars an hour while it runs; undefined when the class or engine is not in the table, and for clusters. */
export function instancePerHour({ kind, engine, instanceClass, multiAz }: InstanceFacts): number | undefined {
  const known = engine.startsWith('postgres') && kind !== 'cluster';
  const price = known ? classPrice(instanceClass) : undefined;
  return price === undefined ? undefined : price * zones(multiAz);
}

/** US dollars a month for the storage of a DB instance; undefined when its kind is not in the table. */
export function storagePerMonth(instance: InstanceFacts): number | undefined {
  if (instance.kind === 'cluster') return undefined;
  const price = STORAGE_GIB_MONTH[String(instance.settings.StorageType ?? '')];
  return price === undefined ? undefined : price * instance.allocatedStorageGiB * zones(instance.multiAz);
}

/** US dollars a month for a snapshot at most: it may be inside the free allowance, and shares blocks with others. */
export const snapshotPerMonth = (gib: number): number => gib * BACKUP_GIB_MONTH;

const zones = (multiAz: boolean): number => (multiAz ? 2 : 1);

function classPrice(name: string): number | undefined {
  const [, family = '', size = ''] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(name) ?? [];
  const exact = BURSTABLE[`${family}.${size}`];
  if (exact !== undefined) return exact;
  const large = LARGE[family];
  const times =
    size === 'large' ? 1 : size === 'xlarge' ? 2 : Number(/^(\d{1,2})xlarge$/.exec(size)?.[1]) * 2;
  return large === undefined || Number.isNaN(times) ? undefined : large * times;
}
