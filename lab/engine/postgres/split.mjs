/** Since 7.4.0 the engine sends a file statement by statement, or in one piece when it cannot tell the statements apart. */

/**
 * The native engine splits with the `sqlparser` crate and falls back to one batch when the file holds BEGIN or COMMIT or
 * when the crate cannot parse a statement. Here PostgreSQL's own parser finds the boundaries, so the crate's gaps have to be
 * named: DROP INDEX CONCURRENTLY is the one that is documented (prisma-engines, pull request 5847).
 * @param {string} script
 * @returns {Promise<readonly string[]>} the simple queries to send, in order
 */
export async function statementsOf(script) {
  if (/^[^;]*;?\s*$/.test(script)) return [script];
  // Loaded here because half a second of WebAssembly is more than the rest of the engine needs to start.
  const { parse } = await import('libpg-query');
  const parsed = await parse(script).catch(() => undefined);
  const raw = parsed?.stmts ?? [];
  if (raw.length < 2 || raw.some(({ stmt }) => keepsFileWhole(stmt))) return [script];
  const bytes = Buffer.from(script);
  let start = 0;
  return raw.map(({ stmt_location: location = 0, stmt_len: length = 0 }) => {
    // Offsets are in bytes; a comment before a statement travels with it.
    const end = length === 0 ? bytes.length : location + length;
    const text = bytes.subarray(start, end).toString().trim();
    start = end + 1;
    return text;
  });
}

/** @param {unknown} statement a node of the parse tree */
function keepsFileWhole(statement) {
  const [[kind, body] = ['', {}]] = Object.entries(statement ?? {});
  return kind === 'TransactionStmt' || (kind === 'DropStmt' && body.concurrent === true);
}
