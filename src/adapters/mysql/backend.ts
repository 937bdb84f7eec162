import type { Backend } from '../../domain/facts.ts';
import type { Row } from './link.ts';

/** `Waiting for table metadata lock`, `Waiting for global read lock`, `Waiting for table flush`, `User lock` ... */
const LOCK_WAIT = /^(?:waiting for (?:.*\block\b.*|table flush)|user lock)$/i;

export const isIdle = (row: Row): boolean => row.command === 'Sleep';

/**
 * Of a multi-statement query the server shows the statement that runs now, and TIME begins anew with each of them
 * (measured on MySQL 9.7 and MariaDB 10.11). A wait for a row shows as `updating`: only InnoDB's own tables tell it.
 */
export const backendOf = (pid: number, row: Row | undefined, blockedBy: readonly number[] = []): Backend => ({
  pid,
  applicationName: '',
  user: row?.user ?? null,
  state: row === undefined ? null : isIdle(row) ? 'idle' : 'active',
  query: row?.query ?? null,
  waiting: row !== undefined && LOCK_WAIT.test(row.state ?? '') ? (row.state ?? null) : null,
  ageMs: row === undefined || isIdle(row) || !row.age ? null : Number(row.age),
  blockedBy,
});
