import type { AnalysedFile } from '../../src/domain/syntax.ts';
import type { Score } from './compare.ts';
import type { Truth } from './corpus.ts';
import { IN_DOUBT, SPEAKS_OF } from './squawk.ts';

export interface Judged {
  readonly who: string;
  readonly score: Score;
}

/** Files with a finding of that level or worse: file as one transaction, statement by statement. */
export interface Flags {
  readonly kind: string;
  readonly error: readonly number[];
  readonly block: readonly number[];
}

export interface Results {
  readonly files: readonly AnalysedFile[];
  readonly truths: readonly Truth[];
  readonly judged: readonly Judged[];
  readonly flags: readonly Flags[];
  /** Two runs: with --assume-in-transaction, without. */
  readonly squawk: {
    readonly version: string;
    readonly flagged: readonly number[];
    readonly unread: readonly number[];
  };
}

const share = (part: number, all: number): string => (all === 0 ? '-' : (part / all).toFixed(3));
const percent = (part: number, all: number): string => `${part} (${((100 * part) / all).toFixed(1)} %)`;

const judgedRow = ({ who, score: { hits, missed, false: wrong } }: Judged): string =>
  `| ${who} | ${hits} | ${missed} | ${wrong} | ${share(hits, hits + wrong)} | ${share(hits, hits + missed)} |`;

const flagRow = ({ kind, error, block }: Flags, files: number): string =>
  `| ${kind} | ${error.map((each) => percent(each, files)).join(' | ')} | ${block.join(' / ')} |`;

const ruleRows = (rules: Readonly<Record<string, string>>): string =>
  Object.entries(rules)
    .map(([rule, meaning]) => `| \`${rule}\` | ${meaning} |`)
    .join('\n');

/** The page of numbers; it holds no SQL of the projects. */
export function report({ files, truths, judged, flags, squawk }: Results): string {
  const ran = truths.filter(({ error }) => error === undefined);
  const count = (work: Truth['blocks']): number => ran.filter(({ blocks }) => blocks === work).length;
  const blocking = ran.filter(({ blocks }) => blocks !== undefined).length;
  const unparsed = files.filter(({ syntaxError }) => syntaxError !== undefined).length;
  return `# The rules against real migrations

Written by \`node lab/oracle/run.ts <folder> --write\`. ${files.length} migration files of two public projects (langfuse and umami), applied
in order to an empty PostgreSQL 18. Each file is planned by itself, at that point of the history. ${unparsed} of them could not be read
by us, ${squawk.unread[0]} by squawk.

${truths.length} statements, ${truths.length - ran.length} of them failed and count for nothing. ${blocking} did long work on a
table that was there before the file under a lock that stops writers: ${count('build')} index builds, ${count('scan')} scans (foreign
keys, NOT NULL, CHECK), ${count('rewrite')} rewrites. The server's DEBUG lines, scan counters, file nodes and pg_locks say so.

## Blocking statements: found, missed, wrongly accused

| who, what is known, Prisma | found | missed | false | precision | recall |
| --- | ---: | ---: | ---: | ---: | ---: |
${judged.map(judgedRow).join('\n')}

The rules were developed with these files at hand, so this is what they reach at best; squawk never saw them. A required column
without a default counts as a scan for everybody, for the server begins one before it refuses the first row.

${squawk.version} ran on the same files with \`--pg-version 18\`, and as its manual has it for a tool that wraps each file in a
transaction (\`--assume-in-transaction\`; Prisma up to 7.3) or does not. Without it squawk cannot know that a table was made a few
lines above and nobody uses it yet, hence its many false alarms; its better line is the one to compare with. Every other rule was
left out of the table, because it speaks of something else. Of its rules these count:

| squawk's rule | what it warns of |
| --- | --- |
${ruleRows(SPEAKS_OF)}

These are in doubt. Read strictly they say nothing; read kindly they count where the server agrees and are forgiven elsewhere:

| squawk's rule | why |
| --- | --- |
${ruleRows(IN_DOUBT)}

## Files with a finding at error or above

| what is known | Prisma up to 7.3 | Prisma 7.4 and later | of these at block |
| --- | ---: | ---: | ---: |
${flags.map((each) => flagRow(each, files.length)).join('\n')}

"file": nothing but the file itself. "history": the migrations before it were read, too. "catalog": the database was asked; as it is,
which is empty here, or with every single table given 200,000 rows (small), 5 million (large), 50 million (huge), or a size that the
database does not know. With 50 million rows in each table an index build is expected to outlast a \`statement-timeout\` of 30 s, so
it is refused; no real database looks like that.

squawk has no levels: with its defaults ${squawk.flagged.map((each) => percent(each, files.length)).join(' and ')} of the files get a finding (with and without
\`--assume-in-transaction\`), most of them about style and timeouts.
`;
}
