import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hasEffect, type Outcome, prove, run } from '../../lab/oracle/prove.ts';
import { type ProofServer, startProofServer, versionOf } from '../../lab/oracle/server.ts';
import { RULES } from '../../src/hazards/index.ts';
import {
  type Counter,
  type Expected,
  isFor,
  PROOFS,
  type Proof,
  type Servers,
} from '../../src/hazards/proofs/index.ts';

const proofs = Object.entries(PROOFS).flatMap(([id, each]) =>
  'statement' in each ? [[id, each] as const] : [],
);
const counters = proofs.flatMap(([id, { expected, counter }]) =>
  counter === undefined ? [] : [[id, expected, counter] as const],
);

/** What only the catalog can tell. */
const NEEDS_CATALOG = new Set(['change-type-with-dependents']);
const SYNTAX_ERROR = '42601';

let server: ProofServer;
let version: number;
beforeAll(async () => {
  server = await startProofServer();
  version = (await versionOf(server)).number;
});
afterAll(async () => server?.stop());

test('every rule has a proof, or a reason why not, and no proof is without a rule', () => {
  expect(Object.keys(PROOFS).sort()).toEqual(RULES.map(({ id }) => id).sort());
});

function expectEffect({ lock, work, error, breaks, shows, keeps }: Expected, outcome: Outcome): void {
  if (lock !== undefined) expect(outcome.lock).toBe(lock);
  if (work !== undefined) expect(outcome.work).toBe(work);
  expect(outcome.error).toBe(error);
  if (breaks !== undefined) expect(outcome.broke).toBe(true);
  if (shows !== undefined) expect(outcome.shown).toBe(true);
  if (keeps !== undefined) expect(outcome.kept).toBe(true);
}

/** The syntax came, or the refusal went, with another server than this one, and the rules know that. */
function expectOtherServer({ since = 0 }: Servers, outcome: Outcome): void {
  const tooOld = version < since;
  expect(outcome.error).toBe(tooOld ? SYNTAX_ERROR : undefined);
  expect(outcome.rules.includes('newer-than-server')).toBe(tooOld);
  expect(outcome.staticRules.includes('newer-than-server')).toBe(tooOld);
}

describe('PostgreSQL agrees with', () => {
  test.each(proofs)('%s', async (id: string, proof: Proof) => {
    const outcome = await prove(server, proof);
    if (!isFor(proof, version)) return expectOtherServer(proof, outcome);
    expectEffect(proof.expected, outcome);
    expect(outcome.rules).toContain(id);
    if (!NEEDS_CATALOG.has(id)) expect(outcome.staticRules).toContain(id);
  });
});

describe('PostgreSQL disproves it for the counter-example, and so does the rule:', () => {
  test.each(counters)('%s', async (id: string, expected: Expected, counter: Counter) => {
    const { setup = '', statement, splits = false } = counter;
    const outcome = await run(server, setup, statement, splits, expected);
    expect(outcome.rules).not.toContain(id);
    expect(outcome.staticRules).not.toContain(id);
    if (!isFor(counter, version)) return expectOtherServer(counter, outcome);
    expect(outcome.error).toBeUndefined();
    if (expected.error === undefined) {
      if (expected.breaks !== undefined) expect(outcome.broke).toBe(false);
      if (expected.shows !== undefined) expect(outcome.shown).toBe(false);
    }
    const long = expected.work !== undefined && expected.work !== 'catalog';
    if (long && counter.silentOnly !== true) expect(hasEffect(outcome, expected)).toBe(false);
  });
});
