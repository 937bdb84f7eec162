import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { actionYaml, readmeTables, withTables } from '../../scripts/contract.mjs';
import { OUTPUTS } from '../../src/inputs/outputs.ts';
import { INPUTS } from '../../src/inputs/spec.ts';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

/** Keys and quoted values of the flat YAML that we write ourselves. */
function section(yaml: string, name: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const body = new RegExp(`^${name}:\\n((?: {2}.*\\n)+)`, 'm').exec(yaml)?.[1] ?? '';
  const entries = body.split(/^(?= {2}\S)/m).map((block) => {
    const pairs = [...block.matchAll(/^ {4}([a-z]+): (.*)$/gm)].map(([, key = '', value = '']) => [
      key,
      value,
    ]);
    return [block.slice(2, block.indexOf(':')), Object.fromEntries(pairs)] as const;
  });
  return Object.fromEntries(entries);
}

describe('action.yml', () => {
  const yaml = read('action.yml');

  test('is what the tables give', () => {
    expect(yaml).toBe(actionYaml());
  });

  test('has exactly the inputs of the table, with their defaults', () => {
    const found = section(yaml, 'inputs');
    expect(Object.keys(found)).toEqual(Object.keys(INPUTS));
    for (const [name, spec] of Object.entries(INPUTS)) {
      expect([name, found[name]?.default]).toEqual([
        name,
        'default' in spec
          ? `'${spec.default}'`
          : 'actionDefault' in spec
            ? `'${spec.actionDefault}'`
            : undefined,
      ]);
    }
  });

  test('has exactly the outputs of the table', () => {
    expect(Object.keys(section(yaml, 'outputs'))).toEqual(Object.keys(OUTPUTS));
  });

  test('runs on Node 24 from dist, with a post step in any outcome', () => {
    expect(yaml).toMatch(
      /\nruns:\n {2}using: node24\n {2}main: dist\/main\.cjs\n {2}post: dist\/post\.cjs\n {2}post-if: always\(\)\n$/,
    );
  });
});

test('the report sets exactly the outputs of the table, in its order', () => {
  const record = /const known\b[^{]*\{\n([\s\S]*?)\n {2}\};/.exec(read('src/report/outputs.ts'))?.[1] ?? '';
  const names = [...record.matchAll(/^ {4}'?([a-z-]+)'?:/gm)].map(([, name]) => name);
  expect(names).toEqual(Object.keys(OUTPUTS));
});

describe('README.md', () => {
  const markers = ['inputs', 'outputs']
    .map((name) => `<!-- ${name}:start -->\nstale rows\n<!-- ${name}:end -->`)
    .join('\n');

  test('holds the tables that the code gives', () => {
    const readme = read('README.md');
    expect(withTables(readme)).toBe(readme);
  });

  test('keeps what stands around the tables, and is stable', () => {
    const fresh = withTables(`before\n${markers}\nafter\n`);
    expect(fresh).toMatch(/^before\n/);
    expect(fresh).toMatch(/\nafter\n$/);
    expect(fresh).not.toContain('stale rows');
    expect(withTables(fresh)).toBe(fresh);
  });

  test.each(['', markers.replace('<!-- outputs:end -->', ''), `${markers}\n${markers}`])(
    'a missing or double marker is an error: %#',
    (text) => {
      expect(() => withTables(text)).toThrow(/must hold <!-- (?:in|out)puts:start -->/);
    },
  );

  test('every line of a table has the cells of its head', () => {
    const { inputs, outputs } = readmeTables();
    for (const [table, cells] of [
      [inputs, 3],
      [outputs, 2],
    ] as const) {
      for (const line of table.split('\n')) expect(line.split(/(?<!\\)\|/)).toHaveLength(cells + 2);
    }
  });
});
