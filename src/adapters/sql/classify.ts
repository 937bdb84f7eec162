import type { Statement, StatementKind } from '../../domain/sql.ts';
import { callsUnknown } from './functions.ts';
import { isTree, nodeOf, options, some, type Tree, textOf } from './tree.ts';

type Class = Pick<Statement, 'kind' | 'transaction' | 'setting'>;
type Rule = (fields: Tree) => Class;

const kind = (name: StatementKind): Class => ({ kind: name });
const always =
  (name: StatementKind): Rule =>
  () =>
    kind(name);

const TRANSACTION: Readonly<Record<string, NonNullable<Statement['transaction']>>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_COMMIT_PREPARED: 'commit',
  TRANS_STMT_PREPARE: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'savepoint',
  TRANS_STMT_ROLLBACK_TO: 'savepoint',
};

const WRITES = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];

/** A CTE may write below a SELECT, and SELECT INTO makes a table. */
const writesInside = (tree: unknown): boolean =>
  some(tree, (key) => WRITES.includes(key) || key === 'intoClause');

const query: Rule = (fields) => {
  const writing = writesInside(fields);
  if (callsUnknown(fields, writing)) return kind('opaque');
  return kind(writing ? 'write' : 'read');
};

const write: Rule = (fields) => kind(callsUnknown(fields, true) ? 'opaque' : 'write');

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW: rows from a query, or from EXECUTE. */
const tableAs: Rule = (fields) =>
  nodeOf(fields.query).type === 'ExecuteStmt' ? kind('opaque') : write({ query: fields.query });

const copy: Rule = (fields) => {
  if (fields.is_program === true) return kind('opaque');
  if (fields.is_from === true) return kind('write');
  if (fields.filename !== undefined) return kind('opaque');
  return fields.query === undefined ? kind('read') : classifyNode(fields.query);
};

const explain: Rule = (fields) =>
  options(fields.options).includes('analyze') ? classifyNode(fields.query) : kind('read');

const set: Rule = (fields) => ({
  kind: 'session',
  setting: fields.kind === 'VAR_RESET_ALL' ? 'all' : textOf(fields.name).toLowerCase(),
});

const concurrently = (fields: Tree): boolean => fields.concurrent === true;

const alterTable: Rule = (fields) =>
  kind(
    some(fields.cmds, (key, node) => key === 'PartitionCmd' && concurrently(node)) ? 'maintenance' : 'schema',
  );

/** Only a table or an index can be rebuilt inside a transaction. */
const reindex: Rule = (fields) =>
  kind(
    options(fields.params).includes('concurrently') || !/_(TABLE|INDEX)$/.test(textOf(fields.kind))
      ? 'maintenance'
      : 'schema',
  );

/** RESTART moves a sequence, which no fingerprint and no counter shows. */
const alterSequence: Rule = (fields) =>
  kind(options(fields.options).includes('restart') ? 'opaque' : 'schema');

const alterDatabase: Rule = (fields) =>
  kind(options(fields.options).includes('tablespace') ? 'maintenance' : 'schema');

const RULES: Readonly<Record<string, Rule>> = {
  SelectStmt: query,
  InsertStmt: write,
  UpdateStmt: write,
  DeleteStmt: write,
  MergeStmt: write,
  TruncateStmt: always('write'),
  RefreshMatViewStmt: always('write'),
  CreateTableAsStmt: tableAs,
  CopyStmt: copy,
  ExplainStmt: explain,
  VariableShowStmt: always('read'),
  LockStmt: always('read'),
  CheckPointStmt: always('read'),
  DeclareCursorStmt: (fields) => classifyNode(fields.query),
  FetchStmt: always('opaque'),
  ClosePortalStmt: always('session'),
  ListenStmt: always('session'),
  UnlistenStmt: always('session'),
  DeallocateStmt: always('session'),
  ConstraintsSetStmt: () => ({ kind: 'session', setting: 'constraints' }),
  VariableSetStmt: set,
  DiscardStmt: (fields) =>
    fields.target === 'DISCARD_ALL' ? { kind: 'session', setting: 'all' } : kind('session'),
  TransactionStmt: (fields) => {
    const which = TRANSACTION[textOf(fields.kind)];
    return which === undefined ? kind('opaque') : { kind: 'transaction', transaction: which };
  },
  IndexStmt: (fields) => kind(concurrently(fields) ? 'maintenance' : 'schema'),
  DropStmt: (fields) => kind(concurrently(fields) ? 'maintenance' : 'schema'),
  AlterTableStmt: alterTable,
  AlterSeqStmt: alterSequence,
  ReindexStmt: reindex,
  // ANALYZE is a VacuumStmt, too; it fills the catalog and may run in a transaction.
  VacuumStmt: (fields) => kind(fields.is_vacuumcmd === true ? 'maintenance' : 'schema'),
  ClusterStmt: (fields) => kind(isTree(fields.relation) ? 'schema' : 'maintenance'),
  CreatedbStmt: always('maintenance'),
  DropdbStmt: always('maintenance'),
  AlterSystemStmt: always('maintenance'),
  CreateTableSpaceStmt: always('maintenance'),
  DropTableSpaceStmt: always('maintenance'),
  AlterDatabaseStmt: alterDatabase,
};

/** Statements that change the catalog and nothing else. Whatever is named nowhere here is opaque. */
const SCHEMA = new Set(
  `AccessPriv AlterCollationStmt AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt AlterDefaultPrivilegesStmt
  AlterDomainStmt AlterEnumStmt AlterEventTrigStmt AlterExtensionContentsStmt AlterFdwStmt AlterForeignServerStmt
  AlterFunctionStmt AlterObjectDependsStmt AlterObjectSchemaStmt AlterOpFamilyStmt AlterOperatorStmt AlterOwnerStmt
  AlterPolicyStmt AlterPublicationStmt AlterRoleSetStmt AlterRoleStmt AlterStatsStmt AlterTableMoveAllStmt
  AlterTableSpaceOptionsStmt AlterTSConfigurationStmt AlterTSDictionaryStmt AlterTypeStmt AlterUserMappingStmt
  CommentStmt CompositeTypeStmt CreateAmStmt CreateCastStmt CreateConversionStmt CreateDomainStmt CreateEnumStmt
  CreateEventTrigStmt CreateFdwStmt CreateForeignServerStmt CreateForeignTableStmt CreateFunctionStmt
  CreateOpClassStmt CreateOpFamilyStmt CreatePLangStmt CreatePolicyStmt CreatePublicationStmt CreateRangeStmt
  CreateRoleStmt CreateSchemaStmt CreateSeqStmt CreateStatsStmt CreateStmt CreateTransformStmt CreateTrigStmt
  CreateUserMappingStmt DefineStmt DropOwnedStmt DropRoleStmt DropUserMappingStmt GrantRoleStmt GrantStmt
  ImportForeignSchemaStmt ReassignOwnedStmt RenameStmt RuleStmt SecLabelStmt ViewStmt`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** What kind of statement a parse tree is; `opaque` whenever that is not certain. */
export function classifyNode(tree: unknown): Class {
  const { type, fields } = nodeOf(tree);
  const rule = RULES[type];
  if (rule !== undefined) return rule(fields);
  return kind(SCHEMA.has(type) ? 'schema' : 'opaque');
}
