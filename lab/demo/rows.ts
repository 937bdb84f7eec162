/** The rows of the demo shop: written, copied, compared. */
import type { Cluster } from '../postgres/index.ts';

export interface Rows {
  readonly customers: readonly string[];
  readonly orders: readonly string[];
}

/** 200 customers with 600 orders between them. */
export async function fillShop(cluster: Cluster): Promise<void> {
  await cluster.query(`
    INSERT INTO customers (email, name) SELECT 'customer' || n || '@example.org', 'Customer ' || n FROM generate_series(1, 200) n;
    INSERT INTO orders (customer_id, total_cents, status)
      SELECT 1 + n % 200, 1000 + n * 7, 'paid' FROM generate_series(1, 600) n`);
}

/** Every row as one line of text. A table that is gone has none. */
export async function readRows(cluster: Cluster): Promise<Rows> {
  return { customers: await lines(cluster, 'customers'), orders: await lines(cluster, 'orders') };
}

async function lines(cluster: Cluster, table: 'customers' | 'orders'): Promise<readonly string[]> {
  const [found] = await cluster.query(`SELECT to_regclass('${table}') IS NOT NULL AS there`);
  if (found?.there !== true) return [];
  const rows = await cluster.query(`SELECT row_to_json(t)::text AS line FROM ${table} t ORDER BY id`);
  return rows.map((row) => String(row.line));
}

/** How many lines of `wanted` are missing or different in `got`, and how many are too many. */
export function compareRows(
  wanted: readonly string[],
  got: readonly string[],
): { readonly missing: number; readonly surplus: number } {
  const [have, want] = [new Set(got), new Set(wanted)];
  return {
    missing: wanted.filter((line) => !have.has(line)).length,
    surplus: got.filter((line) => !want.has(line)).length,
  };
}
