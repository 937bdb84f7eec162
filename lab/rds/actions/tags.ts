import { clusterNamed, clusterSnapshotNamed } from '../cluster-state.ts';
import { invalidValue } from '../errors.ts';
import { checkTags, mergeTags } from '../rules.ts';
import { instanceNamed, type State, snapshotNamed } from '../state.ts';
import type { RdsTag } from '../types.ts';
import { tagList } from '../views.ts';
import type { Action } from './action.ts';

type Tagged = { readonly get: () => readonly RdsTag[]; readonly set: (tags: readonly RdsTag[]) => void };

const ARN = /^arn:aws:rds:([^:]+):(\d+):(db|snapshot|cluster|cluster-snapshot):(.+)$/;

const tagged = (state: State, arn: string): Tagged => {
  const [, region, account, kind, name = ''] = ARN.exec(arn) ?? [];
  if (region !== state.region || account !== state.accountId)
    throw invalidValue(`Invalid resource name: ${arn}`);
  if (kind === 'snapshot') {
    const snapshot = snapshotNamed(state, name);
    return {
      get: () => snapshot.tags,
      set: (tags) => {
        snapshot.tags = tags;
      },
    };
  }
  if (kind === 'cluster-snapshot') {
    const snapshot = clusterSnapshotNamed(state, name);
    return {
      get: () => snapshot.tags,
      set: (tags) => {
        snapshot.tags = tags;
      },
    };
  }
  return kind === 'cluster' ? ofSettings(clusterNamed(state, name)) : ofSettings(instanceNamed(state, name));
};

const ofSettings = <Settings extends { readonly tags: readonly RdsTag[] }>(owner: {
  settings: Settings;
}): Tagged => ({
  get: () => owner.settings.tags,
  set: (tags) => {
    owner.settings = { ...owner.settings, tags };
  },
});

export const listTagsForResource: Action = {
  parameters: ['ResourceName', 'Filters'],
  run: (state, params) => ({ TagList: tagList(tagged(state, params.needed('ResourceName')).get()) }),
};

export const addTagsToResource: Action = {
  parameters: ['ResourceName', 'Tags'],
  run: (state, params) => {
    const resource = tagged(state, params.needed('ResourceName'));
    const added = checkTags(params.tags() ?? []);
    const merged = mergeTags(resource.get(), added);
    checkTags(merged.filter((tag) => !tag.key.startsWith('aws:')));
    resource.set(merged);
    return undefined;
  },
};

export const removeTagsFromResource: Action = {
  parameters: ['ResourceName', 'TagKeys'],
  run: (state, params) => {
    const resource = tagged(state, params.needed('ResourceName'));
    const keys = params.list('TagKeys', 'member') ?? [];
    if (keys.some((key) => key.startsWith('aws:')))
      throw invalidValue('Tags with the prefix aws: cannot be removed.');
    resource.set(resource.get().filter((tag) => !keys.includes(tag.key)));
    return undefined;
  },
};
