/** `_prisma_migrations` on PostgreSQL: prisma-engines, sql-schema-connector/src/flavour/postgres.rs. */

const CREATE = `CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
);`;

/** @type {import('../database.mjs').HistoryDialect} */
export const HISTORY = {
  create: CREATE,
  started: "to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
  quote: (name) => `"${name}"`,
  mark: (position) => `$${position}`,
  time: (time) => time.toISOString(),
};
