import type { ConnectionUrl } from '../../domain/connection-url.ts';
import { asksWhoAnswers, type Certificates, certificatesOf } from '../database/certificates.ts';

/** TLS in the words of the driver, whose types know no bytes for `pfx`. */
interface TlsOptions extends Certificates {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
}

/** How one connection attempt speaks to the server. */
export interface Transport {
  readonly tls: TlsOptions | undefined;
  /** The next attempt is made without TLS when this one finds none, or none that works. */
  readonly plainIfNone: boolean;
  /** Path of a Unix socket, instead of host and port. */
  readonly socket: string | undefined;
}

const PLAIN: Transport = { tls: undefined, plainIfNone: false, socket: undefined };

/**
 * Prisma's parameters for MySQL (`quaint`, `connector/mysql/url.rs`): `socket` may stand in parentheses, and any of the TLS
 * parameters demands TLS. With none of them Prisma speaks plain TCP; the guard tries TLS without verification first, which
 * RDS may insist on (`require_secure_transport`).
 */
export function transportOf(url: ConnectionUrl, baseDirectory: string): Transport {
  const { socket, sslaccept, sslcert, sslidentity } = url.parameters;
  if (socket !== undefined) return { ...PLAIN, socket: socket.replace(/[()]/g, '') };
  const strict = asksWhoAnswers(url);
  return {
    socket: undefined,
    plainIfNone: sslaccept === undefined && sslcert === undefined && sslidentity === undefined,
    tls: { rejectUnauthorized: strict, verifyIdentity: strict, ...certificatesOf(url, baseDirectory) },
  };
}

export const withoutTls = (): Transport => PLAIN;
