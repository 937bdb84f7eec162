import { describeUrl, parseConnectionUrl } from '../domain/connection-url.ts';
import type { InstanceFacts, TargetFacts } from '../domain/facts.ts';
import { halfDoneOn } from '../domain/half-done.ts';
import { GuardError, type Problem, problem, problemsOf } from '../domain/problem.ts';
import { Secret } from '../domain/secret.ts';
import type { SnapshotInventory } from '../ports/recovery.ts';
import type { Guard } from './context.ts';
import { type FindHazards, studyPending } from './hazards.ts';
import type { FirstLook } from './observe.ts';
import { type SecondLook, seenOf } from './seen.ts';
import { describe, probedVariables, urlIn } from './urls.ts';

export async function secondLook(guard: Guard, first: FirstLook, find: FindHazards): Promise<SecondLook> {
  const [target, name, study, probes, url, downs, deployed] = await Promise.allSettled([
    observeTarget(guard),
    checkRestoredName(guard),
    studyPending(guard, first, find),
    probeAll(guard, first),
    checkEffectiveUrl(guard, first),
    downScripts(guard, first),
    ranInEnvironment(guard),
  ]);
  return {
    ...seenOf({ target, study, downs, deployed }),
    probes: probes.status === 'fulfilled' ? probes.value : [],
    problems: [
      ...[target, name, study, probes, url, downs, deployed].flatMap((each) =>
        each.status === 'rejected' ? problemsOf(each.reason) : [],
      ),
      ...(target.status === 'fulfilled' ? promotionProblems(target.value) : []),
    ],
  };
}

/** A cut-over that has no end may give the name to another database at any moment. */
function promotionProblems({ instance }: TargetFacts): readonly Problem[] {
  const half = halfDoneOn(instance);
  return half === undefined ? [] : [half];
}

export async function observeTarget(guard: Guard): Promise<TargetFacts> {
  const recovery = await guard.ports.recovery();
  const [instance, listed] = await Promise.all([
    recovery.instance(guard.request.instance),
    recovery.snapshots(),
  ]);
  if (instance === undefined) {
    throw new GuardError(
      problem('instance-not-found', `no DB ${guard.request.targetKind} ${guard.request.instance}`, {
        instance: guard.request.instance,
        kind: guard.request.targetKind === 'cluster' ? 'cluster' : undefined,
        region: guard.request.region,
      }),
    );
  }
  const inventory = await ofTheCluster(guard, instance, listed);
  const target: TargetFacts = {
    instance,
    manualSnapshots: inventory.snapshots,
    snapshotLimit: inventory.limit,
  };
  guard.emit({ type: 'observed-target', target });
  return target;
}

/** A member was given: the cluster is taken and said, and the snapshots that count are the cluster's. */
async function ofTheCluster(
  guard: Guard,
  { resolvedFrom: member, identifier: cluster }: InstanceFacts,
  listed: SnapshotInventory,
): Promise<SnapshotInventory> {
  if (member === undefined) return listed;
  const isSaid = guard.run.notices.some(({ code }) => code === 'cluster-member');
  if (!isSaid)
    guard.emit({
      type: 'notice',
      notice: { code: 'cluster-member', level: 'notice', fields: { member, cluster } },
    });
  return guard.request.targetKind === 'cluster' ? listed : (await guard.ports.recovery()).snapshots();
}

/** A name of the user's own choice is free now or the restore fails when it is needed; ours carry the run in them. */
async function checkRestoredName({ request, ports }: Guard): Promise<void> {
  const { restoredIdentifier, onFailure } = request;
  if (restoredIdentifier === undefined || onFailure === 'alert') return;
  const taken = await (await ports.recovery()).instance(restoredIdentifier);
  if (taken === undefined) return;
  throw new GuardError(
    problem('instance-name-taken', `${restoredIdentifier} exists already`, {
      instance: restoredIdentifier,
      status: taken.status,
    }),
  );
}

export async function downScripts(
  guard: Guard,
  { project }: Pick<FirstLook, 'project'>,
): Promise<ReadonlySet<string>> {
  if (!guard.request.requireDown) return new Set();
  return (await guard.ports.workspace()).downScripts(project.migrationsPath);
}

/** Throws `review-failed` when GitHub does not answer: what was demanded and cannot be checked is not fulfilled. */
export async function ranInEnvironment({ request, ports, options }: Guard): Promise<boolean | undefined> {
  if (request.requireEnvironment === undefined) return undefined;
  return (await ports.review()).deployed(request.requireEnvironment, options.identity.sha);
}

async function probeAll(guard: Guard, first: FirstLook): Promise<SecondLook['probes']> {
  const engine = await guard.ports.engine();
  const probed = probedVariables(first);
  const wanted = Object.entries(first.environment).filter(([variable]) => probed(variable));
  return Promise.all(
    wanted.map(async ([variable, url]) => {
      const session = await engine.connect(new Secret(url));
      try {
        const database = await session.facts();
        // What the restore point reads needs a right of its own there (SHOW VIEW): told now, and not after the snapshot.
        if (database.dialect === 'mysql' && variable === first.urls.primary) await session.state();
        return { variable, database };
      } finally {
        await session.close();
      }
    }),
  );
}

/** Prisma must not find its way to a URL that does not carry the limits (a `.env` file, a computed config). */
export async function checkEffectiveUrl(
  guard: Guard,
  first: Pick<FirstLook, 'project' | 'environment' | 'urls'>,
): Promise<void> {
  const url = await (await guard.ports.migrator()).effectiveUrl(first.project, first.environment);
  if (url !== undefined && Object.values(first.environment).includes(url)) {
    mustBeKnown(url, urlIn(first.urls, first.environment), first.project);
    return;
  }
  const variables = Object.keys(first.environment).join(', ');
  const wanted = first.project.urlEnv[0];
  const elsewhere = url === undefined ? 'a place the guard cannot see' : describeQuietly(url);
  throw new GuardError(
    problem(
      'url-not-guarded',
      `Prisma would connect to ${elsewhere} with a URL that is not one of ${variables}`,
      {
        variables,
        wanted,
        elsewhere,
      },
    ),
  );
}

/** On MySQL the migration's session is known by user, host and database, which have to be those of the guard's own. */
function mustBeKnown(url: string, own: Secret, { urlEnv: [wanted] }: FirstLook['project']): void {
  if (parseConnectionUrl(url).dialect !== 'mysql') return;
  const [elsewhere, watched] = [describeUrl(url), describe(own)];
  if (elsewhere.toLowerCase() === watched.toLowerCase()) return;
  const detail = `Prisma would connect as ${elsewhere}, and the guard looks as ${watched}`;
  throw new GuardError(problem('url-not-guarded', detail, { wanted, elsewhere, watched }));
}

function describeQuietly(url: string): string {
  try {
    const { host, port, database } = parseConnectionUrl(url);
    return `${host}:${port}/${database}`;
  } catch {
    return 'another database';
  }
}
