import type { TextFile } from './repository-text.ts';

export interface PackageScript {
  /** Of the package.json, relative to the repository root. */
  readonly path: string;
  readonly name: string;
  readonly command: string;
  /** 1-based. */
  readonly line: number;
}

/** Scripts that npm or a hosting platform runs by itself, or that by their name are a deploy. */
const CALLED_BY_PLATFORMS =
  /^(?:(?:pre|post)?(?:install|start|build|deploy|release)|prepare|heroku-(?:pre|post)build|vercel-build|now-build|railway:.*|(?:start|deploy|release|build)[:-](?:prod|production|staging|live))$/;

/** The scripts of a package.json with their lines; none when it cannot be read. */
export function packageScripts({ path, text }: TextFile): readonly PackageScript[] {
  const scripts = scriptsOf(text);
  const start = text.search(/"scripts"\s*:/);
  return Object.entries(scripts).flatMap(([name, command]) => {
    if (typeof command !== 'string') return [];
    const at = text.indexOf(`${JSON.stringify(name)}`, start + 1);
    const line = text.slice(0, Math.max(0, at)).split('\n').length;
    return [{ path, name, command, line }];
  });
}

function scriptsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const manifest = JSON.parse(text) as { readonly scripts?: unknown } | null;
    const scripts = manifest?.scripts;
    return typeof scripts === 'object' && scripts !== null ? (scripts as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const RUNNER =
  /(?:^|[\s;&|(])(?:npm|pnpm|yarn|bun|bunx|npx|turbo|nx|lerna|npm-run-all|run-s|run-p)\b([^\n;&|]*)/g;

/** What `texts` and the platforms call, and what those scripts call in turn, with their pre and post scripts. */
export function calledScripts(
  scripts: readonly PackageScript[],
  texts: readonly string[],
): readonly PackageScript[] {
  const called = new Set<PackageScript>();
  const waiting = [
    ...scripts.map(({ name }) => name).filter((name) => CALLED_BY_PLATFORMS.test(name)),
    ...texts.flatMap(namesIn),
  ];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const script of scripts) {
      if (script.name !== name || called.has(script)) continue;
      called.add(script);
      waiting.push(`pre${name}`, `post${name}`, ...namesIn(script.command));
    }
  }
  return scripts.filter((script) => called.has(script));
}

/** Every word after a package runner may be a script: flags and workspace names between are many. */
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(RUNNER)].flatMap(([, rest = '']) =>
    rest.split(/[\s"'`,]+/).filter((word) => /^[\w:.@/-]+$/.test(word)),
  );
