import { describe, expect, test } from '@jest/globals';
import type { EventBody } from '../../src/domain/event.ts';
import { problem } from '../../src/domain/problem.ts';
import type { Run } from '../../src/domain/run.ts';
import { annotations } from '../../src/report/annotations.ts';
import { closing } from '../../src/report/log.ts';
import { fence, md } from '../../src/report/markdown.ts';
import { jsonList, outputs } from '../../src/report/outputs.ts';
import { report } from '../../src/report/record.ts';
import { SLACK_LIMITS, slack } from '../../src/report/slack.ts';
import { capped, SUMMARY_MAX_BYTES, summary } from '../../src/report/summary.ts';
import { bytes, clip, oneLine } from '../../src/report/words.ts';
import { backend, pathOf } from './facts.ts';
import { changedVerdict, runOf, started } from './runs.ts';

const EVIL = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '| a | b |',
  '`code` ```fence```',
  '@everyone @acme/ops',
  '<!channel> <@U123> <https://evil.example|click>',
  '[click](https://evil.example) ![x](https://evil.example/x.png)',
  '::error::pwned\n::set-output name=status::applied\n##[error]x',
  '**bold** _it_ ~~gone~~ # head\n# head\n- item\n1. item\n> quote',
  '\u202egnp.exe\u200b\u0000\u001b[31mred',
].join(' ');

const evilRun = (text: string, migrations: readonly string[] = [text, 'm2']): Run => {
  const name = migrations[0] ?? text;
  const events: readonly EventBody[] = [
    ...started({}, migrations),
    {
      type: 'blocked',
      waiting: backend(),
      blockers: [backend({ query: text, applicationName: text, user: text, state: text })],
    },
    { type: 'notice', notice: { code: 'migration-edited', level: 'warning', fields: { migration: text } } },
    { type: 'leftover-removed', index: text },
    { type: 'migrator-ended', end: { exitCode: 1, signal: null, output: text }, tookMs: 1 },
    {
      type: 'verdict',
      verdict: changedVerdict({
        applied: migrations.slice(1),
        failedMigration: name,
        error: { code: text, message: text },
        statement: { migration: name, path: pathOf(name), line: 1, text, foundBy: 'watched' },
        evidence: [text, text],
      }),
    },
    { type: 'step-failed', step: 'migrate', problem: problem('migration-failed', text, { migration: text }) },
    {
      type: 'step-failed',
      step: 'restore',
      problem: problem('aws-rejected', text, { action: text, code: text, message: text }),
    },
    { type: 'run-ended', status: 'failed' },
  ];
  return runOf(events);
};

/** Everything outside fenced blocks. */
const outside = (markdown: string): string => markdown.replace(/^( *)(`{3,})[^\n]*\n[\s\S]*?\n\1\2$/gm, '');

describe('hostile text', () => {
  const page = summary(evilRun(EVIL));

  test('is only text in the summary', () => {
    const prose = outside(page);
    expect(prose).not.toMatch(/<script|<img|<!channel|<@U|onerror=alert\(1\)>/);
    expect(prose).not.toMatch(/\]\(https:\/\/evil|!\[/);
    expect(prose).not.toMatch(/@(everyone|acme)/);
    expect(prose).not.toMatch(/^::|^# head|^- item|^> quote/m);
    expect(prose).not.toContain('```');
    for (const char of ['\u202e', '\u0000', '\u001b']) expect(page).not.toContain(char);
  });

  test('cannot end a fence or add a column to a table', () => {
    expect(outside(page)).not.toContain('fence```');
    const rows = outside(page)
      .split('\n')
      .filter((line) => line.startsWith('| '));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect([3, 4, 7]).toContain(row.split(' | ').length);
  });

  test('calls nobody in Slack and makes no link', () => {
    const { text, blocks } = slack(evilRun(EVIL), 'failure');
    const all = JSON.stringify([text, blocks]);
    expect(all).toContain('&lt;!channel&gt;');
    expect(all.replaceAll(/<https:\/\/github\.com[^>]*\|Open the run>/g, '')).not.toMatch(/<[!@h#]/);
    for (const block of blocks) {
      const inner = (block as { text?: { text: string } }).text?.text ?? '';
      expect([0, 2]).toContain(inner.split('```').length - 1);
    }
  });

  test('is no workflow command in the log', () => {
    for (const line of closing(evilRun(EVIL)).flatMap((each) => each.split('\n'))) {
      expect(line).not.toMatch(/^\s*::|##\[/);
    }
  });

  test('stays on one line in titles, and whole in outputs', () => {
    for (const each of annotations(evilRun(EVIL))) expect(each.title).not.toMatch(/[\n\u202e]/);
    expect(outputs(evilRun(EVIL), undefined)['error-message']).toContain('::error::pwned');
  });
});

describe('giant runs', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `20260101000000_${index}_${'x'.repeat(80)}`);
  const giant = evilRun('SELECT 1; -- é|<&>`@\n'.repeat(50_000), names);

  test('the summary keeps below its cap and is made of whole sections', () => {
    const page = summary(giant);
    expect(bytes(page)).toBeLessThanOrEqual(SUMMARY_MAX_BYTES);
    expect(page).toContain('**What you do next.**');
    expect(page).toMatch(/and 9800 more/);
  });

  test('a section that does not fit is left out whole, and said', () => {
    const page = capped(['head', 'é'.repeat(SUMMARY_MAX_BYTES / 2), 'tail']);
    expect(page).toBe(
      'head\n\ntail\n\n_1 more section(s) did not fit here; the JSON report has everything._\n',
    );
  });

  test('Slack keeps every limit', () => {
    const { text, blocks } = slack(giant, 'failure');
    expect(text.length).toBeLessThanOrEqual(SLACK_LIMITS.text);
    expect(blocks.length).toBeLessThanOrEqual(SLACK_LIMITS.blocks);
    for (const block of blocks) {
      const inner = (block as { text?: { text: string; type: string } }).text;
      const max = block.type === 'header' ? SLACK_LIMITS.header : SLACK_LIMITS.section;
      expect(inner?.text.length ?? 0).toBeLessThanOrEqual(max);
      expect(inner?.text ?? '').not.toMatch(/&(?!amp;|lt;|gt;)/);
    }
  });

  test('outputs stay small, and a cut list says so', () => {
    const values = outputs(giant, undefined);
    expect(Object.values(values).join('').length).toBeLessThan(500_000);
    const pending = JSON.parse(values['pending-migrations'] ?? '[]') as readonly string[];
    expect(pending.at(-1)).toMatch(/^\.\.\. and \d+ more$/);
    expect(pending.length - 1 + Number(/\d+/.exec(pending.at(-1) ?? '')?.[0])).toBe(10_000);
  });

  test('annotations, log and report stay small', () => {
    expect(JSON.stringify(annotations(giant)).length).toBeLessThan(50_000);
    for (const line of closing(giant)) expect(line.length).toBeLessThan(10_000);
    expect(JSON.stringify(report(giant)).length).toBeLessThan(8_000_000);
    expect(JSON.stringify(report(giant).blocked).length).toBeLessThan(2_000);
  });
});

describe('words', () => {
  test('a cut never splits a character', () => {
    expect(clip('ab😀cd', 4)).toBe('ab…');
    expect(clip('abcd', 4)).toBe('abcd');
  });

  test.each([
    ['a\nb\tc', 'a b c'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['a\u202eb', 'ab'],
  ])('%j becomes %j', (text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  test('names with underscores stay readable', () => {
    expect(md('20261102_drop_email')).toBe('20261102_drop_email');
    expect(md('_it_')).toBe('&#95;it&#95;');
  });

  test('a fence is longer than what it holds', () => {
    expect(fence('a ```` b', 'sql')).toBe('`````sql\na ```` b\n`````');
  });

  test('a list that fits is plain JSON', () => {
    expect(jsonList(['a', 'b'])).toBe('["a","b"]');
  });
});
