/** Prisma's own table: it changes with every migration, so it is no part of the fingerprint or the counters. */
export const HISTORY_TABLE = '_prisma_migrations';

/** Prisma's lock; one for the whole server, whatever the database (facts: prisma.md section 2). */
export const PRISMA_LOCK = 'prisma_migrate';

export const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** Tables that hold rows; MariaDB has kinds of its own. */
export const TABLE_TYPES = `('BASE TABLE', 'SYSTEM VERSIONED')`;

/** Milliseconds of the epoch; right because the session's time zone is UTC. */
export const milliseconds = (column: string): string => `CAST(UNIX_TIMESTAMP(${column}) * 1000 AS SIGNED)`;
