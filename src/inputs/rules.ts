import type { Problem } from '../domain/problem.ts';
import { formatDuration } from './duration.ts';
import { invalid, missing } from './refused.ts';
import { backChecks } from './rules-back.ts';
import type { Values } from './values.ts';

type DurationName = 'lock-timeout' | 'statement-timeout' | 'migration-timeout';

function shorter(values: Partial<Values>, name: DurationName, limit: DurationName): readonly Problem[] {
  const [small, large] = [values[name], values[limit]];
  if (small === undefined || large === undefined || small < large) return [];
  return [invalid(name, formatDuration(small), `less than ${limit} (${formatDuration(large)})`)];
}

function ownName(values: Partial<Values>): readonly Problem[] {
  const name = values['restored-identifier'];
  const target = values['db-cluster-identifier'] ?? values['db-instance-identifier'];
  if (name === undefined || name !== target) return [];
  return [
    invalid(
      'restored-identifier',
      name,
      'another name than that of the database: we restore beside, never over',
    ),
  ];
}

/** An unset secret reaches us as an empty input; whoever writes `always` would wait for messages in vain. */
function promisedMessages(values: Partial<Values>, refused: ReadonlySet<string>): readonly Problem[] {
  if (
    values['slack-on'] !== 'always' ||
    values['slack-webhook-url'] !== undefined ||
    refused.has('slack-webhook-url')
  )
    return [];
  const expected = 'a webhook URL, here or in SLACK_WEBHOOK_URL, because slack-on is always';
  return [missing('slack-webhook-url', expected)];
}

/**
 * Checks between inputs, on those that could be read; `refused` names the others. A longer limit would never fire: the server counts the
 * wait for a lock into `statement_timeout`, and the guard counts both into `migration-timeout`.
 */
export const crossChecks = (values: Partial<Values>, refused: ReadonlySet<string>): readonly Problem[] => [
  ...shorter(values, 'lock-timeout', 'statement-timeout'),
  ...shorter(values, 'statement-timeout', 'migration-timeout'),
  ...ownName(values),
  ...backChecks(values, refused),
  ...promisedMessages(values, refused),
];
