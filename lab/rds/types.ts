import type { Cluster } from '../postgres/index.ts';

export type RdsTag = { readonly key: string; readonly value: string };

/** One DB instance as AWS keeps it. Only `id` is needed to register; the rest has the defaults of `settings.ts`. */
export type InstanceSettings = {
  readonly id: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly instanceClass: string;
  /** GiB. */
  readonly allocatedStorage: number;
  readonly maxAllocatedStorage: number | undefined;
  readonly storageType: string;
  readonly iops: number | undefined;
  readonly storageThroughput: number | undefined;
  readonly storageEncrypted: boolean;
  readonly kmsKeyId: string | undefined;
  readonly availabilityZone: string;
  readonly multiAz: boolean;
  readonly subnetGroup: string;
  readonly securityGroups: readonly string[];
  readonly parameterGroup: string;
  readonly optionGroup: string;
  readonly publiclyAccessible: boolean;
  readonly autoMinorVersionUpgrade: boolean;
  readonly networkType: string;
  readonly licenseModel: string;
  readonly deletionProtection: boolean;
  readonly iamAuth: boolean;
  readonly copyTagsToSnapshot: boolean;
  readonly logExports: readonly string[];
  /** Days; 0 means that point-in-time restore is off. */
  readonly backupRetentionPeriod: number;
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
  readonly caCertificateIdentifier: string;
  readonly monitoringInterval: number;
  readonly monitoringRoleArn: string | undefined;
  readonly performanceInsights: boolean;
  readonly performanceInsightsRetention: number | undefined;
  readonly databaseInsightsMode: string;
  readonly dedicatedLogVolume: boolean;
  readonly engineLifecycleSupport: string;
  readonly masterUsername: string;
  readonly masterUserSecretArn: string | undefined;
  readonly dbName: string | undefined;
  readonly associatedRoles: readonly { readonly roleArn: string; readonly featureName: string }[];
  readonly readReplicas: readonly string[];
  readonly replicaSource: string | undefined;
  readonly clusterId: string | undefined;
  readonly tags: readonly RdsTag[];
};

export type FaultKind =
  /** 400 Throttling, nothing done. */
  | 'throttle'
  /** 503 ServiceUnavailable, nothing done. */
  | '503'
  /** 500 InternalFailure, nothing done. */
  | '500'
  /** The socket is cut before anything is done. */
  | 'reset'
  /** No answer until the server stops, nothing done. */
  | 'timeout'
  /** 403 AccessDenied with AWS's wording. */
  | 'denied'
  /** The work is done, then the socket is cut. */
  | 'lost-answer'
  /** 403 ExpiredToken. */
  | 'expired';

export type Fault = {
  /** Action name, or `*` for every action. */
  readonly action: string;
  readonly kind: FaultKind;
  /** How many calls it hits. Default 1; `Infinity` for all. */
  readonly times?: number;
  /** Calls to let through before it starts. Default 0. */
  readonly after?: number;
  readonly match?: (params: Readonly<Record<string, string>>) => boolean;
};

export type RecordedCall = {
  readonly action: string;
  /** Flat wire parameters, `Action` and `Version` left out. */
  readonly params: Readonly<Record<string, string>>;
  readonly at: Date;
  /** `ok`, an AWS error code, or `cut` when no answer was sent. */
  result: string;
};

/** All in milliseconds of wall time. */
export type Durations = {
  /** `creating` of a snapshot, with the instance in `backing-up`. */
  readonly snapshotMs: number;
  /** `creating` of a restored instance. */
  readonly restoreMs: number;
  /** First backup of a restored instance, in `backing-up`. */
  readonly backingUpMs: number;
  /** `modifying` after ModifyDBInstance. */
  readonly modifyMs: number;
  /** How far LatestRestorableTime is behind the clock. */
  readonly latestRestorableLagMs: number;
};

export type Quotas = { readonly manualSnapshots: number; readonly instances: number };

/** Which commits of the asked second belong to the restored state; see the README of the lab. */
export type SecondEdge = 'end' | 'start';

export type RdsOptions = {
  readonly region?: string;
  readonly accountId?: string;
  /** Multiplies AWS's real durations (for example 1/1000); `durations` win over it. */
  readonly scale?: number;
  readonly durations?: Partial<Durations>;
  readonly quotas?: Partial<Quotas>;
  readonly secondEdge?: SecondEdge;
  readonly port?: number;
};

export type RdsLab = {
  /** http://127.0.0.1:port, the `endpoint` of an RDS client or AWS_ENDPOINT_URL_RDS. */
  readonly url: string;
  readonly region: string;
  readonly accountId: string;
  readonly calls: readonly RecordedCall[];
  /** Unknown actions and parameters that were asked for. A test can expect this to stay empty. */
  readonly violations: readonly string[];
  /** Background work that failed (a snapshot of a dead database, a replay that could not reach its target). */
  readonly jobFailures: readonly string[];
  readonly faults: { inject(fault: Fault): void; clear(): void };
  /** Puts a cluster under an identifier and takes its first automated backup (as AWS does). */
  register(settings: Partial<InstanceSettings> & { readonly id: string }, cluster: Cluster): Promise<void>;
  setStatus(id: string, status: string): void;
  /** Changes settings behind the API's back, as a person in the console would. */
  change(id: string, settings: Partial<InstanceSettings>): void;
  instances(): readonly InstanceView[];
  snapshots(): readonly SnapshotView[];
  /** The real cluster behind an identifier; throws when there is none (yet). */
  clusterOf(id: string): Cluster;
  latestRestorableTime(id: string): Date | undefined;
  /** Waits until every background job (snapshot, restore, first backup) has ended. */
  settled(): Promise<void>;
  /** Closes the endpoint and removes everything it made; registered clusters are left alone. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type InstanceView = InstanceSettings & {
  readonly status: string;
  readonly resourceId: string;
  readonly arn: string;
  readonly port: number | undefined;
};

export type SnapshotView = {
  readonly id: string;
  readonly instanceId: string;
  readonly resourceId: string;
  readonly arn: string;
  readonly type: 'manual' | 'automated';
  readonly status: string;
  readonly tags: readonly RdsTag[];
};
