import { familyOf } from '../engines.ts';
import { RdsError } from '../errors.ts';
import { page } from '../paging.ts';
import type { Params } from '../params.ts';
import type { DbProxy } from '../proxy.ts';
import { arnOf, type State } from '../state.ts';
import type { XmlRecord } from '../xml.ts';
import { type Action, list } from './action.ts';

/** The one target group that a proxy has. */
export const GROUP = 'default';

export const proxyNamed = (state: State, name: string): DbProxy => {
  const found = state.proxies.get(name.toLowerCase());
  if (found === undefined) throw new RdsError('DBProxyNotFoundFault', `DBProxy ${name} does not exist.`, 404);
  return found;
};

/** The proxy of a call about its target group, which may be named. */
export const proxyOfGroup = (state: State, params: Params): DbProxy => {
  const proxy = proxyNamed(state, params.needed('DBProxyName'));
  const group = params.text('TargetGroupName') ?? GROUP;
  if (group !== GROUP) {
    throw new RdsError(
      'DBProxyTargetGroupNotFoundFault',
      `DBProxyTargetGroup ${group} of ${proxy.name} does not exist.`,
      404,
    );
  }
  return proxy;
};

const proxyXml = (state: State, proxy: DbProxy): XmlRecord => ({
  DBProxyName: proxy.name,
  DBProxyArn: arnOf(state, 'db-proxy', `prx-${proxy.name}`),
  Status: proxy.status,
  EngineFamily: familyOf(proxy.engine),
  VpcId: 'vpc-lab-private',
  VpcSecurityGroupIds: list('member', []),
  VpcSubnetIds: list('member', []),
  Auth: list('member', []),
  // On AWS the port is always the engine's own; here it is where the forwarder listens.
  Endpoint: proxy.endpoint.address,
  RequireTLS: false,
  IdleClientTimeout: 1800,
  DebugLogging: false,
  CreatedDate: proxy.createdAt,
  UpdatedDate: proxy.createdAt,
});

export const describeDBProxies: Action = {
  parameters: ['DBProxyName', 'Filters', 'MaxRecords', 'Marker'],
  run: (state, params) => {
    const name = params.text('DBProxyName');
    const all = name === undefined ? [...state.proxies.values()] : [proxyNamed(state, name)];
    const { entries, marker } = page(all, params);
    return {
      Marker: marker,
      DBProxies: list(
        'member',
        entries.map((proxy) => proxyXml(state, proxy)),
      ),
    };
  },
};

const groupXml = (state: State, proxy: DbProxy): XmlRecord => ({
  DBProxyName: proxy.name,
  TargetGroupName: GROUP,
  TargetGroupArn: arnOf(state, 'target-group', `prx-tg-${proxy.name}`),
  IsDefault: true,
  Status: 'available',
  ConnectionPoolConfig: {
    MaxConnectionsPercent: 100,
    MaxIdleConnectionsPercent: 50,
    ConnectionBorrowTimeout: 120,
    SessionPinningFilters: list('member', []),
  },
  CreatedDate: proxy.createdAt,
  UpdatedDate: proxy.createdAt,
});

export const describeDBProxyTargetGroups: Action = {
  parameters: ['DBProxyName', 'TargetGroupName', 'Filters', 'MaxRecords', 'Marker'],
  run: (state, params) => {
    const { entries, marker } = page([proxyOfGroup(state, params)], params);
    return {
      Marker: marker,
      TargetGroups: list(
        'member',
        entries.map((proxy) => groupXml(state, proxy)),
      ),
    };
  },
};
