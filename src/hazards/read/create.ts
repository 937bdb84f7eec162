import { isTree, listOf, nodeOf, strings, type Tree, textOf } from '../../domain/syntax.ts';
import type { Name, Operation } from '../operation.ts';
import { columnOf, constraintOf } from './columns.ts';
import { qualified, rangeName, rangeNames, tablesIn } from './names.ts';

type Reader = (fields: Tree) => readonly Operation[];

/** Reads the table of a statement; nothing when it names none. */
const on =
  (field: string, read: (table: Name, fields: Tree) => Operation): Reader =>
  (fields) => {
    const table = rangeName(fields[field]);
    return table === undefined ? [] : [read(table, fields)];
  };

const ofType =
  (field: string, read: (type: Name, fields: Tree) => readonly Operation[]): Reader =>
  (fields) => {
    const type = qualified(strings(fields[field]));
    return type === undefined ? [] : read(type, fields);
  };

const createTable = on('relation', (table, fields) => {
  const elements = listOf(fields.tableElts);
  return {
    op: 'create-table',
    table,
    columns: elements.flatMap((each) => {
      const { type, fields: column } = nodeOf(each);
      return type === 'ColumnDef' ? [columnOf(column)] : [];
    }),
    constraints: elements.flatMap((each) => constraintOf(each) ?? []),
    partitionOf: fields.partbound === undefined ? undefined : rangeNames(fields.inhRelations)[0],
    ifNotExists: fields.if_not_exists === true,
  };
});

const createTableAs: Reader = (fields) => {
  const table = isTree(fields.into) ? rangeName(fields.into.rel) : undefined;
  if (table === undefined) return [];
  const view = fields.objtype === 'OBJECT_MATVIEW';
  return [{ op: 'create-table-as', table, reads: tablesIn(fields.query), view }];
};

const createIndex = on('relation', (table, fields) => ({
  op: 'create-index',
  table,
  index: textOf(fields.idxname) || undefined,
  unique: fields.unique === true,
  concurrent: fields.concurrent === true,
  only: isTree(fields.relation) && fields.relation.inh !== true,
  ifNotExists: fields.if_not_exists === true,
}));

const alterEnum = ofType('typeName', (type, fields) => {
  const value = textOf(fields.newVal);
  return fields.oldVal === undefined
    ? [{ op: 'add-enum-value', type, value }]
    : [{ op: 'rename-enum-value', type, value: textOf(fields.oldVal) }];
});

/** `C` adds a constraint, `O` sets NOT NULL (AlterDomainStmt in parsenodes.h). */
const alterDomain = ofType('typeName', (type, fields) => {
  if (fields.subtype !== 'C' && fields.subtype !== 'O' && !/Constraint|NotNull/.test(textOf(fields.subtype)))
    return [];
  if (/Drop|Validate/.test(textOf(fields.subtype))) return [];
  return [{ op: 'constrain-domain', type, notValid: nodeOf(fields.def).fields.skip_validation === true }];
});

const createFunction = ofType('funcname', (name, fields) => {
  const volatility = listOf(fields.options)
    .map((each) => nodeOf(each).fields)
    .find((each) => each.defname === 'volatility');
  const word = textOf(nodeOf(volatility?.arg).fields.sval);
  return [
    {
      op: 'create-function',
      function: name,
      volatility: word === 'immutable' || word === 'stable' ? word : 'volatile',
    },
  ];
});

export const CREATE_READERS: Readonly<Record<string, Reader>> = {
  CreateStmt: createTable,
  CreateTableAsStmt: createTableAs,
  IndexStmt: createIndex,
  CreateEnumStmt: ofType('typeName', (type) => [{ op: 'create-enum', type }]),
  AlterEnumStmt: alterEnum,
  CreateDomainStmt: ofType('domainname', (type, fields) => [
    { op: 'create-domain', type, checked: listOf(fields.constraints).length > 0 },
  ]),
  AlterDomainStmt: alterDomain,
  CreateFunctionStmt: createFunction,
  CreateTrigStmt: on('relation', (table, fields) => ({
    op: 'create-trigger',
    table,
    parent: rangeName(fields.constrrel),
  })),
  CreatePolicyStmt: on('table', (table) => ({
    op: 'table-object',
    table,
    what: 'CREATE POLICY',
    lock: 'ACCESS EXCLUSIVE',
  })),
  AlterPolicyStmt: on('table', (table) => ({
    op: 'table-object',
    table,
    what: 'ALTER POLICY',
    lock: 'ACCESS EXCLUSIVE',
  })),
  RuleStmt: on('relation', (table) => ({
    op: 'table-object',
    table,
    what: 'CREATE RULE',
    lock: 'ACCESS EXCLUSIVE',
  })),
  ViewStmt: on('view', (view, fields) => ({ op: 'create-view', view, replace: fields.replace === true })),
  CreateExtensionStmt: () => [{ op: 'opaque', what: 'CREATE EXTENSION' }],
};
