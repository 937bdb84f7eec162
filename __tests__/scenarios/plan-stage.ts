/** The guard with everything of a plan around it, for `mode: plan` and for a deploy. */

import { expect } from '@jest/globals';
import { planner } from '../../src/app/planner.ts';
import type { Status } from '../../src/domain/event.ts';
import type { Hazard, HazardLevel } from '../../src/domain/hazard.ts';
import type { ProblemCode } from '../../src/domain/problem.ts';
import type { DeployRequest } from '../../src/domain/request.ts';
import type { Run } from '../../src/domain/run.ts';
import { Guard, type GuardOptions } from '../../src/guard/context.ts';
import { deploy } from '../../src/guard/deploy.ts';
import { makePlan } from '../../src/guard/plan.ts';
import { nowhereBack } from '../fakes/absent.ts';
import { fault } from '../fakes/engine.ts';
import { fakeAnalyser } from '../fakes/parser.ts';
import { identity, request, World } from '../fakes/world.ts';
import { ADD_STATUS } from './scripts.ts';

export interface Stage {
  readonly world: World;
  hazards: readonly HazardLevel[];
  added: ReadonlySet<string> | undefined;
  /** What GitHub says that the pull request changes. */
  changed: ReadonlySet<string> | undefined;
  downs: ReadonlySet<string>;
  deployed: boolean | ProblemCode;
  surroundingsFail: boolean;
  secretFails: ProblemCode | undefined;
  plan(change?: Partial<DeployRequest>): Promise<Played>;
  deploy(change?: Partial<DeployRequest>): Promise<Played>;
}

export interface Played {
  readonly status: Status;
  readonly run: Run;
  readonly codes: readonly ProblemCode[];
  readonly notices: readonly string[];
}

const hazard = (level: HazardLevel): Hazard => ({
  ...{ rule: 'drop-column', level, title: 'a column goes', message: 'It goes.', suggestion: '' },
  ...{ migration: ADD_STATUS.name, path: `prisma/migrations/${ADD_STATUS.name}/migration.sql`, line: 1 },
  ...{ statement: 'ALTER TABLE', tables: ['orders'], docs: 'docs/x.md', suppressible: true },
});

/** One pending migration, a database and AWS; each test changes one thing. */
export function stage(scripts = [ADD_STATUS]): Stage {
  const world = new World({ scripts });
  const guardOf = (change: Partial<DeployRequest>): Guard => {
    const review: Awaited<ReturnType<GuardOptions['ports']['review']>> = {
      comment: async () => {
        throw new Error('the guard writes no comment');
      },
      changed: async () => the.changed,
      deployed: async () => {
        if (typeof the.deployed === 'string') throw fault(the.deployed);
        return the.deployed;
      },
    };
    const workspace: Awaited<ReturnType<GuardOptions['ports']['workspace']>> = {
      deployFiles: async () => {
        if (the.surroundingsFail) throw fault('unexpected', 'the surroundings');
        return [{ path: 'package.json', text: '{"scripts":{"deploy":"prisma db push"}}' }];
      },
      downScripts: async () => the.downs,
      added: async () => the.added,
      write: async () => {
        throw new Error('the guard writes no file');
      },
      room: async () => undefined,
    };
    return new Guard({
      request: request(change),
      identity,
      ports: {
        clock: world.clock,
        migrator: async () => world.migrator,
        engine: async () => world.engine,
        recovery: async () => world.cloud,
        ...nowhereBack,
        parser: async () => {
          throw new Error('a plan parses with the analyser');
        },
        analyser: async () => fakeAnalyser,
        workspace: async () => workspace,
        review: async () => review,
        secrets: async () => {
          if (the.secretFails !== undefined) throw fault(the.secretFails);
          throw new Error('no test reads Secrets Manager');
        },
        commands: async () => world.commands,
        notifier: async () => world.notifier,
      },
      voice: { message: (_run, about) => ({ text: about, blocks: [] }) },
      environment: world.environment,
      onEvent: () => undefined,
      onSecret: () => undefined,
      cancelled: new AbortController().signal,
    });
  };
  const play = async (
    change: Partial<DeployRequest>,
    act: (guard: Guard, floor: typeof planner) => Promise<Status>,
  ): Promise<Played> => {
    const guard = guardOf(change);
    const status = await act(guard, { ...planner, hazards: async () => the.hazards.map(hazard) });
    const { run } = guard;
    expect(world.engine.opened).toBe(world.engine.closed);
    const [codes, notices] = [run.problems.map(({ code }) => code), run.notices.map(({ code }) => code)];
    return { status, run, codes, notices };
  };
  const the: Stage = {
    ...{
      world,
      hazards: [],
      added: undefined,
      changed: undefined,
      downs: new Set(),
      deployed: true,
      surroundingsFail: false,
      secretFails: undefined,
    },
    plan: async (change = {}) => {
      const commits = world.database.commits.length;
      const calls = world.engine.calls.length;
      const played = await play({ mode: 'plan', ...change }, makePlan);
      // Whatever it finds, a plan touches nothing and alerts nobody.
      expect(world.cloud.mutations).toEqual([]);
      const asked = world.engine.calls.slice(calls);
      expect(asked.filter((call) => /^(lock|stop|drop|replay)/.test(call))).toEqual([]);
      expect(world.database.commits).toHaveLength(commits);
      expect([world.migrator.rounds, world.migrator.resolved, world.commands.ran]).toEqual([[], [], []]);
      expect(world.notifier.messages).toEqual([]);
      return played;
    },
    deploy: (change = {}) => play(change, deploy),
  };
  return the;
}
