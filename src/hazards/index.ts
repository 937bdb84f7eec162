import { HAZARD_LEVELS, type Hazard, type HazardRequest } from '../domain/hazard.ts';
import type { AnalysedFile } from '../domain/syntax.ts';
import { applyFile, type Finding, hazardsOfFile } from './file.ts';
import type { RuleText } from './rule.ts';
import { NOT_ALLOWED, UNUSED, WITHOUT_REASON } from './rules/ignores.ts';
import { RULES } from './rules/index.ts';
import { type Ignore, ignoresIn, silences } from './suppress.ts';
import { World } from './world.ts';

const NEWEST = 180000;

function aboutIgnore(
  rule: RuleText,
  file: AnalysedFile,
  { line, rules }: Ignore,
  level: Hazard['level'],
): Hazard {
  return {
    rule: rule.id,
    level,
    title: rule.title,
    migration: file.migration,
    path: file.path,
    line,
    statement: '',
    tables: [],
    message: `${rule.title}${rules.length === 0 ? '' : ` (${rules.join(', ')})`}. ${rule.why} ${rule.remedy}`,
    suggestion: rule.rewrite,
    docs: `docs/hazards/${rule.id}.md`,
    suppressible: false,
  };
}

/** What is to be said about a comment of ours; squawk's are not ours to judge. */
function complaint(ignore: Ignore, file: AnalysedFile, findings: readonly Finding[]): readonly Hazard[] {
  if (ignore.kind === 'squawk') return [];
  if (ignore.reason === '') return [aboutIgnore(WITHOUT_REASON, file, ignore, 'warning')];
  const hit = findings.filter(({ rule, index }) => silences(ignore, { ...rule, index }));
  if (hit.some(({ hazard }) => !hazard.suppressible))
    return [aboutIgnore(NOT_ALLOWED, file, ignore, 'warning')];
  const idle = ignore.rules.filter((id) => !hit.some(({ rule }) => rule.id === id));
  const told = { ...ignore, rules: idle };
  return idle.length > 0 || ignore.rules.length === 0 ? [aboutIgnore(UNUSED, file, told, 'notice')] : [];
}

function afterIgnores(file: AnalysedFile, findings: readonly Finding[]): readonly Hazard[] {
  const ignores = ignoresIn(file);
  const kept = findings.filter(
    ({ hazard, rule, index }) =>
      !hazard.suppressible || !ignores.some((each) => silences(each, { ...rule, index })),
  );
  return [...kept.map(({ hazard }) => hazard), ...ignores.flatMap((each) => complaint(each, file, findings))];
}

/**
 * Every hazard of the pending set: files in the order given, in a file by line, worst first. Pure; never throws for
 * any SQL. A file that the grammar refuses gives `unreadable-file`, and what comes after it is judged without it.
 */
export function findHazards(request: HazardRequest): readonly Hazard[] {
  const world = new World(request.catalog);
  if (request.catalog === undefined) for (const file of request.applied ?? []) applyFile(world, file, -1);
  world.settle();
  const version = request.serverVersion ?? request.catalog?.serverVersion ?? NEWEST;
  return request.files.flatMap((file, fileIndex) => {
    const findings = hazardsOfFile({ request, world, version, file, fileIndex });
    return [...afterIgnores(file, findings)].sort(
      (left, right) =>
        left.line - right.line || HAZARD_LEVELS.indexOf(left.level) - HAZARD_LEVELS.indexOf(right.level),
    );
  });
}

export { liveChecks } from './questions.ts';
export type { RuleText };
/** What each rule says about itself. */
export { RULES };
