import type { InstanceFacts } from '../../domain/facts.ts';
import type { SettingDifference } from '../../domain/going-back.ts';
import { textOf } from './setting-text.ts';

/** An IAM role that lets the database use a feature, such as `s3Import`. */
export interface Role {
  readonly FeatureName: string;
  readonly RoleArn: string;
}

const isRole = (value: unknown): value is Role => {
  const { FeatureName, RoleArn } = (value ?? {}) as Partial<Record<keyof Role, unknown>>;
  return typeof FeatureName === 'string' && typeof RoleArn === 'string';
};

const rolesIn = ({ settings }: InstanceFacts): readonly Role[] =>
  Array.isArray(settings.AssociatedRoles) ? settings.AssociatedRoles.filter(isRole) : [];

export const roleText = ({ FeatureName, RoleArn }: Role): string => `${FeatureName} ${RoleArn}`;

/** Roles of the source that the restored instance does not have, nor is getting. */
export function missingRoles(source: InstanceFacts, restored: InstanceFacts): readonly Role[] {
  const there = new Set(rolesIn(restored).map(roleText));
  return rolesIn(source).filter((role) => !there.has(roleText(role)));
}

/** Each of them as a difference; `callOf` is the call that adds it to a DB instance or a DB cluster. */
export const roleDifferences = (
  source: InstanceFacts,
  restored: InstanceFacts,
  callOf: (input: Readonly<Record<keyof Role, string>>) => string,
): readonly SettingDifference[] =>
  missingRoles(source, restored).map((role) => ({
    name: 'AssociatedRoles',
    wanted: roleText(role),
    got: textOf(undefined),
    mend: 'role',
    call: callOf({ RoleArn: role.RoleArn, FeatureName: role.FeatureName }),
  }));
