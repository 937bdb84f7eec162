import type { DatabaseFacts, SessionSettings } from '../../domain/facts.ts';
import type { WriteReading } from '../../domain/write-reading.ts';
import type { ServerClock } from '../../ports/engine.ts';
import { HISTORY_TABLE } from './catalog/words.ts';
import { countersOf, WRITES } from './counters.ts';
import { HISTORY_NAME } from './history.ts';
import type { Link, Row } from './link.ts';

/** Before 15 a collector process gathered the counters by UDP: late, and lossy. */
const EXACT_COUNTERS_SINCE = 150_000;

/** Tables of PostGIS that Prisma does not count as a non-empty schema (P3005). */
const POSTGIS = `('spatial_ref_sys', 'geometry_columns', 'geography_columns', 'raster_columns', 'raster_overviews', 'layer', 'topology')`;

const FACTS = `
SELECT current_setting('server_version_num') AS version, current_database() AS database, current_user AS "user",
       pg_is_in_recovery() AS replica, current_schema() AS schema,
       (${HISTORY_NAME}) AS history,
       (SELECT count(*) FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema()))
           AND c.relkind = 'r' AND c.relname <> '${HISTORY_TABLE}' AND c.relname NOT IN ${POSTGIS}) AS tables,
       CASE WHEN current_schema() IS NULL THEN has_database_privilege(current_database(), 'CREATE')
            ELSE has_schema_privilege(current_schema(), 'CREATE') END AS may_create,
       coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS tls`;

export async function readFacts(link: Link, settings: SessionSettings): Promise<DatabaseFacts> {
  const [row = {}] = await link.rows(FACTS, [], { purpose: 'read the facts of the database' });
  return {
    serverVersion: Number(row.version),
    exactCounters: Number(row.version) >= EXACT_COUNTERS_SINCE,
    database: row.database ?? '',
    user: row.user ?? '',
    isReplica: row.replica === 't',
    schema: row.schema ?? null,
    historyTable: row.history ?? null,
    tables: Number(row.tables),
    canCreateInSchema: row.may_create === 't',
    settings,
    tls: row.tls === 't',
  };
}

const CLOCK = `
SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now,
       CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_replay_lsn(), '0/0') ELSE pg_current_wal_lsn() END AS lsn,
       pg_stat_get_db_xact_commit((SELECT oid FROM pg_database WHERE datname = current_database())) AS commits,
       floor(extract(epoch FROM pg_stat_get_db_stat_reset_time((SELECT oid FROM pg_database WHERE datname = current_database()))) * 1000)::bigint AS reset_at`;

export async function readClock(link: Link): Promise<ServerClock> {
  const [row = {}] = await link.rows(CLOCK, [], { purpose: 'read the clock of the server' });
  return clockOf(row);
}

const clockOf = (row: Row): ServerClock => ({
  now: Number(row.now),
  lsn: row.lsn ?? '',
  commits: Number(row.commits),
});

/** The clock first: what is counted after it only makes the loss look larger. */
export async function readWrites(link: Link): Promise<WriteReading> {
  const results = await link.batch(['SELECT pg_stat_clear_snapshot()', CLOCK, WRITES], {
    purpose: 'read the write counters',
  });
  const [clock = {}] = results[1] ?? [];
  return {
    ...clockOf(clock),
    resetAt: clock.reset_at === null || clock.reset_at === undefined ? undefined : Number(clock.reset_at),
    tables: countersOf(results[2] ?? []),
  };
}
