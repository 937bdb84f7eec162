import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Every name of the lab ends with it; `.internal` is never delegated in the public DNS. */
export const DOMAIN = 'rds.lab.internal';

/** The part that AWS makes per account and Region; one for the whole lab. */
const ACCOUNT = 'c0labc0lab';

/** `<identifier>.c0labc0lab.<region>.rds.lab.internal`; with `*` the name for a certificate of all of them. */
export const instanceName = (id: string, region: string): string => `${id}.${ACCOUNT}.${region}.${DOMAIN}`;

/** `<cluster>.cluster-c0labc0lab.<region>.rds.lab.internal`, the writer; `cluster-ro-` stands for its readers. */
export const clusterName = (id: string, region: string, role: 'writer' | 'reader' = 'writer'): string =>
  `${id}.cluster-${role === 'reader' ? 'ro-' : ''}${ACCOUNT}.${region}.${DOMAIN}`;

/** `<proxy>.proxy-c0labc0lab.<region>.rds.lab.internal`. */
export const proxyName = (name: string, region: string): string =>
  `${name}.proxy-${ACCOUNT}.${region}.${DOMAIN}`;

export const PRELOAD = fileURLToPath(new URL('./preload.cjs', import.meta.url));

/** The lab's name server: a JSON file, name to address, that processes with the preload read at every lookup. */
export type Hosts = {
  readonly file: string;
  /** NODE_OPTIONS and LAB_HOSTS for a child process that is to see the names. */
  readonly environment: Readonly<Record<string, string>>;
  /** Replaces all names at once: a reader sees the old file or the new one, never half of it. */
  readonly publish: (names: ReadonlyMap<string, string>) => void;
  readonly remove: () => void;
};

export const startHosts = (): Hosts => {
  const dir = mkdtempSync(join(tmpdir(), 'gm-hosts-'));
  const file = join(dir, 'hosts.json');
  const publish = (names: ReadonlyMap<string, string>): void => {
    const draft = `${file}.new`;
    writeFileSync(draft, `${JSON.stringify(Object.fromEntries(names), undefined, 2)}\n`);
    renameSync(draft, file);
  };
  publish(new Map());
  return {
    file,
    // Quoted as NODE_OPTIONS wants it: double quotes, and a backslash before what is special inside them.
    environment: { NODE_OPTIONS: `--require=${JSON.stringify(PRELOAD)}`, LAB_HOSTS: file },
    publish,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
};
