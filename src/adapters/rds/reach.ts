import type { RDSClient } from '@aws-sdk/client-rds';
import type { Clock } from '../../ports/clock.ts';
import type { Ask, RetryNote } from '../aws/ask.ts';
import type { Kind } from './kinds.ts';

/** How the parts of this adapter reach AWS. */
export interface Reach {
  readonly client: RDSClient;
  readonly ask: Ask;
  readonly clock: Clock;
  readonly onRetry: (note: RetryNote) => void;
  /** What plain identifiers name. A member that is resolved to its cluster turns it from `instance` to `cluster`. */
  targetKind: Kind;
}
