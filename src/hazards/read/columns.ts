import { listOf, nodeOf, strings, type Tree, textOf } from '../../domain/syntax.ts';
import type { NewColumn, NewConstraint } from '../operation.ts';
import { callsIn, rangeName, typeRef } from './names.ts';

const KINDS: Readonly<Record<string, NewConstraint['kind']>> = {
  CONSTR_CHECK: 'check',
  CONSTR_FOREIGN: 'foreign',
  CONSTR_PRIMARY: 'primary',
  CONSTR_UNIQUE: 'unique',
  CONSTR_EXCLUSION: 'exclusion',
  CONSTR_NOTNULL: 'not-null',
};

/** `c IS NOT NULL` and nothing else. */
function notNullTest(expression: unknown): string | undefined {
  const { type, fields } = nodeOf(expression);
  if (type !== 'NullTest' || fields.nulltesttype !== 'IS_NOT_NULL') return undefined;
  const reference = nodeOf(fields.arg);
  return reference.type === 'ColumnRef' ? strings(reference.fields.fields).at(-1) : undefined;
}

const columnsOf = (fields: Tree, kind: NewConstraint['kind']): readonly string[] => {
  if (kind === 'foreign') return strings(fields.fk_attrs);
  if (kind === 'exclusion')
    return listOf(fields.exclusions).flatMap((each) => {
      const element = nodeOf(listOf(nodeOf(each).fields.items)[0]).fields;
      return typeof element.name === 'string' ? [element.name] : [];
    });
  return strings(fields.keys);
};

/** A `Constraint` node; `owner`: the column it is written at. */
export function constraintOf(value: unknown, owner?: string): NewConstraint | undefined {
  const { type, fields } = nodeOf(value);
  const kind = KINDS[textOf(fields.contype)];
  if (type !== 'Constraint' || kind === undefined) return undefined;
  const columns = columnsOf(fields, kind);
  return {
    kind,
    name: textOf(fields.conname) || undefined,
    columns: columns.length === 0 && owner !== undefined ? [owner] : columns,
    notValid: fields.skip_validation === true,
    enforced: kind !== 'check' && kind !== 'foreign' ? true : fields.is_enforced === true,
    usingIndex: textOf(fields.indexname) || undefined,
    parent: rangeName(fields.pktable),
    parentColumns: strings(fields.pk_attrs),
    provesNotNull: kind === 'check' ? notNullTest(fields.raw_expr) : undefined,
  };
}

const SERIAL = /^(?:big|small)?serial[248]?$/;

/** A `ColumnDef`'s fields. */
export function columnOf(fields: Tree): NewColumn {
  const name = textOf(fields.colname);
  const type = typeRef(fields.typeName);
  const marks = listOf(fields.constraints).map((each) => nodeOf(each).fields);
  const has = (contype: string): Tree | undefined => marks.find((each) => each.contype === contype);
  const generated = has('CONSTR_GENERATED');
  const fallback = has('CONSTR_DEFAULT');
  const serial = SERIAL.test(type.name) || has('CONSTR_IDENTITY') !== undefined;
  return {
    name,
    type,
    notNull: serial || has('CONSTR_NOTNULL') !== undefined || has('CONSTR_PRIMARY') !== undefined,
    serial,
    generated: generated === undefined ? undefined : generated.generated_kind === 'v' ? 'virtual' : 'stored',
    defaultCalls: fallback === undefined ? undefined : callsIn(fallback.raw_expr),
    constraints: listOf(fields.constraints)
      .flatMap((each) => constraintOf(each, name) ?? [])
      .filter(({ kind }) => kind !== 'not-null'),
  };
}
