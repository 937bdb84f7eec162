import { describe } from '@jest/globals';
import { type Flavor, findServers, type MysqlBinary } from '../lab/mysql/index.ts';

/** One server per run is enough; MYSQL_SERVERS=all takes every flavor found. */
const chosen = (): readonly MysqlBinary[] => {
  const found = findServers();
  if (process.env.MYSQL_SERVERS !== 'all') return found.slice(0, 1);
  return found.filter(({ flavor }, at) => found.findIndex((other) => other.flavor === flavor) === at);
};

let told = false;

/** A suite that needs a MySQL server: run on the first one found, skipped with one printed line where there is none. */
export const describeMysql = (name: string, suite: (flavor: Flavor) => void): void => {
  const servers = chosen();
  for (const { flavor, version } of servers) describe(`${name} (${flavor} ${version})`, () => suite(flavor));
  if (servers.length > 0) return;
  if (!told) process.stdout.write('Skipped: no MySQL or MariaDB server on PATH (MYSQLD names one).\n');
  told = true;
  describe.skip(`${name} (no MySQL server here)`, () => suite('mysql'));
};
