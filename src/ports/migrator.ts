import type { MigratorEnd } from '../domain/event.ts';
import type { ProjectFacts } from '../domain/facts.ts';

/** Variables that replace those of our own process for Prisma; values are secrets. */
export type UrlEnvironment = Readonly<Record<string, string>>;

export interface MigratorProcess {
  readonly pid: number;
  /** Settles when the CLI has ended; never rejects. */
  readonly ended: Promise<MigratorEnd>;
  /** Ends the whole process group, CLI and engine; resolves when it is gone. */
  kill(graceMs: number): Promise<void>;
}

export interface Migrator {
  /**
   * Reads the project from disk; starts a process only for a config file that must be run to be understood.
   * Throws project and prisma problems, all that can be known together.
   */
  project(): Promise<ProjectFacts>;
  /** The text of one migration, as Prisma would read it. */
  script(project: ProjectFacts, migration: string): Promise<Uint8Array>;
  /** The URL Prisma itself would connect with in that environment; undefined when it cannot be known. */
  effectiveUrl(project: ProjectFacts, environment: UrlEnvironment): Promise<string | undefined>;
  /** `prisma migrate deploy` in its own process group. */
  deploy(project: ProjectFacts, environment: UrlEnvironment, onLine: (line: string) => void): MigratorProcess;
  /** A process group that another process of ours started; ended at once when it is not one of Prisma's (any more). */
  adopt(pid: number): MigratorProcess;
  /** `prisma migrate resolve --rolled-back`. */
  markRolledBack(project: ProjectFacts, environment: UrlEnvironment, migration: string): Promise<MigratorEnd>;
}
