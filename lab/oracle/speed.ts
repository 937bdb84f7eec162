/** Time to read and judge a folder of migrations after Node's start, WebAssembly included: `node lab/oracle/speed.ts <folder>`. */
const began = performance.now();
const { projectsIn } = await import('./corpus.ts');
const { findHazards } = await import('../../src/hazards/index.ts');

const root = process.argv[2] ?? process.env.ORACLE_CORPUS;
if (root === undefined) throw new Error('Say where the migrations are: node lab/oracle/speed.ts <folder>');
const loaded = performance.now();
const projects = await projectsIn(root);
const read = performance.now();
const found = projects.flatMap(({ files }) =>
  findHazards({
    files,
    splitsStatements: false,
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 5000,
    allowDataLoss: [],
  }),
);
const judged = performance.now();
const files = projects.flatMap((each) => each.files).length;
const ms = (from: number, to: number): string => `${(to - from).toFixed(0)} ms`;
console.log(
  `${files} files, ${found.length} hazards: modules ${ms(began, loaded)}, read and parse ${ms(loaded, read)}, rules ${ms(read, judged)}`,
);

export {};
