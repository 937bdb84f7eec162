import { type Dialect, dialectOf } from '../../domain/dialect.ts';
import { type Problem, problem } from '../../domain/problem.ts';
import type { Config, UrlSource } from './config.ts';
import type { Variables } from './env-files.ts';
import type { Installed } from './installed.ts';
import type { Schema } from './schema-find.ts';
import type { Source } from './schema-read.ts';

/** Why this combination of version, config and schema cannot be guarded. */
export function setupProblems(
  installed: Installed,
  config: Config | undefined,
  schema: Schema,
): readonly Problem[] {
  return [
    ...providerProblems(schema),
    ...engineProblems(installed, config),
    ...(installed.major === 7 ? sevenProblems(config, schema) : schemaUrlProblems(config, schema)),
  ];
}

/** The dialect of the datasource; undefined when it has no provider, or one that cannot be guarded. */
export const dialectOfSchema = ({ datasource }: Schema): Dialect | undefined =>
  datasource.provider === undefined ? undefined : dialectOf(datasource.provider);

function providerProblems(schema: Schema): readonly Problem[] {
  const { datasource, datasourceFile: path } = schema;
  const { provider } = datasource;
  if (dialectOfSchema(schema) !== undefined) return [];
  return provider === undefined
    ? [problem('prisma-config-broken', 'the datasource names no provider', { path })]
    : [
        problem(
          'prisma-unsupported',
          `the datasource provider is ${provider}, only postgresql and mysql can be guarded`,
          { provider, path },
        ),
      ];
}

/** `engine: 'js'` (6.x) sends a script in pieces over a pool: timeouts and the history would not hold. */
const engineProblems = ({ version }: Installed, config: Config | undefined): readonly Problem[] =>
  config?.engine === 'js'
    ? [
        problem(
          'prisma-unsupported',
          "the Prisma config sets engine: 'js'; only the classic engine can be guarded",
          {
            version,
            path: config.file,
          },
        ),
      ]
    : [];

function sevenProblems(
  config: Config | undefined,
  { datasource, datasourceFile }: Schema,
): readonly Problem[] {
  const inSchema = datasource.url !== undefined || datasource.directUrl !== undefined;
  // A config that had to be run may find its URL later, when Secrets Manager has told us the password.
  const lacksUrl = config?.declaresUrl !== true;
  return [
    ...(inSchema
      ? [
          problem(
            'prisma-config-broken',
            'Prisma 7 refuses a datasource with url or directUrl (P1012); move the URL to datasource.url of the Prisma config',
            { path: datasourceFile },
          ),
        ]
      : []),
    ...(lacksUrl
      ? [
          problem(
            'prisma-config-broken',
            config === undefined
              ? 'Prisma 7 needs a config file with datasource.url, and the working directory has none'
              : 'Prisma 7 needs datasource.url in its config, and there it is not set',
            { path: config?.file },
          ),
        ]
      : []),
    ...(config?.url?.kind === 'literal' ? [literalUrl('url', config.file)] : []),
  ];
}

function schemaUrlProblems(
  config: Config | undefined,
  { datasource, datasourceFile }: Schema,
): readonly Problem[] {
  if (config !== undefined && overrides(config)) {
    return (['url', 'directUrl'] as const).flatMap((name) =>
      config[name]?.kind === 'literal' ? [literalUrl(name, config.file)] : [],
    );
  }
  const written = (['url', 'directUrl'] as const).flatMap((name) =>
    datasource[name]?.kind === 'literal' ? [literalUrl(name, datasourceFile)] : [],
  );
  const none =
    datasource.url === undefined
      ? [problem('prisma-config-broken', 'the datasource has no url', { path: datasourceFile })]
      : [];
  return [...written, ...none];
}

const literalUrl = (property: string, path: string): Problem =>
  problem('url-not-guarded', `the datasource property ${property} holds a URL in its text, not a variable`, {
    path,
    property,
  });

/** In 6.18 and later a config with `engine: 'classic'` replaces what the schema says about the URL. */
export const overrides = (config: Config): boolean => config.engine === 'classic';

/** Names of the variables Prisma takes its URL from, the winner first; empty when not known. */
export function urlVariables(
  { major }: Installed,
  config: Config | undefined,
  { datasource }: Schema,
  environment: Variables,
): readonly string[] {
  const fromConfig = config !== undefined && (major === 7 || overrides(config));
  const names = fromConfig
    ? [
        ...configNames(major === 7 ? undefined : config.directUrl, environment),
        ...configNames(config.url, environment),
      ]
    : [...schemaNames(datasource.directUrl), ...schemaNames(datasource.url)];
  return [...new Set(names)];
}

const schemaNames = (source: Source | undefined): readonly string[] =>
  source?.kind === 'env' ? [source.name] : [];

/** A computed URL betrays its variable when one of the environment has the same value. */
const configNames = (source: UrlSource | undefined, environment: Variables): readonly string[] => {
  if (source?.kind === 'variable') return [source.name];
  if (source?.kind !== 'computed') return [];
  return Object.keys(environment).filter((name) => environment[name] === source.value);
};
