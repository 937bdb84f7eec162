import { parseConnectionUrl } from '../../domain/connection-url.ts';
import type { Engine, Session } from '../../ports/engine.ts';
import { readActivity } from './activity.ts';
import { askLive } from './catalog-facts/live.ts';
import { readForeignTables } from './catalog-facts/owners.ts';
import { readCatalog } from './catalog-facts/read.ts';
import { openSession } from './connect.ts';
import { readClock, readFacts, readWrites } from './facts.ts';
import { readHistory } from './history.ts';
import { readIdentity } from './identity.ts';
import { createInterventions } from './interventions.ts';
import { readState } from './state.ts';

export interface EngineOptions {
  /** Relative paths in `sslcert` and `sslidentity` start here: the folder of the Prisma schema. */
  readonly baseDirectory?: string;
}

/** PostgreSQL 12 to 18 through `pg`. */
export function createEngine(options: EngineOptions = {}): Engine {
  return {
    async connect(secret, applicationName): Promise<Session> {
      const url = parseConnectionUrl(secret.reveal());
      const name = applicationName ?? url.parameters.application_name ?? '';
      const { link, settings } = await openSession(url, options.baseDirectory ?? process.cwd(), name);
      return {
        facts: () => link.alone(() => readFacts(link, settings)),
        history: () => link.alone(() => readHistory(link)),
        clock: () => link.alone(() => readClock(link)),
        writes: () => link.alone(() => readWrites(link)),
        state: () => link.alone(() => readState(link)),
        identity: () => link.alone(() => readIdentity(link)),
        activity: (watched) => link.alone(() => readActivity(link, watched)),
        intervene: createInterventions(link),
        study: {
          catalog: () => link.alone(() => readCatalog(link)),
          ask: (question) => link.alone(() => askLive(link, question)),
          foreignTables: () => link.alone(() => readForeignTables(link)),
        },
        close: () => link.close(),
      };
    },
  };
}
