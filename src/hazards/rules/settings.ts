import { quoted, type Rule, rule, type Site } from '../rule.ts';

const LIMITS = new Set(['lock_timeout', 'statement_timeout', 'transaction_timeout', 'all']);
const UNITS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of a timeout as written; 0 is off. Undefined when it cannot be read. */
export function timeoutMs(value: string): number | undefined {
  const found = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value);
  return found === null ? undefined : Number(found[1]) * (UNITS[found[2] ?? 'ms'] ?? 1);
}

const limitOf = (site: Site, name: string): number =>
  name === 'lock_timeout' ? site.request.lockTimeoutMs : site.request.statementTimeoutMs;

/** The setting is no weaker than the guard's own. */
function keepsLimit(site: Site, name: string, value: string | undefined): boolean {
  const ms = value === undefined ? undefined : timeoutMs(value);
  const limit = limitOf(site, name);
  return ms !== undefined && ms > 0 && (limit === 0 || ms <= limit);
}

/** SET LOCAL outside of a transaction only warns. */
const hasNoEffect = (site: Site, local: boolean): boolean =>
  local && site.request.splitsStatements && !site.explicit;

const lifts = rule(
  ['setting'],
  {
    id: 'lifts-timeouts',
    squawk: [],
    title: 'The file lifts a limit that protects production',
    category: 'blocking',
    safe: 'A value no larger than the guard’s own limit.',
    mode: 'differs',
    why: 'The guard gives the migration a statement timeout and a lock timeout. From this line on they no longer hold, and without LOCAL not in later files either.',
    remedy:
      'Take the line out; where one migration needs more time, raise the input of the guard for that deploy.',
    rewrite: '',
  },
  ({ name, value, local, lasting }, site) => {
    if (!LIMITS.has(name) || lasting || keepsLimit(site, name, value) || hasNoEffect(site, local))
      return undefined;
    return { tables: [], subject: name, level: 'error' };
  },
);

const noEffect = rule(
  ['setting'],
  {
    id: 'set-local-without-transaction',
    squawk: [],
    title: 'SET LOCAL has no effect here',
    category: 'advice',
    safe: 'Prisma up to 7.3, or a BEGIN before it.',
    mode: 'each statement',
    why: 'Prisma 7.4 and later sends each statement as a transaction of its own, so the setting is gone before the next one; the server only warns.',
    remedy: 'Put BEGIN and COMMIT around the file, or use SET and RESET.',
    rewrite: "BEGIN;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN age int;\nCOMMIT;",
  },
  ({ name, local }, site) =>
    hasNoEffect(site, local) ? { tables: [], subject: name, level: 'warning' } : undefined,
);

const leaks = rule(
  ['setting'],
  {
    id: 'setting-leaks',
    squawk: [],
    title: 'The setting stays for later migration files',
    category: 'advice',
    safe: 'SET LOCAL, or RESET at the end of the file.',
    mode: 'both',
    why: 'All files of a deploy share one session. Later files run with another search_path, role or time zone than they were tested with.',
    remedy: 'Use SET LOCAL in a file that runs as one transaction, or RESET it at the end.',
    rewrite: 'SET LOCAL search_path = app;',
  },
  ({ name, value, local, lasting }, site) => {
    if (local || lasting || LIMITS.has(name) || value === undefined) return undefined;
    const reset = site.all
      .flat()
      .some((each) => each.op === 'setting' && each.name === name && each.value === undefined);
    const last = site.request.files.length - 1 === site.fileIndex;
    return reset || name.startsWith('transaction')
      ? undefined
      : { tables: [], subject: quoted(name), level: last ? 'notice' : 'warning' };
  },
);

export const SETTING_RULES: readonly Rule[] = [lifts, noEffect, leaks];
