/**
 * The `options` of a startup packet: words separated by white space, in which a backslash protects the next
 * character (PostgreSQL, `pg_split_opts`). Settings are written `-c name=value`, `-cname=value` or `--name=value`.
 */
const WORD = /(?:\\[\s\S]|[^\s\\]|\\$)+/g;

/** PostgreSQL reads `--lock-timeout` and `LOCK_TIMEOUT` as `lock_timeout`. */
const settingName = (assignment: string): string =>
  (assignment.split('=')[0] ?? '').toLowerCase().replaceAll('-', '_');

/** The same options without the named settings (lower case); the other words are kept as written, in order. */
export function withoutSettings(options: string, names: ReadonlySet<string>): string {
  const words = options.match(WORD) ?? [];
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const next = words[index + 1];
    if (word === '-c' && next !== undefined) {
      index += 1;
      if (!names.has(settingName(next))) kept.push(word, next);
      continue;
    }
    const assignment = /^(?:--|-c)(.*)$/s.exec(word)?.[1];
    if (assignment === undefined || !names.has(settingName(assignment))) kept.push(word);
  }
  return kept.join(' ');
}
