import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionResult } from '../runner/index.ts';
import type { SlackBody } from '../slack.ts';
import { compareRows, fillShop, type Rows, readRows } from './rows.ts';
import { INSTANCE, type Stage, setStage } from './stage.ts';

const say = (text = ''): void => void process.stdout.write(`${text}\n`);
const chapter = (number: number, title: string): void =>
  say(`\n━━ ${number}. ${title} ${'━'.repeat(Math.max(0, 74 - title.length))}\n`);
const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `   │ ${line}`.trimEnd())
    .join('\n');

const DISASTER = `-- Tidy up: customers without a name, and their orders.
ALTER TABLE "orders" DROP COLUMN "currency";
DELETE FROM "orders" WHERE "id" % 2 = 0;
ALTER TABLE "orders" ADD CONSTRAINT "orders_total_check" CHECK ("total_cents" > 2000);
`;
const DISASTER_NAME = '20260302080000_tidy_orders';

/** Plays the whole story; 0 when every chapter ended as it must. */
export async function runDemo(signal: AbortSignal): Promise<number> {
  const began = Date.now();
  say(
    'Guarded Migrate: the main job on a real PostgreSQL 18, the real Prisma CLI and a local RDS that really restores.',
  );
  await using stage = await setStage();
  const stopped = (): boolean => signal.aborted;
  const good = await goodDeploy(stage);
  if (stopped() || !good) return 1;
  if (!(await quietDeploy(stage)) || stopped()) return 1;
  return (await disaster(stage, began)) ? 0 : 1;
}

async function goodDeploy(stage: Stage): Promise<boolean> {
  chapter(1, 'A good deploy');
  say(`   Production is "${INSTANCE}", empty. Four migrations are pending. This is the step's log:\n`);
  const result = await stage.deploy('1001');
  say(indent(stepLog(result)));
  return expect('status', result.outputs.status, 'applied');
}

async function quietDeploy(stage: Stage): Promise<boolean> {
  chapter(2, 'The next deploy: nothing pending');
  const calls = stage.rds.calls.length;
  const result = await stage.deploy('1002');
  say(indent(stepLog(result)));
  say(
    `\n   It took ${result.outputs['duration-ms']} ms and made ${stage.rds.calls.length - calls} AWS calls.`,
  );
  return expect('status', result.outputs.status, 'up-to-date');
}

async function disaster(stage: Stage, began: number): Promise<boolean> {
  chapter(3, 'A migration that destroys half the data and dies');
  await fillShop(stage.production);
  const before = await readRows(stage.production);
  say(
    `   The shop now has ${before.customers.length} customers and ${before.orders.length} orders. Somebody merges this:\n`,
  );
  say(indent(DISASTER.trim()));
  say(
    '\n   Prisma 7.4 and later commits each statement by itself: when the third fails, the first two stay.\n',
  );
  stage.project.add(DISASTER_NAME, DISASTER);
  const result = await stage.deploy('1003');
  say(indent(stepLog(result)));
  const damaged = await readRows(stage.production);
  tellSlack(stage.slack.messages.map(({ body }) => body));
  const told = stage.slack.messages.length;
  const proven = await prove(stage, result, before, damaged);
  const ok =
    expect('status', result.outputs.status, 'restored') &&
    expect('Slack messages', String(told), '2') &&
    proven;
  where(stage, result, began);
  if (ok) close(result);
  return ok;
}

function tellSlack(messages: readonly SlackBody[]): void {
  chapter(4, 'What Slack received');
  messages.forEach((message, index) => {
    say(
      `   Message ${index + 1}${index === 0 ? ', at once, before any waiting' : ', when the restore had ended'}:`,
    );
    say(`${indent(slackText(message))}\n`);
  });
}

const slackText = (message: SlackBody): string =>
  (message.blocks ?? [])
    .flatMap((block) => texts(block))
    .join('\n')
    .trim() ||
  (message.text ?? '');

function texts(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { text, fields, elements } = value as Record<string, unknown>;
  const own = typeof text === 'string' ? [text] : texts(text);
  return [...own, ...[fields, elements].flatMap((list) => (Array.isArray(list) ? list.flatMap(texts) : []))];
}

async function prove(stage: Stage, result: ActionResult, before: Rows, damaged: Rows): Promise<boolean> {
  chapter(5, 'The proof, row by row');
  const restoredId = result.outputs['restored-identifier'] ?? '';
  const restored = await readRows(stage.rds.clusterOf(restoredId));
  const line = (name: string, rows: Rows): void => {
    const [customers, orders] = [
      compareRows(before.customers, rows.customers),
      compareRows(before.orders, rows.orders),
    ];
    say(
      `   ${name.padEnd(34)} customers ${String(rows.customers.length).padStart(4)} (${customers.missing} missing or changed)   orders ${String(rows.orders.length).padStart(4)} (${orders.missing} missing or changed)`,
    );
  };
  line('before the migration', before);
  line(`${INSTANCE} now`, damaged);
  line(restoredId, restored);
  const both = [
    compareRows(before.customers, restored.customers),
    compareRows(before.orders, restored.orders),
  ];
  const equal = both.every(({ missing, surplus }) => missing === 0 && surplus === 0);
  say(
    `\n   Marked second: ${result.outputs['restore-time']}. Every row of the restored database ${equal ? 'equals' : 'DOES NOT equal'} the row of that second.`,
  );
  return equal;
}

function where(stage: Stage, result: ActionResult, began: number): void {
  chapter(6, 'Where to read on');
  const summary = join(stage.keep, 'job-summary.md');
  const report = join(stage.keep, 'report.json');
  writeFileSync(summary, result.summary);
  writeFileSync(report, readReport(result));
  say(`   Job summary:  ${summary}`);
  say(`   JSON report:  ${report}`);
  const seconds = Math.round((Date.now() - began) / 1000);
  say(
    `\n   All this took ${seconds} seconds. On AWS it is 25 to 45 minutes at best: RDS builds the new instance.`,
  );
}

const close = (result: ActionResult): void =>
  say(
    `\nHalf the orders were destroyed in production by a migration that failed. All of them are back in ${result.outputs['restored-identifier']}, the database as it was at ${result.outputs['restore-time']}; production itself was left alone for you to look at.`,
  );

const readReport = (result: ActionResult): string =>
  readFileSync(result.outputs['report-path'] ?? '', 'utf8');

/** The step's log without the runner's own commands. */
const stepLog = (result: ActionResult): string =>
  result.stdout
    .split('\n')
    .filter((line) => !line.startsWith('::'))
    .join('\n')
    .trim();

function expect(what: string, got: string | undefined, wanted: string): boolean {
  if (got === wanted) return true;
  say(`\n   UNEXPECTED: ${what} is ${got ?? 'absent'}, wanted ${wanted}.`);
  return false;
}
