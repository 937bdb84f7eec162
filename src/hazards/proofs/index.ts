import { COLUMN_PROOFS } from './columns.ts';
import { FILE_PROOFS } from './files.ts';
import type { Proofs } from './proof.ts';
import { TABLE_PROOFS } from './tables.ts';

/** Rule id → what PostgreSQL shows of it. Read by tests and the docs only, so no bundle carries it. */
export const PROOFS: Proofs = { ...COLUMN_PROOFS, ...TABLE_PROOFS, ...FILE_PROOFS };
export {
  BASE,
  type Counter,
  type Expected,
  isFor,
  type Proof,
  type Servers,
  type Unproven,
} from './proof.ts';
