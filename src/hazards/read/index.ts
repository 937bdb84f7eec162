import { type AnalysedStatement, isTree, listOf, nodeOf, type Tree, textOf } from '../../domain/syntax.ts';
import type { Operation } from '../operation.ts';
import { readAlterTable } from './alter.ts';
import { CHANGE_READERS } from './change.ts';
import { CREATE_READERS } from './create.ts';
import { integer } from './names.ts';
import { ROW_READERS } from './rows.ts';

type Reader = (fields: Tree) => readonly Operation[];

const settingValue = (args: unknown): string | undefined => {
  const [first] = listOf(args);
  const { fields } = nodeOf(first);
  const number = integer(first);
  if (number !== undefined) return String(number);
  const text = isTree(fields.sval) ? fields.sval.sval : undefined;
  if (typeof text === 'string') return text;
  return isTree(fields.fval) ? textOf(fields.fval.fval) : undefined;
};

const setting =
  (lasting: boolean): Reader =>
  (fields) => [
    {
      op: 'setting',
      name: fields.kind === 'VAR_RESET_ALL' ? 'all' : textOf(fields.name).toLowerCase(),
      value: fields.kind === 'VAR_SET_VALUE' ? (settingValue(fields.args) ?? '') : undefined,
      local: fields.is_local === true,
      lasting,
    },
  ];

const nestedSetting: Reader = (fields) => (isTree(fields.setstmt) ? setting(true)(fields.setstmt) : []);

const READERS: Readonly<Record<string, Reader>> = {
  ...CREATE_READERS,
  ...CHANGE_READERS,
  ...ROW_READERS,
  AlterTableStmt: readAlterTable,
  VariableSetStmt: setting(false),
  AlterRoleSetStmt: nestedSetting,
  AlterDatabaseSetStmt: nestedSetting,
  DiscardStmt: (fields) =>
    fields.target === 'DISCARD_ALL'
      ? [{ op: 'setting', name: 'all', value: undefined, local: false, lasting: false }]
      : [],
};

/** Statements that are opaque to the judge because they leave no trace, not because they may do anything. */
const HARMLESS = new Set(['CopyStmt', 'DropStmt', 'DropdbStmt', 'AlterSeqStmt', 'FetchStmt', 'NotifyStmt']);

/** What a statement does, in words the rules read. */
export function operationsOf(statement: AnalysedStatement): readonly Operation[] {
  const { type, fields } = nodeOf(statement.tree);
  const found = READERS[type]?.(fields) ?? [];
  if (statement.kind !== 'opaque' || HARMLESS.has(type) || found.some(({ op }) => op === 'opaque'))
    return found;
  return [...found, { op: 'opaque', what: statement.label.split(' ')[0] ?? 'statement' }];
}
