import type { ModifyDBInstanceCommandInput } from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { SettingDifference } from '../../domain/going-back.ts';
import { modifyCall } from './cli.ts';
import { isAurora, type MemberSettings, membersIn } from './cluster-settings.ts';
import { isSame, textOf } from './setting-text.ts';

/** Settings of a member that one ModifyDBInstance mends (API reference of that action; Aurora manages the others). */
const MODIFIED = [
  ...['AutoMinorVersionUpgrade', 'CACertificateIdentifier', 'DBInstanceClass', 'DBParameterGroupName'],
  ...['EnablePerformanceInsights', 'MonitoringInterval', 'MonitoringRoleArn'],
  ...['PerformanceInsightsRetentionPeriod', 'PreferredMaintenanceWindow', 'PromotionTier'],
  'PubliclyAccessible',
];

/** Chosen when Performance Insights is switched on, and never again. */
const DECIDED = ['PerformanceInsightsKMSKeyId'];

export type MemberWish = Partial<Omit<ModifyDBInstanceCommandInput, 'DBInstanceIdentifier'>>;

/** One member of the restored cluster that is not as its counterpart of the source, the writers first. */
export interface MemberGap {
  /** Identifier of the member. */
  readonly member: string;
  /** Fields of the one ModifyDBInstance that mends this difference; undefined when none does. */
  readonly wish: MemberWish | undefined;
  readonly difference: SettingDifference;
}

/** Members are made like the source's; here is told what is not so. A Multi-AZ DB cluster makes its own. */
export function memberGaps(source: InstanceFacts, restored: InstanceFacts): readonly MemberGap[] {
  if (!isAurora(source.engine)) return [];
  const got = membersIn(restored.settings);
  return membersIn(source.settings).flatMap((wanted, at) => {
    const member = got[at];
    return member === undefined ? [] : gapsOf(wanted, member, restored);
  });
}

const gapsOf = (wanted: MemberSettings, got: MemberSettings, restored: InstanceFacts): readonly MemberGap[] =>
  [...MODIFIED, ...DECIDED].flatMap((name) => {
    if (wanted[name] === undefined || isSame(wanted[name], got[name])) return [];
    if (name === 'DBParameterGroupName' && isDefault(wanted[name]) && isDefault(got[name])) return [];
    // AWS keeps a role and a retention of what is switched off.
    if (name === 'MonitoringRoleArn' && !Number(wanted.MonitoringInterval ?? 0)) return [];
    if (name.startsWith('PerformanceInsights') && wanted.EnablePerformanceInsights !== true) return [];
    const member = got.DBInstanceIdentifier;
    const wish = DECIDED.includes(name) ? undefined : wishOf(name, wanted, got);
    const difference: SettingDifference = {
      name,
      wanted: textOf(wanted[name]),
      got: `${textOf(got[name])} (${member})`,
      mend: wish === undefined ? 'none' : 'modify',
      call: wish === undefined ? '' : modifyCall({ ...restored, identifier: member }, wish),
    };
    return [{ member, wish, difference }];
  });

const isDefault = (group: unknown): boolean => String(group).startsWith('default.');

/** What goes with it in one request: AWS refuses a role without an interval, and a key after the first time. */
function wishOf(name: string, wanted: MemberSettings, got: MemberSettings): MemberWish {
  const only = (...names: readonly string[]): MemberWish =>
    // The manifest has the values of the API under its own names; a journal cannot be typed more closely.
    Object.fromEntries(
      names.flatMap((each) => (wanted[each] === undefined ? [] : [[each, wanted[each]]])),
    ) as MemberWish;
  if (name.startsWith('Monitoring'))
    return Number(wanted.MonitoringInterval ?? 0) === 0
      ? { MonitoringInterval: 0 }
      : only('MonitoringInterval', 'MonitoringRoleArn');
  if (!name.endsWith('PerformanceInsights') && !name.startsWith('PerformanceInsights')) return only(name);
  if (wanted.EnablePerformanceInsights !== true) return { EnablePerformanceInsights: false };
  const key = got.EnablePerformanceInsights === true ? [] : ['PerformanceInsightsKMSKeyId'];
  return only('EnablePerformanceInsights', 'PerformanceInsightsRetentionPeriod', ...key);
}

/** What tells one difference from all others. */
export const keyOf = ({ name, wanted, got }: SettingDifference): string => [name, wanted, got].join('\n');
