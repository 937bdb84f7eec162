import type { Finding } from './finding.ts';
import { calledScripts, type PackageScript, packageScripts } from './package-scripts.ts';
import { kindOf, readable, type TextFile } from './repository-text.ts';

/** A Prisma command that is meant for a developer's database and changes or empties the one it is pointed at. */
export interface DevCommand {
  readonly command: 'prisma migrate dev' | 'prisma migrate reset' | 'prisma db push';
  /** Relative to the repository root. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** Name of the package script it stands in. */
  readonly script: string | undefined;
}

const FLAGS = String.raw`(?:[ \t]+--?[\w-]*(?:=[^\s;&|]+|[ \t]+(?!(?:migrate|db|dev|reset|push)\b)[^\s;&|-][^\s;&|]*)?){0,5}`;
const PRISMA = String.raw`(?:^|(?<=[\s;&|(=$\x60]))(?:[^\s;&|(=]*\/)?prisma7?(?:@[^\s;&|]+)?(?:\/build\/index\.js)?`;
const COMMAND = new RegExp(
  `${PRISMA}${FLAGS}[ \\t]+(?:migrate${FLAGS}[ \\t]+(dev|reset)|db${FLAGS}[ \\t]+(push))(?![\\w-])`,
  'gm',
);
/** Words before it on the same line that only talk about it. */
const TALK =
  /(?:^|[;&|]\s*|\s-\s+|run:\s*)(?:echo|printf)\s[^;&|]*$|^\s*(?:-\s+)?(?:name|description|title|if)\s*:/i;

/**
 * Commands that something outside a developer's machine runs: workflows (but not jobs with a database of their
 * own), Dockerfiles, the shell scripts they start, and the package scripts they or the hosting platform call.
 */
export function findDevCommands(files: readonly TextFile[]): readonly DevCommand[] {
  const scripts = files.flatMap((file) => (kindOf(file.path) === 'package' ? packageScripts(file) : []));
  const roots = files.flatMap((file) => {
    const kind = kindOf(file.path);
    return kind === 'workflow' || kind === 'dockerfile'
      ? [{ path: file.path, text: readable(file, kind) }]
      : [];
  });
  const shell = startedShells(files, roots, scripts);
  const called = calledScripts(
    scripts,
    [...roots, ...shell].map(({ text }) => text),
  );
  return [
    ...[...roots, ...shell].flatMap(({ path, text }) =>
      commandsIn(text).map((found) => ({ ...found, path, script: undefined })),
    ),
    ...called.flatMap(({ path, line, name, command }) =>
      commandsIn(readable({ path, text: command }, 'shell')).map((found) => ({
        ...found,
        path,
        line,
        script: name,
      })),
    ),
  ];
}

/** Shell scripts count when something that counts names them. */
function startedShells(
  files: readonly TextFile[],
  roots: readonly TextFile[],
  scripts: readonly PackageScript[],
): readonly TextFile[] {
  const texts = [
    ...roots.map(({ text }) => text),
    ...calledScripts(
      scripts,
      roots.map(({ text }) => text),
    ).map(({ command }) => command),
  ];
  const shells = files.filter(({ path }) => kindOf(path) === 'shell');
  const started = shells.filter(({ path }) => {
    const name = path.split('/').at(-1) ?? path;
    return texts.some((text) => text.includes(name));
  });
  return started.map((file) => ({ path: file.path, text: readable(file, 'shell') }));
}

type Found = Pick<DevCommand, 'command' | 'line'>;

function commandsIn(text: string): readonly Found[] {
  return [...text.matchAll(COMMAND)].flatMap((match) => {
    const before = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
    if (TALK.test(before)) return [];
    const verb = match[1] ?? match[2];
    const command: DevCommand['command'] =
      verb === 'push' ? 'prisma db push' : verb === 'dev' ? 'prisma migrate dev' : 'prisma migrate reset';
    return [{ command, line: lineAt(text, match.index + match[0].search(/\S/)) }];
  });
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** One notice per place. */
export const devCommandNotices = (files: readonly TextFile[]): readonly Finding<'dev-command'>[] =>
  findDevCommands(files).map(({ command, path, line, script }) => ({
    code: 'dev-command',
    level: 'warning',
    fields: { command, path, line: String(line), ...(script === undefined ? {} : { script }) },
  }));
