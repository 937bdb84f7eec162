import type { LockMode } from '../domain/hazard.ts';

/** A name as written; quoting is gone, case is as PostgreSQL stores it. */
export interface Name {
  readonly schema: string | undefined;
  readonly name: string;
}

/** A type as written: `names` without `pg_catalog`, modifiers as numbers, array bounds counted. */
export interface TypeRef {
  readonly schema: string | undefined;
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly array: boolean;
}

export interface NewConstraint {
  readonly kind: 'check' | 'foreign' | 'primary' | 'unique' | 'exclusion' | 'not-null';
  readonly name: string | undefined;
  readonly columns: readonly string[];
  readonly notValid: boolean;
  readonly enforced: boolean;
  readonly usingIndex: string | undefined;
  readonly parent: Name | undefined;
  readonly parentColumns: readonly string[];
  /** A CHECK that says no more than `column IS NOT NULL`. */
  readonly provesNotNull: string | undefined;
}

export interface NewColumn {
  readonly name: string;
  readonly type: TypeRef;
  readonly notNull: boolean;
  readonly serial: boolean;
  readonly generated: 'stored' | 'virtual' | undefined;
  /** Functions its DEFAULT calls; undefined without DEFAULT. */
  readonly defaultCalls: readonly Name[] | undefined;
  readonly constraints: readonly NewConstraint[];
}

export type DropKind =
  | 'table'
  | 'index'
  | 'view'
  | 'materialized view'
  | 'type'
  | 'domain'
  | 'schema'
  | 'sequence'
  | 'extension'
  | 'function'
  | 'trigger'
  | 'policy'
  | 'rule'
  | 'database'
  | 'other';

/** What a statement does, in words the rules read. `clause`: index of the ALTER TABLE command it comes from. */
export type Operation = { readonly clause?: number } & (
  | {
      readonly op: 'create-table';
      readonly table: Name;
      readonly columns: readonly NewColumn[];
      readonly constraints: readonly NewConstraint[];
      readonly partitionOf: Name | undefined;
      readonly ifNotExists: boolean;
    }
  | {
      readonly op: 'create-table-as';
      readonly table: Name;
      readonly reads: readonly Name[];
      readonly view: boolean;
    }
  | { readonly op: 'add-column'; readonly table: Name; readonly column: NewColumn }
  | { readonly op: 'drop-column'; readonly table: Name; readonly column: string; readonly cascade: boolean }
  | { readonly op: 'rename-column'; readonly table: Name; readonly column: string; readonly to: string }
  | { readonly op: 'rename-table'; readonly table: Name; readonly to: string }
  | { readonly op: 'rename-index'; readonly index: Name; readonly to: string }
  | { readonly op: 'rename-constraint'; readonly table: Name; readonly from: string; readonly to: string }
  | { readonly op: 'rename-type'; readonly type: Name; readonly to: string }
  | { readonly op: 'set-schema'; readonly table: Name; readonly to: string }
  | {
      readonly op: 'change-type';
      readonly table: Name;
      readonly column: string;
      readonly type: TypeRef;
      readonly using: 'none' | 'cast' | 'expression';
      readonly collation: boolean;
    }
  | {
      readonly op:
        | 'set-not-null'
        | 'drop-not-null'
        | 'set-default'
        | 'drop-default'
        | 'set-expression'
        | 'drop-expression';
      readonly table: Name;
      readonly column: string;
    }
  | { readonly op: 'add-constraint'; readonly table: Name; readonly constraint: NewConstraint }
  | { readonly op: 'validate-constraint'; readonly table: Name; readonly name: string }
  | { readonly op: 'drop-constraint'; readonly table: Name; readonly name: string }
  | { readonly op: 'alter-table'; readonly table: Name; readonly subtype: string; readonly lock: LockMode }
  | { readonly op: 'rewrite-table'; readonly table: Name; readonly how: string }
  | {
      readonly op: 'attach-partition';
      readonly table: Name;
      readonly partition: Name;
      readonly concurrent: boolean;
    }
  | {
      readonly op: 'detach-partition';
      readonly table: Name;
      readonly partition: Name;
      readonly concurrent: boolean;
    }
  | {
      readonly op: 'create-index';
      readonly table: Name;
      readonly index: string | undefined;
      readonly unique: boolean;
      readonly concurrent: boolean;
      readonly only: boolean;
      readonly ifNotExists: boolean;
    }
  | {
      readonly op: 'drop';
      readonly what: DropKind;
      readonly names: readonly Name[];
      readonly cascade: boolean;
      readonly concurrent: boolean;
      /** Table of a trigger, policy or rule. */
      readonly table: Name | undefined;
    }
  | { readonly op: 'truncate'; readonly tables: readonly Name[]; readonly cascade: boolean }
  | {
      readonly op: 'update' | 'delete' | 'insert' | 'merge';
      readonly table: Name;
      /** `point`: equality with a literal; `few`: VALUES; `all`: no WHERE. */
      readonly rows: 'all' | 'some' | 'point' | 'few';
      readonly reads: readonly Name[];
    }
  | { readonly op: 'refresh'; readonly view: Name; readonly concurrent: boolean; readonly withData: boolean }
  | {
      readonly op: 'reindex';
      readonly what: 'table' | 'index' | 'other';
      readonly name: Name | undefined;
      readonly concurrent: boolean;
    }
  | { readonly op: 'create-enum'; readonly type: Name }
  | { readonly op: 'add-enum-value'; readonly type: Name; readonly value: string }
  | { readonly op: 'rename-enum-value'; readonly type: Name; readonly value: string }
  | { readonly op: 'create-domain'; readonly type: Name; readonly checked: boolean }
  | { readonly op: 'constrain-domain'; readonly type: Name; readonly notValid: boolean }
  | {
      readonly op: 'create-function';
      readonly function: Name;
      readonly volatility: 'immutable' | 'stable' | 'volatile';
    }
  | { readonly op: 'create-trigger'; readonly table: Name; readonly parent: Name | undefined }
  | { readonly op: 'table-object'; readonly table: Name; readonly what: string; readonly lock: LockMode }
  | { readonly op: 'create-view'; readonly view: Name; readonly replace: boolean }
  | { readonly op: 'lock-table'; readonly tables: readonly Name[]; readonly exclusive: boolean }
  | {
      readonly op: 'setting';
      readonly name: string;
      readonly value: string | undefined;
      readonly local: boolean;
      readonly lasting: boolean;
    }
  | { readonly op: 'copy-stdin'; readonly table: Name | undefined }
  | { readonly op: 'revoke'; readonly tables: readonly Name[] }
  | { readonly op: 'opaque'; readonly what: string }
);

export type OperationName = Operation['op'];
type Having<O, K> = O extends { readonly op: infer P } ? (K extends P ? O : never) : never;
/** The members with one of these names. */
export type OperationOf<K extends OperationName> = K extends unknown ? Having<Operation, K> : never;
