/** Which permissions a recorded call needs, by the Service Authorization Reference of Amazon RDS. */
import type { RecordedCall } from '../../lab/rds/types.ts';

export interface Need {
  readonly action: string;
  /** ARNs that AWS checks; `*` where it knows none. */
  readonly resources: readonly string[];
  /** Tags that the resource has. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

type Params = Readonly<Record<string, string>>;
const HEAD = 'arn:aws:rds:eu-central-1:123456789012:';
export const arn = (rest: string): string => `${HEAD}${rest}`;

const given = (params: Params, name: string, type: string): readonly string[] =>
  params[name] === undefined ? [] : [arn(`${type}:${params[name]}`)];
/** Not given: AWS takes a default group, and checks that one. */
const group = (params: Params, name: string, type: string): string =>
  arn(`${type}:${params[name] ?? `default${type === 'og' ? ':' : '.'}postgres18`}`);
const groups = (params: Params): readonly string[] => [
  group(params, 'OptionGroupName', 'og'),
  group(params, 'DBParameterGroupName', 'pg'),
  group(params, 'DBSubnetGroupName', 'subgrp'),
];
const clusterGroups = (params: Params): readonly string[] => [
  arn(`cluster-pg:${params.DBClusterParameterGroupName ?? 'default.aurora-postgresql17'}`),
  group(params, 'OptionGroupName', 'og'),
  group(params, 'DBSubnetGroupName', 'subgrp'),
];
const targets = (params: Params): readonly string[] =>
  Object.entries(params).flatMap(([name, id]) => {
    const type = /^DB(Instance|Cluster)Identifiers[.]/.exec(name)?.[1];
    return type === undefined ? [] : [arn(`${type === 'Cluster' ? 'cluster' : 'db'}:${id}`)];
  });

const CHECKED: Readonly<Record<string, (params: Params) => readonly string[]>> = {
  CreateDBSnapshot: (p) => [
    ...given(p, 'DBInstanceIdentifier', 'db'),
    ...given(p, 'DBSnapshotIdentifier', 'snapshot'),
  ],
  DeleteDBSnapshot: (p) => given(p, 'DBSnapshotIdentifier', 'snapshot'),
  AddTagsToResource: (p) => [p.ResourceName ?? 'none'],
  RestoreDBInstanceToPointInTime: (p) => [
    ...given(p, 'SourceDBInstanceIdentifier', 'db'),
    ...given(p, 'TargetDBInstanceIdentifier', 'db'),
    arn('auto-backup:ab-0123456789'),
    ...groups(p),
  ],
  RestoreDBInstanceFromDBSnapshot: (p) => [
    ...given(p, 'DBSnapshotIdentifier', 'snapshot'),
    ...given(p, 'DBInstanceIdentifier', 'db'),
    ...groups(p),
  ],
  ModifyDBInstance: (p) => [
    ...given(p, 'DBInstanceIdentifier', 'db'),
    // Not documented whether the new name is checked, so it has to be allowed.
    ...given(p, 'NewDBInstanceIdentifier', 'db'),
    ...given(p, 'OptionGroupName', 'og'),
    ...given(p, 'DBParameterGroupName', 'pg'),
  ],
  RebootDBInstance: (p) => given(p, 'DBInstanceIdentifier', 'db'),
  AddRoleToDBInstance: (p) => given(p, 'DBInstanceIdentifier', 'db'),
  CreateDBClusterSnapshot: (p) => [
    ...given(p, 'DBClusterIdentifier', 'cluster'),
    ...given(p, 'DBClusterSnapshotIdentifier', 'cluster-snapshot'),
  ],
  DeleteDBClusterSnapshot: (p) => given(p, 'DBClusterSnapshotIdentifier', 'cluster-snapshot'),
  RestoreDBClusterToPointInTime: (p) => [
    ...given(p, 'SourceDBClusterIdentifier', 'cluster'),
    ...given(p, 'DBClusterIdentifier', 'cluster'),
    arn('cluster-auto-backup:ab-0123456789'),
    ...clusterGroups(p),
  ],
  RestoreDBClusterFromSnapshot: (p) => [
    ...given(p, 'SnapshotIdentifier', 'cluster-snapshot'),
    ...given(p, 'DBClusterIdentifier', 'cluster'),
    ...clusterGroups(p),
  ],
  CreateDBInstance: (p) => [
    ...given(p, 'DBInstanceIdentifier', 'db'),
    ...given(p, 'DBClusterIdentifier', 'cluster'),
    ...groups(p),
  ],
  ModifyDBCluster: (p) => [
    ...given(p, 'DBClusterIdentifier', 'cluster'),
    ...given(p, 'NewDBClusterIdentifier', 'cluster'),
    ...given(p, 'OptionGroupName', 'og'),
    ...given(p, 'DBClusterParameterGroupName', 'cluster-pg'),
  ],
  AddRoleToDBCluster: (p) => given(p, 'DBClusterIdentifier', 'cluster'),
  RegisterDBProxyTargets: (p) => [arn('target-group:prx-tg-0123'), ...targets(p)],
  DeregisterDBProxyTargets: (p) => [arn('db-proxy:prx-0123'), arn('target-group:prx-tg-0123'), ...targets(p)],
};

/** Where tags come with the request, AWS checks the new resource for AddTagsToResource as well. */
const MADE: Readonly<Record<string, readonly [string, string]>> = {
  CreateDBSnapshot: ['DBSnapshotIdentifier', 'snapshot'],
  RestoreDBInstanceToPointInTime: ['TargetDBInstanceIdentifier', 'db'],
  RestoreDBInstanceFromDBSnapshot: ['DBInstanceIdentifier', 'db'],
  CreateDBClusterSnapshot: ['DBClusterSnapshotIdentifier', 'cluster-snapshot'],
  RestoreDBClusterToPointInTime: ['DBClusterIdentifier', 'cluster'],
  RestoreDBClusterFromSnapshot: ['DBClusterIdentifier', 'cluster'],
  CreateDBInstance: ['DBInstanceIdentifier', 'db'],
};

const OURS = { 'managed-by': 'guarded-migrate' };

/** Throws at an action whose resources nobody wrote down. */
export function needsOf({ action, params }: RecordedCall): readonly Need[] {
  if (action.startsWith('Describe')) return [{ action: `rds:${action}`, resources: ['*'], tags: {} }];
  const checked = CHECKED[action];
  if (checked === undefined) throw new Error(`which resources does AWS check for ${action}?`);
  const [name, type] = MADE[action] ?? [];
  const tagged =
    name !== undefined && type !== undefined && Object.keys(params).some((key) => key.startsWith('Tags.'));
  return [
    { action: `rds:${action}`, resources: checked(params), tags: OURS },
    ...(tagged
      ? [{ action: 'rds:AddTagsToResource', resources: given(params, name, type), tags: OURS }]
      : []),
  ];
}

const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(text);

export const filled = (pattern: string, database: string): string =>
  pattern.replace('REGION', 'eu-central-1').replace('ACCOUNT', '123456789012').replace('DATABASE', database);

export const patternsOf = ({ Resource }: Statement): readonly string[] =>
  typeof Resource === 'string' ? [Resource] : Resource;

const holds = ({ Condition = {} }: Statement, tags: Need['tags']): boolean =>
  Object.entries(Condition).every(
    ([operator, wanted]) =>
      operator === 'StringEquals' &&
      Object.entries(wanted).every(([key, value]) => tags[key.replace('aws:ResourceTag/', '')] === value),
  );

/** What of a need no statement allows; each resource may be allowed by a statement of its own. */
export const lacking = (statements: readonly Statement[], need: Need, database: string): readonly string[] =>
  need.resources.filter(
    (resource) =>
      !statements.some(
        (each) =>
          each.Action.includes(need.action) &&
          holds(each, need.tags) &&
          patternsOf(each).some((pattern) => matches(filled(pattern, database), resource)),
      ),
  );
