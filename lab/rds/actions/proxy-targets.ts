import { invalidCombination, invalidState, notImitated, RdsError } from '../errors.ts';
import { endpointOf } from '../naming.ts';
import { page } from '../paging.ts';
import type { Params } from '../params.ts';
import { type DbProxy, healthOf, type ProxyTarget, pointAt, targetInstance } from '../proxy.ts';
import { arnOf, type Instance, instanceNamed, type State } from '../state.ts';
import type { XmlRecord } from '../xml.ts';
import { type Action, list } from './action.ts';
import { GROUP, proxyOfGroup } from './proxies.ts';

/** What AWS wants of a database that a proxy is to serve, in the words of its own refusal. */
const USABLE = ['available', 'modifying', 'backing-up'];

const targetXml = (state: State, target: ProxyTarget): XmlRecord => {
  const instance = targetInstance(state, target);
  const health = healthOf(state, target);
  const id = instance?.settings.id ?? '';
  const endpoint = instance === undefined ? undefined : endpointOf(state, instance);
  return {
    TargetArn: arnOf(state, 'db', id),
    Endpoint: endpoint?.address,
    Port: endpoint?.port,
    RdsResourceId: id,
    Type: 'RDS_INSTANCE',
    Role: 'READ_WRITE',
    TargetHealth: { State: health.state, Reason: health.reason },
  };
};

export const describeDBProxyTargets: Action = {
  parameters: ['DBProxyName', 'TargetGroupName', 'Filters', 'MaxRecords', 'Marker'],
  run: (state, params) => {
    const { target } = proxyOfGroup(state, params);
    const { entries, marker } = page(target === undefined ? [] : [target], params);
    return {
      Marker: marker,
      Targets: list(
        'member',
        entries.map((entry) => targetXml(state, entry)),
      ),
    };
  },
};

/** The single instance that a call names. */
const askedInstance = (params: Params): string => {
  if (params.has('DBClusterIdentifiers')) throw notImitated('Clusters behind a proxy are not imitated.');
  const [id, ...others] = params.list('DBInstanceIdentifiers', 'member') ?? [];
  if (id === undefined || others.length > 0)
    throw invalidCombination('Exactly one DB instance or DB cluster must be given.');
  return id;
};

const checkProxy = (proxy: DbProxy): void => {
  if (proxy.status !== 'available')
    throw new RdsError('InvalidDBProxyStateFault', `DBProxy ${proxy.name} is ${proxy.status}.`);
};

const checkUsable = ({ settings, status }: Instance): void => {
  if (USABLE.includes(status)) return;
  const words = (text: string): string => text.toUpperCase().replaceAll('-', '_');
  throw invalidState(
    `DB Instance ${settings.id} is in an unsupported state - ${words(status)}, needs to be in [${USABLE.map(words).join(', ')}]`,
  );
};

export const registerDBProxyTargets: Action = {
  parameters: ['DBProxyName', 'TargetGroupName', 'DBInstanceIdentifiers', 'DBClusterIdentifiers'],
  run: (state, params) => {
    const proxy = proxyOfGroup(state, params);
    const instance = instanceNamed(state, askedInstance(params));
    checkProxy(proxy);
    if (proxy.target !== undefined) {
      const taken = targetInstance(state, proxy.target)?.settings.id ?? proxy.target.resourceId;
      throw new RdsError(
        'DBProxyTargetAlreadyRegisteredFault',
        `The target group ${GROUP} of ${proxy.name} is already associated with the DB instance ${taken}.`,
      );
    }
    checkUsable(instance);
    const target = {
      resourceId: instance.resourceId,
      readyAt: Date.now() + state.durations.proxyTargetMs,
    };
    pointAt(proxy, target);
    return { DBProxyTargets: list('member', [targetXml(state, target)]) };
  },
};

export const deregisterDBProxyTargets: Action = {
  parameters: ['DBProxyName', 'TargetGroupName', 'DBInstanceIdentifiers', 'DBClusterIdentifiers'],
  run: (state, params) => {
    const proxy = proxyOfGroup(state, params);
    const id = askedInstance(params).toLowerCase();
    checkProxy(proxy);
    const { target } = proxy;
    if (target === undefined || targetInstance(state, target)?.settings.id !== id) {
      throw new RdsError(
        'DBProxyTargetNotFoundFault',
        `The DB instance ${id} is not a target of ${proxy.name}.`,
        404,
      );
    }
    pointAt(proxy, undefined);
    return {};
  },
};
