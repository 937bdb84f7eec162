import type { RunIdentity } from './request.ts';

export type Tags = Readonly<Record<string, string>>;

export const MANAGED_BY = { key: 'managed-by', value: 'guarded-migrate' } as const;
const OURS = 'guarded-migrate:';
const tagName = (name: string): string => `${OURS}${name}`;

/** AWS takes fifty on a resource (`aws:` ones not counted) and 256 characters in each. */
export const TAG_LIMITS = { count: 50, length: 256 } as const;

export const TAG = {
  run: tagName('run'),
  repository: tagName('repository'),
  sha: tagName('sha'),
  sourceResourceId: tagName('source-resource-id'),
  restoreTime: tagName('restore-time'),
  /** Digest of the schema at the restore point: what a restored database must show. */
  fingerprint: tagName('fingerprint'),
  /** Who served when it was restored from another one: only then can it take the place of that one. */
  forResourceId: tagName('for-resource-id'),
  phase: tagName('phase'),
  /** The snapshot a restored instance was made from, when it was not a point in time. */
  snapshot: tagName('snapshot'),
  /** On both instances of a promotion: `<run id>-<attempt>` of it, and the names and resource ids that belong together. */
  promotion: tagName('promotion'),
  production: tagName('production'),
  /** Empty when an RDS Proxy was re-targeted and nothing was renamed. */
  parked: tagName('parked'),
  /** Names of the RDS Proxies that a promotion re-targets, a space between two. */
  proxies: tagName('proxies'),
  /** The name that the new instance had before, and gets again in an undo. */
  restored: tagName('restored'),
  oldResourceId: tagName('old-resource-id'),
  newResourceId: tagName('new-resource-id'),
  /** Write counters of the restore point, in pieces: `marks-0`, `marks-1`, ... */
  marks: (piece: number): string => tagName(`marks-${piece}`),
} as const;

/**
 * How far the run that made a resource got. On a snapshot: `snapshot` → `migrating` → `applied`, `unchanged`,
 * or `failed`; on a restored instance: `restoring` → `restored`, `unverified` or `mismatch`; in a promotion
 * `promoting` → `promoted` on the new instance and `replaced` on the old one, `undone` on both after an undo.
 */
export type Phase =
  | 'snapshot'
  | 'migrating'
  | 'applied'
  | 'unchanged'
  | 'failed'
  | 'restoring'
  | 'restored'
  | 'unverified'
  | 'mismatch'
  | 'promoting'
  | 'promoted'
  | 'replaced'
  | 'undone';

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

/**
 * The source's own tags with ours on top. `aws:` keys belong to AWS and are refused when passed; tags of ours on the
 * source tell of an earlier run (a promoted instance has them) and would be false on the new resource.
 */
export const mergedTags = (source: Tags, ours: Tags): Tags => ({
  ...Object.fromEntries(
    Object.entries(source).filter(([key]) => !key.toLowerCase().startsWith('aws:') && !key.startsWith(OURS)),
  ),
  ...ours,
});

export const isOurs = (tags: Tags): boolean => tags[MANAGED_BY.key] === MANAGED_BY.value;

const tagValue = (text: string): string => text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, 256);
