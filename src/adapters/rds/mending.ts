import {
  AddRoleToDBInstanceCommand,
  ModifyDBInstanceCommand,
  RebootDBInstanceCommand,
} from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { SettingDifference } from '../../domain/going-back.ts';
import { instanceByResource } from './looking.ts';
import { patiently } from './patience.ts';
import type { Reach } from './reach.ts';
import { changeRefusal, instanceGone, isRejected } from './refusals.ts';
import { missingRoles, type Role, roleText } from './roles.ts';
import { DECIDED, MODIFIED, type SettingName } from './setting-names.ts';
import { type Wish, wish } from './wishes.ts';

type Differences = readonly SettingDifference[];

/** One modification for all differences that one mends; undefined when there are none. Pure. */
export function modification(
  source: InstanceFacts,
  restored: InstanceFacts,
  differences: Differences,
): Wish | undefined {
  const wishes = modified(differences).map((name) => wish(name, source, restored));
  const whole: Wish = Object.assign({}, ...wishes);
  return Object.keys(whole).length === 0 ? undefined : whole;
}

const NAMES: ReadonlySet<string> = new Set([...MODIFIED, ...DECIDED]);

const modified = (differences: Differences): readonly SettingName[] =>
  differences.flatMap(({ mend, name }) =>
    mend === 'modify' && NAMES.has(name) ? [name as SettingName] : [],
  );

/**
 * Mends the restored instance: roles, then one modification, then a reboot. It is found by its resource id, because
 * names change hands: a request by an old name could hit production. Everything is tried before the first failure is
 * thrown. Gives the names of what was mended.
 */
export async function mendInstance(
  reach: Reach,
  source: InstanceFacts,
  restored: InstanceFacts,
  differences: Differences,
): Promise<readonly string[]> {
  if (differences.length === 0 || source.resourceId === restored.resourceId) return [];
  const now = await instanceByResource(reach, restored.resourceId);
  if (now === undefined) throw instanceGone(restored);
  const asked = new Set(differences.filter(({ mend }) => mend === 'role').map(({ wanted }) => wanted));
  const mended: string[] = [];
  const failures: unknown[] = [];
  const attempt = async (work: Promise<readonly string[]>): Promise<void> => {
    await work.then(
      (names) => mended.push(...names),
      (error: unknown) => failures.push(error),
    );
  };
  for (const role of missingRoles(source, now))
    if (asked.has(roleText(role))) await attempt(addRole(reach, now, role));
  await attempt(modify(reach, source, now, differences));
  if (differences.some(({ mend }) => mend === 'reboot')) await attempt(reboot(reach, now));
  if (failures.length > 0) throw changeRefusal(failures[0], now);
  return [...new Set(mended)];
}

async function addRole(reach: Reach, now: InstanceFacts, role: Role): Promise<readonly string[]> {
  const command = new AddRoleToDBInstanceCommand({ DBInstanceIdentifier: now.identifier, ...role });
  const label = `add role ${role.FeatureName} to ${now.identifier}`;
  try {
    await patiently(reach, label, 'rds:AddRoleToDBInstance', () => reach.client.send(command));
  } catch (error) {
    if (!isRejected(error, 'DBInstanceRoleAlreadyExists')) throw error;
  }
  return ['AssociatedRoles'];
}

async function modify(
  reach: Reach,
  source: InstanceFacts,
  now: InstanceFacts,
  differences: Differences,
): Promise<readonly string[]> {
  const wanted = modification(source, now, differences);
  if (wanted === undefined) return [];
  const command = new ModifyDBInstanceCommand({
    ...wanted,
    DBInstanceIdentifier: now.identifier,
    ApplyImmediately: true,
  });
  const label = `mend the settings of ${now.identifier}`;
  await patiently(reach, label, 'rds:ModifyDBInstance', () => reach.client.send(command));
  return modified(differences);
}

/** A modification that is still under way refuses it; then it stays a difference, for the next look. */
async function reboot(reach: Reach, now: InstanceFacts): Promise<readonly string[]> {
  const command = new RebootDBInstanceCommand({ DBInstanceIdentifier: now.identifier });
  const label = `reboot ${now.identifier}`;
  try {
    await patiently(reach, label, 'rds:RebootDBInstance', () => reach.client.send(command));
    return ['ParameterApplyStatus'];
  } catch (error) {
    if (isRejected(error, 'InvalidDBInstanceState')) return [];
    throw error;
  }
}
