import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import type { Hazard } from '../../src/domain/hazard.ts';
import { problem } from '../../src/domain/problem.ts';
import { digest } from '../../src/report/digest.ts';
import { type SarifOptions, sarif } from '../../src/report/sarif.ts';
import { sarifNotifications } from '../../src/report/sarif-notifications.ts';
import { identity } from './facts.ts';
import { EVIL, evilHazard, hasHidden, hazard, planned } from './hazard-facts.ts';
import { sarifSchema } from './sarif-schema.ts';

const ajv = new Ajv({ strict: true, strictRequired: false, allErrors: true });
ajv.addFormat('uri', { validate: (text: string) => URL.canParse(text) });
// RFC 3986: a relative reference of nothing but allowed characters and whole percent codes.
ajv.addFormat('uri-reference', {
  validate: (text: string) => /^(?:[\w.~/:@$&+,;=-]|%[0-9A-F]{2})+$/.test(text),
});
const validate = ajv.compile(sarifSchema);

interface Written {
  readonly tool: {
    readonly driver: {
      readonly rules: readonly {
        readonly id: string;
        readonly helpUri?: string;
        readonly help: { readonly text: string; readonly markdown: string };
        readonly shortDescription: { readonly text: string };
        readonly defaultConfiguration: { readonly level: string };
      }[];
    };
  };
  readonly automationDetails: { readonly id: string };
  readonly versionControlProvenance?: unknown;
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: { readonly text: string };
    readonly partialFingerprints: Readonly<Record<string, string>>;
    readonly locations: readonly {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: { readonly startLine: number; readonly endLine: number };
      };
    }[];
  }[];
}

/** As a reader of the file gets it, valid. */
function written(hazards: readonly Hazard[], change: Partial<SarifOptions> = {}): Written {
  const log: unknown = JSON.parse(
    JSON.stringify(sarif(hazards, { identity, category: 'shop-prod', ...change })),
  );
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  const [run] = (log as { readonly runs: readonly Written[] }).runs;
  if (run === undefined) throw new Error('no run');
  return run;
}

const prints = (...hazards: readonly Hazard[]): readonly string[] =>
  written(hazards).results.map((each) => each.partialFingerprints['guardedMigrateHazard/v1'] ?? '');
const place = (run: Written) => run.results[0]?.locations[0]?.physicalLocation;

describe('the run', () => {
  const invocation = (change: Partial<SarifOptions> = {}): unknown =>
    (written([], change) as unknown as { readonly invocations: readonly unknown[] }).invocations;

  test('is successful, and says what was not looked at', () => {
    expect(invocation()).toEqual([{ executionSuccessful: true }]);
    expect(invocation({ notifications: [{ level: 'warning', text: 'Not looked at: AWS.' }] })).toEqual([
      {
        executionSuccessful: true,
        toolExecutionNotifications: [{ level: 'warning', message: { text: 'Not looked at: AWS.' } }],
      },
    ]);
  });

  test('without a plan it is not, for its problems, and hostile text stays text', () => {
    const run = planned([], [problem('project-not-found', EVIL), problem('url-missing', '')]);
    const notifications = sarifNotifications({ ...run, plan: undefined });
    expect(notifications.map(({ level, text }) => [level, text.startsWith('No plan was made. ')])).toEqual([
      ['error', true],
      ['error', true],
    ]);
    expect(sarifNotifications({ ...run, plan: undefined, problems: [] })).toHaveLength(1);
    const told = JSON.stringify(invocation({ successful: false, notifications }));
    expect(told).toContain('"executionSuccessful":false');
    expect(told).not.toMatch(/<script|@everyone/);
    expect(hasHidden(told)).toBe(false);
  });

  test('with a plan that saw everything there is nothing to add', () => {
    expect(sarifNotifications(planned())).toEqual([]);
    expect(sarifNotifications({ ...planned(), instance: undefined })).toMatchObject([{ level: 'warning' }]);
  });
});

describe('the log', () => {
  test('is valid without any hazard, so that code scanning closes its alerts', () => {
    expect(written([]).results).toEqual([]);
    expect(written([]).automationDetails.id).toBe('guarded-migrate/shop-prod/');
  });

  test('maps levels, points at rules and places', () => {
    const run = written(
      (['notice', 'warning', 'error', 'block'] as const).map((level) => hazard({ level, rule: level })),
    );
    expect(run.results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['block', 'error'],
      ['error', 'error'],
      ['warning', 'warning'],
      ['notice', 'note'],
    ]);
    for (const { ruleId, ruleIndex, level } of run.results) {
      expect(run.tool.driver.rules[ruleIndex]).toMatchObject({ id: ruleId, defaultConfiguration: { level } });
    }
    expect(place(run)).toEqual({
      artifactLocation: {
        uri: 'prisma/migrations/20261101_add_orders/migration.sql',
        uriBaseId: '%SRCROOT%',
      },
      region: { startLine: 3, endLine: 4 },
    });
  });

  test('describes a rule once, with help and its page', () => {
    const about = {
      id: 'set-not-null-scan',
      title: 'The rule',
      help: 'Use a check. Then validate it.',
      docs: 'docs/x.md',
    };
    const options = { rules: [about], docsBase: 'https://github.com/acme/guard/blob/v1/' };
    const { rules } = written([hazard(), hazard({ line: 9 })].slice(), options).tool.driver;
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({
      shortDescription: { text: 'The rule' },
      help: { text: 'Use a check. Then validate it.' },
      helpUri: 'https://github.com/acme/guard/blob/v1/docs/x.md',
    });
    expect(written([hazard()]).tool.driver.rules[0]?.helpUri).toBeUndefined();
  });

  test.each([
    [0, undefined, 1, 1],
    [-3, 2, 1, 2],
    [Number.NaN, Number.NaN, 1, 1],
    [7, 3, 7, 7],
  ])('line %p to %p is a region', (line, endLine, startLine, last) => {
    const { endLine: _, ...rest } = hazard({ line });
    const given = endLine === undefined ? rest : { ...rest, endLine };
    expect(place(written([given]))?.region).toEqual({ startLine, endLine: last });
  });

  test('takes five thousand, the worst', () => {
    const many = Array.from({ length: 6_000 }, (_, line) =>
      hazard({ line, level: line === 5_999 ? 'block' : 'notice' }),
    );
    const run = written(many);
    expect(run.results).toHaveLength(5_000);
    expect(run.results[0]?.level).toBe('error');
  });

  test('outside of a repository claims no commit', () => {
    const local = { ...identity, repository: 'local', sha: 'unknown' };
    expect(written([], { identity: local }).versionControlProvenance).toBeUndefined();
    expect(written([]).versionControlProvenance).toHaveLength(1);
  });
});

describe('the fingerprint', () => {
  test('survives moved lines, other levels and blanks', () => {
    const moved = hazard({
      line: 300,
      endLine: 301,
      level: 'warning',
      statement: hazard().statement.replaceAll(' ', '\n  '),
    });
    expect(prints(moved)).toEqual(prints(hazard()));
  });

  test('tells rules, migrations, statements and repetitions apart', () => {
    const all = prints(
      hazard(),
      hazard(),
      hazard({ rule: 'other' }),
      hazard({ migration: 'other' }),
      hazard({ statement: 'other' }),
      hazard({ tables: ['other'] }),
    );
    expect(new Set(all).size).toBe(6);
  });

  test('is the known one', () => {
    // Changing it would close every alert and open it again.
    expect(prints(hazard({ rule: 'r', migration: 'm', statement: 's', tables: ['t'] }))).toEqual([
      'a620294fd64b30a9:1',
    ]);
  });
});

test.each([
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
])('the digest of %j is that of FNV-1a', (text, expected) => {
  expect(digest(text)).toBe(expected);
});

describe('hostile text', () => {
  const run = written([evilHazard()], { docsBase: 'https://github.com/acme/guard', category: EVIL });
  const texts = [
    ...run.results.map((each) => each.message.text),
    ...run.tool.driver.rules.flatMap((each) => [each.shortDescription.text, each.help.text]),
  ];

  test.each(texts)('%# makes no link, no tag, no mention, no command', (text) => {
    expect(text).not.toMatch(/\]\(|<[\w!/]|@\w|:\/\/|^::|\n/);
    expect(hasHidden(text)).toBe(false);
    expect(text).toContain('alert(1)');
  });

  test('neither does the help in Markdown', () => {
    expect(run.tool.driver.rules[0]?.help.markdown).not.toMatch(/[<>`]|\]\(|@\w|\n/);
  });

  test('is written as UTF-8 without loss', () => {
    const text = JSON.stringify(run);
    expect(text).not.toMatch(/\\ud[89a-f]/);
    expect(new TextDecoder().decode(new TextEncoder().encode(text))).toBe(text);
  });

  test('stays inside the URI', () => {
    expect(place(run)?.artifactLocation.uri).toMatch(/^prisma\/migrations\/%3Cscript%3E/);
    expect(place(written([hazard({ path: './a b\\ü#?.sql' })]))?.artifactLocation.uri).toBe(
      'a%20b/%C3%BC%23%3F.sql',
    );
  });
});
