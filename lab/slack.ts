/** A strict receiver for Slack's incoming webhooks. Limits: https://docs.slack.dev/reference/block-kit/blocks */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SlackFault = 'status-500' | 'reset' | 'hang' | 'invalid-payload';

export interface SlackMessage {
  /** When it arrived. */
  readonly at: Date;
  readonly body: SlackBody;
}

export interface SlackBody {
  readonly text?: string;
  readonly blocks?: readonly Readonly<Record<string, unknown>>[];
  readonly [field: string]: unknown;
}

export interface Slack extends AsyncDisposable {
  /** The webhook URL; its last part is the secret. */
  readonly url: string;
  /** Accepted messages in order. */
  readonly messages: readonly SlackMessage[];
  /** What was refused, and why. */
  readonly refusals: readonly string[];
  /** Number of requests, also refused and failed ones. */
  readonly requests: number;
  /** Makes the next requests fail; all of them until `recover` without `times`. */
  fail(mode: SlackFault, times?: number): void;
  recover(): void;
  stop(): Promise<void>;
}

const PATH = '/services/T0LAB0000/B0LAB0000/lab-webhook-secret';

/** Listens on a free port of 127.0.0.1. */
export async function startSlack(): Promise<Slack> {
  const messages: SlackMessage[] = [];
  const refusals: string[] = [];
  let requests = 0;
  let fault: { readonly mode: SlackFault; left: number } | undefined;
  const server = createServer((request, response) => {
    requests += 1;
    const mode = fault !== undefined && fault.left > 0 ? fault.mode : undefined;
    if (fault !== undefined) fault.left -= 1;
    void (mode === undefined ? receive(request, response) : misbehave(mode, request, response));
  });
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const verdict = judge(request, await textOf(request));
    if (typeof verdict === 'string') {
      refusals.push(verdict);
      answer(response, verdict === 'no_service' ? 404 : 400, verdict.split(':')[0] ?? '');
      return;
    }
    messages.push({ at: new Date(), body: verdict });
    answer(response, 200, 'ok');
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${port}${PATH}`,
    messages,
    refusals,
    get requests() {
      return requests;
    },
    fail: (mode, times = Number.POSITIVE_INFINITY) => {
      fault = { mode, left: times };
    },
    recover: () => {
      fault = undefined;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function misbehave(
  mode: SlackFault,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (mode === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  await textOf(request);
  if (mode === 'status-500') answer(response, 500, 'server_error');
  if (mode === 'invalid-payload') answer(response, 400, 'invalid_payload');
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html' }).end(text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

/** The message, or Slack's error word followed by our reason. */
function judge(request: IncomingMessage, text: string): SlackBody | string {
  if (request.url !== PATH) return 'no_service';
  if (request.method !== 'POST') return `invalid_payload: ${request.method} instead of POST`;
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    return `invalid_payload: content type ${request.headers['content-type']}`;
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'invalid_payload: not JSON';
  }
  if (typeof body !== 'object' || body === null) return 'invalid_payload: not an object';
  const message = body as SlackBody;
  return contentProblem(message) ?? message;
}

function contentProblem(body: SlackBody): string | undefined {
  // Without the fallback text a notification on a phone is empty, so this receiver insists on it.
  if (typeof body.text !== 'string' || body.text === '') return 'no_text: no fallback text';
  if (body.text.length > 40_000) return 'msg_too_long: text over 40000 characters';
  if (body.blocks === undefined) return undefined;
  if (!Array.isArray(body.blocks)) return 'invalid_blocks: not a list';
  if (body.blocks.length > 50) return `invalid_blocks: ${body.blocks.length} blocks, at most 50`;
  return body.blocks.map(blockProblem).find((problem) => problem !== undefined);
}

const LIMITS: Readonly<Record<string, number>> = { header: 150, section: 3000 };

function blockProblem(block: Readonly<Record<string, unknown>>): string | undefined {
  const type = String(block.type);
  if (typeof block.type !== 'string') return 'invalid_blocks: a block without type';
  const texts = [block.text, ...listOf(block.fields), ...listOf(block.elements)].flatMap(textOfObject);
  if (type === 'header' || type === 'section') {
    if (texts.length === 0) return `invalid_blocks: ${type} without text`;
  }
  if (listOf(block.fields).length > 10) return 'invalid_blocks: more than 10 fields';
  if (
    listOf(block.fields)
      .flatMap(textOfObject)
      .some((field) => field.length > 2000)
  ) {
    return 'invalid_blocks: a field over 2000 characters';
  }
  if (type === 'context' && listOf(block.elements).length > 10)
    return 'invalid_blocks: more than 10 elements';
  const limit = LIMITS[type] ?? 3000;
  const long = texts.find((text) => text.length > limit);
  if (long !== undefined)
    return `invalid_blocks: ${type} text of ${long.length} characters, at most ${limit}`;
  return texts.includes('') ? `invalid_blocks: empty text in ${type}` : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text objects `{ type, text }`, also inside a button. */
function textOfObject(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || !('text' in value)) return [];
  return typeof value.text === 'string' ? [value.text] : textOfObject(value.text);
}
