/** The files through which a step speaks to the runner: GITHUB_OUTPUT, GITHUB_STATE, GITHUB_ENV, GITHUB_PATH, GITHUB_STEP_SUMMARY. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Longest summary of one step that GitHub shows. */
const SUMMARY_LIMIT = 1024 * 1024;

const names = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'] as const;

export interface FileCommands {
  readonly environment: Readonly<Record<string, string>>;
  /** Reads what the step wrote; throws on a file the runner would refuse. */
  read(): StepFiles;
}

export interface StepFiles {
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly path: readonly string[];
  /** Markdown; empty when it was over the limit, as GitHub shows it. */
  readonly summary: string;
  readonly problems: readonly string[];
}

export function createFileCommands(tempDir: string, step: string): FileCommands {
  const folder = join(tempDir, '_runner_file_commands');
  mkdirSync(folder, { recursive: true });
  const environment = Object.fromEntries(
    names.map((name) => [name, join(folder, `${name.slice(7).toLowerCase()}_${step}`)]),
  );
  for (const path of Object.values(environment)) writeFileSync(path, '');
  const text = (name: (typeof names)[number]): string => readFileSync(environment[name] ?? '', 'utf8');
  return {
    environment,
    read: () => {
      const summary = text('GITHUB_STEP_SUMMARY');
      const tooLong = Buffer.byteLength(summary) > SUMMARY_LIMIT;
      return {
        outputs: parsePairs(text('GITHUB_OUTPUT')),
        state: parsePairs(text('GITHUB_STATE')),
        env: parsePairs(text('GITHUB_ENV')),
        path: text('GITHUB_PATH')
          .split(/\r?\n/)
          .filter((line) => line !== ''),
        summary: tooLong ? '' : summary,
        problems: tooLong
          ? ['$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k.']
          : [],
      };
    },
  };
}

/** `name=value` lines and `name<<delimiter` blocks. Throws where the runner reports an invalid format. */
export function parsePairs(text: string): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [, name, kind, rest] = /^([^=<]+?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === undefined || (kind === '<<' && rest === '')) throw new Error(`Invalid format '${line}'`);
    if (kind === '=') {
      pairs[name] = rest ?? '';
      continue;
    }
    const end = lines.indexOf(rest ?? '', at + 1);
    if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${rest}'`);
    pairs[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return pairs;
}
