import type { Problem } from '../../domain/problem.ts';
import { field } from '../advice.ts';

/** Resource types that AWS checks per action (Service Authorization Reference, Amazon RDS). */
const RESOURCES: Readonly<Record<string, (db: string) => readonly string[]>> = {
  'rds:CreateDBSnapshot': (db) => [`db:${db}`, 'snapshot:gm-*'],
  'rds:DeleteDBSnapshot': () => ['snapshot:gm-*'],
  'rds:AddTagsToResource': (db) => ['snapshot:gm-*', `db:${db}`, `db:${db}-gm-*`],
  'rds:RestoreDBInstanceToPointInTime': (db) => [
    `db:${db}`,
    `db:${db}-gm-*`,
    'auto-backup:*',
    'og:*',
    'pg:*',
    'subgrp:*',
  ],
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
