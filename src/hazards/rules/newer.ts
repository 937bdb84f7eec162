import { textOf, walk } from '../../domain/syntax.ts';
import { type FileRule, fileRule } from '../file-rule.ts';

/** Nodes of the PostgreSQL 18 grammar that older servers refuse. */
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
  ({ file, version }) =>
    file.statements.flatMap(({ tree }, index) => {
      if (version >= 180000) return [];
      const found = walk(tree).flatMap(({ node }): readonly string[] => {
        if (node.contype === 'CONSTR_GENERATED' && node.generated_kind === 'v') return ['VIRTUAL'];
        if (node.contype === 'CONSTR_NOTNULL' && node.skip_validation === true)
          return ['NOT NULL … NOT VALID'];
        const enforced = /^CONSTR_(?:CHECK|FOREIGN)$/.test(textOf(node.contype));
        return enforced && node.is_enforced !== true ? ['NOT ENFORCED'] : [];
      });
      return found.length === 0
        ? []
        : [{ tables: [], subject: '', index, detail: `Needs PostgreSQL 18: ${found.join(', ')}.` }];
    }),
);

export const NEWER_RULES: readonly FileRule[] = [newer];
