/** Large databases and large folders: the parts of a run whose time grows with them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { node24 } from '../lab/node24.ts';
import { type Cluster, startCluster } from '../lab/postgres/index.ts';
import { makeProject, type ProjectMigration } from '../lab/projects/make.ts';
import { createEngine } from '../src/adapters/postgres/engine.ts';
import { createMigrator } from '../src/adapters/prisma/migrator.ts';
import type { HistoryRow } from '../src/domain/facts.ts';
import { compareHistory } from '../src/domain/history.ts';
import { Secret } from '../src/domain/secret.ts';
import { type Bench, median, spread, timed } from './measure.ts';

const TABLES = 5000;
const PER_TRANSACTION = 500;
const MIGRATIONS = 10_000;
const ROUNDS = 5;

/** 5,000 ordinary tables; and the same with all that Prisma and people hang on a table. */
const SHAPES = {
  plain: (n: number): readonly string[] => [
    `CREATE TABLE t_${n} (id int PRIMARY KEY, name text, price numeric(10, 2), note text, at timestamptz, a int, b int, c text)`,
  ],
  rich: (n: number): readonly string[] => [
    `CREATE TABLE t_${n} (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'x', parent int REFERENCES t_${Math.max(1, n - 1)}, at timestamptz)`,
    `CREATE INDEX ON t_${n} (name, at DESC)`,
  ],
} as const;

async function look(
  shape: keyof typeof SHAPES,
): Promise<{ readonly took: readonly number[]; readonly cpuMs: number }> {
  await using cluster = await startCluster({ name: 'bench-tables', archive: false });
  for (let from = 1; from <= TABLES; from += PER_TRANSACTION) {
    const numbers = Array.from({ length: PER_TRANSACTION }, (_, index) => from + index);
    await cluster.query(`SET ROLE app; ${numbers.flatMap(SHAPES[shape]).join(';')}`);
  }
  const session = await createEngine().connect(new Secret(cluster.url()), 'bench');
  try {
    const cpu = await cpuClock(cluster);
    await session.state();
    const before = cpu();
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) took.push(await timed(() => session.state()));
    return { took, cpuMs: (cpu() - before) / ROUNDS };
  } finally {
    await session.close();
  }
}

export const fingerprint: Bench = {
  name: 'fingerprint',
  about: `state and fingerprint of a database of ${TABLES} tables`,
  async run() {
    const [plain, rich] = [await look('plain'), await look('rich')];
    return [
      {
        what: 'one look, 8 columns and a key each',
        measured: median(plain.took),
        unit: 'ms',
        target: 1000,
        note: spread(plain.took),
      },
      { what: 'its CPU time, server and guard together', measured: plain.cpuMs, unit: 'ms' },
      {
        what: 'one look, a sequence, a foreign key and a second index too',
        measured: median(rich.took),
        unit: 'ms',
        note: spread(rich.took),
      },
    ];
  },
};

/** Kernels count a process's time in hundredths of a second (USER_HZ). */
const MS_PER_TICK = 10;

/** CPU time of this process and of the session named `bench`; the session's only on Linux. A busy machine stretches it less. */
async function cpuClock(cluster: Cluster): Promise<() => number> {
  const [row] = await cluster.query(`SELECT pid FROM pg_stat_activity WHERE application_name = 'bench'`);
  return () => {
    const { user, system } = process.cpuUsage();
    const stat = process.platform === 'linux' ? readFileSync(`/proc/${row?.pid}/stat`, 'utf8') : '';
    const [, , , , , , , , , , , ticks = 0, kernelTicks = 0] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return (user + system) / 1000 + (ticks + kernelTicks) * MS_PER_TICK;
  };
}

export const folder: Bench = {
  name: 'folder',
  about: `a project of ${MIGRATIONS} migrations, all in the history`,
  async run() {
    const migrations = Array.from({ length: MIGRATIONS }, (_, index) => migration(index));
    using project = makeProject({ prisma: 7, migrations });
    const [reading, comparing]: [number[], number[]] = [[], []];
    const history = migrations.map(historyRow);
    for (let round = 0; round <= ROUNDS; round += 1) {
      // A new one each time: a migrator reads its project once.
      const migrator = createMigrator({
        workingDirectory: project.dir,
        repositoryRoot: project.dir,
        environment: project.env('postgresql://app@127.0.0.1:1/app'),
        nodePath: node24,
        scrub: (text) => text,
      });
      const began = performance.now();
      const found = await migrator.project();
      const read = performance.now() - began;
      const compared = await timed(() => compareHistory(found, history));
      if (found.migrations.length !== MIGRATIONS) throw new Error('not every migration was found');
      if (round > 0) {
        reading.push(read);
        comparing.push(compared);
      }
    }
    return [
      {
        what: 'reading the project',
        measured: median(reading),
        unit: 'ms',
        target: 1000,
        note: spread(reading),
      },
      {
        what: 'comparing it with the history',
        measured: median(comparing),
        unit: 'ms',
        target: 1000,
        note: spread(comparing),
      },
    ];
  },
};

function migration(index: number): ProjectMigration {
  const name = `${20_200_101_000_000 + index}_change_${index}`;
  const sql = `-- AlterTable\nALTER TABLE "orders" ADD COLUMN "column_${index}" TEXT NOT NULL DEFAULT '';\n\n-- CreateIndex\nCREATE INDEX "orders_${index}" ON "orders"("column_${index}");\n`;
  return { name, sql };
}

const historyRow = ({ name, sql }: ProjectMigration, index: number): HistoryRow => ({
  id: String(index),
  name,
  checksum: createHash('sha256').update(sql).digest('hex'),
  startedAt: index,
  finishedAt: index,
  rolledBackAt: null,
  logs: null,
});
