import { endpointOf } from './naming.ts';
import { arnOf, type Instance, restoreWindow, type Snapshot, type State } from './state.ts';
import type { InstanceView, SnapshotView } from './types.ts';
import { care, groups, network, pendingXml, relations, storage, tagList, zone } from './view-parts.ts';
import type { XmlRecord } from './xml.ts';

export { tagList } from './view-parts.ts';

/** The element of DescribeDBInstances and of every call that returns an instance. */
export const instanceXml = (state: State, instance: Instance): XmlRecord => {
  const { settings, cluster } = instance;
  const endpoint = endpointOf(state, instance);
  return {
    DBInstanceIdentifier: settings.id,
    DBInstanceArn: arnOf(state, 'db', settings.id),
    DbiResourceId: instance.resourceId,
    DBInstanceClass: settings.instanceClass,
    DBInstanceStatus: instance.status,
    Engine: settings.engine,
    EngineVersion: settings.engineVersion,
    LicenseModel: settings.licenseModel,
    MasterUsername: settings.masterUsername,
    DBName: settings.dbName,
    DbInstancePort: 0,
    Endpoint:
      endpoint === undefined
        ? undefined
        : { Address: endpoint.address, Port: endpoint.port, HostedZoneId: 'Z2LAB' },
    InstanceCreateTime: cluster === undefined ? undefined : instance.createdAt,
    LatestRestorableTime: restoreWindow(state, instance)?.latest,
    AvailabilityZone: zone(state, settings),
    MultiAZ: settings.multiAz,
    PendingModifiedValues: pendingXml(instance.pending),
    ...storage(settings),
    ...network(state, settings),
    ...groups(instance),
    ...care(settings),
    ...relations(instance),
    TagList: tagList(settings.tags),
  };
};

/** Percent of the expected time, as AWS estimates it; 100 only when the snapshot is complete. */
const progress = (snapshot: Snapshot): number => {
  if (snapshot.status === 'available') return 100;
  const share = (Date.now() - snapshot.requestedAt.getTime()) / Math.max(1, snapshot.lastsMs);
  return Math.max(0, Math.min(99, Math.floor(share * 100)));
};

export const snapshotXml = (state: State, snapshot: Snapshot): XmlRecord => {
  const { source } = snapshot;
  return {
    DBSnapshotIdentifier: snapshot.id,
    DBSnapshotArn: arnOf(state, 'snapshot', snapshot.id),
    DBInstanceIdentifier: source.id,
    DbiResourceId: snapshot.resourceId,
    SnapshotType: snapshot.type,
    Status: snapshot.status,
    PercentProgress: progress(snapshot),
    SnapshotCreateTime: snapshot.completedAt,
    OriginalSnapshotCreateTime: snapshot.completedAt,
    SnapshotDatabaseTime: snapshot.completedAt,
    InstanceCreateTime: snapshot.sourceCreatedAt,
    Engine: source.engine,
    EngineVersion: source.engineVersion,
    LicenseModel: source.licenseModel,
    MasterUsername: source.masterUsername,
    Port: snapshot.sourcePort,
    AvailabilityZone: zone(state, source),
    VpcId: state.subnetGroups.get(source.subnetGroup),
    OptionGroupName: source.optionGroup,
    AllocatedStorage: source.allocatedStorage,
    StorageType: source.storageType,
    Iops: source.iops,
    StorageThroughput: source.storageThroughput,
    Encrypted: source.storageEncrypted,
    KmsKeyId: source.kmsKeyId,
    IAMDatabaseAuthenticationEnabled: source.iamAuth,
    SnapshotTarget: 'region',
    TagList: tagList(snapshot.tags),
  };
};

export const instanceView = (state: State, instance: Instance): InstanceView => ({
  ...instance.settings,
  status: instance.status,
  resourceId: instance.resourceId,
  arn: arnOf(state, 'db', instance.settings.id),
  port: instance.cluster?.port,
});

export const snapshotView = (state: State, snapshot: Snapshot): SnapshotView => ({
  id: snapshot.id,
  instanceId: snapshot.source.id,
  resourceId: snapshot.resourceId,
  arn: arnOf(state, 'snapshot', snapshot.id),
  type: snapshot.type,
  status: snapshot.status,
  tags: snapshot.tags,
});
