import type { Problem } from './problem.ts';

/** Everything that must be true before the first production run, in the order of the report. */
export const CHECK_NAMES = [
  'inputs',
  'project',
  'prisma-cli',
  'schema-engine',
  'url-variables',
  'connection',
  'tls',
  'url-guarded',
  'timeouts',
  'pooler',
  'database-rights',
  'table-ownership',
  'history',
  'aws-credentials',
  'describe-instances',
  'describe-snapshots',
  'aws-changes',
  'instance',
  'retention',
  'restore-window',
  'snapshot-quota',
  'endpoint',
  'slack',
  'github',
  'runner-temp',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** Tables whose owner is not the connecting role, nor a role whose rights it has. */
export interface ForeignTables {
  readonly count: number;
  /** The first twenty, `schema.table`. */
  readonly names: readonly string[];
  /** Their owners, each once. */
  readonly owners: readonly string[];
}

/** Why a check could not be made, or does not apply. */
export type SkipReason =
  | 'needs-project'
  | 'needs-cli'
  | 'needs-urls'
  | 'needs-connection'
  | 'needs-credentials'
  | 'needs-instance'
  | 'needs-snapshots'
  | 'aws-silent'
  | 'not-configured'
  | 'cannot-be-tried'
  | 'cannot-be-told';

/** One check. The words are chosen by the report; `facts` are what it names. Plain JSON, no secrets. */
export type Check = {
  readonly name: CheckName;
  readonly facts: Readonly<Record<string, string>>;
} & (
  | { readonly state: 'ok' }
  /** Without problems, the name and the facts say what is wrong. */
  | { readonly state: 'failed'; readonly problems: readonly Problem[] }
  | { readonly state: 'skipped'; readonly why: SkipReason }
);

type Facts = Readonly<Record<string, string | number | undefined>>;

const told = (facts: Facts): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

export const passed = (name: CheckName, facts: Facts = {}): Check => ({
  name,
  state: 'ok',
  facts: told(facts),
});

export const failing = (name: CheckName, problems: readonly Problem[], facts: Facts = {}): Check => ({
  name,
  state: 'failed',
  problems,
  facts: told(facts),
});

export const skipped = (name: CheckName, why: SkipReason, facts: Facts = {}): Check => ({
  name,
  state: 'skipped',
  why,
  facts: told(facts),
});

/** Failed with these problems, or passed when there is none. */
export const judged = (name: CheckName, problems: readonly Problem[], facts: Facts = {}): Check =>
  problems.length === 0 ? passed(name, facts) : failing(name, problems, facts);

export const allWell = (checks: readonly Check[]): boolean => checks.every(({ state }) => state !== 'failed');
