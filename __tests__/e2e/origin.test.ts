/** Back to the restore point of a run whose database lost the name of production since, or was deleted by hand. */
import { afterAll, expect, test } from '@jest/globals';
import { slackText } from './deployed.ts';
import { expectHonest, expectInOrder } from './honest.ts';
import { HALF, openWorld } from './world.ts';

const DURATIONS = {
  snapshotMs: 200,
  restoreMs: 300,
  backingUpMs: 200,
  modifyMs: 100,
  renameMs: 300,
  rebootMs: 100,
  latestRestorableLagMs: 200,
};

const world = await openWorld({ rds: { endpoints: 'names', durations: DURATIONS } });
afterAll(async () => world[Symbol.asyncDispose]());

test('cut over, back again to the same run; then production is deleted, and back to the run after it', async () => {
  await world.play({ next: HALF, inputs: { 'on-failure': 'alert' } }, async (the) => {
    const { rds, id } = the;
    const env = { ...rds.environment, DATABASE_URL: rds.urlOf(id, the.database) };
    const press = (inputs: Readonly<Record<string, string>> = {}) => the.deploy({ env, inputs });
    const runOf = (log: string): string => /, run (\d+), attempt/.exec(log)?.[1] ?? '';
    const restoreOf = (changes: Awaited<ReturnType<typeof press>>['changes']) =>
      changes.find(({ action }) => action === 'RestoreDBInstanceToPointInTime')?.params;
    const idNow = (name: string): string =>
      rds.instances().find((each) => each.id === name)?.resourceId ?? 'none';

    const broken = await press();
    expect(broken.outputs.status).toBe('failed');
    const first = idNow(id);
    const back = { mode: 'rollback', 'run-id': runOf(broken.log) };
    const promoted = await press({ ...back, promote: 'rename', confirm: id });
    // What it is called now, and where applications find it.
    expect(promoted.outputs).toMatchObject({
      status: 'promoted',
      'restored-identifier': id,
      'restored-endpoint': new URL(env.DATABASE_URL).hostname,
      'restored-resource-id': idNow(id),
    });
    const second = idNow(id);
    expect(second).not.toBe(first);

    const again = await press(back);
    expectHonest(again);
    expect([again.exitCode, again.outputs.status]).toEqual([0, 'restored']);
    expect(restoreOf(again.changes)).toMatchObject({ SourceDbiResourceId: first });
    expect(restoreOf(again.changes)).not.toHaveProperty('SourceDBInstanceIdentifier');
    expectInOrder(again.told, ['verified', `We restore from ${id}-replaced-`, `(resource id ${first})`]);
    // The usual name is the one that an undo gives back.
    expect(again.outputs['restored-identifier']).toBe(`${id}-gm-r-${runOf(again.log)}-1`);
    expect(JSON.parse(again.outputs['write-loss'] ?? '{}')).toMatchObject({
      unknown: expect.stringContaining('another database has its name now'),
    });

    // The restored one holds no trace of the migration, so it fails once more.
    const failed = await press();
    expect([failed.outputs.status, failed.outputs['database-state']]).toEqual(['failed', 'changed']);
    await rds.remove(id);
    const gone = await press({ mode: 'rollback', 'run-id': runOf(failed.log) });
    expectHonest(gone);
    expect([gone.exitCode, gone.outputs.status, gone.outputs['database-state']]).toEqual([
      0,
      'restored',
      'restored',
    ]);
    expect(restoreOf(gone.changes)).toMatchObject({
      SourceDbiResourceId: second,
      TargetDBInstanceIdentifier: gone.outputs['restored-identifier'],
    });
    expectInOrder(gone.told, [
      'Nobody has the name',
      'its retained automated backup is still there',
      `--new-db-instance-identifier ${id}`,
    ]);
    expect(gone.log).toContain('VpcSecurityGroupIds');
    const snapshot = failed.outputs['snapshot-identifier'] ?? '';
    const older = await press({
      mode: 'rollback',
      'snapshot-identifier': snapshot,
      'restored-identifier': `${id}-gm-snap`,
    });
    expectHonest(older);
    expect([older.exitCode, older.outputs.status]).toEqual([0, 'restored']);
    expect(older.changes.map(({ action }) => action)).toContain('RestoreDBInstanceFromDBSnapshot');

    expect(slackText(gone.slack[0]?.body ?? {})).toContain('Nobody has the name');
    expect(rds.violations).toEqual([]);
  });
});
