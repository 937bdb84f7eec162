import { type Tree, textOf, walk } from '../../domain/syntax.ts';
import { type FileRule, fileRule } from '../file-rule.ts';

interface Syntax {
  readonly words: string;
  /** `server_version_num` of the first server that reads it. */
  readonly since: number;
  readonly isHere: (node: Tree, key: string) => boolean;
}

/** Nodes of the PostgreSQL 18 grammar that older servers refuse, by the release notes of 14 to 18. */
const NEWER: readonly Syntax[] = [
  {
    words: 'VIRTUAL',
    since: 180000,
    isHere: (node) => node.contype === 'CONSTR_GENERATED' && node.generated_kind === 'v',
  },
  {
    words: 'NOT NULL … NOT VALID',
    since: 180000,
    isHere: (node) => node.contype === 'CONSTR_NOTNULL' && node.skip_validation === true,
  },
  {
    words: 'NOT ENFORCED',
    since: 180000,
    isHere: (node) => /^CONSTR_(?:CHECK|FOREIGN)$/.test(textOf(node.contype)) && node.is_enforced !== true,
  },
  { words: 'WITHOUT OVERLAPS', since: 180000, isHere: (node) => node.without_overlaps === true },
  { words: 'PERIOD', since: 180000, isHere: (node) => node.fk_with_period === true },
  { words: 'SET EXPRESSION', since: 170000, isHere: (node) => node.subtype === 'AT_SetExpression' },
  { words: 'MERGE', since: 150000, isHere: (_, key) => key === 'MergeStmt' },
  { words: 'NULLS NOT DISTINCT', since: 150000, isHere: (node) => node.nulls_not_distinct === true },
  {
    words: 'DETACH PARTITION … CONCURRENTLY',
    since: 140000,
    isHere: (node, key) => key === 'PartitionCmd' && node.concurrent === true,
  },
];

const newer = fileRule(
  {
    id: 'newer-than-server',
    squawk: [],
    title: 'The server is too old for this syntax',
    category: 'fails',
    safe: 'The server is as new as the syntax.',
    mode: 'both',
    why: 'The statement is read by the grammar of PostgreSQL 18; this server refuses it (42601).',
    remedy: 'Write it in the syntax of your server, or upgrade first.',
    rewrite: '',
  },
  ({ file, version }) => {
    const unknown = NEWER.filter(({ since }) => version < since);
    if (unknown.length === 0) return [];
    return file.statements.flatMap(({ tree }, index) => {
      const nodes = walk(tree);
      return unknown
        .filter(({ isHere }) => nodes.some(({ node, key }) => isHere(node, key)))
        .map(({ words, since }) => ({
          tables: [],
          subject: '',
          index,
          detail: `${words} needs PostgreSQL ${since / 10_000}.`,
        }));
    });
  },
);

export const NEWER_RULES: readonly FileRule[] = [newer];
