import { isProductionGone } from '../../domain/outcome.ts';
import type { ProblemCode } from '../../domain/problem.ts';
import type { Run } from '../../domain/run.ts';
import { type Advice, advice } from '../advice.ts';
import { isCluster } from '../cluster-commands.ts';
import { clientCommand, describeCommand, regionOf, sourceName, targetName } from '../commands.ts';
import { wordsIn } from '../text.ts';
import { shell } from '../words.ts';
import { promoteInputs, sameRollback } from './inputs.ts';
import { renameCommand } from './promote-commands.ts';
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
      return isProductionGone(run)
        ? [inspect(run, 'Look into the restored database'), ...takeName(run)]
        : [inspect(run, 'Look into the restored database'), cutOver(run), copyBack(run)];
    case 'not-promoted':
      return isProductionGone(run)
        ? [...takeName(run), inspect(run, 'Look into the restored database')]
        : [...problems(run), inspect(run, 'Look into the restored database'), cutOver(run)];
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
  const command = clientCommand(run);
  return command === undefined
    ? { say: `${why}: ${run.restore?.identifier ?? 'see the RDS console'}.` }
    : { say: `${why} (user and password are those of production at that moment).`, run: command };
}

const cutOver = (run: Run): Advice => ({
  say: 'If it is right and the writes since then may go, cut production over: start the job with these inputs. The old database is kept.',
  run: promoteInputs(run),
});

/** Nobody has to give the name away, so one rename is the whole cut-over. */
const takeName = (run: Run): readonly Advice[] => [
  {
    say: 'If it is right, and the settings that AWS took its defaults for are set: give it the name of production. Applications reach it about ten minutes later.',
    run: renameCommand(run, run.restore?.identifier ?? targetName(run), sourceName(run)),
  },
];

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

/** Found by no tag and no name: what a deleted instance left may still be there under names that only AWS knows. */
function byConsole(run: Run): readonly Advice[] {
  if (!run.problems.some((each) => each.code === 'instance-not-found')) return [];
  const region = regionOf(run);
  const where = region === undefined || region === '' ? '' : ` --region ${shell(region)}`;
  return [
    {
      say: isCluster(run)
        ? 'If the cluster was deleted, look for its retained automated backups (RDS console: Automated backups, Retained) and restore from there to the second you need, then add instances. They do not tell what instances the cluster had, so this action does not do it. The restore point is in the tags of the snapshot, and in the log of that run.'
        : 'If the instance was deleted, neither a retained automated backup nor a snapshot of that name is left in this region and account. This lists the backups of all names; restore from there to the second you need. The restore point is in the log of that run.',
      run: isCluster(run)
        ? `aws rds describe-db-cluster-automated-backups${where} --db-cluster-identifier ${shell(sourceName(run))} \\\n  --query 'DBClusterAutomatedBackups[].[DBClusterAutomatedBackupsArn,Status,RestoreWindow]'`
        : `aws rds describe-db-instance-automated-backups${where} \\\n  --query 'DBInstanceAutomatedBackups[].[DBInstanceIdentifier,DBInstanceAutomatedBackupsArn,Status,RestoreWindow]'`,
    },
  ];
}
