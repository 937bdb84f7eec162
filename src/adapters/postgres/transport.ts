import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ConnectionOptions, rootCertificates } from 'node:tls';
import type { ConnectionUrl } from '../../domain/connection-url.ts';
import { GuardError, problem } from '../../domain/problem.ts';

/** How one connection attempt speaks to the server. */
export interface Transport {
  readonly tls: ConnectionOptions | undefined;
  /** The next attempt is made only when the server says that it has no TLS at all. */
  readonly plainIfNone: boolean;
}

const PLAIN: Transport = { tls: undefined, plainIfNone: false };

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
 * Prisma's TLS parameters as Node's: `sslmode` disable, prefer (the default, also for unknown words) or require;
 * `sslaccept` accept_invalid_certs (the default) or strict (also for unknown words); `sslcert` is a CA certificate,
 * `sslidentity` with `sslpassword` a PKCS#12 client identity, both relative to the schema's folder. `verify-ca` and
 * `verify-full` are not known to Prisma, who would fall back to prefer; the guard takes them at their word.
 */
export function transportOf(url: ConnectionUrl, baseDirectory: string): Transport {
  const { sslmode, sslaccept, sslcert, sslidentity, sslpassword } = url.parameters;
  if (sslmode === 'disable' || url.host.startsWith('/')) return PLAIN;
  const verified = sslmode === 'verify-ca' || sslmode === 'verify-full';
  const strict = verified || (sslaccept !== undefined && sslaccept !== 'accept_invalid_certs');
  return {
    plainIfNone: sslmode !== 'require' && !verified,
    tls: {
      rejectUnauthorized: strict,
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
