import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { AnalysedFile } from '../../src/domain/syntax.ts';
import type { Claim } from './compare.ts';
import type { Project } from './corpus.ts';

/**
 * What squawk says of the same files. squawk's findings carry no lock and no work, so its rules are read: these speak of
 * an index build, a scan or a rewrite under a lock that stops writers. https://squawkhq.com/docs/rules
 */
export const SPEAKS_OF: Readonly<Record<string, string>> = {
  'require-concurrent-index-creation': 'index build under SHARE',
  'require-concurrent-reindex': 'index build under SHARE',
  'disallowed-unique-constraint': 'index build under ACCESS EXCLUSIVE',
  'adding-serial-primary-key-field': 'rewrite and index build under ACCESS EXCLUSIVE',
  'adding-foreign-key-constraint': 'scan under SHARE ROW EXCLUSIVE',
  'constraint-missing-not-valid': 'scan under SHARE ROW EXCLUSIVE or ACCESS EXCLUSIVE',
  'adding-not-nullable-field': 'scan under ACCESS EXCLUSIVE',
  'adding-field-with-default': 'rewrite under ACCESS EXCLUSIVE',
  'changing-column-type': 'rewrite under ACCESS EXCLUSIVE',
};

/**
 * Rules that mean something else (the statement fails, or takes a short lock) at statements which may do long work as
 * well. Read kindly they count where the server agrees and are forgiven where it does not; read strictly they say nothing.
 */
export const IN_DOUBT: Readonly<Record<string, string>> = {
  'adding-required-field':
    'a required column without a default fails on rows; the server begins a scan first',
  'ban-alter-domain-with-add-constraint':
    'advises against it; the server scans the tables that use the domain',
};

export interface SquawkRun {
  readonly version: string;
  /** Claims of each file. */
  readonly claims: ReadonlyMap<AnalysedFile, readonly Claim[]>;
  /** Files with any finding at all, at squawk's defaults. */
  readonly flagged: number;
  /** Files of which squawk said that they are no SQL. */
  readonly unread: number;
}

interface Finding {
  readonly file: string;
  /** 0-based. */
  readonly line: number;
  readonly rule_name: string;
}

const asksFor = new Set(Object.keys(SPEAKS_OF));
const mayMean = new Set(Object.keys(IN_DOUBT));

const script = (): string => {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('squawk-cli/package.json')), 'js/bin/squawk');
};

function squawk(args: readonly string[], cwd: string): string {
  const { stdout, stderr, status, error } = spawnSync(process.execPath, [script(), ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  // 1 is "something was found".
  if (error !== undefined || status === null || status > 1 || (status === 1 && stdout === ''))
    throw new Error(`squawk does not run here: ${error?.message ?? stderr}`);
  return stdout;
}

const claimOf = ({ rule_name, line }: Finding): readonly Claim[] => {
  if (asksFor.has(rule_name)) return [{ line: line + 1, inDoubt: false }];
  return mayMean.has(rule_name) ? [{ line: line + 1, inDoubt: true }] : [];
};

/**
 * Runs squawk over every file of the projects, with the settings its manual has for such a project: the version of the
 * server, and whether the migration tool wraps each file in a transaction. Throws when squawk cannot run on this machine.
 */
export function runSquawk(
  root: string,
  projects: readonly Project[],
  { serverMajor, wrapped }: { readonly serverMajor: number; readonly wrapped: boolean },
): SquawkRun {
  const settings = ['--reporter', 'json', '--pg-version', String(serverMajor)];
  const mode = wrapped ? ['--assume-in-transaction'] : [];
  const claims = new Map<AnalysedFile, readonly Claim[]>();
  let flagged = 0;
  let unread = 0;
  for (const { name, files } of projects) {
    const output = squawk([...settings, ...mode, ...files.map(({ path }) => path)], join(root, name));
    const byFile = Map.groupBy(JSON.parse(output) as readonly Finding[], ({ file }) => file);
    for (const file of files) {
      const found = byFile.get(file.path) ?? [];
      claims.set(file, found.flatMap(claimOf));
      if (found.length > 0) flagged += 1;
      if (found.some(({ rule_name }) => rule_name === 'syntax-error')) unread += 1;
    }
  }
  return { version: squawk(['--version'], root).trim(), claims, flagged, unread };
}
