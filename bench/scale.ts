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

export const fingerprint: Bench = {
  name: 'fingerprint',
  about: `state and fingerprint of a database of ${TABLES} tables, each with a key, a second index and a foreign key`,
  async run() {
    await using cluster = await startCluster({ name: 'bench-tables', archive: false });
    for (let from = 1; from <= TABLES; from += PER_TRANSACTION) {
      await cluster.query(`SET ROLE app; DO $$ BEGIN FOR n IN ${from}..${from + PER_TRANSACTION - 1} LOOP
        EXECUTE format('CREATE TABLE t_%s (id serial PRIMARY KEY, name text NOT NULL DEFAULT %L, parent int REFERENCES t_%s, at timestamptz)', n, 'x', greatest(1, n - 1));
        EXECUTE format('CREATE INDEX ON t_%s (name, at DESC)', n);
      END LOOP; END $$`);
    }
    const session = await createEngine().connect(new Secret(cluster.url()), 'bench');
    const took: number[] = [];
    const cpu = await cpuClock(cluster);
    let cpuMs = 0;
    try {
      await session.state();
      const before = cpu();
      for (let round = 0; round < ROUNDS; round += 1) took.push(await timed(() => session.state()));
      cpuMs = (cpu() - before) / ROUNDS;
    } finally {
      await session.close();
    }
    return [
      { what: 'one look', measured: median(took), unit: 'ms', target: 1000, note: spread(took) },
      { what: 'its CPU time, server and guard together', measured: cpuMs, unit: 'ms' },
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
