export { startRds } from './lab.ts';
export type * from './types.ts';
