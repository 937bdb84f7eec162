import type { Drift } from '../domain/drift.ts';
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

export type EngineProbe =
  | { readonly found: true; readonly version: string }
  /** `message` is one scrubbed line. */
  | { readonly found: false; readonly message: string };

/** What Prisma can be asked without changing anything. Bounded in time; never rejects. */
export interface MigratorChecks {
  /** The database against schema.prisma; says something only when nothing is pending. */
  drift(project: ProjectFacts, environment: UrlEnvironment): Promise<Drift>;
  /** Whether the schema engine is there and starts. Prisma downloads a missing one, as a deploy would. */
  engine(project: ProjectFacts, environment: UrlEnvironment): Promise<EngineProbe>;
}

export interface Migrator extends MigratorChecks {
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
  /**
   * A process group that another process of this run started; ended at once when it is not one of Prisma's (any
   * more). Without a pid it is looked for by the mark that every process of this run's Prisma carries (Linux only).
   */
  adopt(pid: number | undefined): MigratorProcess;
  /** `prisma migrate resolve --rolled-back`. */
  markRolledBack(project: ProjectFacts, environment: UrlEnvironment, migration: string): Promise<MigratorEnd>;
}
