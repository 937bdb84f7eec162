/** One deploy through the product's own path: adapters, parser, `migrate()` with its watch, verdict and replay. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { node24 } from '../../../lab/node24.ts';
import { makeProject, type Project } from '../../../lab/projects/make.ts';
import { createMigrator } from '../../../src/adapters/prisma/migrator.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import type { Dialect } from '../../../src/domain/dialect.ts';
import type { Event } from '../../../src/domain/event.ts';
import { compareHistory } from '../../../src/domain/history.ts';
import { applicationName, type RunIdentity, watchName } from '../../../src/domain/request.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import { Guard } from '../../../src/guard/context.ts';
import { migrate } from '../../../src/guard/steps/migrate.ts';
import { guardedEnvironment, sessionLimits } from '../../../src/guard/urls.ts';
import type { Engine } from '../../../src/ports/engine.ts';
import type { Parser } from '../../../src/ports/parser.ts';
import { nowhereBack } from '../../fakes/absent.ts';
import { request } from '../../fakes/world.ts';
import type { VerdictCase } from './case.ts';
import type { Scene } from './strike.ts';

export interface Seen {
  readonly verdict: Verdict;
  readonly events: readonly Event[];
  /** What a brute-force comparison found to differ. */
  readonly differing: readonly string[];
  readonly tookMs: number;
}

/** Compiled code of the CLI, shared by all runs: a third of its start. */
const compiled = mkdtempSync(join(tmpdir(), 'verdict-'));
export const forget = (): void => rmSync(compiled, { recursive: true, force: true });

export function projectOf({ files }: Pick<VerdictCase, 'files'>, provider: Dialect = 'postgresql'): Project {
  const project = makeProject({ prisma: 7, provider });
  const named = typeof files === 'string' || files instanceof Uint8Array ? { '1_first': files } : files;
  for (const [name, content] of Object.entries(named)) {
    const folder = join(project.dir, 'prisma/migrations', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'migration.sql'), content);
  }
  return project;
}

type Surroundings = Pick<Scene, 'applicationName' | 'cliPid' | 'abort'>;

export interface Deploy {
  readonly project: Project;
  readonly url: string;
  readonly mark: string;
  readonly the: Pick<VerdictCase, 'statementTimeoutMs' | 'lockTimeoutMs' | 'migrationTimeoutMs'>;
  readonly engine: Engine;
  readonly parser: Parser;
  readonly serverVersion: number;
  /** Forces how the engine sends a file; as its version does when left out. */
  readonly mode?: 'whole-file' | 'statement-by-statement';
  /** Starts what goes on beside the migration; the returned function ends it. */
  readonly begin: (around: Surroundings) => Promise<() => Promise<void>>;
}

export async function deploy(order: Deploy): Promise<Pick<Seen, 'verdict' | 'events'>> {
  const { the, project, url, mode, mark, engine, parser } = order;
  const events: Event[] = [];
  const cancel = new AbortController();
  const identity = identityOf(mark);
  const forced = mode === undefined ? {} : { LAB_ENGINE_MODE: mode };
  const migrator = createMigrator({
    workingDirectory: project.dir,
    repositoryRoot: project.dir,
    environment: project.env(url, { ...forced, LAB_CASE: mark, NODE_COMPILE_CACHE: compiled }),
    nodePath: node24,
    scrub: (text) => text,
  });
  const guard = new Guard({
    request: request({
      statementTimeoutMs: the.statementTimeoutMs ?? 20_000,
      lockTimeoutMs: the.lockTimeoutMs ?? 10_000,
      migrationTimeoutMs: the.migrationTimeoutMs ?? 60_000,
      lockRetries: 0,
    }),
    identity,
    ports: {
      clock: systemClock,
      migrator: async () => migrator,
      engine: async () => engine,
      parser: async () => parser,
      recovery: forbidden,
      ...nowhereBack,
      secrets: forbidden,
      commands: forbidden,
      notifier: forbidden,
      analyser: forbidden,
      workspace: forbidden,
      review: forbidden,
    },
    voice: { message: () => ({ text: '', blocks: [] }) },
    environment: {},
    onEvent: (event) => events.push(event),
    onSecret: () => undefined,
    cancelled: cancel.signal,
  });
  const asFound = await migrator.project();
  const found =
    mode === undefined ? asFound : { ...asFound, splitsStatements: mode === 'statement-by-statement' };
  const environment = guardedEnvironment(
    { primary: 'DATABASE_URL', given: { DATABASE_URL: new Secret(url) } },
    sessionLimits(guard, order.serverVersion),
  );
  const secret = new Secret(environment.DATABASE_URL ?? '');
  const session = await engine.connect(secret, watchName(identity));
  guard.emit({ type: 'observed-database', database: await session.facts() });
  const state = await session.state();
  const { lsn } = await session.clock();
  await session.close();
  const { pending } = compareHistory(found, state.history);
  const files = await Promise.all(
    pending.map(async ({ name }) => parser.parse(name, await migrator.script(found, name))),
  );
  const end = await order.begin({
    applicationName: applicationName(identity),
    cliPid: () => events.findLast((event) => event.type === 'migrator-started')?.pid,
    abort: () => cancel.abort(),
  });
  try {
    const point = { time: new Date().toISOString(), lsn, state };
    const verdict = await migrate(guard, { project: found, pending, files, url: secret, environment, point });
    return { verdict, events };
  } finally {
    await end();
  }
}

const forbidden = async (): Promise<never> => {
  throw new Error('a verdict needs no cloud, no secret, no command and no message');
};

const identityOf = (mark: string): RunIdentity => ({
  runId: mark,
  attempt: '1',
  repository: 'acme/shop',
  sha: 'c0ffee12',
  actor: 'mira',
  workflow: 'deploy',
  serverUrl: 'https://github.com',
});
