import type { ConnectionUrl } from '../../domain/connection-url.ts';
import type { SessionSettings } from '../../domain/facts.ts';
import { GuardError } from '../../domain/problem.ts';
import { Link } from './link.ts';
import { connectProblem, failureOf, NO_TLS, TLS_FAILED } from './problems.ts';
import { readServer, type Server } from './server.ts';
import { type Transport, transportOf, withoutTls } from './transport.ts';

/** The guard's own limits. MySQL's statement limit is for SELECT only; SHOW is short anyway. */
const OWN_STATEMENT_SECONDS = 15;
const OWN_LOCK_SECONDS = 2;
/** The session that holds the guard's lock is idle for as long as a snapshot takes. */
const IDLE_SECONDS = 86_400;

/** A MySQL URL carries no limits and no name, so there is nothing to read back (facts: prisma.md section 3.3). */
export const NO_SETTINGS: SessionSettings = {
  statementTimeoutMs: 0,
  lockTimeoutMs: 0,
  applicationName: '',
  connectionCheckIntervalMs: null,
};

export interface Opened {
  readonly link: Link;
  readonly server: Server;
  /** No parameter of the URL asks for TLS: where the session has it, the guard chose so, and Prisma will not. */
  readonly plainForPrisma: boolean;
  /** Tried: behind a proxy, what the server demands of the proxy is no demand on who comes to it. */
  takesPlain(): Promise<boolean>;
}

async function openWith(url: ConnectionUrl, transport: Transport): Promise<Link> {
  try {
    return await Link.open(url, transport);
  } catch (error) {
    if (transport.plainIfNone && [NO_TLS, TLS_FAILED].includes(failureOf(error).code))
      return Link.open(url, withoutTls());
    throw error;
  }
}

async function opensPlain(url: ConnectionUrl): Promise<boolean> {
  try {
    await (await Link.open(url, withoutTls())).close();
    return true;
  } catch {
    return false;
  }
}

/**
 * What the server prints and how long it waits must not depend on its defaults: quoting of names, time zone, row
 * limits, transactions that stay open (`autocommit = 0` is a server default somewhere). None of it needs a grant.
 */
const canonical = ({ flavor }: Server): readonly string[] => [
  'SET NAMES utf8mb4',
  `SET SESSION sql_mode = '', autocommit = 1, completion_type = 0, time_zone = '+00:00', sql_quote_show_create = 1,
    sql_select_limit = 18446744073709551615, sql_safe_updates = 0, wait_timeout = ${IDLE_SECONDS},
    lock_wait_timeout = ${OWN_LOCK_SECONDS}, innodb_lock_wait_timeout = ${OWN_LOCK_SECONDS}`,
  flavor === 'mariadb'
    ? `SET SESSION max_statement_time = ${OWN_STATEMENT_SECONDS}`
    : `SET SESSION max_execution_time = ${OWN_STATEMENT_SECONDS * 1000}, show_create_table_verbosity = OFF`,
];

/** Opens a session, finds out which server it is, and puts the guard's own settings on it. */
export async function openSession(url: ConnectionUrl, baseDirectory: string): Promise<Opened> {
  const transport = transportOf(url, baseDirectory);
  let link: Link;
  try {
    link = await openWith(url, transport);
  } catch (error) {
    throw new GuardError(connectProblem(error, url));
  }
  try {
    const server = await readServer(link);
    await link.batch(canonical(server), { purpose: 'set the limits of the guard itself' });
    const takesPlain = () => opensPlain(url);
    return { link, server, plainForPrisma: transport.plainIfNone, takesPlain };
  } catch (error) {
    await link.close();
    throw error;
  }
}
