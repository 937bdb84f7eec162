import type { Run } from '../../domain/run.ts';
import { type Advice, advice } from '../advice.ts';
import { spokenName } from '../commands.ts';
import type { ModeExplanation } from '../explanation.ts';
import { wordsIn } from '../text.ts';
import { count, joined } from '../words.ts';
import { AGAIN, type PromotionWords, promotionWords } from './promotion-words.ts';

/** Words of `mode: promote`. */
export function explainPromote(run: Run): ModeExplanation {
  const words = promotionWords(run) ?? notBegun(run);
  const going = run.status === undefined;
  const problems = run.problems.map((each) => wordsIn(run, each));
  const headline = going
    ? running(run, words)
    : run.status === 'refused' || run.promotion === undefined
      ? refused(run)
      : words.what;
  return {
    title: heading(run, words),
    headline,
    why:
      run.problems.length === 1 && headline.includes(problems[0]?.what ?? '-')
        ? []
        : [...new Set(problems.map(({ what }) => what))].slice(0, 20),
    data: joined(words.data),
    did: joined([...resumed(run), ...words.did]),
    next: nextOf(run, words),
  };
}

/** The words of a rollback, with those of the cut-over that it began: who serves now comes before everything else. */
export function withCutOver(run: Run, told: ModeExplanation): ModeExplanation {
  const words = promotionWords(run);
  if (words === undefined || run.promotion?.phase === 'not-started') return told;
  const isThrough = run.status === 'promoted' || (run.status === undefined && run.problems.length === 0);
  return {
    title: isThrough ? told.title : heading(run, words),
    headline: isThrough ? told.headline : words.what,
    why: isThrough
      ? told.why
      : [...new Set(run.problems.map((each) => wordsIn(run, each).what))].slice(0, 20),
    data: joined(words.data),
    did: told.did,
    next: nextOf(run, words),
  };
}

const heading = (run: Run, words: PromotionWords): string => {
  if (run.status === undefined && run.problems.length === 0) return 'Cutting over';
  if (run.status === 'refused') return 'Refused, not cut over';
  if (run.status === 'promoted') return words.title === 'undone' ? 'Undone' : 'Promoted';
  const isCancelled = run.status === 'cancelled' || run.problems.some(({ code }) => code === 'cancelled');
  const base = isCancelled ? 'Cancelled' : 'Failed';
  return `${base}, ${words.title}`;
};

const running = (run: Run, words: PromotionWords): string =>
  run.promotion?.phase === 'outage' || run.problems.length > 0
    ? words.what
    : `The cut-over of ${spokenName(run)} is running.`;

function refused(run: Run): string {
  const [first] = run.problems;
  const name = run.request?.instance || spokenName(run);
  if (first === undefined) return `The cut-over of ${name} was not begun.`;
  return run.problems.length === 1
    ? `The cut-over of ${name} was refused before anything was touched. ${wordsIn(run, first).what}`
    : `The cut-over of ${name} was refused before anything was touched: ${count(run.problems.length, 'problem')} found.`;
}

const notBegun = (run: Run): PromotionWords => ({
  title: 'not cut over',
  what: `The cut-over of ${run.request?.instance || spokenName(run)} was not begun.`,
  data: ['Nothing was changed: nothing was renamed and no proxy was re-targeted'],
  did: ['We only looked'],
  next: [],
});

const resumed = (run: Run): readonly string[] =>
  run.notices.some(({ code }) => code === 'promotion-resumed')
    ? ['We went on with a promotion that an earlier job had begun']
    : [];

function nextOf(run: Run, words: PromotionWords): readonly Advice[] {
  // Its general advice speaks of a deploy.
  const fixes = run.problems
    .filter(({ code }) => code !== 'cancelled')
    .slice(0, 20)
    .map((each) => advice(wordsIn(run, each)));
  const urgent = run.promotion?.phase === 'outage' || run.promotion?.phase === 'parking';
  const steps = urgent ? [...words.next, ...fixes] : [...fixes, ...words.next];
  const isSaid = fixes.some(({ say }) => say.includes('Run "mode: promote" again with the same inputs'));
  const seen = new Set<string>();
  const distinct = steps.filter(({ say, run: command = '' }) => {
    if (isSaid && !urgent && say === `${AGAIN}.`) return false;
    const key = `${say}\n${command}`;
    return say !== '' && !seen.has(key) && seen.add(key) !== undefined;
  });
  if (distinct.length > 0) return distinct;
  return run.status === undefined
    ? [{ say: 'Wait for the next message. Each of the two renames takes about ten minutes.' }]
    : [{ say: 'Run "mode: promote" again with the same inputs when you want to cut over.' }];
}
