/** The two families of databases that can be guarded. MariaDB speaks MySQL's dialect. */
export type Dialect = 'postgresql' | 'mysql';

const SCHEMES: Readonly<Record<string, Dialect>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  mysql: 'mysql',
};

/** By the protocol of a connection URL or by Prisma's `provider`, which are the same words; undefined for any other. */
export const dialectOf = (word: string): Dialect | undefined => SCHEMES[word.toLowerCase()];

const ENGINES: Readonly<Record<string, Dialect>> = {
  postgres: 'postgresql',
  'aurora-postgresql': 'postgresql',
  mysql: 'mysql',
  mariadb: 'mysql',
  'aurora-mysql': 'mysql',
};

/** By the `Engine` of a DB instance or cluster (`postgres` and `mysql` are also those of Multi-AZ DB clusters). */
export const dialectOfEngine = (engine: string): Dialect | undefined => ENGINES[engine];

export const DEFAULT_PORTS: Readonly<Record<Dialect, number>> = { postgresql: 5432, mysql: 3306 };
