"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// src/adapters/prisma/migrator.ts
var migrator_exports = {};
__export(migrator_exports, {
  createMigrator: () => createMigrator
});
module.exports = __toCommonJS(migrator_exports);
var import_promises3 = require("node:fs/promises");
var import_node_path7 = require("node:path");

// src/domain/problem.ts
var problem = (code, detail, fields = {}) => ({
  code,
  detail,
  fields: Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => value === void 0 ? [] : [[name, String(value)]])
  )
});
var GuardError = class extends Error {
  name = "GuardError";
  problems;
  constructor(problems, options) {
    const list2 = Array.isArray(problems) ? problems : [problems];
    super(list2.map((each) => each.detail).join("; "), options);
    this.problems = list2;
  }
};
function problemsOf(error) {
  if (error instanceof Error && error.name === "GuardError") return error.problems;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [problem("unexpected", detail.split("\n")[0] ?? detail)];
}

// src/adapters/prisma/adopted.ts
var import_promises2 = require("node:timers/promises");

// src/adapters/prisma/group-members.ts
var import_node_child_process = require("node:child_process");
var import_node_fs = require("node:fs");
function membersOf(group) {
  return process.platform === "linux" ? fromProc(group) : fromPs(group);
}
function fromProc(group) {
  return (0, import_node_fs.readdirSync)("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    const stat = readProc(pid, "stat");
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(processGroup) !== group) return [];
    return [
      {
        isDead: state === "Z" || state === "X",
        command: readProc(pid, "cmdline").replaceAll("\0", " ").trim()
      }
    ];
  });
}
function readProc(pid, file) {
  try {
    return (0, import_node_fs.readFileSync)(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
function fromPs(group) {
  try {
    const table = (0, import_node_child_process.execFileSync)("ps", ["-A", "-o", "pgid=,stat=,command="], {
      encoding: "utf8",
      timeout: 5e3
    });
    return table.split("\n").flatMap((line) => {
      const [, processGroup, state = "", command = ""] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      return Number(processGroup) === group ? [{ isDead: state.startsWith("Z"), command }] : [];
    });
  } catch {
    return [];
  }
}

// src/adapters/prisma/group-signals.ts
var import_promises = require("node:timers/promises");
var POLL_MS = 50;
var AFTER_KILL_MS = 5e3;
function groupIsAlive(leader) {
  if (process.platform === "win32") return leader.isAlive();
  if (!sent(leader.pid, 0)) return false;
  return leader.isAlive() || process.platform !== "linux" || membersOf(leader.pid).some((each) => !each.isDead);
}
async function endGroup(leader, graceMs) {
  for (const [signal, patienceMs] of [
    ["SIGTERM", graceMs],
    ["SIGKILL", AFTER_KILL_MS]
  ]) {
    if (!groupIsAlive(leader)) return;
    if (process.platform === "win32") leader.kill(signal);
    else sent(leader.pid, signal);
    const until = performance.now() + patienceMs;
    while (groupIsAlive(leader) && performance.now() < until) await (0, import_promises.setTimeout)(POLL_MS);
  }
}
function sent(group, signal) {
  if (!Number.isSafeInteger(group) || group <= 1) return false;
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

// src/adapters/prisma/adopted.ts
var PRISMA = /(?:^| )migrate (?:deploy|resolve)(?: |$)|(?:^|[ /\\])schema-engine[^ /\\]*(?: |$)/;
var UNSEEN = { exitCode: null, signal: null, output: "" };
var POLL_MS2 = 200;
function adoptGroup(pid) {
  const isPrisma = Number.isSafeInteger(pid) && pid > 1 && process.platform !== "win32" && membersOf(pid).some((each) => !each.isDead && PRISMA.test(each.command));
  if (!isPrisma) return { pid, ended: Promise.resolve(UNSEEN), kill: () => Promise.resolve() };
  const leader = { pid, isAlive: () => false, kill: () => false };
  return { pid, ended: gone(leader), kill: (graceMs) => endGroup(leader, graceMs) };
}
async function gone(leader) {
  while (groupIsAlive(leader)) await (0, import_promises2.setTimeout)(POLL_MS2, void 0, { ref: false });
  return UNSEEN;
}

// src/adapters/prisma/drift.ts
var MAX_LINES = 40;
var CHATTER = /^(?:Loaded Prisma config|Prisma (?:schema loaded|config detected)|Environment variables loaded|warn |$)/;
function driftOf(end) {
  const lines = end.output.split("\n").filter((line) => !CHATTER.test(line.trim()));
  if (end.exitCode === 0) return { state: "none" };
  if (end.exitCode === 2) return { state: "drifted", changes: lines.slice(0, MAX_LINES) };
  if (end.late) return { state: "unknown", message: "prisma migrate diff did not end in time" };
  const at = lines.findIndex((line) => /^Error:/.test(line));
  const said = lines.slice(Math.max(0, at), at + 3).join(" ").replace(/^Error:\s*/, "").trim();
  const how = end.signal === null ? `exit code ${end.exitCode}` : end.signal;
  return { state: "unknown", message: said.slice(0, 400) || how };
}

// src/adapters/prisma/environment.ts
var REMOVED = /* @__PURE__ */ new Set(["DEBUG", "FORCE_COLOR"]);
var prismaEnvironment = (own, urls) => ({
  ...Object.fromEntries(
    Object.entries(own).filter(
      ([name, value]) => value !== void 0 && !name.startsWith("INPUT_") && !REMOVED.has(name)
    )
  ),
  ...urls,
  NO_COLOR: "1",
  CHECKPOINT_DISABLE: "1",
  PRISMA_HIDE_UPDATE_MESSAGE: "1"
});
var lockEnvironment = (dialect) => dialect === "mysql" ? { PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK: "0" } : {};

// src/adapters/prisma/process-group.ts
var import_node_child_process2 = require("node:child_process");

// src/domain/prisma-output.ts
var ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
var withoutColours = (text) => text.replace(ANSI, "");

// src/adapters/prisma/process-group.ts
var KEPT_LINES = 200;
var LONGEST_LINE = 1 << 20;
var LAST_WORDS_MS = 1e3;
function startGroup(order) {
  const child = (0, import_node_child_process2.spawn)(order.command, order.args, {
    cwd: order.directory,
    detached: true,
    stdio: order.answer === true ? ["ignore", "pipe", "pipe", "pipe"] : ["ignore", "pipe", "pipe"],
    env: { ...order.environment }
  });
  const kept = [];
  const take = (line) => {
    const clean = order.scrub(withoutColours(line));
    kept.push(clean);
    if (kept.length > KEPT_LINES) kept.shift();
    order.onLine(clean);
  };
  const flush = [child.stdout, child.stderr].map((stream) => readLines(stream, take));
  const third = child.stdio[3];
  const answer = readAll(third);
  const ended = endOf(child).then((end) => {
    for (const each of flush) each();
    third?.destroy();
    if (end.error !== void 0) take(`the process could not be started: ${end.error}`);
    return { exitCode: end.exitCode, signal: end.signal, output: kept.join("\n") };
  });
  const leader = {
    pid: child.pid ?? 0,
    isAlive: () => child.pid !== void 0 && child.exitCode === null && child.signalCode === null,
    kill: (signal) => child.kill(signal)
  };
  return { pid: leader.pid, ended, answer, kill: (graceMs) => endGroup(leader, graceMs) };
}
function endOf(child) {
  return new Promise((resolve6) => {
    child.once("error", (error) => {
      if (child.pid === void 0) resolve6({ exitCode: null, signal: null, error: error.message });
    });
    child.once("exit", (exitCode, signal) => {
      const end = { exitCode, signal };
      const timer = setTimeout(() => resolve6(end), LAST_WORDS_MS);
      child.once("close", () => {
        clearTimeout(timer);
        resolve6(end);
      });
    });
  });
}
function readLines(stream, onLine) {
  let rest = "";
  stream?.setEncoding("utf8").on("data", (chunk) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    if (rest.length > LONGEST_LINE) {
      onLine(rest);
      rest = "";
    }
  });
  return () => {
    if (rest !== "") onLine(rest);
    rest = "";
    stream?.destroy();
  };
}
async function readAll(stream) {
  if (stream === null || stream === void 0) return "";
  const chunks = [];
  return new Promise((resolve6) => {
    const done = () => resolve6(chunks.join(""));
    stream.setEncoding("utf8").on("data", (chunk) => chunks.push(chunk));
    stream.once("end", done).once("error", done).once("close", done);
  });
}

// src/adapters/prisma/checks.ts
var LIMIT_MS = 9e4;
var GRACE_MS = 2e3;
function prismaChecks(options, limitMs = LIMIT_MS) {
  const run = async (project, urls, args) => {
    const config = options.prismaConfig === void 0 ? [] : [`--config=${options.prismaConfig}`];
    const group = startGroup({
      command: options.nodePath,
      args: [project.cli, ...args, ...config],
      directory: project.directory,
      environment: prismaEnvironment(options.environment, urls),
      scrub: options.scrub,
      onLine: () => void 0
    });
    return bounded(group, limitMs);
  };
  return {
    drift: async (project, urls) => driftOf(await run(project, urls, diffArguments(project))),
    engine: async (project, urls) => engineOf(await run(project, urls, ["-v"]))
  };
}
function diffArguments({ prismaMajor, schemaPath: schemaPath2 = "" }) {
  const sides = prismaMajor === 7 ? ["--from-config-datasource", `--to-schema=${schemaPath2}`] : [`--from-schema-datasource=${schemaPath2}`, `--to-schema-datamodel=${schemaPath2}`];
  return ["migrate", "diff", ...sides, "--exit-code"];
}
function engineOf(end) {
  const line = /^(?:Schema|Migration) Engine\s*:\s*(.+)$/im.exec(end.output)?.[1];
  if (line !== void 0 && !line.startsWith("E_"))
    return { found: true, version: line.replace(/\s*\(at .*$/, "") };
  if (end.late) return { found: false, message: `no answer within ${LIMIT_MS / 1e3} s` };
  const said = end.output.split("\n").find((each) => /^Error:/.test(each)) ?? line ?? end.output.split("\n").at(-1);
  return {
    found: false,
    message: (said ?? "").replace(/^Error:\s*/, "").slice(0, 400) || `exit code ${end.exitCode}`
  };
}
async function bounded(group, limitMs) {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void group.kill(GRACE_MS);
  }, limitMs);
  try {
    return { ...await group.ended, late };
  } finally {
    clearTimeout(timer);
  }
}

// src/adapters/prisma/config-evaluate.ts
var TIMEOUT_MS = 3e4;
var ANSWER_PIPE = 3;
var CHILD = `
const { createRequire } = require('node:module');
const { writeSync } = require('node:fs');
const [cli, configFile, configRoot] = process.argv.slice(1);
const say = (answer) => {
  let rest = Buffer.from(JSON.stringify(answer));
  while (rest.length > 0) rest = rest.subarray(writeSync(${ANSWER_PIPE}, rest));
  process.exit(0);
};
const library = () => {
  const near = createRequire(cli);
  try { return near('@prisma/config'); }
  catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return createRequire(near.resolve('prisma/package.json'))('@prisma/config');
  }
};
const failed = (error) => {
  const text = String(error?.message ?? error?._tag ?? error);
  say({ missing: /Cannot resolve environment variable: ([^\\s]+?)\\.(?:\\s|$)/.exec(text)?.[1], message: text });
};
(async () => {
  const { config, error } = await library().loadConfigFromFile({ configFile, configRoot });
  if (error) return failed(error.error ?? error);
  const { schema, migrations, datasource, engine } = config;
  const path = typeof schema === 'object' && schema !== null ? (schema.filePath ?? schema.folderPath) : schema;
  say({ config: { schema: path, migrationsPath: migrations?.path, engine, declaresUrl: Boolean(datasource), url: datasource?.url, directUrl: datasource?.directUrl } });
})().catch(failed);
`;
async function evaluateConfig(order) {
  const { installed, file, directory } = order;
  const printed = [];
  const child = startGroup({
    command: order.nodePath,
    args: ["-e", CHILD, "--", installed.cli, file, directory],
    directory,
    environment: order.environment,
    scrub: order.scrub,
    onLine: (line2) => printed.push(line2),
    answer: true
  });
  const timer = setTimeout(() => void child.kill(0), TIMEOUT_MS);
  const end = await child.ended;
  clearTimeout(timer);
  const answer = parseAnswer(await child.answer);
  if (answer?.config !== void 0) return { kind: "config", config: answer.config };
  if (answer?.missing !== void 0) return { kind: "variable-missing", name: answer.missing };
  const said = answer?.message ?? printed.at(-1) ?? (end.exitCode === null ? "it did not end in 30 s" : "no answer");
  const [line = ""] = order.scrub(said).split("\n");
  return { kind: "broken", problem: problem("prisma-config-broken", line.slice(0, 300), { path: file }) };
}
function parseAnswer(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}

// src/adapters/prisma/env-files.ts
var import_node_fs3 = require("node:fs");
var import_node_path2 = require("node:path");

// src/adapters/prisma/installed.ts
var import_node_fs2 = require("node:fs");
var import_node_path = require("node:path");
var PACKAGES = [
  { name: "prisma", command: "prisma" },
  { name: "@prisma/prisma7", command: "prisma7" }
];
function findInstalled(directory) {
  const found = PACKAGES.flatMap(({ name, command }) => findPackage(directory, name, command) ?? []);
  for (const each of found) {
    const [major, minor] = numbers(each.version);
    if (major === 5 || major === 6 || major === 7) return { ...each, major, minor };
  }
  const [first] = found;
  return first === void 0 ? missing(directory) : unsupported(first.version);
}
function findPackage(directory, name, command) {
  for (const folder of upwards(directory)) {
    const manifest = (0, import_node_path.join)(folder, "node_modules", name, "package.json");
    if (!(0, import_node_fs2.existsSync)(manifest)) continue;
    const real = (0, import_node_fs2.realpathSync)(manifest);
    const { version, bin } = JSON.parse((0, import_node_fs2.readFileSync)(real, "utf8"));
    const script = typeof bin === "string" ? bin : bin?.[command];
    return { cli: (0, import_node_path.resolve)((0, import_node_path.dirname)(real), script ?? "build/index.js"), version: version ?? "0.0.0" };
  }
  return void 0;
}
function missing(directory) {
  const plugAndPlay = [...upwards(directory)].some((folder) => (0, import_node_fs2.existsSync)((0, import_node_path.join)(folder, ".pnp.cjs")));
  if (plugAndPlay) {
    return problem(
      "prisma-unsupported",
      'the project uses Yarn Plug’n’Play; set "nodeLinker: node-modules" in .yarnrc.yml and run yarn install',
      { path: directory }
    );
  }
  return problem(
    "prisma-not-installed",
    "no node_modules/prisma was found from the working directory upwards",
    {
      path: directory
    }
  );
}
function unsupported(version) {
  const [major] = numbers(version);
  const detail = major >= 8 ? 'from Prisma 8 on, migrations are run by "prisma db migrate" and kept in another form; keep Prisma 7 beside it as @prisma/prisma7' : "versions before 5 are not supported; update the package prisma to 5, 6 or 7";
  return problem("prisma-unsupported", detail, { version });
}
function numbers(version) {
  const [major = 0, minor = 0] = version.split(/[.+-]/).map(Number);
  return [major, minor];
}
function* upwards(directory) {
  for (let folder = directory; ; folder = (0, import_node_path.dirname)(folder)) {
    yield folder;
    if ((0, import_node_path.dirname)(folder) === folder) return;
  }
}

// src/adapters/prisma/env-files.ts
var ENTRY = /^[ \t]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=[ \t]*?|:[ \t]+?)[ \t]*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\r\n]*)?/gm;
function parseEnvFile(text) {
  const values = {};
  for (const [, name, raw] of text.replaceAll("\r\n", "\n").matchAll(ENTRY)) {
    if (name !== void 0) values[name] = envValue((raw ?? "").trim());
  }
  return values;
}
function envValue(raw) {
  const quote = raw[0];
  const isQuoted = raw.length > 1 && (quote === '"' || quote === "'" || quote === "`") && raw.endsWith(quote);
  if (!isQuoted) return raw;
  const inside = raw.slice(1, -1);
  return quote === '"' ? inside.replaceAll("\\n", "\n").replaceAll("\\r", "\r") : inside;
}
function withEnvFiles(directory, schema, environment) {
  return envFiles(directory, schema).reduce((seen, path) => loaded(path, seen), environment);
}
function conflictsOfEnvFiles(directory, schema, environment) {
  const [first, second] = envFiles(directory, schema);
  if (first === void 0 || second === void 0) return [];
  const before = loaded(first, environment);
  const after = parseEnvFile((0, import_node_fs3.readFileSync)(second, "utf8"));
  return Object.keys(after).filter((name) => environment[name] === void 0 && before[name] === after[name]);
}
function envFiles(directory, schema) {
  const root = packageEnvFile(directory);
  const second = [
    ...schema === void 0 ? [] : [(0, import_node_path2.resolve)(directory, (0, import_node_path2.dirname)(schema), ".env")],
    (0, import_node_path2.join)(directory, "prisma/.env"),
    (0, import_node_path2.join)(directory, ".env")
  ].find((path) => (0, import_node_fs3.existsSync)(path));
  return [.../* @__PURE__ */ new Set([root, second])].filter((path) => path !== void 0);
}
function packageEnvFile(directory) {
  const folder = [...upwards(directory)].find((each) => (0, import_node_fs3.existsSync)((0, import_node_path2.join)(each, "package.json")));
  const path = folder === void 0 ? void 0 : (0, import_node_path2.join)(folder, ".env");
  return path !== void 0 && (0, import_node_fs3.existsSync)(path) ? path : void 0;
}
function loaded(path, environment) {
  const file = parseEnvFile((0, import_node_fs3.readFileSync)(path, "utf8"));
  const before = { ...file, ...defined(environment) };
  const expanded = Object.keys(file).map((name) => [name, expand(before[name] ?? "", before)]);
  return { ...environment, ...Object.fromEntries(expanded) };
}
var expand = (value, from) => value.replace(
  /(\\?)\$\{(\w+)\}/g,
  (whole, escaped, name) => escaped === "" ? from[name] ?? "" : whole.slice(1)
);
var defined = (environment) => Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== void 0));
function withDotenv(directory, environment) {
  const path = (0, import_node_path2.join)(directory, ".env");
  return (0, import_node_fs3.existsSync)(path) ? { ...parseEnvFile((0, import_node_fs3.readFileSync)(path, "utf8")), ...defined(environment) } : environment;
}

// src/domain/dialect.ts
var SCHEMES = {
  postgres: "postgresql",
  postgresql: "postgresql",
  mysql: "mysql"
};
var dialectOf = (word) => SCHEMES[word.toLowerCase()];

// src/adapters/prisma/rules.ts
function setupProblems(installed, config, schema) {
  return [
    ...providerProblems(schema),
    ...engineProblems(installed, config),
    ...installed.major === 7 ? sevenProblems(config, schema) : schemaUrlProblems(config, schema)
  ];
}
var dialectOfSchema = ({ datasource }) => datasource.provider === void 0 ? void 0 : dialectOf(datasource.provider);
function providerProblems(schema) {
  const { datasource, datasourceFile: path } = schema;
  const { provider } = datasource;
  if (dialectOfSchema(schema) !== void 0) return [];
  return provider === void 0 ? [problem("prisma-config-broken", "the datasource names no provider", { path })] : [
    problem(
      "prisma-unsupported",
      `the datasource provider is ${provider}, only postgresql and mysql can be guarded`,
      { provider, path }
    )
  ];
}
var engineProblems = ({ version }, config) => config?.engine === "js" ? [
  problem(
    "prisma-unsupported",
    "the Prisma config sets engine: 'js'; only the classic engine can be guarded",
    {
      version,
      path: config.file
    }
  )
] : [];
function sevenProblems(config, { datasource, datasourceFile }) {
  const inSchema = datasource.url !== void 0 || datasource.directUrl !== void 0;
  const lacksUrl = config?.declaresUrl !== true;
  return [
    ...inSchema ? [
      problem(
        "prisma-config-broken",
        "Prisma 7 refuses a datasource with url or directUrl (P1012); move the URL to datasource.url of the Prisma config",
        { path: datasourceFile }
      )
    ] : [],
    ...lacksUrl ? [
      problem(
        "prisma-config-broken",
        config === void 0 ? "Prisma 7 needs a config file with datasource.url, and the working directory has none" : "Prisma 7 needs datasource.url in its config, and there it is not set",
        { path: config?.file }
      )
    ] : [],
    ...config?.url?.kind === "literal" ? [literalUrl("url", config.file)] : []
  ];
}
function schemaUrlProblems(config, { datasource, datasourceFile }) {
  if (config !== void 0 && overrides(config)) {
    return ["url", "directUrl"].flatMap(
      (name) => config[name]?.kind === "literal" ? [literalUrl(name, config.file)] : []
    );
  }
  const written = ["url", "directUrl"].flatMap(
    (name) => datasource[name]?.kind === "literal" ? [literalUrl(name, datasourceFile)] : []
  );
  const none = datasource.url === void 0 ? [problem("prisma-config-broken", "the datasource has no url", { path: datasourceFile })] : [];
  return [...written, ...none];
}
var literalUrl = (property, path) => problem("url-not-guarded", `the datasource property ${property} holds a URL in its text, not a variable`, {
  path,
  property
});
var overrides = (config) => config.engine === "classic";
function urlVariables({ major }, config, { datasource }, environment) {
  const fromConfig2 = config !== void 0 && (major === 7 || overrides(config));
  const names = fromConfig2 ? [
    ...configNames(major === 7 ? void 0 : config.directUrl, environment),
    ...configNames(config.url, environment)
  ] : [...schemaNames(datasource.directUrl), ...schemaNames(datasource.url)];
  return [...new Set(names)];
}
var schemaNames = (source2) => source2?.kind === "env" ? [source2.name] : [];
var configNames = (source2, environment) => {
  if (source2?.kind === "variable") return [source2.name];
  if (source2?.kind !== "computed") return [];
  return Object.keys(environment).filter((name) => environment[name] === source2.value);
};

// src/adapters/prisma/effective-url.ts
async function effectiveUrl(options, { installed, config, schema }, urls) {
  const environment = prismaEnvironment(options.environment, urls);
  if (config !== void 0 && (installed.major === 7 || overrides(config))) {
    const order = {
      ...options,
      directory: options.workingDirectory,
      installed,
      file: config.file,
      environment
    };
    const found = await configUrls(order, config);
    const candidates = installed.major === 7 ? [found.url] : [found.directUrl, found.url];
    return leastGuarded(candidates, urls);
  }
  const seen = config === void 0 ? withEnvFiles(options.workingDirectory, options.schema, environment) : environment;
  const { directUrl, url } = schema.datasource;
  return directUrl === void 0 ? sourceValue(url, seen) : sourceValue(directUrl, seen);
}
async function configUrls(order, config) {
  if (!config.plain) {
    const answer = await evaluateConfig(order);
    if (answer.kind !== "config") return { url: void 0, directUrl: void 0 };
    return { url: answer.config.url, directUrl: answer.config.directUrl };
  }
  const seen = config.dotenv ? withDotenv(order.directory, order.environment) : order.environment;
  return { url: fromConfig(config.url, seen), directUrl: fromConfig(config.directUrl, seen) };
}
var fromConfig = (source2, environment) => {
  if (source2?.kind === "variable") return environment[source2.name] || void 0;
  return source2?.value;
};
function leastGuarded(candidates, urls) {
  const known = candidates.filter((each) => each !== void 0);
  return known.find((each) => !Object.values(urls).includes(each)) ?? known[0];
}
function sourceValue(source2, environment) {
  if (source2?.kind === "env") return environment[source2.name] || void 0;
  return source2?.kind === "literal" ? source2.value : void 0;
}

// src/adapters/prisma/mark.ts
var import_node_fs4 = require("node:fs");
var VARIABLE = "GUARDED_MIGRATE_STARTED_BY";
var marked = (mark) => mark === void 0 ? {} : { [VARIABLE]: mark };
function markedGroup(mark) {
  if (mark === void 0 || process.platform !== "linux") return void 0;
  const wanted = `${VARIABLE}=${mark}`;
  for (const pid of (0, import_node_fs4.readdirSync)("/proc").filter((entry) => /^\d+$/.test(entry))) {
    if (!read(pid, "environ").split("\0").includes(wanted)) continue;
    const stat = read(pid, "stat");
    const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state !== "Z" && state !== "X" && Number(group) > 1) return Number(group);
  }
  return void 0;
}
function read(pid, file) {
  try {
    return (0, import_node_fs4.readFileSync)(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

// src/adapters/prisma/config.ts
var import_node_fs6 = require("node:fs");
var import_node_path4 = require("node:path");

// src/adapters/prisma/config-find.ts
var import_node_fs5 = require("node:fs");
var import_node_path3 = require("node:path");
var EXTENSIONS = ["js", "ts", "mjs", "cjs", "mts", "cts"];
var SIDE_BY_SIDE = ["prisma7.config", ".config/prisma7"];
var USUAL = ["prisma.config", ".config/prisma", ".config/prisma.config"];
function findConfig(installed, directory, explicit) {
  if (!readsConfig(installed)) return void 0;
  if (explicit !== void 0) return (0, import_node_path3.resolve)(directory, explicit);
  const bases = installed.major === 7 && installed.minor >= 10 ? [...SIDE_BY_SIDE, ...USUAL] : USUAL;
  return bases.flatMap((base) => EXTENSIONS.map((extension) => (0, import_node_path3.join)(directory, `${base}.${extension}`))).find((path) => isFile(path));
}
var readsConfig = ({ major, minor }) => major === 7 || major === 6 && minor >= 4;
var isFile = (path) => (0, import_node_fs5.statSync)(path, { throwIfNoEntry: false })?.isFile() ?? false;
var isFolder = (path) => (0, import_node_fs5.statSync)(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

// src/adapters/prisma/config-tokens.ts
var TOKEN = /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|'([^'\\\n]*)'|"([^"\\\n]*)"|`([^`\\$]*)`|([A-Za-z_][\w]*)|(\d[\w.]*)|([{}()[\],:;.<>=!|])/y;
function tokensOf(code) {
  const found = [];
  const text = code.charCodeAt(0) === 65279 ? code.slice(1) : code;
  const scan = new RegExp(TOKEN);
  while (scan.lastIndex < text.length) {
    const match = scan.exec(text);
    if (match === null) return void 0;
    const [, single, double, template, word, number, sign] = match;
    const string = single ?? double ?? template;
    if (string !== void 0) found.push({ kind: "string", text: string });
    else if (word !== void 0 || number !== void 0)
      found.push({ kind: "word", text: word ?? number ?? "" });
    else if (sign !== void 0) found.push({ kind: "sign", text: sign });
  }
  return found;
}

// src/adapters/prisma/config-static.ts
var HARMLESS = /* @__PURE__ */ new Set(["prisma/config", "@prisma/config", "@prisma/prisma7/config", "prisma"]);
var DOTENV = "dotenv/config";
var NOT_PLAIN = /* @__PURE__ */ Symbol("not plain");
function readPlainConfig(code) {
  const tokens2 = tokensOf(code);
  if (tokens2 === void 0) return void 0;
  try {
    return parseFile(cursor(tokens2));
  } catch (error) {
    if (error === NOT_PLAIN) return void 0;
    throw error;
  }
}
function cursor(tokens2) {
  let at = 0;
  const next = (kind) => {
    const token = tokens2[at];
    if (token?.kind !== kind) return void 0;
    at += 1;
    return token.text;
  };
  const take = (text) => {
    const token = tokens2[at];
    if (token === void 0 || token.kind === "string" || token.text !== text) return false;
    at += 1;
    return true;
  };
  return {
    take,
    expect: (...texts) => {
      for (const text of texts) if (!take(text)) throw NOT_PLAIN;
    },
    string: () => next("string"),
    word: () => next("word"),
    get done() {
      return at >= tokens2.length;
    }
  };
}
function parseFile(at) {
  const imported = /* @__PURE__ */ new Set();
  let dotenv = false;
  while (at.take("import")) dotenv = parseImport(at, imported) || dotenv;
  at.expect("export", "default");
  const wrapped = at.take("defineConfig");
  if (wrapped && !imported.has("defineConfig")) throw NOT_PLAIN;
  if (wrapped) at.expect("(");
  const value = parseValue(at, imported);
  if (wrapped) {
    at.take(",");
    at.expect(")");
  }
  if (at.take("satisfies") && at.word() === void 0) throw NOT_PLAIN;
  at.take(";");
  if (!at.done || value.kind !== "object") throw NOT_PLAIN;
  return { root: value.entries, dotenv };
}
function parseImport(at, imported) {
  const bare = at.string();
  if (bare !== void 0) {
    at.take(";");
    if (bare !== DOTENV) throw NOT_PLAIN;
    return true;
  }
  const typeOnly = at.take("type");
  at.expect("{");
  const names = [];
  while (!at.take("}")) {
    const isType = at.take("type");
    const name = at.word();
    if (name === void 0 || name === "as") throw NOT_PLAIN;
    if (!isType) names.push(name);
    if (!at.take(",")) {
      at.expect("}");
      break;
    }
  }
  at.expect("from");
  const module2 = at.string();
  at.take(";");
  if (module2 === void 0 || !typeOnly && !HARMLESS.has(module2)) throw NOT_PLAIN;
  if (!typeOnly) for (const name of names) imported.add(name);
  return false;
}
function parseValue(at, imported) {
  const text = at.string();
  if (text !== void 0) return { kind: "text", text };
  if (at.take("{")) return parseObject(at, imported);
  if (at.take("[")) return parseList(at, imported);
  const word = at.word();
  if (word === "env" && imported.has("env")) return parseEnv(at);
  if (word === "process") return parseProcessEnv(at);
  if (word === "true" || word === "false" || word === "null" || word === "undefined")
    return { kind: "other" };
  if (word !== void 0 && /^\d+$/.test(word)) return { kind: "other" };
  throw NOT_PLAIN;
}
function parseObject(at, imported) {
  const entries2 = /* @__PURE__ */ new Map();
  while (!at.take("}")) {
    const key = at.string() ?? at.word();
    if (key === void 0 || key === "__proto__" || key.includes("$") || entries2.has(key)) throw NOT_PLAIN;
    at.expect(":");
    entries2.set(key, parseValue(at, imported));
    if (!at.take(",")) {
      at.expect("}");
      break;
    }
  }
  return { kind: "object", entries: entries2 };
}
function parseList(at, imported) {
  while (!at.take("]")) {
    parseValue(at, imported);
    if (!at.take(",")) {
      at.expect("]");
      break;
    }
  }
  return { kind: "other" };
}
function parseEnv(at) {
  at.expect("(");
  const name = at.string();
  at.expect(")");
  if (name === void 0) throw NOT_PLAIN;
  return { kind: "variable", name, required: true };
}
function parseProcessEnv(at) {
  at.expect(".", "env");
  const bracket = at.take("[");
  if (!bracket) at.expect(".");
  const name = bracket ? at.string() : at.word();
  if (bracket) at.expect("]");
  if (name === void 0) throw NOT_PLAIN;
  at.take("!");
  if (at.take("as")) at.expect("string");
  return { kind: "variable", name, required: false };
}

// src/adapters/prisma/config.ts
async function readConfig(order) {
  const text = readText(order.file);
  const plain = readPlainConfig(text);
  const config = plain === void 0 ? void 0 : fromPlain(order, plain);
  return config ?? await evaluated(order, []);
}
function readText(file) {
  try {
    return (0, import_node_fs6.readFileSync)(file, "utf8");
  } catch {
    throw new GuardError(problem("prisma-config-broken", "the config file cannot be read", { path: file }));
  }
}
function fromPlain(order, { root, dotenv }) {
  const [schema, engine] = [root.get("schema"), root.get("engine")];
  const [migrations, datasource] = [entries(root.get("migrations")), entries(root.get("datasource"))];
  if (migrations === void 0 || datasource === void 0) return void 0;
  const path = migrations.get("path");
  const literals = [schema, engine, path].every((each) => each === void 0 || each.kind === "text");
  const [url, directUrl] = [datasource.get("url"), datasource.get("directUrl")];
  if (!literals || !isUrl(url) || !isUrl(directUrl)) return void 0;
  if (dotenv && !canForeseeDotenv(order)) return void 0;
  const others = [...datasource].filter(([key]) => key !== "url" && key !== "directUrl");
  checkRequired(order, dotenv, [...root.values(), ...others.map(([, value]) => value)]);
  const absolute = (value) => value?.kind === "text" && value.text !== "" ? (0, import_node_path4.resolve)((0, import_node_path4.dirname)(order.file), value.text) : void 0;
  return {
    file: order.file,
    plain: true,
    dotenv,
    schema: absolute(schema),
    migrationsPath: absolute(path),
    engine: engine?.kind === "text" ? engine.text : void 0,
    declaresUrl: urlSource(url) !== void 0,
    url: urlSource(url),
    directUrl: urlSource(directUrl)
  };
}
var entries = (value) => {
  if (value === void 0) return /* @__PURE__ */ new Map();
  return value.kind === "object" ? value.entries : void 0;
};
var isUrl = (value) => value === void 0 || value.kind === "text" || value.kind === "variable";
var urlSource = (value) => {
  if (value?.kind === "variable") return { kind: "variable", name: value.name };
  return value?.kind === "text" && value.text !== "" ? { kind: "literal", value: value.text } : void 0;
};
var canForeseeDotenv = ({ directory, environment }) => !Object.keys(environment).some((name) => name.startsWith("DOTENV_")) && [...upwards(directory)].some((folder) => isFile((0, import_node_path4.join)(folder, "node_modules/dotenv/package.json")));
function checkRequired(order, dotenv, values) {
  const environment = dotenv ? withDotenv(order.directory, order.environment) : order.environment;
  const absent = values.flatMap(
    (value) => value.kind === "variable" && value.required && !environment[value.name] ? [value.name] : []
  );
  if (absent.length > 0) throw unresolved(order.file, absent[0] ?? "");
}
var unresolved = (file, variable) => new GuardError(
  problem("prisma-config-broken", `Cannot resolve environment variable: ${variable}`, {
    path: file,
    variable
  })
);
var MOST_MISSING = 4;
async function evaluated(order, standIns) {
  const stands = Object.fromEntries(standIns.map((name) => [name, standIn(name)]));
  const answer = await evaluateConfig({
    ...order,
    environment: { ...order.environment, ...stands }
  });
  if (answer.kind === "broken") throw new GuardError(answer.problem);
  if (answer.kind === "variable-missing") {
    if (standIns.includes(answer.name) || standIns.length >= MOST_MISSING)
      throw unresolved(order.file, answer.name);
    return evaluated(order, [...standIns, answer.name]);
  }
  const { config } = answer;
  const unused = standIns.find((name) => config.url !== standIn(name) && config.directUrl !== standIn(name));
  if (unused !== void 0) throw unresolved(order.file, unused);
  return fromEvaluated(order, config, standIns);
}
var standIn = (name) => `postgresql://stand-in:stand-in@127.0.0.1:1/${name}`;
function fromEvaluated(order, config, standIns) {
  const source2 = (url) => {
    if (url === void 0 || url === "") return void 0;
    const name = standIns.find((each) => standIn(each) === url);
    return name === void 0 ? { kind: "computed", value: url } : { kind: "variable", name };
  };
  return {
    file: order.file,
    plain: false,
    dotenv: false,
    schema: config.schema,
    migrationsPath: config.migrationsPath,
    engine: config.engine,
    declaresUrl: config.declaresUrl,
    url: source2(config.url),
    directUrl: source2(config.directUrl)
  };
}

// src/adapters/prisma/migrations.ts
var import_node_buffer = require("node:buffer");
var import_node_crypto = require("node:crypto");
var import_node_fs7 = require("node:fs");
var import_node_path5 = require("node:path");
function readMigrations(question) {
  const migrations = [];
  const unreadable = [];
  for (const name of folderNames(question)) {
    const bytes = readScript((0, import_node_path5.join)(question.folder, name, "migration.sql"), question.readByCli);
    if (bytes === void 0) unreadable.push(name);
    else migrations.push(onDisk(question, name, bytes));
  }
  return { migrations, unreadable, lockProvider: lockProvider((0, import_node_path5.join)(question.folder, "migration_lock.toml")) };
}
function folderNames({ folder, readByCli }) {
  const names = entriesOf(folder).flatMap((entry) => entry.isDirectory() ? [entry.name] : []);
  const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  return names.sort(readByCli ? new Intl.Collator().compare : byBytes);
}
function entriesOf(folder) {
  try {
    return (0, import_node_fs7.readdirSync)(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
function readScript(path, readByCli) {
  try {
    const bytes = (0, import_node_fs7.readFileSync)(path);
    return readByCli || (0, import_node_buffer.isUtf8)(bytes) ? bytes : void 0;
  } catch {
    return void 0;
  }
}
function onDisk({ folder, repositoryRoot }, name, bytes) {
  const path = (0, import_node_path5.relative)(repositoryRoot, (0, import_node_path5.join)(folder, name, "migration.sql"));
  return {
    name,
    path: import_node_path5.sep === "/" ? path : path.replaceAll(import_node_path5.sep, "/"),
    checksums: checksums(bytes),
    bytes: bytes.byteLength
  };
}
function checksums(bytes) {
  const text = (0, import_node_buffer.isUtf8)(bytes) ? bytes : Buffer.from(bytes.toString("utf8"));
  const latin = text.toString("latin1");
  const hasCarriage = latin.includes("\r\n");
  const lf = hasCarriage ? latin.replaceAll("\r\n", "\n") : latin;
  const variants = [text, ...hasCarriage ? [bytesOf(lf)] : [], bytesOf(lf.replaceAll("\n", "\r\n"))];
  return [...new Set(variants.map((each) => (0, import_node_crypto.createHash)("sha256").update(each).digest("hex")))];
}
var bytesOf = (latin) => Buffer.from(latin, "latin1");
function lockProvider(path) {
  try {
    const line = (0, import_node_fs7.readFileSync)(path, "utf8").split(/\r?\n/).find((each) => each.startsWith("provider"));
    return line?.replace(/^(?:provider = )+/, "").replace(/^"+|"+$/g, "");
  } catch {
    return void 0;
  }
}

// src/adapters/prisma/schema-find.ts
var import_node_fs8 = require("node:fs");
var import_node_path6 = require("node:path");

// src/adapters/prisma/schema-read.ts
var TOKEN2 = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"((?:[^"\\\n]|\\.)*)"|([\p{L}_][\p{L}\p{N}_-]*)|(\S)/gu;
function tokens(schema) {
  return [...schema.matchAll(TOKEN2)].flatMap(([, text, word, sign]) => {
    if (text !== void 0) return [{ kind: "string", text: unquoted(text) }];
    if (word !== void 0) return [{ kind: "word", text: word }];
    return sign === void 0 ? [] : [{ kind: "sign", text: sign }];
  });
}
function unquoted(text) {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}
var isSign = (token, text) => token?.kind === "sign" && token.text === text;
function readDatasource(schema) {
  const all = tokens(schema);
  let depth = 0;
  for (const [index, token] of all.entries()) {
    const opens = depth === 0 && token.kind === "word" && token.text === "datasource";
    const name = all[index + 1];
    if (opens && name?.kind === "word" && isSign(all[index + 2], "{"))
      return block(name.text, all.slice(index + 3));
    if (isSign(token, "{")) depth += 1;
    if (isSign(token, "}")) depth = Math.max(0, depth - 1);
  }
  return void 0;
}
function block(name, rest) {
  const properties = /* @__PURE__ */ new Map();
  const end = rest.findIndex((token) => isSign(token, "}"));
  const inside = end < 0 ? rest : rest.slice(0, end);
  for (const [index, token] of inside.entries()) {
    if (token.kind === "word" && isSign(inside[index + 1], "="))
      properties.set(token.text, inside.slice(index + 2));
  }
  const provider = source(properties.get("provider"));
  return {
    name,
    provider: provider?.kind === "literal" ? provider.value : void 0,
    url: source(properties.get("url")),
    directUrl: source(properties.get("directUrl")),
    schemas: list(properties.get("schemas"))
  };
}
function source(value) {
  if (value === void 0) return void 0;
  const [first, open, name, close] = value;
  if (first?.kind === "string") return { kind: "literal", value: first.text };
  const isEnv = first?.kind === "word" && first.text === "env" && isSign(open, "(") && isSign(close, ")");
  return isEnv && name?.kind === "string" ? { kind: "env", name: name.text } : { kind: "other" };
}
function list(value) {
  if (value === void 0 || !isSign(value[0], "[")) return [];
  const end = value.findIndex((token) => isSign(token, "]"));
  return value.slice(1, end < 0 ? void 0 : end).flatMap((token) => token.kind === "string" ? [token.text] : []);
}

// src/adapters/prisma/schema-find.ts
var sinceFolders = ({ major, minor }) => major === 7 || major === 6 && minor >= 6;
function findSchema(question) {
  const path = schemaPath(question);
  const folder = isFolder(path);
  const files = folder ? prismaFiles(path) : [path];
  for (const file of files) {
    const datasource = readDatasource((0, import_node_fs8.readFileSync)(file, "utf8"));
    if (datasource !== void 0) return { path, isFolder: folder, datasource, datasourceFile: file };
  }
  throw new GuardError(problem("prisma-config-broken", "the schema has no datasource block", { path }));
}
function schemaPath(question) {
  const { directory, installed } = question;
  const named = (question.schema === void 0 ? void 0 : (0, import_node_path6.resolve)(directory, question.schema)) ?? question.configured ?? (installed.major === 7 ? void 0 : fromPackage(directory));
  if (named !== void 0) {
    if (isFile(named) || isFolder(named)) return named;
    throw new GuardError(
      problem("project-not-found", "the schema named for this project is not there", { path: named })
    );
  }
  const found = defaults(question).find(({ path, folder }) => folder ? isFolder(path) : isFile(path));
  if (found !== void 0) return found.path;
  throw new GuardError(
    problem("project-not-found", "neither schema.prisma nor prisma/schema.prisma is there", {
      path: directory
    })
  );
}
function defaults({ installed, directory, prismaConfig }) {
  const beside = installed.major === 7 && prismaConfig !== void 0;
  const base = beside ? (0, import_node_path6.dirname)((0, import_node_path6.resolve)(directory, prismaConfig)) : directory;
  return [
    { path: (0, import_node_path6.join)(base, "schema.prisma"), folder: false },
    { path: (0, import_node_path6.join)(base, "prisma/schema.prisma"), folder: false },
    ...sinceFolders(installed) ? [] : [{ path: (0, import_node_path6.join)(base, "prisma/schema"), folder: true }]
  ];
}
function fromPackage(directory) {
  const manifest = [...upwards(directory)].map((folder) => (0, import_node_path6.join)(folder, "package.json")).find((path) => isFile(path));
  if (manifest === void 0) return void 0;
  const schema = readManifest(manifest).prisma?.schema;
  return typeof schema === "string" && schema !== "" ? (0, import_node_path6.resolve)((0, import_node_path6.dirname)(manifest), schema) : void 0;
}
function readManifest(path) {
  try {
    return JSON.parse((0, import_node_fs8.readFileSync)(path, "utf8"));
  } catch {
    throw new GuardError(problem("prisma-config-broken", "package.json is not valid JSON", { path }));
  }
}
function prismaFiles(folder, seen = /* @__PURE__ */ new Set()) {
  const { ino } = (0, import_node_fs8.statSync)(folder);
  if (seen.has(ino)) return [];
  seen.add(ino);
  return (0, import_node_fs8.readdirSync)(folder).flatMap((name) => {
    const path = (0, import_node_path6.join)(folder, name);
    if (isFolder(path)) return prismaFiles(path, seen);
    return name.endsWith(".prisma") && isFile(path) ? [path] : [];
  });
}
function defaultMigrations(installed, schema) {
  if (installed.major === 7) return (0, import_node_path6.join)(schema.isFolder ? schema.path : (0, import_node_path6.dirname)(schema.path), "migrations");
  return (0, import_node_path6.join)((0, import_node_path6.dirname)(sinceFolders(installed) ? schema.datasourceFile : schema.path), "migrations");
}

// src/adapters/prisma/project.ts
async function inspect(options) {
  const directory = options.workingDirectory;
  if (!isFolder(directory)) {
    throw new GuardError(
      problem("project-not-found", "the working directory is not there", { path: directory })
    );
  }
  const installed = findInstalled(directory);
  if (!("cli" in installed)) throw new GuardError(installed);
  const config = await configOf(options, installed);
  const schema = findSchema({
    installed,
    directory,
    schema: options.schema,
    prismaConfig: options.prismaConfig,
    configured: config?.schema
  });
  const folder = config?.migrationsPath ?? defaultMigrations(installed, schema);
  const found = readMigrations({
    folder,
    repositoryRoot: options.repositoryRoot,
    readByCli: sinceFolders(installed)
  });
  const problems = [
    ...setupProblems(installed, config, schema),
    ...folderProblems(folder, found, dialectOfSchema(schema) ?? "postgresql"),
    ...envFileProblems(options, config)
  ];
  if (problems.length > 0) throw new GuardError(problems);
  const environment = prismaEnvironment(options.environment, {});
  const isMysql = dialectOfSchema(schema) === "mysql";
  return {
    installed,
    config,
    schema,
    facts: {
      directory,
      cli: installed.cli,
      prismaVersion: installed.version,
      prismaMajor: installed.major,
      ...isMysql ? { dialect: "mysql" } : {},
      splitsStatements: isMysql || installed.major === 7 && installed.minor >= 4,
      schemaPath: schema.path,
      configPath: config?.file,
      migrationsPath: folder,
      ...found,
      urlEnv: urlVariables(installed, config, schema, environment)
    }
  };
}
async function configOf(options, installed) {
  const { prismaConfig, workingDirectory: directory } = options;
  if (prismaConfig !== void 0 && !readsConfig(installed)) {
    throw new GuardError(
      problem("prisma-unsupported", "this version reads no config file; leave the input prisma-config out", {
        version: installed.version
      })
    );
  }
  const file = findConfig(installed, directory, prismaConfig);
  if (file === void 0) return void 0;
  const environment = prismaEnvironment(options.environment, {});
  try {
    return await readConfig({ ...options, directory, installed, file, environment });
  } catch (error) {
    throw new GuardError([...problemsOf(error), ...schemaProblems(options, installed)]);
  }
}
function schemaProblems(options, installed) {
  const { schema: named, workingDirectory: directory, prismaConfig } = options;
  if (named === void 0) return [];
  try {
    findSchema({ installed, directory, schema: named, prismaConfig, configured: void 0 });
    return [];
  } catch (error) {
    return problemsOf(error);
  }
}
function folderProblems(folder, { migrations, unreadable, lockProvider: lockProvider2 }, dialect) {
  const empty = migrations.length + unreadable.length === 0;
  const lock = lockProvider2 === void 0 || dialectOf(lockProvider2) === dialect;
  return [
    ...empty ? [problem("migrations-empty", "the folder is missing or holds no migration", { path: folder })] : [],
    ...lock ? [] : [
      problem(
        "prisma-config-broken",
        `Prisma would stop with P3019: it reads the provider in migration_lock.toml as ${lockProvider2}; the line must be: provider = "${dialect}"`,
        { path: `${folder}/migration_lock.toml` }
      )
    ]
  ];
}
function envFileProblems({ workingDirectory, schema, environment }, config) {
  if (config !== void 0) return [];
  const names = conflictsOfEnvFiles(workingDirectory, schema, environment);
  return names.length === 0 ? [] : [
    problem(
      "prisma-config-broken",
      `two .env files set the same variables (${names.join(", ")}), and Prisma refuses that; keep one of them`,
      { path: workingDirectory }
    )
  ];
}

// src/adapters/prisma/migrator.ts
var RESOLVE_LIMIT_MS = 6e4;
var RESOLVE_GRACE_MS = 5e3;
function createMigrator(options) {
  let inspected;
  const inspection = () => {
    inspected ??= inspect(options);
    return inspected;
  };
  const start = (project, urls, args, onLine) => startGroup({
    command: options.nodePath,
    args: [project.cli, "migrate", ...args, ...discoveryFlags(options)],
    directory: project.directory,
    environment: {
      ...prismaEnvironment(options.environment, urls),
      ...lockEnvironment(project.dialect),
      ...marked(options.mark)
    },
    scrub: options.scrub,
    onLine
  });
  return {
    ...prismaChecks(options),
    project: async () => (await inspection()).facts,
    script: readScript2,
    effectiveUrl: async (_project, urls) => effectiveUrl(options, await inspection(), urls),
    deploy: (project, urls, onLine) => start(project, urls, ["deploy"], onLine),
    adopt: (pid) => adoptGroup(pid ?? markedGroup(options.mark) ?? 0),
    markRolledBack: (project, urls, migration) => bounded2(start(project, urls, ["resolve", `--rolled-back=${migration}`], () => void 0))
  };
}
var discoveryFlags = ({ schema, prismaConfig }) => [
  ...schema === void 0 ? [] : [`--schema=${schema}`],
  ...prismaConfig === void 0 ? [] : [`--config=${prismaConfig}`]
];
async function readScript2(project, migration) {
  try {
    return await (0, import_promises3.readFile)((0, import_node_path7.join)(project.migrationsPath, migration, "migration.sql"));
  } catch {
    throw new GuardError(
      problem("migration-unreadable", `migration ${migration} has no readable migration.sql`, { migration })
    );
  }
}
async function bounded2(group) {
  const timer = setTimeout(() => void group.kill(RESOLVE_GRACE_MS), RESOLVE_LIMIT_MS);
  try {
    return await group.ended;
  } finally {
    clearTimeout(timer);
  }
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  createMigrator
});
