import { checkModifiable } from '../change-rules.ts';
import { invalidValue, RdsError } from '../errors.ts';
import { pause } from '../restart.ts';
import { instanceNamed } from '../state.ts';
import type { Action } from './action.ts';

const ROLE_ARN = /^arn:aws:iam::\d{12}:role\/.+$/;

/** One role per feature and one feature per role; PENDING for as long as a modification takes. */
export const addRoleToDBInstance: Action = {
  parameters: ['DBInstanceIdentifier', 'RoleArn', 'FeatureName'],
  run: (state, params) => {
    const instance = instanceNamed(state, params.needed('DBInstanceIdentifier'));
    const roleArn = params.needed('RoleArn');
    const featureName = params.needed('FeatureName');
    checkModifiable(instance);
    if (!ROLE_ARN.test(roleArn)) throw invalidValue(`The ARN '${roleArn}' is not a valid role ARN.`);
    const roles = instance.settings.associatedRoles;
    if (roles.some((role) => role.roleArn === roleArn || role.featureName === featureName)) {
      throw new RdsError(
        'DBInstanceRoleAlreadyExists',
        `The role or the feature ${featureName} is already associated with ${instance.settings.id}.`,
      );
    }
    instance.settings = { ...instance.settings, associatedRoles: [...roles, { roleArn, featureName }] };
    instance.pendingRoles.add(featureName);
    state.jobs.run(`role of ${instance.settings.id}`, async () => {
      await pause(state, state.durations.modifyMs);
      instance.pendingRoles.delete(featureName);
    });
    return undefined;
  },
};
