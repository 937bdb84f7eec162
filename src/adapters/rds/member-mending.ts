import { ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { SettingDifference } from '../../domain/going-back.ts';
import { keyOf, type MemberGap, type MemberWish, memberGaps } from './member-differences.ts';
import { patiently } from './patience.ts';
import type { Reach } from './reach.ts';

/** The differences that are about a member of the cluster, and not about the cluster itself. */
export function ofMembers(
  source: InstanceFacts,
  now: InstanceFacts,
  differences: readonly SettingDifference[],
): readonly MemberGap[] {
  const asked = new Set(differences.map(keyOf));
  return memberGaps(source, now).filter(({ difference }) => asked.has(keyOf(difference)));
}

/** One modification for each member that needs one. Gives the names of what was mended. */
export async function mendMember(
  reach: Reach,
  member: string,
  gaps: readonly MemberGap[],
): Promise<readonly string[]> {
  const wishes = gaps.flatMap(({ wish }) => (wish === undefined ? [] : [wish]));
  if (wishes.length === 0) return [];
  const whole: MemberWish = Object.assign({}, ...wishes);
  const command = new ModifyDBInstanceCommand({
    ...whole,
    DBInstanceIdentifier: member,
    ApplyImmediately: true,
  });
  const label = `mend the settings of ${member}`;
  await patiently(reach, label, 'rds:ModifyDBInstance', () => reach.client.send(command));
  return gaps.flatMap(({ wish, difference }) =>
    wish === undefined ? [] : [`${difference.name} of ${member}`],
  );
}
