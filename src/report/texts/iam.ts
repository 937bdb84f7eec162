import type { Problem } from '../../domain/problem.ts';
import { field } from '../advice.ts';

const GROUPS = ['og:*', 'pg:*', 'subgrp:*'] as const;
const CLUSTER_GROUPS = ['cluster-pg:*', 'og:*', 'subgrp:*'] as const;
const theThree = (db: string, type = 'db'): readonly string[] => [
  `${type}:${db}`,
  `${type}:${db}-gm-*`,
  `${type}:${db}-replaced-*`,
];
const PROXY = ['db-proxy:*', 'target-group:*'] as const;

type Table = Readonly<Record<string, (db: string) => readonly string[]>>;

/**
 * Resource types that AWS checks per action (Service Authorization Reference, Amazon RDS). The policies in
 * docs/permissions name the same ones (tested).
 */
export const RESOURCES: Table = {
  'rds:CreateDBSnapshot': (db) => [`db:${db}`, 'snapshot:gm-*'],
  'rds:DeleteDBSnapshot': () => ['snapshot:gm-*'],
  'rds:AddTagsToResource': (db) => ['snapshot:gm-*', ...theThree(db)],
  'rds:RestoreDBInstanceToPointInTime': (db) => [...theThree(db), 'auto-backup:*', ...GROUPS],
  'rds:RestoreDBInstanceFromDBSnapshot': (db) => [
    'snapshot:gm-*',
    `snapshot:rds:${db}-*`,
    `db:${db}-gm-*`,
    ...GROUPS,
  ],
  'rds:ModifyDBInstance': (db) => [...theThree(db), 'og:*', 'pg:*'],
  'rds:RebootDBInstance': (db) => [`db:${db}`, `db:${db}-gm-*`],
  'rds:AddRoleToDBInstance': (db) => [`db:${db}`, `db:${db}-gm-*`],
  'rds:RegisterDBProxyTargets': (db) => [`db:${db}`, `db:${db}-gm-*`, ...PROXY],
  'rds:DeregisterDBProxyTargets': (db) => [`db:${db}`, `db:${db}-gm-*`, ...PROXY],
};

/** The same for a DB cluster; members that we make are named after the restored cluster. */
export const CLUSTER_RESOURCES: Table = {
  'rds:CreateDBClusterSnapshot': (db) => [`cluster:${db}`, 'cluster-snapshot:gm-*'],
  'rds:DeleteDBClusterSnapshot': () => ['cluster-snapshot:gm-*'],
  'rds:AddTagsToResource': (db) => ['cluster-snapshot:gm-*', ...theThree(db, 'cluster'), `db:${db}-gm-*`],
  'rds:RestoreDBClusterToPointInTime': (db) => [
    ...theThree(db, 'cluster'),
    'cluster-auto-backup:*',
    ...CLUSTER_GROUPS,
  ],
  'rds:RestoreDBClusterFromSnapshot': (db) => [
    'cluster-snapshot:gm-*',
    `cluster-snapshot:rds:${db}-*`,
    `cluster:${db}-gm-*`,
    ...CLUSTER_GROUPS,
  ],
  'rds:CreateDBInstance': (db) => [`db:${db}-gm-*`, `cluster:${db}-gm-*`, ...GROUPS],
  'rds:ModifyDBCluster': (db) => [...theThree(db, 'cluster'), 'cluster-pg:*', 'og:*'],
  'rds:AddRoleToDBCluster': (db) => [`cluster:${db}`, `cluster:${db}-gm-*`],
  'rds:ModifyDBInstance': (db) => [`db:${db}-gm-*`, 'og:*', 'pg:*'],
  'rds:RebootDBInstance': (db) => [`db:${db}-gm-*`],
  'rds:RegisterDBProxyTargets': (db) => [`cluster:${db}`, `cluster:${db}-gm-*`, ...PROXY],
  'rds:DeregisterDBProxyTargets': (db) => [`cluster:${db}`, `cluster:${db}-gm-*`, ...PROXY],
};

/** Changes of a restored copy. Whoever may make these need not be allowed to change production. */
const ON_THE_COPY: ReadonlySet<string> = new Set([
  ...['rds:AddTagsToResource', 'rds:ModifyDBInstance', 'rds:AddRoleToDBInstance', 'rds:RebootDBInstance'],
  ...['rds:ModifyDBCluster', 'rds:AddRoleToDBCluster'],
]);

/** `rds:CreateDBSnapshot`; an action without a service is one of RDS. */
export function iamAction(p: Problem): string | undefined {
  const name = field(p, 'action', '');
  if (!/^[A-Za-z0-9:_-]+$/.test(name)) return undefined;
  return name.includes(':') ? name : `rds:${name}`;
}

/** The resources the missing permission must name; describing actions know no narrower one than `*`. */
export function iamResources(p: Problem, action: string): readonly string[] {
  const named = field(p, 'resource', '');
  const db = field(p, 'instance', 'DB_INSTANCE_IDENTIFIER');
  const [own, other] = /:cluster(?:-snapshot)?:/.test(named)
    ? [CLUSTER_RESOURCES, RESOURCES]
    : [RESOURCES, CLUSTER_RESOURCES];
  const known = own[action] ?? other[action];
  if (known === undefined) return [named.startsWith('arn:') ? named : '*'];
  // The partition, region and account that AWS itself named, else any.
  const [, partition = 'aws', service, region = '*', account = '*'] = named.split(':');
  const head =
    service === 'rds' ? `arn:${partition}:rds:${region || '*'}:${account || '*'}` : 'arn:aws:rds:*:*';
  const forDeploy = named.includes(`:${db}-gm-`);
  const beside = ON_THE_COPY.has(action) && forDeploy && field(p, 'cutsOver', '') === '';
  return (
    known(db)
      .filter((each) => !(beside && isProduction(each, db)))
      // Only a rollback restores from one that was replaced.
      .filter((each) => !(action.startsWith('rds:Restore') && forDeploy && each.endsWith('-replaced-*')))
      .map((each) => `${head}:${each}`)
  );
}

const isProduction = (resource: string, db: string): boolean =>
  [...theThree(db), ...theThree(db, 'cluster')].includes(resource) && !resource.endsWith('-gm-*');

/** A statement to paste into the policy of the deploy role. */
export const iamStatement = (p: Problem, action: string): string =>
  JSON.stringify({ Effect: 'Allow', Action: action, Resource: iamResources(p, action) }, null, 2);
