import type { FileRule } from '../file-rule.ts';
import type { OperationName } from '../operation.ts';
import type { Rule, RuleText } from '../rule.ts';
import { CHANGE_RULES } from './changes.ts';
import { COLUMN_RULES } from './columns.ts';
import { CONSTRAINT_RULES } from './constraints.ts';
import { ENUM_RULES } from './enums.ts';
import { FILE_RULES as SCRIPT_RULES } from './files.ts';
import { HOLDING_RULES } from './holding.ts';
import { IGNORE_RULES } from './ignores.ts';
import { INDEX_RULES } from './indexes.ts';
import { NEWER_RULES } from './newer.ts';
import { NULL_RULES } from './nulls.ts';
import { PARTITION_RULES } from './partitions.ts';
import { RELEASE_RULES } from './releases.ts';
import { ROW_RULES } from './rows.ts';
import { ROWS_NOW_RULES } from './rows-now.ts';
import { SETTING_RULES } from './settings.ts';
import { TABLE_RULES } from './tables.ts';
import { TYPE_RULES } from './types.ts';

const STATEMENT_RULES: readonly Rule[] = [
  ...COLUMN_RULES,
  ...CHANGE_RULES,
  ...NULL_RULES,
  ...TYPE_RULES,
  ...CONSTRAINT_RULES,
  ...RELEASE_RULES,
  ...INDEX_RULES,
  ...TABLE_RULES,
  ...PARTITION_RULES,
  ...ENUM_RULES,
  ...ROW_RULES,
  ...SETTING_RULES,
];

/** `partial-commit` weighs what the others found, so it comes last. */
export const FILE_RULES: readonly FileRule[] = [...HOLDING_RULES, ...NEWER_RULES, ...SCRIPT_RULES];

/** All rules, for docs and tests. */
export const RULES: readonly RuleText[] = [
  ...STATEMENT_RULES,
  ...FILE_RULES,
  ...ROWS_NOW_RULES,
  ...IGNORE_RULES,
];

/** Statement rules by the operation they read. */
export const RULES_OF: ReadonlyMap<OperationName, readonly Rule[]> = new Map(
  [...new Set(STATEMENT_RULES.flatMap(({ on }) => on))].map((op) => [
    op,
    STATEMENT_RULES.filter(({ on }) => on.includes(op)),
  ]),
);
