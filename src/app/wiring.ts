import { existsSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../adapters/system/clock.ts';
import { parseConnectionUrl } from '../domain/connection-url.ts';
import type { Notice } from '../domain/event.ts';
import type { DeployRequest } from '../domain/request.ts';
import type { Ports } from '../guard/context.ts';
import type { Engine } from '../ports/engine.ts';

export interface Wiring {
  readonly request: DeployRequest;
  /** What the identifiers name, when an earlier process of this step knows it better than the inputs. */
  readonly targetKind?: DeployRequest['targetKind'] | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly scrub: (text: string) => string;
  readonly log: (line: string) => void;
  readonly cancelled: AbortSignal;
  readonly onNotice: (notice: Notice) => void;
  /** Name of the run; Prisma's processes carry it. */
  readonly mark: string;
  /** The post step has a minute: AWS is asked for seconds instead of minutes. */
  readonly hurried: boolean;
}

const HURRIED = { limits: { attempts: 4, totalMs: 10_000 }, answerMs: 5000 } as const;

interface Retry {
  readonly label: string;
  readonly attempt: number;
  readonly cause: string;
  readonly delayMs: number;
}

const retryNotice = ({ label, attempt, cause, delayMs }: Retry): Notice => ({
  code: 'aws-retry',
  level: 'notice',
  fields: { label, attempt: String(attempt), cause, delay: String(delayMs) },
});

/** Loads once, when first asked for. */
function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}

export const repositoryRoot = (environment: Wiring['environment']): string =>
  environment.GITHUB_WORKSPACE || process.cwd();

/** Where Prisma looks for the files named in `sslcert` and `sslidentity`: the folder of the schema. */
function schemaFolder(directory: string, schema: string | undefined): string {
  if (schema !== undefined) return path.dirname(path.resolve(directory, schema));
  const usual = path.join(directory, 'prisma');
  return existsSync(usual) ? usual : directory;
}

/** The protocol of a URL says which driver speaks it; a run loads only that one. */
function wireEngine(baseDirectory: string): Engine {
  const engines = {
    postgresql: lazy(async () =>
      (await import('../adapters/postgres/engine.ts')).createEngine({ baseDirectory }),
    ),
    mysql: lazy(async () => (await import('../adapters/mysql/engine.ts')).createEngine({ baseDirectory })),
  } as const;
  return {
    async connect(url, applicationName) {
      const { dialect } = parseConnectionUrl(url.reveal());
      return (await engines[dialect]()).connect(url, applicationName);
    },
  };
}

const grammars = {
  postgresql: () => import('../adapters/sql/index.ts'),
  mysql: () => import('../adapters/mysql-sql/index.ts'),
} as const;

/** The only place that builds adapters. What is heavy is a bundle of its own, read when it is needed. */
export function wirePorts(wiring: Wiring): Ports {
  const { request, environment, scrub, log } = wiring;
  const clock = systemClock;
  const root = repositoryRoot(environment);
  const directory = path.resolve(root, request.workingDirectory);
  const webhook = request.slackWebhookUrl;
  const { region } = request;
  const onRetry = (note: Retry): void => wiring.onNotice(retryNotice(note));
  const amazon = lazy(async () =>
    (await import('../adapters/rds/amazon.ts')).createAmazon({
      region,
      targetKind: wiring.targetKind ?? request.targetKind,
      clock,
      onRetry,
      ...(wiring.hurried ? HURRIED : {}),
    }),
  );
  return {
    clock,
    migrator: lazy(async () =>
      (await import('../adapters/prisma/migrator.ts')).createMigrator({
        workingDirectory: directory,
        repositoryRoot: root,
        schema: request.schema,
        prismaConfig: request.prismaConfig,
        environment,
        nodePath: process.execPath,
        scrub,
        mark: wiring.mark,
      }),
    ),
    engine: lazy(async () => wireEngine(schemaFolder(directory, request.schema))),
    recovery: async () => (await amazon()).recovery,
    fleet: async () => (await amazon()).fleet,
    settings: async () => (await amazon()).settings,
    proxies: async () => (await amazon()).proxies,
    parser: async (dialect) => (await grammars[dialect]()).createParser(),
    analyser: async (dialect) => (await grammars[dialect]()).createAnalyser(),
    workspace: lazy(async () =>
      (await import('../adapters/workspace/workspace.ts')).createWorkspace({ root }),
    ),
    review: lazy(async () =>
      (await import('../adapters/octokit/review.ts')).createReview({
        token: request.githubToken,
        environment,
        clock,
        signal: wiring.cancelled,
      }),
    ),
    secrets: lazy(async () =>
      (await import('../adapters/secretsmanager/secrets.ts')).createSecrets({
        region,
        clock,
        onRetry,
        ...(wiring.hurried ? HURRIED : {}),
      }),
    ),
    commands: lazy(async () =>
      (await import('../adapters/github/commands.ts')).createCommands({
        workingDirectory: directory,
        environment,
        scrub,
        onLine: log,
        signal: wiring.cancelled,
      }),
    ),
    notifier:
      webhook === undefined
        ? undefined
        : lazy(async () => (await import('../adapters/slack/notifier.ts')).createSlack({ url: webhook })),
  };
}
