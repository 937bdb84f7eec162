/**
 * Applies real migrations in order to a real server and compares what each statement did with what the rules said.
 * `node lab/oracle/run.ts <folder>` (or ORACLE_CORPUS); `--write` puts the numbers into docs/hazards/corpus.md,
 * `--tell` prints where the two differ.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Hazard } from '../../src/domain/hazard.ts';
import type { AnalysedFile } from '../../src/domain/syntax.ts';
import { startCluster } from '../postgres/index.ts';
import { readFunctions } from './catalog.ts';
import { flagged, plan, score, sized } from './compare.ts';
import { projectsIn, replay, type Truth } from './corpus.ts';
import { type Result, report } from './report.ts';

const options = process.argv.slice(2);
const root = options.find((each) => !each.startsWith('--')) ?? process.env.ORACLE_CORPUS;
if (root === undefined) throw new Error('Say where the migrations are: node lab/oracle/run.ts <folder>');

type Plans = Map<AnalysedFile, readonly Hazard[]>;
const KINDS = [
  'file',
  'history',
  'catalog, large tables',
  'catalog, small tables',
  'catalog, sizes unknown',
] as const;
const plans = {
  statements: new Map<string, Plans>(KINDS.map((kind) => [kind, new Map()])),
  whole: new Map<string, Plans>(KINDS.map((kind) => [kind, new Map()])),
};

const truths: Truth[] = [];
const projects = await projectsIn(root);
const cluster = await startCluster({ name: 'oracle', archive: false });
try {
  for (const [number, project] of projects.entries()) {
    await cluster.query(`CREATE DATABASE corpus_${number}`);
    const client = new pg.Client({ connectionString: cluster.superuserUrl(`corpus_${number}`) });
    await client.connect();
    const functions = await readFunctions(client);
    const found = await replay(
      client,
      project,
      (file, index, catalog) => {
        const applied = project.files.slice(0, index);
        const catalogs = [
          undefined,
          undefined,
          sized(catalog, 5_000_000),
          sized(catalog, 200_000),
          sized(catalog, undefined),
        ];
        for (const [at, kind] of KINDS.entries())
          for (const mode of ['statements', 'whole'] as const)
            plans[mode]
              .get(kind)
              ?.set(file, plan(file, at === 1 ? applied : [], catalogs[at], mode === 'statements'));
      },
      functions,
    );
    truths.push(...found);
    await client.end();
  }
} finally {
  await cluster.stop();
}

const results = KINDS.map((kind): Result => {
  const each = plans.statements.get(kind) ?? new Map();
  const whole = plans.whole.get(kind) ?? new Map();
  const tell = options.includes('--tell')
    ? (what: string, { project, file, index, blocks }: Truth): void =>
        console.log(
          `${kind}: ${what} ${blocks ?? ''} ${project}/${file.migration}:${file.statements[index]?.line}`,
        )
    : undefined;
  return {
    kind,
    score: score(truths, each, tell),
    flagged: {
      error: [flagged(whole.values(), 'error'), flagged(each.values(), 'error')],
      block: [flagged(whole.values(), 'block'), flagged(each.values(), 'block')],
    },
  };
});
const text = report({ files: projects.flatMap(({ files }) => files).length, truths, results });
console.log(text);
if (options.includes('--write'))
  writeFileSync(fileURLToPath(new URL('../../docs/hazards/corpus.md', import.meta.url)), text);
