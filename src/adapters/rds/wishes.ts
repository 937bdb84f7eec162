import type { CloudwatchLogsExportConfiguration, ModifyDBInstanceCommandInput } from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import { acceptsSpeed } from './restore-input.ts';
import type { SettingName } from './setting-names.ts';
import { listOf } from './setting-text.ts';

/** Fields of one ModifyDBInstance, without the instance they are for. */
export type Wish = Partial<Omit<ModifyDBInstanceCommandInput, 'DBInstanceIdentifier'>>;
type Fields = Readonly<Record<string, unknown>>;
type Make = (source: InstanceFacts, restored: InstanceFacts) => Fields;

const only = (source: InstanceFacts, ...names: readonly string[]): Fields =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = source.settings[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const nothing: Make = () => ({});

/** AWS refuses a role without an interval, and an interval without a role. */
const monitoring: Make = (source) =>
  Number(source.settings.MonitoringInterval ?? 0) === 0
    ? { MonitoringInterval: 0 }
    : only(source, 'MonitoringInterval', 'MonitoringRoleArn');

/** The key can be chosen only while it is switched on; the advanced mode needs its retention in the same request. */
const insights: Make = (source, restored) => {
  if (source.settings.EnablePerformanceInsights !== true)
    return { EnablePerformanceInsights: false, ...only(source, 'DatabaseInsightsMode') };
  const key = restored.settings.EnablePerformanceInsights === true ? [] : ['PerformanceInsightsKMSKeyId'];
  return {
    EnablePerformanceInsights: true,
    ...only(source, 'PerformanceInsightsRetentionPeriod', ...key, 'DatabaseInsightsMode'),
  };
};

/** CloudWatch takes what to switch on and off, not the list that is to be; the same for a DB cluster. */
export const logsWish = (
  source: Pick<InstanceFacts, 'settings'>,
  restored: Pick<InstanceFacts, 'settings'>,
): { readonly CloudwatchLogsExportConfiguration: CloudwatchLogsExportConfiguration } => {
  const wanted = listOf(source.settings.EnableCloudwatchLogsExports ?? []);
  const got = listOf(restored.settings.EnableCloudwatchLogsExports ?? []);
  const on = wanted.filter((type) => !got.includes(type));
  const off = got.filter((type) => !wanted.includes(type));
  return {
    CloudwatchLogsExportConfiguration: {
      ...(on.length === 0 ? {} : { EnableLogTypes: on }),
      ...(off.length === 0 ? {} : { DisableLogTypes: off }),
    },
  };
};

const storage: Make = (source) => {
  const { StorageType } = source.settings;
  const speed = acceptsSpeed(
    typeof StorageType === 'string' ? StorageType : undefined,
    source.allocatedStorageGiB,
    source.engine,
  );
  const numbers = { none: [], iops: ['Iops'], both: ['Iops', 'StorageThroughput'] }[speed];
  return only(source, 'StorageType', ...numbers);
};

const domain: Make = (source) =>
  only(
    source,
    'Domain',
    'DomainIAMRoleName',
    'DomainFqdn',
    'DomainOu',
    'DomainAuthSecretArn',
    'DomainDnsIps',
  );

/** Where a wish is not simply the source's value under the same name. Empty where no modification can grant it. */
const SPECIAL: { readonly [Name in SettingName]?: Make } = {
  AvailabilityZone: nothing,
  BackupTarget: nothing,
  CustomIamInstanceProfile: nothing,
  DatabaseInsightsMode: insights,
  Domain: domain,
  DomainAuthSecretArn: domain,
  DomainDnsIps: domain,
  DomainFqdn: domain,
  DomainIAMRoleName: domain,
  DomainOu: domain,
  EnableCloudwatchLogsExports: logsWish,
  EnablePerformanceInsights: insights,
  EngineVersion: ({ engineVersion }) => ({ EngineVersion: engineVersion }),
  Iops: storage,
  KmsKeyId: nothing,
  // Switching it off needs a new password, which is not ours to make.
  ManageMasterUserPassword: (source) =>
    source.settings.ManageMasterUserPassword === true
      ? only(source, 'ManageMasterUserPassword', 'MasterUserSecretKmsKeyId')
      : {},
  MonitoringInterval: monitoring,
  MonitoringRoleArn: monitoring,
  PerformanceInsightsKMSKeyId: nothing,
  PerformanceInsightsRetentionPeriod: insights,
  Port: (source) => ({ DBPortNumber: source.settings.Port }),
  StorageEncrypted: nothing,
  StorageThroughput: storage,
  StorageType: storage,
};

/** What to ask of ModifyDBInstance so that the restored instance gets the source's value. Pure. */
export const wish = (name: SettingName, source: InstanceFacts, restored: InstanceFacts): Wish =>
  // The manifest has the values of the API under its own names; a journal cannot be typed more closely.
  (SPECIAL[name]?.(source, restored) ?? only(source, name)) as Wish;
