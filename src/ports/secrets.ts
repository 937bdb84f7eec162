import type { Dialect } from '../domain/dialect.ts';

export interface ConnectionSecret {
  /** By the `engine` that the secret names; undefined when it names none that can be guarded. */
  readonly dialect: Dialect | undefined;
  readonly username: string;
  readonly password: string;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
}

export interface Secrets {
  /** Reads connection details from Secrets Manager; throws `secret-unreadable` or an AWS problem. */
  connection(arn: string): Promise<ConnectionSecret>;
}
