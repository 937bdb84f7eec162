import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../src/ports/clock.ts';

/** What the endpoint does with one request. */
export type Reply =
  | { readonly xml: string }
  | { readonly code: string; readonly message?: string; readonly status?: number; readonly date?: string }
  | { readonly html: string; readonly status: number }
  | 'reset';

export interface ScriptedAws extends AsyncDisposable {
  readonly url: string;
  /** Form fields of every request, in order. */
  readonly requests: readonly Readonly<Record<string, string>>[];
}

const answer = (response: ServerResponse, status: number, body: string, type = 'text/xml', date?: string) => {
  if (date !== undefined) response.setHeader('date', date);
  response.writeHead(status, { 'content-type': type }).end(body);
};

/** An AWS Query endpoint that gives the listed replies in turn, and the last one from then on. */
export async function scriptedAws(replies: readonly Reply[]): Promise<ScriptedAws> {
  const requests: Record<string, string>[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      requests.push(Object.fromEntries(new URLSearchParams(body)));
      const reply = replies[Math.min(requests.length, replies.length) - 1] ?? 'reset';
      if (reply === 'reset') request.socket.destroy();
      else if ('xml' in reply) answer(response, 200, reply.xml);
      else if ('html' in reply) answer(response, reply.status, reply.html, 'text/html');
      else {
        const { code, message = 'no', status = 400, date } = reply;
        const fault = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
        answer(response, status, fault, 'text/xml', date);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const result = (action: string, inner: string): Reply => ({
  xml: `<${action}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><${action}Result>${inner}</${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`,
});

/** Time that passes only by sleeping; jitter always at its longest. */
export function virtualClock(start = Date.UTC(2026, 10, 21)): Clock & { readonly slept: readonly number[] } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => 1,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}

/** The SDK reads its endpoint and credentials from the process environment only. */
export function pointAt(url: string): Disposable {
  const wanted: Readonly<Record<string, string | undefined>> = {
    AWS_ENDPOINT_URL_RDS: url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_REGION: 'eu-west-1',
  };
  const before = Object.keys(wanted).map((name) => [name, process.env[name]] as const);
  const set = (entries: readonly (readonly [string, string | undefined])[]) => {
    for (const [name, value] of entries) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  set(Object.entries(wanted));
  return { [Symbol.dispose]: () => set(before) };
}
