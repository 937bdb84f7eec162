/** A small reader of the Prisma schema language: finds the `datasource` block, whatever comments and strings say. */

/** Where a property of the datasource takes its value from. */
export type Source =
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'other' };

export interface Datasource {
  readonly name: string;
  readonly provider: string | undefined;
  readonly url: Source | undefined;
  readonly directUrl: Source | undefined;
  readonly schemas: readonly string[];
}

type Token =
  | { readonly kind: 'word' | 'sign'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string };

/** Comment, string, word, or a single sign. A string never spans lines. */
const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"((?:[^"\\\n]|\\.)*)"|([\p{L}_][\p{L}\p{N}_-]*)|(\S)/gu;

function tokens(schema: string): readonly Token[] {
  return [...schema.matchAll(TOKEN)].flatMap(([, text, word, sign]): readonly Token[] => {
    if (text !== undefined) return [{ kind: 'string', text: unquoted(text) }];
    if (word !== undefined) return [{ kind: 'word', text: word }];
    return sign === undefined ? [] : [{ kind: 'sign', text: sign }];
  });
}

function unquoted(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}

const isSign = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'sign' && token.text === text;

/** The first `datasource` block of a schema file; undefined when it has none. */
export function readDatasource(schema: string): Datasource | undefined {
  const all = tokens(schema);
  let depth = 0;
  for (const [index, token] of all.entries()) {
    const opens = depth === 0 && token.kind === 'word' && token.text === 'datasource';
    const name = all[index + 1];
    if (opens && name?.kind === 'word' && isSign(all[index + 2], '{'))
      return block(name.text, all.slice(index + 3));
    if (isSign(token, '{')) depth += 1;
    if (isSign(token, '}')) depth = Math.max(0, depth - 1);
  }
  return undefined;
}

function block(name: string, rest: readonly Token[]): Datasource {
  const properties = new Map<string, readonly Token[]>();
  const end = rest.findIndex((token) => isSign(token, '}'));
  const inside = end < 0 ? rest : rest.slice(0, end);
  for (const [index, token] of inside.entries()) {
    if (token.kind === 'word' && isSign(inside[index + 1], '='))
      properties.set(token.text, inside.slice(index + 2));
  }
  const provider = source(properties.get('provider'));
  return {
    name,
    provider: provider?.kind === 'literal' ? provider.value : undefined,
    url: source(properties.get('url')),
    directUrl: source(properties.get('directUrl')),
    schemas: list(properties.get('schemas')),
  };
}

/** `"text"`, `env("NAME")`, or something else. */
function source(value: readonly Token[] | undefined): Source | undefined {
  if (value === undefined) return undefined;
  const [first, open, name, close] = value;
  if (first?.kind === 'string') return { kind: 'literal', value: first.text };
  const isEnv = first?.kind === 'word' && first.text === 'env' && isSign(open, '(') && isSign(close, ')');
  return isEnv && name?.kind === 'string' ? { kind: 'env', name: name.text } : { kind: 'other' };
}

function list(value: readonly Token[] | undefined): readonly string[] {
  if (value === undefined || !isSign(value[0], '[')) return [];
  const end = value.findIndex((token) => isSign(token, ']'));
  return value
    .slice(1, end < 0 ? undefined : end)
    .flatMap((token) => (token.kind === 'string' ? [token.text] : []));
}
