import { type Case, path, script, WRONG_IDENTIFIERS } from './shared.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/prod-AbCdEf';
/** What to migrate, with what, and whom to tell. */
export const TARGET = {
  mode: {
    field: 'mode',
    wrong: ['Deploy', 'deploy!', 'up', 'yes', 'migrate deploy'],
    right: [
      ['deploy', 'deploy'],
      ['', 'deploy'],
    ],
  },
  'db-instance-identifier': {
    field: 'instance',
    wrong: WRONG_IDENTIFIERS,
    right: [
      ['shop', 'shop'],
      [' Shop-Prod-2 ', 'shop-prod-2'],
      ['a', 'a'],
      ['a'.repeat(63), 'a'.repeat(63)],
    ],
  },
  'aws-region': {
    field: 'region',
    wrong: ['eu-west', 'EU-WEST-1', 'Ireland', 'eu-west-1a', 'eu_west_1', 'eu-west-1,us-east-1', '1'],
    right: [
      ['us-gov-west-1', 'us-gov-west-1'],
      ['eusc-de-east-1', 'eusc-de-east-1'],
      [' ap-southeast-7', 'ap-southeast-7'],
    ],
  },
  'working-directory': path('workingDirectory', '.'),
  schema: path('schema', undefined),
  'prisma-config': path('prismaConfig', undefined),
  'database-url-env': {
    field: 'databaseUrlEnv',
    wrong: [
      'postgres://u:p@h/db',
      '$DATABASE_URL',
      'A,,B',
      'A,A',
      '1A',
      'A B',
      'A;B',
      ',',
      'env("A")',
      'A,B,C,D,E,F,G,H,I,J,K',
    ],
    right: [
      ['A', ['A']],
      ['A , _b2', ['A', '_b2']],
      ['', ['DIRECT_URL', 'DATABASE_URL']],
    ],
  },
  'database-secret-arn': {
    field: 'databaseSecretArn',
    wrong: [
      'shop/prod',
      ARN.replace('secretsmanager', 'ssm'),
      ARN.replace('123456789012', '1234'),
      ARN.replace('eu-west-1', ''),
      `${ARN} x`,
      `x${ARN}`,
    ],
    right: [
      [ARN, ARN],
      [ARN.replace('arn:aws:', 'arn:aws-us-gov:'), ARN.replace('arn:aws:', 'arn:aws-us-gov:')],
      ['', undefined],
    ],
  },
  'restored-identifier': {
    field: 'restoredIdentifier',
    wrong: [...WRONG_IDENTIFIERS, 'shop-prod', 'SHOP-PROD'],
    right: [
      ['shop-prod-back', 'shop-prod-back'],
      ['', undefined],
    ],
  },
  'verify-command': script('verifyCommand'),
  'before-command': script('beforeCommand'),
  'after-command': script('afterCommand'),
  'slack-webhook-url': {
    field: 'slackWebhookUrl',
    wrong: [
      'hooks.slack.com/services/T0/B0/x',
      'http://hooks.slack.com/services/T0/B0/x',
      'http://127.0.0.1.example.com/x',
      'https://hooks.slack.com',
      'https://me:pass@hooks.slack.com/x',
      'https://hooks.slack.com/services/T0/\nB0/x',
      '#deploys',
      'javascript:alert(1)',
    ],
    right: [['', undefined]],
  },
} as const satisfies Readonly<Record<string, Case>>;
