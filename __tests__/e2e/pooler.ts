/** A pooler in small: forwards everything, but strips startup parameters or refuses them, as PgBouncer does. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface Pooler extends AsyncDisposable {
  readonly port: number;
}

const PROTOCOL_3 = 196_608;
const SSL_REQUEST = 80_877_103;

/** `drop` takes `options` out of the startup message (ignore_startup_parameters), `refuse` answers it with 08P01. */
export async function startPooler(target: number, manner: 'drop' | 'refuse'): Promise<Pooler> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    return socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    greet(client, manner, (startup) => {
      const upstream = keep(connect(target, '127.0.0.1'));
      upstream.write(startup);
      client.pipe(upstream).pipe(client);
      client.on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Reads the startup message; TLS is answered with N, as a pooler without a certificate does. */
function greet(client: Socket, manner: 'drop' | 'refuse', forward: (startup: Buffer) => void): void {
  const onReadable = (chunk: Buffer): void => {
    const code = chunk.readInt32BE(4);
    if (code === SSL_REQUEST) {
      client.write('N');
      return;
    }
    client.off('data', onReadable);
    client.pause();
    const words = code === PROTOCOL_3 ? parameters(chunk) : new Map<string, string>();
    if (manner === 'refuse' && words.has('options')) refuse(client);
    else if (words.delete('options')) forward(startupMessage(words));
    else forward(chunk);
  };
  client.on('data', onReadable);
}

function parameters(message: Buffer): Map<string, string> {
  const words = message
    .subarray(8, message.readInt32BE(0) - 2)
    .toString('utf8')
    .split('\0');
  const found = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) found.set(words[at] ?? '', words[at + 1] ?? '');
  return found;
}

function startupMessage(words: ReadonlyMap<string, string>): Buffer {
  const text = [...words].map(([name, value]) => `${name}\0${value}\0`).join('');
  const body = Buffer.from(`${text}\0`, 'utf8');
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(PROTOCOL_3, 4);
  return Buffer.concat([head, body]);
}

function refuse(client: Socket): void {
  const fields = 'SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0';
  const head = Buffer.alloc(5);
  head.write('E', 0);
  head.writeInt32BE(fields.length + 4, 1);
  client.end(Buffer.concat([head, Buffer.from(fields)]));
}
