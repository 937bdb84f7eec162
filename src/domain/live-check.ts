/** A question about rows that a migration's success hangs on. Names are unquoted; `table` is `schema.table`. */
export type LiveQuestion =
  | { readonly kind: 'duplicates'; readonly table: string; readonly columns: readonly string[] }
  | { readonly kind: 'nulls'; readonly table: string; readonly columns: readonly string[] }
  | { readonly kind: 'rows'; readonly table: string; readonly columns: readonly [] };

/** `unknown`: it took too long, the role may not read the table, or the table is not there yet. */
export type LiveAnswer = 'yes' | 'no' | 'unknown';
