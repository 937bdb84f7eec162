import type { ProblemCode } from '../domain/problem.ts';
import type { Run } from '../domain/run.ts';
import { type Advice, advice } from './advice.ts';
import { finishInputs, promoteInputs } from './back/inputs.ts';
import {
  clientCommand,
  describeCommand,
  restoreCommand,
  snapshotRestoreCommand,
  targetName,
} from './commands.ts';
import { restoreProblem, restoreStory } from './situation.ts';
import { wordsIn } from './text.ts';

const HOW_LONG = 'A restore takes 25 to 45 minutes at best, and longer for a large database.';

const LEFT_TO_POST =
  'Wait for the post step of this job: it requests the restore, or says why it cannot. If you find no word of it, run the job again; it goes on from here.';

/** What to do about the restored database, or about its absence. */
export function restoreAdvice(run: Run): readonly Advice[] {
  switch (restoreStory(run)) {
    case 'verified':
      return [inspect(run, 'Look into the restored database'), switchOver(run)];
    case 'unverified':
      return [
        ...problem(run),
        inspect(run, 'Look into the restored database and compare it with what you expect'),
        switchOver(run),
      ];
    case 'mismatch':
      return [
        { say: 'Do not switch to the restored database.' },
        inspect(run, 'See what differs'),
        ...again(run),
      ];
    case 'broken':
      return [...problem(run), ...again(run)];
    case 'running':
      return running(run);
    case 'coming':
      return [
        { say: `${run.status === 'cancelled' ? LEFT_TO_POST : 'Wait for the next message.'} ${HOW_LONG}` },
      ];
    case 'later':
      return [...problem(run), byHand(run, 'Or request the restore by hand.')];
    case 'refused':
      return [...problem(run), byHand(run)];
    case 'unconfirmed':
      return [
        {
          say: 'Ask AWS whether the restore is running.',
          run: describeCommand(run, targetName(run)),
        },
        byHand(run, 'If it does not exist, request the restore by hand.'),
      ];
    case 'alert-only':
    case 'not-requested':
      return run.restorePoint === undefined
        ? []
        : [byHand(run, 'If you need the data as it was before the migration, request a restore by hand.')];
    case 'not-needed':
      return [];
  }
}

/** Problems whose advice helps the restore itself; that of the others would be to run the job again. */
const HELPS: readonly ProblemCode[] = [
  'aws-denied',
  'credentials-missing',
  'credentials-expired',
  'backups-disabled',
  'instance-name-taken',
  'restore-failed',
  'restore-timeout',
  'restore-later',
  'restore-unverified',
];

const problem = (run: Run): readonly Advice[] => {
  const found = restoreProblem(run);
  return found === undefined || !HELPS.includes(found.code) ? [] : [advice(wordsIn(run, found))];
};

function inspect(run: Run, why: string): Advice {
  const command = clientCommand(run);
  return command === undefined
    ? { say: `${why}: ${run.restore?.identifier ?? 'see the RDS console'}.` }
    : { say: `${why} (same user and password as production).`, run: command };
}

function switchOver(run: Run): Advice {
  const time = run.restorePoint?.time ?? 'the restore point';
  return {
    say: `Then choose. Keep production, and copy back from the restored database what it lost. Or cut production over: what was written to it after ${time} is lost then, and the next deploy applies the migrations anew. This starts it, in a job of its own:`,
    run: promoteInputs(run),
  };
}

function running(run: Run): readonly Advice[] {
  const name = run.restore?.identifier ?? targetName(run);
  const stopped = restoreProblem(run);
  const expired = stopped?.code === 'restore-timeout' || stopped === undefined ? [] : problem(run);
  return [
    {
      say: `Wait for the restore; it goes on in AWS by itself. ${HOW_LONG} This shows its state and, once it is there, its endpoint:`,
      run: describeCommand(run, name),
    },
    {
      say: 'Nobody has checked it yet. A job with these inputs waits for it and compares it with what was recorded:',
      run: finishInputs(run),
    },
    ...expired,
  ];
}

const byHand = (run: Run, say = 'Request the restore by hand.'): Advice => ({
  say: `${say} ${HOW_LONG} AWS accepts the time about five minutes after it has passed.`,
  run: restoreCommand(run),
});

/** A second restore, and the snapshot as the other way back. */
function again(run: Run): readonly Advice[] {
  const snapshot = run.snapshot;
  const second = byHand(run, 'Restore once more, under another name.');
  if (snapshot?.status !== 'available') return [second];
  return [
    second,
    {
      say: 'Or restore the snapshot, which is a little older. Add the subnet group and the security groups of production.',
      run: snapshotRestoreCommand(run, snapshot.identifier),
    },
  ];
}
