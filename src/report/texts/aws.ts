import type { Problem, ProblemCode } from '../../domain/problem.ts';
import { because, cliKind, field, kindOf, when } from '../advice.ts';
import { shell } from '../words.ts';
import { iamAction, iamStatement } from './iam.ts';
import type { Wording } from './inputs.ts';

const call = (p: Problem): string => when(p, 'action', (action) => ` ${action}`);
const LISTS = {
  'db-cluster': "aws rds describe-db-clusters --query 'DBClusters[].DBClusterIdentifier'",
  'db-instance': "aws rds describe-db-instances --query 'DBInstances[].DBInstanceIdentifier'",
} as const;

const again = 'Run the job again. If it happens again, look at the AWS Health Dashboard.';

const denied: Wording = (p) => {
  const action = iamAction(p);
  if (action === undefined) {
    return {
      what: `AWS refused an action because the role may not do it${because(p)}.`,
      next: 'Add the missing permission to the role of this job, then run the job again.',
    };
  }
  return {
    what: `AWS refused ${action}: the role of this job may not do it${when(p, 'user', (user) => ` (${user})`)}${when(p, 'reason', (reason) => `; AWS says: ${reason.replace(/[.]$/, '')}`)}.`,
    next: `Allow ${action}${when(p, 'resource', (arn) => ` (AWS named ${arn})`)} in the policy of that role. A statement that is enough:`,
    run: iamStatement(p, action),
  };
};

/** AWS itself: credentials, requests, refusals. */
export const awsTexts = {
  'credentials-missing': (p) => ({
    what: `No AWS credentials were found${because(p)}.`,
    next: 'Put a step with aws-actions/configure-aws-credentials before this one, and give the job "permissions: id-token: write".',
  }),
  'credentials-expired': (p) => ({
    what: `The AWS credentials expired${when(p, 'action', (action) => ` before ${action}`)}. What was already requested goes on in AWS by itself.`,
    next: 'Set role-duration-seconds of aws-actions/configure-aws-credentials to at least 7200 for the next run (the role must allow such long sessions).',
  }),
  'aws-denied': denied,
  'aws-throttled': (p) => ({
    what: `AWS kept turning away${call(p) || ' our requests'} because of too many requests in this account and region.`,
    next: 'Wait some minutes and run the job again. Look for another tool that polls RDS very often.',
  }),
  'aws-unreachable': (p) => ({
    what: `AWS did not answer${call(p)}${because(p)}.`,
    next: `Check the region, and that the runner may reach rds.REGION.amazonaws.com. ${again}`,
  }),
  'aws-rejected': (p) => ({
    what: `AWS answered${call(p) || ' a request'} with an error${when(p, 'code', (code) => ` (${code})`)}${because(p)}.`,
    next: `Correct what AWS complains about in the ${kindOf(p)}${when(p, 'instance', (name) => ` ${name}`)} or in the inputs, then run the job again.`,
  }),
  'instance-not-found': (p) => ({
    what: `The DB ${field(p, 'kind', 'instance')} "${field(p, 'instance', `given in ${cliKind(p)}-identifier`)}" does not exist${when(p, 'region', (region) => ` in ${region}`) || ' in this region and account'}.`,
    next: `Correct ${cliKind(p)}-identifier or aws-region, or assume a role of the right account. This lists what is there:`,
    run: `${LISTS[cliKind(p)]} --output text${when(p, 'region', (region) => ` --region ${shell(region)}`)}`,
  }),
  'instance-state': (p) => ({
    what: `The ${kindOf(p)} ${field(p, 'instance', 'given')} is ${field(p, 'status', 'not available')}, so no snapshot can be taken now.`,
    next: `Wait until the ${kindOf(p)} is available (or start it), then run the job again.`,
    ...waitFor(p),
  }),
  'instance-engine': (p) => ({
    what: `The database ${field(p, 'instance', 'given')} runs ${field(p, ['engine', 'got', 'name'], 'an engine')}, which this deploy cannot guard${because(p)}.`,
    next: 'Name a database of the same kind as the provider of the Prisma schema: RDS or Aurora for PostgreSQL with postgresql, RDS for MySQL or MariaDB or Aurora MySQL with mysql.',
  }),
  'instance-is-replica': (p) => ({
    what: `The DB instance ${field(p, 'instance', 'given')} is a read replica${when(p, ['source', 'name'], (name) => ` of ${name}`)}.`,
    next: `Set db-instance-identifier to the writer${when(p, ['source', 'name'], (name) => `: ${name}`)}.`,
  }),
  'instance-in-cluster': (p) => ({
    what: `The DB instance ${field(p, 'instance', 'given')} is a member of the cluster ${field(p, ['cluster', 'name'], 'it belongs to')}. Instances keep their names when clusters change theirs, so the cluster itself has to be named here.`,
    next: `Set db-cluster-identifier to ${field(p, ['cluster', 'name'], 'that cluster')} instead of db-instance-identifier.`,
  }),
  'backups-disabled': (p) => ({
    what: `Automated backups of ${field(p, 'instance', `the ${kindOf(p)}`)} are off (BackupRetentionPeriod is 0), so nothing could be restored.`,
    next: 'Switch automated backups on, wait until the first backup has ended, and run the job again. On a Single-AZ instance switching on may pause I/O for a moment.',
    run: `aws rds modify-${cliKind(p)} --${cliKind(p)}-identifier ${shell(field(p, 'instance', 'DB_INSTANCE_IDENTIFIER'))} --backup-retention-period ${/^[1-9]\d?$/.test(field(p, 'days', '')) ? field(p, 'days', '') : '7'} --apply-immediately`,
  }),
} as const satisfies Partial<Record<ProblemCode, Wording>>;

function waitFor(p: Problem): { readonly run?: string } {
  const name = field(p, 'instance', '');
  return name === ''
    ? {}
    : { run: `aws rds wait ${cliKind(p)}-available --${cliKind(p)}-identifier ${shell(name)}` };
}
