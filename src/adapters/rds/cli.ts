import type { InstanceFacts } from '../../domain/facts.ts';

/** Calls of the AWS CLI to paste, with every value quoted for a POSIX shell. */

/** Plain words stay as they are; everything else goes between single quotes. */
export const quoted = (text: string): string =>
  /^[A-Za-z0-9_./:=@%+,][A-Za-z0-9_./:=@%+,-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** The CLI's form of an API name: `EnableIAMDatabaseAuthentication` → `enable-iam-database-authentication`. */
export const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();

/** Options in the order of the fields; flags are `--x` and `--no-x`, structures are JSON, absent values are left out. */
export const options = (input: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(input).flatMap(([name, value]) =>
    value === undefined ? [] : [optionText(kebab(name), value)],
  );

function optionText(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? `--${name}` : `--no-${name}`;
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object'))
    return `--${name} ${value.map((each) => quoted(String(each))).join(' ')}`;
  return `--${name} ${quoted(typeof value === 'object' ? JSON.stringify(value) : String(value))}`;
}

type Input = Readonly<Record<string, unknown>>;

/** `aws rds <action>` on one DB instance, in the region that its ARN names. */
export const instanceCall = (action: string, instance: InstanceFacts, input: Input): string =>
  callOn('db-instance-identifier', action, instance, input);

/** The same on one DB cluster. */
export const clusterCall = (action: string, cluster: InstanceFacts, input: Input): string =>
  callOn('db-cluster-identifier', action, cluster, input);

function callOn(option: string, action: string, instance: InstanceFacts, input: Input): string {
  const region = instance.arn.split(':')[3];
  const words = [
    `aws rds ${action}`,
    ...(region ? [`--region ${quoted(region)}`] : []),
    `--${option} ${quoted(instance.identifier)}`,
    ...options(input),
  ];
  return words.join(' ');
}

export const modifyCall = (instance: InstanceFacts, input: Readonly<Record<string, unknown>>): string =>
  Object.keys(input).length === 0
    ? ''
    : `${instanceCall('modify-db-instance', instance, input)} --apply-immediately`;

export const modifyClusterCall = (cluster: InstanceFacts, input: Input): string =>
  `${clusterCall('modify-db-cluster', cluster, input)} --apply-immediately`;
