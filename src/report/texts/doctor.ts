import type { CheckName, SkipReason } from '../../domain/checkup.ts';
import type { Fields } from '../advice.ts';
import { count, list } from '../words.ts';
import { cloudTexts } from './doctor-aws.ts';
import { type CheckWording, number, of, time } from './doctor-words.ts';

const PRISMA = {
  inputs: {
    title: 'Inputs',
    good: (f) => `Read and consistent, for ${of(f, 'instance')}.`,
  },
  project: {
    title: 'Prisma project',
    good: (f) =>
      `${count(number(f, 'migrations'), 'migration')} found${f.path === '.' || !f.path ? '' : ` in ${f.path}`}.`,
  },
  'prisma-cli': { title: 'Prisma CLI', good: (f) => `Version ${of(f, 'version')}, from the project.` },
  'schema-engine': {
    title: 'Schema engine',
    good: (f) => `It starts: ${of(f, 'version')}.`,
    bad: (f) => ({
      what: `Prisma cannot start its schema engine: ${of(f, 'message', 'no reason was given')}.`,
      next: 'Let the runner reach https://binaries.prisma.sh, or set PRISMA_ENGINES_MIRROR, or set PRISMA_SCHEMA_ENGINE_BINARY to an engine that is there. Cache node_modules and ~/.cache/prisma, so that a deploy does not depend on the download. This shows what Prisma finds:',
      run: 'npx prisma -v',
    }),
  },
} as const satisfies Partial<Record<CheckName, CheckWording>>;

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** One GRANT for each owner. From PostgreSQL 16 on it is inherited unless the role says NOINHERIT. */
const grants = (f: Fields): string =>
  (f.owners ?? '')
    .split(' | ')
    .filter((owner) => owner !== '')
    .map((owner) => `GRANT ${identifier(owner)} TO ${identifier(of(f, 'user', 'ROLE'))};`)
    .join('\n');

const DATABASE = {
  'url-variables': {
    title: 'Database URL',
    good: (f) => `${of(f, 'variables')}; the guard connects with ${of(f, 'primary')} (${of(f, 'server')}).`,
  },
  connection: {
    title: 'Connection',
    good: (f) => `${of(f, 'version')} answers ${of(f, 'user', 'the role')}.`,
    unchecked: {
      'cannot-be-told': () => 'The server answers, but refuses our startup options; see "Pooler".',
    },
  },
  tls: {
    title: 'TLS',
    good: (f) =>
      f.local ? `Not needed: the database is on this machine (${f.local}).` : 'The connection is encrypted.',
    bad: (f) => ({
      what: `The connection to ${of(f, 'host', 'the server')} is not encrypted.`,
      next:
        f.dialect === 'mysql'
          ? 'Add sslaccept=strict to the URL, with sslcert naming the certificate bundle of AWS, and set require_secure_transport to 1 in the parameter group.'
          : 'Add sslmode=require to the URL (remove sslmode=disable), and set rds.force_ssl to 1 in the parameter group.',
    }),
  },
  'url-guarded': {
    title: 'URL that Prisma uses',
    good: (f) =>
      `Prisma takes it from ${of(f, 'variable', 'a variable')}${f.dialect === 'mysql' ? '' : ', with our limits in it'}.`,
  },
  timeouts: {
    title: 'Timeouts in force',
    good: (f) =>
      f.watched
        ? `MySQL takes no limits for changes of the schema: during a deploy we watch every second and cancel a statement after ${time(f, 'statementTimeoutMs')}, or after ${time(f, 'lockTimeoutMs')} of waiting for a lock.`
        : `SHOW answers statement_timeout ${time(f, 'statementTimeoutMs')} and lock_timeout ${time(f, 'lockTimeoutMs')} (${of(f, 'variables')}).`,
  },
  pooler: {
    title: 'No pooler between',
    good: (f) =>
      f.watched
        ? 'Nothing has to pass through one: MySQL gets no startup options.'
        : 'Our startup options reach the server.',
    bad: (f) => ({
      what: `Something between us and the server does not let our startup options through (${of(f, 'variable')}${f.sign === 'options' ? '' : `, ${of(f, 'sign')}`}). It is most likely a connection pooler.`,
      next: 'Set DIRECT_URL to the endpoint of the DB instance itself. Prisma cannot migrate through a pooler in transaction mode either.',
    }),
    unchecked: {
      'cannot-be-told': (f) =>
        `The limits are in force, but ${of(f, 'variable')} looks like a pooler (${of(f, 'sign')}). Migrations need a session of their own: use the endpoint of the DB instance.`,
    },
  },
  'database-rights': {
    title: 'Database rights',
    good: (f) => `${of(f, 'user', 'The role')} may create tables${f.place ? ` in ${f.place}` : ''}.`,
  },
  'table-ownership': {
    title: 'Table ownership',
    good: (f) =>
      number(f, 'tables') === 0
        ? `There is no table yet; what ${of(f, 'user', 'the role')} creates is its own.`
        : `${of(f, 'user', 'The role')} may alter every table${f.schema ? ` of schema ${f.schema}` : ''}.`,
    bad: (f) => ({
      what: `${count(number(f, 'count'), 'table')}${f.schema ? ` of schema ${f.schema}` : ''} ${number(f, 'count') === 1 ? 'belongs' : 'belong'} to a role whose rights ${of(f, 'user', 'the connecting role')} does not have: ${of(f, 'names', 'their names are not known')}. ALTER TABLE and CREATE INDEX on ${number(f, 'count') === 1 ? 'it' : 'them'} would fail (42501).`,
      next: 'Migrate with the role that owns the tables, or give this role the rights of the owner; the owner, or an administrator, runs:',
      run: grants(f),
    }),
    unchecked: {
      'cannot-be-told': () =>
        'MySQL knows no owners. The user needs ALTER, CREATE, DROP, INDEX and REFERENCES on the database; ALL on it is usual.',
    },
  },
  history: {
    title: 'Migration history',
    good: (f) => {
      const odd = [
        number(f, 'edited') > 0 ? `${f.edited} edited since` : '',
        number(f, 'gone') > 0 ? `${f.gone} without a folder` : '',
        number(f, 'outOfOrder') > 0 ? `${f.outOfOrder} out of order` : '',
      ].filter((each) => each !== '');
      const counted = `${count(number(f, 'applied'), 'migration')} applied, ${of(f, 'pending', '0')} pending, none failed`;
      return odd.length === 0 ? `${counted}.` : `${counted}; ${list(odd)} (a deploy warns about it).`;
    },
  },
} as const satisfies Partial<Record<CheckName, CheckWording>>;

const SURROUNDINGS = {
  slack: {
    title: 'Slack',
    good: () => 'The webhook has the form of one. No message was sent.',
    bad: () => ({
      what: 'The webhook URL is one of Slack, but not whole.',
      next: 'Copy it again from the settings of the Slack app: https://hooks.slack.com/services/T…/B…/…',
    }),
    unchecked: {
      'not-configured': () =>
        'No webhook, so nobody is alerted when a deploy fails. Set slack-webhook-url to change that.',
      'cannot-be-told': (f) =>
        `The webhook is not at hooks.slack.com but at ${of(f, 'host')}; it was not called.`,
    },
  },
  github: {
    title: 'GitHub token',
    good: () =>
      'Deployments can be read. Whether comments may be written shows in the first pull request (pull-requests: write).',
    unchecked: {
      'not-configured': () => 'No token, so mode: plan writes no comment. Set github-token to change that.',
    },
  },
  'runner-temp': {
    title: 'RUNNER_TEMP',
    good: (f) =>
      `${of(f, 'path')} can be written to; ${Math.floor(number(f, 'bytes') / 1024 ** 2)} MiB are free.`,
    bad: (f) => ({
      what: `${of(f, 'path')} ${f.bytes ? `has only ${Math.floor(number(f, 'bytes') / 1024 ** 2)} MiB left` : 'cannot be written to'}. The journal of a run lives there; without it, a job that is killed cannot be finished.`,
      next: 'Free disk space on the runner, or correct the owner of that folder.',
    }),
    unchecked: {
      'not-configured': () => 'Not set, so this is no GitHub runner; the folder for temporary files is used.',
    },
  },
} as const satisfies Partial<Record<CheckName, CheckWording>>;

export const checkTexts: Readonly<Record<CheckName, CheckWording>> = {
  ...PRISMA,
  ...DATABASE,
  ...cloudTexts,
  ...SURROUNDINGS,
};

export const skipTexts: Readonly<Record<SkipReason, string>> = {
  'needs-project': 'Not checked: the Prisma project could not be read.',
  'needs-cli': 'Not checked: there is no Prisma CLI.',
  'needs-urls': 'Not checked: there is no usable database URL.',
  'needs-connection': 'Not checked: there is no connection to the database.',
  'needs-credentials': 'Not checked: the AWS credentials are missing or expired.',
  'needs-instance': 'Not checked: the DB instance could not be described.',
  'needs-snapshots': 'Not checked: the snapshots could not be listed.',
  'aws-silent': 'Not checked: AWS did not answer.',
  'not-configured': 'Not configured.',
  'cannot-be-tried': 'Cannot be tried without doing it.',
  'cannot-be-told': 'Cannot be told from here.',
};
