import { describe, expect, test } from '@jest/globals';
import { isReachable, isTerminal, isUsable, snapshotState } from '../../src/domain/instance-state.ts';

/** status → usable, reachable, terminal; from the status list of the RDS user guide and later additions. */
const TABLE: readonly (readonly [string, boolean, boolean, boolean])[] = [
  ['available', true, true, false],
  ['storage-optimization', true, true, false],
  ['backing-up', false, true, false],
  ['storage-initialization', false, true, false],
  ['configuring-enhanced-monitoring', false, true, false],
  ['configuring-iam-database-auth', false, true, false],
  ['configuring-log-exports', false, true, false],
  ['modifying', false, true, false],
  ['creating', false, false, false],
  ['starting', false, false, false],
  ['stopping', false, false, false],
  ['rebooting', false, false, false],
  ['renaming', false, false, false],
  ['resetting-master-credentials', false, false, false],
  ['maintenance', false, false, false],
  ['upgrading', false, false, false],
  ['moving-to-vpc', false, false, false],
  ['a-word-aws-adds-tomorrow', false, false, false],
  ['', false, false, false],
  ['delete-precheck', false, false, true],
  ['deleting', false, false, true],
  ['failed', false, false, true],
  ['restore-error', false, false, true],
  ['incompatible-network', false, false, true],
  ['incompatible-option-group', false, false, true],
  ['incompatible-parameters', false, false, true],
  ['incompatible-restore', false, false, true],
  ['incompatible-create', false, false, true],
  ['incompatible-credentials', false, false, true],
  ['inaccessible-encryption-credentials', false, false, true],
  ['inaccessible-encryption-credentials-recoverable', false, false, true],
  ['insufficient-capacity', false, false, true],
  ['storage-full', false, false, true],
  ['stopped', false, false, true],
  ['modify-failed', false, false, true],
  ['upgrade-failed', false, false, true],
  ['restore-failed', false, false, true],
];

describe('status of a DB instance', () => {
  test.each(TABLE)('%s: usable %s, reachable %s, terminal %s', (status, usable, reachable, terminal) => {
    expect([isUsable(status), isReachable(status), isTerminal(status)]).toEqual([
      usable,
      reachable,
      terminal,
    ]);
  });
});

describe('status of a snapshot', () => {
  test.each([
    ['available', 'ready'],
    ['creating', 'waiting'],
    ['copying', 'waiting'],
    ['pending', 'waiting'],
    ['unheard-of', 'waiting'],
    ['failed', 'failed'],
    ['deleting', 'failed'],
    ['deleted', 'failed'],
    ['incompatible-restore', 'failed'],
    ['incompatible-parameters', 'failed'],
  ])('%s is %s', (status, state) => {
    expect(snapshotState(status)).toBe(state);
  });
});
