import type { Action } from './actions/action.ts';
import { describeDBInstanceAutomatedBackups } from './actions/backups.ts';
import { createDBInstance } from './actions/cluster-members.ts';
import { modifyDBCluster } from './actions/cluster-modify.ts';
import { restoreDBClusterFromSnapshot, restoreDBClusterToPointInTime } from './actions/cluster-restore.ts';
import {
  createDBClusterSnapshot,
  deleteDBClusterSnapshot,
  describeDBClusterSnapshots,
} from './actions/cluster-snapshots.ts';
import { describeDBClusters } from './actions/clusters.ts';
import { describeDBInstances } from './actions/instances.ts';
import { modifyDBInstance } from './actions/modify.ts';
import { describeDBProxies, describeDBProxyTargetGroups } from './actions/proxies.ts';
import {
  deregisterDBProxyTargets,
  describeDBProxyTargets,
  registerDBProxyTargets,
} from './actions/proxy-targets.ts';
import { rebootDBInstance } from './actions/reboot.ts';
import { restoreDBInstanceFromDBSnapshot, restoreDBInstanceToPointInTime } from './actions/restore.ts';
import { addRoleToDBInstance } from './actions/roles.ts';
import { createDBSnapshot, deleteDBSnapshot, describeDBSnapshots } from './actions/snapshots.ts';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './actions/tags.ts';

/** Every action the lab answers. A new group of actions is one file in `actions/` and its lines here. */
export const ROUTES: Readonly<Record<string, Action>> = {
  DescribeDBInstances: describeDBInstances,
  DescribeDBClusters: describeDBClusters,
  DescribeDBSnapshots: describeDBSnapshots,
  CreateDBSnapshot: createDBSnapshot,
  DeleteDBSnapshot: deleteDBSnapshot,
  RestoreDBInstanceToPointInTime: restoreDBInstanceToPointInTime,
  RestoreDBInstanceFromDBSnapshot: restoreDBInstanceFromDBSnapshot,
  DescribeDBInstanceAutomatedBackups: describeDBInstanceAutomatedBackups,
  ModifyDBInstance: modifyDBInstance,
  RebootDBInstance: rebootDBInstance,
  AddRoleToDBInstance: addRoleToDBInstance,
  DescribeDBProxies: describeDBProxies,
  DescribeDBProxyTargetGroups: describeDBProxyTargetGroups,
  DescribeDBProxyTargets: describeDBProxyTargets,
  RegisterDBProxyTargets: registerDBProxyTargets,
  DeregisterDBProxyTargets: deregisterDBProxyTargets,
  CreateDBInstance: createDBInstance,
  CreateDBClusterSnapshot: createDBClusterSnapshot,
  DescribeDBClusterSnapshots: describeDBClusterSnapshots,
  DeleteDBClusterSnapshot: deleteDBClusterSnapshot,
  RestoreDBClusterToPointInTime: restoreDBClusterToPointInTime,
  RestoreDBClusterFromSnapshot: restoreDBClusterFromSnapshot,
  ModifyDBCluster: modifyDBCluster,
  AddTagsToResource: addTagsToResource,
  RemoveTagsFromResource: removeTagsFromResource,
  ListTagsForResource: listTagsForResource,
};
