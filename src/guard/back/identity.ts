import { parseConnectionUrl, withHost } from '../../domain/connection-url.ts';
import type { Endpoint, InstanceFacts } from '../../domain/facts.ts';
import { firstProblem, GuardError, problem } from '../../domain/problem.ts';
import { watchName } from '../../domain/request.ts';
import { Secret } from '../../domain/secret.ts';
import { compareServers, type ServerIdentity } from '../../domain/server-identity.ts';
import type { Guard } from '../context.ts';
import { waitUntil } from '../wait.ts';
import { type Cutover, look, loserOf, notePhase, winnerOf } from './cutover.ts';

/** Name servers and resolvers keep an old address for a while, and the absence of a name as well. */
const DNS_MS = 15 * 60_000;

/** The doors to check, and what the database behind them must not be. */
interface Doors {
  readonly urls: readonly { readonly name: string; readonly url: Secret }[];
  readonly loser: InstanceFacts | undefined;
}

/**
 * Proves by SQL that production's endpoint reaches the one that is to serve, and not the other: through the endpoint
 * that AWS tells and, where the user's URL names another host (a CNAME, a pooler, a proxy), through that as well.
 */
export async function verifyServing(
  guard: Guard,
  cutover: Cutover,
  proxies: readonly Endpoint[] = [],
): Promise<string> {
  const seen = await look(guard, cutover.pair);
  const endpoint = winnerOf(cutover, seen)?.endpoint;
  const url = await cutover.url();
  const doors: Doors = {
    urls: doorsOf(url, cutover.pair.by === 'proxy' ? proxies : endpoint === undefined ? [] : [endpoint]),
    loser: loserOf(cutover, seen),
  };
  const { clock } = guard.ports;
  const waited = await waitUntil<Answer>({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + DNS_MS,
    look: () => knock(guard, doors, url),
    until: (answer) => answer.reached,
  });
  if (waited.end !== 'reached')
    throw new GuardError(
      problem(waited.end === 'cancelled' ? 'cancelled' : 'promotion-unverified', waited.seen.why, {
        endpoint: waited.seen.door ?? cutover.pair.production,
      }),
    );
  const { outageFrom } = guard.run.promotion ?? {};
  if (outageFrom !== undefined)
    notePhase(guard, cutover, cutover.goal === 'new-serves' ? 'promoted' : 'undone', {
      outageUntil: clock.now(),
    });
  if (!waited.seen.proven) guard.warn('identity-unproven');
  return waited.seen.why;
}

const doorsOf = (url: Secret, endpoints: readonly Endpoint[]): Doors['urls'] => {
  const { host, port } = parseConnectionUrl(url.reveal());
  const own = { name: `${host}:${port}`, url };
  const others = endpoints
    .filter((each) => each.address.toLowerCase() !== host.toLowerCase() || each.port !== port)
    .map((each) => ({ name: `${each.address}:${each.port}`, url: new Secret(withHost(url.reveal(), each)) }));
  return [...others, own];
};

interface Answer {
  /** The one that is not reached. */
  readonly door?: string;
  readonly reached: boolean;
  readonly proven: boolean;
  readonly why: string;
}

async function knock(guard: Guard, doors: Doors, url: Secret): Promise<Answer> {
  // Asked anew each time: a restart of either changes what it tells.
  const other = await otherIdentity(guard, doors.loser, url);
  const found: string[] = [];
  let proven = true;
  for (const door of doors.urls) {
    let answer: ServerIdentity;
    try {
      answer = await identityAt(guard, door.url);
    } catch (error) {
      return {
        door: door.name,
        reached: false,
        proven: false,
        why: `${door.name} does not answer: ${firstProblem(error).detail}`,
      };
    }
    const compared = other === undefined ? undefined : compareServers(answer, other);
    if (compared?.verdict === 'same')
      return {
        door: door.name,
        reached: false,
        proven: false,
        why: `${door.name} still reaches the other database (${compared.by})`,
      };
    proven &&= compared?.verdict === 'different';
    found.push(compared?.verdict === 'different' ? `${door.name}, told by ${compared.by}` : door.name);
  }
  return { reached: true, proven, why: `reached through ${found.join(' and ')}` };
}

async function otherIdentity(
  guard: Guard,
  loser: InstanceFacts | undefined,
  url: Secret,
): Promise<ServerIdentity | undefined> {
  if (loser?.endpoint === undefined) return undefined;
  try {
    return await identityAt(guard, new Secret(withHost(url.reveal(), loser.endpoint)));
  } catch {
    return undefined;
  }
}

async function identityAt(guard: Guard, url: Secret): Promise<ServerIdentity> {
  const session = await (await guard.ports.engine()).connect(url, watchName(guard.options.identity));
  try {
    return await session.identity();
  } finally {
    await session.close().catch(() => undefined);
  }
}
