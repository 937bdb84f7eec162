import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GuardError, problem } from '../../domain/problem.ts';
import {
  type EvaluatedConfig,
  type Evaluation,
  type EvaluationOrder,
  evaluateConfig,
} from './config-evaluate.ts';
import { isFile } from './config-find.ts';
import { type Plain, type PlainConfig, readPlainConfig } from './config-static.ts';
import { withDotenv } from './env-files.ts';
import { upwards } from './installed.ts';

/** Where a config file takes a URL from. `computed` is known only after running the file. */
export type UrlSource =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'computed'; readonly value: string };

export interface Config {
  readonly file: string;
  /** False when the file had to be run to be understood. */
  readonly plain: boolean;
  /** True when it loads `.env` of the working directory itself. */
  readonly dotenv: boolean;
  /** Absolute. */
  readonly schema: string | undefined;
  /** Absolute. */
  readonly migrationsPath: string | undefined;
  readonly engine: string | undefined;
  /** False when it certainly gives no URL. */
  readonly declaresUrl: boolean;
  readonly url: UrlSource | undefined;
  readonly directUrl: UrlSource | undefined;
}

/** Reads the config file; runs it only when its text is not plain. Throws `prisma-config-broken`. */
export async function readConfig(order: EvaluationOrder): Promise<Config> {
  const text = readText(order.file);
  const plain = readPlainConfig(text);
  const config = plain === undefined ? undefined : fromPlain(order, plain);
  return config ?? (await evaluated(order, []));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new GuardError(problem('prisma-config-broken', 'the config file cannot be read', { path: file }));
  }
}

/** Undefined when a part that matters is not literal after all. */
function fromPlain(order: EvaluationOrder, { root, dotenv }: PlainConfig): Config | undefined {
  const [schema, engine] = [root.get('schema'), root.get('engine')];
  const [migrations, datasource] = [entries(root.get('migrations')), entries(root.get('datasource'))];
  if (migrations === undefined || datasource === undefined) return undefined;
  const path = migrations.get('path');
  const literals = [schema, engine, path].every((each) => each === undefined || each.kind === 'text');
  const [url, directUrl] = [datasource.get('url'), datasource.get('directUrl')];
  if (!literals || !isUrl(url) || !isUrl(directUrl)) return undefined;
  if (dotenv && !canForeseeDotenv(order)) return undefined;
  const others = [...datasource].filter(([key]) => key !== 'url' && key !== 'directUrl');
  checkRequired(order, dotenv, [...root.values(), ...others.map(([, value]) => value)]);
  const absolute = (value: Plain | undefined): string | undefined =>
    value?.kind === 'text' && value.text !== '' ? resolve(dirname(order.file), value.text) : undefined;
  return {
    file: order.file,
    plain: true,
    dotenv,
    schema: absolute(schema),
    migrationsPath: absolute(path),
    engine: engine?.kind === 'text' ? engine.text : undefined,
    declaresUrl: urlSource(url) !== undefined,
    url: urlSource(url),
    directUrl: urlSource(directUrl),
  };
}

const entries = (value: Plain | undefined): ReadonlyMap<string, Plain> | undefined => {
  if (value === undefined) return new Map();
  return value.kind === 'object' ? value.entries : undefined;
};

const isUrl = (value: Plain | undefined): boolean =>
  value === undefined || value.kind === 'text' || value.kind === 'variable';

const urlSource = (value: Plain | undefined): UrlSource | undefined => {
  if (value?.kind === 'variable') return { kind: 'variable', name: value.name };
  return value?.kind === 'text' && value.text !== '' ? { kind: 'literal', value: value.text } : undefined;
};

/** Its own settings (`DOTENV_CONFIG_PATH` ...) can make dotenv read another file. */
const canForeseeDotenv = ({ directory, environment }: EvaluationOrder): boolean =>
  !Object.keys(environment).some((name) => name.startsWith('DOTENV_')) &&
  [...upwards(directory)].some((folder) => isFile(join(folder, 'node_modules/dotenv/package.json')));

/** `env('X')` throws when X is not set. The URL's own variable may still come later, from Secrets Manager. */
function checkRequired(order: EvaluationOrder, dotenv: boolean, values: readonly Plain[]): void {
  const environment = dotenv ? withDotenv(order.directory, order.environment) : order.environment;
  const absent = values.flatMap((value) =>
    value.kind === 'variable' && value.required && !environment[value.name] ? [value.name] : [],
  );
  if (absent.length > 0) throw unresolved(order.file, absent[0] ?? '');
}

const unresolved = (file: string, variable: string): GuardError =>
  new GuardError(
    problem('prisma-config-broken', `Cannot resolve environment variable: ${variable}`, {
      path: file,
      variable,
    }),
  );

const MOST_MISSING = 4;

/** Runs the file. A variable that is not set yet gets a stand-in, to learn whether it is the one of the URL. */
async function evaluated(order: EvaluationOrder, standIns: readonly string[]): Promise<Config> {
  const stands = Object.fromEntries(standIns.map((name) => [name, standIn(name)]));
  const answer: Evaluation = await evaluateConfig({
    ...order,
    environment: { ...order.environment, ...stands },
  });
  if (answer.kind === 'broken') throw new GuardError(answer.problem);
  if (answer.kind === 'variable-missing') {
    if (standIns.includes(answer.name) || standIns.length >= MOST_MISSING)
      throw unresolved(order.file, answer.name);
    return evaluated(order, [...standIns, answer.name]);
  }
  const { config } = answer;
  const unused = standIns.find((name) => config.url !== standIn(name) && config.directUrl !== standIn(name));
  if (unused !== undefined) throw unresolved(order.file, unused);
  return fromEvaluated(order, config, standIns);
}

const standIn = (name: string): string => `postgresql://stand-in:stand-in@127.0.0.1:1/${name}`;

function fromEvaluated(order: EvaluationOrder, config: EvaluatedConfig, standIns: readonly string[]): Config {
  const source = (url: string | undefined): UrlSource | undefined => {
    if (url === undefined || url === '') return undefined;
    const name = standIns.find((each) => standIn(each) === url);
    return name === undefined ? { kind: 'computed', value: url } : { kind: 'variable', name };
  };
  return {
    file: order.file,
    plain: false,
    dotenv: false,
    schema: config.schema,
    migrationsPath: config.migrationsPath,
    engine: config.engine,
    declaresUrl: config.declaresUrl,
    url: source(config.url),
    directUrl: source(config.directUrl),
  };
}
