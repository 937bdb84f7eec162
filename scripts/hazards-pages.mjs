/** The pages of docs/hazards/, rendered from what the rules say about themselves. */
import { RULES } from '../src/hazards/index.ts';
import { PROOFS } from '../src/hazards/proofs/index.ts';

/** @typedef {import('../src/hazards/index.ts').RuleText} Rule */

const CATEGORIES = {
  fails: 'fails on the server',
  'fails-whole': 'fails on the server as a whole, before anything of it is done',
  'data-loss': 'data loss',
  blocking: 'long work under a lock',
  rows: 'many rows at once',
  brief: 'a short lock',
  breaking: 'breaks running code',
  partial: 'partial commit',
  opaque: 'cannot be read',
  advice: 'advice',
};

const LEVELS = {
  fails: 'block; error when a fact is missing',
  'fails-whole': 'error; the server is the judge',
  'data-loss': 'error; only allow-data-loss accepts it',
  blocking: 'by size: notice, warning, error, block; block when it is expected to outlast statement-timeout',
  rows: 'by size: notice, warning, error, block; block when it is expected to outlast statement-timeout',
  brief: 'notice',
  breaking: 'warning',
  partial: 'warning; error when something in the file is likely to fail; only allow-data-loss accepts it',
  opaque: 'warning',
  advice: 'notice',
};

const MODES = {
  both: 'the same in every version of Prisma',
  'whole file': 'up to Prisma 7.3, where a file is one transaction, and in files with BEGIN',
  'each statement': 'from Prisma 7.4 on, where each statement commits by itself',
  differs: 'worse where the file is one transaction (up to Prisma 7.3)',
};

/** @param {string} sql */
const block = (sql) => `\n\`\`\`sql\n${sql.trim()}\n\`\`\`\n`;

/** @param {Rule} rule */
function proofOf(rule) {
  const proof = PROOFS[rule.id];
  if (proof === undefined || 'unproven' in proof)
    return `Not proven on a server: ${proof?.unproven ?? ''}.\n`;
  const counter =
    proof.counter === undefined
      ? ''
      : `\nHarmless:\n${block([proof.counter.setup ?? '', proof.counter.statement].join('\n'))}`;
  const servers = proof.until === undefined ? '' : ` older than ${proof.until / 10_000}, when one is at hand`;
  return `A test runs this on PostgreSQL${servers}:\n${block([proof.setup ?? '', proof.statement.replace('\uFEFF', '')].join('\n'))}${counter}`;
}

/** @param {Rule} rule */
const page = (rule) => `<!-- Written by scripts/hazards-docs.mjs from src/hazards/. -->
# ${rule.id}

**${rule.title}.** ${rule.why}

| | |
| --- | --- |
| kind | ${CATEGORIES[rule.category]} |
| level | ${LEVELS[rule.category]} |
| lock | ${rule.lock ?? 'none'} |
| work | ${rule.work ?? 'none'} |
| harmless | ${rule.safe || '-'} |
| Prisma | ${MODES[rule.mode]} |
| squawk | ${rule.squawk.join(', ') || '-'} |

## What to do

${rule.remedy}
${rule.rewrite === '' ? '' : block(rule.rewrite)}
## Proof

${proofOf(rule)}`;

const index = () => `<!-- Written by scripts/hazards-docs.mjs from src/hazards/. -->
# Hazards

What \`plan\` and \`deploy\` look for in pending migrations. [Proofs](proofs.md) · [The rules against real migrations](corpus.md)

| rule | kind | lock | work |
| --- | --- | --- | --- |
${RULES.map(({ id, title, category, lock, work }) => `| [${id}](${id}.md): ${title} | ${CATEGORIES[category]} | ${lock ?? ''} | ${work ?? ''} |`).join('\n')}

## Silencing a finding

\`-- guard-ignore create-index: the table has 200 rows\` on the statement, behind it, or before it; several rules with commas; the
reason is required. \`-- guard-ignore-file rule: reason\` is about the whole file. \`-- squawk-ignore\` and \`-- squawk-ignore-file\` silence
the rules that bear that name of squawk's. Data loss and partial commits are accepted by the input \`allow-data-loss\` only.
Edit only migrations that are still pending: Prisma keeps a checksum of those applied.
`;

/** File name → text. */
export const pages = () =>
  new Map([
    ['README.md', index()],
    ...RULES.map((rule) => /** @type {const} */ ([`${rule.id}.md`, page(rule)])),
  ]);
