import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { MigrationOnDisk } from '../../domain/facts.ts';

export interface MigrationsQuestion {
  /** Absolute path of the migrations folder. */
  readonly folder: string;
  readonly repositoryRoot: string;
  /** From 6.6 on the CLI reads the files itself, as text, and sorts by locale; before, the engine did, by bytes. */
  readonly readByCli: boolean;
}

export interface MigrationsFound {
  readonly migrations: readonly MigrationOnDisk[];
  readonly unreadable: readonly string[];
  readonly lockProvider: string | undefined;
}

/** Reads the folder as Prisma would; a folder that is missing or unreadable is empty, as it is for Prisma. */
export function readMigrations(question: MigrationsQuestion): MigrationsFound {
  const migrations: MigrationOnDisk[] = [];
  const unreadable: string[] = [];
  for (const name of folderNames(question)) {
    const bytes = readScript(join(question.folder, name, 'migration.sql'), question.readByCli);
    if (bytes === undefined) unreadable.push(name);
    else migrations.push(onDisk(question, name, bytes));
  }
  return { migrations, unreadable, lockProvider: lockProvider(join(question.folder, 'migration_lock.toml')) };
}

/** Links to folders do not count: Prisma skips them too. */
function folderNames({ folder, readByCli }: MigrationsQuestion): readonly string[] {
  const names = entriesOf(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
  // The very order of `localeCompare`, several times faster.
  return names.sort(readByCli ? new Intl.Collator().compare : byBytes);
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function readScript(path: string, readByCli: boolean): Buffer | undefined {
  try {
    const bytes = readFileSync(path);
    // Before 6.6 the engine refuses a file that is not UTF-8.
    return readByCli || isUtf8(bytes) ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function onDisk(
  { folder, repositoryRoot }: MigrationsQuestion,
  name: string,
  bytes: Buffer,
): MigrationOnDisk {
  const path = relative(repositoryRoot, join(folder, name, 'migration.sql'));
  return {
    name,
    path: sep === '/' ? path : path.replaceAll(sep, '/'),
    checksums: checksums(bytes),
    bytes: bytes.byteLength,
  };
}

/** Of the text as it is, with LF and with CRLF; Prisma compares all three (schema-connector, checksum.rs). */
export function checksums(bytes: Buffer): readonly string[] {
  const text = isUtf8(bytes) ? bytes : Buffer.from(bytes.toString('utf8'));
  // Latin-1 keeps every byte apart, so this works on bytes without decoding them.
  const latin = text.toString('latin1');
  const hasCarriage = latin.includes('\r\n');
  const lf = hasCarriage ? latin.replaceAll('\r\n', '\n') : latin;
  const variants = [text, ...(hasCarriage ? [bytesOf(lf)] : []), bytesOf(lf.replaceAll('\n', '\r\n'))];
  return [...new Set(variants.map((each) => createHash('sha256').update(each).digest('hex')))];
}

const bytesOf = (latin: string): Buffer => Buffer.from(latin, 'latin1');

/** As the engine reads it, line by line: anything but `provider = "x"`, with these spaces, is a wrong provider. */
function lockProvider(path: string): string | undefined {
  try {
    const line = readFileSync(path, 'utf8')
      .split(/\r?\n/)
      .find((each) => each.startsWith('provider'));
    return line?.replace(/^(?:provider = )+/, '').replace(/^"+|"+$/g, '');
  } catch {
    return undefined;
  }
}
