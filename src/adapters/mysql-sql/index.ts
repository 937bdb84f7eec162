export { createAnalyser } from './analyser.ts';
export { createParser } from './parser.ts';
