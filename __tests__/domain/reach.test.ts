import { expect, test } from '@jest/globals';
import { createParser as createMysqlParser } from '../../src/adapters/mysql-sql/index.ts';
import { createParser } from '../../src/adapters/sql/parser.ts';
import { withReach } from '../../src/domain/reach.ts';

const BARE = { objects: ['table shop.a', 'table shop.b'], withoutRollback: [] };
const VIEW = { ...BARE, objects: ['table shop.a', 'view shop.V'] };
const TRIGGER = { ...BARE, objects: ['table shop.a', 'trigger shop.t'] };
const OLD = { ...BARE, withoutRollback: ['shop.Old'] };
const parsers = { mysql: createMysqlParser(), postgresql: createParser() };

test.each([
  ['mysql', 'SELECT * FROM v', BARE, 'read', undefined, undefined],
  ['mysql', 'SELECT * FROM v', VIEW, 'opaque', undefined, undefined],
  ['postgresql', 'SELECT * FROM "V"', VIEW, 'opaque', undefined, undefined],
  ['mysql', 'INSERT INTO v VALUES (1)', VIEW, 'write', true, undefined],
  ['postgresql', 'INSERT INTO v VALUES (1)', VIEW, 'write', undefined, undefined],
  ['mysql', 'UPDATE a SET i = i', TRIGGER, 'write', true, undefined],
  ['mysql', 'TRUNCATE a', TRIGGER, 'write', undefined, undefined],
  ['mysql', 'INSERT INTO a VALUES (1)', OLD, 'write', undefined, undefined],
  ['mysql', 'INSERT INTO old VALUES (1)', OLD, 'write', undefined, true],
  ['mysql', 'UPDATE a, `Old` SET a.i = 1', OLD, 'write', undefined, true],
  [
    'mysql',
    'INSERT INTO a VALUES (1)',
    { ...TRIGGER, ...OLD, objects: TRIGGER.objects },
    'write',
    true,
    true,
  ],
  ['mysql', 'INSERT INTO other.a VALUES (1)', BARE, 'write', true, true],
] as const)('%s: %s (%j)', async (dialect, sql, around, kind, elsewhere, keepsPart) => {
  const file = withReach(await parsers[dialect].parse('m', Buffer.from(sql)), around);
  const [{ kind: found, ...rest } = { kind: '' }] = file.statements;
  expect(found).toBe(kind);
  expect(rest).toMatchObject({
    ...(elsewhere === undefined ? {} : { elsewhere }),
    ...(keepsPart === undefined ? {} : { keepsPart }),
  });
  expect(['elsewhere' in rest, 'keepsPart' in rest]).toEqual([
    elsewhere !== undefined,
    keepsPart !== undefined,
  ]);
});
