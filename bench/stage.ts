/** One database server, one RDS and one Slack for the benches that run the whole action. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node24 } from '../lab/node24.ts';
import { type Cluster, startCluster } from '../lab/postgres/index.ts';
import { makeProject, type Project, shopProject } from '../lab/projects/make.ts';
import { type RdsLab, startRds } from '../lab/rds/index.ts';
import { type ActionOptions, type ActionResult, runAction } from '../lab/runner/index.ts';
import { type Slack, startSlack } from '../lab/slack.ts';
import type { Event } from '../src/domain/event.ts';

export const root: string = fileURLToPath(new URL('../', import.meta.url));
const INSTANCE = 'shop-bench';

export interface Stage extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly rds: RdsLab;
  readonly slack: Slack;
  readonly project: Project;
  /** Environment of a step that runs Prisma by hand: Node 24 comes first, as on a runner with setup-node. */
  readonly env: Readonly<Record<string, string>>;
  /** One press of the button. Throws unless the run ends in that status. */
  deploy(status: string, options?: Partial<ActionOptions>): Promise<Run>;
}

export interface Run {
  readonly result: ActionResult;
  /** Milliseconds of the main step alone, from its start to its end. */
  readonly wallMs: number;
  readonly journal: readonly Event[];
}

/** The shop with its four migrations applied. The snapshot takes just under the poller's first second. */
export async function setStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startCluster({ name: 'bench' }));
  const durations = { snapshotMs: 900, restoreMs: 300, backingUpMs: 100, latestRestorableLagMs: 0 };
  const rds = stack.use(await startRds({ durations }));
  await rds.register({ id: INSTANCE }, cluster);
  const slack = stack.use(await startSlack());
  const project = stack.use(makeProject({ prisma: 7, from: shopProject }));
  mkdirSync(join(project.dir, 'node_modules/.bin'));
  symlinkSync('../prisma/build/index.js', join(project.dir, 'node_modules/.bin/prisma'));
  const env = {
    ...project.env(cluster.url()),
    PATH: [dirname(node24), process.env.PATH ?? ''].join(delimiter),
    HOME: process.env.HOME ?? '',
    CI: 'true',
    npm_config_update_notifier: 'false',
    AWS_REGION: rds.region,
    AWS_ENDPOINT_URL_RDS: rds.url,
    AWS_ACCESS_KEY_ID: 'lab',
    AWS_SECRET_ACCESS_KEY: 'lab-secret-key',
  };
  let runs = 0;
  const deploy = async (status: string, options: Partial<ActionOptions> = {}): Promise<Run> => {
    runs += 1;
    const result = await runAction({
      action: root,
      cwd: project.dir,
      runId: String(runs),
      ...options,
      inputs: { 'db-instance-identifier': INSTANCE, 'slack-webhook-url': slack.url, ...options.inputs },
      env: { ...env, ...options.env },
    });
    try {
      if (result.outputs.status !== status)
        throw new Error(`${result.outputs.status} instead of ${status}:\n${result.stdout}${result.stderr}`);
      return { result, wallMs: result.durationMs, journal: readJournal(result.tempDir) };
    } finally {
      result.remove();
    }
  };
  await deploy('applied', { inputs: { snapshot: 'skip' } });
  const owned = stack.move();
  return { cluster, rds, slack, project, env, deploy, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Events of the run whose RUNNER_TEMP this is; none before the journal is there. A torn last line is left out. */
export function readJournal(tempDir: string): readonly Event[] {
  const folder = readdirSync(tempDir).find((name) => name.startsWith('guarded-migrate-'));
  if (folder === undefined) return [];
  const lines = readFileSync(join(tempDir, folder, 'journal.ndjson'), 'utf8')
    .split('\n')
    .slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Event);
}

/** When the first event of that kind was journaled, in epoch milliseconds. */
export function whenIn(journal: readonly Event[], matches: (event: Event) => boolean, what: string): number {
  const found = journal.find(matches);
  if (found === undefined) throw new Error(`the journal has no ${what}`);
  return found.at;
}
