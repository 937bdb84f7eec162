/** What the demo plays on: production in small, and one press of the deploy button. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cluster, startCluster } from '../postgres/index.ts';
import { makeProject, type Project, shopProject } from '../projects/make.ts';
import { type RdsLab, startRds } from '../rds/index.ts';
import { type ActionResult, runAction } from '../runner/index.ts';
import { type Slack, startSlack } from '../slack.ts';

export const INSTANCE = 'shop-prod';
const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Stage extends AsyncDisposable {
  readonly production: Cluster;
  readonly rds: RdsLab;
  readonly slack: Slack;
  readonly project: Project;
  /** Folder that stays after the demo: summaries and reports. */
  readonly keep: string;
  /** One run of the committed action, as a workflow step would start it. */
  deploy(runId: string): Promise<ActionResult>;
}

/** Everything on loopback, on free ports; all of it is gone after the demo except `keep`. */
export async function setStage(): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  try {
    const production = stack.use(await startCluster({ name: 'production' }));
    const rds = stack.use(
      await startRds({
        durations: { snapshotMs: 1500, restoreMs: 2500, backingUpMs: 1000, latestRestorableLagMs: 4000 },
      }),
    );
    await rds.register(
      {
        id: INSTANCE,
        subnetGroup: 'private',
        securityGroups: ['sg-0a1b2c3d'],
        parameterGroup: 'shop-postgres18',
        multiAz: true,
        deletionProtection: true,
        tags: [{ key: 'team', value: 'checkout' }],
      },
      production,
    );
    const slack = stack.use(await startSlack());
    const project = stack.use(makeProject({ prisma: 7, from: shopProject }));
    const keep = mkdtempSync(join(tmpdir(), 'guarded-migrate-demo-'));
    const deploy = (runId: string): Promise<ActionResult> =>
      runAction({
        action: root,
        cwd: project.dir,
        runId,
        inputs: { 'db-instance-identifier': INSTANCE, 'slack-webhook-url': slack.url },
        env: {
          ...project.env(production.url()),
          AWS_REGION: rds.region,
          AWS_ENDPOINT_URL_RDS: rds.url,
          AWS_ACCESS_KEY_ID: 'lab',
          AWS_SECRET_ACCESS_KEY: 'lab-secret-key',
        },
      });
    const owned = stack.move();
    return {
      production,
      rds,
      slack,
      project,
      keep,
      deploy,
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
