import { appendFileSync, statSync } from 'node:fs';
import { error, notice, saveState, setOutput, setSecret, warning } from '@actions/core';
import type { Annotation } from '../../domain/message.ts';
import { secretForms } from '../../domain/scrub.ts';
import type { Host } from '../../ports/host.ts';
import { neutralLines } from './neutral.ts';

export interface HostOptions {
  /** Applied to every text before it leaves. */
  readonly scrub: (text: string) => string;
}

/** What the runner takes as the summary of one step (GitHub docs, "Adding a job summary"). */
const SUMMARY_BYTES = 1024 * 1024;
const ANNOTATE = { error, warning, notice } as const;

/** GitHub Actions by its toolkit; outside of it (no GITHUB_ACTIONS) the same as plain lines on stdout. */
export function createHost({ scrub }: HostOptions): Host {
  // A secret is met many times, and each mask is a line of the log.
  const masked = new Set<string>();
  const host: Host = {
    log(line) {
      for (const each of neutralLines(scrub(line))) process.stdout.write(`${each}\n`);
    },
    annotate(annotation) {
      if (inActions()) annotateInActions(annotation, scrub);
      else host.log(`${annotation.level}: ${annotation.title}: ${annotation.message}`);
    },
    mask(value) {
      // Anywhere else the command would print the very secret.
      if (!inActions()) return;
      for (const form of secretForms(value)) {
        if (masked.has(form)) continue;
        masked.add(form);
        setSecret(form);
      }
    },
    outputs(values) {
      const entries = Object.entries(values);
      const file = Boolean(process.env.GITHUB_OUTPUT);
      let written = file;
      if (file) {
        attempt('the outputs; their values are in the log below', () => {
          written = false;
          for (const [name, value] of entries) setOutput(name, scrub(value));
          written = true;
        });
      }
      // Later steps get nothing then, but a person still finds every fact.
      if (!written) for (const [name, value] of entries) host.log(`${name}=${value}`);
    },
    async summary(markdown) {
      const path = process.env.GITHUB_STEP_SUMMARY;
      if (path) attempt('the job summary', () => appendSummary(path, scrub(markdown)));
    },
    saveState(name, value) {
      if (process.env.GITHUB_STATE) attempt('the state for the post step', () => saveState(name, value));
    },
  };
  /** A full disk or a missing file is worth a warning; it must not change how the run ends. */
  const attempt = (what: string, write: () => void): void => {
    try {
      write();
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      host.annotate({
        level: 'warning',
        title: 'Not written',
        message: `Could not write ${what}: ${message}`,
      });
    }
  };
  return host;
}

const inActions = (): boolean => process.env.GITHUB_ACTIONS === 'true';

function annotateInActions(annotation: Annotation, scrub: (text: string) => string): void {
  ANNOTATE[annotation.level](scrub(annotation.message), {
    title: scrub(annotation.title),
    ...(annotation.file === undefined ? {} : { file: annotation.file }),
    ...(annotation.line === undefined ? {} : { startLine: annotation.line }),
  });
}

/** The runner drops the whole summary of a step that is too long, so the end of it is given up instead. */
function appendSummary(path: string, markdown: string): void {
  const room = SUMMARY_BYTES - (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  const bytes = Buffer.from(`${markdown}\n`, 'utf8');
  if (bytes.length <= room) {
    appendFileSync(path, bytes);
    return;
  }
  const note = '\n\n(cut: a job summary holds 1 MiB)\n';
  const cut = bytes.subarray(0, Math.max(0, room - note.length)).toString('utf8');
  const whole = cut.slice(0, Math.max(0, cut.lastIndexOf('\n')));
  if (whole !== '') appendFileSync(path, whole + note);
}
