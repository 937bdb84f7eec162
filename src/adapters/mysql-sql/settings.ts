import { callsUnknown } from './functions.ts';
import type { Class } from './kinds.ts';
import { firstOf, from, type Reading, setOf } from './reading.ts';

/** What was assigned: the name in lower case, `@` before that of a user, and the first word of its value. */
interface Assignment {
  readonly name: string;
  readonly isServers: boolean;
  readonly value: string;
}

const SERVER = setOf('GLOBAL PERSIST PERSIST_ONLY');
const SCOPES = setOf('GLOBAL PERSIST PERSIST_ONLY SESSION LOCAL');

function assignmentOf(reading: Reading): Assignment | undefined {
  const { words, tokens } = reading;
  const equals = words.findIndex((word, index) => word === '=' || (word === ':' && words[index + 1] === '='));
  if (equals < 0) return undefined;
  const signs = words.slice(0, equals).filter((word) => word === '@').length;
  const scope = words.find((word) => SCOPES.has(word)) ?? '';
  const bare = tokens[equals - 1]?.text.replaceAll('`', '').toLowerCase() ?? '';
  const name = signs === 1 ? `@${bare}` : bare;
  const value = words.slice(equals + 1).find((word) => word !== '=');
  const text = value === '' ? (tokens.at(-1)?.text ?? '') : (value ?? '');
  return { name, isServers: signs !== 1 && SERVER.has(scope), value: text };
}

/** `SET a = 1, @b = 2`, each by itself. A scope holds for the names after it, too. */
function assignments(reading: Reading): readonly Assignment[] {
  const found: Assignment[] = [];
  for (let at = 1; at < reading.words.length; ) {
    const end = firstOf(reading, new Set([',']), at);
    const each = assignmentOf({
      tokens: reading.tokens.slice(at, end),
      words: reading.words.slice(at, end),
      depths: reading.depths.slice(at, end),
    });
    if (each !== undefined) found.push(each);
    at = end + 1;
  }
  return found;
}

/** Settings that others ask for: the first of these that a statement changes gives it its name. */
const TOLD_FIRST = [
  'autocommit',
  'sql_mode',
  'max_statement_time',
  'max_execution_time',
  'lock_wait_timeout',
];

function assigned(reading: Reading): Class {
  const all = assignments(reading);
  const first = TOLD_FIRST.find((name) => all.some((each) => each.name === name)) ?? all[0]?.name;
  const autocommit = all.find((each) => each.name === 'autocommit');
  const isOff = /^(?:0|OFF|FALSE|'off')$/i.test(autocommit?.value ?? '0');
  return {
    kind: callsUnknown(reading) ? 'opaque' : 'session',
    ...(first === undefined ? {} : { setting: first }),
    // Switched on, it commits what is open.
    ...(isOff ? {} : { commits: true }),
    ...(all.some((each) => each.isServers) ? { elsewhere: true } : {}),
  };
}

/** SET in all its forms; `classify` reads the statement behind MariaDB's SET STATEMENT … FOR. */
export function classifySet(reading: Reading, classify: (inner: Reading) => Class): Class {
  const [, first = '', second = ''] = reading.words;
  if (first === 'STATEMENT') return classify(from(reading, firstOf(reading, new Set(['FOR'])) + 1));
  if (first === 'PASSWORD' || (first === 'DEFAULT' && second === 'ROLE'))
    return { kind: 'schema', commits: true, elsewhere: true };
  if (first === 'TRANSACTION') return { kind: 'session', setting: 'transaction' };
  if (SCOPES.has(first) && second === 'TRANSACTION')
    return { kind: 'session', setting: 'transaction', ...(SERVER.has(first) ? { elsewhere: true } : {}) };
  if (first === 'NAMES' || first === 'CHARSET' || first === 'CHARACTER')
    return { kind: 'session', setting: 'names' };
  if (first === 'ROLE' || first === 'RESOURCE') return { kind: 'session', setting: first.toLowerCase() };
  return assigned(reading);
}
