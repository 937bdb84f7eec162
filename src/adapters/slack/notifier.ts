import { IncomingWebhook, type IncomingWebhookSendArguments } from '@slack/webhook';
import { GuardError, problem } from '../../domain/problem.ts';
import { createScrubber } from '../../domain/scrub.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Notifier } from '../../ports/notifier.ts';

export interface SlackOptions {
  readonly url: Secret;
  /** Per attempt. Default 10 seconds. */
  readonly timeoutMs?: number;
  /** Pause before the second and last attempt; only 5xx and broken connections get one. Default 1 second. */
  readonly pauseMs?: number;
}

/** Slack by an incoming webhook. The URL is a credential, so it never gets into a problem. */
export function createSlack({ url, timeoutMs = 10_000, pauseMs = 1_000 }: SlackOptions): Notifier {
  return {
    async send(message) {
      try {
        const webhook = new IncomingWebhook(url.reveal(), {
          timeout: timeoutMs,
          retryConfig: { retries: 1, minTimeout: pauseMs, maxTimeout: pauseMs },
        });
        // Blocks are built by the renderer and checked by Slack; the port does not repeat Slack's types.
        const { text, blocks } = message;
        await webhook.send({ text, blocks } as unknown as IncomingWebhookSendArguments);
      } catch (error) {
        throw new GuardError(failed(error as WebhookError, hiding(url), timeoutMs));
      }
    },
  };
}

/** Errors of `@slack/webhook`: an HTTP answer with its body, or the error of the connection. */
interface WebhookError {
  readonly statusCode?: number;
  readonly body?: string;
  readonly original?: { readonly name?: string; readonly cause?: { readonly code?: string } };
}

function failed(
  { statusCode, body, original }: WebhookError,
  hide: (text: string) => string,
  timeoutMs: number,
) {
  if (statusCode !== undefined) {
    // Slack answers with one word (`no_service`, `invalid_blocks`); a proxy may answer with a page that quotes us.
    const answer = hide(body ?? '')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 100);
    const detail = answer === '' ? `HTTP ${statusCode}` : `HTTP ${statusCode} ${answer}`;
    return problem('notification-failed', detail, { status: statusCode, answer });
  }
  if (original?.name === 'TimeoutError')
    return problem('notification-failed', `no answer within ${timeoutMs / 1000} s`);
  const code = original?.cause?.code;
  return problem('notification-failed', code === undefined ? 'no connection' : `no connection (${code})`);
}

/** The path alone is as good as the URL to whoever reads it. */
function hiding(url: Secret): (text: string) => string {
  const scrubber = createScrubber();
  scrubber.add(url.reveal());
  scrubber.add(URL.parse(url.reveal())?.pathname ?? '');
  return scrubber.scrub;
}
