/** An application that knows production's URL only and connects anew each time: who answers, and for how long nobody. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** Between two questions; the resolution of every outage. */
const PACE_MS = 25;

const APP = `
import pg from 'pg';
for (;;) {
  const from = Date.now();
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 1000 });
  client.on('error', () => undefined);
  let saw = '';
  try {
    await client.connect();
    const { rows } = await client.query('SELECT name, (SELECT count(*) FROM orders)::int AS orders FROM place');
    saw = rows.map((row) => row.name + ' ' + row.orders).join();
  } catch {}
  await client.end().catch(() => undefined);
  console.log(JSON.stringify({ from, until: Date.now(), saw }));
  await new Promise((resume) => setTimeout(resume, ${PACE_MS}));
}
`;

/** One question; `saw` is empty when nobody answered. Epoch milliseconds. */
export interface Look {
  readonly from: number;
  readonly until: number;
  readonly saw: string;
}

export interface Probe extends AsyncDisposable {
  /** What a question that begins from now on sees. */
  now(): Promise<string>;
  /** From the last answer before each silence to the first one after it, summed. Milliseconds. */
  outage(from: number, until: number): number;
}

export function startProbe(env: Readonly<Record<string, string>>): Probe {
  const looks: Look[] = [];
  const child = spawn(process.execPath, ['--input-type=module', '--eval', APP], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => looks.push(JSON.parse(line) as Look));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    async now() {
      const asked = Date.now();
      while (child.exitCode === null) {
        const last = looks.at(-1);
        if (last !== undefined && last.from > asked) return last.saw;
        await pause(10);
      }
      throw new Error('the application has ended');
    },
    outage: (from, until) => silence(looks.filter((each) => each.until >= from && each.from <= until)),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function silence(looks: readonly Look[]): number {
  let sum = 0;
  let answered: number | undefined;
  let isSilent = false;
  for (const { until, saw } of looks) {
    if (saw === '') {
      isSilent = true;
      continue;
    }
    if (isSilent && answered !== undefined) sum += until - answered;
    answered = until;
    isSilent = false;
  }
  return sum;
}
