import type { VerdictCase } from '../case.ts';
import { fate } from './blows.ts';
import { small } from './catalog.ts';
import { errors } from './errors.ts';
import { limits } from './limits.ts';
import { order } from './order.ts';
import { session } from './session.ts';
import { stopped } from './stopped.ts';
import { transactions } from './transactions.ts';

/** The long waits come first, so that the short ones fill the places beside them. */
export const CASES: readonly VerdictCase[] = [
  ...limits,
  ...stopped,
  ...fate,
  ...errors,
  ...order,
  ...transactions,
  ...session,
  ...small,
];
