import type { Run } from '../../domain/run.ts';
import { regionOf } from '../commands.ts';
import { shell } from '../words.ts';

/** The rename by hand, for the night on which no job helps. */
export function renameCommand(run: Run, from: string, to: string): string {
  const region = regionOf(run);
  const where = region === undefined || region === '' ? '' : ` --region ${shell(region)}`;
  const kind = run.request?.targetKind === 'cluster' ? 'cluster' : 'instance';
  return [
    `aws rds modify-db-${kind}${where} --apply-immediately`,
    `  --db-${kind}-identifier ${shell(from)} --new-db-${kind}-identifier ${shell(to)}`,
  ].join(' \\\n');
}
