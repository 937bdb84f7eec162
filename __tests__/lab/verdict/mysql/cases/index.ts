import type { MysqlCase } from '../case.ts';
import { others } from './elsewhere.ts';
import { errors } from './errors.ts';
import { fate } from './fate.ts';
import { limits } from './limits.ts';
import { order } from './order.ts';
import { transactions } from './transactions.ts';
import { unseen } from './unseen.ts';

/** The long waits come first, so that the short ones fill the places beside them. */
export const CASES: readonly MysqlCase[] = [
  ...limits,
  ...fate,
  ...unseen,
  ...others,
  ...transactions,
  ...errors,
  ...order,
];

/** Played by default: one of each kind of lie that a careless guard would tell, and the plainest truths. */
export const SAMPLE: readonly string[] = [
  'schema before the failure: the first statement fails',
  'rows before the failure: INSERT',
  'a failing statement alone: INSERT of several rows in MyISAM',
  'the schema ends as it began: columns that change their names',
  'stored programs: a view that calls a function that writes',
  'another database: a view on it',
  'BEGIN and COMMIT: a failing schema change commits what came before',
  'locks: of a table, one statement',
];
