import type { Score } from './compare.ts';
import type { Truth } from './corpus.ts';

export interface Result {
  readonly kind: string;
  readonly score: Score;
  /** Files with a finding of that level or worse: file as one transaction, statement by statement. */
  readonly flagged: { readonly error: readonly number[]; readonly block: readonly number[] };
}

const share = (part: number, all: number): string => (all === 0 ? '-' : (part / all).toFixed(3));
const percent = (part: number, all: number): string => `${part} (${((100 * part) / all).toFixed(1)} %)`;

/** The page of numbers; it holds no SQL of the projects. */
export function report({
  files,
  truths,
  results,
}: {
  readonly files: number;
  readonly truths: readonly Truth[];
  readonly results: readonly Result[];
}): string {
  const ran = truths.filter(({ error }) => error === undefined);
  const count = (work: Truth['blocks']): number => ran.filter(({ blocks }) => blocks === work).length;
  const blocking = ran.filter(({ blocks }) => blocks !== undefined).length;
  return `# The rules against real migrations

Written by \`node lab/oracle/run.ts <folder> --write\`. ${files} migration files of two public projects (langfuse and umami),
applied in order to an empty PostgreSQL 18. Each file is planned by itself, at that point of the history.

${truths.length} statements, ${truths.length - ran.length} of them failed and count for nothing. ${blocking} did long work on a
table that was there before under a lock that stops writers: ${count('build')} index builds, ${count('scan')} scans (foreign keys, NOT NULL,
CHECK), ${count('rewrite')} rewrites. The server's DEBUG lines, scan counters, file nodes and pg_locks say so.

## Blocking statements: found, missed, wrongly accused

| what is known | found | missed | false | precision | recall |
| --- | ---: | ---: | ---: | ---: | ---: |
${results.map(({ kind, score }) => `| ${kind} | ${score.hits} | ${score.missed} | ${score.false} | ${share(score.hits, score.hits + score.false)} | ${share(score.hits, score.hits + score.missed)} |`).join('\n')}

The rules were developed with these files at hand, so this is what they reach at best; a required column without a default counts
as a scan on both sides, for the server begins one before it refuses the first row.

squawk 2.66.0 is not part of this run. Measured before on 804 files of five projects, these among them, on PostgreSQL 16:
precision 0.984, recall 0.994.

## Files with a finding at error or above

| what is known | Prisma up to 7.3 | Prisma 7.4 and later | of these at block |
| --- | ---: | ---: | ---: |
${results.map(({ kind, flagged }) => `| ${kind} | ${percent(flagged.error[0] ?? 0, files)} | ${percent(flagged.error[1] ?? 0, files)} | ${flagged.block.join(' / ')} |`).join('\n')}

"file": nothing but the file itself. "history": the migrations before it were read, too. "catalog": the database was asked; large
tables have 5 million rows each, small ones 200,000. The databases of the projects are empty here, so real sizes would say nothing.
`;
}
