export interface MigratorOptions {
  /** Absolute path of the Prisma project. */
  readonly workingDirectory: string;
  /** Absolute; paths of migrations are told relative to it. */
  readonly repositoryRoot: string;
  /** The inputs `schema` and `prisma-config` as given; passed on to the CLI. */
  readonly schema?: string | undefined;
  readonly prismaConfig?: string | undefined;
  /** The environment of our own process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The Node that runs the CLI. */
  readonly nodePath: string;
  /** Takes the secrets out of a text. */
  readonly scrub: (text: string) => string;
  /** Name of the run, put into the environment of Prisma's processes, so that a later process can find them. */
  readonly mark?: string;
}
