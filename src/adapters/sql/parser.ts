import type { ParsedFile } from '../../domain/sql.ts';
import type { Parser } from '../../ports/parser.ts';
import { createAnalyser } from './analyser.ts';

/** Reads files for the judge. What the analyser knows beyond that costs nothing until it is asked for. */
export function createParser(): Parser {
  const analyser = createAnalyser();
  return {
    async parse(migration, bytes): Promise<ParsedFile> {
      const { statements, oddities, syntaxError } = await analyser.analyse(migration, '', bytes);
      return { migration, statements, oddities, ...(syntaxError === undefined ? {} : { syntaxError }) };
    },
  };
}
