import { afterEach, describe, expect, test } from '@jest/globals';
import { allWell, CHECK_NAMES, type Check, type CheckName } from '../../src/domain/checkup.ts';
import { GuardError, problem } from '../../src/domain/problem.ts';
import type { DeployRequest } from '../../src/domain/request.ts';
import { Secret } from '../../src/domain/secret.ts';
import { Guard } from '../../src/guard/context.ts';
import { type DoctorRules, doctor } from '../../src/guard/doctor.ts';
import * as rules from '../../src/plan/refusals.ts';
import {
  checkRows,
  doctorAnnotations,
  doctorHeadline,
  doctorLog,
  doctorSummary,
  LOOKING,
} from '../../src/report/doctor.ts';
import { nowhereBack } from '../fakes/absent.ts';
import { FakeClock } from '../fakes/clock.ts';
import { FakeCloud, HOST, SOURCE } from '../fakes/cloud.ts';
import { FakeDatabase } from '../fakes/database.ts';
import { FakeEngine, fault } from '../fakes/engine.ts';
import { FakeMigrator } from '../fakes/migrator.ts';
import { FakeNotifier } from '../fakes/notifier.ts';
import { identity, request, URL } from '../fakes/world.ts';

/** Everything a doctor looks at; each test breaks one thing. */
function stage(change: Partial<DeployRequest> = {}) {
  const clock = new FakeClock();
  const database = new FakeDatabase(clock);
  const engine = new FakeEngine(clock);
  engine.databases.set(HOST, database);
  const cloud = new FakeCloud(clock, database, engine);
  const migrator = new FakeMigrator(database, [{ name: '1_next', acts: [] }]);
  const notifier = new FakeNotifier();
  const the = {
    ...{ clock, database, engine, cloud, migrator, notifier },
    rules: rules as DoctorRules,
    room: 10e9 as number | undefined,
    reviewFails: false,
    environment: { DATABASE_URL: URL, RUNNER_TEMP: '/runner/temp' } as Record<string, string | undefined>,
    run: async (): Promise<Readonly<Record<CheckName, Check>>> => {
      const guard = new Guard({
        request: request({
          slackWebhookUrl: new Secret('https://hooks.slack.com/services/T0/B0/xYz'),
          githubToken: new Secret('ghs_xYz0123456789012345'),
          ...change,
        }),
        identity,
        ports: {
          clock,
          migrator: async () => migrator,
          engine: async () => engine,
          recovery: async () => cloud,
          ...nowhereBack,
          parser: async () => {
            throw new Error('the doctor parses nothing');
          },
          secrets: async () => {
            throw new GuardError(problem('secret-unreadable', 'no username'));
          },
          commands: async () => {
            throw new Error('the doctor runs no command');
          },
          notifier: async () => notifier,
          analyser: async () => {
            throw new Error('the doctor analyses nothing');
          },
          workspace: async () => ({
            deployFiles: async () => [],
            downScripts: async () => new Set(),
            added: async () => undefined,
            write: async () => {
              throw new Error('the doctor writes nothing');
            },
            room: async () => the.room,
          }),
          review: async () => ({
            comment: async () => {
              throw new Error('the doctor writes no comment');
            },
            changed: async () => undefined,
            deployed: async () => {
              if (the.reviewFails) throw fault('review-failed', 'HTTP 403');
              return false;
            },
          }),
        },
        voice: { message: () => ({ text: '', blocks: [] }) },
        environment: the.environment,
        onEvent: () => undefined,
        onSecret: () => undefined,
        cancelled: new AbortController().signal,
      });
      last = await doctor(guard, the.rules);
      return Object.fromEntries(last.map((each) => [each.name, each])) as Record<CheckName, Check>;
    },
  };
  stages.push(the);
  return the;
}
let last: readonly Check[] = [];
const stages: {
  readonly cloud: FakeCloud;
  readonly database: FakeDatabase;
  readonly engine: FakeEngine;
  readonly notifier: FakeNotifier;
  readonly migrator: FakeMigrator;
}[] = [];

/** `name state`, with the codes or the reason. */
const told = (check: Check): string => {
  if (check.state === 'ok') return `${check.name} ok`;
  return check.state === 'skipped'
    ? `${check.name} skipped ${check.why}`
    : `${check.name} failed ${check.problems.map(({ code }) => code).join(' ')}`.trim();
};
const bad = (checks: Readonly<Record<string, Check>>): readonly string[] =>
  Object.values(checks)
    .filter(({ state }) => state === 'failed')
    .map(told);
const state = (
  checks: Readonly<Record<CheckName, Check>>,
  ...names: readonly CheckName[]
): readonly string[] => names.map((name) => told(checks[name]));

afterEach(() => {
  for (const { cloud, database, engine, notifier, migrator } of stages.splice(0)) {
    // It touches nothing, whatever it finds, and closes what it opened.
    expect(cloud.mutations).toEqual([]);
    expect(database.commits).toHaveLength(1);
    expect(engine.calls.filter((call) => !['facts', 'history', 'activity', 'owners'].includes(call))).toEqual(
      [],
    );
    expect(engine.closed).toBe(engine.opened);
    expect(notifier.messages).toEqual([]);
    expect(migrator.rounds).toEqual([]);
    // Every check is told, in order, with words; failures with a remedy.
    expect(last.map(({ name }) => name)).toEqual([...CHECK_NAMES]);
    const rows = checkRows(last);
    for (const { mark, what, next } of rows) {
      expect(what.length).toBeGreaterThan(8);
      if (mark === '✗') expect(next?.length).toBeGreaterThan(10);
    }
    const all = [...doctorLog(last), doctorSummary(last), JSON.stringify(last)].join('\n');
    expect(all).not.toMatch(/undefined|NaN|\[object|s3cret-word|xYz/);
    expect(doctorAnnotations(last)).toHaveLength(rows.filter(({ mark }) => mark === '✗').length);
  }
});

test('a healthy project: everything that can be told is told to be well', async () => {
  const checks = await stage().run();
  expect(bad(checks)).toEqual([]);
  expect(allWell(last)).toBe(true);
  expect(
    Object.values(checks)
      .filter((each) => each.state === 'skipped')
      .map(told),
  ).toEqual(['aws-changes skipped cannot-be-tried']);
  expect(doctorHeadline(last)).toBe('Nothing found that stands against the first deploy (1 not checked).');
  expect(doctorLog(last).join('\n')).toMatchSnapshot();
});

test('when everything fails, every check is still made', async () => {
  const the = stage();
  the.migrator.projectFails = new GuardError([
    problem('prisma-not-installed', 'none'),
    problem('project-not-found', 'none'),
  ]);
  the.environment = { RUNNER_TEMP: '/gone' };
  the.cloud.faults.instance = () => fault('credentials-missing');
  the.cloud.faults.snapshots = () => fault('credentials-missing');
  the.room = undefined;
  the.reviewFails = true;
  expect(bad(await the.run())).toEqual([
    'project failed project-not-found',
    'prisma-cli failed prisma-not-installed',
    'url-variables failed url-missing',
    'aws-credentials failed credentials-missing',
    'github failed review-failed',
    'runner-temp failed',
  ]);
  expect(allWell(last)).toBe(false);
});

describe('Prisma', () => {
  test('a missing CLI is not a missing project', async () => {
    const the = stage();
    the.migrator.projectFails = fault('prisma-not-installed');
    expect(
      state(await the.run(), 'project', 'prisma-cli', 'schema-engine', 'history', 'url-guarded'),
    ).toEqual([
      'project skipped needs-cli',
      'prisma-cli failed prisma-not-installed',
      'schema-engine skipped needs-project',
      'history skipped needs-project',
      'url-guarded skipped needs-project',
    ]);
  });

  test('an engine that does not start is told with its reason', async () => {
    const the = stage();
    the.migrator.engineProbe = { found: false, message: 'getaddrinfo ENOTFOUND binaries.prisma.sh' };
    expect(bad(await the.run())).toEqual(['schema-engine failed']);
    expect(doctorSummary(last)).toContain('getaddrinfo ENOTFOUND');
    the.migrator.engineProbe = {
      found: false,
      message: 'Cannot resolve environment variable: DATABASE_URL.',
    };
    Object.assign(the.environment, { DATABASE_URL: undefined });
    expect(told((await the.run())['schema-engine'])).toBe('schema-engine skipped needs-urls');
  });

  test.each([
    [
      'another variable',
      (the: ReturnType<typeof stage>) =>
        Object.assign(the.environment, { OTHER_URL: URL, DATABASE_URL: undefined, DIRECT_URL: URL }),
    ],
    [
      'a URL of its own',
      (the: ReturnType<typeof stage>) =>
        Object.assign(the.migrator, { elsewhere: 'postgresql://a:b@other/x' }),
    ],
  ])('Prisma would use %s', async (_, change) => {
    const the = stage();
    change(the);
    expect(bad(await the.run())).toEqual(['url-guarded failed url-not-guarded']);
  });

  test.each([
    ['u', 'ok'],
    ['owner', 'failed url-not-guarded'],
  ])('MySQL, Prisma connects as u and the guard as %s: %s', async (user, expected) => {
    const the = stage();
    const project = await the.migrator.project();
    Object.assign(the.migrator, { project: async () => ({ ...project, dialect: 'mysql' }) });
    Object.assign(the.environment, {
      DATABASE_URL: `mysql://u:p@${HOST}/shop`,
      DIRECT_URL: `mysql://${user}:p@${HOST}:3306/shop`,
    });
    expect(told((await the.run())['url-guarded'])).toBe(`url-guarded ${expected}`);
  });
});

describe('the database', () => {
  test.each(['database-unreachable', 'database-authentication', 'database-missing', 'database-tls'] as const)(
    '%s',
    async (code) => {
      const the = stage();
      the.engine.refusals.set(HOST, code);
      const checks = await the.run();
      expect(bad(checks)).toEqual([`connection failed ${code}`]);
      expect(
        state(checks, 'tls', 'timeouts', 'pooler', 'database-rights', 'table-ownership', 'history'),
      ).toEqual(
        ['tls', 'timeouts', 'pooler', 'database-rights', 'table-ownership', 'history'].map(
          (name) => `${name} skipped needs-connection`,
        ),
      );
    },
  );

  test('a pooler that drops our options', async () => {
    const the = stage();
    the.database.dropsOptions = true;
    expect(bad(await the.run())).toEqual([
      'timeouts failed limits-not-in-force limits-not-in-force',
      'pooler failed',
    ]);
  });

  test('a pooler that refuses our options', async () => {
    const the = stage();
    the.engine.refusals.set(HOST, 'limits-not-in-force');
    const checks = await the.run();
    expect(bad(checks)).toEqual(['timeouts failed limits-not-in-force', 'pooler failed']);
    expect(told(checks.connection)).toBe('connection skipped cannot-be-told');
  });

  test('a URL that looks like a pooler but keeps the limits', async () => {
    const the = stage();
    the.environment.DATABASE_URL = `${URL}&pgbouncer=true`;
    expect(told((await the.run()).pooler)).toBe('pooler skipped cannot-be-told');
  });

  test('one of two variables is wrong', async () => {
    const the = stage();
    the.environment.DIRECT_URL = URL;
    the.environment.DATABASE_URL = URL.replace(HOST, 'gone.example');
    the.engine.refusals.set('gone.example', 'database-unreachable');
    const checks = await the.run();
    expect(bad(checks)).toEqual(['connection failed database-unreachable']);
    expect(checks.connection).toMatchObject({ problems: [{ fields: { variable: 'DATABASE_URL' } }] });
    expect(told(checks.timeouts)).toBe('timeouts ok');
  });

  test.each([
    [
      'a replica',
      (db: FakeDatabase) => Object.assign(db, { isReplica: true }),
      ['database-rights failed database-replica'],
    ],
    [
      'no right to create',
      (db: FakeDatabase) => Object.assign(db, { canCreate: false }),
      ['database-rights failed database-rights'],
    ],
    [
      'tables without a history',
      (db: FakeDatabase) =>
        db.commits.splice(0, 1, { at: 0, by: 'application', image: { ...db.image, history: null } }),
      ['history failed history-missing-baseline'],
    ],
    [
      'a failed migration',
      (db: FakeDatabase) =>
        db.commits.splice(0, 1, {
          at: 0,
          by: 'application',
          image: {
            ...db.image,
            history: [
              {
                id: '1',
                name: '0_old',
                checksum: '',
                startedAt: 0,
                finishedAt: null,
                rolledBackAt: null,
                logs: 'boom',
              },
            ],
          },
        }),
      ['history failed history-failed'],
    ],
  ])('%s', async (_, change, expected) => {
    const the = stage();
    change(the.database);
    expect(bad(await the.run())).toEqual(expected);
  });

  test.each([
    ['no TLS over a network', HOST, 'tls failed'],
    ['no TLS on this machine', '127.0.0.1', 'tls ok'],
  ])('%s', async (_, host, expected) => {
    const the = stage();
    the.environment.DATABASE_URL = URL.replace(HOST, host);
    the.engine.databases.set(host, the.database);
    const connect = the.engine.connect.bind(the.engine);
    the.engine.connect = async (url, name) => {
      const session = await connect(url, name);
      const { facts } = session;
      return Object.assign(session, { facts: async () => ({ ...(await facts()), tls: false }) });
    };
    expect(told((await the.run()).tls)).toBe(expected);
  });

  test('a MySQL server is told in its own words, with nothing of PostgreSQL to paste', async () => {
    const the = stage();
    const connect = the.engine.connect.bind(the.engine);
    the.engine.connect = async (url, name) => {
      const session = await connect(url, name);
      const { facts } = session;
      const other = { dialect: 'mysql', tls: false, canCreateInSchema: false, schema: 'shop' } as const;
      return Object.assign(session, { facts: async () => ({ ...(await facts()), ...other }) });
    };
    expect(bad(await the.run())).toEqual(
      expect.arrayContaining(['tls failed', 'database-rights failed database-rights']),
    );
    const rows = checkRows(last).filter(({ title }) => title === 'TLS' || title === 'Database rights');
    expect(rows.map(({ next }) => next).join('\n')).toMatch(/sslaccept=strict.*require_secure_transport/);
    expect(JSON.stringify(rows)).not.toMatch(/sslmode|force_ssl|schema|\brole\b|GRANT /);
  });

  test('tables of somebody else, with the statements to paste', async () => {
    const the = stage();
    the.engine.foreign = {
      count: 21,
      names: ['public.users', 'public."Order"'],
      owners: ['old owner', 'x"; DROP TABLE users; --'],
    };
    expect(bad(await the.run())).toEqual(['table-ownership failed']);
    const row = checkRows(last).find(({ mark }) => mark === '✗');
    expect(row?.what).toMatch(
      /^21 tables of schema public belong to .*: public\.users, public\."Order"\..*42501/,
    );
    expect(row?.run).toBe('GRANT "old owner" TO "app";\nGRANT "x""; DROP TABLE users; --" TO "app";');
  });

  test('a secret that cannot be read', async () => {
    const checks = await stage({ databaseSecretArn: 'arn:aws:secretsmanager:eu-west-1:1:secret:x' }).run();
    expect(bad(checks)).toEqual(['url-variables failed secret-unreadable']);
  });
});

describe('AWS', () => {
  test.each([
    [
      'credentials-expired',
      ['aws-credentials failed credentials-expired'],
      'describe-instances skipped needs-credentials',
    ],
    [
      'aws-denied',
      ['describe-instances failed aws-denied', 'describe-snapshots failed aws-denied'],
      'aws-credentials ok',
    ],
    [
      'aws-unreachable',
      ['describe-instances failed aws-unreachable', 'describe-snapshots failed aws-unreachable'],
      'aws-credentials skipped aws-silent',
    ],
    [
      'input-missing',
      [
        'aws-credentials failed input-missing',
        'describe-instances failed input-missing',
        'describe-snapshots failed input-missing',
      ],
      'instance skipped needs-instance',
    ],
  ] as const)('%s', async (code, failed, also) => {
    const the = stage();
    the.cloud.faults.instance = () => fault(code);
    the.cloud.faults.snapshots = () => fault(code);
    const checks = await the.run();
    expect(bad(checks)).toEqual(failed);
    expect(Object.values(checks).map(told)).toContain(also);
  });

  test('only the snapshots are denied: the statement to paste names the action', async () => {
    const the = stage();
    the.cloud.faults.snapshots = () =>
      new GuardError(problem('aws-denied', 'no', { action: 'rds:DescribeDBSnapshots' }));
    expect(bad(await the.run())).toEqual(['describe-snapshots failed aws-denied']);
    expect(checkRows(last).find(({ mark }) => mark === '✗')?.run).toContain('rds:DescribeDBSnapshots');
  });

  test.each([
    ['stopped', { status: 'stopped' }, ['instance failed instance-state']],
    ['of another engine', { engine: 'mysql' }, ['instance failed instance-engine']],
    ['a replica', { replicaOf: 'x' }, ['instance failed instance-is-replica']],
    ['in a cluster', { clusterIdentifier: 'x' }, ['instance failed instance-in-cluster']],
    ['without backups', { backupRetentionDays: 0 }, ['retention failed backups-disabled']],
    ['not restorable of late', { latestRestorableTime: 1 }, ['restore-window failed restore-window-stale']],
  ])('an instance %s', async (_, change, expected) => {
    const the = stage();
    the.cloud.source = { ...SOURCE, ...change };
    expect(bad(await the.run())).toEqual(expected);
  });

  test('no such instance', async () => {
    const the = stage();
    the.cloud.source = undefined;
    expect(bad(await the.run())).toEqual(['instance failed instance-not-found']);
  });

  test('no room for a snapshot', async () => {
    const the = stage();
    the.cloud.limit = 0;
    expect(bad(await the.run())).toEqual(['snapshot-quota failed snapshot-quota']);
  });

  test.each([
    ['other.abc.eu-west-1.rds.amazonaws.com', 'endpoint failed'],
    ['db.internal', 'endpoint skipped cannot-be-told'],
    [HOST.toUpperCase(), 'endpoint ok'],
  ])('a URL that says %s: %s', async (host, expected) => {
    const the = stage();
    the.environment.DATABASE_URL = URL.replace(HOST, host);
    the.engine.databases.set(host, the.database);
    the.engine.databases.set(host.toLowerCase(), the.database);
    expect(told((await the.run()).endpoint)).toBe(expected);
  });

  test('the policy names what this configuration will do, and nothing else', async () => {
    await stage({ snapshot: 'skip', onFailure: 'alert' }).run();
    const least = checkRows(last).find(({ title }) => title.startsWith('AWS rights'))?.run ?? '';
    expect(least).not.toMatch(/Create|Delete|Restore/);
    await stage({ snapshotKeep: 3 }).run();
    const most = JSON.parse(checkRows(last).find(({ title }) => title.startsWith('AWS rights'))?.run ?? '{}');
    expect(most.Statement.map(({ Action }: { readonly Action: unknown }) => Action)).toEqual([
      ['rds:DescribeDBInstances', 'rds:DescribeDBSnapshots', 'rds:DescribeAccountAttributes'],
      'rds:CreateDBSnapshot',
      'rds:AddTagsToResource',
      'rds:DeleteDBSnapshot',
      'rds:RestoreDBInstanceToPointInTime',
      'rds:ModifyDBInstance',
      'rds:AddRoleToDBInstance',
      'rds:RebootDBInstance',
    ]);
    const production = 'arn:aws:rds:eu-west-1:123456789012:db:shop-prod';
    const naming = most.Statement.filter(({ Resource }: { readonly Resource: unknown }) =>
      [Resource].flat().includes(production),
    );
    // To be read from, never to be changed.
    expect(naming.map(({ Action }: { readonly Action: unknown }) => Action)).toEqual([
      'rds:CreateDBSnapshot',
      'rds:RestoreDBInstanceToPointInTime',
    ]);
  });

  test('the policy for a DB cluster names its own actions', async () => {
    const the = stage({ snapshotKeep: 3 });
    const arn = 'arn:aws:rds:eu-west-1:123456789012:cluster:shop-prod';
    the.cloud.source = { ...SOURCE, kind: 'cluster', arn };
    await the.run();
    const row = checkRows(last).find(({ title }) => title.startsWith('AWS rights'));
    const { Statement } = JSON.parse(row?.run ?? '{}');
    expect(Statement.map(({ Action }: { readonly Action: unknown }) => Action)).toEqual([
      [...LOOKING.cluster],
      'rds:CreateDBClusterSnapshot',
      'rds:AddTagsToResource',
      'rds:DeleteDBClusterSnapshot',
      'rds:RestoreDBClusterToPointInTime',
      'rds:CreateDBInstance',
      'rds:ModifyDBCluster',
      'rds:AddRoleToDBCluster',
      'rds:ModifyDBInstance',
      'rds:RebootDBInstance',
    ]);
    expect(row?.run).not.toMatch(/:db:shop-prod"|:snapshot:|replaced/);
    expect(checkRows(last).filter(({ what }) => what.includes('rds:DescribeDBCluster'))).toHaveLength(2);
  });
});

describe('surroundings', () => {
  test.each([
    ['https://hooks.slack.com/services/T0/B0', 'slack failed'],
    ['https://hooks.slack.com/workflows/T0/A0/1/x', 'slack ok'],
    ['https://relay.example.com/slack', 'slack skipped cannot-be-told'],
  ])('the webhook %s: %s', async (url, expected) => {
    expect(told((await stage({ slackWebhookUrl: new Secret(url) }).run()).slack)).toBe(expected);
  });

  test('what is not configured is no failure', async () => {
    const the = stage({ slackWebhookUrl: undefined, githubToken: undefined });
    the.environment.RUNNER_TEMP = undefined;
    const checks = await the.run();
    expect(state(checks, 'slack', 'github', 'runner-temp')).toEqual(
      ['slack', 'github', 'runner-temp'].map((name) => `${name} skipped not-configured`),
    );
  });

  test.each([
    [undefined, 'runner-temp failed'],
    [1000, 'runner-temp failed'],
    [1e9, 'runner-temp ok'],
  ])('%s bytes free in RUNNER_TEMP: %s', async (room, expected) => {
    const the = stage();
    the.room = room;
    expect(told((await the.run())['runner-temp'])).toBe(expected);
  });

  test('a part that breaks in an unforeseen way fails its checks and no others', async () => {
    const the = stage();
    the.rules = {
      ...rules,
      targetRefusals: () => {
        throw new TypeError('x is not a function');
      },
    };
    const checks = await the.run();
    expect(told(checks.instance)).toBe('instance failed unexpected');
    expect(state(checks, 'connection', 'project', 'slack')).toEqual([
      'connection ok',
      'project ok',
      'slack ok',
    ]);
  });
});

test('hostile names stay text in the summary', async () => {
  const the = stage();
  the.migrator.engineProbe = {
    found: false,
    message: '::error::x\n| </td><script>alert(1)</script> @everyone',
  };
  await the.run();
  const summary = doctorSummary(last);
  expect(summary).not.toMatch(/<script|@everyone|^::error/m);
  expect(doctorLog(last).filter((line) => line.startsWith('::'))).toEqual([]);
});
