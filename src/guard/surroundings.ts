import { withReach } from '../domain/reach.ts';
import type { Case } from './case.ts';

/** The case with files that are read as this database would run them. */
export function withSurroundings(the: Case): Case {
  const sides = [the.before, ...(the.after === undefined ? [] : [the.after])];
  const around = {
    objects: sides.flatMap(({ fingerprint }) => Object.keys(fingerprint.objects)),
    withoutRollback: sides.flatMap((each) => each.withoutRollback ?? []),
  };
  return { ...the, files: the.files.map((file) => withReach(file, around)) };
}
