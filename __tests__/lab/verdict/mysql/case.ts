/** A labelled failure on MySQL: as on PostgreSQL, played on each flavor, with what only these servers need. */
import type { Flavor } from '../../../../lab/mysql/index.ts';
import type { Body as CommonBody, Expected, VerdictCase } from '../case.ts';

/** Which of a place's servers: as RDS delivers it, or with the performance schema the other way round. */
export const SERVERS = ['usual', 'counted', 'uncounted'] as const;
export type ServerKind = (typeof SERVERS)[number];

export interface MysqlCase extends VerdictCase<Flavor> {
  /** `usual` when left out: MySQL counts writes, MariaDB does not. */
  readonly server?: ServerKind;
}

type Body = CommonBody & Pick<MysqlCase, 'server'>;

/** Cases of one kind. `alone` stands for a server of its own here as well. */
export const kind =
  (kindName: string) =>
  (name: string, body: Body, expected: MysqlCase['expected']): MysqlCase => ({
    kind: kindName,
    name,
    expected,
    ...body,
  });

export const each = (expected: Expected): MysqlCase['expected'] => ({ mysql: expected, mariadb: expected });
export const flavors = (mysql: Expected, mariadb: Expected): MysqlCase['expected'] => ({ mysql, mariadb });
export const onlyOn = (flavor: Flavor, expected: Expected): MysqlCase['expected'] => ({ [flavor]: expected });
