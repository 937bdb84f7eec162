import type { Run } from '../domain/run.ts';
import { shell } from './words.ts';

/** The commands of clusters: other names, and a restored cluster answers only once it has an instance. */

export const isCluster = (run: Run): boolean => (run.instance?.kind ?? run.request?.targetKind) === 'cluster';

const TEXTS = {
  DBSubnetGroupName: '--db-subnet-group-name',
  DBClusterParameterGroupName: '--db-cluster-parameter-group-name',
  StorageType: '--storage-type',
} as const;

const FLAGS = {
  CopyTagsToSnapshot: 'copy-tags-to-snapshot',
  DeletionProtection: 'deletion-protection',
  EnableIAMDatabaseAuthentication: 'enable-iam-database-authentication',
} as const;

type Settings = Readonly<Record<string, unknown>>;

function settingOptions(settings: Settings): readonly string[] {
  const options: string[] = [];
  for (const [name, option] of Object.entries(TEXTS)) {
    const value = settings[name];
    if (typeof value === 'string' && value !== '') options.push(`${option} ${shell(value)}`);
  }
  const ids = settings.VpcSecurityGroupIds;
  // Groups belong to the VPC of the subnet group.
  if (typeof settings.DBSubnetGroupName === 'string' && Array.isArray(ids) && ids.length > 0)
    options.push(`--vpc-security-group-ids ${ids.map((id) => shell(String(id))).join(' ')}`);
  const port = settings.Port;
  if (typeof port === 'number' && Number.isInteger(port)) options.push(`--port ${port}`);
  const scaling = settings.ServerlessV2ScalingConfiguration;
  if (typeof scaling === 'object' && scaling !== null)
    options.push(`--serverless-v2-scaling-configuration ${shell(JSON.stringify(scaling))}`);
  for (const [name, option] of Object.entries(FLAGS)) {
    const value = settings[name];
    if (typeof value === 'boolean') options.push(value ? `--${option}` : `--no-${option}`);
  }
  return options;
}

export interface ClusterRestore {
  readonly source: string;
  readonly target: string;
  readonly time: string;
  /** ` --region x`, or nothing. */
  readonly region: string;
}

/** As AWS described it, else as its SQL was spoken: a Multi-AZ DB cluster is never guessed. */
const engineOf = ({ instance, database }: Run): string =>
  instance?.engine ?? (database?.dialect === 'mysql' ? 'aurora-mysql' : 'aurora-postgresql');

/** A Multi-AZ DB cluster makes its instances itself. */
function memberCommand(run: Run, target: string, region: string): readonly string[] {
  const { instance } = run;
  const engine = engineOf(run);
  if (!engine.startsWith('aurora')) return [];
  const kind = instance?.instanceClass || 'DB_INSTANCE_CLASS';
  return [
    `aws rds wait db-cluster-available${region} --db-cluster-identifier ${shell(target)}`,
    [
      `aws rds create-db-instance${region} --db-cluster-identifier ${shell(target)}`,
      `  --db-instance-identifier ${shell(`${target.slice(0, 61).replace(/-+$/, '')}-1`)}`,
      `  --db-instance-class ${shell(kind)} --engine ${shell(engine)}`,
    ].join(' \\\n'),
  ];
}

export function clusterRestoreCommand(run: Run, { source, target, time, region }: ClusterRestore): string {
  const restore = [
    `aws rds restore-db-cluster-to-point-in-time${region}`,
    `  --source-db-cluster-identifier ${shell(source)}`,
    `  --db-cluster-identifier ${shell(target)}`,
    `  --restore-to-time ${shell(time)}`,
    ...settingOptions(run.instance?.settings ?? {}).map((option) => `  ${option}`),
  ].join(' \\\n');
  return [restore, ...memberCommand(run, target, region)].join('\n');
}

export function clusterSnapshotCommand(run: Run, snapshot: string, target: string, region: string): string {
  const restore = [
    `aws rds restore-db-cluster-from-snapshot${region}`,
    `  --snapshot-identifier ${shell(snapshot)} --engine ${shell(engineOf(run))}`,
    `  --db-cluster-identifier ${shell(target)}`,
  ].join(' \\\n');
  return [restore, ...memberCommand(run, target, region)].join('\n');
}

export const clusterDescribeCommand = (identifier: string, region: string): string =>
  [
    `aws rds describe-db-clusters${region} --db-cluster-identifier ${shell(identifier)}`,
    `  --query 'DBClusters[0].[Status,Endpoint,Port,DBClusterMembers[].DBInstanceIdentifier]' --output json`,
  ].join(' \\\n');
