export type { Controls } from './controls.ts';
export { startRds } from './lab.ts';
export type { Endpoint } from './naming.ts';
export type * from './types.ts';
