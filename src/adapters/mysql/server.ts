import type { Link } from './link.ts';

export type Flavor = 'mysql' | 'mariadb';

/** Which server answers, as far as questions to it depend on that. */
export interface Server {
  readonly flavor: Flavor;
  /** MySQL 8.0.39 is 80039, MariaDB 10.11.6 is 101106. */
  readonly version: number;
  /** For people: `MySQL 9.7.4`, `MariaDB 10.11.19`, `Aurora MySQL 3.05.2 (8.0.32)`. */
  readonly product: string;
  readonly performanceSchema: boolean;
  /** Qualified name of the table of status variables; MySQL moved it (5.7), MariaDB did not. */
  readonly status: string;
}

const dotted = (version: string): string => /^\d+(?:\.\d+)*/.exec(version)?.[0] ?? version;

function productOf(flavor: Flavor, version: string, aurora: string | null | undefined): string {
  if (aurora) return `Aurora MySQL ${aurora} (${version})`;
  return `${flavor === 'mariadb' ? 'MariaDB' : 'MySQL'} ${version}`;
}

/** `version` may carry a suffix: `9.7.4-2`, `10.11.19-MariaDB-0+deb12u1`, `8.0.39-log`. */
export async function readServer(link: Link): Promise<Server> {
  const [main, aurora] = await link.batch(
    [
      'SELECT @@version AS version, @@version_comment AS comment, @@performance_schema AS counted',
      `SHOW GLOBAL VARIABLES WHERE Variable_name = 'aurora_version'`,
    ],
    { purpose: 'find out which server answers' },
  );
  const row = main?.[0];
  const flavor = /mariadb/i.test(`${row?.version} ${row?.comment}`) ? 'mariadb' : 'mysql';
  const version = dotted(row?.version ?? '');
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return {
    flavor,
    version: major * 10_000 + minor * 100 + patch,
    product: productOf(flavor, version, aurora?.[0]?.Value),
    performanceSchema: row?.counted === '1',
    status: flavor === 'mariadb' ? 'information_schema.GLOBAL_STATUS' : 'performance_schema.global_status',
  };
}
