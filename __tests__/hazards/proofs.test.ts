import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasEffect, prove, run } from '../../lab/oracle/prove.ts';
import { type Cluster, startCluster } from '../../lab/postgres/index.ts';
import { RULES } from '../../src/hazards/index.ts';
import { PROOFS, type Proof } from '../../src/hazards/proofs/index.ts';

const proofs = Object.entries(PROOFS).flatMap(([id, each]) =>
  'statement' in each ? [[id, each] as const] : [],
);
const counters = proofs.flatMap(([id, { expected, counter }]) =>
  counter === undefined ? [] : [[id, expected, counter] as const],
);

/** What only the catalog can tell. */
const NEEDS_CATALOG = new Set(['change-type-with-dependents']);

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'proofs', archive: false });
});
afterAll(async () => cluster?.stop());

test('every rule has a proof, or a reason why not, and no proof is without a rule', () => {
  expect(Object.keys(PROOFS).sort()).toEqual(RULES.map(({ id }) => id).sort());
});

describe('PostgreSQL agrees with', () => {
  test.each(proofs)('%s', async (id: string, proof: Proof) => {
    const { lock, work, error, breaks, shows, keeps } = proof.expected;
    const outcome = await prove(cluster, proof);
    if (lock !== undefined) expect(outcome.lock).toBe(lock);
    if (work !== undefined) expect(outcome.work).toBe(work);
    expect(outcome.error).toBe(error);
    if (breaks !== undefined) expect(outcome.broke).toBe(true);
    if (shows !== undefined) expect(outcome.shown).toBe(true);
    if (keeps !== undefined) expect(outcome.kept).toBe(true);
    expect(outcome.rules).toContain(id);
    if (!NEEDS_CATALOG.has(id)) expect(outcome.staticRules).toContain(id);
  });
});

describe('PostgreSQL disproves it for the counter-example, and so does the rule:', () => {
  test.each(counters)('%s', async (id, expected, counter) => {
    const { setup = '', statement, splits = false } = counter;
    const outcome = await run(cluster, setup, statement, splits, expected);
    expect(outcome.error).toBeUndefined();
    if (expected.error === undefined) {
      if (expected.breaks !== undefined) expect(outcome.broke).toBe(false);
      if (expected.shows !== undefined) expect(outcome.shown).toBe(false);
    }
    const long = expected.work !== undefined && expected.work !== 'catalog';
    if (long && counter.silentOnly !== true) expect(hasEffect(outcome, expected)).toBe(false);
    expect(outcome.rules).not.toContain(id);
    expect(outcome.staticRules).not.toContain(id);
  });
});
