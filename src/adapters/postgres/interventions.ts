import type { Interventions, ReplayedError } from '../../ports/engine.ts';
import { codeOfProblem } from '../database/failure.ts';
import { OWN_LOCK_MS, OWN_STATEMENT_MS } from './connect.ts';
import type { Link } from './link.ts';
import { takeOwnLock } from './own-lock.ts';
import { failureOf, queryProblem } from './problems.ts';

const DROP_MS = 60_000;
const SLACK_MS = 10_000;
const CANCELLED = '57014';

async function stop(link: Link, applicationName: string, how: 'cancel' | 'terminate'): Promise<number> {
  // An idle backend has nothing to cancel; the signal could only hit its next statement.
  const [call, which] =
    how === 'cancel'
      ? ['pg_cancel_backend', `AND state IS DISTINCT FROM 'idle'`]
      : ['pg_terminate_backend', ''];
  const [row = {}] = await link.rows(
    `WITH found AS MATERIALIZED (SELECT pid FROM pg_stat_activity WHERE application_name = $1
        AND datname = current_database() AND pid <> pg_backend_pid() ${which})
     SELECT count(*) FILTER (WHERE ${call}(pid)) AS asked FROM found`,
    [applicationName],
    { purpose: `${how} the migration's backends` },
  );
  return Number(row.asked);
}

async function stillInvalid(link: Link, name: string): Promise<string | undefined> {
  const [row] = await link.rows(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = to_regclass($1) AND NOT i.indisvalid AND c.relkind = 'i'`,
    [name],
    { purpose: 'check an invalid index' },
  );
  return row?.name ?? undefined;
}

async function dropInvalidIndex(link: Link, name: string): Promise<boolean> {
  const found = await stillInvalid(link, name);
  if (found === undefined) return false;
  const purpose = `drop the invalid index ${found}`;
  await link.batch([`SET statement_timeout = ${DROP_MS}`], { purpose });
  try {
    await link.batch([`DROP INDEX CONCURRENTLY ${found}`], { purpose, patienceMs: DROP_MS + SLACK_MS });
    return true;
  } catch (error) {
    // Somebody else was faster: gone is what was wanted.
    if (codeOfProblem(error) === '42P01') return false;
    throw error;
  } finally {
    await link.batch([`SET statement_timeout = ${OWN_STATEMENT_MS}`], { purpose }).catch(() => undefined);
  }
}

/** Statements that would end the transaction, whatever comments stand before them. */
const ENDS_TRANSACTION =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:begin|start|commit|end|rollback|abort|prepare\s+transaction)\b/i;

type Limits = { readonly totalMs: number; readonly lockMs: number };

async function replayed(
  link: Link,
  statements: readonly string[],
  limits: Limits,
): Promise<ReplayedError | undefined> {
  const deadline = Date.now() + limits.totalMs;
  for (const [index, statement] of statements.entries()) {
    const left = deadline - Date.now();
    if (left <= 0) return undefined;
    await link.batch([`SET LOCAL statement_timeout = ${Math.max(1, Math.floor(left))}`], {
      purpose: 'replay',
    });
    try {
      await link.single(statement, left + SLACK_MS);
    } catch (error) {
      const { code, message } = failureOf(error);
      if (code === CANCELLED && Date.now() >= deadline - 1) return undefined;
      if (!/^[0-9A-Z]{5}$/.test(code)) throw queryProblem(error, 'replay');
      return { index, code, message };
    }
    if (!link.inTransaction) return undefined;
  }
  return undefined;
}

async function replay(
  link: Link,
  statements: readonly string[],
  limits: Limits,
): Promise<ReplayedError | undefined> {
  if (statements.some((statement) => ENDS_TRANSACTION.test(statement))) return undefined;
  const purpose = 'replay';
  await link.batch(['BEGIN', `SET LOCAL lock_timeout = ${Math.max(1, Math.floor(limits.lockMs))}`], {
    purpose,
  });
  try {
    return await replayed(link, statements, limits);
  } finally {
    await link.batch(['ROLLBACK'], { purpose }).catch(() => link.destroy());
    await restoreSession(link);
  }
}

/** A replayed `SET` is undone by ROLLBACK; this is for a statement that found a way around it. */
const restoreSession = async (link: Link): Promise<void> => {
  await link
    .batch([`SET statement_timeout = ${OWN_STATEMENT_MS}`, `SET lock_timeout = ${OWN_LOCK_MS}`], {
      purpose: 'set the limits of the guard itself',
    })
    .catch(() => undefined);
};

export const createInterventions = (link: Link): Interventions => ({
  lock: () => link.alone(() => takeOwnLock(link)),
  stop: (applicationName, how) => link.alone(() => stop(link, applicationName, how)),
  dropInvalidIndex: (name) => link.alone(() => dropInvalidIndex(link, name)),
  replay: (statements, limits) => link.alone(() => replay(link, statements, limits)),
});
