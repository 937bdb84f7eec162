/**
 * What tells a database from its restored copy by SQL. PostgreSQL's `system_identifier` is equal on both; a point-in-time
 * restore begins a new timeline, and every server has its own start. Undefined where the server does not tell.
 */
export interface ServerIdentity {
  /** PostgreSQL: `pg_postmaster_start_time()`. MySQL: the server's id, host and port, and the second of its start. */
  readonly startedAt: string | undefined;
  /** PostgreSQL: first eight digits of the name of the current WAL file. */
  readonly timeline: string | undefined;
  /** Address and port as the server itself knows them; MySQL tells its host name. */
  readonly address: string | undefined;
  /** One line for each row of the migration history. */
  readonly history: readonly string[] | undefined;
}

export type Comparison = {
  /** `unproven`: everything that both tell is equal, and it does not suffice. */
  readonly verdict: 'same' | 'different' | 'unproven';
  /** What decided, for people. */
  readonly by: string;
};

/**
 * Whether two sessions reached one server. PostgreSQL's start is exact to the microsecond; MySQL's only to the second,
 * but it stands beside what no two servers share, so at worst a server that came back within its second is the same.
 */
export function compareServers(a: ServerIdentity, b: ServerIdentity): Comparison {
  if (differ(a.timeline, b.timeline)) return { verdict: 'different', by: 'the WAL timeline' };
  if (a.startedAt !== undefined && a.startedAt === b.startedAt)
    return { verdict: 'same', by: 'the start of its server' };
  if (differ(a.startedAt, b.startedAt)) return { verdict: 'different', by: 'the start of the server' };
  if (differ(a.history?.join('\n'), b.history?.join('\n')))
    return { verdict: 'different', by: 'the migration history' };
  if (differ(a.address, b.address)) return { verdict: 'different', by: 'the address of the server' };
  return { verdict: 'unproven', by: 'nothing that SQL tells differs' };
}

const differ = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b;
