import type { ModifyDBClusterCommandInput } from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { SettingDifference } from '../../domain/going-back.ts';
import { clusterCall, modifyClusterCall } from './cli.ts';
import { isAurora, membersIn } from './cluster-settings.ts';
import { memberGaps } from './member-differences.ts';
import { pendingIn } from './pending.ts';
import { roleDifferences } from './roles.ts';
import { isSame, settingIn, textOf } from './setting-text.ts';
import { logsWish } from './wishes.ts';

/** Settings that one ModifyDBCluster mends without harm to the data or to those who connect. */
export const CLUSTER_MODIFIED = [
  'BackupRetentionPeriod',
  'CopyTagsToSnapshot',
  'DBClusterParameterGroupName',
  'DatabaseInsightsMode',
  'DeletionProtection',
  'EnableCloudwatchLogsExports',
  'EnableIAMDatabaseAuthentication',
  'NetworkType',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
  'ServerlessV2ScalingConfiguration',
  'VpcSecurityGroupIds',
] as const;

/** Settings that a person decides about: an outage, a monthly limit (storage type), another password, or no way at all. */
const CLUSTER_DECIDED = [
  ...['BacktrackWindow', 'DBClusterInstanceClass', 'DBSubnetGroupName', 'Domain', 'DomainIAMRoleName'],
  ...['EngineLifecycleSupport', 'EngineVersion', 'Iops', 'KmsKeyId', 'ManageMasterUserPassword', 'Port'],
  ...['PubliclyAccessible', 'StorageEncrypted', 'StorageType'],
];

export type ClusterWish = Partial<Omit<ModifyDBClusterCommandInput, 'DBClusterIdentifier'>>;

/** Where the restored cluster is not as the source was; its members are compared in the order of the two lists. */
export const compareClusters = (
  source: InstanceFacts,
  restored: InstanceFacts,
): readonly SettingDifference[] => [
  ...CLUSTER_MODIFIED.flatMap((name) => difference(source, restored, name, 'modify')),
  ...CLUSTER_DECIDED.flatMap((name) => difference(source, restored, name, 'none')),
  ...roleDifferences(source, restored, (role) => clusterCall('add-role-to-db-cluster', restored, role)),
  ...membersOfBoth(source, restored),
  ...rebootOf(restored),
];

function difference(
  source: InstanceFacts,
  restored: InstanceFacts,
  name: string,
  mend: 'modify' | 'none',
): readonly SettingDifference[] {
  const [wanted, got] = [settingIn(source, name), settingIn(restored, name)];
  const arriving = pendingIn(restored.settings)[name];
  if (wanted === undefined || same(wanted, got)) return [];
  if (arriving !== undefined && same(wanted, arriving)) return [];
  if (name === 'DBClusterParameterGroupName' && isDefault(wanted) && isDefault(got)) return [];
  const call = mend === 'none' ? '' : modifyClusterCall(restored, clusterWish(name, source, restored));
  return [{ name, wanted: textOf(wanted), got: textOf(got), mend, call }];
}

const isDefault = (group: unknown): boolean => String(group).startsWith('default.');

/** Structures are compared as what they say. */
const same = (wanted: unknown, got: unknown): boolean =>
  typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted)
    ? JSON.stringify(wanted) === JSON.stringify(got)
    : isSame(wanted, got);

/** What to ask of ModifyDBCluster so that the restored cluster gets the source's value. Pure. */
export function clusterWish(name: string, source: InstanceFacts, restored: InstanceFacts): ClusterWish {
  if (name !== 'EnableCloudwatchLogsExports') return { [name]: source.settings[name] } as ClusterWish;
  return logsWish(source, restored);
}

/** Told once for all that are missing; those that are there are compared with their counterparts. */
function membersOfBoth(source: InstanceFacts, restored: InstanceFacts): readonly SettingDifference[] {
  if (!isAurora(source.engine)) return [];
  const [wanted, got] = [membersIn(source.settings), membersIn(restored.settings)];
  const missing: readonly SettingDifference[] =
    got.length >= wanted.length
      ? []
      : [{ name: 'Members', wanted: `${wanted.length}`, got: `${got.length}`, mend: 'none', call: '' }];
  return [...missing, ...memberGaps(source, restored).map(({ difference: each }) => each)];
}

/** A parameter group that is named but not in force: its writer has to be rebooted. */
function rebootOf({ parameterStatus: got, members, arn }: InstanceFacts): readonly SettingDifference[] {
  const writer = members?.[0];
  if (got !== 'pending-reboot' || writer === undefined) return [];
  const region = arn.split(':')[3] ?? '';
  const call = `aws rds reboot-db-instance --region ${region} --db-instance-identifier ${writer}`;
  return [{ name: 'ParameterApplyStatus', wanted: 'in-sync', got, mend: 'reboot', call }];
}
