import type { Notice, NoticeCode } from '../domain/event.ts';
import type { Problem, ProblemCode } from '../domain/problem.ts';
import type { Run } from '../domain/run.ts';
import type { NoticeWords, Words } from './advice.ts';
import { isCluster } from './cluster-commands.ts';
import { awsTexts } from './texts/aws.ts';
import { backNotices, backTexts } from './texts/back.ts';
import { databaseTexts } from './texts/database.ts';
import { inputTexts, type Wording } from './texts/inputs.ts';
import { type NoticeWording, noticeTexts } from './texts/notices.ts';
import { planTexts } from './texts/plan.ts';
import { prismaTexts } from './texts/prisma.ts';
import { recoveryTexts } from './texts/recovery.ts';

/** The message catalogue: words for every problem. The type makes a missing code a type error. */
export const PROBLEM_TEXTS: Readonly<Record<ProblemCode, Wording>> = {
  ...inputTexts,
  ...prismaTexts,
  ...databaseTexts,
  ...awsTexts,
  ...recoveryTexts,
  ...planTexts,
  ...backTexts,
};

export const NOTICE_TEXTS: Readonly<Record<NoticeCode, NoticeWording>> = {
  ...noticeTexts,
  ...backNotices,
};

/** A journal of a newer version may hold a code this one does not know; its detail is better than nothing. */
export const problemWords = (problem: Problem): Words =>
  (PROBLEM_TEXTS[problem.code] ?? PROBLEM_TEXTS.unexpected)(problem);

/** The same with what the run knows: refusals of AWS do not name the DB instance, nor those of the server the user. */
export function wordsIn(run: Run, problem: Problem): Words {
  const instance = run.promotion?.production ?? run.instance?.identifier ?? run.request?.instance;
  const user = run.database?.user;
  const dialect = run.database?.dialect;
  const known: Readonly<Record<string, string>> = {
    ...(cutsOver(run) ? { cutsOver: 'yes' } : {}),
    ...(dialect === undefined ? {} : { dialect }),
    ...(isCluster(run) ? { kind: 'cluster' } : {}),
    ...(problem.code === 'database-rights' && user !== undefined ? { user } : {}),
  };
  // A policy is written with the name of production, also where AWS refused something about a copy of it.
  const named = problem.code === 'aws-denied' && instance !== undefined ? { instance } : {};
  return problemWords({ ...problem, fields: { ...known, ...problem.fields, ...named } });
}

const cutsOver = ({ request }: Run): boolean =>
  request !== undefined && (request.mode === 'promote' || request.promote !== 'never');

export const noticeWords = (notice: Notice): NoticeWords =>
  NOTICE_TEXTS[notice.code]?.(notice) ?? { what: `Notice: ${notice.code}.` };
