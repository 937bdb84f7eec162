import type { Problem } from '../../domain/problem.ts';
import { field } from '../advice.ts';

const GROUPS = ['og:*', 'pg:*', 'subgrp:*'] as const;
const theThree = (db: string): readonly string[] => [`db:${db}`, `db:${db}-gm-*`, `db:${db}-replaced-*`];

/**
 * Resource types that AWS checks per action (Service Authorization Reference, Amazon RDS). The policies in
 * docs/permissions name the same ones (tested).
 */
export const RESOURCES: Readonly<Record<string, (db: string) => readonly string[]>> = {
  'rds:CreateDBSnapshot': (db) => [`db:${db}`, 'snapshot:gm-*'],
  'rds:DeleteDBSnapshot': () => ['snapshot:gm-*'],
  'rds:AddTagsToResource': (db) => ['snapshot:gm-*', ...theThree(db)],
  'rds:RestoreDBInstanceToPointInTime': (db) => [`db:${db}`, `db:${db}-gm-*`, 'auto-backup:*', ...GROUPS],
  'rds:RestoreDBInstanceFromDBSnapshot': (db) => [
    'snapshot:gm-*',
    `snapshot:rds:${db}-*`,
    `db:${db}-gm-*`,
    ...GROUPS,
  ],
  'rds:ModifyDBInstance': (db) => [...theThree(db), 'og:*', 'pg:*'],
  'rds:RebootDBInstance': (db) => [`db:${db}`, `db:${db}-gm-*`],
  'rds:AddRoleToDBInstance': (db) => [`db:${db}`, `db:${db}-gm-*`],
  'rds:RegisterDBProxyTargets': (db) => [`db:${db}`, `db:${db}-gm-*`, 'db-proxy:*', 'target-group:*'],
  'rds:DeregisterDBProxyTargets': (db) => [`db:${db}`, `db:${db}-gm-*`, 'db-proxy:*', 'target-group:*'],
};

/** `rds:CreateDBSnapshot`; an action without a service is one of RDS. */
export function iamAction(p: Problem): string | undefined {
  const name = field(p, 'action', '');
  if (!/^[A-Za-z0-9:_-]+$/.test(name)) return undefined;
  return name.includes(':') ? name : `rds:${name}`;
}

/** The resources the missing permission must name; describing actions know no narrower one than `*`. */
export function iamResources(p: Problem, action: string): readonly string[] {
  const named = field(p, 'resource', '');
  const known = RESOURCES[action];
  if (known === undefined) return [named.startsWith('arn:') ? named : '*'];
  // The partition, region and account that AWS itself named, else any.
  const [, partition = 'aws', service, region = '*', account = '*'] = named.split(':');
  const head =
    service === 'rds' ? `arn:${partition}:rds:${region || '*'}:${account || '*'}` : 'arn:aws:rds:*:*';
  return known(field(p, 'instance', 'DB_INSTANCE_IDENTIFIER')).map((each) => `${head}:${each}`);
}

/** A statement to paste into the policy of the deploy role. */
export const iamStatement = (p: Problem, action: string): string =>
  JSON.stringify({ Effect: 'Allow', Action: action, Resource: iamResources(p, action) }, null, 2);
