import type { AnalysedFile, SqlComment } from '../domain/syntax.ts';

/** A comment that silences rules. */
export interface Ignore {
  readonly kind: 'guard' | 'squawk';
  /** Rule ids as written; empty for squawk's "all rules". */
  readonly rules: readonly string[];
  readonly reason: string;
  readonly line: number;
  /** Index of the statement it is about; undefined for the whole file. */
  readonly index: number | undefined;
}

const GUARD = /^guard-ignore(-file)?(?![\w-])\s*([^:]*)(?::([\s\S]*))?$/;
const SQUAWK = /^squawk-ignore(-file)?(?![\w-])\s*([\w\-, \t]*)/;

const bare = (text: string): string =>
  text.startsWith('--') ? text.replace(/^--+/, '').trim() : text.replace(/^\/\*+|\*+\/$/g, '').trim();

const words = (list: string): readonly string[] =>
  list
    .split(/[\s,]+/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** The statement a comment is in, stands right behind, or stands before. */
function statementOf({ statements }: AnalysedFile, comment: SqlComment): number | undefined {
  const inside = statements.findIndex(
    ({ offset, text }) => offset < comment.offset && comment.offset < offset + text.length,
  );
  if (inside !== -1) return inside;
  const trailing = statements.findLastIndex(
    ({ offset, endLine }) => offset < comment.offset && endLine === comment.line,
  );
  if (trailing !== -1) return trailing;
  const next = statements.findIndex(({ offset }) => offset > comment.offset);
  return next === -1 ? undefined : next;
}

export function ignoresIn(file: AnalysedFile): readonly Ignore[] {
  return file.comments.flatMap((comment): readonly Ignore[] => {
    const text = bare(comment.text);
    const guard = GUARD.exec(text);
    const found = guard ?? SQUAWK.exec(text);
    if (found === null) return [];
    const whole = found[1] !== undefined;
    const index = whole ? undefined : (statementOf(file, comment) ?? -1);
    return [
      {
        kind: guard === null ? 'squawk' : 'guard',
        rules: words(found[2] ?? ''),
        reason: (guard?.[3] ?? '').trim(),
        line: comment.line,
        index,
      },
    ];
  });
}

/** Whether an ignore silences a finding of this rule at this statement. */
export function silences(
  ignore: Ignore,
  finding: { readonly id: string; readonly squawk: readonly string[]; readonly index: number | undefined },
): boolean {
  if (ignore.index !== undefined && ignore.index !== finding.index) return false;
  if (ignore.kind === 'guard') return ignore.reason !== '' && ignore.rules.includes(finding.id);
  if (finding.squawk.length === 0) return false;
  return ignore.rules.length === 0 || finding.squawk.some((each) => ignore.rules.includes(each));
}
