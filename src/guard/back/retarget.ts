import type { Endpoint, InstanceFacts } from '../../domain/facts.ts';
import { GuardError, problem } from '../../domain/problem.ts';
import type { PromotionPair } from '../../domain/promotion-pair.ts';
import type { ProxyFacts } from '../../ports/fleet.ts';
import type { Guard } from '../context.ts';
import { waitUntil } from '../wait.ts';
import { type Cutover, look, loserOf, notePhase, winnerOf } from './cutover.ts';
import { markBegun } from './dance.ts';

/** A target is usually healthy within minutes; credentials that do not fit never become so. */
const HEALTHY_MS = 15 * 60_000;

/** Sends every RDS Proxy of the one to the other and waits until its health is AVAILABLE. Returns their endpoints. */
export async function retarget(guard: Guard, cutover: Cutover): Promise<readonly Endpoint[]> {
  const port = await guard.ports.proxies();
  const seen = await look(guard, cutover.pair);
  const [to, from] = [winnerOf(cutover, seen), loserOf(cutover, seen)];
  if (to === undefined || from === undefined)
    throw new GuardError(problem('instance-gone', 'not found', { instance: cutover.pair.production }));
  // Also those that an earlier job has sent there already: they may not be healthy yet.
  const [sent, arrived, between] = await Promise.all([
    port.of(from),
    port.of(to),
    betweenTargets(guard, cutover.pair),
  ]);
  const left = [...sent, ...between];
  if (left.length + arrived.length === 0)
    throw new GuardError(
      problem('proxy-not-found', 'no proxy sends to either', { instance: from.identifier }),
    );
  const names = [...left, ...arrived].map(({ name }) => name);
  await markBegun(guard, { ...cutover, pair: { ...cutover.pair, proxies: names } });
  notePhase(guard, cutover, cutover.goal === 'new-serves' ? 'taking-over' : 'outage', {
    proxies: names,
    ...(left.length === 0 ? {} : { outageFrom: guard.ports.clock.now() }),
  });
  for (const each of left) await port.retarget(each, from, to);
  return Promise.all(names.map((name) => healthy(guard, name, to)));
}

/** Proxies that send to nobody, because a job died after it took one target out and before it put the other in. */
export async function betweenTargets(guard: Guard, pair: PromotionPair): Promise<readonly ProxyFacts[]> {
  if (pair.proxies.length === 0) return [];
  const port = await guard.ports.proxies();
  const found = await Promise.all(pair.proxies.map((name) => port.named(name)));
  return found.flatMap((each) => (each === undefined || each.target !== undefined ? [] : [each]));
}

async function healthy(guard: Guard, name: string, to: InstanceFacts): Promise<Endpoint> {
  const port = await guard.ports.proxies();
  const { clock } = guard.ports;
  const waited = await waitUntil<ProxyFacts | undefined>({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + HEALTHY_MS,
    look: () => port.named(name),
    until: (seen) => seen === undefined || (seen.health === 'AVAILABLE' && seen.target === to.identifier),
  });
  const { seen } = waited;
  if (waited.end === 'reached' && seen?.endpoint !== undefined) return seen.endpoint;
  throw new GuardError(
    problem(
      waited.end === 'cancelled' ? 'cancelled' : 'proxy-failed',
      seen === undefined ? 'the proxy is gone' : `${seen.health ?? 'no target'} ${seen.reason ?? ''}`.trim(),
      { proxy: name },
    ),
  );
}
