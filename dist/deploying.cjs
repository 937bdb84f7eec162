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

// src/app/deploying.ts
var deploying_exports = {};
__export(deploying_exports, {
  cleanup: () => cleanup,
  deploy: () => deploy,
  makePlan: () => makePlan,
  planner: () => planner,
  promote: () => promote,
  publishPlan: () => publishPlan,
  rollback: () => rollback,
  runDoctor: () => runDoctor,
  startGuard: () => startGuard,
  tell: () => tell
});
module.exports = __toCommonJS(deploying_exports);

// src/domain/tags.ts
var MANAGED_BY = { key: "managed-by", value: "guarded-migrate" };
var OURS = "guarded-migrate:";
var tagName = (name) => `${OURS}${name}`;
var TAG_LIMITS = { count: 50, length: 256 };
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
var isOurs = (tags) => tags[MANAGED_BY.key] === MANAGED_BY.value;
var tagValue = (text2) => text2.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "-").slice(0, 256);

// src/domain/lineage.ts
function lineageOf(name, serving, all) {
  const links = all.flatMap((each) => linksOf(each, name));
  const known3 = /* @__PURE__ */ new Map();
  const reach = (resourceId, run) => {
    if (known3.has(resourceId)) return;
    known3.set(resourceId, run);
    for (const { ends, run: by } of links)
      if (ends.includes(resourceId)) for (const end of ends) reach(end, by);
  };
  if (serving === void 0) for (const { ends, run } of links) for (const end of ends) reach(end, run);
  else reach(serving.resourceId, "");
  return known3;
}
function linksOf({ tags, resourceId }, name) {
  if (tags[TAG.production] !== name) return [];
  const run = tags[TAG.promotion] ?? "";
  const [old, fresh] = [tags[TAG.oldResourceId] ?? "", tags[TAG.newResourceId] ?? ""];
  if (old === "" || fresh === "" || resourceId !== old && resourceId !== fresh) return [];
  const source = isOurs(tags) ? tags[TAG.sourceResourceId] : void 0;
  return [
    { ends: [old, fresh], run },
    ...source === void 0 ? [] : [{ ends: [resourceId, source], run }]
  ];
}
function lineageOfGone(name, snapshots, all) {
  const taken3 = snapshots.flatMap(({ sourceIdentifier, sourceResourceId, tags }) => {
    const id = sourceResourceId ?? tags[TAG.sourceResourceId];
    return sourceIdentifier === name && id !== void 0 ? [[id, ""]] : [];
  });
  return new Map([...taken3, ...lineageOf(name, void 0, all)]);
}

// src/domain/prices.ts
var PRICES_FROM = "mid-2026, us-east-1";
var LARGE = {
  m5: 0.178,
  m6g: 0.159,
  m6i: 0.178,
  m7g: 0.168,
  r5: 0.25,
  r6g: 0.225,
  r6i: 0.25,
  r7g: 0.239,
  t3: 0.145,
  t4g: 0.129
};
var BURSTABLE = {
  "t3.micro": 0.018,
  "t3.small": 0.036,
  "t3.medium": 0.072,
  "t4g.micro": 0.016,
  "t4g.small": 0.032,
  "t4g.medium": 0.065
};
var BACKUP_GIB_MONTH = 0.095;
var STORAGE_GIB_MONTH = {
  gp2: 0.115,
  gp3: 0.115,
  io1: 0.125,
  io2: 0.125,
  standard: 0.1
};
var isBilledByUse = ({ engine }) => engine.startsWith("aurora");
function instancePerHour({ kind, engine, instanceClass, multiAz }) {
  const known3 = engine.startsWith("postgres") && kind !== "cluster";
  const price = known3 ? classPrice(instanceClass) : void 0;
  return price === void 0 ? void 0 : price * zones(multiAz);
}
function storagePerMonth(instance) {
  if (instance.kind === "cluster") return void 0;
  const price = STORAGE_GIB_MONTH[String(instance.settings.StorageType ?? "")];
  return price === void 0 ? void 0 : price * instance.allocatedStorageGiB * zones(instance.multiAz);
}
var snapshotPerMonth = (gib) => gib * BACKUP_GIB_MONTH;
var zones = (multiAz) => multiAz ? 2 : 1;
function classPrice(name) {
  const [, family = "", size = ""] = /^db\.([a-z0-9]+)\.([a-z0-9]+)$/.exec(name) ?? [];
  const exact = BURSTABLE[`${family}.${size}`];
  if (exact !== void 0) return exact;
  const large = LARGE[family];
  const times = size === "large" ? 1 : size === "xlarge" ? 2 : Number(/^(\d{1,2})xlarge$/.exec(size)?.[1]) * 2;
  return large === void 0 || Number.isNaN(times) ? void 0 : large * times;
}

// src/domain/inventory.ts
var PRUNED_PHASES = /* @__PURE__ */ new Set(["applied"]);
var CLEANED_PHASES = /* @__PURE__ */ new Set(["applied", "unchanged"]);
var YOUNGEST_MS = 24 * 36e5;
var OPEN_PHASES = /* @__PURE__ */ new Set(["restoring", "unverified", "mismatch", "promoting"]);
var ownSnapshots = (snapshots, source) => snapshots.filter(
  (each) => isOurs(each.tags) && // A hand-made snapshot inherits the tags of a promoted database, but not our name.
  each.identifier.startsWith("gm-") && each.sourceIdentifier === source.identifier && each.tags[TAG.sourceResourceId] === source.resourceId && (each.sourceResourceId === void 0 || each.sourceResourceId === source.resourceId)
);
function judgeSnapshots(own, rule2) {
  const sorted = [...own].sort((a, b) => (b.createdAt ?? Infinity) - (a.createdAt ?? Infinity));
  let counted2 = 0;
  return sorted.map((each) => {
    const needed = whyNeeded(each, rule2);
    if (needed !== void 0) return [each, { verdict: "keep", why: needed }];
    counted2 += 1;
    if (rule2.keep === 0) return [each, { verdict: "keep", why: "snapshot-keep is 0, which keeps all" }];
    if (counted2 <= rule2.keep)
      return [each, { verdict: "keep", why: `one of the newest ${rule2.keep} (snapshot-keep)` }];
    const young = whyTooYoung(each, rule2.before);
    return [
      each,
      young === void 0 ? { verdict: "delete", why: "older than the newest that are kept" } : { verdict: "keep", why: young }
    ];
  });
}
function whyNeeded(snapshot, rule2) {
  const phase = snapshot.tags[TAG.phase] ?? "";
  if (snapshot.status !== "available") return `its status is ${snapshot.status}`;
  if (!rule2.settled.has(phase)) return phase === "" ? "how its run ended is not known" : runEnded(phase);
  if (openKeys(snapshot.tags).some((key) => rule2.open.has(key)))
    return "a database restored from its run still waits for a decision";
  return void 0;
}
var runEnded = (phase) => phase === "failed" ? "its run failed" : `its run is not settled (${phase})`;
var whyTooYoung = (snapshot, before) => {
  if (before === void 0) return void 0;
  if (snapshot.createdAt === void 0) return "its age is not known";
  return snapshot.createdAt > before ? "younger than a day" : void 0;
};
var openKeys = (tags) => [tags[TAG.run], tags[TAG.restoreTime]].filter((key) => key !== void 0 && key !== "");
var openWork = (instances) => new Set(
  instances.filter((each) => isOurs(each.tags) && OPEN_PHASES.has(each.tags[TAG.phase] ?? "")).flatMap((each) => openKeys(each.tags))
);
function takeInventory(stock, keep, now) {
  const { source, snapshots, instances } = stock;
  const rule2 = {
    keep,
    settled: CLEANED_PHASES,
    before: now - YOUNGEST_MS,
    open: openWork(instances)
  };
  const own = ownSnapshots(snapshots, source);
  const lineage = lineageOf(source.identifier, source, instances);
  const before = beforePromotion(stock, lineage);
  return [
    ...judgeSnapshots(own, rule2).map(([each, verdict]) => keptSnapshot(each, verdict)),
    ...before.map((each) => keptSnapshot(each, { verdict: "keep", why: "taken of the replaced database" })),
    ...instances.filter((each) => each.identifier !== source.identifier && belongsTo(each, source, lineage)).map(keptInstance)
  ];
}
function beforePromotion({ source, snapshots }, lineage) {
  const old = /* @__PURE__ */ new Set([source.tags[TAG.oldResourceId], source.tags[TAG.sourceResourceId], ...lineage.keys()]);
  return snapshots.filter(
    (each) => isOurs(each.tags) && each.tags[TAG.sourceResourceId] !== source.resourceId && old.has(each.tags[TAG.sourceResourceId] ?? "none")
  );
}
function belongsTo({ tags, resourceId }, source, lineage) {
  if (!isOurs(tags) && tags[TAG.promotion] === void 0) return false;
  const partners = [tags[TAG.sourceResourceId], tags[TAG.oldResourceId], tags[TAG.newResourceId]];
  const origin = source.tags[TAG.sourceResourceId];
  return partners.some((each) => each === source.resourceId || lineage.has(each ?? "")) || lineage.has(resourceId) || resourceId === source.tags[TAG.oldResourceId] || origin !== void 0 && (resourceId === origin || tags[TAG.sourceResourceId] === origin);
}
var keptSnapshot = (each, verdict) => ({
  kind: "snapshot",
  identifier: each.identifier,
  run: each.tags[TAG.run] ?? "",
  phase: each.tags[TAG.phase] ?? "",
  createdAt: each.createdAt,
  sizeGiB: each.sizeGiB,
  monthlyCost: each.sizeGiB === void 0 ? void 0 : snapshotPerMonth(each.sizeGiB),
  ...verdict
});
var HOURS_PER_MONTH = 730;
function keptInstance(each) {
  const hourly = instancePerHour(each);
  const storage = storagePerMonth(each);
  const phase = each.tags[TAG.phase] ?? "";
  return {
    kind: phase === "replaced" ? "replaced" : "restored",
    identifier: each.identifier,
    run: each.tags[TAG.run] ?? each.tags[TAG.promotion] ?? "",
    phase,
    createdAt: each.createdAt,
    sizeGiB: isBilledByUse(each) ? void 0 : each.allocatedStorageGiB || void 0,
    monthlyCost: hourly === void 0 ? void 0 : hourly * HOURS_PER_MONTH + (storage ?? 0),
    verdict: "keep",
    why: "a database is never deleted by the guard"
  };
}

// src/domain/plan.ts
var stepsOnly = (steps5, more2 = {}) => ({
  basis: void 0,
  pending: [],
  hazards: [],
  steps: steps5,
  snapshotIdentifier: "",
  adopted: void 0,
  restoredIdentifier: "",
  sourceTags: {},
  estimate: [],
  ...more2
});

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
  constructor(problems, options) {
    const list3 = Array.isArray(problems) ? problems : [problems];
    super(list3.map((each) => each.detail).join("; "), options);
    this.problems = list3;
  }
};
function problemsOf(error) {
  if (error instanceof Error && error.name === "GuardError") return error.problems;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return [problem("unexpected", detail.split("\n")[0] ?? detail)];
}
var firstProblem = (error) => problemsOf(error)[0] ?? problem("unexpected", "an error without a message");
var isProblem = (error, ...codes) => problemsOf(error).some((each) => codes.includes(each.code));

// src/guard/step.ts
async function takeStep(guard, step2, work) {
  guard.emit({ type: "step-intended", step: step2 });
  try {
    const note2 = await work();
    guard.emit({ type: "step-done", step: step2, ...note2 === void 0 ? {} : { note: note2 } });
  } catch (error) {
    for (const problem2 of problemsOf(error)) guard.emit({ type: "step-failed", step: step2, problem: problem2 });
    throw error;
  }
}
async function attemptStep(guard, step2, work) {
  try {
    await takeStep(guard, step2, work);
    return void 0;
  } catch (error) {
    return firstProblem(error);
  }
}
var isPlanned = (guard, step2) => guard.run.steps.some((each) => each.kind === step2);
var untold = (guard, error) => problemsOf(error).filter(
  ({ code: code2, detail }) => !guard.run.problems.some((each) => each.code === code2 && each.detail === detail)
);

// src/guard/steps/alert.ts
async function tell(guard, about3) {
  const { notifier } = guard.ports;
  const { slackOn } = guard.request;
  if (notifier === void 0 || slackOn === "never") return;
  try {
    await inTime(guard, (await notifier()).send(guard.options.voice.message(guard.run, about3)));
    guard.emit({ type: "notified", about: about3, delivered: true });
  } catch (error) {
    guard.emit({ type: "notified", about: about3, delivered: false });
    guard.warn("notification-failed", { detail: firstProblem(error).detail });
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

// src/guard/ending.ts
async function endBadly(guard, error, more2 = []) {
  const problems = [...untold(guard, error), ...more2];
  if (problems.length > 0) guard.emit({ type: "refused", problems });
  await tell(guard, "failure");
  if (isProblem(error, "cancelled") || guard.options.cancelled.aborted) return "cancelled";
  return guard.run.plan === void 0 ? "refused" : "failed";
}

// src/guard/back/cleanup.ts
async function cleanup(guard) {
  try {
    return await story(guard);
  } catch (error) {
    return endBadly(guard, error);
  }
}
async function story(guard) {
  const { source, kept: kept2 } = await look(guard);
  const going = kept2.filter((each) => each.verdict === "delete");
  announce(guard, source, going);
  if (going.length === 0) return "up-to-date";
  if (!isConfirmed(guard)) {
    guard.emit({ type: "step-skipped", step: "clean", note: 'dry run: "confirm" was not given' });
    return "planned";
  }
  const failed2 = await attemptStep(guard, "clean", () => deleteAll(guard, going));
  if (failed2 === void 0) return "applied";
  await tell(guard, "failure");
  return failed2.code === "cancelled" ? "cancelled" : "failed";
}
var isConfirmed = ({ request }) => request.confirm !== void 0 && request.confirm === request.instance;
async function look(guard) {
  const { ports, request } = guard;
  const recovery = await ports.recovery();
  const fleet = await ports.fleet();
  const source = await recovery.instance(request.instance);
  const [{ snapshots, limit: limit2 }, instances] = await Promise.all([recovery.snapshots(), fleet.all()]);
  if (source === void 0) {
    const { instance, region } = request;
    throw new GuardError(problem("instance-not-found", `no DB instance ${instance}`, { instance, region }));
  }
  guard.emit({
    type: "observed-target",
    target: { instance: source, manualSnapshots: snapshots, snapshotLimit: limit2 }
  });
  const kept2 = takeInventory({ source, snapshots, instances }, request.snapshotKeep, ports.clock.now());
  guard.emit({ type: "inventory", kept: kept2 });
  return { source, kept: kept2 };
}
function announce(guard, source, going) {
  const many = going.length === 1 ? "the snapshot" : `${going.length} snapshots:`;
  const step2 = {
    kind: "clean",
    when: "always",
    title: `Delete ${many} ${going.map((each) => each.identifier).join(", ")}`
  };
  guard.emit({
    type: "planned",
    plan: stepsOnly(going.length === 0 ? [] : [step2], { sourceTags: source.tags })
  });
}
async function deleteAll(guard, going) {
  const recovery = await guard.ports.recovery();
  const problems = [];
  for (const { identifier: identifier2 } of going) {
    if (guard.options.cancelled.aborted) {
      problems.unshift(problem("cancelled", `cancelled before ${identifier2} was deleted`));
      break;
    }
    try {
      await recovery.deleteSnapshot(identifier2);
      guard.emit({ type: "deleted", identifier: identifier2 });
    } catch (error) {
      const said = firstProblem(error);
      problems.push(problem(said.code, said.detail, { ...said.fields, snapshot: identifier2 }));
      if (ENDS_ALL.has(said.code)) break;
    }
  }
  if (problems.length > 0) throw new GuardError(problems);
  return going.length === 1 ? "1 snapshot deleted" : `${going.length} snapshots deleted`;
}
var ENDS_ALL = /* @__PURE__ */ new Set(["credentials-expired", "credentials-missing"]);

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
var takesMembers = (cluster) => isUsable(cluster.clusterStatus ?? cluster.status);
var isTerminal = (status) => TERMINAL.has(status) || status.startsWith("incompatible-");
function whyUnfit(of2) {
  if (isTerminal(of2.status)) return `the state of ${of2.identifier} is ${of2.status}`;
  if (of2.status === WITHOUT_INSTANCES)
    return `the cluster ${of2.identifier} has no DB instance, so nobody would answer; add one first`;
  return void 0;
}
var FAILED_SNAPSHOT = /* @__PURE__ */ new Set(["deleted", "deleting", "failed"]);
var snapshotState = (status) => {
  if (status === "available") return "ready";
  return FAILED_SNAPSHOT.has(status) || status.startsWith("incompatible-") ? "failed" : "waiting";
};

// src/domain/promotion.ts
var wait = (why2) => ({ do: "wait", why: why2 });
var stop = (code2, why2) => ({ do: "stop", code: code2, why: why2 });
var taken = (name, why2) => ({
  ...{ do: "stop", code: "instance-name-taken", why: why2, name }
});
var rename = ({ which }, to) => ({ do: "rename", which, to });
function nextAction(look6, names, goal) {
  const old = { which: "old", seen: look6.old, rest: names.parked };
  const fresh = { which: "new", seen: look6.new, rest: names.restored };
  const [winner, loser] = goal === "new-serves" ? [fresh, old] : [old, fresh];
  for (const { seen: seen2 } of [winner, loser]) {
    if (seen2 !== void 0 && isRenaming(seen2)) return wait(`${seen2.identifier} is ${stateOf(seen2)}`);
  }
  if (serves(winner, names)) return atTheEnd(winner, names);
  return serves(loser, names) ? leave(look6, winner, loser) : takeOver(look6, names, winner, loser);
}
var serves = ({ seen: seen2 }, names) => seen2?.identifier === names.production;
var isRenaming = ({ status, pending: pending2 = [] }) => status === "renaming" || status === "rebooting" || pending2.some((name) => RENAMES.has(name));
var RENAMES = /* @__PURE__ */ new Set(["DBInstanceIdentifier", "DBClusterIdentifier"]);
var stateOf = (seen2) => isUsable(seen2.status) ? "about to be renamed" : seen2.status;
function atTheEnd({ seen: seen2 }, names) {
  if (seen2 === void 0) return stop("instance-gone", "it was deleted");
  if (isTerminal(seen2.status))
    return stop(
      "promotion-failed",
      `${seen2.identifier} has the name of production, and its state is ${seen2.status}`
    );
  if (!isReachable(seen2.status)) return wait(`${seen2.identifier} is ${seen2.status}`);
  if (!isNamedEndpoint(seen2.endpoint?.address, names.production))
    return wait(`the endpoint of ${seen2.identifier} is not there yet`);
  return { do: "done" };
}
function leave(look6, winner, loser) {
  if (winner.seen === void 0) return stop("instance-gone", `the ${winner.which} instance was deleted`);
  if (loser.seen === void 0) return stop("instance-gone", `the ${loser.which} instance was deleted`);
  for (const seen2 of [winner.seen, loser.seen]) {
    const unfit = whyUnfit(seen2);
    if (unfit !== void 0) return stop("promotion-refused", unfit);
  }
  if (look6.others.has(loser.rest) || winner.seen.identifier === loser.rest)
    return taken(loser.rest, `${loser.rest} exists already`);
  for (const seen2 of [winner.seen, loser.seen]) {
    if (!isUsable(seen2.status)) return wait(`${seen2.identifier} is ${seen2.status}`);
  }
  return rename(loser, loser.rest);
}
function takeOver(look6, names, winner, loser) {
  if (look6.others.has(names.production))
    return taken(names.production, `a third instance has the name ${names.production}`);
  for (const side of [winner, loser]) {
    if (side.seen === void 0 || isTerminal(side.seen.status)) continue;
    return isUsable(side.seen.status) ? rename(side, names.production) : wait(`${side.seen.identifier} is ${side.seen.status}`);
  }
  return stop("instance-gone", "neither of the two instances can serve");
}
var isNamedEndpoint = (address, name) => address !== void 0 && (/^[\d.]+$|:|^localhost$/.test(address) || address.startsWith(`${name}.`));
function phaseOf(look6, names, goal) {
  const [old, fresh] = [look6.old, look6.new];
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

// src/domain/promotion-steps.ts
function promotionSteps(by, names, goal = "new-serves", when2 = "always") {
  const { production, parked, restored } = names;
  const forward = goal === "new-serves";
  const verify = {
    kind: "verify-promotion",
    when: when2,
    title: forward ? "Prove by SQL that the production endpoint reaches the restored database" : "Prove by SQL that the production endpoint reaches the old database again"
  };
  const settle3 = {
    kind: "settle",
    when: when2,
    title: forward ? "Turn on what a restore leaves off, and mark both instances" : "Mark both instances"
  };
  if (by === "proxy")
    return [
      ...forward ? [preflight(when2)] : [],
      {
        kind: "retarget",
        when: when2,
        title: forward ? `Send the RDS Proxy of ${production} to ${restored}` : `Send the RDS Proxy back to ${production}`
      },
      verify,
      settle3
    ];
  const [first, second] = forward ? [`Rename ${production} to ${parked}`, `Rename ${restored} to ${production}`] : [`Rename ${production} back to ${restored}`, `Rename ${parked} back to ${production}`];
  return [
    ...forward ? [preflight(when2)] : [],
    { kind: "park", when: when2, title: first },
    { kind: "take-over", when: when2, title: second },
    verify,
    settle3
  ];
}
var preflight = (when2) => ({
  kind: "preflight",
  when: when2,
  title: "Check everything that must be true before the cut-over"
});

// src/domain/dialect.ts
var SCHEMES = {
  postgres: "postgresql",
  postgresql: "postgresql",
  mysql: "mysql"
};
var dialectOf = (word2) => SCHEMES[word2.toLowerCase()];
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
function dialectOfUrl(text2) {
  if (text2 === "") throw invalid("the URL is empty");
  if (/^["'`]/.test(text2)) throw invalid("the URL begins with a quotation mark: remove the quotes");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text2)?.[1]?.toLowerCase() ?? "";
  const dialect = dialectOf(scheme);
  if (dialect !== void 0) {
    if (!/^[a-z]+:\/\//i.test(text2)) throw invalid('the URL lacks "//" after the protocol');
    return dialect;
  }
  const reason = OTHER_KINDS[scheme] ?? foreignDriver(scheme);
  if (reason !== void 0)
    throw invalid(`the protocol is ${scheme}${scheme === "jdbc" ? ":" : "://"} and ${reason}`);
  throw invalid("the URL does not begin with postgresql://, postgres:// or mysql://");
}

// src/domain/percent.ts
function percentDecoded(text2) {
  const bytes2 = [];
  const encoder2 = new TextEncoder();
  for (let index = 0; index < text2.length; ) {
    const escaped = /^%([0-9a-f]{2})/i.exec(text2.slice(index, index + 3))?.[1];
    if (escaped !== void 0) {
      bytes2.push(Number.parseInt(escaped, 16));
      index += 3;
      continue;
    }
    const character = String.fromCodePoint(text2.codePointAt(index) ?? 0);
    bytes2.push(...encoder2.encode(character));
    index += character.length;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes2));
  } catch {
    return text2;
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
var cleaned = (text2) => text2.replace(/^[\0-\x20]+|[\0-\x20]+$/g, "").replace(/[\t\r\n]/g, "");
function unencodedCharacter(text2) {
  const rest = text2.slice(text2.indexOf("://") + 3);
  const credentials = rest.slice(0, Math.max(0, rest.lastIndexOf("@")));
  const culprit = /[#/?]/.exec(credentials)?.[0];
  if (culprit === void 0) return void 0;
  const encoded = encodeURIComponent(culprit);
  return `the user or password contains an unencoded "${culprit}": write it as ${encoded}`;
}
function parsed(text2, { noHost }) {
  try {
    return new URL(text2);
  } catch {
    if (/@(?::\d*)?(?:\/|$)/.test(text2)) throw invalid(unencodedCharacter(text2) ?? noHost);
    throw invalid(unencodedCharacter(text2) ?? "host or port cannot be read (a port is a number up to 65535)");
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
function parseConnectionUrl(text2) {
  const dialect = dialectOfUrl(cleaned(text2));
  const rules = RULES[dialect];
  const url = parsed(cleaned(text2), rules);
  const parameters = Object.fromEntries(url.searchParams);
  const host = rules.elsewhere(parameters) ?? url.hostname.replace(/^\[(.*)\]$/, "$1");
  const database = url.pathname.split("/")[1] ?? "";
  const hint = unencodedCharacter(cleaned(text2));
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
    const word2 = words[index] ?? "";
    const next = words[index + 1];
    if (word2 === "-c" && next !== void 0) {
      index += 1;
      if (!names.has(settingName(next))) kept2.push(word2, next);
      continue;
    }
    const assignment = /^(?:--|-c)(.*)$/s.exec(word2)?.[1];
    if (assignment === void 0 || !names.has(settingName(assignment))) kept2.push(word2);
  }
  return kept2.join(" ");
}

// src/domain/connection-url.ts
var NAME_BYTES = 63;
function pieces(text2) {
  const [, beforeFragment = "", fragment = ""] = /^([^#]*)(#.*)?$/s.exec(text2) ?? [];
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
var joined = ({ head, authority, path: path3, pairs, fragment }) => `${head}${authority}${path3}${pairs.length > 0 ? `?${pairs.join("&")}` : ""}${fragment}`;
var nameOf = (pair) => [...new URLSearchParams(pair).keys()][0] ?? "";
var without = (pairs, ...names) => pairs.filter((pair) => !names.includes(nameOf(pair)));
var shortened = (name) => {
  const bytes2 = new TextEncoder().encode(name);
  return new TextDecoder().decode(bytes2.subarray(0, NAME_BYTES)).replace(/\uFFFD$/u, "");
};
function withLimits(text2, limits) {
  const { dialect, parameters } = parseConnectionUrl(text2);
  if (dialect === "mysql") return text2;
  const settings = [
    ["statement_timeout", limits.statementTimeoutMs],
    ["lock_timeout", limits.lockTimeoutMs],
    ...limits.connectionCheckIntervalMs > 0 ? [["client_connection_check_interval", limits.connectionCheckIntervalMs]] : []
  ];
  const kept2 = withoutSettings(parameters.options ?? "", new Set(settings.map(([name]) => name)));
  const ours = settings.map(([name, value]) => `-c ${name}=${value}`);
  const options = [...kept2 === "" ? [] : [kept2], ...ours].join(" ");
  const found2 = pieces(cleaned(text2));
  return joined({
    ...found2,
    pairs: [
      ...without(found2.pairs, "options", "application_name"),
      `application_name=${encodeURIComponent(shortened(limits.applicationName))}`,
      `options=${encodeURIComponent(options)}`
    ]
  });
}
var DETOUR = { postgresql: "host", mysql: "socket" };
function withHost(text2, endpoint) {
  const { dialect } = parseConnectionUrl(text2);
  const found2 = pieces(cleaned(text2));
  const address = endpoint.address.includes(":") ? `[${endpoint.address}]` : endpoint.address;
  return joined({
    ...found2,
    authority: `${address}:${endpoint.port}`,
    pairs: without(found2.pairs, DETOUR[dialect])
  });
}
function withCredentials(text2, login) {
  const found2 = pieces(cleaned(text2));
  const head = found2.head.slice(0, found2.head.indexOf("://") + 3);
  const credentials = `${encodeURIComponent(login.username)}:${encodeURIComponent(login.password)}@`;
  const result = joined({ ...found2, head: `${head}${credentials}` });
  parseConnectionUrl(result);
  return result;
}
var describeServer = ({ host, port }) => host.includes(":") && !host.startsWith("/") ? `[${host}]:${port}` : `${host}:${port}`;
function describeUrl(text2) {
  const url = parseConnectionUrl(text2);
  const schema = url.schema === void 0 ? "" : `?schema=${url.schema}`;
  return `${url.user}@${describeServer(url)}/${url.database}${schema}`;
}
var spellings = (decoded) => [
  decoded,
  encodeURIComponent(decoded),
  encodeURIComponent(decoded).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  ),
  new URLSearchParams([["", decoded]]).toString().slice(1),
  JSON.stringify(decoded).slice(1, -1)
];
function secretForms(text2) {
  const found2 = /* @__PURE__ */ new Set([text2, text2.trim(), JSON.stringify(text2).slice(1, -1)]);
  const written2 = /^[^:]*:\/\/[^:@/]*:(.*)@/s.exec(text2.trim())?.[1];
  if (written2 !== void 0) found2.add(written2);
  try {
    const url = parseConnectionUrl(text2);
    const whatwg = new URL(text2);
    found2.add(whatwg.href);
    found2.add(whatwg.password);
    for (const secret of [url.password, url.parameters.sslpassword ?? ""]) {
      for (const spelling of spellings(secret)) found2.add(spelling);
    }
    const exact = /^[^:]*:\/\/[^:@/?#]*:([^/?#]*)@/.exec(text2.trim())?.[1];
    if (exact !== void 0) found2.add(exact);
  } catch {
  }
  return [...found2].filter((form) => form !== "").sort((a, b) => b.length - a.length);
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
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    throw new GuardError(error.problems.map((each) => ({ ...each, fields: { ...each.fields, variable } })));
  }
  for (const form of secretForms(value)) guard.options.onSecret(form);
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
  const known3 = secret.dialect ?? (await instanceOf(guard).catch(() => void 0))?.engine;
  const spoken = spokenBy(known3);
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
var sessionLimits = (guard, serverVersion2) => ({
  statementTimeoutMs: guard.request.statementTimeoutMs,
  lockTimeoutMs: guard.request.lockTimeoutMs,
  applicationName: applicationName(guard.options.identity),
  connectionCheckIntervalMs: serverVersion2 >= CHECK_INTERVAL_SINCE ? CHECK_INTERVAL_MS : 0
});
var guardedEnvironment = (urls, limits) => Object.fromEntries(
  Object.entries(urls.given).map(([name, url]) => [name, withLimits(url.reveal(), limits)])
);
function probedVariables({
  project,
  urls
}) {
  const { urlEnv, prismaMajor, configPath } = project;
  const direct = prismaMajor !== 7 && configPath === void 0;
  const taken3 = direct ? urlEnv.slice(0, 1) : urlEnv;
  return (variable) => taken3.length === 0 || variable === urls.primary || taken3.includes(variable);
}
var urlIn = (urls, environment) => new Secret(environment[urls.primary] ?? "");
var hostOf = (url) => parseConnectionUrl(url.reveal()).host;
var describe = (url) => describeUrl(url.reveal());

// src/domain/cut-over-rules.ts
function cutOverRefusals(old, restored) {
  const found2 = [];
  const refuse3 = (why2) => void found2.push(
    problem("promotion-refused", why2, { instance: old.identifier, restored: restored.identifier })
  );
  const { tags } = restored;
  if (!isOurs(tags))
    refuse3(`${restored.identifier} was not restored by this action: it has no tag managed-by`);
  else if (!standsFor(restored, old))
    refuse3(`${restored.identifier} was restored from another database than ${old.identifier}`);
  if (tags[TAG.phase] === "mismatch")
    refuse3(`${restored.identifier} was compared with the restore point and differs from it`);
  for (const each of [old, restored]) {
    const unfit = whyUnfit(each);
    if (unfit !== void 0) refuse3(unfit);
    if (each.replicaOf !== void 0) refuse3(`${each.identifier} is a read replica of ${each.replicaOf}`);
    if (each.clusterIdentifier !== void 0 && each.kind !== "cluster")
      refuse3(`${each.identifier} is a member of the cluster ${each.clusterIdentifier}: cut over the cluster`);
    if (each.pending !== void 0)
      refuse3(`changes of ${each.identifier} wait for its maintenance window: ${each.pending.join(", ")}`);
  }
  if (kindOf(old) !== kindOf(restored))
    refuse3(`${old.identifier} and ${restored.identifier} are of two kinds`);
  const same = sameDatabase(old, restored);
  if (same !== void 0) found2.push(same);
  return found2;
}
var standsFor = ({ tags }, { resourceId }) => tags[TAG.sourceResourceId] === resourceId || tags[TAG.forResourceId] === resourceId;
var sameDatabase = (old, restored) => {
  if (old.resourceId !== restored.resourceId) return void 0;
  const instances = `${old.identifier}, ${restored.identifier}`;
  return old.identifier === restored.identifier ? problem("promotion-refused", `${restored.identifier} is production itself, and no restored database`, {
    instance: old.identifier,
    restored: restored.identifier
  }) : problem("resource-ambiguous", `${instances} have the same resource id ${old.resourceId}`, {
    instances,
    resourceId: old.resourceId
  });
};
var kindOf = ({ kind = "instance" }) => kind;
var isVerified = (phase) => phase === "restored" || phase === "promoting" || phase === "promoted" || phase === "undone";

// src/domain/promotion-pair.ts
var pairTags = (pair) => ({
  [TAG.promotion]: pair.run,
  [TAG.production]: pair.production,
  [TAG.parked]: pair.by === "proxy" ? "" : pair.parked,
  [TAG.restored]: pair.restored,
  [TAG.oldResourceId]: pair.oldResourceId,
  [TAG.newResourceId]: pair.newResourceId,
  ...pair.proxies.length === 0 ? {} : { [TAG.proxies]: fitting(pair.proxies) }
});
function fitting(names) {
  const text2 = names.join(" ");
  return text2.length <= TAG_LIMITS.length ? text2 : fitting(names.slice(0, -1));
}
function pairOf({ tags, resourceId }) {
  const run = tags[TAG.promotion];
  const production = tags[TAG.production];
  const oldResourceId = tags[TAG.oldResourceId];
  const newResourceId = tags[TAG.newResourceId];
  const restored = tags[TAG.restored];
  if (!run || !production || !oldResourceId || !newResourceId || !restored) return void 0;
  if (resourceId !== oldResourceId && resourceId !== newResourceId) return void 0;
  const parked = tags[TAG.parked] ?? "";
  return {
    ...{ run, production, parked, restored, oldResourceId, newResourceId },
    by: parked === "" ? "proxy" : "rename",
    // A rename after a promotion by proxy leaves that tag where it is.
    proxies: parked === "" ? (tags[TAG.proxies] ?? "").split(" ").filter((name) => name !== "") : []
  };
}
function findPair(all, production) {
  const pairs = all.flatMap((each) => {
    const pair = pairOf(each);
    return pair?.production === production ? [{ pair, on: each }] : [];
  });
  const serving = all.find((each) => each.identifier === production);
  const own = pairs.find(({ on }) => on.resourceId === serving?.resourceId);
  if (own !== void 0) return foundIn(all, own.pair);
  const half = pairs.filter(({ on }) => on.tags[TAG.phase] === "promoting");
  const candidates = half.map(({ pair }) => foundIn(all, pair)).filter(
    (each) => serving === void 0 || [each.oldResourceId, each.newResourceId].includes(serving.resourceId)
  ).sort((a, b) => b.run.localeCompare(a.run, "en", { numeric: true }));
  return candidates[0];
}
function foundIn(all, pair) {
  const by = (id) => all.find((each) => each.resourceId === id);
  const [old, fresh] = [by(pair.oldResourceId), by(pair.newResourceId)];
  return { ...pair, old, new: fresh, phases: [old?.tags[TAG.phase], fresh?.tags[TAG.phase]] };
}
var isHalfDone = ({ phases }) => phases.includes("promoting");
var isUndone = ({ phases }) => !isHalfDone({ phases }) && phases.includes("undone");

// src/domain/names.ts
var MAX_LENGTH = 63;
var clean = (text2) => text2.toLowerCase().replace(/[^a-z0-9-]+/g, "-").replace(/-{2,}/g, "-").replace(/^-+|-+$/g, "");
var checkOf = (text2) => {
  let hash = 2166136261;
  for (const char of text2) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619) >>> 0;
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
var parkedName = (instance, run) => suffixed(instance, clean(`replaced-${run.runId}-${run.attempt}`));

// src/guard/back/cutover.ts
async function look2(guard, pair) {
  const fleet = await guard.ports.fleet();
  const [old, fresh] = await Promise.all([
    fleet.byResource(pair.oldResourceId),
    fleet.byResource(pair.newResourceId)
  ]);
  return { old, new: fresh, others: /* @__PURE__ */ new Set() };
}
async function decide(guard, cutover, seen2) {
  const { pair, goal } = cutover;
  const action = nextAction(seen2, pair, goal);
  if (action.do !== "rename") return action;
  const holder2 = await (await guard.ports.recovery()).instance(action.to);
  if (holder2 === void 0 || [pair.oldResourceId, pair.newResourceId].includes(holder2.resourceId))
    return action;
  return nextAction({ ...seen2, others: /* @__PURE__ */ new Set([action.to]) }, pair, goal);
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
  const before = guard.run.promotion;
  const same = before?.newResourceId === pair.newResourceId ? before : void 0;
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
var noteSeen = (guard, cutover, seen2) => notePhase(guard, cutover, phaseOf(seen2, cutover.pair, cutover.goal));
var winnerOf = (cutover, seen2) => cutover.goal === "new-serves" ? seen2.new : seen2.old;
var loserOf = (cutover, seen2) => cutover.goal === "new-serves" ? seen2.old : seen2.new;

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
    const seen2 = await wait2.look();
    if (wait2.until(seen2)) return { end: "reached", seen: seen2 };
    if (wait2.signal.aborted) return { end: "cancelled", seen: seen2 };
    const now = wait2.clock.now();
    if (now >= wait2.deadline) return { end: "deadline", seen: seen2 };
    const delay = nextDelay(now - start, wait2.percent?.(seen2));
    await wait2.clock.sleep(Math.min(delay, wait2.deadline - now), wait2.signal);
  }
}
async function every(clock, paceMs, look6, ended) {
  const over = new AbortController();
  void ended.then(() => over.abort());
  while (!over.signal.aborted && await look6() === "again") await clock.sleep(paceMs, over.signal);
}
var retryPause = (round, random) => Math.round(Math.min(60 * SECOND, 2 * SECOND * 2 ** (round - 1)) * (0.5 + random));

// src/guard/back/dance.ts
var MINUTE = 6e4;
var RENAME_MS = 30 * MINUTE;
var PATIENCE_MS = 10 * MINUTE;
var UNSEEN_MS = MINUTE;
async function swapNames(guard, cutover) {
  const dance = new Dance(guard, cutover);
  const [loser, winner] = cutover.goal === "new-serves" ? ["old", "new"] : ["new", "old"];
  await takeStep(guard, "park", async () => {
    await markBegun(guard, cutover);
    await dance.until(loser, RENAME_MS + guard.request.restoreTimeoutMs);
    return void 0;
  });
  await takeStep(guard, "take-over", async () => {
    await dance.until(winner, RENAME_MS);
    return void 0;
  });
}
async function markBegun(guard, { pair }) {
  const seen2 = await look2(guard, pair);
  const recovery = await guard.ports.recovery();
  const tags = pairTags(pair);
  for (const each of [seen2.new, seen2.old]) {
    if (each === void 0) continue;
    const wanted = { ...tags, [MANAGED_BY.key]: MANAGED_BY.value, [TAG.phase]: "promoting" };
    const { [MANAGED_BY.key]: _, ...marks } = wanted;
    const missing = each.resourceId === pair.newResourceId ? wanted : marks;
    if (Object.entries(missing).some(([key, value]) => each.tags[key] !== value))
      await recovery.tag(each.arn, missing);
  }
}
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
    const why2 = waited.seen.do === "wait" ? waited.seen.why : "AWS has not finished the rename";
    throw new GuardError(
      problem(waited.end === "cancelled" ? "cancelled" : "promotion-failed", why2, {
        instance: this.#cutover.pair.production
      })
    );
  }
  /** One look and at most one request. Throws what stops the promotion for good. */
  async tick(which) {
    const guard = this.#guard;
    const seen2 = await this.#patiently(() => look2(guard, this.#cutover.pair));
    if (seen2 === void 0) return { do: "wait", why: "AWS does not answer" };
    noteSeen(guard, this.#cutover, seen2);
    const action = await this.#patiently(() => decide(guard, this.#cutover, seen2));
    if (action === void 0) return { do: "wait", why: "AWS does not answer" };
    if (action.do === "stop")
      throw new GuardError(
        problem(action.code, action.why, {
          ...action.name === void 0 ? {} : { name: action.name, promotion: this.#cutover.pair.run },
          instance: this.#cutover.pair.production
        })
      );
    if (action.do === "wait") return this.#checkPatience(action, isMoving(seen2));
    if (action.do === "done" || action.which !== which) return action;
    return this.#rename(action);
  }
  async #rename(action) {
    const guard = this.#guard;
    const { pair, goal } = this.#cutover;
    const { clock } = guard.ports;
    const known3 = this.#asked;
    const accepted = { do: "wait", why: `AWS renames to ${action.to}` };
    if (known3?.which === action.which && known3.to === action.to && clock.now() - known3.at < UNSEEN_MS)
      return accepted;
    const seen2 = await look2(guard, pair);
    const instance = action.which === "old" ? seen2.old : seen2.new;
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
    } catch (error) {
      if (isProblem(error, "aws-unreachable", "aws-throttled", "instance-state")) return void 0;
      throw error;
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
    const why2 = action.do === "wait" ? action.why : "AWS does not take the rename";
    throw new GuardError(problem("promotion-failed", why2, { instance: this.#cutover.pair.production }));
  }
};
var isMoving = (seen2) => [seen2.old, seen2.new].some((each) => each !== void 0 && isRenaming(each));

// src/domain/server-identity.ts
function compareServers(a, b) {
  if (differ(a.timeline, b.timeline)) return { verdict: "different", by: "the WAL timeline" };
  if (a.startedAt !== void 0 && a.startedAt === b.startedAt)
    return { verdict: "same", by: "the start of its server" };
  if (differ(a.startedAt, b.startedAt)) return { verdict: "different", by: "the start of the server" };
  if (differ(a.history?.join("\n"), b.history?.join("\n")))
    return { verdict: "different", by: "the migration history" };
  if (differ(a.address, b.address)) return { verdict: "different", by: "the address of the server" };
  return { verdict: "unproven", by: "nothing that SQL tells differs" };
}
var differ = (a, b) => a !== void 0 && b !== void 0 && a !== b;

// src/guard/back/identity.ts
var DNS_MS = 15 * 6e4;
async function verifyServing(guard, cutover, proxies = []) {
  const seen2 = await look2(guard, cutover.pair);
  const endpoint = winnerOf(cutover, seen2)?.endpoint;
  const url = await cutover.url();
  const doors = {
    urls: doorsOf(url, cutover.pair.by === "proxy" ? proxies : endpoint === void 0 ? [] : [endpoint]),
    loser: loserOf(cutover, seen2)
  };
  const { clock } = guard.ports;
  const waited = await waitUntil({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + DNS_MS,
    look: () => knock(guard, doors, url),
    until: (answer2) => answer2.reached
  });
  if (waited.end !== "reached")
    throw new GuardError(
      problem(waited.end === "cancelled" ? "cancelled" : "promotion-unverified", waited.seen.why, {
        endpoint: waited.seen.door ?? cutover.pair.production
      })
    );
  const { outageFrom } = guard.run.promotion ?? {};
  if (outageFrom !== void 0)
    notePhase(guard, cutover, cutover.goal === "new-serves" ? "promoted" : "undone", {
      outageUntil: clock.now()
    });
  if (!waited.seen.proven) guard.warn("identity-unproven");
  return waited.seen.why;
}
var doorsOf = (url, endpoints) => {
  const { host, port } = parseConnectionUrl(url.reveal());
  const own = { name: `${host}:${port}`, url };
  const others = endpoints.filter((each) => each.address.toLowerCase() !== host.toLowerCase() || each.port !== port).map((each) => ({ name: `${each.address}:${each.port}`, url: new Secret(withHost(url.reveal(), each)) }));
  return [...others, own];
};
async function knock(guard, doors, url) {
  const other = await otherIdentity(guard, doors.loser, url);
  const found2 = [];
  let proven = true;
  for (const door of doors.urls) {
    let answer2;
    try {
      answer2 = await identityAt(guard, door.url);
    } catch (error) {
      return {
        door: door.name,
        reached: false,
        proven: false,
        why: `${door.name} does not answer: ${firstProblem(error).detail}`
      };
    }
    const compared = other === void 0 ? void 0 : compareServers(answer2, other);
    if (compared?.verdict === "same")
      return {
        door: door.name,
        reached: false,
        proven: false,
        why: `${door.name} still reaches the other database (${compared.by})`
      };
    proven &&= compared?.verdict === "different";
    found2.push(compared?.verdict === "different" ? `${door.name}, told by ${compared.by}` : door.name);
  }
  return { reached: true, proven, why: `reached through ${found2.join(" and ")}` };
}
async function otherIdentity(guard, loser, url) {
  if (loser?.endpoint === void 0) return void 0;
  try {
    return await identityAt(guard, new Secret(withHost(url.reveal(), loser.endpoint)));
  } catch {
    return void 0;
  }
}
async function identityAt(guard, url) {
  const session = await (await guard.ports.engine()).connect(url, watchName(guard.options.identity));
  try {
    return await session.identity();
  } finally {
    await session.close().catch(() => void 0);
  }
}

// src/domain/breaking-settings.ts
var BREAKING = /* @__PURE__ */ new Set([
  "CACertificateIdentifier",
  "DBClusterParameterGroupName",
  "DBParameterGroupName",
  "DBSubnetGroupName",
  "Domain",
  "EnableIAMDatabaseAuthentication",
  "NetworkType",
  "OptionGroupName",
  "Port",
  "PubliclyAccessible",
  "VpcSecurityGroupIds"
]);
var isBreaking = ({ name, mend }) => BREAKING.has(name) || mend === "reboot";
var HARMLESS = /* @__PURE__ */ new Set([
  "AssociatedRoles",
  "AutoMinorVersionUpgrade",
  "CopyTagsToSnapshot",
  "DatabaseInsightsMode",
  "DeletionProtection",
  "EnableCloudwatchLogsExports",
  "EnablePerformanceInsights",
  "MaxAllocatedStorage",
  "MonitoringInterval",
  "MonitoringRoleArn",
  "PerformanceInsightsKMSKeyId",
  "PerformanceInsightsRetentionPeriod",
  "PreferredBackupWindow",
  "PreferredMaintenanceWindow",
  "PromotionTier"
]);
var isHarmless = ({ name, mend }) => mend !== "none" && mend !== "reboot" && HARMLESS.has(name);

// src/domain/not-carried.ts
function notCarried(old, restored, proxies) {
  const found2 = [];
  const say = (what, next) => void found2.push({ what, next });
  const replicas = old.settings.ReadReplicas;
  if (Array.isArray(replicas) && replicas.length > 0)
    say(
      `the read replicas ${replicas.join(", ")}, which stay with the old database`,
      "Create new ones from the new production."
    );
  if (proxies.length > 0)
    say(
      `the target of the RDS Proxy ${proxies.join(", ")}, which is registered for the old database`,
      'Check where the proxy sends, or cut over with "promote: proxy" instead.'
    );
  if (old.iamAuthentication)
    say(
      `IAM policies with rds-db:connect on ${old.resourceId}`,
      `Allow the new resource id ${restored.resourceId} in them before applications connect with IAM.`
    );
  if (old.managedPassword)
    say(
      "the managed master password: its secret stays with the old database",
      "Applications that read this secret keep the password of the restore point, until it is rotated. Turning on a managed password for the new one makes a new secret and a new password."
    );
  if (old.tags["aws:cloudformation:stack-name"] !== void 0)
    say(
      `the CloudFormation stack ${old.tags["aws:cloudformation:stack-name"]}, which knows the old database`,
      "Import the new one into the stack before the next update of it."
    );
  say(
    `the state of Terraform or any other tool that knows the resource id ${old.resourceId}`,
    `Import the new database (${restored.resourceId}) into it before its next apply.`
  );
  return found2;
}

// src/guard/exclusive.ts
async function holdAlone(guard, url) {
  const held = new HeldLock(guard, url);
  try {
    const first = await held.attempt();
    if (first.held) return held.asExclusive(false);
    if (guard.request.concurrency === "refuse") throw new GuardError(taken2(first));
    await waitForTurn(guard, held, first);
    return held.asExclusive(true);
  } catch (error) {
    await held.close();
    throw error;
  }
}
async function refuseWhileDeploying(guard, url) {
  if (guard.request.mode === "deploy") return;
  const held = new HeldLock(guard, url);
  try {
    const attempt = await held.attempt();
    if (!attempt.held) {
      const { code: code2, detail, fields } = taken2(attempt);
      throw new GuardError(problem(code2, detail, { ...fields, cutOver: "yes" }));
    }
  } catch (error) {
    if (isProblem(error, "guard-running")) throw error;
  } finally {
    await held.close();
  }
}
async function waitForTurn(guard, held, { holder: holder2 }) {
  const { request, ports, options } = guard;
  const longest = request.snapshotTimeoutMs + request.migrationTimeoutMs;
  const fields = {
    ...holder2 === void 0 ? {} : { pid: String(holder2.pid), application: holder2.applicationName },
    limit: String(longest)
  };
  guard.emit({ type: "notice", notice: { code: "waits-for-turn", level: "notice", fields } });
  const waited = await waitUntil({
    clock: ports.clock,
    signal: options.cancelled,
    deadline: ports.clock.now() + longest,
    look: () => held.attempt(),
    until: (attempt) => attempt.held
  });
  if (waited.end === "cancelled")
    throw new GuardError(problem("cancelled", "cancelled while it waited for another run"));
  if (waited.end === "deadline") throw new GuardError(taken2(waited.seen));
}
var HeldLock = class {
  #guard;
  #url;
  #session;
  constructor(guard, url) {
    this.#guard = guard;
    this.#url = url;
  }
  /** Taking a lock that the session has already is granted again by the server. */
  async attempt() {
    const known3 = this.#session;
    try {
      return await (await this.#open()).intervene.lock();
    } catch (error) {
      if (known3 === void 0 || isProblem(error, "database-error")) throw error;
      await this.close();
      return (await this.#open()).intervene.lock();
    }
  }
  asExclusive(waited) {
    return {
      waited,
      confirm: async () => {
        const attempt = await this.attempt();
        if (!attempt.held) throw new GuardError(taken2(attempt));
      },
      release: () => this.close()
    };
  }
  async close() {
    const session = this.#session;
    this.#session = void 0;
    await session?.close().catch(() => void 0);
  }
  async #open() {
    const { ports, options } = this.#guard;
    this.#session ??= await (await ports.engine()).connect(this.#url, watchName(options.identity));
    return this.#session;
  }
};
var taken2 = ({ holder: holder2 }) => problem("guard-running", "another session holds the guard’s lock of this database", {
  pid: holder2?.pid,
  application: holder2?.applicationName,
  user: holder2?.user ?? void 0,
  state: holder2?.state ?? void 0,
  age: holder2?.ageMs ?? void 0
});

// src/guard/steps/snapshot.ts
async function takeSnapshot(guard, plan2, source) {
  const { request, ports, options } = guard;
  const recovery = await ports.recovery();
  const ours = ourTags(options.identity, { sourceResourceId: source.resourceId, phase: "snapshot" });
  const requested = await adopt(guard, plan2, ours) ?? await recovery.createSnapshot({
    identifier: plan2.snapshotIdentifier,
    source,
    tags: mergedTags(source.tags, ours)
  });
  seen(guard, requested);
  if (request.snapshot === "start") return "requested, not waited for";
  const deadline = ports.clock.now() + request.snapshotTimeoutMs;
  const waited = await waitUntil({
    clock: ports.clock,
    signal: options.cancelled,
    deadline,
    look: async () => {
      const now = (await recovery.snapshots(plan2.snapshotIdentifier)).snapshots[0] ?? requested;
      seen(guard, now);
      if (snapshotState(now.status) === "failed")
        throw new GuardError(problem("snapshot-failed", `status ${now.status}`, about(now)));
      return now;
    },
    until: (now) => snapshotState(now.status) === "ready",
    percent: (now) => now.percent
  });
  if (waited.end === "cancelled")
    throw new GuardError(problem("cancelled", "cancelled while the snapshot was taken", about(waited.seen)));
  if (waited.end === "deadline") {
    throw new GuardError(
      problem("snapshot-timeout", `not available after ${request.snapshotTimeoutMs} ms`, {
        ...about(waited.seen),
        timeout: request.snapshotTimeoutMs
      })
    );
  }
  return `${plan2.snapshotIdentifier} is available`;
}
async function adopt(guard, plan2, ours) {
  if (plan2.adopted === void 0) return void 0;
  const recovery = await guard.ports.recovery();
  const [snapshot] = (await recovery.snapshots(plan2.snapshotIdentifier)).snapshots;
  if (snapshot !== void 0) await recovery.tag(snapshot.arn, ours);
  return snapshot;
}
function seen(guard, snapshot) {
  const { identifier: identifier2, arn, status, percent } = snapshot;
  const before = guard.run.snapshot;
  if (before?.status === status && before.percent === percent) return;
  guard.emit({ type: "snapshot-seen", identifier: identifier2, arn, status, percent });
}
var about = (snapshot) => ({
  snapshot: snapshot.identifier,
  status: snapshot.status,
  percent: snapshot.percent
});
async function tagPhase(guard, arn, phase, more2 = {}) {
  if (arn === void 0) return;
  try {
    await (await guard.ports.recovery()).tag(arn, { [TAG.phase]: phase, ...more2 });
  } catch (error) {
    guard.warn("tag-failed", { arn, phase, detail: firstProblem(error).detail });
  }
}
async function pruneSnapshots(guard, source) {
  const recovery = await guard.ports.recovery();
  const own = ownSnapshots((await recovery.snapshots()).snapshots, source);
  const judged2 = judgeSnapshots(own, {
    keep: guard.request.snapshotKeep,
    settled: PRUNED_PHASES,
    before: void 0,
    open: /* @__PURE__ */ new Set()
  });
  const surplus = judged2.flatMap(
    ([each, { verdict }]) => verdict === "delete" && each.identifier !== guard.run.snapshot?.identifier ? [each] : []
  );
  for (const each of surplus) {
    try {
      await recovery.deleteSnapshot(each.identifier);
    } catch (error) {
      guard.warn("prune-failed", { snapshot: each.identifier, detail: firstProblem(error).detail });
    }
  }
  return surplus.length === 0 ? "nothing to delete" : `deleted ${surplus.map((each) => each.identifier).join(", ")}`;
}

// src/domain/write-marks.ts
var VERSION = "1";
var MAX_PIECES = 8;
var LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
var HASH_LENGTH = 5;
var SHORTEST_ENTRY = HASH_LENGTH + 2;
function tableHash(name) {
  let hash = 2166136261;
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619) >>> 0;
  hash = Math.imul(hash ^ hash >>> 16, 2246822507) >>> 0;
  hash = (hash ^ hash >>> 13) >>> 0;
  return Array.from({ length: HASH_LENGTH }, (_, place2) => LETTERS.charAt(hash >>> place2 * 6 & 63)).join(
    ""
  );
}
var NOTHING = { inserted: 0, updated: 0, deleted: 0 };
var sum = (a, b) => ({
  inserted: a.inserted + b.inserted,
  updated: a.updated + b.updated,
  deleted: a.deleted + b.deleted
});
var rowsOf = (counts) => counts.inserted + counts.updated + counts.deleted;
function marksOf(tables, lsn, commits) {
  const byHash = /* @__PURE__ */ new Map();
  for (const [name, counter] of Object.entries(tables)) {
    const hash = tableHash(name);
    byHash.set(hash, [...byHash.get(hash) ?? [], counter]);
  }
  const alone = [];
  let rest = NOTHING;
  for (const [hash, counters] of byHash) {
    const [first, ...others] = counters;
    if (first !== void 0 && others.length === 0) {
      if (rowsOf(first) > 0) alone.push([hash, only(first)]);
    } else rest = counters.reduce(sum, rest);
  }
  return { lsn, commits, tables: Object.fromEntries(alone), rest };
}
var only = ({ inserted, updated, deleted: deleted2 }) => ({ inserted, updated, deleted: deleted2 });
function encodeMarks(marks, room) {
  const pieces2 = Math.min(MAX_PIECES, Math.max(0, Math.floor(room)));
  if (pieces2 === 0) return [];
  const busiest = Object.entries(marks.tables).sort(
    ([a, left], [b, right]) => rowsOf(right) - rowsOf(left) || (a < b ? -1 : 1)
  );
  let kept2 = Math.min(busiest.length, Math.floor(pieces2 * (TAG_LIMITS.length + 1) / SHORTEST_ENTRY));
  for (; ; ) {
    const texts = packed(marks, busiest, kept2);
    if (texts.length <= pieces2) return texts;
    kept2 = Math.min(kept2 - 1, Math.floor(kept2 * pieces2 / texts.length));
  }
}
function packed(marks, busiest, kept2) {
  const rest = busiest.slice(kept2).reduce((all, [, counts]) => sum(all, counts), marks.rest);
  const head = (count2) => [VERSION, number(count2), safeLsn(marks.lsn), optional(marks.commits), countsText(rest)].join("+");
  const texts = [head(MAX_PIECES)];
  for (const [hash, counts] of busiest.slice(0, kept2)) {
    const entry = `${hash}${countsText(counts)}`;
    const last2 = texts.length - 1;
    const longer = `${texts[last2] ?? ""}+${entry}`;
    if (longer.length <= TAG_LIMITS.length) texts[last2] = longer;
    else texts.push(entry);
  }
  const [first = "", ...others] = texts;
  return [head(texts.length) + first.slice(head(MAX_PIECES).length), ...others];
}
var MAX_LSN = 17;
var safeLsn = (lsn) => /^[0-9A-F]{1,8}\/[0-9A-F]{1,8}$/i.test(lsn) && lsn.length <= MAX_LSN ? lsn : "0/0";
var number = (value) => (Number.isFinite(value) ? Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(value))) : 0).toString(
  36
);
var optional = (value) => value === void 0 ? "" : number(value);
var countsText = ({ inserted, updated, deleted: deleted2 }) => [inserted, updated, deleted2].map(number).join(".").replace(/(?:\.0)+$/, "");
var NUMBER = "[0-9a-z]{1,11}";
var COUNTS2 = `${NUMBER}(?:\\.${NUMBER}){0,2}`;
var HEAD = new RegExp(
  `^${VERSION}\\+([1-${MAX_PIECES}])\\+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})\\+((?:${NUMBER})?)\\+(${COUNTS2})(?:\\+|$)`
);
var ENTRY = new RegExp(`^([0-9A-Za-z_-]{${HASH_LENGTH}})(${COUNTS2})$`);
function decodeMarks(texts) {
  const [first = ""] = texts;
  const [whole, count2 = "", lsn = "", commits = "", rest = ""] = HEAD.exec(first) ?? [];
  if (whole === void 0) return void 0;
  const pieces2 = [first.slice(whole.length), ...texts.slice(1, Number(count2))];
  if (pieces2.length !== Number(count2)) return void 0;
  const tables = {};
  for (const entry of pieces2.flatMap((piece) => piece === "" ? [] : (piece ?? " ").split("+"))) {
    const [, hash, counts] = ENTRY.exec(entry) ?? [];
    if (hash === void 0 || counts === void 0) return void 0;
    tables[hash] = countsOf(counts);
  }
  return {
    lsn,
    commits: commits === "" ? void 0 : Number.parseInt(commits, 36),
    tables,
    rest: countsOf(rest)
  };
}
function countsOf(text2) {
  const [inserted = 0, updated = 0, deleted2 = 0] = text2.split(".").map((each) => Number.parseInt(each, 36));
  return { inserted, updated, deleted: deleted2 };
}
var markTags = (marks, others) => Object.fromEntries(
  encodeMarks(marks, TAG_LIMITS.count - others).map((text2, piece) => [TAG.marks(piece), text2])
);
var marksIn = (tags) => decodeMarks(Array.from({ length: MAX_PIECES }, (_, piece) => tags[TAG.marks(piece)]));

// src/domain/history.ts
var isApplied = (row) => row.finishedAt !== null && row.rolledBackAt === null;
var isOpen = (row) => row.finishedAt === null && row.rolledBackAt === null;
function compareHistory(project, history2) {
  const rows = history2 ?? [];
  const applied = new Map(rows.filter(isApplied).map((row) => [row.name, row]));
  const known3 = new Set(rows.filter((row) => row.rolledBackAt === null).map((row) => row.name));
  const onDisk = new Set(project.migrations.map((each) => each.name));
  const lastApplied = project.migrations.findLastIndex((each) => applied.has(each.name));
  const pending2 = project.migrations.filter((each) => !known3.has(each.name));
  const position2 = new Map(project.migrations.map((each, index) => [each.name, index]));
  return {
    pending: pending2,
    open: rows.filter(isOpen),
    edited: project.migrations.flatMap((each) => {
      const row = applied.get(each.name);
      return row === void 0 || row.checksum === "" || each.checksums.includes(row.checksum) ? [] : [each.name];
    }),
    gone: [...applied.keys()].filter((name) => !onDisk.has(name)),
    outOfOrder: pending2.filter((each) => (position2.get(each.name) ?? 0) < lastApplied).map((each) => each.name)
  };
}

// src/guard/steps/restore-point.ts
var SECOND2 = 1e3;
var marksOfPoint = ({ state, lsn, commits }) => marksOf(state.writes, lsn, commits);
function tagsOnSnapshot({ run, options }) {
  const source = run.plan?.sourceTags ?? {};
  const ours = ourTags(options.identity, { sourceResourceId: "", phase: "migrating", restoreTime: "-" });
  return Object.keys(mergedTags(source, { ...ours, [TAG.fingerprint]: "-" })).length;
}
async function markRestorePoint(guard, session, pending2) {
  const { clock } = guard.ports;
  const first = await session.clock();
  const skew = first.now - clock.now();
  const target = Math.ceil(first.now / SECOND2) * SECOND2;
  const state = await session.state();
  refuseMoved(pending2, state.history);
  const point = {
    time: new Date(target).toISOString().replace(".000Z", "Z"),
    lsn: first.lsn,
    commits: first.commits,
    state
  };
  guard.emit({ type: "restore-point", point });
  await tagPhase(guard, guard.run.snapshot?.arn, "migrating", {
    [TAG.restoreTime]: point.time,
    [TAG.fingerprint]: state.fingerprint.digest,
    ...markTags(marksOfPoint(point), tagsOnSnapshot(guard))
  });
  const startAt = target + SECOND2;
  await clock.sleep(startAt - skew - clock.now(), guard.options.cancelled);
  while ((await session.clock()).now < startAt && !guard.options.cancelled.aborted)
    await clock.sleep(20, guard.options.cancelled);
  if (guard.options.cancelled.aborted)
    throw new GuardError(problem("cancelled", "cancelled before the migration was started"));
  return point;
}
function refuseMoved(pending2, history2) {
  const moved = (history2 ?? []).find(
    (row) => row.rolledBackAt === null && pending2.some(({ name }) => name === row.name)
  );
  if (moved === void 0) return;
  throw new GuardError(
    problem("history-moved", `migration ${moved.name} was pending when this run looked first`, {
      migration: moved.name,
      state: isOpen(moved) ? "begun" : "applied"
    })
  );
}

// src/guard/back/recorded.ts
async function recordedFor(guard, restored) {
  const { goal, restorePoint: restorePoint2 } = guard.run;
  const known3 = restorePoint2 === void 0 ? goal?.recorded ?? inTags(restored.tags) : { fingerprint: restorePoint2.state.fingerprint.digest, marks: marksOfPoint(restorePoint2) };
  if (known3.fingerprint !== void 0 && known3.marks !== void 0) return known3;
  const run = restored.tags[TAG.run];
  const time2 = restored.tags[TAG.restoreTime];
  if (run === void 0 || time2 === void 0) return known3;
  const { snapshots } = await (await guard.ports.recovery()).snapshots();
  const snapshot = snapshots.find(({ tags }) => tags[TAG.run] === run && tags[TAG.restoreTime] === time2);
  const kept2 = inTags(snapshot?.tags ?? {});
  return { fingerprint: known3.fingerprint ?? kept2.fingerprint, marks: known3.marks ?? kept2.marks };
}
var inTags = (tags) => ({
  fingerprint: tags[TAG.fingerprint] || void 0,
  marks: marksIn(tags)
});

// src/guard/back/check-restored.ts
async function checkRestored(guard, cutover, restored) {
  const refuse3 = (why2) => {
    throw new GuardError(
      problem("promotion-refused", why2, { instance: cutover.pair.production, restored: restored.identifier })
    );
  };
  if (restored.endpoint === void 0) return refuse3(`${restored.identifier} has no endpoint yet`);
  const url = new Secret(withHost((await cutover.url()).reveal(), restored.endpoint));
  let session;
  try {
    session = await (await guard.ports.engine()).connect(url, watchName(guard.options.identity));
  } catch (error) {
    return refuse3(
      `${restored.identifier} does not answer SQL with the user of production: ${firstProblem(error).detail}`
    );
  }
  try {
    const facts = await session.facts();
    if (facts.isReplica) refuse3(`${restored.identifier} is read-only`);
    await session.history();
    await checkContent(guard, restored, session, refuse3);
  } finally {
    await session.close().catch(() => void 0);
  }
}
async function checkContent(guard, restored, session, refuse3) {
  if (guard.run.restore?.resourceId === restored.resourceId && guard.run.restore.differences?.length === 0)
    return;
  const phase = restored.tags[TAG.phase];
  if (phase === "mismatch") return;
  const { fingerprint: wanted } = await recordedFor(guard, restored);
  if (wanted === void 0) {
    if (isVerified(phase)) return guard.emit({ type: "restore-verified", differences: [] });
    refuse3(
      `nobody has compared ${restored.identifier} with its restore point (its state is "${phase ?? "unknown"}"), and no fingerprint was recorded to do it now`
    );
  }
  const { fingerprint } = await session.state();
  if (fingerprint.digest !== wanted)
    refuse3(`the schema of ${restored.identifier} is not the one of the restore point`);
  guard.emit({ type: "restore-verified", differences: [] });
  if (!isVerified(phase)) await tagPhase(guard, restored.arn, "restored");
}

// src/guard/back/parity.ts
var MEND_MS = 10 * 6e4;
var STABLE_MS = 30 * 6e4;
async function settleRestored(guard, source, restored) {
  let left = [];
  try {
    left = await compareSettings(guard, source, restored);
    if (left.length === 0) return left;
    const now = await (await guard.ports.fleet()).byResource(restored.resourceId, restored.identifier);
    if (now !== void 0 && isUsable(now.status)) left = await mendSettings(guard, source, now);
  } catch (error) {
    guard.warn("setting-differs", {
      name: "settings that could not be compared or mended",
      wanted: "those of production",
      got: firstProblem(error).detail
    });
  }
  tellDifferences(guard, left);
  return left;
}
function tellDifferences(guard, differences2) {
  for (const { name, wanted, got, call: call2 } of differences2.slice(0, 30))
    guard.warn("setting-differs", { name, wanted, got, call: call2 });
}
async function compareSettings(guard, source, restored) {
  const differences2 = (await guard.ports.settings()).compare(source, restored);
  guard.emit({ type: "parity", differences: differences2 });
  return differences2;
}
async function mendSettings(guard, source, restored, may = () => true) {
  const before = guard.run.parity ?? await compareSettings(guard, source, restored);
  const mendable = before.filter((each) => each.mend !== "none" && may(each));
  if (mendable.length === 0) return before;
  const names = await mendPatiently(guard, source, restored, mendable);
  guard.emit({ type: "mended", names });
  const now = await awaitStable(guard, restored, guard.ports.clock.now() + STABLE_MS);
  return compareSettings(guard, source, now ?? restored);
}
async function mendPatiently(guard, source, restored, differences2) {
  const { clock } = guard.ports;
  const settings = await guard.ports.settings();
  let refused;
  const waited = await waitUntil({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + MEND_MS,
    look: async () => {
      try {
        return await settings.mend(source, restored, differences2);
      } catch (error) {
        if (!isProblem(error, "instance-state")) throw error;
        refused = error;
        return void 0;
      }
    },
    until: (names) => names !== void 0
  });
  if (waited.seen === void 0) throw refused;
  return waited.seen;
}
var isStable = ({ status, pending: pending2 = [], parameterStatus }) => isUsable(status) && pending2.length === 0 && parameterStatus !== "applying";
async function awaitStable(guard, instance, deadline) {
  const fleet = await guard.ports.fleet();
  let looks = 0;
  const waited = await waitUntil({
    clock: guard.ports.clock,
    signal: guard.options.cancelled,
    deadline,
    look: () => fleet.byResource(instance.resourceId, instance.identifier),
    until: (seen2) => {
      looks += 1;
      return seen2 === void 0 || isTerminal(seen2.status) || looks > 3 && isStable(seen2);
    }
  });
  return waited.seen;
}

// src/domain/facts.ts
var WHOLE_SERVER = "all tables of the server";

// src/domain/write-loss.ts
var OTHER_TABLES = "other tables";
function writeLoss(since, before, now) {
  if (before === void 0)
    return unknownLoss(since, now.now, "no write counters were recorded at that moment");
  if (now.uncounted)
    return unknownLoss(
      since,
      now.now,
      "the server does not count writes per table (performance_schema is off)"
    );
  const counted2 = readable(since, before, now);
  if (typeof counted2 === "string") return unknownLoss(since, now.now, counted2);
  const { tables, lower } = difference(counted2.before, counted2.now);
  const commits = before.commits === void 0 ? void 0 : now.commits - before.commits;
  const wal = walBytes(before.lsn, now.lsn);
  const resets = [
    ...now.resetAt !== void 0 && now.resetAt > Date.parse(since) ? ["the statistics of the database were reset since"] : [],
    ...commits !== void 0 && commits < 0 ? ["the count of commits is lower than it was: the statistics were reset"] : [],
    ...lower.map(
      (table2) => `the counters of ${table2} are lower than they were: they were reset, or the table is a new one`
    )
  ];
  return {
    since,
    until: now.now,
    commits: resets.length > 0 && (commits ?? 0) < 0 ? void 0 : commits,
    walBytes: wal,
    tables,
    rows: resets.length > 0 ? void 0 : tables.reduce((all, table2) => all + rowsOf(table2), 0),
    unknown: resets[0]
  };
}
var SECOND3 = 1e3;
function readable(since, before, now) {
  const { [WHOLE_SERVER]: whole, ...tables } = now.tables;
  const from = Date.parse(since) - SECOND3;
  const renewed = Object.entries(now.renewed ?? {}).find(([, at]) => at >= from);
  const wholeHash = tableHash(WHOLE_SERVER);
  const { [wholeHash]: wholeThen, ...marked } = before.tables;
  const here = new Set(Object.keys(tables).map(tableHash));
  const isOneGone = here.size === 0 || Object.keys(marked).some((hash) => !here.has(hash));
  if (whole !== void 0 && wholeThen !== void 0 && (renewed !== void 0 || isOneGone))
    return {
      before: { ...before, tables: { [wholeHash]: wholeThen }, rest: NOTHING },
      now: { ...now, tables: { [WHOLE_SERVER]: whole } }
    };
  if (here.size === 0) return { before, now };
  if (renewed === void 0) return { before, now: { ...now, tables } };
  return `${renewed[0]} was changed since, and with that the server began to count its rows anew`;
}
var unknownLoss = (since, until, unknown3) => ({
  since,
  until,
  commits: void 0,
  walBytes: void 0,
  tables: [],
  rows: void 0,
  unknown: unknown3
});
function difference(before, now) {
  const found2 = [];
  const lower = [];
  const add = (table2, counts) => {
    if (Math.min(counts.inserted, counts.updated, counts.deleted) < 0) lower.push(table2);
    else if (rowsOf(counts) > 0) found2.push({ table: table2, ...counts });
  };
  let unmarked = NOTHING;
  const others = [];
  for (const [names, counts] of groups(now)) {
    const then = before.tables[tableHash(names[0] ?? "")];
    if (then !== void 0) add(names.join(", "), minus(counts, then));
    else {
      unmarked = sum(unmarked, counts);
      others.push([names.join(", "), counts]);
    }
  }
  if (rowsOf(before.rest) === 0) for (const [name, counts] of others) add(name, counts);
  else add(OTHER_TABLES, minus(unmarked, before.rest));
  return { tables: found2.sort((a, b) => rowsOf(b) - rowsOf(a) || (a.table < b.table ? -1 : 1)), lower };
}
function groups(now) {
  const byHash = /* @__PURE__ */ new Map();
  for (const [name, { inserted, updated, deleted: deleted2 }] of Object.entries(now.tables)) {
    const counts = { inserted, updated, deleted: deleted2 };
    const seen2 = byHash.get(tableHash(name));
    if (seen2 === void 0) byHash.set(tableHash(name), [[name], counts]);
    else {
      seen2[0].push(name);
      seen2[1] = sum(seen2[1], counts);
    }
  }
  return [...byHash.values()];
}
var minus = (a, b) => ({
  inserted: a.inserted - b.inserted,
  updated: a.updated - b.updated,
  deleted: a.deleted - b.deleted
});
function walBytes(from, to) {
  const [start, end] = [position(from), position(to)];
  return start === void 0 || end === void 0 || start === 0n || end < start ? void 0 : Number(end - start);
}
function position(lsn) {
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(lsn) ?? [];
  return high === void 0 || low === void 0 ? void 0 : (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

// src/guard/observe.ts
async function firstLook(guard) {
  const [project, connection2] = await both(observeProject(guard), observeDatabase(guard));
  const { database, history: history2, activity, urls } = connection2;
  const environment = guardedEnvironment(urls, sessionLimits(guard, database.serverVersion));
  const comparison = compareHistory(project, history2);
  guard.emit({ type: "pending", migrations: comparison.pending.map((each) => each.name) });
  return { project, database, history: history2, comparison, activity, urls, environment };
}
async function observeProject(guard) {
  const project = await (await guard.ports.migrator()).project();
  guard.emit({ type: "observed-project", project });
  return project;
}
async function observeDatabase(guard) {
  const urls = await readUrls(guard);
  const url = urlIn(urls, guardedEnvironment(urls, sessionLimits(guard, 0)));
  const session = await (await guard.ports.engine()).connect(url);
  try {
    const database = await session.facts();
    guard.emit({ type: "observed-database", database });
    const history2 = await session.history();
    const activity = await session.activity(applicationName(guard.options.identity));
    return { database, history: history2, activity, urls };
  } finally {
    await session.close();
  }
}
async function both(a, b) {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === "fulfilled" && second.status === "fulfilled") return [first.value, second.value];
  const failed2 = [first, second].flatMap(
    (each) => each.status === "rejected" ? problemsOf(each.reason) : []
  );
  throw new GuardError(failed2);
}
var guardSession = async (guard, url) => (await guard.ports.engine()).connect(url, watchName(guard.options.identity));

// src/guard/back/write-loss.ts
async function measureLoss(guard, order2) {
  const measure = async () => {
    const loss = await lossNow(guard, order2);
    guard.emit({ type: "write-loss", loss });
    return loss.rows === void 0 ? `not known: ${loss.unknown ?? "no counters"}` : `at most ${loss.rows} rows`;
  };
  if (isPlanned(guard, "write-loss")) await attemptStep(guard, "write-loss", measure);
  else await measure();
}
async function lossNow(guard, { url, since, marks, gap }) {
  let session;
  try {
    session = await guardSession(guard, url);
    const loss = writeLoss(since, marks, await session.writes());
    if (marks === void 0 && gap !== void 0) return { ...loss, unknown: gap };
    return gap === void 0 || loss.rows === void 0 ? loss : { ...loss, rows: void 0, unknown: gap };
  } catch (error) {
    const { detail } = firstProblem(error);
    if (!guard.run.notices.some((each) => each.code === "production-unread"))
      guard.warn("production-unread", { detail });
    return unknownLoss(since, guard.ports.clock.now(), "production did not answer SQL");
  } finally {
    await session?.close().catch(() => void 0);
  }
}

// src/guard/back/promotion-loss.ts
var FRESH_MS = 6e4;
async function checkWriteLoss(guard, cutover, restored) {
  const known3 = guard.run.writeLoss;
  const old = known3 === void 0 || guard.ports.clock.now() - known3.until > FRESH_MS;
  const open = known3 === void 0 || known3.rows !== void 0;
  if (cutover.since !== void 0 && cutover.since !== "" && old && open) {
    const { marks } = await recordedFor(guard, restored);
    const isOther = restored.tags[TAG.sourceResourceId] !== cutover.pair.oldResourceId;
    const known4 = isOther ? { marks: void 0, gap: "the counters were recorded in the database that served before" } : { marks };
    await measureLoss(guard, { url: await cutover.url(), since: cutover.since, ...known4 });
  }
  const loss = guard.run.writeLoss;
  if (loss?.rows === void 0 && known3 === void 0)
    guard.warn("write-loss-unknown", {
      detail: loss?.unknown ?? "the restore point of the restored database is not known"
    });
  refuse(guard, loss);
}
function refuse(guard, loss) {
  const limit2 = guard.request.maxWriteLoss;
  if (limit2 === void 0 || loss?.rows !== void 0 && loss.rows <= limit2) return;
  throw new GuardError(
    problem("write-loss-exceeded", loss?.unknown ?? "more rows than max-write-loss", {
      rows: loss?.rows,
      since: loss?.since,
      limit: limit2
    })
  );
}

// src/guard/back/preflight.ts
async function preflight2(guard, cutover) {
  const { old, restored } = await bothReady(guard, cutover);
  const noDeploy = () => cutover.url().then((url) => refuseWhileDeploying(guard, url));
  const hard = [...cutOverRefusals(old, restored), ...await nameRefusals(guard, cutover)];
  const [proxies, sql, loss, deploy2] = await Promise.allSettled([
    findProxies(guard, cutover, old),
    checkRestored(guard, cutover, restored),
    checkWriteLoss(guard, cutover, restored),
    noDeploy()
  ]);
  const found2 = [
    ...hard,
    ...[proxies, sql, loss, deploy2].flatMap(
      (each) => each.status === "rejected" ? problemsOf(each.reason) : []
    )
  ];
  const parity = await parityRefusals(guard, cutover, restored, found2.length === 0);
  if (found2.length + parity.length > 0) throw new GuardError(once([...found2, ...parity]));
  if (guard.run.mended.length > 0) await noDeploy();
  const known3 = proxies.status === "fulfilled" ? proxies.value : [];
  tellWhatStays(guard, cutover, { old, restored, proxies: known3 });
  return { old, restored, proxies: known3 };
}
var once = (found2) => found2.filter(
  ({ code: code2, detail }, at) => found2.findIndex((each) => each.code === code2 && each.detail === detail) === at
);
async function bothReady(guard, cutover) {
  const { clock } = guard.ports;
  let told2 = "";
  const waited = await waitUntil({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + guard.request.restoreTimeoutMs,
    look: async () => {
      const seen2 = await look2(guard, cutover.pair);
      const busy = busyOf(seen2).map((each) => `${each.identifier} is ${reasonOf(each)}`).join(", ");
      if (busy !== "" && busy !== told2) guard.warn("cut-over-waits", { what: busy });
      told2 = busy;
      return seen2;
    },
    until: (seen2) => busyOf(seen2).length === 0 || [seen2.old, seen2.new].some((each) => each === void 0 || whyUnfit(each) !== void 0)
  });
  const { old, new: restored } = waited.seen;
  if (old === void 0) throw gone(cutover.pair.oldResourceId);
  if (restored === void 0) throw gone(cutover.pair.newResourceId);
  if (waited.end === "cancelled") throw new GuardError(problem("cancelled", "cancelled before the cut-over"));
  if (waited.end === "deadline")
    throw new GuardError(
      problem("promotion-refused", `${told2}, and restore-timeout has passed`, {
        instance: cutover.pair.production
      })
    );
  return { old, restored };
}
var gone = (resourceId) => new GuardError(problem("instance-gone", "not found", { resourceId }));
var busyOf = (seen2) => [seen2.old, seen2.new].flatMap(
  (each) => each === void 0 || isStable(each) || waitsForNobody(each) ? [] : [each]
);
var waitsForNobody = (each) => isStable({ ...each, pending: [] }) && !(each.pending ?? []).some((name) => name.endsWith("Identifier"));
var reasonOf = ({ status, parameterStatus }) => parameterStatus === void 0 ? status : `${status}, its parameter group ${parameterStatus}`;
async function nameRefusals(guard, { pair }) {
  if (pair.by === "proxy") return [];
  const taken3 = await (await guard.ports.recovery()).instance(pair.parked);
  if (taken3 === void 0 || taken3.resourceId === pair.oldResourceId) return [];
  return [
    problem("instance-name-taken", `${pair.parked} exists already`, {
      instance: pair.parked,
      promotion: pair.run,
      status: taken3.status
    })
  ];
}
async function findProxies(guard, { pair }, old) {
  try {
    const found2 = await (await guard.ports.proxies()).of(old);
    if (pair.by === "proxy" && found2.length === 0)
      throw new GuardError(problem("proxy-not-found", "no proxy", { instance: old.identifier }));
    return found2;
  } catch (error) {
    if (pair.by === "proxy") throw error;
    return [];
  }
}
async function parityRefusals(guard, cutover, restored, mayMend) {
  try {
    const before = await compareSettings(guard, cutover.source, restored);
    const left = mayMend && before.length > 0 ? await mendSettings(guard, cutover.source, restored) : before;
    tellDifferences(guard, left);
    return left.filter((each) => isBreaking(each) && (mayMend || each.mend === "none")).map(
      (each) => problem(
        "promotion-refused",
        `${each.name} of ${restored.identifier} is ${each.got} instead of ${each.wanted}, which would break applications; ${each.call}`,
        { instance: cutover.pair.production, setting: each.name }
      )
    );
  } catch (error) {
    return problemsOf(error);
  }
}
var SHORT_MINUTES = 25;
function tellWhatStays(guard, { pair }, { old, restored, proxies }) {
  const stranded = pair.by === "proxy" ? [] : proxies.map(({ name }) => name);
  for (const { what, next } of notCarried(old, restored, stranded))
    guard.emit({ type: "notice", notice: { code: "not-carried", level: "notice", fields: { what, next } } });
  const end = Date.parse(guard.options.environment.AWS_CREDENTIAL_EXPIRATION ?? "");
  const minutes3 = Math.floor((end - guard.ports.clock.now()) / 6e4);
  if (minutes3 < SHORT_MINUTES) guard.warn("credentials-short", { minutes: String(Math.max(0, minutes3)) });
}

// src/guard/back/settle.ts
async function settle(guard, cutover) {
  const { pair, goal } = cutover;
  const seen2 = await look2(guard, pair);
  const phases = goal === "new-serves" ? ["replaced", "promoted"] : ["undone", "undone"];
  await tagPhase(guard, seen2.old?.arn, phases[0]);
  await tagPhase(guard, seen2.new?.arn, phases[1]);
  if (goal === "old-serves" || seen2.new === void 0) return "both instances are marked";
  try {
    const differences2 = await compareSettings(guard, cutover.source, seen2.new);
    const left = differences2.length === 0 ? [] : await mendSettings(guard, cutover.source, seen2.new, isHarmless);
    tellDifferences(guard, left);
    return left.length === 0 ? "every setting is that of the old database" : `${left.length} settings still differ`;
  } catch (error) {
    const { detail } = firstProblem(error);
    guard.warn("setting-differs", {
      name: "settings that could not be compared or mended",
      wanted: "-",
      got: detail
    });
    return "the settings could not be compared";
  }
}

// src/guard/back/put-back.ts
var PUT_BACK_MS = 30 * 6e4;
async function putBack(guard, cutover, cause) {
  if (cutover.goal === "old-serves" || isProblem(cause, "cancelled")) return;
  const { phase, outageFrom } = guard.run.promotion ?? {};
  if (phase !== "outage" && phase !== "taking-over") return;
  try {
    const { new: fresh } = await look2(guard, cutover.pair);
    if (fresh?.identifier === cutover.pair.production || fresh !== void 0 && isRenaming(fresh)) return;
    notePhase(guard, cutover, "outage", { outageFrom });
    await tell(guard, "failure");
    const back = { ...cutover, goal: "old-serves" };
    const end = await new Dance(guard, back).until("old", PUT_BACK_MS);
    if (end.do !== "done") return;
    await verifyServing(guard, back);
    await settle(guard, back);
  } catch (error) {
    guard.emit({ type: "refused", problems: [firstProblem(error)] });
  }
}

// src/guard/back/retarget.ts
var HEALTHY_MS = 15 * 6e4;
async function retarget(guard, cutover) {
  const port = await guard.ports.proxies();
  const seen2 = await look2(guard, cutover.pair);
  const [to, from] = [winnerOf(cutover, seen2), loserOf(cutover, seen2)];
  if (to === void 0 || from === void 0)
    throw new GuardError(problem("instance-gone", "not found", { instance: cutover.pair.production }));
  const [sent, arrived, between] = await Promise.all([
    port.of(from),
    port.of(to),
    betweenTargets(guard, cutover.pair)
  ]);
  const left = [...sent, ...between];
  if (left.length + arrived.length === 0)
    throw new GuardError(
      problem("proxy-not-found", "no proxy sends to either", { instance: from.identifier })
    );
  const names = [...left, ...arrived].map(({ name }) => name);
  await markBegun(guard, { ...cutover, pair: { ...cutover.pair, proxies: names } });
  notePhase(guard, cutover, cutover.goal === "new-serves" ? "taking-over" : "outage", {
    proxies: names,
    ...left.length === 0 ? {} : { outageFrom: guard.ports.clock.now() }
  });
  for (const each of left) await port.retarget(each, from, to);
  return Promise.all(names.map((name) => healthy(guard, name, to)));
}
async function betweenTargets(guard, pair) {
  if (pair.proxies.length === 0) return [];
  const port = await guard.ports.proxies();
  const found2 = await Promise.all(pair.proxies.map((name) => port.named(name)));
  return found2.flatMap((each) => each === void 0 || each.target !== void 0 ? [] : [each]);
}
async function healthy(guard, name, to) {
  const port = await guard.ports.proxies();
  const { clock } = guard.ports;
  const waited = await waitUntil({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + HEALTHY_MS,
    look: () => port.named(name),
    until: (seen3) => seen3 === void 0 || seen3.health === "AVAILABLE" && seen3.target === to.identifier
  });
  const { seen: seen2 } = waited;
  if (waited.end === "reached" && seen2?.endpoint !== void 0) return seen2.endpoint;
  throw new GuardError(
    problem(
      waited.end === "cancelled" ? "cancelled" : "proxy-failed",
      seen2 === void 0 ? "the proxy is gone" : `${seen2.health ?? "no target"} ${seen2.reason ?? ""}`.trim(),
      { proxy: name }
    )
  );
}

// src/guard/back/promotion.ts
async function promoteRestored(guard, order2) {
  const { old, restored, url, since } = order2;
  return carryOut(guard, {
    pair: newPair(guard, old, restored),
    goal: "new-serves",
    source: old,
    url: async () => url,
    since
  });
}
var newPair = (guard, old, restored) => ({
  run: runTag(guard.options.identity),
  by: guard.request.promote === "proxy" ? "proxy" : "rename",
  production: old.identifier,
  parked: parkedName(old.identifier, guard.options.identity),
  restored: restored.identifier,
  oldResourceId: old.resourceId,
  newResourceId: restored.resourceId,
  proxies: []
});
async function carryOut(guard, cutover) {
  try {
    return await steps(guard, cutover);
  } catch (error) {
    const problems = untold(guard, error);
    if (problems.length > 0) guard.emit({ type: "refused", problems });
    if (isProblem(error, "cancelled")) return "cancelled";
    return isUntouched(guard) ? refusedStatus(guard, "unexpected") : "failed";
  }
}
async function steps(guard, cutover) {
  if (await isAtTheBeginning(guard, cutover)) {
    const refused = await attemptStep(guard, "preflight", async () => {
      await preflight2(guard, cutover);
      return "everything that can be checked before it is as it must be";
    });
    if (refused !== void 0) return refusedStatus(guard, refused.code);
  } else if (cutover.goal === "new-serves") {
    guard.emit({ type: "step-skipped", step: "preflight", note: "the promotion was begun already" });
  }
  const endpoints = cutover.pair.by === "proxy" ? await byProxy(guard, cutover) : await byRename(guard, cutover);
  await takeStep(guard, "verify-promotion", () => verifyServing(guard, cutover, endpoints));
  await attemptStep(guard, "settle", () => settle(guard, cutover));
  return "promoted";
}
async function isAtTheBeginning(guard, cutover) {
  const { pair, goal } = cutover;
  if (goal === "old-serves") return false;
  if (pair.oldResourceId === pair.newResourceId) return true;
  const seen2 = await look2(guard, pair);
  noteSeen(guard, cutover, seen2);
  if (seen2.old?.identifier !== pair.production) return false;
  if (pair.by === "rename") return phaseOf(seen2, pair, goal) === "not-started";
  if (seen2.new === void 0) return true;
  const sent = await (await guard.ports.proxies()).of(seen2.new);
  return sent.length + (await betweenTargets(guard, pair)).length === 0;
}
function refusedStatus(guard, code2) {
  if (code2 === "cancelled") return "cancelled";
  if (guard.request.mode === "deploy") return "restored";
  return isUntouched(guard) ? "refused" : "failed";
}
var isUntouched = ({ run, request }) => !run.steps.some(({ kind, state }) => TOUCHING.has(kind) && state !== "not-reached") && run.mended.length === 0 && !run.notices.some(({ code: code2 }) => code2 === "promotion-resumed") && (request.mode === "promote" || run.notices.some(({ code: code2 }) => code2 === "restore-found"));
var TOUCHING = /* @__PURE__ */ new Set(["park", "take-over", "retarget"]);
async function byRename(guard, cutover) {
  try {
    await swapNames(guard, cutover);
    const end = cutover.goal === "new-serves" ? "promoted" : "undone";
    notePhase(guard, cutover, end);
    return [];
  } catch (error) {
    await putBack(guard, cutover, error);
    throw error;
  }
}
async function byProxy(guard, cutover) {
  let endpoints = [];
  await takeStep(guard, "retarget", async () => {
    endpoints = await retarget(guard, cutover);
    return void 0;
  });
  notePhase(guard, cutover, cutover.goal === "new-serves" ? "promoted" : "undone");
  return endpoints;
}

// src/guard/back/find-promotion.ts
async function findPromotion(guard) {
  const { request } = guard;
  const all = await (await guard.ports.fleet()).all();
  const found2 = findPair(all, request.instance);
  if (found2 === void 0) await refuseMember(guard, all);
  if (request.promote === "undo") return undo(guard, found2);
  const wanted = wantedAmong(guard, all, found2);
  if (found2 !== void 0 && !isUndone(found2)) {
    if (wanted === void 0 || wanted.resourceId === found2.newResourceId)
      return {
        pair: found2,
        old: found2.old,
        new: found2.new,
        goal: "new-serves",
        resumed: found2.run,
        isHalfDone: isHalfDone(found2)
      };
    if (isHalfDone(found2))
      throw new GuardError(
        problem(
          "promotion-refused",
          `the promotion of ${found2.restored}, begun by run ${found2.run}, is half done: finish it or undo it first`,
          { instance: request.instance }
        )
      );
  }
  return anew(guard, all, wanted);
}
async function refuseMember(guard, all) {
  const { instance } = guard.request;
  if (all.some((each) => each.identifier === instance)) return;
  const named3 = await (await guard.ports.recovery()).instance(instance);
  if (named3?.resolvedFrom === void 0) return;
  const { identifier: cluster } = named3;
  throw new GuardError(
    problem("instance-in-cluster", `${instance} is a member of cluster ${cluster}`, { instance, cluster })
  );
}
function undo(guard, found2) {
  if (found2 === void 0) throw unknown(guard, "no instance carries the tags of a promotion of it");
  if (found2.old === void 0)
    throw new GuardError(
      problem("instance-gone", "the old instance was deleted", { resourceId: found2.oldResourceId })
    );
  return {
    pair: found2,
    old: found2.old,
    new: found2.new,
    goal: "old-serves",
    resumed: found2.run,
    isHalfDone: isHalfDone(found2)
  };
}
function anew(guard, all, restored) {
  const { instance } = guard.request;
  const old = all.find((each) => each.identifier === instance);
  if (old === void 0)
    throw new GuardError(problem("instance-not-found", `no DB instance ${instance}`, { instance }));
  if (restored === void 0) throw unknown(guard, "the restored database was not found", true);
  const same = sameDatabase(old, restored);
  if (same !== void 0) throw new GuardError(same);
  return {
    pair: newPair(guard, old, restored),
    old,
    new: restored,
    goal: "new-serves",
    resumed: void 0,
    isHalfDone: false
  };
}
function wantedAmong(guard, all, found2) {
  const { restoredIdentifier, runId, instance } = guard.request;
  if (restoredIdentifier !== void 0) {
    const named3 = all.find((each) => each.identifier === restoredIdentifier);
    return named3 ?? (found2?.restored === restoredIdentifier ? found2.new : void 0);
  }
  if (runId === void 0) return void 0;
  const serving = all.find((each) => each.identifier === instance);
  const ofRun = (run) => run === runId || run.startsWith(`${runId}-`);
  const rank2 = ({ resourceId }) => found2 !== void 0 && isHalfDone(found2) && resourceId === found2.newResourceId ? 0 : resourceId === serving?.resourceId ? 2 : 1;
  return all.filter(({ tags }) => isOurs(tags) && ofRun(tags[TAG.run] ?? "")).filter(
    (each) => each.resourceId === found2?.newResourceId || serving === void 0 || standsFor(each, serving)
  ).sort(
    (a, b) => rank2(a) - rank2(b) || (b.tags[TAG.run] ?? "").localeCompare(a.tags[TAG.run] ?? "", "en", { numeric: true })
  )[0];
}
var unknown = ({ request }, why2, wasGiven = false) => new GuardError(
  problem("promotion-unknown", why2, {
    instance: request.instance,
    ...wasGiven ? { restored: request.restoredIdentifier, run: request.runId } : {}
  })
);

// src/guard/back/promote.ts
async function promote(guard) {
  const status = await story2(guard);
  if (status !== "promoted") await tell(guard, "end");
  return status;
}
async function story2(guard) {
  try {
    const found2 = await findPromotion(guard);
    begin(guard, found2);
    return await carryOut(guard, cutoverOf(guard, found2));
  } catch (error) {
    const problems = untold(guard, error);
    if (problems.length > 0) guard.emit({ type: "refused", problems });
    return isProblem(error, "cancelled") || guard.options.cancelled.aborted ? "cancelled" : "refused";
  }
}
function cutoverOf(guard, found2) {
  const source = found2.old ?? found2.new;
  if (source === void 0) throw new Error("a promotion of nothing");
  return {
    pair: found2.pair,
    goal: found2.goal,
    source,
    url: async () => {
      const urls = await readUrls(guard);
      const url = urls.given[urls.primary];
      if (url === void 0) throw new Error("no URL");
      return url;
    },
    since: found2.new?.tags[TAG.restoreTime]
  };
}
function begin(guard, found2) {
  const { pair, goal, new: fresh, old } = found2;
  if (old !== void 0)
    guard.emit({
      type: "observed-target",
      target: { instance: old, manualSnapshots: [], snapshotLimit: void 0 }
    });
  if (fresh !== void 0) {
    const { arn, resourceId, status, endpoint } = fresh;
    guard.emit({ type: "restore-requested", found: true, identifier: pair.restored, arn, resourceId });
    guard.emit({ type: "restore-seen", status, endpoint, resourceId });
  }
  if (found2.resumed !== void 0 && found2.isHalfDone) {
    const phase = phaseOf({ old, new: fresh, others: /* @__PURE__ */ new Set() }, pair, goal);
    guard.warn("promotion-resumed", { run: found2.resumed, phase });
  }
  guard.emit({
    type: "planned",
    plan: stepsOnly(promotionSteps(pair.by, pair, goal), {
      restoredIdentifier: pair.restored,
      sourceTags: old?.tags ?? {}
    })
  });
}

// src/domain/restore-points.ts
var stateIn = (tags) => ({ fingerprint: tags[TAG.fingerprint], marks: marksIn(tags) });
var attemptOf = (run) => Number(run.slice(run.lastIndexOf("-") + 1));
function pointOfRun(asked, snapshots, instances, asker) {
  const isAsked = (tags) => {
    const run = tags[TAG.run] ?? "";
    return isOurs(tags) && (run === asked || !asked.includes("-") && run.slice(0, run.lastIndexOf("-")) === asked);
  };
  const isHere = (tags) => asker.lineage.has(tags[TAG.sourceResourceId] ?? "");
  const taken3 = snapshots.filter((each) => isAsked(each.tags));
  const runs = [...taken3, ...instances].filter(({ tags }) => isAsked(tags) && isHere(tags)).map(({ tags }) => tags[TAG.run] ?? "");
  const points = [...new Set(runs)].sort((a, b) => attemptOf(b) - attemptOf(a)).map((run) => {
    const of2 = ({ tags: tags2 }) => tags2[TAG.run] === run && isHere(tags2);
    const snapshot = taken3.find(of2);
    const tags = snapshot?.tags ?? instances.find(of2)?.tags ?? {};
    const time2 = tags[TAG.restoreTime] ?? instances.find(of2)?.tags[TAG.restoreTime];
    const owner = tags[TAG.sourceResourceId];
    return { time: time2, run, snapshot, recorded: stateIn(snapshot?.tags ?? {}), isSnapshot: false, owner };
  });
  const found2 = points.find((each) => each.time !== void 0) ?? points.find((each) => each.snapshot !== void 0);
  if (found2 !== void 0) return found2;
  const foreign = taken3.find((each) => each.sourceIdentifier === asker.identifier);
  return foreign === void 0 ? problem("restore-point-unknown", `nothing carries the tags of run ${asked}`, { run: asked }) : foreignSnapshot(foreign, asker, instances);
}
function pointAt(time2, snapshots, asker) {
  const marked = snapshots.find(
    ({ tags }) => time2 !== void 0 && isOurs(tags) && tags[TAG.restoreTime] === time2 && asker.lineage.has(tags[TAG.sourceResourceId] ?? "")
  );
  const recorded = stateIn(marked?.tags ?? {});
  return {
    time: time2,
    run: void 0,
    snapshot: marked,
    recorded,
    isSnapshot: false,
    owner: marked?.tags[TAG.sourceResourceId]
  };
}
function pointOfSnapshot(identifier2, snapshot, asker, instances) {
  if (snapshot === void 0)
    return problem("snapshot-not-found", `no snapshot ${identifier2}`, { snapshot: identifier2 });
  const { sourceResourceId: owner, sourceIdentifier } = snapshot;
  const isByName = owner === void 0 || asker.resourceId === void 0;
  const isOwn = owner !== void 0 && asker.lineage.has(owner) || isByName && sourceIdentifier === asker.identifier;
  if (!isOwn) return foreignSnapshot(snapshot, asker, instances);
  return {
    time: void 0,
    run: isOurs(snapshot.tags) ? snapshot.tags[TAG.run] : void 0,
    snapshot,
    recorded: stateIn(snapshot.tags),
    isSnapshot: true,
    owner
  };
}
function foreignSnapshot(snapshot, { identifier: identifier2, resourceId = "unknown" }, instances) {
  const owner = snapshot.sourceResourceId ?? snapshot.tags[TAG.sourceResourceId] ?? "unknown";
  const named3 = (name, id) => `${name} with the resource id ${id}`;
  return problem("snapshot-foreign", `${snapshot.identifier} is of ${owner}, not of ${resourceId}`, {
    snapshot: snapshot.identifier,
    source: named3(snapshot.sourceIdentifier, owner),
    instance: named3(identifier2, resourceId),
    owner: instances.find((each) => each.resourceId === owner)?.identifier,
    time: isOurs(snapshot.tags) ? snapshot.tags[TAG.restoreTime] : void 0
  });
}
var RESUMABLE = /* @__PURE__ */ new Set(["restoring", "restored", "unverified", "undone"]);
var wasPutBack = ({ tags }) => tags[TAG.phase] === "undone";
var restoredFor = (point, instances, asker, wanted) => instances.find(
  ({ identifier: identifier2, tags }) => identifier2 !== asker.identifier && isOurs(tags) && tags[TAG.sourceResourceId] === (point.owner ?? asker.resourceId) && RESUMABLE.has(tags[TAG.phase] ?? "") && (wanted === void 0 || identifier2 === wanted) && isOf(point, tags)
);
function isOf(point, tags) {
  if (point.isSnapshot) return tags[TAG.snapshot] === point.snapshot?.identifier;
  if (point.run !== void 0 && tags[TAG.run] !== point.run) return false;
  const bySnapshot2 = tags[TAG.snapshot];
  if (bySnapshot2 !== void 0) return point.run !== void 0 && bySnapshot2 === point.snapshot?.identifier;
  return point.time !== void 0 && tags[TAG.restoreTime] === point.time;
}

// src/guard/back/restore-back.ts
function takeFound(guard, found2) {
  const { identifier: identifier2, arn, resourceId, status, endpoint, tags } = found2;
  const undone = wasPutBack(found2) ? tags[TAG.promotion] : void 0;
  guard.emit({ type: "restore-requested", found: true, identifier: identifier2, arn, resourceId });
  guard.emit({ type: "restore-seen", status, endpoint, resourceId });
  guard.emit({
    type: "notice",
    notice: undone === void 0 ? { code: "restore-found", level: "notice", fields: { identifier: identifier2, status } } : { code: "restore-found", level: "warning", fields: { identifier: identifier2, status, undone } }
  });
  return `${identifier2} exists already`;
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
  const { identifier: identifier2 } = given;
  const waited = await waitUntil({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + guard.request.snapshotTimeoutMs,
    look: async () => {
      const seen2 = (await recovery.snapshots(identifier2)).snapshots[0];
      if (seen2 === void 0 || snapshotState(seen2.status) === "failed")
        throw new GuardError(
          problem("snapshot-not-found", `the snapshot is ${seen2?.status ?? "gone"}`, {
            snapshot: identifier2,
            status: seen2?.status
          })
        );
      const { arn, status, percent } = seen2;
      if (guard.run.snapshot?.status !== status || guard.run.snapshot.percent !== percent)
        guard.emit({ type: "snapshot-seen", identifier: identifier2, arn, status, percent });
      return seen2;
    },
    until: (seen2) => snapshotState(seen2.status) === "ready",
    percent: (seen2) => seen2.percent
  });
  if (waited.end === "reached") return waited.seen;
  throw new GuardError(
    problem(
      waited.end === "cancelled" ? "cancelled" : "snapshot-timeout",
      "the snapshot to restore is not available yet",
      { snapshot: identifier2, status: waited.seen.status, timeout: guard.request.snapshotTimeoutMs }
    )
  );
}
async function addMembers(guard, order2, deadline) {
  const recovery = await guard.ports.recovery();
  const waited = await waitUntil({
    clock: guard.ports.clock,
    signal: guard.options.cancelled,
    deadline,
    look: async () => {
      const now = await recovery.instance(order2.identifier);
      const status = now?.clusterStatus ?? now?.status ?? "gone";
      if (now === void 0 || isTerminal(status))
        throw new GuardError(
          problem("restore-failed", `status ${status}`, { instance: order2.identifier, status })
        );
      return now;
    },
    until: (seen3) => seen3 !== void 0 && takesMembers(seen3)
  });
  const { seen: seen2 } = waited;
  if (waited.end !== "reached" || seen2 === void 0)
    throw new GuardError(
      problem(
        waited.end === "cancelled" ? "cancelled" : "restore-timeout",
        "the cluster is not available yet",
        {
          instance: order2.identifier,
          timeout: guard.request.restoreTimeoutMs
        }
      )
    );
  const added = await (await guard.ports.settings()).addMembers(order2.source, seen2);
  return added.length === 0 ? "its instances are there already" : `added ${added.join(", ")}`;
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
  return schema.length > 1 || schema.some(({ text: text2 }) => /\bdrop\b[\s\S]*\badd\b/i.test(text2) || SWAPS.test(text2));
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
function keptBefore(before, failing2) {
  let open = "none";
  let kept2 = [];
  let inside = [];
  for (const each of before) {
    if (mayCommit(each)) kept2 = [...kept2, ...inside];
    if (mayCommit(each) || each.transaction === "rollback") inside = [];
    open = each.kind === "opaque" ? "none" : openAfter(open, each);
    if (open === "none" || each.keepsPart === true || each.commits === true) kept2 = [...kept2, each];
    else inside = [...inside, each];
  }
  return failing2 !== void 0 && mayCommit(failing2) ? [...kept2, ...inside] : kept2;
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
var isHidden = (outcome) => outcome.sqlState === HIDDEN || outcome.sqlState === void 0 && /current transaction is aborted/.test(outcome.message ?? "");
function differences(before, after) {
  if (before.fingerprint.digest === after.fingerprint.digest) return [];
  const names = /* @__PURE__ */ new Set([
    ...Object.keys(before.fingerprint.objects),
    ...Object.keys(after.fingerprint.objects)
  ]);
  const found2 = [...names].filter((name) => before.fingerprint.objects[name] !== after.fingerprint.objects[name]).sort();
  return found2.length > 0 ? found2 : ["the fingerprint as a whole"];
}
var newRows = (the) => {
  const known3 = new Set((the.before.history ?? []).map((row) => row.id));
  return (the.after?.history ?? []).filter((row) => !known3.has(row.id));
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
  const quoted2 = quotedNames(clues.message);
  const fitting3 = statements.flatMap((each, index2) => {
    const rest = each.text.slice(offset).replace(/^"/, "").toLowerCase();
    return quoted2.some((name) => rest.startsWith(lastPart(name))) ? [index2] : [];
  });
  const [index] = fitting3;
  return fitting3.length === 1 && index !== void 0 ? { index, foundBy: "position" } : void 0;
}
function byWatched(statements, clues) {
  if (!clues.split || clues.watched === void 0) return void 0;
  const seen2 = squeeze(clues.watched);
  const texts = statements.map((each) => squeeze(each.text));
  const fits = [
    (text2) => text2 === seen2,
    (text2) => text2.startsWith(seen2) && seen2.length > 20,
    (text2) => seen2.endsWith(text2)
  ];
  for (const matches of fits) {
    const found2 = texts.flatMap((text2, index2) => text2 !== "" && matches(text2) ? [index2] : []);
    const [index] = found2;
    if (index !== void 0) return found2.length === 1 ? { index, foundBy: "watched" } : void 0;
  }
  return void 0;
}
function byName(statements, message) {
  const quoted2 = quotedNames(message).map((name) => lastPart(name));
  if (quoted2.length === 0) return void 0;
  const scores = statements.map((each) => quoted2.filter((name) => each.names.includes(name)).length);
  const best = Math.max(...scores);
  if (best <= 0 || scores.filter((score) => score === best).length > 1) return void 0;
  return { index: scores.indexOf(best), foundBy: "named" };
}
function byElimination(statements, clues) {
  const last2 = clues.split ? lastSeen(statements, clues.differing ?? []) : -1;
  const left = statements.flatMap(
    (each, index2) => index2 > last2 && mayRaise(each, clues.sqlState) ? [index2] : []
  );
  const [index] = left;
  const next = statements[last2 + 1];
  const stopped = clues.split && last2 >= 0 && index === last2 + 1 && next?.kind === "schema" && !TOLERANT.test(next.text);
  return index !== void 0 && (left.length === 1 || stopped) ? { index, foundBy: "named" } : void 0;
}
var lastSeen = (statements, differing) => Math.max(
  -1,
  ...differing.map((object) => {
    const name = lastPart(object.replace(/^.* /, "")).replaceAll('"', "").toLowerCase();
    const found2 = statements.flatMap((each, index) => each.names.includes(name) ? [index] : []);
    return found2.length === 1 ? found2[0] ?? -1 : -1;
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
function mayRaise({ kind, text: text2 }, sqlState = "") {
  const bare = text2.replace(/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, "");
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
function migrationError(the, open, file, reasons2) {
  if (the.replayed !== void 0) return { code: the.replayed.code, message: the.replayed.message };
  const { outcome } = the;
  const fromLogs = open?.logs?.match(/(?:ERROR:|^Database error:\s*\n)\s*(?!ERROR:)([^\n]+)/m)?.[1]?.trim();
  const code2 = outcome.sqlState ?? (outcome.code === "P3018" ? void 0 : outcome.code);
  if (code2 === void 0 && outcome.message === void 0 && file !== void 0 && leavesTransactionOpen(file.statements)) {
    return { code: void 0, message: uncommitted(file) };
  }
  return {
    code: code2 ?? outcome.code,
    message: outcome.message ?? fromLogs ?? reasons2[0] ?? "prisma migrate deploy did not finish"
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
var unchanged = (...evidence) => ({ state: "unchanged", evidence });
var unknown2 = (...evidence) => ({ state: "unknown", evidence });
function rowEvidence(the, file, found2) {
  const written2 = writtenTables(the);
  const quiet = written2.length === 0 && countersHold(the) && the.exactCounters;
  if (quiet && isCounted(the, file)) return unchanged("no table counted a write since the restore point");
  if (file === void 0) return unknown2("the failing file is not known");
  if (leaks(the)) return leakedRows(the);
  if (file.syntaxError === void 0 && atRisk(file.statements, file.dialect).length === 0 && !mayHaveCrashed(the))
    return unchanged("the file has no statement that changes rows");
  if (!serverReported(the)) {
    const moved = written2.length === 0 ? [] : [`tables were written to since the restore point: ${shortList(written2)}`];
    return unknown2("nobody saw how the statement ended on the server", ...moved);
  }
  if (ranAsOne(the, file))
    return unchanged("the file ran as one transaction, and the server reported its failure");
  if (refusedAsBatch(the, file))
    return unchanged("the server refused the file as one transaction, so nothing of it was kept");
  if (refusedUnread(the, file))
    return unchanged("the server refused the first statement of the file as a mistake in the SQL");
  return partialRows(the, file, found2, written2);
}
var mayHaveCrashed = (the) => !serverReported(the) && [the.before, the.after].some((each) => each?.withoutRollback !== void 0);
var UNPARSED = "1064";
var refusedUnread = ({ outcome }, { dialect, syntaxError }) => dialect === "mysql" && syntaxError?.first === true && outcome.sqlState === UNPARSED && outcome.statementNumber === 1;
var wasNotParsed = ({ outcome }, { dialect }, { text: text2 }) => dialect === "mysql" && outcome.sqlState === UNPARSED && !/\b(?:call|execute)\b/i.test(text2);
function isCounted({ files }, file) {
  if (file === void 0)
    return !files.some(({ statements }) => statements.some((each) => each.elsewhere === true));
  if (file.dialect === "mysql" && file.syntaxError !== void 0) return false;
  return uncounted(file.statements, file.dialect).length === 0;
}
var refusedAsBatch = ({ outcome }, { statements }) => outcome.sqlState === "25001" && /cannot run inside a transaction block/.test(outcome.message ?? "") && statements.length > 1 && !statements.some((each) => each.kind === "transaction" || each.kind === "opaque");
var leaks = ({ files }) => {
  const first = files.findIndex((each) => leavesTransactionOpen(each.statements));
  return first >= 0 && files.slice(first + 1).some(
    (each) => each.syntaxError !== void 0 || each.statements.some(({ kind, commits }) => kind === "transaction" || commits === true)
  );
};
var leakedRows = ({ files }) => files.some((each) => each.syntaxError !== void 0) || atRisk(
  files.flatMap((each) => each.statements),
  files[0]?.dialect
).length > 0 ? unknown2("a file leaves its transaction open, so the history does not tell which files ran") : unchanged("no pending file has a statement that changes rows");
var ranAsOne = (the, file) => isAtomic(file, the.splits) && (file.syntaxError === void 0 || the.outcome.sqlState === "42601");
function partialRows(the, file, found2, written2) {
  if (found2 === void 0)
    return unknown2("statements of the file were committed one by one, and which one failed is not known");
  const failed2 = file.statements[found2.index];
  const ran = failed2 !== void 0 && wasNotParsed(the, file, failed2) ? void 0 : failed2;
  const sent = file.statements.slice(0, found2.index);
  const before = file.dialect === "mysql" ? keptBefore(sent, ran) : sent;
  const earlier = atRisk(before, file.dialect);
  const tables = written2.map((name) => name.split(".").at(-1)?.replaceAll('"', "").toLowerCase() ?? name);
  const hit = earlier.find(
    (each) => each.kind === "write" && each.names.some((name) => tables.includes(name))
  );
  if (hit !== void 0 && found2.foundBy !== "named")
    return {
      state: "changed",
      evidence: [`line ${hit.line} was committed before the failure: ${hit.label}`]
    };
  if (!isSure(the, file, found2))
    return unknown2("the file was committed piece by piece, and the failing statement is only likely");
  if (earlier.length === 0 && !mayOutliveRollback(ran, file.dialect))
    return unchanged("no statement before the failing one changes rows");
  return unknown2("statements before the failing one may have changed rows");
}
var SEEN_FOR_SURE_MS = 3e3;
function isSure(the, file, { foundBy }) {
  if (foundBy !== "watched") return foundBy !== "named";
  const { sqlState, message = "" } = the.outcome;
  const limit2 = sqlState === "55P03" ? the.limits?.lockTimeoutMs : sqlState === "57014" && /statement timeout/.test(message) ? the.limits?.statementTimeoutMs : void 0;
  return (limit2 ?? 0) >= SEEN_FOR_SURE_MS && !file.statements.some((each) => each.kind === "session");
}
var serverReported = ({ outcome, stopReason }) => stopReason !== "watch-lost" && (outcome.code === "P3018" && outcome.sqlState !== void 0 || outcome.sqlState === HIDDEN);
var NONE = { inserted: 0, updated: 0, deleted: 0 };
function writtenTables(the) {
  const after = the.after?.writes ?? {};
  const names = /* @__PURE__ */ new Set([...Object.keys(the.before.writes), ...Object.keys(after)]);
  names.delete(WHOLE_SERVER);
  return [...names].filter((table2) => {
    const then = the.before.writes[table2] ?? NONE;
    const now = after[table2];
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
  const applied = the.pending.map((each) => each.name).filter((name) => rows.some((row) => row.name === name && isApplied(row)));
  const complete = completion(the, applied, rows);
  if (complete.length === 0 && the.after !== void 0) return good(applied);
  const open = rows.find(isOpen);
  const failed2 = failedName(the, open, applied);
  const file = the.files.find((each) => each.migration === failed2);
  const error = migrationError(the, open, file, complete);
  const started = open !== void 0 || applied.includes(failed2 ?? "");
  const isTold2 = the.outcome.migration === void 0 || the.outcome.migration === failed2;
  const found2 = file === void 0 || !started || !isTold2 ? void 0 : locate(the, file, error);
  const judged2 = stateOf2(the, { applied, open, file, found: found2 });
  const statement = file === void 0 || found2 === void 0 ? void 0 : failedStatement(the, file, found2);
  return {
    ok: false,
    state: judged2.state,
    applied,
    failedMigration: failed2,
    error,
    statement,
    evidence: [...complete, ...judged2.evidence],
    openRow: open !== void 0,
    retryable: judged2.state === "unchanged" && the.stopReason === void 0 && LOCK_CODES.has(error.code ?? "")
  };
}
var good = (applied) => ({
  ok: true,
  state: "changed",
  applied,
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
function completion(the, applied, rows) {
  if (the.after === void 0) return ["the database could not be asked after the migration"];
  const missing = the.pending.filter((each) => !applied.includes(each.name));
  const undone = undoneByRollback(the, applied);
  return [
    ...missing.slice(0, 5).map((each) => `migration ${each.name} is not finished in the history`),
    ...rows.filter(isOpen).filter((row) => !missing.some((each) => each.name === row.name)).map((row) => `migration ${row.name} has an unfinished row`),
    ...invalidIndexes(the).map((name) => `index ${name} is invalid`),
    ...(the.activity?.ours.length ?? 1) > 0 ? ["a session of the migration is still at work"] : [],
    ...undone === void 0 ? [] : [`migration ${undone} ends in ROLLBACK: recorded as applied, but the server undid it`]
  ];
}
var undoneByRollback = (the, applied) => the.after?.fingerprint.digest === the.before.fingerprint.digest ? the.files.find(
  (file) => applied.includes(file.migration) && endsInRollback(file.statements) && // What commits by itself, as on MySQL, no ROLLBACK undoes.
  file.statements.some((each) => each.kind === "schema" && each.commits !== true)
)?.migration : void 0;
var failedName = (the, open, applied) => open?.name ?? the.outcome.migration ?? undoneByRollback(the, applied) ?? (stoppedBefore(the) ? void 0 : the.pending.find((each) => !applied.includes(each.name))?.name);
var stoppedBefore = (the) => the.after !== void 0 && newRows(the).every(({ rolledBackAt }) => rolledBackAt !== null) && the.outcome.message !== void 0;
var locate = (the, file, error) => locateStatement(file, {
  position: the.replayed === void 0 ? the.outcome.position : void 0,
  statementNumber: the.outcome.statementNumber,
  message: error.message,
  watched: the.watched,
  replayed: the.replayed?.index,
  split: the.splits && !file.statements.some((each) => each.kind === "transaction"),
  sqlState: error.code,
  differing: the.after === void 0 ? [] : differences(the.before, the.after)
});
function failedStatement(the, file, found2) {
  const statement = file.statements[found2.index];
  if (statement === void 0) return void 0;
  const path3 = the.pending.find((each) => each.name === file.migration)?.path ?? file.migration;
  return {
    migration: file.migration,
    path: path3,
    line: statement.line,
    text: statement.text.slice(0, 2e3),
    foundBy: found2.foundBy
  };
}
var changed = (evidence) => ({ state: "changed", evidence: [evidence] });
var mayBeAtWork = (the) => the.files.some(({ dialect }) => dialect === "mysql") && !serverReported(the) && (the.activity?.advisoryLockHolders.length ?? 0) > 0;
function stateOf2(the, about3) {
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
  if (about3.open === void 0) {
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
  const rows = rowEvidence(the, about3.file, about3.found);
  return { state: rows.state, evidence: [same, ...rows.evidence] };
}

// src/guard/steps/restore.ts
async function requestRestore(guard, order2, deadline) {
  if (order2.found !== void 0) return takeFound(guard, order2.found);
  const { snapshot } = order2;
  const restored = snapshot === void 0 ? await restoreToTime(guard, order2, deadline) : await restoreFromSnapshot(guard, order2, snapshot);
  const { identifier: identifier2, arn, resourceId } = restored;
  guard.emit({ type: "restore-requested", identifier: identifier2, arn, resourceId });
  return `RDS accepted the restore of ${identifier2} to ${snapshot?.identifier ?? order2.time}`;
}
async function restoreToTime(guard, order2, deadline) {
  const { source, time: time2, identity } = order2;
  const recovery = await guard.ports.recovery();
  const wanted = Date.parse(time2);
  if (order2.isRetained !== true) await awaitLog(guard, order2, wanted, deadline);
  const ours = ourTags(identity, {
    sourceResourceId: source.resourceId,
    phase: "restoring",
    restoreTime: time2
  });
  const tags = mergedTags(source.tags, { ...ours, ...order2.tags });
  const sourceBy = order2.sourceBy ?? "identifier";
  return recovery.restoreToTime({ source, sourceBy, identifier: order2.identifier, time: time2, tags });
}
async function awaitLog(guard, { source, time: time2, isBrief }, wanted, deadline) {
  const recovery = await guard.ports.recovery();
  const waited = await waitUntil({
    clock: guard.ports.clock,
    signal: guard.options.cancelled,
    deadline,
    look: () => recovery.instance(source.identifier),
    until: (seen2) => (seen2?.latestRestorableTime ?? 0) > wanted
  });
  if (waited.end === "reached") return;
  const late = isBrief === true ? "restore-later" : "restore-timeout";
  throw new GuardError(
    problem(
      waited.end === "cancelled" ? "cancelled" : late,
      "LatestRestorableTime has not passed the restore point yet",
      { instance: source.identifier, restoreTime: time2, timeout: guard.request.restoreTimeoutMs }
    )
  );
}
var SQL_GRACE_MS = 12e4;
async function awaitRestored(guard, identifier2, url, deadline) {
  const recovery = await guard.ports.recovery();
  let reachableSince;
  const waited = await waitUntil({
    clock: guard.ports.clock,
    signal: guard.options.cancelled,
    deadline,
    look: async () => {
      const seen2 = await recovery.instance(identifier2);
      if (seen2 === void 0)
        throw new GuardError(
          problem("restore-failed", `${identifier2} is gone`, { instance: identifier2, status: "gone" })
        );
      noteRestore(guard, seen2);
      if (isTerminal(seen2.status))
        throw new GuardError(
          problem("restore-failed", `status ${seen2.status}`, { instance: identifier2, status: seen2.status })
        );
      if (!isReachable(seen2.status) || seen2.endpoint === void 0)
        return { session: void 0, detail: seen2.status };
      reachableSince ??= guard.ports.clock.now();
      return answer(guard, new Secret(withHost(url.reveal(), seen2.endpoint)));
    },
    until: (now) => now.session !== void 0 || reachableSince !== void 0 && guard.ports.clock.now() - reachableSince > SQL_GRACE_MS
  });
  if (waited.end === "reached") return waited.seen;
  throw new GuardError(
    problem(
      waited.end === "cancelled" ? "cancelled" : "restore-timeout",
      `the restored database does not answer yet`,
      { instance: identifier2, timeout: guard.request.restoreTimeoutMs }
    )
  );
}
async function answer(guard, url) {
  try {
    return { session: await (await guard.ports.engine()).connect(url, watchName(guard.options.identity)) };
  } catch (error) {
    return { session: void 0, detail: error instanceof Error ? error.message : String(error) };
  }
}
function noteRestore(guard, seen2) {
  const before = guard.run.restore;
  if (before?.status === seen2.status && before.endpoint?.address === seen2.endpoint?.address) return;
  guard.emit({
    type: "restore-seen",
    status: seen2.status,
    endpoint: seen2.endpoint,
    resourceId: seen2.resourceId
  });
}
async function verifyRestored(session, point) {
  const restored = await session.state();
  return [...differences(point.state, restored), ...historyDifferences(point.state, restored)];
}
function historyDifferences(wanted, got) {
  const line2 = (snapshot) => new Set(
    (snapshot.history ?? []).map((row) => `${row.id} ${row.name} ${row.finishedAt} ${row.rolledBackAt}`)
  );
  const [before, after] = [line2(wanted), line2(got)];
  const names = [...before].filter((each) => !after.has(each)).concat([...after].filter((each) => !before.has(each)));
  return names.map((each) => `history row of ${each.split(" ")[1] ?? each}`);
}

// src/guard/recover.ts
async function recover(guard, order2) {
  const status = await restoreBeside(guard, order2);
  const isVerified2 = status === "restored" && guard.run.restore?.differences?.length === 0;
  const end = isVerified2 ? await order2.afterwards?.() : void 0;
  await tell(guard, "end");
  return end ?? status;
}
async function restoreBeside(guard, order2) {
  const deadline = guard.ports.clock.now() + guard.request.restoreTimeoutMs;
  const refused = await attemptStep(guard, "restore", () => requestRestore(guard, order2, deadline));
  if (refused !== void 0) return refused.code === "cancelled" ? "cancelled" : "failed";
  if (!guard.request.waitForRestore) return "restoring";
  if (order2.source.kind === "cluster") {
    const lacking = await attemptStep(guard, "add-members", () => addMembers(guard, order2, deadline));
    if (lacking !== void 0) return unfinished(guard, lacking.code);
  }
  let session;
  const late = await attemptStep(guard, "wait-restore", async () => {
    const answer2 = await awaitRestored(guard, order2.identifier, order2.url, deadline);
    session = answer2.session;
    if (answer2.session === void 0) {
      throw new GuardError(problem("restore-unverified", answer2.detail, { instance: order2.identifier }));
    }
    return "the restored database answers SQL";
  });
  if (session === void 0) return unfinished(guard, late?.code);
  return verified(guard, session, order2);
}
async function unfinished(guard, code2) {
  if (code2 === "restore-unverified") {
    await tagPhase(guard, guard.run.restore?.arn, "unverified");
    return "restored";
  }
  if (code2 === "cancelled") return "cancelled";
  return code2 === "restore-failed" ? "failed" : "restoring";
}
async function verified(guard, session, order2) {
  const mismatch = await attemptStep(guard, "verify-restore", async () => {
    const found2 = await order2.verify(session).finally(() => session.close().catch(() => void 0));
    guard.emit({ type: "restore-verified", differences: found2 });
    if (found2.length === 0) return order2.compared ?? "schema and history are those of the restore point";
    throw new GuardError(
      problem("restore-mismatch", `the restored database differs: ${found2.slice(0, 8).join(", ")}`, {
        instance: guard.run.restore?.identifier,
        differences: found2.slice(0, 20).join(", "),
        restoreTime: order2.time
      })
    );
  });
  const phase = mismatch === void 0 ? "restored" : mismatch.code === "restore-mismatch" ? "mismatch" : "unverified";
  const more2 = order2.found === void 0 ? {} : order2.tags;
  const stays = phase !== "mismatch" && order2.found !== void 0 && wasPutBack(order2.found);
  await tagPhase(guard, guard.run.restore?.arn, stays ? "undone" : phase, more2);
  return phase === "mismatch" ? "failed" : "restored";
}

// src/guard/back/after-restore.ts
async function afterRestore(guard, order2) {
  await measureLoss(guard, order2);
  const { old, url, since, isGone = false } = order2;
  if (guard.request.promote === "never") {
    const restored = await restoredNow(guard).catch(() => void 0);
    if (restored !== void 0 && !guard.options.cancelled.aborted)
      await settleRestored(guard, old, restored);
    return "restored";
  }
  try {
    if (isGone)
      throw new GuardError(
        problem(
          "promotion-refused",
          `nobody has the name ${old.identifier} any more, so nobody can give it away`,
          {
            instance: old.identifier
          }
        )
      );
    return await promoteRestored(guard, { old, restored: await restoredNow(guard), url, since });
  } catch (error) {
    const problems = untold(guard, error);
    if (problems.length > 0) guard.emit({ type: "refused", problems });
    return guard.request.mode === "deploy" ? "restored" : "failed";
  }
}
async function restoredNow(guard) {
  const identifier2 = guard.run.restore?.identifier ?? "";
  const restored = await (await guard.ports.recovery()).instance(identifier2);
  if (restored === void 0)
    throw new GuardError(problem("instance-gone", `${identifier2} is gone`, { instance: identifier2 }));
  return restored;
}

// src/domain/half-done.ts
function halfDoneOn(production) {
  const { tags, identifier: identifier2, resourceId } = production;
  const ends = [tags[TAG.oldResourceId], tags[TAG.newResourceId]];
  const isPart = tags[TAG.production] === identifier2 && ends.includes(resourceId);
  return isPart && tags[TAG.phase] === "promoting" ? halfDone(production, tags) : void 0;
}
var halfDone = (production, tags) => {
  const run = tags[TAG.promotion];
  return problem("promotion-half-done", `the promotion of run ${run ?? "unknown"} has no end`, {
    instance: production.identifier,
    kind: production.kind === "cluster" ? "cluster" : void 0,
    run,
    restored: tags[TAG.restored],
    by: (tags[TAG.parked] ?? "") === "" ? "proxy" : "rename"
  });
};

// src/domain/restore-goal.ts
function chooseWay(point, window, source, now) {
  const { snapshot, time: time2 } = point;
  if (point.isSnapshot) return bySnapshot(point, "that snapshot was asked for");
  if (time2 === void 0)
    return bySnapshot(point, "that run marked no restore point; its snapshot is older than its migration");
  const moment = Date.parse(time2);
  const isFuture = point.run === void 0 && moment >= Math.max(now, window?.latest ?? now);
  const isCovered = window !== void 0 && window.status !== "creating" && moment > window.earliest && !(isComplete(window) && moment >= window.latest);
  if (isCovered && !isFuture)
    return {
      way: "point-in-time",
      why: "the restorable window covers that second, so no write before it is lost"
    };
  const usable = snapshot !== void 0 && snapshotState(snapshot.status) !== "failed";
  if (usable && !isFuture) return bySnapshot(point, whyNot(window, moment));
  return {
    way: "none",
    problem: problem(
      "restore-point-outside",
      isFuture ? "that second has not come yet" : `${whyNot(window, moment)}, and there is no snapshot of that run`,
      {
        instance: source.identifier,
        time: time2,
        earliest: window === void 0 ? void 0 : iso(window.earliest),
        latest: window === void 0 ? void 0 : iso(window.latest),
        snapshot: snapshot?.identifier
      }
    )
  };
}
var isComplete = ({ status }) => status === "retained";
var whyNot = (window, moment) => {
  if (window === void 0) return "there are no automated backups of this database";
  if (isComplete(window) && moment >= window.latest)
    return `the retained automated backup ends at ${iso(window.latest)}`;
  return window.status === "creating" ? "the first automated backup of this database is not there yet" : `the restorable window begins only at ${iso(window.earliest)}`;
};
function bySnapshot({ snapshot }, why2) {
  if (snapshot !== void 0 && snapshotState(snapshot.status) !== "failed") return { way: "snapshot", why: why2 };
  return {
    way: "none",
    problem: problem(
      "snapshot-not-found",
      snapshot === void 0 ? "no snapshot" : `status ${snapshot.status}`,
      {
        snapshot: snapshot?.identifier,
        status: snapshot?.status
      }
    )
  };
}
var iso = (at) => new Date(Math.floor(at / 1e3) * 1e3).toISOString().replace(".000Z", "Z");

// src/guard/hazards.ts
async function analyseFiles(guard, project, migrations) {
  const [migrator, analyser] = await Promise.all([
    guard.ports.migrator(),
    guard.ports.analyser(project.dialect ?? "postgresql")
  ]);
  const files = [];
  for (const each of migrations) {
    files.push(await analyser.analyse(each.name, each.path, await migrator.script(project, each.name)));
  }
  return files;
}
var ASK_MS = 2e4;
function frugal(guard, ask) {
  const until = guard.ports.clock.now() + ASK_MS;
  return async (question) => guard.ports.clock.now() < until && !guard.options.cancelled.aborted ? ask(question) : { state: "unknown", why: `the ${ASK_MS / 1e3} s for such questions were used up` };
}
async function withDatabase(guard, url, work) {
  const session = url === void 0 ? void 0 : await orUnread(guard, () => guardSession(guard, url));
  if (session === void 0) return work(void 0, void 0);
  try {
    const catalog = await orUnread(guard, () => session.study.catalog());
    return await work(
      catalog,
      frugal(guard, (question) => session.study.ask(question))
    );
  } finally {
    await session.close().catch(() => void 0);
  }
}
async function orUnread(guard, ask) {
  try {
    return await ask();
  } catch (error) {
    guard.warn("catalog-unread", { detail: firstProblem(error).detail });
    return void 0;
  }
}
var studyHazards = (guard, order2) => withDatabase(guard, order2.url, async (catalog, ask) => {
  const applied = catalog === void 0 ? await analyseFiles(guard, order2.project, order2.applied) : [];
  const { statementTimeoutMs, lockTimeoutMs, allowDataLoss } = guard.request;
  const request = {
    files: order2.files,
    applied,
    splitsStatements: order2.project.splitsStatements,
    ...order2.serverVersion === void 0 ? {} : { serverVersion: order2.serverVersion },
    ...catalog === void 0 ? {} : { catalog },
    statementTimeoutMs,
    lockTimeoutMs,
    allowDataLoss
  };
  return order2.find(request, ask);
});
async function studyPending(guard, first, find) {
  const { project, comparison } = first;
  const files = await analyseFiles(guard, project, comparison.pending);
  if (project.dialect === "mysql") {
    guard.warn("rules-missing");
    return { files, hazards: [] };
  }
  const pending2 = new Set(comparison.pending.map((each) => each.name));
  const hazards = await studyHazards(guard, {
    project,
    files,
    applied: project.migrations.filter((each) => !pending2.has(each.name)),
    serverVersion: first.database?.serverVersion,
    url: first.urls === void 0 ? void 0 : urlIn(first.urls, first.environment),
    find
  });
  return { files, hazards };
}

// src/guard/seen.ts
var seenOf = (looks) => ({
  target: fulfilled(looks.target),
  files: fulfilled(looks.study)?.files ?? [],
  hazards: fulfilled(looks.study)?.hazards ?? [],
  downs: fulfilled(looks.downs) ?? /* @__PURE__ */ new Set(),
  deployed: fulfilled(looks.deployed)
});
var fulfilled = (settled2) => settled2.status === "fulfilled" ? settled2.value : void 0;

// src/guard/second-look.ts
async function secondLook(guard, first, find) {
  const [target, name, study, probes, url, downs, deployed] = await Promise.allSettled([
    observeTarget(guard),
    checkRestoredName(guard),
    studyPending(guard, first, find),
    probeAll(guard, first),
    checkEffectiveUrl(guard, first),
    downScripts(guard, first),
    ranInEnvironment(guard)
  ]);
  return {
    ...seenOf({ target, study, downs, deployed }),
    probes: probes.status === "fulfilled" ? probes.value : [],
    problems: [
      ...[target, name, study, probes, url, downs, deployed].flatMap(
        (each) => each.status === "rejected" ? problemsOf(each.reason) : []
      ),
      ...target.status === "fulfilled" ? promotionProblems(target.value) : []
    ]
  };
}
function promotionProblems({ instance }) {
  const half = halfDoneOn(instance);
  return half === void 0 ? [] : [half];
}
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
  const target = {
    instance,
    manualSnapshots: inventory.snapshots,
    snapshotLimit: inventory.limit
  };
  guard.emit({ type: "observed-target", target });
  return target;
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
async function checkRestoredName({ request, ports }) {
  const { restoredIdentifier, onFailure: onFailure2 } = request;
  if (restoredIdentifier === void 0 || onFailure2 === "alert") return;
  const taken3 = await (await ports.recovery()).instance(restoredIdentifier);
  if (taken3 === void 0) return;
  throw new GuardError(
    problem("instance-name-taken", `${restoredIdentifier} exists already`, {
      instance: restoredIdentifier,
      status: taken3.status
    })
  );
}
async function downScripts(guard, { project }) {
  if (!guard.request.requireDown) return /* @__PURE__ */ new Set();
  return (await guard.ports.workspace()).downScripts(project.migrationsPath);
}
async function ranInEnvironment({ request, ports, options }) {
  if (request.requireEnvironment === void 0) return void 0;
  return (await ports.review()).deployed(request.requireEnvironment, options.identity.sha);
}
async function probeAll(guard, first) {
  const engine = await guard.ports.engine();
  const probed = probedVariables(first);
  const wanted = Object.entries(first.environment).filter(([variable]) => probed(variable));
  return Promise.all(
    wanted.map(async ([variable, url]) => {
      const session = await engine.connect(new Secret(url));
      try {
        const database = await session.facts();
        if (database.dialect === "mysql" && variable === first.urls.primary) await session.state();
        return { variable, database };
      } finally {
        await session.close();
      }
    })
  );
}
async function checkEffectiveUrl(guard, first) {
  const url = await (await guard.ports.migrator()).effectiveUrl(first.project, first.environment);
  if (url !== void 0 && Object.values(first.environment).includes(url)) {
    mustBeKnown(url, urlIn(first.urls, first.environment), first.project);
    return;
  }
  const variables = Object.keys(first.environment).join(", ");
  const wanted = first.project.urlEnv[0];
  const elsewhere2 = url === void 0 ? "a place the guard cannot see" : describeQuietly(url);
  throw new GuardError(
    problem(
      "url-not-guarded",
      `Prisma would connect to ${elsewhere2} with a URL that is not one of ${variables}`,
      {
        variables,
        wanted,
        elsewhere: elsewhere2
      }
    )
  );
}
function mustBeKnown(url, own, { urlEnv: [wanted] }) {
  if (parseConnectionUrl(url).dialect !== "mysql") return;
  const [elsewhere2, watched] = [describeUrl(url), describe(own)];
  if (elsewhere2.toLowerCase() === watched.toLowerCase()) return;
  const detail = `Prisma would connect as ${elsewhere2}, and the guard looks as ${watched}`;
  throw new GuardError(problem("url-not-guarded", detail, { wanted, elsewhere: elsewhere2, watched }));
}
function describeQuietly(url) {
  try {
    const { host, port, database } = parseConnectionUrl(url);
    return `${host}:${port}/${database}`;
  } catch {
    return "another database";
  }
}

// src/domain/unknown-settings.ts
var WANTED = [
  ...["DBSubnetGroupName", "VpcSecurityGroupIds", "PubliclyAccessible", "DBInstanceClass", "MultiAZ"],
  ...["DBParameterGroupName", "DeletionProtection", "MaxAllocatedStorage", "CACertificateIdentifier"],
  ...["EnableCloudwatchLogsExports", "AutoMinorVersionUpgrade", "CopyTagsToSnapshot", "NetworkType"],
  ...["PreferredMaintenanceWindow", "PreferredBackupWindow", "BackupRetentionPeriod", "MonitoringInterval"],
  ...["EnablePerformanceInsights", "AssociatedRoles"]
];
var unknownSettings = ({ settings }) => WANTED.filter((name) => settings[name] === void 0);

// src/guard/back/origin.ts
async function findStart(guard, sight, point) {
  const { production, instances } = sight;
  const owner = point.owner ?? await ownerAt(guard, sight, point);
  const source = owner === production?.resourceId ? production : bearer(instances, owner);
  if (source === void 0) return deleted(guard, sight, point, owner);
  const window = await (await guard.ports.fleet()).window(source.resourceId);
  const origin = source === production ? void 0 : replaced(sight, source);
  return { source, window, origin, unknown: [] };
}
var bearer = (all, resourceId) => all.find((each) => each.resourceId === resourceId);
async function ownerAt(guard, sight, { time: time2 }) {
  const { production, instances, lineage } = sight;
  const moment = Date.parse(time2 ?? "");
  const isLater = ({ createdAt }) => createdAt !== void 0 && moment < createdAt;
  if (production !== void 0 && !isLater(production)) return production.resourceId;
  const earlier = instances.filter((each) => lineage.has(each.resourceId) && each !== production && !isLater(each)).sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0];
  if (earlier !== void 0) return earlier.resourceId;
  const backup = covering(await (await guard.ports.fleet()).retained(), sight, moment);
  return backup?.instance.resourceId ?? production?.resourceId;
}
var covering = (backups, { name, lineage }, moment) => backups.filter(({ instance }) => instance.identifier === name || lineage.has(instance.resourceId)).filter(({ instance: { createdAt } }) => createdAt === void 0 || createdAt <= moment).sort((a, b) => (b.instance.createdAt ?? 0) - (a.instance.createdAt ?? 0))[0];
function replaced({ name, production, lineage }, source) {
  const { identifier: identifier2, resourceId } = source;
  const run = lineage.get(resourceId) || lineage.get(production?.resourceId ?? "");
  const by = run ? ` by the promotion of run ${run}` : " by a promotion";
  return {
    identifier: identifier2,
    resourceId,
    is: "replaced",
    why: `that moment is one of ${identifier2}: it had the name ${name} until it was replaced${by}`
  };
}
async function deleted(guard, sight, { snapshot }, owner) {
  const backups = owner === void 0 ? [] : await (await guard.ports.fleet()).retained();
  const backup = backups.find(({ instance }) => instance.resourceId === owner);
  const described = await snapshotSource(guard, snapshot, owner);
  const source = merged(backup?.instance, described);
  if (source === void 0) throw notFound2(guard);
  const { identifier: identifier2, resourceId } = source;
  const left = backup === void 0 ? "its snapshot is" : "its retained automated backup is";
  const why2 = `${identifier2} was deleted; ${left} still there`;
  return {
    source: { ...source, identifier: sight.name },
    window: backup?.window,
    origin: { identifier: identifier2, resourceId, is: "deleted", why: why2 },
    unknown: unknownSettings(source)
  };
}
async function snapshotSource(guard, snapshot, owner) {
  if (snapshot === void 0) return void 0;
  if (snapshot.describes !== void 0) return snapshot.describes;
  const [named3] = (await (await guard.ports.recovery()).snapshots(snapshot.identifier)).snapshots;
  return owner === void 0 || named3?.describes?.resourceId === owner ? named3?.describes : void 0;
}
var merged = (one2, other) => one2 === void 0 || other === void 0 ? one2 ?? other : { ...one2, settings: { ...other.settings, ...one2.settings }, tags: { ...other.tags, ...one2.tags } };
var notFound2 = ({ request }) => new GuardError(
  problem("instance-not-found", `no DB ${request.targetKind} ${request.instance}`, {
    instance: request.instance,
    kind: request.targetKind === "cluster" ? "cluster" : void 0,
    region: request.region
  })
);

// src/guard/back/goal.ts
async function findDestination(guard) {
  const sight = await lookAround(guard);
  const point = await pointAsked(guard, sight);
  const { request, options, ports } = guard;
  const { production, instances } = sight;
  const start = await findStart(guard, sight, point);
  const { source, origin } = start;
  const asked = { ...point, owner: source.resourceId };
  const found2 = foundFor(guard, sight, asked);
  const identity = ownerOf(point, options.identity);
  const identifier2 = found2?.identifier ?? request.restoredIdentifier ?? freeName(sight, identity, options.identity);
  if (found2 === void 0) refuseTaken(identifier2, instances);
  const choice = found2 === void 0 ? chooseWay(point, start.window, source, ports.clock.now()) : { way: wayOf(found2), why: `${found2.identifier} was restored to it already` };
  if (choice.way === "none") throw new GuardError(choice.problem);
  const snapshot = choice.way === "snapshot" ? point.snapshot : void 0;
  return {
    goal: {
      time: timeOf(point, snapshot),
      way: choice.way,
      snapshot: point.snapshot?.identifier,
      run: point.run,
      why: choice.why,
      recorded: point.recorded,
      ...origin === void 0 ? {} : { origin }
    },
    ...{ start, production, identity, identifier: identifier2, snapshot, found: found2 },
    gap: point.recorded.marks === void 0 ? void 0 : gapOf(start, snapshot)
  };
}
function foundFor({ request }, sight, asked) {
  const among = (instances) => restoredFor(asked, instances, askerOf(sight), request.restoredIdentifier);
  const found2 = among(sight.instances.filter((each) => !wasPutBack(each))) ?? among(sight.instances);
  if (found2 === void 0 || !wasPutBack(found2)) return found2;
  if (request.promote === "never" || request.restoredIdentifier !== void 0) return found2;
  const { identifier: identifier2, tags } = found2;
  const run = tags[TAG.promotion] ?? "unknown";
  const why2 = `${identifier2} took part in the promotion of run ${run}, which was undone, and may hold what was written to it meanwhile; with its name in restored-identifier it is taken all the same, and with a new name there a copy without those writes`;
  throw new GuardError(problem("promotion-refused", why2, { instance: sight.name, restored: identifier2 }));
}
function gapOf({ origin }, snapshot) {
  if (origin !== void 0)
    return `the counters were recorded in ${origin.identifier}, and another database has its name now`;
  return snapshot === void 0 ? void 0 : "the counters were recorded some time after the snapshot; what was written in between is not in them";
}
async function lookAround(guard) {
  const fleet = await guard.ports.fleet();
  const target = await observeTarget(guard).catch((error) => {
    if (isProblem(error, "instance-not-found") && guard.request.targetKind === "instance") return void 0;
    throw error;
  });
  const instances = await fleet.all();
  if (target === void 0) return withoutProduction(guard, instances);
  const { instance: production, manualSnapshots: snapshots } = target;
  const name = production.identifier;
  return { name, production, snapshots, instances, lineage: lineageOf(name, production, instances) };
}
async function withoutProduction(guard, instances) {
  const name = guard.request.instance;
  const pair = findPair(instances, name);
  if (pair !== void 0 && isHalfDone(pair))
    throw new GuardError(halfDone({ identifier: name }, (pair.new ?? pair.old)?.tags ?? {}));
  const { snapshots } = await (await guard.ports.recovery()).snapshots();
  const lineage = lineageOfGone(name, snapshots, instances);
  return { name, production: void 0, snapshots, instances, lineage };
}
var askerOf = ({ name, production, lineage }) => ({
  identifier: name,
  resourceId: production?.resourceId,
  lineage
});
async function pointAsked(guard, sight) {
  const { runId, snapshotIdentifier, restoreTime } = guard.request;
  const { snapshots, instances, production, lineage } = sight;
  if (production === void 0 && lineage.size === 0 && restoreTime === void 0) throw notFound2(guard);
  const asker = askerOf(sight);
  if (runId !== void 0) return known(pointOfRun(runId, snapshots, instances, asker));
  if (snapshotIdentifier !== void 0) {
    const named3 = (await (await guard.ports.recovery()).snapshots(snapshotIdentifier)).snapshots[0];
    return known(pointOfSnapshot(snapshotIdentifier, named3, asker, instances));
  }
  return pointAt(restoreTime, snapshots, asker);
}
function known(point) {
  if ("code" in point) throw new GuardError(point);
  return point;
}
function ownerOf(point, self) {
  if (point.run === void 0 || point.isSnapshot) return self;
  const dash = point.run.lastIndexOf("-");
  return {
    ...self,
    runId: point.run.slice(0, dash),
    attempt: point.run.slice(dash + 1),
    sha: point.snapshot?.tags[TAG.sha] ?? self.sha
  };
}
function freeName({ name, instances }, owner, self) {
  const usual = restoredName(name, owner);
  return instances.some(({ tags }) => tags[TAG.restored] === usual) ? restoredName(name, self) : usual;
}
function refuseTaken(identifier2, instances) {
  const taken3 = instances.find((each) => each.identifier === identifier2);
  if (taken3 === void 0) return;
  throw new GuardError(
    problem("instance-name-taken", `${identifier2} exists already and is no restore to that point`, {
      instance: identifier2,
      status: taken3.status,
      ...isOurs(taken3.tags) && taken3.tags[TAG.phase] === "mismatch" ? { differs: "yes" } : {}
    })
  );
}
var wayOf = (found2) => found2.tags[TAG.snapshot] === void 0 ? "point-in-time" : "snapshot";
function timeOf(point, snapshot) {
  if (snapshot === void 0) return point.time;
  return snapshot.createdAt === void 0 ? void 0 : iso(snapshot.createdAt);
}

// src/guard/back/verify-back.ts
var SECOND4 = 1e3;
async function verifyBack(guard, session, goal) {
  if (guard.run.database === void 0)
    guard.emit({ type: "observed-database", database: await session.facts() });
  const { fingerprint, history: history2 } = await session.state();
  const wanted = goal.recorded.fingerprint;
  const end = goal.time === void 0 ? Number.POSITIVE_INFINITY : Date.parse(goal.time) + SECOND4;
  return [
    ...wanted === void 0 || wanted === fingerprint.digest ? [] : ["the schema"],
    ...(history2 ?? []).filter((row) => row.startedAt >= end).map((row) => `history row of ${row.name}`)
  ];
}
var comparedBack = (goal) => goal.recorded.fingerprint === void 0 ? "it answers SQL and has no migration of a later time; no schema was recorded to compare it with" : "the schema is the recorded one, and there is no migration of a later time";

// src/guard/back/rollback.ts
async function rollback(guard) {
  try {
    return await story3(guard);
  } catch (error) {
    return endBadly(guard, error);
  }
}
async function story3(guard) {
  const urls = await readUrls(guard);
  const url = urls.given[urls.primary];
  if (url === void 0) throw new GuardError(problem("unexpected", "the URL is gone"));
  const [destination] = await Promise.all([findDestination(guard), lookAtProduction(guard, url)]);
  if (guard.options.cancelled.aborted)
    throw new GuardError(problem("cancelled", "cancelled before anything was touched"));
  plan(guard, destination);
  const { goal, start, production } = destination;
  const { source, origin } = start;
  await takeStep(guard, "goal", async () => {
    guard.emit({ type: "goal", goal });
    return origin === void 0 ? goal.why : `${origin.why}; ${goal.why}`;
  });
  if (destination.found === void 0) tellUnknown(guard, destination);
  return recover(guard, {
    identifier: destination.identifier,
    source,
    time: goal.time ?? "",
    identity: destination.identity,
    snapshot: destination.snapshot,
    found: destination.found,
    ...howToFind(destination),
    url,
    verify: (session) => verifyBack(guard, session, goal),
    compared: comparedBack(goal),
    afterwards: () => afterRestore(guard, {
      old: production ?? source,
      isGone: production === void 0,
      url,
      since: goal.time ?? "",
      // Counters of one database say nothing of another one.
      marks: origin === void 0 ? goal.recorded.marks : void 0,
      gap: destination.gap
    })
  });
}
function howToFind({ start: { origin }, production }) {
  if (origin === void 0) return {};
  const stands = production === void 0 ? {} : { tags: { [TAG.forResourceId]: production.resourceId } };
  return { sourceBy: "resource-id", isRetained: origin.is === "deleted", ...stands };
}
function tellUnknown(guard, { start, identifier: identifier2 }) {
  const { unknown: unknown3, source } = start;
  if (unknown3.length === 0) return;
  const region = guard.request.region ?? source.arn.split(":")[3] ?? "";
  const call2 = `aws rds modify-db-instance${region === "" ? "" : ` --region ${region}`} --db-instance-identifier ${identifier2} --vpc-security-group-ids SECURITY_GROUP_IDS --apply-immediately`;
  guard.warn("settings-unknown", { names: unknown3.join(", "), call: call2 });
}
async function lookAtProduction(guard, url) {
  try {
    const session = await guardSession(guard, url);
    try {
      guard.emit({ type: "observed-database", database: await session.facts() });
    } finally {
      await session.close().catch(() => void 0);
    }
  } catch (error) {
    guard.warn("production-unread", { detail: firstProblem(error).detail });
  }
}
function plan(guard, { start, production, identifier: identifier2, goal, found: found2 }) {
  const target = production ?? start.source;
  guard.emit({
    type: "planned",
    plan: stepsOnly(steps2(guard, target, { restored: identifier2, isThere: found2 !== void 0 }), {
      adopted: goal.run,
      snapshotIdentifier: goal.snapshot ?? "",
      restoredIdentifier: identifier2,
      sourceTags: target.tags
    })
  });
}
function steps2({ request, options }, { identifier: production, kind: targetKind }, { restored, isThere }) {
  const step2 = (kind, title) => ({ kind, when: "always", title });
  const first = [
    step2("goal", "Find the moment to go back to, and the way"),
    step2(
      "restore",
      `${isThere ? "Go on with the restore to" : "Restore as"} ${restored}, beside ${production}`
    )
  ];
  if (!request.waitForRestore) return first;
  const names = { production, parked: parkedName(production, options.identity), restored };
  return [
    ...first,
    ...targetKind === "cluster" ? [step2("add-members", `Add instances to ${restored} like those of ${production}`)] : [],
    step2("wait-restore", "Wait until the restored database answers SQL"),
    step2("verify-restore", "Compare the restored database with what was recorded"),
    step2("write-loss", "Count what was written to production since"),
    ...request.promote === "never" ? [] : promotionSteps(request.promote === "proxy" ? "proxy" : "rename", names)
  ];
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

// src/guard/limits.ts
var TAKEN_FOR_MS = 4e3;
var Limits = class {
  #guard;
  #isOurs;
  #waitingSince = /* @__PURE__ */ new Map();
  #told = /* @__PURE__ */ new Set();
  #takenSince;
  constructor(guard, dialect) {
    this.#guard = guard;
    this.#isOurs = dialect === "mysql";
  }
  /** The statement of ours that has had its time; undefined when there is none. */
  overdue({ ours }, now) {
    if (!this.#isOurs) return void 0;
    const { statementTimeoutMs, lockTimeoutMs } = this.#guard.request;
    const waiting = /* @__PURE__ */ new Map();
    let found2;
    for (const backend of ours.filter((each) => each.state !== "idle")) {
      const key = keyOf(backend);
      if (backend.waiting !== null) waiting.set(key, this.#waitingSince.get(key) ?? now);
      const waitedMs = now - (waiting.get(key) ?? now);
      if (waitedMs >= lockTimeoutMs) found2 ??= { limit: "lock-timeout", backend };
      if ((backend.ageMs ?? 0) >= statementTimeoutMs) found2 ??= { limit: "statement-timeout", backend };
    }
    this.#waitingSince = waiting;
    return found2;
  }
  async enforce(intervene, { limit: limit2, backend }) {
    const key = keyOf(backend);
    if (!this.#told.has(key)) this.#guard.emit({ type: "limit-enforced", limit: limit2, backend });
    this.#told.add(key);
    await intervene.stop(applicationName(this.#guard.options.identity), "cancel");
  }
  /** Somebody else holds Prisma's lock while our command is there. */
  isLockTaken({ ours, advisoryLockHolders }, now) {
    if (!this.#isOurs) return false;
    const strangers = advisoryLockHolders.some(({ pid }) => !ours.some((each) => each.pid === pid));
    this.#takenSince = strangers ? this.#takenSince ?? now : void 0;
    return this.#takenSince !== void 0 && now - this.#takenSince >= TAKEN_FOR_MS;
  }
};
var keyOf = ({ pid, query }) => `${pid} ${query ?? ""}`;

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
async function silence(clock, session, { applicationName: applicationName2, how, budgetMs, ended }) {
  const deadline = clock.now() + budgetMs;
  const over = new AbortController();
  void ended?.then(() => over.abort());
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

// src/guard/watch-session.ts
var WatchSession = class {
  #guard;
  #url;
  #session;
  constructor(guard, url) {
    this.#guard = guard;
    this.#url = url;
  }
  async use(work) {
    try {
      this.#session ??= await (await this.#guard.ports.engine()).connect(
        this.#url,
        watchName(this.#guard.options.identity)
      );
      return await work(this.#session);
    } catch (error) {
      if (isProblem(error, "database-error")) return void 0;
      await this.close();
      return void 0;
    }
  }
  async close() {
    const session = this.#session;
    this.#session = void 0;
    await session?.close().catch(() => void 0);
  }
};

// src/guard/watch.ts
var PACE_MS2 = 1e3;
var REPEAT_BLOCKER_MS = 15e3;
var HUNG_AFTER_MS = 1e4;
var QUIET_FOR_MS = 2e3;
var GONE_AFTER_MS = 3e4;
var SWEEP_GRACE_MS = 1e3;
async function runWatched(guard, order2) {
  const { clock } = guard.ports;
  const migrator = await guard.ports.migrator();
  const sessions = new WatchSession(guard, order2.url);
  const started = clock.now();
  const cli = migrator.deploy(
    order2.project,
    order2.environment,
    (line2) => guard.emit({ type: "migrator-line", line: line2 })
  );
  guard.emit({ type: "migrator-started", pid: cli.pid, round: order2.round });
  const watch = new Watch(guard, order2, cli, sessions);
  let over = false;
  try {
    const ended = Promise.race([cli.ended, aborted(guard.options.cancelled)]);
    await every(clock, PACE_MS2, () => watch.look(), ended);
    if (guard.options.cancelled.aborted && watch.stopReason === void 0) await watch.stop("cancelled");
    const end = await cli.ended;
    over = true;
    guard.emit({ type: "migrator-ended", end, tookMs: clock.now() - started });
    const { stopReason, lastQuery } = watch;
    return { end, stopReason, lastQuery, sweep: () => cli.kill(SWEEP_GRACE_MS) };
  } finally {
    if (!over) await watch.stop("watch-lost").catch(() => void 0);
    await sessions.close();
  }
}
var aborted = (signal) => new Promise((resolve) => {
  if (signal.aborted) resolve();
  signal.addEventListener("abort", () => resolve(), { once: true });
});
var Watch = class {
  stopReason;
  lastQuery;
  #guard;
  #order;
  #cli;
  #sessions;
  #limits;
  #named = /* @__PURE__ */ new Map();
  #idleSince;
  #doneSince;
  #worked = false;
  constructor(guard, order2, cli, sessions) {
    this.#guard = guard;
    this.#order = order2;
    this.#cli = cli;
    this.#sessions = sessions;
    this.#limits = new Limits(guard, order2.project.dialect);
  }
  async look() {
    const app = applicationName(this.#guard.options.identity);
    const activity = await this.#sessions.use((session) => session.activity(app));
    const now = this.#guard.ports.clock.now();
    if (activity !== void 0) this.#note(activity, now);
    if (now >= this.#order.deadline) return this.#end("migration-timeout");
    if (activity !== void 0 && await this.#keepLimits(activity, now)) return this.#end("lock-taken");
    if (activity !== void 0 && await this.#hangs(activity, now)) return this.#end("cli-hung");
    return "again";
  }
  async stop(reason) {
    if (this.stopReason !== void 0) return;
    this.stopReason = reason;
    this.#guard.emit({ type: "stopping", reason });
    const app = applicationName(this.#guard.options.identity);
    const stopped = await this.#sessions.use(
      (session) => stopMigration(this.#guard.ports.clock, session, app, this.#cli)
    );
    await this.#cli.kill(0);
    if (stopped !== void 0) this.#guard.emit({ type: "stopped", ...stopped });
  }
  /** True when another deploy came between. */
  async #keepLimits(activity, now) {
    const late = this.#limits.overdue(activity, now);
    if (late !== void 0)
      await this.#sessions.use((session) => this.#limits.enforce(session.intervene, late));
    return this.#limits.isLockTaken(activity, now);
  }
  async #end(reason) {
    await this.stop(reason);
    return "stop";
  }
  #note(activity, now) {
    for (const ours of activity.ours) {
      if (ours.state === "active" && ours.query !== null && !/advisory_lock|_prisma_migrations/.test(ours.query))
        this.lastQuery = ours.query;
      if (ours.blockedBy.length > 0) this.#name(ours, activity, now);
    }
  }
  #name(waiting, activity, now) {
    const blockers = activity.blockers.filter((each) => waiting.blockedBy.includes(each.pid));
    const key = `${waiting.pid}:${waiting.blockedBy.join(",")}`;
    if (now - (this.#named.get(key) ?? Number.NEGATIVE_INFINITY) < REPEAT_BLOCKER_MS) return;
    this.#named.set(key, now);
    this.#guard.emit({ type: "blocked", waiting, blockers });
  }
  /** Nothing of ours is at work any more, all files finished or the connection gone for good, and the CLI still there. */
  async #hangs(activity, now) {
    if (activity.ours.some((each) => each.state !== "idle")) {
      this.#worked = true;
      this.#idleSince = void 0;
      this.#doneSince = void 0;
      return false;
    }
    this.#idleSince ??= now;
    if (now - this.#idleSince < QUIET_FOR_MS) return false;
    const rows = await this.#sessions.use((session) => session.history()) ?? [];
    const done = this.#order.pending.every((name) => rows.some((row) => row.name === name && isApplied(row)));
    this.#doneSince = done ? this.#doneSince ?? now : void 0;
    if (this.#doneSince !== void 0) return now - this.#doneSince >= HUNG_AFTER_MS;
    return this.#worked && activity.ours.length === 0 && now - this.#idleSince >= GONE_AFTER_MS;
  }
};

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
var withoutColours = (text2) => text2.replace(ANSI, "");
function readPrismaOutput(output) {
  const text2 = withoutColours(output).replaceAll("\r\n", "\n");
  const start = errorStart(text2);
  if (start === void 0) {
    return /All migrations have been successfully applied|No pending migrations to apply/.test(text2) ? {} : compact({ migration: lastBegun(text2) });
  }
  const error = text2.slice(start);
  const code2 = error.match(/^Error: (?:\w*Error: )?(P\d{4})\b/)?.[1] ?? error.match(/^Error code: (P\d{4})$/m)?.[1];
  return code2 === "P3018" ? scriptFailure(error, code2) : otherFailure(error, code2, lastBegun(text2));
}
function errorStart(text2) {
  const match = /^Error: (?:\w*Error: )?P\d{4}\b/m.exec(text2) ?? /^Error: (?=ERROR:|db error)/m.exec(text2) ?? /^(?:Error:|Failed to (?:load|parse) )/m.exec(text2);
  return match?.index;
}
var lastBegun = (text2) => [...text2.matchAll(/^Applying migration `([^`\n]+)`/gm)].at(-1)?.[1];
function scriptFailure(error, code2) {
  const head = error.slice(0, error.search(/^Database error:/m) + 1 || void 0);
  const body = error.match(/^Database error:\s*\n?([\s\S]*)$/m)?.[1] ?? "";
  const stated = head.match(/^Database error code: (.+)$/m)?.[1]?.trim();
  const spoken = serverMessage(body);
  const sqlState = stated !== void 0 && /^(?:[0-9A-Z]{5}|\d{4})$/.test(stated) ? stated : wordingState(body);
  return compact({
    code: code2,
    sqlState,
    migration: head.match(/^Migration name: (.+)$/m)?.[1]?.trim(),
    ...spoken,
    ...debugFields(body),
    statementNumber: statementNumber(body),
    lockTimeout: LOCK_TIMEOUTS.has(sqlState) ? true : void 0
  });
}
function statementNumber(body) {
  const said = body.match(/^\s*Please check the query number (\d{1,9}) from the migration file\.$/m)?.[1];
  return said === void 0 || Number(said) === 0 ? void 0 : Number(said);
}
function serverMessage(body) {
  const end = body.search(/\n+(?:Position:|DbError \{|Please check the query number)/);
  const said = (end < 0 ? body : body.slice(0, end)).trim();
  const [first = ""] = said.split("\n");
  return compact({
    message: withoutSeverity(first) || void 0,
    detail: said.match(/^DETAIL:\s*(.+)$/m)?.[1],
    hint: said.match(/^HINT:\s*(.+)$/m)?.[1]
  });
}
function debugFields(body) {
  const at = body.lastIndexOf("DbError {");
  if (at < 0) return {};
  const debug = body.slice(at);
  const text2 = (name) => unescaped(debug.match(new RegExp(`[{,] ${name}: Some\\("((?:[^"\\\\]|\\\\.)*)"\\)`))?.[1]);
  const position2 = Number(debug.match(/, position: Some\(Original\((\d+)\)\)/)?.[1]);
  return compact({
    position: Number.isSafeInteger(position2) && position2 > 0 ? position2 : void 0,
    constraint: text2("constraint"),
    table: text2("table"),
    detail: text2("detail"),
    hint: text2("hint")
  });
}
function otherFailure(error, code2, begun) {
  const message = failureMessage(error);
  const sqlState = wordingState(message ?? "");
  const advisory = code2 === "P1002" && error.includes(ADVISORY_LOCK);
  const named3 = error.match(/with migration_name="([^"\n]+)"/)?.[1] ?? error.match(/^The `([^`\n]+)` migration started/m)?.[1];
  return compact({
    code: code2,
    sqlState,
    migration: named3 ?? begun,
    message,
    lockTimeout: advisory || sqlState === "55P03" ? true : void 0
  });
}
function failureMessage(error) {
  const lines = error.split("\n").map(
    (line2) => line2.replace(/^Error: /, "").replace(/^Schema engine error:/, "").trimStart().replace(/^(?:\w*Error: )?P\d{4}(?::\s*|$)/, "").trim()
  ).filter((line2) => line2 !== "" && !/^Error code:/.test(line2) && !/^Prisma schema validation/.test(line2));
  const [first] = lines;
  return first === void 0 ? void 0 : withoutSeverity(first.replace(/^error: /, ""));
}
var withoutSeverity = (line2) => line2.replace(/^(?:db error: )?(?:ERROR|FATAL|PANIC):\s*/, "").trim();
var wordingState = (text2) => WORDINGS.find(([wording]) => wording.test(text2.split("\n")[0] ?? ""))?.[1];
var unescaped = (text2) => text2?.replace(/\\(["'\\])/g, "$1").replace(/\\n/g, "\n");
function compact(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== void 0));
}

// src/guard/weigh.ts
async function weigh(guard, order2, watched, reconnectMs = RECONNECT_FOR_MS) {
  const seen2 = await lookAfterwards(guard, order2, reconnectMs);
  const base = {
    before: order2.point.state,
    after: seen2.after,
    activity: seen2.activity,
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
  const replayed = needsReplay(verdict, base) ? await replay(guard, order2, base, verdict) : void 0;
  const judged2 = replayed === void 0 ? verdict : judge({ ...base, replayed });
  return explainLimit(explainStop(judged2, watched.stopReason), guard.run.enforced);
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
  const after = await session.state();
  const leftovers = invalidIndexes({ before: order2.point.state, after, files: order2.files }).filter(
    (name) => order2.files.some((file) => namesIndex(file, name))
  );
  if (leftovers.length === 0 || activity.ours.length > 0) return { after, activity };
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
var needsReplay = (verdict, { outcome, stopReason, files, splits }) => {
  const file = files.find((each) => each.migration === verdict.failedMigration);
  if (verdict.ok || verdict.state !== "unchanged" || !verdict.openRow || stopReason !== void 0)
    return false;
  if (file === void 0 || file.syntaxError !== void 0 || !isAtomic(file, splits)) return false;
  if (file.statements.some((each) => each.kind === "opaque")) return false;
  if (TIMING_CODES.has(outcome.sqlState ?? "")) return false;
  return isHidden(outcome);
};
async function replay(guard, order2, { files }, verdict) {
  const file = files.find((each) => each.migration === verdict.failedMigration);
  const kept2 = (file?.statements ?? []).flatMap(
    (each, index) => each.kind === "transaction" ? [] : [{ text: each.text, index }]
  );
  try {
    const found2 = await withSession(
      guard,
      order2.url,
      (session) => session.intervene.replay(
        kept2.map((each) => each.text),
        { totalMs: REPLAY_FOR_MS, lockMs: REPLAY_LOCK_MS }
      )
    );
    const index = found2 === void 0 ? void 0 : kept2[found2.index]?.index;
    return found2 === void 0 || index === void 0 || TIMING_CODES.has(found2.code) ? void 0 : { ...found2, index };
  } catch (error) {
    guard.emit({
      type: "migrator-line",
      line: `the hidden error could not be found again: ${firstProblem(error).detail}`
    });
    return void 0;
  }
}

// src/guard/steps/migrate.ts
async function migrate(guard, order2) {
  const { clock } = guard.ports;
  const deadline = clock.now() + guard.request.migrationTimeoutMs;
  for (let round = 1; ; round += 1) {
    const watched = await runWatched(guard, {
      ...order2,
      pending: order2.pending.map((each) => each.name),
      round,
      deadline
    });
    const verdict = await weigh(guard, order2, watched);
    await watched.sweep();
    const again2 = verdict.retryable && round <= guard.request.lockRetries && !guard.options.cancelled.aborted;
    if (!again2) return verdict;
    if (verdict.openRow && !await markRolledBack(guard, order2, verdict.failedMigration)) return verdict;
    const pauseMs = retryPause(round, clock.random());
    if (clock.now() + pauseMs >= deadline) return verdict;
    guard.emit({ type: "lock-retry", round: round + 1, pauseMs });
    await clock.sleep(pauseMs, guard.options.cancelled);
    if (guard.options.cancelled.aborted) return verdict;
  }
}
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
  const failure = await attemptStep(guard, "after-command", () => runCommand(guard, "after-command", script));
  if (failure !== void 0)
    guard.warn("after-command-failed", { detail: failure.detail, output: failure.fields.output ?? "" });
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
async function finish(guard, source) {
  await tagPhase(guard, guard.run.snapshot?.arn, "applied");
  await attemptAfter(guard);
  if (isPlanned(guard, "prune-snapshots"))
    await attemptStep(guard, "prune-snapshots", () => pruneSnapshots(guard, source));
  return "applied";
}
async function failed(guard, work, order2, verdict) {
  if (!guard.options.cancelled.aborted) await freeNextDeploy(guard, order2, verdict);
  await alertOnce(guard);
  if (guard.options.cancelled.aborted) return "cancelled";
  await tagPhase(guard, guard.run.snapshot?.arn, failedPhase(verdict));
  await attemptAfter(guard);
  if (!wantsRestore(guard, verdict)) {
    const why2 = verdict.state === "unchanged" ? "the database is the one of the restore point" : "on-failure: alert";
    for (const step2 of ["restore", "add-members", "wait-restore", "verify-restore"]) {
      if (isPlanned(guard, step2)) guard.emit({ type: "step-skipped", step: step2, note: why2 });
    }
    return "failed";
  }
  return recover(guard, {
    identifier: work.plan.restoredIdentifier,
    source: work.source,
    time: order2.point.time,
    identity: guard.options.identity,
    url: order2.url,
    verify: (session) => verifyRestored(session, order2.point),
    afterwards: () => afterRestore(guard, {
      old: work.source,
      url: order2.url,
      since: order2.point.time,
      marks: marksOfPoint(order2.point)
    })
  });
}
var wantsRestore = (guard, verdict) => {
  const policy2 = guard.request.onFailure;
  return policy2 === "restore-always" || policy2 === "restore" && verdict.state !== "unchanged";
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

// src/domain/predecessor.ts
var UNFINISHED = /* @__PURE__ */ new Set(["snapshot", "migrating", "failed"]);
function findPredecessor(snapshots, source, self) {
  const newest = snapshots.filter((each) => isOurs(each.tags) && each.sourceIdentifier === source.identifier).filter(
    (each) => each.tags[TAG.sourceResourceId] === source.resourceId && each.tags[TAG.run] !== runTag(self)
  ).sort((a, b) => (b.createdAt ?? Number.MAX_SAFE_INTEGER) - (a.createdAt ?? Number.MAX_SAFE_INTEGER))[0];
  const phase = newest?.tags[TAG.phase] ?? "";
  if (newest === void 0 || !UNFINISHED.has(phase)) return void 0;
  return {
    run: newest.tags[TAG.run] ?? "",
    phase,
    snapshot: newest,
    restoreTime: newest.tags[TAG.restoreTime],
    fingerprint: newest.tags[TAG.fingerprint]
  };
}
function predecessorIdentity(predecessor, self) {
  const dash = predecessor.run.lastIndexOf("-");
  return {
    ...self,
    runId: predecessor.run.slice(0, dash),
    attempt: predecessor.run.slice(dash + 1),
    sha: predecessor.snapshot.tags[TAG.sha] ?? self.sha
  };
}

// src/guard/predecessor.ts
var SKEW_MS = 3e4;
async function finishPredecessor(guard, first) {
  const damage = await findDamage(guard, first);
  if (damage === void 0) return void 0;
  const { predecessor, source, row } = damage;
  const half = halfDoneOn(source);
  if (half !== void 0) throw new GuardError(half);
  const identity = predecessorIdentity(predecessor, guard.options.identity);
  const identifier2 = guard.request.restoredIdentifier ?? restoredName(source.identifier, identity);
  const url = urlIn(first.urls, first.environment);
  await stopOrphan(guard, url, identity);
  const isWanted = guard.request.onFailure !== "alert";
  guard.emit({ type: "refused", problems: [unresolved(damage, isWanted ? identifier2 : void 0)] });
  await tell(guard, "failure");
  if (!isWanted) return "refused";
  guard.emit({
    type: "planned",
    plan: stepsOnly(steps3(identifier2, guard.request.waitForRestore, source.kind === "cluster"), {
      adopted: predecessor.run,
      snapshotIdentifier: predecessor.snapshot.identifier,
      restoredIdentifier: identifier2,
      sourceTags: source.tags
    })
  });
  return recover(guard, {
    identifier: identifier2,
    source,
    time: predecessor.restoreTime,
    identity,
    url,
    verify: (session) => compare(session, predecessor, row),
    // No cut-over here: hours may have passed since, and a person must weigh what was written.
    afterwards: async () => {
      const marks = marksIn(predecessor.snapshot.tags);
      await measureLoss(guard, { url, since: predecessor.restoreTime, marks });
      return "restored";
    }
  });
}
async function findDamage(guard, first) {
  const [row] = first.comparison.open;
  if (row === void 0) return void 0;
  let target;
  try {
    target = await observeTarget(guard);
  } catch {
    return void 0;
  }
  const predecessor = findPredecessor(target.manualSnapshots, target.instance, guard.options.identity);
  const restoreTime = predecessor?.restoreTime;
  if (predecessor === void 0 || restoreTime === void 0) return void 0;
  const name = applicationName(predecessorIdentity(predecessor, guard.options.identity));
  if (first.activity.advisoryLockHolders.some((each) => each.applicationName !== name)) return void 0;
  if (row.startedAt < Date.parse(restoreTime) - SKEW_MS) return void 0;
  return { predecessor: { ...predecessor, restoreTime }, row, source: target.instance };
}
async function stopOrphan(guard, url, identity) {
  const name = applicationName(identity);
  const session = await guardSession(guard, url);
  try {
    const { ours } = await session.activity(name);
    if (ours.length === 0) return;
    guard.emit({ type: "stopping", reason: "watch-lost" });
    const stopped = await stopMigration(guard.ports.clock, session, name, void 0);
    guard.emit({ type: "stopped", ...stopped });
  } finally {
    await session.close().catch(() => void 0);
  }
}
var unresolved = ({ predecessor, row }, restored) => problem("predecessor-unresolved", `run ${predecessor.run} left ${row.name} unfinished`, {
  run: predecessor.run,
  migration: row.name,
  restoreTime: predecessor.restoreTime,
  restored,
  logs: row.logs === null || row.logs === "" ? void 0 : row.logs.slice(0, 2e3)
});
async function compare(session, predecessor, row) {
  const restored = await session.state();
  const schema = predecessor.fingerprint === void 0 || predecessor.fingerprint === restored.fingerprint.digest;
  const history2 = (restored.history ?? []).some((each) => each.id === row.id);
  return [...schema ? [] : ["the schema"], ...history2 ? [`history row of ${row.name}`] : []];
}
var steps3 = (identifier2, wait2, isCluster2) => [
  {
    kind: "restore",
    when: "always",
    title: `Restore to the restore point of the earlier run as ${identifier2}`
  },
  ...wait2 ? [
    ...isCluster2 ? [{ kind: "add-members", when: "always", title: `Add instances to ${identifier2}` }] : [],
    { kind: "wait-restore", when: "always", title: "Wait until the restored database answers SQL" },
    {
      kind: "verify-restore",
      when: "always",
      title: "Compare the restored database with the restore point"
    }
  ] : []
];

// src/guard/verified.ts
async function migrateAndVerify(guard, order2) {
  guard.emit({ type: "step-intended", step: "migrate" });
  const verdict = await migrateOrUnknown(guard, order2);
  guard.emit({ type: "step-intended", step: "verdict" });
  guard.emit({ type: "verdict", verdict });
  guard.emit({
    type: "step-done",
    step: "verdict",
    note: verdict.ok ? "applied and verified" : `failed, database ${verdict.state}`
  });
  if (!verdict.ok) {
    guard.emit({ type: "step-failed", step: "migrate", problem: migrationProblem(guard, verdict) });
    return verdict;
  }
  guard.emit({ type: "step-done", step: "migrate", note: `${verdict.applied.length} applied` });
  const script = guard.request.verifyCommand;
  if (script === void 0) return verdict;
  const failure = await attemptStep(
    guard,
    "verify-command",
    () => runCommand(guard, "verify-command", script)
  );
  if (failure === void 0) return verdict;
  const rejected2 = {
    ...verdict,
    ok: false,
    error: { code: void 0, message: failure.detail },
    evidence: ["verify-command failed", ...verdict.evidence]
  };
  guard.emit({ type: "verdict", verdict: rejected2 });
  return rejected2;
}
async function migrateOrUnknown(guard, order2) {
  try {
    return await migrate(guard, order2);
  } catch (error) {
    if (guard.run.rounds === 0) {
      guard.emit({ type: "step-failed", step: "migrate", problem: firstProblem(error) });
      throw error;
    }
    const { code: code2, detail } = firstProblem(error);
    return {
      ok: false,
      state: "unknown",
      applied: [],
      failedMigration: void 0,
      error: { code: void 0, message: detail },
      statement: void 0,
      evidence: [`the guard itself failed while it watched or judged (${code2}): ${detail}`],
      openRow: false,
      retryable: false
    };
  }
}

// src/guard/deploy.ts
async function deploy(guard, planner2) {
  try {
    return await story4(guard, planner2);
  } catch (error) {
    return endBadly(guard, error, await promotionBehind(guard, error));
  }
}
async function promotionBehind(guard, error) {
  if (guard.run.plan !== void 0 || !isProblem(error, "database-unreachable", "instance-not-found"))
    return [];
  const name = guard.request.instance;
  try {
    const pair = findPair(await (await guard.ports.fleet()).all(), name);
    if (pair === void 0 || !isHalfDone(pair)) return [];
    const { kind, tags } = pair.new ?? pair.old ?? { tags: {} };
    return [halfDone(kind === void 0 ? { identifier: name } : { identifier: name, kind }, tags)];
  } catch {
    return [];
  }
}
async function story4(guard, planner2) {
  const seen2 = await look3(guard, planner2);
  const left = isLeftBehind(seen2);
  if (!left) refuse2(seen2.refusals);
  if (!left && seen2.first.comparison.pending.length === 0) return "up-to-date";
  const alone = await holdAlone(guard, urlIn(seen2.first.urls, seen2.first.environment));
  try {
    const now = alone.waited || left ? await look3(guard, planner2) : seen2;
    const finished = isLeftBehind(now) ? await finishPredecessor(guard, now.first) : void 0;
    if (finished !== void 0) return finished;
    refuse2(now.refusals);
    return await deployAlone(guard, planner2, now.first, alone);
  } finally {
    await alone.release();
  }
}
async function look3(guard, planner2) {
  const first = await firstLook(guard);
  return { first, refusals: planner2.refuseFirst(guard, first) };
}
var OF_ANOTHER_RUN = /* @__PURE__ */ new Set(["history-failed", "migration-running"]);
var isLeftBehind = ({ refusals }) => refusals.length > 0 && refusals.every((each) => OF_ANOTHER_RUN.has(each.code));
async function deployAlone(guard, planner2, first, alone) {
  if (first.comparison.pending.length === 0) return "up-to-date";
  const second = await secondLook(guard, first, planner2.hazards);
  refuse2([...second.problems, ...planner2.refuseSecond(guard, first, second)]);
  const { target, files, hazards } = second;
  if (target === void 0) throw new GuardError(problem("unexpected", "the DB instance was not described"));
  if (guard.options.cancelled.aborted)
    throw new GuardError(problem("cancelled", "cancelled before anything was touched"));
  const plan2 = planner2.plan(guard, { first, target, files, hazards });
  guard.emit({ type: "planned", plan: plan2 });
  return execute(guard, { plan: plan2, source: target.instance, first, files, alone });
}
var refuse2 = (problems) => {
  if (problems.length > 0) throw new GuardError(problems);
};
async function execute(guard, work) {
  const { plan: plan2, source } = work;
  if (isPlanned(guard, "snapshot"))
    await takeStep(guard, "snapshot", () => takeSnapshot(guard, plan2, source));
  const url = urlIn(work.first.urls, work.first.environment);
  try {
    await command(guard, "before-command", guard.request.beforeCommand);
    const point = await restorePoint(guard, url, work.first.comparison.pending);
    await work.alone.confirm();
    const order2 = {
      project: work.first.project,
      pending: work.first.comparison.pending,
      files: work.files,
      url,
      environment: work.first.environment,
      point
    };
    const verdict = await migrateAndVerify(guard, order2);
    if (verdict.ok) return await finish(guard, source);
    return await failed(guard, work, order2, verdict);
  } finally {
    await attemptAfter(guard);
  }
}
var command = async (guard, step2, script) => {
  if (script !== void 0) await takeStep(guard, step2, () => runCommand(guard, step2, script));
};
async function restorePoint(guard, url, pending2) {
  let point;
  await takeStep(guard, "restore-point", async () => {
    const session = await guardSession(guard, url);
    try {
      point = await markRestorePoint(guard, session, pending2);
      return point.time;
    } finally {
      await session.close().catch(() => void 0);
    }
  });
  if (point === void 0) throw new GuardError(problem("unexpected", "no restore point"));
  return point;
}

// src/guard/plan.ts
async function makePlan(guard, planner2) {
  try {
    return await story5(guard, planner2);
  } catch (error) {
    const problems = untold(guard, error);
    if (problems.length > 0) guard.emit({ type: "refused", problems });
    return guard.options.cancelled.aborted ? "cancelled" : "refused";
  }
}
async function story5(guard, planner2) {
  const first = await planningLook(guard);
  guard.emit({ type: "pending", migrations: first.comparison.pending.map((each) => each.name) });
  const { pending: pending2 } = first.comparison;
  const second = pending2.length === 0 ? NOTHING_MORE : await planningSecondLook(guard, first, planner2);
  const problems = [
    ...planner2.refuseFirst(guard, first),
    ...second.problems,
    ...planner2.refuseSecond(guard, first, second)
  ];
  const { target, files, hazards } = second;
  guard.emit({ type: "planned", plan: planner2.plan(guard, { first, target, files, hazards }) });
  try {
    for (const notice of await planner2.surroundings(guard, first)) guard.emit({ type: "notice", notice });
  } catch (error) {
    problems.push(...problemsOf(error));
  }
  if (problems.length > 0) throw new GuardError(problems);
  return pending2.length === 0 && first.database !== void 0 ? "up-to-date" : "planned";
}
var NOTHING_MORE = {
  target: void 0,
  files: [],
  hazards: [],
  downs: /* @__PURE__ */ new Set(),
  deployed: void 0,
  probes: [],
  problems: []
};
var NO_AWS = ["credentials-missing", "credentials-expired", "aws-unreachable"];
var NO_DATABASE = [
  "url-missing",
  // `database-secret-arn` in a job that has no AWS.
  ...NO_AWS,
  "database-unreachable",
  "database-authentication",
  "database-missing",
  "database-tls",
  "database-lost",
  "limits-not-in-force"
];
async function planningLook(guard) {
  const looks = await Promise.allSettled([
    observeProject(guard),
    orNotice(guard, "planned-without-database", NO_DATABASE, () => observeDatabase(guard))
  ]);
  const [seen2, connected] = looks;
  if (seen2.status === "rejected" || connected.status === "rejected") throw new GuardError(rejected(looks));
  const [project, connection2] = [seen2.value, connected.value];
  if (connection2 === void 0) return withoutDatabase(guard, project);
  const { database, history: history2, activity, urls } = connection2;
  const environment = guardedEnvironment(urls, sessionLimits(guard, database.serverVersion));
  return { project, comparison: compareHistory(project, history2), database, activity, urls, environment };
}
async function withoutDatabase(guard, project) {
  const added = await (await guard.ports.workspace()).added(project.migrationsPath);
  const changed2 = added === void 0 ? await (await guard.ports.review()).changed() : void 0;
  const isNew = ({ name, path: path3 }) => added?.has(name) ?? changed2?.has(path3) ?? true;
  if (added === void 0 && changed2 === void 0) guard.warn("pending-unknown");
  const pending2 = project.migrations.filter(isNew);
  return {
    project,
    comparison: { pending: pending2, open: [], edited: [], gone: [], outOfOrder: [] },
    database: void 0,
    activity: { ours: [], blockers: [], advisoryLockHolders: [] },
    urls: void 0,
    environment: {}
  };
}
async function planningSecondLook(guard, first, planner2) {
  const [target, study, downs, deployed] = await Promise.allSettled([
    guard.request.instance === "" ? Promise.resolve(void 0) : orNotice(guard, "planned-without-aws", NO_AWS, () => observeTarget(guard)),
    studyPending(guard, first, planner2.hazards),
    downScripts(guard, first),
    ranInEnvironment(guard)
  ]);
  return {
    ...seenOf({ target, study, downs, deployed }),
    probes: [],
    problems: rejected([target, study, downs, deployed])
  };
}
var rejected = (results2) => results2.flatMap((each) => each.status === "rejected" ? problemsOf(each.reason) : []);
async function orNotice(guard, code2, absent, ask) {
  try {
    return await ask();
  } catch (error) {
    if (!isProblem(error, ...absent)) throw error;
    guard.warn(code2, {
      detail: problemsOf(error).map((each) => each.detail).join("; ")
    });
    return void 0;
  }
}

// src/domain/checkup.ts
var CHECK_NAMES = [
  "inputs",
  "project",
  "prisma-cli",
  "schema-engine",
  "url-variables",
  "connection",
  "tls",
  "url-guarded",
  "timeouts",
  "pooler",
  "database-rights",
  "table-ownership",
  "history",
  "aws-credentials",
  "describe-instances",
  "describe-snapshots",
  "aws-changes",
  "instance",
  "retention",
  "restore-window",
  "snapshot-quota",
  "endpoint",
  "slack",
  "github",
  "runner-temp"
];
var told = (facts) => Object.fromEntries(
  Object.entries(facts).flatMap(([name, value]) => value === void 0 ? [] : [[name, String(value)]])
);
var passed = (name, facts = {}) => ({
  name,
  state: "ok",
  facts: told(facts)
});
var failing = (name, problems, facts = {}) => ({
  name,
  state: "failed",
  problems,
  facts: told(facts)
});
var skipped = (name, why2, facts = {}) => ({
  name,
  state: "skipped",
  why: why2,
  facts: told(facts)
});
var judged = (name, problems, facts = {}) => problems.length === 0 ? passed(name, facts) : failing(name, problems, facts);
var allWell = (checks) => checks.every(({ state }) => state !== "failed");

// src/guard/doctor/look.ts
async function look4(work) {
  try {
    return { value: await work() };
  } catch (error) {
    return { problems: problemsOf(error) };
  }
}

// src/guard/doctor/cloud.ts
async function lookAtCloud(guard) {
  const instance = await look4(async () => ({
    found: await (await guard.ports.recovery()).instance(guard.request.instance)
  }));
  const inventory = await look4(async () => (await guard.ports.recovery()).snapshots());
  return { instance: instance.value === void 0 ? instance : { value: instance.value.found }, inventory };
}
function cloudChecks(guard, rules, { instance, inventory }, { project, urls }) {
  const { request } = guard;
  const problems = [...instance.problems ?? [], ...inventory.problems ?? []];
  const credentials = problems.filter(isCredentials);
  const found2 = instance.value;
  const kind = found2?.kind ?? request.targetKind;
  return [
    credentialsCheck(guard, problems, credentials),
    callCheck("describe-instances", instance, credentials, { instance: request.instance, kind }),
    callCheck("describe-snapshots", inventory, credentials, {
      count: inventory.value?.snapshots.length,
      kind
    }),
    skipped("aws-changes", "cannot-be-tried", {
      instance: found2?.identifier ?? request.instance,
      kind,
      actions: changingActions(request, kind).join(" "),
      arn: found2?.arn
    }),
    ...instanceChecks(guard, rules, { instance, inventory }, project),
    endpointCheck(found2, urls)
  ];
}
var CREDENTIALS = /* @__PURE__ */ new Set(["credentials-missing", "credentials-expired"]);
var isCredentials = ({ code: code2 }) => CREDENTIALS.has(code2);
var ANSWERS = /* @__PURE__ */ new Set(["aws-denied", "aws-rejected", "aws-throttled"]);
function credentialsCheck(guard, problems, credentials) {
  const { region } = guard.request;
  const [first] = credentials;
  if (first !== void 0) return failing("aws-credentials", [first], { region });
  const unsaid = problems.find(({ code: code2 }) => code2 === "input-missing" || code2 === "unexpected");
  if (unsaid !== void 0) return failing("aws-credentials", [unsaid], { region });
  const known3 = problems.length < 2 || problems.some(({ code: code2 }) => ANSWERS.has(code2));
  return known3 ? passed("aws-credentials", { region }) : skipped("aws-credentials", "aws-silent", { region });
}
function callCheck(name, { problems = [] }, credentials, facts) {
  if (problems.length > 0 && credentials.length > 0) return skipped(name, "needs-credentials");
  return judged(name, problems, facts);
}
var ACTIONS = {
  instance: {
    snapshot: "rds:CreateDBSnapshot",
    prune: "rds:DeleteDBSnapshot",
    restore: ["rds:RestoreDBInstanceToPointInTime"],
    // Settings that a restore drops are given back to the restored copy.
    mend: ["rds:ModifyDBInstance", "rds:AddRoleToDBInstance", "rds:RebootDBInstance"]
  },
  cluster: {
    snapshot: "rds:CreateDBClusterSnapshot",
    prune: "rds:DeleteDBClusterSnapshot",
    restore: ["rds:RestoreDBClusterToPointInTime", "rds:CreateDBInstance"],
    mend: ["rds:ModifyDBCluster", "rds:AddRoleToDBCluster", "rds:ModifyDBInstance", "rds:RebootDBInstance"]
  }
};
function changingActions({ snapshot, snapshotKeep, onFailure: onFailure2 }, kind) {
  const actions = ACTIONS[kind];
  return [
    ...snapshot === "skip" ? [] : [actions.snapshot],
    ...snapshot !== "skip" || onFailure2 !== "alert" ? ["rds:AddTagsToResource"] : [],
    ...snapshotKeep > 0 && snapshot !== "skip" ? [actions.prune] : [],
    ...onFailure2 === "alert" ? [] : [...actions.restore, ...actions.mend]
  ];
}
var OWN_CHECK = {
  "backups-disabled": "retention",
  "restore-window-stale": "restore-window",
  "snapshot-quota": "snapshot-quota"
};
var checkOf2 = ({ code: code2 }) => OWN_CHECK[code2] ?? "instance";
function instanceChecks(guard, rules, { instance, inventory }, project) {
  const { request, ports } = guard;
  const names = ["instance", "retention", "restore-window", "snapshot-quota"];
  const found2 = instance.value;
  if (instance.problems !== void 0) return names.map((name) => skipped(name, "needs-instance"));
  if (found2 === void 0) {
    const absent = problem("instance-not-found", `no DB instance ${request.instance}`, {
      instance: request.instance,
      region: request.region
    });
    return names.map(
      (name) => name === "instance" ? failing(name, [absent]) : skipped(name, "needs-instance")
    );
  }
  const now = ports.clock.now();
  const target = {
    instance: found2,
    manualSnapshots: inventory.value?.snapshots ?? [],
    snapshotLimit: inventory.value?.limit
  };
  const refused = rules.targetRefusals(target, { request, project, now });
  const facts = factsOf(found2, inventory.value, now);
  return names.map((name) => {
    const problems = refused.filter((each) => checkOf2(each) === name);
    if (name === "snapshot-quota" && inventory.value === void 0) return skipped(name, "needs-snapshots");
    if (name === "restore-window" && found2.backupRetentionDays === 0) return skipped(name, "needs-instance");
    return judged(name, problems, facts[name]);
  });
}
var factsOf = (instance, inventory, now) => ({
  instance: {
    instance: instance.identifier,
    status: instance.status,
    engine: `${instance.engine} ${instance.engineVersion}`.trim(),
    class: instance.instanceClass,
    storageGiB: instance.allocatedStorageGiB
  },
  retention: { days: instance.backupRetentionDays, backupWindow: instance.backupWindow },
  "restore-window": {
    ageMs: instance.latestRestorableTime === void 0 ? void 0 : Math.max(0, now - instance.latestRestorableTime)
  },
  "snapshot-quota": { count: inventory?.snapshots.length, limit: inventory?.limit }
});
function endpointCheck(instance, urls) {
  const address = instance?.endpoint?.address;
  if (address === void 0) return skipped("endpoint", "needs-instance");
  const url = urls?.given[urls.primary];
  if (url === void 0) return skipped("endpoint", "needs-urls");
  const host = hostOf(url);
  const facts = { host, endpoint: address };
  if (host.toLowerCase() === address.toLowerCase()) return passed("endpoint", facts);
  return /\.rds\.amazonaws\.com(?:\.cn)?$/i.test(host) ? failing("endpoint", [], facts) : skipped("endpoint", "cannot-be-told", facts);
}

// src/guard/doctor/rights.ts
function rights(rules, database) {
  if (database === void 0) return skipped("database-rights", "needs-connection");
  const { user, schema, historyTable, canCreateInSchema, dialect } = database;
  const place2 = `${dialect === "mysql" ? "database" : "schema"} ${schema ?? ""}`;
  const refused = rules.databaseRefusals(database).filter(({ code: code2 }) => code2 !== "history-missing-baseline");
  if (refused.length > 0) return failing("database-rights", refused);
  if (schema === null || canCreateInSchema)
    return passed("database-rights", { user, place: schema === null ? void 0 : place2 });
  const lacking = problem("database-rights", `${user} may not create tables in ${place2}`, {
    user,
    dialect,
    schema,
    right: "CREATE",
    historyTable: historyTable ?? void 0
  });
  return failing("database-rights", [lacking]);
}
function ownership(database, foreign) {
  if (database === void 0 || foreign === void 0) return skipped("table-ownership", "needs-connection");
  if (database.dialect === "mysql") return skipped("table-ownership", "cannot-be-told");
  if (foreign.value === void 0) return failing("table-ownership", foreign.problems);
  const { count: count2, names, owners } = foreign.value;
  const facts = { user: database.user, schema: database.schema ?? void 0, tables: database.tables, count: count2 };
  if (count2 === 0) return passed("table-ownership", facts);
  return failing("table-ownership", [], {
    ...facts,
    names: names.join(", "),
    owners: owners.slice(0, 5).join(" | ")
  });
}

// src/domain/pooler.ts
function poolerSign({ host, port, parameters }) {
  if (parameters.pgbouncer === "true") return "pgbouncer=true";
  if (/\.proxy-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com(?:\.cn)?$/i.test(host)) return "RDS Proxy";
  if (/(?:^|[.-])(?:pooler|pgbouncer)(?:[.-]|$)/i.test(host)) return "pooler";
  return port === 6432 || port === 6543 ? `port ${port}` : void 0;
}

// src/guard/doctor/timeouts.ts
function timeouts({ guard, rules, probes, refused, urls }) {
  const { given, primary } = urls;
  const answered = probes.flatMap(
    ({ variable, look: { value } }) => value === void 0 ? [] : [{ variable, value }]
  );
  const lost = answered.flatMap(
    ({ variable, value }) => rules.limitRefusals(value, sessionLimits(guard, value.serverVersion), variable)
  );
  const problems = [...refused, ...lost];
  const { statementTimeoutMs, lockTimeoutMs } = guard.request;
  const sign = given[primary] === void 0 ? void 0 : poolerSign(parseConnectionUrl(given[primary].reveal()));
  if (problems.length > 0) {
    return [
      failing("timeouts", problems),
      failing("pooler", [], { sign: sign ?? "options", variable: problems[0]?.fields.variable ?? primary })
    ];
  }
  if (answered.some(({ value }) => value.dialect === "mysql"))
    return [
      passed("timeouts", { watched: "yes", statementTimeoutMs, lockTimeoutMs }),
      passed("pooler", { watched: "yes" })
    ];
  if (answered.length === 0)
    return [skipped("timeouts", "needs-connection"), skipped("pooler", "needs-connection")];
  return [
    passed("timeouts", {
      statementTimeoutMs,
      lockTimeoutMs,
      variables: answered.map((each) => each.variable).join(", ")
    }),
    sign === void 0 ? passed("pooler") : skipped("pooler", "cannot-be-told", { sign, variable: primary })
  ];
}

// src/guard/doctor/database.ts
async function lookAtDatabase(guard) {
  const urls = await look4(() => readUrls(guard));
  if (urls.value === void 0) return { urls, seen: void 0, probes: [] };
  const known3 = urls.value;
  const seen2 = await look4(() => see(guard, known3));
  const limits = sessionLimits(guard, seen2.value?.database.serverVersion ?? 0);
  const probes = Object.entries(guardedEnvironment(known3, limits)).map(
    async ([variable, url]) => ({ variable, look: await look4(() => show(guard, url)) })
  );
  return { urls, seen: seen2, probes: await Promise.all(probes) };
}
async function see(guard, urls) {
  const url = urlIn(urls, guardedEnvironment(urls, sessionLimits(guard, 0)));
  const session = await (await guard.ports.engine()).connect(url);
  try {
    const database = await session.facts();
    const history2 = await session.history();
    const activity = await session.activity(applicationName(guard.options.identity));
    return { database, history: history2, activity, foreign: await look4(() => session.study.foreignTables()) };
  } finally {
    await session.close().catch(() => void 0);
  }
}
async function show(guard, url) {
  const session = await (await guard.ports.engine()).connect(new Secret(url));
  try {
    return await session.facts();
  } finally {
    await session.close().catch(() => void 0);
  }
}
function databaseChecks(guard, rules, { urls, seen: seen2, probes: all }, project) {
  if (urls.value === void 0) {
    const rest = [
      ...["connection", "tls", "timeouts", "pooler", "database-rights", "table-ownership"],
      "history"
    ];
    return [failing("url-variables", urls.problems), ...rest.map((name) => skipped(name, "needs-urls"))];
  }
  const { primary, given } = urls.value;
  const server2 = given[primary] === void 0 ? "" : describe(given[primary]);
  const variables = Object.keys(given).join(", ");
  const isProbed = project === void 0 ? () => true : probedVariables({ project, urls: urls.value });
  const probes = all.filter(({ variable }) => isProbed(variable));
  const refused = probes.flatMap(
    ({ variable, look: { problems = [] } }) => problems.map((each) => named(each, variable))
  );
  const [limits, others] = [refused.filter(isLimit), refused.filter((each) => !isLimit(each))];
  const database = seen2?.value?.database ?? probes.find((each) => each.look.value !== void 0)?.look.value;
  return [
    passed("url-variables", { variables, primary, server: server2 }),
    connection(others, limits, database, server2),
    ...timeouts({ guard, rules, probes, refused: limits, urls: urls.value }),
    tls(database, urls.value),
    rights(rules, database),
    ownership(seen2?.value?.database, seen2?.value?.foreign),
    history(rules, seen2?.value, project)
  ];
}
var named = (each, variable) => ({
  ...each,
  fields: { variable, ...each.fields }
});
var isLimit = ({ code: code2 }) => code2 === "limits-not-in-force";
function connection(others, limits, database, server2) {
  if (others.length > 0) return failing("connection", others);
  if (database === void 0 && limits.length > 0) return skipped("connection", "cannot-be-told");
  return passed("connection", {
    server: server2,
    version: database && (database.product ?? `PostgreSQL ${serverVersion(database.serverVersion)}`),
    user: database?.user
  });
}
var serverVersion = (number3) => `${Math.floor(number3 / 1e4)}.${number3 % 1e4}`;
var LOCAL = /^(?:\/.*|localhost|127\..*|::1)$/;
function tls(database, { given, primary }) {
  if (database === void 0) return skipped("tls", "needs-connection");
  if (database.tls) return passed("tls");
  const host = given[primary] === void 0 ? "" : parseConnectionUrl(given[primary].reveal()).host;
  return LOCAL.test(host) ? passed("tls", { local: host }) : failing("tls", [], { host, dialect: database.dialect });
}
function history(rules, seen2, project) {
  if (seen2 === void 0) return skipped("history", "needs-connection");
  if (project === void 0) return skipped("history", "needs-project");
  const comparison = compareHistory(project, seen2.history);
  const baseline = rules.databaseRefusals(seen2.database).filter(({ code: code2 }) => code2 === "history-missing-baseline");
  return judged("history", [...baseline, ...rules.historyRefusals(project, comparison, seen2.activity)], {
    applied: (seen2.history ?? []).filter(isApplied).length,
    pending: comparison.pending.length,
    edited: comparison.edited.length,
    gone: comparison.gone.length,
    outOfOrder: comparison.outOfOrder.length
  });
}

// src/guard/doctor/project.ts
var OF_THE_CLI = /* @__PURE__ */ new Set(["prisma-not-installed", "prisma-unsupported"]);
var isOfCli = ({ code: code2, fields }) => OF_THE_CLI.has(code2) && fields.provider === void 0;
var lookAtProject = (guard) => look4(async () => (await guard.ports.migrator()).project());
async function projectChecks(guard, found2, urls) {
  if (found2.value === void 0)
    return [...brokenProject(found2.problems), skipped("schema-engine", "needs-project")];
  const project = found2.value;
  const { migrations, unreadable, prismaVersion } = project;
  return [
    passed("project", {
      migrations: migrations.length + unreadable.length,
      path: guard.request.workingDirectory
    }),
    passed("prisma-cli", { version: prismaVersion }),
    await engineCheck(guard, project, urls)
  ];
}
function brokenProject(problems) {
  const [cli, rest] = [problems.filter(isOfCli), problems.filter((each) => !isOfCli(each))];
  return [
    rest.length > 0 ? failing("project", rest) : skipped("project", "needs-cli"),
    cli.length > 0 ? failing("prisma-cli", cli) : skipped("prisma-cli", "needs-project")
  ];
}
var NO_VARIABLE = /Cannot resolve environment variable/;
async function engineCheck(guard, project, urls) {
  const probe = await look4(async () => (await guard.ports.migrator()).engine(project, urls));
  if (probe.value === void 0) return failing("schema-engine", probe.problems);
  if (!probe.value.found && Object.keys(urls).length === 0 && NO_VARIABLE.test(probe.value.message))
    return skipped("schema-engine", "needs-urls");
  return probe.value.found ? passed("schema-engine", { version: probe.value.version }) : failing("schema-engine", [], { message: probe.value.message });
}
async function guardedCheck(guard, rules, found2, { urls, environment }) {
  const project = found2.value;
  if (project === void 0) return skipped("url-guarded", "needs-project");
  if (urls === void 0) return skipped("url-guarded", "needs-urls");
  const known3 = rules.urlRefusals(project, environment);
  if (known3.length > 0) return failing("url-guarded", known3);
  const asked = await look4(() => checkEffectiveUrl(guard, { project, environment, urls }));
  return judged("url-guarded", asked.problems ?? [], {
    variable: project.urlEnv[0],
    dialect: project.dialect
  });
}

// src/guard/doctor/surroundings.ts
var ENOUGH_BYTES = 50 * 1024 * 1024;
var surroundings = async (guard) => [
  slack(guard),
  await github(guard),
  await runnerTemp(guard)
];
function slack({ request }) {
  const { slackWebhookUrl, slackOn } = request;
  if (slackWebhookUrl === void 0 || slackOn === "never") return skipped("slack", "not-configured");
  const url = URL.parse(slackWebhookUrl.reveal());
  const host = url?.hostname ?? "";
  if (!/^hooks\.slack(?:-gov)?\.com$/.test(host)) return skipped("slack", "cannot-be-told", { host });
  const whole = /^\/(?:services\/T\w+\/B\w+\/\w+|(?:workflows|triggers)\/.+)$/.test(url?.pathname ?? "");
  return whole ? passed("slack", { host }) : failing("slack", [], { host });
}
async function github({ options, ports, request }) {
  if (request.githubToken === void 0) return skipped("github", "not-configured");
  const environment = request.requireEnvironment ?? "production";
  const asked = await look4(async () => (await ports.review()).deployed(environment, options.identity.sha));
  return asked.problems === void 0 ? passed("github") : failing("github", asked.problems);
}
async function runnerTemp({ options, ports }) {
  const folder = options.environment.RUNNER_TEMP;
  if (folder === void 0 || folder === "") return skipped("runner-temp", "not-configured");
  const asked = await look4(async () => (await ports.workspace()).room(folder));
  if (asked.problems !== void 0) return failing("runner-temp", asked.problems);
  const bytes2 = asked.value;
  if (bytes2 === void 0) return failing("runner-temp", [], { path: folder });
  return bytes2 < ENOUGH_BYTES ? failing("runner-temp", [], { path: folder, bytes: bytes2 }) : passed("runner-temp", { path: folder, bytes: bytes2 });
}

// src/guard/doctor.ts
async function doctor(guard, rules) {
  const [project, database, cloud, around] = await Promise.all([
    lookAtProject(guard),
    lookAtDatabase(guard),
    lookAtCloud(guard),
    settled(() => surroundings(guard))
  ]);
  const urls = database.urls.value;
  const limits = sessionLimits(guard, database.seen?.value?.database.serverVersion ?? 0);
  const environment = urls === void 0 ? {} : guardedEnvironment(urls, limits);
  const groups2 = await Promise.all([
    settled(async () => [
      passed("inputs", { instance: guard.request.instance, region: guard.request.region })
    ]),
    settled(() => projectChecks(guard, project, environment)),
    settled(async () => databaseChecks(guard, rules, database, project.value)),
    settled(async () => [await guardedCheck(guard, rules, project, { urls, environment })]),
    settled(async () => cloudChecks(guard, rules, cloud, { project: project.value, urls }))
  ]);
  return inOrder([...groups2, around]);
}
async function settled(work) {
  try {
    return { checks: await work(), problems: [] };
  } catch (error) {
    return { checks: [], problems: problemsOf(error) };
  }
}
function inOrder(groups2) {
  const found2 = new Map(
    groups2.flatMap(({ checks }) => checks.map((each) => [each.name, each]))
  );
  const [unforeseen = problem("unexpected", "the check was not made")] = groups2.flatMap(
    ({ problems }) => problems
  );
  return CHECK_NAMES.map((name) => found2.get(name) ?? failing(name, [unforeseen]));
}

// src/plan/refusals.ts
var refusals_exports = {};
__export(refusals_exports, {
  databaseRefusals: () => databaseRefusals,
  historyRefusals: () => historyRefusals,
  limitRefusals: () => limitRefusals,
  targetRefusals: () => targetRefusals,
  urlRefusals: () => urlRefusals
});

// src/plan/target-refusals.ts
var MINUTE2 = 6e4;
var STALE_AFTER_MS = 10 * MINUTE2;
var SPOKEN = { postgresql: "PostgreSQL", mysql: "MySQL" };
function targetRefusals(target, { request, project, now }) {
  const { instance } = target;
  const about3 = { instance: instance.identifier, status: instance.status, engine: instance.engine };
  if (instance.clusterIdentifier !== void 0) {
    return [
      problem(
        "instance-in-cluster",
        `${instance.identifier} is a member of cluster ${instance.clusterIdentifier}`,
        { ...about3, cluster: instance.clusterIdentifier }
      )
    ];
  }
  const problems = [];
  const engine = engineProblem(instance.engine, project);
  if (engine !== void 0) problems.push(problem("instance-engine", engine, about3));
  if (instance.replicaOf !== void 0)
    problems.push(
      problem("instance-is-replica", `replica of ${instance.replicaOf}`, {
        ...about3,
        source: instance.replicaOf
      })
    );
  if (instance.kind === "cluster" && instance.members?.length === 0)
    problems.push(problem("cluster-empty", "the cluster has no instance", about3));
  else if (!isUsable(instance.status))
    problems.push(problem("instance-state", `status ${instance.status}`, about3));
  problems.push(...windowProblems(instance, now, about3));
  if (request.snapshot !== "skip") problems.push(...quotaProblems(target, about3));
  return problems;
}
function windowProblems({ backupRetentionDays, latestRestorableTime: latest }, now, about3) {
  if (backupRetentionDays === 0) return [problem("backups-disabled", "BackupRetentionPeriod is 0", about3)];
  if (!isStale(latest, now)) return [];
  return [
    problem("restore-window-stale", "LatestRestorableTime is missing or older than ten minutes", {
      ...about3,
      latest: latest === void 0 ? void 0 : new Date(latest).toISOString()
    })
  ];
}
function quotaProblems({ manualSnapshots: { length: count2 }, snapshotLimit: limit2 }, about3) {
  if (limit2 === void 0 || count2 < limit2) return [];
  return [
    problem("snapshot-quota", `${count2} of ${limit2} manual snapshots exist`, { ...about3, count: count2, limit: limit2 })
  ];
}
function engineProblem(engine, project) {
  const spoken = dialectOfEngine(engine);
  if (spoken === void 0) return "only PostgreSQL, MySQL 5.7 and later, and MariaDB can be guarded";
  const wanted = project === void 0 ? spoken : project.dialect ?? "postgresql";
  if (wanted === spoken) return void 0;
  return `it speaks ${SPOKEN[spoken]}, and the provider of the Prisma schema is ${wanted}`;
}
var isStale = (latest, now) => latest === void 0 || now - latest > STALE_AFTER_MS;

// src/plan/refusals.ts
var dialectOfProject = ({ dialect = "postgresql" }) => dialect;
var PRISMA_LOCK = {
  postgresql: "Prisma’s advisory lock 72707369",
  mysql: "Prisma’s user-level lock prisma_migrate"
};
function historyRefusals(project, comparison, activity) {
  const holder2 = activity.advisoryLockHolders[0];
  if (holder2 !== void 0) {
    return [
      problem("migration-running", `another session holds ${PRISMA_LOCK[dialectOfProject(project)]}`, {
        dialect: project.dialect,
        pid: holder2.pid,
        application: holder2.applicationName,
        user: holder2.user ?? void 0,
        state: holder2.state ?? void 0,
        age: holder2.ageMs ?? void 0
      })
    ];
  }
  return [
    ...comparison.open.map(openRow),
    ...project.unreadable.map(
      (name) => problem("migration-unreadable", `migration ${name} has no readable migration.sql`, { migration: name })
    )
  ];
}
function urlRefusals(project, urls) {
  const [wanted] = project.urlEnv;
  const variables = Object.keys(urls);
  if (wanted === void 0 || variables.includes(wanted)) return wrongDialect(project, urls);
  const list3 = variables.join(", ");
  return [
    ...wrongDialect(project, urls),
    problem("url-not-guarded", `Prisma takes its URL from ${wanted}, the guard has only ${list3}`, {
      variables: list3,
      wanted
    })
  ];
}
function wrongDialect(project, urls) {
  const provider = dialectOfProject(project);
  return Object.entries(urls).flatMap(([variable, url]) => {
    const { dialect } = parseConnectionUrl(url);
    if (dialect === provider) return [];
    const detail = `the protocol is ${dialect}:// and the provider of the Prisma schema is ${provider}`;
    return [problem("url-invalid", detail, { variable })];
  });
}
var openRow = (row) => problem("history-failed", `migration ${row.name} stands as failed in the history`, {
  migration: row.name,
  startedAt: new Date(row.startedAt).toISOString(),
  logs: row.logs === null || row.logs === "" ? void 0 : row.logs.slice(0, 2e3)
});
function databaseRefusals(database) {
  const where2 = { database: database.database, user: database.user };
  if (database.isReplica) return [problem("database-replica", "the server is read-only", where2)];
  if (database.refusesPlain === true) {
    const why2 = "the server takes only encrypted sessions of this user, and without sslaccept in the URL Prisma opens a plain one";
    return [problem("database-tls", why2, { ...where2, dialect: database.dialect })];
  }
  if (database.historyTable !== null) return [];
  if (database.tables > 0) {
    return [
      problem(
        "history-missing-baseline",
        `${placeOf(database)} holds ${database.tables} tables but no _prisma_migrations`,
        {
          ...where2,
          schema: database.schema ?? void 0,
          tables: database.tables
        }
      )
    ];
  }
  if (database.schema !== null && !database.canCreateInSchema) {
    return [
      problem("database-rights", `${database.user} may not create tables in ${placeOf(database)}`, {
        ...where2,
        dialect: database.dialect,
        // A GRANT ON SCHEMA is offered for it, which MySQL does not know.
        schema: database.dialect === "mysql" ? void 0 : database.schema,
        right: "CREATE"
      })
    ];
  }
  return [];
}
var placeOf = ({ dialect, database, schema }) => dialect === "mysql" ? `database ${database}` : `schema ${schema ?? "?"}`;
function limitRefusals(database, wanted, variable) {
  if (database.dialect === "mysql") return [];
  const { settings } = database;
  const rows = [
    ["statement_timeout", wanted.statementTimeoutMs, settings.statementTimeoutMs],
    ["lock_timeout", wanted.lockTimeoutMs, settings.lockTimeoutMs],
    ["application_name", wanted.applicationName, settings.applicationName]
  ];
  return rows.filter(([, want, got]) => want !== got).map(
    ([setting, want, got]) => problem("limits-not-in-force", `${setting} is ${got} in the session, wanted ${want}`, {
      setting,
      wanted: want,
      got,
      variable
    })
  );
}

// src/report/words.ts
var ANSI2 = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
var CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
function clip(text2, max) {
  if (text2.length <= max) return text2;
  const end = max - 1;
  const splits = /[\ud800-\udbff]/.test(text2.charAt(end - 1));
  return `${text2.slice(0, splits ? end - 1 : end)}…`;
}
var wellFormed = (text2) => text2.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "�");
var plain = (text2) => text2.replace(ANSI2, "").replace(/\r\n?/g, "\n").replace(CONTROL, "");
var oneLine = (text2, max = 200) => {
  const head = text2.length > max * 4 + 1e3 ? text2.slice(0, max * 4 + 1e3) : text2;
  return clip(plain(head).replace(/\s+/g, " ").trim(), max);
};
var count = (n, one2, many = `${one2}s`) => `${n} ${n === 1 ? one2 : many}`;
function list(names, max = 5) {
  const shown2 = names.slice(0, max).map((name) => oneLine(name, 120));
  const rest = names.length - shown2.length;
  if (rest > 0) return `${shown2.join(", ")} and ${rest} more`;
  const last2 = shown2.at(-1) ?? "";
  return shown2.length < 2 ? last2 : `${shown2.slice(0, -1).join(", ")} and ${last2}`;
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
var shell = (text2) => /^[\w@%+=:,./-]+$/.test(text2) ? text2 : `'${text2.replaceAll("'", `'\\''`)}'`;
var encoder = new TextEncoder();
var bytes = (text2) => encoder.encode(text2).length;

// src/report/markdown.ts
var SPECIAL = /[&<>`*~|[\]\\#$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;
var entity = (char) => `&#${char.charCodeAt(0)};`;
var md = (text2, max = 1e3) => oneLine(text2, max).replace(SPECIAL, entity).replace(/^([-+=:]|\d+[.)])/, "​$1").replaceAll("@", "@​").replace(/:\/\//g, ":​//").replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}​.`);
var prose = (text2, max = 4e3) => md(text2, max).replace(
  /\(https:\u200b\/\/(pris\.ly\/[a-z/-]+)\)/g,
  (_, address) => `([${address}](https://${address}))`
);
var code = (text2, max = 200) => `<code>${md(text2, max) || " "}</code>`;
function fence(text2, language, max = 2e3) {
  const body = clip(plain(text2), max).replace(/\n+$/, "");
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map((run) => run[0].length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${language}
${body}
${marks}`;
}
var indented = (block) => block.replace(/^/gm, "  ");
function table(head, rows) {
  const line2 = (cells) => `| ${cells.join(" | ")} |`;
  return [line2(head), line2(head.map(() => "---")), ...rows.map(line2)].join("\n");
}

// src/report/cluster-commands.ts
var isCluster = (run) => (run.instance?.kind ?? run.request?.targetKind) === "cluster";

// src/report/advice.ts
var kindOf2 = (of2) => of2.fields.kind === "cluster" ? "DB cluster" : "DB instance";
var cliKind = (of2) => of2.fields.kind === "cluster" ? "db-cluster" : "db-instance";
var isMysql = (of2) => of2.fields.dialect === "mysql";
function field(of2, name, fallback) {
  const names = typeof name === "string" ? [name] : name;
  const value = names.map((each) => oneLine(of2.fields[each] ?? "", 300)).find((each) => each !== "");
  return value ?? fallback;
}
function timeField(of2, name, fallback) {
  const value = field(of2, name, fallback);
  return /^\d{1,15}$/.test(value) ? limit(Number(value)) : value;
}
function when(of2, name, text2) {
  const value = field(of2, name, "");
  return value === "" ? "" : text2(value);
}
var because = (problem2) => {
  const said = field(problem2, "message", oneLine(problem2.detail, 400)).replace(/[.:\s]+$/, "");
  return said === "" ? "" : `: ${said}`;
};

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
  const named3 = field(p, "resource", "");
  const db = field(p, "instance", "DB_INSTANCE_IDENTIFIER");
  const [own, other] = /:cluster(?:-snapshot)?:/.test(named3) ? [CLUSTER_RESOURCES, RESOURCES] : [RESOURCES, CLUSTER_RESOURCES];
  const known3 = own[action] ?? other[action];
  if (known3 === void 0) return [named3.startsWith("arn:") ? named3 : "*"];
  const [, partition = "aws", service, region = "*", account = "*"] = named3.split(":");
  const head = service === "rds" ? `arn:${partition}:rds:${region || "*"}:${account || "*"}` : "arn:aws:rds:*:*";
  const forDeploy = named3.includes(`:${db}-gm-`);
  const beside = ON_THE_COPY.has(action) && forDeploy && field(p, "cutsOver", "") === "";
  return known3(db).filter((each) => !(beside && isProduction(each, db))).filter((each) => !(action.startsWith("rds:Restore") && forDeploy && each.endsWith("-replaced-*"))).map((each) => `${head}:${each}`);
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
    next: `Correct what AWS complains about in the ${kindOf2(p)}${when(p, "instance", (name) => ` ${name}`)} or in the inputs, then run the job again.`
  }),
  "instance-not-found": (p) => ({
    what: `The DB ${field(p, "kind", "instance")} "${field(p, "instance", `given in ${cliKind(p)}-identifier`)}" does not exist${when(p, "region", (region) => ` in ${region}`) || " in this region and account"}.`,
    next: `Correct ${cliKind(p)}-identifier or aws-region, or assume a role of the right account. This lists what is there:`,
    run: `${LISTS[cliKind(p)]} --output text${when(p, "region", (region) => ` --region ${shell(region)}`)}`
  }),
  "instance-state": (p) => ({
    what: `The ${kindOf2(p)} ${field(p, "instance", "given")} is ${field(p, "status", "not available")}, so no snapshot can be taken now.`,
    next: `Wait until the ${kindOf2(p)} is available (or start it), then run the job again.`,
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
    what: `Automated backups of ${field(p, "instance", `the ${kindOf2(p)}`)} are off (BackupRetentionPeriod is 0), so nothing could be restored.`,
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
    what: when(p, "restored", (name) => `There is no restored ${kindOf2(p)} ${name}.`) || when(p, "run", (run) => `No restored database of run ${run} was found that could take over.`) || `No promotion of ${field(p, "instance", "this database")} was found that could go on or be undone.`,
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
    what: `The ${kindOf2(p)} ${field(p, ["instance", "resourceId"], "of this promotion")} does not exist any more; somebody deleted it.`,
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
var inputs = (pairs) => pairs.flatMap(([name, value]) => value === "" ? [] : [`${name}: ${word(value)}`]).join("\n");
var word = (text2) => /^[\w.:+-]+$/.test(text2) ? text2 : shell(text2);
var andNext = (next) => next === "" ? {} : { next };
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
    what: `The ${field(p, "what", "report")} could not be written${when(p, "path", (path3) => ` to ${path3}`)}${because(p)}.`,
    next: "Free disk space on the runner, or use a larger one. Everything of importance is in this log."
  }),
  unexpected: (p) => ({
    what: `Something happened that we did not foresee${because(p)}.`,
    next: "Read the state of your data first. Then report this with the log and the JSON report to the authors of this action."
  })
};

// src/report/commands.ts
var known2 = (run) => run.instance?.identifier ?? (run.request?.instance || void 0);
var spokenName = (run) => run.promotion?.production ?? known2(run) ?? "the database";
var resolveText = (migration2, how = "rolled-back") => {
  const name = clip(migration2, 255);
  return `npx prisma migrate resolve --${how} ${/^[\w .:/@+-]+$/.test(name) ? `"${name}"` : shell(name)}`;
};

// src/report/texts/notices.ts
var migration = (n) => `"${field(n, "migration", field(n, "name", "of this deploy"))}"`;
var line = (n) => when(n, "line", (number3) => ` (line ${number3})`);
var why = (n) => when(n, "message", (text2) => `: ${text2}`) || when(n, "detail", (text2) => `: ${text2}`);
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
  const now = when(p, "now", (time2) => ` (${time2})`);
  const window = when(p, "window", (text2) => ` (${text2})`);
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
    next: `Run the job again ${when(p, "opens", (time2) => `from ${time2} on`) || "inside the window"}, or, in an emergency, change deploy-window in the workflow.`
  }),
  "environment-missing": (p) => ({
    what: `This commit${when(p, "sha", (sha) => ` (${sha.slice(0, 12)})`)} has no successful deployment in the environment ${field(p, "environment", "named in require-environment")}.`,
    next: `Deploy this very commit to ${field(p, "environment", "that environment")} first, in a job with "environment: ${field(p, "environment", "NAME")}", then run this job again. The job needs the permission deployments: read.`
  }),
  "down-missing": (p) => ({
    what: `${when(p, "migration", (name) => `"${name}"`) || "A pending migration"} has no down.sql, and require-down is set.`,
    next: `Write the way back${when(p, "path", (path3) => ` into ${path3}`) || " into down.sql beside migration.sql"}. These commands, for the installed version of Prisma, print a first draft from the schema of the base branch and that of this commit, to be read before it is trusted. It brings back no data:`,
    run: draft(p)
  }),
  "plan-moved": (p) => ({
    what: `The plan that was reviewed no longer fits${when(p, "moved", (what) => `: ${what.replace(/[.\s]+$/, "")}`) || because(p)}.`,
    next: "Run mode: plan again, read what it says now, and deploy with the new plan."
  }),
  "plan-unreadable": (p) => ({
    what: `The file given in plan-path${when(p, "path", (path3) => ` (${path3})`)} is not a plan of this project${because(p)}.`,
    next: "Give the file that the output plan-path of mode: plan names. Between jobs, hand it over as an artifact, and do not change it."
  }),
  "review-failed": (p) => ({
    what: `GitHub did not do what we asked${when(p, "what", (what) => ` (${what})`)}${when(p, "status", (status) => /^\d{3}$/.test(status) ? `: HTTP ${status}` : "")}${because(p)}.`,
    next: "Check the permissions of the job (pull-requests: write for the comment, deployments: read for require-environment) and https://www.githubstatus.com, then run the job again."
  })
};

// src/report/texts/prisma.ts
function holder(p, whose) {
  const parts = [
    when(p, "pid", (pid) => `pid ${pid}`),
    when(p, "user", (user) => `user ${user}`),
    when(p, "application", (name) => `application "${name}"`),
    when(p, "state", (state) => `state ${state}`),
    when(p, "age", (age) => /^\d+$/.test(age) ? `for ${took(Number(age))}` : `for ${age}`)
  ].filter((each) => each !== "");
  const who = parts.length > 0 ? parts.join(", ") : field(p, "holder", "");
  return who === "" ? "" : `: ${whose}'s lock is held by ${who}`;
}
var endSession = (p) => isMysql(p) ? `KILL ${field(p, "pid", "")};` : `SELECT pg_terminate_backend(${field(p, "pid", "")});`;
var prismaTexts = {
  "project-not-found": (p) => ({
    what: `No Prisma project was found${when(p, "path", (path3) => ` in ${path3}`)}${because(p)}.`,
    next: "Set the input working-directory to the folder that holds package.json and the prisma folder, and check that the job checks out the repository before this step."
  }),
  "prisma-not-installed": (p) => ({
    what: `The Prisma CLI is not installed${when(p, "path", (path3) => ` in ${path3}`)}. We run the version of your project and never download another one.`,
    next: "Install the dependencies before this step. The package prisma must be among them.",
    run: "npm ci"
  }),
  "prisma-unsupported": (p) => ({
    what: `This Prisma set-up cannot be guarded${when(p, "version", (version) => ` (version ${version})`)}${because(p)}.`,
    next: "Use Prisma 5, 6 or 7 with its own migration engine and a direct PostgreSQL or MySQL URL (not prisma:// and not MongoDB)."
  }),
  "prisma-config-broken": (p) => ({
    what: `The Prisma config or schema cannot be read${when(p, "path", (path3) => ` (${path3})`)}${because(p)}.`,
    next: 'Check it on your machine with the command below, and set every variable that it reads under "env:" of this step.',
    run: "npx prisma validate"
  }),
  "migrations-empty": (p) => ({
    what: `There is no migration${when(p, "path", (path3) => ` in ${path3}`)}. A wrong folder looks to Prisma like nothing to do, so we stop here.`,
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
    what: `The ${kindOf2(p)} ${field(p, "instance", "given")} cannot be restored to a recent moment: its LatestRestorableTime is ${field(p, ["latest", "got"], "missing")}${when(p, "limit", () => ` (older than ${timeField(p, "limit", "")})`)}.`,
    next: `Look at the events of the ${kindOf2(p)} in the RDS console. Normally this time is about five minutes old. Run the job again when it is.`
  }),
  "snapshot-quota": (p) => ({
    what: `No manual snapshot can be added: ${when(p, "count", (n) => `there are ${n}`) || "the quota is used up"}${when(p, "limit", (limit2) => ` and the limit is ${limit2}`)}.`,
    next: "Delete old manual snapshots or ask AWS for a higher quota. The input snapshot-keep lets us delete our own old ones. This lists the oldest:",
    run: OLDEST[cliKind(p)]
  }),
  "snapshot-failed": (p) => ({
    what: `The snapshot${when(p, ["snapshot", "name"], (name) => ` ${name}`)} did not become available${when(p, "status", (status) => `: its state is ${status}`) || because(p)}.`,
    next: `Look at the events of the ${kindOf2(p)} in the RDS console, then run the job again. A new run takes a new snapshot.`
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
        what: `AWS was not ready to restore to ${time2} within ${limit2}, so no restore was requested: LatestRestorableTime of ${field(p, "instance", `the ${kindOf2(p)}`)} had not passed it.`,
        next: `Look at the events of the ${kindOf2(p)} in the RDS console; backups of its log may be held up.`
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
    what: `The restored database${when(p, ["instance", "name"], (name) => ` ${name}`)} is NOT in the state of the restore point${when(p, "differences", (found2) => `; it differs in: ${found2}`) || when(p, "count", (n) => ` (differences: ${n})`)}.`,
    next: "Do not switch to it. Compare it with production by hand, and restore once more, to a second before the migration or from the snapshot."
  }),
  "restore-unverified": (p) => ({
    what: `The restored database${when(p, ["instance", "name"], (name) => ` ${name}`)} could not be reached by SQL, so nobody has checked it${because(p)}.`,
    next: "Check that its security group lets you in and that the password is that of production, then compare it by hand before you use it."
  }),
  "instance-name-taken": (p) => ({
    what: `A ${kindOf2(p)} named ${field(p, "name", field(p, "instance", "like the restored one"))} exists already and ${field(p, "differs", "") === "" ? "is not from this run" : "was found to differ from its restore point; it is not taken again"}.`,
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
var problemWords = (problem2) => (PROBLEM_TEXTS[problem2.code] ?? PROBLEM_TEXTS.unexpected)(problem2);
function wordsIn(run, problem2) {
  const instance = run.promotion?.production ?? run.instance?.identifier ?? run.request?.instance;
  const user = run.database?.user;
  const dialect = run.database?.dialect;
  const known3 = {
    ...cutsOver(run) ? { cutsOver: "yes" } : {},
    ...dialect === void 0 ? {} : { dialect },
    ...isCluster(run) ? { kind: "cluster" } : {},
    ...problem2.code === "database-rights" && user !== void 0 ? { user } : {}
  };
  const named3 = problem2.code === "aws-denied" && instance !== void 0 ? { instance } : {};
  return problemWords({ ...problem2, fields: { ...known3, ...problem2.fields, ...named3 } });
}
var cutsOver = ({ request }) => request !== void 0 && (request.mode === "promote" || request.promote !== "never");
var noticeWords = (notice) => NOTICE_TEXTS[notice.code]?.(notice) ?? { what: `Notice: ${notice.code}.` };

// src/report/texts/doctor-words.ts
var of = (f, name, fallback = "unknown") => f[name] || fallback;
var number2 = (f, name) => Number(f[name] ?? 0);
var time = (f, name) => limit(number2(f, name));

// src/report/texts/doctor-aws.ts
var cloudTexts = {
  "aws-credentials": {
    title: "AWS credentials",
    good: (f) => `AWS knows them, in ${of(f, "region", "the region of the environment")}.`,
    unchecked: { "aws-silent": () => "AWS did not answer, so nobody knows whether they are good." }
  },
  "describe-instances": {
    title: "rds:DescribeDBInstances",
    good: (f) => `Allowed${f.kind === "cluster" ? ", with rds:DescribeDBClusters" : ""} (asked for ${of(f, "instance")}).`
  },
  "describe-snapshots": {
    title: "rds:DescribeDBSnapshots",
    good: (f) => `Allowed${f.kind === "cluster" ? ", as rds:DescribeDBClusterSnapshots" : ""} (${count(number2(f, "count"), "manual snapshot")} seen).`
  },
  "aws-changes": {
    title: "AWS rights that change something",
    good: () => "Not tried.",
    unchecked: {
      "cannot-be-tried": () => "AWS has no dry run for RDS, so these cannot be tried without doing them. A deploy and a rollback also mend the settings of the restored copy, never those of production. Compare the policy of the role with this one:"
    }
  },
  instance: {
    title: "DB instance",
    good: (f) => `${of(f, "instance")} is ${of(f, "status")}: ${of(f, "engine")}, ${of(f, "class")}, ${of(f, "storageGiB")} GiB.`
  },
  retention: {
    title: "Automated backups",
    good: (f) => `Kept for ${count(number2(f, "days"), "day")}${f.backupWindow ? `, made at ${f.backupWindow} UTC` : ""}.`
  },
  "restore-window": {
    title: "Restore window",
    good: (f) => `The database can be restored up to ${took(number2(f, "ageMs"))} ago.`,
    unchecked: {
      "needs-instance": () => "There is none without automated backups on an instance that can be described."
    }
  },
  "snapshot-quota": {
    title: "Room for a snapshot",
    good: (f) => f.limit ? `${of(f, "count", "0")} of ${f.limit} manual snapshots exist.` : `${count(number2(f, "count"), "manual snapshot")} of usually 100 (the limit was not asked for).`
  },
  endpoint: {
    title: "URL and DB instance agree",
    good: (f) => `Both are ${of(f, "endpoint")}.`,
    bad: (f) => ({
      what: `The URL points to ${of(f, "host")}, but the endpoint of the DB instance is ${of(f, "endpoint")}. The snapshot would be of another database.`,
      next: "Correct the URL or db-instance-identifier so that both are the same database."
    }),
    unchecked: {
      "cannot-be-told": (f) => `The URL says ${of(f, "host")}, the DB instance is ${of(f, "endpoint")}. An alias or a tunnel is fine; make sure that it leads there.`
    }
  }
};

// src/report/texts/doctor.ts
var PRISMA = {
  inputs: {
    title: "Inputs",
    good: (f) => `Read and consistent, for ${of(f, "instance")}.`
  },
  project: {
    title: "Prisma project",
    good: (f) => `${count(number2(f, "migrations"), "migration")} found${f.path === "." || !f.path ? "" : ` in ${f.path}`}.`
  },
  "prisma-cli": { title: "Prisma CLI", good: (f) => `Version ${of(f, "version")}, from the project.` },
  "schema-engine": {
    title: "Schema engine",
    good: (f) => `It starts: ${of(f, "version")}.`,
    bad: (f) => ({
      what: `Prisma cannot start its schema engine: ${of(f, "message", "no reason was given")}.`,
      next: "Let the runner reach https://binaries.prisma.sh, or set PRISMA_ENGINES_MIRROR, or set PRISMA_SCHEMA_ENGINE_BINARY to an engine that is there. Cache node_modules and ~/.cache/prisma, so that a deploy does not depend on the download. This shows what Prisma finds:",
      run: "npx prisma -v"
    })
  }
};
var identifier = (name) => `"${name.replaceAll('"', '""')}"`;
var grants = (f) => (f.owners ?? "").split(" | ").filter((owner) => owner !== "").map((owner) => `GRANT ${identifier(owner)} TO ${identifier(of(f, "user", "ROLE"))};`).join("\n");
var DATABASE = {
  "url-variables": {
    title: "Database URL",
    good: (f) => `${of(f, "variables")}; the guard connects with ${of(f, "primary")} (${of(f, "server")}).`
  },
  connection: {
    title: "Connection",
    good: (f) => `${of(f, "version")} answers ${of(f, "user", "the role")}.`,
    unchecked: {
      "cannot-be-told": () => 'The server answers, but refuses our startup options; see "Pooler".'
    }
  },
  tls: {
    title: "TLS",
    good: (f) => f.local ? `Not needed: the database is on this machine (${f.local}).` : "The connection is encrypted.",
    bad: (f) => ({
      what: `The connection to ${of(f, "host", "the server")} is not encrypted.`,
      next: f.dialect === "mysql" ? "Add sslaccept=strict to the URL, with sslcert naming the certificate bundle of AWS, and set require_secure_transport to 1 in the parameter group." : "Add sslmode=require to the URL (remove sslmode=disable), and set rds.force_ssl to 1 in the parameter group."
    })
  },
  "url-guarded": {
    title: "URL that Prisma uses",
    good: (f) => `Prisma takes it from ${of(f, "variable", "a variable")}${f.dialect === "mysql" ? "" : ", with our limits in it"}.`
  },
  timeouts: {
    title: "Timeouts in force",
    good: (f) => f.watched ? `MySQL takes no limits for changes of the schema: during a deploy we watch every second and cancel a statement after ${time(f, "statementTimeoutMs")}, or after ${time(f, "lockTimeoutMs")} of waiting for a lock.` : `SHOW answers statement_timeout ${time(f, "statementTimeoutMs")} and lock_timeout ${time(f, "lockTimeoutMs")} (${of(f, "variables")}).`
  },
  pooler: {
    title: "No pooler between",
    good: (f) => f.watched ? "Nothing has to pass through one: MySQL gets no startup options." : "Our startup options reach the server.",
    bad: (f) => ({
      what: `Something between us and the server does not let our startup options through (${of(f, "variable")}${f.sign === "options" ? "" : `, ${of(f, "sign")}`}). It is most likely a connection pooler.`,
      next: "Set DIRECT_URL to the endpoint of the DB instance itself. Prisma cannot migrate through a pooler in transaction mode either."
    }),
    unchecked: {
      "cannot-be-told": (f) => `The limits are in force, but ${of(f, "variable")} looks like a pooler (${of(f, "sign")}). Migrations need a session of their own: use the endpoint of the DB instance.`
    }
  },
  "database-rights": {
    title: "Database rights",
    good: (f) => `${of(f, "user", "The role")} may create tables${f.place ? ` in ${f.place}` : ""}.`
  },
  "table-ownership": {
    title: "Table ownership",
    good: (f) => number2(f, "tables") === 0 ? `There is no table yet; what ${of(f, "user", "the role")} creates is its own.` : `${of(f, "user", "The role")} may alter every table${f.schema ? ` of schema ${f.schema}` : ""}.`,
    bad: (f) => ({
      what: `${count(number2(f, "count"), "table")}${f.schema ? ` of schema ${f.schema}` : ""} ${number2(f, "count") === 1 ? "belongs" : "belong"} to a role whose rights ${of(f, "user", "the connecting role")} does not have: ${of(f, "names", "their names are not known")}. ALTER TABLE and CREATE INDEX on ${number2(f, "count") === 1 ? "it" : "them"} would fail (42501).`,
      next: "Migrate with the role that owns the tables, or give this role the rights of the owner; the owner, or an administrator, runs:",
      run: grants(f)
    }),
    unchecked: {
      "cannot-be-told": () => "MySQL knows no owners. The user needs ALTER, CREATE, DROP, INDEX and REFERENCES on the database; ALL on it is usual."
    }
  },
  history: {
    title: "Migration history",
    good: (f) => {
      const odd = [
        number2(f, "edited") > 0 ? `${f.edited} edited since` : "",
        number2(f, "gone") > 0 ? `${f.gone} without a folder` : "",
        number2(f, "outOfOrder") > 0 ? `${f.outOfOrder} out of order` : ""
      ].filter((each) => each !== "");
      const counted2 = `${count(number2(f, "applied"), "migration")} applied, ${of(f, "pending", "0")} pending, none failed`;
      return odd.length === 0 ? `${counted2}.` : `${counted2}; ${list(odd)} (a deploy warns about it).`;
    }
  }
};
var SURROUNDINGS2 = {
  slack: {
    title: "Slack",
    good: () => "The webhook has the form of one. No message was sent.",
    bad: () => ({
      what: "The webhook URL is one of Slack, but not whole.",
      next: "Copy it again from the settings of the Slack app: https://hooks.slack.com/services/T…/B…/…"
    }),
    unchecked: {
      "not-configured": () => "No webhook, so nobody is alerted when a deploy fails. Set slack-webhook-url to change that.",
      "cannot-be-told": (f) => `The webhook is not at hooks.slack.com but at ${of(f, "host")}; it was not called.`
    }
  },
  github: {
    title: "GitHub token",
    good: () => "Deployments can be read. Whether comments may be written shows in the first pull request (pull-requests: write).",
    unchecked: {
      "not-configured": () => "No token, so mode: plan writes no comment. Set github-token to change that."
    }
  },
  "runner-temp": {
    title: "RUNNER_TEMP",
    good: (f) => `${of(f, "path")} can be written to; ${Math.floor(number2(f, "bytes") / 1024 ** 2)} MiB are free.`,
    bad: (f) => ({
      what: `${of(f, "path")} ${f.bytes ? `has only ${Math.floor(number2(f, "bytes") / 1024 ** 2)} MiB left` : "cannot be written to"}. The journal of a run lives there; without it, a job that is killed cannot be finished.`,
      next: "Free disk space on the runner, or correct the owner of that folder."
    }),
    unchecked: {
      "not-configured": () => "Not set, so this is no GitHub runner; the folder for temporary files is used."
    }
  }
};
var checkTexts = {
  ...PRISMA,
  ...DATABASE,
  ...cloudTexts,
  ...SURROUNDINGS2
};
var skipTexts = {
  "needs-project": "Not checked: the Prisma project could not be read.",
  "needs-cli": "Not checked: there is no Prisma CLI.",
  "needs-urls": "Not checked: there is no usable database URL.",
  "needs-connection": "Not checked: there is no connection to the database.",
  "needs-credentials": "Not checked: the AWS credentials are missing or expired.",
  "needs-instance": "Not checked: the DB instance could not be described.",
  "needs-snapshots": "Not checked: the snapshots could not be listed.",
  "aws-silent": "Not checked: AWS did not answer.",
  "not-configured": "Not configured.",
  "cannot-be-tried": "Cannot be tried without doing it.",
  "cannot-be-told": "Cannot be told from here."
};

// src/report/doctor.ts
var clean2 = (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, oneLine(value, 300)]));
function checkRows(checks) {
  return checks.flatMap((check) => {
    const text2 = checkTexts[check.name];
    const facts = clean2(check.facts);
    const { title } = text2;
    if (check.state === "ok") return [{ mark: "✓", title, what: text2.good(facts) }];
    if (check.state === "failed") {
      const words = check.problems.length > 0 ? check.problems.map((each) => inInstance(each, facts)) : [text2.bad?.(facts) ?? UNKNOWN];
      return words.map(({ what: what2, next, run }) => ({
        mark: "✗",
        title,
        what: what2,
        next,
        ...run === void 0 ? {} : { run }
      }));
    }
    const what = text2.unchecked?.[check.why]?.(facts) ?? skipTexts[check.why];
    return [{ mark: "–", title, what, ...check.name === "aws-changes" ? { run: policy(facts) } : {} }];
  });
}
var UNKNOWN = { what: "The check failed without a reason.", next: "Run the job again." };
var inInstance = (each, facts) => problemWords(
  each.code === "aws-denied" && facts.instance !== void 0 ? { ...each, fields: { instance: facts.instance, ...each.fields } } : each
);
var LOOKING = {
  instance: ["rds:DescribeDBInstances", "rds:DescribeDBSnapshots", "rds:DescribeAccountAttributes"],
  cluster: [
    ...["rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribeDBClusterSnapshots"],
    // Asked where a member is given, before it is known to be one.
    "rds:DescribeDBSnapshots"
  ]
};
function policy(facts) {
  const changing = (facts.actions ?? "").split(" ").filter((each) => each !== "");
  const kind = facts.kind === "cluster" ? "cluster" : "instance";
  const { instance = "" } = facts;
  const production = facts.arn ?? `arn:aws:rds:*:*:${kind === "cluster" ? "cluster" : "db"}:${instance}`;
  const about3 = problem("aws-denied", "", { instance, resource: `${production}-gm-*` });
  return JSON.stringify(
    {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: LOOKING[kind], Resource: "*" },
        ...changing.map((action) => ({
          Effect: "Allow",
          Action: action,
          Resource: iamResources(about3, action)
        }))
      ]
    },
    null,
    2
  );
}
function doctorHeadline(checks) {
  const number3 = (state) => checks.filter((each) => each.state === state).length;
  const rest = number3("skipped") === 0 ? "" : ` (${number3("skipped")} not checked)`;
  return number3("failed") > 0 ? `${number3("failed")} of ${count(checks.length, "check")} failed${rest}.` : `Nothing found that stands against the first deploy${rest}.`;
}
function doctorLog(checks) {
  const rows = checkRows(checks);
  const width = Math.max(...rows.map(({ title }) => title.length), 0);
  const indent = " ".repeat(width + 6);
  return [
    ...rows.flatMap(({ mark, title, what, next, run }) => [
      `  ${mark} ${title.padEnd(width)}  ${oneLine(what, 600)}`,
      ...next === void 0 ? [] : [`${indent}→ ${oneLine(next, 600)}`],
      ...run === void 0 ? [] : run.split("\n").map((line2) => `${indent}  ${line2}`)
    ]),
    "",
    doctorHeadline(checks)
  ];
}
function doctorSummary(checks) {
  const rows = checkRows(checks);
  const cells = rows.map(({ mark, title, what, next }) => [
    mark,
    md(title, 80),
    `${prose(what, 700)}${next === void 0 ? "" : `<br>**Do:** ${prose(next, 700)}`}`
  ]);
  const blocks = rows.flatMap(
    ({ title, run }) => run === void 0 ? [] : [`${md(title, 80)}:`, fence(run, run.startsWith("{") ? "json" : "sh", 6e3)]
  );
  return [
    `## Doctor: ${md(doctorHeadline(checks), 200)}`,
    "Nothing was changed, neither in the database nor in AWS.",
    table(["", "check", "what was found"], cells),
    ...blocks
  ].join("\n\n");
}
var doctorAnnotations = (checks) => checkRows(checks).filter(({ mark }) => mark === "✗").map(({ title, what, next }) => ({
  level: "error",
  title: `Doctor: ${title}`,
  message: [what, next ?? ""].join(" ").trim()
}));

// src/app/doctor-run.ts
async function runDoctor(guard, host) {
  const checks = await doctor(guard, refusals_exports);
  for (const line2 of doctorLog(checks)) host.log(line2);
  for (const annotation of doctorAnnotations(checks)) host.annotate(annotation);
  const well = allWell(checks);
  host.outputs({
    status: well ? "planned" : "refused",
    "database-state": "unchanged",
    "duration-ms": String(Math.round(guard.ports.clock.now() - guard.run.startedAt)),
    ...well ? {} : { "error-message": doctorHeadline(checks) }
  });
  await host.summary(doctorSummary(checks));
  return well ? 0 : 1;
}

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
  emit(body) {
    const event = { at: this.ports.clock.now(), ...body };
    this.#run = fold(this.#run, event);
    this.options.onEvent(event, this.#run);
  }
  warn(code2, fields = {}) {
    this.emit({ type: "notice", notice: { code: code2, level: "warning", fields } });
  }
};

// src/app/wiring.ts
var import_node_fs = require("node:fs");
var import_node_path = __toESM(require("node:path"), 1);

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
  if (schema !== void 0) return import_node_path.default.dirname(import_node_path.default.resolve(directory, schema));
  const usual = import_node_path.default.join(directory, "prisma");
  return (0, import_node_fs.existsSync)(usual) ? usual : directory;
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
  const { request, environment, scrub, log } = wiring;
  const clock = systemClock;
  const root = repositoryRoot(environment);
  const directory = import_node_path.default.resolve(root, request.workingDirectory);
  const webhook = request.slackWebhookUrl;
  const { region } = request;
  const onRetry = (note2) => wiring.onNotice(retryNotice(note2));
  const amazon = lazy(
    async () => (await Promise.resolve().then(() => __toESM(require("./rds.cjs"), 1))).createAmazon({
      region,
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
        scrub,
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
        region,
        clock,
        onRetry,
        ...wiring.hurried ? HURRIED : {}
      })
    ),
    commands: lazy(
      async () => (await Promise.resolve().then(() => __toESM(require("./github.cjs"), 1))).createCommands({
        workingDirectory: directory,
        environment,
        scrub,
        onLine: log,
        signal: wiring.cancelled
      })
    ),
    notifier: webhook === void 0 ? void 0 : lazy(async () => (await Promise.resolve().then(() => __toESM(require("./slack.cjs"), 1))).createSlack({ url: webhook }))
  };
}

// src/app/guard.ts
function startGuard(job) {
  const { host, identity, request, environment, journal, scrubber } = job;
  const onSecret = (secret) => {
    scrubber.add(secret);
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
    scrub: (text2) => scrubber.scrub(text2),
    log: (line2) => host.log(line2),
    cancelled: job.shell.cancelled,
    onNotice: (notice) => guard.emit({ type: "notice", notice }),
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

// src/app/planner.ts
var import_node_fs2 = require("node:fs");

// src/plan/basis.ts
function basisOf(facts) {
  const { project } = facts;
  const pending2 = new Set(facts.pending.map((each) => each.name));
  const applied = project.migrations.filter((each) => !pending2.has(each.name));
  return {
    pending: facts.pending.map((each) => ({ name: each.name, checksum: each.checksums[0] ?? "" })),
    applied: applied.length,
    lastApplied: applied.at(-1)?.name,
    prismaVersion: project.prismaVersion,
    resourceId: facts.instance?.resourceId,
    database: facts.database
  };
}
var PLAN_VERSION = 1;
function movedProblems(path3, text2, now) {
  const then = readBasis(text2);
  if (then === void 0)
    return [problem("plan-unreadable", `${path3} is not a plan of this action`, { path: path3 })];
  const moved = [
    ...placed("the DB instance", then.resourceId, now.resourceId, "AWS"),
    ...placed("the database", then.database, now.database, "the database"),
    ...sameList(then.pending, now.pending) ? [] : ["the pending migrations"],
    ...then.applied === now.applied && then.lastApplied === now.lastApplied ? [] : ["the applied migrations"],
    ...then.prismaVersion === now.prismaVersion ? [] : ["the version of Prisma"]
  ];
  if (moved.length === 0) return [];
  return [
    problem("plan-moved", `moved since the plan: ${moved.join(", ")}`, { path: path3, moved: moved.join(", ") })
  ];
}
function placed(what, then, now, asked) {
  if (then === now) return [];
  return [then === void 0 ? `${what} (the plan was made without asking ${asked})` : what];
}
var sameList = (a, b) => a.length === b.length && a.every((each, index) => each.name === b[index]?.name && each.checksum === b[index]?.checksum);
function readBasis(text2) {
  try {
    const file = JSON.parse(text2 ?? "");
    const basis = file.version === PLAN_VERSION ? file.plan?.basis : void 0;
    if (!Array.isArray(basis?.pending) || typeof basis.applied !== "number") return void 0;
    const entries = basis.pending;
    return entries.every((each) => typeof each === "object" && each !== null) ? basis : void 0;
  } catch {
    return void 0;
  }
}

// src/plan/estimate.ts
var SNAPSHOT_FROM = 2;
var SNAPSHOT_TO = 10;
var SNAPSHOT_TO_PER_100_GIB = 15;
var RESTORE_FROM = 10;
var RESTORE_TO = 40;
var RESTORE_TO_PER_100_GIB = 10;
function estimate(instance) {
  const { instanceClass, multiAz } = instance;
  const byUse = isBilledByUse(instance);
  const gib = byUse ? 0 : instance.allocatedStorageGiB;
  return {
    snapshotMinutes: [SNAPSHOT_FROM, Math.round(SNAPSHOT_TO + gib / 100 * SNAPSHOT_TO_PER_100_GIB)],
    restoreMinutes: [RESTORE_FROM, Math.round(RESTORE_TO + gib / 100 * RESTORE_TO_PER_100_GIB)],
    snapshotPerMonth: byUse ? void 0 : [0, snapshotPerMonth(gib)],
    instancePerHour: instancePerHour(instance),
    storagePerMonth: storagePerMonth(instance),
    instanceClass,
    storageGiB: byUse ? void 0 : gib,
    multiAz,
    members: instance.kind === "cluster" ? instance.members?.length : void 0
  };
}
function describeEstimate(about3) {
  const { instanceClass, members } = about3;
  const each = members === void 0 || members < 2 ? "" : `, for each of the ${members} instances`;
  const hourly = about3.instancePerHour === void 0 ? `the price of ${instanceClass || "this class"} is not in our table${each}` : `roughly ${dollars(about3.instancePerHour)} an hour (${dollars(about3.instancePerHour * 24)} a day)`;
  return [
    `Snapshot: roughly ${minutes(about3.snapshotMinutes)}, depending on what changed since the last backup; ${snapshotCost(about3)}`,
    `Restore: roughly ${minutes(about3.restoreMinutes)}, longer with many writes since the last backup. While the restored database is kept: ${hourly}, ${storageCost(about3)}.`,
    `Rough figures for ${kindText(about3)}, from list prices of ${PRICES_FROM}, not verified since: your region and contract differ, and what counts is ${about3.snapshotPerMonth === void 0 ? "aws.amazon.com/rds/aurora/pricing" : "aws.amazon.com/rds/pricing"}.`
  ];
}
var snapshotCost = ({ snapshotPerMonth: range }) => range === void 0 ? "AWS bills the data that it holds, and tells no size beforehand, so its cost is not known." : `${dollars(range[0])} to ${dollars(range[1])} a month, nothing while all backups together are smaller than the storage.`;
function storageCost({ storagePerMonth: cost, storageGiB }) {
  if (storageGiB === void 0) return "plus the storage that it uses, whose size AWS does not tell";
  return cost === void 0 ? "plus its storage" : `plus roughly ${dollars(cost)} a month of storage`;
}
var kindText = ({ instanceClass, multiAz, storageGiB }) => [
  instanceClass || "unknown class",
  ...multiAz ? ["Multi-AZ"] : [],
  storageGiB === void 0 ? "storage billed by use" : `${storageGiB} GiB`
].join(", ");
var minutes = ([from, to]) => to >= 120 ? `${from} minutes to ${Math.ceil(to / 60)} hours` : `${from} to ${to} minutes`;
var dollars = (amount) => amount === 0 ? "$0" : amount < 0.1 ? `$${amount.toFixed(3)}` : amount < 100 ? `$${amount.toFixed(2)}` : `$${Math.round(amount)}`;

// src/plan/deploy.ts
function planDeploy(request, identity, facts) {
  const adopted = adoptable(facts, identity);
  const source = sourceOf(request, facts);
  const snapshotIdentifier = adopted?.snapshot.identifier ?? snapshotName(source.identifier, identity);
  const restoredIdentifier = request.restoredIdentifier ?? restoredName(source.identifier, identity);
  return {
    basis: basisOf({ ...facts, instance: facts.target?.instance }),
    hazards: facts.hazards,
    estimate: facts.target === void 0 ? [] : describeEstimate(estimate(facts.target.instance)),
    pending: facts.pending.map((each) => {
      const file = facts.files.find((parsed2) => parsed2.migration === each.name);
      return {
        name: each.name,
        path: each.path,
        atomic: file !== void 0 && isAtomic(file, facts.project.splitsStatements),
        statements: file?.statements.length ?? 0
      };
    }),
    steps: [
      ...forwardSteps(
        request,
        snapshotTitle(request, source, snapshotIdentifier, adopted),
        facts.pending.length
      ),
      ...recoverySteps(request, identity, source, restoredIdentifier)
    ],
    snapshotIdentifier,
    adopted: adopted?.run,
    restoredIdentifier,
    sourceTags: facts.target?.instance.tags ?? {}
  };
}
var ADOPT_WITHIN_MS = 60 * 6e4;
function adoptable({ target, now }, identity) {
  if (target === void 0) return void 0;
  const found2 = findPredecessor(target.manualSnapshots, target.instance, identity);
  if (found2?.phase !== "snapshot" || snapshotState(found2.snapshot.status) === "failed") return void 0;
  const age = now - (found2.snapshot.createdAt ?? now);
  return age <= ADOPT_WITHIN_MS ? found2 : void 0;
}
var sourceOf = (request, { target }) => ({
  identifier: target?.instance.kind === "cluster" ? target.instance.identifier : request.instance,
  isCluster: (target?.instance.kind ?? request.targetKind) === "cluster"
});
var named2 = ({ identifier: identifier2, isCluster: isCluster2 }) => isCluster2 ? `the DB cluster ${identifier2}` : identifier2;
function snapshotTitle(request, source, snapshot, adopted) {
  const wait2 = request.snapshot === "wait" ? " and wait until it is available" : ", without waiting for it";
  return adopted === void 0 ? `Snapshot ${named2(source)} as ${snapshot}${wait2}` : `Take over the snapshot ${snapshot} of the unfinished run ${adopted.run}${wait2}`;
}
var always = (kind, title) => ({ kind, when: "always", title });
var onFailure = (kind, title) => ({
  kind,
  when: "on-failure",
  title
});
function forwardSteps(request, snapshot, pending2) {
  const files = pending2 === 1 ? "1 pending migration" : `${pending2} pending migrations`;
  return [
    ...request.snapshot === "skip" ? [] : [always("snapshot", snapshot)],
    ...request.beforeCommand === void 0 ? [] : [always("before-command", "Run before-command")],
    always("restore-point", "Mark the restore point and keep the next second quiet"),
    always("migrate", `Run prisma migrate deploy with ${files}`),
    always("verdict", "Judge the result in the database"),
    ...request.verifyCommand === void 0 ? [] : [always("verify-command", "Run verify-command")],
    ...request.slackWebhookUrl === void 0 || request.slackOn === "never" ? [] : [onFailure("alert", "Alert Slack")],
    ...request.afterCommand === void 0 ? [] : [always("after-command", "Run after-command")],
    ...request.snapshotKeep > 0 && request.snapshot !== "skip" ? [always("prune-snapshots", `Delete older snapshots of ours, keep ${request.snapshotKeep}`)] : []
  ];
}
function recoverySteps(request, identity, source, restored) {
  if (request.onFailure === "alert") return [];
  return [
    onFailure("restore", `Restore to the restore point as ${restored}, beside ${named2(source)}`),
    ...request.waitForRestore ? [
      ...source.isCluster ? [onFailure("add-members", `Add instances to ${restored} like those of ${source.identifier}`)] : [],
      onFailure("wait-restore", "Wait until the restored database answers SQL"),
      onFailure("verify-restore", "Compare the restored database with the restore point"),
      ...cutOver(request, identity, source.identifier, restored)
    ] : []
  ];
}
function cutOver(request, identity, production, restored) {
  if (request.promote === "never") return [];
  const names = { production, parked: parkedName(production, identity), restored };
  return [
    onFailure("write-loss", "Count what was written to production since"),
    ...promotionSteps(request.promote === "proxy" ? "proxy" : "rename", names, "new-serves", "on-failure")
  ];
}

// src/domain/window.ts
var DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
var EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
var MINUTES_PER_DAY = 1440;
var MINUTE_MS = 6e4;
var MAX_SPANS = 20;
function parseWindow(text2) {
  const parts = text2.split(";").map((part) => part.trim());
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
  const [days = "", hours = "", zone = "UTC", ...rest] = part.split(/\s+/);
  if (hours === "") return `"${part}" has no hours`;
  if (rest.length > 0) return `"${rest.join(" ")}" is too much after the time zone`;
  const named3 = parseDays(days);
  if (typeof named3 === "string") return named3;
  const times = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(hours);
  if (times === null) return `"${hours}" is not hours such as 09:00-16:00`;
  const [start, end] = [minutes2(times[1], times[2]), minutes2(times[3], times[4])];
  if (start === void 0 || start === MINUTES_PER_DAY || end === void 0)
    return `"${hours}" has an hour or minute that does not exist`;
  if (start === end) return `"${hours}" begins and ends in the same minute`;
  if (!isZone(zone)) return `"${zone}" is not a time zone such as Europe/Berlin or UTC`;
  return { days: named3, start, end, zone };
}
function parseDays(text2) {
  if (text2.toLowerCase() === "daily") return EVERY_DAY;
  const found2 = /* @__PURE__ */ new Set();
  for (const item of text2.toLowerCase().split(",")) {
    const [from = "", to = from, ...rest] = item.split("-");
    const [first, last2] = [DAYS.indexOf(from), DAYS.indexOf(to)];
    if (first < 0 || last2 < 0 || rest.length > 0)
      return `"${text2}" is not days such as Mon, Mon-Thu, Mon,Wed or daily`;
    for (let day = first; ; day = (day + 1) % 7) {
      found2.add(day);
      if (day === last2) break;
    }
  }
  return [...found2].sort((a, b) => a - b);
}
function minutes2(hour, minute) {
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
var isInside = (window, epochMs) => window.spans.some((span) => spanHolds(span, wallClock(span.zone, epochMs)));
function spanHolds({ days, start, end }, { day, minute }) {
  if (start < end) return days.includes(day) && minute >= start && minute < end;
  const yesterday = (day + 6) % 7;
  return days.includes(day) && minute >= start || days.includes(yesterday) && minute < end;
}
var clocks = /* @__PURE__ */ new Map();
function wallClock(zone, epochMs) {
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23"
  });
  clocks.set(zone, clock);
  const parts = new Map(clock.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  return {
    day: DAYS.indexOf((parts.get("weekday") ?? "").toLowerCase()),
    minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute"))
  };
}
function nextInside(window, epochMs) {
  if (isInside(window, epochMs)) return epochMs;
  const first = Math.ceil(epochMs / MINUTE_MS) * MINUTE_MS;
  for (let at = first; at <= first + 8 * MINUTES_PER_DAY * MINUTE_MS; at += MINUTE_MS) {
    if (isInside(window, at)) return at;
  }
  return void 0;
}
var parseDailyUtc = (text2) => {
  const window = parseWindow(`daily ${text2} UTC`);
  return "spans" in window ? { ...window, text: text2 } : void 0;
};
function parseWeeklyUtc(text2) {
  const match = /^([a-z]{3}):(\d\d):(\d\d)-([a-z]{3}):(\d\d):(\d\d)$/i.exec(text2);
  if (match === null) return void 0;
  const [first, last2] = [match[1], match[4]].map((day) => DAYS.indexOf(day?.toLowerCase() ?? ""));
  const [start, end] = [minutes2(match[2], match[3]), minutes2(match[5], match[6])];
  if (first === void 0 || last2 === void 0 || first < 0 || last2 < 0) return void 0;
  if (start === void 0 || end === void 0) return void 0;
  return { text: text2, spans: daysBetween(first, start, last2, end) };
}
function daysBetween(first, start, last2, end) {
  const span = (day, from, to) => from < to ? [{ days: [day], start: from, end: to, zone: "UTC" }] : [];
  if (first === last2 && start < end) return span(first, start, end);
  const spans = [...span(first, start, MINUTES_PER_DAY)];
  for (let day = (first + 1) % 7; day !== last2; day = (day + 1) % 7)
    spans.push(...span(day, 0, MINUTES_PER_DAY));
  return [...spans, ...span(last2, 0, end)];
}

// src/plan/deploy-window.ts
var NEAR_MS = 30 * 6e4;
function windowFindings(window, instance, now) {
  const own = window === void 0 || isInside(window, now) ? [] : [outside2(window, window, now, void 0)];
  const busy = instance === void 0 ? [] : awsWindows(instance);
  if (window === void 0) {
    const near = busy.filter((each) => isInside(each.window, now) || isInside(each.window, now + NEAR_MS));
    return { problems: [], notices: near.map((each) => noticeOf(each, now)) };
  }
  const inside = busy.filter((each) => isInside(each.window, now));
  return {
    problems: [...own, ...inside.map((each) => outside2(window, each.window, now, each))],
    notices: []
  };
}
function awsWindows(instance) {
  const weekly = instance.settings.PreferredMaintenanceWindow;
  const backup = instance.backupRetentionDays > 0 ? parseDailyUtc(instance.backupWindow ?? "") : void 0;
  const maintenance = typeof weekly === "string" ? parseWeeklyUtc(weekly) : void 0;
  return [
    ...backup === void 0 ? [] : [{ kind: "backup", window: backup, instance: instance.identifier }],
    ...maintenance === void 0 ? [] : [{ kind: "maintenance", window: maintenance, instance: instance.identifier }]
  ];
}
var noticeOf = ({ kind, window, instance }, now) => ({
  code: kind === "backup" ? "backup-window-near" : "maintenance-window-near",
  level: "notice",
  fields: { instance, window: window.text, state: isInside(window, now) ? "open" : "near" }
});
function outside2(allowed, about3, now, aws) {
  const opens = nextAllowed(allowed, aws?.window, now);
  const detail = aws === void 0 ? `now is not inside deploy-window (${about3.text})` : `now is inside the ${aws.kind} window (${about3.text} UTC)`;
  return problem("outside-window", detail, {
    kind: aws?.kind ?? "deploy",
    window: aws === void 0 ? about3.text : `${about3.text} UTC`,
    now: iso2(now),
    opens: opens === void 0 ? void 0 : iso2(opens),
    instance: aws?.instance
  });
}
function nextAllowed(allowed, blocked, now) {
  const first = nextInside(allowed, now);
  if (first === void 0 || blocked === void 0 || !isInside(blocked, first)) return first;
  let end = first;
  for (let step2 = 0; step2 < 7 * 1440 && isInside(blocked, end); step2 += 1) end += 6e4;
  return nextInside(allowed, Math.floor(end / 6e4) * 6e4);
}
var iso2 = (at) => new Date(at).toISOString().replace(/:\d\d\.\d{3}Z$/, "Z").replace("T", " ").replace("Z", " UTC");

// src/plan/package-scripts.ts
var CALLED_BY_PLATFORMS = /^(?:(?:pre|post)?(?:install|start|build|deploy|release)|prepare|heroku-(?:pre|post)build|vercel-build|now-build|railway:.*|(?:start|deploy|release|build)[:-](?:prod|production|staging|live))$/;
function packageScripts({ path: path3, text: text2 }) {
  const scripts = scriptsOf(text2);
  const start = text2.search(/"scripts"\s*:/);
  return Object.entries(scripts).flatMap(([name, command2]) => {
    if (typeof command2 !== "string") return [];
    const at = text2.indexOf(`${JSON.stringify(name)}`, start + 1);
    const line2 = text2.slice(0, Math.max(0, at)).split("\n").length;
    return [{ path: path3, name, command: command2, line: line2 }];
  });
}
function scriptsOf(text2) {
  try {
    const manifest = JSON.parse(text2);
    const scripts = manifest?.scripts;
    return typeof scripts === "object" && scripts !== null ? scripts : {};
  } catch {
    return {};
  }
}
var RUNNER = /(?:^|[\s;&|(])(?:npm|pnpm|yarn|bun|bunx|npx|turbo|nx|lerna|npm-run-all|run-s|run-p)\b([^\n;&|]*)/g;
function calledScripts(scripts, texts) {
  const called = /* @__PURE__ */ new Set();
  const waiting = [
    ...scripts.map(({ name }) => name).filter((name) => CALLED_BY_PLATFORMS.test(name)),
    ...texts.flatMap(namesIn)
  ];
  for (let name = waiting.pop(); name !== void 0; name = waiting.pop()) {
    for (const script of scripts) {
      if (script.name !== name || called.has(script)) continue;
      called.add(script);
      waiting.push(`pre${name}`, `post${name}`, ...namesIn(script.command));
    }
  }
  return scripts.filter((script) => called.has(script));
}
var namesIn = (text2) => [...text2.matchAll(RUNNER)].flatMap(
  ([, rest = ""]) => rest.split(/[\s"'`,]+/).filter((word2) => /^[\w:.@/-]+$/.test(word2))
);

// src/plan/repository-text.ts
var DEVELOPMENT = /(?:^|[./_-])(?:dev|devel|development|test|tests|local|ci|e2e)(?:[./_-]|$)/i;
function kindOf3(path3) {
  const name = path3.split("/").at(-1) ?? path3;
  if (name === "package.json") return "package";
  if (/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path3)) return "workflow";
  if (/^\.github\/actions\/.*\/?action\.ya?ml$/.test(path3)) return "workflow";
  if (/^(?:Docker|Container)file(?:\..+)?$|\.(?:docker|container)file$/i.test(name))
    return DEVELOPMENT.test(name) || DEVELOPMENT.test(path3.slice(0, -name.length)) ? "other" : "dockerfile";
  return name.endsWith(".sh") ? "shell" : "other";
}
function readable2(file, kind) {
  const lines = file.text.replaceAll("\r\n", "\n").split("\n");
  const running = kind === "workflow" ? withoutThrowaways(lines) : lines;
  const plain2 = running.map((line2) => kind === "dockerfile" ? dockerLine(line2) : withoutComment(line2));
  return joinContinued(plain2).replace(/["'[\],]/g, " ");
}
var dockerLine = (line2) => /^\s*#/.test(line2) ? "" : withoutComment(line2);
function withoutComment(line2) {
  let quote = "";
  for (let index = 0; index < line2.length; index += 1) {
    const sign = line2[index] ?? "";
    if (quote !== "") {
      if (sign === quote) quote = "";
    } else if ((sign === '"' || sign === "'") && closes(line2, index)) quote = sign;
    else if (sign === "#" && (index === 0 || /\s/.test(line2[index - 1] ?? ""))) return line2.slice(0, index);
  }
  return line2;
}
var closes = (line2, index) => line2.indexOf(line2[index] ?? "", index + 1) > index;
function joinContinued(lines) {
  const result = [];
  let into = -1;
  for (const line2 of lines) {
    const goesOn = /\\\s*$/.test(line2);
    const text2 = line2.replace(/\\\s*$/, " ");
    if (into < 0) {
      into = goesOn ? result.length : -1;
      result.push(text2);
    } else {
      result[into] = `${result[into]} ${text2.trim()} `;
      result.push("");
      if (!goesOn) into = -1;
    }
  }
  return result.join("\n");
}
var OWN_DATABASE = /^\s+services:\s*$|docker[ -]compose\b.*\bup\b|docker run\b.*(?:postgres|mysql|mariadb)|pg_ctl|initdb|mysqld\b|systemctl start (?:mysql|mariadb)|service (?:mysql|mariadb) start|supabase (?:db )?start|(?:postgres(?:ql)?|mysql):\/\/[^\s"'@]*@(?:localhost|127\.0\.0\.1|postgres|mysql|mariadb|db|database)[:/]/i;
function withoutThrowaways(lines) {
  const start = lines.findIndex((line2) => /^jobs:\s*(?:#.*)?$/.test(line2));
  if (start < 0) return lines;
  const indent = lines.slice(start + 1).find((line2) => /^\s+[\w"'-]+\s*:/.test(line2))?.search(/\S/) ?? 2;
  const heads = lines.flatMap(
    (line2, index) => index > start && line2.search(/\S/) === indent && !line2.trim().startsWith("#") ? [index] : []
  );
  const blank = /* @__PURE__ */ new Set();
  const shared = lines.slice(0, start).some((line2) => OWN_DATABASE.test(line2));
  for (const [position2, head] of heads.entries()) {
    const end = heads[position2 + 1] ?? lines.length;
    if (!shared && !lines.slice(head, end).some((line2) => OWN_DATABASE.test(line2))) continue;
    for (let index = head; index < end; index += 1) blank.add(index);
  }
  return lines.map((line2, index) => blank.has(index) ? "" : line2);
}

// src/plan/dev-commands.ts
var FLAGS = String.raw`(?:[ \t]+--?[\w-]*(?:=[^\s;&|]+|[ \t]+(?!(?:migrate|db|dev|reset|push)\b)[^\s;&|-][^\s;&|]*)?){0,5}`;
var PRISMA2 = String.raw`(?:^|(?<=[\s;&|(=$\x60]))(?:[^\s;&|(=]*\/)?prisma7?(?:@[^\s;&|]+)?(?:\/build\/index\.js)?`;
var COMMAND = new RegExp(
  `${PRISMA2}${FLAGS}[ \\t]+(?:migrate${FLAGS}[ \\t]+(dev|reset)|db${FLAGS}[ \\t]+(push))(?![\\w-])`,
  "gm"
);
var TALK = /(?:^|[;&|]\s*|\s-\s+|run:\s*)(?:echo|printf)\s[^;&|]*$|^\s*(?:-\s+)?(?:name|description|title|if)\s*:/i;
function findDevCommands(files) {
  const scripts = files.flatMap((file) => kindOf3(file.path) === "package" ? packageScripts(file) : []);
  const roots = files.flatMap((file) => {
    const kind = kindOf3(file.path);
    return kind === "workflow" || kind === "dockerfile" ? [{ path: file.path, text: readable2(file, kind) }] : [];
  });
  const shell2 = startedShells(files, roots, scripts);
  const called = calledScripts(
    scripts,
    [...roots, ...shell2].map(({ text: text2 }) => text2)
  );
  return [
    ...[...roots, ...shell2].flatMap(
      ({ path: path3, text: text2 }) => commandsIn(text2).map((found2) => ({ ...found2, path: path3, script: void 0 }))
    ),
    ...called.flatMap(
      ({ path: path3, line: line2, name, command: command2 }) => commandsIn(readable2({ path: path3, text: command2 }, "shell")).map((found2) => ({
        ...found2,
        path: path3,
        line: line2,
        script: name
      }))
    )
  ];
}
function startedShells(files, roots, scripts) {
  const texts = [
    ...roots.map(({ text: text2 }) => text2),
    ...calledScripts(
      scripts,
      roots.map(({ text: text2 }) => text2)
    ).map(({ command: command2 }) => command2)
  ];
  const shells = files.filter(({ path: path3 }) => kindOf3(path3) === "shell");
  const started = shells.filter(({ path: path3 }) => {
    const name = path3.split("/").at(-1) ?? path3;
    return texts.some((text2) => text2.includes(name));
  });
  return started.map((file) => ({ path: file.path, text: readable2(file, "shell") }));
}
function commandsIn(text2) {
  return [...text2.matchAll(COMMAND)].flatMap((match) => {
    const before = text2.slice(text2.lastIndexOf("\n", match.index) + 1, match.index);
    if (TALK.test(before)) return [];
    const verb = match[1] ?? match[2];
    const command2 = verb === "push" ? "prisma db push" : verb === "dev" ? "prisma migrate dev" : "prisma migrate reset";
    return [{ command: command2, line: lineAt(text2, match.index + match[0].search(/\S/)) }];
  });
}
var lineAt = (text2, offset) => text2.slice(0, offset).split("\n").length;
var devCommandNotices = (files) => findDevCommands(files).map(({ command: command2, path: path3, line: line2, script }) => ({
  code: "dev-command",
  level: "warning",
  fields: { command: command2, path: path3, line: String(line2), ...script === void 0 ? {} : { script } }
}));

// src/plan/down-scripts.ts
var downProblems = (required, pending2, written2, project) => pending2.filter(({ name }) => required && !written2.has(name)).map(
  ({ name, path: path3 }) => problem("down-missing", `migration ${name} has no down.sql with a statement in it`, {
    migration: name,
    path: path3.replace(/[^/]*$/, "down.sql"),
    prismaVersion: project.prismaVersion,
    schema: schemaFile(project)
  })
);
function schemaFile({
  schemaPath,
  directory
}) {
  if (schemaPath?.endsWith(".prisma") !== true) return void 0;
  return schemaPath.startsWith(`${directory}/`) ? schemaPath.slice(directory.length + 1) : void 0;
}

// src/plan/drift.ts
var mayJudgeDrift = ({ pending: pending2, open }) => pending2.length === 0 && open.length === 0;
function driftNotices(drift) {
  if (drift.state === "none") return [];
  if (drift.state === "unknown")
    return [{ code: "drift-unknown", level: "notice", fields: { message: drift.message } }];
  const changes = drift.changes.filter((line2) => /^\s+\S|^\[/.test(line2));
  return [
    {
      code: "drift",
      level: "warning",
      fields: {
        count: String(drift.changes.filter((line2) => /^\[/.test(line2)).length || 1),
        changes: (changes.length === 0 ? drift.changes : changes).slice(0, 10).map((line2) => line2.trim()).join("; ")
      }
    }
  ];
}

// src/domain/hazard.ts
var HAZARD_LEVELS = ["block", "error", "warning", "notice"];
var isAtLeast = (level, floor) => HAZARD_LEVELS.indexOf(level) <= HAZARD_LEVELS.indexOf(floor);

// src/plan/hazards.ts
function hazardRefusals(hazards, failOn) {
  if (failOn === "never") return [];
  return hazards.filter((each) => isAtLeast(each.level, failOn)).map(
    (each) => problem("hazard-refused", `${each.path}:${each.line} ${each.title}`, {
      rule: each.rule,
      level: each.level,
      failOn,
      migration: each.migration,
      path: each.path,
      line: each.line,
      message: each.message,
      suggestion: each.suggestion === "" ? void 0 : each.suggestion,
      suppressible: String(each.suppressible)
    })
  );
}
var environmentRefusals = (environment, sha, deployed) => environment === void 0 || deployed !== false ? [] : [
  problem("environment-missing", `no successful deployment of ${sha} in ${environment}`, {
    environment,
    sha
  })
];

// src/domain/live-check.ts
var COUNTED_TO = 1e3;

// src/plan/live.ts
async function askAll(checks, ask) {
  const known3 = /* @__PURE__ */ new Map();
  const answered = [];
  for (const check of checks) {
    const key = JSON.stringify(check.question);
    const answer2 = known3.get(key) ?? await ask(check.question);
    known3.set(key, answer2);
    answered.push({ check, answer: answer2 });
  }
  return answered;
}
var ONLY_FAILS = /* @__PURE__ */ new Set(["add-required-column"]);
function withAnswers(hazards, answered, files) {
  const kept2 = hazards.flatMap((hazard2) => {
    const own = answered.filter(({ check }) => isAbout(check, hazard2));
    if (own.length === 0) return [hazard2];
    const settled2 = ONLY_FAILS.has(hazard2.rule);
    if (settled2 && own.every(({ answer: answer2 }) => answer2.state === "none")) return [];
    const bad = own.filter(({ answer: answer2 }) => answer2.state === "found");
    const told2 = settled2 ? own : own.filter(({ answer: answer2 }) => answer2.state !== "found");
    const message = [hazard2.message, ...told2.map(sentence)].join(" ");
    const level = settled2 ? worst([hazard2.level, ...bad.map(({ check }) => levelOf(check))]) : hazard2.level;
    return [{ ...hazard2, level, message }];
  });
  const inTheWay = answered.filter(
    ({ check, answer: answer2 }) => answer2.state === "found" && !hazards.some((hazard2) => ONLY_FAILS.has(hazard2.rule) && isAbout(check, hazard2))
  );
  return inOrder2([...kept2, ...inTheWay.map(hazardOf)], files);
}
var isAbout = (check, { migration: migration2, line: line2, rule: rule2 }) => check.migration === migration2 && check.line === line2 && check.rules.includes(rule2);
var levelOf = ({ leavesHalf }) => leavesHalf ? "block" : "error";
var worst = (levels) => HAZARD_LEVELS.find((each) => levels.includes(each)) ?? "notice";
var inOrder2 = (all, files) => all.toSorted(
  (a, b) => files.indexOf(a.migration) - files.indexOf(b.migration) || a.line - b.line || HAZARD_LEVELS.indexOf(a.level) - HAZARD_LEVELS.indexOf(b.level)
);
var quoted = (name) => `"${name.replaceAll('"', '""')}"`;
var list2 = ({ columns }) => columns.map(quoted).join(", ");
var counted = (count2, one2, many = `${one2}s`) => count2 > COUNTED_TO ? `more than ${COUNTED_TO.toLocaleString("en-US")} ${many}` : `${count2} ${count2 === 1 ? one2 : many}`;
function sentence({ check, answer: answer2 }) {
  const { question, label } = check;
  const about3 = {
    duplicates: `duplicates in ${list2(question)} of ${label}`,
    nulls: `NULL in ${list2(question)} of ${label}`,
    rows: `rows in ${label}`
  }[question.kind];
  if (answer2.state === "unknown") return `Not checked for ${about3}: ${answer2.why}.`;
  return answer2.state === "none" ? `Checked now: no ${about3}.` : `Checked now: ${found(check, answer2.count)}.`;
}
function found({ question, label }, count2) {
  const rows = counted(count2, "row");
  const have = count2 === 1 ? "has" : "have";
  switch (question.kind) {
    case "rows":
      return `${label} has ${rows}`;
    case "nulls":
      return `${rows} of ${label} ${have} NULL in ${list2(question)}`;
    case "duplicates": {
      const what = question.columns.length === 1 ? counted(count2, "value") : counted(count2, "combination");
      return `${what} of ${list2(question)} ${count2 === 1 ? "stands" : "stand"} in more than one row of ${label}`;
    }
  }
}
var CODES = { duplicates: "23505", nulls: "23502", rows: "23502" };
function look5(question) {
  const table2 = `${quoted(question.schema)}.${quoted(question.table)}`;
  const columns = list2(question);
  switch (question.kind) {
    case "rows":
      return `SELECT count(*) FROM ${table2};`;
    case "nulls":
      return `SELECT * FROM ${table2} WHERE ${question.columns.map((each) => `${quoted(each)} IS NULL`).join(" OR ")};`;
    case "duplicates":
      return `SELECT ${columns}, count(*) FROM ${table2} GROUP BY ${columns} HAVING count(*) > 1;`;
  }
}
function hazardOf({ check, answer: answer2 }) {
  const { migration: migration2, path: path3, line: line2, endLine, statement, label, question, leavesHalf } = check;
  const count2 = answer2.state === "found" ? answer2.count : 0;
  const half = leavesHalf ? " What stands before it in the file is committed by then and stays." : "";
  return {
    rule: "rows-in-the-way",
    level: levelOf(check),
    title: "Rows that are there now make the statement fail",
    ...{ migration: migration2, path: path3, line: line2, endLine, statement },
    tables: [label],
    message: `Checked now: ${found(check, count2)}, so the statement fails (${CODES[question.kind]}).${half} Mend the rows first, in an earlier migration.`,
    suggestion: `-- see them, and mend them in a migration before this one:
${look5(question)}`,
    docs: "docs/hazards/rows-in-the-way.md",
    suppressible: false
  };
}

// src/plan/notices.ts
var note = (code2, level, fields = {}) => ({
  code: code2,
  level,
  fields
});
var historyNotices = (comparison) => [
  ...comparison.edited.map((migration2) => note("migration-edited", "warning", { migration: migration2 })),
  ...comparison.gone.map((migration2) => note("migration-gone", "warning", { migration: migration2 })),
  ...comparison.outOfOrder.map((migration2) => note("migration-out-of-order", "warning", { migration: migration2 }))
];
var LIMITS = /* @__PURE__ */ new Set(["statement_timeout", "lock_timeout", "client_connection_check_interval"]);
function fileNotices(files, project) {
  const paths = new Map(project.migrations.map((each) => [each.name, each.path]));
  return files.flatMap((file) => {
    const about3 = (line2) => ({
      migration: file.migration,
      path: paths.get(file.migration) ?? "",
      ...line2 === void 0 ? {} : { line: String(line2) }
    });
    const found2 = file.oddities.map(
      (oddity) => note("file-oddity", "warning", { ...about3(1), oddity })
    );
    if (file.syntaxError !== void 0) {
      found2.push(
        note("file-syntax", "warning", {
          ...about3(file.syntaxError.line),
          message: file.syntaxError.message
        })
      );
    }
    for (const statement of file.statements) {
      if (statement.setting !== void 0 && (LIMITS.has(statement.setting) || statement.setting === "all")) {
        found2.push(
          note("file-resets-limits", "warning", { ...about3(statement.line), setting: statement.setting })
        );
      }
    }
    if (leavesTransactionOpen(file.statements)) {
      const begin2 = file.statements.findLast((each) => each.transaction === "begin");
      found2.push(
        note("file-unbalanced-transaction", "warning", {
          ...about3(begin2?.line),
          ...begin2 === void 0 ? { by: "autocommit" } : {}
        })
      );
    }
    return found2;
  });
}
var predecessorNotice = ({ run, phase, snapshot, restoreTime }) => note("predecessor-unfinished", "warning", {
  run,
  phase,
  snapshot: snapshot.identifier,
  ...restoreTime === void 0 ? {} : { restoreTime }
});
function targetNotices(instance, host) {
  const found2 = [];
  const address = instance.endpoint?.address;
  if (address !== void 0 && address.toLowerCase() !== host.toLowerCase()) {
    found2.push(
      note("endpoint-differs", "warning", { instance: instance.identifier, endpoint: address, host })
    );
  }
  if (instance.iamAuthentication)
    found2.push(note("iam-authentication", "notice", { resourceId: instance.resourceId }));
  if (instance.managedPassword)
    found2.push(note("managed-password", "notice", { instance: instance.identifier }));
  return found2;
}

// src/plan/prisma-warning.ts
var DROPS = [
  "drop-column",
  "drop-and-add-column",
  "rename-column",
  "drop-table",
  "rename-table",
  "drop-cascade"
];
var TYPES = [...DROPS, "change-column-type", "change-type-with-dependents", "newer-than-server"];
var UNIQUES = [
  "create-index",
  "add-unique-constraint",
  "add-column-unique",
  "add-primary-key",
  "concurrently-if-not-exists",
  "outlasts-statement-timeout",
  "rows-in-the-way"
];
var NULLS = ["set-not-null", "add-required-column", "rows-in-the-way"];
var KINDS = [
  {
    pattern: /^You are about to drop the column `(?<c>.+?)` on the `(?<t>.+?)` table/,
    loss: true,
    rules: DROPS
  },
  { pattern: /^You are about to drop the `(?<t>.+?)` table/, loss: true, rules: DROPS },
  {
    pattern: /^A unique constraint covering the columns `\[(?<c>.*?)\]` on the table `(?<t>.+?)` will be added/,
    rules: UNIQUES
  },
  { pattern: /^Added the required column `(?<c>.+?)` to the `(?<t>.+?)` table/, rules: NULLS },
  { pattern: /^The required column `(?<c>.+?)` was added to the `(?<t>.+?)` table/, rules: NULLS },
  { pattern: /^Made the column `(?<c>.+?)` on table `(?<t>.+?)` required/, rules: NULLS },
  {
    pattern: /^The primary key for the `(?<t>.+?)` table will be changed/,
    rules: [
      "add-primary-key",
      "brief-exclusive-lock",
      "drop-column",
      "merge-alter-tables",
      "rows-in-the-way"
    ]
  },
  { pattern: /^The values \[.*\] on the enum `(?<e>.+?)` will be removed/, rules: ["remove-enum-value"] },
  {
    pattern: /^The `(?<c>.+?)` column on the `(?<t>.+?)` table would be dropped and recreated/,
    loss: true,
    rules: DROPS
  },
  { pattern: /^Changed the type of `(?<c>.+?)` on the `(?<t>.+?)` table/, loss: true, rules: TYPES },
  {
    pattern: /^You are about to alter the column `(?<c>.+?)` on the `(?<t>.+?)` table/,
    loss: true,
    rules: TYPES
  },
  {
    pattern: /^Changed the column `(?<c>.+?)` on the `(?<t>.+?)` table from a scalar field to a list/,
    rules: TYPES
  }
];
function warningsIn(file) {
  return file.comments.flatMap(
    (comment2) => /^\/\*\s*Warnings:/.test(comment2.text) ? comment2.text.split("\n").flatMap((text2, index) => warningAt(text2, comment2.line + index)) : []
  );
}
function warningAt(written2, line2) {
  const text2 = /^\s*-\s+(.*?)\s*$/.exec(written2)?.[1];
  if (text2 === void 0) return [];
  for (const { pattern, loss = false, rules } of KINDS) {
    const groups2 = pattern.exec(text2)?.groups;
    if (groups2 === void 0) continue;
    const names = groups2.e === void 0 ? (groups2.c ?? "").split(",").filter((each) => each !== "") : [groups2.e];
    return [{ text: text2, line: line2, table: groups2.t, names, loss, rules }];
  }
  return [];
}

// src/plan/prisma-header.ts
var last = (label) => label.slice(label.lastIndexOf(".") + 1);
var WHOLE_TABLE = /* @__PURE__ */ new Set(["drop-table", "rename-table", "drop-cascade"]);
var isAbout2 = ({ loss, names }, { rule: rule2, message }) => !loss || WHOLE_TABLE.has(rule2) || names.every((name) => message.includes(name));
function isTold(warning, file, hazards) {
  const { table: table2, rules } = warning;
  const found2 = hazards.some(
    (each) => each.migration === file.migration && rules.includes(each.rule) && (table2 === void 0 || each.tables.length === 0 || each.tables.map(last).includes(table2)) && isAbout2(warning, each)
  );
  const accepted = file.comments.some(
    ({ text: text2 }) => /guard-ignore|squawk-ignore/.test(text2) && rules.some((rule2) => text2.includes(rule2))
  );
  return found2 || accepted || file.statements.length === 0;
}
function rowsOf2({ table: table2 }, { catalog }) {
  if (table2 === void 0 || catalog === void 0) return void 0;
  const named3 = Object.entries(catalog.tables).filter(([key]) => last(key) === table2);
  const rows = named3.map(([, { rows: known3, bytes: bytes2 }]) => known3 ?? (bytes2 === 0 ? 0 : void 0));
  return rows.length === 0 || rows.includes(void 0) ? void 0 : rows.reduce((sum2, each) => sum2 + (each ?? 0), 0);
}
var mayDoIt = ({ table: table2, names }, file) => file.statements.some(
  (each) => each.kind === "opaque" || [table2, ...names].every((name) => name === void 0 || each.names.includes(name.toLowerCase()))
);
function prismaWarnings(request, hazards, answered = []) {
  return request.files.flatMap(
    (file) => warningsIn(file).filter((warning) => !isTold(warning, file, hazards) && !isAnswered(warning, file, answered)).filter((warning) => isOpen2(warning, request)).map((warning) => hazardOf2(warning, file, request))
  );
}
var isAnswered = ({ table: table2, rules }, { migration: migration2 }, answered) => rules.includes("rows-in-the-way") && answered.some((check) => check.migration === migration2 && check.question.table === table2);
function isOpen2(warning, request) {
  if (request.catalog === void 0 || warning.table === void 0) return true;
  const known3 = Object.keys(request.catalog.tables).some((key) => last(key) === warning.table);
  return known3 && rowsOf2(warning, request) !== 0;
}
function hazardOf2(warning, file, request) {
  const { text: text2, line: line2, table: table2, loss } = warning;
  const rows = rowsOf2(warning, request);
  const serious = loss && rows !== void 0 && mayDoIt(warning, file);
  const size = rows === void 0 ? "" : ` ${table2} has about ${Math.round(rows).toLocaleString("en-US")} rows.`;
  return {
    rule: "prisma-warning",
    level: serious ? "warning" : "notice",
    title: loss ? "Prisma warned of data loss that no rule finds" : "Prisma warned of something that no rule finds",
    ...{ migration: file.migration, path: file.path, line: line2, statement: "" },
    tables: table2 === void 0 ? [] : [table2],
    message: `Prisma wrote at the top of the file: ${text2} No rule finds that in the statements.${size} Either the file was edited since, or the statement does it where no rule looks. Read it once more, and delete the warning when it no longer holds.`,
    suggestion: "",
    docs: "docs/hazards/prisma-warning.md",
    suppressible: true
  };
}

// src/app/planner.ts
var planner = {
  refuseFirst(guard, first) {
    for (const notice of historyNotices(first.comparison)) guard.emit({ type: "notice", notice });
    const { pending: files, open } = first.comparison;
    const pending2 = files.length > 0;
    const atWork = pending2 || open.length > 0;
    return [
      ...first.urls === void 0 ? [] : urlRefusals(first.project, first.environment),
      ...historyRefusals(
        first.project,
        first.comparison,
        atWork ? first.activity : { ...first.activity, advisoryLockHolders: [] }
      ),
      ...pending2 && first.database !== void 0 ? databaseRefusals(first.database) : []
    ];
  },
  hazards: findAll,
  async surroundings(guard, first) {
    const workspace = await guard.ports.workspace();
    const commands = devCommandNotices(await workspace.deployFiles());
    if (first.database === void 0 || !mayJudgeDrift(first.comparison)) return commands;
    const drift = await (await guard.ports.migrator()).drift(first.project, first.environment);
    return [...commands, ...driftNotices(drift)];
  },
  refuseSecond(guard, first, second) {
    const limits = sessionLimits(guard, second.probes[0]?.database.serverVersion ?? 0);
    return [
      ...second.probes.flatMap((probe) => limitRefusals(probe.database, limits, probe.variable)),
      ...second.target === void 0 ? [] : targetRefusals(second.target, {
        request: guard.request,
        project: first.project,
        now: guard.ports.clock.now()
      }),
      ...planningRefusals(guard, first, second)
    ];
  },
  plan(guard, { first, target, files, hazards }) {
    const found2 = target === void 0 ? void 0 : findPredecessor(target.manualSnapshots, target.instance, guard.options.identity);
    const now = guard.ports.clock.now();
    const notices2 = [
      ...found2 === void 0 ? [] : [predecessorNotice(found2)],
      ...fileNotices(files, first.project),
      ...target === void 0 || first.urls === void 0 ? [] : targetNotices(target.instance, hostOf(urlIn(first.urls, first.environment))),
      ...windowFindings(void 0, target?.instance, now).notices
    ];
    for (const notice of notices2) guard.emit({ type: "notice", notice });
    const plan2 = planDeploy(guard.request, guard.options.identity, {
      project: first.project,
      pending: first.comparison.pending,
      database: first.database?.database,
      files,
      hazards,
      target,
      now
    });
    return plan2.pending.length === 0 || guard.request.instance === "" ? { ...plan2, steps: [] } : plan2;
  }
};
async function findAll(request, ask) {
  const { findHazards, liveChecks } = await Promise.resolve().then(() => __toESM(require("./hazards.cjs"), 1));
  const found2 = findHazards(request);
  const answered = ask === void 0 ? [] : await askAll(liveChecks(request), ask);
  const files = request.files.map(({ migration: migration2 }) => migration2);
  const asked = withAnswers(found2, answered, files);
  const known3 = answered.flatMap(({ check, answer: answer2 }) => answer2.state === "unknown" ? [] : [check]);
  return [...asked, ...prismaWarnings(request, asked, known3)];
}
function planningRefusals(guard, first, second) {
  const { request, options, ports } = guard;
  const window = windowFindings(request.deployWindow, second.target?.instance, ports.clock.now());
  return [
    ...hazardRefusals(second.hazards, request.failOn),
    ...downProblems(request.requireDown, first.comparison.pending, second.downs, first.project),
    ...environmentRefusals(request.requireEnvironment, options.identity.sha, second.deployed),
    ...request.mode === "deploy" ? window.problems : [],
    ...movedSince(guard, first, second)
  ];
}
function movedSince({ request }, first, second) {
  if (request.mode !== "deploy" || request.planPath === void 0) return [];
  const basis = basisOf({
    project: first.project,
    pending: first.comparison.pending,
    instance: second.target?.instance,
    database: first.database?.database
  });
  return movedProblems(request.planPath, readText(request.planPath), basis);
}
function readText(path3) {
  try {
    return (0, import_node_fs2.readFileSync)(path3, "utf8");
  } catch {
    return void 0;
  }
}

// src/app/publish-plan.ts
var import_node_path2 = __toESM(require("node:path"), 1);

// src/report/digest.ts
var PRIME = 0x100000001b3n;
var BASIS = 0xcbf29ce484222325n;
var MASK = 0xffffffffffffffffn;
function digest(text2) {
  let hash = BASIS;
  for (let at = 0; at < text2.length; at += 1) {
    hash = (hash ^ BigInt(text2.charCodeAt(at))) * PRIME & MASK;
  }
  return hash.toString(16).padStart(16, "0");
}

// src/report/fitting.ts
function fitting2(parts, max) {
  let size = 0;
  let end = 0;
  for (const part of parts) {
    size += bytes(part) + 2;
    if (size > max) break;
    end += 1;
  }
  return { kept: parts.slice(0, end), left: parts.length - end };
}
var more = (left, where2) => left > 0 ? `

… and ${left} more, see ${where2}.` : "";

// src/report/links.ts
var SAFE = /^https?:\/\/[\w.:/@%#~-]{1,500}$/;
var link = (text2, url) => url !== void 0 && SAFE.test(url) ? `[${text2}](${url})` : text2;
var uriPath = (path3) => path3.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "").split("/").map(
  (part) => encodeURIComponent(wellFormed(part)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`
  )
).join("/");
var lineUrl = (identity, path3, line2) => /^[0-9a-f]{40,64}$/.test(identity.sha) && !path3.startsWith("/") ? `${identity.serverUrl}/${identity.repository}/blob/${identity.sha}/${uriPath(path3)}#L${line2}` : void 0;
var docsUrl = (base, page) => base === void 0 || page === "" ? void 0 : `${base.replace(/\/+$/, "")}/${uriPath(page)}`;
var runLink = (identity, text2 = `run ${md(identity.runId, 40)}`) => link(text2, runUrl(identity));

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
  const { estimate: estimate2 } = hazard2;
  if (estimate2 === void 0) return work;
  const range = estimate2.lowMs === estimate2.highMs ? took(estimate2.highMs) : `${took(estimate2.lowMs)} to ${took(estimate2.highMs)}`;
  return work === "" ? `about ${range}` : `${work}, about ${range}`;
};
var where = (hazard2, place2) => link(code(`${hazard2.path}:${hazard2.line}`, 300), lineUrl(place2.identity, hazard2.path, hazard2.line));
var rule = (hazard2, place2) => link(code(hazard2.rule, 80), docsUrl(place2.docsBase, hazard2.docs));
function hazardTable(hazards, place2) {
  const rows = hazards.map((each) => [
    each.level === "block" ? "**block**" : each.level,
    `${md(each.title, 160)} (${rule(each, place2)})`,
    where(each, place2),
    md(list(each.tables, 3), 200),
    each.lock ?? "",
    takes(each)
  ]);
  const { kept: kept2, left } = fitting2(
    rows.map((row) => row.join(" | ")),
    place2.tableBytes
  );
  const head = ["level", "hazard", "where", "tables", "lock", "work"];
  return `${table(head, rows.slice(0, kept2.length))}${more(left, place2.rest)}`;
}
function explained(hazards, place2) {
  const parts = hazards.map((each) => one(each, place2));
  const { kept: kept2, left } = fitting2(parts, place2.explainedBytes);
  return `${kept2.join("\n\n")}${more(left, place2.rest)}`;
}
var ignoring = ({ rule: id }) => `-- guard-ignore ${oneLine(id, 80)}: your reason`;
function one(hazard2, place2) {
  const statement = hazard2.statement === "" ? "" : `: ${code(hazard2.statement, 200)}`;
  const instead = hazard2.suggestion === "" ? [] : [`Instead:

${fence(hazard2.suggestion, "sql", 1500)}`];
  return [
    `#### ${hazard2.level}: ${md(hazard2.title, 160)}`,
    `${where(hazard2, place2)}${statement}`,
    prose(hazard2.message, 1200),
    ...instead,
    hazard2.suppressible ? `To accept it, write above the statement:

${fence(ignoring(hazard2), "sql", 200)}` : `A comment in the file cannot accept this one; see ${rule(hazard2, place2)}.`
  ].join("\n\n");
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

// src/report/notice-markdown.ts
function noticeItem(notice, max) {
  const { what, next, run } = noticeWords(notice);
  const advice = next === void 0 ? "" : ` ${prose(next, max)}`;
  const command2 = run ? `

${indented(fence(run, "sh", 1e3))}` : "";
  return `- ${notice.level}: ${prose(what, max)}${advice}${command2}`;
}

// src/report/severity.ts
var rank = (hazard2) => HAZARD_LEVELS.indexOf(hazard2.level);
var order = (a, b) => a < b ? -1 : Number(a > b);
var bySeverity = (hazards) => [...hazards].sort(
  (a, b) => rank(a) - rank(b) || order(a.path, b.path) || a.line - b.line || order(a.rule, b.rule)
);
var tally = (hazards) => list(
  HAZARD_LEVELS.flatMap((level) => {
    const found2 = hazards.filter((each) => each.level === level).length;
    return found2 === 0 ? [] : [count(found2, level)];
  })
);

// src/report/comment.ts
var COMMENT_MAX_BYTES = 6e4;
var SHARE = {
  reasons: 9e3,
  hazards: 14e3,
  explained: 16e3,
  pending: 7e3,
  steps: 4e3,
  notices: 5e3
};
var MAX_EXPLAINED = 8;
var REST = "the job summary";
function commentMarker(run) {
  const project = (run.request?.workingDirectory ?? ".").replace(/^(?:\.\/+)+|\/+$/g, "") || ".";
  const key = `${harmless(project)} ${harmless(run.request?.instance ?? "")}`.trim();
  const short = key.length > 200 ? `${clip(key, 150).slice(0, -1)} ${digest(key)}` : key;
  return `<!-- guarded-migrate: ${short} -->`;
}
var harmless = (text2) => text2.replace(
  /[^A-Za-z0-9._/-]|-(?=-)|^-|-$/g,
  (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`
);
var isGreen = (run, hazards) => run.problems.length === 0 && hazards.length === 0;
function comment(run, hazards, options = {}) {
  const sections = [
    reasons(run, hazards),
    dangers(run, hazards, options.docsBase),
    pending(run),
    steps4(run),
    notices(run)
  ];
  const head = `${commentMarker(run)}
## Migration plan of ${md(spokenName(run), 80)}: ${heading(run, hazards)}`;
  const parts = [head, sentence2(run, hazards), ...sections.filter((each) => each !== "")];
  const end = footer(run);
  const { kept: kept2, left } = fitting2(parts, COMMENT_MAX_BYTES - bytes(end) - 200);
  const cut = left > 0 ? [`_${count(left, "section")} did not fit here, see ${REST}._`] : [];
  return wellFormed(`${[...kept2, ...cut, end].join("\n\n")}
`);
}
function heading(run, hazards) {
  if (run.problems.length > 0) return "a deploy would be refused";
  if (hazards.length > 0) return count(hazards.length, "hazard");
  if (run.pending?.length === 0)
    return run.database === void 0 ? "no migration added" : "nothing to deploy";
  if (isUnjudged(run)) return "hazards not judged";
  return run.pending !== void 0 && unseen(run).length > 0 ? "no hazards in what was looked at" : "no hazards";
}
function sentence2(run, hazards) {
  const found2 = hazards.length === 0 ? "No hazard was found in them." : `Hazards found in them: ${tally(hazards)}.`;
  const looked = "Nothing was changed: a plan only looks.";
  if (run.pending === void 0) {
    return hazards.length === 0 ? looked : `${count(hazards.length, "hazard")} (${tally(hazards)}). ${looked}`;
  }
  const not = unseenSentence(run);
  if (run.pending.length === 0 && run.database !== void 0)
    return `The database has every migration of this commit. ${looked}`;
  const isJudged = run.pending.length > 0 && !isUnjudged(run);
  const parts = [pendingSentence(run), isJudged ? found2 : "", not, looked];
  return parts.filter((each) => each !== "").join(" ");
}
function reasons(run, hazards) {
  const lines = run.problems.filter((each) => each.code !== "hazard-refused" || hazards.length === 0).map((each) => {
    const words = wordsIn(run, each);
    const command2 = words.run === void 0 ? "" : `

${indented(fence(words.run, "", 1500))}`;
    return `- ${prose(words.what, 600)} ${prose(words.next, 600)}${command2}`;
  });
  if (lines.length === 0) return "";
  const { kept: kept2, left } = fitting2(lines, SHARE.reasons);
  return `### Refused because

${kept2.join("\n")}${more(left, REST)}`;
}
function dangers(run, hazards, docsBase2) {
  if (hazards.length === 0) return "";
  const sorted = bySeverity(hazards);
  const place2 = {
    identity: run.identity,
    docsBase: docsBase2,
    tableBytes: SHARE.hazards,
    explainedBytes: SHARE.explained,
    rest: REST
  };
  const worst2 = sorted.filter((each) => each.level !== "notice").slice(0, MAX_EXPLAINED);
  const details = worst2.length === 0 ? "" : `

${explained(worst2, place2)}`;
  return `### Hazards

${hazardTable(sorted, place2)}${details}`;
}
function pending(run) {
  const all = run.plan?.pending ?? [];
  if (all.length === 0) return "";
  const rows = all.map((each) => [
    code(each.name, 255),
    String(each.statements),
    each.atomic ? "all or nothing" : "may stay half done"
  ]);
  const { kept: kept2, left } = fitting2(
    rows.map((row) => row.join(" | ")),
    SHARE.pending
  );
  const head = ["migration", "statements", "on failure"];
  return `### Pending migrations

${table(head, rows.slice(0, kept2.length))}${more(left, REST)}`;
}
function steps4(run) {
  const all = run.plan?.steps ?? [];
  if (all.length === 0) return "";
  const always2 = all.filter((each) => each.when === "always");
  const after = all.filter((each) => each.when === "on-failure");
  const told2 = [
    ...always2.map((each, index) => `${index + 1}. ${md(each.title, 300)}`),
    ...after.length === 0 ? [] : ["", "Only when it fails:", ""],
    ...after.map((each) => `- ${md(each.title, 300)}`)
  ];
  const { kept: kept2, left } = fitting2(told2, SHARE.steps);
  return `### What a deploy does

${kept2.join("\n")}${more(left, REST)}`;
}
function notices(run) {
  if (run.notices.length === 0) return "";
  const told2 = run.notices.map((each) => noticeItem(each, 500));
  const { kept: kept2, left } = fitting2(told2, SHARE.notices);
  return `### Also worth knowing

${kept2.join("\n")}${more(left, REST)}`;
}
var footer = ({ identity }) => `<sub>${runLink(identity)}, attempt ${md(identity.attempt, 10)}, commit ${code(identity.sha.slice(0, 12))}. The job summary of the run has everything.</sub>`;

// src/report/hazards.ts
var lineOf = ({ line: line2 }) => Number.isSafeInteger(line2) && line2 > 0 ? line2 : 1;

// src/report/sarif.ts
var MAX_RESULTS = 5e3;
var LEVELS = { block: "error", error: "error", warning: "warning", notice: "note" };
var SEVERITIES = { block: "error", error: "error", warning: "warning", notice: "recommendation" };
function sarif(hazards, options) {
  const { identity, category } = options;
  const shown2 = bySeverity(hazards).slice(0, MAX_RESULTS);
  const ids = [...new Set(shown2.map((each) => each.rule))].sort();
  const repository = `${identity.serverUrl}/${identity.repository}`;
  const known3 = /^https?:\/\/[\w.:-]+\/[\w.-]+\/[\w.-]+$/.test(repository) && /^[0-9a-f]{40,64}$/.test(identity.sha);
  const provenance = known3 ? { versionControlProvenance: [{ repositoryUri: repository, revisionId: identity.sha }] } : {};
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Guarded Migrate", rules: ids.map((id) => ruleOf(id, shown2, options)) } },
        automationDetails: { id: `guarded-migrate/${uriPath(category)}/` },
        ...provenance,
        invocations: [invocation(options)],
        columnKind: "utf16CodeUnits",
        results: results(shown2, ids)
      }
    ]
  };
}
var invocation = ({ successful = true, notifications = [] }) => ({
  executionSuccessful: successful,
  ...notifications.length === 0 ? {} : {
    toolExecutionNotifications: notifications.map((each) => ({
      level: each.level,
      message: { text: text(each.text, 1e3) }
    }))
  }
});
function ruleOf(id, hazards, { rules, docsBase: docsBase2 }) {
  const about3 = rules?.find((each) => each.id === id);
  const own = hazards.filter((each) => each.rule === id);
  const worst2 = HAZARD_LEVELS.find((level) => own.some((each) => each.level === level)) ?? "notice";
  const title = text(about3?.title ?? own[0]?.title ?? id, 200);
  const help = text(about3?.help ?? own[0]?.message ?? id, 1e3);
  const helpUri = docsUrl(docsBase2, about3?.docs ?? own[0]?.docs ?? "");
  return {
    id: wellFormed(id),
    shortDescription: { text: title },
    fullDescription: { text: help },
    help: { text: help, markdown: wellFormed(prose(about3?.help ?? own[0]?.message ?? id, 1e3)) },
    ...helpUri === void 0 ? {} : { helpUri },
    defaultConfiguration: { level: LEVELS[worst2] },
    properties: { tags: ["database", "migration"], "problem.severity": SEVERITIES[worst2] }
  };
}
function results(hazards, ids) {
  const seen2 = /* @__PURE__ */ new Map();
  return hazards.map((each) => {
    const key = digest(
      [each.rule, each.migration, oneLine(each.statement, 1e3), ...each.tables].join("\n")
    );
    const nth = (seen2.get(key) ?? 0) + 1;
    seen2.set(key, nth);
    const startLine = lineOf(each);
    const instead = each.suggestion === "" ? "" : ` Instead: ${oneLine(each.suggestion, 1e3)}`;
    return {
      ruleId: wellFormed(each.rule),
      ruleIndex: ids.indexOf(each.rule),
      level: LEVELS[each.level],
      message: { text: text(`${each.title}. ${each.message}${instead}`, 3e3) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriPath(each.path), uriBaseId: "%SRCROOT%" },
            region: { startLine, endLine: Math.max(startLine, lineOf({ line: each.endLine ?? 1 })) }
          }
        }
      ],
      // Lines move when a file is edited; what is done to which table does not.
      partialFingerprints: { "guardedMigrateHazard/v1": `${key}:${nth}` },
      properties: { level: each.level, migration: wellFormed(clip(plain(each.migration), 255)) }
    };
  });
}
var text = (given, max) => wellFormed(oneLine(given, max)).replace(/[<@]|\](?=\()|:(?=\/\/)/g, "$&​").replace(/^::/, ":​:") || " ";

// src/report/sarif-notifications.ts
var MOST = 50;
function sarifNotifications(run) {
  if (run.plan === void 0) {
    const problems = run.problems.slice(0, MOST).map((each) => wordsIn(run, each).what);
    const told2 = problems.length > 0 ? problems : ["The run ended before a plan was made."];
    return told2.map((text2) => ({ level: "error", text: `No plan was made. ${text2}` }));
  }
  const not = unseenSentence(run);
  return not === "" ? [] : [{ level: "warning", text: `${pendingSentence(run)} ${not}` }];
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

// src/app/publish-plan.ts
async function publishPlan(guard, folder, environment, scrub) {
  const { run } = guard;
  await writeSarif(guard, environment, scrub);
  if (run.plan === void 0) {
    if (run.problems.length > 0) await review(guard, environment, scrub);
    return void 0;
  }
  const file = await written(
    guard,
    import_node_path2.default.join(folder, "plan.json"),
    {
      version: PLAN_VERSION,
      plan: run.plan
    },
    scrub
  );
  await review(guard, environment, scrub);
  return file;
}
async function writeSarif(guard, environment, scrub) {
  const { sarifPath, workingDirectory, instance } = guard.request;
  if (sarifPath === void 0) return;
  const { plan: plan2, identity } = guard.run;
  const log = sarif(plan2?.hazards ?? [], {
    identity,
    category: `${workingDirectory}/${instance}`,
    rules: await about2(),
    docsBase: docsBase(environment),
    notifications: sarifNotifications(guard.run),
    successful: plan2 !== void 0
  });
  await written(guard, sarifPath, log, scrub);
}
async function about2() {
  const { RULES: RULES2 } = await Promise.resolve().then(() => __toESM(require("./hazards.cjs"), 1));
  return RULES2.map(({ id, title, why: why2, remedy }) => ({
    id,
    title,
    help: `${why2} ${remedy}`,
    docs: `docs/hazards/${id}.md`
  }));
}
async function written(guard, file, value, scrub) {
  try {
    return await (await guard.ports.workspace()).write(file, `${scrub(JSON.stringify(value, null, 2))}
`);
  } catch (error) {
    const { detail, fields } = firstProblem(error);
    guard.warn("report-unwritable", { detail, ...fields.what === void 0 ? {} : { what: fields.what } });
    return void 0;
  }
}
function unwritten(guard, done) {
  if (done !== "refused" && done !== "no-token") return;
  const detail = done === "refused" ? "GitHub refused the token, which may only read in a pull request from a fork" : "there is no token, as in a pull request from a fork that gets no secrets";
  guard.emit({ type: "notice", notice: { code: "review-failed", level: "notice", fields: { detail } } });
}
async function review(guard, environment, scrub) {
  const { run } = guard;
  const hazards = run.plan?.hazards ?? [];
  try {
    const body = scrub(comment(run, hazards, { docsBase: docsBase(environment) }));
    const when2 = isGreen(run, hazards) ? "if-there" : "always";
    const done = await (await guard.ports.review()).comment(commentMarker(run), body, when2);
    if (when2 === "always") unwritten(guard, done);
  } catch (error) {
    guard.warn("review-failed", { detail: firstProblem(error).detail });
  }
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  cleanup,
  deploy,
  makePlan,
  planner,
  promote,
  publishPlan,
  rollback,
  runDoctor,
  startGuard,
  tell
});
