import { RdsError } from './errors.ts';
import type { Fault, FaultKind } from './types.ts';

type Armed = { readonly fault: Fault; letThrough: number; left: number };

export type Faults = {
  readonly inject: (fault: Fault) => void;
  readonly clear: () => void;
  /** The fault that hits this call, used up by one. */
  readonly next: (action: string, params: Readonly<Record<string, string>>) => FaultKind | undefined;
};

export const startFaults = (): Faults => {
  const armed: Armed[] = [];
  return {
    inject: (fault) => {
      armed.push({ fault, letThrough: fault.after ?? 0, left: fault.times ?? 1 });
    },
    clear: () => {
      armed.length = 0;
    },
    next: (action, params) => {
      for (const entry of armed) {
        const { fault } = entry;
        if (entry.left <= 0 || (fault.action !== '*' && fault.action !== action)) continue;
        if (fault.match !== undefined && !fault.match(params)) continue;
        if (entry.letThrough > 0) {
          entry.letThrough -= 1;
          continue;
        }
        entry.left -= 1;
        return fault.kind;
      }
      return undefined;
    },
  };
};

export type Denial = { readonly action: string; readonly resource: string; readonly accountId: string };

/** The error answer of a fault; `undefined` for the faults that are about the connection. */
export const faultError = (kind: FaultKind, denial: Denial): RdsError | undefined => {
  switch (kind) {
    case 'throttle':
      return new RdsError('Throttling', 'Rate exceeded');
    case '503':
      return new RdsError('ServiceUnavailable', 'The service is temporarily unavailable.', 503);
    case '500':
      return new RdsError('InternalFailure', 'An internal error has occurred.', 500);
    case 'expired':
      return new RdsError('ExpiredToken', 'The security token included in the request is expired', 403);
    case 'denied':
      return new RdsError(
        'AccessDenied',
        `User: arn:aws:sts::${denial.accountId}:assumed-role/deploy/lab is not authorized to perform: rds:${denial.action} ` +
          `on resource: ${denial.resource} because no identity-based policy allows the rds:${denial.action} action`,
        403,
      );
    default:
      return undefined;
  }
};
