/**
 * Labelled failures on a real MySQL or MariaDB, through the real Prisma CLI. A sample by default; `VERDICT_CASES=all` runs
 * every case, `VERDICT_CASES=<words>` those whose name contains the words; `MYSQL_SERVERS=all` on both flavors.
 * `VERDICT_TABLE=1` prints the counts.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Flavor } from '../../../lab/mysql/index.ts';
import { describeMysql } from '../../mysql.ts';
import { forget } from './deploy.ts';
import type { MysqlCase } from './mysql/case.ts';
import { CASES, SAMPLE } from './mysql/cases/index.ts';
import { Places } from './mysql/world.ts';
import { Pool } from './pool.ts';
import { Plays, runsOf, testVerdicts, wanted } from './suite.ts';

const PLACES = 3;

const chosen =
  (flavor: Flavor) =>
  (the: MysqlCase): readonly Flavor[] => {
    if (the.expected[flavor] === undefined) return [];
    return wanted !== '' || SAMPLE.includes(`${the.kind}: ${the.name}`) ? [flavor] : [];
  };

describeMysql('verdicts on MySQL', (flavor) => {
  const runs = runsOf<Flavor, MysqlCase>(CASES, chosen(flavor));
  let places: Places;
  let plays: Plays<Flavor, MysqlCase>;

  beforeAll(() => {
    places = new Places(flavor, PLACES);
    plays = new Plays(new Pool(PLACES), runs, ({ the }) => places.play(the));
  });

  afterAll(async () => {
    await plays?.stop();
    await places?.stop();
  });

  testVerdicts(runs, () => plays);
});

afterAll(() => forget());

test('the labels are many and of every kind', () => {
  const titles = CASES.map((each) => `${each.kind}: ${each.name}`);
  expect(titles.length).toBeGreaterThanOrEqual(60);
  expect(new Set(titles).size).toBe(titles.length);
  expect(SAMPLE.filter((each) => !titles.includes(each))).toEqual([]);
});
