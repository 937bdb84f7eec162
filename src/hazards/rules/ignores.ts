import type { RuleText } from '../rule.ts';

const text = (id: string, title: string, why: string, remedy: string): RuleText => ({
  id,
  squawk: [],
  title,
  category: 'advice',
  safe: '',
  mode: 'both',
  why,
  remedy,
  rewrite: '-- guard-ignore create-index: the table has 200 rows',
});

export const WITHOUT_REASON = text(
  'ignore-without-reason',
  'guard-ignore needs a reason',
  'Without a reason nobody can tell later whether it still holds, so it silences nothing.',
  'Write -- guard-ignore rule: reason.',
);

export const UNUSED = text(
  'ignore-unused',
  'guard-ignore silences nothing',
  'No such finding exists at this place; the comment would hide one that comes later.',
  'Take it out, or correct the name of the rule and the place.',
);

export const NOT_ALLOWED = text(
  'ignore-not-possible',
  'Data loss and partial commits cannot be silenced in SQL',
  'What loses data must leave a trace in the workflow, where a reviewer of the deployment sees it.',
  'Name the migration in allow-data-loss.',
);

export const IGNORE_RULES: readonly RuleText[] = [WITHOUT_REASON, UNUSED, NOT_ALLOWED];
