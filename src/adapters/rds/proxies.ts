import {
  DeregisterDBProxyTargetsCommand,
  DescribeDBProxiesCommand,
  RegisterDBProxyTargetsCommand,
} from '@aws-sdk/client-rds';
import type { InstanceFacts } from '../../domain/facts.ts';
import type { Proxies, ProxyFacts } from '../../ports/fleet.ts';
import { kindOf } from './kinds.ts';
import { allPages, quietly } from './pages.ts';
import { patiently } from './patience.ts';
import { proxyFacts } from './proxy-facts.ts';
import type { Reach } from './reach.ts';
import { isRejected, proxyRefusal } from './refusals.ts';

/** RDS Proxies, whose targets are DB instances or DB clusters. */
export function createProxies(reach: Reach): Proxies {
  return {
    async of(instance) {
      const proxies = await every(reach);
      return proxies.filter(({ target }) => target !== undefined && isTarget(target, instance));
    },
    async named(name) {
      try {
        return (await every(reach, name))[0];
      } catch (error) {
        if (isRejected(error, 'DBProxyNotFound')) return undefined;
        throw error;
      }
    },
    retarget: (proxy, from, to) => retarget(reach, proxy, from, to),
  };
}

/** One after the other: RDS counts every Describe of the account. */
async function every(reach: Reach, name?: string): Promise<readonly ProxyFacts[]> {
  const { client, ask } = reach;
  const proxies = await allPages(async (page) => {
    // A name and a page size exclude each other on some endpoints.
    const command = new DescribeDBProxiesCommand(name === undefined ? page : { DBProxyName: name });
    const answer = await ask('list RDS Proxies', 'rds:DescribeDBProxies', () => client.send(command));
    return { found: answer.DBProxies, marker: answer.Marker };
  });
  const facts: ProxyFacts[] = [];
  for (const proxy of proxies) facts.push(await proxyFacts(reach, proxy));
  return facts;
}

/** A target names the database by its identifier (API reference, DBProxyTarget). */
const isTarget = (target: string, { identifier, resourceId, arn }: InstanceFacts): boolean =>
  [identifier, resourceId, arn].includes(target);

const targetOf = (facts: InstanceFacts) =>
  kindOf(facts) === 'cluster'
    ? { DBClusterIdentifiers: [facts.identifier] }
    : { DBInstanceIdentifiers: [facts.identifier] };

/**
 * A target group takes one database, so the old one has to go first. When the new one is refused, the old one is put
 * back: a proxy without a target serves nobody.
 */
async function retarget(
  reach: Reach,
  proxy: ProxyFacts,
  from: InstanceFacts,
  to: InstanceFacts,
): Promise<void> {
  const fields = { proxy: proxy.name, instance: to.identifier };
  try {
    await deregister(reach, proxy, from);
  } catch (error) {
    throw proxyRefusal(error, fields);
  }
  try {
    await register(reach, proxy, to);
  } catch (error) {
    const now = await quietly(every(reach, proxy.name));
    const target = now?.[0]?.target;
    if (target !== undefined && isTarget(target, to)) return;
    const back = await quietly(register(reach, proxy, from).then(() => from.identifier));
    throw proxyRefusal(error, { ...fields, ...(back === undefined ? {} : { putBack: back }) });
  }
}

async function deregister(
  { client, ask }: Reach,
  { name, targetGroup }: ProxyFacts,
  from: InstanceFacts,
): Promise<void> {
  const command = new DeregisterDBProxyTargetsCommand({
    DBProxyName: name,
    TargetGroupName: targetGroup,
    ...targetOf(from),
  });
  const label = `take ${from.identifier} out of the proxy ${name}`;
  try {
    await ask(label, 'rds:DeregisterDBProxyTargets', () => client.send(command));
  } catch (error) {
    // The database may be deleted by now, and then it is no target either.
    const absent = ['DBProxyTargetNotFound', 'DBInstanceNotFound', 'DBClusterNotFound'];
    if (!absent.some((code) => isRejected(error, code))) throw error;
  }
}

async function register(reach: Reach, { name, targetGroup }: ProxyFacts, to: InstanceFacts): Promise<void> {
  const command = new RegisterDBProxyTargetsCommand({
    DBProxyName: name,
    TargetGroupName: targetGroup,
    ...targetOf(to),
  });
  const label = `put ${to.identifier} into the proxy ${name}`;
  const send = () => reach.client.send(command);
  // It may still be busy with the old target. A database that is not ready is no reason to leave it without one.
  const isProxyBusy = (error: unknown) => isRejected(error, 'InvalidDBProxyState');
  await patiently(reach, label, 'rds:RegisterDBProxyTargets', send, isProxyBusy);
}
