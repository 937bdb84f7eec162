/** What a measurement is, how it is repeated, and how it is shown. */

export type Unit = 'ms' | 's' | 'ratio' | 'kB' | 'MB' | 'calls';

/** One line of the results. Without a target it is told for information and cannot fail. */
export interface Line {
  readonly what: string;
  readonly measured: number;
  readonly unit: Unit;
  /** `measured` must be at most this. */
  readonly target?: number;
  /** How it was got: repetitions, spread, what is in it. */
  readonly note?: string;
}

export interface Bench {
  readonly name: string;
  readonly about: string;
  run(): Promise<readonly Line[]>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) throw new Error('the median of nothing');
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

/** `7 runs, 310 to 402 ms` */
export const spread = (values: readonly number[], unit = 'ms'): string =>
  `${values.length} runs, ${Math.round(Math.min(...values))} to ${Math.round(Math.max(...values))} ${unit}`;

/** Milliseconds of one call. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/**
 * Measures rivals in turns (A B A B ...), so that a busy moment of the machine hits both. One round of warm-up
 * is thrown away.
 */
export async function inTurns<Name extends string>(
  rounds: number,
  rivals: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(rivals) as Name[];
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const took = await rivals[name]();
      if (round > 0) found[name].push(took);
    }
  }
  return found;
}

export const missed = ({ measured, target }: Line): boolean => target !== undefined && measured > target;

const DIGITS: Readonly<Record<Unit, number>> = { ms: 0, s: 2, ratio: 2, kB: 0, MB: 0, calls: 1 };

export const amount = (value: number, unit: Unit): string =>
  `${value.toFixed(DIGITS[unit])}${unit === 'ratio' ? '' : ` ${unit}`}`;

export function show(line: Line): string {
  const goal = line.target === undefined ? '' : `  target ≤ ${amount(line.target, line.unit)}`;
  const verdict = line.target === undefined ? '    ' : missed(line) ? 'MISS' : 'pass';
  const note = line.note === undefined ? '' : `  (${line.note})`;
  return `  ${verdict}  ${line.what.padEnd(56)} ${amount(line.measured, line.unit).padStart(10)}${goal}${note}`;
}
