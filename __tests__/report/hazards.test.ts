import { describe, expect, test } from '@jest/globals';
import type { Hazard } from '../../src/domain/hazard.ts';
import { problem } from '../../src/domain/problem.ts';
import { hazardAnnotations, hazardOutputs, hazardSection, withinLimits } from '../../src/report/hazards.ts';
import { bySeverity, highest, tally } from '../../src/report/severity.ts';
import { problemWords } from '../../src/report/text.ts';
import { bytes } from '../../src/report/words.ts';
import { identity } from './facts.ts';
import { alive, EVIL, evilHazard, hasHidden, hazard } from './hazard-facts.ts';

const LEVELS = ['notice', 'warning', 'block', 'error'] as const;
const one = LEVELS.map((level) => hazard({ level, rule: `rule-${level}` }));
const many = (level: Hazard['level'], length: number): readonly Hazard[] =>
  Array.from({ length }, (_, index) => hazard({ level, line: index + 1 }));

describe('severity', () => {
  test('goes before place, and place before name', () => {
    const list = [
      hazard({ level: 'warning', path: 'a' }),
      hazard({ level: 'error', path: 'b', line: 10 }),
      hazard({ level: 'error', path: 'b', line: 9, rule: 'z' }),
      hazard({ level: 'error', path: 'b', line: 9, rule: 'y' }),
      hazard({ level: 'block', path: 'z' }),
    ];
    expect(bySeverity(list).map((each) => list.indexOf(each))).toEqual([4, 3, 2, 1, 0]);
  });

  test.each([
    [[], 'none', ''],
    [one, 'block', '1 block, 1 error, 1 warning and 1 notice'],
    [many('warning', 2), 'warning', '2 warnings'],
  ])('%# has a highest level and a tally', (hazards, level, words) => {
    expect(highest(hazards)).toBe(level);
    expect(tally(hazards)).toBe(words);
  });
});

describe('annotations', () => {
  test('stand at the line, with what to write instead', () => {
    expect(hazardAnnotations([hazard({ suggestion: 'SELECT 1;' })])).toEqual([
      {
        level: 'error',
        title: 'SET NOT NULL reads the whole table (set-not-null-scan)',
        message: 'Every row of orders is read while nobody can read or write it.\nInstead:\nSELECT 1;',
        file: 'prisma/migrations/20261101_add_orders/migration.sql',
        line: 3,
      },
    ]);
  });

  test('a block is shown as an error, before the errors', () => {
    expect(hazardAnnotations(one).map(({ level, title }) => [level, /rule-\w+/.exec(title)?.[0]])).toEqual([
      ['error', 'rule-block'],
      ['error', 'rule-error'],
      ['warning', 'rule-warning'],
      ['notice', 'rule-notice'],
    ]);
  });

  test('keep GitHub’s limit of each level, and say what is left out', () => {
    const shown = hazardAnnotations([...many('error', 30), ...many('block', 3), ...many('notice', 10)]);
    expect(shown.filter(({ level }) => level === 'error')).toHaveLength(10);
    expect(shown.filter(({ level }) => level === 'notice')).toHaveLength(10);
    expect(shown[9]).toMatchObject({ title: '24 more', message: expect.stringContaining('all 33') });
    expect(withinLimits([...shown, ...shown]).filter(({ level }) => level === 'error')).toHaveLength(10);
  });

  test('hold no hidden characters, and one line of title', () => {
    const [shown] = hazardAnnotations([evilHazard({ line: Number.NaN })]);
    expect(shown?.title).not.toMatch(/[\n\u200b]/);
    expect(hasHidden(`${shown?.title}${shown?.message}`)).toBe(false);
    expect(shown?.line).toBe(1);
  });
});

describe('outputs', () => {
  test('are there when somebody looked', () => {
    expect(hazardOutputs(undefined, undefined)).toEqual({});
    expect(hazardOutputs([], '/x/plan.json')).toEqual({
      hazards: '[]',
      'highest-hazard': 'none',
      'plan-path': '/x/plan.json',
    });
    const values = hazardOutputs(one, undefined);
    expect(values['highest-hazard']).toBe('block');
    expect(JSON.parse(values.hazards ?? '')).toMatchObject([
      { rule: 'rule-block', level: 'block', line: 3, tables: ['orders'] },
      { rule: 'rule-error' },
      { rule: 'rule-warning' },
      { rule: 'rule-notice' },
    ]);
  });

  test('stay small, whole, and say what is missing', () => {
    const text = hazardOutputs(many('error', 5_000), undefined).hazards ?? '';
    const list = JSON.parse(text) as readonly { readonly title: string }[];
    expect(text.length).toBeLessThan(100_000);
    const left = Number(/^\.\.\. and (\d+) more$/.exec(list.at(-1)?.title ?? '')?.[1]);
    expect(list.length - 1 + left).toBe(5_000);
  });
});

describe('the section of the summary', () => {
  test('is empty without hazards, and has all of them otherwise', () => {
    expect(hazardSection([], { identity })).toBe('');
    const page = hazardSection(one, { identity });
    expect(page).toMatch(/^### 4 hazards: 1 block, 1 error, 1 warning and 1 notice\n/);
    expect(page.match(/^\| .*SET NOT NULL/gm)).toHaveLength(4);
    expect(page.match(/^#### /gm)).toHaveLength(3);
  });

  test('leaves room for the rest of the summary', () => {
    const page = hazardSection(many('block', 20_000), { identity });
    expect(bytes(page)).toBeLessThan(510_000);
    expect(page.match(/… and \d+ more, see the JSON report/g)).toHaveLength(2);
  });

  test('takes hostile text for text', () => {
    const text = alive(hazardSection([evilHazard()], { identity }));
    expect(text).not.toMatch(/<(?!\/?code>)|-->|@\w|www\.|\]\((?!own)/);
    expect(text).not.toMatch(/^::|##\[|^# |^> |`/m);
  });
});

describe('refusals of the plan', () => {
  test('name the hazard, the way to accept it, and the SQL to use instead', () => {
    const fields = {
      rule: 'r',
      migration: 'm',
      line: 3,
      level: 'error',
      failOn: 'block',
      message: 'It scans.',
    };
    const words = problemWords(problem('hazard-refused', '', { ...fields, suggestion: 'SELECT 1;' }));
    expect(words.what).toBe('"m", line 3: It scans. Its level is error, and fail-on is block.');
    expect(words.next).toContain('-- guard-ignore r: your reason.');
    expect(words.run).toBe('SELECT 1;');
    const hard = problemWords(problem('hazard-refused', '', { ...fields, suppressible: 'false' }));
    expect(hard.next).toContain('allow-data-loss');
    expect(hard.next).not.toContain('guard-ignore');
  });

  test('name the window that is meant', () => {
    const at = (fields: Readonly<Record<string, string>>): string =>
      problemWords(problem('outside-window', '', { now: 'Fri 17:00', window: 'w', ...fields })).what;
    expect(at({})).toBe('Now (Fri 17:00) is not inside deploy-window (w).');
    expect(at({ kind: 'backup' })).toContain('is inside the backup window of the database in RDS (w)');
    expect(at({ kind: 'maintenance' })).toContain('maintenance window');
  });

  test('draft a down.sql with the flags of the installed Prisma', () => {
    const run = (prismaVersion: string): string =>
      problemWords(problem('down-missing', '', { prismaVersion })).run ?? '';
    expect(run('6.19.3')).toContain('--to-schema-datamodel before.prisma');
    expect(run('7.10.1')).toContain('--to-schema before.prisma');
  });

  test('stay on one line, whatever the names are', () => {
    for (const code of ['hazard-refused', 'environment-missing', 'down-missing', 'plan-moved'] as const) {
      const fields = {
        migration: EVIL,
        environment: EVIL,
        message: EVIL,
        moved: EVIL,
        path: EVIL,
        rule: EVIL,
      };
      const { what, next } = problemWords(problem(code, EVIL, fields));
      expect(what + next).not.toMatch(/[\n\u200b]/);
      expect(hasHidden(what + next)).toBe(false);
    }
  });
});
