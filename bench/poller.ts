/** The guard's poller against the SDK's own waiter and against a look every 30 seconds, on virtual clocks. */
import { mock } from 'node:test';
import { RDSClient, waitUntilDBSnapshotAvailable } from '@aws-sdk/client-rds';
import { waitUntil } from '../src/guard/wait.ts';
import type { Clock } from '../src/ports/clock.ts';
import { type Job, randomFrom, simulatedJobs } from './jobs.ts';
import { type Bench, type Line, mean } from './measure.ts';

const JOBS = 400;
const SDK_JOBS = 60;
/** How long one Describe call takes. */
const CALL_MS = 150;
const EVERY_30_S = 30_000;

interface Watched {
  readonly lateMs: number;
  readonly calls: number;
}

export const poller: Bench = {
  name: 'poller',
  about: `waiting for a job of about 20 minutes (${JOBS} simulated ones with PercentProgress)`,
  async run() {
    const jobs = simulatedJobs(JOBS, 20);
    const ours = await Promise.all(jobs.map((job) => withOurs(job, true)));
    const blind = await Promise.all(jobs.map((job) => withOurs(job, false)));
    const steady = jobs.map(withSteady);
    const sdk = await withSdk(jobs.slice(0, SDK_JOBS));
    return [
      ...told('guard', ours, { lateMs: 5000, calls: mean(steady.map(({ calls }) => calls)) }),
      ...told('guard without PercentProgress', blind),
      ...told('a look every 30 s', steady),
      ...told('SDK waiter with its defaults', sdk),
    ];
  },
};

function told(who: string, all: readonly Watched[], targets?: Watched): readonly Line[] {
  const late = all.map(({ lateMs }) => lateMs / 1000);
  const note = `${all.length} jobs, latest ${Math.max(...late).toFixed(1)} s`;
  return [
    {
      what: `${who}: mean lateness`,
      measured: mean(late),
      unit: 's',
      note,
      ...(targets === undefined ? {} : { target: targets.lateMs / 1000 }),
    },
    {
      what: `${who}: calls per job`,
      measured: mean(all.map(({ calls }) => calls)),
      unit: 'calls',
      ...(targets === undefined ? {} : { target: targets.calls }),
    },
  ];
}

async function withOurs(job: Job, showsProgress: boolean): Promise<Watched> {
  let [now, calls] = [0, 0];
  const clock: Clock = {
    now: () => now,
    random: () => 0.5,
    sleep: async (ms) => {
      now += ms;
    },
  };
  await waitUntil({
    clock,
    signal: new AbortController().signal,
    deadline: 2 * 3_600_000,
    look: async () => {
      now += CALL_MS;
      calls += 1;
      return now;
    },
    until: (at) => at >= job.endMs,
    percent: (at) => (showsProgress ? job.percentAt(at) : undefined),
  });
  return { lateMs: now - job.endMs, calls };
}

function withSteady({ endMs }: Job): Watched {
  let [now, calls] = [CALL_MS, 1];
  for (; now < endMs; calls += 1) now += EVERY_30_S + CALL_MS;
  return { lateMs: now - endMs, calls };
}

/** The very function of the SDK; only its timers, its clock, its dice and the network are ours. */
async function withSdk(jobs: readonly Job[]): Promise<readonly Watched[]> {
  const found: Watched[] = [];
  const random = mock.method(Math, 'random', randomFrom(7));
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 });
  try {
    for (const job of jobs) found.push(await oneWithSdk(job));
  } finally {
    mock.timers.reset();
    random.mock.restore();
  }
  return found;
}

async function oneWithSdk(job: Job): Promise<Watched> {
  const began = Date.now();
  let calls = 0;
  const client = new RDSClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  client.send = async () => {
    calls += 1;
    const Status = Date.now() - began >= job.endMs ? 'available' : 'creating';
    return { DBSnapshots: [{ Status }], $metadata: { httpStatusCode: 200 } };
  };
  let over = false;
  const waited = waitUntilDBSnapshotAvailable({ client, maxWaitTime: 4 * 3600 }, {}).finally(() => {
    over = true;
  });
  while (!over) {
    await new Promise(setImmediate);
    if (!over) mock.timers.tick(1000);
  }
  await waited;
  client.destroy();
  return { lateMs: Date.now() - began - job.endMs, calls };
}
