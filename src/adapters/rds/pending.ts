import type { PendingModifiedValues } from '@aws-sdk/client-rds';

/**
 * What is on its way, under the names of the manifest, so that a comparison finds it; undefined when nothing is.
 * A new name waits there as `DBInstanceIdentifier`. The password that may be in it is left out.
 */
export function pendingOf(
  pending: PendingModifiedValues | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (pending === undefined) return undefined;
  const known = {
    AllocatedStorage: pending.AllocatedStorage,
    BackupRetentionPeriod: pending.BackupRetentionPeriod,
    CACertificateIdentifier: pending.CACertificateIdentifier,
    DBInstanceClass: pending.DBInstanceClass,
    DBInstanceIdentifier: pending.DBInstanceIdentifier,
    DBSubnetGroupName: pending.DBSubnetGroupName,
    DedicatedLogVolume: pending.DedicatedLogVolume,
    EnableIAMDatabaseAuthentication: pending.IAMDatabaseAuthenticationEnabled,
    EngineVersion: pending.EngineVersion,
    Iops: pending.Iops,
    LicenseModel: pending.LicenseModel,
    LogTypesToDisable: pending.PendingCloudwatchLogsExports?.LogTypesToDisable,
    LogTypesToEnable: pending.PendingCloudwatchLogsExports?.LogTypesToEnable,
    MultiAZ: pending.MultiAZ,
    Port: pending.Port,
    ProcessorFeatures: pending.ProcessorFeatures?.map(({ Name, Value }) => ({ Name, Value })),
    StorageThroughput: pending.StorageThroughput,
    StorageType: pending.StorageType,
  };
  const entries = Object.entries(known).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The pending values of a manifest; empty when there are none. */
export const pendingIn = (settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const pending = settings.PendingModifiedValues;
  return typeof pending === 'object' && pending !== null ? (pending as Record<string, unknown>) : {};
};
