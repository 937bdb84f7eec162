import type { HistoryRow } from '../../src/domain/facts.ts';
import type { Act } from '../fakes/backend-run.ts';
import { checksumOf, type Script, textOf } from '../fakes/migrator.ts';
import type { World } from '../fakes/world.ts';

/** One file, one statement. */
export const ADD_STATUS: Script = {
  name: '20260101000000_status',
  acts: [
    {
      sql: 'ALTER TABLE orders ADD COLUMN status text',
      ms: 200,
      change: { objects: { 'column public.orders.status': 'text' } },
    },
  ],
};

export const BACKFILL: Script = {
  name: '20260102000000_backfill',
  acts: [{ sql: "UPDATE orders SET status = 'new'", ms: 900, change: { rows: ['orders'] } }],
};

const UNIQUE = { code: '23505', message: 'could not create unique index "users_mail_key"' };

/** DDL, then a statement that fails. */
export const HALF: Script = {
  name: '20260103000000_half',
  acts: [
    {
      sql: 'CREATE TABLE coupons (id int)',
      ms: 100,
      change: { objects: { 'table public.coupons': 'id int' } },
    },
    { sql: 'CREATE UNIQUE INDEX users_mail_key ON users (mail)', ms: 400, error: UNIQUE },
  ],
};

export const SPIKE = (ms: number): Act => ({
  sql: 'UPDATE users SET mail = lower(mail)',
  ms,
  change: { rows: ['users'] },
});

export const one = (act: Act, name = '20260104000000_one'): Script => ({ name, acts: [act] });

/** Puts a row for the script into the history, as an earlier deploy left it. */
export function applied(world: World, script: Script, change: Partial<HistoryRow> = {}): void {
  const at = world.database.now() - 3_600_000;
  const row: HistoryRow = {
    id: `earlier-${script.name}`,
    name: script.name,
    checksum: checksumOf(textOf(script)),
    startedAt: at,
    finishedAt: at + 10,
    rolledBackAt: null,
    logs: null,
    ...change,
  };
  world.database.history((rows) => [...rows, row], 'application');
}
