import pg from 'pg';
import type { ConnectionUrl } from '../../domain/connection-url.ts';
import { type Asked, CLOSE_MS, connectMs, PATIENCE_MS, type Row } from '../database/rows.ts';
import { failureOf, queryProblem } from './problems.ts';
import type { Transport } from './transport.ts';

export type { Asked, Row } from '../database/rows.ts';

/** The parts of `pg.Client` that its types leave out. */
interface Inside {
  readonly connectionParameters: Record<string, unknown>;
  readonly connection: { readonly stream: { destroy(): void } };
  getTransactionStatus(): string | null;
}

const inside = (client: pg.Client): Inside => client as unknown as Inside;

function newClient(url: ConnectionUrl, transport: Transport, applicationName: string): pg.Client {
  const client = new pg.Client({
    host: url.host,
    port: url.port,
    user: url.user,
    database: url.database,
    // A function, because pg would replace an empty text by PGPASSWORD or ~/.pgpass.
    password: () => url.password,
    ssl: transport.tls ?? false,
    sslnegotiation: 'postgres',
    connectionTimeoutMillis: connectMs(url),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: () => (value: string) => value },
  } as pg.ClientConfig);
  // pg fills empty fields from PGOPTIONS, PGAPPNAME and others; Prisma ignores these, so the guard must as well.
  Object.assign(inside(client).connectionParameters, {
    options: url.parameters.options ?? '',
    application_name: applicationName,
    client_encoding: 'UTF8',
    replication: undefined,
  });
  return client;
}

/** A connection on which one conversation runs at a time. A dead server shows as `database-lost`, never as an event. */
export class Link {
  readonly #client: pg.Client;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** Rejects with the driver's own error. */
  static async open(url: ConnectionUrl, transport: Transport, applicationName: string): Promise<Link> {
    const client = newClient(url, transport, applicationName);
    // Without a listener Node ends the process when the server does. The next query reports the loss.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      inside(client).connection.stream.destroy();
      throw error;
    }
    return new Link(client);
  }

  /** Runs `conversation` when no other is running, so that transactions do not mix. */
  alone<Value>(conversation: () => Promise<Value>): Promise<Value> {
    const turn = this.#turn.then(conversation);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** One statement with parameters. Call it inside {@link alone}. */
  async rows(sql: string, values: readonly unknown[], asked: Asked): Promise<readonly Row[]> {
    return (await this.#ask({ text: sql, values: [...values] }, asked))[0] ?? [];
  }

  /** Several statements in one message; the rows of each. Call it inside {@link alone}. */
  batch(statements: readonly string[], asked: Asked): Promise<readonly (readonly Row[])[]> {
    return this.#ask({ text: statements.join(';\n') }, asked);
  }

  /** A single statement in the extended protocol, which takes no second one. Rejects with the driver's error. */
  async single(sql: string, patienceMs: number): Promise<void> {
    await this.#client.query({
      text: sql,
      queryMode: 'extended',
      query_timeout: patienceMs,
    } as pg.QueryConfig);
  }

  /** True while a transaction is open, also a failed one. */
  get inTransaction(): boolean {
    return inside(this.#client).getTransactionStatus() !== 'I';
  }

  async #ask(query: pg.QueryConfig, asked: Asked): Promise<readonly (readonly Row[])[]> {
    const patient = { ...query, query_timeout: asked.patienceMs ?? PATIENCE_MS };
    try {
      const result: unknown = await this.#client.query(patient);
      return (Array.isArray(result) ? result : [result]).map((each: pg.QueryResult<Row>) => each.rows);
    } catch (error) {
      // The answer may still come: this connection cannot be used for a second question.
      if (failureOf(error).message === 'Query read timeout') this.destroy();
      throw queryProblem(error, asked.purpose);
    }
  }

  destroy(): void {
    inside(this.#client).connection.stream.destroy();
  }

  /** Never throws and never waits for a dead server. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.destroy(), CLOSE_MS);
    await this.#client.end().catch(() => undefined);
    clearTimeout(timer);
  }
}
