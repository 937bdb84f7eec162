import { expect, test } from '@jest/globals';
import { find, told } from './support/find.ts';

const INDEX = 'CREATE INDEX i ON t (c);';
const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ['on the line before', `-- guard-ignore create-index: small table\n${INDEX}`, []],
  ['in a block', `/* guard-ignore create-index: small table */ ${INDEX}`, []],
  ['behind it', `${INDEX} -- guard-ignore create-index: small table`, []],
  ['inside it', `CREATE INDEX i\n  -- guard-ignore create-index: small table\n  ON t (c);`, []],
  [
    'several rules',
    '-- guard-ignore set-not-null, rename-column: no rows yet\nALTER TABLE t ALTER c SET NOT NULL;',
    ['ignore-unused notice'],
  ],
  [
    'several rules, both used',
    '-- guard-ignore drop-index, create-index: x\nDROP INDEX i; -- guard-ignore drop-index: y',
    ['ignore-unused notice'],
  ],
  [
    'the whole file',
    `-- guard-ignore-file create-index: small tables\n${INDEX}\nCREATE INDEX j ON t (d);`,
    [],
  ],
  [
    'only its own statement',
    `-- guard-ignore create-index: x\n${INDEX}\nCREATE INDEX j ON t (d);`,
    ['create-index warning'],
  ],
  [
    'without a reason',
    `-- guard-ignore create-index\n${INDEX}`,
    ['create-index warning', 'ignore-without-reason warning'],
  ],
  [
    'with an empty reason',
    `-- guard-ignore create-index: \n${INDEX}`,
    ['create-index warning', 'ignore-without-reason warning'],
  ],
  [
    'another rule',
    `-- guard-ignore drop-index: x\n${INDEX}`,
    ['create-index warning', 'ignore-unused notice'],
  ],
  [
    'nothing behind it',
    `${INDEX}\n\n-- guard-ignore create-index: x`,
    ['create-index warning', 'ignore-unused notice'],
  ],
  ['in a string', `SELECT '-- guard-ignore create-index: x'; ${INDEX}`, ['create-index warning']],
  ['squawk', `-- squawk-ignore require-concurrent-index-creation\n${INDEX}`, []],
  ['squawk, the whole file', `-- squawk-ignore-file require-concurrent-index-creation\n${INDEX}`, []],
  ['squawk, all rules', `-- squawk-ignore\n${INDEX}`, []],
  ['squawk, another rule', `-- squawk-ignore ban-drop-table\n${INDEX}`, ['create-index warning']],
  [
    'data loss',
    '-- guard-ignore drop-table: unused\nDROP TABLE t;',
    ['drop-table error', 'ignore-not-possible warning'],
  ],
  ['data loss for squawk', '-- squawk-ignore ban-drop-table\nDROP TABLE t;', ['drop-table error']],
];

test.each(CASES)('%s', async (_, sql, expected) => {
  const rules = expected.map((each) => each.split(' ')[0]);
  const found = told(await find(sql)).filter(
    (each) => rules.includes(each.split(' ')[0]) || !each.startsWith('partial'),
  );
  expect([...found].sort()).toEqual(expected);
});

test('a partial commit cannot be silenced in SQL, but the caller may accept it', async () => {
  const sql =
    '-- guard-ignore-file partial-commit: fine\nALTER TABLE t ADD COLUMN a int; ALTER TABLE t ADD COLUMN b int;';
  expect(told(await find(sql, { splitsStatements: true }))).toEqual([
    'ignore-not-possible warning',
    'partial-commit warning',
  ]);
  const accepted = await find('DROP TABLE t; DROP TABLE u;', {
    splitsStatements: true,
    allowDataLoss: ['m0'],
  });
  expect(accepted.filter(({ level }) => level !== 'notice')).toEqual([]);
  expect(accepted.map(({ message }) => message.includes('Accepted by allow-data-loss'))).toEqual([
    true,
    true,
    true,
  ]);
  const other = await find('DROP TABLE t;', { allowDataLoss: ['m1'] });
  expect(told(other)).toEqual(['drop-table error']);
});
