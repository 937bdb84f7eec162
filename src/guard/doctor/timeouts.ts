import { type Check, failing, passed, skipped } from '../../domain/checkup.ts';
import { parseConnectionUrl } from '../../domain/connection-url.ts';
import type { DatabaseFacts } from '../../domain/facts.ts';
import { poolerSign } from '../../domain/pooler.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Guard } from '../context.ts';
import { sessionLimits, type Urls } from '../urls.ts';
import type { DoctorRules, Look } from './look.ts';

/** `SHOW` answers in a session of that variable's URL, or why there was none. */
export interface Probe {
  readonly variable: string;
  readonly look: Look<DatabaseFacts>;
}

interface Probed {
  readonly guard: Guard;
  readonly rules: DoctorRules;
  readonly probes: readonly Probe[];
  /** Why a session that was to have the limits was refused. */
  readonly refused: readonly Problem[];
  readonly urls: Urls;
}

/** Whether the limits are in force in a session of every URL, and what stands between where they are not. */
export function timeouts({ guard, rules, probes, refused, urls }: Probed): readonly Check[] {
  const { given, primary } = urls;
  const answered = probes.flatMap(({ variable, look: { value } }) =>
    value === undefined ? [] : [{ variable, value }],
  );
  const lost = answered.flatMap(({ variable, value }) =>
    rules.limitRefusals(value, sessionLimits(guard, value.serverVersion), variable),
  );
  const problems = [...refused, ...lost];
  const { statementTimeoutMs, lockTimeoutMs } = guard.request;
  const sign =
    given[primary] === undefined ? undefined : poolerSign(parseConnectionUrl(given[primary].reveal()));
  if (problems.length > 0) {
    return [
      failing('timeouts', problems),
      failing('pooler', [], { sign: sign ?? 'options', variable: problems[0]?.fields.variable ?? primary }),
    ];
  }
  if (answered.some(({ value }) => value.dialect === 'mysql'))
    return [
      passed('timeouts', { watched: 'yes', statementTimeoutMs, lockTimeoutMs }),
      passed('pooler', { watched: 'yes' }),
    ];
  if (answered.length === 0)
    return [skipped('timeouts', 'needs-connection'), skipped('pooler', 'needs-connection')];
  return [
    passed('timeouts', {
      statementTimeoutMs,
      lockTimeoutMs,
      variables: answered.map((each) => each.variable).join(', '),
    }),
    sign === undefined ? passed('pooler') : skipped('pooler', 'cannot-be-told', { sign, variable: primary }),
  ];
}
