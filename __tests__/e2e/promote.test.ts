/** The whole way back on the built action: a deploy fails, a rollback restores and cuts over, an undo takes it back. */
import { afterAll, expect, test } from '@jest/globals';
import { startApp } from '../lab/rds-app.ts';
import { slackText } from './deployed.ts';
import { HALF, NEXT, openWorld } from './world.ts';

const DURATIONS = {
  snapshotMs: 300,
  restoreMs: 500,
  backingUpMs: 300,
  modifyMs: 100,
  renameMs: 1500,
  rebootMs: 100,
  latestRestorableLagMs: 300,
};

const world = await openWorld({ rds: { endpoints: 'names', durations: DURATIONS } });
afterAll(async () => world[Symbol.asyncDispose]());

test('deploy fails, rollback cuts over, the application reads the restored rows through the old name; undo', async () => {
  await world.play({ next: HALF, inputs: { 'on-failure': 'alert' } }, async (the) => {
    const { rds, id } = the;
    const url = rds.urlOf(id, the.database);
    const env = { ...rds.environment, DATABASE_URL: url };
    await the.query(`CREATE TABLE place AS SELECT 'before' AS name; GRANT SELECT ON place TO app`);
    const broken = await the.deploy({ env });
    expect([broken.exitCode, broken.outputs.status]).toEqual([1, 'failed']);
    expect(broken.outputs['failed-migration']).toBe(NEXT);
    await the.query(`UPDATE place SET name = 'damaged'`);
    await using app = startApp(rds, url);
    await app.sees('damaged');

    const runId = /, run (\d+), attempt/.exec(broken.log)?.[1] ?? '';
    const confirm = { confirm: id };
    const back = await the.deploy({
      env,
      inputs: { mode: 'rollback', 'run-id': runId, promote: 'rename', ...confirm },
    });
    expect(back.log).toContain('Prove by SQL that the production endpoint reaches the restored database');
    expect([back.outputs.status, back.exitCode]).toEqual(['promoted', 0]);
    await app.sees('before');
    const names = rds.instances().map((each) => each.id);
    expect(names).toContain(id);
    expect(names.some((each) => each.startsWith(`${id}-replaced-`))).toBe(true);
    expect(back.changes.map(({ action }) => action).filter((action) => action.startsWith('Delete'))).toEqual(
      [],
    );
    expect(back.outputs['write-loss']).toBeDefined();

    const undone = await the.deploy({ env, inputs: { mode: 'promote', promote: 'undo', ...confirm } });
    expect([undone.outputs.status, undone.exitCode]).toEqual(['promoted', 0]);
    await app.sees('damaged');
    expect(undone.told).toContain(`${id} is the old database again`);

    const again = { mode: 'promote', promote: 'rename', 'run-id': runId };
    const wrong = await the.deploy({ env, inputs: { ...again, confirm: 'shop-shared' } });
    expect([wrong.exitCode, wrong.changes]).toEqual([1, []]);

    // Killed where nobody serves: the post step asks for the rename that ends it, and waits for nothing.
    const killed = await the.deploy({
      env,
      inputs: { ...again, ...confirm },
      onStart: (step) => void step.line(/done: park/).then(() => step.kill('SIGKILL')),
    });
    expect(killed.exitCode).not.toBe(0);
    await app.sees('before');
    const finished = await the.deploy({ env, inputs: { ...again, ...confirm } });
    expect([finished.outputs.status, finished.exitCode]).toEqual(['promoted', 0]);
    expect(finished.log).toContain('An earlier job began this promotion');

    expect(back.slack.map(({ body }) => slackText(body)).join('\n')).toContain(id);
    expect(rds.violations).toEqual([]);
  });
});
