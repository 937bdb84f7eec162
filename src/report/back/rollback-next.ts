import type { ProblemCode } from '../../domain/problem.ts';
import type { Run } from '../../domain/run.ts';
import { type Advice, advice } from '../advice.ts';
import { describeCommand, psqlCommand, regionOf, sourceName, targetName } from '../commands.ts';
import { wordsIn } from '../text.ts';
import { shell } from '../words.ts';
import { promoteInputs, sameRollback } from './inputs.ts';
import { promotionWords } from './promotion-words.ts';
import type { RollbackStory } from './rollback-story.ts';

/** What a person does after a rollback, most urgent first. */
export function rollbackNext(run: Run, story: RollbackStory): readonly Advice[] {
  switch (story) {
    case 'looking':
      return [];
    case 'refused':
      return [...problems(run), ...byConsole(run)];
    case 'cancelled':
      return [goOn(run), ...(run.restore === undefined ? [] : [state(run)])];
    case 'restoring':
      return [state(run), goOn(run), ...problems(run)];
    case 'broken':
      return [...problems(run), another(run, 'Restore once more, under another name.')];
    case 'unverified':
      return [...problems(run), inspect(run, 'Look into the restored database'), goOn(run)];
    case 'mismatch':
      return [
        { say: 'Do not cut over to the restored database.' },
        inspect(run, 'See what differs'),
        another(run, 'Or go back to another moment, under another name.'),
      ];
    case 'verified':
      return [inspect(run, 'Look into the restored database'), cutOver(run), copyBack(run)];
    case 'not-promoted':
      return [...problems(run), inspect(run, 'Look into the restored database'), cutOver(run)];
    case 'cut-over':
      return [...(promotionWords(run)?.next ?? []), ...problems(run)];
    case 'promoted':
      return promotionWords(run)?.next ?? [];
  }
}

const SILENT: readonly ProblemCode[] = ['cancelled'];

const problems = (run: Run): readonly Advice[] =>
  run.problems
    .filter((each) => !SILENT.includes(each.code))
    .slice(0, 8)
    .map((each) => advice(wordsIn(run, each)));

function inspect(run: Run, why: string): Advice {
  const command = psqlCommand(run);
  return command === undefined
    ? { say: `${why}: ${run.restore?.identifier ?? 'see the RDS console'}.` }
    : { say: `${why} (user and password are those of production at that moment).`, run: command };
}

const cutOver = (run: Run): Advice => ({
  say: 'If it is right and the writes since then may go, cut production over: start the job with these inputs. The old database is kept.',
  run: promoteInputs(run),
});

const copyBack = (run: Run): Advice => ({
  say: `Or keep production and copy only what you need back from ${run.restore?.identifier ?? 'the restored database'}. It costs money until somebody deletes it.`,
});

const state = (run: Run): Advice => ({
  say: 'The restore goes on in AWS by itself; 25 to 45 minutes at best. This shows its state and, once it is there, its endpoint:',
  run: describeCommand(run, run.restore?.identifier ?? targetName(run)),
});

const goOn = (run: Run): Advice => ({
  say: 'Start the job again with the same inputs: it finds this restore and goes on with it.',
  run: sameRollback(run),
});

const another = (run: Run, say: string): Advice => ({
  say,
  run: sameRollback(run, { restoredIdentifier: targetName(run) }),
});

/** An instance that was deleted may have left its automated backups; this action cannot restore from these. */
function byConsole(run: Run): readonly Advice[] {
  if (!run.problems.some((each) => each.code === 'instance-not-found')) return [];
  const region = regionOf(run);
  const where = region === undefined || region === '' ? '' : ` --region ${shell(region)}`;
  return [
    {
      say: 'If the instance was deleted, look for its retained automated backups (RDS console: Automated backups, Retained) and restore from there to the second you need; give it the old name. The restore point is in the tags of the snapshot, and in the log of that run.',
      run: `aws rds describe-db-instance-automated-backups${where} --db-instance-identifier ${shell(sourceName(run))} \\\n  --query 'DBInstanceAutomatedBackups[].[DBInstanceAutomatedBackupsArn,Status,RestoreWindow]'`,
    },
  ];
}
