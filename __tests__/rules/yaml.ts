/** The part of YAML that our workflows use: maps and lists by indentation, scalars, block scalars, flow lists. */

export type Yaml = string | readonly Yaml[] | Tree;
export interface Tree {
  readonly [key: string]: Yaml;
}

interface Line {
  readonly indent: number;
  readonly text: string;
  readonly number: number;
}

/** Every scalar stays text. Throws, with the line, at anything else. */
export function parseYaml(source: string): Tree {
  const lines = source
    .split('\n')
    .map((text, index) => ({ indent: text.search(/\S|$/), text: text.trim(), number: index + 1 }));
  const [node] = parseNode(lines, 0, 0);
  return branch(node);
}

export const branch = (node: Yaml | undefined): Tree =>
  typeof node === 'object' && !Array.isArray(node) ? (node as Tree) : {};
export const items = (node: Yaml | undefined): readonly Yaml[] =>
  Array.isArray(node) ? (node as readonly Yaml[]) : [];

type Read<T> = readonly [T, number];
const blank = ({ text }: Line): boolean => text === '' || text.startsWith('#');
const skip = (lines: readonly Line[], at: number): number => {
  let next = at;
  for (let line = lines[next]; line !== undefined && blank(line); line = lines[next]) next += 1;
  return next;
};

function parseNode(lines: readonly Line[], from: number, indent: number): Read<Yaml> {
  const at = skip(lines, from);
  return lines[at]?.text.startsWith('- ') ? parseList(lines, at, indent) : parseMap(lines, at, indent);
}

function parseList(lines: readonly Line[], from: number, indent: number): Read<readonly Yaml[]> {
  const list: Yaml[] = [];
  let at = from;
  for (;;) {
    at = skip(lines, at);
    const line = lines[at];
    if (line === undefined || line.indent < indent || !line.text.startsWith('- ')) return [list, at];
    const rest = line.text.slice(2);
    if (!isEntry(rest)) {
      list.push(scalar(rest, line));
      at += 1;
      continue;
    }
    // The first key of a map stands behind the hyphen; the others are indented like it.
    const inner = [...lines];
    inner[at] = { ...line, indent: line.indent + 2, text: rest };
    const [node, next] = parseMap(inner, at, line.indent + 2);
    list.push(node);
    at = next;
  }
}

const ENTRY = /^("[^"]*"|'[^']*'|[\w.-]+):(?:\s+(.*))?$/;
const isEntry = (text: string): boolean => ENTRY.test(text);

function parseMap(lines: readonly Line[], from: number, indent: number): Read<Tree> {
  const tree: Record<string, Yaml> = {};
  let at = from;
  for (;;) {
    at = skip(lines, at);
    const line = lines[at];
    if (line === undefined || line.indent < indent) return [tree, at];
    const [, key, rest = ''] = ENTRY.exec(line.text) ?? [];
    if (key === undefined || line.indent > indent) throw new Error(`line ${line.number}: ${line.text}`);
    const [node, next] = parseValue(lines, at, rest);
    tree[key.replace(/^["']|["']$/g, '')] = node;
    at = next;
  }
}

function parseValue(lines: readonly Line[], at: number, rest: string): Read<Yaml> {
  const line = lines[at] as Line;
  if (/^[|>][+-]?$/.test(rest)) return parseBlock(lines, at + 1, line.indent);
  if (rest !== '' && !rest.startsWith('#')) return [scalar(rest, line), at + 1];
  const next = skip(lines, at + 1);
  const child = lines[next];
  const deeper = child !== undefined && child.indent > line.indent;
  return deeper ? parseNode(lines, next, child.indent) : ['', at + 1];
}

function parseBlock(lines: readonly Line[], from: number, indent: number): Read<string> {
  const body: string[] = [];
  let at = from;
  for (let line = lines[at]; line !== undefined; line = lines[at]) {
    if (line.text !== '' && line.indent <= indent) break;
    body.push(line.text);
    at += 1;
  }
  return [body.join('\n').trimEnd(), at];
}

function scalar(text: string, line: Line): Yaml {
  const single = /^'((?:[^']|'')*)'\s*(?:#.*)?$/.exec(text)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  const double = /^("(?:[^"\\]|\\.)*")\s*(?:#.*)?$/.exec(text)?.[1];
  if (double !== undefined) return String(JSON.parse(double));
  const bare = text.replace(/\s+#.*$/, '');
  if (bare === '{}') return {};
  if (/^\[.*\]$/.test(bare)) {
    const inside = bare.slice(1, -1).trim();
    return inside === '' ? [] : inside.split(',').map((each) => scalar(each.trim(), line));
  }
  if (/^[{[&*!'"]/.test(bare)) throw new Error(`line ${line.number}: ${text}`);
  return bare;
}
