export { createParser } from './parser.ts';
