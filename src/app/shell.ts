/** The outermost layer: signals, last-resort handlers, the exit code. Nothing that fails shows a stack. */

export interface Shell {
  /** Fires on the first SIGINT or SIGTERM. */
  readonly cancelled: AbortSignal;
}

const oneLine = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 500);
};

/** Runs `work` once, turns signals into an abort, and ends the process with the code it returns. */
export async function runShell(
  work: (shell: Shell) => Promise<number>,
  scrub: (text: string) => string,
): Promise<void> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  const fail = (error: unknown): void => {
    process.stdout.write(
      `::error::Guarded Migrate stopped unexpectedly: ${scrub(oneLine(error))}. The state of the database is unknown to this step; look at the step's log above, then at the database, before you deploy again.\n`,
    );
    process.exitCode = 1;
  };
  process.on('uncaughtException', (error) => {
    fail(error);
    process.exit(1);
  });
  try {
    process.exitCode = await work({ cancelled: controller.signal });
  } catch (error) {
    fail(error);
  }
  // Sockets kept alive by a client library must not hold the step open.
  process.exit();
}
