import { type Case, WRONG_COUNTS, WRONG_DURATIONS } from './shared.ts';

/** Limits and policies. */
export const LIMITS = {
  'statement-timeout': {
    field: 'statementTimeoutMs',
    wrong: WRONG_DURATIONS,
    right: [
      ['6s', 6000],
      ['10m', 600_000],
      ['', 30_000],
    ],
  },
  'lock-timeout': {
    field: 'lockTimeoutMs',
    wrong: WRONG_DURATIONS,
    right: [
      ['1ms', 1],
      ['500ms', 500],
      ['', 5000],
    ],
  },
  'lock-retries': {
    field: 'lockRetries',
    wrong: [...WRONG_COUNTS, '11'],
    right: [
      ['0', 0],
      ['10', 10],
      ['', 3],
    ],
  },
  'migration-timeout': {
    field: 'migrationTimeoutMs',
    wrong: WRONG_DURATIONS,
    right: [
      ['31s', 31_000],
      ['24h', 86_400_000],
      ['', 1_800_000],
    ],
  },
  snapshot: {
    field: 'snapshot',
    wrong: ['true', 'false', 'WAIT', 'none', 'yes'],
    right: [
      ['start', 'start'],
      ['skip', 'skip'],
      ['', 'wait'],
    ],
  },
  'snapshot-timeout': {
    field: 'snapshotTimeoutMs',
    wrong: WRONG_DURATIONS,
    right: [
      ['90m', 5_400_000],
      ['1s', 1000],
      ['', 3_600_000],
    ],
  },
  'restore-timeout': {
    field: 'restoreTimeoutMs',
    wrong: WRONG_DURATIONS,
    right: [
      ['3h', 10_800_000],
      ['1440m', 86_400_000],
      ['', 7_200_000],
    ],
  },
  'snapshot-keep': {
    field: 'snapshotKeep',
    wrong: WRONG_COUNTS,
    right: [
      ['0', 0],
      ['99', 99],
      ['', 0],
    ],
  },
  concurrency: {
    field: 'concurrency',
    wrong: ['Refuse', 'queue', 'true', 'wait,refuse', 'cancel'],
    right: [
      ['wait', 'wait'],
      ['refuse', 'refuse'],
      ['', 'refuse'],
    ],
  },
  'on-failure': {
    field: 'onFailure',
    wrong: ['Restore', 'none', 'true', 'restore,alert', 'rollback'],
    right: [
      ['restore-always', 'restore-always'],
      ['alert', 'alert'],
      ['', 'restore'],
    ],
  },
  'wait-for-restore': {
    field: 'waitForRestore',
    wrong: ['yes', 'no', '1', '0', 'True', 'FALSE', 'on'],
    right: [
      ['true', true],
      ['false', false],
      ['', true],
    ],
  },
  'slack-on': {
    field: 'slackOn',
    wrong: ['Failure', 'true', 'on', 'success', 'failure,always'],
    right: [
      ['never', 'never'],
      ['', 'failure'],
    ],
  },
} as const satisfies Readonly<Record<string, Case>>;
