/**
 * JSON-RPC, one line per message, on stdin and stdout, and the engine's manners when it is told to stop: since 6.10.0 a signal
 * waits for the running file, at most four seconds, and a closed stdin waits for it without limit; no CancelRequest is ever
 * sent. Before 6.10.0 there are no signal handlers and a closed stdin ends the process at once.
 */
import { createInterface } from 'node:readline';
import { applyMigrations } from './apply.mjs';
import { Context } from './engine-context.mjs';
import { EngineError } from './errors.mjs';
import {
  diagnoseMigrationHistory,
  getDatabaseVersion,
  listMigrationDirectories,
  markMigrationApplied,
  markMigrationRolledBack,
} from './history-commands.mjs';
import { log } from './probe.mjs';

/** @typedef {{ readonly id?: number, readonly method?: string, readonly params?: never, readonly result?: unknown }} Message */

/** @type {Readonly<Record<string, (context: Context, params: never) => unknown>>} */
const METHODS = {
  applyMigrations,
  markMigrationApplied,
  markMigrationRolledBack,
  diagnoseMigrationHistory,
  listMigrationDirectories: (_, params) => listMigrationDirectories(params),
  getDatabaseVersion,
  ensureConnectionValidity: async (context) => {
    await context.session();
    return {};
  },
  diff: async (context, params) => (await import('./diff.mjs')).diff(context, params),
};

/** @param {import('./schema-engine.mjs').Arguments} given */
export function serve(given) {
  log('INFO', 'Starting schema engine RPC server');
  /** @type {Map<number, () => void>} */
  const printed = new Map();
  let prints = 0;
  let closed = false;
  const context = new Context(given, (content) => {
    // The native engine panics here once the CLI is gone, after the row of the next file was inserted.
    if (closed) return panic();
    prints += 1;
    send({ jsonrpc: '2.0', method: 'print', params: { content }, id: prints });
    return new Promise((resolve) => printed.set(prints, () => resolve(undefined)));
  });
  /** @type {Promise<void>} */
  let running = Promise.resolve();
  const input = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  input.on('line', (line) => {
    /** @type {Message} */
    const message = JSON.parse(line);
    if (message.method === undefined) printed.get(message.id ?? 0)?.();
    else running = running.then(() => answer(context, message));
  });
  input.on('close', () => {
    closed = true;
    for (const resolve of printed.values()) resolve();
    if (!context.habits.gracefulShutdown) process.exit(0);
    void running.then(() => context.close()).then(() => process.exit(0));
  });
  if (context.habits.gracefulShutdown) obeySignals(() => running);
}

/** @param {() => Promise<void>} running */
function obeySignals(running) {
  const patience = Number(process.env.PRISMA_GRACEFUL_SHUTDOWN_TIMEOUT ?? 4000);
  const stop = () => {
    setTimeout(() => process.exit(1), patience);
    void running().then(() => process.exit(1));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/**
 * @param {Context} context
 * @param {Message} message
 */
async function answer(context, message) {
  const command = METHODS[message.method ?? ''];
  try {
    if (command === undefined) throw new EngineError(undefined, `The lab's engine has no ${message.method}.`);
    const result = await command(context, /** @type {never} */ (message.params ?? {}));
    send({ jsonrpc: '2.0', result, id: message.id });
  } catch (error) {
    send({ jsonrpc: '2.0', error: described(error), id: message.id });
  }
}

/** @param {unknown} error */
function described(error) {
  const message = 'An error happened. Check the data field for details.';
  const cause = error instanceof Error ? error : new Error(String(error));
  const known = cause instanceof EngineError && cause.code !== undefined;
  const data = known
    ? { is_panic: false, message: cause.message, meta: cause.meta, error_code: cause.code }
    : { is_panic: false, message: cause.message, backtrace: null };
  return { code: 4466, message, data };
}

/** @param {Readonly<Record<string, unknown>>} message */
function send(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** @returns {Promise<never>} */
function panic() {
  log('ERROR', 'called `Result::unwrap()` on an `Err` value', { is_panic: true });
  process.exit(101);
}
