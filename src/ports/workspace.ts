/** Files of the repository that may run Prisma: package scripts, workflows, Dockerfiles, shell scripts. */
export interface WorkspaceFile {
  /** Relative to the repository root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Workspace {
  /** Bounded in number and size; unreadable files are left out. */
  deployFiles(): Promise<readonly WorkspaceFile[]>;
  /** Names of the migration folders whose `down.sql` holds more than blanks and comments. */
  downScripts(migrationsPath: string): Promise<ReadonlySet<string>>;
  /** Migrations that this change adds against its base branch (`git diff`); undefined when nobody can tell. */
  added(migrationsPath: string): Promise<ReadonlySet<string> | undefined>;
  /** Writes a report (SARIF, plan) and returns its absolute path; throws `report-unwritable`. */
  write(path: string, text: string): Promise<string>;
  /** Bytes free for us in a folder; undefined when it is not there or may not be written to. Writes nothing. */
  room(folder: string): Promise<number | undefined>;
}
