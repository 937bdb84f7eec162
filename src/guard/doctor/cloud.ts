import { type Check, failing, judged, passed, skipped } from '../../domain/checkup.ts';
import type { InstanceFacts, ProjectFacts } from '../../domain/facts.ts';
import { type Problem, type ProblemCode, problem } from '../../domain/problem.ts';
import type { DeployRequest } from '../../domain/request.ts';
import type { SnapshotInventory } from '../../ports/recovery.ts';
import type { Guard } from '../context.ts';
import { hostOf, type Urls } from '../urls.ts';
import { type DoctorRules, type Look, look } from './look.ts';

export interface CloudLook {
  readonly instance: Look<InstanceFacts | undefined>;
  readonly inventory: Look<SnapshotInventory>;
}

/** Calls that change nothing. AWS has no dry run for RDS. */
export async function lookAtCloud(guard: Guard): Promise<CloudLook> {
  const instance = await look(async () => ({
    found: await (await guard.ports.recovery()).instance(guard.request.instance),
  }));
  // Only then is it known whether the snapshots are those of a cluster.
  const inventory = await look(async () => (await guard.ports.recovery()).snapshots());
  return { instance: instance.value === undefined ? instance : { value: instance.value.found }, inventory };
}

export function cloudChecks(
  guard: Guard,
  rules: DoctorRules,
  { instance, inventory }: CloudLook,
  { project, urls }: { readonly project: ProjectFacts | undefined; readonly urls: Urls | undefined },
): readonly Check[] {
  const { request } = guard;
  const problems = [...(instance.problems ?? []), ...(inventory.problems ?? [])];
  const credentials = problems.filter(isCredentials);
  const found = instance.value;
  const kind = found?.kind ?? request.targetKind;
  return [
    credentialsCheck(guard, problems, credentials),
    callCheck('describe-instances', instance, credentials, { instance: request.instance, kind }),
    callCheck('describe-snapshots', inventory, credentials, {
      count: inventory.value?.snapshots.length,
      kind,
    }),
    skipped('aws-changes', 'cannot-be-tried', {
      instance: found?.identifier ?? request.instance,
      kind,
      actions: changingActions(request, kind).join(' '),
      arn: found?.arn,
    }),
    ...instanceChecks(guard, rules, { instance, inventory }, project),
    endpointCheck(found, urls),
  ];
}

const CREDENTIALS: ReadonlySet<ProblemCode> = new Set(['credentials-missing', 'credentials-expired']);
const isCredentials = ({ code }: Problem): boolean => CREDENTIALS.has(code);
/** AWS answered, so it knew who asked. */
const ANSWERS: ReadonlySet<ProblemCode> = new Set(['aws-denied', 'aws-rejected', 'aws-throttled']);

function credentialsCheck(
  guard: Guard,
  problems: readonly Problem[],
  credentials: readonly Problem[],
): Check {
  const { region } = guard.request;
  const [first] = credentials;
  if (first !== undefined) return failing('aws-credentials', [first], { region });
  const unsaid = problems.find(({ code }) => code === 'input-missing' || code === 'unexpected');
  if (unsaid !== undefined) return failing('aws-credentials', [unsaid], { region });
  const known = problems.length < 2 || problems.some(({ code }) => ANSWERS.has(code));
  return known ? passed('aws-credentials', { region }) : skipped('aws-credentials', 'aws-silent', { region });
}

function callCheck(
  name: 'describe-instances' | 'describe-snapshots',
  { problems = [] }: Look<unknown>,
  credentials: readonly Problem[],
  facts: Readonly<Record<string, string | number | undefined>>,
): Check {
  if (problems.length > 0 && credentials.length > 0) return skipped(name, 'needs-credentials');
  return judged(name, problems, facts);
}

type Kind = DeployRequest['targetKind'];

const ACTIONS = {
  instance: {
    snapshot: 'rds:CreateDBSnapshot',
    prune: 'rds:DeleteDBSnapshot',
    restore: ['rds:RestoreDBInstanceToPointInTime'],
    // Settings that a restore drops are given back to the restored copy.
    mend: ['rds:ModifyDBInstance', 'rds:AddRoleToDBInstance', 'rds:RebootDBInstance'],
  },
  cluster: {
    snapshot: 'rds:CreateDBClusterSnapshot',
    prune: 'rds:DeleteDBClusterSnapshot',
    restore: ['rds:RestoreDBClusterToPointInTime', 'rds:CreateDBInstance'],
    mend: ['rds:ModifyDBCluster', 'rds:AddRoleToDBCluster', 'rds:ModifyDBInstance', 'rds:RebootDBInstance'],
  },
} as const;

/** What this configuration will ask of AWS beyond looking (Service Authorization Reference, Amazon RDS). */
export function changingActions(
  { snapshot, snapshotKeep, onFailure }: Pick<DeployRequest, 'snapshot' | 'snapshotKeep' | 'onFailure'>,
  kind: Kind,
): readonly string[] {
  const actions = ACTIONS[kind];
  return [
    ...(snapshot === 'skip' ? [] : [actions.snapshot]),
    ...(snapshot !== 'skip' || onFailure !== 'alert' ? ['rds:AddTagsToResource'] : []),
    ...(snapshotKeep > 0 && snapshot !== 'skip' ? [actions.prune] : []),
    ...(onFailure === 'alert' ? [] : [...actions.restore, ...actions.mend]),
  ];
}

const OWN_CHECK = {
  'backups-disabled': 'retention',
  'restore-window-stale': 'restore-window',
  'snapshot-quota': 'snapshot-quota',
} as const;
const checkOf = ({ code }: Problem): string =>
  (OWN_CHECK as Partial<Record<ProblemCode, string>>)[code] ?? 'instance';

function instanceChecks(
  guard: Guard,
  rules: DoctorRules,
  { instance, inventory }: CloudLook,
  project: ProjectFacts | undefined,
): readonly Check[] {
  const { request, ports } = guard;
  const names = ['instance', 'retention', 'restore-window', 'snapshot-quota'] as const;
  const found = instance.value;
  if (instance.problems !== undefined) return names.map((name) => skipped(name, 'needs-instance'));
  if (found === undefined) {
    const absent = problem('instance-not-found', `no DB instance ${request.instance}`, {
      instance: request.instance,
      region: request.region,
    });
    return names.map((name) =>
      name === 'instance' ? failing(name, [absent]) : skipped(name, 'needs-instance'),
    );
  }
  const now = ports.clock.now();
  const target = {
    instance: found,
    manualSnapshots: inventory.value?.snapshots ?? [],
    snapshotLimit: inventory.value?.limit,
  };
  const refused = rules.targetRefusals(target, { request, project, now });
  const facts = factsOf(found, inventory.value, now);
  return names.map((name) => {
    const problems = refused.filter((each) => checkOf(each) === name);
    if (name === 'snapshot-quota' && inventory.value === undefined) return skipped(name, 'needs-snapshots');
    // Without backups there is no window to be old.
    if (name === 'restore-window' && found.backupRetentionDays === 0) return skipped(name, 'needs-instance');
    return judged(name, problems, facts[name]);
  });
}

const factsOf = (instance: InstanceFacts, inventory: SnapshotInventory | undefined, now: number) => ({
  instance: {
    instance: instance.identifier,
    status: instance.status,
    engine: `${instance.engine} ${instance.engineVersion}`.trim(),
    class: instance.instanceClass,
    storageGiB: instance.allocatedStorageGiB,
  },
  retention: { days: instance.backupRetentionDays, backupWindow: instance.backupWindow },
  'restore-window': {
    ageMs:
      instance.latestRestorableTime === undefined
        ? undefined
        : Math.max(0, now - instance.latestRestorableTime),
  },
  'snapshot-quota': { count: inventory?.snapshots.length, limit: inventory?.limit },
});

/** Another RDS host is certainly another database; another name may be an alias or a tunnel. */
function endpointCheck(instance: InstanceFacts | undefined, urls: Urls | undefined): Check {
  const address = instance?.endpoint?.address;
  if (address === undefined) return skipped('endpoint', 'needs-instance');
  const url = urls?.given[urls.primary];
  if (url === undefined) return skipped('endpoint', 'needs-urls');
  const host = hostOf(url);
  const facts = { host, endpoint: address };
  if (host.toLowerCase() === address.toLowerCase()) return passed('endpoint', facts);
  return /\.rds\.amazonaws\.com(?:\.cn)?$/i.test(host)
    ? failing('endpoint', [], facts)
    : skipped('endpoint', 'cannot-be-told', facts);
}
