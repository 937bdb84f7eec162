import type {
  ProcessorFeature,
  RestoreDBInstanceFromDBSnapshotCommandInput,
  RestoreDBInstanceToPointInTimeCommandInput,
} from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { Tags } from '../../domain/tags.ts';
import type { SnapshotRestoreSpec } from '../../ports/fleet.ts';
import type { RestoreSpec } from '../../ports/recovery.ts';
import { tagList } from './describe.ts';
import { FLAGS, LISTS, NUMBERS, TEXTS } from './settings.ts';

type Settings = InstanceFacts['settings'];

/**
 * The request that restores `spec.source` beside itself, with every setting that AWS would otherwise default.
 * The time is exact (never "latest", which could be after the damage) and cut to the whole second.
 */
export const restoreInput = (spec: RestoreSpec): RestoreDBInstanceToPointInTimeCommandInput => ({
  ...manifest(spec.source, spec.tags),
  ...(spec.sourceBy === 'resource-id'
    ? { SourceDbiResourceId: spec.source.resourceId }
    : { SourceDBInstanceIdentifier: spec.source.identifier }),
  TargetDBInstanceIdentifier: spec.identifier,
  RestoreTime: new Date(Math.floor(Date.parse(spec.time) / 1000) * 1000),
});

/** The same from a snapshot. This request knows no MaxAllocatedStorage (client-rds 3.1169). */
export function snapshotRestoreInput(spec: SnapshotRestoreSpec): RestoreDBInstanceFromDBSnapshotCommandInput {
  const { MaxAllocatedStorage, ...settings } = manifest(spec.source, spec.tags);
  return {
    ...settings,
    DBSnapshotIdentifier: spec.snapshot.identifier,
    DBInstanceIdentifier: spec.identifier,
  };
}

/** What both requests take from the manifest. */
function manifest(source: InstanceFacts, tags: Tags) {
  const {
    AvailabilityZone,
    Iops,
    MaxAllocatedStorage,
    OptionGroupName,
    StorageThroughput,
    VpcSecurityGroupIds,
    ...settings
  } = carried(source.settings);
  const speed = acceptsSpeed(settings.StorageType, source.allocatedStorageGiB, source.engine);
  return {
    ...settings,
    Tags: tagList(tags),
    // AWS picks the zones of a Multi-AZ instance itself and refuses a named one.
    ...(settings.MultiAZ === true ? {} : optional({ AvailabilityZone })),
    ...(speed === 'none' ? {} : optional({ Iops: positive(Iops) })),
    ...(speed === 'both' ? optional({ StorageThroughput: positive(StorageThroughput) }) : {}),
    // Groups without their subnet group are looked for in the default VPC and refused.
    ...(settings.DBSubnetGroupName === undefined ? {} : optional({ VpcSecurityGroupIds })),
    // A default group is what AWS takes anyway; by name it exists only once the engine version was used.
    ...(OptionGroupName?.startsWith('default:') ? {} : optional({ OptionGroupName })),
    // Equal to the allocated storage it means "no autoscaling", and is refused as a value.
    ...((MaxAllocatedStorage ?? 0) > source.allocatedStorageGiB ? optional({ MaxAllocatedStorage }) : {}),
  };
}

/** Below this size gp3 has fixed figures; AWS reports them but refuses to take them back. GiB. */
const gp3Threshold = (engine: string): number => {
  if (engine.startsWith('sqlserver')) return 20;
  return engine.startsWith('oracle') ? 200 : 400;
};

export function acceptsSpeed(
  type: string | undefined,
  sizeGiB: number,
  engine: string,
): 'none' | 'iops' | 'both' {
  if (type === 'io1' || type === 'io2') return 'iops';
  return type === 'gp3' && sizeGiB >= gp3Threshold(engine) ? 'both' : 'none';
}

/** The manifest may come out of a journal, so each value is checked for its kind. */
function carried(settings: Settings) {
  const features = settings.ProcessorFeatures;
  return {
    ...pick(settings, TEXTS, (value) => typeof value === 'string' && value !== ''),
    ...pick(settings, NUMBERS, Number.isFinite),
    ...pick(settings, FLAGS, (value) => typeof value === 'boolean'),
    ...pick(settings, LISTS, (value) => Array.isArray(value) && value.length > 0),
    ...(Array.isArray(features) && features.length > 0
      ? { ProcessorFeatures: features as ProcessorFeature[] }
      : {}),
  };
}

type Value<Name extends keyof RestoreDBInstanceToPointInTimeCommandInput> = NonNullable<
  RestoreDBInstanceToPointInTimeCommandInput[Name]
>;

const pick = <Name extends keyof RestoreDBInstanceToPointInTimeCommandInput>(
  settings: Settings,
  names: readonly Name[],
  fits: (value: unknown) => boolean,
): { [Key in Name]?: Value<Key> } =>
  Object.fromEntries(names.flatMap((name) => (fits(settings[name]) ? [[name, settings[name]]] : []))) as {
    [Key in Name]?: Value<Key>;
  };

const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined;

const optional = <Fields extends Readonly<Record<string, unknown>>>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: NonNullable<Fields[Key]>;
  };
