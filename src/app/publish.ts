import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Run } from '../domain/run.ts';
import type { Host } from '../ports/host.ts';
import { annotations } from '../report/annotations.ts';
import { closing } from '../report/log.ts';
import { outputs } from '../report/outputs.ts';
import { report } from '../report/record.ts';
import { summary } from '../report/summary.ts';

/** Tells the finished run everywhere it is looked for; each place by itself, so that one failing loses no other. */
export async function publish(
  host: Host,
  run: Run,
  folder: string,
  scrub: (text: string) => string,
  more: { readonly planPath?: string | undefined; readonly docsBase?: string | undefined } = {},
): Promise<void> {
  const reportPath = writeReport(host, run, folder, scrub);
  for (const line of closing(run)) host.log(line);
  for (const annotation of annotations(run)) host.annotate(annotation);
  host.outputs(outputs(run, reportPath, more.planPath));
  await host.summary(summary(run, { docsBase: more.docsBase }));
}

function writeReport(
  host: Host,
  run: Run,
  folder: string,
  scrub: (text: string) => string,
): string | undefined {
  const file = path.join(folder, 'report.json');
  try {
    writeFileSync(file, `${scrub(JSON.stringify(report(run), null, 2))}\n`, { mode: 0o600 });
    return file;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    host.annotate({
      level: 'warning',
      title: 'The JSON report could not be written',
      message: `${cause}. The outcome of the migration is not affected; outputs and summary tell the same.`,
    });
    return undefined;
  }
}
