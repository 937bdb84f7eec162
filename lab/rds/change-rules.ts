import type { Change } from './changes.ts';
import { invalidCombination, invalidState, invalidValue, RdsError } from './errors.ts';
import { storageOf } from './rules.ts';
import type { Instance, State } from './state.ts';
import type { InstanceSettings } from './types.ts';

const MODIFIABLE: readonly string[] = ['available', 'storage-optimization'];

/** Whether AWS would take a modification now. */
export const checkModifiable = (instance: Instance): void => {
  const { settings, status, renamingTo } = instance;
  if (Date.now() < instance.configuringUntil) {
    throw invalidState(
      'RDS is configuring Enhanced Monitoring or Performance Insights for this DB instance. Try your request later.',
    );
  }
  if (!MODIFIABLE.includes(status) || renamingTo !== undefined) {
    const state = renamingTo === undefined ? status : 'renaming';
    throw invalidState(`Database instance is not in available state: ${settings.id} is ${state}.`);
  }
};

const checkGroups = (state: State, change: Change): void => {
  const { parameterGroup, optionGroup } = change;
  if (
    parameterGroup !== undefined &&
    !parameterGroup.startsWith('default.') &&
    !state.parameterGroups.has(parameterGroup)
  ) {
    throw new RdsError('DBParameterGroupNotFound', `DBParameterGroup not found: ${parameterGroup}`, 404);
  }
  if (
    optionGroup !== undefined &&
    !optionGroup.startsWith('default:') &&
    !state.optionGroups.has(optionGroup)
  ) {
    throw new RdsError(
      'OptionGroupNotFoundFault',
      `Specified OptionGroupName: ${optionGroup} not found.`,
      404,
    );
  }
};

const checkNetwork = (state: State, next: InstanceSettings): void => {
  const vpc = state.subnetGroups.get(next.subnetGroup);
  if (vpc === undefined) {
    throw new RdsError(
      'DBSubnetGroupNotFoundFault',
      `DB subnet group '${next.subnetGroup}' does not exist.`,
      404,
    );
  }
  for (const group of next.securityGroups) {
    const home = state.securityGroups.get(group);
    if (home === undefined) throw invalidValue(`Invalid security group , groupId= ${group}, groupName=.`);
    if (home !== vpc) {
      throw invalidCombination(
        `The DB instance and EC2 security group are in different VPCs. The DB instance is in ${vpc} and the EC2 security group is in ${home}`,
      );
    }
  }
};

const INTERVALS: readonly number[] = [0, 1, 5, 10, 15, 30, 60];
const MONTH = 31;
const MOST_MONTHS = 23;

/** 7 days, one to 23 months of 31 days, or 731 days (API reference of ModifyDBInstance). */
const validRetention = (days: number): boolean =>
  days === 7 || days === 731 || (days % MONTH === 0 && days >= MONTH && days <= MONTH * MOST_MONTHS);

/** Days that the advanced mode of Database Insights keeps (User Guide, "Database Insights"). */
const ADVANCED_DAYS = 465;

const checkMonitoring = (change: Change, next: InstanceSettings): void => {
  if (change.monitoringInterval === undefined && change.monitoringRoleArn === undefined) return;
  const { monitoringInterval, monitoringRoleArn } = next;
  if (!INTERVALS.includes(monitoringInterval)) {
    throw invalidValue(`Invalid monitoring interval: ${monitoringInterval}. Valid: ${INTERVALS.join(', ')}.`);
  }
  if (monitoringInterval > 0 && monitoringRoleArn === undefined) {
    throw invalidCombination(
      'A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.',
    );
  }
  if (change.monitoringRoleArn !== undefined && monitoringInterval === 0) {
    throw invalidCombination('MonitoringRoleArn needs a MonitoringInterval other than 0.');
  }
};

const checkInsights = (change: Change, next: InstanceSettings): void => {
  if (change.performanceInsightsRetention === undefined && change.databaseInsightsMode === undefined) return;
  const days = next.performanceInsightsRetention;
  if (!next.performanceInsights && days !== undefined)
    throw invalidCombination('PerformanceInsightsRetentionPeriod needs Performance Insights to be on.');
  if (days !== undefined && !validRetention(days))
    throw invalidValue(`Invalid Performance Insights retention period: ${days}.`);
  if (
    next.databaseInsightsMode === 'advanced' &&
    (!next.performanceInsights || (days ?? 0) < ADVANCED_DAYS)
  ) {
    throw invalidCombination(
      `The advanced mode of Database Insights needs Performance Insights with at least ${ADVANCED_DAYS} days.`,
    );
  }
};

/** Refuses what AWS refuses, before anything is done. */
export const checkChange = (state: State, now: InstanceSettings, change: Change): void => {
  const next = { ...now, ...change };
  checkGroups(state, change);
  if (change.subnetGroup !== undefined || change.securityGroups !== undefined) checkNetwork(state, next);
  if (change.iops !== undefined || change.storageThroughput !== undefined) storageOf(next);
  checkMonitoring(change, next);
  checkInsights(change, next);
  const days = change.backupRetentionPeriod;
  if (days !== undefined && (days < 0 || days > 35))
    throw invalidValue(`Invalid backup retention period: ${days}. Must be between 0 and 35.`);
};
