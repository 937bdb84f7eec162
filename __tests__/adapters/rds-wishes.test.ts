import { execFileSync } from 'node:child_process';
import type { DBInstance } from '@aws-sdk/client-rds';
import { describe, expect, test } from '@jest/globals';
import { kebab, quoted } from '../../src/adapters/rds/cli.ts';
import { compareSettings } from '../../src/adapters/rds/compare.ts';
import { modification } from '../../src/adapters/rds/mending.ts';
import { restored, source } from './support/instances.ts';

const differences = (got: DBInstance) => compareSettings(source(), restored(got));

describe('one modification for all', () => {
  test('mends what differs, and nothing that a person decides', () => {
    const got = {
      DeletionProtection: false,
      MonitoringInterval: 0,
      MonitoringRoleArn: undefined,
      PerformanceInsightsEnabled: false,
      StorageType: 'gp2',
      MasterUserSecret: undefined,
    };
    expect(modification(source(), restored(got), differences(got))).toEqual({
      DeletionProtection: true,
      MonitoringInterval: 60,
      MonitoringRoleArn: 'arn:aws:iam::123456789012:role/watch',
      EnablePerformanceInsights: true,
      PerformanceInsightsKMSKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/1',
      PerformanceInsightsRetentionPeriod: 465,
      DatabaseInsightsMode: 'advanced',
    });
  });

  test('a decision is carried out when the caller made it', () => {
    const got = { MasterUserSecret: undefined };
    const decided = differences(got).map((each) => ({ ...each, mend: 'modify' as const }));
    expect(modification(source(), restored(got), decided)).toEqual({
      ManageMasterUserPassword: true,
      MasterUserSecretKmsKeyId: 'key/2',
    });
  });

  test('is not made for nothing, nor for names that are none of ours', () => {
    expect(modification(source(), restored(), [])).toBeUndefined();
    const strange = {
      name: 'NewDBInstanceIdentifier',
      wanted: 'shop',
      got: 'x',
      mend: 'modify',
      call: '',
    } as const;
    expect(modification(source(), restored(), [strange])).toBeUndefined();
  });
});

describe('calls to paste', () => {
  test.each([
    'plain',
    "it's",
    '$(touch x)',
    'a b',
    '-x',
    '`id`',
    'a;b',
    '"',
    '\\',
    '*',
    '',
    '{"a":[1]}',
    'ü',
  ])('a shell reads %j back as it is', (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${quoted(text)}`], { encoding: 'utf8' })).toBe(text);
  });

  test.each([
    ['CACertificateIdentifier', 'ca-certificate-identifier'],
    ['MultiAZ', 'multi-az'],
    ['DomainIAMRoleName', 'domain-iam-role-name'],
    ['PerformanceInsightsKMSKeyId', 'performance-insights-kms-key-id'],
    ['DBPortNumber', 'db-port-number'],
    ['Iops', 'iops'],
  ])('%s is --%s', (name, option) => {
    expect(kebab(name)).toBe(option);
  });
});
