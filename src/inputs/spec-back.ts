import { PROMOTE_POLICIES } from '../domain/going-back.ts';
import type { InputSpec } from './kinds.ts';

/** Inputs of the modes that go back: `rollback`, `promote` and `cleanup`. */
export const BACK_INPUTS = {
  promote: {
    kind: 'choice',
    choices: PROMOTE_POLICIES,
    default: 'never',
    description:
      'Cut over to the restored database once it is verified: `never`, `rename` (the instances swap names) or `proxy` (an RDS Proxy is sent to the new one). In `mode: promote`, `never` means `rename`, and `undo` puts the old one back.',
  },
  'restore-time': {
    kind: 'time',
    description: '`rollback`: the second to go back to, such as `2026-03-01T12:00:00Z`.',
  },
  'snapshot-identifier': {
    kind: 'text',
    // AWS puts its own prefix before automated snapshots and those of AWS Backup.
    pattern: /^(?=.{1,255}$)(?:(?:rds|awsbackup):)?[A-Za-z](?:-?[A-Za-z0-9])*$/,
    expected: 'the identifier of a DB snapshot such as gm-shop-81-1 or rds:shop-2026-03-01-04-10, not an ARN',
    description: '`rollback`: the snapshot to go back to.',
  },
  'run-id': {
    kind: 'text',
    pattern: /^\d{1,20}(?:-\d{1,5})?$/,
    expected: 'the id of a workflow run such as 8123456789, or with its attempt: 8123456789-2',
    description:
      '`rollback`: go back to the restore point of that run, found by its tags. `promote`: the restored database of that run.',
  },
  'max-write-loss': {
    kind: 'count',
    min: 0,
    max: 999_999_999,
    description:
      'Refuse a cut-over that would lose more rows than this, written to production since the restore point. Empty sets no limit.',
  },
  confirm: {
    kind: 'identifier',
    description:
      'Repeat the identifier of the database here: needed by `promote`, by `rollback` with `promote`, and by `cleanup` before it deletes; without it `cleanup` only lists.',
  },
} as const satisfies Readonly<Record<string, InputSpec>>;
