/** Calls of a mode against the policy that a job of that mode has. */
import { readFileSync } from 'node:fs';
import type { RecordedCall } from '../../lab/rds/types.ts';
import { arn, lacking, type Need, needsOf, patternsOf, type Statement } from './permissions-needs.ts';

const folder = new URL('../../docs/permissions/', import.meta.url);
export const source = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** `deploy`, `cluster-deploy`. */
export const statements = (name: string): readonly Statement[] =>
  (JSON.parse(source(`${name}.json`)) as { readonly Statement: readonly Statement[] }).Statement;

/** What one database was the target of. */
export interface Calls {
  readonly database: string;
  readonly calls: readonly RecordedCall[];
}

/** `action on resource` for everything that a call needs and no statement allows. */
export const missing = (policy: readonly Statement[], played: readonly Calls[]): readonly string[] => [
  ...new Set(
    played.flatMap(({ database, calls }) =>
      calls
        .flatMap(needsOf)
        .flatMap((need) =>
          lacking(policy, need, database).map((resource) => `${need.action} on ${resource}`),
        ),
    ),
  ),
];

export const uncalled = (policy: readonly Statement[], played: readonly Calls[]): readonly string[] => {
  const called = new Set(played.flatMap(({ calls }) => calls.flatMap(needsOf)).map(({ action }) => action));
  return [...new Set(policy.flatMap(({ Action }) => Action))].filter((action) => !called.has(action));
};

/** `Sid resource` for every pattern that no call needs. Statements of which no action is called are left out. */
export const idle = (policy: readonly Statement[], played: readonly Calls[]): readonly string[] => {
  const never = uncalled(policy, played);
  return policy
    .filter(({ Action }) => !Action.every((action) => never.includes(action)))
    .flatMap((statement) =>
      patternsOf(statement)
        .filter((pattern) => !isUsed(statement, pattern, played))
        .map((pattern) => short(statement, pattern)),
    );
};

const short = ({ Sid }: Statement, pattern: string): string =>
  `${Sid} ${pattern.replace('arn:aws:rds:REGION:ACCOUNT:', '').replace(/:(?:\*|DATABASE-\*)$/, '')}`;

/** Some call is allowed by this pattern alone. */
function isUsed(statement: Statement, pattern: string, played: readonly Calls[]): boolean {
  const alone = [{ ...statement, Resource: pattern }];
  return played.some(({ database, calls }) =>
    calls
      .flatMap(needsOf)
      .some(
        (need) =>
          statement.Action.includes(need.action) &&
          need.resources.some((one) => lacking(alone, { ...need, resources: [one] }, database).length === 0),
      ),
  );
}

const FOREIGN = ['db:users-prod', 'snapshot:gm-users-prod-1-1', 'cluster:users-prod'];

/** Changes of somebody else's database or snapshot that a statement allows. */
export const trespasses = (policy: readonly Statement[], database: string): readonly string[] =>
  policy
    .flatMap(({ Action }) => Action)
    .filter((action) => !action.startsWith('rds:Describe'))
    .flatMap((action) => {
      const need: Need = {
        action,
        resources: [...FOREIGN, 'cluster-snapshot:gm-users-prod-1-1'].map(arn),
        tags: { 'managed-by': 'guarded-migrate' },
      };
      const refused = lacking(policy, need, database);
      return need.resources.filter((each) => !refused.includes(each)).map((each) => `${action} on ${each}`);
    });
