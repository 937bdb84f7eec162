import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DBInstance,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceMessage,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { RdsLab } from '../../lab/rds/index.ts';

export const clientOf = (rds: RdsLab): RDSClient =>
  new RDSClient({
    endpoint: rds.url,
    region: rds.region,
    credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
    maxAttempts: 1,
    requestHandler: { requestTimeout: 3000, throwOnRequestTimeout: true },
  });

export type Calls = {
  /** Describes by one filter. */
  readonly found: (filter: string, value: string) => Promise<readonly DBInstance[]>;
  /** Describes by identifier; rejects when there is none. */
  readonly named: (id: string) => Promise<DBInstance | undefined>;
  readonly rename: (
    from: string,
    to: string,
    rest?: Partial<ModifyDBInstanceMessage>,
  ) => Promise<DBInstance | undefined>;
};

/** The calls that a rename is made and watched with. */
export const callsOf = (aws: RDSClient): Calls => ({
  found: async (Name, value) => {
    const Filters = [{ Name, Values: [value] }];
    return (await aws.send(new DescribeDBInstancesCommand({ Filters }))).DBInstances ?? [];
  },
  named: async (id) =>
    (await aws.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }))).DBInstances?.[0],
  rename: async (from, to, rest) => {
    const message = {
      DBInstanceIdentifier: from,
      NewDBInstanceIdentifier: to,
      ApplyImmediately: true,
      ...rest,
    };
    return (await aws.send(new ModifyDBInstanceCommand(message))).DBInstance;
  },
});

export const until = async (what: () => boolean | Promise<boolean>): Promise<void> => {
  // Half the limit of a test, so that a failure says where it waited.
  const deadline = Date.now() + 30_000;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await sleep(10);
  }
};

/** An application that knows one URL: it asks over one connection, and connects again when that ends. */
const APP = `
import pg from 'pg';
let last;
const say = (what) => { if (what !== last) console.log(what); last = what; };
for (;;) {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (;;) {
      const { rows } = await client.query('SELECT name FROM place');
      say(rows[0].name);
      await new Promise((resume) => setTimeout(resume, 10));
    }
  } catch (error) {
    say(error.code ?? error.message);
  }
  await client.end().catch(() => undefined);
  await new Promise((resume) => setTimeout(resume, 10));
}
`;

export type App = {
  /** What it has seen so far: rows or error codes, each once in a row. */
  readonly seen: readonly string[];
  /** Resolves when it sees this next or has just seen it. */
  readonly sees: (what: string) => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Starts the application in a process of its own, with the names of the lab. */
export const startApp = (rds: RdsLab, url: string): App => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', APP], {
    env: { PATH: process.env.PATH, ...rds.environment, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => seen.push(line));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    seen,
    sees: (what) => until(() => seen.at(-1) === what),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
