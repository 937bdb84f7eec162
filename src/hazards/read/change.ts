import { listOf, nodeOf, options, strings, type Tree, textOf } from '../../domain/syntax.ts';
import type { DropKind, Name, Operation } from '../operation.ts';
import { qualified, rangeName, rangeNames } from './names.ts';

type Reader = (fields: Tree) => readonly Operation[];

const DROPS: Readonly<Record<string, DropKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_FOREIGN_TABLE: 'table',
  OBJECT_INDEX: 'index',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'domain',
  OBJECT_SCHEMA: 'schema',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_EXTENSION: 'extension',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_ROUTINE: 'function',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_RULE: 'rule',
};

/** The parts of a dropped object's name, whatever node carries it. */
function partsOf(value: unknown): readonly string[] {
  const { type, fields } = nodeOf(value);
  if (type === 'List') return strings(fields.items);
  if (type === 'TypeName') return strings(fields.names);
  if (type === 'ObjectWithArgs') return strings(fields.objname);
  return type === 'String' ? [textOf(fields.sval)] : [];
}

const drop: Reader = (fields) => {
  const what = DROPS[textOf(fields.removeType)] ?? 'other';
  const parts = listOf(fields.objects).map(partsOf);
  const onTable = what === 'trigger' || what === 'policy' || what === 'rule';
  return [
    {
      op: 'drop',
      what,
      names: parts.flatMap((each) => qualified(each) ?? []),
      cascade: fields.behavior === 'DROP_CASCADE',
      concurrent: fields.concurrent === true,
      table: onTable ? qualified((parts[0] ?? []).slice(0, -1)) : undefined,
    },
  ];
};

const nameOf = (fields: Tree): Name | undefined =>
  rangeName(fields.relation) ?? qualified(partsOf(fields.object));

const rename: Reader = (fields) => {
  const name = nameOf(fields);
  const to = textOf(fields.newname);
  if (name === undefined) return [];
  switch (fields.renameType) {
    case 'OBJECT_TABLE':
    case 'OBJECT_MATVIEW':
      return [{ op: 'rename-table', table: name, to }];
    case 'OBJECT_COLUMN':
      return fields.relationType === 'OBJECT_TABLE'
        ? [{ op: 'rename-column', table: name, column: textOf(fields.subname), to }]
        : [];
    case 'OBJECT_TABCONSTRAINT':
      return [{ op: 'rename-constraint', table: name, from: textOf(fields.subname), to }];
    case 'OBJECT_INDEX':
      return [{ op: 'rename-index', index: name, to }];
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      return [{ op: 'rename-type', type: name, to }];
    default:
      return [];
  }
};

const setSchema: Reader = (fields) => {
  const table = rangeName(fields.relation);
  return table === undefined ? [] : [{ op: 'set-schema', table, to: textOf(fields.newschema) }];
};

const truncate: Reader = (fields) => [
  { op: 'truncate', tables: rangeNames(fields.relations), cascade: fields.behavior === 'DROP_CASCADE' },
];

const refresh: Reader = (fields) => {
  const view = rangeName(fields.relation);
  return view === undefined
    ? []
    : [{ op: 'refresh', view, concurrent: fields.concurrent === true, withData: fields.skipData !== true }];
};

const reindex: Reader = (fields) => {
  const kind = /_(TABLE|INDEX)$/.exec(textOf(fields.kind))?.[1];
  return [
    {
      op: 'reindex',
      what: kind === 'TABLE' ? 'table' : kind === 'INDEX' ? 'index' : 'other',
      name: rangeName(fields.relation),
      concurrent: options(fields.params).includes('concurrently'),
    },
  ];
};

const cluster: Reader = (fields) => {
  const table = rangeName(fields.relation);
  return table === undefined ? [] : [{ op: 'rewrite-table', table, how: 'CLUSTER' }];
};

const vacuum: Reader = (fields) => {
  if (!options(fields.options).includes('full')) return [];
  return listOf(fields.rels).flatMap((each) => {
    const table = rangeName(nodeOf(each).fields.relation);
    return table === undefined ? [] : [{ op: 'rewrite-table', table, how: 'VACUUM FULL' } as const];
  });
};

/** ACCESS EXCLUSIVE and EXCLUSIVE are 8 and 7 (lockdefs.h). */
const lock: Reader = (fields) => [
  { op: 'lock-table', tables: rangeNames(fields.relations), exclusive: Number(fields.mode) >= 5 },
];

const revoke: Reader = (fields) =>
  fields.is_grant === true || fields.objtype !== 'OBJECT_TABLE'
    ? []
    : [{ op: 'revoke', tables: rangeNames(fields.objects) }];

export const CHANGE_READERS: Readonly<Record<string, Reader>> = {
  DropStmt: drop,
  DropdbStmt: (fields) => [
    {
      op: 'drop',
      what: 'database',
      names: [{ schema: undefined, name: textOf(fields.dbname) }],
      cascade: false,
      concurrent: false,
      table: undefined,
    },
  ],
  RenameStmt: rename,
  AlterObjectSchemaStmt: setSchema,
  TruncateStmt: truncate,
  RefreshMatViewStmt: refresh,
  ReindexStmt: reindex,
  ClusterStmt: cluster,
  VacuumStmt: vacuum,
  LockStmt: lock,
  GrantStmt: revoke,
};
