import type { ParsedFile } from '../../domain/sql.ts';
import type { Parser } from '../../ports/parser.ts';
import { createAnalyser } from './analyser.ts';

/** Reads files for the judge. */
export function createParser(): Parser {
  const analyser = createAnalyser();
  return {
    async parse(migration, bytes): Promise<ParsedFile> {
      const { comments: _comments, path: _path, ...file } = await analyser.analyse(migration, '', bytes);
      return file;
    },
  };
}
