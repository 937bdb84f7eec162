import type { DatabaseFacts, Endpoint } from '../domain/facts.ts';
import type { Run } from '../domain/run.ts';
import {
  clusterDescribeCommand,
  clusterRestoreCommand,
  clusterSnapshotCommand,
  isCluster,
} from './cluster-commands.ts';
import { settingOptions } from './restore-options.ts';
import { clip, shell } from './words.ts';

/** Commands to paste. Every value comes from the run, so that nothing has to be looked up at night. */

const known = (run: Run): string | undefined =>
  run.instance?.identifier ?? (run.request?.instance || undefined);

export const sourceName = (run: Run): string => known(run) ?? 'DB_INSTANCE_IDENTIFIER';

/** For sentences: before the inputs were read, nobody knows which is meant; in a promotion names change hands. */
export const spokenName = (run: Run): string => run.promotion?.production ?? known(run) ?? 'the database';

/** The fourth part of an ARN is the region. */
export const regionOf = (run: Run): string | undefined =>
  run.request?.region ?? run.instance?.arn.split(':')[3];

const region = (run: Run): string => {
  const name = regionOf(run);
  return name === undefined || name === '' ? '' : ` --region ${shell(name)}`;
};

/** A second name when the planned one is in use, so that the command works as it stands. */
export function targetName(run: Run): string {
  const planned = run.restore?.identifier ?? run.plan?.restoredIdentifier ?? `${sourceName(run)}-restored`;
  const taken =
    run.restore !== undefined || run.problems.some((problem) => problem.code === 'instance-name-taken');
  return taken ? `${planned.slice(0, 60).replace(/-+$/, '')}-b` : planned;
}

export function restoreCommand(run: Run): string {
  const time = run.restorePoint?.time ?? 'RESTORE_TIME';
  if (isCluster(run))
    return clusterRestoreCommand(run, {
      source: sourceName(run),
      target: targetName(run),
      time,
      region: region(run),
    });
  return [
    `aws rds restore-db-instance-to-point-in-time${region(run)}`,
    `  --source-db-instance-identifier ${shell(sourceName(run))}`,
    `  --target-db-instance-identifier ${shell(targetName(run))}`,
    `  --restore-time ${shell(time)}`,
    ...settingOptions(run.instance?.settings ?? {}).map((option) => `  ${option}`),
  ].join(' \\\n');
}

export const snapshotRestoreCommand = (run: Run, snapshot: string): string =>
  isCluster(run)
    ? clusterSnapshotCommand(run, snapshot, targetName(run), region(run))
    : [
        `aws rds restore-db-instance-from-db-snapshot${region(run)}`,
        `  --db-snapshot-identifier ${shell(snapshot)}`,
        `  --db-instance-identifier ${shell(targetName(run))}`,
      ].join(' \\\n');

export const describeCommand = (run: Run, identifier: string): string =>
  isCluster(run)
    ? clusterDescribeCommand(identifier, region(run))
    : [
        `aws rds describe-db-instances${region(run)} --db-instance-identifier ${shell(identifier)}`,
        `  --query 'DBInstances[0].[DBInstanceStatus,Endpoint.Address,Endpoint.Port]' --output text`,
      ].join(' \\\n');

/** Opens the restored database in the client of its kind; undefined while nobody knows where it is. */
export function clientCommand(run: Run): string | undefined {
  const endpoint = run.restore?.endpoint;
  if (endpoint === undefined) return undefined;
  return run.database?.dialect === 'mysql'
    ? mysqlCommand(endpoint, run.database)
    : psqlCommand(endpoint, run);
}

const mysqlCommand = ({ address, port }: Endpoint, { user, database }: DatabaseFacts): string =>
  `mysql --host=${shell(address)} --port=${port} --user=${shell(user)} --password ${shell(database)}`;

function psqlCommand(endpoint: Endpoint, run: Run): string {
  const parts = [`host=${endpoint.address}`, `port=${endpoint.port}`];
  if (run.database !== undefined) parts.push(`dbname=${word(run.database.database)}`);
  if (run.database !== undefined) parts.push(`user=${word(run.database.user)}`);
  return `psql ${shell(parts.join(' '))}`;
}

/** libpq connection strings quote with `'` and escape with a backslash. */
const word = (text: string): string =>
  /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

export function resolveCommand(
  run: Run,
  migration: string,
  how: 'rolled-back' | 'applied' = 'rolled-back',
): string {
  const directory = run.request?.workingDirectory ?? '.';
  const go = directory === '.' || directory === '' ? '' : `cd ${shell(directory)} && `;
  return `${go}${resolveText(migration, how)}${option('schema', run.request?.schema)}${option('config', run.request?.prismaConfig)}`;
}

/** Double quotes where they are safe, because that is how Prisma's own documentation shows it. */
export const resolveText = (migration: string, how: 'rolled-back' | 'applied' = 'rolled-back'): string => {
  const name = clip(migration, 255);
  return `npx prisma migrate resolve --${how} ${/^[\w .:/@+-]+$/.test(name) ? `"${name}"` : shell(name)}`;
};

const option = (name: string, value: string | undefined): string =>
  value === undefined || value === '' ? '' : ` --${name} ${shell(value)}`;
