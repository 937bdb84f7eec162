"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from2, except, desc) => {
  if (from2 && typeof from2 === "object" || typeof from2 === "function") {
    for (let key of __getOwnPropNames(from2))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from2[key], enumerable: !(desc = __getOwnPropDesc(from2, key)) || desc.enumerable });
  }
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// src/adapters/mysql-sql/index.ts
var mysql_sql_exports = {};
__export(mysql_sql_exports, {
  createAnalyser: () => createAnalyser,
  createParser: () => createParser
});
module.exports = __toCommonJS(mysql_sql_exports);

// src/domain/script.ts
var strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
var lenient = new TextDecoder("utf-8", { ignoreBOM: true });
function decoded(bytes) {
  try {
    return { raw: strict.decode(bytes), valid: true };
  } catch {
    return { raw: lenient.decode(bytes), valid: false };
  }
}
function decodeScript(bytes) {
  const { raw, valid } = decoded(bytes);
  const marked = raw.startsWith("\uFEFF");
  return {
    text: (marked ? raw.slice(1) : raw).replaceAll("\0", " "),
    shift: marked ? 1 : 0,
    oddities: [
      ...marked ? ["byte-order-mark"] : [],
      ...raw.includes("\0") ? ["nul-byte"] : [],
      ...valid ? [] : ["invalid-utf8"]
    ]
  };
}
function linesOf(text) {
  const begins = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) begins.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = begins.length;
    while (high - low > 1) {
      const middle = low + high >> 1;
      if ((begins[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

// src/adapters/mysql-sql/split.ts
var Unended = class extends Error {
  name = "Unended";
  position;
  constructor(opening) {
    super(`${opening.text.toUpperCase()} has no END`);
    this.position = opening.start;
  }
};
var upper = (token) => token === void 0 || token.kind === "string" || token.kind === "quoted" ? "" : token.text.toUpperCase();
var ROUTINES = /* @__PURE__ */ new Set(["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"]);
var BEFORE_KIND = /* @__PURE__ */ new Set([
  "CREATE",
  "ALTER",
  "OR",
  "REPLACE",
  "DEFINER",
  "AGGREGATE",
  "=",
  "@",
  "(",
  ")",
  ""
]);
var BLOCKS = /* @__PURE__ */ new Set(["IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR"]);
function isCompound(tokens, from2) {
  const [first, second] = [upper(tokens[from2]), upper(tokens[from2 + 1])];
  if (first === "BEGIN") return second === "NOT";
  if (BLOCKS.has(first)) return true;
  if (second === ":") return true;
  if (first !== "CREATE" && first !== "ALTER") return false;
  for (let index = from2; index < tokens.length; index += 1) {
    const word = upper(tokens[index]);
    if (ROUTINES.has(word)) return true;
    const isDefiner = upper(tokens[index - 1]) === "=" || upper(tokens[index - 1]) === "@";
    if (!BEFORE_KIND.has(word) && !isDefiner) return false;
  }
  return false;
}
var NO_BEGIN_AFTER = new Set(
  ", . @ ( = < > + - * / SELECT WHERE AND OR BY SET ON AS INTO PROCEDURE FUNCTION TRIGGER EVENT".split(" ")
);
function nextSign(tokens, at) {
  let cases = 0;
  let depth = 0;
  for (let index = at + 1; index < tokens.length && depth >= 0; index += 1) {
    const word = upper(tokens[index]);
    if (word === "(") depth += 1;
    else if (word === ")") depth -= 1;
    else if (word === "CASE") cases += 1;
    else if (word === "END" && cases > 0) cases -= 1;
    else if (cases === 0 && depth === 0 && /^(?:THEN|;|WHEN|ELSE|END)$/.test(word)) return word;
  }
  return "";
}
function isIfStatement(tokens, at) {
  const next = upper(tokens[at + 1]) === "NOT" ? at + 2 : at + 1;
  if (upper(tokens[next]) === "EXISTS" && upper(tokens[next + 1]) !== "(") return false;
  return nextSign(tokens, at) === "THEN";
}
function opensBlock(tokens, at) {
  const [before, word, next] = [upper(tokens[at - 1]), upper(tokens[at]), upper(tokens[at + 1])];
  if (before === "." || before === "@") return false;
  if (word === "BEGIN") return !NO_BEGIN_AFTER.has(before);
  if (word === "CASE" || word === "WHILE" || word === "LOOP") return true;
  if (word === "IF") return isIfStatement(tokens, at);
  if (word === "REPEAT") return next !== "(";
  return word === "FOR" && upper(tokens[at + 2]) === "IN";
}
function closesBlock(tokens, at, open) {
  const [before, next] = [upper(tokens[at - 1]), upper(tokens[at + 1])];
  if (upper(tokens[at]) !== "END" || before === "." || before === "@") return false;
  return open === "CASE" || before === ";" || before === "BEGIN" || next === open;
}
function afterCompound(tokens, from2) {
  const open = [];
  for (let index = from2; index < tokens.length; index += 1) {
    const [inner, token] = [open.at(-1), tokens[index]];
    if (inner !== void 0 && closesBlock(tokens, index, upper(inner))) {
      open.pop();
      if (BLOCKS.has(upper(tokens[index + 1]))) index += 1;
    } else if (token !== void 0 && opensBlock(tokens, index)) open.push(token);
    else if (inner === void 0 && upper(tokens[index]) === ";") return index;
  }
  const [outer] = open;
  if (outer !== void 0) throw new Unended(outer);
  return tokens.length;
}
function afterPlain(tokens, from2) {
  let index = from2;
  while (index < tokens.length && (upper(tokens[index]) !== ";" || tokens[index]?.conditional === true))
    index += 1;
  return index;
}
function splitTokens(all) {
  const found = [];
  for (let from2 = 0; from2 < all.length; ) {
    let start = from2;
    while (all[start]?.kind === "mark") start += 1;
    const end = isCompound(all, start) ? afterCompound(all, start) : afterPlain(all, start);
    if (end > start) found.push(all.slice(from2, end));
    from2 = end + 1;
  }
  return found;
}

// src/adapters/mysql-sql/reading.ts
function readingOf(all) {
  const tokens = all.filter((each) => each.kind !== "mark");
  const words = tokens.map(upper);
  let depth = 0;
  const depths = words.map((word) => {
    const here = depth;
    if (word === "(") depth += 1;
    else if (word === ")") depth -= 1;
    return here;
  });
  return { tokens, words, depths };
}
var from = ({ tokens }, index) => readingOf(tokens.slice(index));
function firstOf({ words, depths }, wanted, start = 0) {
  let index = start;
  while (index < words.length && !(depths[index] === 0 && wanted.has(words[index] ?? ""))) index += 1;
  return index;
}
function has({ words }, ...run) {
  const [first = ""] = run;
  for (let at = words.indexOf(first); at >= 0; at = words.indexOf(first, at + 1))
    if (run.every((word, next) => words[at + next] === word)) return true;
  return false;
}
var isName = (token) => token?.kind === "quoted" || token?.kind === "word" && !/^\d+$/.test(token.text);
function qualified({ tokens, words }) {
  const found = [];
  for (let index = 0; index + 2 < tokens.length; index += 1) {
    const before = words[index - 1];
    if (words[index + 1] !== "." || before === "." || before === "@") continue;
    if (isName(tokens[index]) && isName(tokens[index + 2])) found.push(index);
  }
  return found;
}
var setOf = (text) => new Set(text.split(/\s+/).filter((word) => word !== ""));

// src/adapters/mysql-sql/elsewhere.ts
var END_OF_TARGETS = {
  INSERT: setOf("( VALUES VALUE SELECT SET WITH TABLE ON"),
  REPLACE: setOf("( VALUES VALUE SELECT SET WITH TABLE ON"),
  UPDATE: setOf("SET"),
  DELETE: setOf("WHERE ORDER LIMIT"),
  // Without ALTER TABLE the bracket opens columns, parameters or an expression.
  CREATE: setOf("( AS BEGIN SELECT EACH DO"),
  ALTER: /* @__PURE__ */ new Set(),
  DROP: /* @__PURE__ */ new Set(),
  RENAME: /* @__PURE__ */ new Set(),
  TRUNCATE: /* @__PURE__ */ new Set()
};
var BEFORE_TARGET = setOf(`
  INSERT REPLACE INTO UPDATE DELETE FROM USING JOIN STRAIGHT_JOIN LOW_PRIORITY HIGH_PRIORITY DELAYED QUICK IGNORE TABLE EXISTS
  VIEW TRIGGER PROCEDURE FUNCTION EVENT SEQUENCE PACKAGE BODY ON TO RENAME TRUNCATE ( ,`);
var BEFORE_ALTERED = setOf("TABLE EXISTS VIEW PROCEDURE FUNCTION EVENT SEQUENCE TO AS RENAME");
var inCondition = ({ words }, index) => {
  let at = index - 1;
  while (at >= 0 && !["ON", "JOIN", "STRAIGHT_JOIN", ",", "FROM", "USING"].includes(words[at] ?? "")) at -= 1;
  return words[at] === "ON";
};
function namesDatabase(reading, verb) {
  const ends2 = END_OF_TARGETS[verb];
  if (ends2 === void 0) return false;
  const begin2 = Math.max(0, reading.words.indexOf(verb));
  const end = verb === "CREATE" || verb === "INSERT" || verb === "REPLACE" ? firstOf(reading, ends2, begin2 + 1) : firstOf(reading, ends2, begin2);
  const before = verb === "ALTER" ? BEFORE_ALTERED : BEFORE_TARGET;
  return qualified(reading).some(
    (index) => index > begin2 && index < end && before.has(reading.words[index - 1] ?? "") && !((verb === "UPDATE" || verb === "DELETE") && inCondition(reading, index))
  );
}

// src/adapters/mysql-sql/functions.ts
var HARMLESS = setOf(`
  ABS ACOS ADDDATE ADDTIME AES_DECRYPT AES_ENCRYPT ANY_VALUE ASCII ASIN ATAN ATAN2 AVG BENCHMARK BIN BIN_TO_UUID BIT_AND
  BIT_COUNT BIT_LENGTH BIT_OR BIT_XOR CAST CEIL CEILING CHAR CHARACTER_LENGTH CHARSET CHAR_LENGTH CHR COALESCE COERCIBILITY
  COLLATION COMPRESS CONCAT CONCAT_WS CONNECTION_ID CONV CONVERT CONVERT_TZ COS COT COUNT CRC32 CRC32C CUME_DIST CURDATE
  CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER CURTIME DATABASE DATE DATEDIFF DATE_ADD DATE_FORMAT
  DATE_SUB DAY DAYNAME DAYOFMONTH DAYOFWEEK DAYOFYEAR DECODE DEFAULT DEGREES DENSE_RANK DES_DECRYPT DES_ENCRYPT ELT ENCODE
  ENCRYPT EXISTS EXP EXPORT_SET EXTRACT EXTRACTVALUE FIELD FIND_IN_SET FIRST_VALUE FLOOR FORMAT FORMAT_BYTES FOUND_ROWS
  FROM_BASE64 FROM_DAYS FROM_UNIXTIME GEOMCOLLECTION GEOMETRYCOLLECTION GET_FORMAT GET_LOCK GREATEST GROUPING GROUP_CONCAT
  HEX HOUR IF IFNULL INET6_ATON INET6_NTOA INET_ATON INET_NTOA INSERT INSTR INTERVAL ISNULL IS_FREE_LOCK IS_IPV4 IS_IPV6
  IS_USED_LOCK IS_UUID JSON_ARRAY JSON_ARRAYAGG JSON_ARRAY_APPEND JSON_ARRAY_INSERT JSON_COMPACT JSON_CONTAINS
  JSON_CONTAINS_PATH JSON_DEPTH JSON_DETAILED JSON_EQUALS JSON_EXISTS JSON_EXTRACT JSON_INSERT JSON_KEYS JSON_LENGTH JSON_LOOSE
  JSON_MERGE JSON_MERGE_PATCH JSON_MERGE_PRESERVE JSON_NORMALIZE JSON_OBJECT JSON_OBJECTAGG JSON_OVERLAPS JSON_PRETTY
  JSON_QUERY JSON_QUOTE JSON_REMOVE JSON_REPLACE JSON_SCHEMA_VALID JSON_SEARCH JSON_SET JSON_STORAGE_SIZE JSON_TABLE JSON_TYPE
  JSON_UNQUOTE JSON_VALID JSON_VALUE LAG LAST_DAY LAST_INSERT_ID LAST_VALUE LCASE LEAD LEAST LEFT LENGTH LINESTRING LN
  LOCALTIME LOCALTIMESTAMP LOCATE LOG LOG10 LOG2 LOWER LPAD LTRIM MAKEDATE MAKETIME MAKE_SET MATCH MAX MBRCONTAINS MBRWITHIN
  MD5 MICROSECOND MID MIN MINUTE MOD MONTH MONTHNAME MULTIPOINT MULTIPOLYGON NAME_CONST NOW NTH_VALUE NTILE NULLIF NVL NVL2
  OCT OCTET_LENGTH OLD_PASSWORD ORD PASSWORD PERCENT_RANK PERIOD_ADD PERIOD_DIFF PI POINT POLYGON POSITION POW POWER QUARTER
  QUOTE RADIANS RAND RANDOM_BYTES RANK REGEXP_INSTR REGEXP_LIKE REGEXP_REPLACE REGEXP_SUBSTR
  REPEAT REPLACE REVERSE RIGHT ROUND ROW_COUNT ROW_NUMBER RPAD RTRIM SCHEMA SECOND SEC_TO_TIME SESSION_USER SHA SHA1 SHA2
  SIGN SIN SLEEP SOUNDEX SPACE SQRT STD STDDEV STDDEV_POP STDDEV_SAMP STRCMP STR_TO_DATE ST_AREA ST_ASGEOJSON ST_ASTEXT
  ST_CONTAINS ST_DISTANCE ST_DISTANCE_SPHERE ST_GEOMFROMTEXT ST_INTERSECTS ST_LATITUDE ST_LONGITUDE ST_POINTFROMTEXT ST_SRID
  ST_WITHIN ST_X ST_Y SUBDATE SUBSTR SUBSTRING SUBSTRING_INDEX SUBTIME SUM SYSDATE SYSTEM_USER TAN TIME TIMEDIFF TIMESTAMP
  TIMESTAMPADD TIMESTAMPDIFF TIME_FORMAT TIME_TO_SEC TO_BASE64 TO_CHAR TO_DAYS TO_SECONDS TRIM TRUNCATE UCASE UNCOMPRESS
  UNCOMPRESSED_LENGTH UNHEX UNIX_TIMESTAMP UPDATEXML UPPER USER UTC_DATE UTC_TIME UTC_TIMESTAMP UUID UUID_SHORT UUID_TO_BIN
  VALIDATE_PASSWORD_STRENGTH VALUE VALUES VARIANCE VAR_POP VAR_SAMP VERSION WEEK WEEKDAY WEEKOFYEAR WEIGHT_STRING YEAR
  YEARWEEK`);
var NO_CALL = setOf(`
  AGAINST ALL AND ANY AS ASC BETWEEN BIGINT BINARY BIT BLOB BY CASE COLUMNS CROSS DATETIME DEC DECIMAL DESC DISTINCT DIV DO DOUBLE DUPLICATE
  ELSE END ENUM EXCEPT FLOAT FOR FORCE FROM FULLTEXT GROUP HAVING IGNORE IN INDEX INNER INT INTEGER INTERSECT INTO IS JOIN KEY
  LATERAL LIKE LIMIT MEDIUMINT MINUS NATURAL NCHAR NESTED NOT NUMERIC NVARCHAR OF OFFSET ON OR ORDER OUTER OVER PARTITION PATH PRIMARY
  RECURSIVE REFERENCES REGEXP RETURNING RLIKE ROW SELECT SET SIGNED SMALLINT SOME SOUNDS STRAIGHT_JOIN TABLE TEXT THEN TINYINT UNION UNIQUE UNSIGNED
  UPDATE USE USING VARBINARY VARCHAR WHEN WHERE WINDOW WITH WITHIN XOR`);
var BEFORE_NAME = setOf(`
  AS DELAYED HIGH_PRIORITY IGNORE INSERT INTO LOW_PRIORITY RECURSIVE REPLACE TABLE WITH INDEX KEY WINDOW JOIN UPDATE`);
function isCommonTable({ words, depths }, bracket) {
  const inside = (depths[bracket] ?? 0) + 1;
  let index = bracket + 1;
  while (index < words.length && !(words[index] === ")" && depths[index] === inside)) index += 1;
  return words[index + 1] === "AS" && words[index + 2] === "(";
}
function isCall(reading, bracket) {
  const { tokens, words } = reading;
  const at = bracket - 1;
  if (!isName(tokens[at])) return false;
  if (words[at - 1] === ".") {
    let begin2 = at;
    while (words[begin2 - 1] === ".") begin2 -= 2;
    return !BEFORE_NAME.has(words[begin2 - 1] ?? "");
  }
  const word = words[at] ?? "";
  if (word !== "" && (HARMLESS.has(word) || NO_CALL.has(word))) return false;
  return !BEFORE_NAME.has(words[at - 1] ?? "") && !isCommonTable(reading, bracket);
}
var callsUnknown = (reading) => reading.words.some(
  (word, index) => word === "(" && isCall(reading, index) || word === "NEXT" && reading.words[index + 1] === "VALUE" || word === "PREVIOUS" && reading.words[index + 1] === "VALUE"
);

// src/adapters/mysql-sql/definitions.ts
var SHOWN = setOf("TABLE TABLES VIEW INDEX TRIGGER PROCEDURE FUNCTION EVENT SEQUENCE PACKAGE");
var HIDDEN = setOf(
  "DATABASE SCHEMA USER ROLE SERVER TABLESPACE LOGFILE UNDO RESOURCE SPATIAL INSTANCE CATALOG PREPARE"
);
var isObject = ({ words }, index) => {
  const word = words[index] ?? "";
  if (word === "SPATIAL") return words[index + 1] === "REFERENCE";
  return words[index - 1] !== "=" && words[index - 1] !== "@" && (SHOWN.has(word) || HIDDEN.has(word));
};
var schema = (elsewhere) => ({
  kind: "schema",
  commits: true,
  ...elsewhere ? { elsewhere: true } : {}
});
var committed = (kind2, elsewhere) => ({ ...schema(elsewhere), kind: kind2 });
var MOVES_ROWS = [
  ["TRUNCATE", "PARTITION"],
  ["EXCHANGE", "PARTITION"],
  ["DISCARD", "TABLESPACE"],
  ["DISCARD", "PARTITION"],
  ["IMPORT", "TABLESPACE"],
  ["IMPORT", "PARTITION"],
  ["CONVERT", "PARTITION"],
  ["REPAIR", "PARTITION"]
];
var KEEPS_UP = [
  ["ANALYZE", "PARTITION"],
  ["CHECK", "PARTITION"],
  ["OPTIMIZE", "PARTITION"]
];
function alterTable(reading, elsewhere) {
  const moves = MOVES_ROWS.some((run) => has(reading, ...run));
  if (moves || reading.words[1] === "IGNORE") return committed("write", elsewhere);
  return KEEPS_UP.some((run) => has(reading, ...run)) ? committed("maintenance", elsewhere) : schema(elsewhere);
}
function createTable(reading, elsewhere) {
  const { words } = reading;
  const query2 = words.findIndex(
    (word, index) => word === "SELECT" || word === "VALUES" && /^(?:AS|\)|)$/.test(words[index - 1] ?? "")
  );
  const unknown = query2 >= 0 && words[query2] === "SELECT" && callsUnknown(from(reading, query2));
  const temporary = words.slice(0, 4).includes("TEMPORARY");
  if (unknown) return temporary ? { kind: "opaque" } : committed("opaque", elsewhere);
  if (temporary) return { kind: "session" };
  const isWrite = query2 >= 0 && words[query2] === "SELECT" || words.slice(0, 3).includes("REPLACE");
  return committed(isWrite ? "write" : "schema", elsewhere);
}
function shown(reading, object, elsewhere) {
  const { words } = reading;
  const [verb] = words;
  if (object === "TABLE" && verb === "ALTER") return alterTable(reading, elsewhere);
  if (object === "TABLE" && verb === "CREATE") return createTable(reading, elsewhere);
  if (object === "TABLE" && verb === "DROP" && words[1] === "TEMPORARY") return { kind: "session" };
  if (object === "EVENT" && verb !== "DROP" && (has(reading, "ON", "SCHEDULE", "AT") || has(reading, "ENDS")))
    return committed("opaque", elsewhere);
  if (object === "SEQUENCE" && (verb === "ALTER" || words.includes("REPLACE")))
    return committed("opaque", elsewhere);
  return schema(elsewhere || words.includes("SONAME"));
}
function classifyDefinition(reading) {
  const { words } = reading;
  const at = words.findIndex((_, index) => index > 0 && isObject(reading, index));
  const object = words[at] ?? "";
  if (object === "") return { kind: "opaque", commits: true };
  if (object === "PREPARE") return { kind: "session" };
  if (object === "DATABASE" || object === "SCHEMA")
    return schema(
      !(words[0] === "ALTER" && /^(?:DEFAULT|CHARACTER|CHARSET|COLLATE|READ|ENCRYPTION)$/.test(words[at + 1] ?? ""))
    );
  if (HIDDEN.has(object)) return schema(true);
  return shown(reading, object, namesDatabase(reading, words[0] ?? ""));
}

// src/adapters/mysql-sql/settings.ts
var SERVER = setOf("GLOBAL PERSIST PERSIST_ONLY");
var SCOPES = setOf("GLOBAL PERSIST PERSIST_ONLY SESSION LOCAL");
function assignmentOf(reading) {
  const { words, tokens } = reading;
  const equals = words.findIndex((word, index) => word === "=" || word === ":" && words[index + 1] === "=");
  if (equals < 0) return void 0;
  const signs = words.slice(0, equals).filter((word) => word === "@").length;
  const scope = words.find((word) => SCOPES.has(word)) ?? "";
  const bare = tokens[equals - 1]?.text.replaceAll("`", "").toLowerCase() ?? "";
  const name = signs === 1 ? `@${bare}` : bare;
  const value = words.slice(equals + 1).find((word) => word !== "=");
  const text = value === "" ? tokens.at(-1)?.text ?? "" : value ?? "";
  return { name, isServers: signs !== 1 && SERVER.has(scope), value: text };
}
function assignments(reading) {
  const found = [];
  for (let at = 1; at < reading.words.length; ) {
    const end = firstOf(reading, /* @__PURE__ */ new Set([","]), at);
    const each = assignmentOf({
      tokens: reading.tokens.slice(at, end),
      words: reading.words.slice(at, end),
      depths: reading.depths.slice(at, end)
    });
    if (each !== void 0) found.push(each);
    at = end + 1;
  }
  return found;
}
var TOLD_FIRST = [
  "autocommit",
  "sql_mode",
  "max_statement_time",
  "max_execution_time",
  "lock_wait_timeout"
];
function assigned(reading) {
  const all = assignments(reading);
  const first = TOLD_FIRST.find((name) => all.some((each) => each.name === name)) ?? all[0]?.name;
  const autocommit = all.find((each) => each.name === "autocommit");
  const isOff = /^(?:0|OFF|FALSE|'off')$/i.test(autocommit?.value ?? "0");
  return {
    kind: callsUnknown(reading) ? "opaque" : "session",
    ...first === void 0 ? {} : { setting: first },
    // Switched on, it commits what is open.
    ...isOff ? {} : { commits: true },
    ...all.some((each) => each.isServers) ? { elsewhere: true } : {}
  };
}
function classifySet(reading, classify2) {
  const [, first = "", second = ""] = reading.words;
  if (first === "STATEMENT") return classify2(from(reading, firstOf(reading, /* @__PURE__ */ new Set(["FOR"])) + 1));
  if (first === "PASSWORD" || first === "DEFAULT" && second === "ROLE")
    return { kind: "schema", commits: true, elsewhere: true };
  if (first === "TRANSACTION") return { kind: "session", setting: "transaction" };
  if (SCOPES.has(first) && second === "TRANSACTION")
    return { kind: "session", setting: "transaction", ...SERVER.has(first) ? { elsewhere: true } : {} };
  if (first === "NAMES" || first === "CHARSET" || first === "CHARACTER")
    return { kind: "session", setting: "names" };
  if (first === "ROLE" || first === "RESOURCE") return { kind: "session", setting: first.toLowerCase() };
  return assigned(reading);
}

// src/adapters/mysql-sql/classify.ts
var kind = (name) => ({ kind: name });
var always = (name, rest = {}) => () => ({ kind: name, ...rest });
var query = (reading) => kind(
  has(reading, "INTO", "OUTFILE") || has(reading, "INTO", "DUMPFILE") || callsUnknown(reading) ? "opaque" : "read"
);
var write = (reading) => ({
  kind: callsUnknown(reading) ? "opaque" : "write",
  ...namesDatabase(reading, reading.words[0] ?? "") ? { elsewhere: true } : {}
});
var MAIN_VERBS = setOf("SELECT UPDATE DELETE INSERT REPLACE TABLE VALUES");
var withTables = (reading) => {
  const main = classify(from(reading, firstOf(reading, MAIN_VERBS)));
  return callsUnknown(reading) ? { ...main, kind: "opaque" } : main;
};
var begin = ({ words }) => words[1] === "NOT" ? kind("opaque") : { kind: "transaction", transaction: "begin" };
var ends = (transaction) => (reading) => {
  if (reading.words.includes("TO")) return { kind: "transaction", transaction: "savepoint" };
  const chained = has(reading, "AND", "CHAIN");
  return chained ? { kind: "transaction", transaction: "begin", commits: true } : { kind: "transaction", transaction };
};
var savepoint = always("transaction", { transaction: "savepoint" });
var server = always("opaque", { commits: true, elsewhere: true });
var upkeep = always("maintenance", { commits: true });
var analyze = (reading) => {
  const next = reading.words.findIndex(
    (word, index) => index > 0 && (MAIN_VERBS.has(word) || word === "WITH") && word !== "TABLE"
  );
  return next < 0 ? upkeep(reading) : classify(from(reading, next));
};
var explain = (reading) => reading.words[1] === "ANALYZE" ? analyze(from(reading, 1)) : kind("read");
var RULES = {
  SELECT: query,
  TABLE: query,
  VALUES: query,
  "(": query,
  DO: query,
  WITH: withTables,
  INSERT: write,
  REPLACE: write,
  UPDATE: write,
  DELETE: write,
  TRUNCATE: (reading) => ({ ...write(reading), commits: true }),
  CREATE: classifyDefinition,
  ALTER: classifyDefinition,
  DROP: classifyDefinition,
  RENAME: classifyDefinition,
  GRANT: always("schema", { commits: true, elsewhere: true }),
  REVOKE: always("schema", { commits: true, elsewhere: true }),
  INSTALL: always("schema", { commits: true, elsewhere: true }),
  UNINSTALL: always("schema", { commits: true, elsewhere: true }),
  SET: (reading) => classifySet(reading, classify),
  // From here on every name without its database means another one.
  USE: always("session", { setting: "database", elsewhere: true }),
  BEGIN: begin,
  START: (reading) => reading.words[1] === "TRANSACTION" ? { kind: "transaction", transaction: "begin" } : server(reading),
  COMMIT: ends("commit"),
  ROLLBACK: ends("rollback"),
  SAVEPOINT: savepoint,
  RELEASE: savepoint,
  LOCK: upkeep,
  UNLOCK: upkeep,
  ANALYZE: analyze,
  OPTIMIZE: upkeep,
  CHECK: upkeep,
  // It may leave out rows that it cannot read.
  REPAIR: always("opaque", { commits: true }),
  CACHE: upkeep,
  FLUSH: upkeep,
  BACKUP: upkeep,
  LOAD: (reading) => reading.words[1] === "INDEX" ? upkeep(reading) : kind("opaque"),
  CHECKSUM: always("read"),
  SHOW: always("read"),
  HELP: always("read"),
  EXPLAIN: explain,
  DESCRIBE: explain,
  DESC: explain,
  SIGNAL: always("read"),
  DEALLOCATE: always("session"),
  GET: always("session"),
  RESET: server,
  STOP: server,
  CHANGE: server,
  SHUTDOWN: server,
  RESTART: server
};
function classify(reading) {
  const rule = RULES[reading.words[0] ?? ""];
  return rule === void 0 || reading.words[1] === ":" ? kind("opaque") : rule(reading);
}

// src/adapters/mysql-sql/conditional.ts
function classifyTokens(tokens) {
  const whole = classify(readingOf(tokens));
  const plain = tokens.filter((each) => !each.conditional && each.kind !== "mark");
  if (plain.length === 0 || plain.length === tokens.length) return whole;
  const without = classify(readingOf(plain));
  const { kind: kind2, transaction } = without;
  const commits = whole.commits ?? without.commits;
  const elsewhere = whole.elsewhere ?? without.elsewhere;
  return {
    ...whole.kind === kind2 && whole.transaction === transaction ? whole : { kind: "opaque" },
    ...commits === void 0 ? {} : { commits },
    ...elsewhere === void 0 ? {} : { elsewhere }
  };
}

// src/adapters/mysql-sql/lexer.ts
var Unclosed = class extends Error {
  name = "Unclosed";
  position;
  constructor(what, position) {
    super(`${what} that begins here does not end`);
    this.position = position;
  }
};
var WORD = /[\w$\u0080-\uFFFF]+/y;
var SPACE = /[\s\0]*/y;
var LINE_COMMENT = /(?:#|--(?=[\0-\x20]|$))[^\n]*/y;
var EXECUTABLE = /\/\*M?!\d*/y;
var COMMENT_SIGNS = "#-/*";
var DOLLAR_TAG = /\$[A-Za-z_\u0080-\uFFFF]*\$/y;
var BACKSLASH = 92;
function afterQuoted(text, from2, quote) {
  const code = quote.charCodeAt(0);
  const escapes = quote !== "`";
  for (let at = from2 + 1; at < text.length; at += 1) {
    const here = text.charCodeAt(at);
    if (escapes && here === BACKSLASH) at += 1;
    else if (here === code && text.charCodeAt(at + 1) === code) at += 1;
    else if (here === code) return at + 1;
  }
  return -1;
}
function match(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
var Lexer = class {
  tokens = [];
  comments = [];
  #text;
  #at = 0;
  #opened;
  /** First word of the current statement. */
  #first = "";
  constructor(text) {
    this.#text = text;
  }
  run() {
    for (; ; ) {
      this.#at += match(SPACE, this.#text, this.#at)?.length ?? 0;
      if (this.#at >= this.#text.length) break;
      if (!this.#comment()) this.#token();
    }
    if (this.#opened !== void 0) throw new Unclosed("a comment", this.#opened);
    return { tokens: this.tokens, comments: this.comments };
  }
  #push(kind2, length) {
    const [start, end] = [this.#at, this.#at + length];
    const text = this.#text.slice(start, end);
    this.tokens.push({ start, end, kind: kind2, text, conditional: this.#opened !== void 0 });
    this.#at = end;
    if (text === ";" && kind2 === "sign") this.#first = "";
    else if (this.#first === "" && kind2 !== "mark") this.#first = text.toUpperCase();
  }
  /** True when a comment, or a sign of an executable one, was read. */
  #comment() {
    const text = this.#text;
    if (!COMMENT_SIGNS.includes(text.charAt(this.#at))) return false;
    const line = match(LINE_COMMENT, text, this.#at);
    if (line !== void 0) return this.#skip(line.length);
    if (this.#opened !== void 0 && text.startsWith("*/", this.#at)) {
      this.#push("mark", 2);
      this.#opened = void 0;
      return true;
    }
    if (!text.startsWith("/*", this.#at)) return false;
    const executable = this.#opened === void 0 ? match(EXECUTABLE, text, this.#at) : void 0;
    if (executable !== void 0) {
      const start = this.#at;
      this.#push("mark", executable.length);
      this.#opened = start;
      return true;
    }
    const end = text.indexOf("*/", this.#at + 2);
    if (end < 0) throw new Unclosed("a comment", this.#at);
    return this.#skip(end + 2 - this.#at);
  }
  #skip(length) {
    this.comments.push({ start: this.#at, end: this.#at + length });
    this.#at += length;
    return true;
  }
  #token() {
    const sign = this.#text.charAt(this.#at);
    if (sign === "'" || sign === '"' || sign === "`") {
      const end = afterQuoted(this.#text, this.#at, sign);
      if (end < 0) throw new Unclosed(sign === "`" ? "a name" : "a string", this.#at);
      this.#push(sign === "`" ? "quoted" : "string", end - this.#at);
      return;
    }
    const body = sign === "$" ? this.#routineBody() : void 0;
    const word = body === void 0 ? match(WORD, this.#text, this.#at) : void 0;
    if (body !== void 0) this.#push("string", body);
    else if (word !== void 0) this.#push("word", word.length);
    else this.#push("sign", 1);
  }
  /** `AS $tag$ … $tag$` of a routine in another language (MySQL 9); the length, undefined when there is none. */
  #routineBody() {
    if (this.#first !== "CREATE" || this.tokens.at(-1)?.text.toUpperCase() !== "AS") return void 0;
    const tag = match(DOLLAR_TAG, this.#text, this.#at);
    if (tag === void 0) return void 0;
    const end = this.#text.indexOf(tag, this.#at + tag.length);
    return end < 0 ? void 0 : end + tag.length - this.#at;
  }
};
var lexemesOf = (text) => new Lexer(text).run();

// src/adapters/mysql-sql/words.ts
var LEADING = setOf(`
  AGGREGATE ALGORITHM ALTER ANALYZE AND BEGIN CACHE CALL CHAIN CHECK CHECKSUM COMMIT COMPONENT CREATE DATABASE DEALLOCATE DEFAULT
  DELAYED DELETE DESC DESCRIBE DO DROP EVENT EXECUTE EXISTS EXPLAIN FLUSH FOR FROM FULLTEXT FUNCTION GLOBAL GRANT HANDLER
  HIGH_PRIORITY IF IGNORE IMMEDIATE INDEX INFILE INSERT INSTALL INTO KILL LOAD LOCAL LOCK LOW_PRIORITY NAMES NOT OFFLINE ON
  ONLINE OPTIMIZE OR PACKAGE PERSIST PLUGIN PREPARE PROCEDURE QUICK RELEASE RENAME REPAIR REPLACE RESET REVOKE ROLE ROLLBACK
  SAVEPOINT SCHEMA SELECT SEQUENCE SERVER SESSION SET SHOW SPATIAL START STATEMENT STOP TABLE TABLES TABLESPACE TEMPORARY TO
  TRANSACTION TRIGGER TRUNCATE UNINSTALL UNIQUE UNLOCK UPDATE USE USER VALUES VIEW WITH WORK XA`);
var MOST_WORDS = 10;
var LONGEST = 100;
function labelOf({ tokens, words }) {
  const label = [];
  for (let index = 0; index < tokens.length && label.length < MOST_WORDS; index += 1) {
    const token = tokens[index];
    if (!isName(token)) break;
    if (words[index] === "DEFINER") index = afterDefiner(words, tokens, index) - 1;
    else if (LEADING.has(words[index] ?? "")) label.push(words[index] ?? "");
    else {
      label.push(nameAt(tokens, words, index));
      break;
    }
  }
  const text = label.join(" ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
function afterDefiner(words, tokens, index) {
  const user = index + 3;
  return words[user] === "@" && tokens[user + 1] !== void 0 ? user + 2 : user;
}
function nameAt(tokens, words, index) {
  let end = index + 1;
  while (words[end] === "." && isName(tokens[end + 1])) end += 2;
  return tokens.slice(index, end).map(({ text }) => text).join("");
}
var LANGUAGE = setOf(`
  ADD AFTER ALL ALTER ANALYZE AND AS ASC AUTO_INCREMENT BEFORE BEGIN BETWEEN BIGINT BINARY BLOB BOOLEAN BOTH BY CALL CASCADE CASE
  CHANGE CHAR CHARACTER CHARSET CHECK COLLATE COLUMN COMMENT COMMIT CONSTRAINT CONTINUE CONVERT CREATE CROSS CURRENT_TIMESTAMP
  DATABASE DATETIME DECIMAL DECLARE DEFAULT DELETE DESC DETERMINISTIC DISTINCT DIV DO DOUBLE DROP DUPLICATE EACH ELSE ELSEIF END
  ENGINE ENUM EXISTS EXIT EXPLAIN FALSE FIRST FLOAT FOR FOREIGN FROM FULLTEXT FUNCTION GENERATED GRANT GROUP HAVING IF IGNORE IN
  INDEX INNER INNODB INSERT INT INTEGER INTERVAL INTO IS ITERATE JOIN JSON KEY KEYS LEADING LEAVE LEFT LIKE LIMIT LOAD LOCK
  LONGBLOB LONGTEXT LOOP MEDIUMBLOB MEDIUMINT MEDIUMTEXT MODIFY NATURAL NOT NULL NUMERIC ON OPTIMIZE OR ORDER OUT OUTER PARTITION
  PRECISION PRIMARY PROCEDURE RANGE READ REAL REFERENCES RENAME REPEAT REPLACE RESTRICT RETURN RETURNS REVOKE RIGHT ROLLBACK ROW
  SELECT SET SMALLINT SPATIAL SQL STORED TABLE TABLES TEMPORARY TEXT THEN TINYBLOB TINYINT TINYTEXT TO TRAILING TRANSACTION
  TRIGGER TRUE TRUNCATE UNION UNIQUE UNLOCK UNSIGNED UPDATE USE USING VALUES VARBINARY VARCHAR VIEW VIRTUAL WHEN WHERE WHILE WITH
  WRITE XOR ZEROFILL`);
function namesIn({ tokens, words }) {
  const found = /* @__PURE__ */ new Set();
  for (const [index, token] of tokens.entries()) {
    if (!isName(token) || words[index - 1] === "@") continue;
    if (token.kind === "quoted") found.add(token.text.slice(1, -1).replaceAll("``", "`").toLowerCase());
    else if (!LANGUAGE.has(words[index] ?? "")) found.add(token.text.toLowerCase());
  }
  return [...found];
}

// src/adapters/mysql-sql/analyser.ts
var LARGEST_BYTES = 1e7;
var Unreadable = class extends Error {
  name = "Unreadable";
  position;
  /** True when nothing stands before it. */
  isFirst;
  constructor(message, position, isFirst = false) {
    super(message);
    this.position = position;
    this.isFirst = isFirst;
  }
};
function statementOf(tokens, { text, shift, lineAt }) {
  const start = tokens[0]?.start ?? 0;
  const end = tokens.at(-1)?.end ?? start;
  const reading = readingOf(tokens);
  return {
    text: text.slice(start, end),
    line: lineAt(start),
    endLine: lineAt(end),
    offset: start + shift,
    tree: {},
    clauseLines: [],
    ...classifyTokens(tokens),
    label: labelOf(reading),
    names: namesIn(reading)
  };
}
var DELIMITER = "DELIMITER is a word of the mysql client, and Prisma sends the file to the server as it is: leave it out, and end the body with END;";
var OTHER_RULES = /NO_BACKSLASH_ESCAPES|ANSI|ORACLE|MSSQL|DB2|POSTGRESQL|MAXDB/i;
var beginsStatement = (before) => before === void 0 || before.text === ";";
function mustBeReadable(tokens, text) {
  for (const [index, token] of tokens.entries()) {
    if (!beginsStatement(tokens[index - 1])) continue;
    if (upper(token) === "DELIMITER") throw new Unreadable(DELIMITER, token.start, index === 0);
    if (upper(token) !== "SET") continue;
    const end = text.indexOf(";", token.start);
    const said = end < 0 ? "" : text.slice(token.start, end);
    if (/\bsql_mode\b/i.test(said) && OTHER_RULES.test(said))
      throw new Unreadable(
        "sql_mode is set to a mode in which strings are written in another way",
        token.start
      );
  }
}
function statements(tokens, source) {
  mustBeReadable(tokens, source.text);
  let moved = false;
  return splitTokens(tokens).map((each) => {
    const statement = statementOf(each, source);
    const isElsewhere = moved && statement.kind !== "read" && statement.kind !== "transaction";
    moved ||= statement.setting === "database";
    return isElsewhere ? { ...statement, elsewhere: true } : statement;
  });
}
var isRefusal = (error) => error instanceof Unclosed || error instanceof Unended || error instanceof Unreadable;
function analyse(migration, path, bytes) {
  const { text, shift, oddities } = decodeScript(bytes);
  const empty = { migration, path, dialect: "mysql", oddities, statements: [], comments: [] };
  if (bytes.length > LARGEST_BYTES)
    return { ...empty, syntaxError: { message: "the file is too large to be read as SQL", line: 1 } };
  const source = { text, shift, lineAt: linesOf(text) };
  try {
    const { tokens, comments } = lexemesOf(text);
    return {
      ...empty,
      statements: statements(tokens, source),
      comments: comments.map(({ start, end }) => ({
        text: text.slice(start, end),
        line: source.lineAt(start),
        endLine: source.lineAt(end),
        offset: start + shift
      }))
    };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const first = error instanceof Unreadable && error.isFirst ? { first: true } : {};
    const { message, position } = error;
    return { ...empty, syntaxError: { message, line: source.lineAt(position), ...first } };
  }
}
var createAnalyser = () => ({
  analyse: async (migration, path, bytes) => analyse(migration, path, bytes)
});

// src/adapters/mysql-sql/parser.ts
function createParser() {
  const analyser = createAnalyser();
  return {
    async parse(migration, bytes) {
      const { comments: _comments, path: _path, ...file } = await analyser.analyse(migration, "", bytes);
      return file;
    }
  };
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  createAnalyser,
  createParser
});
