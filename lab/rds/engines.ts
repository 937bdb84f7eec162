import { DEFAULT_PORTS, type Dialect, dialectOfEngine } from '../../src/domain/dialect.ts';
import type { Cluster } from '../databases.ts';
import { CLUSTER_SETTINGS, type ClusterSettings } from './cluster-state.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import type { InstanceSettings } from './types.ts';

/** What differs between engines in a database that is registered; the rest is the same for all. */
type Own = Pick<
  InstanceSettings,
  'engineVersion' | 'parameterGroup' | 'optionGroup' | 'licenseModel' | 'logExports' | 'masterUsername'
>;

const MYSQL = {
  licenseModel: 'general-public-license',
  logExports: ['error', 'slowquery'],
  masterUsername: 'admin',
} as const;

/** PostgreSQL is not here: it is what `DEFAULT_SETTINGS` describes. */
const INSTANCES: Readonly<Record<string, Own>> = {
  mysql: {
    ...MYSQL,
    engineVersion: '8.0.39',
    parameterGroup: 'lab-mysql80',
    optionGroup: 'default:mysql-8-0',
  },
  mariadb: {
    ...MYSQL,
    engineVersion: '10.11.9',
    parameterGroup: 'lab-mariadb1011',
    optionGroup: 'default:mariadb-10-11',
  },
};

type OwnOfCluster = Pick<
  ClusterSettings,
  'engineVersion' | 'parameterGroup' | 'logExports' | 'masterUsername'
>;

const CLUSTERS: Readonly<Record<string, OwnOfCluster>> = {
  'aurora-mysql': {
    engineVersion: '8.0.mysql_aurora.3.08.0',
    parameterGroup: 'lab-aurora-mysql80',
    logExports: MYSQL.logExports,
    masterUsername: MYSQL.masterUsername,
  },
  mysql: {
    engineVersion: '8.0.39',
    parameterGroup: 'lab-mysql80-cluster',
    logExports: MYSQL.logExports,
    masterUsername: MYSQL.masterUsername,
  },
};

const dialectOf = ({ kind = 'postgresql' }: Cluster): Dialect => kind;

const checked = (engine: string, cluster: Cluster): string => {
  if (dialectOfEngine(engine) !== dialectOf(cluster))
    throw new Error(`Cluster ${cluster.name} is no database of the engine ${engine}.`);
  return engine;
};

const FIRST_INSTANCE: Readonly<Record<Dialect, string>> = {
  postgresql: DEFAULT_SETTINGS.engine,
  mysql: 'mysql',
};
const FIRST_CLUSTER: Readonly<Record<Dialect, string>> = {
  postgresql: CLUSTER_SETTINGS.engine,
  mysql: 'aurora-mysql',
};

/** Settings of an instance that is registered without more of its own. The engine follows the database behind it. */
export const instanceDefaults = (
  engine: string | undefined,
  cluster: Cluster,
): Omit<InstanceSettings, 'id'> => {
  const name = checked(engine ?? FIRST_INSTANCE[dialectOf(cluster)], cluster);
  return { ...DEFAULT_SETTINGS, engine: name, ...INSTANCES[name] };
};

export const clusterDefaults = (
  engine: string | undefined,
  cluster: Cluster,
): Omit<ClusterSettings, 'id'> => {
  const name = checked(engine ?? FIRST_CLUSTER[dialectOf(cluster)], cluster);
  return { ...CLUSTER_SETTINGS, engine: name, ...CLUSTERS[name] };
};

type OfMember = Pick<InstanceSettings, 'parameterGroup' | 'optionGroup' | 'licenseModel'>;

/** What a member takes from the engine of its cluster rather than from the cluster. */
export const memberDefaults = (engine: string): Partial<OfMember> =>
  dialectOfEngine(engine) === 'mysql'
    ? {
        parameterGroup: 'lab-aurora-mysql80-member',
        optionGroup: `default:${engine}-8-0`,
        licenseModel: MYSQL.licenseModel,
      }
    : {};

/** A proxy on AWS always listens on the port of its engine, whatever that of its database is. */
export const portOf = (engine: string): number => DEFAULT_PORTS[dialectOfEngine(engine) ?? 'postgresql'];

/** `EngineFamily` of a proxy. */
export const familyOf = (engine: string): 'MYSQL' | 'POSTGRESQL' =>
  dialectOfEngine(engine) === 'mysql' ? 'MYSQL' : 'POSTGRESQL';
