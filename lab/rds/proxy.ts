import { proxyName } from '../dns/index.ts';
import { portOf } from './engines.ts';
import { type Forwarder, startForwarder } from './forwarder.ts';
import { type Endpoint, publishNames } from './naming.ts';
import { type Instance, instanceNamed, type State } from './state.ts';

/** A target by resource id: in the lab a proxy stays with its database when that is renamed. AWS does not say. */
export type ProxyTarget = { readonly resourceId: string; readonly readyAt: number };

export type DbProxy = {
  readonly name: string;
  readonly createdAt: Date;
  readonly endpoint: Endpoint;
  readonly forwarder: Forwarder;
  /** Of the first database; PostgreSQL without one. */
  readonly engine: string;
  status: string;
  /** One target group (`default`) and in it at most one database, as on AWS. */
  target: ProxyTarget | undefined;
};

export type Health = {
  readonly state: 'REGISTERING' | 'AVAILABLE' | 'UNAVAILABLE';
  readonly reason: 'UNREACHABLE' | undefined;
};

export const targetInstance = (state: State, target: ProxyTarget): Instance | undefined =>
  state.instances.get(target.resourceId) ?? state.removed.get(target.resourceId);

export const healthOf = (state: State, target: ProxyTarget): Health => {
  if (Date.now() < target.readyAt) return { state: 'REGISTERING', reason: undefined };
  return state.instances.get(target.resourceId)?.cluster?.running === true
    ? { state: 'AVAILABLE', reason: undefined }
    : { state: 'UNAVAILABLE', reason: 'UNREACHABLE' };
};

/** Points a proxy at another database, or at none. Open connections end, as they do on AWS. */
export const pointAt = (proxy: DbProxy, target: ProxyTarget | undefined): void => {
  proxy.target = target;
  proxy.forwarder.cut();
};

const reachable = (state: State, proxy: DbProxy | undefined): Instance['cluster'] => {
  const target = proxy?.target;
  if (target === undefined || healthOf(state, target).state !== 'AVAILABLE') return undefined;
  return state.instances.get(target.resourceId)?.cluster;
};

/** With names a proxy has an address of its own, so every one can have the same port. */
export const makeProxy = async (
  state: State,
  asked: { readonly name: string; readonly target?: string },
): Promise<DbProxy> => {
  const name = asked.name.toLowerCase();
  if (state.proxies.has(name)) throw new Error(`There is a proxy ${name} already.`);
  const instance = asked.target === undefined ? undefined : instanceNamed(state, asked.target);
  const { naming } = state;
  const engine = instance?.settings.engine ?? 'postgres';
  const port = naming.mode === 'names' ? portOf(engine) : 0;
  const host = naming.mode === 'names' ? await naming.addresses.take(port) : '127.0.0.1';
  const forwarder = await startForwarder({ host, port }, () => reachable(state, state.proxies.get(name)));
  const proxy: DbProxy = {
    name,
    createdAt: new Date(),
    endpoint: {
      address: naming.mode === 'names' ? proxyName(name, state.region) : host,
      port: forwarder.port,
    },
    forwarder,
    engine,
    status: 'available',
    target: instance === undefined ? undefined : { resourceId: instance.resourceId, readyAt: 0 },
  };
  state.proxies.set(name, proxy);
  publishNames(state);
  return proxy;
};
