import { isBreaking } from '../../domain/breaking-settings.ts';
import { cutOverRefusals } from '../../domain/cut-over-rules.ts';
import type { InstanceFacts } from '../../domain/facts.ts';
import { whyUnfit } from '../../domain/instance-state.ts';
import { notCarried } from '../../domain/not-carried.ts';
import { GuardError, type Problem, problem, problemsOf } from '../../domain/problem.ts';
import type { PromotionLook } from '../../domain/promotion.ts';
import type { ProxyFacts } from '../../ports/fleet.ts';
import type { Guard } from '../context.ts';
import { refuseWhileDeploying } from '../exclusive.ts';
import { waitUntil } from '../wait.ts';
import { checkRestored } from './check-restored.ts';
import { type Cutover, look } from './cutover.ts';
import { compareSettings, isStable, mendSettings, tellDifferences } from './parity.ts';
import { checkWriteLoss } from './promotion-loss.ts';

export interface Ready {
  readonly old: InstanceFacts;
  readonly restored: InstanceFacts;
  readonly proxies: readonly ProxyFacts[];
}

/** Everything that can refuse refuses here, all reasons at once, before production is touched. */
export async function preflight(guard: Guard, cutover: Cutover): Promise<Ready> {
  const { old, restored } = await bothReady(guard, cutover);
  const noDeploy = (): Promise<void> => cutover.url().then((url) => refuseWhileDeploying(guard, url));
  const hard = [...cutOverRefusals(old, restored), ...(await nameRefusals(guard, cutover))];
  const [proxies, sql, loss, deploy] = await Promise.allSettled([
    findProxies(guard, cutover, old),
    checkRestored(guard, cutover, restored),
    checkWriteLoss(guard, cutover, restored),
    noDeploy(),
  ]);
  const found = [
    ...hard,
    ...[proxies, sql, loss, deploy].flatMap((each) =>
      each.status === 'rejected' ? problemsOf(each.reason) : [],
    ),
  ];
  const parity = await parityRefusals(guard, cutover, restored, found.length === 0);
  if (found.length + parity.length > 0) throw new GuardError(once([...found, ...parity]));
  // Mending takes minutes, and a deploy may have begun meanwhile.
  if (guard.run.mended.length > 0) await noDeploy();
  const known = proxies.status === 'fulfilled' ? proxies.value : [];
  tellWhatStays(guard, cutover, { old, restored, proxies: known });
  return { old, restored, proxies: known };
}

/** Several checks need the same URL and the same AWS. */
const once = (found: readonly Problem[]): readonly Problem[] =>
  found.filter(
    ({ code, detail }, at) => found.findIndex((each) => each.code === code && each.detail === detail) === at,
  );

/** Waits until neither is busy: whether AWS takes a rename in `backing-up` is documented nowhere. */
async function bothReady(guard: Guard, cutover: Cutover): Promise<Pick<Ready, 'old' | 'restored'>> {
  const { clock } = guard.ports;
  let told = '';
  const waited = await waitUntil<PromotionLook>({
    clock,
    signal: guard.options.cancelled,
    deadline: clock.now() + guard.request.restoreTimeoutMs,
    look: async () => {
      const seen = await look(guard, cutover.pair);
      const busy = busyOf(seen)
        .map((each) => `${each.identifier} is ${reasonOf(each)}`)
        .join(', ');
      if (busy !== '' && busy !== told) guard.warn('cut-over-waits', { what: busy });
      told = busy;
      return seen;
    },
    until: (seen) =>
      busyOf(seen).length === 0 ||
      [seen.old, seen.new].some((each) => each === undefined || whyUnfit(each) !== undefined),
  });
  const { old, new: restored } = waited.seen;
  if (old === undefined) throw gone(cutover.pair.oldResourceId);
  if (restored === undefined) throw gone(cutover.pair.newResourceId);
  if (waited.end === 'cancelled') throw new GuardError(problem('cancelled', 'cancelled before the cut-over'));
  if (waited.end === 'deadline')
    throw new GuardError(
      problem('promotion-refused', `${told}, and restore-timeout has passed`, {
        instance: cutover.pair.production,
      }),
    );
  return { old, restored };
}

const gone = (resourceId: string): GuardError =>
  new GuardError(problem('instance-gone', 'not found', { resourceId }));

const busyOf = (seen: PromotionLook): readonly InstanceFacts[] =>
  [seen.old, seen.new].flatMap((each) =>
    each === undefined || isStable(each) || waitsForNobody(each) ? [] : [each],
  );

/** Pending values of an instance that is otherwise at rest wait for its maintenance window, not for us. */
const waitsForNobody = (each: InstanceFacts): boolean =>
  isStable({ ...each, pending: [] }) && !(each.pending ?? []).some((name) => name.endsWith('Identifier'));

const reasonOf = ({ status, parameterStatus }: InstanceFacts): string =>
  parameterStatus === undefined ? status : `${status}, its parameter group ${parameterStatus}`;

async function nameRefusals(guard: Guard, { pair }: Cutover): Promise<readonly Problem[]> {
  if (pair.by === 'proxy') return [];
  const taken = await (await guard.ports.recovery()).instance(pair.parked);
  if (taken === undefined || taken.resourceId === pair.oldResourceId) return [];
  return [
    problem('instance-name-taken', `${pair.parked} exists already`, {
      instance: pair.parked,
      promotion: pair.run,
      status: taken.status,
    }),
  ];
}

/** `promote: proxy` needs one; a rename only tells of them, so a role without that right can still rename. */
async function findProxies(
  guard: Guard,
  { pair }: Cutover,
  old: InstanceFacts,
): Promise<readonly ProxyFacts[]> {
  try {
    const found = await (await guard.ports.proxies()).of(old);
    if (pair.by === 'proxy' && found.length === 0)
      throw new GuardError(problem('proxy-not-found', 'no proxy', { instance: old.identifier }));
    return found;
  } catch (error) {
    if (pair.by === 'proxy') throw error;
    return [];
  }
}

async function parityRefusals(
  guard: Guard,
  cutover: Cutover,
  restored: InstanceFacts,
  mayMend: boolean,
): Promise<readonly Problem[]> {
  try {
    const before = await compareSettings(guard, cutover.source, restored);
    const left = mayMend && before.length > 0 ? await mendSettings(guard, cutover.source, restored) : before;
    tellDifferences(guard, left);
    return left
      .filter((each) => isBreaking(each) && (mayMend || each.mend === 'none'))
      .map((each) =>
        problem(
          'promotion-refused',
          `${each.name} of ${restored.identifier} is ${each.got} instead of ${each.wanted}, which would break applications; ${each.call}`,
          { instance: cutover.pair.production, setting: each.name },
        ),
      );
  } catch (error) {
    return problemsOf(error);
  }
}

const SHORT_MINUTES = 25;

function tellWhatStays(guard: Guard, { pair }: Cutover, { old, restored, proxies }: Ready): void {
  const stranded = pair.by === 'proxy' ? [] : proxies.map(({ name }) => name);
  for (const { what, next } of notCarried(old, restored, stranded))
    guard.emit({ type: 'notice', notice: { code: 'not-carried', level: 'notice', fields: { what, next } } });
  // Set by `aws configure export-credentials` and some credential actions.
  const end = Date.parse(guard.options.environment.AWS_CREDENTIAL_EXPIRATION ?? '');
  const minutes = Math.floor((end - guard.ports.clock.now()) / 60_000);
  if (minutes < SHORT_MINUTES) guard.warn('credentials-short', { minutes: String(Math.max(0, minutes)) });
}
