import { isIdentifier } from '../domain/names.ts';
import { Secret } from '../domain/secret.ts';
import { parseWindow, type WeeklyWindow, WINDOW_EXPECTED } from '../domain/window.ts';
import { DURATION_EXPECTED, parseDuration } from './duration.ts';

interface Common {
  /** One line of Markdown. */
  readonly description: string;
  /** Must have a value, be it from a fallback. */
  readonly required?: true;
  /** A mode that can do without a required one. */
  readonly optionalIn?: 'plan';
  /** Another input that stands in for a required one. */
  readonly instead?: 'db-cluster-identifier';
  /** Environment variables that are asked, in order, when the input is empty. */
  readonly fallback?: readonly string[];
}

/** What an input may hold. `default` is written as a user would write it. */
export type InputSpec = Common &
  (
    | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default: string }
    | { readonly kind: 'duration'; readonly default: string }
    | { readonly kind: 'count'; readonly min: number; readonly max: number; readonly default?: string }
    | { readonly kind: 'time' }
    | { readonly kind: 'boolean'; readonly default: 'true' | 'false' }
    | { readonly kind: 'list'; readonly default: string }
    | { readonly kind: 'text'; readonly pattern: RegExp; readonly expected: string }
    | { readonly kind: 'path'; readonly default?: string }
    | { readonly kind: 'identifier' }
    | { readonly kind: 'script' }
    | { readonly kind: 'url' }
    | { readonly kind: 'names' }
    | { readonly kind: 'window' }
    | {
        readonly kind: 'secret';
        readonly expected: string;
        /** What action.yml gives the runner; the parser itself has no default for a secret. */
        readonly actionDefault?: string;
      }
  );

export type Kind = InputSpec['kind'];
type SpecOf<K extends Kind> = Extract<InputSpec, { kind: K }>;

export type Value = string | number | boolean | readonly string[] | Secret | WeeklyWindow;

/** The value, or what would have been accepted. */
export type Reading = { readonly value: Value } | { readonly expected: string };

/** `text` is trimmed and not empty. */
type Reader<K extends Kind> = (text: string, spec: SpecOf<K>) => Reading;

const MAX_PATH = 1024;
const MAX_SCRIPT = 65_536;
const MAX_NAMES = 10;

const accept = (ok: boolean, value: Value, expected: string): Reading => (ok ? { value } : { expected });

/** Anything below the space, and DEL: in a name or a path it is always an accident. */
const hasControl = (text: string): boolean => /\p{Cc}/u.test(text);

const path: Reader<'path'> = (text) => {
  const plain = !hasControl(text) && text.length <= MAX_PATH;
  // Nobody expands `~` or `$HOME` here, a URL is no file, and a leading hyphen would be read as an option.
  const usable = plain && !/^[~$-]/.test(text) && !text.includes('://') && !/^(["']).*\1$/.test(text);
  return accept(usable, text, 'a file path, without ~, $VARIABLE, quotes or a leading hyphen');
};

const script: Reader<'script'> = (text) => {
  // YAML's `false` arrives as the command `false`, which always fails, and a URL is no command either:
  // after a good migration both would restore a database for nothing.
  const words = /^(?:true|false|null|yes|no|on|off|none|~)$/i.test(text) || /^https?:\/\/\S+$/i.test(text);
  const usable = !words && !text.includes('\0') && text.length <= MAX_SCRIPT;
  const value = text.replaceAll('\r\n', '\n');
  return accept(
    usable,
    value,
    'a shell script such as `curl -fsS https://example.com/health`; leave it out to run none',
  );
};

const list: Reader<'list'> = (text) => {
  const names = text.split(',').map((each) => each.trim());
  const usable =
    names.every((each) => /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(each)) &&
    new Set(names).size === names.length &&
    names.length <= MAX_NAMES;
  return accept(
    usable,
    names,
    'names of environment variables with commas between, each once, not their values',
  );
};

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

const url: Reader<'url'> = (text) => {
  const expected = 'an https URL such as https://hooks.slack.com/services/...';
  // The URL parser drops line breaks silently; a broken secret must be seen.
  if (/\s/.test(text) || !URL.canParse(text)) return { expected };
  const { protocol, hostname, pathname, username, password } = new URL(text);
  const safe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
  return accept(safe && pathname !== '/' && username === '' && password === '', new Secret(text), expected);
};

const count: Reader<'count'> = (text, { min, max }) => {
  const value = Number(text);
  const usable = /^(?:0|[1-9]\d{0,8})$/.test(text) && value >= min && value <= max;
  return accept(usable, value, `a whole number from ${min} to ${max}`);
};

const TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.0+)?(Z|[+-]\d{2}:\d{2})$/;

const time: Reader<'time'> = (text) => {
  const expected = 'a whole second with its time zone, such as 2026-03-01T12:00:00Z';
  const at = TIME.test(text) ? Date.parse(text) : Number.NaN;
  // 31 February is rolled over to March by the parser.
  const written = text.slice(0, 10);
  if (Number.isNaN(at) || new Date(`${written}T00:00:00Z`).toISOString().slice(0, 10) !== written)
    return { expected };
  return { value: new Date(at).toISOString().replace('.000Z', 'Z') };
};

const MAX_MIGRATIONS = 50;
const MIGRATION = /^(?!(?:true|false|all|yes|no|none)$)[\p{L}\p{N}_][\p{L}\p{N}_ .@+-]{0,254}$/iu;

/** Each release names its own: a pattern such as `*` would still be there at the next one. */
const names: Reader<'names'> = (text) => {
  // A line may end in a comma; an empty place between two commas is a slip.
  const lines = text.split('\n').map((line) => line.trim().replace(/,$/, ''));
  const found = lines
    .filter((line) => line !== '')
    .flatMap((line) => line.split(',').map((each) => each.trim()));
  const usable =
    found.length > 0 &&
    found.every((each) => MIGRATION.test(each) && !each.endsWith('.sql')) &&
    new Set(found).size === found.length &&
    found.length <= MAX_MIGRATIONS;
  return accept(
    usable,
    found,
    'names of migration folders such as 20260301120000_drop_legacy, each once, with commas or line breaks between',
  );
};

const window: Reader<'window'> = (text) => {
  const found = parseWindow(text);
  if ('spans' in found) return { value: found };
  // What is wrong quotes parts of the text, and a text in the wrong place may be a secret.
  return {
    expected: `${WINDOW_EXPECTED} (${found.wrong.replace(/"(?![A-Za-z\d:-]{1,11}")[^"]*"/g, 'a part of it')})`,
  };
};

/** Twenty characters and more in one piece; `Bearer …`, quotes and an expression that nobody evaluated are slips. */
const secret: Reader<'secret'> = (text, { expected }) =>
  accept(/^[A-Za-z0-9_.=+/~-]{20,4096}$/.test(text), new Secret(text), expected);

const readers: { readonly [K in Kind]: Reader<K> } = {
  choice: (text, { choices }) => accept(choices.includes(text), text, `one of: ${choices.join(', ')}`),
  duration: (text) => {
    const value = parseDuration(text);
    return value === undefined ? { expected: DURATION_EXPECTED } : { value };
  },
  count,
  time,
  boolean: (text) => accept(text === 'true' || text === 'false', text === 'true', 'true or false'),
  list,
  text: (text, { pattern, expected }) => accept(pattern.test(text), text, expected),
  path,
  identifier: (text) =>
    // AWS stores identifiers in lower case and answers with them so.
    accept(
      isIdentifier(text),
      text.toLowerCase(),
      'a DB instance identifier: at most 63 letters, digits and single hyphens, a letter first, no hyphen last; not an ARN or a host name',
    ),
  script,
  url,
  names,
  window,
  secret,
};

/** Reads one value; `text` is trimmed and not empty. Never throws. */
export const readValue = (text: string, spec: InputSpec): Reading =>
  // The table of readers has one entry per kind, each for exactly its spec; the compiler cannot pair them.
  (readers[spec.kind] as (text: string, spec: InputSpec) => Reading)(text, spec);

/** What a missing input should have held. */
export function expectation(spec: InputSpec): string {
  const reading = readValue('\0', spec);
  return 'expected' in reading ? reading.expected : spec.description;
}
