/** Runs of the action as a pull request starts them; none of them may change anything. */
import { expect } from '@jest/globals';
import type { GitHub } from '../../lab/github.ts';
import { runAction } from '../../lab/runner/index.ts';
import { type Deployed, deployed } from './deployed.ts';
import { type Case, type CaseOptions, root, type World } from './world.ts';

export const TOKEN = 'ghs_labLabLabLabLabLab0123456789';

interface Ground {
  readonly world: World;
  readonly github: GitHub;
}

let pulls = 0;

export interface Pull {
  readonly number: number;
  /** The comments on this pull request. */
  comments(): readonly string[];
  run(inputs: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>): Promise<Deployed>;
}

/** A case seen from a pull request of its own; whatever the runs find, nothing may change. */
export async function inPull<T>(
  { world, github }: Ground,
  options: CaseOptions,
  play: (the: Case, pull: Pull) => Promise<T>,
): Promise<void> {
  await world.play({ shared: true, ...options }, async (the) => {
    pulls += 1;
    const number = pulls;
    const stack = new DisposableStack();
    const run: Pull['run'] = async (inputs, env = {}) => {
      const from = { calls: the.rds.calls.length, messages: the.slack.messages.length };
      const result = await runAction({
        ...{ action: root, cwd: the.project.dir, token: TOKEN, event: { pull_request: { number } } },
        inputs: { ...the.inputs, ...inputs },
        env: { ...the.env, GITHUB_API_URL: github.url, ...env },
      });
      stack.defer(() => result.remove());
      const seen = deployed(result, { id: the.id, slack: the.slack, rds: the.rds, from });
      expect([seen.changes, seen.slack]).toEqual([[], []]);
      expect(await the.query(UNTOUCHED)).toEqual([{ rows: '100', columns: '2', history: '1', locks: '0' }]);
      return seen;
    };
    const comments = () => github.comments.filter(({ issue }) => issue === number).map(({ body }) => body);
    try {
      await play(the, { number, comments, run });
    } finally {
      stack.dispose();
    }
  });
}

const UNTOUCHED = `SELECT (SELECT count(*) FROM orders)::text AS rows,
  (SELECT count(*) FROM information_schema.columns WHERE table_name = 'orders')::text AS columns,
  (SELECT count(*) FROM _prisma_migrations)::text AS history,
  (SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND locktype = 'advisory')::text AS locks`;
