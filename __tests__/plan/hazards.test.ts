import { describe, expect, test } from '@jest/globals';
import { HAZARD_LEVELS, type Hazard, type HazardLevel } from '../../src/domain/hazard.ts';
import { environmentRefusals, hazardRefusals } from '../../src/plan/hazards.ts';

const hazard = (level: HazardLevel, change: Partial<Hazard> = {}): Hazard => ({
  rule: `rule-${level}`,
  level,
  title: `a ${level}`,
  migration: '1_next',
  path: 'prisma/migrations/1_next/migration.sql',
  line: 3,
  statement: 'DROP TABLE t',
  tables: ['t'],
  message: 'It goes.',
  suggestion: '',
  docs: 'docs/hazards/x.md',
  suppressible: true,
  ...change,
});
const all = HAZARD_LEVELS.map((level) => hazard(level));

describe('hazardRefusals', () => {
  test.each([
    ['block', ['block']],
    ['error', ['block', 'error']],
    ['warning', ['block', 'error', 'warning']],
    ['never', []],
  ] as const)('fail-on: %s', (failOn, levels) => {
    const problems = hazardRefusals(all, failOn);
    expect(problems.map(({ fields }) => fields.level)).toEqual(levels);
    expect(problems.every(({ code, fields }) => code === 'hazard-refused' && fields.failOn === failOn)).toBe(
      true,
    );
  });

  test('says where, what, and what instead', () => {
    const [told] = hazardRefusals(
      [hazard('block', { suggestion: 'SELECT 1;', suppressible: false })],
      'block',
    );
    expect(told).toEqual({
      code: 'hazard-refused',
      detail: 'prisma/migrations/1_next/migration.sql:3 a block',
      fields: {
        rule: 'rule-block',
        level: 'block',
        failOn: 'block',
        migration: '1_next',
        path: 'prisma/migrations/1_next/migration.sql',
        line: '3',
        message: 'It goes.',
        suggestion: 'SELECT 1;',
        suppressible: 'false',
      },
    });
  });

  test('an empty suggestion is no field', () => {
    expect(hazardRefusals([hazard('error')], 'error')[0]?.fields).not.toHaveProperty('suggestion');
  });

  test('one problem per hazard, in the order of the files', () => {
    const lines = [9, 2, 5].map((line) => hazard('error', { line }));
    expect(hazardRefusals(lines, 'warning').map(({ fields }) => fields.line)).toEqual(['9', '2', '5']);
  });
});

describe('environmentRefusals', () => {
  test.each([
    [undefined, false, 0],
    ['staging', true, 0],
    ['staging', false, 1],
    // Not answered is told by the problem of the question itself.
    ['staging', undefined, 0],
  ])('%s, deployed: %s', (environment, deployed, count) => {
    const problems = environmentRefusals(environment, 'c0ffee12', deployed);
    expect(problems).toHaveLength(count);
    for (const { code, fields } of problems)
      expect([code, fields]).toEqual(['environment-missing', { environment: 'staging', sha: 'c0ffee12' }]);
  });
});
