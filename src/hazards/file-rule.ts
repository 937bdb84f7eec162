import type { HazardRequest, LockMode, Work } from '../domain/hazard.ts';
import type { AnalysedFile } from '../domain/syntax.ts';
import type { Operation } from './operation.ts';
import type { Category, Match, RuleText } from './rule.ts';
import type { Placement } from './transactions.ts';
import type { World } from './world.ts';

/** What the rules found at one statement, for the rules that look at the whole file. */
export interface Seen {
  readonly rule: string;
  readonly index: number;
  readonly category: Category;
  readonly lock: LockMode | undefined;
  readonly work: Work | undefined;
  readonly match: Match;
  readonly severe: boolean;
}

export interface FileSite {
  readonly request: HazardRequest;
  readonly file: AnalysedFile;
  readonly fileIndex: number;
  readonly version: number;
  /** The world after the file. */
  readonly world: World;
  readonly all: readonly (readonly Operation[])[];
  readonly placements: readonly Placement[];
  /** Locks of each statement on tables that were there before. */
  readonly locks: readonly ReadonlyMap<string, LockMode>[];
  readonly seen: readonly Seen[];
}

export interface FileMatch extends Match {
  /** Index of the statement it is said at; left out for the file's first line. */
  readonly index?: number;
  readonly line?: number;
}

export interface FileRule extends RuleText {
  readonly find: (site: FileSite) => readonly FileMatch[];
}

export const fileRule = (text: RuleText, find: FileRule['find']): FileRule => ({ ...text, find });
