import type { InstanceFacts } from '../../domain/facts.ts';
import type { SettingDifference } from '../../domain/going-back.ts';
import { instanceCall, modifyCall, quoted } from './cli.ts';
import { isExcused } from './excuses.ts';
import { pendingIn } from './pending.ts';
import { roleDifferences } from './roles.ts';
import { DECIDED, MODIFIED, type SettingName } from './setting-names.ts';
import { isSame, settingIn, textOf } from './setting-text.ts';
import { wish } from './wishes.ts';

/** Where the restored instance is not as the source was. A setting that the source does not have is nobody's wish. */
export const compareSettings = (
  source: InstanceFacts,
  restored: InstanceFacts,
): readonly SettingDifference[] => [
  ...MODIFIED.flatMap((name) => difference(source, restored, name, 'modify')),
  ...DECIDED.flatMap((name) => difference(source, restored, name, 'none')),
  ...roleDifferences(source, restored, (role) => instanceCall('add-role-to-db-instance', restored, role)),
  ...rebootOf(restored),
  ...replicasOf(source, restored),
];

function difference(
  source: InstanceFacts,
  restored: InstanceFacts,
  name: SettingName,
  mend: 'modify' | 'none',
): readonly SettingDifference[] {
  const [wanted, got] = [settingIn(source, name), settingIn(restored, name)];
  const arriving = pendingIn(restored.settings)[name];
  if (wanted === undefined || isSame(wanted, got)) return [];
  if (arriving !== undefined && isSame(wanted, arriving)) return [];
  if (isExcused(name, source, restored)) return [];
  const call = modifyCall(restored, wish(name, source, restored));
  return [{ name, wanted: textOf(wanted), got: textOf(got), mend, call }];
}

/** A parameter group that is named but not in force (API reference, DBParameterGroupStatus). */
function rebootOf(restored: InstanceFacts): readonly SettingDifference[] {
  const got = restored.parameterStatus;
  if (got !== 'pending-reboot') return [];
  const call = instanceCall('reboot-db-instance', restored, {});
  return [{ name: 'ParameterApplyStatus', wanted: 'in-sync', got, mend: 'reboot', call }];
}

/** Replicas stay with the instance that they copy, whatever it is called. */
function replicasOf(source: InstanceFacts, restored: InstanceFacts): readonly SettingDifference[] {
  const [wanted, got] = [source, restored].map(({ settings }) =>
    Array.isArray(settings.ReadReplicas) ? settings.ReadReplicas.map(String) : [],
  );
  // A replica's ARN names one of another region.
  const [first] = wanted ?? [];
  if (first === undefined || (got?.length ?? 0) >= (wanted?.length ?? 0)) return [];
  const name = `${(first.split(':').at(-1) ?? first).slice(0, 59).replace(/-+$/, '')}-new`;
  const region = restored.arn.split(':')[3];
  const call = [
    'aws rds create-db-instance-read-replica',
    ...(region ? [`--region ${quoted(region)}`] : []),
    `--source-db-instance-identifier ${quoted(restored.identifier)} --db-instance-identifier ${quoted(name)}`,
  ].join(' ');
  return [{ name: 'ReadReplicas', wanted: textOf(wanted), got: textOf(got), mend: 'none', call }];
}
