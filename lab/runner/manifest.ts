/** Reads what a runner needs from an `action.yml`: nested maps and scalars, the whole of what ours contains. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Manifest {
  readonly main: string;
  readonly post: string | undefined;
  readonly postIf: string;
  /** Declared inputs in order, with their defaults; '' where there is none, as the runner has it. */
  readonly inputs: ReadonlyMap<string, string>;
}

type Node = string | Tree;
interface Tree {
  readonly [key: string]: Node;
}

/** Throws when the file has no `runs.main`. */
export function readManifest(folder: string): Manifest {
  const tree = parseYaml(readFileSync(join(folder, 'action.yml'), 'utf8'));
  const runs = branch(tree.runs);
  const main = leaf(runs.main);
  if (main === undefined) throw new Error('action.yml has no runs.main.');
  const inputs = Object.entries(branch(tree.inputs)).map(
    ([name, body]) => [name, leaf(branch(body).default) ?? ''] as const,
  );
  return {
    main: join(folder, main),
    post: runs.post === undefined ? undefined : join(folder, leaf(runs.post) ?? ''),
    postIf: leaf(runs['post-if']) ?? 'always()',
    inputs: new Map(inputs),
  };
}

function branch(node: Node | undefined): Tree {
  return typeof node === 'object' ? node : {};
}

function leaf(node: Node | undefined): string | undefined {
  return typeof node === 'string' ? node : undefined;
}

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Maps by indentation, plain and quoted scalars, block scalars. Throws at anything else. */
export function parseYaml(text: string): Tree {
  const lines = text.split(/\r?\n/).map((line) => ({ indent: line.search(/\S|$/), text: line }));
  const [tree] = parseMap(lines, 0, 0);
  return tree;
}

function parseMap(lines: readonly Line[], start: number, indent: number): readonly [Tree, number] {
  const tree: Record<string, Node> = {};
  let at = start;
  for (;;) {
    const line = lines[at];
    if (line === undefined) return [tree, at];
    if (isBlank(line)) {
      at += 1;
      continue;
    }
    if (line.indent < indent) return [tree, at];
    const match = /^\s*(?:'([^']*)'|"([^"]*)"|([^\s:#'"][^:]*)):(?:\s+(.*))?$/.exec(line.text);
    if (match === null || line.indent > indent) throw new Error(`action.yml, line ${at + 1}: ${line.text}`);
    const [node, next] = parseValue(lines, at, indent, (match[4] ?? '').trim());
    tree[match[1] ?? match[2] ?? match[3] ?? ''] = node;
    at = next;
  }
}

function parseValue(
  lines: readonly Line[],
  at: number,
  indent: number,
  rest: string,
): readonly [Node, number] {
  if (/^[|>][+-]?$/.test(rest)) return parseBlock(lines, at + 1, indent, rest);
  if (rest !== '' && !rest.startsWith('#')) return [parseScalar(rest), at + 1];
  const next = lines.findIndex((line, index) => index > at && !isBlank(line));
  const child = lines[next];
  if (child === undefined || child.indent <= indent) return ['', at + 1];
  return parseMap(lines, next, child.indent);
}

function parseBlock(
  lines: readonly Line[],
  start: number,
  indent: number,
  style: string,
): readonly [string, number] {
  const body: string[] = [];
  let at = start;
  for (let line = lines[at]; line !== undefined; line = lines[at]) {
    if (line.text.trim() !== '' && line.indent <= indent) break;
    body.push(line.text.trim());
    at += 1;
  }
  const text = body.join(style.startsWith('>') ? ' ' : '\n').trimEnd();
  return [style.endsWith('-') ? text : `${text}\n`, at];
}

function parseScalar(text: string): string {
  const single = /^'((?:[^']|'')*)'/.exec(text)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  const double = /^"(?:[^"\\]|\\.)*"/.exec(text)?.[0];
  if (double !== undefined) return String(JSON.parse(double));
  return text.replace(/\s+#.*$/, '');
}

function isBlank(line: Line): boolean {
  return /^\s*(#.*)?$/.test(line.text);
}
