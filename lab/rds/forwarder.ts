import { connect, createServer, type Socket } from 'node:net';

type Place = { readonly host: string; readonly port: number };

export type Forwarder = Place & {
  /** Ends every connection that runs through it. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
};

/** A TCP door that leads to wherever `target` says at the moment of the knock; without a target the caller is cut off. */
export const startForwarder = (place: Place, target: () => Place | undefined): Promise<Forwarder> =>
  new Promise((resolve, reject) => {
    const open = new Set<Socket>();
    const track = (socket: Socket): Socket => {
      open.add(socket);
      return socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
    };
    const cut = (): void => {
      for (const socket of open) socket.destroy();
    };
    const server = createServer((caller) => {
      track(caller);
      const there = target();
      if (there === undefined) {
        caller.destroy();
        return;
      }
      const onward = track(connect(there.port, there.host));
      caller.pipe(onward).pipe(caller);
      caller.on('close', () => onward.destroy());
      onward.on('close', () => caller.destroy());
    });
    server.once('error', reject);
    server.listen(place.port, place.host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : place.port;
      const stop = (): Promise<void> =>
        new Promise((done) => {
          server.close(() => done());
          cut();
        });
      resolve({ host: place.host, port, cut, stop });
    });
  });
