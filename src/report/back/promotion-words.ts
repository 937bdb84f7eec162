import type { Promotion } from '../../domain/going-back.ts';
import type { Run } from '../../domain/run.ts';
import type { Advice } from '../advice.ts';
import { list } from '../words.ts';
import { lossSentences } from '../write-loss.ts';
import { renameCommand } from './promote-commands.ts';
import { isSettled, outage, since } from './promotion-parts.ts';

/** What a promotion adds to the texts of a deploy or a rollback; each part is a list of sentences. */
export interface PromotionWords {
  /** A few words for a heading. */
  readonly title: string;
  readonly what: string;
  readonly data: readonly string[];
  readonly did: readonly string[];
  readonly next: readonly Advice[];
}

/** Undefined before a promotion was begun. */
export function promotionWords(run: Run): PromotionWords | undefined {
  const { promotion } = run;
  return promotion === undefined ? undefined : SAYS[promotion.by][promotion.phase](run, promotion);
}

export const AGAIN =
  'Run "mode: promote" again with the same inputs: it finds out how far this got and goes on from there';
const UNDO =
  'If they do not work with it: run "mode: promote" with "promote: undo". It puts the old database back, and what was written to the new one since stays in the new one';

type Say = (run: Run, promotion: Promotion) => PromotionWords;

const notStarted: Say = (_run, { production, restored }) => ({
  title: 'not cut over',
  what: `The cut-over of ${production} was not begun.`,
  data: [`${production} is the old database, as it was`, `${restored} is beside it`],
  did: ['We renamed nothing'],
  next: [],
});

const parking: Say = (run, promotion) => ({
  title: 'cut-over half done',
  what: `The cut-over of ${promotion.production} stopped while the old database was being renamed.`,
  data: [
    `${promotion.production} is on its way to the name ${promotion.parked}; when that is through, nobody has the name of production`,
    'No data was changed or deleted',
  ],
  did: [`We asked AWS to rename ${promotion.production} to ${promotion.parked}`],
  next: [
    { say: `${AGAIN}. Do it now: applications lose their database in a moment.` },
    ...byHand(run, promotion),
  ],
});

const inOutage: Say = (run, promotion) => {
  const { production, parked, restored } = promotion;
  return {
    title: 'nobody serves',
    what: `Nobody has the name ${production} at this moment: applications cannot reach their database${since(promotion)}.`,
    data: [`The old database is ${parked}, the restored one is ${restored}; both are there and unharmed`],
    did: [`We renamed ${production} to ${parked}`],
    next: [{ say: `${AGAIN}.` }, ...byHand(run, promotion)],
  };
};

const takingOver: Say = (_run, promotion) => {
  const { production, parked, restored } = promotion;
  return {
    title: 'cut-over half done',
    what: `The restored database is on its way to the name ${production}; it does not answer yet${since(promotion)}.`,
    data: [`The old database is kept as ${parked}`],
    did: [`We renamed ${production} to ${parked} and asked AWS to rename ${restored} to ${production}`],
    next: [{ say: `${AGAIN}.` }],
  };
};

/** A proxy keeps both names, so nothing but its target is in between. */
const proxyBetween: Say = (_run, { production, restored, proxies }) => ({
  title: 'cut-over half done',
  what: `The RDS Proxy of ${production} was sent to another database and is not known to be healthy.`,
  data: [`The old database is still ${production}, and the restored one is ${restored}`],
  did: [`We re-targeted ${list(proxies)}`],
  next: [{ say: `${AGAIN}.` }],
});

const promoted: Say = (run, promotion) => {
  const { production, parked, restored, by, proxies } = promotion;
  const unproven = run.problems.some(({ code }) => code === 'promotion-unverified');
  const settled = isSettled(run);
  const proxy = by === 'proxy';
  return {
    title: unproven || !settled ? 'cut over, not proven' : 'promoted',
    what: proxy
      ? `Applications that use the RDS Proxy ${list(proxies)} are served by the restored database ${restored}${outage(promotion)}.`
      : `${production} is the restored database now${outage(promotion)}.`,
    data: [
      proxy
        ? `The old database keeps its name ${production} and its data`
        : `The old database is kept as ${parked}, with its data and its backups`,
      ...lossSentences(run),
      ...(unproven ? ['That the endpoint of production reaches the restored database is not proven'] : []),
    ],
    did: [
      proxy
        ? `We re-targeted ${list(proxies)}`
        : `We renamed ${production} to ${parked} and ${restored} to ${production}`,
      ...mended(run),
    ],
    next: [
      ...(settled ? [] : [{ say: `${AGAIN}.` }]),
      { say: `Look at your applications. ${UNDO}.` },
      ...left(run),
      { say: keep(proxy ? production : parked) },
    ],
  };
};

const keep = (old: string): string =>
  `When the old database is not needed any more, take a last snapshot of ${old} and delete it by hand; we delete no database. Until then it costs as much as before.`;

const undone: Say = (run, promotion) => {
  const { production, parked, restored, by, proxies } = promotion;
  const settled = isSettled(run);
  return {
    title: settled
      ? 'undone'
      : run.request?.promote === 'undo'
        ? 'undone, not proven'
        : 'not cut over, old database back',
    what: settled
      ? `${production} is the old database again${outage(promotion)}.`
      : run.request?.promote === 'undo'
        ? `The old database has the name ${production} again${outage(promotion)}; that applications reach it is not proven yet.`
        : `The restored database could not take the name ${production}, so the old one has it again${outage(promotion)}.`,
    data: [
      `${production} is the old database, with everything that was in it`,
      `The restored one is ${restored}${settled ? ', with what was written to it meanwhile' : ''}`,
    ],
    did: [
      by === 'proxy'
        ? `We sent ${list(proxies)} back to ${production}`
        : `We renamed ${parked} back to ${production}`,
    ],
    next: settled
      ? [
          {
            say: `Look at your applications. What a failed migration left in ${production} is still there, and until it is settled every deploy stops: page b of the runbook of Guarded Migrate (docs/runbook/b-restored.md), "forward".`,
          },
          {
            say: `To cut over once more, run "mode: promote" again. ${restored} costs money until somebody deletes it.`,
          },
        ]
      : run.request?.promote === 'undo'
        ? [{ say: `${AGAIN}.` }]
        : [],
  };
};

const SAYS: { readonly [B in Promotion['by']]: { readonly [P in Promotion['phase']]: Say } } = {
  rename: {
    'not-started': notStarted,
    parking,
    outage: inOutage,
    'taking-over': takingOver,
    promoted,
    undone,
  },
  proxy: {
    'not-started': notStarted,
    parking: proxyBetween,
    outage: proxyBetween,
    'taking-over': proxyBetween,
    promoted,
    undone,
  },
};

const mended = (run: Run): readonly string[] =>
  run.mended.length === 0 ? [] : [`We set what a restore does not carry: ${list(run.mended, 10)}`];

/** The shortest way out of the outage without this action. */
const byHand = (run: Run, { parked, production, restored }: Promotion): readonly Advice[] => [
  {
    say: 'Without a job: give the restored database the name of production.',
    run: renameCommand(run, restored, production),
  },
  { say: 'Or give the name back to the old one.', run: renameCommand(run, parked, production) },
];

const left = (run: Run): readonly Advice[] => {
  const stays = run.notices.filter(({ code }) => code === 'not-carried').map(({ fields }) => fields);
  const settings = run.parity ?? [];
  return [
    ...stays.slice(0, 10).map(({ what = '', next = '' }) => ({ say: `Does not follow: ${what}. ${next}` })),
    ...settings.slice(0, 10).map(({ name, wanted, got, call }) => ({
      say: `${name} is ${got} and was ${wanted}. To mend it:`,
      run: call,
    })),
  ];
};
