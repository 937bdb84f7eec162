import { leavesTransactionOpen } from '../domain/atomicity.ts';
import type { Notice, NoticeCode } from '../domain/event.ts';
import type { InstanceFacts, ProjectFacts } from '../domain/facts.ts';
import type { HistoryComparison } from '../domain/history.ts';
import type { Predecessor } from '../domain/predecessor.ts';
import type { ParsedFile } from '../domain/sql.ts';

const note = (code: NoticeCode, level: Notice['level'], fields: Record<string, string> = {}): Notice => ({
  code,
  level,
  fields,
});

/** Things in the history that decide nothing but that a reviewer wants to know. */
export const historyNotices = (comparison: HistoryComparison): readonly Notice[] => [
  ...comparison.edited.map((migration) => note('migration-edited', 'warning', { migration })),
  ...comparison.gone.map((migration) => note('migration-gone', 'warning', { migration })),
  ...comparison.outOfOrder.map((migration) => note('migration-out-of-order', 'warning', { migration })),
];

/** Settings of ours that a file would lift for itself and for every file after it. */
const LIMITS = new Set(['statement_timeout', 'lock_timeout', 'client_connection_check_interval']);

/** What the pending files themselves give away. */
export function fileNotices(files: readonly ParsedFile[], project: ProjectFacts): readonly Notice[] {
  const paths = new Map(project.migrations.map((each) => [each.name, each.path]));
  return files.flatMap((file) => {
    const about = (line?: number): Record<string, string> => ({
      migration: file.migration,
      path: paths.get(file.migration) ?? '',
      ...(line === undefined ? {} : { line: String(line) }),
    });
    const found: Notice[] = file.oddities.map((oddity) =>
      note('file-oddity', 'warning', { ...about(1), oddity }),
    );
    if (file.syntaxError !== undefined) {
      found.push(
        note('file-syntax', 'warning', {
          ...about(file.syntaxError.line),
          message: file.syntaxError.message,
        }),
      );
    }
    for (const statement of file.statements) {
      if (statement.setting !== undefined && (LIMITS.has(statement.setting) || statement.setting === 'all')) {
        found.push(
          note('file-resets-limits', 'warning', { ...about(statement.line), setting: statement.setting }),
        );
      }
    }
    if (leavesTransactionOpen(file.statements)) {
      const begin = file.statements.findLast((each) => each.transaction === 'begin');
      found.push(
        note('file-unbalanced-transaction', 'warning', {
          ...about(begin?.line),
          ...(begin === undefined ? { by: 'autocommit' } : {}),
        }),
      );
    }
    return found;
  });
}

/** An earlier run that did not reach its end, and whose history shows no damage. */
export const predecessorNotice = ({ run, phase, snapshot, restoreTime }: Predecessor): Notice =>
  note('predecessor-unfinished', 'warning', {
    run,
    phase,
    snapshot: snapshot.identifier,
    ...(restoreTime === undefined ? {} : { restoreTime }),
  });

/** Properties of the DB instance that matter after a restore. */
export function targetNotices(instance: InstanceFacts, host: string): readonly Notice[] {
  const found: Notice[] = [];
  const address = instance.endpoint?.address;
  if (address !== undefined && address.toLowerCase() !== host.toLowerCase()) {
    found.push(
      note('endpoint-differs', 'warning', { instance: instance.identifier, endpoint: address, host }),
    );
  }
  if (instance.iamAuthentication)
    found.push(note('iam-authentication', 'notice', { resourceId: instance.resourceId }));
  if (instance.managedPassword)
    found.push(note('managed-password', 'notice', { instance: instance.identifier }));
  return found;
}
