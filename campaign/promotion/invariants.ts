/** What must hold after every kill of a cut-over. Each line names what was broken; an empty list is a good run. */
import type { RecordedCall } from '../../lab/rds/types.ts';
import type { Attempt, Played } from './play.ts';
import { changes } from './scenario.ts';
import { ROWS, type Stage } from './world.ts';

export const INVARIANTS = {
  serves: 'once somebody has gone on, exactly one of the two answers through production, with its own rows',
  outage: 'where the post step leaves nobody serving, it says so, with the command, and the next job ends it',
  twice: 'AWS accepts no rename, and no target of a proxy, a second time',
  deleted: 'nothing is deleted or stopped',
  table: "what AWS tells is at every moment a row of the guard's table",
  agrees: 'the status that is told is what is so, and so is the exit code',
  end: 'whoever goes on comes to a clear end, in time, and leaves no process',
} as const;
export type Invariant = keyof typeof INVARIANTS;

type Check = (played: Played, stage: Stage) => readonly string[];

const checks: Readonly<Record<Invariant, Check>> = {
  serves({ next }) {
    const last = next.at(-1);
    if (last === undefined) return [];
    const wanted = wantedRows(last);
    return wanted.includes(last.serves) ? [] : [`${last.by}: the application sees "${last.serves}"`];
  },
  outage({ next }) {
    const [post] = next;
    if (post?.by !== 'post' || post.serves !== '') return [];
    return /mode: promote/.test(post.log) ? [] : ['the post step does not say that nobody serves'];
  },
  twice: ({ calls }) => repeated(calls),
  deleted({ calls, gone }) {
    const asked = calls.filter(({ action }) => /^(?:Delete|Stop)/.test(action));
    return [...asked.map(({ action }) => `${action} was asked for`), ...gone.map((id) => `${id} is gone`)];
  },
  table({ unknown, killed, stateAtKill }) {
    return [...unknown, ...(killed && stateAtKill === undefined ? ['killed in an unknown state'] : [])];
  },
  agrees: ({ next }) => next.flatMap(lies),
  end: ({ next, left }, { rds }) => [
    ...next.flatMap(unclear),
    ...left,
    ...rds.violations.map((each) => `the lab: ${each}`),
    ...rds.jobFailures.map((each) => `the lab: ${each}`),
  ],
};

/** Refused is right for an undo of what was never begun. */
function wantedRows({ by, outputs }: Attempt): readonly string[] {
  if (by === 'promote') return [ROWS.new];
  if (by === 'undo') return [ROWS.old];
  return outputs.status === 'promoted' ? [ROWS.new] : [ROWS.old, ROWS.new];
}

function repeated(calls: readonly RecordedCall[]): readonly string[] {
  // A call that was cut was carried out: that is the fault.
  const done = changes(calls).filter(({ result }) => result === 'ok' || result === 'cut');
  const renames = done.flatMap(({ params }) => {
    const to = params.NewDBInstanceIdentifier ?? params.NewDBClusterIdentifier;
    return to === undefined ? [] : [`${params.DBInstanceIdentifier ?? params.DBClusterIdentifier} to ${to}`];
  });
  const targets = done
    .filter(({ action }) => action === 'RegisterDBProxyTargets')
    .map(({ params }) => `target ${params['DBInstanceIdentifiers.member.1']}`);
  const all = [...renames, ...targets];
  return [...new Set(all.filter((each, index) => all.indexOf(each) < index))].map((each) => `${each}, twice`);
}

function lies(attempt: Attempt): readonly string[] {
  const { by, outputs, exitCode, serves, log } = attempt;
  const { status } = outputs;
  if (by === 'post') return status === 'promoted' && serves !== ROWS.new ? ['post: a false "promoted"'] : [];
  const found: string[] = [];
  const goal = by === 'undo' ? ROWS.old : ROWS.new;
  if (status === 'promoted' && serves !== goal) found.push(`${by}: "promoted", and "${serves}" answers`);
  if ((status === 'promoted') !== (exitCode === 0)) found.push(`${by}: ${status} with exit code ${exitCode}`);
  const isNothing = by === 'undo' && status === 'refused' && /promotion-unknown/.test(log);
  if (status !== 'promoted' && !isNothing) found.push(`${by}: ended with ${status}`);
  if (isNothing && serves !== ROWS.old) found.push(`undo: refused, and "${serves}" answers`);
  return found;
}

function unclear({ by, exitCode, ms, log }: Attempt): readonly string[] {
  return [
    ...(by === 'post' && exitCode !== 0 ? [`post ended with ${exitCode}: ${log.slice(-300)}`] : []),
    ...(/stopped unexpectedly/.test(log) ? [`${by}: the last resort spoke`] : []),
    ...(ms > 60_000 ? [`${by} took ${ms} ms`] : []),
    ...(by !== 'post' && !/What you do next/.test(log) ? [`${by}: no word of what to do next`] : []),
  ];
}

export function brokenInvariants(played: Played, stage: Stage): readonly string[] {
  return (Object.keys(INVARIANTS) as readonly Invariant[]).flatMap((name) =>
    checks[name](played, stage).map((line) => `${name}: ${line}`),
  );
}
