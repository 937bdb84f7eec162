import { createHash } from 'node:crypto';
import type { Cluster } from '../../lab/databases.ts';
import { startMysql } from '../../lab/mysql/index.ts';
import type { MysqlBinary } from '../../lab/mysql/types.ts';
import type { QueryRow } from '../../lab/postgres/types.ts';
import { type Entry, INIT_NAME, type Store, type Truth } from './store.ts';

const INIT = {
  name: INIT_NAME,
  sql: 'CREATE TABLE `orders` (`id` INTEGER NOT NULL AUTO_INCREMENT, `total` INTEGER NOT NULL, PRIMARY KEY (`id`)) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;\n',
};
const TOTALS = Array.from({ length: 100 }, (_, n) => `(${(n + 1) * 20})`).join(', ');

/** MySQL copies no databases; each case's is made anew. */
async function create(cluster: Cluster, database: string): Promise<void> {
  const checksum = createHash('sha256').update(INIT.sql).digest('hex');
  const sql = `CREATE DATABASE ${database}; GRANT ALL ON \`${database.replaceAll('_', '\\_')}\`.* TO 'app'@'%'; USE ${database};
    ${INIT.sql} INSERT INTO orders (total) VALUES ${TOTALS};
    CREATE TABLE ledger (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, at DATETIME(6) NOT NULL);
    CREATE TABLE _prisma_migrations (
      id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at DATETIME(3),
      migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at DATETIME(3),
      started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0)
      DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
    INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
      VALUES (uuid(), '${checksum}', utc_timestamp(3), '${INIT.name}', 1)`;
  await cluster.query(sql, [], 'mysql');
}

async function truth(cluster: Cluster, database: string): Promise<Truth> {
  const [shape = {}] = await cluster.query('SHOW CREATE TABLE orders', [], database);
  const names = await cluster.query('SHOW TABLES', [], database);
  const rows = await cluster.query('SELECT * FROM orders ORDER BY id', [], database);
  const history = await cluster.query(
    `SELECT CONCAT(migration_name, ':', CASE WHEN rolled_back_at IS NOT NULL THEN 'rolled-back'
              WHEN finished_at IS NOT NULL THEN 'applied' ELSE 'open' END) AS text
       FROM _prisma_migrations ORDER BY started_at`,
    [],
    database,
  );
  const schema = String(shape['Create Table']).replace(/ AUTO_INCREMENT=\d+/, '');
  return {
    schema: `${schema} | ${names.map((row) => Object.values(row).join()).join(', ')}`,
    rows: JSON.stringify(rows),
    history: history.map((row) => String(row.text)),
  };
}

/** MySQL's sessions have no names: those of the user of the URL are ours, the application is `root` here. */
const SESSIONS = `SELECT ID AS id, COMMAND AS command, LEFT(INFO, 60) AS query FROM information_schema.PROCESSLIST
  WHERE USER = 'app' AND DB = ?`;

/** Prisma's lock is one for the whole server; a world plays one case at a time. */
async function left(cluster: Cluster, database: string): Promise<readonly string[]> {
  const sessions = await cluster.query(SESSIONS, [database], 'mysql');
  const own = `guarded-migrate/${createHash('sha256').update(database).digest('hex').slice(0, 32)}`;
  const locks = await Promise.all(
    ['prisma_migrate', own].map(async (name) => {
      const [row] = await cluster.query('SELECT IS_USED_LOCK(?) AS holder', [name], 'mysql');
      return row?.holder === null ? [] : [`lock ${name}`];
    }),
  );
  return [...sessions.map(({ command, query }) => `session ${command} ${query ?? ''}`), ...locks.flat()];
}

async function cut(cluster: Cluster, database: string): Promise<void> {
  for (const { id } of await cluster.query(SESSIONS, [database], 'mysql'))
    await cluster.query(`KILL ${id}`, [], 'mysql').catch(() => undefined); // it has ended by itself
}

const COLUMNS = `CAST(id AS CHAR) AS id, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', at) / 1000 AS at`;
const entry = (row: QueryRow): Entry => ({ id: String(row.id), at: Number(row.at) });

const PRODUCTS = { mysql: 'MySQL', mariadb: 'MariaDB' } as const;

export const mysqlStore = ({ flavor, version }: MysqlBinary): Store => ({
  dialect: 'mysql',
  server: flavor,
  product: `${PRODUCTS[flavor]} ${version.split('.').slice(0, 2).join('.')}`,
  init: INIT,
  migrations: {
    good: "ALTER TABLE `orders` ADD COLUMN `note` TEXT;\nUPDATE `orders` SET `note` = 'old';\nDO SLEEP(0.3);\nCREATE INDEX `orders_total_idx` ON `orders` (`total`);\n",
    half: 'ALTER TABLE `orders` ADD COLUMN `half` TEXT;\nDELETE FROM `orders` WHERE `id` % 2 = 0;\nDO SLEEP(0.3);\nALTER TABLE `orders` ADD CONSTRAINT `orders_total_check` CHECK (`total` > 1000);\n',
  },
  start: (name) => startMysql({ name, flavor }),
  create,
  async drop(cluster, database) {
    // A transaction that is still open would keep the tables for a year.
    await cut(cluster, database);
    await cluster.query(`DROP DATABASE ${database}`, [], 'mysql');
  },
  truth,
  left,
  cut,
  async write(cluster, database) {
    const sql = `INSERT INTO ledger (at) VALUES (UTC_TIMESTAMP(6)); SELECT ${COLUMNS} FROM ledger WHERE ledger.id = LAST_INSERT_ID()`;
    const [row] = await cluster.query(sql, [], database);
    return row === undefined ? undefined : entry(row);
  },
  ledger: async (cluster, database) =>
    (await cluster.query(`SELECT ${COLUMNS} FROM ledger ORDER BY ledger.id`, [], database)).map(entry),
});
