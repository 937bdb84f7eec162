import type { Notice } from '../domain/event.ts';
import { fence, indented, prose } from './markdown.ts';
import { noticeWords } from './text.ts';

/** A notice as an item of a list, with its command below; `max` characters for each sentence. */
export function noticeItem(notice: Notice, max?: number): string {
  const { what, next, run } = noticeWords(notice);
  const advice = next === undefined ? '' : ` ${prose(next, max)}`;
  const command = run ? `\n\n${indented(fence(run, 'sh', 1_000))}` : '';
  return `- ${notice.level}: ${prose(what, max)}${advice}${command}`;
}
