import type { Problem } from '../domain/problem.ts';
import { invalid, missing } from './refused.ts';
import type { Values } from './values.ts';

const DESTINATIONS = ['restore-time', 'snapshot-identifier', 'run-id'] as const;
const given = (values: Partial<Values>): readonly (typeof DESTINATIONS)[number][] =>
  DESTINATIONS.filter((name) => values[name] !== undefined);

function oneTarget(values: Partial<Values>): readonly Problem[] {
  const both =
    values['db-instance-identifier'] !== undefined && values['db-cluster-identifier'] !== undefined;
  return both
    ? [
        invalid(
          'db-cluster-identifier',
          'a value',
          'nothing when db-instance-identifier is given: one of the two',
        ),
      ]
    : [];
}

/** A rollback goes back to exactly one place; a deploy that was given one would not go there. */
function destination(values: Partial<Values>, refused: ReadonlySet<string>): readonly Problem[] {
  switch (values.mode) {
    // A mode that could not be read is told already; what belongs to it is not known.
    case undefined:
      return [];
    case 'rollback':
      return onePlace(values, refused);
    case 'promote':
      return restoredDatabase(values, refused);
    default:
      return given(values).map((name) =>
        invalid(name, 'a value', `nothing in mode: ${values.mode}; it belongs to mode: rollback`),
      );
  }
}

function onePlace(values: Partial<Values>, refused: ReadonlySet<string>): readonly Problem[] {
  const [first, ...others] = given(values);
  if (first === undefined)
    return DESTINATIONS.some((name) => refused.has(name))
      ? []
      : [missing('run-id', 'run-id, restore-time or snapshot-identifier: where to go back to')];
  return others.map((name) =>
    invalid(name, 'a value', `nothing when ${first} is given: one place to go back to`),
  );
}

function restoredDatabase(values: Partial<Values>, refused: ReadonlySet<string>): readonly Problem[] {
  const foreign = given(values).filter((name) => name !== 'run-id');
  const told = (['restored-identifier', 'run-id'] as const).some(
    (name) => values[name] !== undefined || refused.has(name),
  );
  const expected = 'the restored database to cut over to, or the run-id that made it';
  // An unreadable `promote` may have meant `undo`, which needs neither.
  const needed = values.promote !== undefined && values.promote !== 'undo';
  return [
    ...foreign.map((name) => invalid(name, 'a value', 'nothing in mode: promote; mode: rollback restores')),
    ...(told || !needed ? [] : [missing('restored-identifier', expected)]),
  ];
}

function undoOnlyWhereItCan(values: Partial<Values>): readonly Problem[] {
  if (values.promote !== 'undo' || values.mode === 'promote' || values.mode === undefined) return [];
  return [invalid('promote', 'undo', 'never, rename or proxy; undo belongs to mode: promote')];
}

/** Only a restored database that was verified may take over, and nobody verifies what nobody waits for. */
function waitsBeforeCutOver(values: Partial<Values>): readonly Problem[] {
  const cutsOver = values.promote === 'rename' || values.promote === 'proxy';
  const restores = values.mode === 'deploy' || values.mode === 'rollback';
  if (!cutsOver || !restores || values['wait-for-restore'] !== false) return [];
  return [
    invalid('wait-for-restore', 'false', 'true with promote: what takes over was waited for and compared'),
  ];
}

/** What cuts over or deletes must be typed twice; a deploy cuts over only after its own failure. */
function confirmation(values: Partial<Values>, refused: ReadonlySet<string>): readonly Problem[] {
  const target = values['db-cluster-identifier'] ?? values['db-instance-identifier'];
  const cutsOver =
    values.mode === 'promote' || (values.mode === 'rollback' && (values.promote ?? 'never') !== 'never');
  const expected = 'the identifier of the database once more, because production is cut over';
  if (values.confirm === undefined)
    return cutsOver && !refused.has('confirm') ? [missing('confirm', expected)] : [];
  if (target === undefined || values.confirm === target) return [];
  return [invalid('confirm', values.confirm, `the identifier of the database: ${target}`)];
}

/** Checks between the inputs of the modes that go back, on those that could be read; `refused` names the others. */
export const backChecks = (values: Partial<Values>, refused: ReadonlySet<string>): readonly Problem[] => [
  ...oneTarget(values),
  ...destination(values, refused),
  ...undoOnlyWhereItCan(values),
  ...waitsBeforeCutOver(values),
  ...confirmation(values, refused),
];
