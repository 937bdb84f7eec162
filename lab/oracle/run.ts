/**
 * Applies real migrations in order to a real server and compares what each statement did with what the rules, and squawk,
 * say of it. `node lab/oracle/run.ts <folder>` (or ORACLE_CORPUS); `--write` puts the numbers into docs/hazards/corpus.md,
 * `--tell` prints where they differ.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Cluster, startCluster } from '../postgres/index.ts';
import { readFunctions } from './catalog.ts';
import { type Claims, claimsOf, flagged, type Reading, score } from './compare.ts';
import { type Project, projectsIn, replay, type Truth } from './corpus.ts';
import { AllPlans, KINDS, MODES } from './plans.ts';
import { type Flags, type Judged, report } from './report.ts';
import { runSquawk } from './squawk.ts';

const SERVER_MAJOR = 18;
const options = process.argv.slice(2);
const root = options.find((each) => !each.startsWith('--')) ?? process.env.ORACLE_CORPUS;
if (root === undefined) throw new Error('Say where the migrations are: node lab/oracle/run.ts <folder>');

async function truthsOf(
  cluster: Cluster,
  project: Project,
  number: number,
  plans: AllPlans,
): Promise<readonly Truth[]> {
  await cluster.query(`CREATE DATABASE corpus_${number}`);
  const client = new pg.Client({ connectionString: cluster.superuserUrl(`corpus_${number}`) });
  await client.connect();
  try {
    const functions = await readFunctions(client);
    return await replay(
      client,
      project,
      (file, index, catalog) => plans.add(file, project.files.slice(0, index), catalog),
      functions,
    );
  } finally {
    await client.end();
  }
}

const plans = new AllPlans();
const truths: Truth[] = [];
const projects = await projectsIn(root);
// First, for where squawk does not run the rest would be in vain.
const rival = [true, false].map((wrapped) => ({
  wrapped,
  ...runSquawk(root, projects, { serverMajor: SERVER_MAJOR, wrapped }),
}));
const cluster = await startCluster({ name: 'oracle', archive: false });
try {
  for (const [number, project] of projects.entries())
    truths.push(...(await truthsOf(cluster, project, number, plans)));
} finally {
  await cluster.stop();
}

const judge = (who: string, claims: Claims, reading: Reading): Judged => ({
  who,
  score: score(
    truths,
    claims,
    reading,
    options.includes('--tell')
      ? (what, { project, file, index, blocks }) =>
          console.log(
            `${who}: ${what} ${blocks ?? ''} ${project}/${file.migration}:${file.statements[index]?.line}`,
          )
      : undefined,
  ),
});

const same = (left: Judged | undefined, right: Judged): boolean =>
  JSON.stringify(left?.score) === JSON.stringify(right.score);

/** One line where both ways to run a file come to the same. */
const ours = KINDS.flatMap((kind) => {
  const [whole, ...rest] = MODES.map((mode) =>
    judge(
      `ours, ${kind.kind}, ${mode === 'whole' ? 'up to 7.3' : '7.4 and later'}`,
      claimsOf(plans.of(kind, mode)),
      'strict',
    ),
  );
  if (whole === undefined || !rest.every((each) => same(whole, each)))
    return whole === undefined ? rest : [whole, ...rest];
  return [{ ...whole, who: `ours, ${kind.kind}, any` }];
});
const theirs = rival.flatMap(({ wrapped, claims }) =>
  (['strict', 'kind'] as const).map((reading) =>
    judge(
      `squawk${wrapped ? ' --assume-in-transaction' : ''}, ${wrapped ? 'up to 7.3' : '7.4 and later'}, read ${reading === 'kind' ? 'kindly' : 'strictly'}`,
      claims,
      reading,
    ),
  ),
);
const flags = KINDS.map(
  (kind): Flags => ({
    kind: kind.kind,
    error: MODES.map((mode) => flagged(plans.of(kind, mode).values(), 'error')),
    block: MODES.map((mode) => flagged(plans.of(kind, mode).values(), 'block')),
  }),
);
const text = report({
  files: projects.flatMap(({ files }) => files),
  truths,
  judged: [...ours, ...theirs],
  flags,
  squawk: {
    version: rival[0]?.version ?? '',
    flagged: rival.map((each) => each.flagged),
    unread: rival.map(({ unread }) => unread),
  },
});
console.log(text);
if (options.includes('--write'))
  writeFileSync(fileURLToPath(new URL('../../docs/hazards/corpus.md', import.meta.url)), text);
