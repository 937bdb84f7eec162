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

// src/app/run.ts
var import_node_fs5 = require("node:fs");
var import_node_os = require("node:os");
var import_node_path3 = __toESM(require("node:path"), 1);

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
function setSecret(secret2) {
  issueCommand("add-mask", {}, secret2);
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
function secretForms(secret2) {
  const forms = /* @__PURE__ */ new Set();
  for (const value of /* @__PURE__ */ new Set([secret2, decoded(secret2), ...longLines(secret2)])) {
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
    add(secret2) {
      if (secret2.length < SHORTEST) return;
      for (const form of secretForms(secret2)) forms.add(form);
      const longestFirst = [...forms].sort((a, b) => b.length - a.length);
      pattern = new RegExp(longestFirst.map((form) => literal(form)).join("|"), "g");
    },
    scrub: (text) => hide(SHAPES.reduce((shown3, [shape, replacement]) => shown3.replace(shape, replacement), hide(text)))
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

// src/adapters/github/identity.ts
function readIdentity(env, now) {
  const first = (...names2) => names2.map((name) => env[name]?.trim()).find((value) => value !== void 0 && value !== "");
  const stamp = new Date(now).toISOString().replace(/\D/g, "").slice(0, 14);
  return {
    runId: first("GITHUB_RUN_ID") ?? `local-${stamp}`,
    attempt: first("GITHUB_RUN_ATTEMPT") ?? "1",
    repository: first("GITHUB_REPOSITORY") ?? "local",
    sha: first("GITHUB_SHA") ?? "unknown",
    actor: first("GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR", "USER", "LOGNAME") ?? "unknown",
    workflow: first("GITHUB_WORKFLOW") ?? "local",
    serverUrl: (first("GITHUB_SERVER_URL") ?? "https://github.com").replace(/\/+$/, "")
  };
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
    const list3 = Array.isArray(problems3) ? problems3 : [problems3];
    super(list3.map((each) => each.detail).join("; "), options);
    this.problems = list3;
  }
};
function problemsOf(error2) {
  if (error2 instanceof Error && error2.name === "GuardError") return error2.problems;
  const detail = error2 instanceof Error ? `${error2.name}: ${error2.message}` : String(error2);
  return [problem("unexpected", detail.split("\n")[0] ?? detail)];
}

// src/adapters/journal/journal.ts
function openJournal({ path: path4, onFailure }) {
  let file;
  let broken = false;
  const fail = (error2) => {
    const detail = error2 instanceof Error ? error2.message : String(error2);
    const unwritable = problem("report-unwritable", detail, { path: path4, what: "journal" });
    if (onFailure === void 0) throw new GuardError(unwritable, { cause: error2 });
    broken = true;
    onFailure(unwritable);
  };
  return {
    path: path4,
    append(event) {
      if (broken) return;
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
      broken = true;
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

// src/domain/event.ts
var JOURNAL_VERSION = 1;

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

// src/domain/request.ts
var MODES = ["deploy", "plan", "rollback", "promote", "cleanup", "doctor"];
var SNAPSHOT_POLICIES = ["wait", "start", "skip"];
var FAILURE_POLICIES = ["restore", "restore-always", "alert"];
var CONCURRENCY_POLICIES = ["refuse", "wait"];
var SLACK_POLICIES = ["failure", "always", "never"];
var FAIL_POLICIES = ["never", "warning", "error", "block"];
var runUrl = (run) => `${run.serverUrl}/${run.repository}/actions/runs/${run.runId}/attempts/${run.attempt}`;

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

// src/domain/names.ts
var MAX_LENGTH = 63;
var isIdentifier = (text) => text.length <= MAX_LENGTH && /^[A-Za-z](?:-?[A-Za-z0-9])*$/.test(text);

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

// src/domain/window.ts
var WINDOW_EXPECTED = "days, hours and a time zone such as `Mon-Thu 09:00-16:00 Europe/Berlin`, several with `;` between";
var DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
var EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
var MINUTES_PER_DAY = 1440;
var MAX_SPANS = 20;
function parseWindow(text) {
  const parts = text.split(";").map((part) => part.trim());
  if (parts.length > MAX_SPANS) return { wrong: `more than ${MAX_SPANS} parts` };
  const spans = [];
  for (const part of parts) {
    const span = parseSpan(part);
    if (typeof span === "string") return { wrong: span };
    spans.push(span);
  }
  return { text: parts.join("; "), spans };
}
function parseSpan(part) {
  if (part === "") return "there is an empty part";
  const [days = "", hours = "", zone = "UTC", ...rest2] = part.split(/\s+/);
  if (hours === "") return `"${part}" has no hours`;
  if (rest2.length > 0) return `"${rest2.join(" ")}" is too much after the time zone`;
  const named = parseDays(days);
  if (typeof named === "string") return named;
  const times = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(hours);
  if (times === null) return `"${hours}" is not hours such as 09:00-16:00`;
  const [start, end] = [minutes(times[1], times[2]), minutes(times[3], times[4])];
  if (start === void 0 || start === MINUTES_PER_DAY || end === void 0)
    return `"${hours}" has an hour or minute that does not exist`;
  if (start === end) return `"${hours}" begins and ends in the same minute`;
  if (!isZone(zone)) return `"${zone}" is not a time zone such as Europe/Berlin or UTC`;
  return { days: named, start, end, zone };
}
function parseDays(text) {
  if (text.toLowerCase() === "daily") return EVERY_DAY;
  const found = /* @__PURE__ */ new Set();
  for (const item of text.toLowerCase().split(",")) {
    const [from = "", to = from, ...rest2] = item.split("-");
    const [first, last] = [DAYS.indexOf(from), DAYS.indexOf(to)];
    if (first < 0 || last < 0 || rest2.length > 0)
      return `"${text}" is not days such as Mon, Mon-Thu, Mon,Wed or daily`;
    for (let day = first; ; day = (day + 1) % 7) {
      found.add(day);
      if (day === last) break;
    }
  }
  return [...found].sort((a, b) => a - b);
}
function minutes(hour, minute) {
  const value = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && value <= MINUTES_PER_DAY ? value : void 0;
}
function isZone(name) {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

// src/inputs/duration.ts
var UNITS = [
  { unit: "h", ms: 36e5 },
  { unit: "m", ms: 6e4 },
  { unit: "s", ms: 1e3 },
  { unit: "ms", ms: 1 }
];
var MAX_DURATION_MS = 24 * 36e5;
var DURATION_EXPECTED = "a whole number with a unit (500ms, 30s, 5m, 2h), more than 0 and at most 24h";
function parseDuration(text) {
  const match = /^([1-9]\d{0,8})(ms|s|m|h)$/.exec(text);
  const unit = UNITS.find((each) => each.unit === match?.[2]);
  if (match === null || unit === void 0) return void 0;
  const ms = Number(match[1]) * unit.ms;
  return ms <= MAX_DURATION_MS ? ms : void 0;
}
function formatDuration(ms) {
  const unit = UNITS.find((each) => ms % each.ms === 0) ?? UNITS[3];
  return `${ms / unit.ms}${unit.unit}`;
}

// src/inputs/kinds.ts
var MAX_PATH = 1024;
var MAX_SCRIPT = 65536;
var MAX_NAMES = 10;
var accept = (ok, value, expected) => ok ? { value } : { expected };
var hasControl = (text) => new RegExp("\\p{Cc}", "u").test(text);
var path = (text) => {
  const plain2 = !hasControl(text) && text.length <= MAX_PATH;
  const usable = plain2 && !/^[~$-]/.test(text) && !text.includes("://") && !/^(["']).*\1$/.test(text);
  return accept(usable, text, "a file path, without ~, $VARIABLE, quotes or a leading hyphen");
};
var script = (text) => {
  const words = /^(?:true|false|null|yes|no|on|off|none|~)$/i.test(text) || /^https?:\/\/\S+$/i.test(text);
  const usable = !words && !text.includes("\0") && text.length <= MAX_SCRIPT;
  const value = text.replaceAll("\r\n", "\n");
  return accept(
    usable,
    value,
    "a shell script such as `curl -fsS https://example.com/health`; leave it out to run none"
  );
};
var list = (text) => {
  const names2 = text.split(",").map((each) => each.trim());
  const usable = names2.every((each) => /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(each)) && new Set(names2).size === names2.length && names2.length <= MAX_NAMES;
  return accept(
    usable,
    names2,
    "names of environment variables with commas between, each once, not their values"
  );
};
var LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;
var url = (text) => {
  const expected = "an https URL such as https://hooks.slack.com/services/...";
  if (/\s/.test(text) || !URL.canParse(text)) return { expected };
  const { protocol, hostname, pathname, username, password } = new URL(text);
  const safe = protocol === "https:" || protocol === "http:" && LOOPBACK.test(hostname);
  return accept(safe && pathname !== "/" && username === "" && password === "", new Secret(text), expected);
};
var count = (text, { min, max }) => {
  const value = Number(text);
  const usable = /^(?:0|[1-9]\d{0,8})$/.test(text) && value >= min && value <= max;
  return accept(usable, value, `a whole number from ${min} to ${max}`);
};
var TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.0+)?(Z|[+-]\d{2}:\d{2})$/;
var time = (text) => {
  const expected = "a whole second with its time zone, such as 2026-03-01T12:00:00Z";
  const at = TIME.test(text) ? Date.parse(text) : Number.NaN;
  const written = text.slice(0, 10);
  if (Number.isNaN(at) || (/* @__PURE__ */ new Date(`${written}T00:00:00Z`)).toISOString().slice(0, 10) !== written)
    return { expected };
  return { value: new Date(at).toISOString().replace(".000Z", "Z") };
};
var MAX_MIGRATIONS = 50;
var MIGRATION = /^(?!(?:true|false|all|yes|no|none)$)[\p{L}\p{N}_][\p{L}\p{N}_ .@+-]{0,254}$/iu;
var names = (text) => {
  const lines2 = text.split("\n").map((line2) => line2.trim().replace(/,$/, ""));
  const found = lines2.filter((line2) => line2 !== "").flatMap((line2) => line2.split(",").map((each) => each.trim()));
  const usable = found.length > 0 && found.every((each) => MIGRATION.test(each) && !each.endsWith(".sql")) && new Set(found).size === found.length && found.length <= MAX_MIGRATIONS;
  return accept(
    usable,
    found,
    "names of migration folders such as 20260301120000_drop_legacy, each once, with commas or line breaks between"
  );
};
var window = (text) => {
  const found = parseWindow(text);
  if ("spans" in found) return { value: found };
  return {
    expected: `${WINDOW_EXPECTED} (${found.wrong.replace(/"(?![A-Za-z\d:-]{1,11}")[^"]*"/g, "a part of it")})`
  };
};
var secret = (text, { expected }) => accept(/^[A-Za-z0-9_.=+/~-]{20,4096}$/.test(text), new Secret(text), expected);
var readers = {
  choice: (text, { choices }) => accept(choices.includes(text), text, `one of: ${choices.join(", ")}`),
  duration: (text) => {
    const value = parseDuration(text);
    return value === void 0 ? { expected: DURATION_EXPECTED } : { value };
  },
  count,
  time,
  boolean: (text) => accept(text === "true" || text === "false", text === "true", "true or false"),
  list,
  text: (text, { pattern, expected }) => accept(pattern.test(text), text, expected),
  path,
  identifier: (text) => (
    // AWS stores identifiers in lower case and answers with them so.
    accept(
      isIdentifier(text),
      text.toLowerCase(),
      "a DB instance identifier: at most 63 letters, digits and single hyphens, a letter first, no hyphen last; not an ARN or a host name"
    )
  ),
  script,
  url,
  names,
  window,
  secret
};
var readValue = (text, spec) => (
  // The table of readers has one entry per kind, each for exactly its spec; the compiler cannot pair them.
  readers[spec.kind](text, spec)
);
function expectation(spec) {
  const reading = readValue("\0", spec);
  return "expected" in reading ? reading.expected : spec.description;
}

// src/domain/going-back.ts
var PROMOTE_POLICIES = ["never", "rename", "proxy", "undo"];

// src/inputs/spec-back.ts
var BACK_INPUTS = {
  promote: {
    kind: "choice",
    choices: PROMOTE_POLICIES,
    default: "never",
    description: "Cut over to the restored database once it is verified: `never`, `rename` (the instances swap names) or `proxy` (an RDS Proxy is sent to the new one). In `mode: promote`, `never` means `rename`, and `undo` puts the old one back."
  },
  "restore-time": {
    kind: "time",
    description: "`rollback`: the second to go back to, such as `2026-03-01T12:00:00Z`."
  },
  "snapshot-identifier": {
    kind: "text",
    // AWS puts its own prefix before automated snapshots and those of AWS Backup.
    pattern: /^(?=.{1,255}$)(?:(?:rds|awsbackup):)?[A-Za-z](?:-?[A-Za-z0-9])*$/,
    expected: "the identifier of a DB snapshot such as gm-shop-81-1 or rds:shop-2026-03-01-04-10, not an ARN",
    description: "`rollback`: the snapshot to go back to."
  },
  "run-id": {
    kind: "text",
    pattern: /^\d{1,20}(?:-\d{1,5})?$/,
    expected: "the id of a workflow run such as 8123456789, or with its attempt: 8123456789-2",
    description: "`rollback`: go back to the restore point of that run, found by its tags. `promote`: the restored database of that run."
  },
  "max-write-loss": {
    kind: "count",
    min: 0,
    max: 999999999,
    description: "Refuse a cut-over that would lose more rows than this, written to production since the restore point. Empty sets no limit."
  },
  confirm: {
    kind: "identifier",
    description: "Repeat the identifier of the database here: needed by `promote`, by `rollback` with `promote`, and by `cleanup` before it deletes; without it `cleanup` only lists."
  }
};

// src/inputs/spec-plan.ts
var PLAN_INPUTS = {
  "fail-on": {
    kind: "choice",
    choices: FAIL_POLICIES,
    default: "block",
    description: "`plan` and `deploy`: the lowest level of a hazard that refuses."
  },
  "allow-data-loss": {
    kind: "names",
    description: "Names of migrations that may lose data or may stay half done, with commas or line breaks between. Nothing else lets them through."
  },
  "require-down": {
    kind: "boolean",
    default: "false",
    description: "Every pending migration must have a `down.sql` with a statement in it beside `migration.sql`."
  },
  "deploy-window": {
    kind: "window",
    description: "When `deploy` may run: `Mon-Thu 09:00-16:00 Europe/Berlin`, several with `;` between; without a time zone it is UTC. With it, deploys also wait for the backup and maintenance windows of the DB instance to be over."
  },
  "require-environment": {
    kind: "text",
    pattern: /^(?!(?:true|false|null|yes|no)$)[^\p{Cc}'"`,;\\{}$]{1,255}$/iu,
    expected: "the name of a GitHub environment such as staging",
    description: "This very commit must have a successful deployment in that GitHub environment."
  },
  "sarif-path": {
    kind: "path",
    description: "Write the hazards as SARIF to this file, for code scanning."
  },
  "plan-path": {
    kind: "path",
    description: "A plan made by `mode: plan`; `deploy` refuses when the facts have moved since."
  },
  "github-token": {
    kind: "secret",
    expected: "a GitHub token in one piece: the expression github.token, or a secret",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own expression, for action.yml
    actionDefault: "${{ github.token }}",
    fallback: ["GITHUB_TOKEN"],
    description: "Token for the comment on the pull request (`pull-requests: write`) and for `require-environment` (`deployments: read`)."
  }
};

// src/inputs/spec.ts
var INPUTS = {
  mode: {
    kind: "choice",
    choices: MODES,
    default: "deploy",
    description: "What to do: `deploy`, `plan` (look and touch nothing), `rollback` (restore beside production), `promote` (cut over to a restored database), `cleanup` (old snapshots) or `doctor` (check the set-up)."
  },
  "db-instance-identifier": {
    kind: "identifier",
    required: true,
    optionalIn: "plan",
    instead: "db-cluster-identifier",
    description: "The RDS DB instance that holds the database; this or `db-cluster-identifier`. `plan` can do without."
  },
  "db-cluster-identifier": {
    kind: "identifier",
    description: "The Aurora DB cluster that holds the database, instead of `db-instance-identifier`. A member given there is resolved to its cluster, too."
  },
  "aws-region": {
    kind: "text",
    pattern: /^[a-z]{2,4}(?:-[a-z]+){1,2}-\d{1,2}$/,
    expected: "an AWS region such as eu-west-1",
    required: true,
    optionalIn: "plan",
    fallback: ["AWS_REGION", "AWS_DEFAULT_REGION"],
    description: "Region of the DB instance."
  },
  "working-directory": {
    kind: "path",
    default: ".",
    description: "Directory of the Prisma project."
  },
  schema: {
    kind: "path",
    description: "Path of the Prisma schema, passed to the CLI. Empty leaves it to Prisma's own discovery."
  },
  "prisma-config": {
    kind: "path",
    description: "Path of the Prisma config file, passed to the CLI. Empty leaves it to Prisma's own discovery."
  },
  "database-url-env": {
    kind: "list",
    default: "DIRECT_URL,DATABASE_URL",
    description: "Names of the environment variables that carry the connection URL. The guard connects with the first that is set; every one that is set gets the timeouts."
  },
  "database-secret-arn": {
    kind: "text",
    pattern: /^arn:aws(?:-[a-z]+)*:secretsmanager:[a-z]{2,4}(?:-[a-z]+){1,2}-\d{1,2}:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}$/,
    expected: "the ARN of a secret: arn:aws:secretsmanager:<region>:<account>:secret:<name>",
    description: "Read host, user and password from this secret of AWS Secrets Manager instead."
  },
  "statement-timeout": {
    kind: "duration",
    default: "30s",
    description: "Longest time of one statement: PostgreSQL `statement_timeout` of the migration session; on MySQL the watcher cancels the statement."
  },
  "lock-timeout": {
    kind: "duration",
    default: "5s",
    description: "Longest wait for a lock: PostgreSQL `lock_timeout` of the migration session; on MySQL the watcher cancels the statement. Must be shorter than `statement-timeout`."
  },
  "lock-retries": {
    kind: "count",
    min: 0,
    max: 10,
    default: "3",
    description: "How often the deploy is tried again after a lock timeout that provably changed nothing."
  },
  "migration-timeout": {
    kind: "duration",
    default: "30m",
    description: "Budget of the whole migrate step. When it is spent, the database session is cancelled too."
  },
  concurrency: {
    kind: "choice",
    choices: CONCURRENCY_POLICIES,
    default: "refuse",
    description: "When another guarded deploy of this database is under way: `refuse` and name it, or `wait` for it."
  },
  snapshot: {
    kind: "choice",
    choices: SNAPSHOT_POLICIES,
    default: "wait",
    description: "`wait` until it is available before the first change, only `start` it, or `skip` it."
  },
  "snapshot-timeout": {
    kind: "duration",
    default: "60m",
    description: "How long to wait for the snapshot."
  },
  "restore-timeout": {
    kind: "duration",
    default: "2h",
    description: "How long to wait for the restored DB instance."
  },
  "snapshot-keep": {
    kind: "count",
    min: 0,
    max: 99,
    default: "0",
    description: "Keep the newest N of the guard's own snapshots of this database; 0 keeps all. The one of a failed run always stays."
  },
  "on-failure": {
    kind: "choice",
    choices: FAILURE_POLICIES,
    default: "restore",
    description: "`restore` beside production unless the database is proven unchanged, `restore-always`, or only `alert`."
  },
  "wait-for-restore": {
    kind: "boolean",
    default: "true",
    description: "Wait until the restored database answers SQL and is compared; `false` returns once RDS accepted the restore."
  },
  "restored-identifier": {
    kind: "identifier",
    description: "Name of the restored DB instance. Empty derives one from the instance, the run and the attempt."
  },
  "verify-command": {
    kind: "script",
    description: "Shell script run after a good migration. When it fails, the deploy counts as failed."
  },
  "before-command": {
    kind: "script",
    description: "Shell script run before the migration, for example to switch maintenance mode on."
  },
  "after-command": {
    kind: "script",
    description: "Shell script run after the migration, in any outcome."
  },
  "slack-webhook-url": {
    kind: "url",
    fallback: ["SLACK_WEBHOOK_URL"],
    description: "Slack incoming webhook. Without one, nothing is sent."
  },
  "slack-on": {
    kind: "choice",
    choices: SLACK_POLICIES,
    default: "failure",
    description: "When to tell Slack: on `failure`, `always` or `never`."
  },
  ...BACK_INPUTS,
  ...PLAN_INPUTS
};

// src/inputs/names.ts
var variable = (name) => `INPUT_${name.toUpperCase()}`;
var textOf = (env, name) => env[variable(name)]?.trim() || void 0;
var KNOWN = Object.keys(INPUTS);
var misspelt = (env) => Object.keys(env).flatMap((key) => {
  if (!key.startsWith("INPUT_") || env[key] === void 0) return [];
  const name = key.slice("INPUT_".length).toLowerCase();
  const meant = KNOWN.includes(name) ? void 0 : nearest(name);
  if (meant === void 0) return [];
  const fields = { name, got: "an input that does not exist", expected: `the name ${meant}` };
  return [problem("input-invalid", `there is no input ${name}; did you mean ${meant}?`, fields)];
});
function nearest(name) {
  const spelling = name.replaceAll(/[_ ]/g, "-");
  const ranked = KNOWN.map((known2) => ({ known: known2, far: distance(spelling, known2) })).filter(({ known: known2, far }) => far <= (known2.length <= 6 ? 1 : 2)).sort((a, b) => a.far - b.far);
  return ranked[0]?.known;
}
function distance(a, b) {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next2 = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed2 = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next2.push(Math.min(changed2, (row[j + 1] ?? 0) + 1, (next2[j] ?? 0) + 1));
    }
    row = next2;
  }
  return row.at(-1) ?? 0;
}

// src/inputs/refused.ts
var invalid = (name, got, expected) => problem("input-invalid", `${name}: got ${got}, expected ${expected}`, { name, got, expected });
var missing = (name, expected) => problem("input-missing", `${name} is missing, expected ${expected}`, { name, got: "nothing", expected });

// src/inputs/rules-back.ts
var DESTINATIONS = ["restore-time", "snapshot-identifier", "run-id"];
var given = (values) => DESTINATIONS.filter((name) => values[name] !== void 0);
function oneTarget(values) {
  const both = values["db-instance-identifier"] !== void 0 && values["db-cluster-identifier"] !== void 0;
  return both ? [
    invalid(
      "db-cluster-identifier",
      "a value",
      "nothing when db-instance-identifier is given: one of the two"
    )
  ] : [];
}
function destination(values, refused2) {
  switch (values.mode) {
    // A mode that could not be read is told already; what belongs to it is not known.
    case void 0:
      return [];
    case "rollback":
      return onePlace(values, refused2);
    case "promote":
      return restoredDatabase(values, refused2);
    default:
      return given(values).map(
        (name) => invalid(name, "a value", `nothing in mode: ${values.mode}; it belongs to mode: rollback`)
      );
  }
}
function onePlace(values, refused2) {
  const [first, ...others] = given(values);
  if (first === void 0)
    return DESTINATIONS.some((name) => refused2.has(name)) ? [] : [missing("run-id", "run-id, restore-time or snapshot-identifier: where to go back to")];
  return others.map(
    (name) => invalid(name, "a value", `nothing when ${first} is given: one place to go back to`)
  );
}
function restoredDatabase(values, refused2) {
  const foreign = given(values).filter((name) => name !== "run-id");
  const told2 = ["restored-identifier", "run-id"].some(
    (name) => values[name] !== void 0 || refused2.has(name)
  );
  const expected = "the restored database to cut over to, or the run-id that made it";
  const needed = values.promote !== void 0 && values.promote !== "undo";
  return [
    ...foreign.map((name) => invalid(name, "a value", "nothing in mode: promote; mode: rollback restores")),
    ...told2 || !needed ? [] : [missing("restored-identifier", expected)]
  ];
}
function undoOnlyWhereItCan(values) {
  if (values.promote !== "undo" || values.mode === "promote" || values.mode === void 0) return [];
  return [invalid("promote", "undo", "never, rename or proxy; undo belongs to mode: promote")];
}
function waitsBeforeCutOver(values) {
  const cutsOver2 = values.promote === "rename" || values.promote === "proxy";
  const restores = values.mode === "deploy" || values.mode === "rollback";
  if (!cutsOver2 || !restores || values["wait-for-restore"] !== false) return [];
  return [
    invalid("wait-for-restore", "false", "true with promote: what takes over was waited for and compared")
  ];
}
function confirmation(values, refused2) {
  const target2 = values["db-cluster-identifier"] ?? values["db-instance-identifier"];
  const cutsOver2 = values.mode === "promote" || values.mode === "rollback" && (values.promote ?? "never") !== "never";
  const expected = "the identifier of the database once more, because production is cut over";
  if (values.confirm === void 0)
    return cutsOver2 && !refused2.has("confirm") ? [missing("confirm", expected)] : [];
  if (target2 === void 0 || values.confirm === target2) return [];
  return [invalid("confirm", values.confirm, `the identifier of the database: ${target2}`)];
}
var backChecks = (values, refused2) => [
  ...oneTarget(values),
  ...destination(values, refused2),
  ...undoOnlyWhereItCan(values),
  ...waitsBeforeCutOver(values),
  ...confirmation(values, refused2)
];

// src/inputs/rules.ts
function shorter(values, name, limit2) {
  const [small, large] = [values[name], values[limit2]];
  if (small === void 0 || large === void 0 || small < large) return [];
  return [invalid(name, formatDuration(small), `less than ${limit2} (${formatDuration(large)})`)];
}
function ownName(values) {
  const name = values["restored-identifier"];
  const target2 = values["db-cluster-identifier"] ?? values["db-instance-identifier"];
  if (name === void 0 || name !== target2) return [];
  return [
    invalid(
      "restored-identifier",
      name,
      "another name than that of the database: we restore beside, never over"
    )
  ];
}
function promisedMessages(values, refused2) {
  if (values["slack-on"] !== "always" || values["slack-webhook-url"] !== void 0 || refused2.has("slack-webhook-url"))
    return [];
  const expected = "a webhook URL, here or in SLACK_WEBHOOK_URL, because slack-on is always";
  return [missing("slack-webhook-url", expected)];
}
var crossChecks = (values, refused2) => [
  ...shorter(values, "lock-timeout", "statement-timeout"),
  ...shorter(values, "statement-timeout", "migration-timeout"),
  ...ownName(values),
  ...backChecks(values, refused2),
  ...promisedMessages(values, refused2)
];

// src/inputs/shown.ts
var MAX_SHOWN = 60;
function shown(text, spec) {
  if (spec.kind === "url" || spec.kind === "secret" || mayHoldSecret(text))
    return "(hidden, it may hold a secret)";
  if (spec.kind === "script" && text.length > 5) return `(a text of ${text.length} characters)`;
  const line2 = text.replace(new RegExp("\\p{Cc}+", "gu"), " ");
  return line2.length > MAX_SHOWN ? `${line2.slice(0, MAX_SHOWN)}...` : line2;
}
var mayHoldSecret = (text) => !/^arn:[\w:/+=.-]*$/.test(text) && (/:\/\/|@|AKIA|ASIA|xox[a-z]-|gh[a-z]_|(?:password|secret|token)\s*[=:]/i.test(text) || looksRandom(text));
var looksRandom = (text) => (text.match(/[A-Za-z0-9+/=_]{20,}/g) ?? []).some(
  (piece) => /\d/.test(piece) && /[a-z]/.test(piece) && /[A-Z]/.test(piece)
);

// src/inputs/parse.ts
var NAMES = Object.keys(INPUTS);
function parseInputs(env) {
  const values = /* @__PURE__ */ new Map();
  const problems3 = [...misspelt(env)];
  const refused2 = /* @__PURE__ */ new Set();
  for (const name of NAMES) {
    const result = readInput(env, name);
    if (result === void 0) continue;
    if ("value" in result) values.set(name, result.value);
    else {
      problems3.push(result.problem);
      refused2.add(name);
    }
  }
  const known2 = Object.fromEntries(values);
  problems3.push(...crossChecks(known2, refused2));
  if (problems3.length > 0) throw new GuardError(problems3);
  return toRequest(known2);
}
function readInput(env, name) {
  const spec = INPUTS[name];
  const source = spec.fallback?.find((each) => env[each]?.trim());
  const given2 = textOf(env, name) ?? (source === void 0 ? void 0 : env[source]?.trim());
  const text = given2 ?? ("default" in spec ? spec.default : void 0);
  const elsewhere2 = spec.instead !== void 0 && textOf(env, spec.instead) !== void 0;
  const needed = spec.required && !elsewhere2 && spec.optionalIn !== textOf(env, "mode");
  if (text === void 0) return needed ? { problem: absent(name, spec) } : void 0;
  const reading = readValue(text, spec);
  if ("value" in reading) return reading;
  const origin2 = textOf(env, name) === void 0 && source !== void 0 ? ` (from ${source})` : "";
  return { problem: invalid(name, `${shown(text, spec)}${origin2}`, reading.expected) };
}
function absent(name, spec) {
  const elsewhere2 = spec.fallback === void 0 ? "" : `, here or in ${spec.fallback.join(" or ")}`;
  return missing(name, `${expectation(spec)}${elsewhere2}`);
}
var toRequest = (values) => ({
  mode: values.mode,
  instance: values["db-cluster-identifier"] ?? values["db-instance-identifier"] ?? "",
  targetKind: values["db-cluster-identifier"] === void 0 ? "instance" : "cluster",
  region: values["aws-region"],
  workingDirectory: values["working-directory"],
  schema: values.schema,
  prismaConfig: values["prisma-config"],
  databaseUrlEnv: values["database-url-env"],
  databaseSecretArn: values["database-secret-arn"],
  statementTimeoutMs: values["statement-timeout"],
  lockTimeoutMs: values["lock-timeout"],
  lockRetries: values["lock-retries"],
  migrationTimeoutMs: values["migration-timeout"],
  snapshot: values.snapshot,
  snapshotTimeoutMs: values["snapshot-timeout"],
  restoreTimeoutMs: values["restore-timeout"],
  snapshotKeep: values["snapshot-keep"],
  concurrency: values.concurrency,
  onFailure: values["on-failure"],
  waitForRestore: values["wait-for-restore"],
  restoredIdentifier: values["restored-identifier"],
  promote: values.promote,
  restoreTime: values["restore-time"],
  // AWS stores it in lower case and answers with it so.
  snapshotIdentifier: values["snapshot-identifier"]?.toLowerCase(),
  runId: values["run-id"],
  confirm: values.confirm,
  maxWriteLoss: values["max-write-loss"],
  verifyCommand: values["verify-command"],
  beforeCommand: values["before-command"],
  afterCommand: values["after-command"],
  slackWebhookUrl: values["slack-webhook-url"],
  slackOn: values["slack-on"],
  failOn: values["fail-on"],
  allowDataLoss: values["allow-data-loss"] ?? [],
  requireDown: values["require-down"],
  deployWindow: values["deploy-window"],
  requireEnvironment: values["require-environment"],
  sarifPath: values["sarif-path"],
  planPath: values["plan-path"],
  githubToken: values["github-token"]
});

// src/domain/prices.ts
var PRICES_FROM = "mid-2026, us-east-1";

// src/report/words.ts
var ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
var CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
function clip(text, max) {
  if (text.length <= max) return text;
  const end = max - 1;
  const splits = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return `${text.slice(0, splits ? end - 1 : end)}…`;
}
var wellFormed2 = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "�");
var plain = (text) => text.replace(ANSI, "").replace(/\r\n?/g, "\n").replace(CONTROL, "");
var oneLine = (text, max = 200) => {
  const head = text.length > max * 4 + 1e3 ? text.slice(0, max * 4 + 1e3) : text;
  return clip(plain(head).replace(/\s+/g, " ").trim(), max);
};
var count2 = (n, one2, many = `${one2}s`) => `${n} ${n === 1 ? one2 : many}`;
function list2(names2, max = 5) {
  const shown3 = names2.slice(0, max).map((name) => oneLine(name, 120));
  const rest2 = names2.length - shown3.length;
  if (rest2 > 0) return `${shown3.join(", ")} and ${rest2} more`;
  const last = shown3.at(-1) ?? "";
  return shown3.length < 2 ? last : `${shown3.slice(0, -1).join(", ")} and ${last}`;
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
var joined = (sentences2) => sentences2.filter((each) => each !== "").map(sentence).join(" ");
var shell = (text) => /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
var encoder = new TextEncoder();
var bytes = (text) => encoder.encode(text).length;

// src/report/advice.ts
var advice = (words) => words.run === void 0 ? { say: words.next } : { say: words.next, run: words.run };
var kindOf = (of) => of.fields.kind === "cluster" ? "DB cluster" : "DB instance";
var cliKind = (of) => of.fields.kind === "cluster" ? "db-cluster" : "db-instance";
var isMysql = (of) => of.fields.dialect === "mysql";
function field(of, name, fallback) {
  const names2 = typeof name === "string" ? [name] : name;
  const value = names2.map((each) => oneLine(of.fields[each] ?? "", 300)).find((each) => each !== "");
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
function clusterRestoreCommand(run, { source, target: target2, time: time2, region: region2 }) {
  const restore = [
    `aws rds restore-db-cluster-to-point-in-time${region2}`,
    `  --source-db-cluster-identifier ${shell(source)}`,
    `  --db-cluster-identifier ${shell(target2)}`,
    `  --restore-to-time ${shell(time2)}`,
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
  const taken = run.restore !== void 0 || run.problems.some((problem3) => problem3.code === "instance-name-taken");
  return taken ? `${planned3.slice(0, 60).replace(/-+$/, "")}-b` : planned3;
}
function restoreCommand(run) {
  const time2 = run.restorePoint?.time ?? "RESTORE_TIME";
  if (isCluster(run))
    return clusterRestoreCommand(run, {
      source: sourceName(run),
      target: targetName(run),
      time: time2,
      region: region(run)
    });
  return [
    `aws rds restore-db-instance-to-point-in-time${region(run)}`,
    `  --source-db-instance-identifier ${shell(sourceName(run))}`,
    `  --target-db-instance-identifier ${shell(targetName(run))}`,
    `  --restore-time ${shell(time2)}`,
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
    what: `Several databases have the same resource id${when(p, "instances", (names2) => ` (${names2})`)}, so a change meant for one could hit another, and none was asked for.`,
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
  const time2 = field(p, "time", "");
  const back = time2 === "" ? ["snapshot-identifier", field(p, "snapshot", "")] : ["restore-time", time2];
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
var shown2 = (p, name) => field(p, "setting", "").endsWith("_timeout") ? timeField(p, name, "") : field(p, name, "");
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
    what: `${field(p, ["setting", "name"], "The timeouts")} did not reach the server${when(p, "got", () => `: it says ${shown2(p, "got")}`)}${when(p, ["wanted", "expected"], () => `, wanted ${shown2(p, ["wanted", "expected"])}`) || because(p)}. Without them a migration could block production without end.`,
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
    what: field(p, "watched", "") !== "" ? `Prisma would connect as ${field(p, "elsewhere", "another user")}, and we as ${field(p, "watched", "")}. On MySQL we know the session of the migration by its user, host and database, so we could not watch it.` : `Prisma would connect to ${field(p, "elsewhere", "another place")} with a URL that we do not control${when(p, "variables", (names2) => ` (we control ${names2})`)}, so the timeouts would not hold.`,
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
    what: `The maintenance window${when(n, "window", (window2) => ` (${window2} UTC)`)} of the database in RDS is near. AWS may restart it then.`,
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
    what: `The daily backup window${when(n, "window", (window2) => ` (${window2} UTC)`)} is near. A running backup delays the snapshot.`
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
  const now = when(p, "now", (time2) => ` (${time2})`);
  const window2 = when(p, "window", (text) => ` (${text})`);
  const inside = WINDOWS[p.fields.kind ?? ""];
  if (inside !== void 0)
    return `Now${now} is inside ${inside}${window2}, and deploys wait until it is over.`;
  return `Now${now} is not inside deploy-window${window2}.`;
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
    next: `Run the job again ${when(p, "opens", (time2) => `from ${time2} on`) || "inside the window"}, or, in an emergency, change deploy-window in the workflow.`
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
    const time2 = field(p, "restoreTime", "");
    if (time2 !== "") {
      return {
        what: `AWS was not ready to restore to ${time2} within ${limit2}, so no restore was requested: LatestRestorableTime of ${field(p, "instance", `the ${kindOf(p)}`)} had not passed it.`,
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
function monthly(kept) {
  const known2 = kept.flatMap((each) => each.monthlyCost === void 0 ? [] : [each.monthlyCost]);
  return known2.length === 0 ? void 0 : known2.reduce((sum, each) => sum + each, 0);
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
var snapshots = (n) => count2(n, "snapshot");
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
var saving = (kept) => {
  const sum = monthly(kept);
  return sum === void 0 ? "" : `, at most ${dollars(sum)} a month`;
};
function why2(run) {
  const problems3 = distinct(run.problems.slice(0, 20).map((each) => wordsIn(run, each).what));
  const kept = databases(run);
  if (kept.length === 0) return problems3;
  const named = kept.map(
    (each) => `${each.identifier} (${each.phase || "state unknown"}, ${age(each, run)})`
  );
  const sum = monthly(kept);
  const unknown = kept.filter((each) => each.monthlyCost === void 0).length;
  const others = unknown === 0 ? "" : `, without ${count2(unknown, "database")} whose price is not known`;
  const price = sum === void 0 ? ". What they cost a month is not known: their class is not in our table, or AWS bills their use" : `. ${kept.length === 1 ? "It costs" : "Together they cost"} about ${dollars(sum)} a month${others}; rough, from list prices of ${PRICES_FROM}`;
  const are = kept.length === 1 ? "1 restored or replaced database is kept" : `${kept.length} restored or replaced databases are kept`;
  return [...problems3, joined([`${are}: ${list2(named, 10)}${price}`])];
}
var distinct = (texts2) => [...new Set(texts2)];
function data(run) {
  const kept = (run.inventory ?? []).filter((each) => each.kind === "snapshot").length - run.deleted.length;
  return joined([
    "No database was touched: the cleanup connects to none, and it never deletes, stops or changes one",
    ...run.inventory === void 0 ? [] : [`${snapshots(kept)} of ours ${kept === 1 ? "is" : "are"} there now`]
  ]);
}
function did(run) {
  if (run.inventory === void 0) return "We deleted nothing.";
  const looked = `We listed ${count2(run.inventory.length, "resource")} of ours`;
  if (run.deleted.length === 0) return joined([`${looked} and deleted nothing`]);
  return joined([`${looked} and deleted ${list2(run.deleted, 20)}`]);
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
      say: `${snapshots(failed2.length)} of ${failed2.length === 1 ? "a failed run is" : "failed runs are"} kept until you delete ${failed2.length === 1 ? "it" : "them"} by hand: ${list2(
        failed2.map((each) => each.identifier),
        5
      )}.`
    }
  ];
}

// src/domain/facts.ts
var WHOLE_SERVER = "all tables of the server";

// src/domain/tags.ts
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

// src/domain/write-marks.ts
var VERSION = "1";
var MAX_PIECES = 8;
var HASH_LENGTH = 5;
var SHORTEST_ENTRY = HASH_LENGTH + 2;
var rowsOf = (counts) => counts.inserted + counts.updated + counts.deleted;
var NUMBER = "[0-9a-z]{1,11}";
var COUNTS = `${NUMBER}(?:\\.${NUMBER}){0,2}`;
var HEAD = new RegExp(
  `^${VERSION}\\+([1-${MAX_PIECES}])\\+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})\\+((?:${NUMBER})?)\\+(${COUNTS})(?:\\+|$)`
);
var ENTRY = new RegExp(`^([0-9A-Za-z_-]{${HASH_LENGTH}})(${COUNTS})$`);

// src/report/write-loss.ts
var UNITS2 = ["bytes", "KiB", "MiB", "GiB", "TiB"];
function size(bytes2) {
  let value = bytes2;
  let unit = 0;
  while (value >= 1024 && unit < UNITS2.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? count2(bytes2, "byte") : `${value.toFixed(1)} ${UNITS2[unit] ?? ""}`;
}
var LOGS = { postgresql: "write-ahead log", mysql: "redo log" };
var beside = (loss, { database }) => {
  const log = LOGS[database?.dialect ?? "postgresql"];
  const parts = [
    ...loss.commits === void 0 ? [] : [`${count2(loss.commits, "commit")} (reading ones count, too)`],
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
    const seen = tables.length === 0 ? "" : `. Counted all the same: ${list2(tables)}`;
    return [
      `${run.promotion?.phase === "promoted" ? "What was left behind in the old database" : "What a cut-over would lose"} is not known: ${oneLine(loss.unknown ?? "nothing was counted", 300)}${seen}`
    ];
  }
  if (loss.rows === 0)
    return [
      run.database?.dialect === "mysql" ? `No row was written to ${oneLine(run.database.database, 120)} on production since ${loss.since}${beside(loss, run)}: a cut-over would lose none of it; ${OTHERS}` : `No row was written to production since ${loss.since}${beside(loss, run)}: a cut-over would lose none`
    ];
  const rows = `at most ${count2(loss.rows, "row")}`;
  const where2 = `since ${loss.since} (${list2(tables)})${beside(loss, run)}`;
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
  const differences2 = run.restore?.differences;
  if (differences2?.length === 0) return "verified";
  if (differences2 !== void 0 || problemWith(run, "restore-mismatch") !== void 0) return "mismatch";
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
  const kept = phase === "promoted" && by === "rename" ? `; the old one is ${parked}` : "";
  return `cut-over of ${production3}: ${lines2[phase]}${kept}`;
}
var outage = ({ outageFrom, outageUntil }) => outageFrom === void 0 || outageUntil === void 0 ? "" : `, after ${took(outageUntil - outageFrom)} without an answer (${iso(outageFrom)} to ${iso(outageUntil)})`;
var since = ({ outageFrom }) => outageFrom === void 0 ? "" : `, since ${iso(outageFrom)}`;
var iso = (time2) => new Date(time2).toISOString().replace(/\.\d+Z$/, "Z");

// src/report/back/promotion-words.ts
function promotionWords(run) {
  const { promotion } = run;
  return promotion === void 0 ? void 0 : SAYS[promotion.by][promotion.phase](run, promotion);
}
var AGAIN = 'Run "mode: promote" again with the same inputs: it finds out how far this got and goes on from there';
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
    { say: `${AGAIN}. Do it now: applications lose their database in a moment.` },
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
    next: [{ say: `${AGAIN}.` }, ...byHand(run, promotion)]
  };
};
var takingOver = (_run, promotion) => {
  const { production: production3, parked, restored: restored3 } = promotion;
  return {
    title: "cut-over half done",
    what: `The restored database is on its way to the name ${production3}; it does not answer yet${since(promotion)}.`,
    data: [`The old database is kept as ${parked}`],
    did: [`We renamed ${production3} to ${parked} and asked AWS to rename ${restored3} to ${production3}`],
    next: [{ say: `${AGAIN}.` }]
  };
};
var proxyBetween = (_run, { production: production3, restored: restored3, proxies }) => ({
  title: "cut-over half done",
  what: `The RDS Proxy of ${production3} was sent to another database and is not known to be healthy.`,
  data: [`The old database is still ${production3}, and the restored one is ${restored3}`],
  did: [`We re-targeted ${list2(proxies)}`],
  next: [{ say: `${AGAIN}.` }]
});
var promoted = (run, promotion) => {
  const { production: production3, parked, restored: restored3, by, proxies } = promotion;
  const unproven = run.problems.some(({ code: code2 }) => code2 === "promotion-unverified");
  const settled = isSettled(run);
  const proxy = by === "proxy";
  return {
    title: unproven || !settled ? "cut over, not proven" : "promoted",
    what: proxy ? `Applications that use the RDS Proxy ${list2(proxies)} are served by the restored database ${restored3}${outage(promotion)}.` : `${production3} is the restored database now${outage(promotion)}.`,
    data: [
      proxy ? `The old database keeps its name ${production3} and its data` : `The old database is kept as ${parked}, with its data and its backups`,
      ...lossSentences(run),
      ...unproven ? ["That the endpoint of production reaches the restored database is not proven"] : []
    ],
    did: [
      proxy ? `We re-targeted ${list2(proxies)}` : `We renamed ${production3} to ${parked} and ${restored3} to ${production3}`,
      ...mended(run)
    ],
    next: [
      ...settled ? [] : [{ say: `${AGAIN}.` }],
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
      by === "proxy" ? `We sent ${list2(proxies)} back to ${production3}` : `We renamed ${parked} back to ${production3}`
    ],
    next: settled ? [
      {
        say: `Look at your applications. What a failed migration left in ${production3} is still there, and until it is settled every deploy stops: page b of the runbook of Guarded Migrate (docs/runbook/b-restored.md), "forward".`
      },
      {
        say: `To cut over once more, run "mode: promote" again. ${restored3} costs money until somebody deletes it.`
      }
    ] : run.request?.promote === "undo" ? [{ say: `${AGAIN}.` }] : []
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
var mended = (run) => run.mended.length === 0 ? [] : [`We set what a restore does not carry: ${list2(run.mended, 10)}`];
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
    data: joined(words.data),
    did: joined([...resumed(run), ...words.did]),
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
    data: joined(words.data),
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
  return run.problems.length === 1 ? `The cut-over of ${name} was refused before anything was touched. ${wordsIn(run, first).what}` : `The cut-over of ${name} was refused before anything was touched: ${count2(run.problems.length, "problem")} found.`;
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
    if (isSaid && !urgent && say === `${AGAIN}.`) return false;
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
function rollbackNext(run, story2) {
  switch (story2) {
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
function comparedStory(run, differences2) {
  if (differences2.length > 0) return "mismatch";
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
  const story2 = rollbackStory(run);
  const several = run.problems.length > 1 ? run.problems.slice(0, 20).map((each) => wordsIn(run, each).what) : [];
  const next2 = rollbackNext(run, story2);
  const first = { say: "Wait for the next message." };
  return {
    title: heading2(run, story2),
    headline: joined(headline2(run, story2)),
    why: several,
    data: joined([...production(run, story2), ...restored(run, story2), ...lossSentences(run)]),
    did: joined(did2(run)),
    next: next2.length > 0 ? next2 : run.problems.length > 0 ? run.problems.map((each) => advice(wordsIn(run, each))) : [first]
  };
}
function heading2(run, story2) {
  if (story2 === "refused" && run.plan !== void 0) return "Failed";
  return story2 === "cut-over" ? `${TITLES[story2]}, ${promotionWords(run)?.title ?? ""}` : TITLES[story2];
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
function headline2(run, story2) {
  const name = spokenName(run);
  const [problem3] = run.problems;
  const told2 = problem3 === void 0 ? [] : [wordsIn(run, problem3).what];
  const back = `the database ${name} as of ${moment(run)}${whose(run)}`;
  switch (story2) {
    case "looking":
      return [`The rollback of ${name} is being prepared`];
    case "refused":
      return run.problems.length > 1 ? [
        `The rollback of ${name} ${run.plan === void 0 ? "was refused" : "failed"}: ${count2(run.problems.length, "problem")} found`
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
var production = (run, story2) => {
  if (story2 === "cut-over" || story2 === "promoted") return promotionWords(run)?.data ?? [];
  return isProductionGone(run) ? [
    `Nobody has the name ${spokenName(run)}: that DB instance was deleted, and applications cannot reach it`
  ] : ["Production was not touched: a rollback restores beside it"];
};
function restored(run, story2) {
  const { restore } = run;
  if (restore === void 0 || story2 === "promoted" || story2 === "cut-over") return [];
  const { endpoint } = restore;
  const named = `${restore.identifier}${endpoint === void 0 ? "" : ` at ${endpoint.address}:${endpoint.port}`}`;
  switch (story2) {
    case "verified":
    case "not-promoted":
      return [`The restored database is ${named}`, compared(run)];
    case "mismatch":
      return [`WARNING: ${named} is NOT as it was: ${list2(restore.differences ?? [], 5)}`];
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
    ...run.mended.length === 0 || run.promotion?.phase === "promoted" ? [] : [`We mended its settings: ${list2(run.mended, 8)}`],
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
  why: `A statement waited longer than lock-timeout${lockLimit(run)} for a lock${run.rounds > 1 ? `, in each of ${count2(run.rounds, "try", "tries")}` : ""}.${lastBlockers(run)}`,
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
  if (parts.length > 0) return joined(parts);
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
  const tries = run.rounds > 1 ? `, ${count2(run.rounds, "try", "tries")} because of locks` : "";
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
      `We removed ${count2(run.leftovers.length, "INVALID index", "INVALID indexes")} that the unfinished CREATE INDEX CONCURRENTLY had left behind: ${list2(run.leftovers)}`
    );
  }
  if (run.markedRolledBack.length > 0) {
    parts.push(
      `We marked ${list2([...new Set(run.markedRolledBack)].map((name) => `"${oneLine(name, 110)}"`))} as rolled back, so that the next deploy is not blocked by P3009`
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
  const later = parts.length === 0 ? "" : `Not looked at: ${list2(parts)}. A deploy looks there, and may still refuse.`;
  return [later, isUnjudged(run) ? UNJUDGED : ""].filter((each) => each !== "").join(" ");
}
function pendingSentence(run) {
  const n = run.pending?.length ?? 0;
  const files = count2(n, "migration");
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
  const time2 = run.restorePoint?.time ?? "the restore point";
  return {
    say: `Then choose. Keep production, and copy back from the restored database what it lost. Or cut production over: what was written to it after ${time2} is lost then, and the next deploy applies the migrations anew. This starts it, in a job of its own:`,
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
  if (run.status === "applied") return [applied(run)];
  if (migrationFailed(run)) return failed(run);
  if (!migrationStarted(run)) return notStarted2(run);
  return ended(run) ? fromProblems(run, run.problems) : [{ say: "Wait: the migration is running." }];
}
var planned = (run) => {
  const first = isUnjudged(run) ? "Read the files yourself, because no rule judged them" : (run.plan?.hazards.length ?? 0) > 0 ? "Read the hazards" : void 0;
  const read = first === void 0 ? "Merge and deploy." : `${first}, then merge and deploy.`;
  return {
    say: unseen(run).length === 0 ? read : `Give this job what it could not look at, or leave that to the deploy. ${read}`
  };
};
var applied = (run) => ({
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
  const shown3 = problems3.slice(0, MAX_PROBLEMS).map((each) => advice(wordsIn(run, each)));
  const rest2 = problems3.length - shown3.length;
  return rest2 > 0 ? [...shown3, { say: `Then see the other ${rest2} in the job summary and the report.` }] : shown3;
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
  const unchanged = run.restore === void 0 ? reportedState(run) === "unchanged" : run.verdict?.state === "unchanged";
  return unchanged ? [...restoreAdvice(run), ...repair(run), ...goOn2(run)] : [
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
  const look = reportedState({ ...run, restore: void 0 }) === "unknown" ? [
    {
      say: "Look into production: which migrations are finished, and what did the others leave there?",
      run: HISTORY
    }
  ] : [];
  const open = openMigration(run);
  const kept = "If you keep production: undo by hand what the failed migration left there.";
  if (open === void 0) return [...look, { say: `${kept} Then deploy again.` }];
  return [
    ...look,
    {
      say: `${kept} Then mark the migration as rolled back; until then every deploy stops with P3009.`,
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
    return joined([...production2(run), ...beside2(run)]);
  const before2 = production2(run).map(
    (each) => each.replace("Production was changed", "The migration changed the old database")
  );
  return joined([...cutOver3.data, ...before2]);
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
  if (verdict.ok || checkFailed(run)) return [good(run), ...proof(run)];
  if (verdict.state === "unchanged") return ["Your data is unchanged", ...proof(run)];
  if (verdict.state === "unknown") {
    return ["The state of your data is not known. Treat it as changed until you have looked", ...proof(run)];
  }
  return [changed(run), ...proof(run)];
}
var good = (run) => {
  const names2 = run.verdict?.applied ?? [];
  const are = `The database has ${count2(names2.length, "new migration")}: ${list2(names2)}`;
  return checkFailed(run) ? `${are}. The check after ${names2.length === 1 ? "it" : "them"} failed` : are;
};
function changed(run) {
  const applied3 = run.verdict?.applied ?? [];
  const failed2 = run.verdict?.failedMigration;
  const half = failed2 === void 0 ? "" : `. "${oneLine(failed2, 120)}" may be applied in part`;
  const whole = applied3.length === 0 ? "" : `. Applied completely: ${list2(applied3)}`;
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
  const still = reportedState({ ...run, restore: void 0 }) === "unchanged" ? "The restore did not touch production" : `The restore did not touch production: it is as the ${checkFailed(run) ? "migrations" : "failed migration"} left it`;
  switch (restoreStory(run)) {
    case "verified":
      return [
        `The database${from} is restored beside production as ${named}. It was compared with the restore point and is equal`,
        still,
        ...lossSentences(run)
      ];
    case "mismatch":
      return [
        `WARNING: the restored database ${named} is NOT in the state of the restore point. ${differences(run)}`,
        still
      ];
    case "unverified":
      return [`The database${from} is restored as ${named}, but nobody could look into it yet`, still];
    case "broken":
      return [
        `The restored database ${restore.identifier} cannot be used (its state is ${restore.status})`,
        still
      ];
    default:
      return [`A restore to ${named} is running (state: ${restore.status}) and was not compared yet`, still];
  }
}
function differences(run) {
  const found = run.restore?.differences ?? [];
  return found.length === 0 ? "" : `${count2(found.length, "difference")}: ${list2(found, 3)}`;
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
    const time2 = run.migrationMs === void 0 ? "" : ` in ${took(run.migrationMs)}`;
    return `${count2(n, "migration")} applied to ${name}${time2} and verified in the database.`;
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
  return `The deploy to ${name} ${verb}: ${count2(problems3.length, "problem")} found.`;
}
function planned2(run, name) {
  const [first] = run.problems;
  if (run.problems.length === 1 && first !== void 0)
    return `A deploy of this commit to ${name} would be refused. ${wordsIn(run, first).what}`;
  return `A deploy of this commit to ${name} would be refused: ${count2(run.problems.length, "problem")} found.`;
}
function why3(run) {
  const known2 = causes(run).map((cause) => cause.why).filter((each) => each !== "");
  if (migrationFailed(run) || run.problems.length < 2) return known2;
  return [...known2, ...run.problems.slice(0, 20).map((each) => wordsIn(run, each).what)];
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
var tally = (hazards) => list2(
  HAZARD_LEVELS.flatMap((level) => {
    const found = hazards.filter((each) => each.level === level).length;
    return found === 0 ? [] : [count2(found, level)];
  })
);

// src/report/log-events.ts
var title2 = (run, kind) => stepOf(run, kind)?.title ?? kind;
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
  "observed-project": ({ project }) => `Prisma ${project.prismaVersion} with ${count2(project.migrations.length, "migration")}; ${project.splitsStatements ? "each statement is committed by itself" : "each file is sent as a whole"}`,
  "observed-database": ({ database }) => `database ${database.database} as ${database.user}, ${database.product ?? `PostgreSQL ${Math.floor(database.serverVersion / 1e4)}`}, ${database.tls ? "encrypted" : "not encrypted"}`,
  "observed-target": ({ target: target2 }) => `DB ${target2.instance.kind ?? "instance"} ${target2.instance.identifier}: ${target2.instance.engine} ${target2.instance.engineVersion}, ${target2.instance.status}`,
  pending: ({ migrations: migrations2 }) => migrations2.length === 0 ? "nothing pending" : `${count2(migrations2.length, "pending migration")}: ${list2(migrations2, 10)}`,
  planned: ({ plan }) => `planned: ${count2(plan.steps.filter((step2) => step2.when === "always").length, "step")}${plan.hazards.length === 0 ? "" : `; hazards: ${tally(plan.hazards)}`}`,
  refused: ({ problems: problems3 }) => `refused: ${count2(problems3.length, "problem")} found, see below`,
  notice: ({ notice: notice2 }) => `${notice2.level}: ${noticeWords(notice2).what}`,
  "step-intended": (event, run) => `${title2(run, event.step)} ...`,
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
  stopped: ({ activity, tookMs }) => activity.ours.length === 0 ? `stopped after ${took(tookMs)}; no session of the migration is left` : `after ${took(tookMs)} ${count2(activity.ours.length, "session")} of the migration still there: ${list2(activity.ours.map(backendText), 2)}`,
  "migrator-ended": ({ end, tookMs }) => `prisma migrate deploy ended after ${took(tookMs)}, ${end.signal === null ? `exit code ${end.exitCode ?? "unknown"}` : `signal ${end.signal}`}`,
  "leftover-removed": ({ index }) => `removed the INVALID index ${index} that CREATE INDEX CONCURRENTLY left behind`,
  verdict: ({ verdict }) => verdict.ok ? `verdict: applied and verified (${count2(verdict.applied.length, "migration")})` : `verdict: failed, the database is ${verdict.state === "unknown" ? "in an unknown state" : verdict.state}; ${list2(verdict.evidence, 2)}`,
  "marked-rolled-back": ({ migration: migration2 }) => `marked "${migration2}" as rolled back`,
  "lock-retry": ({ round, pauseMs }) => `nothing was changed; try ${round} follows in ${took(pauseMs)}`,
  "restore-requested": ({ identifier, found }) => found === true ? `the restored database is ${identifier}` : `restore to ${identifier} requested; this takes 25 to 45 minutes at best`,
  "restore-seen": (event, run) => `restored database ${run.restore?.identifier ?? ""}: ${event.status}${event.endpoint === void 0 ? "" : ` at ${event.endpoint.address}:${event.endpoint.port}`}`,
  "restore-verified": ({ differences: differences2 }, run) => differences2.length === 0 ? isSchemaUnknown(run) ? "the restored database holds no migration of a later time; no schema was recorded to compare it with" : "the restored database equals the restore point" : `the restored database is NOT in the state of the restore point: ${list2(differences2, 3)}`,
  goal: ({ goal }) => `going back to ${goal.time ?? goal.snapshot ?? "the snapshot"} by ${goal.way === "snapshot" ? `snapshot ${goal.snapshot ?? ""}` : "point-in-time restore"}: ${goal.why}`,
  "write-loss": ({ loss }) => loss.rows === void 0 ? `what a cut-over would lose is not known: ${loss.unknown ?? "no counters"}` : loss.rows === 0 ? `a cut-over would lose no row: none was written since ${loss.since}` : `a cut-over would lose at most ${count2(loss.rows, "row")} in ${count2(loss.tables.length, "table")}, written since ${loss.since}`,
  parity: ({ differences: differences2 }) => differences2.length === 0 ? "every setting is that of production" : `${count2(differences2.length, "setting")} ${differences2.length === 1 ? "differs" : "differ"}: ${list2(
    differences2.map((each) => each.name),
    10
  )}`,
  mended: ({ names: names2 }) => names2.length === 0 ? void 0 : `mended: ${list2(names2, 20)}`,
  promotion: ({ promotion }) => promotionLine(promotion),
  inventory: ({ kept }) => `${count2(kept.length, "resource")} of ours found`,
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

// src/app/docs-base.ts
function docsBase(environment) {
  const {
    GITHUB_SERVER_URL: server2,
    GITHUB_ACTION_REPOSITORY: repository,
    GITHUB_ACTION_REF: ref
  } = environment;
  return server2 && repository && ref ? `${server2}/${repository}/blob/${ref}` : void 0;
}

// src/app/publish.ts
var import_node_fs4 = require("node:fs");
var import_node_path2 = __toESM(require("node:path"), 1);

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
var link = (text, url2) => url2 !== void 0 && SAFE.test(url2) ? `[${text}](${url2})` : text;
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
    md(list2(each.tables, 3), 200),
    each.lock ?? "",
    takes(each)
  ]);
  const { kept, left: left3 } = fitting(
    rows.map((row) => row.join(" | ")),
    place3.tableBytes
  );
  const head = ["level", "hazard", "where", "tables", "lock", "work"];
  return `${table(head, rows.slice(0, kept.length))}${more(left3, place3.rest)}`;
}
function explained(hazards, place3) {
  const parts = hazards.map((each) => one(each, place3));
  const { kept, left: left3 } = fitting(parts, place3.explainedBytes);
  return `${kept.join("\n\n")}${more(left3, place3.rest)}`;
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

// src/report/hazards.ts
var MAX_PER_LEVEL = 10;
var LEVELS = ["error", "warning", "notice"];
var SHOWN_AS = { block: "error", error: "error", warning: "warning", notice: "notice" };
var MAX_OUTPUT = 1e5;
function hazardSection(hazards, { identity, docsBase: docsBase2 }) {
  if (hazards.length === 0) return "";
  const sorted = bySeverity(hazards);
  const place3 = {
    identity,
    docsBase: docsBase2,
    tableBytes: 2e5,
    explainedBytes: 3e5,
    rest: "the JSON report"
  };
  const worth = sorted.filter((each) => each.level !== "notice");
  const details = worth.length === 0 ? "" : `

${explained(worth, place3)}`;
  const heading3 = `### ${count2(hazards.length, "hazard")}: ${tally(hazards)}`;
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
    const shown3 = those.slice(0, MAX_PER_LEVEL - 1);
    const rest2 = {
      level,
      title: `${those.length - shown3.length} more`,
      message: `GitHub shows ten of a kind. The job summary has all ${those.length}.`
    };
    return [...shown3, rest2];
  });
}
function hazardOutputs(hazards, planPath) {
  return {
    ...hazards === void 0 ? {} : { hazards: jsonHazards(bySeverity(hazards)), "highest-hazard": highest(hazards) },
    ...planPath === void 0 ? {} : { "plan-path": planPath }
  };
}
function jsonHazards(hazards) {
  const kept = [];
  let size2 = 200;
  for (const each of hazards) {
    const { rule: rule2, level, migration: migration2, path: path4, tables } = each;
    const entry = { rule: rule2, level, title: oneLine(each.title), migration: migration2, path: path4, line: lineOf(each), tables };
    size2 += JSON.stringify(entry).length + 1;
    if (size2 > MAX_OUTPUT) break;
    kept.push(entry);
  }
  const left3 = hazards.length - kept.length;
  if (left3 === 0) return JSON.stringify(kept);
  return JSON.stringify([...kept, { rule: "more", level: "notice", title: `... and ${left3} more` }]);
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
function title3(run) {
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
  const shown3 = (run.plan?.hazards.length ?? 0) > 0;
  const problems3 = run.problems.filter((each) => !(shown3 && each.code === "hazard-refused"));
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

// src/domain/promotion.ts
var isNamedEndpoint = (address, name) => address !== void 0 && (/^[\d.]+$|:|^localhost$/.test(address) || address.startsWith(`${name}.`));

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
function jsonList(names2, max = MAX_LIST) {
  const whole = JSON.stringify(names2);
  if (whole.length <= max) return whole;
  const kept = [];
  let size2 = 60;
  for (const name of names2) {
    size2 += JSON.stringify(name).length + 1;
    if (size2 > max) break;
    kept.push(name);
  }
  return JSON.stringify([...kept, `... and ${names2.length - kept.length} more`]);
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
    "applied-migrations": applied2(run),
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
function applied2(run) {
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
var rest = (all, shown3) => all > shown3 ? `

… and ${all - shown3} more, see the JSON report.` : "";
function failingStatement(run) {
  const statement = run.verdict?.statement;
  if (statement === void 0) return "";
  return `### The failing statement

${code(`${statement.path}:${statement.line}`, 400)}

${fence(statement.text, "sql")}`;
}
function problems2(run) {
  const all = run.problems.filter((each) => run.verdict === void 0 || each.code !== "migration-failed");
  const shown3 = all.slice(0, 50);
  if (shown3.length === 0) return "";
  const rows = shown3.map((each) => [code(each.code), prose(wordsIn(run, each).what), md(each.detail, 400)]);
  return `### Problems

${table(["code", "what", "detail"], rows)}${rest(all.length, shown3.length)}`;
}
function evidence(run) {
  const all = run.verdict?.evidence ?? [];
  if (all.length === 0) return "";
  const shown3 = all.slice(0, 30).map((each) => `- ${md(each, 500)}`);
  return `### How the state of the database was proven

${shown3.join("\n")}${rest(all.length, shown3.length)}`;
}
function blockers(run) {
  const last = /* @__PURE__ */ new Map();
  for (const { at, blockers: seen } of run.blocked) {
    for (const backend of seen) last.set(backend.pid, { backend, at });
  }
  if (last.size === 0) return "";
  const shown3 = [...last.values()].slice(0, 20);
  const rows = shown3.map(({ backend, at }) => [
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

${table(head, rows)}${rest(last.size, shown3.length)}`;
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
var compared2 = (run, differences2) => {
  if (differences2 === void 0) return run.request?.mode === "promote" ? "" : ", not compared yet";
  if (differences2.length === 0)
    return isSchemaUnknown(run) ? ", answers SQL; no schema was recorded to compare it with" : ", equal to the restore point";
  const shown3 = differences2.slice(0, 20).map((each) => md(each, 200));
  return `, NOT equal to the restore point: ${shown3.join("; ")}${differences2.length > 20 ? " …" : ""}`;
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
  const applied3 = new Set(run.verdict?.applied ?? []);
  const state2 = (name) => {
    if (applied3.has(name)) return "applied";
    if (name === run.verdict?.failedMigration) return "**failed**";
    return run.rounds > 0 && run.verdict === void 0 ? "not known" : "pending";
  };
  const ordered = [...pending].sort(
    (a, b) => Number(state2(b.name) === "**failed**") - Number(state2(a.name) === "**failed**")
  );
  const shown3 = pending.length > MAX_ROWS3 ? ordered.slice(0, MAX_ROWS3) : pending;
  const rows = shown3.map((each) => [
    code(each.name, 255),
    state2(each.name),
    String(each.statements),
    each.atomic ? "all or nothing" : "may stay half done"
  ]);
  const head = ["migration", "state", "statements", "on failure"];
  return `### ${count2(pending.length, "migration")} of this deploy

${table(head, rows)}${rest(pending.length, shown3.length)}`;
}
function notices(run) {
  if (run.notices.length === 0) return "";
  const shown3 = run.notices.slice(0, 50).map((notice2) => noticeItem(notice2));
  return `### Also worth knowing

${shown3.join("\n")}${rest(run.notices.length, shown3.length)}`;
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
  const head = [`## ${subject(run)} of ${md(spokenName(run), 80)}: ${title3(run)}`, ...sentences(told2)];
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
  const url2 = runUrl(identity);
  const link3 = /^https:\/\/[\w.:/@-]+$/.test(url2) ? `[run ${md(identity.runId, 40)}](${url2})` : md(url2, 300);
  return `<sub>${link3}, attempt ${md(identity.attempt, 10)}, commit ${code(identity.sha.slice(0, 12))}, by ${md(identity.actor, 60)}</sub>`;
}
function capped(parts) {
  const kept = [];
  let size2 = 200;
  let left3 = 0;
  for (const part of parts) {
    size2 += bytes(part) + 2;
    if (size2 > SUMMARY_MAX_BYTES) {
      size2 -= bytes(part) + 2;
      left3 += 1;
    } else kept.push(part);
  }
  if (left3 > 0) kept.push(`_${left3} more section(s) did not fit here; the JSON report has everything._`);
  return `${kept.join("\n\n")}
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
  const file = import_node_path2.default.join(folder, "report.json");
  try {
    (0, import_node_fs4.writeFileSync)(file, `${scrub2(JSON.stringify(report(run), null, 2))}
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
function remember(host, kept) {
  const whole = JSON.stringify(kept);
  const { beforeCommand: _, verifyCommand: __, afterCommand: ___, ...short2 } = kept.request;
  host.saveState("run", whole.length <= MAX_LENGTH2 ? whole : JSON.stringify({ ...kept, request: short2 }));
}
var rememberEnd = (host, status) => host.saveState("ended", status);
var rememberLostJournal = (host) => host.saveState("journal-lost", "true");

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
function fitted(text, max) {
  const whole = escaped(text);
  if (whole.length <= max) return whole;
  return `${whole.slice(0, max - 1).replace(/&[a-z]{0,3}$/, "")}…`;
}
function slack(run, about) {
  const told2 = explain(run);
  const heading3 = oneLine(`${subject(run)} of ${spokenName(run)}: ${title3(run)}`, SLACK_LIMITS.header);
  const blocks = [
    { type: "header", text: { type: "plain_text", text: heading3, emoji: false } },
    ...body(run, told2, about),
    link2(run)
  ];
  const text = joined([heading3, told2.headline, told2.data]);
  return { text: fitted(text, SLACK_LIMITS.text), blocks: blocks.slice(0, SLACK_LIMITS.blocks) };
}
function body(run, told2, about) {
  const statement = about === "failure" ? run.verdict?.statement?.text : void 0;
  return [
    section("What happened", joined([told2.headline, ...told2.why])),
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
  const rest2 = fitted(plain(text).replaceAll("`", "'"), SLACK_LIMITS.section - bold.length);
  return { type: "section", text: { type: "mrkdwn", text: `${bold}${rest2}`, verbatim: true } };
}
function preformatted(text) {
  const inside = fitted(clip(plain(text), 2500).replaceAll("```", "'''"), SLACK_LIMITS.section - 8);
  return { type: "section", text: { type: "mrkdwn", text: `\`\`\`
${inside}
\`\`\``, verbatim: true } };
}
function link2(run) {
  const { identity } = run;
  const label = `${identity.repository} · ${identity.workflow} · ${identity.sha.slice(0, 12)} · ${identity.actor}`;
  const url2 = runUrl(identity);
  const target2 = /^https?:\/\/[^\s<>|]+$/.test(url2) ? `<${escaped(url2)}|Open the run>` : "No link to the run";
  return {
    type: "context",
    elements: [{ type: "mrkdwn", text: `${target2} · ${fitted(oneLine(label, 300), 500)}`, verbatim: true }]
  };
}

// src/app/telling.ts
var telling = { scrubber, logLine, message: slack };

// src/app/run.ts
async function runMain(shell2, environment = process.env) {
  hideSecretsOf(environment);
  const identity = readIdentity(environment, Date.now());
  const host = createHost({ scrub });
  const folder = stateFolder(environment, identity);
  host.saveState("journal", import_node_path3.default.join(folder, "journal.ndjson"));
  let request;
  try {
    request = parseInputs(environment);
  } catch (error2) {
    await refuseInputs({ host, identity, folder, environment }, error2);
    return 1;
  }
  remember(host, { at: Date.now(), identity, request });
  const job = { shell: shell2, environment, identity, host, folder, request };
  if (request.mode === "doctor") return checkUp(job);
  const run = await runJob({ ...job, mode: request.mode });
  return isGood(run, request.mode) ? 0 : 1;
}
async function checkUp({ folder: _folder, ...job }) {
  const { runDoctor, startGuard } = await Promise.resolve().then(() => __toESM(require("./deploying.cjs"), 1));
  rememberEnd(job.host, "planned");
  return runDoctor(
    startGuard({ ...job, ...telling, journal: { path: "", append: () => void 0 } }),
    job.host
  );
}
async function runJob({
  folder,
  mode,
  ...job
}) {
  const { host, identity, request } = job;
  const journal = openJournal({
    path: import_node_path3.default.join(folder, "journal.ndjson"),
    onFailure: ({ detail }) => {
      rememberLostJournal(host);
      host.log(
        `The journal cannot be written: ${detail}. If this job is killed, its post step goes by the tags in AWS.`
      );
    }
  });
  const { publishPlan, startGuard, tell, ...floor } = await Promise.resolve().then(() => __toESM(require("./deploying.cjs"), 1));
  const guard = startGuard({ ...job, ...telling, journal });
  guard.emit({ type: "run-started", version: JOURNAL_VERSION, pid: process.pid, identity, request });
  const status = await story(floor, guard, mode);
  guard.emit({ type: "run-ended", status });
  const planPath = request.mode === "plan" ? await publishPlan(guard, folder, job.environment, scrub) : void 0;
  rememberEnd(host, status);
  const told2 = guard.run.notified.some((each) => each.about === "end");
  if (request.slackOn === "always" && !told2 && isGood(guard.run, request.mode)) await tell(guard, "end");
  await publish(host, guard.run, folder, scrub, { planPath, docsBase: docsBase(job.environment) });
  return guard.run;
}
function story(floor, guard, mode) {
  switch (mode) {
    case "deploy":
      return floor.deploy(guard, floor.planner);
    case "plan":
      return floor.makePlan(guard, floor.planner);
    default:
      return floor[mode](guard);
  }
}
async function refuseInputs({ host, identity, folder, environment }, error2) {
  const at = Date.now();
  const refused2 = [
    { at, type: "refused", problems: problemsOf(error2) },
    { at, type: "run-ended", status: "refused" }
  ];
  const asked = MODES.find((mode) => mode === environment.INPUT_MODE?.trim());
  let run = { ...emptyRun(identity, at), ...asked === void 0 ? {} : { asked } };
  for (const event of refused2) {
    run = fold(run, event);
    const line2 = logLine(event, run);
    if (line2 !== void 0) host.log(line2);
  }
  await publish(host, run, folder, scrub);
}
function stateFolder(environment, identity) {
  const base = environment.RUNNER_TEMP || (0, import_node_os.tmpdir)();
  const folder = import_node_path3.default.join(base, `guarded-migrate-${identity.runId}-${identity.attempt}-${process.pid}`);
  try {
    (0, import_node_fs5.mkdirSync)(folder, { recursive: true, mode: 448 });
  } catch {
  }
  return folder;
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

// src/main.ts
void runShell(runMain, scrub);
