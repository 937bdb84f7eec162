import type { StatementKind } from '../../domain/sql.ts';
import { classifyDefinition } from './definitions.ts';
import { namesDatabase } from './elsewhere.ts';
import { callsUnknown } from './functions.ts';
import type { Class } from './kinds.ts';
import { firstOf, from, has, type Reading, setOf } from './reading.ts';
import { classifySet } from './settings.ts';

type Rule = (reading: Reading) => Class;

const kind = (name: StatementKind): Class => ({ kind: name });
const always =
  (name: StatementKind, rest: Partial<Class> = {}): Rule =>
  () => ({ kind: name, ...rest });

const query: Rule = (reading) =>
  kind(
    has(reading, 'INTO', 'OUTFILE') || has(reading, 'INTO', 'DUMPFILE') || callsUnknown(reading)
      ? 'opaque'
      : 'read',
  );

const write: Rule = (reading) => ({
  kind: callsUnknown(reading) ? 'opaque' : 'write',
  ...(namesDatabase(reading, reading.words[0] ?? '') ? { elsewhere: true } : {}),
});

const MAIN_VERBS = setOf('SELECT UPDATE DELETE INSERT REPLACE TABLE VALUES');

/** What follows the common tables decides; functions in those count as well. */
const withTables: Rule = (reading) => {
  const main = classify(from(reading, firstOf(reading, MAIN_VERBS)));
  return callsUnknown(reading) ? { ...main, kind: 'opaque' } : main;
};

const begin: Rule = ({ words }) =>
  words[1] === 'NOT' ? kind('opaque') : { kind: 'transaction', transaction: 'begin' };

/** AND CHAIN begins the next transaction at once. */
const ends =
  (transaction: 'commit' | 'rollback'): Rule =>
  (reading) => {
    if (reading.words.includes('TO')) return { kind: 'transaction', transaction: 'savepoint' };
    const chained = has(reading, 'AND', 'CHAIN');
    return chained
      ? { kind: 'transaction', transaction: 'begin', commits: true }
      : { kind: 'transaction', transaction };
  };

const savepoint = always('transaction', { transaction: 'savepoint' });
const server = always('opaque', { commits: true, elsewhere: true });
const upkeep = always('maintenance', { commits: true });

/** ANALYZE TABLE keeps statistics; MariaDB's ANALYZE and MySQL's EXPLAIN ANALYZE run the statement. */
const analyze: Rule = (reading) => {
  const next = reading.words.findIndex(
    (word, index) => index > 0 && (MAIN_VERBS.has(word) || word === 'WITH') && word !== 'TABLE',
  );
  return next < 0 ? upkeep(reading) : classify(from(reading, next));
};

const explain: Rule = (reading) =>
  reading.words[1] === 'ANALYZE' ? analyze(from(reading, 1)) : kind('read');

const RULES: Readonly<Record<string, Rule>> = {
  SELECT: query,
  TABLE: query,
  VALUES: query,
  '(': query,
  DO: query,
  WITH: withTables,
  INSERT: write,
  REPLACE: write,
  UPDATE: write,
  DELETE: write,
  TRUNCATE: (reading) => ({ ...write(reading), commits: true }),
  CREATE: classifyDefinition,
  ALTER: classifyDefinition,
  DROP: classifyDefinition,
  RENAME: classifyDefinition,
  GRANT: always('schema', { commits: true, elsewhere: true }),
  REVOKE: always('schema', { commits: true, elsewhere: true }),
  INSTALL: always('schema', { commits: true, elsewhere: true }),
  UNINSTALL: always('schema', { commits: true, elsewhere: true }),
  SET: (reading) => classifySet(reading, classify),
  // From here on every name without its database means another one.
  USE: always('session', { setting: 'database', elsewhere: true }),
  BEGIN: begin,
  START: (reading) =>
    reading.words[1] === 'TRANSACTION' ? { kind: 'transaction', transaction: 'begin' } : server(reading),
  COMMIT: ends('commit'),
  ROLLBACK: ends('rollback'),
  SAVEPOINT: savepoint,
  RELEASE: savepoint,
  LOCK: upkeep,
  UNLOCK: upkeep,
  ANALYZE: analyze,
  OPTIMIZE: upkeep,
  CHECK: upkeep,
  // It may leave out rows that it cannot read.
  REPAIR: always('opaque', { commits: true }),
  CACHE: upkeep,
  FLUSH: upkeep,
  BACKUP: upkeep,
  LOAD: (reading) => (reading.words[1] === 'INDEX' ? upkeep(reading) : kind('opaque')),
  CHECKSUM: always('read'),
  SHOW: always('read'),
  HELP: always('read'),
  EXPLAIN: explain,
  DESCRIBE: explain,
  DESC: explain,
  SIGNAL: always('read'),
  DEALLOCATE: always('session'),
  GET: always('session'),
  RESET: server,
  STOP: server,
  CHANGE: server,
  SHUTDOWN: server,
  RESTART: server,
};

/**
 * What kind of statement this is; `opaque` whenever that is not certain (CALL, EXECUTE, LOAD DATA, HANDLER, XA, blocks of
 * MariaDB). `commits` follows the manual's list "Statements That Cause an Implicit Commit".
 */
export function classify(reading: Reading): Class {
  const rule = RULES[reading.words[0] ?? ''];
  return rule === undefined || reading.words[1] === ':' ? kind('opaque') : rule(reading);
}
