import { firstOf, qualified, type Reading, setOf } from './reading.ts';

/** Up to where the tables that a statement changes are named. */
const END_OF_TARGETS: Readonly<Record<string, ReadonlySet<string>>> = {
  INSERT: setOf('( VALUES VALUE SELECT SET WITH TABLE ON'),
  REPLACE: setOf('( VALUES VALUE SELECT SET WITH TABLE ON'),
  UPDATE: setOf('SET'),
  DELETE: setOf('WHERE ORDER LIMIT'),
  // Without ALTER TABLE the bracket opens columns, parameters or an expression.
  CREATE: setOf('( AS BEGIN SELECT EACH DO'),
  ALTER: new Set(),
  DROP: new Set(),
  RENAME: new Set(),
  TRUNCATE: new Set(),
};

/** Words after which a table or another object is named. A comma and a bracket stand between tables, too. */
const BEFORE_TARGET = setOf(`
  INSERT REPLACE INTO UPDATE DELETE FROM USING JOIN STRAIGHT_JOIN LOW_PRIORITY HIGH_PRIORITY DELAYED QUICK IGNORE TABLE EXISTS
  VIEW TRIGGER PROCEDURE FUNCTION EVENT SEQUENCE PACKAGE BODY ON TO RENAME TRUNCATE ( ,`);
/** An ALTER TABLE has commas between expressions. */
const BEFORE_ALTERED = setOf('TABLE EXISTS VIEW PROCEDURE FUNCTION EVENT SEQUENCE TO AS RENAME');

/** The conditions of a join name columns with their table, which look alike. */
const inCondition = ({ words }: Reading, index: number): boolean => {
  let at = index - 1;
  while (at >= 0 && !['ON', 'JOIN', 'STRAIGHT_JOIN', ',', 'FROM', 'USING'].includes(words[at] ?? '')) at -= 1;
  return words[at] === 'ON';
};

/**
 * Whether a statement changes an object that is named with its database. Which database the URL names is not known here, so its
 * own, written out, counts as another one. Tables that are only read are meant as well where both stand in one list.
 */
export function namesDatabase(reading: Reading, verb: string): boolean {
  const ends = END_OF_TARGETS[verb];
  if (ends === undefined) return false;
  const begin = Math.max(0, reading.words.indexOf(verb));
  const end =
    verb === 'CREATE' || verb === 'INSERT' || verb === 'REPLACE'
      ? firstOf(reading, ends, begin + 1)
      : firstOf(reading, ends, begin);
  const before = verb === 'ALTER' ? BEFORE_ALTERED : BEFORE_TARGET;
  return qualified(reading).some(
    (index) =>
      index > begin &&
      index < end &&
      before.has(reading.words[index - 1] ?? '') &&
      !((verb === 'UPDATE' || verb === 'DELETE') && inCondition(reading, index)),
  );
}
