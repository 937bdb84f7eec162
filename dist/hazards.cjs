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

// src/hazards/index.ts
var hazards_exports = {};
__export(hazards_exports, {
  RULES: () => RULES,
  findHazards: () => findHazards,
  liveChecks: () => liveChecks
});
module.exports = __toCommonJS(hazards_exports);

// src/domain/hazard.ts
var HAZARD_LEVELS = ["block", "error", "warning", "notice"];
var LOCK_MODES = [
  "ACCESS EXCLUSIVE",
  "EXCLUSIVE",
  "SHARE ROW EXCLUSIVE",
  "SHARE",
  "SHARE UPDATE EXCLUSIVE",
  "ROW EXCLUSIVE"
];
var isAtLeast = (level, floor) => HAZARD_LEVELS.indexOf(level) <= HAZARD_LEVELS.indexOf(floor);

// src/hazards/size.ts
var ORDER = ["tiny", "small", "large", "unmeasured", "huge", "unknown"];
var BYTES_PER_ROW = 100;
var MB = 1e6;
var classOf = (rows, bytes2) => {
  if (rows < 1e4 && bytes2 < 10 * MB) return "tiny";
  if (rows < 1e6 && bytes2 < 1e3 * MB) return "small";
  return rows < 1e7 && bytes2 < 2e4 * MB ? "large" : "huge";
};
function sizeOf(table) {
  if (!table.existed)
    return table.filled ? sizeOfAll(table.filledFrom) : { class: "tiny", rows: 0, bytes: 0 };
  const { facts } = table;
  if (facts === void 0)
    return { class: table.asked ? "unknown" : "unmeasured", rows: void 0, bytes: void 0 };
  if (facts.rows === void 0 && facts.bytes === void 0)
    return { class: "unknown", rows: void 0, bytes: void 0 };
  const rows = facts.rows ?? (facts.bytes ?? 0) / BYTES_PER_ROW;
  const bytes2 = facts.bytes ?? rows * BYTES_PER_ROW;
  return { class: classOf(rows, bytes2), rows, bytes: bytes2 };
}
var larger = (left, right) => ORDER.indexOf(right.class) > ORDER.indexOf(left.class) || right.class === left.class && (right.rows ?? 0) > (left.rows ?? 0) ? right : left;
function sizeOfAll(tables) {
  const empty = { class: "tiny", rows: 0, bytes: 0 };
  return tables.map(sizeOf).reduce(larger, empty);
}
var isEmpty = (table) => table.existed ? table.facts?.bytes === 0 : !table.filled;
var REWRITE_BYTES = 118 * MB;
var BUILD_ROWS = 24e5;
var SCAN_ROWS = 14e6;
var CHANGED_ROWS = 165e3;
var SLOWDOWN = 4;
function estimateOf(work, size) {
  if (size.rows === void 0 || size.bytes === void 0) return void 0;
  const seconds = {
    rewrite: size.bytes / REWRITE_BYTES + size.rows / BUILD_ROWS,
    build: size.rows / BUILD_ROWS,
    scan: size.rows / SCAN_ROWS,
    rows: size.rows / CHANGED_ROWS,
    catalog: 0
  }[work];
  return { lowMs: Math.round(seconds * 1e3), highMs: Math.round(seconds * 1e3 * SLOWDOWN) };
}

// src/hazards/level.ts
var BY_SIZE = {
  tiny: "notice",
  small: "warning",
  large: "error",
  huge: "block",
  unknown: "block"
};
var FIXED = {
  fails: "block",
  "fails-whole": "error",
  "data-loss": "error",
  brief: "notice",
  breaking: "warning",
  partial: "warning",
  opaque: "warning",
  advice: "notice"
};
var worse = (left, right) => HAZARD_LEVELS.indexOf(left) < HAZARD_LEVELS.indexOf(right) ? left : right;
var oneDown = (level) => level === "block" ? "error" : level === "error" ? "warning" : level;
var unmeasured = (lock2, work) => lock2 === "ACCESS EXCLUSIVE" && (work === "rewrite" || work === "build") ? "error" : "warning";
function bySize(category, size, lock2, work) {
  if (size.class === "unmeasured") return category === "rows" ? "warning" : unmeasured(lock2, work);
  const level = BY_SIZE[size.class];
  return lock2 === "SHARE" && level === "block" ? "error" : level;
}
function byTimeout(level, estimate, timeoutMs2) {
  if (estimate === void 0 || timeoutMs2 === 0) return level;
  if (estimate.lowMs * 2 > timeoutMs2) return "block";
  return estimate.highMs > timeoutMs2 ? worse(level, "error") : level;
}
function weigh(text2, match, request) {
  const category = match.category ?? text2.category;
  const lock2 = match.lock ?? text2.lock;
  const work = match.work ?? text2.work;
  const size = sizeOfAll(match.tables);
  const sized = category === "blocking" || category === "rows";
  const estimate = work === void 0 || match.tables.length === 0 ? void 0 : estimateOf(work, size);
  const first = match.level ?? (sized ? bySize(category, size, lock2, work) : FIXED[category]);
  const doubted = match.doubtful === true ? oneDown(first) : first;
  const level = sized ? byTimeout(doubted, estimate, request.statementTimeoutMs) : doubted;
  if (match.onlyIfLong === true && level === first) return void 0;
  return { category, lock: lock2, work, level, size, estimate: sized ? estimate : void 0 };
}

// src/hazards/locks.ts
var SRE = "SHARE ROW EXCLUSIVE";
var parentLocks = (world, constraints) => constraints.flatMap(
  ({ kind, parent }) => kind === "foreign" && parent !== void 0 ? [{ table: world.table(parent), mode: SRE }] : []
);
var exclusive = (world, ...names) => names.map((each) => ({ table: world.table(each), mode: "ACCESS EXCLUSIVE" }));
var dropLocks = (world, operation) => {
  if (operation.concurrent) return [];
  if (operation.table !== void 0) return exclusive(world, operation.table);
  if (operation.what === "table") return exclusive(world, ...operation.names);
  if (operation.what !== "index") return [];
  return operation.names.flatMap((each) => {
    const table = world.tableOfIndex(each);
    return table === void 0 ? [] : [{ table, mode: "ACCESS EXCLUSIVE" }];
  });
};
function locksOf(operation, world) {
  switch (operation.op) {
    case "add-constraint":
      return operation.constraint.kind === "foreign" ? [{ table: world.table(operation.table), mode: SRE }, ...parentLocks(world, [operation.constraint])] : exclusive(world, operation.table);
    case "add-column":
      return [...exclusive(world, operation.table), ...parentLocks(world, operation.column.constraints)];
    case "create-table": {
      const inline2 = operation.columns.flatMap(({ constraints }) => constraints);
      const parent = operation.partitionOf;
      return [
        ...parentLocks(world, [...operation.constraints, ...inline2]),
        ...parent === void 0 ? [] : exclusive(world, parent)
      ];
    }
    case "alter-table":
    case "table-object":
      return [{ table: world.table(operation.table), mode: operation.lock }];
    case "create-index":
      return operation.concurrent ? [] : [{ table: world.table(operation.table), mode: "SHARE" }];
    case "create-trigger":
      return [{ table: world.table(operation.table), mode: SRE }];
    case "drop":
      return dropLocks(world, operation);
    case "truncate":
      return exclusive(world, ...operation.tables);
    case "lock-table":
      return operation.exclusive ? exclusive(world, ...operation.tables) : [];
    case "attach-partition":
      return exclusive(world, operation.partition);
    case "detach-partition":
      return operation.concurrent ? [] : exclusive(world, operation.table, operation.partition);
    case "refresh":
      return operation.concurrent ? [] : exclusive(world, operation.view);
    default:
      return defaultLocks(operation, world);
  }
}
var ALTERING = /* @__PURE__ */ new Set([
  "drop-column",
  "rename-column",
  "rename-table",
  "rename-constraint",
  "set-schema",
  "change-type",
  "set-not-null",
  "drop-not-null",
  "set-default",
  "drop-default",
  "set-expression",
  "drop-expression",
  "drop-constraint",
  "rewrite-table"
]);
var defaultLocks = (operation, world) => ALTERING.has(operation.op) && "table" in operation && operation.table !== void 0 ? exclusive(world, operation.table) : [];
function strongest(operations, world) {
  const found2 = /* @__PURE__ */ new Map();
  for (const { table, mode } of operations.flatMap((each) => locksOf(each, world))) {
    if (!table.existed) continue;
    const now = found2.get(table.label);
    if (now === void 0 || LOCK_MODES.indexOf(mode) < LOCK_MODES.indexOf(now)) found2.set(table.label, mode);
  }
  return found2;
}

// src/hazards/rule.ts
function rule(on2, text2, match) {
  return { ...text2, on: on2, match };
}
var inUse = (table) => table.existed || table.filled;
var PLAIN = /^[a-z_][a-z0-9_]*$/;
var quoted = (name) => PLAIN.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
var RESERVED = new Set(
  `all analyse analyze and any array as asc both case cast check collate column constraint create default desc distinct do
  else end except false for foreign from grant group having in initially intersect into lateral leading limit not null
  offset on only or order placing primary references returning select some symmetric table then to trailing true union
  unique user using variadic when where window with`.split(/\s+/)
);
var sqlName = (name) => name.schema === void 0 ? quoted(name.name) : `${quoted(name.schema)}.${quoted(name.name)}`;
function onTable(site, table, more = {}) {
  const found2 = site.world.table(table);
  return inUse(found2) ? { tables: [found2], subject: sqlName(table), ...more } : void 0;
}
var onColumn = (site, table, column, more = {}) => onTable(site, table, { subject: `${sqlName(table)}.${quoted(column)}`, ...more });
var isOwn = (site, operation) => site.world.table(operation.table).columns.get(operation.column)?.added === true;

// src/hazards/message.ts
var rounded = (value) => value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
function duration(ms) {
  if (ms < 1e3) return `${Math.round(ms)} ms`;
  if (ms < 12e4) return `${rounded(ms / 1e3)} s`;
  return ms < 72e5 ? `${rounded(ms / 6e4)} min` : `${rounded(ms / 36e5)} h`;
}
var count = (value) => String(Math.round(value)).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
var WORK = {
  rewrite: "the table is written again",
  build: "an index is built",
  scan: "every row is read",
  rows: "rows are changed",
  catalog: ""
};
var NOT_ASKED = "No database was asked, so the size is not known.";
function sizeSentence({ size }, match) {
  if (match.tables.length === 0) return "";
  if (size.class === "unmeasured") return NOT_ASKED;
  if (size.class === "unknown" || size.rows === void 0)
    return "The database does not know the size; it counts as huge.";
  return `About ${count(size.rows)} rows.`;
}
var range = ({ lowMs, highMs }) => duration(lowMs) === duration(highMs) ? duration(lowMs) : `${duration(lowMs)} to ${duration(highMs)}`;
function timeSentence({ estimate }, { statementTimeoutMs }) {
  if (estimate === void 0 || estimate.highMs < 1e3) return "";
  const took = `Expected to take ${range(estimate)}`;
  return statementTimeoutMs > 0 && estimate.highMs > statementTimeoutMs ? `${took}, but statement-timeout ends it after ${duration(statementTimeoutMs)}.` : `${took}.`;
}
function lockSentences({ lock: lock2, work }, { tables, subject }) {
  const locked = [...new Set(tables.map(({ name }) => sqlName(name)))].join(", ");
  const about2 = subject === "" ? "" : `It is about ${subject}.`;
  if (lock2 === void 0 || locked === "") return [about2];
  const working = work === void 0 || WORK[work] === "" ? "" : `; ${WORK[work]}`;
  return [`${lock2} lock on ${locked}${working}.`, subject === locked ? "" : about2];
}
function whatHappens(weight, match, request) {
  const also = (match.also ?? []).map(({ label }) => label);
  const sized = weight.category === "blocking" || weight.category === "rows";
  return [
    ...lockSentences(weight, match),
    also.length === 0 ? "" : `Locked as well: ${also.join(", ")}.`,
    sized ? sizeSentence(weight, match) : "",
    timeSentence(weight, request)
  ];
}
function messageOf(rule2, weight, match, request) {
  return [`${rule2.title}.`, ...whatHappens(weight, match, request), rule2.why, match.detail ?? "", rule2.remedy].filter((each) => each !== "").join(" ");
}

// src/hazards/types.ts
var ALIASES = {
  integer: "int4",
  int: "int4",
  bigint: "int8",
  smallint: "int2",
  serial: "int4",
  serial4: "int4",
  bigserial: "int8",
  serial8: "int8",
  smallserial: "int2",
  serial2: "int2",
  boolean: "bool",
  real: "float4",
  "double precision": "float8",
  decimal: "numeric",
  "character varying": "varchar",
  character: "bpchar",
  char: "bpchar",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
  "time without time zone": "time",
  "time with time zone": "timetz",
  "bit varying": "varbit"
};
var typeOf = (ref) => ({
  base: ALIASES[ref.name] ?? ref.name,
  modifiers: ref.modifiers,
  array: ref.array
});
function typeFromCatalog(text2) {
  const array = text2.endsWith("[]");
  const whole = array ? text2.slice(0, -2) : text2;
  const modifiers = /\(([\d,]+)\)/.exec(whole)?.[1]?.split(",").map(Number) ?? [];
  const bare2 = whole.replace(/\([\d,]+\)/, "");
  const name = bare2.replace(/^(?:"(?:[^"]|"")+"|\w+)\./, "").replace(/^"(.*)"$/, "$1");
  return { base: ALIASES[bare2] ?? ALIASES[name] ?? name, modifiers, array };
}
var PRECISION = /* @__PURE__ */ new Set(["timestamp", "timestamptz", "time", "timetz"]);
var LENGTH = /* @__PURE__ */ new Set(["varchar", "varbit"]);
var fits = (from, to) => to === void 0 || from !== void 0 && from <= to;
function sameBase(from, to) {
  const [a, b] = from.modifiers;
  const [c, d] = to.modifiers;
  if (LENGTH.has(to.base)) return fits(a, c);
  if (PRECISION.has(to.base)) return fits(a ?? 6, c ?? 6);
  if (to.base === "numeric") return c === void 0 || (b ?? 0) === (d ?? 0) && a !== void 0 && a <= c;
  return from.modifiers.join() === to.modifiers.join();
}
var isClock = (from, to) => from.base === "timestamp" && to.base === "timestamptz" || from.base === "timestamptz" && to.base === "timestamp";
function clock(to, { version, utc }) {
  const keeps = (to.modifiers[0] ?? 6) === 6;
  if (version < 12e4 || utc === false || !keeps) return "rewrite";
  return utc === void 0 ? "maybe" : "none";
}
var OPEN_TARGETS = /* @__PURE__ */ new Set(["text", "varchar", "timestamp", "timestamptz", "numeric", "inet"]);
var COERCIBLE = /* @__PURE__ */ new Set(["varchar text", "text varchar", "cidr inet"]);
function costOfChange(from, to, context) {
  if (context.using === "expression") return "rewrite";
  if (from === void 0) return OPEN_TARGETS.has(to.base) && !to.array ? "maybe" : "rewrite";
  if (from.array || to.array) {
    const same2 = from.array === to.array && from.base === to.base && from.modifiers.join() === to.modifiers.join();
    return same2 ? "none" : "rewrite";
  }
  if (context.uncheckedDomain) return "none";
  if (from.base === to.base) return sameBase(from, to) ? "none" : "rewrite";
  if (to.modifiers.length === 0 && COERCIBLE.has(`${from.base} ${to.base}`)) return "none";
  return isClock(from, to) ? clock(to, context) : "rewrite";
}

// src/hazards/overlay.ts
var columnState = (column) => ({
  type: typeOf(column.type),
  notNull: column.notNull,
  added: true
});
var constraintName = (constraint, table) => {
  if (constraint.name !== void 0) return constraint.name;
  if (constraint.kind === "primary") return `${table.name}_pkey`;
  const suffix = {
    check: "check",
    foreign: "fkey",
    unique: "key",
    exclusion: "excl",
    "not-null": "not_null"
  };
  return [table.name, ...constraint.columns, suffix[constraint.kind]].join("_");
};
var constraintState = (world, each, transaction) => ({
  kind: each.kind,
  validated: !each.notValid && each.enforced,
  proves: each.provesNotNull,
  parent: each.parent === void 0 ? void 0 : world.keyOf(each.parent),
  transaction
});
var withConstraint = (world, name, each, moment) => {
  const table = world.table(name);
  const state = constraintState(world, each, moment.transaction);
  return { ...table, constraints: new Map(table.constraints).set(constraintName(each, name), state) };
};
var setColumn = (world, name, column, change) => {
  const table = world.table(name);
  const now = table.columns.get(column) ?? { type: void 0, notNull: void 0, added: false };
  world.put(name, {
    columns: new Map(table.columns).set(column, { ...now, ...change }),
    touched: new Set(table.touched).add(column)
  });
};
function createTable(world, operation, moment) {
  const { table, columns, constraints } = operation;
  const key = world.keyOf(table);
  const known = world.tables.get(key) ?? (world.catalog?.tables[key] === void 0 ? void 0 : world.table(table));
  if (operation.ifNotExists && known !== void 0) return;
  const inline2 = columns.flatMap((each) => each.constraints);
  world.tables.set(key, {
    label: world.labelOf(table),
    existed: false,
    filledFrom: [],
    filled: false,
    facts: void 0,
    asked: world.catalog !== void 0,
    columns: new Map(columns.map((each) => [each.name, columnState(each)])),
    constraints: new Map(
      [...constraints, ...inline2].map((each) => [
        constraintName(each, table),
        constraintState(world, each, moment.transaction)
      ])
    ),
    touched: /* @__PURE__ */ new Set(),
    name: table
  });
}
var moveTable = (world, from, to) => {
  const table = world.table(from);
  world.tables.delete(world.keyOf(from));
  world.tables.set(world.keyOf(to), { ...table, name: to, label: world.labelOf(to) });
  for (const [index, key] of world.indexes)
    if (key === world.keyOf(from)) world.indexes.set(index, world.keyOf(to));
};
function dropColumn(world, table, column) {
  const now = world.table(table);
  const columns = new Map(now.columns);
  columns.delete(column);
  const constraints = new Map([...now.constraints].filter(([, { proves }]) => proves !== column));
  world.put(table, { columns, constraints, touched: new Set(now.touched).add(column) });
}
function drop(world, { what, names }) {
  for (const name of names) {
    if (what === "table" || what === "materialized view") {
      world.put(name, { existed: false, facts: void 0, columns: /* @__PURE__ */ new Map(), constraints: /* @__PURE__ */ new Map() });
    } else if (what === "index") world.indexes.delete(world.keyOf(name));
    else if (what === "type" || what === "domain") world.types.delete(world.keyOf(name));
  }
}
var fill = (world, table, reads) => {
  const now = world.table(table);
  if (now.existed) return;
  world.put(table, {
    filled: true,
    filledFrom: [...now.filledFrom, ...reads.map((each) => world.table(each))]
  });
};
function setProven(world, { table, name }) {
  const now = world.table(table);
  const constraint = now.constraints.get(name);
  if (constraint !== void 0)
    world.put(table, { constraints: new Map(now.constraints).set(name, { ...constraint, validated: true }) });
}
var APPLY = {
  "create-table": createTable,
  "create-table-as": (world, { table, reads }) => {
    const sources = reads.map((each) => world.table(each));
    world.put(table, {
      existed: false,
      filled: true,
      filledFrom: sources,
      facts: void 0,
      columns: /* @__PURE__ */ new Map()
    });
  },
  "add-column": (world, { table, column }, moment) => {
    setColumn(world, table, column.name, columnState(column));
    for (const each of column.constraints) world.put(table, withConstraint(world, table, each, moment));
  },
  "drop-column": (world, { table, column }) => dropColumn(world, table, column),
  "rename-column": (world, { table, column, to }) => {
    const now = world.table(table).columns.get(column);
    dropColumn(world, table, column);
    setColumn(world, table, to, now ?? {});
  },
  "rename-table": (world, { table, to }) => moveTable(world, table, { schema: table.schema, name: to }),
  "set-schema": (world, { table, to }) => moveTable(world, table, { schema: to, name: table.name }),
  "rename-index": (world, { index, to }) => {
    const key = world.indexes.get(world.keyOf(index));
    if (key !== void 0) world.indexes.set(world.keyOf({ ...index, name: to }), key);
  },
  "rename-type": (world, { type, to }, { file }) => {
    const now = world.type(type);
    world.types.delete(world.keyOf(type));
    world.putType({ schema: type.schema, name: to }, { ...now, renamedFrom: type.name, file });
  },
  "change-type": (world, { table, column, type }) => setColumn(world, table, column, { type: typeOf(type) }),
  "set-not-null": (world, { table, column }) => setColumn(world, table, column, { notNull: true }),
  "drop-not-null": (world, { table, column }) => setColumn(world, table, column, { notNull: false }),
  "add-constraint": (world, { table, constraint }, moment) => world.put(table, withConstraint(world, table, constraint, moment)),
  "validate-constraint": setProven,
  "drop-constraint": (world, { table, name }) => {
    const now = world.table(table);
    const constraints = new Map(now.constraints);
    constraints.delete(name);
    world.put(table, { constraints });
  },
  "create-index": (world, { table, index }) => {
    world.table(table);
    if (index !== void 0)
      world.indexes.set(world.keyOf({ schema: table.schema, name: index }), world.keyOf(table));
  },
  drop,
  insert: (world, { table, rows, reads }) => {
    if (rows !== "few") fill(world, table, reads);
  },
  "create-enum": (world, { type }, { file, transaction }) => world.putType(type, { kind: "enum", transaction, file, renamedFrom: void 0 }),
  "add-enum-value": (world, { type, value }, { transaction }) => {
    const added = new Map(world.type(type)?.added ?? []).set(value, transaction);
    world.putType(type, { kind: "enum", added });
  },
  "create-domain": (world, { type, checked }, { file, transaction }) => world.putType(type, { kind: "domain", checked, file, transaction }),
  "constrain-domain": (world, { type }) => world.putType(type, { kind: "domain", checked: true }),
  "create-function": (world, operation) => {
    world.functions.set(world.keyOf(operation.function), operation.volatility);
  }
};
function applyOperation(world, operation, moment) {
  const apply = APPLY[operation.op];
  apply?.(world, operation, moment);
}

// src/domain/syntax.ts
var isTree = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
function nodeOf(value) {
  if (isTree(value)) {
    for (const type in value) {
      const fields = value[type];
      return { type, fields: isTree(fields) ? fields : {} };
    }
  }
  return { type: "", fields: {} };
}
function visit(value, key, found2) {
  if (Array.isArray(value)) {
    for (const each of value) visit(each, key, found2);
  } else if (isTree(value)) {
    found2.push({ key, node: value });
    for (const name in value) {
      const child = value[name];
      if (typeof child === "object") visit(child, name, found2);
    }
  }
}
function walk(value, key = "") {
  const found2 = [];
  visit(value, key, found2);
  return found2;
}
var listOf = (value) => Array.isArray(value) ? value : [];
var strings = (list2) => listOf(list2).flatMap((item) => {
  const { type, fields } = nodeOf(item);
  return type === "String" && typeof fields.sval === "string" ? [fields.sval] : [];
});
var options = (list2) => listOf(list2).flatMap((item) => {
  const { fields } = nodeOf(item);
  return typeof fields.defname === "string" ? [fields.defname.toLowerCase()] : [];
});
var textOf = (value) => typeof value === "string" ? value : "";

// src/hazards/read/names.ts
function rangeName(value) {
  if (!isTree(value) || typeof value.relname !== "string") return void 0;
  return { schema: textOf(value.schemaname) || void 0, name: value.relname };
}
var rangeNames = (list2) => listOf(list2).flatMap((item) => rangeName(nodeOf(item).fields) ?? []);
function qualified(parts) {
  const name = parts.at(-1);
  return name === void 0 ? void 0 : { schema: parts.at(-2), name };
}
function integer(value) {
  const { type, fields } = nodeOf(value);
  if (type !== "A_Const" || !isTree(fields.ival)) return void 0;
  return typeof fields.ival.ival === "number" ? fields.ival.ival : 0;
}
function typeRef(value) {
  const fields = isTree(value) ? value : {};
  const found2 = qualified(strings(fields.names)) ?? { schema: void 0, name: "" };
  return {
    schema: found2.schema === "pg_catalog" ? void 0 : found2.schema,
    name: found2.name,
    modifiers: listOf(fields.typmods).flatMap((each) => integer(each) ?? []),
    array: listOf(fields.arrayBounds).length > 0
  };
}
var callsIn = (expression) => walk(expression).flatMap(
  ({ key, node }) => key === "FuncCall" ? qualified(strings(node.funcname)) ?? [] : []
);
var tablesIn = (query) => walk(query).flatMap(({ key, node }) => key === "RangeVar" ? rangeName(node) ?? [] : []);

// src/hazards/read/columns.ts
var KINDS = {
  CONSTR_CHECK: "check",
  CONSTR_FOREIGN: "foreign",
  CONSTR_PRIMARY: "primary",
  CONSTR_UNIQUE: "unique",
  CONSTR_EXCLUSION: "exclusion",
  CONSTR_NOTNULL: "not-null"
};
function notNullTest(expression) {
  const { type, fields } = nodeOf(expression);
  if (type !== "NullTest" || fields.nulltesttype !== "IS_NOT_NULL") return void 0;
  const reference = nodeOf(fields.arg);
  return reference.type === "ColumnRef" ? strings(reference.fields.fields).at(-1) : void 0;
}
var columnsOf = (fields, kind) => {
  if (kind === "foreign") return strings(fields.fk_attrs);
  if (kind === "exclusion")
    return listOf(fields.exclusions).flatMap((each) => {
      const element = nodeOf(listOf(nodeOf(each).fields.items)[0]).fields;
      return typeof element.name === "string" ? [element.name] : [];
    });
  return strings(fields.keys);
};
function constraintOf(value, owner) {
  const { type, fields } = nodeOf(value);
  const kind = KINDS[textOf(fields.contype)];
  if (type !== "Constraint" || kind === void 0) return void 0;
  const columns = columnsOf(fields, kind);
  return {
    kind,
    name: textOf(fields.conname) || void 0,
    columns: columns.length === 0 && owner !== void 0 ? [owner] : columns,
    notValid: fields.skip_validation === true,
    enforced: kind !== "check" && kind !== "foreign" ? true : fields.is_enforced === true,
    usingIndex: textOf(fields.indexname) || void 0,
    parent: rangeName(fields.pktable),
    parentColumns: strings(fields.pk_attrs),
    provesNotNull: kind === "check" ? notNullTest(fields.raw_expr) : void 0
  };
}
var SERIAL = /^(?:big|small)?serial[248]?$/;
function columnOf(fields) {
  const name = textOf(fields.colname);
  const type = typeRef(fields.typeName);
  const marks = listOf(fields.constraints).map((each) => nodeOf(each).fields);
  const has = (contype) => marks.find((each) => each.contype === contype);
  const generated = has("CONSTR_GENERATED");
  const fallback = has("CONSTR_DEFAULT");
  const serial = SERIAL.test(type.name) || has("CONSTR_IDENTITY") !== void 0;
  return {
    name,
    type,
    notNull: serial || has("CONSTR_NOTNULL") !== void 0 || has("CONSTR_PRIMARY") !== void 0,
    serial,
    generated: generated === void 0 ? void 0 : generated.generated_kind === "v" ? "virtual" : "stored",
    defaultCalls: fallback === void 0 ? void 0 : callsIn(fallback.raw_expr),
    constraints: listOf(fields.constraints).flatMap((each) => constraintOf(each, name) ?? []).filter(({ kind }) => kind !== "not-null")
  };
}

// src/hazards/read/alter.ts
var same = (left, right) => JSON.stringify(left) === JSON.stringify(right);
var onColumn2 = (op) => ({ table, name }) => ({ op, table, column: name });
var rewrite = (how) => ({ table }) => ({ op: "rewrite-table", table, how });
var LOCKS = [
  [/^AT_(?:EnableTrig|DisableTrig|EnableAlwaysTrig|EnableReplicaTrig)/, "SHARE ROW EXCLUSIVE"],
  [
    /^AT_(?:SetStatistics|ClusterOn|DropCluster|SetOptions|ResetOptions|SetRelOptions|ResetRelOptions)$/,
    "SHARE UPDATE EXCLUSIVE"
  ]
];
var lockOf = (subtype) => LOCKS.find(([pattern]) => pattern.test(subtype))?.[1] ?? "ACCESS EXCLUSIVE";
var other = ({ table, subtype }) => ({ op: "alter-table", table, subtype, lock: lockOf(subtype) });
var addConstraint = (command) => {
  const constraint = constraintOf(command.raw);
  return constraint === void 0 ? other(command) : { op: "add-constraint", table: command.table, constraint };
};
var partition = (op) => (command) => {
  const name = rangeName(command.def.name);
  return name === void 0 ? other(command) : { op, table: command.table, partition: name, concurrent: command.def.concurrent === true };
};
function usingOf(def, column) {
  if (def.raw_default === void 0) return "none";
  const { type, fields } = nodeOf(def.raw_default);
  const inner = nodeOf(fields.arg);
  const plain = type === "TypeCast" && inner.type === "ColumnRef" && strings(inner.fields.fields).at(-1) === column;
  return plain && same(typeRef(fields.typeName), typeRef(def.typeName)) ? "cast" : "expression";
}
var READERS = {
  AT_AddColumn: ({ table, def }) => ({ op: "add-column", table, column: columnOf(def) }),
  AT_DropColumn: ({ table, name, cascade }) => ({ op: "drop-column", table, column: name, cascade }),
  AT_AlterColumnType: ({ table, name, def }) => ({
    op: "change-type",
    table,
    column: name,
    type: typeRef(def.typeName),
    using: usingOf(def, name),
    collation: def.collClause !== void 0
  }),
  AT_SetNotNull: onColumn2("set-not-null"),
  AT_DropNotNull: onColumn2("drop-not-null"),
  AT_SetExpression: onColumn2("set-expression"),
  AT_DropExpression: onColumn2("drop-expression"),
  AT_ColumnDefault: ({ table, name, defined }) => ({
    op: defined ? "set-default" : "drop-default",
    table,
    column: name
  }),
  AT_AddConstraint: addConstraint,
  AT_ValidateConstraint: ({ table, name }) => ({ op: "validate-constraint", table, name }),
  AT_DropConstraint: ({ table, name }) => ({ op: "drop-constraint", table, name }),
  AT_SetLogged: rewrite("SET LOGGED"),
  AT_SetUnLogged: rewrite("SET UNLOGGED"),
  AT_SetAccessMethod: rewrite("SET ACCESS METHOD"),
  AT_SetTableSpace: rewrite("SET TABLESPACE"),
  AT_AttachPartition: partition("attach-partition"),
  AT_DetachPartition: partition("detach-partition")
};
var TABLES = /* @__PURE__ */ new Set(["OBJECT_TABLE", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"]);
function readAlterTable(fields) {
  const table = rangeName(fields.relation);
  if (table === void 0 || !TABLES.has(textOf(fields.objtype))) return [];
  return listOf(fields.cmds).map((item, clause) => {
    const command = nodeOf(item).fields;
    const subtype = textOf(command.subtype);
    const read = READERS[subtype] ?? other;
    return {
      ...read({
        table,
        subtype,
        name: textOf(command.name),
        def: nodeOf(command.def).fields,
        defined: isTree(command.def),
        raw: command.def,
        cascade: command.behavior === "DROP_CASCADE"
      }),
      clause
    };
  });
}

// src/hazards/read/change.ts
var DROPS = {
  OBJECT_TABLE: "table",
  OBJECT_FOREIGN_TABLE: "table",
  OBJECT_INDEX: "index",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materialized view",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "domain",
  OBJECT_SCHEMA: "schema",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_EXTENSION: "extension",
  OBJECT_FUNCTION: "function",
  OBJECT_PROCEDURE: "function",
  OBJECT_ROUTINE: "function",
  OBJECT_TRIGGER: "trigger",
  OBJECT_POLICY: "policy",
  OBJECT_RULE: "rule"
};
function partsOf(value) {
  const { type, fields } = nodeOf(value);
  if (type === "List") return strings(fields.items);
  if (type === "TypeName") return strings(fields.names);
  if (type === "ObjectWithArgs") return strings(fields.objname);
  return type === "String" ? [textOf(fields.sval)] : [];
}
var drop2 = (fields) => {
  const what = DROPS[textOf(fields.removeType)] ?? "other";
  const parts = listOf(fields.objects).map(partsOf);
  const onTable2 = what === "trigger" || what === "policy" || what === "rule";
  return [
    {
      op: "drop",
      what,
      names: parts.flatMap((each) => qualified(each) ?? []),
      cascade: fields.behavior === "DROP_CASCADE",
      concurrent: fields.concurrent === true,
      table: onTable2 ? qualified((parts[0] ?? []).slice(0, -1)) : void 0
    }
  ];
};
var nameOf = (fields) => rangeName(fields.relation) ?? qualified(partsOf(fields.object));
var rename = (fields) => {
  const name = nameOf(fields);
  const to = textOf(fields.newname);
  if (name === void 0) return [];
  switch (fields.renameType) {
    case "OBJECT_TABLE":
    case "OBJECT_MATVIEW":
      return [{ op: "rename-table", table: name, to }];
    case "OBJECT_COLUMN":
      return fields.relationType === "OBJECT_TABLE" ? [{ op: "rename-column", table: name, column: textOf(fields.subname), to }] : [];
    case "OBJECT_TABCONSTRAINT":
      return [{ op: "rename-constraint", table: name, from: textOf(fields.subname), to }];
    case "OBJECT_INDEX":
      return [{ op: "rename-index", index: name, to }];
    case "OBJECT_TYPE":
    case "OBJECT_DOMAIN":
      return [{ op: "rename-type", type: name, to }];
    default:
      return [];
  }
};
var setSchema = (fields) => {
  const table = rangeName(fields.relation);
  return table === void 0 ? [] : [{ op: "set-schema", table, to: textOf(fields.newschema) }];
};
var truncate = (fields) => [
  { op: "truncate", tables: rangeNames(fields.relations), cascade: fields.behavior === "DROP_CASCADE" }
];
var refresh = (fields) => {
  const view = rangeName(fields.relation);
  return view === void 0 ? [] : [{ op: "refresh", view, concurrent: fields.concurrent === true, withData: fields.skipData !== true }];
};
var reindex = (fields) => {
  const kind = /_(TABLE|INDEX)$/.exec(textOf(fields.kind))?.[1];
  return [
    {
      op: "reindex",
      what: kind === "TABLE" ? "table" : kind === "INDEX" ? "index" : "other",
      name: rangeName(fields.relation),
      concurrent: options(fields.params).includes("concurrently")
    }
  ];
};
var cluster = (fields) => {
  const table = rangeName(fields.relation);
  return table === void 0 ? [] : [{ op: "rewrite-table", table, how: "CLUSTER" }];
};
var vacuum = (fields) => {
  if (!options(fields.options).includes("full")) return [];
  return listOf(fields.rels).flatMap((each) => {
    const table = rangeName(nodeOf(each).fields.relation);
    return table === void 0 ? [] : [{ op: "rewrite-table", table, how: "VACUUM FULL" }];
  });
};
var lock = (fields) => [
  { op: "lock-table", tables: rangeNames(fields.relations), exclusive: Number(fields.mode) >= 5 }
];
var revoke = (fields) => fields.is_grant === true || fields.objtype !== "OBJECT_TABLE" ? [] : [{ op: "revoke", tables: rangeNames(fields.objects) }];
var CHANGE_READERS = {
  DropStmt: drop2,
  DropdbStmt: (fields) => [
    {
      op: "drop",
      what: "database",
      names: [{ schema: void 0, name: textOf(fields.dbname) }],
      cascade: false,
      concurrent: false,
      table: void 0
    }
  ],
  RenameStmt: rename,
  AlterObjectSchemaStmt: setSchema,
  TruncateStmt: truncate,
  RefreshMatViewStmt: refresh,
  ReindexStmt: reindex,
  ClusterStmt: cluster,
  VacuumStmt: vacuum,
  LockStmt: lock,
  GrantStmt: revoke
};

// src/hazards/read/create.ts
var on = (field, read) => (fields) => {
  const table = rangeName(fields[field]);
  return table === void 0 ? [] : [read(table, fields)];
};
var ofType = (field, read) => (fields) => {
  const type = qualified(strings(fields[field]));
  return type === void 0 ? [] : read(type, fields);
};
var createTable2 = on("relation", (table, fields) => {
  const elements = listOf(fields.tableElts);
  return {
    op: "create-table",
    table,
    columns: elements.flatMap((each) => {
      const { type, fields: column } = nodeOf(each);
      return type === "ColumnDef" ? [columnOf(column)] : [];
    }),
    constraints: elements.flatMap((each) => constraintOf(each) ?? []),
    partitionOf: fields.partbound === void 0 ? void 0 : rangeNames(fields.inhRelations)[0],
    ifNotExists: fields.if_not_exists === true
  };
});
var createTableAs = (fields) => {
  const table = isTree(fields.into) ? rangeName(fields.into.rel) : void 0;
  if (table === void 0) return [];
  const view = fields.objtype === "OBJECT_MATVIEW";
  return [{ op: "create-table-as", table, reads: tablesIn(fields.query), view }];
};
var createIndex = on("relation", (table, fields) => ({
  op: "create-index",
  table,
  index: textOf(fields.idxname) || void 0,
  unique: fields.unique === true,
  concurrent: fields.concurrent === true,
  only: isTree(fields.relation) && fields.relation.inh !== true,
  ifNotExists: fields.if_not_exists === true
}));
var alterEnum = ofType("typeName", (type, fields) => {
  const value = textOf(fields.newVal);
  return fields.oldVal === void 0 ? [{ op: "add-enum-value", type, value }] : [{ op: "rename-enum-value", type, value: textOf(fields.oldVal) }];
});
var alterDomain = ofType("typeName", (type, fields) => {
  if (fields.subtype !== "C" && fields.subtype !== "O" && !/Constraint|NotNull/.test(textOf(fields.subtype)))
    return [];
  if (/Drop|Validate/.test(textOf(fields.subtype))) return [];
  return [{ op: "constrain-domain", type, notValid: nodeOf(fields.def).fields.skip_validation === true }];
});
var createFunction = ofType("funcname", (name, fields) => {
  const volatility = listOf(fields.options).map((each) => nodeOf(each).fields).find((each) => each.defname === "volatility");
  const word = textOf(nodeOf(volatility?.arg).fields.sval);
  return [
    {
      op: "create-function",
      function: name,
      volatility: word === "immutable" || word === "stable" ? word : "volatile"
    }
  ];
});
var CREATE_READERS = {
  CreateStmt: createTable2,
  CreateTableAsStmt: createTableAs,
  IndexStmt: createIndex,
  CreateEnumStmt: ofType("typeName", (type) => [{ op: "create-enum", type }]),
  AlterEnumStmt: alterEnum,
  CreateDomainStmt: ofType("domainname", (type, fields) => [
    { op: "create-domain", type, checked: listOf(fields.constraints).length > 0 }
  ]),
  AlterDomainStmt: alterDomain,
  CreateFunctionStmt: createFunction,
  CreateTrigStmt: on("relation", (table, fields) => ({
    op: "create-trigger",
    table,
    parent: rangeName(fields.constrrel)
  })),
  CreatePolicyStmt: on("table", (table) => ({
    op: "table-object",
    table,
    what: "CREATE POLICY",
    lock: "ACCESS EXCLUSIVE"
  })),
  AlterPolicyStmt: on("table", (table) => ({
    op: "table-object",
    table,
    what: "ALTER POLICY",
    lock: "ACCESS EXCLUSIVE"
  })),
  RuleStmt: on("relation", (table) => ({
    op: "table-object",
    table,
    what: "CREATE RULE",
    lock: "ACCESS EXCLUSIVE"
  })),
  ViewStmt: on("view", (view, fields) => ({ op: "create-view", view, replace: fields.replace === true })),
  CreateExtensionStmt: () => [{ op: "opaque", what: "CREATE EXTENSION" }]
};

// src/hazards/read/rows.ts
var isLiteral = (value) => {
  const { type, fields } = nodeOf(value);
  if (type === "TypeCast") return isLiteral(fields.arg);
  if (type === "List") return listOf(fields.items).every(isLiteral);
  return type === "A_Const" || type === "ParamRef";
};
function isPoint(where) {
  const { type, fields } = nodeOf(where);
  if (type === "BoolExpr") return fields.boolop === "AND_EXPR" && listOf(fields.args).some(isPoint);
  if (type !== "A_Expr" || fields.kind !== "AEXPR_OP" && fields.kind !== "AEXPR_IN") return false;
  const left = nodeOf(fields.lexpr);
  const column = textOf(nodeOf(listOf(left.fields.fields).at(-1)).fields.sval);
  return textOf(nodeOf(listOf(fields.name)[0]).fields.sval) === "=" && left.type === "ColumnRef" && /^(?:id|uuid|\w+_id|\w+Id|key|name|slug|code)$/.test(column) && (isLiteral(fields.rexpr) || Array.isArray(fields.rexpr) && fields.rexpr.every(isLiteral));
}
var rowsOf = (where) => {
  if (where === void 0) return "all";
  return isPoint(where) ? "point" : "some";
};
var without = (names, table) => names.filter(({ name, schema }) => name !== table.name || schema !== table.schema);
function changing(op) {
  return (fields) => {
    const table = rangeName(fields.relation);
    if (table === void 0) return [];
    const rows = rowsOf(fields.whereClause);
    return [{ op, table, rows, reads: without(tablesIn(fields), table) }];
  };
}
var insert = (fields) => {
  const table = rangeName(fields.relation);
  if (table === void 0) return [];
  const { fields: query } = nodeOf(fields.selectStmt);
  const reads = tablesIn(fields.selectStmt);
  const limited = integer(query.limitCount) !== void 0;
  const few = fields.selectStmt === void 0 || Array.isArray(query.valuesLists) || reads.length === 0;
  return [{ op: "insert", table, rows: few || limited ? "few" : "some", reads }];
};
var merge = (fields) => {
  const table = rangeName(fields.relation);
  return table === void 0 ? [] : [{ op: "merge", table, rows: "some", reads: tablesIn(fields.sourceRelation) }];
};
var WRITES = {
  InsertStmt: insert,
  UpdateStmt: changing("update"),
  DeleteStmt: changing("delete"),
  MergeStmt: merge
};
var nested = (fields) => walk(fields.withClause).flatMap(({ key, node }) => WRITES[key]?.(node) ?? []);
var withNested = (read) => (fields) => [...nested(fields), ...read(fields)];
var select = (fields) => {
  const into = isTree(fields.intoClause) ? rangeName(fields.intoClause.rel) : void 0;
  return into === void 0 ? [] : [{ op: "create-table-as", table: into, reads: tablesIn(fields.fromClause), view: false }];
};
var copy = (fields) => fields.is_from === true && fields.filename === void 0 && fields.is_program !== true ? [{ op: "copy-stdin", table: rangeName(fields.relation) }] : [];
var ROW_READERS = {
  ...Object.fromEntries(Object.entries(WRITES).map(([type, read]) => [type, withNested(read)])),
  SelectStmt: withNested(select),
  CopyStmt: copy
};

// src/hazards/read/index.ts
var settingValue = (args) => {
  const [first] = listOf(args);
  const { fields } = nodeOf(first);
  const number = integer(first);
  if (number !== void 0) return String(number);
  const text2 = isTree(fields.sval) ? fields.sval.sval : void 0;
  if (typeof text2 === "string") return text2;
  return isTree(fields.fval) ? textOf(fields.fval.fval) : void 0;
};
var setting = (lasting) => (fields) => [
  {
    op: "setting",
    name: fields.kind === "VAR_RESET_ALL" ? "all" : textOf(fields.name).toLowerCase(),
    value: fields.kind === "VAR_SET_VALUE" ? settingValue(fields.args) ?? "" : void 0,
    local: fields.is_local === true,
    lasting
  }
];
var nestedSetting = (fields) => isTree(fields.setstmt) ? setting(true)(fields.setstmt) : [];
var READERS2 = {
  ...CREATE_READERS,
  ...CHANGE_READERS,
  ...ROW_READERS,
  AlterTableStmt: readAlterTable,
  VariableSetStmt: setting(false),
  AlterRoleSetStmt: nestedSetting,
  AlterDatabaseSetStmt: nestedSetting,
  DiscardStmt: (fields) => fields.target === "DISCARD_ALL" ? [{ op: "setting", name: "all", value: void 0, local: false, lasting: false }] : []
};
var HARMLESS = /* @__PURE__ */ new Set(["CopyStmt", "DropStmt", "DropdbStmt", "AlterSeqStmt", "FetchStmt", "NotifyStmt"]);
function operationsOf(statement) {
  const { type, fields } = nodeOf(statement.tree);
  const found2 = READERS2[type]?.(fields) ?? [];
  if (statement.kind !== "opaque" || HARMLESS.has(type) || found2.some(({ op }) => op === "opaque"))
    return found2;
  return [...found2, { op: "opaque", what: statement.label.split(" ")[0] ?? "statement" }];
}

// src/hazards/rules/changes.ts
var addsAgain = (site, { table, column }) => site.operations.some(
  (each) => each.op === "add-column" && each.column.name === column && site.world.keyOf(each.table) === site.world.keyOf(table)
);
var dropColumn2 = rule(
  ["drop-column"],
  {
    id: "drop-column",
    squawk: ["ban-drop-column"],
    title: "Dropping a column loses its data",
    category: "data-loss",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "The table is empty, or the column is new in the pending migrations.",
    mode: "both",
    why: "The data is gone at once, and running code breaks: Prisma Client selects every column by name, so the old version fails on each query until it is replaced.",
    remedy: "Ship code that does not know the column first; drop it one release later and name the migration in allow-data-loss.",
    rewrite: "-- release 1: remove the field from schema.prisma with @ignore; release 2:\nALTER TABLE users DROP COLUMN nickname;"
  },
  (operation, site) => {
    if (isOwn(site, operation) || addsAgain(site, operation)) return void 0;
    const now = site.world.table(operation.table);
    if (!now.existed) return void 0;
    return onColumn(site, operation.table, operation.column, isEmpty(now) ? { category: "breaking" } : {});
  }
);
var dropAndAdd = rule(
  ["drop-column"],
  {
    id: "drop-and-add-column",
    squawk: ["ban-drop-column"],
    title: "The column is dropped and added again: its data is lost",
    category: "data-loss",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "The table is empty.",
    mode: "both",
    why: "Prisma writes this when it knows no cast between the two types. The new column starts empty, and nothing says so.",
    remedy: "Change the type with a USING expression, or add the new column under another name, copy, and swap.",
    rewrite: "ALTER TABLE users ALTER COLUMN age TYPE int USING age::int;"
  },
  (operation, site) => {
    if (!addsAgain(site, operation) || isOwn(site, operation)) return void 0;
    const now = site.world.table(operation.table);
    if (isEmpty(now) || !now.existed) return void 0;
    const { table, column } = operation;
    const name = quoted(column);
    return onColumn(site, table, column, {
      suggestion: `ALTER TABLE ${sqlName(table)} ALTER COLUMN ${name} TYPE … USING ${name}::…;`
    });
  }
);
var renameColumn = rule(
  ["rename-column"],
  {
    id: "rename-column",
    squawk: ["renaming-column"],
    title: "Renaming a column breaks running code",
    category: "breaking",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "The column is new in the pending migrations.",
    mode: "both",
    why: "The version of your code that runs now asks for the old name and fails until it is replaced.",
    remedy: "Rename the field in Prisma only and keep the column with @map, or add a new column, write to both, and move over.",
    rewrite: '-- schema.prisma: fullName String @map("name")'
  },
  (operation, site) => isOwn(site, operation) || !site.world.table(operation.table).existed ? void 0 : onColumn(site, operation.table, operation.column)
);
var jsonColumn = rule(
  ["add-column"],
  {
    id: "json-column",
    squawk: [],
    title: "json has no equality",
    category: "advice",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "jsonb.",
    mode: "both",
    why: "SELECT DISTINCT, GROUP BY and UNION over a json column fail (42883).",
    remedy: "Use jsonb, which is what Prisma writes for Json.",
    rewrite: "ALTER TABLE users ADD COLUMN settings jsonb;"
  },
  ({ table, column }, site) => column.type.name === "json" ? onColumn(site, table, column.name) : void 0
);
var setExpression = rule(
  ["set-expression"],
  {
    id: "set-generated-expression",
    squawk: [],
    title: "A new expression rewrites the table",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "rewrite",
    safe: "VIRTUAL columns; DROP EXPRESSION.",
    mode: "both",
    why: "Every stored value is computed again: a full copy of the table under a lock that stops reads and writes.",
    remedy: "Drop the expression, keep the values by trigger, and fill the old rows in batches.",
    rewrite: "ALTER TABLE users ALTER COLUMN email_lower DROP EXPRESSION;"
  },
  ({ table, column }, site) => onColumn(site, table, column)
);
var renameTable = rule(
  ["rename-table", "set-schema"],
  {
    id: "rename-table",
    squawk: ["renaming-table"],
    title: "Renaming or moving a table breaks running code",
    category: "breaking",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "The table is new in the pending migrations.",
    mode: "both",
    why: "The version of your code that runs now asks for the old name and fails until it is replaced.",
    remedy: "Rename the model in Prisma only and keep the table with @@map, or leave a view under the old name.",
    rewrite: "ALTER TABLE users RENAME TO accounts;\nCREATE VIEW users AS SELECT * FROM accounts;"
  },
  (operation, site) => {
    if (!inUse(site.world.table(operation.table)) || !site.world.table(operation.table).existed)
      return void 0;
    const { table, to } = operation;
    const moved = operation.op === "rename-table" ? { ...table, name: to } : { ...table, schema: to };
    return onTable(site, table, {
      suggestion: `-- right after it, in the same file:
CREATE VIEW ${sqlName(table)} AS SELECT * FROM ${sqlName(moved)};`
    });
  }
);
var CHANGE_RULES = [
  dropColumn2,
  dropAndAdd,
  renameColumn,
  jsonColumn,
  setExpression,
  renameTable
];

// src/hazards/rules/columns.ts
var VOLATILE = new Set(
  `clock_timestamp gen_random_uuid uuidv4 uuidv7 random random_normal nextval currval lastval setval timeofday
  uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes gen_salt pg_sleep txid_current nanoid cuid`.split(
    /\s+/
  )
);
var STEADY = new Set(
  `now transaction_timestamp statement_timestamp timezone date_trunc to_char to_timestamp to_date md5 lower upper concat
  coalesce length current_setting jsonb_build_object jsonb_build_array json_build_object json_build_array to_jsonb
  to_json array_fill make_interval make_date extract date_part current_schema current_database repeat abs round
  uuid_nil encode decode sha256 replace format string_to_array`.split(/\s+/)
);
var volatilityOf = (site, call) => {
  const { world } = site;
  const own = world.functions.get(world.keyOf(call)) ?? world.catalog?.functions[`${call.schema ?? world.defaultSchema}.${call.name}`];
  const builtIn = own ?? (call.schema === void 0 ? world.catalog?.functions[call.name] : void 0);
  if (builtIn !== void 0) return builtIn === "volatile" ? "volatile" : "steady";
  if (call.schema !== void 0 && call.schema !== "pg_catalog") return "unknown";
  if (VOLATILE.has(call.name)) return "volatile";
  return STEADY.has(call.name) ? "steady" : "unknown";
};
var backfill = (table, column) => `ALTER TABLE ${sqlName(table)} ADD COLUMN ${quoted(column.name)} …;
ALTER TABLE ${sqlName(table)} ALTER COLUMN ${quoted(column.name)} SET DEFAULT …;
-- then fill the old rows in batches, outside of this migration`;
var addVolatile = rule(
  ["add-column"],
  {
    id: "add-column-volatile-default",
    squawk: ["adding-field-with-default"],
    title: "A default that differs for each row rewrites the table",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "rewrite",
    safe: "A constant default or now(): PostgreSQL 11 and later store it once in the catalog.",
    mode: "both",
    why: "PostgreSQL computes the default for every existing row and writes the whole table again; nobody can read or write it meanwhile.",
    remedy: "Add the column without a default, set the default afterwards, and fill the old rows in batches.",
    rewrite: "ALTER TABLE users ADD COLUMN token uuid;\nALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid();"
  },
  ({ table, column }, site) => {
    if (column.defaultCalls === void 0 || column.serial || column.generated !== void 0)
      return void 0;
    const kinds = column.defaultCalls.map((each) => volatilityOf(site, each));
    const old = site.version < 11e4;
    if (!old && kinds.every((each) => each === "steady")) return void 0;
    return onColumn(site, table, column.name, {
      doubtful: !old && !kinds.includes("volatile"),
      suggestion: backfill(table, column),
      ...old ? { detail: "Before PostgreSQL 11 every default does this." } : {}
    });
  }
);
var addSerial = rule(
  ["add-column"],
  {
    id: "add-column-serial",
    squawk: ["adding-serial-primary-key-field"],
    title: "A serial or identity column rewrites the table",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "rewrite",
    safe: "Never on a table with rows.",
    mode: "both",
    why: "Every existing row gets the next number, so the whole table is written again under a lock that stops reads and writes.",
    remedy: "Create the sequence, add a nullable column, set the default, fill the old rows in batches.",
    rewrite: "CREATE SEQUENCE users_no_seq;\nALTER TABLE users ADD COLUMN no int;\nALTER TABLE users ALTER COLUMN no SET DEFAULT nextval('users_no_seq');"
  },
  ({ table, column }, site) => column.serial ? onColumn(site, table, column.name, { suggestion: backfill(table, column) }) : void 0
);
var addGenerated = rule(
  ["add-column"],
  {
    id: "add-column-stored-generated",
    squawk: ["adding-field-with-default"],
    title: "A stored generated column rewrites the table",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "rewrite",
    safe: "VIRTUAL columns (PostgreSQL 18).",
    mode: "both",
    why: "The expression is computed and stored for every row: a full copy of the table under a lock that stops reads and writes.",
    remedy: "Use a plain column with a trigger and a batched backfill, or a VIRTUAL column on PostgreSQL 18.",
    rewrite: "ALTER TABLE users ADD COLUMN email_lower text GENERATED ALWAYS AS (lower(email)) VIRTUAL; -- PostgreSQL 18"
  },
  ({ table, column }, site) => column.generated === "stored" ? onColumn(site, table, column.name) : void 0
);
var addRequired = rule(
  ["add-column"],
  {
    id: "add-required-column",
    squawk: ["adding-required-field"],
    title: "A required column without a default fails when the table has rows",
    category: "fails",
    lock: "ACCESS EXCLUSIVE",
    work: "scan",
    safe: "The table is empty.",
    mode: "both",
    why: "Existing rows would have NULL in a column that forbids it, so PostgreSQL refuses the statement (23502) and the migration fails.",
    remedy: "Add it with a default, or nullable, fill it, and make it required in a later migration.",
    rewrite: "ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free';"
  },
  ({ table, column }, site) => {
    const given = column.defaultCalls !== void 0 || column.serial || column.generated !== void 0;
    if (!column.notNull || given) return void 0;
    const now = site.world.table(table);
    const primary = column.constraints.some(({ kind }) => kind === "primary");
    const empty = { level: "notice", detail: "The table was empty when the database was asked." };
    return onColumn(site, table, column.name, {
      ...isEmpty(now) ? empty : { doubtful: now.facts === void 0 || primary },
      suggestion: `ALTER TABLE ${sqlName(table)} ADD COLUMN ${quoted(column.name)} … NOT NULL DEFAULT …;`
    });
  }
);
var inline = (kind, column) => column.constraints.find((each) => each.kind === kind);
var addCheck = rule(
  ["add-column"],
  {
    id: "add-column-check",
    squawk: ["constraint-missing-not-valid"],
    title: "A column with a CHECK scans the table",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "scan",
    safe: "The check comes later as NOT VALID and is validated by itself.",
    mode: "both",
    why: "PostgreSQL reads every row to prove the check, under a lock that stops reads and writes.",
    remedy: "Add the column plain, then the check NOT VALID, then validate it.",
    rewrite: "ALTER TABLE users ADD COLUMN age int;\nALTER TABLE users ADD CONSTRAINT age_ok CHECK (age > 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT age_ok;"
  },
  ({ table, column }, site) => inline("check", column)?.enforced ? onColumn(site, table, column.name) : void 0
);
var addUnique = rule(
  ["add-column"],
  {
    id: "add-column-unique",
    squawk: ["disallowed-unique-constraint"],
    title: "A unique column builds an index under the strongest lock",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "build",
    safe: "The index is built CONCURRENTLY in a migration of its own.",
    mode: "both",
    why: "The index is built while nobody can read or write the table.",
    remedy: "Add the column plain, then create the unique index CONCURRENTLY.",
    rewrite: "CREATE UNIQUE INDEX CONCURRENTLY users_code_key ON users (code);"
  },
  ({ table, column }, site) => inline("unique", column) === void 0 && inline("primary", column) === void 0 ? void 0 : onColumn(site, table, column.name, {
    suggestion: `CREATE UNIQUE INDEX CONCURRENTLY ${quoted(`${table.name}_${column.name}_key`)} ON ${sqlName(table)} (${quoted(column.name)});`
  })
);
var COLUMN_RULES = [
  addVolatile,
  addSerial,
  addGenerated,
  addRequired,
  addCheck,
  addUnique
];

// src/hazards/rules/constraints.ts
var nameOf2 = (table, each, suffix) => quoted(each.name ?? [table.name, ...each.columns, suffix].join("_"));
var list = (columns) => columns.map(quoted).join(", ");
var parentOf = (site, { parent }) => {
  const found2 = parent === void 0 ? void 0 : site.world.table(parent);
  return found2 === void 0 || !inUse(found2) ? [] : [found2];
};
var references = ({ parent, parentColumns }) => {
  const columns = parentColumns.length === 0 ? "" : ` (${list(parentColumns)})`;
  return parent === void 0 ? "" : `REFERENCES ${sqlName(parent)}${columns}`;
};
var addForeign = rule(
  ["add-constraint"],
  {
    id: "add-foreign-key",
    squawk: ["adding-foreign-key-constraint"],
    title: "A foreign key is checked for every row while both tables refuse writes",
    category: "blocking",
    lock: "SHARE ROW EXCLUSIVE",
    work: "scan",
    safe: "NOT VALID first, VALIDATE CONSTRAINT in a later file; or the table is new.",
    mode: "both",
    why: "PostgreSQL joins the two tables to prove the key; until it is done nobody can write to either. One orphan, and the migration fails (23503).",
    remedy: "Add it NOT VALID, and validate it in the next migration file.",
    rewrite: "ALTER TABLE orders ADD CONSTRAINT orders_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;\n-- next migration file:\nALTER TABLE orders VALIDATE CONSTRAINT orders_user_fkey;"
  },
  ({ table, constraint }, site) => {
    if (constraint.kind !== "foreign" || constraint.notValid || !constraint.enforced) return void 0;
    const own = site.world.table(table);
    if (!inUse(own)) return void 0;
    const name = nameOf2(table, constraint, "fkey");
    return {
      tables: [own],
      also: parentOf(site, constraint).filter((each) => each !== own),
      subject: sqlName(table),
      suggestion: `ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${name} FOREIGN KEY (${list(constraint.columns)}) ${references(constraint)} NOT VALID;
-- next migration file:
ALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${name};`
    };
  }
);
var toParents = (site, table, constraints) => {
  const parents = constraints.filter(({ kind }) => kind === "foreign").flatMap((each) => parentOf(site, each)).filter(({ existed }) => existed);
  return parents.length === 0 ? void 0 : { tables: [...new Set(parents)], subject: sqlName(table) };
};
var newTableForeign = rule(
  ["create-table", "add-constraint", "add-column"],
  {
    id: "foreign-key-locks-parent",
    squawk: [],
    title: "The foreign key of a new table stops writes to its parent for a moment",
    category: "brief",
    lock: "SHARE ROW EXCLUSIVE",
    work: "catalog",
    safe: "No long transaction holds the parent.",
    mode: "whole file",
    why: "The lock on the parent is short, but it waits for every transaction that wrote to it, and all writers queue behind. In a file that runs as one transaction it stays until the end of the file.",
    remedy: "Nothing to change: keep lock-timeout short, and keep slow statements out of the file.",
    rewrite: ""
  },
  (operation, site) => {
    if (operation.op === "create-table")
      return toParents(site, operation.table, [
        ...operation.constraints,
        ...operation.columns.flatMap((each) => each.constraints)
      ]);
    if (operation.op === "add-column") return toParents(site, operation.table, operation.column.constraints);
    const own = site.world.table(operation.table);
    if (inUse(own) && !operation.constraint.notValid) return void 0;
    return toParents(site, operation.table, [operation.constraint]);
  }
);
var addCheck2 = rule(
  ["add-constraint"],
  {
    id: "add-check",
    squawk: ["constraint-missing-not-valid"],
    title: "A CHECK scans the table while nobody can use it",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "scan",
    safe: "NOT VALID first, VALIDATE CONSTRAINT in a later file.",
    mode: "both",
    why: "PostgreSQL reads every row to prove it, under a lock that stops reads and writes.",
    remedy: "Add it NOT VALID, and validate it in the next migration file.",
    rewrite: "ALTER TABLE users ADD CONSTRAINT age_ok CHECK (age > 0) NOT VALID;\n-- next migration file:\nALTER TABLE users VALIDATE CONSTRAINT age_ok;"
  },
  ({ table, constraint }, site) => {
    const { kind, notValid, enforced } = constraint;
    if (kind !== "check" && kind !== "not-null" || notValid || !enforced) return void 0;
    const name = nameOf2(table, constraint, "check");
    const what = kind === "check" ? "CHECK (…)" : `NOT NULL ${list(constraint.columns)}`;
    return onTable(site, table, {
      suggestion: `ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${name} ${what} NOT VALID;
-- next migration file:
ALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${name};`
    });
  }
);
var usingIndex = (table, each, words2) => {
  const name = nameOf2(table, each, words2 === "UNIQUE" ? "key" : "pkey");
  return `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${sqlName(table)} (${list(each.columns)});
-- next migration file:
ALTER TABLE ${sqlName(table)} ADD CONSTRAINT ${name} ${words2} USING INDEX ${name};`;
};
var addUnique2 = rule(
  ["add-constraint"],
  {
    id: "add-unique-constraint",
    squawk: ["disallowed-unique-constraint"],
    title: "A UNIQUE constraint builds its index while nobody can use the table",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "build",
    safe: "USING INDEX, with an index built CONCURRENTLY before.",
    mode: "both",
    why: "The index is built under a lock that stops reads and writes. Duplicates make the migration fail (23505).",
    remedy: "Build a unique index CONCURRENTLY, then add the constraint USING INDEX.",
    rewrite: "CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);\n-- next migration file:\nALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;"
  },
  ({ table, constraint }, site) => constraint.kind === "unique" && constraint.usingIndex === void 0 ? onTable(site, table, { suggestion: usingIndex(table, constraint, "UNIQUE") }) : void 0
);
var addPrimary = rule(
  ["add-constraint"],
  {
    id: "add-primary-key",
    squawk: ["adding-serial-primary-key-field"],
    title: "A primary key builds its index while nobody can use the table",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "build",
    safe: "USING INDEX, with an index built CONCURRENTLY before over columns that are NOT NULL.",
    mode: "both",
    why: "The index is built, and columns that allow NULL are scanned, under a lock that stops reads and writes.",
    remedy: "Build a unique index CONCURRENTLY, then swap the key USING INDEX.",
    rewrite: "CREATE UNIQUE INDEX CONCURRENTLY users_new_pkey ON users (id);\n-- next migration file:\nALTER TABLE users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_new_pkey PRIMARY KEY USING INDEX users_new_pkey;"
  },
  ({ table, constraint }, site) => {
    if (constraint.kind !== "primary") return void 0;
    const columns = site.world.table(table).columns;
    const nullable = constraint.columns.filter((each) => columns.get(each)?.notNull === false);
    if (constraint.usingIndex !== void 0 && nullable.length === 0) return void 0;
    return onTable(site, table, {
      work: constraint.usingIndex === void 0 ? "build" : "scan",
      suggestion: usingIndex(table, constraint, "PRIMARY KEY")
    });
  }
);
var addExclusion = rule(
  ["add-constraint"],
  {
    id: "add-exclusion-constraint",
    squawk: [],
    title: "An EXCLUDE constraint builds its index while nobody can use the table",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "build",
    safe: "Never on a table with rows: it can be neither NOT VALID nor built CONCURRENTLY.",
    mode: "both",
    why: "Every row is compared and the index built under a lock that stops reads and writes.",
    remedy: "Do it in a maintenance window, or on a new table that is filled in batches.",
    rewrite: ""
  },
  ({ table, constraint }, site) => constraint.kind === "exclusion" ? onTable(site, table) : void 0
);
var CONSTRAINT_RULES = [
  addForeign,
  newTableForeign,
  addCheck2,
  addUnique2,
  addPrimary,
  addExclusion
];

// src/hazards/rules/enums.ts
var toText = (value) => {
  const { type, fields } = nodeOf(value);
  if (type !== "TypeCast" || !isTree(fields.typeName)) return false;
  return /^(?:text|varchar)$/.test(strings(fields.typeName.names).at(-1) ?? "");
};
var comparesText = (node) => isTree(node.A_Expr) && (toText(node.A_Expr.lexpr) || toText(node.A_Expr.rexpr));
function literalsIn(value) {
  if (Array.isArray(value)) return value.flatMap(literalsIn);
  if (!isTree(value) || comparesText(value)) return [];
  const own = isTree(value.sval) ? textOf(value.sval.sval) : "";
  return [...own === "" ? [] : [own], ...Object.values(value).flatMap(literalsIn)];
}
var castsTo = (tree, type) => walk(tree).some(({ key, node }) => key === "typeName" && strings(node.names).at(-1) === type.name);
function laterUse(site, type, value) {
  for (const index of site.company.filter((each) => each > site.index)) {
    const statement = site.file.statements[index];
    if (statement === void 0 || statement.kind === "transaction" || nodeOf(statement.tree).type === "AlterEnumStmt")
      continue;
    if (!literalsIn(statement.tree).includes(value)) continue;
    const table = site.all[index]?.flatMap(
      (each) => "table" in each && each.table !== void 0 ? [site.world.table(each.table)] : []
    );
    const column = table?.some(
      ({ columns }) => [...columns.values()].some((each) => each.type?.base === type.name)
    );
    return { line: statement.line, sure: castsTo(statement.tree, type) || column === true };
  }
  return void 0;
}
var usesValue = rule(
  ["add-enum-value"],
  {
    id: "enum-value-used-in-same-transaction",
    squawk: [],
    title: "The new enum value is used before it is committed",
    category: "fails",
    work: "catalog",
    safe: "The use stands in a later migration file; or Prisma 7.4 and later runs the file without BEGIN.",
    mode: "whole file",
    why: "PostgreSQL refuses a new value until its transaction is committed (55P04 unsafe use of new value), so the migration fails.",
    remedy: "Put ADD VALUE in a migration file of its own.",
    rewrite: "ALTER TYPE mood ADD VALUE 'calm';\n-- next migration file:\nALTER TABLE users ALTER COLUMN mood SET DEFAULT 'calm';"
  },
  ({ type, value }, site) => {
    const made = site.world.type(type);
    const ownType = made?.transaction === site.transaction;
    if (ownType && site.version >= 17e4) return void 0;
    if (site.version < 12e4 && site.company.length > 1)
      return {
        tables: [],
        subject: sqlName(type),
        detail: "Before PostgreSQL 12 ADD VALUE must be alone in its file."
      };
    const use = laterUse(site, type, value);
    if (use === void 0) return void 0;
    return {
      tables: [],
      subject: sqlName(type),
      doubtful: !use.sure,
      detail: `The value is used in line ${use.line}.`,
      suggestion: `${site.statement.text};
-- next migration file: the rest`
    };
  }
);
var renameValue = rule(
  ["rename-enum-value"],
  {
    id: "rename-enum-value",
    squawk: [],
    title: "Renaming an enum value breaks running code",
    category: "breaking",
    work: "catalog",
    safe: "No running code reads or writes the value.",
    mode: "both",
    why: "The Prisma Client that runs now sends and expects the old name; both fail from now on.",
    remedy: "Add the new value, move the rows over, stop using the old one; or keep the name with @map.",
    rewrite: "ALTER TYPE mood ADD VALUE 'happy';"
  },
  ({ type }, site) => site.world.type(type)?.transaction === void 0 ? { tables: [], subject: sqlName(type) } : void 0
);
var isLeftover = (site, type) => {
  const now = site.world.type(type);
  return now?.file === site.fileIndex;
};
var dropType = rule(
  ["drop"],
  {
    id: "drop-type",
    squawk: [],
    title: "Dropping a type breaks running code that casts to it",
    category: "breaking",
    work: "catalog",
    safe: "No running code names the type.",
    mode: "both",
    why: "Prisma Client casts enum values to their type; those queries of the running version fail.",
    remedy: "Drop it one release after the last column that used it.",
    rewrite: "DROP TYPE mood;"
  },
  ({ what, names, cascade }, site) => what !== "type" || cascade || names.every((each) => isLeftover(site, each)) ? void 0 : { tables: [], subject: names.map(sqlName).join(", ") }
);
var renameType = rule(
  ["rename-type"],
  {
    id: "rename-type",
    squawk: [],
    title: "Renaming a type breaks running code that casts to it",
    category: "breaking",
    work: "catalog",
    safe: "Another type takes the name in the same file.",
    mode: "both",
    why: "Prisma Client casts enum values to their type; those queries of the running version fail.",
    remedy: "Rename the enum in Prisma only and keep the type with @@map.",
    rewrite: '-- schema.prisma: @@map("mood")'
  },
  ({ type }, site) => {
    if (isLeftover(site, type)) return void 0;
    const taken = site.all.flat().some(
      (each) => each.op === "rename-type" && each.to === type.name || each.op === "create-enum" && each.type.name === type.name
    );
    return taken ? void 0 : { tables: [], subject: sqlName(type) };
  }
);
var dropView = rule(
  ["drop"],
  {
    id: "drop-view",
    squawk: [],
    title: "Dropping a view breaks running code that reads it",
    category: "breaking",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "The same transaction creates it again.",
    mode: "differs",
    why: "Queries on it fail from now on; when it is created again in another transaction, in between.",
    remedy: "Use CREATE OR REPLACE VIEW, or keep the view one release longer.",
    rewrite: "CREATE OR REPLACE VIEW totals AS SELECT 1 AS total;"
  },
  ({ what, names }, site) => {
    if (what !== "view" && what !== "materialized view") return void 0;
    const again = new Set(
      site.company.flatMap(
        (index) => (site.all[index] ?? []).flatMap((each) => {
          if (each.op === "create-view") return [site.world.keyOf(each.view)];
          return each.op === "create-table-as" ? [site.world.keyOf(each.table)] : [];
        })
      )
    );
    const gone = names.filter((each) => !again.has(site.world.keyOf(each)));
    return gone.length === 0 ? void 0 : { tables: [], subject: gone.map(({ name }) => quoted(name)).join(", ") };
  }
);
var ENUM_RULES = [usesValue, renameValue, dropType, renameType, dropView];

// src/domain/row-risk-mysql.ts
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

// src/hazards/file-rule.ts
var fileRule = (text2, find) => ({ ...text2, find });

// src/hazards/rules/files.ts
var about = (index, more = {}) => ({
  tables: [],
  subject: "",
  index,
  ...more
});
var unreadable = fileRule(
  {
    id: "unreadable-file",
    squawk: ["syntax-error"],
    title: "PostgreSQL cannot read this file",
    category: "fails-whole",
    safe: "Never.",
    mode: "both",
    why: "The grammar of PostgreSQL 18 refuses the file, so nothing in it could be checked, and the server will refuse it, too. Lines of psql such as \\restrict or :variable do this.",
    remedy: "Correct the line, or take out what only psql understands.",
    rewrite: ""
  },
  ({ file }) => file.syntaxError === void 0 ? [] : [
    {
      tables: [],
      subject: "",
      line: file.syntaxError.line,
      detail: `The parser says: ${file.syntaxError.message}.`
    }
  ]
);
var bytes = fileRule(
  {
    id: "odd-bytes",
    squawk: [],
    title: "The file holds bytes that the server does not take",
    category: "fails-whole",
    safe: "Plain UTF-8 without a byte order mark.",
    mode: "both",
    why: "A byte order mark is a syntax error for PostgreSQL; bytes that are no UTF-8 are replaced or refused; a NUL cannot even be sent (block).",
    remedy: "Save the file as UTF-8 without a byte order mark.",
    rewrite: ""
  },
  ({ file }) => file.oddities.map((oddity) => ({
    tables: [],
    subject: "",
    line: 1,
    detail: `Found: ${oddity.replaceAll("-", " ")}${oddity === "nul-byte" ? ", as UTF-16 has it" : ""}.`,
    ...oddity === "invalid-utf8" ? { doubtful: true } : {},
    // Prisma's driver gives up before it sends such a text, and afterwards nobody can tell what the server was sent.
    ...oddity === "nul-byte" ? { level: "block" } : {}
  }))
);
var concurrently = fileRule(
  {
    id: "concurrently-in-transaction",
    squawk: ["ban-concurrent-index-creation-in-transaction"],
    title: "This statement cannot run in a transaction",
    category: "fails-whole",
    safe: "Alone in its file; or Prisma 7.4 and later without BEGIN.",
    mode: "whole file",
    why: "CONCURRENTLY, VACUUM and their like refuse to run in a transaction (25001). Up to Prisma 7.3 a file with more than one statement is one transaction, and a COMMIT before it does not help.",
    remedy: "Give it a migration file of its own.",
    rewrite: "CREATE INDEX CONCURRENTLY orders_user_idx ON orders (user_id); -- alone in its file"
  },
  ({ file, placements, request }) => file.statements.flatMap(({ kind }, index) => {
    if (kind !== "maintenance") return [];
    const crowded2 = request.splitsStatements ? placements[index]?.explicit === true : file.statements.length > 1;
    return crowded2 ? [about(index)] : [];
  })
);
var uncommitted = fileRule(
  {
    id: "uncommitted-transaction",
    squawk: ["ban-uncommitted-transaction"],
    title: "BEGIN without COMMIT: nothing of it is kept",
    category: "fails-whole",
    safe: "COMMIT at the end.",
    mode: "both",
    why: "The server throws all of it away when the session ends, but Prisma reports no error and records the migration as applied.",
    remedy: "Add COMMIT, or take BEGIN out.",
    rewrite: "COMMIT;"
  },
  ({ file }) => {
    if (!leavesTransactionOpen(file.statements)) return [];
    return [about(file.statements.findLastIndex(({ transaction }) => transaction === "begin"))];
  }
);
var rollsBack = fileRule(
  {
    id: "ends-in-rollback",
    squawk: [],
    title: "The file undoes itself",
    category: "fails-whole",
    safe: "COMMIT at the end.",
    mode: "both",
    why: "Its last word about transactions is ROLLBACK: the server undoes the work, and Prisma records the migration as applied.",
    remedy: "End the file with COMMIT, or take ROLLBACK out.",
    rewrite: "COMMIT;"
  },
  ({ file }) => endsInRollback(file.statements) ? [about(file.statements.findLastIndex(({ transaction }) => transaction === "rollback"))] : []
);
var nested2 = fileRule(
  {
    id: "transaction-control",
    squawk: ["transaction-nesting"],
    title: "BEGIN or COMMIT in the middle of a file",
    category: "advice",
    safe: "BEGIN first and COMMIT last.",
    mode: "differs",
    why: "Up to Prisma 7.3 a BEGIN joins the transaction that is already open, and COMMIT ends both: what follows is a transaction of its own.",
    remedy: "Put BEGIN first and COMMIT last, or take both out.",
    rewrite: "BEGIN;\nALTER TABLE users ADD COLUMN age int;\nCOMMIT;"
  },
  ({ file }) => {
    const control = file.statements.findIndex(
      ({ transaction }) => transaction !== void 0 && transaction !== "savepoint"
    );
    return control === -1 || isWrapped(file.statements) || leavesTransactionOpen(file.statements) ? [] : [about(control)];
  }
);
var touchesNothing = ({ locks, seen }) => locks.every((each) => each.size === 0) && seen.every(({ category }) => category === "brief" || category === "advice");
var partial = fileRule(
  {
    id: "partial-commit",
    squawk: [],
    title: "A failure leaves half of the file behind",
    category: "partial",
    safe: "BEGIN first and COMMIT last; or a single statement; or Prisma up to 7.3 without transaction control.",
    mode: "each statement",
    why: "The file is not one transaction. When a statement fails, those before it stay, the migration counts as failed, and running it again meets what is already there.",
    remedy: "Put BEGIN and COMMIT around the file, or make it a single statement.",
    rewrite: "BEGIN;\nALTER TABLE users ADD COLUMN age int;\nALTER TABLE users ADD COLUMN town text;\nCOMMIT;"
  },
  (site) => {
    const { file, request, seen } = site;
    const real = file.statements.filter(({ kind }) => kind !== "transaction" && kind !== "session");
    if (file.syntaxError !== void 0 || real.length < 2) return [];
    if (isAtomic(file, request.splitsStatements) || leavesTransactionOpen(file.statements)) return [];
    const likely = seen.some(
      ({ index, severe, category }) => index > 0 && severe && category !== "data-loss"
    );
    const first = file.statements.findIndex(({ kind }) => kind !== "session");
    const level = likely ? "error" : touchesNothing(site) ? "notice" : "warning";
    return [about(first, { level })];
  }
);
var FILE_RULES = [
  unreadable,
  bytes,
  concurrently,
  uncommitted,
  rollsBack,
  nested2,
  partial
];

// src/hazards/rules/holding.ts
var transactions = ({ placements }) => [
  ...Map.groupBy(placements.keys(), (index) => placements[index]?.transaction ?? -1).values()
];
function exclusives({ locks }, indexes) {
  const found2 = /* @__PURE__ */ new Map();
  for (const index of indexes)
    for (const [table, mode] of locks[index] ?? /* @__PURE__ */ new Map())
      if (mode === "ACCESS EXCLUSIVE" && !found2.has(table)) found2.set(table, index);
  return found2;
}
var LONG = /* @__PURE__ */ new Set(["rewrite", "build", "scan", "rows"]);
function worksUnder(seen, held) {
  if (seen.category !== "blocking" && seen.category !== "rows" || !LONG.has(seen.work ?? "")) return false;
  const own = new Set(seen.match.tables.map(({ label }) => label));
  return [...held].some(
    ([table, since]) => since < seen.index && (!own.has(table) || seen.lock !== "ACCESS EXCLUSIVE")
  );
}
var underLock = fileRule(
  {
    id: "work-under-lock",
    squawk: [],
    title: "Long work while an earlier statement’s lock is still held",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "scan",
    safe: "The two statements stand in different files; or Prisma 7.4 and later runs the file without BEGIN.",
    mode: "whole file",
    why: "A lock is kept to the end of the transaction. An ALTER TABLE of a millisecond stops all reads and writes of its table for as long as the statements after it take.",
    remedy: "Move the long statement to a migration file of its own.",
    rewrite: "-- file 1:\nALTER TABLE users ADD COLUMN plan text;\n-- file 2:\nCREATE INDEX CONCURRENTLY users_plan_idx ON users (plan);"
  },
  (site) => transactions(site).flatMap((indexes) => {
    const held = exclusives(site, indexes);
    const work = site.seen.find((each) => indexes.includes(each.index) && worksUnder(each, held));
    if (work === void 0) return [];
    const before = [...held].filter(([, since]) => since < work.index);
    const names = before.map(
      ([table, since]) => `${table} (since line ${site.file.statements[since]?.line ?? 1})`
    );
    return [
      {
        tables: work.match.tables,
        subject: work.match.subject,
        index: work.index,
        ...work.work === void 0 ? {} : { work: work.work },
        detail: `Held meanwhile: ${names.join(", ")}.`
      }
    ];
  })
);
var several = fileRule(
  {
    id: "several-tables-locked",
    squawk: [],
    title: "Several tables are locked at once",
    category: "brief",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "One table per file; or Prisma 7.4 and later without BEGIN.",
    mode: "whole file",
    why: "The first table stays locked while the migration waits for the next one, and a transaction of your application that uses them in another order makes a deadlock (40P01).",
    remedy: "Give each table a migration file of its own.",
    rewrite: ""
  },
  (site) => transactions(site).flatMap((indexes) => {
    const held = [...exclusives(site, indexes)];
    const last = held.at(-1);
    if (held.length < 2 || last === void 0) return [];
    const tables = [...site.world.tables.values()].filter(
      ({ label }) => held.some(([table]) => table === label)
    );
    const big = ["large", "huge"].includes(sizeOfAll(tables).class);
    return [
      {
        tables,
        subject: held.map(([table]) => table).join(", "),
        index: last[1],
        level: big ? "warning" : "notice"
      }
    ];
  })
);
var OLD_MS = 3e4;
var longTransaction = fileRule(
  {
    id: "long-transaction-in-the-way",
    squawk: [],
    title: "A transaction of others is open for long",
    category: "brief",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "No transaction is older than half a minute.",
    mode: "both",
    why: "The lock waits for every transaction that used the table, and everybody queues behind it until lock-timeout ends the wait.",
    remedy: "Find the session in pg_stat_activity and let it end, or deploy at another time.",
    rewrite: "SELECT pid, xact_start, query FROM pg_stat_activity WHERE xact_start < now() - interval '30 s';"
  },
  (site) => {
    const age = site.request.catalog?.oldestTransactionMs ?? 0;
    const index = site.locks.findIndex((each) => each.size > 0);
    if (age < OLD_MS || index === -1) return [];
    return [
      {
        tables: [],
        subject: [...site.locks[index]?.keys() ?? []].join(", "),
        index,
        level: "warning",
        detail: `The oldest one is ${Math.round(age / 1e3)} s old.`
      }
    ];
  }
);
var merge2 = fileRule(
  {
    id: "merge-alter-tables",
    squawk: [],
    title: "Each of these statements reads the table again",
    category: "advice",
    lock: "ACCESS EXCLUSIVE",
    work: "scan",
    safe: "One ALTER TABLE with all clauses: one pass.",
    mode: "both",
    why: "PostgreSQL does all clauses of one ALTER TABLE in a single pass over the table; separate statements make a pass each.",
    remedy: "Write them as one ALTER TABLE.",
    rewrite: "ALTER TABLE users ALTER COLUMN a SET NOT NULL, ALTER COLUMN b SET NOT NULL;"
  },
  ({ seen }) => {
    const rules = /* @__PURE__ */ new Set(["set-not-null", "change-column-type", "add-check"]);
    const heavy = seen.filter((each) => rules.has(each.rule));
    const groups = Map.groupBy(heavy, ({ match }) => match.tables[0]?.label ?? "");
    return [...groups.values()].flatMap((group) => {
      const second = group.find(({ index }) => index !== group[0]?.index);
      if (second === void 0) return [];
      return [{ tables: [], subject: second.match.subject, index: second.index }];
    });
  }
);
var HOLDING_RULES = [underLock, several, longTransaction, merge2];

// src/hazards/rules/ignores.ts
var text = (id, title, why, remedy) => ({
  id,
  squawk: [],
  title,
  category: "advice",
  safe: "",
  mode: "both",
  why,
  remedy,
  rewrite: "-- guard-ignore create-index: the table has 200 rows"
});
var WITHOUT_REASON = text(
  "ignore-without-reason",
  "guard-ignore needs a reason",
  "Without a reason nobody can tell later whether it still holds, so it silences nothing.",
  "Write -- guard-ignore rule: reason."
);
var UNUSED = text(
  "ignore-unused",
  "guard-ignore silences nothing",
  "No such finding exists at this place; the comment would hide one that comes later.",
  "Take it out, or correct the name of the rule and the place."
);
var NOT_ALLOWED = text(
  "ignore-not-possible",
  "Data loss and partial commits cannot be silenced in SQL",
  "What loses data must leave a trace in the workflow, where a reviewer of the deployment sees it.",
  "Name the migration in allow-data-loss."
);
var IGNORE_RULES = [WITHOUT_REASON, UNUSED, NOT_ALLOWED];

// src/hazards/rules/indexes.ts
var crowded = (site) => site.company.length > 1;
var createIndex2 = rule(
  ["create-index"],
  {
    id: "create-index",
    squawk: ["require-concurrent-index-creation"],
    title: "CREATE INDEX stops writes until the index is built",
    category: "blocking",
    lock: "SHARE",
    work: "build",
    safe: "CONCURRENTLY; or the table is new or tiny.",
    mode: "both",
    why: "The table can be read but not written while every row is sorted into the index. A UNIQUE index fails on duplicates (23505).",
    remedy: "Build it CONCURRENTLY; up to Prisma 7.3 that statement must be alone in its migration file.",
    rewrite: "CREATE INDEX CONCURRENTLY orders_user_idx ON orders (user_id);"
  },
  ({ table, index, unique, concurrent, only }, site) => {
    if (concurrent || only) return void 0;
    const place = crowded(site) && !site.request.splitsStatements ? "-- alone in a migration file of its own:\n" : "";
    const name = index === void 0 ? "" : ` ${quoted(index)}`;
    const text2 = site.statement.text.replace(/\bINDEX\b/i, "INDEX CONCURRENTLY");
    const suggestion = text2.length < 500 ? text2 : `CREATE ${unique ? "UNIQUE " : ""}INDEX CONCURRENTLY${name} ON ${sqlName(table)} …`;
    return onTable(site, table, { suggestion: `${place}${suggestion};` });
  }
);
var keepsInvalid = rule(
  ["create-index"],
  {
    id: "concurrently-if-not-exists",
    squawk: [],
    title: "IF NOT EXISTS keeps an INVALID index",
    category: "advice",
    lock: "SHARE UPDATE EXCLUSIVE",
    work: "build",
    safe: "DROP INDEX IF EXISTS stands in a migration before it.",
    mode: "both",
    why: "A CREATE INDEX CONCURRENTLY that a timeout cut off leaves an INVALID index, and IF NOT EXISTS takes it for done: queries never use it, writes pay for it.",
    remedy: "Leave IF NOT EXISTS out; a leftover then shows as an error.",
    rewrite: "CREATE INDEX CONCURRENTLY orders_user_idx ON orders (user_id);"
  },
  ({ table, concurrent, ifNotExists }, site) => concurrent && ifNotExists ? onTable(site, table) : void 0
);
var corrupts = rule(
  ["create-index", "reindex"],
  {
    id: "concurrent-index-corruption",
    squawk: [],
    title: "PostgreSQL 14.0 to 14.3 builds corrupt indexes CONCURRENTLY",
    category: "fails",
    lock: "SHARE UPDATE EXCLUSIVE",
    work: "build",
    safe: "PostgreSQL 14.4 and every other major version.",
    mode: "both",
    why: "Rows may be missing from the index without any error (release notes of 14.4).",
    remedy: "Upgrade the server to the newest 14 first.",
    rewrite: ""
  },
  (operation, site) => {
    if (!operation.concurrent || site.version < 14e4 || site.version >= 140004) return void 0;
    const table = operation.op === "create-index" ? operation.table : operation.name;
    return table === void 0 ? { tables: [], subject: "" } : onTable(site, table);
  }
);
var dropIndex = rule(
  ["drop"],
  {
    id: "drop-index",
    squawk: ["require-concurrent-index-deletion"],
    title: "DROP INDEX takes the strongest lock on the table for a moment",
    category: "brief",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "CONCURRENTLY.",
    mode: "both",
    why: "Short by itself, but it waits for every transaction on the table, and everybody queues behind. Queries that used the index get slow.",
    remedy: "Drop it CONCURRENTLY, alone in its file up to Prisma 7.3.",
    rewrite: "DROP INDEX CONCURRENTLY orders_user_idx;"
  },
  ({ what, names, concurrent }, site) => {
    if (what !== "index" || concurrent) return void 0;
    const tables = names.flatMap((each) => site.world.tableOfIndex(each) ?? []);
    if (tables.length > 0 && !tables.some(inUse)) return void 0;
    return {
      tables,
      subject: names.map(sqlName).join(", "),
      suggestion: names.map((each) => `DROP INDEX CONCURRENTLY ${sqlName(each)};`).join("\n")
    };
  }
);
var reindex2 = rule(
  ["reindex"],
  {
    id: "reindex",
    squawk: ["require-concurrent-reindex"],
    title: "REINDEX stops writes, and reads that want the index",
    category: "blocking",
    lock: "SHARE",
    work: "build",
    safe: "CONCURRENTLY (PostgreSQL 12 and later).",
    mode: "both",
    why: "The index is locked against everything and the table against writes while it is built again.",
    remedy: "Use REINDEX CONCURRENTLY, alone in its file up to Prisma 7.3.",
    rewrite: "REINDEX INDEX CONCURRENTLY orders_user_idx;"
  },
  ({ what, name, concurrent }, site) => {
    if (concurrent) return void 0;
    const table = name === void 0 ? void 0 : what === "index" ? site.world.tableOfIndex(name) : site.world.table(name);
    if (table !== void 0 && !inUse(table)) return void 0;
    return { tables: table === void 0 ? [] : [table], subject: name === void 0 ? "" : sqlName(name) };
  }
);
var outlasts = rule(
  ["create-index", "reindex", "refresh", "validate-constraint"],
  {
    id: "outlasts-statement-timeout",
    squawk: [],
    title: "The statement is expected to outlast the statement timeout",
    category: "rows",
    lock: "SHARE UPDATE EXCLUSIVE",
    work: "build",
    safe: "The table is small enough, or statement-timeout is raised for this deploy.",
    mode: "both",
    why: "It stops nobody, but the statement timeout will cut it off. A CREATE INDEX CONCURRENTLY that is cut off leaves an INVALID index behind.",
    remedy: "Raise statement-timeout for the deploy of this migration.",
    rewrite: ""
  },
  (operation, site) => {
    const long = operation.op === "validate-constraint" || operation.concurrent;
    const name = "name" in operation && typeof operation.name === "object" ? operation.name : void 0;
    const table = "table" in operation ? operation.table : operation.op === "refresh" ? operation.view : name;
    if (!long || table === void 0 || site.request.catalog === void 0) return void 0;
    const work = operation.op === "validate-constraint" ? "scan" : "build";
    return onTable(site, table, { work, level: "notice", onlyIfLong: true });
  }
);
var INDEX_RULES = [
  createIndex2,
  keepsInvalid,
  corrupts,
  dropIndex,
  reindex2,
  outlasts
];

// src/hazards/rules/newer.ts
var NEWER = [
  {
    words: "VIRTUAL",
    since: 18e4,
    isHere: (node) => node.contype === "CONSTR_GENERATED" && node.generated_kind === "v"
  },
  {
    words: "NOT NULL … NOT VALID",
    since: 18e4,
    isHere: (node) => node.contype === "CONSTR_NOTNULL" && node.skip_validation === true
  },
  {
    words: "NOT ENFORCED",
    since: 18e4,
    isHere: (node) => /^CONSTR_(?:CHECK|FOREIGN)$/.test(textOf(node.contype)) && node.is_enforced !== true
  },
  { words: "WITHOUT OVERLAPS", since: 18e4, isHere: (node) => node.without_overlaps === true },
  { words: "PERIOD", since: 18e4, isHere: (node) => node.fk_with_period === true },
  { words: "SET EXPRESSION", since: 17e4, isHere: (node) => node.subtype === "AT_SetExpression" },
  { words: "MERGE", since: 15e4, isHere: (_, key) => key === "MergeStmt" },
  { words: "NULLS NOT DISTINCT", since: 15e4, isHere: (node) => node.nulls_not_distinct === true },
  {
    words: "DETACH PARTITION … CONCURRENTLY",
    since: 14e4,
    isHere: (node, key) => key === "PartitionCmd" && node.concurrent === true
  }
];
var newer = fileRule(
  {
    id: "newer-than-server",
    squawk: [],
    title: "The server is too old for this syntax",
    category: "fails",
    safe: "The server is as new as the syntax.",
    mode: "both",
    why: "The statement is read by the grammar of PostgreSQL 18; this server refuses it (42601).",
    remedy: "Write it in the syntax of your server, or upgrade first.",
    rewrite: ""
  },
  ({ file, version }) => {
    const unknown = NEWER.filter(({ since }) => version < since);
    if (unknown.length === 0) return [];
    return file.statements.flatMap(({ tree }, index) => {
      const nodes = walk(tree);
      return unknown.filter(({ isHere }) => nodes.some(({ node, key }) => isHere(node, key))).map(({ words: words2, since }) => ({
        tables: [],
        subject: "",
        index,
        detail: `${words2} needs PostgreSQL ${since / 1e4}.`
      }));
    });
  }
);
var NEWER_RULES = [newer];

// src/hazards/rules/nulls.ts
var PROVEN_SINCE = 12e4;
function isProven(site, operation) {
  const { constraints } = site.world.table(operation.table);
  return site.version >= PROVEN_SINCE && [...constraints.values()].some(({ proves, validated }) => validated && proves === operation.column);
}
var notNullSteps = (table, column, check) => [
  `ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;`,
  "-- next migration file:",
  `ALTER TABLE ${table} VALIDATE CONSTRAINT ${check};`,
  "-- next migration file:",
  `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL;`,
  `ALTER TABLE ${table} DROP CONSTRAINT ${check};`
].join("\n");
var setNotNull = rule(
  ["set-not-null"],
  {
    id: "set-not-null",
    squawk: ["adding-not-nullable-field"],
    title: "SET NOT NULL scans the table while nobody can use it",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "scan",
    safe: "A validated CHECK (column IS NOT NULL) exists (PostgreSQL 12 and later).",
    mode: "both",
    why: "PostgreSQL reads every row to look for NULL, under a lock that stops reads and writes. One NULL, and the migration fails (23502).",
    remedy: "Prove it first with a CHECK that is added NOT VALID and validated in a later file.",
    rewrite: notNullSteps("users", "email", "email_set")
  },
  (operation, site) => {
    const known = site.world.table(operation.table).columns.get(operation.column);
    const catalogSays = known?.notNull === true && !site.world.table(operation.table).touched.has(operation.column);
    if (isProven(site, operation) || catalogSays && site.request.catalog !== void 0) return void 0;
    const { table, column } = operation;
    const check = quoted(`${table.name}_${column}_set`);
    return onColumn(site, table, column, { suggestion: notNullSteps(sqlName(table), quoted(column), check) });
  }
);
var dropNotNull = rule(
  ["drop-not-null"],
  {
    id: "drop-not-null",
    squawk: ["ban-drop-not-null"],
    title: "Running code may meet NULL where it expects none",
    category: "breaking",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "No NULL is written before every reader is new.",
    mode: "both",
    why: "The Prisma Client that runs now declares the field as required; it throws when it reads a row with NULL.",
    remedy: "Deploy code that accepts NULL before code that writes it.",
    rewrite: "-- release 1: this migration and readers that accept NULL; release 2: writers of NULL"
  },
  (operation, site) => isOwn(site, operation) || !site.world.table(operation.table).existed ? void 0 : onColumn(site, operation.table, operation.column)
);
var dropDefault = rule(
  ["drop-default"],
  {
    id: "drop-default",
    squawk: [],
    title: "Inserts of running code may lack the value",
    category: "advice",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "All writers give the value themselves.",
    mode: "both",
    why: "Code that leaves the column out relied on the default; in a required column its inserts fail from now on.",
    remedy: "Deploy code that always writes the column first.",
    rewrite: "-- release 1: code that writes the column; release 2:\nALTER TABLE users ALTER COLUMN plan DROP DEFAULT;"
  },
  (operation, site) => isOwn(site, operation) || !site.world.table(operation.table).existed ? void 0 : onColumn(site, operation.table, operation.column)
);
var NULL_RULES = [setNotNull, dropNotNull, dropDefault];

// src/hazards/rules/partitions.ts
var attach = rule(
  ["attach-partition"],
  {
    id: "attach-partition",
    squawk: [],
    title: "ATTACH PARTITION scans the new partition",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "scan",
    safe: "A validated CHECK on the partition says what its bounds say (the parent then feels SHARE UPDATE EXCLUSIVE from PostgreSQL 12 on).",
    mode: "both",
    why: "Every row is checked against the bounds while nobody can use the table that becomes a partition.",
    remedy: "Add a CHECK with the same bounds NOT VALID, validate it in the next file, then attach.",
    rewrite: "ALTER TABLE events_2026 ADD CONSTRAINT bounds CHECK (at >= '2026-01-01' AND at < '2027-01-01' AND at IS NOT NULL) NOT VALID;"
  },
  ({ partition: partition2 }, site) => {
    const found2 = site.world.table(partition2);
    const checked = [...found2.constraints.values()].some(
      ({ kind, validated }) => kind === "check" && validated
    );
    return onTable(site, partition2, { doubtful: checked });
  }
);
var create = rule(
  ["create-table"],
  {
    id: "create-partition",
    squawk: [],
    title: "PARTITION OF locks the parent against everything",
    category: "brief",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "CREATE TABLE … (LIKE parent), then ATTACH PARTITION.",
    mode: "both",
    why: "Short by itself, but it waits for every transaction on the parent, and everybody queues behind. With a DEFAULT partition that one is scanned, too.",
    remedy: "Create the table by itself and attach it, which locks the parent less.",
    rewrite: "CREATE TABLE events_2027 (LIKE events INCLUDING ALL);\nALTER TABLE events ATTACH PARTITION events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');"
  },
  ({ table, partitionOf }, site) => partitionOf === void 0 ? void 0 : onTable(site, partitionOf, {
    suggestion: `CREATE TABLE ${sqlName(table)} (LIKE ${sqlName(partitionOf)} INCLUDING ALL);
ALTER TABLE ${sqlName(partitionOf)} ATTACH PARTITION ${sqlName(table)} FOR VALUES …;`
  })
);
var detach = rule(
  ["detach-partition"],
  {
    id: "detach-partition",
    squawk: ["require-concurrent-partition-detach"],
    title: "DETACH PARTITION locks parent and partition against everything",
    category: "brief",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "CONCURRENTLY (PostgreSQL 14 and later).",
    mode: "both",
    why: "Short by itself, but it waits for every transaction on the parent, and everybody queues behind.",
    remedy: "Detach it CONCURRENTLY, alone in its file up to Prisma 7.3.",
    rewrite: "ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY;"
  },
  ({ table, partition: partition2, concurrent }, site) => concurrent ? void 0 : onTable(site, table, {
    also: [site.world.table(partition2)],
    suggestion: `ALTER TABLE ${sqlName(table)} DETACH PARTITION ${sqlName(partition2)} CONCURRENTLY;`
  })
);
var trigger = rule(
  ["create-trigger"],
  {
    id: "create-trigger",
    squawk: [],
    title: "A trigger changes what running code does",
    category: "brief",
    lock: "SHARE ROW EXCLUSIVE",
    work: "catalog",
    safe: "No long transaction writes to the table.",
    mode: "both",
    why: "It waits for every transaction that writes to the table, writers queue behind it, and from then on each write of running code pays for the trigger.",
    remedy: "Keep lock-timeout short; make the function cheap and try it with the old code.",
    rewrite: ""
  },
  ({ table }, site) => onTable(site, table)
);
var security = rule(
  ["alter-table"],
  {
    id: "row-level-security",
    squawk: [],
    title: "Row level security hides rows from running code",
    category: "breaking",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "Policies exist, and the application owns the table without FORCE.",
    mode: "both",
    why: "Without a policy a role that does not own the table sees no rows, and no error says so.",
    remedy: "Create the policies in the same file, before ENABLE.",
    rewrite: "CREATE POLICY own ON notes USING (owner = current_user);\nALTER TABLE notes ENABLE ROW LEVEL SECURITY;"
  },
  ({ table, subtype }, site) => subtype === "AT_EnableRowSecurity" || subtype === "AT_ForceRowSecurity" ? onTable(site, table) : void 0
);
var BRIEF = /^AT_(?:ChangeOwner|ReplicaIdentity|SetStorage|SetCompression|AddInherit|DropInherit|AddIdentity|SetIdentity|DropIdentity|AlterConstraint)$/;
var brief = rule(
  ["alter-table", "table-object"],
  {
    id: "brief-exclusive-lock",
    squawk: [],
    title: "A short statement with the strongest lock",
    category: "brief",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "No long transaction holds the table.",
    mode: "both",
    why: "Short by itself, but it waits for every transaction on the table, and everybody queues behind.",
    remedy: "Nothing to change: keep lock-timeout short, and keep slow statements out of the file.",
    rewrite: ""
  },
  (operation, site) => {
    if (operation.op === "alter-table" && !BRIEF.test(operation.subtype)) return void 0;
    const what = operation.op === "alter-table" ? operation.subtype.slice(3) : operation.what;
    return operation.lock === "ACCESS EXCLUSIVE" ? onTable(site, operation.table, { detail: `Here: ${quoted(what).replaceAll('"', "")}.` }) : void 0;
  }
);
var PARTITION_RULES = [attach, create, detach, trigger, security, brief];

// src/hazards/rules/releases.ts
var validate = rule(
  ["validate-constraint"],
  {
    id: "validate-in-same-transaction",
    squawk: ["constraint-missing-not-valid"],
    title: "NOT VALID gains nothing when VALIDATE follows in the same transaction",
    category: "blocking",
    lock: "SHARE ROW EXCLUSIVE",
    work: "scan",
    safe: "VALIDATE stands in a later file, or Prisma 7.4 and later runs the file without BEGIN.",
    mode: "whole file",
    why: "The lock that ADD CONSTRAINT took is kept to the end of the transaction, and the scan runs under it.",
    remedy: "Move VALIDATE CONSTRAINT to the next migration file.",
    rewrite: "-- next migration file:\nALTER TABLE orders VALIDATE CONSTRAINT orders_user_fkey;"
  },
  ({ table, name }, site) => {
    const constraint = site.world.table(table).constraints.get(name);
    if (constraint === void 0 || constraint.transaction !== site.transaction || constraint.validated)
      return void 0;
    return onTable(site, table, {
      lock: constraint.kind === "foreign" ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE",
      suggestion: `-- next migration file:
ALTER TABLE ${sqlName(table)} VALIDATE CONSTRAINT ${quoted(name)};`
    });
  }
);
var dropForeign = rule(
  ["drop-constraint"],
  {
    id: "drop-foreign-key",
    squawk: [],
    title: "Dropping a foreign key locks both tables",
    category: "brief",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "No long transaction holds either table.",
    mode: "whole file",
    why: "The parent is locked as well, against reads and writes. Short by itself, but it waits for every transaction on either table, and everybody queues behind.",
    remedy: "Nothing to change: keep lock-timeout short, and keep slow statements out of the file.",
    rewrite: ""
  },
  ({ table, name }, site) => {
    const own = site.world.table(table);
    const constraint = own.constraints.get(name);
    const foreign = constraint?.kind === "foreign" || constraint === void 0 && /_fkey$/.test(name);
    if (!foreign || !own.existed) return void 0;
    const parent = constraint?.parent;
    const found2 = parent === void 0 ? void 0 : site.world.table(site.world.nameOf(parent));
    return onTable(site, table, found2 === void 0 || !inUse(found2) ? {} : { also: [found2] });
  }
);
var RELEASE_RULES = [validate, dropForeign];

// src/hazards/rules/rows.ts
var batches = (table, words2) => `-- alone in a migration file of its own, or outside of migrations:
DO $$
BEGIN
  LOOP
    ${words2} WHERE ctid IN (SELECT ctid FROM ${table} WHERE … LIMIT 10000);
    EXIT WHEN NOT FOUND;
    COMMIT;
  END LOOP;
END $$;`;
var deleteAll = rule(
  ["delete"],
  {
    id: "delete-all-rows",
    squawk: [],
    title: "DELETE without WHERE empties the table",
    category: "data-loss",
    lock: "ROW EXCLUSIVE",
    work: "rows",
    safe: "The table is empty, or new in the pending migrations.",
    mode: "both",
    why: "All rows are gone once it is committed.",
    remedy: "Say which rows, and delete them in batches; or name the migration in allow-data-loss.",
    rewrite: "DELETE FROM sessions WHERE expires < now() - interval '30 days';"
  },
  ({ table, rows }, site) => {
    const now = site.world.table(table);
    return rows === "all" && now.existed && !isEmpty(now) ? onTable(site, table) : void 0;
  }
);
var backfill2 = rule(
  ["update", "delete", "insert", "merge"],
  {
    id: "unbatched-backfill",
    squawk: [],
    title: "Many rows are changed in one statement",
    category: "rows",
    lock: "ROW EXCLUSIVE",
    work: "rows",
    safe: "Batches of at most 10,000 rows, each committed by itself; or few rows.",
    mode: "differs",
    why: "All rows it touches stay locked until the transaction ends, and each gets a second copy: bloat, WAL and replica lag. It is slower than a rewrite of the table (30 s for 5 million rows). In a file that runs as one transaction it also keeps every lock the file took before.",
    remedy: "Fill in batches, outside of the migration or alone in a file.",
    rewrite: batches("users", "UPDATE users SET plan = 'free'")
  },
  (operation, site) => {
    const { op, table, rows, reads } = operation;
    if (rows === "few" || rows === "point" || op === "delete" && rows === "all") return void 0;
    const source = op === "insert" || op === "merge" ? reads.map((each) => site.world.table(each)) : [];
    const own = site.world.table(table);
    const touched = op === "insert" ? source.filter(inUse) : [own].filter(inUse);
    if (touched.length === 0 || !touched.some((each) => !isEmpty(each)) || !inUse(own)) return void 0;
    const words2 = op === "delete" ? `DELETE FROM ${sqlName(table)}` : `UPDATE ${sqlName(table)} SET …`;
    return {
      tables: touched,
      subject: sqlName(table),
      ...op === "insert" || op === "merge" ? {} : { suggestion: batches(sqlName(table), words2) }
    };
  }
);
var lockTable = rule(
  ["lock-table"],
  {
    id: "lock-table",
    squawk: [],
    title: "LOCK TABLE holds its lock to the end of the transaction",
    category: "brief",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "Nothing slow follows in the transaction.",
    mode: "whole file",
    why: "Without a mode it locks against reads and writes, and everybody waits until the whole file is done.",
    remedy: "Leave it out; each statement takes the lock it needs.",
    rewrite: ""
  },
  ({ tables, exclusive: exclusive2 }, site) => {
    const found2 = tables.map((each) => site.world.table(each)).filter(inUse);
    const subject = tables.map(sqlName).join(", ");
    const bare2 = site.company.length === 1 && !site.explicit;
    if (bare2)
      return {
        ...{ tables: found2, subject, category: "fails", work: "catalog" },
        detail: "Alone, without BEGIN, the server refuses it (25P01)."
      };
    return exclusive2 && found2.length > 0 ? { tables: found2, subject } : void 0;
  }
);
var revoke2 = rule(
  ["revoke"],
  {
    id: "revoke",
    squawk: [],
    title: "Running code may lose its rights",
    category: "breaking",
    work: "catalog",
    safe: "No running code uses the right.",
    mode: "both",
    why: "Statements that were allowed a moment ago fail (42501).",
    remedy: "Deploy code that does without the right first.",
    rewrite: ""
  },
  ({ tables }, site) => {
    const found2 = tables.map((each) => site.world.table(each)).filter(({ existed }) => existed);
    return found2.length === 0 ? void 0 : { tables: found2, subject: tables.map(sqlName).join(", ") };
  }
);
var copyStdin = rule(
  ["copy-stdin"],
  {
    id: "copy-from-stdin",
    squawk: [],
    title: "COPY FROM STDIN cannot run in a migration",
    category: "fails",
    work: "rows",
    safe: "Never: Prisma sends the file as SQL and has no input to give.",
    mode: "both",
    why: "The server waits for rows that the driver does not send, and the migration fails. It comes from a pg_dump.",
    remedy: "Use INSERT (pg_dump --inserts).",
    rewrite: "INSERT INTO plans (id, name) VALUES (1, $$free$$);"
  },
  ({ table }) => ({ tables: [], subject: table === void 0 ? "" : sqlName(table) })
);
var opaque = rule(
  ["opaque"],
  {
    id: "opaque-statement",
    squawk: [],
    title: "Nobody can tell what this statement does",
    category: "opaque",
    safe: "A person has read it.",
    mode: "both",
    why: "DO blocks, procedures, EXECUTE, CREATE EXTENSION and functions of your own may lock, rewrite or delete anything.",
    remedy: "Read it with the size of the tables in mind, then write down that you did: -- guard-ignore opaque-statement: reason.",
    rewrite: ""
  },
  ({ what }, site) => {
    const once = site.operations.findIndex((each) => each.op === "opaque");
    return site.operations[once]?.op === "opaque" ? { tables: [], subject: what } : void 0;
  }
);
var ROW_RULES = [deleteAll, backfill2, lockTable, revoke2, copyStdin, opaque];

// src/hazards/rules/rows-now.ts
var IN_THE_WAY = {
  id: "rows-in-the-way",
  squawk: [],
  title: "Rows that are there now make the statement fail",
  category: "fails-whole",
  safe: "The rows are mended by a statement before it.",
  mode: "each statement",
  why: "Duplicates stop a unique index (23505), NULLs stop SET NOT NULL and rows stop a required column without a default (23502). Where statements commit by themselves, what stands before it in the file stays, and the level is block.",
  remedy: "Mend the rows first, in an earlier migration.",
  rewrite: "SELECT email, count(*) FROM users GROUP BY email HAVING count(*) > 1;\n-- mend them, then:\nCREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);"
};
var PRISMA_WARNED = {
  id: "prisma-warning",
  squawk: [],
  title: "Prisma warned of something that no rule finds in the file",
  category: "advice",
  safe: "The file was edited since, and the comment is out of date.",
  mode: "both",
  why: "Prisma writes what it is afraid of above the statements when it makes the file. Either the file was edited since, or the statement does its work where no rule sees it.",
  remedy: "Read the statement once more, and delete the warning when it no longer holds.",
  rewrite: ""
};
var ROWS_NOW_RULES = [IN_THE_WAY, PRISMA_WARNED];

// src/hazards/rules/settings.ts
var LIMITS = /* @__PURE__ */ new Set(["lock_timeout", "statement_timeout", "transaction_timeout", "all"]);
var UNITS = {
  us: 1e-3,
  ms: 1,
  s: 1e3,
  min: 6e4,
  h: 36e5,
  d: 864e5
};
function timeoutMs(value) {
  const found2 = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value);
  return found2 === null ? void 0 : Number(found2[1]) * (UNITS[found2[2] ?? "ms"] ?? 1);
}
var limitOf = (site, name) => name === "lock_timeout" ? site.request.lockTimeoutMs : site.request.statementTimeoutMs;
function keepsLimit(site, name, value) {
  const ms = value === void 0 ? void 0 : timeoutMs(value);
  const limit = limitOf(site, name);
  return ms !== void 0 && ms > 0 && (limit === 0 || ms <= limit);
}
var hasNoEffect = (site, local) => local && site.request.splitsStatements && !site.explicit;
var lifts = rule(
  ["setting"],
  {
    id: "lifts-timeouts",
    squawk: [],
    title: "The file lifts a limit that protects production",
    category: "blocking",
    safe: "A value no larger than the guard’s own limit.",
    mode: "differs",
    why: "The guard gives the migration a statement timeout and a lock timeout. From this line on they no longer hold, and without LOCAL not in later files either.",
    remedy: "Take the line out; where one migration needs more time, raise the input of the guard for that deploy.",
    rewrite: ""
  },
  ({ name, value, local, lasting }, site) => {
    if (!LIMITS.has(name) || lasting || keepsLimit(site, name, value) || hasNoEffect(site, local))
      return void 0;
    return { tables: [], subject: name, level: "error" };
  }
);
var noEffect = rule(
  ["setting"],
  {
    id: "set-local-without-transaction",
    squawk: [],
    title: "SET LOCAL has no effect here",
    category: "advice",
    safe: "Prisma up to 7.3, or a BEGIN before it.",
    mode: "each statement",
    why: "Prisma 7.4 and later sends each statement as a transaction of its own, so the setting is gone before the next one; the server only warns.",
    remedy: "Put BEGIN and COMMIT around the file, or use SET and RESET.",
    rewrite: "BEGIN;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN age int;\nCOMMIT;"
  },
  ({ name, local }, site) => hasNoEffect(site, local) ? { tables: [], subject: name, level: "warning" } : void 0
);
var leaks = rule(
  ["setting"],
  {
    id: "setting-leaks",
    squawk: [],
    title: "The setting stays for later migration files",
    category: "advice",
    safe: "SET LOCAL, or RESET at the end of the file.",
    mode: "both",
    why: "All files of a deploy share one session. Later files run with another search_path, role or time zone than they were tested with.",
    remedy: "Use SET LOCAL in a file that runs as one transaction, or RESET it at the end.",
    rewrite: "SET LOCAL search_path = app;"
  },
  ({ name, value, local, lasting }, site) => {
    if (local || lasting || LIMITS.has(name) || value === void 0) return void 0;
    const reset = site.all.flat().some((each) => each.op === "setting" && each.name === name && each.value === void 0);
    const last = site.request.files.length - 1 === site.fileIndex;
    return reset || name.startsWith("transaction") ? void 0 : { tables: [], subject: quoted(name), level: last ? "notice" : "warning" };
  }
);
var SETTING_RULES = [lifts, noEffect, leaks];

// src/hazards/rules/tables.ts
function lost(site, names, more = {}) {
  const tables = names.map((each) => site.world.table(each)).filter(({ existed }) => existed);
  if (tables.length === 0) return void 0;
  const category = tables.every(isEmpty) ? { category: "breaking" } : {};
  return { tables, subject: names.map(sqlName).join(", "), ...category, ...more };
}
var dropTable = rule(
  ["drop"],
  {
    id: "drop-table",
    squawk: ["ban-drop-table"],
    title: "Dropping a table loses its data",
    category: "data-loss",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "The table is empty, or new in the pending migrations.",
    mode: "both",
    why: "The rows are gone at once, code that still reads the table fails, and tables it refers to are locked as well.",
    remedy: "Rename it first, wait a release, then drop it and name the migration in allow-data-loss.",
    rewrite: "ALTER TABLE sessions RENAME TO sessions_unused;"
  },
  ({ what, names }, site) => {
    if (what !== "table") return void 0;
    const parents = names.flatMap((each) => [...site.world.table(each).constraints.values()]).flatMap(({ parent }) => parent === void 0 ? [] : site.world.table(site.world.nameOf(parent))).filter(({ existed }) => existed);
    return lost(site, names, { also: parents });
  }
);
var dropSchema = rule(
  ["drop"],
  {
    id: "drop-schema",
    squawk: [],
    title: "Dropping a schema loses all that is in it",
    category: "data-loss",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "Without CASCADE it fails unless the schema is empty.",
    mode: "both",
    why: "Every table in it goes, whoever made it.",
    remedy: "Drop the tables by name, so that a review sees them.",
    rewrite: "DROP TABLE old.sessions;\nDROP SCHEMA old;"
  },
  ({ what, names, cascade }) => what === "schema" && cascade ? { tables: [], subject: names.map(sqlName).join(", ") } : void 0
);
var dropDatabase = rule(
  ["drop"],
  {
    id: "drop-database",
    squawk: ["ban-drop-database"],
    title: "Dropping a database loses all that is in it",
    category: "data-loss",
    safe: "Never in a migration.",
    mode: "both",
    why: "Everything in it goes.",
    remedy: "Take it out of the migration.",
    rewrite: ""
  },
  ({ what, names }) => what === "database" ? { tables: [], subject: names.map(sqlName).join(", "), level: "block" } : void 0
);
var CASCADES = /* @__PURE__ */ new Set([
  "type",
  "domain",
  "extension",
  "function",
  "sequence",
  "materialized view",
  "view",
  "other"
]);
var dropCascade = rule(
  ["drop", "drop-column"],
  {
    id: "drop-cascade",
    squawk: [],
    title: "CASCADE drops what nobody named",
    category: "data-loss",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "Without CASCADE the server refuses and names what depends on it.",
    mode: "both",
    why: "Dropping a type or an extension with CASCADE drops every column that uses it, with the data.",
    remedy: "Leave CASCADE out and drop by name what stands in the way.",
    rewrite: "DROP TYPE mood;"
  },
  (operation, site) => {
    if (!operation.cascade || operation.op === "drop-column") return void 0;
    if (!CASCADES.has(operation.what)) return void 0;
    const views = operation.what === "view" || operation.what === "materialized view" || operation.what === "function";
    const own = operation.names.every((each) => site.world.type(each)?.file === site.fileIndex);
    if (own && operation.what === "type") return void 0;
    return {
      tables: [],
      subject: operation.names.map(sqlName).join(", "),
      ...views ? { category: "breaking" } : {}
    };
  }
);
var truncate2 = rule(
  ["truncate"],
  {
    id: "truncate",
    squawk: ["ban-truncate-cascade"],
    title: "TRUNCATE empties the table",
    category: "data-loss",
    lock: "ACCESS EXCLUSIVE",
    work: "catalog",
    safe: "The table is empty, or new in the pending migrations.",
    mode: "both",
    why: "All rows are gone; with CASCADE those of every table that refers to it as well.",
    remedy: "Delete the rows you mean, in batches.",
    rewrite: "DELETE FROM sessions WHERE expires < now() - interval '30 days';"
  },
  ({ tables, cascade }, site) => lost(site, tables, cascade ? { detail: "CASCADE reaches tables that this file does not name." } : {})
);
var rewriteTable = rule(
  ["rewrite-table"],
  {
    id: "rewrite-table",
    squawk: [],
    title: "The whole table is written again",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "rewrite",
    safe: "pg_repack does the same without the lock.",
    mode: "both",
    why: "CLUSTER, VACUUM FULL, SET UNLOGGED, SET LOGGED, SET TABLESPACE and SET ACCESS METHOD copy the table and its indexes under a lock that stops reads and writes.",
    remedy: "Do it in a maintenance window or with pg_repack.",
    rewrite: "VACUUM users;"
  },
  ({ table, how }, site) => onTable(site, table, { detail: `Here: ${how}.` })
);
var refresh2 = rule(
  ["refresh"],
  {
    id: "refresh-materialized-view",
    squawk: [],
    title: "REFRESH stops readers of the view until it is done",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "rewrite",
    safe: "CONCURRENTLY, which needs a unique index on the view.",
    mode: "both",
    why: "The query runs and the view is written again while nobody can read it.",
    remedy: "Refresh it CONCURRENTLY, outside of the migration.",
    rewrite: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals;"
  },
  ({ view, concurrent, withData }, site) => concurrent || !withData ? void 0 : onTable(site, view)
);
var TABLE_RULES = [
  dropTable,
  dropSchema,
  dropDatabase,
  dropCascade,
  truncate2,
  rewriteTable,
  refresh2
];

// src/hazards/rules/types.ts
var UTC = /* @__PURE__ */ new Set(["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Universal", "Zulu", "Etc/UCT", "UCT"]);
function costOf(operation, site) {
  const { world } = site;
  const from = world.table(operation.table).columns.get(operation.column)?.type;
  const domain = world.type(operation.type);
  const zone = world.catalog?.timeZone;
  if (operation.collation) return "none";
  return costOfChange(from, typeOf(operation.type), {
    version: site.version,
    utc: zone === void 0 ? void 0 : UTC.has(zone),
    using: operation.using,
    uncheckedDomain: domain?.kind === "domain" && !domain.checked && from !== void 0
  });
}
function swapsEnum(operation, site) {
  const target = site.world.type(operation.type);
  if (target?.kind !== "enum" || target.file !== site.fileIndex) return false;
  const names = /* @__PURE__ */ new Set([operation.type.name]);
  return site.all.flat().some((each) => each.op === "rename-type" && names.has(each.type.name));
}
var TYPE_STEPS = "-- add a column of the new type, write to both, copy in batches, read the new one, drop the old one";
var changeType = rule(
  ["change-type"],
  {
    id: "change-column-type",
    squawk: ["changing-column-type"],
    title: "The type change rewrites the table",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "rewrite",
    safe: "Changes that leave the bytes alone: a longer varchar, varchar to text, more precision of timestamp, a wider numeric of the same scale, timestamp to timestamptz without a precision in a UTC session (12 and later).",
    mode: "both",
    why: "Every row and every index of the table is written again under a lock that stops reads and writes. Code that runs now may not understand the new type.",
    remedy: "Add a column of the new type, write to both, copy in batches, and move over.",
    rewrite: "ALTER TABLE users ADD COLUMN id_big bigint;"
  },
  (operation, site) => {
    const cost = costOf(operation, site);
    if (cost === "none" || swapsEnum(operation, site)) return void 0;
    return onColumn(site, operation.table, operation.column, {
      doubtful: cost === "maybe",
      suggestion: `${TYPE_STEPS}
ALTER TABLE ${sqlName(operation.table)} ADD COLUMN ${quoted(`${operation.column}_new`)} …;`
    });
  }
);
var removeValue = rule(
  ["change-type"],
  {
    id: "remove-enum-value",
    squawk: ["changing-column-type"],
    title: "Taking a value off an enum rewrites every table that uses it",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "rewrite",
    safe: "Never; keep the value and stop using it.",
    mode: "both",
    why: "Prisma makes a new type and casts each column to it, which copies the table under a lock that stops reads and writes. It fails (22P02) when a row still has the value, and running code that writes it breaks.",
    remedy: "Keep the value in the type and stop using it.",
    rewrite: "-- keep the value in the enum"
  },
  (operation, site) => swapsEnum(operation, site) ? onColumn(site, operation.table, operation.column) : void 0
);
var dependents = rule(
  ["change-type"],
  {
    id: "change-type-with-dependents",
    squawk: ["changing-column-type"],
    title: "The type change is cheap, what hangs on the column is not",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "scan",
    safe: "No check, view, expression or partial index uses the column.",
    mode: "both",
    why: "A CHECK on the column is proven again by a scan and an expression or partial index is built again, all under a lock that stops reads and writes; a view makes the statement fail (0A000).",
    remedy: "Drop what depends on the column first and add it again afterwards (NOT VALID, CONCURRENTLY).",
    rewrite: "ALTER TABLE users DROP CONSTRAINT name_ok;\nALTER TABLE users ALTER COLUMN name TYPE text;\nALTER TABLE users ADD CONSTRAINT name_ok CHECK (name <> $$ $$) NOT VALID;"
  },
  (operation, site) => {
    const found2 = site.world.table(operation.table).facts?.dependents ?? [];
    const own = found2.filter(({ column }) => column === operation.column);
    if (own.some(
      ({ kind }) => kind === "view" || kind === "generated-column" || kind === "policy" || kind === "trigger"
    ))
      return onColumn(site, operation.table, operation.column, {
        category: "fails",
        work: "catalog",
        detail: `In the way: ${own.map(({ kind, name }) => `${kind} ${name}`).join(", ")}.`
      });
    if (own.length === 0 || costOf(operation, site) !== "none") return void 0;
    return onColumn(site, operation.table, operation.column, {
      work: own.some(({ kind }) => kind !== "check") ? "build" : "scan",
      detail: `Worked through again: ${own.map(({ kind, name }) => `${kind} ${name}`).join(", ")}.`
    });
  }
);
var collation = rule(
  ["change-type"],
  {
    id: "change-collation",
    squawk: ["changing-column-type"],
    title: "A new collation builds every index of the column again",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "build",
    safe: "No index holds the column.",
    mode: "both",
    why: "The order of the values changes, so each index on the column is built again while nobody can use the table.",
    remedy: "Drop the indexes CONCURRENTLY first and build them CONCURRENTLY afterwards.",
    rewrite: "DROP INDEX CONCURRENTLY users_name_idx;"
  },
  (operation, site) => operation.collation ? onColumn(site, operation.table, operation.column) : void 0
);
var checkedDomain = rule(
  ["add-column"],
  {
    id: "add-column-checked-domain",
    squawk: [],
    title: "A column of a domain with a check rewrites the table",
    category: "blocking",
    lock: "ACCESS EXCLUSIVE",
    work: "rewrite",
    safe: "The column has the base type and a CHECK of its own, added NOT VALID.",
    mode: "both",
    why: "PostgreSQL proves the domain for every row and writes the table again under a lock that stops reads and writes.",
    remedy: "Use the base type with a CHECK that is added NOT VALID and validated later.",
    rewrite: "ALTER TABLE users ADD COLUMN age int;\nALTER TABLE users ADD CONSTRAINT age_ok CHECK (age > 0) NOT VALID;"
  },
  ({ table, column }, site) => {
    const domain = site.world.type(column.type);
    return domain?.kind === "domain" && domain.checked && column.defaultCalls !== void 0 ? onColumn(site, table, column.name) : void 0;
  }
);
var constrainDomain = rule(
  ["constrain-domain"],
  {
    id: "add-domain-constraint",
    squawk: ["ban-alter-domain-with-add-constraint"],
    title: "A domain constraint scans every table that uses the domain",
    category: "blocking",
    lock: "SHARE",
    work: "scan",
    safe: "NOT VALID, or nobody uses the domain.",
    mode: "both",
    why: "Each table with a column of the domain is locked against writes and read to its end.",
    remedy: "Add it NOT VALID and validate it in a migration of its own.",
    rewrite: "ALTER DOMAIN age ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;"
  },
  ({ type, notValid }, site) => {
    if (notValid) return void 0;
    const users = site.world.everyTable().filter((table) => [...table.columns.values()].some((each) => each.type?.base === type.name));
    const first = users.find(inUse);
    return first === void 0 ? void 0 : { ...onTable(site, first.name), tables: users, subject: sqlName(type) };
  }
);
var TYPE_RULES = [
  changeType,
  removeValue,
  dependents,
  collation,
  checkedDomain,
  constrainDomain
];

// src/hazards/rules/index.ts
var STATEMENT_RULES = [
  ...COLUMN_RULES,
  ...CHANGE_RULES,
  ...NULL_RULES,
  ...TYPE_RULES,
  ...CONSTRAINT_RULES,
  ...RELEASE_RULES,
  ...INDEX_RULES,
  ...TABLE_RULES,
  ...PARTITION_RULES,
  ...ENUM_RULES,
  ...ROW_RULES,
  ...SETTING_RULES
];
var FILE_RULES2 = [...HOLDING_RULES, ...NEWER_RULES, ...FILE_RULES];
var RULES = [
  ...STATEMENT_RULES,
  ...FILE_RULES2,
  ...ROWS_NOW_RULES,
  ...IGNORE_RULES
];
var RULES_OF = new Map(
  [...new Set(STATEMENT_RULES.flatMap(({ on: on2 }) => on2))].map((op) => [
    op,
    STATEMENT_RULES.filter(({ on: on2 }) => on2.includes(op))
  ])
);

// src/hazards/transactions.ts
function placementsOf(statements, splits) {
  let transaction = 0;
  let explicit = false;
  return statements.map(({ transaction: control }) => {
    if (control === "begin") explicit = true;
    const here = { transaction, explicit };
    const ends = control === "commit" || control === "rollback";
    if (ends) explicit = false;
    if (ends || splits && !explicit) transaction += 1;
    return here;
  });
}

// src/hazards/file.ts
function hazardOf({ request, file }, { rule: rule2, match, weight }) {
  const statement = match.index === void 0 ? void 0 : file.statements[match.index];
  const clause = match.clause === void 0 ? void 0 : statement?.clauseLines[match.clause];
  const line = clause ?? match.line ?? statement?.line ?? 1;
  const { lock: lock2, work, estimate, category } = weight;
  const strict = category === "data-loss" || category === "partial";
  const accepted = strict && request.allowDataLoss.includes(file.migration);
  return {
    rule: rule2.id,
    level: accepted ? "notice" : weight.level,
    title: rule2.title,
    migration: file.migration,
    path: file.path,
    line,
    ...statement === void 0 || clause !== void 0 ? {} : { endLine: statement.endLine },
    statement: statement?.label ?? "",
    tables: [...new Set([...match.tables, ...match.also ?? []].map(({ label }) => label))],
    ...lock2 === void 0 ? {} : { lock: lock2 },
    ...work === void 0 ? {} : { work },
    ...estimate === void 0 ? {} : { estimate },
    message: `${messageOf(rule2, weight, match, request)}${accepted ? " Accepted by allow-data-loss." : ""}`,
    suggestion: match.suggestion ?? rule2.rewrite,
    docs: `docs/hazards/${rule2.id}.md`,
    suppressible: !strict
  };
}
function found(rule2, match, request, more) {
  const weight = match === void 0 ? void 0 : weigh(rule2, match, request);
  return match === void 0 || weight === void 0 ? [] : [{ rule: rule2, match: { ...match, ...more }, weight }];
}
function atStatement(site) {
  return site.operations.flatMap(
    (operation) => (RULES_OF.get(operation.op) ?? []).flatMap(
      (rule2) => found(rule2, rule2.match(operation, site), site.request, {
        index: site.index,
        ...operation.clause === void 0 ? {} : { clause: operation.clause }
      })
    )
  );
}
var seenOf = ({ rule: rule2, match, weight }) => ({
  rule: rule2.id,
  index: match.index ?? 0,
  category: weight.category,
  lock: weight.lock,
  work: weight.work,
  match,
  severe: isAtLeast(weight.level, "error")
});
function distinct(list2) {
  const keys = /* @__PURE__ */ new Set();
  return list2.filter(({ rule: rule2, match }) => {
    const key = [rule2.id, match.index, match.clause, match.subject, match.detail].join("\0");
    return keys.has(key) ? false : keys.add(key);
  });
}
function companiesOf(placements) {
  const found2 = /* @__PURE__ */ new Map();
  for (const [index, { transaction }] of placements.entries()) {
    const company = found2.get(transaction);
    if (company === void 0) found2.set(transaction, [index]);
    else company.push(index);
  }
  return found2;
}
function hazardsOfFile(the) {
  const { request, world, version, file, fileIndex } = the;
  const all = file.statements.map(operationsOf);
  const placements = placementsOf(file.statements, request.splitsStatements);
  const base = world.begin(placements.length);
  const companies = companiesOf(placements);
  const locks = [];
  const own = file.statements.flatMap((statement, index) => {
    const placement = placements[index] ?? { transaction: 0, explicit: false };
    const operations = all[index] ?? [];
    const company = companies.get(placement.transaction) ?? [];
    const transaction = base + placement.transaction;
    const result = atStatement({
      ...{
        world,
        request,
        file,
        fileIndex,
        statement,
        index,
        operations,
        all,
        company,
        version,
        transaction
      },
      explicit: placement.explicit
    });
    locks.push(strongest(operations, world));
    for (const operation of operations) applyOperation(world, operation, { file: fileIndex, transaction });
    return result;
  });
  const site = {
    request,
    file,
    fileIndex,
    version,
    world,
    all,
    placements,
    locks,
    seen: own.map(seenOf)
  };
  const whole = FILE_RULES2.flatMap(
    (rule2) => rule2.find(site).flatMap((match) => found(rule2, match, request, {}))
  );
  return distinct([...own, ...whole]).map((each) => ({
    hazard: hazardOf(the, each),
    rule: each.rule,
    index: each.match.index
  }));
}
function applyFile(world, file, fileIndex) {
  const transaction = world.begin(1);
  for (const operation of file.statements.flatMap(operationsOf))
    applyOperation(world, operation, { file: fileIndex, transaction });
}

// src/hazards/suppress.ts
var GUARD = /^guard-ignore(-file)?(?![\w-])\s*([^:]*)(?::([\s\S]*))?$/;
var SQUAWK = /^squawk-ignore(-file)?(?![\w-])\s*([\w\-, \t]*)/;
var bare = (text2) => text2.startsWith("--") ? text2.replace(/^--+/, "").trim() : text2.replace(/^\/\*+|\*+\/$/g, "").trim();
var words = (list2) => list2.split(/[\s,]+/).map((each) => each.trim()).filter((each) => each !== "");
function statementOf({ statements }, comment) {
  const inside = statements.findIndex(
    ({ offset, text: text2 }) => offset < comment.offset && comment.offset < offset + text2.length
  );
  if (inside !== -1) return inside;
  const trailing = statements.findLastIndex(
    ({ offset, endLine }) => offset < comment.offset && endLine === comment.line
  );
  if (trailing !== -1) return trailing;
  const next = statements.findIndex(({ offset }) => offset > comment.offset);
  return next === -1 ? void 0 : next;
}
function ignoresIn(file) {
  return file.comments.flatMap((comment) => {
    const text2 = bare(comment.text);
    const guard = GUARD.exec(text2);
    const found2 = guard ?? SQUAWK.exec(text2);
    if (found2 === null) return [];
    const whole = found2[1] !== void 0;
    const index = whole ? void 0 : statementOf(file, comment) ?? -1;
    return [
      {
        kind: guard === null ? "squawk" : "guard",
        rules: words(found2[2] ?? ""),
        reason: (guard?.[3] ?? "").trim(),
        line: comment.line,
        index
      }
    ];
  });
}
function silences(ignore, finding) {
  if (ignore.index !== void 0 && ignore.index !== finding.index) return false;
  if (ignore.kind === "guard") return ignore.reason !== "" && ignore.rules.includes(finding.id);
  if (finding.squawk.length === 0) return false;
  return ignore.rules.length === 0 || finding.squawk.some((each) => ignore.rules.includes(each));
}

// src/hazards/world.ts
var columnsOf2 = (facts) => new Map(
  Object.entries(facts?.columns ?? {}).map(([name, { type, notNull }]) => [
    name,
    { type: typeFromCatalog(type), notNull, added: false }
  ])
);
function constraintsOf(facts) {
  const named = Object.entries(facts?.constraints ?? {}).map(([name, each]) => [
    name,
    {
      kind: each.kind,
      validated: each.validated,
      proves: void 0,
      parent: each.parent,
      transaction: void 0
    }
  ]);
  const proofs = (facts?.checkedNotNull ?? []).map((column) => [
    `\0${column}`,
    { kind: "check", validated: true, proves: column, parent: void 0, transaction: void 0 }
  ]);
  return new Map([...named, ...proofs]);
}
var World = class {
  catalog;
  defaultSchema;
  tables = /* @__PURE__ */ new Map();
  types = /* @__PURE__ */ new Map();
  indexes = /* @__PURE__ */ new Map();
  functions = /* @__PURE__ */ new Map();
  #next = 0;
  constructor(catalog) {
    [this.catalog, this.defaultSchema] = [catalog, catalog?.schema ?? "public"];
    for (const [key, { indexes }] of Object.entries(catalog?.tables ?? {}))
      for (const index of indexes) this.indexes.set(`${key.split(".")[0]}.${index}`, key);
  }
  keyOf(name) {
    return `${name.schema ?? this.defaultSchema}.${name.name}`;
  }
  labelOf(name) {
    const schema = name.schema ?? this.defaultSchema;
    return schema === this.defaultSchema ? name.name : `${schema}.${name.name}`;
  }
  /** A table by name. One that nobody mentioned was there before. */
  table(name) {
    const key = this.keyOf(name);
    const known = this.tables.get(key);
    if (known !== void 0) return known;
    const facts = this.catalog?.tables[key];
    const table = {
      label: this.labelOf(name),
      existed: true,
      filledFrom: [],
      filled: false,
      facts,
      asked: this.catalog !== void 0,
      columns: columnsOf2(facts),
      constraints: constraintsOf(facts),
      touched: /* @__PURE__ */ new Set(),
      name
    };
    this.tables.set(key, table);
    return table;
  }
  put(name, change) {
    this.tables.set(this.keyOf(name), { ...this.table(name), ...change });
  }
  type(name) {
    const key = this.keyOf(name);
    const facts = this.catalog?.types[key];
    const known = this.types.get(key);
    if (known !== void 0 || facts === void 0) return known;
    return { ...facts, transaction: void 0, file: void 0, added: /* @__PURE__ */ new Map(), renamedFrom: void 0 };
  }
  putType(name, change) {
    const fresh = {
      kind: "other",
      checked: false,
      transaction: void 0,
      file: void 0,
      added: /* @__PURE__ */ new Map(),
      renamedFrom: void 0
    };
    this.types.set(this.keyOf(name), { ...this.type(name) ?? fresh, ...change });
  }
  tableOfIndex(index) {
    const key = this.indexes.get(this.keyOf(index));
    return key === void 0 ? void 0 : this.tables.get(key) ?? this.table(this.nameOf(key));
  }
  nameOf(key) {
    const dot = key.indexOf(".");
    return { schema: key.slice(0, dot), name: key.slice(dot + 1) };
  }
  /** Tables of the catalog, and those that the migrations made or named. */
  everyTable() {
    for (const key of Object.keys(this.catalog?.tables ?? {})) this.table(this.nameOf(key));
    return [...this.tables.values()];
  }
  /** Numbers for the transactions of a file; the first of them is given back. */
  begin(count2) {
    const first = this.#next;
    this.#next += Math.max(1, count2);
    return first;
  }
  /** After the applied migrations: what stands now was there before the pending set. */
  settle() {
    for (const [key, table] of this.tables) {
      const columns = new Map([...table.columns].map(([name, each]) => [name, { ...each, added: false }]));
      const constraints = new Map(
        [...table.constraints].map(([name, each]) => [name, { ...each, transaction: void 0 }])
      );
      this.tables.set(key, {
        ...table,
        existed: true,
        filled: false,
        filledFrom: [],
        touched: /* @__PURE__ */ new Set(),
        columns,
        constraints
      });
    }
    for (const [key, type] of this.types)
      this.types.set(key, {
        ...type,
        transaction: void 0,
        file: void 0,
        added: /* @__PURE__ */ new Map(),
        renamedFrom: void 0
      });
  }
};

// src/hazards/rows-moved.ts
var WRITES2 = /* @__PURE__ */ new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt"]);
var RowsMoved = class {
  #world;
  #tables = /* @__PURE__ */ new Set();
  /** Something ran that may have changed anything. */
  #all = false;
  constructor(world) {
    this.#world = world;
  }
  has(table) {
    return this.#all || this.#tables.has(this.#world.keyOf(table));
  }
  note(statement) {
    for (const { key, node } of walk(statement.tree)) {
      const written = WRITES2.has(key) ? [rangeName(node.relation)] : [];
      const emptied = key === "TruncateStmt" ? rangeNames(node.relations) : [];
      for (const table of [...written, ...emptied])
        if (table !== void 0) this.#add(this.#world.keyOf(table));
    }
    for (const operation of operationsOf(statement)) {
      if (operation.op === "opaque" && operation.what !== "CREATE EXTENSION") this.#all = true;
      if (operation.op === "attach-partition" || operation.op === "detach-partition") {
        this.#add(this.#world.keyOf(operation.table));
        this.#add(this.#world.keyOf(operation.partition));
      }
    }
  }
  #add(key) {
    if (this.#tables.has(key)) return;
    this.#tables.add(key);
    for (const child of this.#world.catalog?.tables[key]?.children ?? []) this.#add(child);
  }
};

// src/hazards/questions.ts
var nulls = (columns, rules) => columns.length === 0 ? [] : [{ ask: { kind: "nulls", columns }, rules }];
function unproven(world, table, columns) {
  const now = world.table(table);
  const proven = [...now.constraints.values()].flatMap((each) => each.validated ? [each.proves] : []);
  return columns.filter((each) => now.columns.get(each)?.notNull === false && !proven.includes(each));
}
function ofConstraint(world, table, each, node) {
  if (each.notValid || !each.enforced || each.usingIndex !== void 0) return [];
  const nullsEqual = node.nulls_not_distinct === true;
  const unique = { kind: "duplicates", columns: each.columns, nullsEqual };
  switch (each.kind) {
    case "unique":
      return [{ ask: unique, rules: ["add-unique-constraint"] }];
    case "primary":
      return [
        { ask: unique, rules: ["add-primary-key"] },
        ...nulls(unproven(world, table, each.columns), ["add-primary-key"])
      ];
    case "not-null":
      return nulls(unproven(world, table, each.columns), ["add-check"]);
    case "check":
      return each.provesNotNull === void 0 ? [] : nulls(unproven(world, table, [each.provesNotNull]), ["add-check"]);
    default:
      return [];
  }
}
function ofIndex(world, operation, fields) {
  const { unique, only, ifNotExists, index, table } = operation;
  const there = index !== void 0 && world.indexes.has(world.keyOf({ ...table, name: index }));
  if (!unique || only || ifNotExists && there || fields.whereClause !== void 0) return [];
  const elements = listOf(fields.indexParams).map((each) => nodeOf(each).fields);
  const plain = elements.every(
    ({ name, collation: collation2, opclass }) => typeof name === "string" && collation2 === void 0 && opclass === void 0
  );
  if (!plain) return [];
  const columns = elements.map(({ name }) => textOf(name));
  return [
    {
      ask: { kind: "duplicates", columns, nullsEqual: fields.nulls_not_distinct === true },
      rules: ["create-index"]
    }
  ];
}
function wantedBy(world, operation, statement) {
  const { fields } = nodeOf(statement.tree);
  switch (operation.op) {
    case "set-not-null":
      return nulls(unproven(world, operation.table, [operation.column]), ["set-not-null"]);
    case "add-column": {
      const { table, column } = operation;
      const given = column.defaultCalls !== void 0 || column.serial || column.generated !== void 0;
      if (!column.notNull || given || world.table(table).columns.has(column.name)) return [];
      return [{ ask: { kind: "rows", columns: [] }, rules: ["add-required-column"] }];
    }
    case "add-constraint": {
      const command = nodeOf(listOf(fields.cmds)[operation.clause ?? 0]).fields;
      return ofConstraint(world, operation.table, operation.constraint, nodeOf(command.def).fields);
    }
    case "validate-constraint": {
      const proves = world.table(operation.table).constraints.get(operation.name)?.proves;
      return proves === void 0 ? [] : nulls(unproven(world, operation.table, [proves]), []);
    }
    case "create-index":
      return ofIndex(world, operation, fields);
    default:
      return [];
  }
}
function isUntouched(world, table, columns) {
  const { existed, facts, touched } = world.table(table);
  return existed && facts !== void 0 && facts === world.catalog?.tables[world.keyOf(table)] && columns.every((each) => facts.columns[each] !== void 0 && !touched.has(each));
}
var questionOf = (world, { schema, name }, { ask }) => ({
  schema: schema ?? world.defaultSchema,
  table: name,
  ...ask
});
function checksOf({ world, moved, file, statement, transaction }, operation) {
  const table = "table" in operation ? operation.table : void 0;
  if (table === void 0 || moved.has(table)) return [];
  const clause = operation.clause === void 0 ? void 0 : statement.clauseLines[operation.clause];
  return wantedBy(world, operation, statement).filter(({ ask }) => isUntouched(world, table, ask.columns)).map((each) => ({
    question: questionOf(world, table, each),
    migration: file.migration,
    path: file.path,
    line: clause ?? statement.line,
    endLine: clause ?? statement.endLine,
    statement: statement.label,
    label: world.labelOf(table),
    rules: each.rules,
    leavesHalf: transaction > 0
  }));
}
function liveChecks(request) {
  if (request.catalog === void 0) return [];
  const world = new World(request.catalog);
  const moved = new RowsMoved(world);
  return request.files.flatMap((file, fileIndex) => {
    const placements = placementsOf(file.statements, request.splitsStatements);
    const base = world.begin(placements.length);
    return file.statements.flatMap((statement, index) => {
      const transaction = placements[index]?.transaction ?? 0;
      const here = { world, moved, file, statement, transaction };
      const checks = operationsOf(statement).flatMap((operation) => {
        const found2 = checksOf(here, operation);
        applyOperation(world, operation, { file: fileIndex, transaction: base + transaction });
        return found2;
      });
      moved.note(statement);
      return checks;
    });
  });
}

// src/hazards/index.ts
var NEWEST = 18e4;
function aboutIgnore(rule2, file, { line, rules }, level) {
  return {
    rule: rule2.id,
    level,
    title: rule2.title,
    migration: file.migration,
    path: file.path,
    line,
    statement: "",
    tables: [],
    message: `${rule2.title}${rules.length === 0 ? "" : ` (${rules.join(", ")})`}. ${rule2.why} ${rule2.remedy}`,
    suggestion: rule2.rewrite,
    docs: `docs/hazards/${rule2.id}.md`,
    suppressible: false
  };
}
function complaint(ignore, file, findings) {
  if (ignore.kind === "squawk") return [];
  if (ignore.reason === "") return [aboutIgnore(WITHOUT_REASON, file, ignore, "warning")];
  const hit = findings.filter(({ rule: rule2, index }) => silences(ignore, { ...rule2, index }));
  if (hit.some(({ hazard }) => !hazard.suppressible))
    return [aboutIgnore(NOT_ALLOWED, file, ignore, "warning")];
  const idle = ignore.rules.filter((id) => !hit.some(({ rule: rule2 }) => rule2.id === id));
  const told = { ...ignore, rules: idle };
  return idle.length > 0 || ignore.rules.length === 0 ? [aboutIgnore(UNUSED, file, told, "notice")] : [];
}
function afterIgnores(file, findings) {
  const ignores = ignoresIn(file);
  const kept = findings.filter(
    ({ hazard, rule: rule2, index }) => !hazard.suppressible || !ignores.some((each) => silences(each, { ...rule2, index }))
  );
  return [...kept.map(({ hazard }) => hazard), ...ignores.flatMap((each) => complaint(each, file, findings))];
}
function findHazards(request) {
  const world = new World(request.catalog);
  if (request.catalog === void 0) for (const file of request.applied ?? []) applyFile(world, file, -1);
  world.settle();
  const version = request.serverVersion ?? request.catalog?.serverVersion ?? NEWEST;
  return request.files.flatMap((file, fileIndex) => {
    const findings = hazardsOfFile({ request, world, version, file, fileIndex });
    return [...afterIgnores(file, findings)].sort(
      (left, right) => left.line - right.line || HAZARD_LEVELS.indexOf(left.level) - HAZARD_LEVELS.indexOf(right.level)
    );
  });
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  RULES,
  findHazards,
  liveChecks
});
