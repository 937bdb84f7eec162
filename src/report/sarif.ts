import { HAZARD_LEVELS, type Hazard } from '../domain/hazard.ts';
import type { RunIdentity } from '../domain/request.ts';
import { digest } from './digest.ts';
import { lineOf } from './hazards.ts';
import { docsUrl, uriPath } from './links.ts';
import { prose } from './markdown.ts';
import type { SarifNotification } from './sarif-notifications.ts';
import { bySeverity } from './severity.ts';
import { clip, oneLine, plain, wellFormed } from './words.ts';

/** What one rule says about itself; without it the rule is described by its first hazard. */
export interface RuleAbout {
  readonly id: string;
  readonly title: string;
  /** Plain sentences. */
  readonly help: string;
  /** Page, relative to the project's own root. */
  readonly docs: string;
}

export interface SarifOptions {
  readonly identity: RunIdentity;
  /** Tells several projects of one repository apart: working directory and DB instance. */
  readonly category: string;
  readonly rules?: readonly RuleAbout[] | undefined;
  readonly docsBase?: string | undefined;
  /** False when there was no plan to take results from: none is then no all-clear. Default true. */
  readonly successful?: boolean;
  readonly notifications?: readonly SarifNotification[];
}

/** Code scanning takes 25,000 results and shows 5,000 (docs.github.com, "SARIF support for code scanning"). */
const MAX_RESULTS = 5_000;
const LEVELS = { block: 'error', error: 'error', warning: 'warning', notice: 'note' } as const;
const SEVERITIES = { block: 'error', error: 'error', warning: 'warning', notice: 'recommendation' } as const;

/** A SARIF 2.1.0 log (docs.oasis-open.org/sarif) of the hazards, for code scanning. Plain JSON. */
export function sarif(hazards: readonly Hazard[], options: SarifOptions): Readonly<Record<string, unknown>> {
  const { identity, category } = options;
  const shown = bySeverity(hazards).slice(0, MAX_RESULTS);
  const ids = [...new Set(shown.map((each) => each.rule))].sort();
  const repository = `${identity.serverUrl}/${identity.repository}`;
  const known =
    /^https?:\/\/[\w.:-]+\/[\w.-]+\/[\w.-]+$/.test(repository) && /^[0-9a-f]{40,64}$/.test(identity.sha);
  const provenance = known
    ? { versionControlProvenance: [{ repositoryUri: repository, revisionId: identity.sha }] }
    : {};
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Guarded Migrate', rules: ids.map((id) => ruleOf(id, shown, options)) } },
        automationDetails: { id: `guarded-migrate/${uriPath(category)}/` },
        ...provenance,
        invocations: [invocation(options)],
        columnKind: 'utf16CodeUnits',
        results: results(shown, ids),
      },
    ],
  };
}

const invocation = ({ successful = true, notifications = [] }: SarifOptions): unknown => ({
  executionSuccessful: successful,
  ...(notifications.length === 0
    ? {}
    : {
        toolExecutionNotifications: notifications.map((each) => ({
          level: each.level,
          message: { text: text(each.text, 1_000) },
        })),
      }),
});

function ruleOf(id: string, hazards: readonly Hazard[], { rules, docsBase }: SarifOptions): unknown {
  const about = rules?.find((each) => each.id === id);
  const own = hazards.filter((each) => each.rule === id);
  const worst = HAZARD_LEVELS.find((level) => own.some((each) => each.level === level)) ?? 'notice';
  // Without a description of the rule, the first words have to do: a message names tables of one file.
  const title = text(about?.title ?? own[0]?.title ?? id, 200);
  const help = text(about?.help ?? own[0]?.message ?? id, 1_000);
  const helpUri = docsUrl(docsBase, about?.docs ?? own[0]?.docs ?? '');
  return {
    id: wellFormed(id),
    shortDescription: { text: title },
    fullDescription: { text: help },
    help: { text: help, markdown: wellFormed(prose(about?.help ?? own[0]?.message ?? id, 1_000)) },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: LEVELS[worst] },
    properties: { tags: ['database', 'migration'], 'problem.severity': SEVERITIES[worst] },
  };
}

function results(hazards: readonly Hazard[], ids: readonly string[]): readonly unknown[] {
  const seen = new Map<string, number>();
  return hazards.map((each) => {
    const key = digest(
      [each.rule, each.migration, oneLine(each.statement, 1_000), ...each.tables].join('\n'),
    );
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    const startLine = lineOf(each);
    const instead = each.suggestion === '' ? '' : ` Instead: ${oneLine(each.suggestion, 1_000)}`;
    return {
      ruleId: wellFormed(each.rule),
      ruleIndex: ids.indexOf(each.rule),
      level: LEVELS[each.level],
      message: { text: text(`${each.title}. ${each.message}${instead}`, 3_000) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriPath(each.path), uriBaseId: '%SRCROOT%' },
            region: { startLine, endLine: Math.max(startLine, lineOf({ line: each.endLine ?? 1 })) },
          },
        },
      ],
      // Lines move when a file is edited; what is done to which table does not.
      partialFingerprints: { 'guardedMigrateHazard/v1': `${key}:${nth}` },
      properties: { level: each.level, migration: wellFormed(clip(plain(each.migration), 255)) },
    };
  });
}

/**
 * One line of plain text. Readers show it as HTML or Markdown, or follow `[text](link)` as the format allows, so
 * what could be one of these is taken apart with a zero-width space.
 */
const text = (given: string, max: number): string =>
  wellFormed(oneLine(given, max))
    .replace(/[<@]|\](?=\()|:(?=\/\/)/g, '$&\u200b')
    .replace(/^::/, ':\u200b:') || ' ';
