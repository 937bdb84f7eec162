import { GuardError, type Problem } from '../domain/problem.ts';
import type { Request } from '../domain/request.ts';
import { expectation, type InputSpec, readValue, type Value } from './kinds.ts';
import { type Environment, misspelt, textOf } from './names.ts';
import { invalid, missing } from './refused.ts';
import { crossChecks } from './rules.ts';
import { shown } from './shown.ts';
import { INPUTS, type InputName } from './spec.ts';
import type { Values } from './values.ts';

const NAMES = Object.keys(INPUTS) as readonly InputName[];

/**
 * Reads the runner's `INPUT_*` variables and the fallbacks of the table. Pure.
 * Throws a GuardError with every problem at once: `input-invalid`, `input-missing`, each
 * with the fields `name`, `got` (short, never a secret) and `expected`.
 */
export function parseInputs(env: Environment): Request {
  const values = new Map<string, Value>();
  const problems: Problem[] = [...misspelt(env)];
  const refused = new Set<string>();
  for (const name of NAMES) {
    const result = readInput(env, name);
    if (result === undefined) continue;
    if ('value' in result) values.set(name, result.value);
    else {
      problems.push(result.problem);
      refused.add(name);
    }
  }
  // Whole only when nothing was refused; the checks look at what is there.
  const known = Object.fromEntries(values) as Partial<Values>;
  problems.push(...crossChecks(known, refused));
  if (problems.length > 0) throw new GuardError(problems);
  return toRequest(known as Values);
}

type Result = { readonly value: Value } | { readonly problem: Problem };

function readInput(env: Environment, name: InputName): Result | undefined {
  const spec: InputSpec = INPUTS[name];
  const source = spec.fallback?.find((each) => env[each]?.trim());
  const given = textOf(env, name) ?? (source === undefined ? undefined : env[source]?.trim());
  const text = given ?? ('default' in spec ? spec.default : undefined);
  const elsewhere = spec.instead !== undefined && textOf(env, spec.instead) !== undefined;
  const needed = spec.required && !elsewhere && spec.optionalIn !== textOf(env, 'mode');
  if (text === undefined) return needed ? { problem: absent(name, spec) } : undefined;
  const reading = readValue(text, spec);
  if ('value' in reading) return reading;
  const origin = textOf(env, name) === undefined && source !== undefined ? ` (from ${source})` : '';
  return { problem: invalid(name, `${shown(text, spec)}${origin}`, reading.expected) };
}

function absent(name: InputName, spec: InputSpec): Problem {
  const elsewhere = spec.fallback === undefined ? '' : `, here or in ${spec.fallback.join(' or ')}`;
  return missing(name, `${expectation(spec)}${elsewhere}`);
}

const toRequest = (values: Values): Request => ({
  mode: values.mode,
  instance: values['db-cluster-identifier'] ?? values['db-instance-identifier'] ?? '',
  targetKind: values['db-cluster-identifier'] === undefined ? 'instance' : 'cluster',
  region: values['aws-region'],
  workingDirectory: values['working-directory'],
  schema: values.schema,
  prismaConfig: values['prisma-config'],
  databaseUrlEnv: values['database-url-env'],
  databaseSecretArn: values['database-secret-arn'],
  statementTimeoutMs: values['statement-timeout'],
  lockTimeoutMs: values['lock-timeout'],
  lockRetries: values['lock-retries'],
  migrationTimeoutMs: values['migration-timeout'],
  snapshot: values.snapshot,
  snapshotTimeoutMs: values['snapshot-timeout'],
  restoreTimeoutMs: values['restore-timeout'],
  snapshotKeep: values['snapshot-keep'],
  concurrency: values.concurrency,
  onFailure: values['on-failure'],
  waitForRestore: values['wait-for-restore'],
  restoredIdentifier: values['restored-identifier'],
  promote: values.promote,
  restoreTime: values['restore-time'],
  // AWS stores it in lower case and answers with it so.
  snapshotIdentifier: values['snapshot-identifier']?.toLowerCase(),
  runId: values['run-id'],
  confirm: values.confirm,
  maxWriteLoss: values['max-write-loss'],
  verifyCommand: values['verify-command'],
  beforeCommand: values['before-command'],
  afterCommand: values['after-command'],
  slackWebhookUrl: values['slack-webhook-url'],
  slackOn: values['slack-on'],
  failOn: values['fail-on'],
  allowDataLoss: values['allow-data-loss'] ?? [],
  requireDown: values['require-down'],
  deployWindow: values['deploy-window'],
  requireEnvironment: values['require-environment'],
  sarifPath: values['sarif-path'],
  planPath: values['plan-path'],
  githubToken: values['github-token'],
});
