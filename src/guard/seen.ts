import type { DatabaseFacts, TargetFacts } from '../domain/facts.ts';
import type { Hazard } from '../domain/hazard.ts';
import type { Problem } from '../domain/problem.ts';
import type { AnalysedFile } from '../domain/syntax.ts';

/** The second look, only when something is pending: AWS, the files, and the limits of every URL. */
export interface SecondLook {
  readonly target: TargetFacts | undefined;
  readonly files: readonly AnalysedFile[];
  readonly hazards: readonly Hazard[];
  /** Names of migrations that have a `down.sql`. */
  readonly downs: ReadonlySet<string>;
  /** Whether this commit ran in `require-environment`; undefined when it was not asked for, or not answered. */
  readonly deployed: boolean | undefined;
  /** `SHOW` answers per variable, from sessions opened with the very URLs Prisma will use. */
  readonly probes: readonly { readonly variable: string; readonly database: DatabaseFacts }[];
  readonly problems: readonly Problem[];
}

type Seen = Pick<SecondLook, 'target' | 'files' | 'hazards' | 'downs' | 'deployed'>;

/** What could be seen; a part whose look failed is empty, and its problems are told beside it. */
export const seenOf = (looks: {
  readonly target: PromiseSettledResult<Seen['target']>;
  readonly study: PromiseSettledResult<Pick<Seen, 'files' | 'hazards'>>;
  readonly downs: PromiseSettledResult<Seen['downs']>;
  readonly deployed: PromiseSettledResult<Seen['deployed']>;
}): Seen => ({
  target: fulfilled(looks.target),
  files: fulfilled(looks.study)?.files ?? [],
  hazards: fulfilled(looks.study)?.hazards ?? [],
  downs: fulfilled(looks.downs) ?? new Set(),
  deployed: fulfilled(looks.deployed),
});

const fulfilled = <T>(settled: PromiseSettledResult<T>): T | undefined =>
  settled.status === 'fulfilled' ? settled.value : undefined;
