import { type Case, WRONG_COUNTS, WRONG_IDENTIFIERS } from './shared.ts';

const ROLLBACK = { mode: 'rollback' } as const;

/** Where to go back to, and how to cut over. */
export const BACK = {
  'db-cluster-identifier': {
    field: 'instance',
    beside: { 'db-instance-identifier': '' },
    wrong: WRONG_IDENTIFIERS,
    right: [
      ['shop-aurora', 'shop-aurora'],
      [' Shop-Aurora ', 'shop-aurora'],
      ['a'.repeat(63), 'a'.repeat(63)],
    ],
  },
  promote: {
    field: 'promote',
    wrong: ['Rename', 'true', 'swap', 'rename,proxy', 'always', 'none'],
    right: [
      ['rename', 'rename'],
      ['proxy', 'proxy'],
      ['', 'never'],
    ],
  },
  'restore-time': {
    field: 'restoreTime',
    beside: ROLLBACK,
    wrong: [
      '2026-03-01',
      '2026-03-01 12:00:00Z',
      '2026-03-01T12:00:00',
      '2026-03-01T12:00:00.5Z',
      '2026-03-01T12:00Z',
      '2026-02-30T12:00:00Z',
      '2026-03-01T12:61:00Z',
      '2026-03-01T12:00:00+99:00',
      '01/03/2026 12:00',
      '1772366400',
      'now',
      'latest',
    ],
    right: [
      ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z'],
      ['2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00Z'],
      ['2026-03-01T00:30:00+02:00', '2026-02-28T22:30:00Z'],
      [' 2024-02-29T23:59:59-05:30 ', '2024-03-01T05:29:59Z'],
    ],
  },
  'snapshot-identifier': {
    field: 'snapshotIdentifier',
    beside: ROLLBACK,
    wrong: [
      '1shop',
      'shop--prod',
      'shop-',
      'shop_prod',
      'shop prod',
      'a'.repeat(256),
      'arn:aws:rds:eu-west-1:123456789012:snapshot:gm-shop-81-1',
      'rds:',
      'other:shop',
      '2026-03-01T12:00:00Z',
    ],
    right: [
      ['gm-shop-81-1', 'gm-shop-81-1'],
      ['GM-Shop-81-1', 'gm-shop-81-1'],
      ['rds:shop-2026-03-01-04-10', 'rds:shop-2026-03-01-04-10'],
      ['awsbackup:job-7f0b2c1e', 'awsbackup:job-7f0b2c1e'],
      ['a'.repeat(255), 'a'.repeat(255)],
    ],
  },
  'run-id': {
    field: 'runId',
    beside: ROLLBACK,
    wrong: [
      'latest',
      '#81',
      '81-',
      '81-1-1',
      '-1',
      '81.1',
      '٣',
      '1'.repeat(21),
      'https://github.com/acme/shop/actions/runs/81',
    ],
    right: [
      ['8123456789', '8123456789'],
      ['8123456789-2', '8123456789-2'],
    ],
  },
  'max-write-loss': {
    field: 'maxWriteLoss',
    wrong: [...WRONG_COUNTS.filter((text) => text !== '100'), '1_000', '10%', '1000000000', 'none'],
    right: [
      ['0', 0],
      ['100', 100],
      ['999999999', 999_999_999],
      ['', undefined],
    ],
  },
  confirm: {
    field: 'confirm',
    wrong: [...WRONG_IDENTIFIERS, 'shop', 'shop-prod-2', 'true', 'yes'],
    right: [
      ['shop-prod', 'shop-prod'],
      ['Shop-Prod', 'shop-prod'],
      ['', undefined],
    ],
  },
} as const satisfies Readonly<Record<string, Case>>;
