import type { Settings } from '../../ports/fleet.ts';
import { clusterSettingsPort } from './cluster-mending.ts';
import { compareSettings } from './compare.ts';
import { kindOf, type PerKind } from './kinds.ts';
import { mendInstance } from './mending.ts';
import type { Reach } from './reach.ts';

/** Settings of DB instances, and of DB clusters with their members. */
export function createSettings(reach: Reach): Settings {
  const settings: PerKind<Settings> = {
    instance: instanceSettings(reach),
    cluster: clusterSettingsPort(reach),
  };
  return {
    compare: (source, restored) => settings[kindOf(restored)].compare(source, restored),
    mend: (source, restored, differences) => settings[kindOf(restored)].mend(source, restored, differences),
    addMembers: (source, restored) => settings[kindOf(restored)].addMembers(source, restored),
  };
}

const instanceSettings = (reach: Reach): Settings => ({
  compare: compareSettings,
  mend: (source, restored, differences) => mendInstance(reach, source, restored, differences),
  addMembers: async () => [],
});
