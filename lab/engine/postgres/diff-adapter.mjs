/** The driver adapter the WebAssembly engine reads the catalog through. */
import { readUrl } from './connection-url.mjs';

/** @typedef {import('../engine-context.mjs').Context} Context */
/** @typedef {{ readonly sql: string, readonly args: readonly unknown[] }} Query */

/**
 * A comparison of two schema files never asks for the session.
 * @param {Context} context
 */
export function wasmAdapter(context) {
  const identity = { provider: 'postgres', adapterName: 'lab' };
  const noShadow = async () => ({ ok: false, error: { kind: 'GenericJs', id: 0 } });
  return {
    ...identity,
    connect: async () => ok({ ...identity, ...adapter(context) }),
    connectToShadowDb: noShadow,
    errorRegistry: { consumeError: () => undefined },
  };
}

/** @param {Context} context */
function adapter(context) {
  const session = async () => /** @type {import('./session.mjs').Session} */ (await context.session());
  const read = async (/** @type {Query} */ query) => await (await session()).read(query);
  return {
    getConnectionInfo: () =>
      ok({ schemaName: readUrl(context.datasource().url).schema ?? 'public', supportsRelationJoins: true }),
    queryRaw: async (/** @type {Query} */ query) => ok(await read(query)),
    executeRaw: async (/** @type {Query} */ query) => ok((await read(query)).rows.length),
    executeScript: async (/** @type {string} */ script) => ok(await (await session()).script(script)),
    dispose: async () => ok(undefined),
    errorRegistry: { consumeError: () => undefined },
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
