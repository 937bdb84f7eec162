/** What the policies for DB clusters allow beyond the calls that cluster.test.ts makes. */
const ROLE = 'the lab has none for clusters: adapters/rds-cluster-mend.test.ts';
const REBOOT = 'a parameter group that is not in force: adapters/rds-cluster-mend.test.ts';
const MEMBER = 'a member that a person changed: adapters/rds-cluster-mend.test.ts';
const PROXY = 'adapters/rds-proxies.test.ts, with a cluster';

/** Actions that no run calls, in the order of the policies, and why they allow it all the same. */
export const RARE: Readonly<Record<string, string>> = {
  'doctor rds:DescribeDBSnapshots': 'the doctor has the policy of the plan, which calls it',
  'deploy rds:DeleteDBClusterSnapshot': 'with snapshot-keep: the same call as in a cleanup',
  'deploy rds:AddRoleToDBCluster': ROLE,
  'deploy rds:ModifyDBInstance': MEMBER,
  'deploy rds:RebootDBInstance': REBOOT,
  'rollback rds:DescribeDBClusterAutomatedBackups':
    'a cluster that is gone: read off adapters/rds/cluster-fleet.ts',
  'rollback rds:RestoreDBClusterToPointInTime': 'the same call as in a failing deploy',
  'rollback rds:RestoreDBClusterFromSnapshot': 'adapters/rds-cluster-fleet.test.ts',
  'rollback rds:AddRoleToDBCluster': ROLE,
  'rollback rds:ModifyDBInstance': MEMBER,
  'rollback rds:RebootDBInstance': REBOOT,
  'promote rds:DescribeDBProxyTargetGroups': PROXY,
  'promote rds:DescribeDBProxyTargets': PROXY,
  'promote rds:AddRoleToDBCluster': ROLE,
  'promote rds:ModifyDBInstance': MEMBER,
  'promote rds:RebootDBInstance': REBOOT,
  'promote rds:RegisterDBProxyTargets': PROXY,
  'promote rds:DeregisterDBProxyTargets': PROXY,
};

/** Patterns of called actions that no run needs, and who does. */
export const SPARE: Readonly<Record<string, string>> = {
  'deploy MendWhatItRestored cluster-pg': 'a parameter group that the restore did not take',
  'deploy MendWhatItRestored og': 'AWS lists it for the action; the guard never names one',
  'rollback MendWhatItRestored cluster-pg': 'as for deploy',
  'rollback MendWhatItRestored og': 'as for deploy',
  'promote SwapNames cluster-pg': 'as for deploy',
  'promote SwapNames og': 'as for deploy',
};
