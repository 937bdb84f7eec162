import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseConnectionUrl, type SessionLimits, withLimits } from '../../src/domain/connection-url.ts';
import { problemsOf } from '../../src/domain/problem.ts';

const LIMITS: SessionLimits = {
  statementTimeoutMs: 30_000,
  lockTimeoutMs: 5000,
  applicationName: 'guarded-migrate/1-1',
  connectionCheckIntervalMs: 2000,
};
const OURS = '-c statement_timeout=30000 -c lock_timeout=5000 -c client_connection_check_interval=2000';

const refusal = (text: string): string => {
  try {
    parseConnectionUrl(text);
  } catch (error) {
    const [problem] = problemsOf(error);
    expect(problem?.code).toBe('url-invalid');
    return problem?.detail ?? '';
  }
  throw new Error('the URL was accepted');
};

test('reads every part as Prisma does', () => {
  expect(
    parseConnectionUrl(
      ' postgresql://us%20er:p%40ss%25@db.example.com:6432/app?schema=a%2Bb&sslmode=require&schema=last\n',
    ),
  ).toEqual({
    dialect: 'postgresql',
    host: 'db.example.com',
    port: 6432,
    database: 'app',
    user: 'us er',
    password: 'p@ss%',
    schema: 'last',
    parameters: { schema: 'last', sslmode: 'require' },
  });
});

test.each([
  ['postgres://u:p@[2001:db8::1]:5433/d', { host: '2001:db8::1', port: 5433 }],
  ['postgresql://u@h/d', { host: 'h', port: 5432, password: '' }],
  ['postgresql://u:p@localhost/d?host=/var/run/postgresql', { host: '/var/run/postgresql', database: 'd' }],
  ['postgresql://u:p@h/d?host=%2Ftmp', { host: '/tmp' }],
  ['postgresql://u:p@ss@h/d', { host: 'h', password: 'p@ss' }],
  ['postgresql://u:50%@h/d', { password: '50%' }],
  ['postgresql://u:%ff@h/d', { password: '%ff' }],
  ['postgresql://u:a:b@h/d', { password: 'a:b' }],
  ['postgresql://u:p@h/my%20db', { database: 'my%20db' }],
  ['POSTGRESQL://u:p@h/d', { host: 'h' }],
])('accepts %s', (text, expected) => {
  expect(parseConnectionUrl(text)).toMatchObject(expected);
});

test.each([
  ['', 'empty'],
  ['"postgresql://u:S3cret@h/d"', 'quotation mark'],
  ['postgresql://u:S3cret#x@h/d', '"#": write it as %23'],
  ['postgresql://u:S3cret/x@h/d', '"/": write it as %2F'],
  ['postgresql://u:12/S3cret@h/d', '"/": write it as %2F'],
  ['postgresql://u:S3cret?x@h/d', '"?": write it as %3F'],
  ['postgresql://u:S3cret@h:99999/d', 'port'],
  ['postgresql://u:S3cret@/d', 'no host'],
  ['postgresql://u:S3cret@h', 'no database'],
  ['postgresql://u:S3cret@h/', 'no database'],
  ['postgresql://:S3cret@h/d', 'no user'],
  ['postgresql:u:S3cret@h/d', 'lacks "//"'],
  ['u:S3cret@h/d', 'does not begin with postgresql://'],
  ['https://u:S3cret@h/d', 'postgresql://, postgres:// or mysql://'],
  ['prisma://S3cret.example.com/?api_key=S3cret', 'prisma://'],
  ['prisma+postgres://S3cret', 'prisma+postgres://'],
  ['mysql:u:S3cret@h/d', 'lacks "//"'],
  ['mysql://u:S3cret#x@h/d', '"#": write it as %23'],
  ['mysql://u:S3cret@/d?socket=/run/S3cret.sock', 'before ?socket=/path'],
  ['mysql://u:S3cret@h/', 'no database'],
  ['mysql://:S3cret@h/d', 'no user'],
  ['mysql://u:S3cret@h/d?max_connection_lifetime=S3cret', 'max_connection_lifetime'],
  ['mysql://u:S3cret@h/d?prefer_socket=S3cret', 'prefer_socket'],
  ['mariadb://u:S3cret@h/d', 'reaches MariaDB with mysql://'],
  ['mysql+pymysql://u:S3cret@h/d', 'write mysql://'],
  ['mysql2://u:S3cret@h/d', 'write mysql://'],
  ['postgresql+asyncpg://u:S3cret@h/d', 'write postgresql://'],
  ['mysqlx://u:S3cret@h/d', 'X protocol'],
  ['jdbc:mysql://h/d?password=S3cret', 'for Java'],
  ['mongodb+srv://u:S3cret@h/d', 'MongoDB'],
  ['sqlserver://h;password=S3cret', 'SQL Server'],
  ['file:./S3cret.db', 'SQLite'],
  ['postgresql://u:S3cret@h/d?connect_timeout=S3cret', 'connect_timeout'],
  ['postgresql://u:S3cret@h/d?pgbouncer=S3cret', 'pgbouncer'],
])('refuses %j and says why without showing it', (text, reason) => {
  const detail = refusal(text);
  expect(detail).toContain(reason);
  expect(detail).not.toContain('S3cret');
});

describe('MySQL', () => {
  test('reads every part as Prisma does', () => {
    expect(
      parseConnectionUrl(
        'mysql://us%20er:p%40ss%25@db.example.com:3307/my%20shop?sslaccept=strict&connection_limit=1&schema=x',
      ),
    ).toEqual({
      dialect: 'mysql',
      host: 'db.example.com',
      port: 3307,
      database: 'my%20shop',
      user: 'us er',
      password: 'p@ss%',
      schema: undefined,
      parameters: { sslaccept: 'strict', connection_limit: '1', schema: 'x' },
    });
  });

  test.each([
    ['mysql://u@h/d', { host: 'h', port: 3306, password: '' }],
    ['MySQL://u:p@[2001:db8::1]/d', { host: '2001:db8::1', port: 3306 }],
    ['mysql://u:p@localhost/d?socket=(/run/mysqld/mysqld.sock)', { host: '/run/mysqld/mysqld.sock' }],
    // The parameter of PostgreSQL's URLs means nothing here.
    ['mysql://u:p@h/d?host=/run/mysqld', { host: 'h' }],
    ['mysql://u:p@h/d?pgbouncer=maybe', { host: 'h' }],
  ])('accepts %s', (text, expected) => {
    expect(parseConnectionUrl(text)).toMatchObject(expected);
  });

  test('no limits can ride in its URL, so it comes back as it was written', () => {
    const text = ' mysql://u:p%2f@h/d?sslaccept=strict&options=x ';
    expect(withLimits(text, LIMITS)).toBe(text);
    expect(() => withLimits('mysql://u:p@h', LIMITS)).toThrow('no database');
  });
});

describe('withLimits', () => {
  const optionsOf = (text: string): string | undefined => parseConnectionUrl(text).parameters.options;

  test.each([
    ['postgresql://u:p@h/d', OURS],
    ['postgresql://u:p@h/d?options=endpoint%3Dep-1', `endpoint=ep-1 ${OURS}`],
    ['postgresql://u:p@h/d?options=-c+search_path%3Da%5C%20b', `-c search_path=a\\ b ${OURS}`],
    ['postgresql://u:p@h/d?options=-c%20statement_timeout%3D0%20--lock-timeout%3D0', OURS],
    ['postgresql://u:p@h/d?options=-cLOCK_TIMEOUT%3D9%20-c%20work_mem%3D1MB', `-c work_mem=1MB ${OURS}`],
  ])('puts ours last in %s', (text, expected) => {
    expect(optionsOf(withLimits(text, LIMITS))).toBe(expected);
  });

  test('leaves the check interval out for old servers and cuts the name at 63 bytes', () => {
    const text = withLimits('postgresql://u:p@h/d', {
      ...LIMITS,
      connectionCheckIntervalMs: 0,
      applicationName: 'é'.repeat(40),
    });
    expect(optionsOf(text)).toBe('-c statement_timeout=30000 -c lock_timeout=5000');
    expect(parseConnectionUrl(text).parameters.application_name).toBe('é'.repeat(31));
  });

  test('writes blanks as %20 and leaves the rest as it was written', () => {
    expect(
      withLimits(
        'postgresql://u:p%2f@[::1]:1/d?schema=A%2bb&pgbouncer=true&application_name=x&sslmode=require',
        LIMITS,
      ),
    ).toBe(
      `postgresql://u:p%2f@[::1]:1/d?schema=A%2bb&pgbouncer=true&sslmode=require&application_name=${encodeURIComponent(LIMITS.applicationName)}&options=${encodeURIComponent(OURS)}`,
    );
  });

  const word = fc.string({ minLength: 1, unit: 'grapheme' });
  const urls = fc.record({
    user: word,
    password: fc.string({ unit: 'binary' }),
    host: fc.constantFrom('db.example.com', '[::1]', '10.0.0.1', 'a_b'),
    port: fc.option(fc.integer({ min: 1, max: 65_535 })),
    database: fc.stringMatching(/^[a-z][a-z0-9_-]{0,20}$/),
    parameters: fc.dictionary(fc.stringMatching(/^x[a-z_]{0,10}$/), fc.string({ unit: 'grapheme' })),
    options: fc.option(fc.array(fc.stringMatching(/^[a-z][a-z0-9=_.\\]{0,10}[a-z]$/))),
  });

  test('keeps everything else, is idempotent, and agrees with the URL standard', () => {
    fc.assert(
      fc.property(urls, (url) => {
        const query = Object.entries(url.parameters).map((pair) => pair.map(encodeURIComponent).join('='));
        if (url.options !== null) query.push(`options=${encodeURIComponent(url.options.join(' '))}`);
        const text = `postgresql://${encodeURIComponent(url.user)}:${encodeURIComponent(url.password)}@${url.host}${
          url.port === null ? '' : `:${url.port}`
        }/${url.database}${query.length > 0 ? `?${query.join('&')}` : ''}`;
        const before = parseConnectionUrl(text);
        expect(before).toMatchObject({ user: url.user, password: url.password, database: url.database });
        const limited = withLimits(text, LIMITS);
        const after = parseConnectionUrl(limited);
        const { options: _before, ...kept } = before.parameters;
        const { options, application_name: name, ...rest } = after.parameters;
        expect({ ...after, parameters: rest }).toEqual({ ...before, parameters: kept });
        expect(name).toBe(LIMITS.applicationName);
        expect(options?.endsWith(OURS)).toBe(true);
        expect(withLimits(limited, LIMITS)).toBe(limited);
        expect(decodeURIComponent(new URL(limited).password)).toBe(url.password);
      }),
    );
  });
});
