/** What is promised of every labelled failure, whatever database it is played on. */
import { describe, expect, test } from '@jest/globals';
import type { Expected, VerdictCase } from './case.ts';
import { table } from './counts.ts';
import type { Seen } from './deploy.ts';
import type { Pool } from './pool.ts';
import { MissedStrike } from './strike.ts';

/** `all`, or words of the titles; empty takes a sample. */
export const wanted = process.env.VERDICT_CASES ?? '';

export interface Run<M extends string, C extends VerdictCase<M> = VerdictCase<M>> {
  readonly the: C;
  readonly mode: M;
  readonly title: string;
}

/** The runs of the cases in the modes that `chosen` takes of each; those that were asked for by name where any were. */
export const runsOf = <M extends string, C extends VerdictCase<M> = VerdictCase<M>>(
  cases: readonly C[],
  chosen: (the: C, index: number) => readonly M[],
): readonly Run<M, C>[] =>
  cases
    .flatMap((the, index) =>
      chosen(the, index).map((mode) => ({ the, mode, title: `${the.kind}: ${the.name} (${mode})` })),
    )
    .filter((each) => wanted === '' || wanted === 'all' || each.title.includes(wanted));

const TRIES = 4;

/** On a busy machine the CLI may not get its connection in time: then the case was not played either. */
const neverBegan = ({ verdict }: Seen, code: string | null | undefined): boolean =>
  /^(?:[0-9A-Z]{5}|\d{4})$/.test(code ?? '') &&
  verdict.evidence.some((each) => each.startsWith('no pending migration was started'));

/** Plays all runs, as many at a time as the pool has places; again when a case's own fault came too late. */
export class Plays<M extends string, C extends VerdictCase<M> = VerdictCase<M>> {
  readonly seen = new Map<string, Promise<Seen>>();
  readonly #pool: Pool;

  constructor(pool: Pool, runs: readonly Run<M, C>[], play: (run: Run<M, C>) => Promise<Seen>) {
    this.#pool = pool;
    for (const run of runs) {
      const played = pool.run(() => playWell(run, play));
      played.catch(() => undefined);
      this.seen.set(run.title, played);
    }
  }

  of(title: string): Promise<Seen> {
    return this.seen.get(title) ?? Promise.reject(new Error(`${title} was not run`));
  }

  async stop(): Promise<void> {
    this.#pool.stop();
    await Promise.allSettled(this.seen.values());
  }
}

async function playWell<M extends string, C extends VerdictCase<M>>(
  run: Run<M, C>,
  play: (run: Run<M, C>) => Promise<Seen>,
): Promise<Seen> {
  const code = run.the.expected[run.mode]?.code;
  for (let round = 1; ; round += 1) {
    try {
      const seen = await play(run);
      if (round === TRIES || !neverBegan(seen, code)) return seen;
    } catch (error) {
      if (!(error instanceof MissedStrike) || round === TRIES) throw error;
    }
  }
}

/** Everything that is promised about a verdict, in one object, so that a failure shows all of it. */
function promised(expected: Expected): Readonly<Record<string, unknown>> {
  return {
    truth: expected.truth,
    state: expected.state,
    ok: expected.ok ?? false,
    failed: expected.ok ? undefined : (expected.failed ?? '1_first'),
    retryable: expected.retryable ?? false,
    ...(expected.code === undefined ? {} : { code: expected.code ?? undefined }),
  };
}

/** The tests of all runs. `plays` is filled by the suite's own `beforeAll`. */
export function testVerdicts<M extends string, C extends VerdictCase<M>>(
  runs: readonly Run<M, C>[],
  plays: () => Plays<M, C>,
): void {
  const of = (title: string): Promise<Seen> => plays().of(title);
  describe('verdicts', () => {
    test.each(runs)(
      '$title',
      async ({ the, mode, title }) => {
        const { verdict, differing, events } = await of(title);
        const truth = differing.length > 0 ? 'different' : 'same';
        if (truth === 'different') expect(verdict.state).not.toBe('unchanged');
        const expected = the.expected[mode];
        if (expected === undefined) throw new Error('a run without a label');
        const { state, ok, failedMigration: failed, retryable, error } = verdict;
        const said = { truth, state, ok, failed, retryable, code: error?.code };
        const cli = events.filter(({ type }) => type === 'migrator-ended' || type === 'stopping');
        // Not toMatchObject: its message leaves out what says why.
        expect({ ...said, differing, evidence: verdict.evidence, error, cli }).toEqual(
          expect.objectContaining(promised(expected)),
        );
        // A place that is named must be the right one; whether it is named is counted below.
        if (expected.line !== undefined && verdict.statement !== undefined)
          expect({ ...verdict.statement, error }).toMatchObject({ line: expected.line });
      },
      300_000,
    );
  });

  describe('over all runs', () => {
    test('nothing that differs was called unchanged', async () => {
      const lies: string[] = [];
      for (const [title, each] of plays().seen) {
        const { verdict, differing } = await each;
        if (verdict.state === 'unchanged' && differing.length > 0)
          lies.push(`${title}: ${differing.join(', ')}`);
      }
      expect(lies).toEqual([]);
    }, 120_000);

    test('the failing line was found in four of five cases that have one', async () => {
      const asked = runs.filter(({ the, mode }) => typeof the.expected[mode]?.line === 'number');
      const missed: string[] = [];
      for (const { title } of asked)
        if ((await of(title)).verdict.statement === undefined) missed.push(title);
      if (process.env.VERDICT_TABLE !== undefined) process.stdout.write(`not found:\n${missed.join('\n')}\n`);
      expect(missed.length).toBeLessThanOrEqual(asked.length / 5);
    });

    test('the labels are told apart', async () => {
      if (process.env.VERDICT_TABLE !== undefined) process.stdout.write(`${await table(runs, of)}\n`);
      expect(new Set(runs.map(({ title }) => title)).size).toBe(runs.length);
    });
  });
}
