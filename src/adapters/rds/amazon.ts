import { RDSClient } from '@aws-sdk/client-rds';
import type { Clock } from '../../ports/clock.ts';
import type { Fleet, Proxies, Settings } from '../../ports/fleet.ts';
import type { Recovery } from '../../ports/recovery.ts';
import { createAsk, type RetryLimits, type RetryNote } from '../aws/ask.ts';
import { clientOptions } from '../aws/client.ts';
import { createFleet } from './fleet.ts';
import { createProxies } from './proxies.ts';
import type { Reach } from './reach.ts';
import { createRecovery } from './recovery.ts';
import { createSettings } from './settings-mend.ts';

export interface AmazonOptions {
  /** Undefined leaves the choice to AWS_REGION and AWS_DEFAULT_REGION. */
  readonly region?: string | undefined;
  /** What the identifiers that are asked for name. */
  readonly targetKind: 'instance' | 'cluster';
  readonly clock: Clock;
  readonly onRetry: (note: RetryNote) => void;
  readonly limits?: Partial<RetryLimits>;
  /** How long one call may stay without an answer. Default 30 seconds. */
  readonly answerMs?: number;
}

/** Everything we ask of Amazon RDS, over one client. */
export interface Amazon {
  readonly recovery: Recovery;
  readonly fleet: Fleet;
  readonly settings: Settings;
  readonly proxies: Proxies;
}

/** Throws `input-missing` when no region is known. */
export function createAmazon(options: AmazonOptions): Amazon {
  const client = new RDSClient(clientOptions(options.region, options.answerMs));
  const ask = createAsk(options);
  const { clock, onRetry, targetKind } = options;
  const reach: Reach = { client, ask, clock, onRetry, targetKind };
  return {
    recovery: createRecovery(reach),
    fleet: createFleet(reach),
    settings: createSettings(reach),
    proxies: createProxies(reach),
  };
}
