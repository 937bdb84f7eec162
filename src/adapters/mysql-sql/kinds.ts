import type { Statement } from '../../domain/sql.ts';

/** What is said of a statement as a whole. */
export type Class = Pick<Statement, 'kind' | 'transaction' | 'setting' | 'commits' | 'elsewhere'>;
