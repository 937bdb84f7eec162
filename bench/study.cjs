/**
 * Reads every migration.sql below a folder and finds its hazards: `node study.cjs <folder of bundles> <folder of projects>`.
 * Each folder of the second is a project with its migrations in order, all of them pending.
 */
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const [bundles = '', root = ''] = process.argv.slice(2);

/** @param {string} path */
const foldersIn = (path) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

/** @param {string} path */
const scriptIn = (path) => {
  try {
    return readFileSync(join(path, 'migration.sql'));
  } catch {
    return undefined;
  }
};

async function study() {
  const analyser = require(join(bundles, 'sql.cjs')).createAnalyser();
  // As in a run, where the grammar is compiled while the answer of the database is awaited.
  await new Promise(setImmediate);
  const { findHazards } = require(join(bundles, 'hazards.cjs'));
  const told = { files: 0, unread: 0, hazards: 0 };
  for (const project of foldersIn(root)) {
    const files = [];
    for (const name of foldersIn(join(root, project))) {
      const script = scriptIn(join(root, project, name));
      if (script !== undefined) files.push(await analyser.analyse(name, `${name}/migration.sql`, script));
    }
    const hazards = findHazards({
      files,
      splitsStatements: false,
      statementTimeoutMs: 30_000,
      lockTimeoutMs: 5000,
      allowDataLoss: [],
    });
    told.files += files.length;
    told.unread += files.filter(({ syntaxError }) => syntaxError !== undefined).length;
    told.hazards += hazards.length;
  }
  console.log(JSON.stringify(told));
}

study();
