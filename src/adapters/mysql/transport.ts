import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { ConnectionUrl } from '../../domain/connection-url.ts';
import { GuardError, problem } from '../../domain/problem.ts';

/** TLS in the words of the driver, whose types know no bytes for `pfx`. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
  readonly ca?: string[];
  readonly pfx?: Buffer;
  readonly passphrase?: string;
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

function fileOf(baseDirectory: string, path: string, parameter: string): Buffer {
  try {
    return readFileSync(resolve(baseDirectory, path));
  } catch {
    throw new GuardError(
      problem('database-tls', `the file in the parameter ${parameter} cannot be read`, { path }),
    );
  }
}

/**
 * Prisma's parameters for MySQL (`quaint`, `connector/mysql/url.rs`): `sslcert` is a CA certificate, `sslidentity` with
 * `sslpassword` a PKCS#12 client identity, both relative to the schema's folder; `sslaccept` accept_invalid_certs (the
 * default) or strict (also for unknown words); `socket` may stand in parentheses. Any of the TLS parameters demands
 * TLS. With none of them Prisma speaks plain TCP; the guard tries TLS without verification first, which RDS may insist on
 * (`require_secure_transport`).
 */
export function transportOf(url: ConnectionUrl, baseDirectory: string): Transport {
  const { socket, sslaccept, sslcert, sslidentity, sslpassword } = url.parameters;
  if (socket !== undefined) return { ...PLAIN, socket: socket.replace(/[()]/g, '') };
  const strict = sslaccept !== undefined && sslaccept !== 'accept_invalid_certs';
  return {
    socket: undefined,
    plainIfNone: sslaccept === undefined && sslcert === undefined && sslidentity === undefined,
    tls: {
      rejectUnauthorized: strict,
      verifyIdentity: strict,
      ...(sslcert === undefined
        ? {}
        : { ca: [...rootCertificates, fileOf(baseDirectory, sslcert, 'sslcert').toString('utf8')] }),
      ...(sslidentity === undefined
        ? {}
        : { pfx: fileOf(baseDirectory, sslidentity, 'sslidentity'), passphrase: sslpassword ?? '' }),
    },
  };
}

export const withoutTls = (): Transport => PLAIN;
