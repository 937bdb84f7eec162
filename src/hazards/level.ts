import {
  type Estimate,
  HAZARD_LEVELS,
  type HazardLevel,
  type HazardRequest,
  type LockMode,
  type Work,
} from '../domain/hazard.ts';
import type { Category, Match, RuleText } from './rule.ts';
import { estimateOf, type Size, type SizeClass, sizeOfAll } from './size.ts';

export interface Weight {
  readonly category: Category;
  readonly lock: LockMode | undefined;
  readonly work: Work | undefined;
  readonly level: HazardLevel;
  readonly size: Size;
  readonly estimate: Estimate | undefined;
}

const BY_SIZE: Readonly<Record<Exclude<SizeClass, 'unmeasured'>, HazardLevel>> = {
  tiny: 'notice',
  small: 'warning',
  large: 'error',
  huge: 'block',
  unknown: 'block',
};

const FIXED: Readonly<Record<Exclude<Category, 'blocking' | 'rows'>, HazardLevel>> = {
  fails: 'block',
  'fails-whole': 'error',
  'data-loss': 'error',
  brief: 'notice',
  breaking: 'warning',
  partial: 'warning',
  opaque: 'warning',
  advice: 'notice',
};

const worse = (left: HazardLevel, right: HazardLevel): HazardLevel =>
  HAZARD_LEVELS.indexOf(left) < HAZARD_LEVELS.indexOf(right) ? left : right;

const oneDown = (level: HazardLevel): HazardLevel =>
  level === 'block' ? 'error' : level === 'error' ? 'warning' : level;

/**
 * Without a database nobody knows the size. A copy of the table or an index built under the strongest lock is an
 * error, for it hurts from a few hundred thousand rows on; a scan, or an index that readers do not feel, is a warning.
 */
const unmeasured = (lock: LockMode | undefined, work: Work | undefined): HazardLevel =>
  lock === 'ACCESS EXCLUSIVE' && (work === 'rewrite' || work === 'build') ? 'error' : 'warning';

function bySize(
  category: 'blocking' | 'rows',
  size: Size,
  lock: LockMode | undefined,
  work: Work | undefined,
): HazardLevel {
  if (size.class === 'unmeasured') return category === 'rows' ? 'warning' : unmeasured(lock, work);
  const level = BY_SIZE[size.class];
  return lock === 'SHARE' && level === 'block' ? 'error' : level;
}

/** A statement that is expected to outlast statement_timeout is killed anyway: refuse it before the snapshot. */
function byTimeout(level: HazardLevel, estimate: Estimate | undefined, timeoutMs: number): HazardLevel {
  if (estimate === undefined || timeoutMs === 0) return level;
  if (estimate.lowMs * 2 > timeoutMs) return 'block';
  return estimate.highMs > timeoutMs ? worse(level, 'error') : level;
}

export function weigh(text: RuleText, match: Match, request: HazardRequest): Weight | undefined {
  const category = match.category ?? text.category;
  const lock = match.lock ?? text.lock;
  const work = match.work ?? text.work;
  const size = sizeOfAll(match.tables);
  const sized = category === 'blocking' || category === 'rows';
  const estimate = work === undefined || match.tables.length === 0 ? undefined : estimateOf(work, size);
  const first = match.level ?? (sized ? bySize(category, size, lock, work) : FIXED[category]);
  const doubted = match.doubtful === true ? oneDown(first) : first;
  const level = sized ? byTimeout(doubted, estimate, request.statementTimeoutMs) : doubted;
  if (match.onlyIfLong === true && level === first) return undefined;
  return { category, lock, work, level, size, estimate: sized ? estimate : undefined };
}
