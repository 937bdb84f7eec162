/** The doctor with the real adapters against a real server, the lab's RDS and the real Prisma CLI. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { makeProject, type Project } from '../../lab/projects/make.ts';
import { type RdsLab, startRds } from '../../lab/rds/index.ts';
import { wirePorts } from '../../src/app/wiring.ts';
import type { Check, CheckName } from '../../src/domain/checkup.ts';
import { Guard } from '../../src/guard/context.ts';
import { doctor } from '../../src/guard/doctor.ts';
import * as rules from '../../src/plan/refusals.ts';
import { doctorLog } from '../../src/report/doctor.ts';
import { identity, request } from '../fakes/world.ts';

let cluster: Cluster;
let rds: RdsLab;
let project: Project;
let temp: string;
const before = { ...process.env };

beforeAll(async () => {
  cluster = await startCluster({ name: 'doctor' });
  rds = await startRds({
    durations: { snapshotMs: 100, restoreMs: 100, backingUpMs: 100, latestRestorableLagMs: 100 },
  });
  await rds.register({ id: 'shop-prod' }, cluster);
  project = makeProject({
    prisma: 7,
    migrations: [{ name: '1_users', sql: 'CREATE TABLE users (id int);\n' }],
  });
  temp = mkdtempSync(join(tmpdir(), 'doctor-'));
  // The AWS SDK reads its endpoint and credentials from the process.
  Object.assign(process.env, {
    AWS_REGION: rds.region,
    AWS_ENDPOINT_URL_RDS: rds.url,
    AWS_ACCESS_KEY_ID: 'AKIALABLABLABLABLAB1',
    AWS_SECRET_ACCESS_KEY: 'lab-aws-secret-access-key',
  });
});

afterAll(async () => {
  for (const name of Object.keys(process.env)) if (before[name] === undefined) delete process.env[name];
  Object.assign(process.env, before);
  project?.remove();
  if (temp !== undefined) rmSync(temp, { recursive: true, force: true });
  await rds?.stop();
  await cluster?.stop();
});

async function examine(
  url: string,
): Promise<{ readonly states: Readonly<Record<string, string>>; readonly checks: readonly Check[] }> {
  const asked = request({ region: rds.region, slackWebhookUrl: undefined });
  const environment = { ...project.env(url), GITHUB_WORKSPACE: project.dir, RUNNER_TEMP: temp };
  const guard = new Guard({
    request: asked,
    identity,
    ports: wirePorts({
      request: asked,
      environment,
      scrub: (text) => text,
      log: () => undefined,
      cancelled: new AbortController().signal,
      onNotice: () => undefined,
      mark: 'doctor-lab',
      hurried: false,
    }),
    voice: { message: () => ({ text: '', blocks: [] }) },
    environment,
    onEvent: () => undefined,
    onSecret: () => undefined,
    cancelled: new AbortController().signal,
  });
  const checks = await doctor(guard, rules);
  return { checks, states: Object.fromEntries(checks.map(({ name, state }) => [name, state])) };
}

const SKIPPED: readonly CheckName[] = ['aws-changes', 'slack', 'github'];

test('a project that is ready passes, and neither database nor AWS is changed', async () => {
  const { checks, states } = await examine(cluster.url());
  expect(checks.filter(({ state }) => state !== 'ok').map(({ name, state }) => `${name} ${state}`)).toEqual(
    SKIPPED.map((name) => `${name} skipped`),
  );
  expect(states['schema-engine']).toBe('ok');
  const tables = await cluster.query(
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
  );
  expect(tables).toEqual([]);
  expect(new Set(rds.calls.map(({ action }) => action))).toEqual(
    new Set(['DescribeDBInstances', 'DescribeDBSnapshots']),
  );
  expect(doctorLog(checks).join('\n')).not.toContain(cluster.roles.get('app'));
});

test('a wrong password, an unknown key, and a stopped instance are told together', async () => {
  rds.faults.inject({ action: 'DescribeDBSnapshots', kind: 'denied', times: Number.POSITIVE_INFINITY });
  rds.setStatus('shop-prod', 'stopped');
  const { checks, states } = await examine(cluster.url().replace(/:[^:@/]+@/, ':wrong-word@'));
  rds.faults.clear();
  rds.setStatus('shop-prod', 'available');
  expect(checks.filter(({ state }) => state === 'failed').map(({ name }) => name)).toEqual([
    'connection',
    'describe-snapshots',
    'instance',
  ]);
  expect(states).toMatchObject({
    project: 'ok',
    'prisma-cli': 'ok',
    retention: 'ok',
    timeouts: 'skipped',
    history: 'skipped',
  });
  expect(doctorLog(checks).join('\n')).toMatch(/refused the user app/);
  expect(doctorLog(checks).join('\n')).not.toContain('wrong-word');
});
