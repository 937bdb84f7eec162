import type { Action } from './actions/action.ts';
import { describeDBInstanceAutomatedBackups } from './actions/backups.ts';
import { describeDBClusters, describeDBInstances } from './actions/instances.ts';
import { modifyDBInstance } from './actions/modify.ts';
import { restoreDBInstanceFromDBSnapshot, restoreDBInstanceToPointInTime } from './actions/restore.ts';
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
  AddTagsToResource: addTagsToResource,
  RemoveTagsFromResource: removeTagsFromResource,
  ListTagsForResource: listTagsForResource,
};
