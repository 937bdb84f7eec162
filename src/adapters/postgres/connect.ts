import type { ConnectionUrl } from '../../domain/connection-url.ts';
import type { SessionSettings } from '../../domain/facts.ts';
import { GuardError } from '../../domain/problem.ts';
import { Link } from './link.ts';
import { connectProblem, failureOf, NO_TLS } from './problems.ts';
import { type Transport, transportOf, withoutTls } from './transport.ts';

/** The guard's own limits, set only after the settings that the URL brought have been read. */
export const OWN_STATEMENT_MS = 15_000;
export const OWN_LOCK_MS = 2_000;

export interface Opened {
  readonly link: Link;
  readonly settings: SessionSettings;
}

async function openWith(url: ConnectionUrl, transport: Transport, name: string): Promise<Link> {
  try {
    return await Link.open(url, transport, name);
  } catch (error) {
    if (transport.plainIfNone && failureOf(error).message === NO_TLS)
      return Link.open(url, withoutTls(), name);
    throw error;
  }
}

async function readSettings(link: Link): Promise<SessionSettings> {
  const rows = await link.rows(
    `SELECT name, setting FROM pg_catalog.pg_settings
      WHERE name IN ('statement_timeout', 'lock_timeout', 'application_name', 'client_connection_check_interval')`,
    [],
    { purpose: 'read the settings of the session' },
  );
  const found = new Map(rows.map((row) => [row.name, row.setting]));
  const interval = found.get('client_connection_check_interval');
  return {
    statementTimeoutMs: Number(found.get('statement_timeout') ?? 0),
    lockTimeoutMs: Number(found.get('lock_timeout') ?? 0),
    applicationName: found.get('application_name') ?? '',
    connectionCheckIntervalMs: interval === undefined || interval === null ? null : Number(interval),
  };
}

const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

function ownSettings(url: ConnectionUrl): readonly string[] {
  return [
    ...(url.schema === undefined ? [] : [`SET search_path = ${quoted(url.schema)}`]),
    `SET statement_timeout = ${OWN_STATEMENT_MS}`,
    `SET lock_timeout = ${OWN_LOCK_MS}`,
    'SET idle_in_transaction_session_timeout = 60000',
  ];
}

/** Opens a session, reads what the URL's limits became, then puts the guard's own limits on it. */
export async function openSession(
  url: ConnectionUrl,
  baseDirectory: string,
  applicationName: string,
): Promise<Opened> {
  const transport = transportOf(url, baseDirectory);
  let link: Link;
  try {
    link = await openWith(url, transport, applicationName);
  } catch (error) {
    throw new GuardError(connectProblem(error, url));
  }
  try {
    const settings = await readSettings(link);
    await link.batch(ownSettings(url), { purpose: 'set the limits of the guard itself' });
    return { link, settings };
  } catch (error) {
    await link.close();
    throw error;
  }
}
