import type { Origin } from '../../domain/going-back.ts';
import { isProductionGone } from '../../domain/outcome.ts';
import type { Run } from '../../domain/run.ts';
import { type Advice, advice } from '../advice.ts';
import { spokenName } from '../commands.ts';
import type { ModeExplanation } from '../explanation.ts';
import { wordsIn } from '../text.ts';
import { count, joined, list, oneLine, sentence } from '../words.ts';
import { lossSentences } from '../write-loss.ts';
import { promotionWords } from './promotion-words.ts';
import { rollbackNext } from './rollback-next.ts';
import { type RollbackStory, rollbackStory } from './rollback-story.ts';

const TITLES = {
  looking: 'Running',
  refused: 'Refused',
  cancelled: 'Cancelled',
  restoring: 'Restore running',
  broken: 'The restore failed',
  unverified: 'Restored but not checked',
  mismatch: 'The restored database differs',
  verified: 'Restored beside production',
  'not-promoted': 'Restored beside production, not cut over',
  'cut-over': 'Restored',
  promoted: 'Restored and promoted',
} as const satisfies Record<RollbackStory, string>;

/** Words of `mode: rollback`. */
export function explainRollback(run: Run): ModeExplanation {
  const story = rollbackStory(run);
  const several =
    run.problems.length > 1 ? run.problems.slice(0, 20).map((each) => wordsIn(run, each).what) : [];
  const next = rollbackNext(run, story);
  const first: Advice = { say: 'Wait for the next message.' };
  return {
    title: heading(run, story),
    headline: joined(headline(run, story)),
    why: several,
    data: joined([...production(run, story), ...restored(run, story), ...lossSentences(run)]),
    did: joined(did(run)),
    next:
      next.length > 0
        ? next
        : run.problems.length > 0
          ? run.problems.map((each) => advice(wordsIn(run, each)))
          : [first],
  };
}

function heading(run: Run, story: RollbackStory): string {
  if (story === 'refused' && run.plan !== undefined) return 'Failed';
  return story === 'cut-over' ? `${TITLES[story]}, ${promotionWords(run)?.title ?? ''}` : TITLES[story];
}

const moment = (run: Run): string => {
  const goal = run.goal;
  if (goal === undefined)
    return run.request?.restoreTime ?? run.request?.snapshotIdentifier ?? 'the restore point';
  if (goal.way === 'snapshot')
    return `the snapshot ${goal.snapshot ?? ''}${goal.time === undefined ? '' : ` of ${goal.time}`}`;
  return goal.time ?? 'the restore point';
};

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const whose = (run: Run): string =>
  run.goal?.run === undefined ? '' : ` (the restore point of run ${run.goal.run})`;

function headline(run: Run, story: RollbackStory): readonly string[] {
  const name = spokenName(run);
  const [problem] = run.problems;
  const told = problem === undefined ? [] : [wordsIn(run, problem).what];
  const back = `the database ${name} as of ${moment(run)}${whose(run)}`;
  switch (story) {
    case 'looking':
      return [`The rollback of ${name} is being prepared`];
    case 'refused':
      return run.problems.length > 1
        ? [
            `The rollback of ${name} ${run.plan === undefined ? 'was refused' : 'failed'}: ${count(run.problems.length, 'problem')} found`,
          ]
        : [`The rollback of ${name} ${run.plan === undefined ? 'was refused' : 'failed'}`, ...told];
    case 'cancelled':
      return [
        run.restore === undefined
          ? `The rollback of ${name} was cancelled before a restore was requested`
          : `The job was cancelled while ${back} is being restored; the restore goes on in AWS`,
      ];
    case 'restoring':
      return [`${capital(back)} is being restored beside production`, ...told];
    case 'broken':
      return [`The restore of ${back} failed`, ...told];
    case 'unverified':
      return [`${capital(back)} is restored beside production, but nobody could look into it`, ...told];
    case 'mismatch':
      return [`${capital(back)} is restored beside production, and it is NOT in the state that was recorded`];
    case 'verified':
      return [`${capital(back)} is restored beside production and verified`];
    case 'not-promoted':
      return [
        `${capital(back)} is restored beside production and verified, but production was not cut over`,
        ...told,
      ];
    case 'cut-over':
    case 'promoted':
      return [`${capital(back)} is restored and verified`, promotionWords(run)?.what ?? ''];
  }
}

const production = (run: Run, story: RollbackStory): readonly string[] => {
  if (story === 'cut-over' || story === 'promoted') return promotionWords(run)?.data ?? [];
  return isProductionGone(run)
    ? [
        `Nobody has the name ${spokenName(run)}: that DB instance was deleted, and applications cannot reach it`,
      ]
    : ['Production was not touched: a rollback restores beside it'];
};

function restored(run: Run, story: RollbackStory): readonly string[] {
  const { restore } = run;
  if (restore === undefined || story === 'promoted' || story === 'cut-over') return [];
  const { endpoint } = restore;
  const named = `${restore.identifier}${endpoint === undefined ? '' : ` at ${endpoint.address}:${endpoint.port}`}`;
  switch (story) {
    case 'verified':
    case 'not-promoted':
      return [`The restored database is ${named}`, compared(run)];
    case 'mismatch':
      return [`WARNING: ${named} is NOT as it was: ${list(restore.differences ?? [], 5)}`];
    case 'unverified':
      return [`The restored database is ${named}; it was not compared with anything`];
    case 'broken':
      return [`The restored database ${restore.identifier} cannot be used (its state is ${restore.status})`];
    default:
      return [
        `The restored database will be ${named} (its state is ${restore.status}); it was not compared yet`,
      ];
  }
}

const compared = ({ goal }: Run): string =>
  goal?.recorded.fingerprint === undefined
    ? 'It answers SQL and holds no migration of a later time. No digest of the schema was recorded for that moment, so the schema itself was not compared'
    : 'Its schema is the one that was recorded, and it holds no migration of a later time';

/** Which database it is restored from, and why that one. */
const origin = ({ identifier, resourceId, why }: Origin): string =>
  `We restore from ${identifier} (resource id ${resourceId}), because ${oneLine(why, 300)}`;

function did(run: Run): readonly string[] {
  const { goal, restore, notices } = run;
  const way =
    goal?.way === 'snapshot' ? `by the snapshot ${goal.snapshot ?? ''}` : 'by point-in-time restore';
  const isFound = notices.some((each) => each.code === 'restore-found');
  return [
    ...(goal?.origin === undefined ? [] : [origin(goal.origin)]),
    ...(goal === undefined ? [] : [`We chose to go back ${way}, because ${oneLine(goal.why, 300)}`]),
    ...(restore === undefined
      ? [
          goal === undefined
            ? 'We only looked: nothing was created and nothing was changed'
            : 'No restore was begun: nothing was created and nothing was changed',
        ]
      : [
          isFound
            ? `We went on with the restore to ${restore.identifier} that an earlier job requested`
            : `We requested the restore to ${restore.identifier}`,
        ]),
    ...(restore?.differences === undefined ? [] : ['We compared it by SQL with what was recorded']),
    ...(run.writeLoss?.rows === undefined ? [] : ['We counted what was written to production since']),
    // The words of a cut-over that is through name them as well.
    ...(run.mended.length === 0 || run.promotion?.phase === 'promoted'
      ? []
      : [`We mended its settings: ${list(run.mended, 8)}`]),
    ...(promotionWords(run)?.did ?? []),
  ].map(sentence);
}
