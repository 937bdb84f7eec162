import type { Request } from '../../../src/domain/request.ts';

export interface Case {
  readonly field: keyof Request;
  /** Other inputs that it needs beside it. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly wrong: readonly string[];
  /** Text → value in the request. */
  readonly right: readonly (readonly [string, unknown])[];
}

export const WRONG_DURATIONS = [
  '5',
  '-5s',
  '1.5h',
  '0s',
  '5 m',
  '5M',
  '25h',
  '99999999999999s',
  '5d',
  's',
  '٣s',
  '1e3ms',
  '05s',
];
export const WRONG_COUNTS = ['-1', '1.5', 'three', '0x1', '1e0', '100', '01', '٣'];
export const WRONG_IDENTIFIERS = [
  '1shop',
  'shop--prod',
  'shop-',
  'shop_prod',
  'shop prod',
  'a'.repeat(64),
  'arn:aws:rds:eu-west-1:123456789012:db:shop',
  'shop.abc.eu-west-1.rds.amazonaws.com',
  'shöp',
];
export const WRONG_PATHS = [
  '~/app',
  '$GITHUB_WORKSPACE/app',
  '-x',
  'a\nb',
  'https://example.com/x',
  '"app"',
  'a'.repeat(1025),
];
export const WRONG_SCRIPTS = [
  'false',
  'true',
  'null',
  'off',
  'a\0b',
  'https://example.com/health',
  '#'.repeat(65_537),
];
export const script = (field: keyof Request): Case => ({
  field,
  wrong: WRONG_SCRIPTS,
  right: [
    ['npm run smoke', 'npm run smoke'],
    ['set -e\r\nexit 1\r\n', 'set -e\nexit 1'],
    ['curl -fsS https://example.com/health', 'curl -fsS https://example.com/health'],
    ['   ', undefined],
  ],
});
export const path = (field: keyof Request, empty: string | undefined): Case => ({
  field,
  wrong: WRONG_PATHS,
  right: [
    ['./apps/shop', './apps/shop'],
    ['/srv/a b/ü', '/srv/a b/ü'],
    ['', empty],
  ],
});
