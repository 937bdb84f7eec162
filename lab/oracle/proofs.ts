/**
 * Runs every proof on a real server and writes docs/hazards/proofs.md: `node lab/oracle/proofs.ts`. With
 * PROOFS_POSTGRES_BIN (the folder of another PostgreSQL's programs) they run on that one as well.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RULES } from '../../src/hazards/index.ts';
import { type Expected, isFor, PROOFS, type Proof, type Servers } from '../../src/hazards/proofs/index.ts';
import { type Outcome, prove, run } from './prove.ts';
import { type ProofServer, startProofServer, versionOf } from './server.ts';

/** What one server showed of one rule. */
interface Shown {
  readonly statement: string;
  readonly counter: string;
}
interface Showing {
  /** `18.4` */
  readonly version: string;
  readonly rules: ReadonlyMap<string, Shown>;
}

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

const otherServer = ({ since = 0 }: Servers, version: number): string =>
  version < since ? 'its syntax is refused' : 'its syntax is taken';

async function showingOf(server: ProofServer, version: number, proof: Proof): Promise<Shown> {
  const { counter, expected } = proof;
  const outcome = await prove(server, proof);
  const statement = isFor(proof, version) ? seenOf(outcome, expected) : otherServer(proof, version);
  if (counter === undefined) return { statement, counter: '' };
  const other = await run(server, counter.setup ?? '', counter.statement, counter.splits === true, expected);
  return {
    statement,
    counter: isFor(counter, version) ? seenOf(other, expected) : otherServer(counter, version),
  };
}

async function show(server: ProofServer): Promise<Showing> {
  try {
    const version = await versionOf(server);
    const rules = new Map<string, Shown>();
    for (const [id, proof] of Object.entries(PROOFS))
      if ('statement' in proof) rules.set(id, await showingOf(server, version.number, proof));
    return { version: version.text.split(' ')[0] ?? '', rules };
  } finally {
    await server.stop();
  }
}

/** One text where all servers show the same; else each with its version. */
function cell(showings: readonly Showing[], id: string, part: keyof Shown): string {
  const texts = showings.map(({ version, rules }) => ({ version, text: rules.get(id)?.[part] ?? '' }));
  const [first] = texts;
  return texts.every(({ text }) => text === first?.text)
    ? (first?.text ?? '')
    : texts.map(({ version, text }) => `${version}: ${text}`).join(' · ');
}

function row(showings: readonly Showing[], id: string): string {
  const proof = PROOFS[id];
  if (proof === undefined || 'unproven' in proof)
    return `| [${id}](${id}.md) | not proven: ${proof?.unproven ?? ''} | |`;
  return `| [${id}](${id}.md) | ${cell(showings, id, 'statement')} | ${cell(showings, id, 'counter')} |`;
}

const bin = process.env.PROOFS_POSTGRES_BIN ?? '';
const showings = [await show(await startProofServer(''))];
if (bin !== '') showings.push(await show(await startProofServer(bin)));
const text = `<!-- Written by lab/oracle/proofs.ts. -->
# What PostgreSQL ${showings.map(({ version }) => version).join(' and ')} showed

Each rule carries SQL that a test runs on a real server. pg_locks, file nodes, scan counters and DEBUG lines tell what it did; the
counter-example does the same thing in the harmless way, and the rule is silent about it. Where the servers differ, each line says
which one showed what. The test runs on PostgreSQL 18, and with \`PROOFS_POSTGRES_BIN\` on the server whose programs are in that folder.

| rule | the statement | the counter-example |
| --- | --- | --- |
${RULES.map(({ id }) => row(showings, id)).join('\n')}
`;
writeFileSync(fileURLToPath(new URL('../../docs/hazards/proofs.md', import.meta.url)), text);
console.log(`${RULES.length} rules on ${showings.map(({ version }) => version).join(' and ')}`);
