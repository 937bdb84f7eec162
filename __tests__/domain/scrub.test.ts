import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createScrubber, secretForms } from '../../src/domain/scrub.ts';

const scrubberFor = (...secrets: readonly string[]) => {
  const scrubber = createScrubber();
  for (const secret of secrets) scrubber.add(secret);
  return scrubber;
};
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('known secrets', () => {
  const secret = 'p%/@ :#"ü\\n';
  test.each([
    ['raw', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    ['percent-encoded in lower case', encodeURIComponent(secret).replace(/%../g, (b) => b.toLowerCase())],
    ['form-encoded', encodeURIComponent(secret).replaceAll('%20', '+')],
    ['inside JSON', JSON.stringify({ secret }).slice(11, -2)],
    ['base64', base64(secret)],
    ['base64url', Buffer.from(secret).toString('base64url')],
  ])('%s', (_name, form) => {
    expect(scrubberFor(secret).scrub(`before ${form} after`)).toMatch(/^before \*\*\*=* after$/);
  });

  test('a percent-encoded secret is found decoded', () => {
    expect(scrubberFor('p%40ssw%2Frd').scrub('password p@ssw/rd')).toBe('password ***');
  });

  test('the longest form goes first, so that nothing of it is left over', () => {
    expect(scrubberFor('hunter', 'hunter22').scrub('hunter22 hunter')).toBe('*** ***');
  });

  test('each long line of a multi-line secret', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----';
    expect(scrubberFor(key).scrub('line MIIEvQIBADANBg')).toBe('line ***');
  });

  test('up to three characters are left alone', () => {
    expect(scrubberFor('', 'a', 'abc').scrub('abc of a')).toBe('abc of a');
  });

  test('pattern characters are taken literally', () => {
    expect(scrubberFor('a.c*(d)[').scrub('abcdd a.c*(d)[')).toBe('abcdd ***');
  });
});

describe('secret by shape', () => {
  test.each([
    ['postgres://ann:s3cr3t@db:5432/shop', 'postgres://ann:***@db:5432/shop'],
    ['postgresql://ann:s3/c@r3t@db/shop?x=1', 'postgresql://ann:***@db/shop?x=1'],
    ['mysql://root:pw@h/db', 'mysql://root:***@h/db'],
    ['postgres://ann@db/shop', 'postgres://ann@db/shop'],
    ['https://hooks.slack.com/services/T0/B0/xyz said no', 'https://hooks.slack.com/*** said no'],
    ['key AKIAIOSFODNN7EXAMPLE.', 'key ***.'],
    ['key ASIAIOSFODNN7EXAMPLE.', 'key ***.'],
    ['host=db password=hunter2 user=x', 'host=db password=*** user=x'],
    ["host=db password='hun ter2' user=x", 'host=db password=*** user=x'],
    ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=*** psql'],
    ['MYSQL_PWD=hunter2 mysql -u app', 'MYSQL_PWD=*** mysql -u app'],
    ['AWS_SECRET_ACCESS_KEY=wJalrXUt/K7', 'AWS_SECRET_ACCESS_KEY=***'],
    ['"x-amz-security-token": "FwoGZXIvYXdz"', '"x-amz-security-token": "***"'],
    ['?X-Amz-Signature=0abc&next=1', '?X-Amz-Signature=***&next=1'],
  ])('%s', (text, expected) => {
    expect(createScrubber().scrub(text)).toBe(expected);
  });

  test.each([
    'a plain line',
    'at 10:30 mail ann@example.com',
    'ALTER TABLE "users" ADD COLUMN password text',
  ])('leaves alone: %s', (text) => {
    expect(createScrubber().scrub(text)).toBe(text);
  });
});

describe('properties', () => {
  const secret = fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' });

  test('no form of a secret survives, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.nat(),
        (secrets, noise, at) => {
          const forms = secrets.flatMap(secretForms);
          const form = forms[at % forms.length] ?? '';
          const shown = scrubberFor(...secrets).scrub(`${noise}${form}${noise}`);
          return forms.every((each) => !shown.includes(each));
        },
      ),
    );
  });

  test('text without a secret is unchanged, and scrubbing twice is scrubbing once', () => {
    fc.assert(
      fc.property(secret, fc.stringMatching(/^[a-z ]{0,60}$/), (value, text) => {
        const scrubber = scrubberFor(`#${value}`);
        expect(scrubber.scrub(text)).toBe(text);
        const once = scrubber.scrub(`${text}#${value}`);
        expect(scrubber.scrub(once)).toBe(once);
      }),
    );
  });
});
