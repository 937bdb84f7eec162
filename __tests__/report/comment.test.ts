import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { problem } from '../../src/domain/problem.ts';
import { COMMENT_MAX_BYTES, comment, commentMarker, isGreen } from '../../src/report/comment.ts';
import { bytes } from '../../src/report/words.ts';
import { NAMES, runOf } from './events.ts';
import { request } from './facts.ts';
import { alive, EVIL, evilHazard, hasHidden, hazard, planned } from './hazard-facts.ts';

const WORST = [
  hazard({ rule: 'mild', level: 'notice', title: 'Mild thing' }),
  hazard(),
  hazard({
    rule: 'drop-column',
    level: 'block',
    title: 'DROP COLUMN loses data',
    line: 9,
    suggestion: '',
    suppressible: false,
  }),
];

describe('the comment', () => {
  const page = comment(planned(), WORST, { docsBase: 'https://github.com/acme/guard/blob/v1' });

  test('says what was found, worst first', () => {
    expect(page).toContain('## Migration plan of shop-prod: 3 hazards\n');
    expect(page).toContain(
      '2 migrations are pending. Hazards found in them: 1 block, 1 error and 1 notice. Nothing was changed: a plan only looks.',
    );
    const places = ['DROP COLUMN loses', 'SET NOT NULL reads', 'Mild thing'].map((each) =>
      page.indexOf(each),
    );
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('tells lock, work and time, links the line and the page of the rule', () => {
    expect(page).toContain('| error | SET NOT NULL reads the whole table (');
    expect(page).toContain('| ACCESS EXCLUSIVE | reads every row, about 40.0 s to 2 min 10 s |');
    expect(page).toContain(
      '(https://github.com/acme/shop/blob/c0ffee1234567890c0ffee1234567890c0ffee12/prisma/migrations/20261101_add_orders/migration.sql#L3)',
    );
    expect(page).toContain(
      '[<code>set-not-null-scan</code>](https://github.com/acme/guard/blob/v1/docs/hazards/set-not-null-scan.md)',
    );
  });

  test('explains the worst with what to write instead, and how to accept it', () => {
    expect(page).toContain('#### block: DROP COLUMN loses data');
    expect(page).toContain('Instead:\n\n```sql\nALTER TABLE "orders" ADD CONSTRAINT');
    expect(page).toContain('```sql\n-- guard-ignore set-not-null-scan: your reason\n```');
    expect(page).not.toContain('guard-ignore drop-column');
    expect(page).not.toContain('#### notice');
  });

  test('shows what is pending, what a deploy does, and the run', () => {
    for (const name of NAMES) expect(page).toContain(`| <code>${name}</code> | 3 | may stay half done |`);
    expect(page).toMatch(/1\. Snapshot shop-prod as .*\n2\. Mark the restore point/);
    expect(page).toContain('Only when it fails:\n\n- Alert Slack');
    expect(page).toContain('[run 8123](https://github.com/acme/shop/actions/runs/8123/attempts/1)');
  });
});

describe('the heading', () => {
  const late = problem('outside-window', 'late', { window: 'Mon-Thu 09:00-16:00', now: 'Fri 17:00' });
  const refused = problem('hazard-refused', 'scan', { rule: 'set-not-null-scan', migration: NAMES[0] });

  test.each([
    ['nothing to deploy', planned([]), [], true],
    ['no hazards', planned(), [], true],
    ['1 hazard', planned(), [hazard()], false],
    ['a deploy would be refused', planned(NAMES, [late]), [], false],
    ['a deploy would be refused', planned(NAMES, [refused]), [hazard()], false],
  ])('%s', (expected, run, hazards, green) => {
    expect(comment(run, hazards)).toContain(`: ${expected}\n`);
    expect(isGreen(run, hazards)).toBe(green);
  });

  test('a refusal is told with its remedy; that of a hazard by the hazard', () => {
    const page = comment(planned(NAMES, [late, refused]), [hazard()]);
    expect(page).toContain('### Refused because\n\n- Now (Fri 17:00) is not inside deploy-window');
    expect(page.match(/^- /gm)).toHaveLength(1 + 4);
    expect(comment(planned(NAMES, [refused]), [])).toContain('the rule set-not-null-scan applies');
  });

  test('before anything was read, nothing is claimed', () => {
    const page = comment(runOf([]), []);
    expect(page).toContain('## Migration plan of the database: no hazards\n\nNothing was changed');
    expect(page).not.toMatch(/undefined|pending/);
  });
});

describe('the marker', () => {
  const run = planned();
  const marker = (workingDirectory: string, instance: string): string =>
    commentMarker({ ...run, request: request({ workingDirectory, instance }) });

  test('is the first line, one for each project and instance', () => {
    expect(marker('./apps/shop-api/', 'shop-prod')).toBe('<!-- guarded-migrate: apps/shop-api shop-prod -->');
    expect(marker('apps/shop-api', 'shop-prod')).toBe(marker('./apps/shop-api/', 'shop-prod'));
    const all = ['.', 'a', 'b', 'a b', 'a-b', 'a--b', 'é', 'x'.repeat(400), `${'x'.repeat(400)}y`];
    expect(new Set(all.flatMap((each) => [marker(each, 'p'), marker(each, 'q')])).size).toBe(all.length * 2);
    expect(comment(planned(), []).split('\n')[0]).toBe(commentMarker(planned()));
  });

  test('cannot be ended from inside', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', '-->', '--', EVIL), (text, end) => {
        const inside = /^<!-- guarded-migrate: (.*) -->$/.exec(marker(text + end, `${end}${text}`))?.[1];
        expect(inside).toMatch(/^[\w./% -]+$/);
        expect(inside).not.toMatch(/--|-$|^-/);
      }),
    );
  });
});

describe('hostile text', () => {
  const notice = { code: 'migration-edited', level: 'warning', fields: { migration: EVIL } } as const;
  const bad = problem('environment-missing', EVIL, { environment: EVIL, sha: EVIL });
  const run = planned([EVIL, 'm2'], [bad], { workingDirectory: EVIL, instance: EVIL });
  const evil = [evilHazard({ level: 'block' }), evilHazard({ suppressible: false })];
  const page = comment({ ...run, notices: [notice] }, evil, { docsBase: 'https://github.com/acme/guard' });

  test('is only text', () => {
    const text = alive(page).split('\n').slice(1).join('\n').replaceAll('**block**', 'block');
    expect(text).not.toMatch(/<(?!\/?(sub|code)>)|-->/);
    expect(text).not.toMatch(/\]\((?!own)|!\[/);
    expect(text).not.toMatch(/@\w|www\.|`|~~|\*\*/);
    expect(text).not.toMatch(/^::|##\[|^# |^> |^1\. item|^- item/m);
    expect(hasHidden(page)).toBe(false);
    expect(JSON.stringify(page)).not.toMatch(/\\ud[89a-f]/);
    expect(page).toContain('alert(1)');
  });

  test('adds no column to a table and ends no fence', () => {
    const rows = alive(page).match(/^\| .*$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(6);
    for (const row of rows) expect([3, 6]).toContain(row.split(' | ').length);
    expect(page.match(/^`{4,}/gm)).toHaveLength(2 * evil.length);
    expect(alive(page)).not.toContain('`');
  });
});

test('a giant plan stays below the limit, in whole sections, and says where the rest is', () => {
  const many = Array.from({ length: 3_000 }, (_, index) => evilHazard({ line: index, level: 'block' }));
  const names = Array.from({ length: 3_000 }, (_, index) => `${index}_${'é'.repeat(80)}`);
  const problems = names.map((name) => problem('down-missing', name, { migration: name }));
  const page = comment(planned(names, problems), many);
  expect(bytes(page)).toBeLessThanOrEqual(COMMENT_MAX_BYTES);
  expect(page).toContain('### What a deploy does');
  expect(page.match(/… and \d+ more, see the job summary\./g)?.length).toBeGreaterThanOrEqual(3);
  expect(page.trimEnd().endsWith('</sub>')).toBe(true);
  for (const row of page.match(/^\| .*$/gm) ?? []) expect(row.endsWith(' |')).toBe(true);
});
