"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
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
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// src/adapters/workspace/workspace.ts
var workspace_exports = {};
__export(workspace_exports, {
  createWorkspace: () => createWorkspace
});
module.exports = __toCommonJS(workspace_exports);
var import_node_fs2 = require("node:fs");
var import_promises2 = require("node:fs/promises");
var import_node_path3 = __toESM(require("node:path"), 1);

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
    const list = Array.isArray(problems) ? problems : [problems];
    super(list.map((each) => each.detail).join("; "), options);
    this.problems = list;
  }
};

// src/adapters/workspace/added.ts
var import_node_child_process = require("node:child_process");
var import_node_fs = require("node:fs");
var import_node_path = __toESM(require("node:path"), 1);
var import_node_util = require("node:util");
var GIT_MS = 1e4;
var run = (0, import_node_util.promisify)(import_node_child_process.execFile);
async function addedMigrations(root, migrationsPath) {
  for (const range of await ranges(root)) {
    const names = await addedIn(root, range, migrationsPath);
    if (names !== void 0) return names;
  }
  return void 0;
}
var FIRST_PARENT = "HEAD^...HEAD";
async function ranges(root) {
  const event = readEvent(process.env.GITHUB_EVENT_PATH);
  const base = process.env.GITHUB_BASE_REF;
  if (base) {
    const sha = commit(event.pull_request?.base?.sha);
    return [
      `origin/${base}...HEAD`,
      ...sha === void 0 ? [] : [`${sha}...HEAD`],
      ...await isMerge(root) ? [FIRST_PARENT] : []
    ];
  }
  const before = commit(event.before);
  if (before !== void 0) return [`${before}...HEAD`];
  return [FIRST_PARENT];
}
function readEvent(file) {
  try {
    const event = JSON.parse((0, import_node_fs.readFileSync)(file ?? "", "utf8"));
    return typeof event === "object" && event !== null ? event : {};
  } catch {
    return {};
  }
}
var commit = (value) => typeof value === "string" && /^[0-9a-f]{40,64}$/.test(value) && !/^0+$/.test(value) ? value : void 0;
var isMerge = (root) => run("git", ["rev-parse", "--verify", "--quiet", "HEAD^2"], { cwd: root, timeout: GIT_MS }).then(
  () => true,
  () => false
);
async function addedIn(root, range, migrationsPath) {
  try {
    const args = [
      // A folder may be named with signs that git would take for a pattern.
      "--literal-pathspecs",
      "diff",
      "--name-only",
      "--no-renames",
      "--diff-filter=AM",
      "-z",
      "--end-of-options",
      range,
      "--",
      migrationsPath
    ];
    const { stdout } = await run("git", args, { cwd: root, timeout: GIT_MS, maxBuffer: 1 << 24 });
    const files = stdout.split("\0").filter((file) => import_node_path.default.basename(file) === "migration.sql");
    return new Set(files.map((file) => import_node_path.default.basename(import_node_path.default.dirname(file))));
  } catch {
    return void 0;
  }
}

// src/adapters/workspace/files.ts
var import_promises = require("node:fs/promises");
var import_node_path2 = __toESM(require("node:path"), 1);
var SKIPPED = /* @__PURE__ */ new Set([
  "node_modules",
  "dist",
  "build",
  "out",
  "coverage",
  "vendor",
  "target",
  "venv",
  "fixtures",
  "__tests__"
]);
var MAX_DEPTH = 6;
var MAX_FOLDERS = 5e3;
var MAX_FILES = 400;
var MAX_BYTES = 512 * 1024;
var WANTED = /(?:^|\/)(?:package\.json|(?:Docker|Container)file(?:\.[^/]+)?|[^/]+\.(?:docker|container)file|[^/]+\.sh)$|^\.github\/workflows\/[^/]+\.ya?ml$|^\.github\/actions\/(?:.+\/)?action\.ya?ml$/i;
async function deployFiles(root) {
  const found = [];
  for await (const name of filesBelow(root)) {
    if (WANTED.test(name)) found.push(name);
    if (found.length >= MAX_FILES) break;
  }
  const files = await Promise.all(found.map((name) => read(root, name)));
  return files.filter((file) => file !== void 0);
}
async function* filesBelow(root) {
  const waiting = [{ folder: "", depth: 0 }];
  for (let count = 0; count < MAX_FOLDERS; count += 1) {
    const next = waiting.shift();
    if (next === void 0) return;
    const { folder, depth } = next;
    const entries = await (0, import_promises.readdir)(import_node_path2.default.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
      const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) yield name;
      else if (entry.isDirectory() && depth < MAX_DEPTH && mayHold(name))
        waiting.push({ folder: name, depth: depth + 1 });
    }
  }
}
var mayHold = (folder) => {
  const name = folder.split("/").at(-1) ?? "";
  if (name.startsWith(".")) return folder === ".github";
  return !SKIPPED.has(name) && !/^\.github\/(?!workflows|actions)/.test(folder);
};
async function read(root, name) {
  try {
    const file = import_node_path2.default.join(root, name);
    if ((await (0, import_promises.stat)(file)).size > MAX_BYTES) return void 0;
    return { path: name, text: await (0, import_promises.readFile)(file, "utf8") };
  } catch {
    return void 0;
  }
}

// src/adapters/workspace/workspace.ts
var createWorkspace = ({ root }) => ({
  deployFiles: () => deployFiles(root),
  downScripts,
  added: (migrationsPath) => addedMigrations(root, migrationsPath),
  write: (file, text) => write(import_node_path3.default.resolve(root, file), text),
  room
});
async function downScripts(migrationsPath) {
  const folders = await (0, import_promises2.readdir)(migrationsPath, { withFileTypes: true }).catch(() => []);
  const found = /* @__PURE__ */ new Set();
  for (const folder of folders) {
    const file = import_node_path3.default.join(migrationsPath, folder.name, "down.sql");
    const text = await (0, import_promises2.readFile)(file, "utf8").catch(() => "");
    if (hasStatement(text)) found.add(folder.name);
  }
  return found;
}
var hasStatement = (text) => text.replace(/^\uFEFF/, "").replace(/\/\*[\s\S]*?\*\//g, "").replace(/--.*$/gm, "").replace(/[\s;]/g, "") !== "";
async function write(file, text) {
  try {
    await (0, import_promises2.mkdir)(import_node_path3.default.dirname(file), { recursive: true });
    await (0, import_promises2.writeFile)(file, text);
    return file;
  } catch (error) {
    const { code = "unknown", message } = error;
    throw new GuardError(
      problem("report-unwritable", `${code} when writing ${file}`, {
        what: import_node_path3.default.basename(file),
        path: file,
        message: firstLine(message)
      })
    );
  }
}
var firstLine = (text) => (text.split("\n")[0] ?? text).slice(0, 300);
async function room(folder) {
  try {
    if (!(await (0, import_promises2.stat)(folder)).isDirectory()) return void 0;
    await (0, import_promises2.access)(folder, import_node_fs2.constants.W_OK | import_node_fs2.constants.X_OK);
    const { bavail, bsize } = await (0, import_promises2.statfs)(folder);
    return bavail * bsize;
  } catch {
    return void 0;
  }
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  createWorkspace
});
