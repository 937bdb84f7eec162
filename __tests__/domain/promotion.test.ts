import { describe, expect, test } from '@jest/globals';
import type { InstanceFacts } from '../../src/domain/facts.ts';
import {
  nextAction,
  type PromotionAction,
  type PromotionGoal,
  type PromotionLook,
  phaseOf,
} from '../../src/domain/promotion.ts';
import { SOURCE } from '../fakes/cloud.ts';

const NAMES = { production: 'shop', parked: 'shop-replaced-1', restored: 'shop-gm-r-1' } as const;
const { production, parked, restored } = NAMES;

const STATES = ['available', 'backing-up', 'renaming', 'rebooting', 'waiting', 'failed', 'gone'] as const;
/** Of a cluster. Once a rename is asked for it is waited for, and the patience of the dance ends that. */
type State = (typeof STATES)[number] | 'without-instances';

/** `waiting`: AWS has accepted a rename and still shows the old name. */
function seen(resourceId: string, identifier: string, state: State): InstanceFacts | undefined {
  if (state === 'gone') return undefined;
  return {
    ...SOURCE,
    resourceId,
    identifier,
    status: state === 'waiting' ? 'available' : state,
    endpoint: { address: `${identifier}.abc.eu-west-1.rds.amazonaws.com`, port: 5432 },
    ...(state === 'waiting' ? { pending: ['DBInstanceIdentifier'] } : {}),
  };
}

interface Row {
  readonly old: readonly [string, State];
  readonly new: readonly [string, State];
  readonly others?: readonly string[];
}

const looked = (row: Row): PromotionLook => ({
  old: seen('db-OLD', ...row.old),
  new: seen('db-NEW', ...row.new),
  others: new Set(row.others ?? []),
});

const said = (action: PromotionAction): string =>
  action.do === 'rename'
    ? `rename ${action.which} to ${action.to}`
    : action.do === 'stop'
      ? `stop ${action.code}`
      : action.do;

const act = (row: Row, goal: PromotionGoal): string => said(nextAction(looked(row), NAMES, goal));

describe('the table of a promotion', () => {
  const table: readonly (readonly [string, Row, string, string])[] = [
    [
      'not started',
      { old: [production, 'available'], new: [restored, 'available'] },
      `rename old to ${parked}`,
      'done',
    ],
    [
      'the new one is busy',
      { old: [production, 'available'], new: [restored, 'backing-up'] },
      'wait',
      'done',
    ],
    [
      'the old one is busy',
      { old: [production, 'backing-up'], new: [restored, 'available'] },
      'wait',
      'done',
    ],
    ['rename 1 is accepted', { old: [production, 'waiting'], new: [restored, 'available'] }, 'wait', 'wait'],
    ['rename 1 is running', { old: [production, 'renaming'], new: [restored, 'available'] }, 'wait', 'wait'],
    ['rename 1 is ending', { old: [parked, 'renaming'], new: [restored, 'available'] }, 'wait', 'wait'],
    [
      'nobody serves',
      { old: [parked, 'available'], new: [restored, 'available'] },
      `rename new to ${production}`,
      `rename old to ${production}`,
    ],
    [
      'nobody serves, and the new one is busy',
      { old: [parked, 'available'], new: [restored, 'backing-up'] },
      'wait',
      `rename old to ${production}`,
    ],
    [
      'nobody serves, and the new one is broken: the old one comes back',
      { old: [parked, 'available'], new: [restored, 'failed'] },
      `rename old to ${production}`,
      `rename old to ${production}`,
    ],
    [
      'nobody serves, and the new one is gone',
      { old: [parked, 'available'], new: [restored, 'gone'] },
      `rename old to ${production}`,
      `rename old to ${production}`,
    ],
    [
      'nobody serves, and the old one is gone',
      { old: [parked, 'gone'], new: [restored, 'available'] },
      `rename new to ${production}`,
      `rename new to ${production}`,
    ],
    [
      'nobody is left',
      { old: [parked, 'gone'], new: [restored, 'gone'] },
      'stop instance-gone',
      'stop instance-gone',
    ],
    ['rename 2 is accepted', { old: [parked, 'available'], new: [restored, 'waiting'] }, 'wait', 'wait'],
    ['rename 2 is running', { old: [parked, 'available'], new: [production, 'renaming'] }, 'wait', 'wait'],
    [
      'promoted',
      { old: [parked, 'available'], new: [production, 'available'] },
      'done',
      `rename new to ${restored}`,
    ],
    [
      'promoted, and the old one was deleted later',
      { old: [parked, 'gone'], new: [production, 'available'] },
      'done',
      'stop instance-gone',
    ],
    [
      'promoted, and the new one is being backed up',
      { old: [parked, 'available'], new: [production, 'backing-up'] },
      'done',
      'wait',
    ],
    [
      'promoted, and the new one broke',
      { old: [parked, 'available'], new: [production, 'failed'] },
      'stop promotion-failed',
      'stop promotion-refused',
    ],
    [
      'promoted, and the instances of the old cluster were deleted later',
      { old: [parked, 'without-instances'], new: [production, 'available'] },
      'done',
      'stop promotion-refused',
    ],
    [
      'the restore died',
      { old: [production, 'available'], new: [restored, 'failed'] },
      'stop promotion-refused',
      'done',
    ],
    [
      'the restored one was deleted',
      { old: [production, 'available'], new: [restored, 'gone'] },
      'stop instance-gone',
      'done',
    ],
    [
      'production is broken',
      { old: [production, 'failed'], new: [restored, 'available'] },
      'stop promotion-refused',
      'stop promotion-failed',
    ],
    [
      'the parked name is taken',
      { old: [production, 'available'], new: [restored, 'available'], others: [parked] },
      'stop instance-name-taken',
      'done',
    ],
    [
      'somebody took the name of production in the outage',
      { old: [parked, 'available'], new: [restored, 'available'], others: [production] },
      'stop instance-name-taken',
      'stop instance-name-taken',
    ],
    [
      'the restored name is taken when it is to be put back',
      { old: [parked, 'available'], new: [production, 'available'], others: [restored] },
      'done',
      'stop instance-name-taken',
    ],
  ];

  test.each(table)('%s', (_, row, forward, back) => {
    expect([act(row, 'new-serves'), act(row, 'old-serves')]).toEqual([forward, back]);
  });

  test('the name alone is not enough: the endpoint must have it', () => {
    const look = looked({ old: [parked, 'available'], new: [production, 'available'] });
    const late =
      look.new === undefined ? undefined : { ...look.new, endpoint: { address: `${restored}.abc`, port: 1 } };
    expect(nextAction({ ...look, new: late }, NAMES, 'new-serves').do).toBe('wait');
    const nowhere = look.new === undefined ? undefined : { ...look.new, endpoint: undefined };
    expect(nextAction({ ...look, new: nowhere }, NAMES, 'new-serves').do).toBe('wait');
  });

  test.each([
    [{ old: [production, 'available'], new: [restored, 'available'] }, 'not-started', 'undone'],
    [{ old: [production, 'renaming'], new: [restored, 'available'] }, 'parking', 'outage'],
    [{ old: [parked, 'available'], new: [restored, 'available'] }, 'outage', 'outage'],
    [{ old: [parked, 'available'], new: [restored, 'waiting'] }, 'taking-over', 'outage'],
    [{ old: [parked, 'available'], new: [production, 'renaming'] }, 'taking-over', 'outage'],
    [{ old: [parked, 'available'], new: [production, 'available'] }, 'promoted', 'promoted'],
  ] as readonly (readonly [Row, string, string])[])('phase of %j', (row, forward, back) => {
    expect([phaseOf(looked(row), NAMES, 'new-serves'), phaseOf(looked(row), NAMES, 'old-serves')]).toEqual([
      forward,
      back,
    ]);
  });
});

/** AWS in small: one rename takes some ticks, shows nothing at first, and then the old name is gone. */
class TinyAws {
  readonly items: { id: 'old' | 'new'; name: string; state: State; left: number; to: string | undefined }[];
  renames = 0;
  constructor(old: readonly [string, State], fresh: readonly [string, State]) {
    const item = (id: 'old' | 'new', [name, state]: readonly [string, State], to: string) => ({
      id,
      name,
      state,
      left: 2,
      to: state === 'renaming' || state === 'waiting' ? to : undefined,
    });
    this.items = [
      item('old', old, old[0] === production ? parked : production),
      item('new', fresh, fresh[0] === production ? restored : production),
    ];
  }
  look(): PromotionLook {
    const of = (id: 'old' | 'new') => this.items.find((each) => each.id === id);
    const [old, fresh] = [of('old'), of('new')];
    return {
      old: old === undefined ? undefined : seen('db-OLD', old.name, old.state),
      new: fresh === undefined ? undefined : seen('db-NEW', fresh.name, fresh.state),
      others: new Set(),
    };
  }
  rename(id: string, to: string): void {
    if (this.items.some((each) => each.to !== undefined)) throw new Error('two renames at once');
    if (this.items.some((each) => each.name === to && each.state !== 'gone'))
      throw new Error(`${to} is taken`);
    const item = this.items.find((each) => each.id === id);
    if (item?.state !== 'available') throw new Error(`${id} cannot be renamed now`);
    this.renames += 1;
    Object.assign(item, { state: 'waiting', to, left: 2 });
  }
  tick(): void {
    for (const item of this.items) {
      if (item.state === 'backing-up' || item.state === 'rebooting') item.state = 'available';
      if (item.to === undefined) continue;
      item.left -= 1;
      if (item.left === 1) Object.assign(item, { state: 'renaming', name: item.to });
      if (item.left <= 0) Object.assign(item, { state: 'available', name: item.to, to: undefined });
    }
  }
}

/** Where a tool that died can have left the two; never both under one name. */
const STARTS: readonly (readonly [readonly [string, State], readonly [string, State]])[] = [
  production,
  parked,
].flatMap((oldName) =>
  [production, restored].flatMap((newName) =>
    STATES.flatMap((oldState) =>
      STATES.map(
        (newState) =>
          [
            [oldName, oldState],
            [newName, newState],
          ] as const,
      ),
    ),
  ),
);

const possible = (old: readonly [string, State], fresh: readonly [string, State]): boolean => {
  const moving = (each: readonly [string, State]): boolean => each[1] === 'renaming' || each[1] === 'waiting';
  const there = (each: readonly [string, State]): boolean => each[1] !== 'gone';
  if (old[0] === production && fresh[0] === production && there(old) && there(fresh)) return false;
  if (moving(old) && moving(fresh)) return false;
  // Both on the way to one name, or to one that is in use: AWS does not accept that.
  if (moving(old) && old[0] === parked && fresh[0] === production && there(fresh)) return false;
  return !(moving(fresh) && fresh[0] === restored && old[0] === production && there(old));
};

test.each(['new-serves', 'old-serves'] as const)(
  'from every state the end has exactly one that serves (%s)',
  (goal) => {
    let ends = 0;
    for (const [old, fresh] of STARTS) {
      if (!possible(old, fresh)) continue;
      const aws = new TinyAws(old, fresh);
      let action: PromotionAction = { do: 'wait', why: '' };
      for (let tick = 0; tick < 40 && (action.do === 'wait' || action.do === 'rename'); tick += 1) {
        action = nextAction(aws.look(), NAMES, goal);
        expect(['wait', 'rename', 'done', 'stop']).toContain(action.do);
        if (action.do === 'rename') aws.rename(action.which, action.to);
        aws.tick();
      }
      expect([old, fresh, action.do]).toEqual([old, fresh, action.do === 'done' ? 'done' : 'stop']);
      expect(aws.renames).toBeLessThanOrEqual(2);
      const alive = aws.items.filter((each) => each.state !== 'gone' && each.state !== 'failed');
      const serving = aws.items.filter((each) => each.state !== 'gone' && each.name === production);
      expect([old, fresh, alive.length === 0 || serving.length === 1 || deadStarts(old, fresh)]).toEqual([
        old,
        fresh,
        true,
      ]);
      ends += 1;
    }
    expect(ends).toBeGreaterThan(100);
  },
);

/** Nothing can be done by renaming: the name is with one that broke, or production was deleted and the other broke. */
const deadStarts = (old: readonly [string, State], fresh: readonly [string, State]): boolean =>
  [old, fresh].some(([name, state]) => name === production && (state === 'failed' || state === 'gone'));
