import { createHash } from 'node:crypto';
import { parseConnectionUrl } from '../../src/domain/connection-url.ts';
import type { Drift } from '../../src/domain/drift.ts';
import type { MigratorEnd } from '../../src/domain/event.ts';
import type { HistoryRow, MigrationOnDisk, ProjectFacts } from '../../src/domain/facts.ts';
import { isApplied, isOpen } from '../../src/domain/history.ts';
import type { EngineProbe, Migrator, MigratorProcess, UrlEnvironment } from '../../src/ports/migrator.ts';
import { type Act, FakeBackendRun } from './backend-run.ts';
import type { FakeDatabase } from './database.ts';
import { applying, CLOSED, hidden, NOTHING, opening, p3018, type ServerError, success } from './output.ts';

export interface Script {
  readonly name: string;
  readonly acts: readonly Act[];
}

export const textOf = (script: Script): string => script.acts.map((act) => `${act.sql};\n`).join('');
export const checksumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const onDisk = (script: Script): MigrationOnDisk => ({
  name: script.name,
  path: `prisma/migrations/${script.name}/migration.sql`,
  checksums: [checksumOf(textOf(script))],
  bytes: textOf(script).length,
});

/** The Prisma CLI with its engine, played over virtual time against a fake database. */
export class FakeMigrator implements Migrator {
  scripts: readonly Script[];
  readonly database: FakeDatabase;
  splits = false;
  unreadable: readonly string[] = [];
  /** After its work the CLI prints its result and stays. */
  hangs = false;
  resolveFails = false;
  projectFails: Error | undefined;
  /** Replaces the URL that Prisma would use. */
  elsewhere: string | undefined;
  drifted: Drift = { state: 'none' };
  engineProbe: EngineProbe = { found: true, version: 'schema-engine-cli fake' };
  readonly rounds: UrlEnvironment[] = [];
  readonly resolved: string[] = [];
  killed = 0;
  readonly #variable: string;

  constructor(database: FakeDatabase, scripts: readonly Script[], variable = 'DATABASE_URL') {
    this.database = database;
    this.scripts = scripts;
    this.#variable = variable;
  }

  drift = async (): Promise<Drift> => this.drifted;
  engine = async (): Promise<EngineProbe> => this.engineProbe;

  async project(): Promise<ProjectFacts> {
    if (this.projectFails !== undefined) throw this.projectFails;
    return {
      directory: '/shop',
      cli: '/shop/node_modules/prisma/build/index.js',
      prismaVersion: this.splits ? '7.10.1' : '6.19.3',
      prismaMajor: this.splits ? 7 : 6,
      splitsStatements: this.splits,
      schemaPath: '/shop/prisma/schema.prisma',
      configPath: undefined,
      migrationsPath: '/shop/prisma/migrations',
      migrations: this.scripts.map(onDisk),
      unreadable: this.unreadable,
      lockProvider: 'postgresql',
      urlEnv: [this.#variable],
    };
  }

  async script(_project: ProjectFacts, migration: string): Promise<Uint8Array> {
    const script = this.scripts.find((each) => each.name === migration);
    if (script === undefined) throw new Error(`the test knows no migration ${migration}`);
    return new TextEncoder().encode(textOf(script));
  }

  async effectiveUrl(_project: ProjectFacts, environment: UrlEnvironment): Promise<string | undefined> {
    return this.elsewhere ?? environment[this.#variable];
  }

  adopt(): MigratorProcess {
    throw new Error('no test adopts a process');
  }

  deploy(
    _project: ProjectFacts,
    environment: UrlEnvironment,
    onLine: (line: string) => void,
  ): MigratorProcess {
    this.rounds.push(environment);
    let resolve: (end: MigratorEnd) => void = () => undefined;
    const ended = new Promise<MigratorEnd>((settle) => {
      resolve = settle;
    });
    const lines: string[] = [];
    const cli = { alive: true };
    const print = (...printed: readonly string[]): void => {
      if (!cli.alive) return;
      lines.push(...printed);
      for (const line of printed) onLine(line);
    };
    const end = (exitCode: number | null, signal: string | null): void => {
      cli.alive = false;
      resolve({ exitCode, signal, output: lines.join('\n') });
    };
    const url = environment[this.#variable];
    if (url === undefined) throw new Error(`Prisma was not given ${this.#variable}`);
    void this.#run(url, print, cli).then((code) => {
      if (cli.alive && !(this.hangs && code === 0)) end(code, null);
    });
    return {
      pid: 4000 + this.rounds.length,
      ended,
      kill: async () => {
        if (!cli.alive) return;
        this.killed += 1;
        end(null, 'SIGKILL');
      },
    };
  }

  async markRolledBack(
    _project: ProjectFacts,
    _environment: UrlEnvironment,
    migration: string,
  ): Promise<MigratorEnd> {
    this.resolved.push(migration);
    await this.database.clock.sleep(800);
    if (this.resolveFails) return { exitCode: 1, signal: null, output: 'Error: P3011' };
    const open = (this.database.image.history ?? []).filter((row) => isOpen(row) && row.name === migration);
    if (open.length === 0) return { exitCode: 1, signal: null, output: 'Error: P3012' };
    this.database.history((rows) =>
      rows.map((row) => (open.includes(row) ? { ...row, rolledBackAt: this.database.now() } : row)),
    );
    return { exitCode: 0, signal: null, output: `Migration ${migration} marked as rolled back.` };
  }

  async #run(
    url: string,
    print: (...lines: readonly string[]) => void,
    cli: { alive: boolean },
  ): Promise<number> {
    const { clock } = this.database;
    await clock.sleep(300);
    print(...opening(this.scripts.length));
    if (this.database.down) {
      print("Error: P1001: Can't reach database server at `db.example:5432`");
      return 1;
    }
    if (!cli.alive) return 1;
    const { parameters } = parseConnectionUrl(url);
    const session = new FakeBackendRun(this.database, parameters, this.splits, () => cli.alive);
    try {
      return await this.#apply(session, print, cli);
    } finally {
      session.close();
    }
  }

  async #apply(
    session: FakeBackendRun,
    print: (...lines: readonly string[]) => void,
    cli: { alive: boolean },
  ): Promise<number> {
    const rows = this.database.image.history ?? [];
    if (rows.some(isOpen)) {
      print('Error: P3009', '', 'migrate found failed migrations in the target database');
      return 1;
    }
    const pending = this.scripts.filter(
      (each) => !rows.some((row) => row.name === each.name && isApplied(row)),
    );
    if (pending.length === 0) {
      print(...NOTHING);
      return 0;
    }
    for (const script of pending) {
      if (!cli.alive || session.lost) return 1;
      print(applying(script.name));
      const id = `${script.name}#${this.rounds.length}`;
      session.write((image) => ({ ...image, history: [...(image.history ?? []), this.#row(id, script)] }));
      const error = await session.play(script.acts);
      if (!cli.alive) return 1;
      if (error === 'closed') {
        print(...CLOSED);
        return 1;
      }
      if (error !== undefined) {
        print(...(session.aborted ? hidden(script.name) : p3018(script.name, error)));
        if (!session.aborted) this.#note(session, id, error);
        return 1;
      }
      const finishedAt = this.database.now();
      session.write((image) => ({
        ...image,
        history: (image.history ?? []).map((row) => (row.id === id ? { ...row, finishedAt } : row)),
      }));
    }
    print(...success(pending.map((each) => each.name)));
    return 0;
  }

  #note(session: FakeBackendRun, id: string, { message }: ServerError): void {
    session.write((image) => ({
      ...image,
      history: (image.history ?? []).map((row) =>
        row.id === id ? { ...row, logs: `ERROR: ${message}` } : row,
      ),
    }));
  }

  #row(id: string, script: Script): HistoryRow {
    const checksum = checksumOf(textOf(script));
    return {
      id,
      name: script.name,
      checksum,
      startedAt: this.database.clock.now(),
      finishedAt: null,
      rolledBackAt: null,
      logs: null,
    };
  }
}
