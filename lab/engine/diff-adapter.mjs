/** The driver adapter the WebAssembly engine reads the catalog through. Column types: @prisma/driver-adapter-utils. */

/** @typedef {import('./engine-context.mjs').Context} Context */
/** @typedef {{ readonly sql: string, readonly args: readonly unknown[] }} Query */

const TEXT = 7;

/** Type number of the adapter interface by PostgreSQL type id; everything else goes as text. */
const COLUMN_TYPES = new Map([
  [16, 5],
  [18, 6],
  [20, 1],
  [21, 0],
  [23, 0],
  [26, 1],
  [700, 2],
  [701, 3],
  [1000, 69],
  [1002, 70],
  [1003, 71],
  [1005, 64],
  [1007, 64],
  [1009, 71],
  [1015, 71],
  [1016, 65],
  [1028, 65],
]);

/** @param {Context} context */
export function wasmAdapter(context) {
  const connect = async () => ok(adapter(context));
  const identity = { provider: 'postgres', adapterName: 'lab' };
  const noShadow = async () => ({ ok: false, error: { kind: 'GenericJs', id: 0 } });
  return {
    ...identity,
    connect,
    connectToShadowDb: noShadow,
    errorRegistry: { consumeError: () => undefined },
  };
}

/** @param {Context} context */
function adapter(context) {
  return {
    provider: 'postgres',
    adapterName: 'lab',
    getConnectionInfo: () =>
      ok({ schemaName: context.target().schema ?? 'public', supportsRelationJoins: true }),
    queryRaw: async (/** @type {Query} */ query) => ok(await resultSet(context, query)),
    executeRaw: async (/** @type {Query} */ query) => ok((await resultSet(context, query)).rows.length),
    executeScript: async (/** @type {string} */ script) => ok(await (await context.session()).script(script)),
    dispose: async () => ok(undefined),
    errorRegistry: { consumeError: () => undefined },
  };
}

/**
 * @param {Context} context
 * @param {Query} query
 */
async function resultSet(context, query) {
  const session = await context.session();
  const result = await session.raw(query.sql, query.args);
  return {
    columnNames: result.fields.map((field) => field.name),
    columnTypes: result.fields.map((field) => COLUMN_TYPES.get(field.dataTypeID) ?? TEXT),
    rows: result.rows,
  };
}

/**
 * The result shape of the adapter interface.
 * @template T
 * @param {T} value
 */
function ok(value) {
  return { ok: true, value };
}
