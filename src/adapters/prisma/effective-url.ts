import type { UrlEnvironment } from '../../ports/migrator.ts';
import type { Config, UrlSource } from './config.ts';
import { type EvaluationOrder, evaluateConfig } from './config-evaluate.ts';
import { type Variables, withDotenv, withEnvFiles } from './env-files.ts';
import { prismaEnvironment } from './environment.ts';
import type { MigratorOptions } from './options.ts';
import type { Inspection } from './project.ts';
import { overrides } from './rules.ts';
import type { Source } from './schema-read.ts';

/** The URL Prisma would connect with; undefined when it would find none, or when that cannot be known. */
export async function effectiveUrl(
  options: MigratorOptions,
  { installed, config, schema }: Inspection,
  urls: UrlEnvironment,
): Promise<string | undefined> {
  const environment = prismaEnvironment(options.environment, urls);
  if (config !== undefined && (installed.major === 7 || overrides(config))) {
    const order = {
      ...options,
      directory: options.workingDirectory,
      installed,
      file: config.file,
      environment,
    };
    const found = await configUrls(order, config);
    // Whether 6.x takes `directUrl` of the config where the schema has none is not certain: every candidate counts.
    const candidates = installed.major === 7 ? [found.url] : [found.directUrl, found.url];
    return leastGuarded(candidates, urls);
  }
  // A config file switches the loading of .env files off.
  const seen =
    config === undefined ? withEnvFiles(options.workingDirectory, options.schema, environment) : environment;
  const { directUrl, url } = schema.datasource;
  return directUrl === undefined ? sourceValue(url, seen) : sourceValue(directUrl, seen);
}

interface ConfigUrls {
  readonly url: string | undefined;
  readonly directUrl: string | undefined;
}

async function configUrls(order: EvaluationOrder, config: Config): Promise<ConfigUrls> {
  if (!config.plain) {
    const answer = await evaluateConfig(order);
    if (answer.kind !== 'config') return { url: undefined, directUrl: undefined };
    return { url: answer.config.url, directUrl: answer.config.directUrl };
  }
  const seen = config.dotenv ? withDotenv(order.directory, order.environment) : order.environment;
  return { url: fromConfig(config.url, seen), directUrl: fromConfig(config.directUrl, seen) };
}

const fromConfig = (source: UrlSource | undefined, environment: Variables): string | undefined => {
  if (source?.kind === 'variable') return environment[source.name] || undefined;
  return source?.value;
};

/** The candidate that would slip past the guard, if there is one. */
function leastGuarded(candidates: readonly (string | undefined)[], urls: UrlEnvironment): string | undefined {
  const known = candidates.filter((each) => each !== undefined);
  return known.find((each) => !Object.values(urls).includes(each)) ?? known[0];
}

function sourceValue(source: Source | undefined, environment: Variables): string | undefined {
  if (source?.kind === 'env') return environment[source.name] || undefined;
  return source?.kind === 'literal' ? source.value : undefined;
}
