export interface CommandEnd {
  readonly exitCode: number;
  /** The last lines it printed, scrubbed. */
  readonly tail: string;
}

export interface Commands {
  /** Runs a user's script in `bash -e` (or `sh -e`) in the working directory, streaming its output to the log. */
  run(script: string, environment: Readonly<Record<string, string>>): Promise<CommandEnd>;
}
