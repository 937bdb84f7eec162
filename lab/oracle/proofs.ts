/** Runs every proof on a real server and writes docs/hazards/proofs.md: `node lab/oracle/proofs.ts`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RULES } from '../../src/hazards/index.ts';
import { type Expected, PROOFS } from '../../src/hazards/proofs/index.ts';
import { startCluster } from '../postgres/index.ts';
import { type Outcome, prove, run } from './prove.ts';

const seenOf = (outcome: Outcome, { table = 'users' }: Expected): string =>
  [
    outcome.error === undefined
      ? `${outcome.lock ?? 'no lock'} on ${table}, ${outcome.work}`
      : `fails with ${outcome.error}`,
    outcome.broke === undefined ? '' : outcome.broke ? 'a query of running code fails' : 'running code works',
    outcome.shown === undefined ? '' : outcome.shown ? 'the effect shows' : 'the effect does not show',
    outcome.kept === true ? 'nothing changes' : '',
  ]
    .filter((each) => each !== '')
    .join('; ');

const cluster = await startCluster({ name: 'proofs', archive: false });
const rows: string[] = [];
let version = '';
try {
  version = String((await cluster.query('SHOW server_version'))[0]?.server_version);
  for (const { id } of RULES) {
    const proof = PROOFS[id];
    if (proof === undefined || 'unproven' in proof) {
      rows.push(`| [${id}](${id}.md) | not proven: ${proof?.unproven ?? ''} | |`);
      continue;
    }
    const outcome = await prove(cluster, proof);
    const { counter, expected } = proof;
    const other =
      counter === undefined
        ? undefined
        : await run(cluster, counter.setup ?? '', counter.statement, counter.splits === true, expected);
    const verdict = other === undefined ? '' : seenOf(other, expected);
    rows.push(`| [${id}](${id}.md) | ${seenOf(outcome, expected)} | ${verdict} |`);
  }
} finally {
  await cluster.stop();
}
const text = `<!-- Written by lab/oracle/proofs.ts. -->
# What PostgreSQL ${version} showed

Each rule carries SQL that a test runs on a real server. pg_locks, file nodes, scan counters and DEBUG lines tell what it did; the
counter-example does the same thing in the harmless way, and the rule is silent about it.

| rule | the statement | the counter-example |
| --- | --- | --- |
${rows.join('\n')}
`;
writeFileSync(fileURLToPath(new URL('../../docs/hazards/proofs.md', import.meta.url)), text);
console.log(`${rows.length} rules`);
