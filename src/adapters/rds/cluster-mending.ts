import {
  AddRoleToDBClusterCommand,
  ModifyDBClusterCommand,
  RebootDBInstanceCommand,
} from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { SettingDifference } from '../../domain/going-back.ts';
import type { Settings } from '../../ports/fleet.ts';
import { CLUSTER_MODIFIED, type ClusterWish, clusterWish, compareClusters } from './cluster-compare.ts';
import { clusterByResource } from './cluster-looking.ts';
import { addMembers } from './cluster-members.ts';
import { keyOf } from './member-differences.ts';
import { mendMember, ofMembers } from './member-mending.ts';
import { patiently } from './patience.ts';
import type { Reach } from './reach.ts';
import { changeRefusal, instanceGone, isRejected } from './refusals.ts';
import { missingRoles, roleText } from './roles.ts';

export const clusterSettingsPort = (reach: Reach): Settings => ({
  compare: compareClusters,
  mend: (source, restored, differences) => mendCluster(reach, source, restored, differences),
  addMembers: (source, restored) => addMembers(reach, source, restored),
});

type Differences = readonly SettingDifference[];

const NAMES: ReadonlySet<string> = new Set(CLUSTER_MODIFIED);

const modified = (differences: Differences): readonly string[] =>
  differences.flatMap(({ mend, name }) => (mend === 'modify' && NAMES.has(name) ? [name] : []));

/** A busy cluster is asked again for a while. */
const isBusy = (error: unknown): boolean => isRejected(error, 'InvalidDBClusterState');

/**
 * Mends the restored cluster: roles, one modification of it and of each member, a reboot of its writer. Found by its resource id, because names
 * change hands. Everything is tried before the first failure is thrown.
 */
async function mendCluster(
  reach: Reach,
  source: InstanceFacts,
  restored: InstanceFacts,
  differences: Differences,
): Promise<readonly string[]> {
  if (differences.length === 0 || source.resourceId === restored.resourceId) return [];
  const now = await clusterByResource(reach, restored.resourceId, restored.identifier);
  if (now === undefined) throw instanceGone(restored);
  const gaps = ofMembers(source, now, differences);
  const members = new Set(gaps.map(({ difference }) => keyOf(difference)));
  const own = differences.filter((each) => !members.has(keyOf(each)));
  const works = [
    () => addRoles(reach, source, now, own),
    () => modify(reach, source, now, own),
    ...[...new Set(gaps.map(({ member }) => member))].map(
      (name) => () =>
        mendMember(
          reach,
          name,
          gaps.filter(({ member }) => member === name),
        ),
    ),
    () => reboot(reach, now, own),
  ];
  const mended: string[] = [];
  const failures: unknown[] = [];
  for (const work of works) {
    try {
      mended.push(...(await work()));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw changeRefusal(failures[0], now);
  return [...new Set(mended)];
}

async function addRoles(
  reach: Reach,
  source: InstanceFacts,
  now: InstanceFacts,
  differences: Differences,
): Promise<readonly string[]> {
  const asked = new Set(differences.filter(({ mend }) => mend === 'role').map(({ wanted }) => wanted));
  const roles = missingRoles(source, now).filter((role) => asked.has(roleText(role)));
  for (const role of roles) {
    const command = new AddRoleToDBClusterCommand({ DBClusterIdentifier: now.identifier, ...role });
    const label = `add role ${role.FeatureName} to ${now.identifier}`;
    try {
      await patiently(reach, label, 'rds:AddRoleToDBCluster', () => reach.client.send(command), isBusy);
    } catch (error) {
      if (!isRejected(error, 'DBClusterRoleAlreadyExists')) throw error;
    }
  }
  return roles.length === 0 ? [] : ['AssociatedRoles'];
}

async function modify(
  reach: Reach,
  source: InstanceFacts,
  now: InstanceFacts,
  differences: Differences,
): Promise<readonly string[]> {
  const names = modified(differences);
  if (names.length === 0) return [];
  const wishes: ClusterWish = Object.assign({}, ...names.map((name) => clusterWish(name, source, now)));
  const command = new ModifyDBClusterCommand({
    ...wishes,
    DBClusterIdentifier: now.identifier,
    ApplyImmediately: true,
  });
  const label = `mend the settings of ${now.identifier}`;
  await patiently(reach, label, 'rds:ModifyDBCluster', () => reach.client.send(command), isBusy);
  return names;
}

/** A modification that is still under way refuses it; then it stays a difference, for the next look. */
async function reboot(
  reach: Reach,
  now: InstanceFacts,
  differences: Differences,
): Promise<readonly string[]> {
  const writer = now.members?.[0];
  if (writer === undefined || !differences.some(({ mend }) => mend === 'reboot')) return [];
  const command = new RebootDBInstanceCommand({ DBInstanceIdentifier: writer });
  try {
    await patiently(reach, `reboot ${writer}`, 'rds:RebootDBInstance', () => reach.client.send(command));
    return ['ParameterApplyStatus'];
  } catch (error) {
    if (isRejected(error, 'InvalidDBInstanceState')) return [];
    throw error;
  }
}
