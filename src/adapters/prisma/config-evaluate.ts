import { type Problem, problem } from '../../domain/problem.ts';
import type { Variables } from './env-files.ts';
import type { Installed } from './installed.ts';
import { startGroup } from './process-group.ts';

/** What a config file says once it has run. Paths are absolute. */
export interface EvaluatedConfig {
  readonly schema?: string;
  readonly migrationsPath?: string;
  readonly engine?: string;
  /** True when the config has a `datasource`, even one without a value yet. */
  readonly declaresUrl: boolean;
  readonly url?: string;
  readonly directUrl?: string;
}

export type Evaluation =
  | { readonly kind: 'config'; readonly config: EvaluatedConfig }
  | { readonly kind: 'variable-missing'; readonly name: string }
  | { readonly kind: 'broken'; readonly problem: Problem };

export interface EvaluationOrder {
  readonly nodePath: string;
  readonly directory: string;
  readonly installed: Installed;
  readonly file: string;
  readonly environment: Variables;
  readonly scrub: (text: string) => string;
}

const TIMEOUT_MS = 30_000;
/** The answer has a pipe of its own, because a config file may print. */
const ANSWER_PIPE = 3;

/** Runs in the child. `loadConfigFromFile` is what the CLI itself uses (package @prisma/config). */
const CHILD = `
const { createRequire } = require('node:module');
const { writeSync } = require('node:fs');
const [cli, configFile, configRoot] = process.argv.slice(1);
const say = (answer) => {
  let rest = Buffer.from(JSON.stringify(answer));
  while (rest.length > 0) rest = rest.subarray(writeSync(${ANSWER_PIPE}, rest));
  process.exit(0);
};
const library = () => {
  const near = createRequire(cli);
  try { return near('@prisma/config'); }
  catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return createRequire(near.resolve('prisma/package.json'))('@prisma/config');
  }
};
const failed = (error) => {
  const text = String(error?.message ?? error?._tag ?? error);
  say({ missing: /Cannot resolve environment variable: ([^\\s]+?)\\.(?:\\s|$)/.exec(text)?.[1], message: text });
};
(async () => {
  const { config, error } = await library().loadConfigFromFile({ configFile, configRoot });
  if (error) return failed(error.error ?? error);
  const { schema, migrations, datasource, engine } = config;
  const path = typeof schema === 'object' && schema !== null ? (schema.filePath ?? schema.folderPath) : schema;
  say({ config: { schema: path, migrationsPath: migrations?.path, engine, declaresUrl: Boolean(datasource), url: datasource?.url, directUrl: datasource?.directUrl } });
})().catch(failed);
`;

interface Answer {
  readonly config?: EvaluatedConfig;
  readonly missing?: string;
  readonly message?: string;
}

/** Runs the config file with the project's own loader, as the CLI would, in a process of bounded life. */
export async function evaluateConfig(order: EvaluationOrder): Promise<Evaluation> {
  const { installed, file, directory } = order;
  const printed: string[] = [];
  const child = startGroup({
    command: order.nodePath,
    args: ['-e', CHILD, '--', installed.cli, file, directory],
    directory,
    environment: order.environment,
    scrub: order.scrub,
    onLine: (line) => printed.push(line),
    answer: true,
  });
  const timer = setTimeout(() => void child.kill(0), TIMEOUT_MS);
  const end = await child.ended;
  clearTimeout(timer);
  const answer = parseAnswer(await child.answer);
  if (answer?.config !== undefined) return { kind: 'config', config: answer.config };
  if (answer?.missing !== undefined) return { kind: 'variable-missing', name: answer.missing };
  const said =
    answer?.message ?? printed.at(-1) ?? (end.exitCode === null ? 'it did not end in 30 s' : 'no answer');
  const [line = ''] = order.scrub(said).split('\n');
  return { kind: 'broken', problem: problem('prisma-config-broken', line.slice(0, 300), { path: file }) };
}

function parseAnswer(text: string): Answer | undefined {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return undefined;
  }
}
