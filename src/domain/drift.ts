/** What `prisma migrate diff` said about the database against schema.prisma. */
export type Drift =
  /** Exit code 0. */
  | { readonly state: 'none' }
  /** Exit code 2. `changes` would bring the database to the schema: Prisma's own lines, scrubbed, 40 at most. */
  | { readonly state: 'drifted'; readonly changes: readonly string[] }
  /** Exit code 1, a signal, or no end in time. `message` is one scrubbed line. */
  | { readonly state: 'unknown'; readonly message: string };
