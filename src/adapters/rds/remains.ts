import {
  type DBInstance,
  type DBInstanceAutomatedBackup,
  type DBSnapshot,
  DescribeDBInstanceAutomatedBackupsCommand,
} from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { RestoreWindow, RetainedBackup } from '../../ports/fleet.ts';
import { instanceFacts } from './describe.ts';
import { allPages } from './pages.ts';
import type { Reach } from './reach.ts';

/** What is left of a DB instance that was deleted. */

/** Automated backups whose instance is gone, with that instance as far as they describe it. */
export async function retainedBackups({ client, ask }: Reach): Promise<readonly RetainedBackup[]> {
  const found = await allPages(async (page) => {
    const command = new DescribeDBInstanceAutomatedBackupsCommand({
      Filters: [{ Name: 'status', Values: ['retained'] }],
      ...page,
    });
    const action = 'rds:DescribeDBInstanceAutomatedBackups';
    const answer = await ask('list retained automated backups', action, () => client.send(command));
    return { found: answer.DBInstanceAutomatedBackups, marker: answer.Marker };
  });
  // An emulator may not know the filter and answer with everything.
  return found
    .filter(({ Status }) => Status === 'retained')
    .map((backup) => ({ instance: instanceOfBackup(backup), window: windowOf(backup)[0] }));
}

/** Nothing while the first backup is being taken: then there is no window yet. */
export function windowOf({
  RestoreWindow: window,
  Status,
}: DBInstanceAutomatedBackup): readonly RestoreWindow[] {
  const [earliest, latest] = [window?.EarliestTime?.getTime(), window?.LatestTime?.getTime()];
  if (earliest === undefined || latest === undefined) return [];
  return [{ earliest, latest, status: Status ?? 'unknown' }];
}

/** What both descriptions call by the same names. */
const shared = (from: DBInstanceAutomatedBackup | DBSnapshot): DBInstance => ({
  AllocatedStorage: from.AllocatedStorage,
  DBInstanceIdentifier: from.DBInstanceIdentifier,
  DBInstanceStatus: 'deleted',
  DbiResourceId: from.DbiResourceId,
  DbInstancePort: from.Port,
  DedicatedLogVolume: from.DedicatedLogVolume,
  Engine: from.Engine,
  EngineVersion: from.EngineVersion,
  IAMDatabaseAuthenticationEnabled: from.IAMDatabaseAuthenticationEnabled,
  InstanceCreateTime: from.InstanceCreateTime,
  Iops: from.Iops,
  KmsKeyId: from.KmsKeyId,
  LicenseModel: from.LicenseModel,
  ...(from.OptionGroupName === undefined
    ? {}
    : { OptionGroupMemberships: [{ OptionGroupName: from.OptionGroupName, Status: 'in-sync' }] }),
  StorageEncrypted: from.Encrypted,
  StorageThroughput: from.StorageThroughput,
  StorageType: from.StorageType,
  TagList: from.TagList,
});

const instanceOfBackup = (backup: DBInstanceAutomatedBackup): InstanceFacts =>
  known({
    ...shared(backup),
    BackupRetentionPeriod: backup.BackupRetentionPeriod,
    BackupTarget: backup.BackupTarget,
    DBInstanceArn: backup.DBInstanceArn,
    PreferredBackupWindow: backup.PreferredBackupWindow,
  });

/** A snapshot has tags of its own. */
export const instanceOfSnapshot = (snapshot: DBSnapshot): InstanceFacts =>
  known({ ...shared(snapshot), ProcessorFeatures: snapshot.ProcessorFeatures, TagList: [] });

/** A description that says nothing of a password does not say that RDS did not manage it. */
function known(db: DBInstance): InstanceFacts {
  const facts = instanceFacts(db);
  const { ManageMasterUserPassword: _, ...settings } = facts.settings;
  return { ...facts, settings };
}
