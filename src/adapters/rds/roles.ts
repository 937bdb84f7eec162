import type { InstanceFacts } from '../../domain/facts.ts';

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
