/** Removes secrets from text that leaves the process, in every form in which tools print them. */
export interface Scrubber {
  /** From now on every form of this value is replaced. Values of up to three characters are ignored. */
  add(secret: string): void;
  scrub(text: string): string;
}

const MASK = '***';
/** Shorter ones would blank out ordinary words. */
const SHORTEST = 4;
/** A line of a multi-line secret (a key in PEM) is a secret of its own from this length on. */
const SHORTEST_LINE = 8;

/** `[pattern, replacement]`: what is secret by its shape, whoever printed it. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@"'`]{0,256}):[^\s"'`]*@/gi, `$1:${MASK}@`],
  [/(https?:\/\/hooks\.slack(?:-gov)?\.com\/)[^\s"'`<>]+/gi, `$1${MASK}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, MASK],
  [/\b((?:ssl)?password|pwd|pgpassword|mysql_pwd)=(?:'[^']*'|"[^"]*"|[^\s&;"']+)/gi, `$1=${MASK}`],
  [
    /\b(aws_?(?:secret_?access_?key|session_?token)|x-amz-(?:security-token|signature|credential))(["']?\s*[=:]\s*["']?)[^\s&"',;]+/gi,
    `$1$2${MASK}`,
  ],
];

/** The value as it is, percent-encoded and decoded, JSON-escaped, and in base64; longest first. */
export function secretForms(secret: string): readonly string[] {
  const forms = new Set<string>();
  for (const value of new Set([secret, decoded(secret), ...longLines(secret)])) {
    const bytes = Buffer.from(value, 'utf8');
    forms.add(value);
    for (const encoded of percentEncoded(value)) forms.add(encoded);
    forms.add(JSON.stringify(value).slice(1, -1));
    // Without padding, so that the padded form matches too.
    forms.add(bytes.toString('base64').replace(/=+$/, ''));
    forms.add(bytes.toString('base64url'));
  }
  return [...forms].filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

export function createScrubber(): Scrubber {
  const forms = new Set<string>();
  let pattern: RegExp | undefined;
  const hide = (text: string): string => {
    if (pattern === undefined) return text;
    // A mask beside its neighbours can spell a secret made of asterisks; every pass shortens the text, so it ends.
    let now = text;
    for (let next = now.replace(pattern, MASK); next !== now; next = now.replace(pattern, MASK)) now = next;
    return now;
  };
  return {
    add(secret) {
      if (secret.length < SHORTEST) return;
      for (const form of secretForms(secret)) forms.add(form);
      const longestFirst = [...forms].sort((a, b) => b.length - a.length);
      pattern = new RegExp(longestFirst.map((form) => literal(form)).join('|'), 'g');
    },
    scrub: (text) =>
      hide(SHAPES.reduce((shown, [shape, replacement]) => shown.replace(shape, replacement), hide(text))),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function percentEncoded(text: string): readonly string[] {
  const component = encodeURIComponent(wellFormed(text));
  const strict = component.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const lowerCase = (encoded: string) => encoded.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
  const form = component.replaceAll('%20', '+');
  return [component, strict, form, lowerCase(component), lowerCase(strict)];
}

const longLines = (text: string): readonly string[] =>
  /[\r\n]/.test(text) ? text.split(/[\r\n]+/).filter((line) => line.length >= SHORTEST_LINE) : [];

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A lone surrogate cannot be percent-encoded. */
const wellFormed = (text: string): string =>
  text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
