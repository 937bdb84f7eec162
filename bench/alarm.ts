/** From Prisma's first word of a failure to the restore requested and Slack told. */
import { type Bench, median, spread } from './measure.ts';
import { type Stage, setStage, whenIn } from './stage.ts';

const ROUNDS = 5;
/** Half applied, then a division by zero. */
const HALF = (column: string): string =>
  `ALTER TABLE "orders" ADD COLUMN "${column}" TEXT;\nSELECT 1 / ("total_cents" - "total_cents") FROM "orders";\n`;

interface Delays {
  readonly slack: number;
  readonly restore: number;
}

export const alarm: Bench = {
  name: 'alarm',
  about: 'a migration fails; LatestRestorableTime is past the restore point already',
  async run() {
    await using stage = await setStage();
    await stage.cluster.query(
      `INSERT INTO customers (email, name) VALUES ('a@example.org', 'A'); INSERT INTO orders (customer_id, total_cents, status) SELECT min(id), 1000, 'paid' FROM customers`,
    );
    const found: Delays[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const delays = await oneFailure(stage, round);
      if (round > 0) found.push(delays);
    }
    const [slack, restore] = [found.map((each) => each.slack), found.map((each) => each.restore)];
    return [
      { what: 'to Slack’s receipt', measured: median(slack), unit: 'ms', target: 2000, note: spread(slack) },
      {
        what: 'to RDS’s receipt of the restore request',
        measured: median(restore),
        unit: 'ms',
        target: 2000,
        note: spread(restore),
      },
    ];
  },
};

/** Measured by the clocks of those who receive: the lab's Slack and the lab's RDS. */
async function oneFailure(stage: Stage, round: number): Promise<Delays> {
  const name = `2026050${round}000000_half_${round}`;
  stage.project.add(name, HALF(`half_${round}`));
  const from = { calls: stage.rds.calls.length, messages: stage.slack.messages.length };
  const { journal } = await stage.deploy('restoring', {
    inputs: { snapshot: 'skip', 'wait-for-restore': 'false' },
  });
  const failure = whenIn(
    journal,
    (event) => event.type === 'migrator-line' && /P3018/.test(event.line),
    'line of Prisma that tells the failure',
  );
  const asked = stage.rds.calls
    .slice(from.calls)
    .find(({ action }) => action === 'RestoreDBInstanceToPointInTime');
  const told = stage.slack.messages[from.messages];
  if (asked === undefined || told === undefined) throw new Error('no restore or no message');
  await settleDamage(stage, name);
  return { slack: told.at.getTime() - failure, restore: asked.at.getTime() - failure };
}

/** What a person would do after the restore was not needed: the next round starts from a clean history. */
async function settleDamage(stage: Stage, name: string): Promise<void> {
  await stage.rds.settled();
  await stage.cluster.query('UPDATE _prisma_migrations SET finished_at = now() WHERE migration_name = $1', [
    name,
  ]);
}
