/** The database server behind a world of e2e cases, with what differs between PostgreSQL and MySQL. */
import { createHash } from 'node:crypto';
import type { Cluster } from '../../lab/databases.ts';
import { startMysql } from '../../lab/mysql/index.ts';
import type { MysqlOptions } from '../../lab/mysql/types.ts';
import { type ClusterOptions, startCluster } from '../../lab/postgres/index.ts';
import type { ProjectMigration } from '../../lab/projects/make.ts';
import type { Dialect } from '../../src/domain/dialect.ts';

export interface Store {
  readonly dialect: Dialect;
  readonly cluster: Cluster;
  /** The applied migration of every case. */
  readonly init: ProjectMigration;
  /** A database of a case's own: the applied migration and a hundred rows. */
  create(database: string): Promise<void>;
  drop(database: string): Promise<void>;
}

export const INIT = {
  name: '20260101000000_init',
  sql: 'CREATE TABLE "orders" ("id" SERIAL PRIMARY KEY, "total" INTEGER NOT NULL);\n',
};

const checksum = (sql: string): string => createHash('sha256').update(sql).digest('hex');

export async function openPostgres(options: ClusterOptions = {}): Promise<Store> {
  const cluster = await startCluster({ name: 'e2e', ...options });
  await cluster.query(`SET ROLE app; ${INIT.sql}
    INSERT INTO "orders" ("total") SELECT n * 20 FROM generate_series(1, 100) n;
    CREATE TABLE "_prisma_migrations" (
      id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0);
    INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count)
      VALUES (gen_random_uuid()::text, '${checksum(INIT.sql)}', now(), '${INIT.name}', 1)`);
  return {
    dialect: 'postgresql',
    cluster,
    init: INIT,
    create: async (database) =>
      void (await cluster.query(`CREATE DATABASE ${database} TEMPLATE app OWNER app`, [], 'postgres')),
    drop: async (database) =>
      void (await cluster.query(`DROP DATABASE ${database} WITH (FORCE)`, [], 'postgres')),
  };
}

const MYSQL_INIT = {
  name: INIT.name,
  sql: 'CREATE TABLE `orders` (`id` INTEGER NOT NULL AUTO_INCREMENT, `total` INTEGER NOT NULL, PRIMARY KEY (`id`)) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;\n',
};
const TOTALS = Array.from({ length: 100 }, (_, n) => `(${(n + 1) * 20})`).join(', ');

export async function openMysql(options: MysqlOptions = {}): Promise<Store> {
  const cluster = await startMysql({ name: 'e2e', ...options });
  return {
    dialect: 'mysql',
    cluster,
    init: MYSQL_INIT,
    create: async (database) => {
      await cluster.query(
        `CREATE DATABASE ${database}; GRANT ALL ON ${database}.* TO 'app'@'%'; USE ${database};
         ${MYSQL_INIT.sql} INSERT INTO orders (total) VALUES ${TOTALS};
         CREATE TABLE _prisma_migrations (
           id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at DATETIME(3),
           migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at DATETIME(3),
           started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
           applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0)
           DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
         INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
           VALUES (uuid(), '${checksum(MYSQL_INIT.sql)}', utc_timestamp(3), '${MYSQL_INIT.name}', 1)`,
        [],
        'mysql',
      );
    },
    drop: async (database) => void (await cluster.query(`DROP DATABASE ${database}`, [], 'mysql')),
  };
}
