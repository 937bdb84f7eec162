/**
 * `diff`, by the engine compiled to WebAssembly: comparing schemas is the same code there, and it sends only catalog queries
 * through the adapter. Sources that need a shadow database are refused.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { databaseOf } from './database.mjs';
import { providerOf } from './datasource.mjs';
import { EngineError } from './errors.mjs';
import { log } from './probe.mjs';

/** @typedef {import('@prisma/schema-engine-wasm').DiffParams} DiffParams */

/**
 * @param {import('./engine-context.mjs').Context} context
 * @param {DiffParams} params
 * @returns {Promise<import('@prisma/schema-engine-wasm').DiffResult>}
 */
export async function diff(context, params) {
  for (const source of [params.from, params.to]) {
    if (source.tag === 'migrations') {
      throw new EngineError(
        undefined,
        "The lab's engine has no shadow database: diff cannot read migrations.",
      );
    }
  }
  for (const source of [params.from, params.to]) {
    if (source.tag === 'schemaDatasource') context.lookIn(source.files.map(({ path }) => path));
  }
  const adapter = await adapterFor(context, params);
  exitOnPanic();
  const { SchemaEngine } = await load();
  const engine = await SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
  const from = withoutUrls(params.from);
  const to = withoutUrls(params.to);
  // Version 5 knows no filters yet.
  const filters = params.filters ?? { externalTables: [], externalEnums: [] };
  const result = await engine.diff({ ...params, from, to, filters });
  // The CLI expects the text as a `print` request, and nothing in the answer.
  await context.print((result.stdout ?? '').replace(/\n$/, ''));
  return { exitCode: result.exitCode, stdout: null };
}

/**
 * @param {import('./engine-context.mjs').Context} context
 * @param {DiffParams} params
 */
async function adapterFor(context, params) {
  const provider = providerOf([...contentsOf(params.from), ...contentsOf(params.to), ...context.schemas()]);
  const { adapter } = await databaseOf(provider);
  if (adapter !== undefined) return adapter(context);
  const reason = `the WebAssembly build of Prisma's engine does not know ${provider}`;
  throw new EngineError(undefined, `The lab's engine cannot compare schemas here: ${reason}.`);
}

/** A panic of the WebAssembly build cannot be caught; the native engine ends with this code too. */
function exitOnPanic() {
  const registry = {
    set_message: (/** @type {string} */ message) => {
      log('ERROR', message, { is_panic: true });
      process.exit(101);
    },
  };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: registry });
}

/**
 * @param {DiffParams['from']} source
 * @returns {readonly string[]}
 */
const contentsOf = (source) => ('files' in source ? source.files.map(({ content }) => content) : []);

/**
 * The engine is one of version 8, which takes no URL in a schema; versions 5 and 6 have it there.
 * @param {DiffParams['from']} source
 * @returns {DiffParams['from']}
 */
const withoutUrls = (source) =>
  'files' in source
    ? {
        ...source,
        files: source.files.map((file) => ({
          ...file,
          content: file.content.replace(/^\s*(?:url|directUrl|shadowDatabaseUrl)\s*=.*$/gm, ''),
        })),
      }
    : source;

/** @returns {Promise<typeof import('@prisma/schema-engine-wasm')>} */
async function load() {
  const glue = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const imports = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = readFileSync(join(dirname(glue), 'schema_engine_bg.wasm'));
  /** @type {{ instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }> }} */
  const webAssembly = Reflect.get(globalThis, 'WebAssembly');
  const { instance } = await webAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...imports } });
  imports.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') start();
  return imports;
}
