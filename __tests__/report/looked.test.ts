import { describe, expect, test } from '@jest/globals';
import type { NoticeCode } from '../../src/domain/event.ts';
import type { Run } from '../../src/domain/run.ts';
import { annotations } from '../../src/report/annotations.ts';
import { comment } from '../../src/report/comment.ts';
import { explain } from '../../src/report/explain.ts';
import { unseen } from '../../src/report/looked.ts';
import { outputs } from '../../src/report/outputs.ts';
import { summary } from '../../src/report/summary.ts';
import { title } from '../../src/report/title.ts';
import { NAMES } from './events.ts';
import { planned } from './hazard-facts.ts';

const whole: Run = { ...planned(NAMES, [], { mode: 'plan' }), status: 'planned' };
const noticed = (run: Run, ...codes: readonly NoticeCode[]): Run => ({
  ...run,
  notices: codes.map((code) => ({ code, level: 'warning', fields: {} })),
});
const blind = noticed({ ...whole, database: undefined, instance: undefined }, 'planned-without-database');
const everywhere = (run: Run): readonly string[] => [
  explain(run).headline,
  title(run),
  summary(run),
  comment(run, []),
  JSON.stringify(annotations(run)),
];

describe('a plan that saw everything', () => {
  test('says that nothing was found, and has no more to add', () => {
    expect(unseen(whole)).toEqual([]);
    expect(explain(whole).headline).toBe(
      '2 migrations are pending. Nothing was found for which a deploy to shop-prod would be refused.',
    );
    expect(title(whole)).toBe('Nothing stands against a deploy');
    expect(comment(whole, [])).toContain(': no hazards\n');
    for (const text of everywhere(whole)) expect(text).not.toContain('Not looked at');
  });

  test('shows the steps of a deploy as what they are, not as steps that were missed', () => {
    const page = summary(whole);
    expect(page).toMatch(/### What a deploy does\n\n1\. Snapshot shop-prod as/);
    expect(page).toContain('Only when it fails:\n\n- Alert Slack');
    expect(page).not.toMatch(/not reached|### Steps/);
  });
});

describe.each<readonly [string, Run, readonly string[]]>([
  ['neither database nor AWS', blind, ['the database (its history', 'AWS (backups']],
  ['no database', { ...blind, instance: whole.instance }, ['the database (its history']],
  ['no AWS', { ...whole, instance: undefined }, ['AWS (backups']],
  ['a catalog that could not be read', noticed(whole, 'catalog-unread'), ['the catalog and the rows']],
])('%s', (_, run, parts) => {
  test('is named, and nobody says that a deploy would pass', () => {
    expect(unseen(run)).toHaveLength(parts.length);
    const texts = everywhere(run);
    expect(texts.join('\n')).not.toMatch(
      /would not be refused|Nothing stands against a deploy\b(?! to)|: no hazards\n/,
    );
    for (const part of parts) {
      expect(explain(run).headline).toContain(part);
      expect(comment(run, [])).toContain(part);
    }
    expect(explain(run).headline).toContain('A deploy looks there, and may still refuse.');
    expect(explain(run).next[0]?.say).toContain('could not look at');
  });
});

describe('files that no rule can judge', () => {
  const run = noticed(whole, 'rules-missing');

  test('are no all-clear, and nobody puts it off to a deploy that does not judge them either', () => {
    for (const text of [explain(run).headline, summary(run), comment(run, [])]) {
      expect(text).toContain('a deploy does not either');
      expect(text).not.toMatch(/may still refuse|: no hazards|No hazard was found/);
    }
    expect(title(run)).toBe('Planned without all the facts');
    expect(comment(run, [])).toContain(': hazards not judged\n');
    expect(explain(run).next[0]?.say).toBe(
      'Read the files yourself, because no rule judged them, then merge and deploy.',
    );
    expect(outputs(run, undefined)).not.toHaveProperty('highest-hazard');
    expect(outputs(whole, undefined)).toHaveProperty('highest-hazard', 'none');
  });
});

describe('what is pending', () => {
  test('is what the change adds, when the history was not read', () => {
    expect(explain(blind).headline).toContain(
      'This change adds or edits 2 migrations, and they are taken as pending.',
    );
    expect(comment(blind, [])).not.toContain('are pending');
  });

  test('is nothing that the database has: it was not asked', () => {
    const none: Run = { ...blind, pending: [] };
    expect(comment(none, [])).toContain(': no migration added\n');
    expect(comment(none, [])).not.toContain('The database has every migration');
    expect(explain(none).headline).toContain('This change adds no migration.');
  });

  test('is not known without git and GitHub, and that is told loudly', () => {
    const unknown = noticed(blind, 'planned-without-database', 'pending-unknown');
    expect(explain(unknown).headline).toContain('Which migrations are new is not known');
    expect(comment(unknown, [])).toContain('as if the database were empty');
    expect(summary(unknown)).toContain('HAZARDS TO SUCH TABLES ARE NOT SEEN');
  });
});
