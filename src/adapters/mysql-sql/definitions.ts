import { namesDatabase } from './elsewhere.ts';
import { callsUnknown } from './functions.ts';
import type { Class } from './kinds.ts';
import { from, has, type Reading, setOf } from './reading.ts';

/** Objects that the fingerprint of one database shows. */
const SHOWN = setOf('TABLE TABLES VIEW INDEX TRIGGER PROCEDURE FUNCTION EVENT SEQUENCE PACKAGE');
const HIDDEN = setOf(
  'DATABASE SCHEMA USER ROLE SERVER TABLESPACE LOGFILE UNDO RESOURCE SPATIAL INSTANCE CATALOG PREPARE',
);
/** `SPATIAL INDEX` is an index, `SPATIAL REFERENCE SYSTEM` is the server's. */
const isObject = ({ words }: Reading, index: number): boolean => {
  const word = words[index] ?? '';
  if (word === 'SPATIAL') return words[index + 1] === 'REFERENCE';
  // CREATE DEFINER = user PROCEDURE: a name may be spelt like any of these.
  return words[index - 1] !== '=' && words[index - 1] !== '@' && (SHOWN.has(word) || HIDDEN.has(word));
};

const schema = (elsewhere: boolean): Class => ({
  kind: 'schema',
  commits: true,
  ...(elsewhere ? { elsewhere: true } : {}),
});
const committed = (kind: Class['kind'], elsewhere: boolean): Class => ({ ...schema(elsewhere), kind });

/** Rows go or come with these, in a table of the same shape. */
const MOVES_ROWS = [
  ['TRUNCATE', 'PARTITION'],
  ['EXCHANGE', 'PARTITION'],
  ['DISCARD', 'TABLESPACE'],
  ['DISCARD', 'PARTITION'],
  ['IMPORT', 'TABLESPACE'],
  ['IMPORT', 'PARTITION'],
  ['CONVERT', 'PARTITION'],
  ['REPAIR', 'PARTITION'],
] as const;
const KEEPS_UP = [
  ['ANALYZE', 'PARTITION'],
  ['CHECK', 'PARTITION'],
  ['OPTIMIZE', 'PARTITION'],
] as const;

function alterTable(reading: Reading, elsewhere: boolean): Class {
  const moves = MOVES_ROWS.some((run) => has(reading, ...run));
  // MariaDB's ALTER IGNORE TABLE drops the rows that stand in the way of a unique index.
  if (moves || reading.words[1] === 'IGNORE') return committed('write', elsewhere);
  return KEEPS_UP.some((run) => has(reading, ...run))
    ? committed('maintenance', elsewhere)
    : schema(elsewhere);
}

/** A CREATE TABLE with a query fills it; MariaDB's OR REPLACE drops the table of that name first. */
function createTable(reading: Reading, elsewhere: boolean): Class {
  const { words } = reading;
  const query = words.findIndex(
    (word, index) => word === 'SELECT' || (word === 'VALUES' && /^(?:AS|\)|)$/.test(words[index - 1] ?? '')),
  );
  const unknown = query >= 0 && words[query] === 'SELECT' && callsUnknown(from(reading, query));
  const temporary = words.slice(0, 4).includes('TEMPORARY');
  if (unknown) return temporary ? { kind: 'opaque' } : committed('opaque', elsewhere);
  if (temporary) return { kind: 'session' };
  const isWrite = (query >= 0 && words[query] === 'SELECT') || words.slice(0, 3).includes('REPLACE');
  return committed(isWrite ? 'write' : 'schema', elsewhere);
}

function shown(reading: Reading, object: string, elsewhere: boolean): Class {
  const { words } = reading;
  const [verb] = words;
  if (object === 'TABLE' && verb === 'ALTER') return alterTable(reading, elsewhere);
  if (object === 'TABLE' && verb === 'CREATE') return createTable(reading, elsewhere);
  if (object === 'TABLE' && verb === 'DROP' && words[1] === 'TEMPORARY') return { kind: 'session' };
  // An event that runs once or has an end may have run, and gone, before anybody looks.
  if (object === 'EVENT' && verb !== 'DROP' && (has(reading, 'ON', 'SCHEDULE', 'AT') || has(reading, 'ENDS')))
    return committed('opaque', elsewhere);
  // Where a sequence stands is in no fingerprint.
  if (object === 'SEQUENCE' && (verb === 'ALTER' || words.includes('REPLACE')))
    return committed('opaque', elsewhere);
  // A function of a plug-in is the server's.
  return schema(elsewhere || words.includes('SONAME'));
}

/** CREATE, ALTER, DROP and RENAME. */
export function classifyDefinition(reading: Reading): Class {
  const { words } = reading;
  const at = words.findIndex((_, index) => index > 0 && isObject(reading, index));
  const object = words[at] ?? '';
  if (object === '') return { kind: 'opaque', commits: true };
  if (object === 'PREPARE') return { kind: 'session' };
  // ALTER DATABASE without a name means the one of the URL, whose defaults are in the fingerprint.
  if (object === 'DATABASE' || object === 'SCHEMA')
    return schema(
      !(
        words[0] === 'ALTER' &&
        /^(?:DEFAULT|CHARACTER|CHARSET|COLLATE|READ|ENCRYPTION)$/.test(words[at + 1] ?? '')
      ),
    );
  if (HIDDEN.has(object)) return schema(true);
  return shown(reading, object, namesDatabase(reading, words[0] ?? ''));
}
