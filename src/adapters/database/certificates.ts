import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { ConnectionUrl } from '../../domain/connection-url.ts';
import { GuardError, problem } from '../../domain/problem.ts';

/** In the words of Node's TLS, which both drivers pass on. */
export interface Certificates {
  /** Those of Node, and that of the URL. */
  readonly ca?: string[];
  readonly pfx?: Buffer;
  readonly passphrase?: string;
}

/**
 * What the parameters of a URL name, for PostgreSQL and MySQL alike: `sslcert` is a CA certificate, `sslidentity` with
 * `sslpassword` a PKCS#12 client identity, both relative to the folder of the schema. Throws `database-tls`.
 */
export function certificatesOf(
  { parameters }: Pick<ConnectionUrl, 'parameters'>,
  baseDirectory: string,
): Certificates {
  const { sslcert, sslidentity, sslpassword } = parameters;
  const fileOf = (path: string, parameter: string): Buffer => {
    try {
      return readFileSync(resolve(baseDirectory, path));
    } catch {
      const detail = `the file in the parameter ${parameter} cannot be read`;
      throw new GuardError(problem('database-tls', detail, { path }));
    }
  };
  return {
    ...(sslcert === undefined
      ? {}
      : { ca: [...rootCertificates, fileOf(sslcert, 'sslcert').toString('utf8')] }),
    ...(sslidentity === undefined
      ? {}
      : { pfx: fileOf(sslidentity, 'sslidentity'), passphrase: sslpassword ?? '' }),
  };
}

/** `sslaccept` accept_invalid_certs is the default; strict, and any unknown word, asks who answers. */
export const asksWhoAnswers = ({ parameters }: Pick<ConnectionUrl, 'parameters'>): boolean =>
  parameters.sslaccept !== undefined && parameters.sslaccept !== 'accept_invalid_certs';
