import type { Problem, ProblemCode } from '../../domain/problem.ts';
import { because, field, isMysql, timeField, when } from '../advice.ts';
import type { Wording } from './inputs.ts';

const server = (p: Problem): string =>
  when(
    p,
    'host',
    (host) => ` at ${host.includes(':') ? `[${host}]` : host}${when(p, 'port', (port) => `:${port}`)}`,
  );

/** Timeouts as inputs write them, names as they are. */
const shown = (p: Problem, name: string | readonly string[]): string =>
  field(p, 'setting', '').endsWith('_timeout') ? timeField(p, name, '') : field(p, name, '');

/** DIRECT_URL helps only a Prisma that takes it. */
function directly(p: Problem): string {
  const name = field(p, 'variable', 'DIRECT_URL');
  const set = `Set ${name} to the endpoint of the DB instance itself in this step`;
  return name === 'DIRECT_URL'
    ? `${set}.`
    : `${set}, or let Prisma migrate by DIRECT_URL: directUrl in the schema, datasource.url in the config of Prisma 7.`;
}

/** MySQL: the server, or the user, has all the connections it may have. */
const NO_ROOM = new Set(['1040', '1203', '1226']);

/** The connection to the database and what the server allows. */
export const databaseTexts = {
  'database-unreachable': (p) => ({
    what: `The database server${server(p)} does not answer${because(p)}.`,
    next:
      isMysql(p) && NO_ROOM.has(field(p, 'code', ''))
        ? 'Free connections, or raise max_connections or the max_user_connections of the user: the guard and Prisma need three at once.'
        : 'Check host and port in the URL, and that the security group lets this runner in. A database inside a VPC needs a runner inside it (or a VPN).',
  }),
  'database-authentication': (p) => ({
    what: `The database server${server(p)} refused the user ${field(p, 'user', 'of the URL')} or its password${because(p)}.`,
    next: 'Check the secret that holds the URL. Special characters in the password must be percent-encoded. After a password rotation the secret must be renewed.',
  }),
  'database-missing': (p) => ({
    what: `The database "${field(p, 'database', 'named in the URL')}" does not exist on the server${server(p)}. Prisma would silently create an empty one, so we stop here.`,
    next: 'Correct the database name in the URL, or create the database yourself when it is meant to be new.',
    ...(/^[A-Za-z0-9_-]+$/.test(field(p, 'database', ''))
      ? {
          run: `CREATE DATABASE ${isMysql(p) ? `\`${field(p, 'database', '')}\`` : `"${field(p, 'database', '')}"`};`,
        }
      : {}),
  }),
  'database-tls': (p) => ({
    what: `No encrypted connection to the database server${server(p)} could be agreed${because(p)}.`,
    next: isMysql(p)
      ? 'Add sslaccept=strict to the URL, with sslcert naming the certificate bundle of AWS; or sslaccept=accept_invalid_certs, which encrypts and does not ask who answers.'
      : 'PostgreSQL: add sslmode=require to the URL, or sslmode=verify-full with the certificate bundle of AWS; RDS for PostgreSQL 15 and later accepts only encrypted connections by default. MySQL: add sslaccept=accept_invalid_certs, or sslaccept=strict with sslcert naming that bundle.',
  }),
  'database-replica': (p) => ({
    what: `The server${server(p)} is read-only: it is a replica or a standby.`,
    next: 'Use the endpoint of the writer in the URL.',
  }),
  'database-rights': (p) => ({
    what: `The ${isMysql(p) ? 'user' : 'role'} ${field(p, 'user', 'of the URL')} lacks a right that is needed${because(p)}.`,
    next: `Grant it${when(p, ['right', 'name'], (name) => ` (${name})`)} as ${isMysql(p) ? 'an administrator of the server, or deploy with another user' : 'the owner of the database, or deploy with the role that owns the tables'}.`,
    ...(!isMysql(p) &&
    /^[A-Za-z0-9_]+$/.test(field(p, 'user', '')) &&
    /^[A-Za-z0-9_]+$/.test(field(p, 'schema', ''))
      ? { run: `GRANT USAGE, CREATE ON SCHEMA "${field(p, 'schema', '')}" TO "${field(p, 'user', '')}";` }
      : {}),
  }),
  'database-lost': (p) => ({
    what: `The connection to the database${server(p)} was lost${because(p)}.`,
    next: 'Look at the events of the DB instance in the RDS console (restart, failover, storage full). Run the job again when the instance is available.',
  }),
  'database-error': (p) => ({
    what: `The database answered one of our own queries with an error${when(p, 'status', (code) => ` (${code})`) || when(p, 'code', (code) => ` (${code})`)}${because(p)}.`,
    next: 'Read the error. If the role may not read the catalogs, or the server is short of memory or disk, correct that and run the job again.',
  }),
  'sql-mode': (p) => ({
    what: `The server's sql_mode holds ${field(p, 'mode', 'a mode')}, so it cuts a file into statements in another way than we do. What a failed file left could not be told.`,
    next: 'Take it out of sql_mode in the parameter group, or guard this database in another way.',
  }),
  'limits-not-in-force': (p) => ({
    what: `${field(p, ['setting', 'name'], 'The timeouts')} did not reach the server${when(p, 'got', () => `: it says ${shown(p, 'got')}`)}${when(p, ['wanted', 'expected'], () => `, wanted ${shown(p, ['wanted', 'expected'])}`) || because(p)}. Without them a migration could block production without end.`,
    next: `A connection pooler is most likely between us and the server. ${directly(p)} If it must be PgBouncer, take options out of ignore_startup_parameters and use a session pool.`,
  }),
} as const satisfies Partial<Record<ProblemCode, Wording>>;
