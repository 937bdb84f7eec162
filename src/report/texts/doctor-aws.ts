import type { CheckName } from '../../domain/checkup.ts';
import { count, took } from '../words.ts';
import { type CheckWording, number, of } from './doctor-words.ts';

export const cloudTexts = {
  'aws-credentials': {
    title: 'AWS credentials',
    good: (f) => `AWS knows them, in ${of(f, 'region', 'the region of the environment')}.`,
    unchecked: { 'aws-silent': () => 'AWS did not answer, so nobody knows whether they are good.' },
  },
  'describe-instances': {
    title: 'rds:DescribeDBInstances',
    good: (f) =>
      `Allowed${f.kind === 'cluster' ? ', with rds:DescribeDBClusters' : ''} (asked for ${of(f, 'instance')}).`,
  },
  'describe-snapshots': {
    title: 'rds:DescribeDBSnapshots',
    good: (f) =>
      `Allowed${f.kind === 'cluster' ? ', as rds:DescribeDBClusterSnapshots' : ''} (${count(number(f, 'count'), 'manual snapshot')} seen).`,
  },
  'aws-changes': {
    title: 'AWS rights that change something',
    good: () => 'Not tried.',
    unchecked: {
      'cannot-be-tried': () =>
        'AWS has no dry run for RDS, so these cannot be tried without doing them. A deploy and a rollback also mend the settings of the restored copy, never those of production. Compare the policy of the role with this one:',
    },
  },
  instance: {
    title: 'DB instance',
    good: (f) =>
      `${of(f, 'instance')} is ${of(f, 'status')}: ${of(f, 'engine')}, ${of(f, 'class')}, ${of(f, 'storageGiB')} GiB.`,
  },
  retention: {
    title: 'Automated backups',
    good: (f) =>
      `Kept for ${count(number(f, 'days'), 'day')}${f.backupWindow ? `, made at ${f.backupWindow} UTC` : ''}.`,
  },
  'restore-window': {
    title: 'Restore window',
    good: (f) => `The database can be restored up to ${took(number(f, 'ageMs'))} ago.`,
    unchecked: {
      'needs-instance': () => 'There is none without automated backups on an instance that can be described.',
    },
  },
  'snapshot-quota': {
    title: 'Room for a snapshot',
    good: (f) =>
      f.limit
        ? `${of(f, 'count', '0')} of ${f.limit} manual snapshots exist.`
        : `${count(number(f, 'count'), 'manual snapshot')} of usually 100 (the limit was not asked for).`,
  },
  endpoint: {
    title: 'URL and DB instance agree',
    good: (f) => `Both are ${of(f, 'endpoint')}.`,
    bad: (f) => ({
      what: `The URL points to ${of(f, 'host')}, but the endpoint of the DB instance is ${of(f, 'endpoint')}. The snapshot would be of another database.`,
      next: 'Correct the URL or db-instance-identifier so that both are the same database.',
    }),
    unchecked: {
      'cannot-be-told': (f) =>
        `The URL says ${of(f, 'host')}, the DB instance is ${of(f, 'endpoint')}. An alias or a tunnel is fine; make sure that it leads there.`,
    },
  },
} as const satisfies Partial<Record<CheckName, CheckWording>>;
