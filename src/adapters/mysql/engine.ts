import { type ConnectionUrl, parseConnectionUrl } from '../../domain/connection-url.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import type { Engine, Session, Studies } from '../../ports/engine.ts';
import { readActivity } from './activity.ts';
import { readClock } from './clock.ts';
import { openSession } from './connect.ts';
import { type Counting, readCounting } from './counters.ts';
import { readFacts, readWrites } from './facts.ts';
import { readHistory } from './history.ts';
import { readIdentity } from './identity.ts';
import { createInterventions } from './interventions.ts';
import { Ours } from './ours.ts';
import { readState } from './state.ts';

export interface EngineOptions {
  /** Relative paths in `sslcert` and `sslidentity` start here: the folder of the Prisma schema. */
  readonly baseDirectory?: string;
}

/** The hazard rules and their live questions know PostgreSQL alone. */
const NO_STUDIES: Studies = {
  catalog: async () => {
    throw new GuardError(problem('database-error', 'the hazard rules have no questions for MySQL'));
  },
  ask: async () => ({ state: 'unknown', why: 'such questions are asked of PostgreSQL only' }),
  // MySQL's tables have no owners; rights are granted.
  foreignTables: async () => ({ count: 0, names: [], owners: [] }),
};

async function open(url: ConnectionUrl, baseDirectory: string): Promise<Session> {
  const opened = await openSession(url, baseDirectory);
  const { link, server } = opened;
  const ours = new Ours(server.flavor === 'mariadb');
  let known: Counting | undefined;
  const counting = async (): Promise<Counting> => {
    known ??= await readCounting(link, server);
    return known;
  };
  return {
    facts: () => link.alone(async () => readFacts(opened, await counting())),
    history: () => link.alone(() => readHistory(link)),
    clock: () => link.alone(() => readClock(link, server)),
    writes: () => link.alone(async () => readWrites(link, server, await counting())),
    state: () => link.alone(async () => readState(link, await counting())),
    identity: () => link.alone(() => readIdentity(link, server)),
    activity: () => link.alone(() => readActivity(link, server, ours)),
    intervene: createInterventions(link, server, ours),
    study: NO_STUDIES,
    close: () => link.close(),
  };
}

/**
 * MySQL from 8.0, MariaDB from 10.5 and Aurora MySQL 3 through `mysql2`; measured on MySQL 9.7 and MariaDB 10.11. The guard's sessions never take Prisma's own
 * lock. `connect` ignores the application name, which MySQL does not have.
 */
export function createEngine(options: EngineOptions = {}): Engine {
  return {
    connect: (secret) => open(parseConnectionUrl(secret.reveal()), options.baseDirectory ?? process.cwd()),
  };
}
