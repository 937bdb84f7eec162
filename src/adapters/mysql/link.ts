import { type Connection, type ConnectionOptions, createConnection } from 'mysql2';
import type { ConnectionUrl } from '../../domain/connection-url.ts';
import { type Asked, CLOSE_MS, connectMs, PATIENCE_MS, type Row } from '../database/rows.ts';
import { IMPATIENT, queryProblem } from './problems.ts';
import type { Transport } from './transport.ts';

export type { Asked, Row } from '../database/rows.ts';

/**
 * `LOCAL_FILES` is off in the handshake and no stream factory is given, so that no server can ask for a file of the
 * runner (LOAD DATA LOCAL). `FOUND_ROWS`, `IGNORE_SPACE` and `ODBC` are defaults of the driver that change semantics.
 */
const FLAGS = ['-LOCAL_FILES', '-FOUND_ROWS', '-IGNORE_SPACE', '-ODBC'];

const optionsOf = (url: ConnectionUrl, transport: Transport): ConnectionOptions => ({
  ...(transport.socket === undefined ? { host: url.host, port: url.port } : { socketPath: transport.socket }),
  user: url.user,
  password: url.password,
  database: url.database,
  ...(transport.tls === undefined ? {} : { ssl: transport.tls as object }),
  connectTimeout: connectMs(url),
  enableKeepAlive: true,
  keepAliveInitialDelay: 10_000,
  charset: 'UTF8MB4_GENERAL_CI',
  multipleStatements: true,
  dateStrings: true,
  // Everything as text, in the form in which the server prints it.
  typeCast: (field) => field.string('utf8'),
  disableEval: true,
  flags: FLAGS,
});

const rowsOf = (result: unknown): readonly Row[] => (Array.isArray(result) ? (result as Row[]) : []);

/** A connection on which one conversation runs at a time. A dead server shows as `database-lost`, never as an event. */
export class Link {
  readonly #connection: Connection;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Rejects with the driver's own error. */
  static async open(url: ConnectionUrl, transport: Transport): Promise<Link> {
    const connection = createConnection(optionsOf(url, transport));
    // Without a listener Node ends the process when the server does. The next query reports the loss.
    connection.on('error', () => undefined);
    try {
      await new Promise<void>((resolve, reject) => {
        connection.connect((error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      connection.destroy();
      throw error;
    }
    return new Link(connection);
  }

  /** Runs `conversation` when no other is running, so that locks and results do not mix. */
  alone<Value>(conversation: () => Promise<Value>): Promise<Value> {
    const turn = this.#turn.then(conversation);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** One statement. Call it inside {@link alone}. */
  async rows(sql: string, asked: Asked): Promise<readonly Row[]> {
    return (await this.batch([sql], asked))[0] ?? [];
  }

  /**
   * Several statements in one message; the rows of each, none for those that have no result. The server stops at the
   * first error. Call it inside {@link alone}.
   */
  async batch(statements: readonly string[], asked: Asked): Promise<readonly (readonly Row[])[]> {
    try {
      const result = await this.#ask(statements.join(';\n'), asked.patienceMs ?? PATIENCE_MS);
      return statements.length === 1 ? [rowsOf(result)] : (result as readonly unknown[]).map(rowsOf);
    } catch (error) {
      throw queryProblem(error, asked.purpose);
    }
  }

  #ask(sql: string, patienceMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        // The answer may still come: this connection cannot be used for a second question.
        this.destroy();
        reject(Object.assign(new Error('the server did not answer in time'), { code: IMPATIENT }));
      }, patienceMs);
      this.#connection.query(sql, (error, result) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve(result);
      });
    });
  }

  destroy(): void {
    this.#connection.destroy();
  }

  /** Never throws and never waits for a dead server. The server frees locks some time after a goodbye, so they go first. */
  async close(): Promise<void> {
    await this.#ask('DO RELEASE_ALL_LOCKS()', CLOSE_MS).catch(() => undefined);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CLOSE_MS);
      this.#connection.end(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.destroy();
  }
}
