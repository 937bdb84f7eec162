import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { upwards } from './installed.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** `KEY=value`, optionally exported; the value in quotes (then over several lines), or up to a comment. */
const ENTRY =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=[ \t]*?|:[ \t]+?)[ \t]*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\r\n]*)?/gm;

/** Reads the text of a `.env` file by the rules of the npm package dotenv. */
export function parseEnvFile(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [, name, raw] of text.replaceAll('\r\n', '\n').matchAll(ENTRY)) {
    if (name !== undefined) values[name] = envValue((raw ?? '').trim());
  }
  return values;
}

function envValue(raw: string): string {
  const quote = raw[0];
  const isQuoted = raw.length > 1 && (quote === '"' || quote === "'" || quote === '`') && raw.endsWith(quote);
  if (!isQuoted) return raw;
  const inside = raw.slice(1, -1);
  return quote === '"' ? inside.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : inside;
}

/**
 * What Prisma 5, and 6 without a config file, see after loading `.env` files: the one beside the nearest
 * package.json, then the first of those beside `--schema`, in `prisma/` and in the working directory.
 * A variable that is already set stays. `${NAME}` in a value is replaced.
 */
export function withEnvFiles(
  directory: string,
  schema: string | undefined,
  environment: Variables,
): Variables {
  return envFiles(directory, schema).reduce((seen, path) => loaded(path, seen), environment);
}

/** Variables with one value in both files: Prisma refuses to run then ("There is a conflict between env vars"). */
export function conflictsOfEnvFiles(
  directory: string,
  schema: string | undefined,
  environment: Variables,
): readonly string[] {
  const [first, second] = envFiles(directory, schema);
  if (first === undefined || second === undefined) return [];
  const before = loaded(first, environment);
  const after = parseEnvFile(readFileSync(second, 'utf8'));
  return Object.keys(after).filter((name) => environment[name] === undefined && before[name] === after[name]);
}

function envFiles(directory: string, schema: string | undefined): readonly string[] {
  const root = packageEnvFile(directory);
  const second = [
    ...(schema === undefined ? [] : [resolve(directory, dirname(schema), '.env')]),
    join(directory, 'prisma/.env'),
    join(directory, '.env'),
  ].find((path) => existsSync(path));
  return [...new Set([root, second])].filter((path) => path !== undefined);
}

function packageEnvFile(directory: string): string | undefined {
  const folder = [...upwards(directory)].find((each) => existsSync(join(each, 'package.json')));
  const path = folder === undefined ? undefined : join(folder, '.env');
  return path !== undefined && existsSync(path) ? path : undefined;
}

function loaded(path: string, environment: Variables): Variables {
  const file = parseEnvFile(readFileSync(path, 'utf8'));
  const before: Variables = { ...file, ...defined(environment) };
  const expanded = Object.keys(file).map((name) => [name, expand(before[name] ?? '', before)] as const);
  return { ...environment, ...Object.fromEntries(expanded) };
}

const expand = (value: string, from: Variables): string =>
  value.replace(/(\\?)\$\{(\w+)\}/g, (whole, escaped: string, name: string) =>
    escaped === '' ? (from[name] ?? '') : whole.slice(1),
  );

const defined = (environment: Variables): Variables =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));

/** What `import 'dotenv/config'` in a config file adds: `.env` of the working directory, nothing overridden. */
export function withDotenv(directory: string, environment: Variables): Variables {
  const path = join(directory, '.env');
  return existsSync(path)
    ? { ...parseEnvFile(readFileSync(path, 'utf8')), ...defined(environment) }
    : environment;
}
