/** `mode: cleanup` in process, because the lab's snapshots are minutes old: for the guard it is the day after tomorrow. */
import type { RdsLab, RecordedCall } from '../../lab/rds/types.ts';
import { type Amazon, createAmazon } from '../../src/adapters/rds/amazon.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { MANAGED_BY, TAG } from '../../src/domain/tags.ts';
import { cleanup } from '../../src/guard/back/cleanup.ts';
import { Guard } from '../../src/guard/context.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { identity, request } from '../fakes/world.ts';

const DAY = 86_400_000;

export const awsEnvironment = (rds: RdsLab): Readonly<Record<string, string>> => ({
  AWS_REGION: rds.region,
  AWS_ENDPOINT_URL_RDS: rds.url,
  AWS_ACCESS_KEY_ID: 'AKIALABLABLABLABLAB1',
  AWS_SECRET_ACCESS_KEY: 'lab-aws-secret-access-key',
});

export interface Cleaned {
  readonly status: string;
  readonly calls: readonly RecordedCall[];
  readonly log: string;
}

/**
 * Beside the snapshots that are there, one more of a run that went well; all of them but the newest may go. Sets the
 * AWS variables of this process meanwhile, so one at a time.
 */
export async function cleanUp(
  rds: RdsLab,
  target: { readonly kind: 'instance' | 'cluster'; readonly id: string },
): Promise<Cleaned> {
  const clock = { ...systemClock, now: () => systemClock.now() + 2 * DAY };
  const before = { ...process.env };
  Object.assign(process.env, awsEnvironment(rds));
  try {
    const { region } = rds;
    const amazon = createAmazon({ region, targetKind: target.kind, clock, onRetry: () => undefined });
    await oneMore(amazon, target.id);
    await rds.settled();
    if (rds.jobFailures.length > 0) throw new Error(rds.jobFailures.join('; '));
    const from = rds.calls.length;
    const guard = cleaner(amazon, clock, { id: target.id, region });
    const status = await cleanup(guard);
    return { status, calls: rds.calls.slice(from), log: toldIn(guard) };
  } finally {
    for (const key of Object.keys(awsEnvironment(rds))) {
      if (before[key] === undefined) delete process.env[key];
      else process.env[key] = before[key];
    }
  }
}

/** Why each of them goes or stays, and what went wrong. */
const toldIn = ({ run }: Guard): string =>
  [
    ...(run.inventory ?? []).map(({ identifier, verdict, why }) => `${identifier}: ${verdict}, ${why}`),
    ...run.problems.map(({ code, detail }) => `${code}: ${detail}`),
  ].join('\n');

async function oneMore({ recovery }: Amazon, id: string): Promise<void> {
  const source = await recovery.instance(id);
  if (source === undefined) throw new Error(`no database ${id}`);
  await recovery.createSnapshot({
    identifier: `gm-${id}-99-1`,
    source,
    tags: {
      [MANAGED_BY.key]: MANAGED_BY.value,
      [TAG.run]: '99-1',
      [TAG.phase]: 'applied',
      [TAG.sourceResourceId]: source.resourceId,
    },
  });
}

function cleaner(
  amazon: Amazon,
  clock: Clock,
  { id, region }: { readonly id: string; readonly region: string },
): Guard {
  const absent = async (): Promise<never> => {
    throw new Error('a cleanup asks AWS only');
  };
  return new Guard({
    request: request({
      mode: 'cleanup',
      instance: id,
      region,
      snapshotKeep: 1,
      confirm: id,
      slackWebhookUrl: undefined,
    }),
    identity,
    ports: {
      clock,
      recovery: async () => amazon.recovery,
      fleet: async () => amazon.fleet,
      settings: absent,
      proxies: absent,
      migrator: absent,
      engine: absent,
      parser: absent,
      analyser: absent,
      workspace: absent,
      review: absent,
      secrets: absent,
      commands: absent,
      notifier: undefined,
    },
    voice: { message: () => ({ text: '', blocks: [] }) },
    environment: {},
    onEvent: () => undefined,
    onSecret: () => undefined,
    cancelled: new AbortController().signal,
  });
}
