import type { RunIdentity } from './request.ts';

export type Tags = Readonly<Record<string, string>>;

export const MANAGED_BY = { key: 'managed-by', value: 'guarded-migrate' } as const;
const tagName = (name: string): string => `guarded-migrate:${name}`;

export const TAG = {
  run: tagName('run'),
  repository: tagName('repository'),
  sha: tagName('sha'),
  sourceResourceId: tagName('source-resource-id'),
  restoreTime: tagName('restore-time'),
  /** Digest of the schema at the restore point: what a restored database must show. */
  fingerprint: tagName('fingerprint'),
  phase: tagName('phase'),
} as const;

/**
 * How far the run that made a resource got. On a snapshot: `snapshot` → `migrating` → `applied`, `unchanged`,
 * or `failed`; on a restored instance: `restoring` → `restored`, `unverified` or `mismatch`.
 */
export const PHASES = [
  'snapshot',
  'migrating',
  'applied',
  'unchanged',
  'failed',
  'restoring',
  'restored',
  'unverified',
  'mismatch',
] as const;
export type Phase = (typeof PHASES)[number];

export const runTag = (run: RunIdentity): string => `${run.runId}-${run.attempt}`;

/** Tags for a resource we create; AWS refuses characters outside its set, so values are narrowed to it. */
export function ourTags(
  run: RunIdentity,
  facts: { readonly sourceResourceId: string; readonly phase: Phase; readonly restoreTime?: string },
): Tags {
  return {
    [MANAGED_BY.key]: MANAGED_BY.value,
    [TAG.run]: tagValue(runTag(run)),
    [TAG.repository]: tagValue(run.repository),
    [TAG.sha]: tagValue(run.sha),
    [TAG.sourceResourceId]: tagValue(facts.sourceResourceId),
    [TAG.phase]: facts.phase,
    ...(facts.restoreTime === undefined ? {} : { [TAG.restoreTime]: facts.restoreTime }),
  };
}

/** The source's own tags with ours on top; `aws:` keys belong to AWS and are refused when passed. */
export const mergedTags = (source: Tags, ours: Tags): Tags => ({
  ...Object.fromEntries(Object.entries(source).filter(([key]) => !key.toLowerCase().startsWith('aws:'))),
  ...ours,
});

export const isOurs = (tags: Tags): boolean => tags[MANAGED_BY.key] === MANAGED_BY.value;

const tagValue = (text: string): string => text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, 256);
