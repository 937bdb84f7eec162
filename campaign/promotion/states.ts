/** The states that two databases can be in during a cut-over, by what AWS tells of them. */
import type { Seen, Side, Stage } from './world.ts';
import { PRODUCTION, RESTORED } from './world.ts';

export const STATES = {
  'not started': 'production is the old one, the restored one has its own name',
  'rename 1': 'the old one is being renamed',
  outage: 'nobody has the name',
  'rename 2': 'the restored one is being renamed',
  done: 'production is the restored one',
  'no target': 'the proxy sends to nobody',
} as const;
export type State = keyof typeof STATES;

const PACE_MS = 10;
const isOld = (name: string | undefined): boolean => name?.startsWith(`${PRODUCTION}-replaced-`) === true;

type Row = readonly [old: string, fresh: string, state: State];

/**
 * Names and whether they are being renamed (`~`), old and restored; an undo
 * goes through the same ones backwards. What is not here no row of the guard's table knows.
 */
const ROWS: readonly Row[] = [
  ['production', 'restored', 'not started'],
  ['production~', 'restored', 'rename 1'],
  ['parked~', 'restored', 'rename 1'],
  ['parked', 'restored', 'outage'],
  ['parked', 'restored~', 'rename 2'],
  ['parked', 'production~', 'rename 2'],
  ['parked', 'production', 'done'],
];
const named = (seen: Seen | undefined, names: Readonly<Record<string, string>>): string =>
  seen === undefined
    ? 'gone'
    : `${isOld(seen.name) ? 'parked' : (names[seen.name] ?? seen.name)}${seen.status === 'renaming' ? '~' : ''}`;

/** Undefined for what no row of the table knows. */
export function stateOf(stage: Stage): State | undefined {
  const names = { [PRODUCTION]: 'production', [RESTORED]: 'restored' };
  const [old, fresh] = [named(stage.see('old'), names), named(stage.see('new'), names)];
  if (stage.way === 'proxy') {
    const target = stage.target();
    if (old !== 'production' || fresh !== 'restored') return undefined;
    return target === undefined ? 'no target' : target === PRODUCTION ? 'not started' : 'done';
  }
  return ROWS.find((row) => row[0] === old && row[1] === fresh)?.[2];
}

const told = (stage: Stage, side: Side): string => {
  const seen = stage.see(side);
  return `${side} ${seen === undefined ? 'gone' : `${seen.name} ${seen.status}`}`;
};

export interface Watch {
  unknown(): readonly string[];
  stop(): void;
}

/** Looks all the time, not only when somebody dies. */
export function watchStates(stage: Stage): Watch {
  const unknown = new Set<string>();
  const timer = setInterval(() => {
    if (stateOf(stage) === undefined) unknown.add(`${told(stage, 'old')}, ${told(stage, 'new')}`);
  }, PACE_MS);
  return { unknown: () => [...unknown], stop: () => clearInterval(timer) };
}
