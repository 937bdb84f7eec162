import { checkModifiable } from '../change-rules.ts';
import { invalidCombination } from '../errors.ts';
import { reboot } from '../rename.ts';
import { instanceNamed } from '../state.ts';
import { instanceXml } from '../views.ts';
import type { Action } from './action.ts';

/** Restarts the database. Unlike a modification it shows `rebooting` in its own answer. */
export const rebootDBInstance: Action = {
  parameters: ['DBInstanceIdentifier', 'ForceFailover'],
  run: (state, params) => {
    const instance = instanceNamed(state, params.needed('DBInstanceIdentifier'));
    checkModifiable(instance);
    if (params.flag('ForceFailover') === true && !instance.settings.multiAz)
      throw invalidCombination('ForceFailover needs a Multi-AZ instance.');
    instance.status = 'rebooting';
    state.jobs.run(`reboot ${instance.settings.id}`, () => reboot(state, instance));
    return { DBInstance: instanceXml(state, instance) };
  },
};
