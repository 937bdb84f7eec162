/** Back by RDS Proxy on the built action: a deploy fails, a rollback sends the proxy to the restored rows, an undo back. */
import { afterAll, expect, test } from '@jest/globals';
import { startApp } from '../lab/rds-app.ts';
import type { Deployed } from './deployed.ts';
import { expectInOrder } from './honest.ts';
import { HALF, openWorld } from './world.ts';

const DURATIONS = {
  snapshotMs: 200,
  restoreMs: 300,
  backingUpMs: 200,
  modifyMs: 100,
  rebootMs: 100,
  proxyTargetMs: 200,
  latestRestorableLagMs: 200,
};

const world = await openWorld({ rds: { endpoints: 'names', durations: DURATIONS } });
afterAll(async () => world[Symbol.asyncDispose]());

/** Calls that change something, without tags and the mending of settings. */
const acted = (run: Deployed): readonly string[] =>
  run.changes
    .map(({ action }) => action)
    .filter((action) => !['AddTagsToResource', 'ModifyDBInstance'].includes(action));

test('no proxy: refused in words; one proxy: restored rows through it, the old database untouched; undo', async () => {
  await world.play({ next: HALF, inputs: { 'on-failure': 'alert' } }, async (the) => {
    const { rds, id } = the;
    const direct = { ...rds.environment, DATABASE_URL: rds.urlOf(id, the.database) };
    await the.query(`CREATE TABLE place AS SELECT 'before' AS name; GRANT SELECT ON place TO app`);
    const broken = await the.deploy({ env: direct });
    expect(broken.outputs.status).toBe('failed');
    await the.query(`UPDATE place SET name = 'damaged'`);
    const old = rds.instances().find((each) => each.id === id);

    const runId = /, run (\d+), attempt/.exec(broken.log)?.[1] ?? '';
    const proxied = { promote: 'proxy', confirm: id };
    const inputs = { mode: 'rollback', 'run-id': runId, ...proxied };
    const absent = await the.deploy({ env: direct, inputs });
    expect([absent.exitCode, absent.outputs.status]).toEqual([1, 'failed']);
    expectInOrder(absent.told, ['RDS Proxy', 'promote: rename']);
    expect(acted(absent)).toEqual(['RestoreDBInstanceToPointInTime']);
    const name = absent.outputs['restored-identifier'] ?? '';

    const proxy = await rds.registerProxy({ name: `${id}-proxy`, target: id });
    const url = proxy.url(the.database);
    const env = { ...rds.environment, DATABASE_URL: url };
    await using app = startApp(rds, url);
    await app.sees('damaged');
    const back = await the.deploy({ env, inputs });
    expect([back.outputs.status, back.exitCode]).toEqual(['promoted', 0]);
    await app.sees('before');
    expect(acted(back)).toEqual(['DeregisterDBProxyTargets', 'RegisterDBProxyTargets']);
    expectInOrder(back.told, [`RDS Proxy ${id}-proxy`, name, `keeps its name ${id}`, 'promote: undo']);
    expect(rds.proxies().map(({ target, health }) => [target, health])).toEqual([[name, 'AVAILABLE']]);

    // Its name, its settings and its rows; tags are what the next job finds the two by.
    const { tags: _, ...now } = rds.instances().find((each) => each.id === id) ?? { tags: [] };
    expect({ ...now, tags: old?.tags }).toEqual(old);
    const there = await rds.clusterOf(id).query('SELECT name FROM place', [], the.database);
    expect(there).toEqual([{ name: 'damaged' }]);

    const undo = { mode: 'promote', promote: 'undo', confirm: id };
    const undone = await the.deploy({ env, inputs: undo });
    expect([undone.outputs.status, undone.exitCode]).toEqual(['promoted', 0]);
    await app.sees('damaged');
    expect(rds.proxies()[0]?.target).toBe(id);
    expect(acted(undone)).toEqual(['DeregisterDBProxyTargets', 'RegisterDBProxyTargets']);
    expect([rds.violations, rds.jobFailures]).toEqual([[], []]);
  });
});
