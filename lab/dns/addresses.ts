import { createServer } from 'node:net';

const free = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });

const LAST = 250;

/** Loopback addresses besides 127.0.0.1, so that several servers can have the same port, as on AWS. */
export type Addresses = {
  /** The next address, never given before, where the port is free. */
  readonly take: (port: number) => Promise<string>;
};

export const startAddresses = (): Addresses => {
  let given = 1;
  return {
    take: async (port) => {
      while (given < LAST) {
        given += 1;
        const host = `127.0.0.${given}`;
        if (await free(host, port)) return host;
      }
      throw new Error(`No loopback address of the lab has port ${port} free.`);
    },
  };
};
