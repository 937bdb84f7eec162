import type { InstanceFacts } from '../domain/facts.ts';
import { shell } from './words.ts';

/**
 * Options of `aws rds restore-db-instance-to-point-in-time` for the settings that AWS would otherwise replace by
 * its defaults (AWS CLI command reference). Fewer than the guard passes itself: enough that the instance is reachable,
 * protected and as fast as production, and nothing that AWS refuses in some combination.
 */
const TEXTS = {
  DBInstanceClass: '--db-instance-class',
  DBSubnetGroupName: '--db-subnet-group-name',
  DBParameterGroupName: '--db-parameter-group-name',
  CACertificateIdentifier: '--ca-certificate-identifier',
} as const;

const FLAGS = {
  MultiAZ: 'multi-az',
  PubliclyAccessible: 'publicly-accessible',
  CopyTagsToSnapshot: 'copy-tags-to-snapshot',
  DeletionProtection: 'deletion-protection',
  EnableIAMDatabaseAuthentication: 'enable-iam-database-authentication',
} as const;

export function settingOptions(settings: InstanceFacts['settings']): readonly string[] {
  const options: string[] = [];
  for (const [name, option] of Object.entries(TEXTS)) {
    const value = settings[name];
    if (typeof value === 'string' && value !== '') options.push(`${option} ${shell(value)}`);
  }
  options.push(...groups(settings), ...storage(settings));
  const port = settings.Port;
  if (typeof port === 'number' && Number.isInteger(port)) options.push(`--port ${port}`);
  for (const [name, option] of Object.entries(FLAGS)) {
    const value = settings[name];
    if (typeof value === 'boolean') options.push(value ? `--${option}` : `--no-${option}`);
  }
  return options;
}

/** Security groups belong to the VPC of the subnet group: without it AWS looks for them in the default VPC. */
function groups(settings: InstanceFacts['settings']): readonly string[] {
  const ids = settings.VpcSecurityGroupIds;
  if (typeof settings.DBSubnetGroupName !== 'string' || !Array.isArray(ids) || ids.length === 0) return [];
  return [`--vpc-security-group-ids ${ids.map((id) => shell(String(id))).join(' ')}`];
}

/** Provisioned storage must name its IOPS; small gp3 volumes must not. */
function storage(settings: InstanceFacts['settings']): readonly string[] {
  const type = settings.StorageType;
  if (typeof type !== 'string' || type === '') return [];
  const iops = settings.Iops;
  if (type.startsWith('io') && typeof iops === 'number')
    return [`--storage-type ${shell(type)} --iops ${iops}`];
  return type.startsWith('gp') ? [`--storage-type ${shell(type)}`] : [];
}
