import { path, WRONG_PATHS } from './shared.ts';

/** What the planning inputs refuse and how they are read. */
export interface PlanCase {
  readonly wrong: readonly string[];
  /** Text → value; a Secret is compared by what it hides. */
  readonly right: readonly (readonly [string, unknown])[];
}

const filePath: PlanCase = { wrong: WRONG_PATHS, right: path('schema', undefined).right };
const TOKEN = `ghs_${'a1B2'.repeat(9)}`;

export const PLAN = {
  'fail-on': {
    wrong: ['Block', 'notice', 'true', 'none', 'error,block'],
    right: [
      ['never', 'never'],
      ['warning', 'warning'],
      ['error', 'error'],
      ['', 'block'],
    ],
  },
  'allow-data-loss': {
    wrong: [
      '*',
      'true',
      'all',
      '20260101000000_*',
      'prisma/migrations/1_a',
      '1_a.sql',
      '1_a,,2_b',
      '1_a,1_a',
      '-1_a',
      Array.from({ length: 51 }, (_, index) => `m${index}`).join(','),
    ],
    right: [
      ['20260301120000_drop_legacy', ['20260301120000_drop_legacy']],
      ['1_a, 2_b', ['1_a', '2_b']],
      ['\n1_a\n\n  2_b,\n3 c\n', ['1_a', '2_b', '3 c']],
      ['', undefined],
    ],
  },
  'require-down': {
    wrong: ['yes', 'no', '1', 'True', 'always'],
    right: [
      ['true', true],
      ['false', false],
      ['', false],
    ],
  },
  'deploy-window': {
    wrong: [
      'always',
      'Mon-Thu',
      'Mon-Thu 9-16',
      'Mon-Thu 09:00-16:00 Berlin/Europe',
      'Mon-Thu 09:00-09:00',
      'Mon-Thu 09:00-16:00;',
      '0 9 * * 1-4',
    ],
    right: [
      [
        'Mon-Tue 09:00-16:00 Europe/Berlin',
        {
          text: 'Mon-Tue 09:00-16:00 Europe/Berlin',
          spans: [{ days: [1, 2], start: 540, end: 960, zone: 'Europe/Berlin' }],
        },
      ],
      ['', undefined],
    ],
  },
  'require-environment': {
    wrong: ['true', 'a,b', '"staging"', '$STAGE', '{{ env }}', 'a'.repeat(256), 'a\nb'],
    right: [
      ['staging', 'staging'],
      ['eu / pre-prod', 'eu / pre-prod'],
      ['', undefined],
    ],
  },
  'sarif-path': filePath,
  'plan-path': filePath,
  'github-token': {
    wrong: [
      'true',
      'token',
      '$GITHUB_TOKEN',
      `Bearer ${TOKEN}`,
      `"${TOKEN}"`,
      `${TOKEN}\n${TOKEN}`,
      `${'$'}{{ github.token }}`,
    ],
    right: [
      [TOKEN, TOKEN],
      [`github_pat_${'a1B2'.repeat(20)}`, `github_pat_${'a1B2'.repeat(20)}`],
      ['', undefined],
    ],
  },
} as const satisfies Readonly<Record<string, PlanCase>>;
