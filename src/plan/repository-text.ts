/** A file of the repository; `path` relative to its root, with forward slashes. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export type FileKind = 'package' | 'workflow' | 'dockerfile' | 'shell' | 'other';

/** Names that say by themselves that nobody deploys with them. */
const DEVELOPMENT = /(?:^|[./_-])(?:dev|devel|development|test|tests|local|ci|e2e)(?:[./_-]|$)/i;

export function kindOf(path: string): FileKind {
  const name = path.split('/').at(-1) ?? path;
  if (name === 'package.json') return 'package';
  if (/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) return 'workflow';
  if (/^\.github\/actions\/.*\/?action\.ya?ml$/.test(path)) return 'workflow';
  if (/^(?:Docker|Container)file(?:\..+)?$|\.(?:docker|container)file$/i.test(name))
    return DEVELOPMENT.test(name) || DEVELOPMENT.test(path.slice(0, -name.length)) ? 'other' : 'dockerfile';
  return name.endsWith('.sh') ? 'shell' : 'other';
}

/**
 * The text with everything blanked out that does not run: comments, and jobs of a workflow with a database of their
 * own. Line continuations, quotes and the brackets of Docker's exec form become spaces. Same length, same lines but
 * for continued ones, which are joined where they begin.
 */
export function readable(file: TextFile, kind: FileKind): string {
  const lines = file.text.replaceAll('\r\n', '\n').split('\n');
  const running = kind === 'workflow' ? withoutThrowaways(lines) : lines;
  const plain = running.map((line) => (kind === 'dockerfile' ? dockerLine(line) : withoutComment(line)));
  return joinContinued(plain).replace(/["'[\],]/g, ' ');
}

/** In a Dockerfile `#` begins a comment only at the start of a line; in its shell commands the usual rule holds. */
const dockerLine = (line: string): string => (/^\s*#/.test(line) ? '' : withoutComment(line));

function withoutComment(line: string): string {
  let quote = '';
  for (let index = 0; index < line.length; index += 1) {
    const sign = line[index] ?? '';
    if (quote !== '') {
      if (sign === quote) quote = '';
    } else if ((sign === '"' || sign === "'") && closes(line, index)) quote = sign;
    else if (sign === '#' && (index === 0 || /\s/.test(line[index - 1] ?? ''))) return line.slice(0, index);
  }
  return line;
}

/** An apostrophe in prose opens nothing. */
const closes = (line: string, index: number): boolean => line.indexOf(line[index] ?? '', index + 1) > index;

/** Joined in the first line; the following ones are left empty, so that line numbers stay. */
function joinContinued(lines: readonly string[]): string {
  const result: string[] = [];
  let into = -1;
  for (const line of lines) {
    const goesOn = /\\\s*$/.test(line);
    const text = line.replace(/\\\s*$/, ' ');
    if (into < 0) {
      into = goesOn ? result.length : -1;
      result.push(text);
    } else {
      result[into] = `${result[into]} ${text.trim()} `;
      result.push('');
      if (!goesOn) into = -1;
    }
  }
  return result.join('\n');
}

const OWN_DATABASE =
  /^\s+services:\s*$|docker[ -]compose\b.*\bup\b|docker run\b.*(?:postgres|mysql|mariadb)|pg_ctl|initdb|mysqld\b|systemctl start (?:mysql|mariadb)|service (?:mysql|mariadb) start|supabase (?:db )?start|(?:postgres(?:ql)?|mysql):\/\/[^\s"'@]*@(?:localhost|127\.0\.0\.1|postgres|mysql|mariadb|db|database)[:/]/i;

/** A job that starts its own database, or talks to one on its own machine, may do with it what it likes. */
function withoutThrowaways(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => /^jobs:\s*(?:#.*)?$/.test(line));
  if (start < 0) return lines;
  const indent =
    lines
      .slice(start + 1)
      .find((line) => /^\s+[\w"'-]+\s*:/.test(line))
      ?.search(/\S/) ?? 2;
  const heads = lines.flatMap((line, index) =>
    index > start && line.search(/\S/) === indent && !line.trim().startsWith('#') ? [index] : [],
  );
  const blank = new Set<number>();
  // What stands above the jobs (`env:`) holds for all of them.
  const shared = lines.slice(0, start).some((line) => OWN_DATABASE.test(line));
  for (const [position, head] of heads.entries()) {
    const end = heads[position + 1] ?? lines.length;
    if (!shared && !lines.slice(head, end).some((line) => OWN_DATABASE.test(line))) continue;
    for (let index = head; index < end; index += 1) blank.add(index);
  }
  return lines.map((line, index) => (blank.has(index) ? '' : line));
}
