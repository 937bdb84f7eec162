import type { Hazard, HazardRequest, LockMode } from '../domain/hazard.ts';
import { isAtLeast } from '../domain/hazard.ts';
import type { AnalysedFile } from '../domain/syntax.ts';
import type { FileMatch, FileSite, Seen } from './file-rule.ts';
import { type Weight, weigh } from './level.ts';
import { strongest } from './locks.ts';
import { messageOf } from './message.ts';
import type { Operation } from './operation.ts';
import { applyOperation } from './overlay.ts';
import { operationsOf } from './read/index.ts';
import type { Match, RuleText, Site } from './rule.ts';
import { FILE_RULES, RULES_OF } from './rules/index.ts';
import { type Placement, placementsOf } from './transactions.ts';
import type { World } from './world.ts';

/** A hazard with what suppression needs to know of it. */
export interface Finding {
  readonly hazard: Hazard;
  readonly rule: RuleText;
  /** Index of its statement; undefined for the file. */
  readonly index: number | undefined;
}

export interface FileCase {
  readonly request: HazardRequest;
  readonly world: World;
  readonly version: number;
  readonly file: AnalysedFile;
  readonly fileIndex: number;
}

interface Found {
  readonly rule: RuleText;
  readonly match: FileMatch & { readonly clause?: number };
  readonly weight: Weight;
}

function hazardOf({ request, file }: FileCase, { rule, match, weight }: Found): Hazard {
  const statement = match.index === undefined ? undefined : file.statements[match.index];
  const clause = match.clause === undefined ? undefined : statement?.clauseLines[match.clause];
  const line = clause ?? match.line ?? statement?.line ?? 1;
  const { lock, work, estimate, category } = weight;
  const strict = category === 'data-loss' || category === 'partial';
  const accepted = strict && request.allowDataLoss.includes(file.migration);
  return {
    rule: rule.id,
    level: accepted ? 'notice' : weight.level,
    title: rule.title,
    migration: file.migration,
    path: file.path,
    line,
    ...(statement === undefined || clause !== undefined ? {} : { endLine: statement.endLine }),
    statement: statement?.label ?? '',
    tables: [...new Set([...match.tables, ...(match.also ?? [])].map(({ label }) => label))],
    ...(lock === undefined ? {} : { lock }),
    ...(work === undefined ? {} : { work }),
    ...(estimate === undefined ? {} : { estimate }),
    message: `${messageOf(rule, weight, match, request)}${accepted ? ' Accepted by allow-data-loss.' : ''}`,
    suggestion: match.suggestion ?? rule.rewrite,
    docs: `docs/hazards/${rule.id}.md`,
    suppressible: !strict,
  };
}

function found(
  rule: RuleText,
  match: Match | undefined,
  request: HazardRequest,
  more: Partial<FileMatch> & { readonly clause?: number },
): readonly Found[] {
  const weight = match === undefined ? undefined : weigh(rule, match, request);
  return match === undefined || weight === undefined ? [] : [{ rule, match: { ...match, ...more }, weight }];
}

function atStatement(site: Site): readonly Found[] {
  return site.operations.flatMap((operation) =>
    (RULES_OF.get(operation.op) ?? []).flatMap((rule) =>
      found(rule, rule.match(operation, site), site.request, {
        index: site.index,
        ...(operation.clause === undefined ? {} : { clause: operation.clause }),
      }),
    ),
  );
}

const seenOf = ({ rule, match, weight }: Found): Seen => ({
  rule: rule.id,
  index: match.index ?? 0,
  category: weight.category,
  lock: weight.lock,
  work: weight.work,
  match,
  severe: isAtLeast(weight.level, 'error'),
});

/** The same finding twice at one place says nothing new. */
function distinct(list: readonly Found[]): readonly Found[] {
  const keys = new Set<string>();
  return list.filter(({ rule, match }) => {
    const key = [rule.id, match.index, match.clause, match.subject, match.detail].join('\0');
    return keys.has(key) ? false : keys.add(key);
  });
}

/** Indexes of the statements of each transaction. */
function companiesOf(placements: readonly Placement[]): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const [index, { transaction }] of placements.entries()) {
    const company = found.get(transaction);
    if (company === undefined) found.set(transaction, [index]);
    else company.push(index);
  }
  return found;
}

/** Applies a file to the world, and gives what the rules find on the way. */
export function hazardsOfFile(the: FileCase): readonly Finding[] {
  const { request, world, version, file, fileIndex } = the;
  const all: readonly (readonly Operation[])[] = file.statements.map(operationsOf);
  const placements = placementsOf(file.statements, request.splitsStatements);
  const base = world.begin(placements.length);
  const companies = companiesOf(placements);
  const locks: ReadonlyMap<string, LockMode>[] = [];
  const own = file.statements.flatMap((statement, index): readonly Found[] => {
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
        transaction,
      },
      explicit: placement.explicit,
    });
    locks.push(strongest(operations, world));
    for (const operation of operations) applyOperation(world, operation, { file: fileIndex, transaction });
    return result;
  });
  const site: FileSite = {
    request,
    file,
    fileIndex,
    version,
    world,
    all,
    placements,
    locks,
    seen: own.map(seenOf),
  };
  const whole = FILE_RULES.flatMap((rule) =>
    rule.find(site).flatMap((match) => found(rule, match, request, {})),
  );
  return distinct([...own, ...whole]).map((each) => ({
    hazard: hazardOf(the, each),
    rule: each.rule,
    index: each.match.index,
  }));
}

/** Applies a file that has run already. */
export function applyFile(world: World, file: AnalysedFile, fileIndex: number): void {
  const transaction = world.begin(1);
  for (const operation of file.statements.flatMap(operationsOf))
    applyOperation(world, operation, { file: fileIndex, transaction });
}
