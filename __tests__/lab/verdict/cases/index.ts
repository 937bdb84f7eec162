import type { VerdictCase } from '../case.ts';
import { errors } from './errors.ts';

export const CASES: readonly VerdictCase[] = [...errors];
