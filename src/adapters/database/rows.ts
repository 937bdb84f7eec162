import type { ConnectionUrl } from '../../domain/connection-url.ts';

/** One row as the server sent it: text or null. */
export type Row = Readonly<Record<string, string | null>>;

export interface Asked {
  /** For messages: what the guard wanted to know. */
  readonly purpose: string;
  /** Milliseconds until the connection counts as lost; longer than the server's own limit. */
  readonly patienceMs?: number;
}

/** Longer than the statement limit of the guard's own sessions. */
export const PATIENCE_MS = 25_000;
/** A goodbye is not waited for longer. */
export const CLOSE_MS = 2_000;

const CONNECT_SECONDS = 10;

/** `connect_timeout` of the URL where it is longer than ours, in milliseconds. */
export function connectMs({ parameters }: Pick<ConnectionUrl, 'parameters'>): number {
  const asked = Number(parameters.connect_timeout ?? 0);
  return Math.max(CONNECT_SECONDS, asked) * 1000;
}
