import { invalidValue, RdsError } from './errors.ts';
import type { RdsTag } from './types.ts';

/** First a letter; letters, digits and single hyphens; no hyphen at the end (API reference of CreateDBSnapshot, ModifyDBInstance). */
const IDENTIFIER = /^(?!.*--)[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;

const LENGTH = {
  DBInstanceIdentifier: 63,
  DBSnapshotIdentifier: 255,
  DBClusterIdentifier: 63,
  DBClusterSnapshotIdentifier: 63,
} as const;

/** Checks an identifier for a new thing and returns it as AWS stores it, in lower case. */
export const newIdentifier = (parameter: string, kind: keyof typeof LENGTH, value: string): string => {
  if (value.length > LENGTH[kind] || !IDENTIFIER.test(value)) {
    throw invalidValue(
      `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ` +
        `ASCII letters, digits, and hyphens; must not end with a hyphen or contain two consecutive hyphens; ` +
        `and must have at most ${LENGTH[kind]} characters.`,
    );
  }
  return value.toLowerCase();
};

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const MOST_TAGS = 50;

/** Tagging limits of RDS: 1 to 128 and 0 to 256 characters, a fixed character set, no `aws:` keys. */
export const checkTags = (tags: readonly RdsTag[]): readonly RdsTag[] => {
  for (const { key, value } of tags) {
    if (key.length < 1 || key.length > 128 || !TAG_TEXT.test(key))
      throw invalidValue(`Invalid tag key: '${key}'.`);
    if (value.length > 256 || !TAG_TEXT.test(value))
      throw invalidValue(`Invalid value of tag '${key}': '${value}'.`);
    if (/^(aws|rds):/i.test(key)) throw invalidValue(`The tag key '${key}' uses a reserved prefix.`);
  }
  if (new Set(tags.map((tag) => tag.key)).size !== tags.length)
    throw invalidValue('Tag keys must be unique.');
  if (tags.length > MOST_TAGS)
    throw new RdsError('TagQuotaExceeded', `A resource can have at most ${MOST_TAGS} tags.`);
  return tags;
};

export const mergeTags = (old: readonly RdsTag[], added: readonly RdsTag[]): readonly RdsTag[] => {
  const merged = new Map([...old, ...added].map((tag) => [tag.key, tag]));
  return [...merged.values()];
};

/** What AWS copies from one resource to another: everything but its own tags. */
export const copiedTags = (tags: readonly RdsTag[]): readonly RdsTag[] =>
  tags.filter((tag) => !tag.key.startsWith('aws:'));

/** GiB from which gp3 of PostgreSQL, MySQL and MariaDB is striped and takes Iops and StorageThroughput. */
export const GP3_THRESHOLD = 400;
const GP3_LEAST_IOPS = 12_000;

export type Storage = {
  readonly engine: string;
  readonly allocatedStorage: number;
  readonly storageType: string;
  readonly iops: number | undefined;
  readonly storageThroughput: number | undefined;
};

/** Refuses what RDS refuses and returns the numbers that Describe shows. */
export const storageOf = (asked: Storage): Pick<Storage, 'iops' | 'storageThroughput'> => {
  const { storageType, allocatedStorage, iops, storageThroughput } = asked;
  const tuned = iops !== undefined || storageThroughput !== undefined;
  if (storageType === 'gp3' && allocatedStorage < GP3_THRESHOLD) {
    if (tuned) {
      throw new RdsError(
        'InvalidParameterCombination',
        `You can't specify IOPS or storage throughput for engine ${asked.engine} and a storage size less than ${GP3_THRESHOLD}.`,
      );
    }
    return { iops: 3000, storageThroughput: 125 };
  }
  if (storageType === 'gp3') {
    if (iops !== undefined && iops < GP3_LEAST_IOPS)
      throw invalidValue(`Iops must be at least ${GP3_LEAST_IOPS}.`);
    return { iops: iops ?? GP3_LEAST_IOPS, storageThroughput: storageThroughput ?? 500 };
  }
  if (storageType === 'io1' || storageType === 'io2') {
    if (iops === undefined) throw new RdsError('InvalidParameterCombination', `${storageType} needs Iops.`);
    return { iops, storageThroughput: undefined };
  }
  if (tuned) throw new RdsError('InvalidParameterCombination', `Iops is not supported for ${storageType}.`);
  return { iops: undefined, storageThroughput: undefined };
};
