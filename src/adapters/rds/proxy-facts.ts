import {
  type DBProxy,
  type DBProxyTarget,
  DescribeDBProxyTargetGroupsCommand,
  DescribeDBProxyTargetsCommand,
} from '@aws-sdk/client-rds';
import type { ProxyFacts } from '../../ports/fleet.ts';
import { allPages } from './pages.ts';
import type { Reach } from './reach.ts';

/** A proxy listens on the port of its engine, whatever the port of its database is (User Guide, "RDS Proxy limitations"). */
const PORTS: Readonly<Record<string, number>> = { POSTGRESQL: 5432, MYSQL: 3306, SQLSERVER: 1433 };

/** Every proxy has this group, and today no other. */
const DEFAULT_GROUP = 'default';

export async function proxyFacts(reach: Reach, proxy: DBProxy): Promise<ProxyFacts> {
  const name = proxy.DBProxyName ?? '';
  const targetGroup = await groupOf(reach, name);
  const targets = await targetsOf(reach, name, targetGroup);
  // A cluster is listed together with its members; how it is, its writer tells.
  const writer = targets.find(({ Role }) => Role === 'READ_WRITE') ?? targets[0];
  const cluster = targets.find(({ TrackedClusterId }) => TrackedClusterId)?.TrackedClusterId;
  const address = proxy.Endpoint;
  return {
    name,
    targetGroup,
    endpoint: address ? { address, port: PORTS[proxy.EngineFamily ?? ''] ?? 5432 } : undefined,
    target: cluster ?? (writer?.RdsResourceId || undefined),
    health: writer?.TargetHealth?.State,
    reason: writer?.TargetHealth?.Description ?? writer?.TargetHealth?.Reason,
  };
}

async function groupOf({ client, ask }: Reach, name: string): Promise<string> {
  const groups = await allPages(async (page) => {
    const command = new DescribeDBProxyTargetGroupsCommand({ DBProxyName: name, ...page });
    const answer = await ask(`describe the proxy ${name}`, 'rds:DescribeDBProxyTargetGroups', () =>
      client.send(command),
    );
    return { found: answer.TargetGroups, marker: answer.Marker };
  });
  const group = groups.find(({ IsDefault }) => IsDefault === true) ?? groups[0];
  return group?.TargetGroupName ?? DEFAULT_GROUP;
}

const targetsOf = ({ client, ask }: Reach, name: string, group: string): Promise<DBProxyTarget[]> =>
  allPages(async (page) => {
    const command = new DescribeDBProxyTargetsCommand({
      DBProxyName: name,
      TargetGroupName: group,
      ...page,
    });
    const answer = await ask(`describe the targets of ${name}`, 'rds:DescribeDBProxyTargets', () =>
      client.send(command),
    );
    return { found: answer.Targets, marker: answer.Marker };
  });
