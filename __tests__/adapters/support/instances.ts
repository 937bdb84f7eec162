import type { DBInstance } from '@aws-sdk/client-rds';
import { instanceFacts } from '../../../src/adapters/rds/describe.ts';
import type { InstanceFacts } from '../../../src/domain/facts.ts';

const ROLE = 'arn:aws:iam::123456789012:role/import';
const SHOP: DBInstance = {
  DBInstanceIdentifier: 'shop',
  DBInstanceArn: 'arn:aws:rds:eu-west-1:123456789012:db:shop',
  DbiResourceId: 'db-OLD',
  DBInstanceStatus: 'available',
  Engine: 'postgres',
  EngineVersion: '18.1',
  DBInstanceClass: 'db.m8g.large',
  AllocatedStorage: 500,
  StorageType: 'gp3',
  Iops: 12_000,
  StorageThroughput: 500,
  MaxAllocatedStorage: 1000,
  MultiAZ: false,
  AvailabilityZone: 'eu-west-1a',
  BackupRetentionPeriod: 14,
  PreferredBackupWindow: '02:00-02:30',
  PreferredMaintenanceWindow: 'sun:03:00-sun:03:30',
  DeletionProtection: true,
  PubliclyAccessible: false,
  AutoMinorVersionUpgrade: false,
  IAMDatabaseAuthenticationEnabled: true,
  EnabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
  VpcSecurityGroups: [
    { VpcSecurityGroupId: 'sg-1', Status: 'active' },
    { VpcSecurityGroupId: 'sg-2', Status: 'active' },
  ],
  DBSubnetGroup: { DBSubnetGroupName: 'private' },
  DBParameterGroups: [{ DBParameterGroupName: 'shop-pg18', ParameterApplyStatus: 'in-sync' }],
  OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-18', Status: 'in-sync' }],
  MonitoringInterval: 60,
  MonitoringRoleArn: 'arn:aws:iam::123456789012:role/watch',
  PerformanceInsightsEnabled: true,
  PerformanceInsightsRetentionPeriod: 465,
  PerformanceInsightsKMSKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/1',
  DatabaseInsightsMode: 'advanced',
  MasterUserSecret: { SecretArn: 'arn:aws:secretsmanager:eu-west-1:1:secret:a', KmsKeyId: 'key/2' },
  AssociatedRoles: [{ FeatureName: 's3Import', RoleArn: ROLE, Status: 'ACTIVE' }],
  StorageEncrypted: true,
  KmsKeyId: 'key/3',
  Endpoint: { Address: 'shop.abc.eu-west-1.rds.amazonaws.com', Port: 5432 },
};

/** The production instance, with one thing of everything. */
export const source = (changed: DBInstance = {}): InstanceFacts => instanceFacts({ ...SHOP, ...changed });

/** Its restored copy, equal in everything that is to be equal. */
export const restored = (changed: DBInstance = {}): InstanceFacts =>
  instanceFacts({
    ...SHOP,
    DBInstanceIdentifier: 'shop-gm-r-81-1',
    DBInstanceArn: 'arn:aws:rds:eu-west-1:123456789012:db:shop-gm-r-81-1',
    DbiResourceId: 'db-NEW',
    MasterUserSecret: { SecretArn: 'arn:aws:secretsmanager:eu-west-1:1:secret:b', KmsKeyId: 'key/2' },
    Endpoint: { Address: 'shop-gm-r-81-1.abc.eu-west-1.rds.amazonaws.com', Port: 5432 },
    ...changed,
  });
