import type { ConnectionOptions } from 'node:tls';
import type { ConnectionUrl } from '../../domain/connection-url.ts';
import { asksWhoAnswers, certificatesOf } from '../database/certificates.ts';

/** How one connection attempt speaks to the server. */
export interface Transport {
  readonly tls: ConnectionOptions | undefined;
  /** The next attempt is made only when the server says that it has no TLS at all. */
  readonly plainIfNone: boolean;
}

const PLAIN: Transport = { tls: undefined, plainIfNone: false };

/**
 * Prisma's TLS parameters as Node's: `sslmode` disable, prefer (the default, also for unknown words) or require.
 * `verify-ca` and `verify-full` are not known to Prisma, who would fall back to prefer; the guard takes them at their
 * word.
 */
export function transportOf(url: ConnectionUrl, baseDirectory: string): Transport {
  const { sslmode } = url.parameters;
  if (sslmode === 'disable' || url.host.startsWith('/')) return PLAIN;
  const verified = sslmode === 'verify-ca' || sslmode === 'verify-full';
  return {
    plainIfNone: sslmode !== 'require' && !verified,
    tls: { rejectUnauthorized: verified || asksWhoAnswers(url), ...certificatesOf(url, baseDirectory) },
  };
}

export const withoutTls = (): Transport => PLAIN;
