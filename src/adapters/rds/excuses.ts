import type { InstanceFacts } from '../../domain/facts.ts';
import { pendingIn } from './pending.ts';
import type { SettingName } from './setting-names.ts';
import { isSame, listOf } from './setting-text.ts';

type Excuse = (source: InstanceFacts, restored: InstanceFacts) => boolean;

const numberOf = (facts: InstanceFacts, name: string): number => Number(facts.settings[name] ?? 0);
const isOn = (facts: InstanceFacts, name: string): boolean => facts.settings[name] === true;

/** Storage grows by itself, and its speed with it; it never shrinks. */
const grew =
  (name: SettingName): Excuse =>
  (source, restored) =>
    numberOf(restored, name) >= numberOf(source, name);

const isDefault = (facts: InstanceFacts, name: string, prefix: string): boolean =>
  String(facts.settings[name]).startsWith(prefix);

const bothDefault =
  (name: SettingName, prefix: string): Excuse =>
  (source, restored) =>
    isDefault(source, name, prefix) && isDefault(restored, name, prefix);

const withoutInsights: Excuse = (source) => !isOn(source, 'EnablePerformanceInsights');

/** Log types that AWS is about to switch count as switched. */
const logsArrive: Excuse = (source, restored) => {
  const pending = pendingIn(restored.settings);
  const off = listOf(pending.LogTypesToDisable ?? []);
  const now = listOf(restored.settings.EnableCloudwatchLogsExports ?? []);
  const soon = [...now.filter((type) => !off.includes(type)), ...listOf(pending.LogTypesToEnable ?? [])];
  return isSame(source.settings.EnableCloudwatchLogsExports, [...new Set(soon)]);
};

/** Values that differ for a good reason. */
const EXCUSES: { readonly [Name in SettingName]?: Excuse } = {
  AllocatedStorage: grew('AllocatedStorage'),
  // AWS chooses, and changes, where the primary of a Multi-AZ instance is.
  AvailabilityZone: (source) => isOn(source, 'MultiAZ'),
  DBParameterGroupName: bothDefault('DBParameterGroupName', 'default.'),
  EnableCloudwatchLogsExports: logsArrive,
  Iops: grew('Iops'),
  // Not above the allocated storage it means "no autoscaling".
  MaxAllocatedStorage: (source, restored) =>
    numberOf(source, 'MaxAllocatedStorage') <= source.allocatedStorageGiB &&
    numberOf(restored, 'MaxAllocatedStorage') <= restored.allocatedStorageGiB,
  MonitoringRoleArn: (source) => numberOf(source, 'MonitoringInterval') === 0,
  OptionGroupName: bothDefault('OptionGroupName', 'default:'),
  PerformanceInsightsKMSKeyId: withoutInsights,
  PerformanceInsightsRetentionPeriod: withoutInsights,
  StorageThroughput: grew('StorageThroughput'),
};

export const isExcused = (name: SettingName, source: InstanceFacts, restored: InstanceFacts): boolean =>
  EXCUSES[name]?.(source, restored) ?? false;
