"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target2) => (target2 = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target2, "default", { value: mod, enumerable: true }) : target2,
  mod
));

// src/app/post-run.ts
var import_node_os = require("node:os");
var import_node_path4 = __toESM(require("node:path"), 1);

// src/adapters/github/host.ts
var import_node_fs2 = require("node:fs");

// node_modules/@actions/core/lib/command.js
var os = __toESM(require("os"));

// node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
  if (input === null || input === void 0) {
    return "";
  } else if (typeof input === "string" || input instanceof String) {
    return input;
  }
  return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
  if (!Object.keys(annotationProperties).length) {
    return {};
  }
  return {
    title: annotationProperties.title,
    file: annotationProperties.file,
    line: annotationProperties.startLine,
    endLine: annotationProperties.endLine,
    col: annotationProperties.startColumn,
    endColumn: annotationProperties.endColumn
  };
}

// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties, message) {
  const cmd = new Command(command, properties, message);
  process.stdout.write(cmd.toString() + os.EOL);
}
var CMD_STRING = "::";
var Command = class {
  constructor(command, properties, message) {
    if (!command) {
      command = "missing.command";
    }
    this.command = command;
    this.properties = properties;
    this.message = message;
  }
  toString() {
    let cmdStr = CMD_STRING + this.command;
    if (this.properties && Object.keys(this.properties).length > 0) {
      cmdStr += " ";
      let first = true;
      for (const key in this.properties) {
        if (this.properties.hasOwnProperty(key)) {
          const val = this.properties[key];
          if (val) {
            if (first) {
              first = false;
            } else {
              cmdStr += ",";
            }
            cmdStr += `${key}=${escapeProperty(val)}`;
          }
        }
      }
    }
    cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
    return cmdStr;
  }
};
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// src/adapters/github/random.ts
var import_node_fs = require("node:fs");
function randomUUID() {
  const bytes2 = Buffer.alloc(16);
  try {
    const file = (0, import_node_fs.openSync)("/dev/urandom", "r");
    try {
      if ((0, import_node_fs.readSync)(file, bytes2) === bytes2.length) return bytes2.toString("hex");
    } finally {
      (0, import_node_fs.closeSync)(file);
    }
  } catch {
  }
  return process.getBuiltinModule("node:crypto").randomUUID();
}

// node_modules/@actions/core/lib/file-command.js
var fs = __toESM(require("fs"));
var os2 = __toESM(require("os"));
function issueFileCommand(command, message) {
  const filePath = process.env[`GITHUB_${command}`];
  if (!filePath) {
    throw new Error(`Unable to find environment variable for file command ${command}`);
  }
  if (!fs.existsSync(filePath)) {
    throw new Error(`Missing file at path: ${filePath}`);
  }
  fs.appendFileSync(filePath, `${toCommandValue(message)}${os2.EOL}`, {
    encoding: "utf8"
  });
}
function prepareKeyValueMessage(key, value) {
  const delimiter = `ghadelimiter_${randomUUID()}`;
  const convertedValue = toCommandValue(value);
  if (key.includes(delimiter)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
  }
  if (convertedValue.includes(delimiter)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
  }
  return `${key}<<${delimiter}${os2.EOL}${convertedValue}${os2.EOL}${delimiter}`;
}

// node_modules/@actions/core/lib/core.js
var os3 = __toESM(require("os"), 1);
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2["Success"] = 0] = "Success";
  ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function setSecret(secret) {
  issueCommand("add-mask", {}, secret);
}
function setOutput(name, value) {
  const filePath = process.env["GITHUB_OUTPUT"] || "";
  if (filePath) {
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
  }
  process.stdout.write(os3.EOL);
  issueCommand("set-output", { name }, toCommandValue(value));
}
function error(message, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
  issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function notice(message, properties = {}) {
  issueCommand("notice", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function saveState(name, value) {
  const filePath = process.env["GITHUB_STATE"] || "";
  if (filePath) {
    return issueFileCommand("STATE", prepareKeyValueMessage(name, value));
  }
  issueCommand("save-state", { name }, toCommandValue(value));
}

// src/domain/scrub.ts
var MASK = "***";
var SHORTEST = 4;
var SHORTEST_LINE = 8;
var SHAPES = [
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@"'`]{0,256}):[^\s"'`]*@/gi, `$1:${MASK}@`],
  [/(https?:\/\/hooks\.slack(?:-gov)?\.com\/)[^\s"'`<>]+/gi, `$1${MASK}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, MASK],
  [/\b((?:ssl)?password|pwd|pgpassword|mysql_pwd)=(?:'[^']*'|"[^"]*"|[^\s&;"']+)/gi, `$1=${MASK}`],
  [
    /\b(aws_?(?:secret_?access_?key|session_?token)|x-amz-(?:security-token|signature|credential))(["']?\s*[=:]\s*["']?)[^\s&"',;]+/gi,
    `$1$2${MASK}`
  ]
];
function secretForms(secret) {
  const forms = /* @__PURE__ */ new Set();
  for (const value of /* @__PURE__ */ new Set([secret, decoded(secret), ...longLines(secret)])) {
    const bytes2 = Buffer.from(value, "utf8");
    forms.add(value);
    for (const encoded of percentEncoded(value)) forms.add(encoded);
    forms.add(JSON.stringify(value).slice(1, -1));
    forms.add(bytes2.toString("base64").replace(/=+$/, ""));
    forms.add(bytes2.toString("base64url"));
  }
  return [...forms].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
}
function createScrubber() {
  const forms = /* @__PURE__ */ new Set();
  let pattern;
  const hide = (text) => {
    if (pattern === void 0) return text;
    let now = text;
    for (let next2 = now.replace(pattern, MASK); next2 !== now; next2 = now.replace(pattern, MASK)) now = next2;
    return now;
  };
  return {
    add(secret) {
      if (secret.length < SHORTEST) return;
      for (const form of secretForms(secret)) forms.add(form);
      const longestFirst = [...forms].sort((a, b) => b.length - a.length);
      pattern = new RegExp(longestFirst.map((form) => literal(form)).join("|"), "g");
    },
    scrub: (text) => hide(SHAPES.reduce((shown2, [shape, replacement]) => shown2.replace(shape, replacement), hide(text)))
  };
}
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
function percentEncoded(text) {
  const component = encodeURIComponent(wellFormed(text));
  const strict = component.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const lowerCase = (encoded) => encoded.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
  const form = component.replaceAll("%20", "+");
  return [component, strict, form, lowerCase(component), lowerCase(strict)];
}
var longLines = (text) => /[\r\n]/.test(text) ? text.split(/[\r\n]+/).filter((line2) => line2.length >= SHORTEST_LINE) : [];
var literal = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
var wellFormed = (text) => text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "�");

// src/adapters/github/neutral.ts
var neutralLines = (text) => text.split(/\r\n|\r|\n/).map((line2) => line2.replace(/^([\s\p{Cf}]*):(?=:)/u, "$1:​").replaceAll("##[", "##​["));

// src/adapters/github/host.ts
var SUMMARY_BYTES = 1024 * 1024;
var ANNOTATE = { error, warning, notice };
function createHost({ scrub: scrub2 }) {
  const masked = /* @__PURE__ */ new Set();
  const host = {
    log(line2) {
      for (const each of neutralLines(scrub2(line2))) process.stdout.write(`${each}
`);
    },
    annotate(annotation2) {
      if (inActions()) annotateInActions(annotation2, scrub2);
      else host.log(`${annotation2.level}: ${annotation2.title}: ${annotation2.message}`);
    },
    mask(value) {
      if (!inActions()) return;
      for (const form of secretForms(value)) {
        if (masked.has(form)) continue;
        masked.add(form);
        setSecret(form);
      }
    },
    outputs(values) {
      const entries = Object.entries(values);
      const file = Boolean(process.env.GITHUB_OUTPUT);
      let written = file;
      if (file) {
        attempt("the outputs; their values are in the log below", () => {
          written = false;
          for (const [name, value] of entries) setOutput(name, scrub2(value));
          written = true;
        });
      }
      if (!written) for (const [name, value] of entries) host.log(`${name}=${value}`);
    },
    async summary(markdown) {
      const path4 = process.env.GITHUB_STEP_SUMMARY;
      if (path4) attempt("the job summary", () => appendSummary(path4, scrub2(markdown)));
    },
    saveState(name, value) {
      if (process.env.GITHUB_STATE) attempt("the state for the post step", () => saveState(name, value));
    }
  };
  const attempt = (what, write) => {
    try {
      write();
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      host.annotate({
        level: "warning",
        title: "Not written",
        message: `Could not write ${what}: ${message}`
      });
    }
  };
  return host;
}
var inActions = () => process.env.GITHUB_ACTIONS === "true";
function annotateInActions(annotation2, scrub2) {
  ANNOTATE[annotation2.level](scrub2(annotation2.message), {
    title: scrub2(annotation2.title),
    ...annotation2.file === void 0 ? {} : { file: annotation2.file },
    ...annotation2.line === void 0 ? {} : { startLine: annotation2.line }
  });
}
function appendSummary(path4, markdown) {
  const room = SUMMARY_BYTES - ((0, import_node_fs2.statSync)(path4, { throwIfNoEntry: false })?.size ?? 0);
  const bytes2 = Buffer.from(`${markdown}
`, "utf8");
  if (bytes2.length <= room) {
    (0, import_node_fs2.appendFileSync)(path4, bytes2);
    return;
  }
  const note = "\n\n(cut: a job summary holds 1 MiB)\n";
  const cut = bytes2.subarray(0, Math.max(0, room - note.length)).toString("utf8");
  const whole = cut.slice(0, Math.max(0, cut.lastIndexOf("\n")));
  if (whole !== "") (0, import_node_fs2.appendFileSync)(path4, whole + note);
}

// src/adapters/journal/journal.ts
var import_node_fs3 = require("node:fs");
var import_node_path = require("node:path");

// src/domain/problem.ts
var problem = (code2, detail, fields = {}) => ({
  code: code2,
  detail,
  fields: Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => value === void 0 ? [] : [[name, String(value)]])
  )
});
var GuardError = class extends Error {
  name = "GuardError";
  problems;
  constructor(problems3, options) {
    const list2 = Array.isArray(problems3) ? problems3 : [problems3];
    super(list2.map((each) => each.detail).join("; "), options);
    this.problems = list2;
  }
};
function problemsOf(error2) {
  if (error2 instanceof Error && error2.name === "GuardError") return error2.problems;
  const detail = error2 instanceof Error ? `${error2.name}: ${error2.message}` : String(error2);
  return [problem("unexpected", detail.split("\n")[0] ?? detail)];
}
var firstProblem = (error2) => problemsOf(error2)[0] ?? problem("unexpected", "an error without a message");
var isProblem = (error2, ...codes) => problemsOf(error2).some((each) => codes.includes(each.code));

// src/adapters/journal/journal.ts
function openJournal({ path: path4, onFailure }) {
  let file;
  let broken2 = false;
  const fail = (error2) => {
    const detail = error2 instanceof Error ? error2.message : String(error2);
    const unwritable = problem("report-unwritable", detail, { path: path4, what: "journal" });
    if (onFailure === void 0) throw new GuardError(unwritable, { cause: error2 });
    broken2 = true;
    onFailure(unwritable);
  };
  return {
    path: path4,
    append(event) {
      if (broken2) return;
      try {
        file ??= openEnd(path4);
        writeAll(file, Buffer.from(`${JSON.stringify(event)}
`, "utf8"));
        (0, import_node_fs3.fsyncSync)(file);
      } catch (error2) {
        fail(error2);
      }
    },
    close() {
      if (file !== void 0) (0, import_node_fs3.closeSync)(file);
      file = void 0;
      broken2 = true;
    }
  };
}
function openEnd(path4) {
  (0, import_node_fs3.mkdirSync)((0, import_node_path.dirname)(path4), { recursive: true });
  const file = (0, import_node_fs3.openSync)(path4, "a+", 384);
  const size2 = (0, import_node_fs3.fstatSync)(file).size;
  if (size2 > 0) {
    const last = Buffer.alloc(1);
    (0, import_node_fs3.readSync)(file, last, 0, 1, size2 - 1);
    if (last.toString() !== "\n") writeAll(file, Buffer.from("\n"));
  }
  return file;
}
function writeAll(file, bytes2) {
  for (let done = 0; done < bytes2.length; ) done += (0, import_node_fs3.writeSync)(file, bytes2, done);
}

// src/adapters/journal/read.ts
var import_node_fs4 = require("node:fs");
function readJournal(path4) {
  let text;
  try {
    text = (0, import_node_fs4.readFileSync)(path4, "utf8");
  } catch (error2) {
    if (error2.code === "ENOENT") return void 0;
    throw error2;
  }
  const lines2 = text.split("\n").filter((line2) => line2 !== "");
  const events = lines2.flatMap(parsed);
  return { events, torn: lines2.length - events.length };
}
function parsed(line2) {
  try {
    const value = JSON.parse(line2);
    const isEvent = typeof value === "object" && value !== null && "type" in value && "at" in value;
    return isEvent ? [value] : [];
  } catch {
    return [];
  }
}

// src/domain/event.ts
var JOURNAL_VERSION = 1;
var STATUSES = [
  "up-to-date",
  "planned",
  "applied",
  "refused",
  "failed",
  "restoring",
  "restored",
  "promoted",
  "cancelled"
];

// src/domain/fold.ts
var step = (run, kind, change) => ({
  ...run,
  steps: run.steps.map((each) => each.kind === kind ? { ...each, ...change } : each)
});
var folds = {
  "run-started": (run, event) => ({
    ...run,
    identity: event.identity,
    request: event.request,
    startedAt: event.at
  }),
  "observed-project": (run, event) => ({ ...run, project: event.project }),
  "observed-database": (run, event) => ({ ...run, database: event.database }),
  "observed-target": (run, event) => ({
    ...run,
    instance: event.target.instance,
    manualSnapshots: event.target.manualSnapshots
  }),
  pending: (run, event) => ({ ...run, pending: event.migrations }),
  planned: (run, event) => ({
    ...run,
    plan: event.plan,
    steps: event.plan.steps.map((each) => ({
      ...each,
      state: "not-reached",
      startedAt: void 0,
      endedAt: void 0,
      note: void 0,
      problem: void 0
    }))
  }),
  refused: (run, event) => ({ ...run, refused: true, problems: [...run.problems, ...event.problems] }),
  notice: (run, event) => ({ ...run, notices: [...run.notices, event.notice] }),
  "step-intended": (run, event) => step(run, event.step, { state: "running", startedAt: event.at }),
  "step-done": (run, event) => step(run, event.step, { state: "done", endedAt: event.at, note: event.note }),
  "step-failed": (run, event) => ({
    ...step(run, event.step, { state: "failed", endedAt: event.at, problem: event.problem }),
    problems: [...run.problems, event.problem]
  }),
  "step-skipped": (run, event) => step(run, event.step, { state: "skipped", note: event.note }),
  "snapshot-seen": (run, event) => ({
    ...run,
    snapshot: { identifier: event.identifier, arn: event.arn, status: event.status, percent: event.percent }
  }),
  "restore-point": (run, event) => ({ ...run, restorePoint: event.point }),
  "migrator-started": (run, event) => ({
    ...run,
    migratorPid: event.pid,
    rounds: event.round,
    lines: [],
    // What an earlier round printed says nothing about this one.
    migrator: void 0,
    enforced: void 0
  }),
  "migrator-line": (run, event) => ({ ...run, lines: [...run.lines, event.line].slice(-200) }),
  blocked: (run, event) => ({
    ...run,
    blocked: [...run.blocked, { at: event.at, waiting: event.waiting, blockers: event.blockers }]
  }),
  "limit-enforced": (run, event) => ({ ...run, enforced: event.limit }),
  stopping: (run, event) => ({ ...run, stopReason: event.reason }),
  stopped: (run) => run,
  "migrator-ended": (run, event) => ({
    ...run,
    migratorPid: void 0,
    migrator: event.end,
    migrationMs: (run.migrationMs ?? 0) + event.tookMs
  }),
  "leftover-removed": (run, event) => ({ ...run, leftovers: [...run.leftovers, event.index] }),
  verdict: (run, event) => ({ ...run, verdict: event.verdict }),
  "marked-rolled-back": (run, event) => ({
    ...run,
    markedRolledBack: [...run.markedRolledBack, event.migration]
  }),
  "lock-retry": (run) => run,
  "restore-requested": (run, event) => ({
    ...run,
    restore: {
      identifier: event.identifier,
      arn: event.arn,
      resourceId: event.resourceId,
      status: "creating",
      endpoint: void 0,
      differences: void 0
    }
  }),
  "restore-seen": (run, event) => run.restore === void 0 ? run : {
    ...run,
    restore: {
      ...run.restore,
      status: event.status,
      endpoint: event.endpoint,
      resourceId: event.resourceId
    }
  },
  "restore-verified": (run, event) => run.restore === void 0 ? run : { ...run, restore: { ...run.restore, differences: event.differences } },
  goal: (run, event) => ({ ...run, goal: event.goal }),
  "write-loss": (run, event) => ({ ...run, writeLoss: event.loss }),
  parity: (run, event) => ({ ...run, parity: event.differences }),
  mended: (run, event) => ({ ...run, mended: [...run.mended, ...event.names] }),
  promotion: (run, event) => ({ ...run, promotion: event.promotion }),
  inventory: (run, event) => ({ ...run, inventory: event.kept }),
  deleted: (run, event) => ({ ...run, deleted: [...run.deleted, event.identifier] }),
  notified: (run, event) => ({
    ...run,
    notified: [...run.notified, { about: event.about, delivered: event.delivered }]
  }),
  "run-ended": (run, event) => ({ ...run, status: event.status, endedAt: event.at })
};
function fold(run, event) {
  const apply = folds[event.type];
  return apply(run, event);
}

// src/domain/run.ts
var emptyRun = (identity, startedAt) => ({
  identity,
  request: void 0,
  startedAt,
  endedAt: void 0,
  status: void 0,
  project: void 0,
  database: void 0,
  instance: void 0,
  manualSnapshots: [],
  pending: void 0,
  plan: void 0,
  steps: [],
  notices: [],
  problems: [],
  refused: false,
  snapshot: void 0,
  restorePoint: void 0,
  migratorPid: void 0,
  rounds: 0,
  lines: [],
  migrator: void 0,
  migrationMs: void 0,
  stopReason: void 0,
  enforced: void 0,
  blocked: [],
  leftovers: [],
  verdict: void 0,
  markedRolledBack: [],
  restore: void 0,
  goal: void 0,
  writeLoss: void 0,
  parity: void 0,
  mended: [],
  promotion: void 0,
  inventory: void 0,
  deleted: [],
  notified: []
});

// src/guard/step.ts
async function takeStep(guard, step2, work) {
  guard.emit({ type: "step-intended", step: step2 });
  try {
    const note = await work();
    guard.emit({ type: "step-done", step: step2, ...note === void 0 ? {} : { note } });
  } catch (error2) {
    for (const problem3 of problemsOf(error2)) guard.emit({ type: "step-failed", step: step2, problem: problem3 });
    throw error2;
  }
}
async function attemptStep(guard, step2, work) {
  try {
    await takeStep(guard, step2, work);
    return void 0;
  } catch (error2) {
    return firstProblem(error2);
  }
}
var isPlanned = (guard, step2) => guard.run.steps.some((each) => each.kind === step2);

// src/domain/instance-state.ts
var USABLE = /* @__PURE__ */ new Set(["available", "storage-optimization"]);
var ANSWERS_SQL = /* @__PURE__ */ new Set(["backing-up", "storage-initialization", "modifying"]);
var WITHOUT_INSTANCES = "without-instances";
var TERMINAL = /* @__PURE__ */ new Set([
  "deleted",
  "deleting",
  "delete-precheck",
  "failed",
  "inaccessible-encryption-credentials",
  "inaccessible-encryption-credentials-recoverable",
  "insufficient-capacity",
  "migration-failed",
  "modify-failed",
  "restore-error",
  "restore-failed",
  "stopped",
  "storage-full",
  "upgrade-failed"
]);
var isUsable = (status) => USABLE.has(status);
var isReachable = (status) => isUsable(status) || ANSWERS_SQL.has(status) || status.startsWith("configuring-");
var isTerminal = (status) => TERMINAL.has(status) || status.startsWith("incompatible-");
function whyUnfit(of) {
  if (isTerminal(of.status)) return `the state of ${of.identifier} is ${of.status}`;
  if (of.status === WITHOUT_INSTANCES)
    return `the cluster ${of.identifier} has no DB instance, so nobody would answer; add one first`;
  return void 0;
}
var FAILED_SNAPSHOT = /* @__PURE__ */ new Set(["deleted", "deleting", "failed"]);
var snapshotState = (status) => {
  if (status === "available") return "ready";
  return FAILED_SNAPSHOT.has(status) || status.startsWith("incompatible-") ? "failed" : "waiting";
};

// src/guard/wait.ts
var SECOND = 1e3;
var FIRST_MS = SECOND;
var NEAR_END_MS = 5 * SECOND;
var FAR_FROM_END_MS = 90 * SECOND;
var NEAR_END_PERCENT = 97;
var PART_OF_THE_WAY = 0.4;
var WITHOUT_PROGRESS_MS = 10 * SECOND;
function nextDelay(elapsedMs, percent) {
  if (percent !== void 0 && percent >= 2 && percent < 100 && elapsedMs >= 20 * SECOND) {
    const untilNear = elapsedMs * (NEAR_END_PERCENT - percent) / percent;
    return Math.min(FAR_FROM_END_MS, Math.max(NEAR_END_MS, untilNear * PART_OF_THE_WAY));
  }
  return Math.min(WITHOUT_PROGRESS_MS, Math.max(FIRST_MS, elapsedMs / 4));
}
async function waitUntil(wait2) {
  const start = wait2.clock.now();
  for (; ; ) {
    const seen = await wait2.look();
    if (wait2.until(seen)) return { end: "reached", seen };
    if (wait2.signal.aborted) return { end: "cancelled", seen };
    const now = wait2.clock.now();
    if (now >= wait2.deadline) return { end: "deadline", seen };
    const delay = nextDelay(now - start, wait2.percent?.(seen));
    await wait2.clock.sleep(Math.min(delay, wait2.deadline - now), wait2.signal);
  }
}

// src/guard/back/parity.ts
var MEND_MS = 10 * 6e4;
var STABLE_MS = 30 * 6e4;

// src/domain/names.ts
var MAX_LENGTH = 63;
var clean = (text) => text.toLowerCase().replace(/[^a-z0-9-]+/g, "-").replace(/-{2,}/g, "-").replace(/^-+|-+$/g, "");
var checkOf = (text) => {
  let hash = 2166136261;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619) >>> 0;
  return (hash & 65535).toString(16).padStart(4, "0");
};
var CHECK_LENGTH = 5;
var fitted = (instance, room) => {
  const name = clean(instance);
  if (name.length <= room) return name;
  return `${name.slice(0, Math.max(1, room - CHECK_LENGTH)).replace(/-+$/g, "")}-${checkOf(name)}`;
};
var snapshotName = (instance, run) => {
  const suffix = clean(`${run.runId}-${run.attempt}`);
  return clean(`gm-${fitted(instance, MAX_LENGTH - suffix.length - 4)}-${suffix}`).slice(0, MAX_LENGTH).replace(/-+$/g, "");
};
var suffixed = (name, suffix) => `${fitted(name, MAX_LENGTH - suffix.length - 1)}-${suffix}`.slice(0, MAX_LENGTH).replace(/-+$/g, "");
var restoredName = (instance, run) => suffixed(instance, clean(`gm-r-${run.runId}-${run.attempt}`));

// src/domain/promotion.ts
var wait = (why4) => ({ do: "wait", why: why4 });
var stop = (code2, why4) => ({ do: "stop", code: code2, why: why4 });
var taken = (name, why4) => ({
  ...{ do: "stop", code: "instance-name-taken", why: why4, name }
});
var rename = ({ which }, to) => ({ do: "rename", which, to });
function nextAction(look2, names, goal) {
  const old = { which: "old", seen: look2.old, rest: names.parked };
  const fresh = { which: "new", seen: look2.new, rest: names.restored };
  const [winner, loser] = goal === "new-serves" ? [fresh, old] : [old, fresh];
  for (const { seen } of [winner, loser]) {
    if (seen !== void 0 && isRenaming(seen)) return wait(`${seen.identifier} is ${stateOf(seen)}`);
  }
  if (serves(winner, names)) return atTheEnd(winner, names);
  return serves(loser, names) ? leave(look2, winner, loser) : takeOver(look2, names, winner, loser);
}
var serves = ({ seen }, names) => seen?.identifier === names.production;
var isRenaming = ({ status, pending = [] }) => status === "renaming" || status === "rebooting" || pending.some((name) => RENAMES.has(name));
var RENAMES = /* @__PURE__ */ new Set(["DBInstanceIdentifier", "DBClusterIdentifier"]);
var stateOf = (seen) => isUsable(seen.status) ? "about to be renamed" : seen.status;
function atTheEnd({ seen }, names) {
  if (seen === void 0) return stop("instance-gone", "it was deleted");
  if (isTerminal(seen.status))
    return stop(
      "promotion-failed",
      `${seen.identifier} has the name of production, and its state is ${seen.status}`
    );
  if (!isReachable(seen.status)) return wait(`${seen.identifier} is ${seen.status}`);
  if (!isNamedEndpoint(seen.endpoint?.address, names.production))
    return wait(`the endpoint of ${seen.identifier} is not there yet`);
  return { do: "done" };
}
function leave(look2, winner, loser) {
  if (winner.seen === void 0) return stop("instance-gone", `the ${winner.which} instance was deleted`);
  if (loser.seen === void 0) return stop("instance-gone", `the ${loser.which} instance was deleted`);
  for (const seen of [winner.seen, loser.seen]) {
    const unfit = whyUnfit(seen);
    if (unfit !== void 0) return stop("promotion-refused", unfit);
  }
  if (look2.others.has(loser.rest) || winner.seen.identifier === loser.rest)
    return taken(loser.rest, `${loser.rest} exists already`);
  for (const seen of [winner.seen, loser.seen]) {
    if (!isUsable(seen.status)) return wait(`${seen.identifier} is ${seen.status}`);
  }
  return rename(loser, loser.rest);
}
function takeOver(look2, names, winner, loser) {
  if (look2.others.has(names.production))
    return taken(names.production, `a third instance has the name ${names.production}`);
  for (const side of [winner, loser]) {
    if (side.seen === void 0 || isTerminal(side.seen.status)) continue;
    return isUsable(side.seen.status) ? rename(side, names.production) : wait(`${side.seen.identifier} is ${side.seen.status}`);
  }
  return stop("instance-gone", "neither of the two instances can serve");
}
var isNamedEndpoint = (address, name) => address !== void 0 && (/^[\d.]+$|:|^localhost$/.test(address) || address.startsWith(`${name}.`));
function phaseOf(look2, names, goal) {
  const [old, fresh] = [look2.old, look2.new];
  if (fresh?.identifier === names.production) {
    if (goal === "old-serves") return isRenaming(fresh) ? "outage" : "promoted";
    return isRenaming(fresh) ? "taking-over" : "promoted";
  }
  if (old?.identifier === names.production) {
    if (goal === "old-serves") return isRenaming(old) ? "outage" : "undone";
    return isRenaming(old) ? "parking" : "not-started";
  }
  return fresh !== void 0 && isRenaming(fresh) && goal === "new-serves" ? "taking-over" : "outage";
}

// src/domain/tags.ts
var MANAGED_BY = { key: "managed-by", value: "guarded-migrate" };
var OURS = "guarded-migrate:";
var tagName = (name) => `${OURS}${name}`;
var TAG = {
  run: tagName("run"),
  repository: tagName("repository"),
  sha: tagName("sha"),
  sourceResourceId: tagName("source-resource-id"),
  restoreTime: tagName("restore-time"),
  /** Digest of the schema at the restore point: what a restored database must show. */
  fingerprint: tagName("fingerprint"),
  /** Who served when it was restored from another one: only then can it take the place of that one. */
  forResourceId: tagName("for-resource-id"),
  phase: tagName("phase"),
  /** The snapshot a restored instance was made from, when it was not a point in time. */
  snapshot: tagName("snapshot"),
  /** On both instances of a promotion: `<run id>-<attempt>` of it, and the names and resource ids that belong together. */
  promotion: tagName("promotion"),
  production: tagName("production"),
  /** Empty when an RDS Proxy was re-targeted and nothing was renamed. */
  parked: tagName("parked"),
  /** Names of the RDS Proxies that a promotion re-targets, a space between two. */
  proxies: tagName("proxies"),
  /** The name that the new instance had before, and gets again in an undo. */
  restored: tagName("restored"),
  oldResourceId: tagName("old-resource-id"),
  newResourceId: tagName("new-resource-id"),
  /** Write counters of the restore point, in pieces: `marks-0`, `marks-1`, ... */
  marks: (piece) => tagName(`marks-${piece}`)
};
var runTag = (run) => `${run.runId}-${run.attempt}`;
function ourTags(run, facts) {
  return {
    [MANAGED_BY.key]: MANAGED_BY.value,
    [TAG.run]: tagValue(runTag(run)),
    [TAG.repository]: tagValue(run.repository),
    [TAG.sha]: tagValue(run.sha),
    [TAG.sourceResourceId]: tagValue(facts.sourceResourceId),
    [TAG.phase]: facts.phase,
    ...facts.restoreTime === void 0 ? {} : { [TAG.restoreTime]: facts.restoreTime }
  };
}
var mergedTags = (source, ours) => ({
  ...Object.fromEntries(
    Object.entries(source).filter(([key]) => !key.toLowerCase().startsWith("aws:") && !key.startsWith(OURS))
  ),
  ...ours
});
var tagValue = (text) => text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "-").slice(0, 256);

// src/guard/back/cutover.ts
async function look(guard, pair) {
  const fleet = await guard.ports.fleet();
  const [old, fresh] = await Promise.all([
    fleet.byResource(pair.oldResourceId),
    fleet.byResource(pair.newResourceId)
  ]);
  return { old, new: fresh, others: /* @__PURE__ */ new Set() };
}
async function decide(guard, cutover, seen) {
  const { pair, goal } = cutover;
  const action = nextAction(seen, pair, goal);
  if (action.do !== "rename") return action;
  const holder2 = await (await guard.ports.recovery()).instance(action.to);
  if (holder2 === void 0 || [pair.oldResourceId, pair.newResourceId].includes(holder2.resourceId))
    return action;
  return nextAction({ ...seen, others: /* @__PURE__ */ new Set([action.to]) }, pair, goal);
}
var ORDER = {
  "new-serves": ["not-started", "parking", "outage", "taking-over", "promoted"],
  "old-serves": ["promoted", "taking-over", "outage", "undone"]
};
var isBehind = (goal, from, to) => {
  const order2 = ORDER[goal];
  return from !== void 0 && order2.includes(from) && order2.indexOf(to) <= order2.indexOf(from);
};
function notePhase(guard, { pair, goal }, phase, more2 = {}) {
  const before2 = guard.run.promotion;
  const same = before2?.newResourceId === pair.newResourceId ? before2 : void 0;
  if (Object.keys(more2).length === 0 && isBehind(goal, same?.phase, phase)) return;
  guard.emit({
    type: "promotion",
    promotion: {
      by: pair.by,
      phase,
      production: pair.production,
      parked: pair.parked,
      restored: pair.restored,
      oldResourceId: pair.oldResourceId,
      newResourceId: pair.newResourceId,
      proxies: same?.proxies ?? [],
      outageFrom: same?.outageFrom,
      outageUntil: same?.outageUntil,
      ...more2
    }
  });
}
var noteSeen = (guard, cutover, seen) => notePhase(guard, cutover, phaseOf(seen, cutover.pair, cutover.goal));

// src/domain/promotion-pair.ts
function pairOf({ tags, resourceId }) {
  const run = tags[TAG.promotion];
  const production3 = tags[TAG.production];
  const oldResourceId = tags[TAG.oldResourceId];
  const newResourceId = tags[TAG.newResourceId];
  const restored3 = tags[TAG.restored];
  if (!run || !production3 || !oldResourceId || !newResourceId || !restored3) return void 0;
  if (resourceId !== oldResourceId && resourceId !== newResourceId) return void 0;
  const parked = tags[TAG.parked] ?? "";
  return {
    ...{ run, production: production3, parked, restored: restored3, oldResourceId, newResourceId },
    by: parked === "" ? "proxy" : "rename",
    // A rename after a promotion by proxy leaves that tag where it is.
    proxies: parked === "" ? (tags[TAG.proxies] ?? "").split(" ").filter((name) => name !== "") : []
  };
}
function findPair(all, production3) {
  const pairs = all.flatMap((each) => {
    const pair = pairOf(each);
    return pair?.production === production3 ? [{ pair, on: each }] : [];
  });
  const serving2 = all.find((each) => each.identifier === production3);
  const own = pairs.find(({ on }) => on.resourceId === serving2?.resourceId);
  if (own !== void 0) return foundIn(all, own.pair);
  const half = pairs.filter(({ on }) => on.tags[TAG.phase] === "promoting");
  const candidates = half.map(({ pair }) => foundIn(all, pair)).filter(
    (each) => serving2 === void 0 || [each.oldResourceId, each.newResourceId].includes(serving2.resourceId)
  ).sort((a, b) => b.run.localeCompare(a.run, "en", { numeric: true }));
  return candidates[0];
}
function foundIn(all, pair) {
  const by = (id) => all.find((each) => each.resourceId === id);
  const [old, fresh] = [by(pair.oldResourceId), by(pair.newResourceId)];
  return { ...pair, old, new: fresh, phases: [old?.tags[TAG.phase], fresh?.tags[TAG.phase]] };
}

// src/guard/back/dance.ts
var MINUTE = 6e4;
var RENAME_MS = 30 * MINUTE;
var PATIENCE_MS = 10 * MINUTE;
var UNSEEN_MS = MINUTE;
var Dance = class {
  #guard;
  #cutover;
  #asked;
  #idleSince;
  constructor(guard, cutover) {
    this.#guard = guard;
    this.#cutover = cutover;
  }
  /** Asks for the rename of `which` when it is due, and waits until the next step is another one's. */
  async until(which, ms) {
    const { clock } = this.#guard.ports;
    const waited = await waitUntil({
      clock,
      signal: this.#guard.options.cancelled,
      deadline: clock.now() + ms,
      look: () => this.tick(which),
      until: (action) => action.do === "done" || action.do === "rename" && action.which !== which
    });
    if (waited.end === "reached") return waited.seen;
    const why4 = waited.seen.do === "wait" ? waited.seen.why : "AWS has not finished the rename";
    throw new GuardError(
      problem(waited.end === "cancelled" ? "cancelled" : "promotion-failed", why4, {
        instance: this.#cutover.pair.production
      })
    );
  }
  /** One look and at most one request. Throws what stops the promotion for good. */
  async tick(which) {
    const guard = this.#guard;
    const seen = await this.#patiently(() => look(guard, this.#cutover.pair));
    if (seen === void 0) return { do: "wait", why: "AWS does not answer" };
    noteSeen(guard, this.#cutover, seen);
    const action = await this.#patiently(() => decide(guard, this.#cutover, seen));
    if (action === void 0) return { do: "wait", why: "AWS does not answer" };
    if (action.do === "stop")
      throw new GuardError(
        problem(action.code, action.why, {
          ...action.name === void 0 ? {} : { name: action.name, promotion: this.#cutover.pair.run },
          instance: this.#cutover.pair.production
        })
      );
    if (action.do === "wait") return this.#checkPatience(action, isMoving(seen));
    if (action.do === "done" || action.which !== which) return action;
    return this.#rename(action);
  }
  async #rename(action) {
    const guard = this.#guard;
    const { pair, goal } = this.#cutover;
    const { clock } = guard.ports;
    const known2 = this.#asked;
    const accepted = { do: "wait", why: `AWS renames to ${action.to}` };
    if (known2?.which === action.which && known2.to === action.to && clock.now() - known2.at < UNSEEN_MS)
      return accepted;
    const seen = await look(guard, pair);
    const instance = action.which === "old" ? seen.old : seen.new;
    if (instance === void 0) return { do: "wait", why: "it was there a moment ago" };
    const leaving = action.to !== pair.production;
    if (leaving)
      notePhase(guard, this.#cutover, goal === "new-serves" ? "parking" : "outage", {
        outageFrom: clock.now()
      });
    else if (goal === "new-serves") notePhase(guard, this.#cutover, "taking-over");
    const took2 = await this.#patiently(async () => {
      await (await guard.ports.fleet()).rename(instance, action.to);
      return true;
    });
    if (took2 !== true)
      return this.#checkPatience({ do: "wait", why: `AWS does not take the rename to ${action.to} yet` });
    this.#idleSince = void 0;
    this.#asked = { which: action.which, to: action.to, at: clock.now() };
    return { ...accepted, asked: true };
  }
  /** What passes by itself is waited for; in the outage window giving up costs more than a minute. */
  async #patiently(work) {
    try {
      return await work();
    } catch (error2) {
      if (isProblem(error2, "aws-unreachable", "aws-throttled", "instance-state")) return void 0;
      throw error2;
    }
  }
  /** Nobody serves, nothing is being renamed, and AWS keeps the new one busy: that must not last. */
  #checkPatience(action, moves = false) {
    const { clock } = this.#guard.ports;
    const phase = this.#guard.run.promotion?.phase;
    const isTakingOver = this.#asked?.to === this.#cutover.pair.production;
    if (phase !== "outage" && phase !== "taking-over" || isTakingOver || moves) {
      this.#idleSince = void 0;
      return action;
    }
    this.#idleSince ??= clock.now();
    if (clock.now() - this.#idleSince <= PATIENCE_MS) return action;
    const why4 = action.do === "wait" ? action.why : "AWS does not take the rename";
    throw new GuardError(problem("promotion-failed", why4, { instance: this.#cutover.pair.production }));
  }
};
var isMoving = (seen) => [seen.old, seen.new].some((each) => each !== void 0 && isRenaming(each));

// src/domain/dialect.ts
var SCHEMES = {
  postgres: "postgresql",
  postgresql: "postgresql",
  mysql: "mysql"
};
var dialectOf = (word3) => SCHEMES[word3.toLowerCase()];
var ENGINES = {
  postgres: "postgresql",
  "aurora-postgresql": "postgresql",
  mysql: "mysql",
  mariadb: "mysql",
  "aurora-mysql": "mysql"
};
var dialectOfEngine = (engine) => ENGINES[engine];
var DEFAULT_PORTS = { postgresql: 5432, mysql: 3306 };

// src/domain/connection-kinds.ts
var invalid = (detail) => new GuardError(problem("url-invalid", detail));
var ACCELERATED = "goes through a proxy that takes no timeouts";
var OTHER_KINDS = {
  prisma: `a Prisma Accelerate URL ${ACCELERATED}`,
  "prisma+postgres": `a Prisma Postgres URL ${ACCELERATED}`,
  mariadb: "Prisma reaches MariaDB with mysql://",
  mysqlx: "Prisma does not speak the X protocol: write mysql:// and the port of the classic one (3306)",
  jdbc: "such a URL is for Java: write postgresql:// or mysql:// with user:password@ before the host",
  mongodb: "MongoDB is not supported",
  "mongodb+srv": "MongoDB is not supported",
  sqlserver: "SQL Server is not supported",
  file: "SQLite is not supported"
};
var foreignDriver = (scheme) => {
  const family = /^(mysql|mariadb|postgres(?:ql)?)(?:\d|\+)/.exec(scheme)?.[1];
  if (family === void 0) return void 0;
  return `it names a driver of another language: write ${family.startsWith("post") ? "postgresql" : "mysql"}://`;
};
function dialectOfUrl(text) {
  if (text === "") throw invalid("the URL is empty");
  if (/^["'`]/.test(text)) throw invalid("the URL begins with a quotation mark: remove the quotes");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? "";
  const dialect = dialectOf(scheme);
  if (dialect !== void 0) {
    if (!/^[a-z]+:\/\//i.test(text)) throw invalid('the URL lacks "//" after the protocol');
    return dialect;
  }
  const reason = OTHER_KINDS[scheme] ?? foreignDriver(scheme);
  if (reason !== void 0)
    throw invalid(`the protocol is ${scheme}${scheme === "jdbc" ? ":" : "://"} and ${reason}`);
  throw invalid("the URL does not begin with postgresql://, postgres:// or mysql://");
}

// src/domain/percent.ts
function percentDecoded(text) {
  const bytes2 = [];
  const encoder2 = new TextEncoder();
  for (let index = 0; index < text.length; ) {
    const escaped2 = /^%([0-9a-f]{2})/i.exec(text.slice(index, index + 3))?.[1];
    if (escaped2 !== void 0) {
      bytes2.push(Number.parseInt(escaped2, 16));
      index += 3;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(index) ?? 0);
    bytes2.push(...encoder2.encode(character));
    index += character.length;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes2));
  } catch {
    return text;
  }
}

// src/domain/connection-parse.ts
var COUNTS = [
  "connect_timeout",
  "socket_timeout",
  "pool_timeout",
  "connection_limit",
  "statement_cache_size"
];
var RULES = {
  postgresql: {
    counts: COUNTS,
    flags: ["pgbouncer"],
    elsewhere: ({ host }) => host,
    noHost: "the URL names no host (before ?host=/directory of a socket, write localhost)"
  },
  mysql: {
    counts: [...COUNTS, "max_connection_lifetime", "max_idle_connection_lifetime"],
    flags: ["prefer_socket"],
    // Older documentation writes the path in brackets, and Prisma drops them.
    elsewhere: ({ socket }) => socket?.replace(/[()]/g, ""),
    noHost: "the URL names no host (before ?socket=/path of a socket, write localhost)"
  }
};
var cleaned = (text) => text.replace(/^[\0-\x20]+|[\0-\x20]+$/g, "").replace(/[\t\r\n]/g, "");
function unencodedCharacter(text) {
  const rest2 = text.slice(text.indexOf("://") + 3);
  const credentials = rest2.slice(0, Math.max(0, rest2.lastIndexOf("@")));
  const culprit = /[#/?]/.exec(credentials)?.[0];
  if (culprit === void 0) return void 0;
  const encoded = encodeURIComponent(culprit);
  return `the user or password contains an unencoded "${culprit}": write it as ${encoded}`;
}
function parsed2(text, { noHost }) {
  try {
    return new URL(text);
  } catch {
    if (/@(?::\d*)?(?:\/|$)/.test(text)) throw invalid(unencodedCharacter(text) ?? noHost);
    throw invalid(unencodedCharacter(text) ?? "host or port cannot be read (a port is a number up to 65535)");
  }
}
function checkParameters(parameters, { counts, flags }) {
  for (const name of counts) {
    const value = parameters[name];
    if (value !== void 0 && !/^\+?\d+$/.test(value))
      throw invalid(`the parameter ${name} is not a whole number`);
  }
  for (const name of flags) {
    const value = parameters[name];
    if (value !== void 0 && value !== "true" && value !== "false")
      throw invalid(`the parameter ${name} is neither true nor false`);
  }
}
function parseConnectionUrl(text) {
  const dialect = dialectOfUrl(cleaned(text));
  const rules = RULES[dialect];
  const url = parsed2(cleaned(text), rules);
  const parameters = Object.fromEntries(url.searchParams);
  const host = rules.elsewhere(parameters) ?? url.hostname.replace(/^\[(.*)\]$/, "$1");
  const database = url.pathname.split("/")[1] ?? "";
  const hint = unencodedCharacter(cleaned(text));
  if (url.username === "") throw invalid(hint ?? "the URL names no user");
  if (host === "") throw invalid(hint ?? rules.noHost);
  if (database === "") throw invalid(hint ?? "the URL names no database");
  checkParameters(parameters, rules);
  return {
    dialect,
    host,
    port: url.port === "" ? DEFAULT_PORTS[dialect] : Number(url.port),
    database,
    user: percentDecoded(url.username),
    password: percentDecoded(url.password),
    schema: dialect === "postgresql" ? parameters.schema : void 0,
    parameters
  };
}

// src/domain/startup-options.ts
var WORD = /(?:\\[\s\S]|[^\s\\]|\\$)+/g;
var settingName = (assignment) => (assignment.split("=")[0] ?? "").toLowerCase().replaceAll("-", "_");
function withoutSettings(options, names) {
  const words = options.match(WORD) ?? [];
  const kept2 = [];
  for (let index = 0; index < words.length; index += 1) {
    const word3 = words[index] ?? "";
    const next2 = words[index + 1];
    if (word3 === "-c" && next2 !== void 0) {
      index += 1;
      if (!names.has(settingName(next2))) kept2.push(word3, next2);
      continue;
    }
    const assignment = /^(?:--|-c)(.*)$/s.exec(word3)?.[1];
    if (assignment === void 0 || !names.has(settingName(assignment))) kept2.push(word3);
  }
  return kept2.join(" ");
}

// src/domain/connection-url.ts
var NAME_BYTES = 63;
function pieces(text) {
  const [, beforeFragment = "", fragment = ""] = /^([^#]*)(#.*)?$/s.exec(text) ?? [];
  const question = beforeFragment.indexOf("?");
  const base = question < 0 ? beforeFragment : beforeFragment.slice(0, question);
  const query = question < 0 ? "" : beforeFragment.slice(question + 1);
  const start = base.indexOf("://") + 3;
  const slash = base.indexOf("/", start);
  const end = slash < 0 ? base.length : slash;
  const at = base.slice(0, end).lastIndexOf("@");
  const hostStart = at < start ? start : at + 1;
  return {
    head: base.slice(0, hostStart),
    authority: base.slice(hostStart, end),
    path: base.slice(end),
    pairs: query.split("&").filter((pair) => pair !== ""),
    fragment
  };
}
var joined = ({ head, authority, path: path4, pairs, fragment }) => `${head}${authority}${path4}${pairs.length > 0 ? `?${pairs.join("&")}` : ""}${fragment}`;
var nameOf = (pair) => [...new URLSearchParams(pair).keys()][0] ?? "";
var without = (pairs, ...names) => pairs.filter((pair) => !names.includes(nameOf(pair)));
var shortened = (name) => {
  const bytes2 = new TextEncoder().encode(name);
  return new TextDecoder().decode(bytes2.subarray(0, NAME_BYTES)).replace(/\uFFFD$/u, "");
};
function withLimits(text, limits) {
  const { dialect, parameters } = parseConnectionUrl(text);
  if (dialect === "mysql") return text;
  const settings = [
    ["statement_timeout", limits.statementTimeoutMs],
    ["lock_timeout", limits.lockTimeoutMs],
    ...limits.connectionCheckIntervalMs > 0 ? [["client_connection_check_interval", limits.connectionCheckIntervalMs]] : []
  ];
  const kept2 = withoutSettings(parameters.options ?? "", new Set(settings.map(([name]) => name)));
  const ours = settings.map(([name, value]) => `-c ${name}=${value}`);
  const options = [...kept2 === "" ? [] : [kept2], ...ours].join(" ");
  const found = pieces(cleaned(text));
  return joined({
    ...found,
    pairs: [
      ...without(found.pairs, "options", "application_name"),
      `application_name=${encodeURIComponent(shortened(limits.applicationName))}`,
      `options=${encodeURIComponent(options)}`
    ]
  });
}
function withCredentials(text, login) {
  const found = pieces(cleaned(text));
  const head = found.head.slice(0, found.head.indexOf("://") + 3);
  const credentials = `${encodeURIComponent(login.username)}:${encodeURIComponent(login.password)}@`;
  const result = joined({ ...found, head: `${head}${credentials}` });
  parseConnectionUrl(result);
  return result;
}
var spellings = (decoded2) => [
  decoded2,
  encodeURIComponent(decoded2),
  encodeURIComponent(decoded2).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  ),
  new URLSearchParams([["", decoded2]]).toString().slice(1),
  JSON.stringify(decoded2).slice(1, -1)
];
function secretForms2(text) {
  const found = /* @__PURE__ */ new Set([text, text.trim(), JSON.stringify(text).slice(1, -1)]);
  const written = /^[^:]*:\/\/[^:@/]*:(.*)@/s.exec(text.trim())?.[1];
  if (written !== void 0) found.add(written);
  try {
    const url = parseConnectionUrl(text);
    const whatwg = new URL(text);
    found.add(whatwg.href);
    found.add(whatwg.password);
    for (const secret of [url.password, url.parameters.sslpassword ?? ""]) {
      for (const spelling of spellings(secret)) found.add(spelling);
    }
    const exact = /^[^:]*:\/\/[^:@/?#]*:([^/?#]*)@/.exec(text.trim())?.[1];
    if (exact !== void 0) found.add(exact);
  } catch {
  }
  return [...found].filter((form) => form !== "").sort((a, b) => b.length - a.length);
}

// src/domain/request.ts
var applicationName = (run) => `guarded-migrate/${run.runId}-${run.attempt}`.slice(0, 48);
var watchName = (run) => `${applicationName(run)}/guard`;
var runUrl = (run) => `${run.serverUrl}/${run.repository}/actions/runs/${run.runId}/attempts/${run.attempt}`;

// src/domain/secret.ts
var Secret = class {
  #value;
  constructor(value) {
    this.#value = value;
  }
  /** The plain value; call it only where the value is handed to a driver or to Prisma. */
  reveal() {
    return this.#value;
  }
  toString() {
    return "***";
  }
  toJSON() {
    return "***";
  }
};

// src/guard/back/identity.ts
var DNS_MS = 15 * 6e4;

// src/domain/prices.ts
var PRICES_FROM = "mid-2026, us-east-1";

// src/domain/inventory.ts
var YOUNGEST_MS = 24 * 36e5;

// src/guard/steps/snapshot.ts
async function tagPhase(guard, arn, phase, more2 = {}) {
  if (arn === void 0) return;
  try {
    await (await guard.ports.recovery()).tag(arn, { [TAG.phase]: phase, ...more2 });
  } catch (error2) {
    guard.warn("tag-failed", { arn, phase, detail: firstProblem(error2).detail });
  }
}

// src/domain/write-marks.ts
var VERSION = "1";
var MAX_PIECES = 8;
var HASH_LENGTH = 5;
var SHORTEST_ENTRY = HASH_LENGTH + 2;
var rowsOf = (counts) => counts.inserted + counts.updated + counts.deleted;
var NUMBER = "[0-9a-z]{1,11}";
var COUNTS2 = `${NUMBER}(?:\\.${NUMBER}){0,2}`;
var HEAD = new RegExp(
  `^${VERSION}\\+([1-${MAX_PIECES}])\\+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})\\+((?:${NUMBER})?)\\+(${COUNTS2})(?:\\+|$)`
);
var ENTRY = new RegExp(`^([0-9A-Za-z_-]{${HASH_LENGTH}})(${COUNTS2})$`);

// src/domain/history.ts
var isApplied = (row) => row.finishedAt !== null && row.rolledBackAt === null;
var isOpen = (row) => row.finishedAt === null && row.rolledBackAt === null;

// src/domain/facts.ts
var WHOLE_SERVER = "all tables of the server";

// src/guard/urls.ts
async function readUrls(guard) {
  const { request, options } = guard;
  const set = request.databaseUrlEnv.flatMap((name) => {
    const value = options.environment[name];
    return value === void 0 || value === "" ? [] : [[name, value]];
  });
  for (const [, value] of set) options.onSecret(value);
  const urls = request.databaseSecretArn === void 0 ? set : await fromSecret(guard, request.databaseSecretArn, set);
  const [first] = urls;
  if (first === void 0) {
    const names = request.databaseUrlEnv.join(", ");
    throw new GuardError(problem("url-missing", `none of ${names} is set`, { variables: names }));
  }
  for (const [name, value] of urls) checkUrl(guard, name, value);
  return {
    primary: first[0],
    given: Object.fromEntries(urls.map(([name, value]) => [name, new Secret(value)]))
  };
}
function checkUrl(guard, variable, value) {
  try {
    parseConnectionUrl(value);
  } catch (error2) {
    if (!(error2 instanceof GuardError)) throw error2;
    throw new GuardError(error2.problems.map((each) => ({ ...each, fields: { ...each.fields, variable } })));
  }
  for (const form of secretForms2(value)) guard.options.onSecret(form);
}
async function fromSecret(guard, arn, set) {
  const secret = await (await guard.ports.secrets()).connection(arn);
  guard.options.onSecret(secret.password);
  if (set.length > 0) return set.map(([name2, value]) => [name2, withCredentials(value, secret)]);
  const name = guard.request.databaseUrlEnv.at(-1) ?? "DATABASE_URL";
  if (secret.database === void 0) {
    throw new GuardError(
      problem("secret-unreadable", "the secret has no dbname and no variable carries a URL", {
        arn,
        missing: "dbname",
        variable: name
      })
    );
  }
  const { dialect, address, port } = await whereabouts(guard, secret);
  const bare = `${dialect}://${address}:${port}/${encodeURIComponent(secret.database)}`;
  return [[name, withCredentials(bare, secret)]];
}
async function whereabouts(guard, secret) {
  const { host, port } = secret;
  if (host === void 0) {
    const { engine, endpoint } = await instanceOf(guard);
    if (endpoint === void 0) throw notFound(guard);
    return { dialect: secret.dialect ?? spokenBy(engine), ...endpoint };
  }
  const known2 = secret.dialect ?? (await instanceOf(guard).catch(() => void 0))?.engine;
  const spoken = spokenBy(known2);
  return { dialect: spoken, address: host, port: port ?? DEFAULT_PORTS[spoken] };
}
var spokenBy = (engine = "") => dialectOf(engine) ?? dialectOfEngine(engine) ?? "postgresql";
async function instanceOf(guard) {
  const instance = await (await guard.ports.recovery()).instance(guard.request.instance);
  if (instance === void 0) throw notFound(guard);
  return instance;
}
var notFound = ({ request: { instance } }) => new GuardError(problem("instance-not-found", `no endpoint for ${instance}`, { instance }));
var CHECK_INTERVAL_SINCE = 14e4;
var CHECK_INTERVAL_MS = 2e3;
var sessionLimits = (guard, serverVersion) => ({
  statementTimeoutMs: guard.request.statementTimeoutMs,
  lockTimeoutMs: guard.request.lockTimeoutMs,
  applicationName: applicationName(guard.options.identity),
  connectionCheckIntervalMs: serverVersion >= CHECK_INTERVAL_SINCE ? CHECK_INTERVAL_MS : 0
});
var guardedEnvironment = (urls, limits) => Object.fromEntries(
  Object.entries(urls.given).map(([name, url]) => [name, withLimits(url.reveal(), limits)])
);
var urlIn = (urls, environment) => new Secret(environment[urls.primary] ?? "");

// src/guard/observe.ts
var guardSession = async (guard, url) => (await guard.ports.engine()).connect(url, watchName(guard.options.identity));

// src/guard/steps/alert.ts
async function tell(guard, about) {
  const { notifier } = guard.ports;
  const { slackOn } = guard.request;
  if (notifier === void 0 || slackOn === "never") return;
  try {
    await inTime(guard, (await notifier()).send(guard.options.voice.message(guard.run, about)));
    guard.emit({ type: "notified", about, delivered: true });
  } catch (error2) {
    guard.emit({ type: "notified", about, delivered: false });
    guard.warn("notification-failed", { detail: firstProblem(error2).detail });
  }
}
var HURRIED_MS = 2e3;
async function inTime(guard, sending) {
  if (!guard.options.cancelled.aborted) return sending;
  const over = new AbortController();
  const late = guard.ports.clock.sleep(HURRIED_MS, over.signal).then(() => {
    throw new GuardError(problem("notification-failed", "no answer in time for a cancelled job"));
  });
  try {
    await Promise.race([sending, late]);
  } finally {
    over.abort();
    late.catch(() => void 0);
    sending.catch(() => void 0);
  }
}

// src/guard/back/put-back.ts
var PUT_BACK_MS = 30 * 6e4;

// src/guard/back/retarget.ts
var HEALTHY_MS = 15 * 6e4;
async function betweenTargets(guard, pair) {
  if (pair.proxies.length === 0) return [];
  const port = await guard.ports.proxies();
  const found = await Promise.all(pair.proxies.map((name) => port.named(name)));
  return found.flatMap((each) => each === void 0 || each.target !== void 0 ? [] : [each]);
}

// src/domain/restore-points.ts
var wasPutBack = ({ tags }) => tags[TAG.phase] === "undone";

// src/guard/back/restore-back.ts
function takeFound(guard, found) {
  const { identifier, arn, resourceId, status, endpoint, tags } = found;
  const undone2 = wasPutBack(found) ? tags[TAG.promotion] : void 0;
  guard.emit({ type: "restore-requested", found: true, identifier, arn, resourceId });
  guard.emit({ type: "restore-seen", status, endpoint, resourceId });
  guard.emit({
    type: "notice",
    notice: undone2 === void 0 ? { code: "restore-found", level: "notice", fields: { identifier, status } } : { code: "restore-found", level: "warning", fields: { identifier, status, undone: undone2 } }
  });
  return `${identifier} exists already`;
}
async function restoreFromSnapshot(guard, order2, given) {
  const { source, identity } = order2;
  const snapshot = await awaitSnapshot(guard, given);
  const ours = ourTags(identity, { sourceResourceId: source.resourceId, phase: "restoring" });
  return (await guard.ports.fleet()).restoreSnapshot({
    source,
    snapshot,
    identifier: order2.identifier,
    tags: mergedTags(source.tags, { ...ours, ...order2.tags, [TAG.snapshot]: snapshot.identifier })
  });
}
async function awaitSnapshot(guard, given) {
  if (snapshotState(given.status) === "ready") return given;
  const { clock } = guard.ports;
  const recovery = await guard.ports.recovery();
  const { identifier } = given;
  const waited = await waitUntil({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + guard.request.snapshotTimeoutMs,
    look: async () => {
      const seen = (await recovery.snapshots(identifier)).snapshots[0];
      if (seen === void 0 || snapshotState(seen.status) === "failed")
        throw new GuardError(
          problem("snapshot-not-found", `the snapshot is ${seen?.status ?? "gone"}`, {
            snapshot: identifier,
            status: seen?.status
          })
        );
      const { arn, status, percent } = seen;
      if (guard.run.snapshot?.status !== status || guard.run.snapshot.percent !== percent)
        guard.emit({ type: "snapshot-seen", identifier, arn, status, percent });
      return seen;
    },
    until: (seen) => snapshotState(seen.status) === "ready",
    percent: (seen) => seen.percent
  });
  if (waited.end === "reached") return waited.seen;
  throw new GuardError(
    problem(
      waited.end === "cancelled" ? "cancelled" : "snapshot-timeout",
      "the snapshot to restore is not available yet",
      { snapshot: identifier, status: waited.seen.status, timeout: guard.request.snapshotTimeoutMs }
    )
  );
}

// src/domain/row-risk-mysql.ts
var UNSEEN = /\bauto_increment\s*=?\s*\d/i;
var DESTROYS = /\b(drop|modify|change|convert|rename|engine|replace|character|charset|collate|remove|coalesce)\b/i;
var SWAPS = /^[\s\S]*\brename\s+tables?\b[\s\S]*,|\b(?:change|rename)\b[\s\S]*\b(?:change|rename)\b/i;
var DROPS_NO_ROWS = /^drop\s+(?:index|view|procedure|function|trigger)\b/i;
var MOVES_FILES = /\b(?:exchange|truncate|convert)\s+partition\b|\b(?:discard|import)\b/i;
var isSchema = ({ kind }) => kind === "schema";
var rebuilds = (statements) => {
  const schema = statements.filter(isSchema);
  return schema.length > 1 || schema.some(({ text }) => /\bdrop\b[\s\S]*\badd\b/i.test(text) || SWAPS.test(text));
};
var mayDestroy = (builds, each) => isSchema(each) && (UNSEEN.test(each.text) || builds && DESTROYS.test(each.text) && !(each.elsewhere !== true && DROPS_NO_ROWS.test(each.text)));
function atRiskOnMysql(statements) {
  const builds = rebuilds(statements);
  return statements.filter(
    (each) => each.elsewhere === true || each.kind === "write" || each.kind === "opaque" || mayDestroy(builds, each)
  );
}
var isForgotten = (statements, write, index) => statements.slice(index + 1).some(
  ({ kind, commits, names }) => kind !== "read" && commits === true && names.some((name) => write.names.includes(name))
);
function uncountedOnMysql(statements) {
  const builds = rebuilds(statements);
  return statements.filter(
    (each, index) => each.elsewhere === true || each.kind === "opaque" || each.kind === "write" && isForgotten(statements, each, index) || each.commits === true && MOVES_FILES.test(each.text) || mayDestroy(builds, each)
  );
}
var mayOutliveFailure = (statement) => statement?.kind === "opaque" || statement?.keepsPart === true || statement?.elsewhere === true && statement.commits === true;

// src/domain/atomicity.ts
var mayCommitItself = (statement, dialect) => dialect === "mysql" ? mayOutliveFailure(statement) : statement.kind === "opaque" && /\b(commit|call|setval|dblink\w*)\b/i.test(statement.text);
var isWrapped = (statements) => statements.length >= 2 && statements.every((each, index) => {
  if (each.commits === true) return false;
  if (index === 0) return each.transaction === "begin";
  if (index === statements.length - 1) return each.transaction === "commit";
  return each.kind !== "transaction" || each.transaction === "savepoint";
});
function openAfter(open, each) {
  if (each.setting === "autocommit") {
    if (each.commits !== true) return "always";
    return open === "always" ? "none" : open;
  }
  if (open === "always") return open;
  if (each.transaction === "begin") return "begun";
  const commits = each.commits === true && each.kind !== "maintenance";
  return commits || each.transaction === "commit" || each.transaction === "rollback" ? "none" : open;
}
var leavesTransactionOpen = (statements) => statements.reduce(openAfter, "none") !== "none";
var mayCommit = (each) => each.commits === true || each.kind === "opaque" || each.transaction === "commit" || each.transaction === "begin";
function keptBefore(before2, failing) {
  let open = "none";
  let kept2 = [];
  let inside = [];
  for (const each of before2) {
    if (mayCommit(each)) kept2 = [...kept2, ...inside];
    if (mayCommit(each) || each.transaction === "rollback") inside = [];
    open = each.kind === "opaque" ? "none" : openAfter(open, each);
    if (open === "none" || each.keepsPart === true || each.commits === true) kept2 = [...kept2, each];
    else inside = [...inside, each];
  }
  return failing !== void 0 && mayCommit(failing) ? [...kept2, ...inside] : kept2;
}
var endsInRollback = (statements) => statements.filter((each) => each.transaction !== void 0 && each.transaction !== "savepoint").at(-1)?.transaction === "rollback";
function isAtomic(file, splits) {
  const { statements, dialect = "postgresql" } = file;
  if (file.syntaxError !== void 0) return !splits;
  if (statements.some((each) => mayCommitItself(each, dialect))) return false;
  if (isWrapped(statements) || leavesOnlyOpenTransaction(statements)) return true;
  if (statements.some((each) => each.kind === "transaction")) return false;
  if (statements.length <= 1) return statements[0]?.kind !== "maintenance";
  return !splits && !statements.some((each) => each.kind === "maintenance");
}
var leavesOnlyOpenTransaction = (statements) => statements[0]?.transaction === "begin" && statements.slice(1).every(
  (each) => each.commits !== true && (each.kind !== "transaction" || each.transaction === "savepoint")
);

// src/guard/case.ts
var HIDDEN = "25P02";
var isHidden = (outcome2) => outcome2.sqlState === HIDDEN || outcome2.sqlState === void 0 && /current transaction is aborted/.test(outcome2.message ?? "");
function differences(before2, after2) {
  if (before2.fingerprint.digest === after2.fingerprint.digest) return [];
  const names = /* @__PURE__ */ new Set([
    ...Object.keys(before2.fingerprint.objects),
    ...Object.keys(after2.fingerprint.objects)
  ]);
  const found = [...names].filter((name) => before2.fingerprint.objects[name] !== after2.fingerprint.objects[name]).sort();
  return found.length > 0 ? found : ["the fingerprint as a whole"];
}
var newRows = (the) => {
  const known2 = new Set((the.before.history ?? []).map((row) => row.id));
  return (the.after?.history ?? []).filter((row) => !known2.has(row.id));
};
function lostRows(the) {
  const now = new Map((the.after?.history ?? []).map((row) => [row.id, row]));
  return (the.before.history ?? []).filter((then) => {
    const row = now.get(then.id);
    return row?.finishedAt !== then.finishedAt || row.rolledBackAt !== then.rolledBackAt;
  }).map((row) => row.name);
}
var shortList = (names) => names.length <= 8 ? names.join(", ") : `${names.slice(0, 8).join(", ")} and ${names.length - 8} more`;
var invalidIndexes = (the) => (the.after?.invalidIndexes ?? []).filter(
  (name) => !the.before.invalidIndexes.includes(name) && the.files.some((file) => mayBuild(file, name))
);
var UNNAMED = /\bcreate\s+(unique\s+)?index\s+concurrently\s+on\b|\breindex\b/i;
var mayBuild = (file, name) => file.syntaxError !== void 0 || file.statements.some((each) => each.kind === "opaque" || UNNAMED.test(each.text)) || namesIndex(file, name);
function namesIndex(file, name) {
  const bare = (name.split(".").at(-1) ?? name).replaceAll('"', "").toLowerCase();
  const plain2 = bare.replace(/_cc(?:new|old)\d*$/, "");
  return file.statements.some((each) => each.names.includes(bare) || each.names.includes(plain2));
}

// src/guard/locate.ts
function locateStatement(file, clues) {
  const { statements } = file;
  if (clues.replayed !== void 0) return { index: clues.replayed, foundBy: "replayed" };
  if (statements.length === 1) return { index: 0, foundBy: "only-statement" };
  return byNumber(statements, clues) ?? byPosition(statements, clues) ?? byWatched(statements, clues) ?? byName(statements, clues.message) ?? byElimination(statements, clues);
}
var ANSWERS_ONCE = /^(?:\s|--[^\n]*\n|#[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:select|insert|replace|update|delete|load|do|with|set|create|alter)\b/i;
function byNumber(statements, { statementNumber: statementNumber2 }) {
  if (statementNumber2 === void 0 || statementNumber2 > statements.length) return void 0;
  const earlier = statements.slice(0, statementNumber2 - 1);
  const counts = earlier.every((each) => each.kind !== "opaque" || ANSWERS_ONCE.test(each.text));
  return counts ? { index: statementNumber2 - 1, foundBy: "position" } : void 0;
}
function byPosition(statements, clues) {
  if (clues.position === void 0) return void 0;
  const offset = clues.position - 1;
  if (!clues.split) {
    const index2 = statements.findLastIndex((each) => each.offset <= offset);
    return index2 < 0 ? void 0 : { index: index2, foundBy: "position" };
  }
  const quoted = quotedNames(clues.message);
  const fitting2 = statements.flatMap((each, index2) => {
    const rest2 = each.text.slice(offset).replace(/^"/, "").toLowerCase();
    return quoted.some((name) => rest2.startsWith(lastPart(name))) ? [index2] : [];
  });
  const [index] = fitting2;
  return fitting2.length === 1 && index !== void 0 ? { index, foundBy: "position" } : void 0;
}
function byWatched(statements, clues) {
  if (!clues.split || clues.watched === void 0) return void 0;
  const seen = squeeze(clues.watched);
  const texts2 = statements.map((each) => squeeze(each.text));
  const fits = [
    (text) => text === seen,
    (text) => text.startsWith(seen) && seen.length > 20,
    (text) => seen.endsWith(text)
  ];
  for (const matches of fits) {
    const found = texts2.flatMap((text, index2) => text !== "" && matches(text) ? [index2] : []);
    const [index] = found;
    if (index !== void 0) return found.length === 1 ? { index, foundBy: "watched" } : void 0;
  }
  return void 0;
}
function byName(statements, message) {
  const quoted = quotedNames(message).map((name) => lastPart(name));
  if (quoted.length === 0) return void 0;
  const scores = statements.map((each) => quoted.filter((name) => each.names.includes(name)).length);
  const best = Math.max(...scores);
  if (best <= 0 || scores.filter((score) => score === best).length > 1) return void 0;
  return { index: scores.indexOf(best), foundBy: "named" };
}
function byElimination(statements, clues) {
  const last = clues.split ? lastSeen(statements, clues.differing ?? []) : -1;
  const left3 = statements.flatMap(
    (each, index2) => index2 > last && mayRaise(each, clues.sqlState) ? [index2] : []
  );
  const [index] = left3;
  const next2 = statements[last + 1];
  const stopped2 = clues.split && last >= 0 && index === last + 1 && next2?.kind === "schema" && !TOLERANT.test(next2.text);
  return index !== void 0 && (left3.length === 1 || stopped2) ? { index, foundBy: "named" } : void 0;
}
var lastSeen = (statements, differing) => Math.max(
  -1,
  ...differing.map((object) => {
    const name = lastPart(object.replace(/^.* /, "")).replaceAll('"', "").toLowerCase();
    const found = statements.flatMap((each, index) => each.names.includes(name) ? [index] : []);
    return found.length === 1 ? found[0] ?? -1 : -1;
  })
);
var TOLERANT = /\bif\s+(not\s+)?exists\b|\bor\s+replace\b/i;
var READS_ROWS = /^\s*(alter\s+(table|domain)|create\s+(unique\s+)?index|create\s+materialized|create\s+table\b[\s\S]*\bas\b|reindex|refresh)\b/i;
var CONSTRAINTS = {
  23502: /\b(not\s+null|primary\s+key|validate|identity)\b/i,
  23503: /\b(foreign\s+key|references|validate)\b/i,
  23505: /\b(unique|primary\s+key|reindex|refresh|attach)\b/i,
  23514: /\b(check|validate|attach|domain)\b/i
};
function mayRaise({ kind, text }, sqlState = "") {
  const bare = text.replace(/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, "");
  const active = kind === "write" || kind === "opaque" || kind === "read";
  const needed = CONSTRAINTS[sqlState];
  if (/^2[23]/.test(sqlState))
    return kind === "write" || kind === "opaque" || (active || READS_ROWS.test(bare)) && (needed?.test(bare) ?? true);
  if (sqlState === "P0001") return kind === "write" || kind === "opaque";
  if (sqlState === "2BP01") return /\b(drop|revoke)\b/i.test(bare);
  if (sqlState === "25001") return kind === "maintenance";
  return true;
}
var quotedNames = (message) => [...message.matchAll(/"([^"]{1,128})"/g)].flatMap(
  ([, name]) => name === void 0 ? [] : [name.toLowerCase()]
);
var lastPart = (name) => name.split(".").at(-1) ?? name;
var squeeze = (sql) => sql.replace(/\s+/g, " ").replace(/;\s*$/, "").trim();

// src/guard/migration-error.ts
function migrationError(the, open, file, reasons) {
  if (the.replayed !== void 0) return { code: the.replayed.code, message: the.replayed.message };
  const { outcome: outcome2 } = the;
  const fromLogs = open?.logs?.match(/(?:ERROR:|^Database error:\s*\n)\s*(?!ERROR:)([^\n]+)/m)?.[1]?.trim();
  const code2 = outcome2.sqlState ?? (outcome2.code === "P3018" ? void 0 : outcome2.code);
  if (code2 === void 0 && outcome2.message === void 0 && file !== void 0 && leavesTransactionOpen(file.statements)) {
    return { code: void 0, message: uncommitted(file) };
  }
  return {
    code: code2 ?? outcome2.code,
    message: outcome2.message ?? fromLogs ?? reasons[0] ?? "prisma migrate deploy did not finish"
  };
}
var uncommitted = ({ statements }) => statements.some((each) => each.transaction === "begin") ? "the file opens a transaction with BEGIN and never commits it; the server undid everything after the BEGIN, while Prisma reported success" : "the file switches autocommit off and never commits; the server undid what was not committed at its end, while Prisma reported success";

// src/domain/row-risk.ts
var DESTROYS2 = /\b(drop|truncate|type|using)\b/i;
var UNSEEN2 = /\b(restart|refresh|setval|lo_\w+|loread|lowrite|large\s+object|password|user\s+mapping|subscription|pg_stat_reset\w*)\b/i;
var rebuilds2 = (statements) => {
  const schema = statements.filter((each) => each.kind === "schema");
  return schema.length > 1 || schema.some((each) => /\bdrop\b[\s\S]*\badd\b/i.test(each.text));
};
function atRisk(statements, dialect = "postgresql") {
  if (dialect === "mysql") return atRiskOnMysql(statements);
  const builds = rebuilds2(statements);
  return statements.filter(
    (each) => each.kind === "write" || each.kind === "opaque" || each.kind === "schema" && (UNSEEN2.test(each.text) || builds && DESTROYS2.test(each.text))
  );
}
var INDIRECT = /\b(drop|execute|perform|call)\b/i;
function uncounted(statements, dialect = "postgresql") {
  if (dialect === "mysql") return uncountedOnMysql(statements);
  const builds = rebuilds2(statements);
  return statements.filter((each) => {
    if (UNSEEN2.test(each.text)) return each.kind === "opaque" || each.kind === "schema";
    if (each.kind === "opaque") return !/^\s*(?:do|notify)\b/i.test(each.text) || INDIRECT.test(each.text);
    return each.kind === "schema" && builds && /\bdrop\b/i.test(each.text);
  });
}
var mayOutliveRollback = (statement, dialect = "postgresql") => dialect === "mysql" ? mayOutliveFailure(statement) : statement?.kind === "opaque" && /\b(call|do|commit|setval|dblink\w*)\b/i.test(statement.text);

// src/guard/rows.ts
var unchanged = (...evidence2) => ({ state: "unchanged", evidence: evidence2 });
var unknown = (...evidence2) => ({ state: "unknown", evidence: evidence2 });
function rowEvidence(the, file, found) {
  const written = writtenTables(the);
  const quiet = written.length === 0 && countersHold(the) && the.exactCounters;
  if (quiet && isCounted(the, file)) return unchanged("no table counted a write since the restore point");
  if (file === void 0) return unknown("the failing file is not known");
  if (leaks(the)) return leakedRows(the);
  if (file.syntaxError === void 0 && atRisk(file.statements, file.dialect).length === 0 && !mayHaveCrashed(the))
    return unchanged("the file has no statement that changes rows");
  if (!serverReported(the)) {
    const moved = written.length === 0 ? [] : [`tables were written to since the restore point: ${shortList(written)}`];
    return unknown("nobody saw how the statement ended on the server", ...moved);
  }
  if (ranAsOne(the, file))
    return unchanged("the file ran as one transaction, and the server reported its failure");
  if (refusedAsBatch(the, file))
    return unchanged("the server refused the file as one transaction, so nothing of it was kept");
  if (refusedUnread(the, file))
    return unchanged("the server refused the first statement of the file as a mistake in the SQL");
  return partialRows(the, file, found, written);
}
var mayHaveCrashed = (the) => !serverReported(the) && [the.before, the.after].some((each) => each?.withoutRollback !== void 0);
var UNPARSED = "1064";
var refusedUnread = ({ outcome: outcome2 }, { dialect, syntaxError }) => dialect === "mysql" && syntaxError?.first === true && outcome2.sqlState === UNPARSED && outcome2.statementNumber === 1;
var wasNotParsed = ({ outcome: outcome2 }, { dialect }, { text }) => dialect === "mysql" && outcome2.sqlState === UNPARSED && !/\b(?:call|execute)\b/i.test(text);
function isCounted({ files }, file) {
  if (file === void 0)
    return !files.some(({ statements }) => statements.some((each) => each.elsewhere === true));
  if (file.dialect === "mysql" && file.syntaxError !== void 0) return false;
  return uncounted(file.statements, file.dialect).length === 0;
}
var refusedAsBatch = ({ outcome: outcome2 }, { statements }) => outcome2.sqlState === "25001" && /cannot run inside a transaction block/.test(outcome2.message ?? "") && statements.length > 1 && !statements.some((each) => each.kind === "transaction" || each.kind === "opaque");
var leaks = ({ files }) => {
  const first = files.findIndex((each) => leavesTransactionOpen(each.statements));
  return first >= 0 && files.slice(first + 1).some(
    (each) => each.syntaxError !== void 0 || each.statements.some(({ kind, commits }) => kind === "transaction" || commits === true)
  );
};
var leakedRows = ({ files }) => files.some((each) => each.syntaxError !== void 0) || atRisk(
  files.flatMap((each) => each.statements),
  files[0]?.dialect
).length > 0 ? unknown("a file leaves its transaction open, so the history does not tell which files ran") : unchanged("no pending file has a statement that changes rows");
var ranAsOne = (the, file) => isAtomic(file, the.splits) && (file.syntaxError === void 0 || the.outcome.sqlState === "42601");
function partialRows(the, file, found, written) {
  if (found === void 0)
    return unknown("statements of the file were committed one by one, and which one failed is not known");
  const failed2 = file.statements[found.index];
  const ran = failed2 !== void 0 && wasNotParsed(the, file, failed2) ? void 0 : failed2;
  const sent = file.statements.slice(0, found.index);
  const before2 = file.dialect === "mysql" ? keptBefore(sent, ran) : sent;
  const earlier = atRisk(before2, file.dialect);
  const tables = written.map((name) => name.split(".").at(-1)?.replaceAll('"', "").toLowerCase() ?? name);
  const hit = earlier.find(
    (each) => each.kind === "write" && each.names.some((name) => tables.includes(name))
  );
  if (hit !== void 0 && found.foundBy !== "named")
    return {
      state: "changed",
      evidence: [`line ${hit.line} was committed before the failure: ${hit.label}`]
    };
  if (!isSure(the, file, found))
    return unknown("the file was committed piece by piece, and the failing statement is only likely");
  if (earlier.length === 0 && !mayOutliveRollback(ran, file.dialect))
    return unchanged("no statement before the failing one changes rows");
  return unknown("statements before the failing one may have changed rows");
}
var SEEN_FOR_SURE_MS = 3e3;
function isSure(the, file, { foundBy }) {
  if (foundBy !== "watched") return foundBy !== "named";
  const { sqlState, message = "" } = the.outcome;
  const limit2 = sqlState === "55P03" ? the.limits?.lockTimeoutMs : sqlState === "57014" && /statement timeout/.test(message) ? the.limits?.statementTimeoutMs : void 0;
  return (limit2 ?? 0) >= SEEN_FOR_SURE_MS && !file.statements.some((each) => each.kind === "session");
}
var serverReported = ({ outcome: outcome2, stopReason }) => stopReason !== "watch-lost" && (outcome2.code === "P3018" && outcome2.sqlState !== void 0 || outcome2.sqlState === HIDDEN);
var NONE = { inserted: 0, updated: 0, deleted: 0 };
function writtenTables(the) {
  const after2 = the.after?.writes ?? {};
  const names = /* @__PURE__ */ new Set([...Object.keys(the.before.writes), ...Object.keys(after2)]);
  names.delete(WHOLE_SERVER);
  return [...names].filter((table2) => {
    const then = the.before.writes[table2] ?? NONE;
    const now = after2[table2];
    return now === void 0 || now.inserted !== then.inserted || now.updated !== then.updated || now.deleted !== then.deleted || then.file !== void 0 && now.file !== then.file;
  });
}
var countersHold = (the) => serverReported(the) || Object.entries(the.before.writes).some(
  ([name, each]) => name !== WHOLE_SERVER && each.inserted + each.updated + each.deleted > 0
);

// src/domain/reach.ts
var isNamed = ({ names }, objects) => objects.some((object) => names.some((name) => object.endsWith(`.${name}`)));
var kept = (objects, kind) => objects.filter((object) => object.startsWith(kind)).map((object) => object.replaceAll('"', "").toLowerCase());
function withReach(file, around) {
  const views = kept(around.objects, "view ");
  const hasTriggers = around.objects.some((object) => object.startsWith("trigger "));
  const fragile = kept(around.withoutRollback, "");
  const reached = (each) => {
    const isThroughView = isNamed(each, views);
    if (each.kind === "read") return isThroughView ? { ...each, kind: "opaque" } : each;
    if (each.kind !== "write" || file.dialect !== "mysql") return each;
    const isIndirect = isThroughView || hasTriggers && each.commits !== true;
    const mayKeepPart = each.elsewhere === true || fragile.length > 0 && (isIndirect || isNamed(each, fragile));
    return {
      ...each,
      ...isIndirect ? { elsewhere: true } : {},
      ...mayKeepPart ? { keepsPart: true } : {}
    };
  };
  return { ...file, statements: file.statements.map(reached) };
}

// src/guard/surroundings.ts
function withSurroundings(the) {
  const sides = [the.before, ...the.after === void 0 ? [] : [the.after]];
  const around = {
    objects: sides.flatMap(({ fingerprint }) => Object.keys(fingerprint.objects)),
    withoutRollback: sides.flatMap((each) => each.withoutRollback ?? [])
  };
  return { ...the, files: the.files.map((file) => withReach(file, around)) };
}

// src/guard/judge.ts
var LOCK_CODES = /* @__PURE__ */ new Set(["55P03", "40P01", "1205", "1213"]);
function judge(given) {
  const the = withSurroundings(given);
  const rows = newRows(the);
  const applied4 = the.pending.map((each) => each.name).filter((name) => rows.some((row) => row.name === name && isApplied(row)));
  const complete = completion(the, applied4, rows);
  if (complete.length === 0 && the.after !== void 0) return good(applied4);
  const open = rows.find(isOpen);
  const failed2 = failedName(the, open, applied4);
  const file = the.files.find((each) => each.migration === failed2);
  const error2 = migrationError(the, open, file, complete);
  const started = open !== void 0 || applied4.includes(failed2 ?? "");
  const isTold = the.outcome.migration === void 0 || the.outcome.migration === failed2;
  const found = file === void 0 || !started || !isTold ? void 0 : locate(the, file, error2);
  const judged = stateOf2(the, { applied: applied4, open, file, found });
  const statement = file === void 0 || found === void 0 ? void 0 : failedStatement(the, file, found);
  return {
    ok: false,
    state: judged.state,
    applied: applied4,
    failedMigration: failed2,
    error: error2,
    statement,
    evidence: [...complete, ...judged.evidence],
    openRow: open !== void 0,
    retryable: judged.state === "unchanged" && the.stopReason === void 0 && LOCK_CODES.has(error2.code ?? "")
  };
}
var good = (applied4) => ({
  ok: true,
  state: "changed",
  applied: applied4,
  failedMigration: void 0,
  error: void 0,
  statement: void 0,
  evidence: [
    "every pending migration is finished in the history",
    "no failed row, no invalid index, no session of the migration left"
  ],
  openRow: false,
  retryable: false
});
function completion(the, applied4, rows) {
  if (the.after === void 0) return ["the database could not be asked after the migration"];
  const missing = the.pending.filter((each) => !applied4.includes(each.name));
  const undone2 = undoneByRollback(the, applied4);
  return [
    ...missing.slice(0, 5).map((each) => `migration ${each.name} is not finished in the history`),
    ...rows.filter(isOpen).filter((row) => !missing.some((each) => each.name === row.name)).map((row) => `migration ${row.name} has an unfinished row`),
    ...invalidIndexes(the).map((name) => `index ${name} is invalid`),
    ...(the.activity?.ours.length ?? 1) > 0 ? ["a session of the migration is still at work"] : [],
    ...undone2 === void 0 ? [] : [`migration ${undone2} ends in ROLLBACK: recorded as applied, but the server undid it`]
  ];
}
var undoneByRollback = (the, applied4) => the.after?.fingerprint.digest === the.before.fingerprint.digest ? the.files.find(
  (file) => applied4.includes(file.migration) && endsInRollback(file.statements) && // What commits by itself, as on MySQL, no ROLLBACK undoes.
  file.statements.some((each) => each.kind === "schema" && each.commits !== true)
)?.migration : void 0;
var failedName = (the, open, applied4) => open?.name ?? the.outcome.migration ?? undoneByRollback(the, applied4) ?? (stoppedBefore(the) ? void 0 : the.pending.find((each) => !applied4.includes(each.name))?.name);
var stoppedBefore = (the) => the.after !== void 0 && newRows(the).every(({ rolledBackAt }) => rolledBackAt !== null) && the.outcome.message !== void 0;
var locate = (the, file, error2) => locateStatement(file, {
  position: the.replayed === void 0 ? the.outcome.position : void 0,
  statementNumber: the.outcome.statementNumber,
  message: error2.message,
  watched: the.watched,
  replayed: the.replayed?.index,
  split: the.splits && !file.statements.some((each) => each.kind === "transaction"),
  sqlState: error2.code,
  differing: the.after === void 0 ? [] : differences(the.before, the.after)
});
function failedStatement(the, file, found) {
  const statement = file.statements[found.index];
  if (statement === void 0) return void 0;
  const path4 = the.pending.find((each) => each.name === file.migration)?.path ?? file.migration;
  return {
    migration: file.migration,
    path: path4,
    line: statement.line,
    text: statement.text.slice(0, 2e3),
    foundBy: found.foundBy
  };
}
var changed = (evidence2) => ({ state: "changed", evidence: [evidence2] });
var mayBeAtWork = (the) => the.files.some(({ dialect }) => dialect === "mysql") && !serverReported(the) && (the.activity?.advisoryLockHolders.length ?? 0) > 0;
function stateOf2(the, about) {
  if (the.after === void 0) return { state: "unknown", evidence: [] };
  if ((the.activity?.ours.length ?? 1) > 0)
    return { state: "unknown", evidence: ["a session of the migration may still change the database"] };
  const differing = differences(the.before, the.after);
  if (differing.length > 0)
    return changed(`the schema differs from the restore point: ${shortList(differing)}`);
  const lost = lostRows(the);
  if (lost.length > 0) return changed(`rows of the history are gone or were rewritten: ${shortList(lost)}`);
  const finished = newRows(the).filter(isApplied).map((row) => row.name);
  if (finished.length > 0)
    return changed(`recorded as applied since the restore point: ${shortList(finished)}`);
  const same = "the schema is the one of the restore point";
  if (about.open === void 0) {
    return {
      state: "unchanged",
      evidence: [same, "no pending migration was started (no row in the history)"]
    };
  }
  if (mayBeAtWork(the))
    return {
      state: "unknown",
      evidence: [same, "a session holds Prisma’s lock that may be the one of the migration, still at work"]
    };
  const rows = rowEvidence(the, about.file, about.found);
  return { state: rows.state, evidence: [same, ...rows.evidence] };
}

// src/guard/steps/restore.ts
async function requestRestore(guard, order2, deadline) {
  if (order2.found !== void 0) return takeFound(guard, order2.found);
  const { snapshot } = order2;
  const restored3 = snapshot === void 0 ? await restoreToTime(guard, order2, deadline) : await restoreFromSnapshot(guard, order2, snapshot);
  const { identifier, arn, resourceId } = restored3;
  guard.emit({ type: "restore-requested", identifier, arn, resourceId });
  return `RDS accepted the restore of ${identifier} to ${snapshot?.identifier ?? order2.time}`;
}
async function restoreToTime(guard, order2, deadline) {
  const { source, time, identity } = order2;
  const recovery = await guard.ports.recovery();
  const wanted = Date.parse(time);
  if (order2.isRetained !== true) await awaitLog(guard, order2, wanted, deadline);
  const ours = ourTags(identity, {
    sourceResourceId: source.resourceId,
    phase: "restoring",
    restoreTime: time
  });
  const tags = mergedTags(source.tags, { ...ours, ...order2.tags });
  const sourceBy = order2.sourceBy ?? "identifier";
  return recovery.restoreToTime({ source, sourceBy, identifier: order2.identifier, time, tags });
}
async function awaitLog(guard, { source, time, isBrief }, wanted, deadline) {
  const recovery = await guard.ports.recovery();
  const waited = await waitUntil({
    clock: guard.ports.clock,
    signal: guard.options.cancelled,
    deadline,
    look: () => recovery.instance(source.identifier),
    until: (seen) => (seen?.latestRestorableTime ?? 0) > wanted
  });
  if (waited.end === "reached") return;
  const late = isBrief === true ? "restore-later" : "restore-timeout";
  throw new GuardError(
    problem(
      waited.end === "cancelled" ? "cancelled" : late,
      "LatestRestorableTime has not passed the restore point yet",
      { instance: source.identifier, restoreTime: time, timeout: guard.request.restoreTimeoutMs }
    )
  );
}

// src/domain/outcome.ts
var BACK = /* @__PURE__ */ new Set(["rollback", "promote"]);
function reportedState(run) {
  if (run.restore?.differences?.length === 0) return "restored";
  if (run.verdict !== void 0) return run.verdict.state;
  if (run.status !== "refused" && BACK.has(run.request?.mode ?? "deploy")) return "unknown";
  const inherited = run.problems.some((each) => each.code === "predecessor-unresolved");
  return run.rounds > 0 || inherited ? "unknown" : "unchanged";
}
function isGood({ status, restore, problems: problems3 }, mode) {
  switch (mode) {
    case "rollback":
    case "promote":
      return status === "promoted" || status === "restoring" && problems3.length === 0 || status === "restored" && restore?.differences?.length === 0;
    default:
      return status === "applied" || status === "up-to-date" || status === "planned";
  }
}
var isProductionGone = (run) => run.goal?.origin?.is === "deleted" && run.instance === void 0;

// src/guard/steps/commands.ts
async function runCommand(guard, input, script) {
  const { run } = guard;
  const commands = await guard.ports.commands();
  const end = await commands.run(script, {
    GUARDED_MIGRATE_DATABASE_STATE: reportedState(run),
    GUARDED_MIGRATE_RESULT: run.verdict === void 0 ? "pending" : run.verdict.ok ? "applied" : "failed",
    GUARDED_MIGRATE_RESTORE_TIME: run.restorePoint?.time ?? ""
  });
  if (end.exitCode === 0) return "exit code 0";
  throw new GuardError(
    problem("command-failed", `${input} ended with exit code ${end.exitCode}`, {
      command: input,
      exitCode: end.exitCode,
      output: end.tail
    })
  );
}

// src/guard/stop.ts
var PACE_MS = 100;
var CANCEL_FOR_MS = 4e3;
var TERMINATE_FOR_MS = 3e3;
var CLI_GRACE_MS = 1500;
async function stopMigration(clock, session, applicationName2, cli) {
  const start = clock.now();
  const terminate = { applicationName: applicationName2, how: "terminate", budgetMs: TERMINATE_FOR_MS };
  await silence(clock, session, {
    applicationName: applicationName2,
    how: "cancel",
    budgetMs: CANCEL_FOR_MS,
    ended: cli?.ended
  });
  await silence(clock, session, terminate);
  await cli?.kill(CLI_GRACE_MS);
  await silence(clock, session, terminate);
  return { activity: await session.activity(applicationName2), tookMs: clock.now() - start };
}
async function silence(clock, session, { applicationName: applicationName2, how, budgetMs, ended: ended2 }) {
  const deadline = clock.now() + budgetMs;
  const over = new AbortController();
  void ended2?.then(() => over.abort());
  for (; ; ) {
    const { ours } = await session.activity(applicationName2);
    const busy = how === "cancel" ? ours.filter((each) => each.state !== "idle") : ours;
    if (busy.length === 0 && (how === "terminate" || ours.length === 0 || over.signal.aborted)) return;
    if (busy.length > 0) await session.intervene.stop(applicationName2, how);
    if (clock.now() >= deadline) return;
    await clock.sleep(PACE_MS);
  }
}
async function settle2(clock, session, applicationName2) {
  const deadline = clock.now() + CANCEL_FOR_MS;
  for (; ; ) {
    const activity = await session.activity(applicationName2);
    if (activity.ours.length === 0) return activity;
    if (clock.now() >= deadline)
      return (await stopMigration(clock, session, applicationName2, void 0)).activity;
    await clock.sleep(PACE_MS);
  }
}

// src/domain/prisma-output.ts
var ADVISORY_LOCK = "72707369";
var WORDINGS = [
  [/current transaction is aborted, commands ignored/, "25P02"],
  [/canceling statement due to lock timeout/, "55P03"],
  [/canceling statement due to (?:statement timeout|user request)/, "57014"],
  [/terminating connection due to administrator command/, "57P01"],
  [/deadlock detected/, "40P01"],
  [/^(?:\w+:\s*)*(?:db error: )?(?:ERROR:\s*)?(?:permission denied for|must be owner of) /, "42501"],
  [/cannot execute .+ in a read-only transaction/, "25006"]
];
var LOCK_TIMEOUTS = /* @__PURE__ */ new Set(["55P03", "1205"]);
var ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
var withoutColours = (text) => text.replace(ANSI, "");
function readPrismaOutput(output) {
  const text = withoutColours(output).replaceAll("\r\n", "\n");
  const start = errorStart(text);
  if (start === void 0) {
    return /All migrations have been successfully applied|No pending migrations to apply/.test(text) ? {} : compact({ migration: lastBegun(text) });
  }
  const error2 = text.slice(start);
  const code2 = error2.match(/^Error: (?:\w*Error: )?(P\d{4})\b/)?.[1] ?? error2.match(/^Error code: (P\d{4})$/m)?.[1];
  return code2 === "P3018" ? scriptFailure(error2, code2) : otherFailure(error2, code2, lastBegun(text));
}
function errorStart(text) {
  const match = /^Error: (?:\w*Error: )?P\d{4}\b/m.exec(text) ?? /^Error: (?=ERROR:|db error)/m.exec(text) ?? /^(?:Error:|Failed to (?:load|parse) )/m.exec(text);
  return match?.index;
}
var lastBegun = (text) => [...text.matchAll(/^Applying migration `([^`\n]+)`/gm)].at(-1)?.[1];
function scriptFailure(error2, code2) {
  const head = error2.slice(0, error2.search(/^Database error:/m) + 1 || void 0);
  const body2 = error2.match(/^Database error:\s*\n?([\s\S]*)$/m)?.[1] ?? "";
  const stated = head.match(/^Database error code: (.+)$/m)?.[1]?.trim();
  const spoken = serverMessage(body2);
  const sqlState = stated !== void 0 && /^(?:[0-9A-Z]{5}|\d{4})$/.test(stated) ? stated : wordingState(body2);
  return compact({
    code: code2,
    sqlState,
    migration: head.match(/^Migration name: (.+)$/m)?.[1]?.trim(),
    ...spoken,
    ...debugFields(body2),
    statementNumber: statementNumber(body2),
    lockTimeout: LOCK_TIMEOUTS.has(sqlState) ? true : void 0
  });
}
function statementNumber(body2) {
  const said2 = body2.match(/^\s*Please check the query number (\d{1,9}) from the migration file\.$/m)?.[1];
  return said2 === void 0 || Number(said2) === 0 ? void 0 : Number(said2);
}
function serverMessage(body2) {
  const end = body2.search(/\n+(?:Position:|DbError \{|Please check the query number)/);
  const said2 = (end < 0 ? body2 : body2.slice(0, end)).trim();
  const [first = ""] = said2.split("\n");
  return compact({
    message: withoutSeverity(first) || void 0,
    detail: said2.match(/^DETAIL:\s*(.+)$/m)?.[1],
    hint: said2.match(/^HINT:\s*(.+)$/m)?.[1]
  });
}
function debugFields(body2) {
  const at = body2.lastIndexOf("DbError {");
  if (at < 0) return {};
  const debug = body2.slice(at);
  const text = (name) => unescaped(debug.match(new RegExp(`[{,] ${name}: Some\\("((?:[^"\\\\]|\\\\.)*)"\\)`))?.[1]);
  const position = Number(debug.match(/, position: Some\(Original\((\d+)\)\)/)?.[1]);
  return compact({
    position: Number.isSafeInteger(position) && position > 0 ? position : void 0,
    constraint: text("constraint"),
    table: text("table"),
    detail: text("detail"),
    hint: text("hint")
  });
}
function otherFailure(error2, code2, begun) {
  const message = failureMessage(error2);
  const sqlState = wordingState(message ?? "");
  const advisory = code2 === "P1002" && error2.includes(ADVISORY_LOCK);
  const named = error2.match(/with migration_name="([^"\n]+)"/)?.[1] ?? error2.match(/^The `([^`\n]+)` migration started/m)?.[1];
  return compact({
    code: code2,
    sqlState,
    migration: named ?? begun,
    message,
    lockTimeout: advisory || sqlState === "55P03" ? true : void 0
  });
}
function failureMessage(error2) {
  const lines2 = error2.split("\n").map(
    (line2) => line2.replace(/^Error: /, "").replace(/^Schema engine error:/, "").trimStart().replace(/^(?:\w*Error: )?P\d{4}(?::\s*|$)/, "").trim()
  ).filter((line2) => line2 !== "" && !/^Error code:/.test(line2) && !/^Prisma schema validation/.test(line2));
  const [first] = lines2;
  return first === void 0 ? void 0 : withoutSeverity(first.replace(/^error: /, ""));
}
var withoutSeverity = (line2) => line2.replace(/^(?:db error: )?(?:ERROR|FATAL|PANIC):\s*/, "").trim();
var wordingState = (text) => WORDINGS.find(([wording]) => wording.test(text.split("\n")[0] ?? ""))?.[1];
var unescaped = (text) => text?.replace(/\\(["'\\])/g, "$1").replace(/\\n/g, "\n");
function compact(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== void 0));
}

// src/guard/weigh.ts
async function weigh(guard, order2, watched, reconnectMs = RECONNECT_FOR_MS) {
  const seen = await lookAfterwards(guard, order2, reconnectMs);
  const base = {
    before: order2.point.state,
    after: seen.after,
    activity: seen.activity,
    pending: order2.pending,
    files: order2.files,
    splits: order2.project.splitsStatements,
    outcome: readPrismaOutput(watched.end.output),
    stopReason: watched.stopReason,
    watched: watched.lastQuery,
    replayed: void 0,
    limits: guard.request,
    exactCounters: guard.run.database?.exactCounters ?? false
  };
  const verdict = judge(base);
  const replayed2 = needsReplay(verdict, base) ? await replay(guard, order2, base, verdict) : void 0;
  const judged = replayed2 === void 0 ? verdict : judge({ ...base, replayed: replayed2 });
  return explainLimit(explainStop(judged, watched.stopReason), guard.run.enforced);
}
function explainStop(verdict, reason) {
  if (verdict.ok || verdict.error === void 0 || reason === void 0) return verdict;
  if (reason === "migration-timeout")
    return {
      ...verdict,
      error: {
        ...verdict.error,
        message: `migration-timeout passed and the guard stopped the migration (${verdict.error.message})`
      }
    };
  if (reason === "lock-taken")
    return {
      ...verdict,
      error: {
        ...verdict.error,
        message: `another session held Prisma’s lock and the guard stopped the migration (${verdict.error.message})`
      }
    };
  if (reason === "cancelled")
    return {
      ...verdict,
      error: {
        ...verdict.error,
        message: `the job was cancelled and the guard stopped the migration (${verdict.error.message})`
      }
    };
  return verdict;
}
var INTERRUPTED = "1317";
function explainLimit(verdict, limit2) {
  if (limit2 === void 0 || verdict.error?.code !== INTERRUPTED) return verdict;
  const message = `${limit2} passed and the guard cancelled the statement (${verdict.error.message})`;
  const retryable = limit2 === "lock-timeout" && verdict.state === "unchanged";
  return { ...verdict, error: { ...verdict.error, message }, retryable };
}
var RECONNECT_FOR_MS = 18e4;
var HURRIED_MS2 = 2e3;
async function lookAfterwards(guard, order2, reconnectMs) {
  const { clock } = guard.ports;
  const budget = guard.options.cancelled.aborted ? Math.min(HURRIED_MS2, reconnectMs) : reconnectMs;
  const deadline = clock.now() + budget;
  for (; ; ) {
    try {
      return await withSession(guard, order2.url, (session) => read(guard, session, order2));
    } catch {
      if (clock.now() >= deadline) return { after: void 0, activity: void 0 };
      await clock.sleep(1e3);
    }
  }
}
async function read(guard, session, order2) {
  const activity = await settle2(guard.ports.clock, session, applicationName(guard.options.identity));
  const after2 = await session.state();
  const leftovers = invalidIndexes({ before: order2.point.state, after: after2, files: order2.files }).filter(
    (name) => order2.files.some((file) => namesIndex(file, name))
  );
  if (leftovers.length === 0 || activity.ours.length > 0) return { after: after2, activity };
  for (const index of leftovers) {
    const dropped = await session.intervene.dropInvalidIndex(index).catch(() => false);
    if (dropped) guard.emit({ type: "leftover-removed", index });
  }
  return { after: await session.state(), activity };
}
async function withSession(guard, url, work) {
  const session = await (await guard.ports.engine()).connect(url, watchName(guard.options.identity));
  try {
    return await work(session);
  } finally {
    await session.close().catch(() => void 0);
  }
}
var TIMING_CODES = /* @__PURE__ */ new Set(["57014", "55P03", "40P01"]);
var REPLAY_FOR_MS = 2e3;
var REPLAY_LOCK_MS = 1e3;
var needsReplay = (verdict, { outcome: outcome2, stopReason, files, splits }) => {
  const file = files.find((each) => each.migration === verdict.failedMigration);
  if (verdict.ok || verdict.state !== "unchanged" || !verdict.openRow || stopReason !== void 0)
    return false;
  if (file === void 0 || file.syntaxError !== void 0 || !isAtomic(file, splits)) return false;
  if (file.statements.some((each) => each.kind === "opaque")) return false;
  if (TIMING_CODES.has(outcome2.sqlState ?? "")) return false;
  return isHidden(outcome2);
};
async function replay(guard, order2, { files }, verdict) {
  const file = files.find((each) => each.migration === verdict.failedMigration);
  const kept2 = (file?.statements ?? []).flatMap(
    (each, index) => each.kind === "transaction" ? [] : [{ text: each.text, index }]
  );
  try {
    const found = await withSession(
      guard,
      order2.url,
      (session) => session.intervene.replay(
        kept2.map((each) => each.text),
        { totalMs: REPLAY_FOR_MS, lockMs: REPLAY_LOCK_MS }
      )
    );
    const index = found === void 0 ? void 0 : kept2[found.index]?.index;
    return found === void 0 || index === void 0 || TIMING_CODES.has(found.code) ? void 0 : { ...found, index };
  } catch (error2) {
    guard.emit({
      type: "migrator-line",
      line: `the hidden error could not be found again: ${firstProblem(error2).detail}`
    });
    return void 0;
  }
}

// src/guard/steps/migrate.ts
async function markRolledBack(guard, order2, migration2) {
  if (migration2 === void 0) return false;
  const end = await (await guard.ports.migrator()).markRolledBack(
    order2.project,
    order2.environment,
    migration2
  );
  if (end.exitCode !== 0) {
    guard.warn("resolve-failed", {
      migration: migration2,
      detail: end.output.split("\n").slice(-5).join(" ").slice(0, 300)
    });
    return false;
  }
  guard.emit({ type: "marked-rolled-back", migration: migration2 });
  return true;
}

// src/guard/aftermath.ts
async function attemptAfter(guard) {
  const script = guard.request.afterCommand;
  if (guard.options.cancelled.aborted) return;
  if (script === void 0 || guard.run.steps.find((each) => each.kind === "after-command")?.state !== "not-reached")
    return;
  const failure3 = await attemptStep(guard, "after-command", () => runCommand(guard, "after-command", script));
  if (failure3 !== void 0)
    guard.warn("after-command-failed", { detail: failure3.detail, output: failure3.fields.output ?? "" });
}
function migrationProblem(guard, verdict) {
  const reason = guard.run.stopReason;
  const code2 = reason === "migration-timeout" ? "migration-timeout" : reason === "cancelled" ? "cancelled" : "migration-failed";
  return problem(code2, verdict.error?.message ?? "the migration did not finish", {
    migration: verdict.failedMigration,
    code: verdict.error?.code,
    timeout: guard.request.migrationTimeoutMs
  });
}
var wantsRestore = (guard, verdict) => {
  const policy = guard.request.onFailure;
  return policy === "restore-always" || policy === "restore" && verdict.state !== "unchanged";
};
var failedPhase = (verdict) => verdict.state === "unchanged" ? "unchanged" : "failed";
async function freeNextDeploy(guard, order2, verdict) {
  const migration2 = verdict.failedMigration;
  if (verdict.state !== "unchanged" || !verdict.openRow) return;
  await markRolledBack(guard, order2, migration2);
}
async function alertOnce(guard) {
  if (guard.run.notified.some((each) => each.about === "failure" && each.delivered)) return;
  if (!isPlanned(guard, "alert")) return void await tell(guard, "failure");
  await attemptStep(guard, "alert", async () => void await tell(guard, "failure"));
}

// src/guard/back/post-promotion.ts
async function nudgePromotion(guard) {
  try {
    const pair = await pairOf2(guard);
    if (pair === void 0) return void 0;
    return pair.by === "proxy" ? await sendOn(guard, pair) : await nudge(guard, pair);
  } catch (error2) {
    const { detail } = firstProblem(error2);
    guard.emit({ type: "refused", problems: [firstProblem(error2)] });
    return {
      line: `The promotion of ${guard.request.instance} is half done, and AWS was of no help: ${detail}. ${AGAIN}`,
      acted: false
    };
  }
}
var AGAIN = "Run mode: promote again with the same inputs: it goes on from here.";
async function finishPromotion(guard) {
  await nudgePromotion(guard);
  await tell(guard, "end");
  return "cancelled";
}
async function pairOf2(guard) {
  const { promotion } = guard.run;
  if (promotion !== void 0) {
    const { phase, outageFrom: _, outageUntil: __, ...pair } = promotion;
    const half = phase === "parking" || phase === "outage" || phase === "taking-over";
    return half ? { ...pair, run: runTag(guard.options.identity) } : void 0;
  }
  if (guard.request.promote === "never" && guard.request.mode !== "promote") return void 0;
  if (guard.run.plan !== void 0) return void 0;
  const found = findPair(await (await guard.ports.fleet()).all(), guard.request.instance);
  return found?.phases.includes("promoting") === true ? found : void 0;
}
var nothingToProve = async () => {
  throw new Error("the post step asks the database nothing");
};
var WAIT_MS = 25e3;
async function nudge(guard, pair) {
  const { clock } = guard.ports;
  const phase = guard.run.promotion?.phase;
  const { seen } = await waitUntil({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + WAIT_MS,
    look: () => tickOnce(guard, pair, phase === "parking" || phase === "outage"),
    until: ({ isLeaving }) => !isLeaving
  });
  return seen.nudged;
}
async function tickOnce(guard, pair, wasAsked) {
  const goal = guard.request.promote === "undo" ? "old-serves" : "new-serves";
  const seen = await look(guard, pair);
  const source = seen.old ?? seen.new;
  if (source === void 0)
    return still({ line: `Both databases of the promotion of ${pair.production} are gone.`, acted: false });
  const loser = goal === "new-serves" ? seen.old : seen.new;
  const isLeaving = loser !== void 0 && (isRenaming(loser) || wasAsked && loser.identifier === pair.production);
  const cutover = { pair, goal, source, url: nothingToProve, since: void 0 };
  const nobody = [seen.old, seen.new].every((each) => each?.identifier !== pair.production);
  if (!nobody)
    return { nudged: { line: `${serving(seen.old, seen.new, pair)} ${AGAIN}`, acted: false }, isLeaving };
  const action = await new Dance(guard, cutover).tick(goal === "new-serves" ? "new" : "old");
  const acted = action.do === "wait" && action.asked === true;
  const line2 = acted ? `Nobody had the name ${pair.production}; the rename that ends this is requested and takes about ten minutes. ${AGAIN}` : `Nobody has the name ${pair.production} at this moment${action.do === "wait" ? ` (${action.why})` : ""}. ${AGAIN}`;
  return { nudged: { line: line2, acted }, isLeaving: isLeaving && !acted };
}
var still = (nudged) => ({ nudged, isLeaving: false });
var serving = (old, fresh, pair) => {
  const which = old?.identifier === pair.production ? "old" : "restored";
  const status = (which === "old" ? old : fresh)?.status ?? "";
  return `${pair.production} is the ${which} database (${status}); the promotion is half done.`;
};
async function sendOn(guard, pair) {
  const between = await betweenTargets(guard, pair);
  const { old, new: fresh } = await look(guard, pair);
  const [to, from] = guard.request.promote === "undo" ? [old, fresh] : [fresh, old];
  if (between.length === 0 || to === void 0 || from === void 0)
    return {
      line: `The RDS Proxy of ${pair.production} is being sent from one database to the other. ${AGAIN}`,
      acted: false
    };
  const port = await guard.ports.proxies();
  for (const each of between) await port.retarget(each, from, to);
  const names = between.map(({ name }) => name).join(", ");
  return {
    line: `The RDS Proxy ${names} sent to nobody; AWS was asked to send it to ${to.identifier}. ${AGAIN}`,
    acted: true
  };
}

// src/guard/resume-judge.ts
var RECONNECT_FOR_MS2 = 15e3;
var CLI_GRACE_MS2 = 1e3;
async function settleLate(guard, remains) {
  const urls = await readUrls(guard);
  const environment = guardedEnvironment(urls, sessionLimits(guard, guard.run.database?.serverVersion ?? 0));
  const url = urlIn(urls, environment);
  const cli = (await guard.ports.migrator()).adopt(guard.run.migratorPid);
  if (guard.run.rounds === 0) guard.emit({ type: "migrator-started", pid: cli.pid, round: 1 });
  const known2 = guard.run.verdict;
  if (known2 !== void 0) await cli.kill(CLI_GRACE_MS2);
  const verdict = known2 ?? await judgeLate(guard, remains, { url, cli });
  return { verdict, environment, openRow: verdict.openRow && await rowIsOpen(guard, url, verdict) };
}
async function judgeLate(guard, remains, left3) {
  const reason = guard.run.stopReason ?? (guard.run.migrator === void 0 ? "cancelled" : void 0);
  if (reason !== void 0 && guard.run.stopReason === void 0) guard.emit({ type: "stopping", reason });
  await stopLate(guard, left3);
  const { plan, project, point } = remains;
  const order2 = {
    project,
    pending: plan.pending,
    files: await filesOf(guard, remains),
    url: left3.url,
    point
  };
  const seen = await weigh(guard, order2, seenBy(guard, reason), RECONNECT_FOR_MS2);
  const verdict = remains.isBlind === true && !seen.ok ? blindly(seen) : seen;
  guard.emit({ type: "verdict", verdict });
  if (!verdict.ok)
    guard.emit({ type: "step-failed", step: "migrate", problem: migrationProblem(guard, verdict) });
  return verdict;
}
var blindly = (verdict) => ({
  ...verdict,
  state: "unknown",
  evidence: ["neither a journal nor tags tell what the database was before the migration"]
});
var seenBy = ({ run }, stopReason) => ({
  end: run.migrator ?? { exitCode: null, signal: "SIGKILL", output: run.lines.join("\n") },
  stopReason,
  lastQuery: void 0
});
async function stopLate(guard, { url, cli }) {
  const name = applicationName(guard.options.identity);
  try {
    const session = await guardSession(guard, url);
    try {
      guard.emit({ type: "stopped", ...await stopMigration(guard.ports.clock, session, name, cli) });
      await mustBeAlone(guard, session);
    } finally {
      await session.close().catch(() => void 0);
    }
  } catch (error2) {
    if (isProblem(error2, "guard-running")) throw error2;
    await cli.kill(0);
  }
}
async function mustBeAlone({ options }, session) {
  const { held, holder: holder2 } = await session.intervene.lock();
  if (held || holder2 === void 0 || holder2.applicationName === watchName(options.identity)) return;
  const detail = "another guarded deploy began after this one was killed; it finishes what this one left";
  throw new GuardError(
    problem("guard-running", detail, { pid: holder2.pid, application: holder2.applicationName })
  );
}
async function filesOf(guard, { plan, project }) {
  const [migrator, parser] = await Promise.all([
    guard.ports.migrator(),
    guard.ports.parser(project.dialect ?? "postgresql")
  ]);
  const pending = plan.pending;
  const files = await Promise.allSettled(
    pending.map(async ({ name }) => parser.parse(name, await migrator.script(project, name)))
  );
  return files.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
}
async function rowIsOpen(guard, url, verdict) {
  try {
    const session = await guardSession(guard, url);
    try {
      const rows = await session.history() ?? [];
      return rows.some((row) => row.name === verdict.failedMigration && isOpen(row));
    } finally {
      await session.close().catch(() => void 0);
    }
  } catch {
    return true;
  }
}

// src/guard/resume-finish.ts
var LOG_FOR_MS = 15e3;
async function broken(guard, error2) {
  guard.emit({ type: "refused", problems: [firstProblem(error2)] });
  await alertOnce(guard);
  return "cancelled";
}
async function neverStarted(guard) {
  if (!guard.run.problems.some((each) => each.code === "cancelled")) {
    guard.emit({
      type: "refused",
      problems: [problem("cancelled", "the step was killed before the migration was started")]
    });
  }
  await alertOnce(guard);
  if (guard.run.restorePoint !== void 0) await tagPhase(guard, guard.run.snapshot?.arn, "unchanged");
  await attemptAfter(guard);
  return "cancelled";
}
async function finishLate(guard, remains) {
  const settled = await settleLate(guard, remains);
  const { verdict } = settled;
  if (verdict.ok) return applied(guard);
  if (settled.openRow) await freeNextDeploy(guard, { project: remains.project, ...settled }, verdict);
  await alertOnce(guard);
  await tagPhase(guard, guard.run.snapshot?.arn, failedPhase(verdict));
  await attemptAfter(guard);
  return restoreIfAsked(guard, remains, settled);
}
async function applied(guard) {
  await tagPhase(guard, guard.run.snapshot?.arn, "applied");
  const check = guard.run.steps.find((each) => each.kind === "verify-command")?.state ?? "done";
  if (check !== "done") {
    const cut = problem("command-failed", "verify-command did not end: the step was killed", {
      command: "verify-command",
      output: "The step was killed before it ended."
    });
    guard.emit({ type: "step-failed", step: "verify-command", problem: cut });
    await alertOnce(guard);
  }
  await attemptAfter(guard);
  return check === "done" ? "applied" : "failed";
}
async function restoreIfAsked(guard, remains, { verdict }) {
  if (!asksForRestore(guard, remains, verdict)) return "cancelled";
  if (guard.run.restore !== void 0) return "restoring";
  const deadline = guard.ports.clock.now() + LOG_FOR_MS;
  const failure3 = await attemptStep(
    guard,
    "restore",
    () => requestRestore(
      guard,
      {
        identifier: remains.plan.restoredIdentifier,
        source: remains.source,
        time: remains.point.time,
        identity: guard.options.identity,
        isBrief: true
      },
      deadline
    )
  );
  await tell(guard, "end");
  return failure3 === void 0 ? "restoring" : "cancelled";
}
var asksForRestore = (guard, remains, verdict) => remains.point.time !== "" && wantsRestore(guard, verdict);

// src/guard/second-look.ts
async function observeTarget(guard) {
  const recovery = await guard.ports.recovery();
  const [instance, listed] = await Promise.all([
    recovery.instance(guard.request.instance),
    recovery.snapshots()
  ]);
  if (instance === void 0) {
    throw new GuardError(
      problem("instance-not-found", `no DB ${guard.request.targetKind} ${guard.request.instance}`, {
        instance: guard.request.instance,
        kind: guard.request.targetKind === "cluster" ? "cluster" : void 0,
        region: guard.request.region
      })
    );
  }
  const inventory = await ofTheCluster(guard, instance, listed);
  const target2 = {
    instance,
    manualSnapshots: inventory.snapshots,
    snapshotLimit: inventory.limit
  };
  guard.emit({ type: "observed-target", target: target2 });
  return target2;
}
async function ofTheCluster(guard, { resolvedFrom: member, identifier: cluster }, listed) {
  if (member === void 0) return listed;
  const isSaid = guard.run.notices.some(({ code: code2 }) => code2 === "cluster-member");
  if (!isSaid)
    guard.emit({
      type: "notice",
      notice: { code: "cluster-member", level: "notice", fields: { member, cluster } }
    });
  return guard.request.targetKind === "cluster" ? listed : (await guard.ports.recovery()).snapshots();
}

// src/guard/resume-by-tags.ts
var UNKNOWN_TIME = "";
async function resumeByTags(guard, startedAt, blind = (error2) => unknownState(guard, error2)) {
  let now;
  try {
    now = await lookNow(guard);
  } catch (error2) {
    return blind(error2);
  }
  try {
    let silence2;
    const target2 = await observeTarget(guard).catch((error2) => {
      silence2 = error2;
      return void 0;
    });
    const marks = marksOf2(guard, target2);
    const since2 = marks.time === void 0 ? startedAt + Math.min(0, now.skew) : Date.parse(marks.time);
    const fresh = (now.rows ?? []).filter((row) => row.startedAt >= since2 - Math.max(0, now.skew));
    if (fresh.length === 0 && !now.wasAtWork && marks.phase !== "migrating") return await neverStarted(guard);
    return await finishFrom(guard, { now, target: target2, silence: silence2, marks, fresh });
  } catch (error2) {
    return broken(guard, error2);
  }
}
async function unknownState(guard, error2) {
  guard.emit({ type: "migrator-started", pid: 0, round: 1 });
  return broken(guard, error2);
}
async function lookNow(guard) {
  const { clock } = guard.ports;
  const urls = await readUrls(guard);
  const environment = guardedEnvironment(urls, sessionLimits(guard, 0));
  const name = applicationName(guard.options.identity);
  const cli = (await guard.ports.migrator()).adopt(void 0);
  const session = await guardSession(guard, urlIn(urls, environment));
  try {
    const wasAtWork = cli.pid > 0 || (await session.activity(name)).ours.length > 0;
    await stopMigration(clock, session, name, cli);
    const skew = (await session.clock()).now - clock.now();
    const state2 = await session.state();
    return { rows: state2.history, state: state2, wasAtWork, skew };
  } finally {
    await session.close().catch(() => void 0);
  }
}
function marksOf2(guard, target2) {
  const snapshot = target2?.manualSnapshots.find(
    (each) => each.tags[TAG.run] === runTag(guard.options.identity) && each.tags[TAG.sourceResourceId] === target2.instance.resourceId
  );
  const tags = snapshot?.tags ?? {};
  return {
    snapshot,
    phase: tags[TAG.phase],
    time: tags[TAG.restoreTime],
    fingerprint: tags[TAG.fingerprint]
  };
}
async function finishFrom(guard, found) {
  const { target: target2, marks } = found;
  const project = await (await guard.ports.migrator()).project();
  const point = pointOf(found);
  const plan = planOf(guard, found, project);
  guard.emit({ type: "observed-project", project });
  guard.emit({ type: "pending", migrations: plan.pending.map((each) => each.name) });
  guard.emit({ type: "planned", plan });
  if (marks.snapshot !== void 0) guard.emit({ type: "snapshot-seen", ...marks.snapshot });
  if (marks.time !== void 0) guard.emit({ type: "restore-point", point });
  guard.emit({ type: "migrator-started", pid: 0, round: 1 });
  if (target2 === void 0) throw found.silence;
  return finishLate(guard, {
    project,
    plan,
    source: target2.instance,
    point,
    isBlind: marks.fingerprint === void 0
  });
}
function pointOf({ now, marks, fresh }) {
  const digest = marks.fingerprint ?? "unknown";
  const state2 = {
    // Objects of today: a digest that differs is then a difference as a whole, without wrong names.
    fingerprint: { digest, objects: now.state.fingerprint.objects },
    writes: {},
    invalidIndexes: [],
    history: (now.rows ?? []).filter((row) => !fresh.includes(row))
  };
  return { time: marks.time ?? UNKNOWN_TIME, lsn: "", state: state2 };
}
function planOf(guard, { marks, fresh, now, target: target2 }, project) {
  const { request, options } = guard;
  const applied4 = new Set(
    (now.rows ?? []).filter((row) => isApplied(row) && !fresh.includes(row)).map((row) => row.name)
  );
  const source = target2?.instance.kind === "cluster" ? target2.instance.identifier : request.instance;
  const restored3 = request.restoredIdentifier ?? restoredName(source, options.identity);
  const restore = {
    kind: "restore",
    when: "on-failure",
    title: `Restore to the restore point as ${restored3}, beside ${source}`
  };
  const wanted = request.onFailure !== "alert" && marks.time !== void 0;
  return {
    pending: project.migrations.filter((each) => !applied4.has(each.name)).map(({ name, path: path4 }) => ({ name, path: path4, atomic: false, statements: 0 })),
    steps: [
      { kind: "migrate", when: "always", title: "Run prisma migrate deploy" },
      { kind: "alert", when: "on-failure", title: "Alert Slack" },
      ...request.afterCommand === void 0 ? [] : [{ kind: "after-command", when: "always", title: "Run after-command" }],
      ...wanted ? [restore] : []
    ],
    snapshotIdentifier: marks.snapshot?.identifier ?? snapshotName(source, options.identity),
    basis: void 0,
    hazards: [],
    estimate: [],
    adopted: void 0,
    restoredIdentifier: restored3,
    sourceTags: target2?.instance.tags ?? {}
  };
}

// src/guard/resume.ts
async function resume(guard) {
  const { run } = guard;
  try {
    if (run.promotion !== void 0) return await finishPromotion(guard);
    const remains = remainsOf(run);
    if (remains !== void 0) return await finishLate(guard, remains);
    const complete = run.status !== void 0 || run.plan === void 0;
    return await (complete ? neverStarted(guard) : resumeByTags(guard, run.startedAt, () => neverStarted(guard)));
  } catch (error2) {
    return broken(guard, error2);
  }
}
function remainsOf(run) {
  const { project, plan, instance, restorePoint } = run;
  if (project === void 0 || plan === void 0 || instance === void 0 || restorePoint === void 0)
    return void 0;
  const step2 = run.steps.find((each) => each.kind === "migrate")?.state ?? "not-reached";
  if (run.rounds === 0 && step2 !== "running") return void 0;
  return { project, plan, source: instance, point: restorePoint };
}

// src/guard/context.ts
var Guard = class {
  options;
  #run;
  constructor(options, run) {
    this.options = options;
    this.#run = run ?? emptyRun(options.identity, options.ports.clock.now());
  }
  get run() {
    return this.#run;
  }
  get request() {
    return this.options.request;
  }
  get ports() {
    return this.options.ports;
  }
  emit(body2) {
    const event = { at: this.ports.clock.now(), ...body2 };
    this.#run = fold(this.#run, event);
    this.options.onEvent(event, this.#run);
  }
  warn(code2, fields = {}) {
    this.emit({ type: "notice", notice: { code: code2, level: "warning", fields } });
  }
};

// src/app/wiring.ts
var import_node_fs5 = require("node:fs");
var import_node_path2 = __toESM(require("node:path"), 1);

// src/adapters/system/clock.ts
var LONGEST = 2 ** 31 - 1;
var systemClock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) => new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, Math.min(Math.max(ms, 0), LONGEST));
    signal?.addEventListener("abort", wake, { once: true });
  })
};

// src/app/wiring.ts
var HURRIED = { limits: { attempts: 4, totalMs: 1e4 }, answerMs: 5e3 };
var retryNotice = ({ label, attempt, cause, delayMs }) => ({
  code: "aws-retry",
  level: "notice",
  fields: { label, attempt: String(attempt), cause, delay: String(delayMs) }
});
function lazy(load) {
  let loading;
  return () => {
    loading ??= load();
    return loading;
  };
}
var repositoryRoot = (environment) => environment.GITHUB_WORKSPACE || process.cwd();
function schemaFolder(directory, schema) {
  if (schema !== void 0) return import_node_path2.default.dirname(import_node_path2.default.resolve(directory, schema));
  const usual = import_node_path2.default.join(directory, "prisma");
  return (0, import_node_fs5.existsSync)(usual) ? usual : directory;
}
function wireEngine(baseDirectory) {
  const engines = {
    postgresql: lazy(
      async () => (await Promise.resolve().then(() => __toESM(require("./postgres.cjs"), 1))).createEngine({ baseDirectory })
    ),
    mysql: lazy(async () => (await Promise.resolve().then(() => __toESM(require("./mysql.cjs"), 1))).createEngine({ baseDirectory }))
  };
  return {
    async connect(url, applicationName2) {
      const { dialect } = parseConnectionUrl(url.reveal());
      return (await engines[dialect]()).connect(url, applicationName2);
    }
  };
}
var grammars = {
  postgresql: () => Promise.resolve().then(() => __toESM(require("./sql.cjs"), 1)),
  mysql: () => Promise.resolve().then(() => __toESM(require("./mysql-sql.cjs"), 1))
};
function wirePorts(wiring) {
  const { request, environment, scrub: scrub2, log } = wiring;
  const clock = systemClock;
  const root = repositoryRoot(environment);
  const directory = import_node_path2.default.resolve(root, request.workingDirectory);
  const webhook = request.slackWebhookUrl;
  const { region: region2 } = request;
  const onRetry = (note) => wiring.onNotice(retryNotice(note));
  const amazon = lazy(
    async () => (await Promise.resolve().then(() => __toESM(require("./rds.cjs"), 1))).createAmazon({
      region: region2,
      targetKind: wiring.targetKind ?? request.targetKind,
      clock,
      onRetry,
      ...wiring.hurried ? HURRIED : {}
    })
  );
  return {
    clock,
    migrator: lazy(
      async () => (await Promise.resolve().then(() => __toESM(require("./prisma.cjs"), 1))).createMigrator({
        workingDirectory: directory,
        repositoryRoot: root,
        schema: request.schema,
        prismaConfig: request.prismaConfig,
        environment,
        nodePath: process.execPath,
        scrub: scrub2,
        mark: wiring.mark
      })
    ),
    engine: lazy(async () => wireEngine(schemaFolder(directory, request.schema))),
    recovery: async () => (await amazon()).recovery,
    fleet: async () => (await amazon()).fleet,
    settings: async () => (await amazon()).settings,
    proxies: async () => (await amazon()).proxies,
    parser: async (dialect) => (await grammars[dialect]()).createParser(),
    analyser: async (dialect) => (await grammars[dialect]()).createAnalyser(),
    workspace: lazy(
      async () => (await Promise.resolve().then(() => __toESM(require("./workspace.cjs"), 1))).createWorkspace({ root })
    ),
    review: lazy(
      async () => (await Promise.resolve().then(() => __toESM(require("./octokit.cjs"), 1))).createReview({
        token: request.githubToken,
        environment,
        clock,
        signal: wiring.cancelled
      })
    ),
    secrets: lazy(
      async () => (await Promise.resolve().then(() => __toESM(require("./secretsmanager.cjs"), 1))).createSecrets({
        region: region2,
        clock,
        onRetry,
        ...wiring.hurried ? HURRIED : {}
      })
    ),
    commands: lazy(
      async () => (await Promise.resolve().then(() => __toESM(require("./github.cjs"), 1))).createCommands({
        workingDirectory: directory,
        environment,
        scrub: scrub2,
        onLine: log,
        signal: wiring.cancelled
      })
    ),
    notifier: webhook === void 0 ? void 0 : lazy(async () => (await Promise.resolve().then(() => __toESM(require("./slack.cjs"), 1))).createSlack({ url: webhook }))
  };
}

// src/app/guard.ts
function startGuard(job) {
  const { host, identity, request, environment, journal, scrubber: scrubber2 } = job;
  const onSecret = (secret) => {
    scrubber2.add(secret);
    host.mask(secret);
  };
  if (request.slackWebhookUrl !== void 0) onSecret(request.slackWebhookUrl.reveal());
  const onEvent = (event, run) => {
    journal.append(event);
    const line2 = job.logLine(event, run);
    if (line2 !== void 0) host.log(line2);
  };
  const ports = wirePorts({
    request,
    targetKind: job.run?.instance?.kind,
    environment,
    scrub: (text) => scrubber2.scrub(text),
    log: (line2) => host.log(line2),
    cancelled: job.shell.cancelled,
    onNotice: (notice2) => guard.emit({ type: "notice", notice: notice2 }),
    mark: applicationName(identity),
    hurried: job.hurried ?? false
  });
  const guard = new Guard(
    {
      request,
      identity,
      ports,
      voice: { message: job.message },
      environment,
      onEvent,
      onSecret,
      cancelled: job.shell.cancelled
    },
    job.run
  );
  return guard;
}

// src/app/post-back.ts
var goesBack = (mode) => mode === "rollback" || mode === "promote";
async function postBack(guard, host) {
  switch (guard.request.mode) {
    case "rollback":
      return postRollback(guard, host);
    case "promote":
      return postPromote(guard, host);
    default:
      return void 0;
  }
}
async function postPromote(guard, host) {
  const ended2 = guard.run.status;
  const isCutOff = ended2 === void 0 || ended2 === "cancelled";
  const nudged = isCutOff ? await nudgePromotion(guard) : void 0;
  if (ended2 === void 0) guard.emit({ type: "run-ended", status: "cancelled" });
  const wasTold = guard.run.notified.some((each) => each.delivered);
  if (nudged?.acted === true || !wasTold) await tell(guard, "end");
  host.log(`Guarded Migrate: ${nudged?.line ?? "no promotion is half done."}`);
}
async function postRollback(guard, host) {
  const ended2 = guard.run.status;
  const isCutOff = ended2 === void 0 || ended2 === "cancelled";
  const nudged = isCutOff && guard.request.promote !== "never" ? await nudgePromotion(guard) : void 0;
  if (nudged !== void 0) host.log(`Guarded Migrate: ${nudged.line}`);
  if (ended2 === void 0) guard.emit({ type: "run-ended", status: "cancelled" });
  const { restore, notified, promotion } = guard.run;
  const wasTold = notified.some((each) => each.delivered);
  if (nudged?.acted === true || !wasTold && (restore !== void 0 || ended2 !== void 0))
    await tell(guard, "end");
  if (restore === void 0 || promotion !== void 0) return;
  host.log(
    `Guarded Migrate: the restore to ${restore.identifier} goes on in AWS. Run mode: rollback again with the same inputs: it finds this restore and goes on with it.`
  );
}

// src/app/publish.ts
var import_node_fs6 = require("node:fs");
var import_node_path3 = __toESM(require("node:path"), 1);

// src/report/words.ts
var ANSI2 = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
var CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
function clip(text, max) {
  if (text.length <= max) return text;
  const end = max - 1;
  const splits = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return `${text.slice(0, splits ? end - 1 : end)}…`;
}
var wellFormed2 = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "�");
var plain = (text) => text.replace(ANSI2, "").replace(/\r\n?/g, "\n").replace(CONTROL, "");
var oneLine = (text, max = 200) => {
  const head = text.length > max * 4 + 1e3 ? text.slice(0, max * 4 + 1e3) : text;
  return clip(plain(head).replace(/\s+/g, " ").trim(), max);
};
var count = (n, one2, many = `${one2}s`) => `${n} ${n === 1 ? one2 : many}`;
function list(names, max = 5) {
  const shown2 = names.slice(0, max).map((name) => oneLine(name, 120));
  const rest2 = names.length - shown2.length;
  if (rest2 > 0) return `${shown2.join(", ")} and ${rest2} more`;
  const last = shown2.at(-1) ?? "";
  return shown2.length < 2 ? last : `${shown2.slice(0, -1).join(", ")} and ${last}`;
}
function took(ms) {
  if (ms < 1e3) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 6e4) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1e3);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
}
function limit(ms) {
  if (ms > 0 && ms % 36e5 === 0) return `${ms / 36e5}h`;
  if (ms > 0 && ms % 6e4 === 0) return `${ms / 6e4}m`;
  if (ms % 1e3 === 0) return `${ms / 1e3}s`;
  return `${ms}ms`;
}
var sentence = (text) => /[.!?…]$/.test(text) ? text : `${text}.`;
var joined2 = (sentences2) => sentences2.filter((each) => each !== "").map(sentence).join(" ");
var shell = (text) => /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
var encoder = new TextEncoder();
var bytes = (text) => encoder.encode(text).length;

// src/report/advice.ts
var advice = (words) => words.run === void 0 ? { say: words.next } : { say: words.next, run: words.run };
var kindOf = (of) => of.fields.kind === "cluster" ? "DB cluster" : "DB instance";
var cliKind = (of) => of.fields.kind === "cluster" ? "db-cluster" : "db-instance";
var isMysql = (of) => of.fields.dialect === "mysql";
function field(of, name, fallback) {
  const names = typeof name === "string" ? [name] : name;
  const value = names.map((each) => oneLine(of.fields[each] ?? "", 300)).find((each) => each !== "");
  return value ?? fallback;
}
function timeField(of, name, fallback) {
  const value = field(of, name, fallback);
  return /^\d{1,15}$/.test(value) ? limit(Number(value)) : value;
}
function when(of, name, text) {
  const value = field(of, name, "");
  return value === "" ? "" : text(value);
}
var because = (problem3) => {
  const said2 = field(problem3, "message", oneLine(problem3.detail, 400)).replace(/[.:\s]+$/, "");
  return said2 === "" ? "" : `: ${said2}`;
};

// src/report/cluster-commands.ts
var isCluster = (run) => (run.instance?.kind ?? run.request?.targetKind) === "cluster";
var TEXTS = {
  DBSubnetGroupName: "--db-subnet-group-name",
  DBClusterParameterGroupName: "--db-cluster-parameter-group-name",
  StorageType: "--storage-type"
};
var FLAGS = {
  CopyTagsToSnapshot: "copy-tags-to-snapshot",
  DeletionProtection: "deletion-protection",
  EnableIAMDatabaseAuthentication: "enable-iam-database-authentication"
};
function settingOptions(settings) {
  const options = [];
  for (const [name, option2] of Object.entries(TEXTS)) {
    const value = settings[name];
    if (typeof value === "string" && value !== "") options.push(`${option2} ${shell(value)}`);
  }
  const ids = settings.VpcSecurityGroupIds;
  if (typeof settings.DBSubnetGroupName === "string" && Array.isArray(ids) && ids.length > 0)
    options.push(`--vpc-security-group-ids ${ids.map((id) => shell(String(id))).join(" ")}`);
  const port = settings.Port;
  if (typeof port === "number" && Number.isInteger(port)) options.push(`--port ${port}`);
  const scaling = settings.ServerlessV2ScalingConfiguration;
  if (typeof scaling === "object" && scaling !== null)
    options.push(`--serverless-v2-scaling-configuration ${shell(JSON.stringify(scaling))}`);
  for (const [name, option2] of Object.entries(FLAGS)) {
    const value = settings[name];
    if (typeof value === "boolean") options.push(value ? `--${option2}` : `--no-${option2}`);
  }
  return options;
}
var engineOf = ({ instance, database }) => instance?.engine ?? (database?.dialect === "mysql" ? "aurora-mysql" : "aurora-postgresql");
function memberCommand(run, target2, region2) {
  const { instance } = run;
  const engine = engineOf(run);
  if (!engine.startsWith("aurora")) return [];
  const kind = instance?.instanceClass || "DB_INSTANCE_CLASS";
  return [
    `aws rds wait db-cluster-available${region2} --db-cluster-identifier ${shell(target2)}`,
    [
      `aws rds create-db-instance${region2} --db-cluster-identifier ${shell(target2)}`,
      `  --db-instance-identifier ${shell(`${target2.slice(0, 61).replace(/-+$/, "")}-1`)}`,
      `  --db-instance-class ${shell(kind)} --engine ${shell(engine)}`
    ].join(" \\\n")
  ];
}
function clusterRestoreCommand(run, { source, target: target2, time, region: region2 }) {
  const restore = [
    `aws rds restore-db-cluster-to-point-in-time${region2}`,
    `  --source-db-cluster-identifier ${shell(source)}`,
    `  --db-cluster-identifier ${shell(target2)}`,
    `  --restore-to-time ${shell(time)}`,
    ...settingOptions(run.instance?.settings ?? {}).map((option2) => `  ${option2}`)
  ].join(" \\\n");
  return [restore, ...memberCommand(run, target2, region2)].join("\n");
}
function clusterSnapshotCommand(run, snapshot, target2, region2) {
  const restore = [
    `aws rds restore-db-cluster-from-snapshot${region2}`,
    `  --snapshot-identifier ${shell(snapshot)} --engine ${shell(engineOf(run))}`,
    `  --db-cluster-identifier ${shell(target2)}`
  ].join(" \\\n");
  return [restore, ...memberCommand(run, target2, region2)].join("\n");
}
var clusterDescribeCommand = (identifier, region2) => [
  `aws rds describe-db-clusters${region2} --db-cluster-identifier ${shell(identifier)}`,
  `  --query 'DBClusters[0].[Status,Endpoint,Port,DBClusterMembers[].DBInstanceIdentifier]' --output json`
].join(" \\\n");

// src/report/restore-options.ts
var TEXTS2 = {
  DBInstanceClass: "--db-instance-class",
  DBSubnetGroupName: "--db-subnet-group-name",
  DBParameterGroupName: "--db-parameter-group-name",
  CACertificateIdentifier: "--ca-certificate-identifier"
};
var FLAGS2 = {
  MultiAZ: "multi-az",
  PubliclyAccessible: "publicly-accessible",
  CopyTagsToSnapshot: "copy-tags-to-snapshot",
  DeletionProtection: "deletion-protection",
  EnableIAMDatabaseAuthentication: "enable-iam-database-authentication"
};
function settingOptions2(settings) {
  const options = [];
  for (const [name, option2] of Object.entries(TEXTS2)) {
    const value = settings[name];
    if (typeof value === "string" && value !== "") options.push(`${option2} ${shell(value)}`);
  }
  options.push(...groups(settings), ...storage(settings));
  const port = settings.Port;
  if (typeof port === "number" && Number.isInteger(port)) options.push(`--port ${port}`);
  for (const [name, option2] of Object.entries(FLAGS2)) {
    const value = settings[name];
    if (typeof value === "boolean") options.push(value ? `--${option2}` : `--no-${option2}`);
  }
  return options;
}
function groups(settings) {
  const ids = settings.VpcSecurityGroupIds;
  if (typeof settings.DBSubnetGroupName !== "string" || !Array.isArray(ids) || ids.length === 0) return [];
  return [`--vpc-security-group-ids ${ids.map((id) => shell(String(id))).join(" ")}`];
}
function storage(settings) {
  const type = settings.StorageType;
  if (typeof type !== "string" || type === "") return [];
  const iops = settings.Iops;
  if (type.startsWith("io") && typeof iops === "number")
    return [`--storage-type ${shell(type)} --iops ${iops}`];
  return type.startsWith("gp") ? [`--storage-type ${shell(type)}`] : [];
}

// src/report/commands.ts
var known = (run) => run.instance?.identifier ?? (run.request?.instance || void 0);
var sourceName = (run) => known(run) ?? "DB_INSTANCE_IDENTIFIER";
var spokenName = (run) => run.promotion?.production ?? known(run) ?? "the database";
var regionOf = (run) => run.request?.region ?? run.instance?.arn.split(":")[3];
var region = (run) => {
  const name = regionOf(run);
  return name === void 0 || name === "" ? "" : ` --region ${shell(name)}`;
};
function targetName(run) {
  const planned3 = run.restore?.identifier ?? run.plan?.restoredIdentifier ?? `${sourceName(run)}-restored`;
  const taken2 = run.restore !== void 0 || run.problems.some((problem3) => problem3.code === "instance-name-taken");
  return taken2 ? `${planned3.slice(0, 60).replace(/-+$/, "")}-b` : planned3;
}
function restoreCommand(run) {
  const time = run.restorePoint?.time ?? "RESTORE_TIME";
  if (isCluster(run))
    return clusterRestoreCommand(run, {
      source: sourceName(run),
      target: targetName(run),
      time,
      region: region(run)
    });
  return [
    `aws rds restore-db-instance-to-point-in-time${region(run)}`,
    `  --source-db-instance-identifier ${shell(sourceName(run))}`,
    `  --target-db-instance-identifier ${shell(targetName(run))}`,
    `  --restore-time ${shell(time)}`,
    ...settingOptions2(run.instance?.settings ?? {}).map((option2) => `  ${option2}`)
  ].join(" \\\n");
}
var snapshotRestoreCommand = (run, snapshot) => isCluster(run) ? clusterSnapshotCommand(run, snapshot, targetName(run), region(run)) : [
  `aws rds restore-db-instance-from-db-snapshot${region(run)}`,
  `  --db-snapshot-identifier ${shell(snapshot)}`,
  `  --db-instance-identifier ${shell(targetName(run))}`
].join(" \\\n");
var describeCommand = (run, identifier) => isCluster(run) ? clusterDescribeCommand(identifier, region(run)) : [
  `aws rds describe-db-instances${region(run)} --db-instance-identifier ${shell(identifier)}`,
  `  --query 'DBInstances[0].[DBInstanceStatus,Endpoint.Address,Endpoint.Port]' --output text`
].join(" \\\n");
function clientCommand(run) {
  const endpoint = run.restore?.endpoint;
  if (endpoint === void 0) return void 0;
  return run.database?.dialect === "mysql" ? mysqlCommand(endpoint, run.database) : psqlCommand(endpoint, run);
}
var mysqlCommand = ({ address, port }, { user, database }) => `mysql --host=${shell(address)} --port=${port} --user=${shell(user)} --password ${shell(database)}`;
function psqlCommand(endpoint, run) {
  const parts = [`host=${endpoint.address}`, `port=${endpoint.port}`];
  if (run.database !== void 0) parts.push(`dbname=${word(run.database.database)}`);
  if (run.database !== void 0) parts.push(`user=${word(run.database.user)}`);
  return `psql ${shell(parts.join(" "))}`;
}
var word = (text) => /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
function resolveCommand(run, migration2, how = "rolled-back") {
  const directory = run.request?.workingDirectory ?? ".";
  const go = directory === "." || directory === "" ? "" : `cd ${shell(directory)} && `;
  return `${go}${resolveText(migration2, how)}${option("schema", run.request?.schema)}${option("config", run.request?.prismaConfig)}`;
}
var resolveText = (migration2, how = "rolled-back") => {
  const name = clip(migration2, 255);
  return `npx prisma migrate resolve --${how} ${/^[\w .:/@+-]+$/.test(name) ? `"${name}"` : shell(name)}`;
};
var option = (name, value) => value === void 0 || value === "" ? "" : ` --${name} ${shell(value)}`;

// src/report/texts/iam.ts
var GROUPS = ["og:*", "pg:*", "subgrp:*"];
var CLUSTER_GROUPS = ["cluster-pg:*", "og:*", "subgrp:*"];
var theThree = (db, type = "db") => [
  `${type}:${db}`,
  `${type}:${db}-gm-*`,
  `${type}:${db}-replaced-*`
];
var PROXY = ["db-proxy:*", "target-group:*"];
var RESOURCES = {
  "rds:CreateDBSnapshot": (db) => [`db:${db}`, "snapshot:gm-*"],
  "rds:DeleteDBSnapshot": () => ["snapshot:gm-*"],
  "rds:AddTagsToResource": (db) => ["snapshot:gm-*", ...theThree(db)],
  "rds:RestoreDBInstanceToPointInTime": (db) => [...theThree(db), "auto-backup:*", ...GROUPS],
  "rds:RestoreDBInstanceFromDBSnapshot": (db) => [
    "snapshot:gm-*",
    `snapshot:rds:${db}-*`,
    `db:${db}-gm-*`,
    ...GROUPS
  ],
  "rds:ModifyDBInstance": (db) => [...theThree(db), "og:*", "pg:*"],
  "rds:RebootDBInstance": (db) => [`db:${db}`, `db:${db}-gm-*`],
  "rds:AddRoleToDBInstance": (db) => [`db:${db}`, `db:${db}-gm-*`],
  "rds:RegisterDBProxyTargets": (db) => [`db:${db}`, `db:${db}-gm-*`, ...PROXY],
  "rds:DeregisterDBProxyTargets": (db) => [`db:${db}`, `db:${db}-gm-*`, ...PROXY]
};
var CLUSTER_RESOURCES = {
  "rds:CreateDBClusterSnapshot": (db) => [`cluster:${db}`, "cluster-snapshot:gm-*"],
  "rds:DeleteDBClusterSnapshot": () => ["cluster-snapshot:gm-*"],
  "rds:AddTagsToResource": (db) => ["cluster-snapshot:gm-*", ...theThree(db, "cluster"), `db:${db}-gm-*`],
  "rds:RestoreDBClusterToPointInTime": (db) => [
    ...theThree(db, "cluster"),
    "cluster-auto-backup:*",
    ...CLUSTER_GROUPS
  ],
  "rds:RestoreDBClusterFromSnapshot": (db) => [
    "cluster-snapshot:gm-*",
    `cluster-snapshot:rds:${db}-*`,
    `cluster:${db}-gm-*`,
    ...CLUSTER_GROUPS
  ],
  "rds:CreateDBInstance": (db) => [`db:${db}-gm-*`, `cluster:${db}-gm-*`, ...GROUPS],
  "rds:ModifyDBCluster": (db) => [...theThree(db, "cluster"), "cluster-pg:*", "og:*"],
  "rds:AddRoleToDBCluster": (db) => [`cluster:${db}`, `cluster:${db}-gm-*`],
  "rds:ModifyDBInstance": (db) => [`db:${db}-gm-*`, "og:*", "pg:*"],
  "rds:RebootDBInstance": (db) => [`db:${db}-gm-*`],
  "rds:RegisterDBProxyTargets": (db) => [`cluster:${db}`, `cluster:${db}-gm-*`, ...PROXY],
  "rds:DeregisterDBProxyTargets": (db) => [`cluster:${db}`, `cluster:${db}-gm-*`, ...PROXY]
};
var ON_THE_COPY = /* @__PURE__ */ new Set([
  ...["rds:AddTagsToResource", "rds:ModifyDBInstance", "rds:AddRoleToDBInstance", "rds:RebootDBInstance"],
  ...["rds:ModifyDBCluster", "rds:AddRoleToDBCluster"]
]);
function iamAction(p) {
  const name = field(p, "action", "");
  if (!/^[A-Za-z0-9:_-]+$/.test(name)) return void 0;
  return name.includes(":") ? name : `rds:${name}`;
}
function iamResources(p, action) {
  const named = field(p, "resource", "");
  const db = field(p, "instance", "DB_INSTANCE_IDENTIFIER");
  const [own, other] = /:cluster(?:-snapshot)?:/.test(named) ? [CLUSTER_RESOURCES, RESOURCES] : [RESOURCES, CLUSTER_RESOURCES];
  const known2 = own[action] ?? other[action];
  if (known2 === void 0) return [named.startsWith("arn:") ? named : "*"];
  const [, partition = "aws", service, region2 = "*", account = "*"] = named.split(":");
  const head = service === "rds" ? `arn:${partition}:rds:${region2 || "*"}:${account || "*"}` : "arn:aws:rds:*:*";
  const forDeploy = named.includes(`:${db}-gm-`);
  const beside3 = ON_THE_COPY.has(action) && forDeploy && field(p, "cutsOver", "") === "";
  return known2(db).filter((each) => !(beside3 && isProduction(each, db))).filter((each) => !(action.startsWith("rds:Restore") && forDeploy && each.endsWith("-replaced-*"))).map((each) => `${head}:${each}`);
}
var isProduction = (resource, db) => [...theThree(db), ...theThree(db, "cluster")].includes(resource) && !resource.endsWith("-gm-*");
var iamStatement = (p, action) => JSON.stringify({ Effect: "Allow", Action: action, Resource: iamResources(p, action) }, null, 2);

// src/report/texts/aws.ts
var call = (p) => when(p, "action", (action) => ` ${action}`);
var LISTS = {
  "db-cluster": "aws rds describe-db-clusters --query 'DBClusters[].DBClusterIdentifier'",
  "db-instance": "aws rds describe-db-instances --query 'DBInstances[].DBInstanceIdentifier'"
};
var again = "Run the job again. If it happens again, look at the AWS Health Dashboard.";
var denied = (p) => {
  const action = iamAction(p);
  if (action === void 0) {
    return {
      what: `AWS refused an action because the role may not do it${because(p)}.`,
      next: "Add the missing permission to the role of this job, then run the job again."
    };
  }
  return {
    what: `AWS refused ${action}: the role of this job may not do it${when(p, "user", (user) => ` (${user})`)}${when(p, "reason", (reason) => `; AWS says: ${reason.replace(/[.]$/, "")}`)}.`,
    next: `Allow ${action}${when(p, "resource", (arn) => ` (AWS named ${arn})`)} in the policy of that role. A statement that is enough:`,
    run: iamStatement(p, action)
  };
};
var awsTexts = {
  "credentials-missing": (p) => ({
    what: `No AWS credentials were found${because(p)}.`,
    next: 'Put a step with aws-actions/configure-aws-credentials before this one, and give the job "permissions: id-token: write".'
  }),
  "credentials-expired": (p) => ({
    what: `The AWS credentials expired${when(p, "action", (action) => ` before ${action}`)}. What was already requested goes on in AWS by itself.`,
    next: "Set role-duration-seconds of aws-actions/configure-aws-credentials to at least 7200 for the next run (the role must allow such long sessions)."
  }),
  "aws-denied": denied,
  "aws-throttled": (p) => ({
    what: `AWS kept turning away${call(p) || " our requests"} because of too many requests in this account and region.`,
    next: "Wait some minutes and run the job again. Look for another tool that polls RDS very often."
  }),
  "aws-unreachable": (p) => ({
    what: `AWS did not answer${call(p)}${because(p)}.`,
    next: `Check the region, and that the runner may reach rds.REGION.amazonaws.com. ${again}`
  }),
  "aws-rejected": (p) => ({
    what: `AWS answered${call(p) || " a request"} with an error${when(p, "code", (code2) => ` (${code2})`)}${because(p)}.`,
    next: `Correct what AWS complains about in the ${kindOf(p)}${when(p, "instance", (name) => ` ${name}`)} or in the inputs, then run the job again.`
  }),
  "instance-not-found": (p) => ({
    what: `The DB ${field(p, "kind", "instance")} "${field(p, "instance", `given in ${cliKind(p)}-identifier`)}" does not exist${when(p, "region", (region2) => ` in ${region2}`) || " in this region and account"}.`,
    next: `Correct ${cliKind(p)}-identifier or aws-region, or assume a role of the right account. This lists what is there:`,
    run: `${LISTS[cliKind(p)]} --output text${when(p, "region", (region2) => ` --region ${shell(region2)}`)}`
  }),
  "instance-state": (p) => ({
    what: `The ${kindOf(p)} ${field(p, "instance", "given")} is ${field(p, "status", "not available")}, so no snapshot can be taken now.`,
    next: `Wait until the ${kindOf(p)} is available (or start it), then run the job again.`,
    ...waitFor(p)
  }),
  "instance-engine": (p) => ({
    what: `The database ${field(p, "instance", "given")} runs ${field(p, ["engine", "got", "name"], "an engine")}, which this deploy cannot guard${because(p)}.`,
    next: "Name a database of the same kind as the provider of the Prisma schema: RDS or Aurora for PostgreSQL with postgresql, RDS for MySQL or MariaDB or Aurora MySQL with mysql."
  }),
  "instance-is-replica": (p) => ({
    what: `The DB instance ${field(p, "instance", "given")} is a read replica${when(p, ["source", "name"], (name) => ` of ${name}`)}.`,
    next: `Set db-instance-identifier to the writer${when(p, ["source", "name"], (name) => `: ${name}`)}.`
  }),
  "instance-in-cluster": (p) => ({
    what: `The DB instance ${field(p, "instance", "given")} is a member of the cluster ${field(p, ["cluster", "name"], "it belongs to")}. Instances keep their names when clusters change theirs, so the cluster itself has to be named here.`,
    next: `Set db-cluster-identifier to ${field(p, ["cluster", "name"], "that cluster")} instead of db-instance-identifier.`
  }),
  "backups-disabled": (p) => ({
    what: `Automated backups of ${field(p, "instance", `the ${kindOf(p)}`)} are off (BackupRetentionPeriod is 0), so nothing could be restored.`,
    next: "Switch automated backups on, wait until the first backup has ended, and run the job again. On a Single-AZ instance switching on may pause I/O for a moment.",
    run: `aws rds modify-${cliKind(p)} --${cliKind(p)}-identifier ${shell(field(p, "instance", "DB_INSTANCE_IDENTIFIER"))} --backup-retention-period ${/^[1-9]\d?$/.test(field(p, "days", "")) ? field(p, "days", "") : "7"} --apply-immediately`
  })
};
function waitFor(p) {
  const name = field(p, "instance", "");
  return name === "" ? {} : { run: `aws rds wait ${cliKind(p)}-available --${cliKind(p)}-identifier ${shell(name)}` };
}

// src/report/texts/back.ts
var backTexts = {
  "restore-point-unknown": (p) => ({
    what: `No snapshot and no restored database carries the tags of run ${field(p, "run", "that was given")}, so its restore point is not known.`,
    next: 'Give the second to go back to in the input restore-time; the log and the Slack message of that run name it. Tags are missing when the run used "snapshot: skip" or when its snapshot was deleted.'
  }),
  "restore-point-outside": (p) => ({
    what: `AWS cannot restore ${field(p, "instance", "this database")} to ${field(p, "time", "that second")}${when(p, "earliest", (earliest) => `: the restorable window is ${earliest} to ${field(p, "latest", "now")}`) || because(p)}, and no snapshot of that run can stand in.`,
    next: "Choose a second inside the window, or give a snapshot in snapshot-identifier."
  }),
  "snapshot-not-found": (p) => ({
    what: `The snapshot ${field(p, "snapshot", "that was given")} ${when(p, "status", (status) => `cannot be restored: its state is ${status}`) || "does not exist in this region and account"}.`,
    next: "Look at the list of snapshots in the RDS console and give another one in snapshot-identifier, or a second in restore-time."
  }),
  "snapshot-foreign": (p) => ({
    what: `The snapshot ${field(p, "snapshot", "that was given")} was taken of ${field(p, "source", "another database")}, not of ${field(p, "instance", "this one")}.`,
    ...elsewhere(p)
  }),
  "write-loss-exceeded": (p) => ({
    what: `A cut-over would lose ${field(p, "rows", "an unknown number of")} row${field(p, "rows", "") === "1" ? "" : "s"} written to production since ${field(p, "since", "the restore point")}; max-write-loss allows ${field(p, "limit", "fewer")}.`,
    next: field(p, "rows", "") === "" ? "No max-write-loss allows an unknown number. Find out what was written since, copy over what matters, leave max-write-loss out and run the job again." : "Decide which of these rows matter: the job summary lists the tables. Copy them over first, or raise max-write-loss and run the job again."
  }),
  "resource-ambiguous": (p) => ({
    what: `Several databases have the same resource id${when(p, "instances", (names) => ` (${names})`)}, so a change meant for one could hit another, and none was asked for.`,
    next: "AWS gives every database a DbiResourceId of its own. Where AWS_ENDPOINT_URL leads to an emulator, use one that does the same; on AWS, report this with the log."
  }),
  "promotion-refused": (p) => ({
    what: `The cut-over was not begun${because(p)}.`,
    next: 'Remove that cause, then run "mode: promote" again with the same inputs. Nothing has to be undone.'
  }),
  "promotion-failed": (p) => ({
    what: `The cut-over stopped${when(p, "step", (step2) => ` at this step: ${step2}`)}${because(p)}.`,
    next: 'Run "mode: promote" again with the same inputs: it finds out how far this got and goes on from there. "promote: undo" puts the old database back.'
  }),
  "promotion-unverified": (p) => ({
    what: `The production endpoint${when(p, "endpoint", (name) => ` ${name}`)} does not reach the restored database${because(p)}.`,
    next: 'Old addresses can stay in DNS caches for some minutes. Run "mode: promote" again with the same inputs to check once more.'
  }),
  "promotion-unknown": (p) => ({
    what: when(p, "restored", (name) => `There is no restored ${kindOf(p)} ${name}.`) || when(p, "run", (run) => `No restored database of run ${run} was found that could take over.`) || `No promotion of ${field(p, "instance", "this database")} was found that could go on or be undone.`,
    next: 'Give the restored database in restored-identifier, or the run that made it in run-id. "mode: cleanup" without confirm lists those of this database, and "mode: rollback" restores one.'
  }),
  "promotion-half-done": (p) => ({
    what: `A promotion of ${field(p, "instance", "this database")} was begun${when(p, "run", (run) => ` by run ${run}`)} and has no end: which database has its name may change at any moment.`,
    next: 'Finish it first with a job that has these inputs. To keep the old database, give "promote: undo" instead.',
    run: inputs([
      ["mode", "promote"],
      [`${cliKind(p)}-identifier`, field(p, "instance", "")],
      ["restored-identifier", field(p, "restored", "")],
      ["promote", field(p, "by", "rename")],
      ["confirm", field(p, "instance", "")]
    ])
  }),
  "instance-gone": (p) => ({
    what: `The ${kindOf(p)} ${field(p, ["instance", "resourceId"], "of this promotion")} does not exist any more; somebody deleted it.`,
    next: 'Look at the events in the RDS console. Its automated backups may still be there, and so are the snapshots; "mode: rollback" can restore from them.'
  }),
  "proxy-not-found": (p) => ({
    what: `No RDS Proxy sends to ${field(p, "instance", "this database")}, so "promote: proxy" has nothing to re-target.`,
    next: 'Use "promote: rename".'
  }),
  "proxy-failed": (p) => ({
    what: `The RDS Proxy${when(p, "proxy", (name) => ` ${name}`)} did not take the new target${because(p)}.`,
    next: 'Run "mode: promote" again with the same inputs; it registers what is missing. "promote: undo" sends the proxy back to the old database.'
  }),
  "cluster-empty": (p) => ({
    what: `The DB cluster ${field(p, "instance", "given")} has no DB instance, so nothing answers SQL.`,
    next: "Add an instance to the cluster, then run the job again."
  })
};
function elsewhere(p) {
  const owner = field(p, "owner", "");
  const time = field(p, "time", "");
  const back = time === "" ? ["snapshot-identifier", field(p, "snapshot", "")] : ["restore-time", time];
  const doubt = "Restoring another database under this name would help nobody.";
  if (owner === "") return { next: `Check both identifiers. ${doubt}` };
  return {
    next: `Check both identifiers. ${doubt} That other database is called ${owner} now, and no tag tells that it was production. If it was, go back to that moment with a job that has these inputs; it restores beside ${owner}.`,
    run: inputs([
      ["mode", "rollback"],
      [`${cliKind(p)}-identifier`, owner],
      [back[0] ?? "", back[1] ?? ""]
    ])
  };
}
var inputs = (pairs) => pairs.flatMap(([name, value]) => value === "" ? [] : [`${name}: ${word2(value)}`]).join("\n");
var word2 = (text) => /^[\w.:+-]+$/.test(text) ? text : shell(text);
var andNext = (next2) => next2 === "" ? {} : { next: next2 };
var backNotices = {
  "cluster-member": (n) => ({
    what: `${field(n, "member", "The DB instance")} is a member of the DB cluster ${field(n, "cluster", "it belongs to")}; the cluster is taken.`,
    next: "Write db-cluster-identifier instead of db-instance-identifier to say so in the workflow."
  }),
  "production-unread": (n) => ({
    what: `Production does not answer SQL${when(n, "detail", (detail) => `: ${detail}`)}. The restore goes on all the same.`
  }),
  "settings-unknown": (n) => ({
    what: `The deleted instance can tell its settings no more; AWS took its defaults for: ${field(n, "names", "some settings")}.`,
    next: "Set the network first, or nobody reaches the restored database: its security groups, and its subnet group (which AWS changes only by moving it to another VPC).",
    run: n.fields.call ?? ""
  }),
  "write-loss-unknown": (n) => ({
    what: `What a cut-over would lose is not known${when(n, "detail", (detail) => `: ${detail}`)}.`,
    next: "Compare the tables that matter in both databases before you cut over."
  }),
  "setting-differs": (n) => ({
    what: `The restored database differs from production in ${field(n, "name", "a setting")}: ${field(n, "got", "-")} instead of ${field(n, "wanted", "-")}.`,
    ...field(n, "call", "") === "" ? {} : { next: "Mend it with this call:", run: field(n, "call", "") }
  }),
  "not-carried": (n) => ({
    what: `Does not follow to the restored database: ${field(n, "what", "see the documentation")}.`,
    ...andNext(field(n, "next", ""))
  }),
  "restore-found": (n) => ({
    what: `A restore to this point exists already: ${field(n, "identifier", "see the RDS console")} (${field(n, "status", "state unknown")}). It is taken instead of a second one.${when(n, "undone", (run) => ` It took part in the promotion of run ${run}, which was undone: if it had the name of production meanwhile, what was written to it then is still in it.`)}`,
    ...field(n, "undone", "") === "" ? {} : { next: "For a copy without those writes give a new name in restored-identifier." }
  }),
  "credentials-short": (n) => ({
    what: `The AWS credentials end in ${field(n, "minutes", "a few")} minute${field(n, "minutes", "") === "1" ? "" : "s"}; a cut-over can take longer.`,
    next: "Raise role-duration-seconds of the step that configures the credentials."
  }),
  "promotion-resumed": (n) => ({
    what: `An earlier job began this promotion (${field(n, "run", "unknown run")}) and got as far as "${field(n, "phase", "unknown")}". It goes on from there.`
  }),
  "cut-over-waits": (n) => ({
    what: `The cut-over waits before it touches anything: ${field(n, "what", "a database is busy")}.`
  }),
  "identity-unproven": () => ({
    what: "The two databases cannot be told apart by SQL, so AWS alone says which of them answers under the name of production."
  })
};

// src/report/texts/database.ts
var server = (p) => when(
  p,
  "host",
  (host) => ` at ${host.includes(":") ? `[${host}]` : host}${when(p, "port", (port) => `:${port}`)}`
);
var shown = (p, name) => field(p, "setting", "").endsWith("_timeout") ? timeField(p, name, "") : field(p, name, "");
function directly(p) {
  const name = field(p, "variable", "DIRECT_URL");
  const set = `Set ${name} to the endpoint of the DB instance itself in this step`;
  return name === "DIRECT_URL" ? `${set}.` : `${set}, or let Prisma migrate by DIRECT_URL: directUrl in the schema, datasource.url in the config of Prisma 7.`;
}
var NO_ROOM = /* @__PURE__ */ new Set(["1040", "1203", "1226"]);
var databaseTexts = {
  "database-unreachable": (p) => ({
    what: `The database server${server(p)} does not answer${because(p)}.`,
    next: isMysql(p) && NO_ROOM.has(field(p, "code", "")) ? "Free connections, or raise max_connections or the max_user_connections of the user: the guard and Prisma need three at once." : "Check host and port in the URL, and that the security group lets this runner in. A database inside a VPC needs a runner inside it (or a VPN)."
  }),
  "database-authentication": (p) => ({
    what: `The database server${server(p)} refused the user ${field(p, "user", "of the URL")} or its password${because(p)}.`,
    next: "Check the secret that holds the URL. Special characters in the password must be percent-encoded. After a password rotation the secret must be renewed."
  }),
  "database-missing": (p) => ({
    what: `The database "${field(p, "database", "named in the URL")}" does not exist on the server${server(p)}. Prisma would silently create an empty one, so we stop here.`,
    next: "Correct the database name in the URL, or create the database yourself when it is meant to be new.",
    .../^[A-Za-z0-9_-]+$/.test(field(p, "database", "")) ? {
      run: `CREATE DATABASE ${isMysql(p) ? `\`${field(p, "database", "")}\`` : `"${field(p, "database", "")}"`};`
    } : {}
  }),
  "database-tls": (p) => ({
    what: `No encrypted connection to the database server${server(p)} could be agreed${because(p)}.`,
    next: isMysql(p) ? "Add sslaccept=strict to the URL, with sslcert naming the certificate bundle of AWS; or sslaccept=accept_invalid_certs, which encrypts and does not ask who answers." : "PostgreSQL: add sslmode=require to the URL, or sslmode=verify-full with the certificate bundle of AWS; RDS for PostgreSQL 15 and later accepts only encrypted connections by default. MySQL: add sslaccept=accept_invalid_certs, or sslaccept=strict with sslcert naming that bundle."
  }),
  "database-replica": (p) => ({
    what: `The server${server(p)} is read-only: it is a replica or a standby.`,
    next: "Use the endpoint of the writer in the URL."
  }),
  "database-rights": (p) => ({
    what: `The ${isMysql(p) ? "user" : "role"} ${field(p, "user", "of the URL")} lacks a right that is needed${because(p)}.`,
    next: `Grant it${when(p, ["right", "name"], (name) => ` (${name})`)} as ${isMysql(p) ? "an administrator of the server, or deploy with another user" : "the owner of the database, or deploy with the role that owns the tables"}.`,
    ...!isMysql(p) && /^[A-Za-z0-9_]+$/.test(field(p, "user", "")) && /^[A-Za-z0-9_]+$/.test(field(p, "schema", "")) ? { run: `GRANT USAGE, CREATE ON SCHEMA "${field(p, "schema", "")}" TO "${field(p, "user", "")}";` } : {}
  }),
  "database-lost": (p) => ({
    what: `The connection to the database${server(p)} was lost${because(p)}.`,
    next: "Look at the events of the DB instance in the RDS console (restart, failover, storage full). Run the job again when the instance is available."
  }),
  "database-error": (p) => ({
    what: `The database answered one of our own queries with an error${when(p, "status", (code2) => ` (${code2})`) || when(p, "code", (code2) => ` (${code2})`)}${because(p)}.`,
    next: "Read the error. If the role may not read the catalogs, or the server is short of memory or disk, correct that and run the job again."
  }),
  "sql-mode": (p) => ({
    what: `The server's sql_mode holds ${field(p, "mode", "a mode")}, so it cuts a file into statements in another way than we do. What a failed file left could not be told.`,
    next: "Take it out of sql_mode in the parameter group, or guard this database in another way."
  }),
  "limits-not-in-force": (p) => ({
    what: `${field(p, ["setting", "name"], "The timeouts")} did not reach the server${when(p, "got", () => `: it says ${shown(p, "got")}`)}${when(p, ["wanted", "expected"], () => `, wanted ${shown(p, ["wanted", "expected"])}`) || because(p)}. Without them a migration could block production without end.`,
    next: `A connection pooler is most likely between us and the server. ${directly(p)} If it must be PgBouncer, take options out of ignore_startup_parameters and use a session pool.`
  })
};

// src/report/texts/inputs.ts
var inputTexts = {
  "input-invalid": (p) => ({
    what: `The input ${field(p, "name", "named below")} cannot be used${when(p, "got", (got) => got === "a value" ? " here" : `: it is "${got}"`) || because(p)}.`,
    next: `Change ${field(p, "name", "it")} in the workflow${when(p, "expected", (expected) => `. Expected: ${expected}`)}. Then run the job again.`
  }),
  "input-missing": (p) => ({
    what: `The input ${field(p, ["name", "input"], "that is required")} is missing${field(p, ["name", "input"], "") === "" ? because(p) : ""}.`,
    next: `Add ${field(p, ["name", "input"], "it")} under "with:" in the workflow${when(p, "expected", (expected) => `. Expected: ${expected}`)}. Then run the job again.`
  }),
  "url-missing": (p) => ({
    what: `No database URL was found: none of these variables is set: ${field(p, ["variables", "variable"], "DIRECT_URL, DATABASE_URL")}.`,
    next: 'Set one of them under "env:" of this step from a repository secret, or name yours in the input database-url-env.'
  }),
  "url-invalid": (p) => ({
    what: `The database URL${when(p, "variable", (name) => ` in ${name}`)} cannot be used${because(p)}.`,
    next: "Write it as postgresql://user:password@host:5432/database or mysql://user:password@host:3306/database. In the password, write @ as %40, : as %3A, / as %2F, # as %23, % as %25 and a space as %20."
  }),
  "url-not-guarded": (p) => ({
    what: field(p, "watched", "") !== "" ? `Prisma would connect as ${field(p, "elsewhere", "another user")}, and we as ${field(p, "watched", "")}. On MySQL we know the session of the migration by its user, host and database, so we could not watch it.` : `Prisma would connect to ${field(p, "elsewhere", "another place")} with a URL that we do not control${when(p, "variables", (names) => ` (we control ${names})`)}, so the timeouts would not hold.`,
    next: `Let Prisma take its URL from an environment variable, and name that variable in the input database-url-env${when(p, ["wanted", "variable"], (name) => `: ${name}`)}. A URL written into the schema, the config or a .env file cannot be guarded.`
  }),
  "secret-unreadable": (p) => ({
    what: `The secret ${field(p, ["name", "arn"], "given in database-secret-arn")} has no connection details we can use${because(p)}.`,
    next: "The secret must be JSON with username and password, and host, port and dbname where they differ from the DB instance. Correct it, or give the URL in DATABASE_URL instead."
  }),
  "command-failed": (p) => ({
    what: `${field(p, ["command", "name"], "A command of the workflow")} ended with ${when(p, ["exitCode", "status"], (status) => `exit code ${status}`) || `an error${because(p)}`}.`,
    next: `Read the output of ${field(p, ["command", "name"], "the command")} in the log above, repair it, and run the job again.`
  }),
  cancelled: (p) => ({
    what: `The job was cancelled${when(p, "migration", (name) => ` while "${name}" was running`)}.`,
    next: "Read the state of your data first. Then run the job again when you want to deploy."
  }),
  "notification-failed": (p) => ({
    what: `Slack did not take the message${when(p, "status", (status) => ` (HTTP ${status})`)}${because(p)}.`,
    next: "Tell your team yourself, and check the webhook URL in the input slack-webhook-url. The deploy itself is not affected."
  }),
  "report-unwritable": (p) => ({
    what: `The ${field(p, "what", "report")} could not be written${when(p, "path", (path4) => ` to ${path4}`)}${because(p)}.`,
    next: "Free disk space on the runner, or use a larger one. Everything of importance is in this log."
  }),
  unexpected: (p) => ({
    what: `Something happened that we did not foresee${because(p)}.`,
    next: "Read the state of your data first. Then report this with the log and the JSON report to the authors of this action."
  })
};

// src/report/texts/notices.ts
var migration = (n) => `"${field(n, "migration", field(n, "name", "of this deploy"))}"`;
var line = (n) => when(n, "line", (number) => ` (line ${number})`);
var why = (n) => when(n, "message", (text) => `: ${text}`) || when(n, "detail", (text) => `: ${text}`);
var ODDITIES = {
  "byte-order-mark": "begins with a byte order mark (BOM), which the server takes for a syntax error",
  "nul-byte": "contains a NUL byte, which the server cannot take",
  "invalid-utf8": "is not valid UTF-8; Prisma would replace the bad bytes without a word"
};
var FILES = {
  "migration-edited": (n) => ({
    what: `The migration ${migration(n)} was edited after it had been applied. The database has the old text.`,
    next: "Put the change into a new migration and restore the old file from git."
  }),
  "migration-gone": (n) => ({
    what: `The migration ${migration(n)} is applied in the database but its folder is gone. This may be the wrong branch.`,
    next: "Check that the right commit is being deployed, or restore the folder from git."
  }),
  "migration-out-of-order": (n) => ({
    what: `The migration ${migration(n)} is older than the newest applied one. Prisma applies it all the same.`,
    next: "Check that it does not depend on the order."
  }),
  "file-oddity": (n) => ({
    what: `The file of ${migration(n)} ${ODDITIES[field(n, "oddity", field(n, "kind", ""))] ?? `holds bytes that the server may not take${why(n)}`}.`,
    next: "Save the file as UTF-8 without a BOM."
  }),
  "file-syntax": (n) => ({
    what: `The parser does not accept the file of ${migration(n)}${line(n)}${why(n)}.`,
    next: "Correct the SQL; the server will most likely refuse it."
  }),
  "file-resets-limits": (n) => ({
    what: `The file of ${migration(n)} sets ${field(n, "setting", "a timeout")} itself${line(n)}, so our limit no longer holds from there on, nor in the migrations after it.`,
    next: `Remove the statement that sets ${field(n, "setting", "it")}${line(n)} and use the inputs statement-timeout and lock-timeout. Only migration-timeout still stops it.`
  }),
  "file-unbalanced-transaction": (n) => ({
    what: `The file of ${migration(n)} ${field(n, "by", "") === "autocommit" ? "switches autocommit off and leaves it so" : "opens a transaction with BEGIN and does not commit it"}${line(n)}. Prisma reports success and the database throws the work away.`,
    next: "Add COMMIT; at the end of the file, or delete what opens the transaction."
  })
};
var PLANNING = {
  "planned-without-database": (n) => ({
    what: `The database was not asked${why(n)}. Its history, the sizes and types of its tables and their rows are not known; what git or GitHub says that this change adds is taken as pending.`,
    next: "For a sharper plan, let this job reach the database with a read-only role."
  }),
  "pending-unknown": () => ({
    what: "Nobody could tell which migrations are new: there is no database, git does not know the base (a shallow checkout), and GitHub was not asked or did not answer. So ALL of them were read as pending, on an empty database. Tables that any of them creates count as empty, and HAZARDS TO SUCH TABLES ARE NOT SEEN: few findings mean little here.",
    next: "Let actions/checkout fetch the whole history (fetch-depth: 0), give the job pull-requests: read, or let it reach the database."
  }),
  "planned-without-aws": (n) => ({
    what: `AWS was not asked${why(n)}. Backups and the state of the database were not checked.`,
    next: "Give this job AWS credentials that may describe the DB instance, or leave db-instance-identifier out."
  }),
  "catalog-unread": (n) => ({
    what: `The catalog of the database could not be read${why(n)}, so the hazards are judged without the sizes of the tables.`
  }),
  "rules-missing": () => ({
    what: "The rules that find hazards know PostgreSQL only. These MySQL files were split into statements and NOT judged: no finding means nothing here.",
    next: "Read the files yourself. On MySQL every change of the schema is committed at once, and ALTER TABLE with ALGORITHM=INSTANT or INPLACE, LOCK=NONE fails instead of blocking writers."
  }),
  "report-unwritable": (n) => ({
    what: `The ${field(n, "what", "report")} could not be written${why(n)}.`,
    next: "Choose a path in the workspace that can be written to. A step that reads the file will not find it."
  }),
  "review-failed": (n) => ({
    what: `The pull request could not be commented${why(n)}.`,
    next: "The job summary says the same. The token needs pull-requests: write."
  }),
  "dev-command": (n) => ({
    what: `${field(n, "command", "A development command of Prisma")} stands in ${field(n, "path", "a file")}${when(n, "line", (line2) => `, line ${line2}`)}${when(n, "script", (name) => ` (script ${name})`)}. On a production database it can drop everything.`,
    next: "Use prisma migrate deploy there, or this action."
  }),
  drift: (n) => ({
    what: `The database is not what schema.prisma says${when(n, "changes", (changes) => `: ${changes}`)}.`,
    next: "Somebody changed it by hand, or the schema was changed without a migration. Make a migration of the difference before you deploy more."
  }),
  "drift-unknown": (n) => ({
    what: `Nobody can say whether the database has drifted from schema.prisma${when(n, "message", (message) => `: ${message.replace(/[.]$/, "")}`)}.`
  }),
  "maintenance-window-near": (n) => ({
    what: `The maintenance window${when(n, "window", (window) => ` (${window} UTC)`)} of the database in RDS is near. AWS may restart it then.`,
    next: "Deploy outside that window."
  })
};
var SURROUNDINGS = {
  "predecessor-unfinished": (n) => ({
    what: `An earlier run${when(n, "run", (run) => ` (${run})`)} did not reach its end${when(n, "phase", (phase) => ` (it stopped at: ${phase})`)}. The migration history shows no damage of it.`,
    next: "Nothing needs to be done; look at that run if you want to know why it ended."
  }),
  "waits-for-turn": (n) => ({
    what: `Another guarded deploy of this database is at work${when(n, "application", (name) => ` (${name})`) || when(n, "pid", (pid) => ` (pid ${pid})`)}. This one waits for its end, for at most ${took(Number(field(n, "limit", "0")))}.`
  }),
  "endpoint-differs": (n) => ({
    what: `The database URL points to ${field(n, "host", "another host")} and not to the endpoint of the database in RDS${when(n, ["endpoint", "expected"], (host) => ` (${host})`)}. Snapshot and restore are for the one in RDS.`,
    next: "Make sure that both are the same database."
  }),
  "iam-authentication": (n) => ({
    what: `The database${when(n, "instance", (name) => ` ${name}`)} uses IAM database authentication. A restored one has a new resource id, which rds-db:connect policies must name.`,
    next: "Be ready to add the new resource id (output restored-resource-id) to those policies."
  }),
  "managed-password": (n) => ({
    what: `The master password${when(n, "instance", (name) => ` of ${name}`)} is managed by Secrets Manager. A restored database is not connected to that secret.`,
    next: "Set a master password on the restored database before you use it."
  }),
  "backup-window-near": (n) => ({
    what: `The daily backup window${when(n, "window", (window) => ` (${window} UTC)`)} is near. A running backup delays the snapshot.`
  }),
  "aws-retry": (n) => ({
    what: `AWS was asked again${when(n, ["label", "action"], (what) => ` (${what})`)}${when(n, "attempt", (attempt) => `, attempt ${attempt}`)}${when(n, "cause", (cause) => `, because: ${cause.replace(/[.]$/, "")}`)}.`
  }),
  "cli-hung": () => ({
    what: "The Prisma command did not end although the database had nothing left to do. It was stopped; the verdict comes from the database."
  }),
  "prune-failed": (n) => ({
    what: `An old snapshot of ours could not be deleted${when(n, ["snapshot", "name"], (name) => ` (${name})`)}${why(n)}.`,
    next: "Delete it by hand, or add rds:DeleteDBSnapshot to the role."
  }),
  "tag-failed": (n) => ({
    what: `A tag could not be set${when(n, ["name", "arn"], (name) => ` on ${name}`)}${why(n)}.`,
    next: "Add rds:AddTagsToResource to the role."
  }),
  "resolve-failed": (n) => ({
    what: `The migration ${migration(n)} could not be marked as rolled back${why(n)}. The next deploy would stop with P3009.`,
    next: "Mark it by hand before the next deploy.",
    run: resolveText(field(n, "migration", field(n, "name", "MIGRATION_NAME")))
  }),
  "notification-failed": (n) => ({
    what: `Slack did not take the message${when(n, "status", (status) => ` (HTTP ${status})`)}${why(n)}.`,
    next: "Tell your team yourself, and check slack-webhook-url."
  }),
  "after-command-failed": (n) => ({
    what: `after-command failed${when(n, ["exitCode", "status"], (status) => `: exit code ${status}`) || why(n)}.`,
    next: "If after-command switches maintenance mode off, do that by hand now."
  })
};
var noticeTexts = {
  ...FILES,
  ...PLANNING,
  ...SURROUNDINGS
};

// src/report/texts/plan.ts
var place = (p) => `${when(p, "migration", (name) => `"${name}"`) || "A pending migration"}${when(p, "line", (line2) => `, line ${line2}`)}`;
var hazard = (p) => when(p, "message", (message) => message.replace(/[.\s]+$/, "")) || when(p, "rule", (rule2) => `the rule ${rule2} applies`) || "it is dangerous for this database";
var accepting = (p) => p.fields.suppressible === "false" ? "No comment in the file can accept this. Loss of data, and a file that may stay half done, are let through only by naming the migration in the input allow-data-loss." : `When you know better for this database, say so above the statement: -- guard-ignore ${field(p, "rule", "RULE")}: your reason.`;
var WINDOWS = {
  backup: "the backup window of the database in RDS",
  maintenance: "the maintenance window of the database in RDS"
};
function outside(p) {
  const now = when(p, "now", (time) => ` (${time})`);
  const window = when(p, "window", (text) => ` (${text})`);
  const inside = WINDOWS[p.fields.kind ?? ""];
  if (inside !== void 0)
    return `Now${now} is inside ${inside}${window}, and deploys wait until it is over.`;
  return `Now${now} is not inside deploy-window${window}.`;
}
var draft = (p) => {
  const suffix = /^[56]\b/.test(p.fields.prismaVersion ?? "") ? "-datamodel" : "";
  const schema = field(p, "schema", "prisma/schema.prisma");
  return [
    `git show ${shell(`origin/main:./${schema}`)} > before.prisma`,
    `npx prisma migrate diff --from-schema${suffix} ${shell(schema)} --to-schema${suffix} before.prisma --script`
  ].join("\n");
};
var planTexts = {
  "hazard-refused": (p) => ({
    what: `${place(p)}: ${hazard(p)}${when(p, "level", (level) => `. Its level is ${level}`)}${when(p, "failOn", (level) => `, and fail-on is ${level}`)}.`,
    next: `Change the migration before it is applied anywhere. ${accepting(p)}${when(p, "suggestion", () => " This does the same with less harm:")}`,
    ...p.fields.suggestion ? { run: p.fields.suggestion } : {}
  }),
  "outside-window": (p) => ({
    what: outside(p),
    next: `Run the job again ${when(p, "opens", (time) => `from ${time} on`) || "inside the window"}, or, in an emergency, change deploy-window in the workflow.`
  }),
  "environment-missing": (p) => ({
    what: `This commit${when(p, "sha", (sha) => ` (${sha.slice(0, 12)})`)} has no successful deployment in the environment ${field(p, "environment", "named in require-environment")}.`,
    next: `Deploy this very commit to ${field(p, "environment", "that environment")} first, in a job with "environment: ${field(p, "environment", "NAME")}", then run this job again. The job needs the permission deployments: read.`
  }),
  "down-missing": (p) => ({
    what: `${when(p, "migration", (name) => `"${name}"`) || "A pending migration"} has no down.sql, and require-down is set.`,
    next: `Write the way back${when(p, "path", (path4) => ` into ${path4}`) || " into down.sql beside migration.sql"}. These commands, for the installed version of Prisma, print a first draft from the schema of the base branch and that of this commit, to be read before it is trusted. It brings back no data:`,
    run: draft(p)
  }),
  "plan-moved": (p) => ({
    what: `The plan that was reviewed no longer fits${when(p, "moved", (what) => `: ${what.replace(/[.\s]+$/, "")}`) || because(p)}.`,
    next: "Run mode: plan again, read what it says now, and deploy with the new plan."
  }),
  "plan-unreadable": (p) => ({
    what: `The file given in plan-path${when(p, "path", (path4) => ` (${path4})`)} is not a plan of this project${because(p)}.`,
    next: "Give the file that the output plan-path of mode: plan names. Between jobs, hand it over as an artifact, and do not change it."
  }),
  "review-failed": (p) => ({
    what: `GitHub did not do what we asked${when(p, "what", (what) => ` (${what})`)}${when(p, "status", (status) => /^\d{3}$/.test(status) ? `: HTTP ${status}` : "")}${because(p)}.`,
    next: "Check the permissions of the job (pull-requests: write for the comment, deployments: read for require-environment) and https://www.githubstatus.com, then run the job again."
  })
};

// src/report/texts/prisma.ts
function holder(p, whose2) {
  const parts = [
    when(p, "pid", (pid) => `pid ${pid}`),
    when(p, "user", (user) => `user ${user}`),
    when(p, "application", (name) => `application "${name}"`),
    when(p, "state", (state2) => `state ${state2}`),
    when(p, "age", (age2) => /^\d+$/.test(age2) ? `for ${took(Number(age2))}` : `for ${age2}`)
  ].filter((each) => each !== "");
  const who = parts.length > 0 ? parts.join(", ") : field(p, "holder", "");
  return who === "" ? "" : `: ${whose2}'s lock is held by ${who}`;
}
var endSession = (p) => isMysql(p) ? `KILL ${field(p, "pid", "")};` : `SELECT pg_terminate_backend(${field(p, "pid", "")});`;
var prismaTexts = {
  "project-not-found": (p) => ({
    what: `No Prisma project was found${when(p, "path", (path4) => ` in ${path4}`)}${because(p)}.`,
    next: "Set the input working-directory to the folder that holds package.json and the prisma folder, and check that the job checks out the repository before this step."
  }),
  "prisma-not-installed": (p) => ({
    what: `The Prisma CLI is not installed${when(p, "path", (path4) => ` in ${path4}`)}. We run the version of your project and never download another one.`,
    next: "Install the dependencies before this step. The package prisma must be among them.",
    run: "npm ci"
  }),
  "prisma-unsupported": (p) => ({
    what: `This Prisma set-up cannot be guarded${when(p, "version", (version) => ` (version ${version})`)}${because(p)}.`,
    next: "Use Prisma 5, 6 or 7 with its own migration engine and a direct PostgreSQL or MySQL URL (not prisma:// and not MongoDB)."
  }),
  "prisma-config-broken": (p) => ({
    what: `The Prisma config or schema cannot be read${when(p, "path", (path4) => ` (${path4})`)}${because(p)}.`,
    next: 'Check it on your machine with the command below, and set every variable that it reads under "env:" of this step.',
    run: "npx prisma validate"
  }),
  "migrations-empty": (p) => ({
    what: `There is no migration${when(p, "path", (path4) => ` in ${path4}`)}. A wrong folder looks to Prisma like nothing to do, so we stop here.`,
    next: "Check the inputs working-directory, schema and prisma-config, and that the folder prisma/migrations is committed."
  }),
  "migration-unreadable": (p) => ({
    what: `The migration "${field(p, "migration", field(p, "name", "named below"))}" has no migration.sql that can be read. Prisma would apply the ones before it and then stop.`,
    next: "Restore the file from git, or delete the folder when it was never applied anywhere."
  }),
  "history-failed": (p) => ({
    what: `The migration "${field(p, "migration", "of an earlier deploy")}" failed in an earlier deploy${when(p, "startedAt", (at) => ` (${at})`)} and was never resolved, so Prisma would refuse with P3009${when(p, "logs", (logs) => `. Its error was: ${logs}`)}.`,
    next: "Look whether any of its statements are in the database. If none is, or after you removed them, mark it as rolled back and deploy again. If all of them are, use --applied instead of --rolled-back.",
    run: resolveText(field(p, "migration", "MIGRATION_NAME"))
  }),
  "history-missing-baseline": (p) => ({
    what: `The database${when(p, "database", (name) => ` ${name}`)} has tables${when(p, ["tables", "count"], (n) => ` (${n})`)} but no migration history, so Prisma would refuse with P3005.`,
    next: "If this is the right database, baseline it once: mark every migration that it already contains as applied (https://pris.ly/d/migrate-baseline). If it is not, correct the URL.",
    run: resolveText(field(p, "migration", "MIGRATION_NAME"), "applied")
  }),
  "migration-running": (p) => ({
    // Prisma's lock on MySQL belongs to the whole server.
    what: `Another migration is running on this ${isMysql(p) ? "server" : "database"}${holder(p, "Prisma")}.`,
    next: 'Wait until it has ended and run the job again. A "concurrency" group in the workflow keeps two deploys apart. If nothing is running, end that session in the database.',
    .../^\d+$/.test(field(p, "pid", "")) ? { run: endSession(p) } : {}
  }),
  "history-moved": (p) => ({
    what: `The migration "${field(p, "migration", "that was pending")}" was ${field(p, "state", "applied")} by somebody else while this deploy prepared.`,
    next: "Run the job again: it looks anew. Then find out who migrates beside this job, for example the start command of a container that runs prisma migrate deploy: only one may."
  }),
  "guard-running": (p) => ({
    what: `Another guarded deploy of this database is under way${holder(p, "the guard")}.`,
    next: `Wait until it has ended and run the job again${field(p, "cutOver", "") === "" ? ', or set "concurrency: wait"' : ""}.${isMysql(p) ? "" : " Its run is named in the application name of its session."} If that run is gone and the session stays, end the session:`,
    .../^\d+$/.test(field(p, "pid", "")) ? { run: endSession(p) } : {}
  }),
  "predecessor-unresolved": (p) => ({
    what: `An earlier run (${field(p, "run", "unknown")}) was killed or failed in the middle of ${when(p, "migration", (name) => `"${name}"`) || "a migration"} and left this database in a state that nobody has resolved. Its restore point is ${field(p, "restoreTime", "unknown")}.`,
    next: `Compare this database with ${when(p, "restored", (name) => `the restored ${name} as soon as that answers`) || "a restore to that second"}. If nothing of the migration is in it, or after you removed what is, mark it as rolled back and deploy again. If all of it is in, use --applied instead of --rolled-back.`,
    run: resolveText(field(p, "migration", "MIGRATION_NAME"))
  }),
  "migration-failed": (p) => ({
    what: `prisma migrate deploy did not end with every migration applied${when(p, "migration", (name) => `: "${name}" failed`)}${because(p)}.`,
    next: "Correct the migration, commit it, and deploy again."
  }),
  "migration-timeout": (p) => ({
    what: `The migration ${when(p, "migration", (name) => `"${name}" `)}was stopped because migration-timeout${when(p, ["timeout", "limit"], () => ` (${timeField(p, ["timeout", "limit"], "")})`)} passed.`,
    next: "Split the work into smaller migrations, move long data changes out of the deploy, or raise migration-timeout."
  })
};

// src/report/texts/recovery.ts
var OLDEST = {
  "db-instance": "aws rds describe-db-snapshots --snapshot-type manual --query 'sort_by(DBSnapshots,&SnapshotCreateTime)[:20].[DBSnapshotIdentifier,SnapshotCreateTime]' --output text",
  "db-cluster": "aws rds describe-db-cluster-snapshots --snapshot-type manual --query 'sort_by(DBClusterSnapshots,&SnapshotCreateTime)[:20].[DBClusterSnapshotIdentifier,SnapshotCreateTime]' --output text"
};
var recoveryTexts = {
  "restore-window-stale": (p) => ({
    what: `The ${kindOf(p)} ${field(p, "instance", "given")} cannot be restored to a recent moment: its LatestRestorableTime is ${field(p, ["latest", "got"], "missing")}${when(p, "limit", () => ` (older than ${timeField(p, "limit", "")})`)}.`,
    next: `Look at the events of the ${kindOf(p)} in the RDS console. Normally this time is about five minutes old. Run the job again when it is.`
  }),
  "snapshot-quota": (p) => ({
    what: `No manual snapshot can be added: ${when(p, "count", (n) => `there are ${n}`) || "the quota is used up"}${when(p, "limit", (limit2) => ` and the limit is ${limit2}`)}.`,
    next: "Delete old manual snapshots or ask AWS for a higher quota. The input snapshot-keep lets us delete our own old ones. This lists the oldest:",
    run: OLDEST[cliKind(p)]
  }),
  "snapshot-failed": (p) => ({
    what: `The snapshot${when(p, ["snapshot", "name"], (name) => ` ${name}`)} did not become available${when(p, "status", (status) => `: its state is ${status}`) || because(p)}.`,
    next: `Look at the events of the ${kindOf(p)} in the RDS console, then run the job again. A new run takes a new snapshot.`
  }),
  "snapshot-timeout": (p) => ({
    what: `The snapshot${when(p, ["snapshot", "name"], (name) => ` ${name}`)} was not available after ${timeField(p, ["timeout", "limit"], "snapshot-timeout")}.`,
    next: 'Raise snapshot-timeout, or use "snapshot: start", which does not wait. The first snapshot of a large database takes longest; the next ones are faster.'
  }),
  "restore-timeout": (p) => {
    const limit2 = timeField(p, ["timeout", "limit"], "restore-timeout");
    const time = field(p, "restoreTime", "");
    if (time !== "") {
      return {
        what: `AWS was not ready to restore to ${time} within ${limit2}, so no restore was requested: LatestRestorableTime of ${field(p, "instance", `the ${kindOf(p)}`)} had not passed it.`,
        next: `Look at the events of the ${kindOf(p)} in the RDS console; backups of its log may be held up.`
      };
    }
    const name = field(p, ["instance", "name"], "");
    return {
      what: `The restore${name === "" ? "" : ` to ${name}`} was not ready after ${limit2}. It goes on in AWS by itself.`,
      next: "Wait for it outside this job; a restore takes 25 to 45 minutes at best and longer for a large database. Raise restore-timeout for the next time.",
      ...waitFor2(p, name)
    };
  },
  "restore-later": (p) => ({
    what: `The restore to ${field(p, "restoreTime", "the restore point")} is not requested yet: AWS accepts that second about five minutes after it has passed, and the post step of a cancelled job does not wait so long.`,
    next: "Run the job again in five minutes. It requests this restore, waits for it and compares it; it does not migrate over what the cancelled run left."
  }),
  "restore-failed": (p) => ({
    what: `The restore${when(p, ["name", "instance"], (name) => ` to ${name}`)} failed${when(p, "status", (status) => /\D/.test(status) ? `: its state is ${status}` : "") || `${when(p, "code", (code2) => ` (${code2})`)}${because(p)}`}.`,
    next: "Read the error of AWS, remove its cause, and request the restore by hand. The automated backups are not affected."
  }),
  "restore-mismatch": (p) => ({
    what: `The restored database${when(p, ["instance", "name"], (name) => ` ${name}`)} is NOT in the state of the restore point${when(p, "differences", (found) => `; it differs in: ${found}`) || when(p, "count", (n) => ` (differences: ${n})`)}.`,
    next: "Do not switch to it. Compare it with production by hand, and restore once more, to a second before the migration or from the snapshot."
  }),
  "restore-unverified": (p) => ({
    what: `The restored database${when(p, ["instance", "name"], (name) => ` ${name}`)} could not be reached by SQL, so nobody has checked it${because(p)}.`,
    next: "Check that its security group lets you in and that the password is that of production, then compare it by hand before you use it."
  }),
  "instance-name-taken": (p) => ({
    what: `A ${kindOf(p)} named ${field(p, "name", field(p, "instance", "like the restored one"))} exists already and ${field(p, "differs", "") === "" ? "is not from this run" : "was found to differ from its restore point; it is not taken again"}.`,
    next: field(p, "promotion", "") === "" ? "Give another name in the input restored-identifier, or remove that one if it is no longer needed." : "Rename that one, or delete it if it is no longer needed: the promotion needs the name. Then run the job again with the same inputs."
  })
};
function waitFor2(p, name) {
  return name === "" ? {} : { run: `aws rds wait ${cliKind(p)}-available --${cliKind(p)}-identifier ${shell(name)}` };
}

// src/report/text.ts
var PROBLEM_TEXTS = {
  ...inputTexts,
  ...prismaTexts,
  ...databaseTexts,
  ...awsTexts,
  ...recoveryTexts,
  ...planTexts,
  ...backTexts
};
var NOTICE_TEXTS = {
  ...noticeTexts,
  ...backNotices
};
var problemWords = (problem3) => (PROBLEM_TEXTS[problem3.code] ?? PROBLEM_TEXTS.unexpected)(problem3);
function wordsIn(run, problem3) {
  const instance = run.promotion?.production ?? run.instance?.identifier ?? run.request?.instance;
  const user = run.database?.user;
  const dialect = run.database?.dialect;
  const known2 = {
    ...cutsOver(run) ? { cutsOver: "yes" } : {},
    ...dialect === void 0 ? {} : { dialect },
    ...isCluster(run) ? { kind: "cluster" } : {},
    ...problem3.code === "database-rights" && user !== void 0 ? { user } : {}
  };
  const named = problem3.code === "aws-denied" && instance !== void 0 ? { instance } : {};
  return problemWords({ ...problem3, fields: { ...known2, ...problem3.fields, ...named } });
}
var cutsOver = ({ request }) => request !== void 0 && (request.mode === "promote" || request.promote !== "never");
var noticeWords = (notice2) => NOTICE_TEXTS[notice2.code]?.(notice2) ?? { what: `Notice: ${notice2.code}.` };

// src/report/markdown.ts
var SPECIAL = /[&<>`*~|[\]\\#$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;
var entity = (char) => `&#${char.charCodeAt(0)};`;
var md = (text, max = 1e3) => oneLine(text, max).replace(SPECIAL, entity).replace(/^([-+=:]|\d+[.)])/, "​$1").replaceAll("@", "@​").replace(/:\/\//g, ":​//").replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}​.`);
var prose = (text, max = 4e3) => md(text, max).replace(
  /\(https:\u200b\/\/(pris\.ly\/[a-z/-]+)\)/g,
  (_, address) => `([${address}](https://${address}))`
);
var code = (text, max = 200) => `<code>${md(text, max) || " "}</code>`;
function fence(text, language, max = 2e3) {
  const body2 = clip(plain(text), max).replace(/\n+$/, "");
  const longest = Math.max(2, ...[...body2.matchAll(/`+/g)].map((run) => run[0].length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${language}
${body2}
${marks}`;
}
var indented = (block) => block.replace(/^/gm, "  ");
function table(head, rows) {
  const line2 = (cells) => `| ${cells.join(" | ")} |`;
  return [line2(head), line2(head.map(() => "---")), ...rows.map(line2)].join("\n");
}

// src/report/back/inventory.ts
var MAX_ROWS = 100;
var DAY_MS = 864e5;
var dollars = (amount) => amount < 10 ? `$${amount.toFixed(2)}` : `$${Math.round(amount)}`;
function monthly(kept2) {
  const known2 = kept2.flatMap((each) => each.monthlyCost === void 0 ? [] : [each.monthlyCost]);
  return known2.length === 0 ? void 0 : known2.reduce((sum2, each) => sum2 + each, 0);
}
function age(each, run) {
  if (each.createdAt === void 0) return "age unknown";
  const days = Math.floor(((run.endedAt ?? run.startedAt) - each.createdAt) / DAY_MS);
  if (days < 1) return "less than a day";
  return days === 1 ? "1 day" : `${days} days`;
}
var cost = (each) => {
  if (each.monthlyCost === void 0)
    return each.sizeGiB === void 0 ? "billed by use" : "not in our table";
  return each.kind === "snapshot" ? `up to ${dollars(each.monthlyCost)}` : `about ${dollars(each.monthlyCost)}`;
};
var KINDS = { snapshot: "snapshot", restored: "restored database", replaced: "replaced database" };
var fate = (each, run) => {
  if (each.verdict === "keep") return `kept: ${each.why}`;
  if (run.deleted.includes(each.identifier)) return "**deleted**";
  return run.steps.some((step2) => step2.kind === "clean" && step2.state === "failed") ? "**not deleted**" : "may go";
};
function inventorySection(run) {
  const all = run.inventory ?? [];
  if (all.length === 0) return "";
  const ordered = [...all].sort((a, b) => Number(b.verdict === "delete") - Number(a.verdict === "delete"));
  const rows = ordered.slice(0, MAX_ROWS).map((each) => [
    KINDS[each.kind],
    code(each.identifier),
    md(each.run, 40),
    md(each.phase, 40),
    age(each, run),
    each.sizeGiB === void 0 ? "" : `${each.sizeGiB} GiB`,
    cost(each),
    fate(each, run).replace(/^kept: (.*)$/, (_, why4) => `kept: ${md(why4, 120)}`)
  ]);
  const head = ["what", "name", "run", "state", "age", "size", "a month", ""];
  const more2 = all.length > MAX_ROWS ? `

… and ${all.length - MAX_ROWS} more.` : "";
  return `### What the guard keeps

${table(head, rows)}${more2}`;
}

// src/report/back/cleanup.ts
var explainCleanup = (run) => ({
  title: title(run),
  headline: headline(run),
  why: why2(run),
  data: data(run),
  did: did(run),
  next: next(run)
});
var going = (run) => (run.inventory ?? []).filter((each) => each.verdict === "delete");
var left = (run) => going(run).filter((each) => !run.deleted.includes(each.identifier));
var databases = (run) => (run.inventory ?? []).filter((each) => each.kind !== "snapshot");
var snapshots = (n) => count(n, "snapshot");
function title(run) {
  switch (run.status) {
    case "up-to-date":
      return "Nothing to clean up";
    case "planned":
      return `Dry run, ${snapshots(going(run).length)} may go`;
    case "applied":
      return `${snapshots(run.deleted.length)} deleted`;
    case "failed":
      return `${snapshots(left(run).length)} not deleted`;
    case "refused":
      return "Cleanup refused";
    case "cancelled":
      return "Cleanup cancelled";
    default:
      return run.problems.length > 0 ? "Cleanup stopped" : "Cleanup running";
  }
}
function headline(run) {
  const name = spokenName(run);
  const all = going(run).length;
  switch (run.status) {
    case "up-to-date":
      return `No snapshot of ${name} may go.`;
    case "planned":
      return `${snapshots(all)} of ${name} may go${saving(going(run))}. This was a dry run: nothing was deleted.`;
    case "applied":
      return `${snapshots(run.deleted.length)} of ${name} deleted${saving(going(run))}.`;
    case "refused":
      return `The cleanup of ${name} was refused: it could not see what is there.`;
    case "cancelled":
      return `The cleanup of ${name} was cancelled after ${snapshots(run.deleted.length)} of ${all}.`;
    default:
      if (run.problems.length === 0) return `The cleanup of ${name} is running.`;
      return `${left(run).length} of ${snapshots(all)} of ${name} could not be deleted.`;
  }
}
var saving = (kept2) => {
  const sum2 = monthly(kept2);
  return sum2 === void 0 ? "" : `, at most ${dollars(sum2)} a month`;
};
function why2(run) {
  const problems3 = distinct(run.problems.slice(0, 20).map((each) => wordsIn(run, each).what));
  const kept2 = databases(run);
  if (kept2.length === 0) return problems3;
  const named = kept2.map(
    (each) => `${each.identifier} (${each.phase || "state unknown"}, ${age(each, run)})`
  );
  const sum2 = monthly(kept2);
  const unknown2 = kept2.filter((each) => each.monthlyCost === void 0).length;
  const others = unknown2 === 0 ? "" : `, without ${count(unknown2, "database")} whose price is not known`;
  const price = sum2 === void 0 ? ". What they cost a month is not known: their class is not in our table, or AWS bills their use" : `. ${kept2.length === 1 ? "It costs" : "Together they cost"} about ${dollars(sum2)} a month${others}; rough, from list prices of ${PRICES_FROM}`;
  const are = kept2.length === 1 ? "1 restored or replaced database is kept" : `${kept2.length} restored or replaced databases are kept`;
  return [...problems3, joined2([`${are}: ${list(named, 10)}${price}`])];
}
var distinct = (texts2) => [...new Set(texts2)];
function data(run) {
  const kept2 = (run.inventory ?? []).filter((each) => each.kind === "snapshot").length - run.deleted.length;
  return joined2([
    "No database was touched: the cleanup connects to none, and it never deletes, stops or changes one",
    ...run.inventory === void 0 ? [] : [`${snapshots(kept2)} of ours ${kept2 === 1 ? "is" : "are"} there now`]
  ]);
}
function did(run) {
  if (run.inventory === void 0) return "We deleted nothing.";
  const looked = `We listed ${count(run.inventory.length, "resource")} of ours`;
  if (run.deleted.length === 0) return joined2([`${looked} and deleted nothing`]);
  return joined2([`${looked} and deleted ${list(run.deleted, 20)}`]);
}
function next(run) {
  const steps2 = [...fromStatus(run), ...aboutDatabases(run), ...aboutFailed(run)];
  return steps2.length > 0 ? steps2 : [{ say: "Nothing to do." }];
}
function fromStatus(run) {
  if (run.status === "planned") return [confirmIt(run)];
  if (run.status === "up-to-date") {
    const keepsAll = run.request?.snapshotKeep === 0 && (run.inventory ?? []).length > 0;
    return keepsAll ? [
      {
        say: "With snapshot-keep: 0 all snapshots stay. Set it to a number to keep only the newest ones."
      }
    ] : [];
  }
  if (run.status === "cancelled") return [{ say: "Run the job again: it goes on with what is left." }];
  const said2 = run.problems.slice(0, 20).map((each) => wordsIn(run, each));
  return [...new Map(said2.map((words) => [words.next, advice(words)])).values()];
}
var confirmIt = (run) => ({
  say: "Read the list in the job summary. To delete what is marked, run the job again with this input:",
  run: `confirm: ${spokenName(run)}`
});
function aboutDatabases(run) {
  const [oldest] = [...databases(run)].sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
  if (oldest === void 0) return [];
  const cluster = run.request?.targetKind === "cluster";
  const region2 = regionOf(run);
  const place3 = region2 === void 0 || region2 === "" ? "" : ` --region ${shell(region2)}`;
  return [
    {
      say: `Decide about ${oldest.identifier}: the guard deletes no database. Look first who still uses it; page k of the runbook of Guarded Migrate (docs/runbook/k-clean-up.md) has the order of the steps.`,
      run: cluster ? `aws rds describe-db-clusters${place3} --db-cluster-identifier ${shell(oldest.identifier)}` : `aws rds describe-db-instances${place3} --db-instance-identifier ${shell(oldest.identifier)}`
    }
  ];
}
function aboutFailed(run) {
  const failed2 = (run.inventory ?? []).filter((each) => each.kind === "snapshot" && each.phase === "failed");
  return failed2.length === 0 ? [] : [
    {
      say: `${snapshots(failed2.length)} of ${failed2.length === 1 ? "a failed run is" : "failed runs are"} kept until you delete ${failed2.length === 1 ? "it" : "them"} by hand: ${list(
        failed2.map((each) => each.identifier),
        5
      )}.`
    }
  ];
}

// src/report/write-loss.ts
var UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];
function size(bytes2) {
  let value = bytes2;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? count(bytes2, "byte") : `${value.toFixed(1)} ${UNITS[unit] ?? ""}`;
}
var LOGS = { postgresql: "write-ahead log", mysql: "redo log" };
var beside = (loss, { database }) => {
  const log = LOGS[database?.dialect ?? "postgresql"];
  const parts = [
    ...loss.commits === void 0 ? [] : [`${count(loss.commits, "commit")} (reading ones count, too)`],
    ...loss.walBytes === void 0 ? [] : [`${size(loss.walBytes)} of ${log}`]
  ];
  return parts.length === 0 ? "" : `, with ${parts.join(" and ")}`;
};
var UPPER = "Rolled-back writes and those of the migration itself are counted too, so this is an upper bound";
var OTHERS = "writes to other databases of the server are not counted";
function upper({ database }, { tables }) {
  if (database?.dialect !== "mysql") return `${UPPER}; sessions hand in their counts some seconds late`;
  return tables.some((each) => each.table === WHOLE_SERVER) ? UPPER : `${UPPER}; ${OTHERS}`;
}
function lossSentences(run) {
  const loss = run.writeLoss;
  if (loss === void 0) return [];
  const tables = loss.tables.map((each) => `${oneLine(each.table, 120)} ${rowsOf(each)}`);
  if (loss.rows === void 0) {
    const seen = tables.length === 0 ? "" : `. Counted all the same: ${list(tables)}`;
    return [
      `${run.promotion?.phase === "promoted" ? "What was left behind in the old database" : "What a cut-over would lose"} is not known: ${oneLine(loss.unknown ?? "nothing was counted", 300)}${seen}`
    ];
  }
  if (loss.rows === 0)
    return [
      run.database?.dialect === "mysql" ? `No row was written to ${oneLine(run.database.database, 120)} on production since ${loss.since}${beside(loss, run)}: a cut-over would lose none of it; ${OTHERS}` : `No row was written to production since ${loss.since}${beside(loss, run)}: a cut-over would lose none`
    ];
  const rows = `at most ${count(loss.rows, "row")}`;
  const where2 = `since ${loss.since} (${list(tables)})${beside(loss, run)}`;
  return run.promotion?.phase === "promoted" ? [`Left behind in the old database: ${rows} written to it ${where2}`, upper(run, loss)] : [`A cut-over would lose ${rows} written to production ${where2}`, upper(run, loss)];
}
var MAX_ROWS2 = 200;
function writeLossSection(run) {
  const loss = run.writeLoss;
  if (loss === void 0) return "";
  const text = lossSentences(run).map((each) => md(each, 1e3)).join(". ");
  const title4 = run.promotion?.phase === "promoted" ? "What the cut-over left behind" : "What a cut-over would lose";
  const head = `### ${title4}

${text}.`;
  if (loss.tables.length === 0) return head;
  const rows = loss.tables.slice(0, MAX_ROWS2).map((each) => [
    code(each.table, 255),
    String(each.inserted),
    String(each.updated),
    String(each.deleted),
    String(rowsOf(each))
  ]);
  const more2 = loss.tables.length > MAX_ROWS2 ? `

… and ${loss.tables.length - MAX_ROWS2} more, see the JSON report.` : "";
  return `${head}

${table(["table", "inserted", "updated", "deleted", "rows"], rows)}${more2}`;
}

// src/report/back/promote-commands.ts
function renameCommand(run, from, to) {
  const region2 = regionOf(run);
  const where2 = region2 === void 0 || region2 === "" ? "" : ` --region ${shell(region2)}`;
  const kind = run.request?.targetKind === "cluster" ? "cluster" : "instance";
  return [
    `aws rds modify-db-${kind}${where2} --apply-immediately`,
    `  --db-${kind}-identifier ${shell(from)} --new-db-${kind}-identifier ${shell(to)}`
  ].join(" \\\n");
}

// src/report/situation.ts
var stepOf = (run, kind) => run.steps.find((step2) => step2.kind === kind);
var ended = (run) => run.status !== void 0;
var migrationStarted = (run) => run.rounds > 0;
var checkFailed = (run) => stepOf(run, "verify-command")?.state === "failed";
function migrationFailed(run) {
  if (!migrationStarted(run)) return false;
  if (checkFailed(run)) return true;
  if (run.verdict !== void 0) return !run.verdict.ok;
  return run.refused || ended(run) && run.status !== "applied" && run.status !== "up-to-date";
}
var isSchemaUnknown = ({ goal }) => goal !== void 0 && goal.recorded.fingerprint === void 0;
var problemWith = (run, ...codes) => run.problems.find((problem3) => codes.includes(problem3.code));
function restoreStory(run) {
  if (run.restore !== void 0) return requestedStory(run);
  const step2 = stepOf(run, "restore");
  if (step2?.state === "failed") return step2.problem?.code === "restore-later" ? "later" : "refused";
  if (step2?.state === "running") return ended(run) ? "unconfirmed" : "coming";
  if (!migrationFailed(run)) return "not-needed";
  const proven = reportedState(run) === "unchanged" && !checkFailed(run);
  if (proven && run.request?.onFailure !== "restore-always") return "not-needed";
  if (run.request?.onFailure === "alert") return "alert-only";
  if (step2?.state === "skipped") return "not-requested";
  const isOver = ended(run) && run.status !== "cancelled";
  return isOver || run.refused ? "not-requested" : "coming";
}
function requestedStory(run) {
  const differences3 = run.restore?.differences;
  if (differences3?.length === 0) return "verified";
  if (differences3 !== void 0 || problemWith(run, "restore-mismatch") !== void 0) return "mismatch";
  if (problemWith(run, "restore-unverified") !== void 0) return "unverified";
  if (problemWith(run, "restore-failed") !== void 0) return "broken";
  return "running";
}
function restoreProblem(run) {
  const kinds = ["restore", "wait-restore", "verify-restore"];
  for (const kind of kinds) {
    const problem3 = stepOf(run, kind)?.problem;
    if (problem3 !== void 0) return problem3;
  }
  return problemWith(
    run,
    "restore-failed",
    "restore-mismatch",
    "restore-unverified",
    "restore-timeout",
    "restore-later",
    "instance-name-taken"
  );
}
function openMigration(run) {
  const name = run.verdict?.failedMigration;
  if (name === void 0 || run.verdict?.openRow !== true) return void 0;
  return run.markedRolledBack.includes(name) ? void 0 : name;
}

// src/report/back/promotion-parts.ts
function cutOverProblems(run) {
  if (run.promotion === void 0) return [];
  const earlier = run.steps.flatMap(
    ({ kind, problem: problem3 }) => problem3 !== void 0 && !CUT_OVER.has(kind) ? [problem3] : []
  );
  return run.problems.filter((each) => !earlier.includes(each) && !BEFORE.has(each.code));
}
var CUT_OVER = /* @__PURE__ */ new Set([
  ...["preflight", "park", "take-over", "retarget"],
  ...["verify-promotion", "settle", "write-loss"]
]);
var BEFORE = /* @__PURE__ */ new Set([
  "migration-failed",
  "migration-timeout",
  "command-failed",
  "cancelled"
]);
var isSettled = (run) => run.status === "promoted" || run.status === void 0 && stepOf(run, "settle")?.state === "done";
function promotionLine(promotion) {
  const { production: production3, parked, by, phase } = promotion;
  const lines2 = {
    "not-started": "nothing is renamed or re-targeted yet",
    parking: `${production3} gives up its name; applications lose it from now on`,
    outage: by === "proxy" ? "the proxy is between two databases" : `nobody has the name ${production3}`,
    "taking-over": by === "proxy" ? "the proxy is sent to the restored database" : `the restored database takes the name ${production3}`,
    promoted: `the restored database serves${outage(promotion)}`,
    undone: `the old database serves${outage(promotion)}`
  };
  const kept2 = phase === "promoted" && by === "rename" ? `; the old one is ${parked}` : "";
  return `cut-over of ${production3}: ${lines2[phase]}${kept2}`;
}
var outage = ({ outageFrom, outageUntil }) => outageFrom === void 0 || outageUntil === void 0 ? "" : `, after ${took(outageUntil - outageFrom)} without an answer (${iso(outageFrom)} to ${iso(outageUntil)})`;
var since = ({ outageFrom }) => outageFrom === void 0 ? "" : `, since ${iso(outageFrom)}`;
var iso = (time) => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");

// src/report/back/promotion-words.ts
function promotionWords(run) {
  const { promotion } = run;
  return promotion === void 0 ? void 0 : SAYS[promotion.by][promotion.phase](run, promotion);
}
var AGAIN2 = 'Run "mode: promote" again with the same inputs: it finds out how far this got and goes on from there';
var UNDO = 'If they do not work with it: run "mode: promote" with "promote: undo". It puts the old database back, and what was written to the new one since stays in the new one';
var notStarted = (_run, { production: production3, restored: restored3 }) => ({
  title: "not cut over",
  what: `The cut-over of ${production3} was not begun.`,
  data: [`${production3} is the old database, as it was`, `${restored3} is beside it`],
  did: ["We renamed nothing"],
  next: []
});
var parking = (run, promotion) => ({
  title: "cut-over half done",
  what: `The cut-over of ${promotion.production} stopped while the old database was being renamed.`,
  data: [
    `${promotion.production} is on its way to the name ${promotion.parked}; when that is through, nobody has the name of production`,
    "No data was changed or deleted"
  ],
  did: [`We asked AWS to rename ${promotion.production} to ${promotion.parked}`],
  next: [
    { say: `${AGAIN2}. Do it now: applications lose their database in a moment.` },
    ...byHand(run, promotion)
  ]
});
var inOutage = (run, promotion) => {
  const { production: production3, parked, restored: restored3 } = promotion;
  return {
    title: "nobody serves",
    what: `Nobody has the name ${production3} at this moment: applications cannot reach their database${since(promotion)}.`,
    data: [`The old database is ${parked}, the restored one is ${restored3}; both are there and unharmed`],
    did: [`We renamed ${production3} to ${parked}`],
    next: [{ say: `${AGAIN2}.` }, ...byHand(run, promotion)]
  };
};
var takingOver = (_run, promotion) => {
  const { production: production3, parked, restored: restored3 } = promotion;
  return {
    title: "cut-over half done",
    what: `The restored database is on its way to the name ${production3}; it does not answer yet${since(promotion)}.`,
    data: [`The old database is kept as ${parked}`],
    did: [`We renamed ${production3} to ${parked} and asked AWS to rename ${restored3} to ${production3}`],
    next: [{ say: `${AGAIN2}.` }]
  };
};
var proxyBetween = (_run, { production: production3, restored: restored3, proxies }) => ({
  title: "cut-over half done",
  what: `The RDS Proxy of ${production3} was sent to another database and is not known to be healthy.`,
  data: [`The old database is still ${production3}, and the restored one is ${restored3}`],
  did: [`We re-targeted ${list(proxies)}`],
  next: [{ say: `${AGAIN2}.` }]
});
var promoted = (run, promotion) => {
  const { production: production3, parked, restored: restored3, by, proxies } = promotion;
  const unproven = run.problems.some(({ code: code2 }) => code2 === "promotion-unverified");
  const settled = isSettled(run);
  const proxy = by === "proxy";
  return {
    title: unproven || !settled ? "cut over, not proven" : "promoted",
    what: proxy ? `Applications that use the RDS Proxy ${list(proxies)} are served by the restored database ${restored3}${outage(promotion)}.` : `${production3} is the restored database now${outage(promotion)}.`,
    data: [
      proxy ? `The old database keeps its name ${production3} and its data` : `The old database is kept as ${parked}, with its data and its backups`,
      ...lossSentences(run),
      ...unproven ? ["That the endpoint of production reaches the restored database is not proven"] : []
    ],
    did: [
      proxy ? `We re-targeted ${list(proxies)}` : `We renamed ${production3} to ${parked} and ${restored3} to ${production3}`,
      ...mended(run)
    ],
    next: [
      ...settled ? [] : [{ say: `${AGAIN2}.` }],
      { say: `Look at your applications. ${UNDO}.` },
      ...left2(run),
      { say: keep(proxy ? production3 : parked) }
    ]
  };
};
var keep = (old) => `When the old database is not needed any more, take a last snapshot of ${old} and delete it by hand; we delete no database. Until then it costs as much as before.`;
var undone = (run, promotion) => {
  const { production: production3, parked, restored: restored3, by, proxies } = promotion;
  const settled = isSettled(run);
  return {
    title: settled ? "undone" : run.request?.promote === "undo" ? "undone, not proven" : "not cut over, old database back",
    what: settled ? `${production3} is the old database again${outage(promotion)}.` : run.request?.promote === "undo" ? `The old database has the name ${production3} again${outage(promotion)}; that applications reach it is not proven yet.` : `The restored database could not take the name ${production3}, so the old one has it again${outage(promotion)}.`,
    data: [
      `${production3} is the old database, with everything that was in it`,
      `The restored one is ${restored3}${settled ? ", with what was written to it meanwhile" : ""}`
    ],
    did: [
      by === "proxy" ? `We sent ${list(proxies)} back to ${production3}` : `We renamed ${parked} back to ${production3}`
    ],
    next: settled ? [
      {
        say: `Look at your applications. What a failed migration left in ${production3} is still there, and until it is settled every deploy stops: page b of the runbook of Guarded Migrate (docs/runbook/b-restored.md), "forward".`
      },
      {
        say: `To cut over once more, run "mode: promote" again. ${restored3} costs money until somebody deletes it.`
      }
    ] : run.request?.promote === "undo" ? [{ say: `${AGAIN2}.` }] : []
  };
};
var SAYS = {
  rename: {
    "not-started": notStarted,
    parking,
    outage: inOutage,
    "taking-over": takingOver,
    promoted,
    undone
  },
  proxy: {
    "not-started": notStarted,
    parking: proxyBetween,
    outage: proxyBetween,
    "taking-over": proxyBetween,
    promoted,
    undone
  }
};
var mended = (run) => run.mended.length === 0 ? [] : [`We set what a restore does not carry: ${list(run.mended, 10)}`];
var byHand = (run, { parked, production: production3, restored: restored3 }) => [
  {
    say: "Without a job: give the restored database the name of production.",
    run: renameCommand(run, restored3, production3)
  },
  { say: "Or give the name back to the old one.", run: renameCommand(run, parked, production3) }
];
var left2 = (run) => {
  const stays = run.notices.filter(({ code: code2 }) => code2 === "not-carried").map(({ fields }) => fields);
  const settings = run.parity ?? [];
  return [
    ...stays.slice(0, 10).map(({ what = "", next: next2 = "" }) => ({ say: `Does not follow: ${what}. ${next2}` })),
    ...settings.slice(0, 10).map(({ name, wanted, got, call: call2 }) => ({
      say: `${name} is ${got} and was ${wanted}. To mend it:`,
      run: call2
    }))
  ];
};

// src/report/back/promote.ts
function explainPromote(run) {
  const words = promotionWords(run) ?? notBegun(run);
  const going2 = run.status === void 0;
  const problems3 = run.problems.map((each) => wordsIn(run, each));
  const headline4 = going2 ? running(run, words) : run.status === "refused" || run.promotion === void 0 ? refused(run) : words.what;
  return {
    title: heading(run, words),
    headline: headline4,
    why: run.problems.length === 1 && headline4.includes(problems3[0]?.what ?? "-") ? [] : [...new Set(problems3.map(({ what }) => what))].slice(0, 20),
    data: joined2(words.data),
    did: joined2([...resumed(run), ...words.did]),
    next: nextOf(run, words)
  };
}
function withCutOver(run, told2) {
  const words = promotionWords(run);
  if (words === void 0 || run.promotion?.phase === "not-started") return told2;
  const isThrough = run.status === "promoted" || run.status === void 0 && run.problems.length === 0;
  return {
    title: isThrough ? told2.title : heading(run, words),
    headline: isThrough ? told2.headline : words.what,
    why: isThrough ? told2.why : [...new Set(run.problems.map((each) => wordsIn(run, each).what))].slice(0, 20),
    data: joined2(words.data),
    did: told2.did,
    next: nextOf(run, words)
  };
}
var heading = (run, words) => {
  if (run.status === void 0 && run.problems.length === 0) return "Cutting over";
  if (run.status === "refused") return "Refused, not cut over";
  if (run.status === "promoted") return words.title === "undone" ? "Undone" : "Promoted";
  const isCancelled2 = run.status === "cancelled" || run.problems.some(({ code: code2 }) => code2 === "cancelled");
  const base = isCancelled2 ? "Cancelled" : "Failed";
  return `${base}, ${words.title}`;
};
var running = (run, words) => run.promotion?.phase === "outage" || run.problems.length > 0 ? words.what : `The cut-over of ${spokenName(run)} is running.`;
function refused(run) {
  const [first] = run.problems;
  const name = run.request?.instance || spokenName(run);
  if (first === void 0) return `The cut-over of ${name} was not begun.`;
  return run.problems.length === 1 ? `The cut-over of ${name} was refused before anything was touched. ${wordsIn(run, first).what}` : `The cut-over of ${name} was refused before anything was touched: ${count(run.problems.length, "problem")} found.`;
}
var notBegun = (run) => ({
  title: "not cut over",
  what: `The cut-over of ${run.request?.instance || spokenName(run)} was not begun.`,
  data: ["Nothing was changed: nothing was renamed and no proxy was re-targeted"],
  did: ["We only looked"],
  next: []
});
var resumed = (run) => run.notices.some(({ code: code2 }) => code2 === "promotion-resumed") ? ["We went on with a promotion that an earlier job had begun"] : [];
function nextOf(run, words) {
  const fixes = run.problems.filter(({ code: code2 }) => code2 !== "cancelled").slice(0, 20).map((each) => advice(wordsIn(run, each)));
  const urgent = run.promotion?.phase === "outage" || run.promotion?.phase === "parking";
  const steps2 = urgent ? [...words.next, ...fixes] : [...fixes, ...words.next];
  const isSaid = fixes.some(({ say }) => say.includes('Run "mode: promote" again with the same inputs'));
  const seen = /* @__PURE__ */ new Set();
  const distinct3 = steps2.filter(({ say, run: command = "" }) => {
    if (isSaid && !urgent && say === `${AGAIN2}.`) return false;
    const key = `${say}
${command}`;
    return say !== "" && !seen.has(key) && seen.add(key) !== void 0;
  });
  if (distinct3.length > 0) return distinct3;
  return run.status === void 0 ? [{ say: "Wait for the next message. Each of the two renames takes about ten minutes." }] : [{ say: 'Run "mode: promote" again with the same inputs when you want to cut over.' }];
}

// src/report/back/inputs.ts
var lines = (pairs) => pairs.flatMap(([name, value]) => value === void 0 || value === "" ? [] : [`${name}: ${value}`]).join("\n");
var target = (run) => [
  run.request?.targetKind === "cluster" ? "db-cluster-identifier" : "db-instance-identifier",
  sourceName(run)
];
var promoteInputs = (run) => lines([
  ["mode", "promote"],
  target(run),
  ["restored-identifier", run.restore?.identifier],
  ["promote", run.request?.promote === "proxy" ? "proxy" : "rename"],
  ["confirm", sourceName(run)]
]);
var finishInputs = (run) => lines([["mode", "rollback"], target(run), ["run-id", `${run.identity.runId}-${run.identity.attempt}`]]);
var sameRollback = (run, change = {}) => {
  const request = run.request;
  const promote = request?.promote === "never" ? void 0 : request?.promote;
  return lines([
    ["mode", "rollback"],
    target(run),
    ["run-id", request?.runId],
    ["restore-time", request?.restoreTime],
    ["snapshot-identifier", request?.snapshotIdentifier],
    ["restored-identifier", change.restoredIdentifier ?? request?.restoredIdentifier],
    ["promote", promote],
    ["max-write-loss", request?.maxWriteLoss?.toString()],
    ["confirm", promote === void 0 ? void 0 : sourceName(run)]
  ]);
};

// src/report/back/rollback-next.ts
function rollbackNext(run, story) {
  switch (story) {
    case "looking":
      return [];
    case "refused":
      return [...problems(run), ...byConsole(run)];
    case "cancelled":
      return [goOn(run), ...run.restore === void 0 ? [] : [state(run)]];
    case "restoring":
      return [state(run), goOn(run), ...problems(run)];
    case "broken":
      return [...problems(run), another(run, "Restore once more, under another name.")];
    case "unverified":
      return [...problems(run), inspect(run, "Look into the restored database"), goOn(run)];
    case "mismatch":
      return [
        { say: "Do not cut over to the restored database." },
        inspect(run, "See what differs"),
        another(run, "Or go back to another moment, under another name.")
      ];
    case "verified":
      return isProductionGone(run) ? [inspect(run, "Look into the restored database"), ...takeName(run)] : [inspect(run, "Look into the restored database"), cutOver(run), copyBack(run)];
    case "not-promoted":
      return isProductionGone(run) ? [...takeName(run), inspect(run, "Look into the restored database")] : [...problems(run), inspect(run, "Look into the restored database"), cutOver(run)];
    case "cut-over":
      return [...promotionWords(run)?.next ?? [], ...problems(run)];
    case "promoted":
      return promotionWords(run)?.next ?? [];
  }
}
var SILENT = ["cancelled"];
var problems = (run) => run.problems.filter((each) => !SILENT.includes(each.code)).slice(0, 8).map((each) => advice(wordsIn(run, each)));
function inspect(run, why4) {
  const command = clientCommand(run);
  return command === void 0 ? { say: `${why4}: ${run.restore?.identifier ?? "see the RDS console"}.` } : { say: `${why4} (user and password are those of production at that moment).`, run: command };
}
var cutOver = (run) => ({
  say: "If it is right and the writes since then may go, cut production over: start the job with these inputs. The old database is kept.",
  run: promoteInputs(run)
});
var takeName = (run) => [
  {
    say: "If it is right, and the settings that AWS took its defaults for are set: give it the name of production. Applications reach it about ten minutes later.",
    run: renameCommand(run, run.restore?.identifier ?? targetName(run), sourceName(run))
  }
];
var copyBack = (run) => ({
  say: `Or keep production and copy only what you need back from ${run.restore?.identifier ?? "the restored database"}. It costs money until somebody deletes it.`
});
var state = (run) => ({
  say: "The restore goes on in AWS by itself; 25 to 45 minutes at best. This shows its state and, once it is there, its endpoint:",
  run: describeCommand(run, run.restore?.identifier ?? targetName(run))
});
var goOn = (run) => ({
  say: "Start the job again with the same inputs: it finds this restore and goes on with it.",
  run: sameRollback(run)
});
var another = (run, say) => ({
  say,
  run: sameRollback(run, { restoredIdentifier: targetName(run) })
});
function byConsole(run) {
  if (!run.problems.some((each) => each.code === "instance-not-found")) return [];
  const region2 = regionOf(run);
  const where2 = region2 === void 0 || region2 === "" ? "" : ` --region ${shell(region2)}`;
  return [
    {
      say: isCluster(run) ? "If the cluster was deleted, look for its retained automated backups (RDS console: Automated backups, Retained) and restore from there to the second you need, then add instances. They do not tell what instances the cluster had, so this action does not do it. The restore point is in the tags of the snapshot, and in the log of that run." : "If the instance was deleted, neither a retained automated backup nor a snapshot of that name is left in this region and account. This lists the backups of all names; restore from there to the second you need. The restore point is in the log of that run.",
      run: isCluster(run) ? `aws rds describe-db-cluster-automated-backups${where2} --db-cluster-identifier ${shell(sourceName(run))} \\
  --query 'DBClusterAutomatedBackups[].[DBClusterAutomatedBackupsArn,Status,RestoreWindow]'` : `aws rds describe-db-instance-automated-backups${where2} \\
  --query 'DBInstanceAutomatedBackups[].[DBInstanceIdentifier,DBInstanceAutomatedBackupsArn,Status,RestoreWindow]'`
    }
  ];
}

// src/report/back/rollback-story.ts
function rollbackStory(run) {
  const { restore, status } = run;
  const phase = run.promotion?.phase ?? "not-started";
  if (status === "promoted" || phase === "promoted" && status === void 0) return "promoted";
  if (phase !== "not-started") return "cut-over";
  if (restore?.differences !== void 0) return comparedStory(run, restore.differences);
  if (isCancelled(run)) return "cancelled";
  if (restore === void 0) return run.problems.length > 0 || status !== void 0 ? "refused" : "looking";
  return requestedStory2(run);
}
var isCancelled = (run) => run.status === "cancelled" || problemWith(run, "cancelled") !== void 0;
function comparedStory(run, differences3) {
  if (differences3.length > 0) return "mismatch";
  const { status } = run;
  const isStopped = status === "failed" || status === "refused" || status === void 0 && run.problems.length > 0;
  return isStopped || isCancelled(run) ? "not-promoted" : "verified";
}
function requestedStory2(run) {
  if (problemWith(run, "restore-mismatch") !== void 0) return "mismatch";
  if (problemWith(run, "restore-failed") !== void 0) return "broken";
  const isUnverified = problemWith(run, "restore-unverified") !== void 0 || run.status === "restored";
  return isUnverified ? "unverified" : "restoring";
}

// src/report/back/rollback.ts
var TITLES = {
  looking: "Running",
  refused: "Refused",
  cancelled: "Cancelled",
  restoring: "Restore running",
  broken: "The restore failed",
  unverified: "Restored but not checked",
  mismatch: "The restored database differs",
  verified: "Restored beside production",
  "not-promoted": "Restored beside production, not cut over",
  "cut-over": "Restored",
  promoted: "Restored and promoted"
};
function explainRollback(run) {
  const story = rollbackStory(run);
  const several = run.problems.length > 1 ? run.problems.slice(0, 20).map((each) => wordsIn(run, each).what) : [];
  const next2 = rollbackNext(run, story);
  const first = { say: "Wait for the next message." };
  return {
    title: heading2(run, story),
    headline: joined2(headline2(run, story)),
    why: several,
    data: joined2([...production(run, story), ...restored(run, story), ...lossSentences(run)]),
    did: joined2(did2(run)),
    next: next2.length > 0 ? next2 : run.problems.length > 0 ? run.problems.map((each) => advice(wordsIn(run, each))) : [first]
  };
}
function heading2(run, story) {
  if (story === "refused" && run.plan !== void 0) return "Failed";
  return story === "cut-over" ? `${TITLES[story]}, ${promotionWords(run)?.title ?? ""}` : TITLES[story];
}
var moment = (run) => {
  const goal = run.goal;
  if (goal === void 0)
    return run.request?.restoreTime ?? run.request?.snapshotIdentifier ?? "the restore point";
  if (goal.way === "snapshot")
    return `the snapshot ${goal.snapshot ?? ""}${goal.time === void 0 ? "" : ` of ${goal.time}`}`;
  return goal.time ?? "the restore point";
};
var capital = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
var whose = (run) => run.goal?.run === void 0 ? "" : ` (the restore point of run ${run.goal.run})`;
function headline2(run, story) {
  const name = spokenName(run);
  const [problem3] = run.problems;
  const told2 = problem3 === void 0 ? [] : [wordsIn(run, problem3).what];
  const back = `the database ${name} as of ${moment(run)}${whose(run)}`;
  switch (story) {
    case "looking":
      return [`The rollback of ${name} is being prepared`];
    case "refused":
      return run.problems.length > 1 ? [
        `The rollback of ${name} ${run.plan === void 0 ? "was refused" : "failed"}: ${count(run.problems.length, "problem")} found`
      ] : [`The rollback of ${name} ${run.plan === void 0 ? "was refused" : "failed"}`, ...told2];
    case "cancelled":
      return [
        run.restore === void 0 ? `The rollback of ${name} was cancelled before a restore was requested` : `The job was cancelled while ${back} is being restored; the restore goes on in AWS`
      ];
    case "restoring":
      return [`${capital(back)} is being restored beside production`, ...told2];
    case "broken":
      return [`The restore of ${back} failed`, ...told2];
    case "unverified":
      return [`${capital(back)} is restored beside production, but nobody could look into it`, ...told2];
    case "mismatch":
      return [`${capital(back)} is restored beside production, and it is NOT in the state that was recorded`];
    case "verified":
      return [`${capital(back)} is restored beside production and verified`];
    case "not-promoted":
      return [
        `${capital(back)} is restored beside production and verified, but production was not cut over`,
        ...told2
      ];
    case "cut-over":
    case "promoted":
      return [`${capital(back)} is restored and verified`, promotionWords(run)?.what ?? ""];
  }
}
var production = (run, story) => {
  if (story === "cut-over" || story === "promoted") return promotionWords(run)?.data ?? [];
  return isProductionGone(run) ? [
    `Nobody has the name ${spokenName(run)}: that DB instance was deleted, and applications cannot reach it`
  ] : ["Production was not touched: a rollback restores beside it"];
};
function restored(run, story) {
  const { restore } = run;
  if (restore === void 0 || story === "promoted" || story === "cut-over") return [];
  const { endpoint } = restore;
  const named = `${restore.identifier}${endpoint === void 0 ? "" : ` at ${endpoint.address}:${endpoint.port}`}`;
  switch (story) {
    case "verified":
    case "not-promoted":
      return [`The restored database is ${named}`, compared(run)];
    case "mismatch":
      return [`WARNING: ${named} is NOT as it was: ${list(restore.differences ?? [], 5)}`];
    case "unverified":
      return [`The restored database is ${named}; it was not compared with anything`];
    case "broken":
      return [`The restored database ${restore.identifier} cannot be used (its state is ${restore.status})`];
    default:
      return [
        `The restored database will be ${named} (its state is ${restore.status}); it was not compared yet`
      ];
  }
}
var compared = ({ goal }) => goal?.recorded.fingerprint === void 0 ? "It answers SQL and holds no migration of a later time. No digest of the schema was recorded for that moment, so the schema itself was not compared" : "Its schema is the one that was recorded, and it holds no migration of a later time";
var origin = ({ identifier, resourceId, why: why4 }) => `We restore from ${identifier} (resource id ${resourceId}), because ${oneLine(why4, 300)}`;
function did2(run) {
  const { goal, restore, notices: notices2 } = run;
  const way = goal?.way === "snapshot" ? `by the snapshot ${goal.snapshot ?? ""}` : "by point-in-time restore";
  const isFound = notices2.some((each) => each.code === "restore-found");
  return [
    ...goal?.origin === void 0 ? [] : [origin(goal.origin)],
    ...goal === void 0 ? [] : [`We chose to go back ${way}, because ${oneLine(goal.why, 300)}`],
    ...restore === void 0 ? [
      goal === void 0 ? "We only looked: nothing was created and nothing was changed" : "No restore was begun: nothing was created and nothing was changed"
    ] : [
      isFound ? `We went on with the restore to ${restore.identifier} that an earlier job requested` : `We requested the restore to ${restore.identifier}`
    ],
    ...restore?.differences === void 0 ? [] : ["We compared it by SQL with what was recorded"],
    ...run.writeLoss?.rows === void 0 ? [] : ["We counted what was written to production since"],
    // The words of a cut-over that is through name them as well.
    ...run.mended.length === 0 || run.promotion?.phase === "promoted" ? [] : [`We mended its settings: ${list(run.mended, 8)}`],
    ...promotionWords(run)?.did ?? []
  ].map(sentence);
}

// src/report/back/index.ts
function modeExplanation(run) {
  switch (run.request?.mode ?? run.asked) {
    case "rollback":
      return withCutOver(run, explainRollback(run));
    case "promote":
      return explainPromote(run);
    case "cleanup":
      return explainCleanup(run);
    default:
      return void 0;
  }
}

// src/report/cause.ts
var said = (why4, fix) => () => ({ why: why4, fix });
var outside2 = (why4, fix) => () => ({ why: why4, fix, elsewhere: true });
var statementLimit = (run) => run.request === void 0 ? "" : ` (${limit(run.request.statementTimeoutMs)})`;
var lockLimit = (run) => run.request === void 0 ? "" : ` (${limit(run.request.lockTimeoutMs)})`;
function lastBlockers(run) {
  const blockers2 = run.blocked.at(-1)?.blockers ?? [];
  const first = blockers2[0];
  if (first === void 0) return "";
  const who = `pid ${first.pid}, user ${first.user ?? "unknown"}, application "${oneLine(first.applicationName, 60) || "without a name"}", ${first.state ?? "state unknown"}`;
  return ` The lock was held by ${who}${blockers2.length > 1 ? ` and ${blockers2.length - 1} more` : ""}.`;
}
var lockWait = (run) => ({
  why: `A statement waited longer than lock-timeout${lockLimit(run)} for a lock${run.rounds > 1 ? `, in each of ${count(run.rounds, "try", "tries")}` : ""}.${lastBlockers(run)}`,
  fix: "Deploy when that session is gone, end it, or raise lock-timeout or lock-retries.",
  elsewhere: true
});
var tooLong = (run) => ({
  why: run.stopReason === void 0 ? `One statement ran longer than statement-timeout${statementLimit(run)}.` : "",
  fix: `Split the statement into smaller ones, move long data changes out of the deploy, or raise ${run.stopReason === "migration-timeout" ? "migration-timeout" : "statement-timeout"}.`
});
var deadlock = (run) => ({
  why: `The migration and another session waited for each other (deadlock).${lastBlockers(run)}`,
  fix: "Deploy in a quieter moment, or lock the tables of the migration in one fixed order.",
  elsewhere: true
});

// src/report/causes-mysql.ts
var MYSQL_CAUSES = {
  1317: (run) => run.enforced === "lock-timeout" ? lockWait(run) : run.enforced === "statement-timeout" || run.stopReason !== void 0 ? tooLong(run) : {
    why: "Somebody cancelled the statement on the server.",
    fix: "Ask who did, then deploy again.",
    elsewhere: true
  },
  1205: lockWait,
  1213: deadlock,
  1064: said("MySQL does not understand the SQL.", "Correct the SQL."),
  1065: said(
    "The file holds no SQL, and MySQL takes that for an error.",
    "Put a statement into it, or SELECT 1;"
  ),
  1227: said(
    "The user lacks a right on the whole server. On RDS nobody has SUPER.",
    "Take SET GLOBAL, a DEFINER of another user or the like out of the file, or grant the right that is named."
  ),
  1419: outside2(
    "The server writes a binary log, so only SUPER, which nobody has on RDS, may create a trigger or a function.",
    "Set log_bin_trust_function_creators to 1 in the parameter group (no restart is needed), then deploy again."
  ),
  1142: outside2("The user may not do this to the table.", "Grant the right, or deploy with another user."),
  1044: outside2("The user may not use this database.", "Grant the right, or deploy with another user."),
  1050: said(
    "The table exists already, made by hand or by another migration.",
    "Compare it with the migration, then drop or rename it, or take the statement out."
  ),
  1060: said("The column exists already.", "Take the statement out, or drop the column first."),
  1061: said("An index of that name exists already.", "Take the statement out, or drop the index first."),
  1146: said("The table does not exist in this database.", "Check its name and the order of the migrations."),
  1054: said(
    "The column does not exist in this database.",
    "Check its name and the order of the migrations."
  ),
  1091: said(
    "The column or index to drop does not exist.",
    "Check its name, and whether it was dropped by hand."
  ),
  1062: said("Existing rows hold the same value twice.", "Remove the duplicates first."),
  1138: said("Existing rows have no value for the column.", "Fill the rows first."),
  1265: said(
    "Existing values do not fit the new type, or are NULL where no NULL is allowed.",
    "Repair those rows first."
  ),
  1406: said("Existing values are longer than the new type allows.", "Shorten them first."),
  1264: said("Existing values are out of the range of the new type.", "Repair those rows first."),
  1452: said("Existing rows point to rows that do not exist.", "Repair or delete those rows first."),
  1451: said("Other rows still point to these rows.", "Delete or repair those rows first."),
  3819: said("Existing rows break the new check.", "Repair those rows first."),
  1290: outside2("The server is read-only.", "Use the endpoint of the writer."),
  1836: outside2("The server is read-only.", "Use the endpoint of the writer."),
  1114: outside2(
    "The disk or the temporary space of the database is full.",
    "Give the database more storage."
  ),
  1846: said(
    "The server cannot make this change in the way that ALGORITHM or LOCK in the statement demands.",
    "Make the change in another way, or take the demand out and accept that writers wait."
  )
};

// src/report/causes.ts
var LOST = outside2(
  "The connection to the server broke: a restart, a failover, or somebody who ended the session.",
  "Look at the RDS events first."
);
var LOST_WORDS = /\bconnection to the server is closed\b|: connection closed\b/i;
var LOCK_TAKEN = {
  why: "Prisma’s lock was held by a session that is not known as ours: another deploy to this server, or the migration itself, when this runner reaches the server by several addresses.",
  fix: "Wait until no session holds the lock (SELECT IS_USED_LOCK('prisma_migrate')), then deploy again. If no other deploy was there, use a runner with one address.",
  elsewhere: true
};
var CAUSES = {
  "57014": tooLong,
  "55P03": lockWait,
  "40P01": deadlock,
  "25P02": (run) => ({
    why: `The server only says that the transaction was already aborted. The real error came earlier and Prisma does not show it${run.verdict?.statement?.foundBy === "replayed" ? "; the statement below was found by trying the file again in a transaction that was rolled back" : ""}.`,
    fix: "Correct the first statement of the file that fails, not the one that the message names."
  }),
  "42601": said("PostgreSQL does not understand the SQL.", "Correct the SQL."),
  "42501": outside2(
    "The role may not do this. Only the owner of a table may change it.",
    "Deploy with the role that owns the object, or grant that role to this one."
  ),
  "42P07": said(
    "An object of that name exists already, made by hand or by another migration.",
    "Compare it with the migration, then drop or rename it, or take the statement out."
  ),
  "42701": said("The column exists already.", "Take the statement out, or drop the column first."),
  "42710": said(
    "An object of that name exists already.",
    "Take the statement out, or drop the object first."
  ),
  "42P01": said(
    "The table does not exist in this database.",
    "Check name, schema and order of the migrations."
  ),
  "42703": said(
    "The column does not exist in this database.",
    "Check its name and the order of the migrations."
  ),
  "23502": said(
    "Existing rows have no value for the column.",
    "Give the column a default, or fill the rows first."
  ),
  "23503": said("Existing rows point to rows that do not exist.", "Repair or delete those rows first."),
  "23505": said("Existing rows hold the same value twice.", "Remove the duplicates first."),
  "23514": said(
    "Existing rows break the new check.",
    "Repair those rows first, or add the check as NOT VALID."
  ),
  "25001": said(
    "The statement (CONCURRENTLY, VACUUM ...) cannot run together with others in one file.",
    "Put it into a migration of its own, alone."
  ),
  "55P04": said(
    "A new enum value cannot be used in the transaction that adds it.",
    "Use it in the next migration."
  ),
  "25006": outside2(
    "The server is read-only, or the sessions of this role are.",
    "Use the endpoint of the writer. If it is the writer, look at default_transaction_read_only of the database and of the role."
  ),
  "53100": outside2(
    "The disk of the database is full.",
    "Give the DB instance more storage, then deploy again."
  ),
  "57P01": outside2(
    "The server ended the session: a restart, a failover, or a person.",
    "Look at the RDS events first."
  ),
  ...MYSQL_CAUSES,
  P1014: (run) => run.database?.dialect === "mysql" ? {
    why: "Prisma no longer found its own history table: the file most likely goes to another database with USE.",
    fix: "Remove the USE from the file, and write the name of that database before the names of its tables."
  } : {
    why: "Prisma no longer found its own history table: the file most likely changes search_path, as files of pg_dump do.",
    fix: "Remove the search_path line from the file."
  },
  P1012: outside2(
    "Prisma does not accept the schema, or misses a variable that it names, so it began no migration.",
    'Correct the schema, or set the variable under "env:" of this step. "npx prisma validate" tells file and line, and so does the log above.'
  ),
  P1017: LOST,
  P3015: said("A migration folder has no migration.sql.", "Restore the file, or delete the folder."),
  P3019: outside2(
    "migration_lock.toml names another database.",
    'Correct its line to the provider of the schema: provider = "postgresql" or provider = "mysql"'
  )
};
var FITTING = {
  "file-unbalanced-transaction": () => true,
  "file-oddity": (run) => ["42601", "1064", "08P01", void 0].includes(run.verdict?.error?.code),
  "file-syntax": (run) => ["42601", "1064"].includes(run.verdict?.error?.code ?? ""),
  "file-resets-limits": (run) => run.stopReason === "migration-timeout",
  "cli-hung": () => true
};
function fromNotices(run) {
  const failed2 = run.verdict?.failedMigration;
  const order2 = Object.keys(FITTING);
  for (const code2 of order2) {
    const notice2 = run.notices.find((each) => {
      const about = each.fields.migration ?? each.fields.name;
      return each.code === code2 && (failed2 === void 0 || about === void 0 || about === failed2);
    });
    if (notice2 === void 0 || FITTING[code2]?.(run) !== true) continue;
    const words = noticeWords(notice2);
    const told2 = code2 === "file-unbalanced-transaction" && /\bBEGIN\b|autocommit off/.test(run.verdict?.error?.message ?? "");
    return { why: told2 ? "" : words.what, fix: words.next ?? "" };
  }
  return void 0;
}
function replayed(run) {
  const { statement, error: error2 } = run.verdict ?? {};
  if (statement?.foundBy !== "replayed" || error2?.code === "25P02") return void 0;
  return {
    why: "Prisma does not show this error; we found it by trying the file again in a transaction that was rolled back.",
    fix: ""
  };
}
function causes(run) {
  if (run.verdict === void 0 || run.verdict.ok || checkFailed(run)) return [];
  const noticed2 = fromNotices(run);
  const { code: code2 = "", message = "" } = run.verdict.error ?? {};
  const coded = (CAUSES[code2] ?? (LOST_WORDS.test(message) ? LOST : void 0))?.(run);
  const isSyntax = ["42601", "1064"].includes(code2);
  const general = noticed2 !== void 0 && isSyntax ? void 0 : coded;
  if (run.stopReason === "cancelled") return [];
  if (run.stopReason === "lock-taken") return [LOCK_TAKEN];
  return [noticed2, general, replayed(run)].filter((each) => each !== void 0);
}

// src/report/did.ts
function whatWeDid(run) {
  const parts = [
    ...before(run),
    ...migrated(run),
    ...tidied(run),
    ...restored2(run),
    ...promotionWords(run)?.did ?? [],
    ...after(run)
  ];
  if (parts.length > 0) return joined2(parts);
  return "We only looked: nothing was created and nothing was started.";
}
function before(run) {
  const parts = [];
  const snapshot = run.snapshot;
  if (snapshot !== void 0) {
    const percent = snapshot.percent === void 0 ? "" : ` at ${snapshot.percent} %`;
    parts.push(
      snapshot.status === "available" ? `We took the snapshot ${snapshot.identifier}` : `We requested the snapshot ${snapshot.identifier} (last seen ${snapshot.status}${percent})`
    );
  } else if (stepOf(run, "snapshot")?.state === "failed") {
    parts.push("We asked for a snapshot and did not get one");
  } else if (migrationStarted(run) && run.request?.snapshot === "skip") {
    parts.push("We took no snapshot, as asked (snapshot: skip)");
  }
  const command = stepOf(run, "before-command")?.state;
  if (command === "done") parts.push("We ran before-command");
  if (command === "failed") parts.push("We ran before-command, which failed");
  if (run.restorePoint !== void 0) parts.push(`We noted the restore point ${run.restorePoint.time}`);
  return parts;
}
var REASONS = {
  "migration-timeout": "because migration-timeout passed",
  cancelled: "because the job was cancelled",
  "cli-hung": "because the Prisma command did not end by itself",
  "watch-lost": "because we could no longer watch it",
  "lock-taken": "because a session that is not known as ours held Prisma’s lock"
};
function migrated(run) {
  if (!migrationStarted(run)) return [];
  const ms = run.migrationMs === void 0 ? "" : ` (${took(run.migrationMs)})`;
  const tries = run.rounds > 1 ? `, ${count(run.rounds, "try", "tries")} because of locks` : "";
  const parts = [`We ran prisma migrate deploy${ms}${tries}`];
  if (run.stopReason !== void 0) {
    const after2 = run.stopReason === "migration-timeout" && run.request !== void 0 ? ` (${limit(run.request.migrationTimeoutMs)})` : "";
    parts.push(`We stopped it in the database and on the runner ${REASONS[run.stopReason]}${after2}`);
  }
  return parts;
}
function tidied(run) {
  const parts = [];
  if (run.leftovers.length > 0) {
    parts.push(
      `We removed ${count(run.leftovers.length, "INVALID index", "INVALID indexes")} that the unfinished CREATE INDEX CONCURRENTLY had left behind: ${list(run.leftovers)}`
    );
  }
  if (run.markedRolledBack.length > 0) {
    parts.push(
      `We marked ${list([...new Set(run.markedRolledBack)].map((name) => `"${oneLine(name, 110)}"`))} as rolled back, so that the next deploy is not blocked by P3009`
    );
  }
  return parts;
}
function restored2(run) {
  const problem3 = restoreProblem(run);
  const what = problem3 === void 0 ? "" : wordsIn(run, problem3).what;
  const name = run.restore?.identifier ?? "";
  switch (restoreStory(run)) {
    case "not-needed":
      return run.verdict?.ok === false ? ["We started no restore, because nothing was changed"] : [];
    case "alert-only":
      return ["We started no restore, as asked (on-failure: alert)"];
    case "coming":
      return ["The restore beside production is the next step"];
    case "not-requested":
      return ["No restore was requested"];
    case "unconfirmed":
      return ["We were about to request a restore when the run ended; whether AWS received it is not known"];
    case "later":
      return ["We did not request the restore yet"];
    case "refused":
      return ["We tried to restore beside production, but the restore could not be requested"];
    case "broken":
      return [`We requested a restore to ${name}, and it failed too`];
    case "running":
      return [`We requested a restore beside production to ${name}`, what];
    case "unverified":
      return [`We restored beside production to ${name}, but could not check it`, what];
    case "mismatch":
      return [`We restored beside production to ${name}, and the check found differences`, what];
    case "verified":
      return [`We restored beside production to ${name} and checked it`];
  }
}
function after(run) {
  const state2 = stepOf(run, "after-command")?.state;
  if (state2 === "done") return ["We ran after-command"];
  return state2 === "failed" ? ["We ran after-command, which failed"] : [];
}

// src/report/looked.ts
var noticed = (run, code2) => run.notices.some((each) => each.code === code2);
var isUnjudged = (run) => noticed(run, "rules-missing");
function unseen(run) {
  const parts = [];
  if (run.database === void 0) {
    parts.push("the database (its history, its tables and rows, its timeouts)");
  } else if (noticed(run, "catalog-unread")) {
    parts.push("the catalog and the rows of the database");
  }
  if (run.instance === void 0 && (run.database === void 0 || run.pending?.length !== 0)) {
    parts.push("AWS (backups, quota, the state of the database)");
  }
  return parts;
}
var UNJUDGED = "Nobody judged the hazards of the files, and a deploy does not either: the rules know PostgreSQL only.";
function unseenSentence(run) {
  const parts = unseen(run);
  const later = parts.length === 0 ? "" : `Not looked at: ${list(parts)}. A deploy looks there, and may still refuse.`;
  return [later, isUnjudged(run) ? UNJUDGED : ""].filter((each) => each !== "").join(" ");
}
function pendingSentence(run) {
  const n = run.pending?.length ?? 0;
  const files = count(n, "migration");
  if (run.database !== void 0) return `${files} ${n === 1 ? "is" : "are"} pending.`;
  if (noticed(run, "pending-unknown")) {
    return `Which migrations are new is not known, so ${n === 1 ? "the one that is there was" : `all ${n} were`} read as if the database were empty: hazards to tables that they create themselves do not show.`;
  }
  return n === 0 ? "This change adds no migration." : `This change adds or edits ${files}, and ${n === 1 ? "it is" : "they are"} taken as pending.`;
}

// src/report/next-restore.ts
var HOW_LONG = "A restore takes 25 to 45 minutes at best, and longer for a large database.";
var LEFT_TO_POST = "Wait for the post step of this job: it requests the restore, or says why it cannot. If you find no word of it, run the job again; it goes on from here.";
function restoreAdvice(run) {
  switch (restoreStory(run)) {
    case "verified":
      return [inspect2(run, "Look into the restored database"), switchOver(run)];
    case "unverified":
      return [
        ...problem2(run),
        inspect2(run, "Look into the restored database and compare it with what you expect"),
        switchOver(run)
      ];
    case "mismatch":
      return [
        { say: "Do not switch to the restored database." },
        inspect2(run, "See what differs"),
        ...again2(run)
      ];
    case "broken":
      return [...problem2(run), ...again2(run)];
    case "running":
      return running2(run);
    case "coming":
      return [
        { say: `${run.status === "cancelled" ? LEFT_TO_POST : "Wait for the next message."} ${HOW_LONG}` }
      ];
    case "later":
      return [...problem2(run), byHand2(run, "Or request the restore by hand.")];
    case "refused":
      return [...problem2(run), byHand2(run)];
    case "unconfirmed":
      return [
        {
          say: "Ask AWS whether the restore is running.",
          run: describeCommand(run, targetName(run))
        },
        byHand2(run, "If it does not exist, request the restore by hand.")
      ];
    case "alert-only":
    case "not-requested":
      return run.restorePoint === void 0 ? [] : [byHand2(run, "If you need the data as it was before the migration, request a restore by hand.")];
    case "not-needed":
      return [];
  }
}
var HELPS = [
  "aws-denied",
  "credentials-missing",
  "credentials-expired",
  "backups-disabled",
  "instance-name-taken",
  "restore-failed",
  "restore-timeout",
  "restore-later",
  "restore-unverified"
];
var problem2 = (run) => {
  const found = restoreProblem(run);
  return found === void 0 || !HELPS.includes(found.code) ? [] : [advice(wordsIn(run, found))];
};
function inspect2(run, why4) {
  const command = clientCommand(run);
  return command === void 0 ? { say: `${why4}: ${run.restore?.identifier ?? "see the RDS console"}.` } : { say: `${why4} (same user and password as production).`, run: command };
}
function switchOver(run) {
  const time = run.restorePoint?.time ?? "the restore point";
  return {
    say: `Then choose. Keep production, and copy back from the restored database what it lost. Or cut production over: what was written to it after ${time} is lost then, and the next deploy applies the migrations anew. This starts it, in a job of its own:`,
    run: promoteInputs(run)
  };
}
function running2(run) {
  const name = run.restore?.identifier ?? targetName(run);
  const stopped2 = restoreProblem(run);
  const expired = stopped2?.code === "restore-timeout" || stopped2 === void 0 ? [] : problem2(run);
  return [
    {
      say: `Wait for the restore; it goes on in AWS by itself. ${HOW_LONG} This shows its state and, once it is there, its endpoint:`,
      run: describeCommand(run, name)
    },
    {
      say: "Nobody has checked it yet. A job with these inputs waits for it and compares it with what was recorded:",
      run: finishInputs(run)
    },
    ...expired
  ];
}
var byHand2 = (run, say = "Request the restore by hand.") => ({
  say: `${say} ${HOW_LONG} AWS accepts the time about five minutes after it has passed.`,
  run: restoreCommand(run)
});
function again2(run) {
  const snapshot = run.snapshot;
  const second = byHand2(run, "Restore once more, under another name.");
  if (snapshot?.status !== "available") return [second];
  return [
    second,
    {
      say: "Or restore the snapshot, which is a little older. Add the subnet group and the security groups of production.",
      run: snapshotRestoreCommand(run, snapshot.identifier)
    }
  ];
}

// src/report/next.ts
var MAX_PROBLEMS = 20;
var LEAVE_WORK = ["after-command-failed", "resolve-failed", "prune-failed"];
function nextSteps(run) {
  const steps2 = distinct2([...main(run), ...leftWork(run)]);
  return steps2.length > 0 ? steps2 : [{ say: "Read the log of this step, then run the job again." }];
}
function main(run) {
  if (run.status === "up-to-date") return [{ say: "Nothing to do." }];
  if (run.status === "planned") return [planned(run)];
  if (run.status === "applied") return [applied2(run)];
  if (migrationFailed(run)) return failed(run);
  if (!migrationStarted(run)) return notStarted2(run);
  return ended(run) ? fromProblems(run, run.problems) : [{ say: "Wait: the migration is running." }];
}
var planned = (run) => {
  const first = isUnjudged(run) ? "Read the files yourself, because no rule judged them" : (run.plan?.hazards.length ?? 0) > 0 ? "Read the hazards" : void 0;
  const read3 = first === void 0 ? "Merge and deploy." : `${first}, then merge and deploy.`;
  return {
    say: unseen(run).length === 0 ? read3 : `Give this job what it could not look at, or leave that to the deploy. ${read3}`
  };
};
var applied2 = (run) => ({
  say: run.snapshot === void 0 ? "Nothing to do." : `Nothing to do. The snapshot ${run.snapshot.identifier} costs money until it is deleted; the input snapshot-keep limits how many stay.`
});
function notStarted2(run) {
  if (run.status === "cancelled") {
    return [
      ...fromProblems(
        run,
        run.problems.filter((each) => each.code !== "cancelled")
      ),
      { say: "Run the job again when you want to deploy. Nothing has to be cleaned up first." }
    ];
  }
  return fromProblems(run, run.problems);
}
var fromProblems = (run, problems3) => {
  const shown2 = problems3.slice(0, MAX_PROBLEMS).map((each) => advice(wordsIn(run, each)));
  const rest2 = problems3.length - shown2.length;
  return rest2 > 0 ? [...shown2, { say: `Then see the other ${rest2} in the job summary and the report.` }] : shown2;
};
function failed(run) {
  const cutOver3 = cutOverAdvice(run);
  if (cutOver3.length > 0) return [...cutOver3, ...repair(run)];
  if (checkFailed(run)) {
    return [
      { say: "Find out why the check failed: its output is in the log above." },
      ...restoreAdvice(run),
      {
        say: "The migrations count as applied. To take them back, write a new migration that undoes them, or cut over to a restored database."
      }
    ];
  }
  const unchanged2 = run.restore === void 0 ? reportedState(run) === "unchanged" : run.verdict?.state === "unchanged";
  return unchanged2 ? [...restoreAdvice(run), ...repair(run), ...goOn2(run)] : [
    ...fromProblems(run, cutOverProblems(run)),
    ...restoreAdvice(run),
    ...settleProduction(run),
    ...repair(run)
  ];
}
function cutOverAdvice(run) {
  const words = promotionWords(run);
  if (words === void 0 || run.promotion?.phase === "not-started") return [];
  return [...words.next, ...fromProblems(run, cutOverProblems(run))];
}
var NOT_BEGUN = "Prisma stopped before it began a migration: no file is to blame. Its own output in the log above says why; put that right.";
function repair(run) {
  if (run.stopReason === "cancelled") return [];
  const known2 = causes(run).filter((cause) => cause.fix !== "");
  const fixes = known2.map((cause) => cause.fix).join(" ");
  if (known2.length > 0 && known2.every((cause) => cause.elsewhere === true)) return [{ say: fixes }];
  const statement = run.verdict?.statement;
  const name = run.verdict?.failedMigration;
  if (statement === void 0 && name === void 0) {
    const say = fixes === "" && run.verdict?.state === "unchanged" ? NOT_BEGUN : fixes;
    return say === "" ? [] : [{ say }];
  }
  const where2 = statement === void 0 ? `the migration "${oneLine(name ?? "", 120)}"` : `${oneLine(statement.path, 300)}, line ${statement.line}`;
  return [{ say: `Correct ${where2}.${fixes === "" ? "" : ` ${fixes}`}` }];
}
function goOn2(run) {
  const open = openMigration(run);
  if (open === void 0) {
    return [
      {
        say: "Then deploy again. Nothing has to be cleaned up first: Prisma applies the migration anew."
      }
    ];
  }
  return [
    {
      say: "Mark the migration as rolled back, with the URL of production in the environment. Until then every deploy stops with P3009.",
      run: resolveCommand(run, open)
    },
    { say: "Then deploy again." }
  ];
}
var HISTORY = "SELECT migration_name, started_at, finished_at, rolled_back_at, logs FROM _prisma_migrations ORDER BY started_at DESC LIMIT 10;";
function settleProduction(run) {
  const look2 = reportedState({ ...run, restore: void 0 }) === "unknown" ? [
    {
      say: "Look into production: which migrations are finished, and what did the others leave there?",
      run: HISTORY
    }
  ] : [];
  const open = openMigration(run);
  const kept2 = "If you keep production: undo by hand what the failed migration left there.";
  if (open === void 0) return [...look2, { say: `${kept2} Then deploy again.` }];
  return [
    ...look2,
    {
      say: `${kept2} Then mark the migration as rolled back; until then every deploy stops with P3009.`,
      run: resolveCommand(run, open)
    }
  ];
}
var leftWork = (run) => run.notices.filter((notice2) => LEAVE_WORK.includes(notice2.code)).flatMap((notice2) => {
  const { next: next2, run: command } = noticeWords(notice2);
  if (next2 === void 0) return [];
  return [command === void 0 ? { say: next2 } : { say: next2, run: command }];
});
function distinct2(steps2) {
  const seen = /* @__PURE__ */ new Set();
  return steps2.filter((step2) => {
    const key = `${step2.say}
${step2.run ?? ""}`;
    return seen.has(key) ? false : seen.add(key) !== void 0;
  });
}

// src/report/state.ts
function stateOfData(run) {
  const cutOver3 = promotionWords(run);
  if (cutOver3 === void 0 || run.promotion?.phase === "not-started")
    return joined2([...production2(run), ...beside2(run)]);
  const before2 = production2(run).map(
    (each) => each.replace("Production was changed", "The migration changed the old database")
  );
  return joined2([...cutOver3.data, ...before2]);
}
function production2(run) {
  if (run.status === "up-to-date") return ["Nothing was changed: the database already has every migration"];
  if (run.request?.mode === "plan") return ["Nothing was changed: this was a plan"];
  if (!migrationStarted(run)) {
    if (run.problems.some(({ code: code2 }) => code2 === "history-moved"))
      return ["This run changed nothing: it did not start the migration"];
    return reportedState({ ...run, restore: void 0 }) === "unchanged" ? ["Nothing was changed: the migration was not started"] : [
      "This run changed nothing. What the earlier run left in the database is not known: treat it as changed"
    ];
  }
  const verdict = run.verdict;
  if (verdict === void 0) {
    return [
      run.status === void 0 && !run.refused ? "The migration is running; the state of your data is not known yet" : "The state of your data is not known: the migration was started and nobody could look at the database afterwards. Treat it as changed"
    ];
  }
  if (verdict.ok || checkFailed(run)) return [good2(run), ...proof(run)];
  if (verdict.state === "unchanged") return ["Your data is unchanged", ...proof(run)];
  if (verdict.state === "unknown") {
    return ["The state of your data is not known. Treat it as changed until you have looked", ...proof(run)];
  }
  return [changed2(run), ...proof(run)];
}
var good2 = (run) => {
  const names = run.verdict?.applied ?? [];
  const are = `The database has ${count(names.length, "new migration")}: ${list(names)}`;
  return checkFailed(run) ? `${are}. The check after ${names.length === 1 ? "it" : "them"} failed` : are;
};
function changed2(run) {
  const applied4 = run.verdict?.applied ?? [];
  const failed2 = run.verdict?.failedMigration;
  const half = failed2 === void 0 ? "" : `. "${oneLine(failed2, 120)}" may be applied in part`;
  const whole = applied4.length === 0 ? "" : `. Applied completely: ${list(applied4)}`;
  return `Production was changed${whole}${half}`;
}
var proof = (run) => {
  const evidence2 = (run.verdict?.evidence ?? []).slice(-3).map((each) => oneLine(each, 300));
  return evidence2.length === 0 ? [] : [`How we know: ${evidence2.map((each) => each.replace(/\.$/, "")).join("; ")}`];
};
function beside2(run) {
  const restore = run.restore;
  if (restore === void 0) return [];
  const where2 = restore.endpoint === void 0 ? "" : ` at ${restore.endpoint.address}:${restore.endpoint.port}`;
  const named = `${restore.identifier}${where2}`;
  const from = run.restorePoint === void 0 ? "" : ` as of ${run.restorePoint.time}`;
  const still2 = reportedState({ ...run, restore: void 0 }) === "unchanged" ? "The restore did not touch production" : `The restore did not touch production: it is as the ${checkFailed(run) ? "migrations" : "failed migration"} left it`;
  switch (restoreStory(run)) {
    case "verified":
      return [
        `The database${from} is restored beside production as ${named}. It was compared with the restore point and is equal`,
        still2,
        ...lossSentences(run)
      ];
    case "mismatch":
      return [
        `WARNING: the restored database ${named} is NOT in the state of the restore point. ${differences2(run)}`,
        still2
      ];
    case "unverified":
      return [`The database${from} is restored as ${named}, but nobody could look into it yet`, still2];
    case "broken":
      return [
        `The restored database ${restore.identifier} cannot be used (its state is ${restore.status})`,
        still2
      ];
    default:
      return [`A restore to ${named} is running (state: ${restore.status}) and was not compared yet`, still2];
  }
}
function differences2(run) {
  const found = run.restore?.differences ?? [];
  return found.length === 0 ? "" : `${count(found.length, "difference")}: ${list(found, 3)}`;
}

// src/report/explain.ts
function explain(run) {
  const told2 = modeExplanation(run);
  if (told2 !== void 0) {
    const { headline: headline4, why: why4, data: data2, did: did3, next: next2 } = told2;
    return { headline: headline4, why: why4, data: data2, did: did3, next: next2 };
  }
  return {
    headline: headline3(run),
    why: why3(run),
    data: stateOfData(run),
    did: whatWeDid(run),
    next: nextSteps(run)
  };
}
function headline3(run) {
  const name = spokenName(run);
  if (run.status === "up-to-date") return `Nothing to migrate on ${name}.`;
  if (run.status === "planned") {
    const not = unseenSentence(run);
    const verdict = not === "" ? `Nothing was found for which a deploy to ${name} would be refused.` : `Nothing stands against a deploy to ${name} in what was looked at. ${not}`;
    return `${pendingSentence(run)} ${verdict}`;
  }
  if (run.status === "applied") {
    const n = run.verdict?.applied.length ?? run.pending?.length ?? 0;
    const time = run.migrationMs === void 0 ? "" : ` in ${took(run.migrationMs)}`;
    return `${count(n, "migration")} applied to ${name}${time} and verified in the database.`;
  }
  if (migrationFailed(run)) return `${failure(run, name)}${restoreToo(run)}${cutOver2(run)}`;
  if (run.status === "cancelled") return cancelled(run, name);
  if (run.problems.length > 0) return stopped(run, name);
  if (migrationStarted(run)) return `The migration of ${name} is running.`;
  return run.status === void 0 ? `The deploy to ${name} is being prepared.` : `The deploy to ${name} did not start the migration.`;
}
function failure(run, name) {
  if (checkFailed(run)) {
    return sentence(
      `The migrations are applied to ${name}, but the check after them (verify-command) failed`
    );
  }
  const verdict = run.verdict;
  const what = verdict?.failedMigration === void 0 ? `The migration of ${name}` : `Migration "${oneLine(verdict.failedMigration, 120)}" on ${name}`;
  if (run.stopReason === "cancelled" || verdict === void 0 && run.status === "cancelled") {
    return `${what} was stopped because the job was cancelled.`;
  }
  const verb = run.status === "cancelled" ? "failed, and the job was cancelled after it" : "failed";
  if (verdict?.error === void 0) {
    const timeout = run.stopReason === "migration-timeout" ? " (stopped by migration-timeout)" : "";
    const known2 = run.problems.find(
      (each) => !["migration-failed", "migration-timeout", "cancelled"].includes(each.code)
    );
    const told2 = known2 === void 0 || known2 === restoreProblem(run) ? "" : ` ${wordsIn(run, known2).what}`;
    return `${sentence(`${what} ${verb}${timeout}`)}${told2}`;
  }
  const code2 = verdict.error.code === void 0 ? "" : ` (${oneLine(verdict.error.code, 20)})`;
  const where2 = verdict.statement === void 0 ? "" : ` Line ${verdict.statement.line} of ${oneLine(verdict.statement.path, 300)}.`;
  const said2 = oneLine(verdict.error.message, 500);
  return `${what} ${verb}: ${sentence((code2 === "" ? said2 : said2.replace(/\.$/, "")) + code2)}${where2}`;
}
function restoreToo(run) {
  const problem3 = restoreProblem(run);
  if (problem3 === void 0) return "";
  if (problem3.code === "restore-mismatch")
    return " The restored database is NOT in the state of the restore point.";
  if (problem3.code === "restore-later") return ` ${wordsIn(run, problem3).what}`;
  if (problem3.code === "restore-failed")
    return ` ${wordsIn(run, problem3).what.replace(/^The restore(?: to \S+)? failed/, "The restore failed too")}`;
  if (stepOf(run, "restore")?.state === "failed") {
    return ` The restore failed too: ${wordsIn(run, problem3).what}`;
  }
  return "";
}
function cutOver2(run) {
  if (run.promotion === void 0) return "";
  if (run.promotion.phase !== "not-started") return ` ${promotionWords(run)?.what ?? ""}`;
  return cutOverProblems(run).map((each) => ` ${wordsIn(run, each).what}`).join("");
}
function cancelled(run, name) {
  const step2 = run.steps.find((each) => each.state === "running" || each.state === "failed");
  const during = step2 === void 0 ? "" : `, during this step: ${oneLine(step2.title, 200)}`;
  return sentence(`The job was cancelled before the migration of ${name} started${during}`);
}
function stopped(run, name) {
  const problems3 = run.problems;
  const first = problems3[0];
  if (run.request?.mode === "plan") return planned2(run, name);
  const verb = (run.status ?? (run.plan === void 0 ? "refused" : "failed")) === "refused" ? "was refused" : "stopped before the migration";
  if (problems3.length === 1 && first !== void 0) {
    return `The deploy to ${name} ${verb}. ${wordsIn(run, first).what}`;
  }
  return `The deploy to ${name} ${verb}: ${count(problems3.length, "problem")} found.`;
}
function planned2(run, name) {
  const [first] = run.problems;
  if (run.problems.length === 1 && first !== void 0)
    return `A deploy of this commit to ${name} would be refused. ${wordsIn(run, first).what}`;
  return `A deploy of this commit to ${name} would be refused: ${count(run.problems.length, "problem")} found.`;
}
function why3(run) {
  const known2 = causes(run).map((cause) => cause.why).filter((each) => each !== "");
  if (migrationFailed(run) || run.problems.length < 2) return known2;
  return [...known2, ...run.problems.slice(0, 20).map((each) => wordsIn(run, each).what)];
}

// src/report/fitting.ts
function fitting(parts, max) {
  let size2 = 0;
  let end = 0;
  for (const part of parts) {
    size2 += bytes(part) + 2;
    if (size2 > max) break;
    end += 1;
  }
  return { kept: parts.slice(0, end), left: parts.length - end };
}
var more = (left3, where2) => left3 > 0 ? `

… and ${left3} more, see ${where2}.` : "";

// src/report/links.ts
var SAFE = /^https?:\/\/[\w.:/@%#~-]{1,500}$/;
var link = (text, url) => url !== void 0 && SAFE.test(url) ? `[${text}](${url})` : text;
var uriPath = (path4) => path4.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "").split("/").map(
  (part) => encodeURIComponent(wellFormed2(part)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`
  )
).join("/");
var lineUrl = (identity, path4, line2) => /^[0-9a-f]{40,64}$/.test(identity.sha) && !path4.startsWith("/") ? `${identity.serverUrl}/${identity.repository}/blob/${identity.sha}/${uriPath(path4)}#L${line2}` : void 0;
var docsUrl = (base, page) => base === void 0 || page === "" ? void 0 : `${base.replace(/\/+$/, "")}/${uriPath(page)}`;

// src/report/hazard-markdown.ts
var WORKS = {
  rewrite: "copies the table",
  build: "builds an index",
  scan: "reads every row",
  rows: "changes rows",
  catalog: "catalog only"
};
var takes = (hazard2) => {
  const work = hazard2.work === void 0 ? "" : WORKS[hazard2.work];
  const { estimate } = hazard2;
  if (estimate === void 0) return work;
  const range = estimate.lowMs === estimate.highMs ? took(estimate.highMs) : `${took(estimate.lowMs)} to ${took(estimate.highMs)}`;
  return work === "" ? `about ${range}` : `${work}, about ${range}`;
};
var where = (hazard2, place3) => link(code(`${hazard2.path}:${hazard2.line}`, 300), lineUrl(place3.identity, hazard2.path, hazard2.line));
var rule = (hazard2, place3) => link(code(hazard2.rule, 80), docsUrl(place3.docsBase, hazard2.docs));
function hazardTable(hazards, place3) {
  const rows = hazards.map((each) => [
    each.level === "block" ? "**block**" : each.level,
    `${md(each.title, 160)} (${rule(each, place3)})`,
    where(each, place3),
    md(list(each.tables, 3), 200),
    each.lock ?? "",
    takes(each)
  ]);
  const { kept: kept2, left: left3 } = fitting(
    rows.map((row) => row.join(" | ")),
    place3.tableBytes
  );
  const head = ["level", "hazard", "where", "tables", "lock", "work"];
  return `${table(head, rows.slice(0, kept2.length))}${more(left3, place3.rest)}`;
}
function explained(hazards, place3) {
  const parts = hazards.map((each) => one(each, place3));
  const { kept: kept2, left: left3 } = fitting(parts, place3.explainedBytes);
  return `${kept2.join("\n\n")}${more(left3, place3.rest)}`;
}
var ignoring = ({ rule: id }) => `-- guard-ignore ${oneLine(id, 80)}: your reason`;
function one(hazard2, place3) {
  const statement = hazard2.statement === "" ? "" : `: ${code(hazard2.statement, 200)}`;
  const instead2 = hazard2.suggestion === "" ? [] : [`Instead:

${fence(hazard2.suggestion, "sql", 1500)}`];
  return [
    `#### ${hazard2.level}: ${md(hazard2.title, 160)}`,
    `${where(hazard2, place3)}${statement}`,
    prose(hazard2.message, 1200),
    ...instead2,
    hazard2.suppressible ? `To accept it, write above the statement:

${fence(ignoring(hazard2), "sql", 200)}` : `A comment in the file cannot accept this one; see ${rule(hazard2, place3)}.`
  ].join("\n\n");
}

// src/domain/hazard.ts
var HAZARD_LEVELS = ["block", "error", "warning", "notice"];

// src/report/severity.ts
var rank = (hazard2) => HAZARD_LEVELS.indexOf(hazard2.level);
var order = (a, b) => a < b ? -1 : Number(a > b);
var bySeverity = (hazards) => [...hazards].sort(
  (a, b) => rank(a) - rank(b) || order(a.path, b.path) || a.line - b.line || order(a.rule, b.rule)
);
var highest = (hazards) => HAZARD_LEVELS.find((level) => hazards.some((each) => each.level === level)) ?? "none";
var tally = (hazards) => list(
  HAZARD_LEVELS.flatMap((level) => {
    const found = hazards.filter((each) => each.level === level).length;
    return found === 0 ? [] : [count(found, level)];
  })
);

// src/report/hazards.ts
var MAX_PER_LEVEL = 10;
var LEVELS = ["error", "warning", "notice"];
var SHOWN_AS = { block: "error", error: "error", warning: "warning", notice: "notice" };
var MAX_OUTPUT = 1e5;
function hazardSection(hazards, { identity, docsBase }) {
  if (hazards.length === 0) return "";
  const sorted = bySeverity(hazards);
  const place3 = {
    identity,
    docsBase,
    tableBytes: 2e5,
    explainedBytes: 3e5,
    rest: "the JSON report"
  };
  const worth = sorted.filter((each) => each.level !== "notice");
  const details = worth.length === 0 ? "" : `

${explained(worth, place3)}`;
  const heading3 = `### ${count(hazards.length, "hazard")}: ${tally(hazards)}`;
  return wellFormed2(`${heading3}

${hazardTable(sorted, place3)}${details}`);
}
var hazardAnnotations = (hazards) => withinLimits(
  bySeverity(hazards).map((each) => ({
    level: SHOWN_AS[each.level],
    title: oneLine(`${each.title} (${each.rule})`, 120),
    message: clip(plain(`${each.message}${instead(each)}`).trim(), 4e3),
    file: each.path,
    line: lineOf(each)
  }))
);
var instead = ({ suggestion }) => suggestion === "" ? "" : `
Instead:
${suggestion}`;
var lineOf = ({ line: line2 }) => Number.isSafeInteger(line2) && line2 > 0 ? line2 : 1;
function withinLimits(all) {
  return LEVELS.flatMap((level) => {
    const those = all.filter((each) => each.level === level);
    if (those.length <= MAX_PER_LEVEL) return those;
    const shown2 = those.slice(0, MAX_PER_LEVEL - 1);
    const rest2 = {
      level,
      title: `${those.length - shown2.length} more`,
      message: `GitHub shows ten of a kind. The job summary has all ${those.length}.`
    };
    return [...shown2, rest2];
  });
}
function hazardOutputs(hazards, planPath) {
  return {
    ...hazards === void 0 ? {} : { hazards: jsonHazards(bySeverity(hazards)), "highest-hazard": highest(hazards) },
    ...planPath === void 0 ? {} : { "plan-path": planPath }
  };
}
function jsonHazards(hazards) {
  const kept2 = [];
  let size2 = 200;
  for (const each of hazards) {
    const { rule: rule2, level, migration: migration2, path: path4, tables } = each;
    const entry = { rule: rule2, level, title: oneLine(each.title), migration: migration2, path: path4, line: lineOf(each), tables };
    size2 += JSON.stringify(entry).length + 1;
    if (size2 > MAX_OUTPUT) break;
    kept2.push(entry);
  }
  const left3 = hazards.length - kept2.length;
  if (left3 === 0) return JSON.stringify(kept2);
  return JSON.stringify([...kept2, { rule: "more", level: "notice", title: `... and ${left3} more` }]);
}

// src/report/title.ts
var FIXED = {
  "up-to-date": "Up to date",
  applied: "Applied",
  refused: "Refused",
  cancelled: "Cancelled",
  promoted: "Failed, restored and promoted"
};
var FAILED = {
  verified: "Failed, restored beside production",
  unverified: "Failed, restored but not checked",
  mismatch: "Failed, and the restored database differs",
  running: "Failed, restore running",
  refused: "Failed, and the restore failed too",
  later: "Failed, restore still to be requested",
  broken: "Failed, and the restore failed too"
};
var SUBJECTS = { rollback: "Rollback", promote: "Promotion", cleanup: "Clean-up" };
function subject(run) {
  const mode = run.request?.mode ?? run.asked ?? "deploy";
  return mode in SUBJECTS ? SUBJECTS[mode] : "Migration";
}
function cutOverTitle(run) {
  const phase = run.promotion?.phase ?? "not-started";
  if (phase === "not-started") return void 0;
  if (phase === "promoted" && isSettled(run)) return FIXED.promoted;
  return `${run.status === "cancelled" ? "Cancelled" : "Failed"}, ${promotionWords(run)?.title ?? ""}`;
}
function title2(run) {
  const told2 = modeExplanation(run);
  if (told2 !== void 0) return told2.title;
  if (run.status === "planned") {
    return unseenSentence(run) === "" ? "Nothing stands against a deploy" : "Planned without all the facts";
  }
  const cutOver3 = cutOverTitle(run);
  if (cutOver3 !== void 0) return cutOver3;
  if (run.status !== void 0 && run.status in FIXED) return FIXED[run.status];
  if (migrationFailed(run)) return FAILED[restoreStory(run)] ?? "Failed";
  if (!migrationStarted(run)) {
    if (run.problems.length === 0) return "Preparing";
    return run.status === void 0 && run.plan === void 0 ? "Refused" : "Stopped before the migration";
  }
  return "Running";
}

// src/report/annotations.ts
var MAX_PER_LEVEL2 = 10;
var MAX_TITLE = 120;
var MAX_MESSAGE = 4e3;
var LEVELS2 = ["error", "warning", "notice"];
function annotations(run) {
  const failures = errors(run);
  const told2 = LEVELS2.flatMap((level) => [
    ...failures.filter((each) => each.level === level),
    ...run.notices.filter((each) => each.level === level).slice(0, MAX_PER_LEVEL2).map((notice2) => fromNotice(run, notice2))
  ]);
  return withinLimits([...told2, ...hazardAnnotations(run.plan?.hazards ?? [])]);
}
function errors(run) {
  if (run.status === "up-to-date" || run.status === "applied" || run.status === "planned") return [];
  if (migrationFailed(run)) return [failure2(run)];
  const { data: data2 } = explain(run);
  const shown2 = (run.plan?.hazards.length ?? 0) > 0;
  const problems3 = run.problems.filter((each) => !(shown2 && each.code === "hazard-refused"));
  return problems3.slice(0, MAX_PER_LEVEL2).map((problem3) => {
    const words = wordsIn(run, problem3);
    const message = `${words.what} ${data2} ${words.next}`;
    return annotation("error", titleOf(run), message, place2(run, problem3.fields));
  });
}
var titleOf = (run) => {
  const what = subject(run);
  return `${what === "Migration" ? "Deploy" : what} ${run.status === "refused" ? "refused" : "stopped"}`;
};
function failure2(run) {
  const told2 = explain(run);
  const first = told2.next.slice(0, 3).map((each) => each.run === void 0 ? each.say : `${each.say}
${each.run}`);
  const message = [told2.headline, ...told2.why, told2.data, told2.did, ...first].join("\n");
  const verdict = run.verdict;
  const title4 = verdict?.failedMigration === void 0 ? "Migration failed" : `Migration ${verdict.failedMigration} failed`;
  const statement = verdict?.statement;
  if (statement !== void 0) return annotation("error", title4, message, statement);
  return annotation("error", title4, message, place2(run, { migration: verdict?.failedMigration ?? "" }));
}
function fromNotice(run, notice2) {
  const words = noticeWords(notice2);
  const message = words.next === void 0 ? words.what : `${words.what} ${words.next}`;
  return annotation(notice2.level, "Guarded Migrate", message, place2(run, notice2.fields));
}
function place2(run, fields) {
  const name = fields.migration ?? "";
  const pending = run.plan?.pending.find((each) => each.name === name)?.path;
  const path4 = pending ?? run.project?.migrations.find((each) => each.name === name)?.path;
  if (path4 === void 0) return void 0;
  const line2 = Number(fields.line ?? "1");
  return { path: path4, line: Number.isInteger(line2) && line2 > 0 ? line2 : 1 };
}
function annotation(level, title4, message, at) {
  const base = { level, title: oneLine(title4, MAX_TITLE), message: clip(plain(message), MAX_MESSAGE) };
  return at === void 0 ? base : { ...base, file: at.path, line: at.line };
}

// src/report/log-events.ts
var title3 = (run, kind) => stepOf(run, kind)?.title ?? kind;
var elapsed = (run, kind, at) => {
  const start = stepOf(run, kind)?.startedAt;
  return start === void 0 ? "" : ` (${took(at - start)})`;
};
function backendText(backend) {
  const age2 = backend.ageMs === null ? "" : ` for ${took(backend.ageMs)}`;
  const query = backend.query === null ? "" : `: ${oneLine(backend.query, 200)}`;
  const application = oneLine(backend.applicationName, 60) || "without a name";
  return `pid ${backend.pid}, user ${oneLine(backend.user ?? "unknown", 60)}, application "${application}", ${backend.state ?? "state unknown"}${age2}${query}`;
}
var STOPS = {
  "migration-timeout": "migration-timeout passed",
  cancelled: "the job was cancelled",
  "cli-hung": "the Prisma command does not end by itself",
  "watch-lost": "the database can no longer be watched",
  "lock-taken": "a session that is not known as ours holds Prisma’s lock"
};
function toldLately(event, run) {
  const old = run.blocked.filter((each) => each.at < event.at).at(-1);
  if (old === void 0 || old.waiting.pid !== event.waiting.pid) return false;
  if (pids(old.blockers) !== pids(event.blockers)) return false;
  const slot = (at) => Math.floor((at - run.startedAt) / 1e4);
  return slot(event.at) === slot(old.at);
}
var pids = (backends) => backends.map((each) => each.pid).join();
var texts = {
  "run-started": (event) => `Guarded Migrate: ${event.request.mode} on ${event.request.instance || "the files alone"}, run ${event.identity.runId}, attempt ${event.identity.attempt}`,
  "observed-project": ({ project }) => `Prisma ${project.prismaVersion} with ${count(project.migrations.length, "migration")}; ${project.splitsStatements ? "each statement is committed by itself" : "each file is sent as a whole"}`,
  "observed-database": ({ database }) => `database ${database.database} as ${database.user}, ${database.product ?? `PostgreSQL ${Math.floor(database.serverVersion / 1e4)}`}, ${database.tls ? "encrypted" : "not encrypted"}`,
  "observed-target": ({ target: target2 }) => `DB ${target2.instance.kind ?? "instance"} ${target2.instance.identifier}: ${target2.instance.engine} ${target2.instance.engineVersion}, ${target2.instance.status}`,
  pending: ({ migrations: migrations2 }) => migrations2.length === 0 ? "nothing pending" : `${count(migrations2.length, "pending migration")}: ${list(migrations2, 10)}`,
  planned: ({ plan }) => `planned: ${count(plan.steps.filter((step2) => step2.when === "always").length, "step")}${plan.hazards.length === 0 ? "" : `; hazards: ${tally(plan.hazards)}`}`,
  refused: ({ problems: problems3 }) => `refused: ${count(problems3.length, "problem")} found, see below`,
  notice: ({ notice: notice2 }) => `${notice2.level}: ${noticeWords(notice2).what}`,
  "step-intended": (event, run) => `${title3(run, event.step)} ...`,
  "step-done": (event, run) => `done: ${event.step}${elapsed(run, event.step, event.at)}${event.note === void 0 ? "" : `, ${event.note}`}`,
  "step-failed": (event, run) => `failed: ${event.step}${elapsed(run, event.step, event.at)}. ${wordsIn(run, event.problem).what}`,
  "step-skipped": (event) => `skipped: ${event.step}, ${event.note}`,
  "snapshot-seen": (event) => `snapshot ${event.identifier}: ${event.status}${event.percent === void 0 ? "" : `, ${event.percent} %`}`,
  "restore-point": ({ point }) => `restore point ${point.time}${point.lsn === "" ? "" : `, log position ${point.lsn}`}`,
  "migrator-started": (event) => event.round > 1 ? `prisma migrate deploy started again, try ${event.round}` : "prisma migrate deploy started",
  "migrator-line": ({ line: line2 }) => line2.trim() === "" ? void 0 : `prisma | ${oneLine(line2, 500)}`,
  blocked: (event, run) => {
    if (toldLately(event, run)) return void 0;
    const first = event.blockers[0];
    const who = first === void 0 ? "a session that is gone already" : backendText(first);
    const more2 = event.blockers.length > 1 ? ` (and ${event.blockers.length - 1} more)` : "";
    return `waiting for a lock (pid ${event.waiting.pid}); blocked by ${who}${more2}`;
  },
  "limit-enforced": ({ limit: limit2, backend }) => `${limit2} passed; we cancel the statement of ${backendText(backend)}`,
  stopping: ({ reason }) => `stopping the migration: ${STOPS[reason]}`,
  stopped: ({ activity, tookMs }) => activity.ours.length === 0 ? `stopped after ${took(tookMs)}; no session of the migration is left` : `after ${took(tookMs)} ${count(activity.ours.length, "session")} of the migration still there: ${list(activity.ours.map(backendText), 2)}`,
  "migrator-ended": ({ end, tookMs }) => `prisma migrate deploy ended after ${took(tookMs)}, ${end.signal === null ? `exit code ${end.exitCode ?? "unknown"}` : `signal ${end.signal}`}`,
  "leftover-removed": ({ index }) => `removed the INVALID index ${index} that CREATE INDEX CONCURRENTLY left behind`,
  verdict: ({ verdict }) => verdict.ok ? `verdict: applied and verified (${count(verdict.applied.length, "migration")})` : `verdict: failed, the database is ${verdict.state === "unknown" ? "in an unknown state" : verdict.state}; ${list(verdict.evidence, 2)}`,
  "marked-rolled-back": ({ migration: migration2 }) => `marked "${migration2}" as rolled back`,
  "lock-retry": ({ round, pauseMs }) => `nothing was changed; try ${round} follows in ${took(pauseMs)}`,
  "restore-requested": ({ identifier, found }) => found === true ? `the restored database is ${identifier}` : `restore to ${identifier} requested; this takes 25 to 45 minutes at best`,
  "restore-seen": (event, run) => `restored database ${run.restore?.identifier ?? ""}: ${event.status}${event.endpoint === void 0 ? "" : ` at ${event.endpoint.address}:${event.endpoint.port}`}`,
  "restore-verified": ({ differences: differences3 }, run) => differences3.length === 0 ? isSchemaUnknown(run) ? "the restored database holds no migration of a later time; no schema was recorded to compare it with" : "the restored database equals the restore point" : `the restored database is NOT in the state of the restore point: ${list(differences3, 3)}`,
  goal: ({ goal }) => `going back to ${goal.time ?? goal.snapshot ?? "the snapshot"} by ${goal.way === "snapshot" ? `snapshot ${goal.snapshot ?? ""}` : "point-in-time restore"}: ${goal.why}`,
  "write-loss": ({ loss }) => loss.rows === void 0 ? `what a cut-over would lose is not known: ${loss.unknown ?? "no counters"}` : loss.rows === 0 ? `a cut-over would lose no row: none was written since ${loss.since}` : `a cut-over would lose at most ${count(loss.rows, "row")} in ${count(loss.tables.length, "table")}, written since ${loss.since}`,
  parity: ({ differences: differences3 }) => differences3.length === 0 ? "every setting is that of production" : `${count(differences3.length, "setting")} ${differences3.length === 1 ? "differs" : "differ"}: ${list(
    differences3.map((each) => each.name),
    10
  )}`,
  mended: ({ names }) => names.length === 0 ? void 0 : `mended: ${list(names, 20)}`,
  promotion: ({ promotion }) => promotionLine(promotion),
  inventory: ({ kept: kept2 }) => `${count(kept2.length, "resource")} of ours found`,
  deleted: ({ identifier }) => `deleted snapshot ${identifier}`,
  notified: ({ about, delivered }) => `Slack message (${about}) ${delivered ? "delivered" : "not delivered"}`,
  "run-ended": ({ status }, run) => `ended: ${status}, after ${took((run.endedAt ?? run.startedAt) - run.startedAt)}`
};
function eventText(event, run) {
  const say = texts[event.type];
  return say?.(event, run);
}

// src/report/log.ts
var harmless = (line2) => plain(line2).replaceAll("##[", "## [").replace(/^(\s*)::/, "$1: :");
function logLine(event, run) {
  const text = eventText(event, run);
  if (text === void 0) return void 0;
  const since2 = `+${((event.at - run.startedAt) / 1e3).toFixed(1)}s`.padStart(8);
  return harmless(`${since2}  ${oneLine(text, 1e3)}`);
}
function closing(run) {
  const told2 = explain(run);
  const next2 = told2.next.flatMap((each, index) => [
    `  ${index + 1}. ${each.say}`,
    ...each.run === void 0 ? [] : each.run.split("\n").map((line2) => `       ${line2}`)
  ]);
  const details = run.problems.slice(0, 20).flatMap((each) => each.detail === "" ? [] : [`  (${each.code}) ${oneLine(each.detail, 400)}`]);
  const lines2 = [
    "",
    `What happened:  ${told2.headline}`,
    ...told2.why.map((each) => `                ${each}`),
    `Your data:      ${told2.data}`,
    `What we did:    ${told2.did}`,
    "What you do next:",
    ...next2,
    ...details.length === 0 ? [] : ["Details:", ...details]
  ];
  return lines2.map((line2) => harmless(line2)).map((line2) => line2.length > 8e3 ? `${line2.slice(0, 8e3)}…` : line2);
}

// src/domain/restored-now.ts
function restoredNow({ restore, promotion, instance }) {
  if (restore === void 0 || promotion?.by !== "rename") return restore;
  if (promotion.newResourceId !== restore.resourceId) return restore;
  const { production: production3, phase } = promotion;
  const identifier = phase === "promoted" ? production3 : promotion.restored;
  if (isNamedEndpoint(restore.endpoint?.address, identifier)) return { ...restore, identifier };
  const endpoint = identifier === production3 && instance?.identifier === production3 ? instance.endpoint : void 0;
  return { ...restore, identifier, endpoint };
}

// src/report/outputs.ts
var MAX_MESSAGE2 = 2e3;
var MAX_LIST = 2e5;
function jsonList(names, max = MAX_LIST) {
  const whole = JSON.stringify(names);
  if (whole.length <= max) return whole;
  const kept2 = [];
  let size2 = 60;
  for (const name of names) {
    size2 += JSON.stringify(name).length + 1;
    if (size2 > max) break;
    kept2.push(name);
  }
  return JSON.stringify([...kept2, `... and ${names.length - kept2.length} more`]);
}
function outputs(run, reportPath, planPath) {
  const verdict = run.verdict;
  const restore = restoredNow(run);
  const failed2 = !isGood(run, run.request?.mode ?? "deploy");
  const isLooked = run.plan?.basis !== void 0 && !isUnjudged(run);
  const found = hazardOutputs(isLooked ? run.plan?.hazards : void 0, planPath);
  const known2 = {
    status: run.status,
    "pending-migrations": run.pending === void 0 ? void 0 : jsonList(run.pending),
    "applied-migrations": applied3(run),
    "failed-migration": short(verdict?.failedMigration),
    "error-code": short(verdict?.error?.code) ?? historyCode(run),
    "error-message": failed2 && run.status !== void 0 ? errorMessage(run) : void 0,
    "database-state": reportedState(run),
    "snapshot-identifier": run.snapshot?.identifier,
    "snapshot-arn": run.snapshot?.arn,
    "restore-time": run.restorePoint?.time ?? run.goal?.time,
    "restored-identifier": restore?.identifier,
    "restored-endpoint": restore?.endpoint?.address,
    "restored-port": restore?.endpoint?.port,
    "restored-resource-id": restore?.resourceId,
    "write-loss": run.writeLoss === void 0 ? void 0 : writeLossJson(run.writeLoss),
    "migration-duration-ms": run.migrationMs === void 0 ? void 0 : Math.round(run.migrationMs),
    "duration-ms": run.endedAt === void 0 ? void 0 : Math.round(run.endedAt - run.startedAt),
    hazards: found.hazards,
    "highest-hazard": found["highest-hazard"],
    "plan-path": planPath,
    "report-path": reportPath
  };
  return Object.fromEntries(
    Object.entries(known2).flatMap(
      ([name, value]) => value === void 0 || value === "" ? [] : [[name, String(value)]]
    )
  );
}
var MAX_TABLES = 200;
var writeLossJson = ({ until, tables, ...loss }) => JSON.stringify({ ...loss, until: new Date(until).toISOString(), tables: tables.slice(0, MAX_TABLES) });
function applied3(run) {
  if (run.verdict !== void 0) return jsonList(run.verdict.applied);
  return run.rounds === 0 && run.status !== void 0 ? "[]" : void 0;
}
function historyCode(run) {
  if (run.problems.some((problem3) => problem3.code === "history-failed")) return "P3009";
  return run.problems.some((problem3) => problem3.code === "history-missing-baseline") ? "P3005" : void 0;
}
var short = (text) => text === void 0 ? void 0 : clip(text, MAX_MESSAGE2);
var errorMessage = (run) => clip(plain(run.verdict?.error?.message ?? told(run)).trim(), MAX_MESSAGE2);
function told(run) {
  const { headline: headline4 } = explain(run);
  const whats = run.rounds > 0 ? [] : run.problems.map((each) => wordsIn(run, each).what);
  return [headline4, ...whats.filter((each) => !headline4.includes(each))].join(" ");
}

// src/report/record-facts.ts
var hidden = (value) => value === void 0 ? null : "***";
var requestRecord = (request) => request === void 0 ? null : {
  ...request,
  verifyCommand: hidden(request.verifyCommand),
  beforeCommand: hidden(request.beforeCommand),
  afterCommand: hidden(request.afterCommand),
  slackWebhookUrl: hidden(request.slackWebhookUrl)
};
var projectRecord = (project) => project === void 0 ? null : {
  prismaVersion: project.prismaVersion,
  prismaMajor: project.prismaMajor,
  splitsStatements: project.splitsStatements,
  schemaPath: project.schemaPath,
  configPath: project.configPath,
  migrationsPath: project.migrationsPath,
  migrations: project.migrations.length,
  unreadable: project.unreadable,
  lockProvider: project.lockProvider,
  urlEnv: project.urlEnv
};
var instanceRecord = (instance) => instance === void 0 ? null : {
  ...instance,
  latestRestorableTime: instance.latestRestorableTime === void 0 ? null : new Date(instance.latestRestorableTime).toISOString()
};
var restorePointRecord = (point) => point === void 0 ? null : {
  time: point.time,
  lsn: point.lsn,
  fingerprint: {
    digest: point.state.fingerprint.digest,
    objects: Object.keys(point.state.fingerprint.objects).length
  },
  tables: Object.keys(point.state.writes).filter((name) => name !== WHOLE_SERVER).length,
  invalidIndexes: point.state.invalidIndexes,
  history: point.state.history === null ? null : point.state.history.length
};
var moment2 = (at) => at === void 0 ? null : new Date(at).toISOString();
var promotionRecord = (promotion) => promotion === void 0 ? null : {
  ...promotion,
  outageFrom: moment2(promotion.outageFrom),
  outageUntil: moment2(promotion.outageUntil)
};

// src/report/record.ts
var REPORT_VERSION = 1;
var MAX_TEXT = 2e4;
var MAX_BLOCKED = 500;
var iso2 = (at) => at === void 0 ? null : new Date(at).toISOString();
function report(run) {
  const whole = {
    version: REPORT_VERSION,
    status: run.status,
    databaseState: reportedState(run),
    startedAt: iso2(run.startedAt),
    endedAt: iso2(run.endedAt),
    durationMs: run.endedAt === void 0 ? null : run.endedAt - run.startedAt,
    runUrl: runUrl(run.identity),
    identity: run.identity,
    explanation: explain(run),
    request: requestRecord(run.request),
    project: projectRecord(run.project),
    database: run.database,
    instance: instanceRecord(run.instance),
    manualSnapshots: run.manualSnapshots.length,
    pending: run.pending,
    plan: run.plan,
    ...outcome(run)
  };
  return nulls(whole);
}
function outcome(run) {
  return {
    refused: run.refused,
    problems: run.problems.map((each) => ({ ...each, ...wordsIn(run, each) })),
    notices: run.notices.map((each) => ({ ...each, ...noticeWords(each) })),
    steps: run.steps.map((each) => ({ ...each, startedAt: iso2(each.startedAt), endedAt: iso2(each.endedAt) })),
    snapshot: run.snapshot,
    restorePoint: restorePointRecord(run.restorePoint),
    migration: {
      rounds: run.rounds,
      durationMs: run.migrationMs,
      stopReason: run.stopReason,
      enforced: run.enforced ?? null,
      exitCode: run.migrator?.exitCode,
      signal: run.migrator?.signal,
      output: (run.migrator?.output ?? run.lines.join("\n")).slice(-MAX_TEXT) || null
    },
    blocked: run.blocked.slice(-MAX_BLOCKED).map((each) => ({
      at: iso2(each.at),
      waiting: shortQuery(each.waiting),
      blockers: each.blockers.map(shortQuery)
    })),
    leftovers: run.leftovers,
    verdict: run.verdict,
    markedRolledBack: run.markedRolledBack,
    restore: restoredNow(run),
    goal: run.goal,
    writeLoss: run.writeLoss === void 0 ? null : { ...run.writeLoss, until: iso2(run.writeLoss.until) },
    parity: run.parity,
    mended: run.mended,
    promotion: promotionRecord(run.promotion),
    inventory: run.inventory?.map((each) => ({ ...each, createdAt: iso2(each.createdAt) })),
    deleted: run.deleted,
    notified: run.notified
  };
}
var shortQuery = (backend) => ({
  ...backend,
  applicationName: clip(backend.applicationName, 200),
  user: backend.user === null ? null : clip(backend.user, 200),
  state: backend.state === null ? null : clip(backend.state, 200),
  query: backend.query === null ? null : clip(backend.query, 200)
});
function nulls(value) {
  if (value === void 0 || value === null) return null;
  if (typeof value === "string") return clip(value, MAX_TEXT);
  if (Array.isArray(value)) return value.map(nulls);
  if (typeof value !== "object") return typeof value === "number" && !Number.isFinite(value) ? null : value;
  if ("toJSON" in value && typeof value.toJSON === "function") return value.toJSON();
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, nulls(each)]));
}

// src/report/notice-markdown.ts
function noticeItem(notice2, max) {
  const { what, next: next2, run } = noticeWords(notice2);
  const advice2 = next2 === void 0 ? "" : ` ${prose(next2, max)}`;
  const command = run ? `

${indented(fence(run, "sh", 1e3))}` : "";
  return `- ${notice2.level}: ${prose(what, max)}${advice2}${command}`;
}

// src/report/summary-sections.ts
var MAX_ROWS3 = 200;
var rest = (all, shown2) => all > shown2 ? `

… and ${all - shown2} more, see the JSON report.` : "";
function failingStatement(run) {
  const statement = run.verdict?.statement;
  if (statement === void 0) return "";
  return `### The failing statement

${code(`${statement.path}:${statement.line}`, 400)}

${fence(statement.text, "sql")}`;
}
function problems2(run) {
  const all = run.problems.filter((each) => run.verdict === void 0 || each.code !== "migration-failed");
  const shown2 = all.slice(0, 50);
  if (shown2.length === 0) return "";
  const rows = shown2.map((each) => [code(each.code), prose(wordsIn(run, each).what), md(each.detail, 400)]);
  return `### Problems

${table(["code", "what", "detail"], rows)}${rest(all.length, shown2.length)}`;
}
function evidence(run) {
  const all = run.verdict?.evidence ?? [];
  if (all.length === 0) return "";
  const shown2 = all.slice(0, 30).map((each) => `- ${md(each, 500)}`);
  return `### How the state of the database was proven

${shown2.join("\n")}${rest(all.length, shown2.length)}`;
}
function blockers(run) {
  const last = /* @__PURE__ */ new Map();
  for (const { at, blockers: seen } of run.blocked) {
    for (const backend of seen) last.set(backend.pid, { backend, at });
  }
  if (last.size === 0) return "";
  const shown2 = [...last.values()].slice(0, 20);
  const rows = shown2.map(({ backend, at }) => [
    `+${took(at - run.startedAt)}`,
    String(backend.pid),
    md(backend.user ?? "", 60),
    md(backend.applicationName, 60),
    md(backend.state ?? "", 40),
    backend.ageMs === null ? "" : took(backend.ageMs),
    backend.query === null ? "" : code(backend.query, 200)
  ]);
  const head = ["seen", "pid", "user", "application", "state", "age", "query"];
  return `### Sessions that held a lock

${table(head, rows)}${rest(last.size, shown2.length)}`;
}
function resources(run) {
  const rows = [];
  if (run.snapshot !== void 0) {
    rows.push(["snapshot", code(run.snapshot.identifier), md(run.snapshot.status, 60)]);
  }
  if (run.restorePoint !== void 0) {
    rows.push([
      "restore point",
      code(run.restorePoint.time),
      run.restorePoint.lsn === "" ? "" : `log position ${md(run.restorePoint.lsn, 30)}`
    ]);
  }
  const restore = restoredNow(run);
  if (restore !== void 0) {
    const endpoint = restore.endpoint === void 0 ? "" : `, ${code(`${restore.endpoint.address}:${restore.endpoint.port}`, 300)}`;
    rows.push([
      "restored database",
      `${code(restore.identifier)}${endpoint}`,
      `${md(restore.status, 60)}${compared2(run, restore.differences)}`
    ]);
  }
  return rows.length === 0 ? "" : `### Recovery

${table(["", "name", "state"], rows)}`;
}
var compared2 = (run, differences3) => {
  if (differences3 === void 0) return run.request?.mode === "promote" ? "" : ", not compared yet";
  if (differences3.length === 0)
    return isSchemaUnknown(run) ? ", answers SQL; no schema was recorded to compare it with" : ", equal to the restore point";
  const shown2 = differences3.slice(0, 20).map((each) => md(each, 200));
  return `, NOT equal to the restore point: ${shown2.join("; ")}${differences3.length > 20 ? " …" : ""}`;
};
var STATES = {
  "not-reached": "not reached",
  running: "running",
  done: "done",
  failed: "**failed**",
  skipped: "skipped"
};
var elapsed2 = (step2, now) => {
  const until = step2.endedAt ?? (step2.state === "running" ? now : void 0);
  return step2.startedAt === void 0 || until === void 0 ? "" : took(until - step2.startedAt);
};
function deploySteps(run) {
  const always = run.steps.filter((each) => each.when === "always");
  const after2 = run.steps.filter((each) => each.when === "on-failure");
  return [
    "### What a deploy does\n",
    ...always.map((each, index) => `${index + 1}. ${md(each.title, 300)}`),
    ...after2.length === 0 ? [] : ["\nOnly when it fails:\n"],
    ...after2.map((each) => `- ${md(each.title, 300)}`)
  ].join("\n");
}
function steps(run) {
  if (run.steps.length === 0) return "";
  if (run.request?.mode === "plan") return deploySteps(run);
  const rows = run.steps.map((step2) => [
    md(step2.title, 300),
    step2.when === "on-failure" && step2.state === "not-reached" ? "not reached (only after a failure)" : STATES[step2.state],
    elapsed2(step2, run.endedAt),
    step2.problem === void 0 ? md(step2.note ?? "", 300) : prose(wordsIn(run, step2.problem).what)
  ]);
  return `### Steps

${table(["step", "state", "time", "note"], rows)}`;
}
function migrations(run) {
  const pending = run.plan?.pending ?? [];
  if (pending.length === 0) return "";
  const applied4 = new Set(run.verdict?.applied ?? []);
  const state2 = (name) => {
    if (applied4.has(name)) return "applied";
    if (name === run.verdict?.failedMigration) return "**failed**";
    return run.rounds > 0 && run.verdict === void 0 ? "not known" : "pending";
  };
  const ordered = [...pending].sort(
    (a, b) => Number(state2(b.name) === "**failed**") - Number(state2(a.name) === "**failed**")
  );
  const shown2 = pending.length > MAX_ROWS3 ? ordered.slice(0, MAX_ROWS3) : pending;
  const rows = shown2.map((each) => [
    code(each.name, 255),
    state2(each.name),
    String(each.statements),
    each.atomic ? "all or nothing" : "may stay half done"
  ]);
  const head = ["migration", "state", "statements", "on failure"];
  return `### ${count(pending.length, "migration")} of this deploy

${table(head, rows)}${rest(pending.length, shown2.length)}`;
}
function notices(run) {
  if (run.notices.length === 0) return "";
  const shown2 = run.notices.slice(0, 50).map((notice2) => noticeItem(notice2));
  return `### Also worth knowing

${shown2.join("\n")}${rest(run.notices.length, shown2.length)}`;
}

// src/report/summary.ts
var SUMMARY_MAX_BYTES = 1e6;
function summary(run, options = {}) {
  const told2 = explain(run);
  const sections = [
    failingStatement(run),
    problems2(run),
    hazardSection(run.plan?.hazards ?? [], { identity: run.identity, docsBase: options.docsBase }),
    evidence(run),
    blockers(run),
    resources(run),
    writeLossSection(run),
    inventorySection(run),
    steps(run),
    migrations(run),
    estimated(run),
    notices(run),
    footer(run)
  ];
  const head = [`## ${subject(run)} of ${md(spokenName(run), 80)}: ${title2(run)}`, ...sentences(told2)];
  return capped([head.join("\n\n"), ...sections.filter((section2) => section2 !== "")]);
}
var estimated = (run) => run.request?.mode !== "plan" || (run.plan?.estimate.length ?? 0) === 0 ? "" : `### What it takes and costs

${(run.plan?.estimate ?? []).map((each) => `- ${prose(each)}`).join("\n")}`;
function sentences(told2) {
  const why4 = told2.why.map((each) => prose(each)).join(" ");
  return [
    `**What happened.** ${prose(told2.headline)}${why4 === "" ? "" : ` ${why4}`}`,
    `**Your data.** ${prose(told2.data)}`,
    `**What we did.** ${prose(told2.did)}`,
    `**What you do next.**`,
    told2.next.map((each, index) => {
      const command = each.run === void 0 ? "" : `

${indent(fence(each.run, languageOf(each.run), 6e3), `${index + 1}. `.length)}`;
      return `${index + 1}. ${prose(each.say)}${command}`;
    }).join("\n\n")
  ];
}
var languageOf = (command) => {
  if (command.startsWith("{")) return "json";
  if (command.startsWith("mode: ")) return "yaml";
  return /^(SELECT|KILL|GRANT|CREATE|ALTER|DROP|UPDATE|BEGIN|SET|--) ?/.test(command) ? "sql" : "sh";
};
var indent = (block, width) => block.split("\n").map((line2) => `${" ".repeat(width)}${line2}`).join("\n");
function footer(run) {
  const { identity } = run;
  const url = runUrl(identity);
  const link3 = /^https:\/\/[\w.:/@-]+$/.test(url) ? `[run ${md(identity.runId, 40)}](${url})` : md(url, 300);
  return `<sub>${link3}, attempt ${md(identity.attempt, 10)}, commit ${code(identity.sha.slice(0, 12))}, by ${md(identity.actor, 60)}</sub>`;
}
function capped(parts) {
  const kept2 = [];
  let size2 = 200;
  let left3 = 0;
  for (const part of parts) {
    size2 += bytes(part) + 2;
    if (size2 > SUMMARY_MAX_BYTES) {
      size2 -= bytes(part) + 2;
      left3 += 1;
    } else kept2.push(part);
  }
  if (left3 > 0) kept2.push(`_${left3} more section(s) did not fit here; the JSON report has everything._`);
  return `${kept2.join("\n\n")}
`;
}

// src/app/publish.ts
async function publish(host, run, folder, scrub2, more2 = {}) {
  const reportPath = writeReport(host, run, folder, scrub2);
  for (const line2 of closing(run)) host.log(line2);
  for (const annotation2 of annotations(run)) host.annotate(annotation2);
  host.outputs(outputs(run, reportPath, more2.planPath));
  await host.summary(summary(run, { docsBase: more2.docsBase }));
}
function writeReport(host, run, folder, scrub2) {
  const file = import_node_path3.default.join(folder, "report.json");
  try {
    (0, import_node_fs6.writeFileSync)(file, `${scrub2(JSON.stringify(report(run), null, 2))}
`, { mode: 384 });
    return file;
  } catch (error2) {
    const cause = error2 instanceof Error ? error2.message : String(error2);
    host.annotate({
      level: "warning",
      title: "The JSON report could not be written",
      message: `${cause}. The outcome of the migration is not affected; outputs and summary tell the same.`
    });
    return void 0;
  }
}

// src/app/remembered.ts
var MAX_LENGTH2 = 64 * 1024;
function remembered(environment) {
  try {
    const kept2 = JSON.parse(environment.STATE_run ?? "");
    const whole = typeof kept2 === "object" && kept2 !== null && "identity" in kept2 && "request" in kept2;
    return whole ? kept2 : void 0;
  } catch {
    return void 0;
  }
}
var rememberedEnd = (environment) => STATUSES.find((status) => status === environment.STATE_ended);
var lostJournal = (environment) => environment["STATE_journal-lost"] === "true";
function revived(request, environment) {
  const url = environment["INPUT_SLACK-WEBHOOK-URL"] || environment.SLACK_WEBHOOK_URL;
  const wanted = request.slackWebhookUrl !== void 0 && url !== void 0 && url !== "";
  return { ...request, slackWebhookUrl: wanted ? new Secret(url) : void 0 };
}

// src/app/scrubbing.ts
var scrubber = createScrubber();
var scrub = (text) => scrubber.scrub(text);
var SECRET_VARIABLES = [
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "SLACK_WEBHOOK_URL",
  "INPUT_SLACK-WEBHOOK-URL",
  "PGPASSWORD",
  "MYSQL_PWD",
  "GITHUB_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  "ACTIONS_RUNTIME_TOKEN"
];
function hideSecretsOf(environment) {
  for (const name of SECRET_VARIABLES) scrubber.add(environment[name] ?? "");
}

// src/report/slack.ts
var SLACK_LIMITS = { header: 150, section: 3e3, blocks: 50, text: 3e3 };
var escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
function fitted2(text, max) {
  const whole = escaped(text);
  if (whole.length <= max) return whole;
  return `${whole.slice(0, max - 1).replace(/&[a-z]{0,3}$/, "")}…`;
}
function slack(run, about) {
  const told2 = explain(run);
  const heading3 = oneLine(`${subject(run)} of ${spokenName(run)}: ${title2(run)}`, SLACK_LIMITS.header);
  const blocks = [
    { type: "header", text: { type: "plain_text", text: heading3, emoji: false } },
    ...body(run, told2, about),
    link2(run)
  ];
  const text = joined2([heading3, told2.headline, told2.data]);
  return { text: fitted2(text, SLACK_LIMITS.text), blocks: blocks.slice(0, SLACK_LIMITS.blocks) };
}
function body(run, told2, about) {
  const statement = about === "failure" ? run.verdict?.statement?.text : void 0;
  return [
    section("What happened", joined2([told2.headline, ...told2.why])),
    ...statement === void 0 ? [] : [preformatted(statement)],
    section("Your data", told2.data),
    section("What we did", told2.did),
    ...told2.next.slice(0, 12).flatMap((each, index) => {
      const say = section(index === 0 ? "What you do next" : "", `${index + 1}. ${each.say}`);
      return each.run === void 0 ? [say] : [say, preformatted(each.run)];
    })
  ];
}
function section(label, text) {
  const bold = label === "" ? "" : `*${label}*
`;
  const rest2 = fitted2(plain(text).replaceAll("`", "'"), SLACK_LIMITS.section - bold.length);
  return { type: "section", text: { type: "mrkdwn", text: `${bold}${rest2}`, verbatim: true } };
}
function preformatted(text) {
  const inside = fitted2(clip(plain(text), 2500).replaceAll("```", "'''"), SLACK_LIMITS.section - 8);
  return { type: "section", text: { type: "mrkdwn", text: `\`\`\`
${inside}
\`\`\``, verbatim: true } };
}
function link2(run) {
  const { identity } = run;
  const label = `${identity.repository} · ${identity.workflow} · ${identity.sha.slice(0, 12)} · ${identity.actor}`;
  const url = runUrl(identity);
  const target2 = /^https?:\/\/[^\s<>|]+$/.test(url) ? `<${escaped(url)}|Open the run>` : "No link to the run";
  return {
    type: "context",
    elements: [{ type: "mrkdwn", text: `${target2} · ${fitted2(oneLine(label, 300), 500)}`, verbatim: true }]
  };
}

// src/app/telling.ts
var telling = { scrubber, logLine, message: slack };

// src/app/post-run.ts
var LIMIT_MS = 5e4;
async function runPost(shell2, environment = process.env) {
  hideSecretsOf(environment);
  const host = createHost({ scrub });
  const file = environment.STATE_journal || import_node_path4.default.join((0, import_node_os.tmpdir)(), `guarded-migrate-${process.pid}`, "journal.ndjson");
  const whole = lostJournal(environment) ? [] : read2(host, file);
  const first = whole[0]?.type === "run-started" ? whole[0] : void 0;
  const kept2 = first ?? remembered(environment);
  const run = first === void 0 ? void 0 : whole.reduce(fold, emptyRun(first.identity, first.at));
  const status = run?.status ?? rememberedEnd(environment);
  if (status !== void 0 && status !== "cancelled" && !untold2(run) && !owesAfterCommand(run)) {
    host.log(`Guarded Migrate: the step ended by itself (${status}); nothing to do.`);
    return 0;
  }
  if (kept2 === void 0) {
    host.log("Guarded Migrate: the step was refused or ended before it touched anything; nothing to do.");
    return 0;
  }
  const isBack = goesBack(kept2.request.mode);
  if (kept2.request.mode !== "deploy" && !isBack) {
    host.log(`Guarded Migrate: the step only looked (mode: ${kept2.request.mode}); nothing to do.`);
    return 0;
  }
  const { identity } = kept2;
  const request = revived(kept2.request, environment);
  const guard = continued({ shell: shell2, environment, host, file, identity, request, run });
  if (isBack) return finishBack(guard, host, file);
  if (status !== void 0 && status !== "cancelled") {
    if (untold2(run)) await tellAgain(guard, host);
    if (owesAfterCommand(run)) await attemptAfter(guard);
    return 0;
  }
  await finish(guard, run === void 0 ? kept2.at : void 0);
  await publish(host, guard.run, import_node_path4.default.dirname(file), scrub);
  return 0;
}
function read2(host, file) {
  try {
    const events = readJournal(file)?.events ?? [];
    const [first] = events;
    if (first?.type !== "run-started" || first.version <= JOURNAL_VERSION) return events;
    host.log(
      `The journal has version ${first.version}; this post step reads up to ${JOURNAL_VERSION}, so it goes by the tags in AWS instead.`
    );
  } catch (error2) {
    const message = error2 instanceof Error ? error2.message : String(error2);
    host.annotate({
      level: "warning",
      title: "The journal cannot be read",
      message: `${message}. This post step goes by the tags in AWS and by the database instead; what it finds is in its log and in the job summary.`
    });
  }
  return [];
}
function continued({ file, run, ...job }) {
  const { host, identity, request } = job;
  const journal = openJournal({
    path: file,
    onFailure: ({ detail }) => host.log(`The journal cannot be written: ${detail}. The rest goes on.`)
  });
  const guard = startGuard({
    ...job,
    ...telling,
    journal,
    hurried: true,
    ...run === void 0 ? {} : { run }
  });
  if (run === void 0)
    guard.emit({ type: "run-started", version: JOURNAL_VERSION, pid: process.pid, identity, request });
  return guard;
}
async function finishBack(guard, host, file) {
  const isCutOff = guard.run.status === void 0 || guard.run.status === "cancelled";
  await postBack(guard, host);
  if (isCutOff) await publish(host, guard.run, import_node_path4.default.dirname(file), scrub);
  return 0;
}
async function finish(guard, startedAt) {
  const work = startedAt === void 0 ? resume(guard) : resumeByTags(guard, startedAt);
  const over = new AbortController();
  const late = guard.ports.clock.sleep(LIMIT_MS, over.signal).then(() => void 0);
  const status = await Promise.race([work, late]);
  over.abort();
  if (status === void 0) {
    const detail = `the post step was still at work after ${LIMIT_MS / 1e3} s and stopped there`;
    guard.emit({ type: "refused", problems: [problem("unexpected", detail)] });
  }
  guard.emit({ type: "run-ended", status: status ?? "cancelled" });
  if (status === "applied") await tell(guard, "end");
}
var untold2 = (run) => run !== void 0 && run.notified.length > 0 && !run.notified.some((each) => each.delivered);
var owesAfterCommand = (run) => stateOf3(run, "after-command") === "not-reached" && ["before-command", "restore-point"].some(
  (kind) => (stateOf3(run, kind) ?? "not-reached") !== "not-reached"
);
var stateOf3 = (run, kind) => run?.steps.find((each) => each.kind === kind)?.state;
async function tellAgain(guard, host) {
  await tell(guard, "end");
  const told2 = guard.run.notified.some((each) => each.delivered);
  host.log(
    `Guarded Migrate: the step ended by itself (${guard.run.status}); Slack ${told2 ? "has its message now" : "still does not answer"}.`
  );
}

// src/app/shell.ts
var oneLine2 = (error2) => {
  const text = error2 instanceof Error ? `${error2.name}: ${error2.message}` : String(error2);
  return (text.split("\n")[0] ?? "").slice(0, 500);
};
async function runShell(work, scrub2) {
  const controller = new AbortController();
  const cancel = () => controller.abort();
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  const fail = (error2) => {
    process.stdout.write(
      `::error::Guarded Migrate stopped unexpectedly: ${scrub2(oneLine2(error2))}. The state of the database is unknown to this step; look at the step's log above, then at the database, before you deploy again.
`
    );
    process.exitCode = 1;
  };
  process.on("uncaughtException", (error2) => {
    fail(error2);
    process.exit(1);
  });
  try {
    process.exitCode = await work({ cancelled: controller.signal });
  } catch (error2) {
    fail(error2);
  }
  process.exit();
}

// src/post.ts
void runShell(runPost, scrub);
