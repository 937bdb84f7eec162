export { type Addresses, startAddresses } from './addresses.ts';
export { clusterName, DOMAIN, type Hosts, instanceName, PRELOAD, proxyName, startHosts } from './hosts.ts';
