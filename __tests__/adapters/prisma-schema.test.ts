import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDatasource } from '../../src/adapters/prisma/schema-read.ts';

const env = (name: string) => ({ kind: 'env', name });

describe('readDatasource', () => {
  test.each([
    [
      'usual',
      'generator client {\n  provider = "prisma-client-js"\n}\n\ndatasource db {\n  provider  = "postgresql"\n  url       = env("A")\n  directUrl = env( "B" )\n  schemas   = ["one", "two"]\n}\n',
      { name: 'db', provider: 'postgresql', url: env('A'), directUrl: env('B'), schemas: ['one', 'two'] },
    ],
    [
      'literal URL with // and braces in it',
      'datasource db {\n  provider = "postgresql"\n  url = "postgresql://u:{p}@h/d"\n}\n',
      {
        name: 'db',
        provider: 'postgresql',
        url: { kind: 'literal', value: 'postgresql://u:{p}@h/d' },
        directUrl: undefined,
        schemas: [],
      },
    ],
    [
      'comments of every kind',
      '// datasource no {\n/* datasource no { url = env("X") } */\ndatasource db { // }\n  // url = env("WRONG")\n  /// directUrl = env("WRONG")\n  url = env("A") // env("B")\n  provider = "mysql"\n}',
      { name: 'db', provider: 'mysql', url: env('A'), directUrl: undefined, schemas: [] },
    ],
    [
      'a model field named datasource',
      'model M {\n  datasource db\n  id Int @default(dbgenerated("datasource db {"))\n}\ndatasource real {\n  provider = "postgresql"\n}',
      { name: 'real', provider: 'postgresql', url: undefined, directUrl: undefined, schemas: [] },
    ],
    [
      'something else as URL',
      'datasource db {\n  url = concat("a", "b")\n}',
      { name: 'db', provider: undefined, url: { kind: 'other' }, directUrl: undefined, schemas: [] },
    ],
  ])('%s', (_name, text, expected) => {
    expect(readDatasource(text)).toEqual(expected);
  });

  test('a file without one', () => {
    expect(readDatasource('model M {\n id Int @id\n}')).toBeUndefined();
  });

  test('comments and strings around and inside never confuse it', () => {
    const noise = fc.string({
      unit: fc.constantFrom('{', '}', '"', '/', '*', '=', ' ', 'url', 'datasource db {', 'env("X")'),
    });
    const comment = noise.map((text) => `// ${text.replaceAll('\n', ' ')}\n`);
    const long = noise.map((text) => `/* ${text.replaceAll('*/', '')} */\n`);
    const quoted = noise.map((text) => `model M {\n  a String @default(${JSON.stringify(text)})\n}\n`);
    const filler = fc.array(fc.oneof(comment, long, quoted), { maxLength: 5 }).map((parts) => parts.join(''));
    const inner = fc.array(fc.oneof(comment, long), { maxLength: 3 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(filler, inner, inner, filler, (before, first, second, after) => {
        const text = `${before}\ndatasource db {\n${first}\nprovider = "postgresql"\n${second}\nurl = env("REAL")\n}\n${after}`;
        expect(readDatasource(text)).toEqual({
          name: 'db',
          provider: 'postgresql',
          url: env('REAL'),
          directUrl: undefined,
          schemas: [],
        });
      }),
    );
  });
});
