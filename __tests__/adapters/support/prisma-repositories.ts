/** Repositories on disk with a Prisma project in them, and a migrator that looks at them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMigrator } from '../../../src/adapters/prisma/migrator.ts';
import type { MigratorOptions } from '../../../src/adapters/prisma/options.ts';
import type { ProjectFacts } from '../../../src/domain/facts.ts';
import type { Migrator } from '../../../src/ports/migrator.ts';

export const modules: string = realpathSync(
  fileURLToPath(new URL('../../../node_modules/', import.meta.url)),
);
const packages: Readonly<Record<number, string>> = { 5: 'prisma5', 6: 'prisma6', 7: 'prisma' };

export type Files = Readonly<Record<string, string>>;

export class Repositories {
  readonly base: string = realpathSync(mkdtempSync(join(tmpdir(), 'prisma-project-')));
  #count = 0;

  /** A repository with a project in it; `version` 0 installs nothing. */
  create(version: number, files: Files): string {
    this.#count += 1;
    const root = join(this.base, String(this.#count));
    for (const [path, text] of Object.entries({ 'package.json': '{"name":"x"}', ...files })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const target = packages[version];
    if (target !== undefined) {
      mkdirSync(join(root, 'node_modules'), { recursive: true });
      symlinkSync(join(modules, target), join(root, 'node_modules/prisma'), 'dir');
    }
    return root;
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

export const migratorIn = (root: string, more: Partial<MigratorOptions> = {}): Migrator =>
  createMigrator({
    workingDirectory: root,
    repositoryRoot: root,
    environment: { PATH: process.env.PATH },
    nodePath: process.execPath,
    scrub: (text) => text,
    ...more,
  });

export const inspect = (root: string, more: Partial<MigratorOptions> = {}): Promise<ProjectFacts> =>
  migratorIn(root, more).project();

export const schema = (url = 'url = env("DATABASE_URL")', provider = 'postgresql'): string =>
  `datasource db {\n  provider = "${provider}"\n  ${url}\n}\n`;
/** As Prisma 7 wants it. */
export const bare: string = schema('');
export const sql = 'CREATE TABLE a ();\n';
export const config = (body: string): string =>
  `import { defineConfig, env } from 'prisma/config';\nexport default defineConfig({ ${body} });\n`;
export const url = "datasource: { url: env('DATABASE_URL') }";
