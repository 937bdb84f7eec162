import type { Message } from '../domain/message.ts';
import { runUrl } from '../domain/request.ts';
import type { Run } from '../domain/run.ts';
import { spokenName } from './commands.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { subject, title } from './title.ts';
import { clip, joined, oneLine, plain } from './words.ts';

/** Limits of Block Kit (docs.slack.dev, "Blocks" and "Text object"). */
export const SLACK_LIMITS = { header: 150, section: 3_000, blocks: 50, text: 3_000 } as const;

type Block = Readonly<Record<string, unknown>>;

/** Slack's own escaping: nothing else can call people or make links. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Escapes and cuts without cutting an entity in two. */
function fitted(text: string, max: number): string {
  const whole = escaped(text);
  if (whole.length <= max) return whole;
  return `${whole.slice(0, max - 1).replace(/&[a-z]{0,3}$/, '')}…`;
}

/** `failure` goes out at once when the migration failed, `end` when the run is over. */
export function slack(run: Run, about: 'failure' | 'end'): Message {
  const told = explain(run);
  const heading = oneLine(`${subject(run)} of ${spokenName(run)}: ${title(run)}`, SLACK_LIMITS.header);
  const blocks: readonly Block[] = [
    { type: 'header', text: { type: 'plain_text', text: heading, emoji: false } },
    ...body(run, told, about),
    link(run),
  ];
  const text = joined([heading, told.headline, told.data]);
  return { text: fitted(text, SLACK_LIMITS.text), blocks: blocks.slice(0, SLACK_LIMITS.blocks) };
}

function body(run: Run, told: Explanation, about: 'failure' | 'end'): readonly Block[] {
  const statement = about === 'failure' ? run.verdict?.statement?.text : undefined;
  return [
    section('What happened', joined([told.headline, ...told.why])),
    ...(statement === undefined ? [] : [preformatted(statement)]),
    section('Your data', told.data),
    section('What we did', told.did),
    ...told.next.slice(0, 12).flatMap((each, index) => {
      const say = section(index === 0 ? 'What you do next' : '', `${index + 1}. ${each.say}`);
      return each.run === undefined ? [say] : [say, preformatted(each.run)];
    }),
  ];
}

function section(label: string, text: string): Block {
  const bold = label === '' ? '' : `*${label}*\n`;
  // A backtick would begin code; nothing of ours in a sentence uses one.
  const rest = fitted(plain(text).replaceAll('`', "'"), SLACK_LIMITS.section - bold.length);
  return { type: 'section', text: { type: 'mrkdwn', text: `${bold}${rest}`, verbatim: true } };
}

function preformatted(text: string): Block {
  const inside = fitted(clip(plain(text), 2_500).replaceAll('```', "'''"), SLACK_LIMITS.section - 8);
  return { type: 'section', text: { type: 'mrkdwn', text: `\`\`\`\n${inside}\n\`\`\``, verbatim: true } };
}

function link(run: Run): Block {
  const { identity } = run;
  const label = `${identity.repository} · ${identity.workflow} · ${identity.sha.slice(0, 12)} · ${identity.actor}`;
  const url = runUrl(identity);
  // Inside <...|...> a bar or an angle bracket would end the link early.
  const target = /^https?:\/\/[^\s<>|]+$/.test(url) ? `<${escaped(url)}|Open the run>` : 'No link to the run';
  return {
    type: 'context',
    elements: [{ type: 'mrkdwn', text: `${target} · ${fitted(oneLine(label, 300), 500)}`, verbatim: true }],
  };
}
