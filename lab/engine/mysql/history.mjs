/** `_prisma_migrations` on MySQL and MariaDB: prisma-engines, sql-schema-connector/src/flavour/mysql.rs. */

const CREATE = `CREATE TABLE _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             DATETIME(3),
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          DATETIME(3),
    started_at              DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    applied_steps_count     INTEGER UNSIGNED NOT NULL DEFAULT 0
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;`;

/** @type {import('../database.mjs').HistoryDialect} */
export const HISTORY = {
  create: CREATE,
  started: "DATE_FORMAT(started_at, '%Y-%m-%d %H:%i:%s.%f')",
  quote: (name) => `\`${name}\``,
  mark: () => '?',
  // DATETIME has no zone, so the text must not have one either.
  time: (time) => time.toISOString().replace('T', ' ').replace('Z', ''),
};
