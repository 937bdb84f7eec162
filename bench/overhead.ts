/** Something pending: what the guard adds to Prisma and to the provider's own waits. */
import type { Event } from '../src/domain/event.ts';
import { type Bench, type Line, median, spread } from './measure.ts';
import { type Run, type Stage, setStage, whenIn } from './stage.ts';

const ROUNDS = 5;

interface Shares {
  readonly wall: number;
  readonly prisma: number;
  /** From the answer of CreateDBSnapshot to the moment at which the poller saw it available. */
  readonly snapshot: number;
  /** From the marked restore point to the start of the migration: the rest of its second and the quiet one. */
  readonly quiet: number;
}

export const overhead: Bench = {
  name: 'overhead',
  about: 'one migration pending, snapshot waited for',
  async run() {
    await using stage = await setStage();
    const found: Shares[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const shares = await oneDeploy(stage, round);
      if (round > 0) found.push(shares);
    }
    return lines(found);
  },
};

async function oneDeploy(stage: Stage, round: number): Promise<Shares> {
  stage.project.add(
    `2026040${round}000000_note_${round}`,
    `ALTER TABLE "orders" ADD COLUMN "note_${round}" TEXT;\n`,
  );
  return sharesOf(await stage.deploy('applied'));
}

function sharesOf({ result, wallMs, journal }: Run): Shares {
  const when = (type: Event['type'], more: (event: Event) => boolean = () => true): number =>
    whenIn(journal, (event) => event.type === type && more(event), type);
  const ofSnapshot = (event: Event): boolean => event.type === 'step-done' && event.step === 'snapshot';
  return {
    wall: wallMs,
    prisma: Number(result.outputs['migration-duration-ms']),
    snapshot: when('step-done', ofSnapshot) - when('snapshot-seen'),
    quiet: when('migrator-started') - when('restore-point'),
  };
}

function lines(found: readonly Shares[]): readonly Line[] {
  const all = (pick: (each: Shares) => number): readonly number[] => found.map(pick);
  const line = (what: string, values: readonly number[], target?: number): Line => ({
    what,
    measured: median(values),
    unit: 'ms',
    note: spread(values),
    ...(target === undefined ? {} : { target }),
  });
  return [
    line(
      'whole main step',
      all(({ wall }) => wall),
    ),
    line(
      'of it Prisma',
      all(({ prisma }) => prisma),
    ),
    line(
      'of it waiting for the snapshot',
      all(({ snapshot }) => snapshot),
    ),
    line(
      'of it the restore point: rest of its second + quiet second',
      all(({ quiet }) => quiet),
    ),
    line(
      'the guard itself',
      all(({ wall, prisma, snapshot, quiet }) => wall - prisma - snapshot - quiet),
      1500,
    ),
    line(
      'the guard itself with the restore point’s wait',
      all(({ wall, prisma, snapshot }) => wall - prisma - snapshot),
    ),
    {
      what: 'the guard itself, as a part of Prisma’s own time',
      measured: median(
        found.map(({ wall, prisma, snapshot, quiet }) => (wall - prisma - snapshot - quiet) / prisma),
      ),
      unit: 'ratio',
    },
  ];
}
