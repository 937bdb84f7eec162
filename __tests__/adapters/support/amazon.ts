import type { DBInstance } from '@aws-sdk/client-rds';
import { type Amazon, createAmazon } from '../../../src/adapters/rds/amazon.ts';
import { problemsOf } from '../../../src/domain/problem.ts';
import { pointAt, type Reply, result, scriptedAws, virtualClock } from './scripted-aws.ts';

/** What came out of one call of the adapter, and what it asked of AWS. */
export async function against<T>(
  replies: readonly Reply[],
  act: (amazon: Amazon) => Promise<T>,
  targetKind: 'instance' | 'cluster' = 'instance',
) {
  await using aws = await scriptedAws(replies);
  using _ = pointAt(aws.url);
  const clock = virtualClock();
  const notes: string[] = [];
  const amazon = createAmazon({ targetKind, clock, onRetry: ({ label }) => notes.push(label) });
  const outcome = await act(amazon).then(
    (value) => ({ value, problem: undefined }),
    (error: unknown) => ({ value: undefined, problem: problemsOf(error)[0] }),
  );
  return {
    ...outcome,
    requests: aws.requests,
    actions: aws.requests.map(({ Action }) => Action),
    slept: clock.slept,
    notes,
  };
}

type Xml = Readonly<Record<string, string>>;

export const element = (name: string, fields: Xml): string =>
  `<${name}>${Object.entries(fields)
    .map(([key, value]) => `<${key}>${value}</${key}>`)
    .join('')}</${name}>`;

/** DescribeDBInstances with these; `name`, `id` and `status` are enough to be found. */
export const instances = (...found: readonly Xml[]): Reply =>
  result(
    'DescribeDBInstances',
    `<DBInstances>${found.map((fields) => element('DBInstance', fields)).join('')}</DBInstances>`,
  );

export const named = (name: string, id: string, more: Xml = {}): Xml => ({
  DBInstanceIdentifier: name satisfies DBInstance['DBInstanceIdentifier'],
  DbiResourceId: id,
  DBInstanceStatus: 'available',
  ...more,
});
