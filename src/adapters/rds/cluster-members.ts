import { CreateDBInstanceCommand, type CreateDBInstanceCommandInput } from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import { memberName } from '../../domain/names.ts';
import { MANAGED_BY, mergedTags, TAG, type Tags } from '../../domain/tags.ts';
import { isAurora, type MemberSettings, membersIn } from './cluster-settings.ts';
import { tagList, tagsOf } from './describe.ts';
import { instanceByName } from './looking.ts';
import { quietly } from './pages.ts';
import { patiently } from './patience.ts';
import type { Reach } from './reach.ts';
import { isRejected, memberRefusal } from './refusals.ts';

/**
 * Makes the members of a restored cluster like the source's, the writer first: the first member of a cluster becomes its
 * writer. Repeatable: a member that is there already is left alone. Gives the names of those that were asked for. A
 * Multi-AZ DB cluster makes its three members itself.
 */
export async function addMembers(
  reach: Reach,
  source: InstanceFacts,
  restored: InstanceFacts,
): Promise<readonly string[]> {
  if (!isAurora(source.engine)) return [];
  const wanted = membersIn(source.settings);
  const there = new Set(restored.members ?? []);
  const added: string[] = [];
  for (const [at, member] of wanted.entries()) {
    const name = memberName(restored.identifier, at + 1);
    // A person may have added members under other names.
    if (there.has(name) || there.size + added.length >= wanted.length) continue;
    if (await addMember(reach, restored, name, member)) added.push(name);
  }
  return added;
}

/** True when this call asked for it. */
async function addMember(
  reach: Reach,
  restored: InstanceFacts,
  name: string,
  member: MemberSettings,
): Promise<boolean> {
  const input = memberInput(restored, name, member);
  const label = `add ${name} to ${restored.identifier}`;
  try {
    await anyZone(reach, label, input);
    return true;
  } catch (error) {
    if (!isRejected(error)) throw error;
    const existing = await quietly(instanceByName(reach, name));
    if (existing?.clusterIdentifier === restored.identifier) return false;
    throw memberRefusal(error, restored, name);
  }
}

/** A full zone must not stand between people and their data. */
async function anyZone(reach: Reach, label: string, input: CreateDBInstanceCommandInput): Promise<void> {
  const send = (each: CreateDBInstanceCommandInput) =>
    patiently(
      reach,
      label,
      'rds:CreateDBInstance',
      () => reach.client.send(new CreateDBInstanceCommand(each)),
      (error) => isRejected(error, 'InvalidDBClusterState'),
    );
  try {
    await send(input);
  } catch (error) {
    const zone = input.AvailabilityZone;
    if (zone === undefined || !isRejected(error, 'InsufficientDBInstanceCapacity')) throw error;
    const cause = `InsufficientDBInstanceCapacity in ${zone}`;
    reach.onRetry({ label, attempt: 1, cause, delayMs: 0 });
    await send({ ...input, AvailabilityZone: undefined });
  }
}

/** The request for one member, with every setting of the source's that AWS would otherwise default. Pure. */
export function memberInput(
  restored: InstanceFacts,
  name: string,
  member: MemberSettings,
): CreateDBInstanceCommandInput {
  const { Tags: given, DBInstanceIdentifier, MonitoringInterval, MonitoringRoleArn, ...settings } = member;
  const {
    EnablePerformanceInsights,
    PerformanceInsightsKMSKeyId,
    PerformanceInsightsRetentionPeriod,
    ...rest
  } = settings;
  const own = tagsOf(Array.isArray(given) ? given : []);
  return {
    // The manifest has the values of the API under its own names; a journal cannot be typed more closely.
    ...(rest as Partial<CreateDBInstanceCommandInput>),
    // AWS refuses a role without an interval.
    ...(Number(MonitoringInterval ?? 0) > 0 ? present({ MonitoringInterval, MonitoringRoleArn }) : {}),
    ...(EnablePerformanceInsights === true
      ? present({
          EnablePerformanceInsights,
          PerformanceInsightsKMSKeyId,
          PerformanceInsightsRetentionPeriod,
        })
      : {}),
    DBInstanceIdentifier: name,
    DBClusterIdentifier: restored.identifier,
    DBInstanceClass: member.DBInstanceClass,
    Engine: restored.engine,
    Tags: tagList(mergedTags(own, originOf(restored.tags))),
  };
}

const ORIGIN = [MANAGED_BY.key, TAG.run, TAG.repository, TAG.sha, TAG.sourceResourceId];

/** Who made it. How far it got, its cluster tells. */
const originOf = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => ORIGIN.includes(key)));

const present = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
