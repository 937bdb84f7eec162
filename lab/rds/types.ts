import type { Controls } from './controls.ts';
import type { Endpoint } from './naming.ts';

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
  readonly performanceInsightsKmsKeyId: string | undefined;
  readonly databaseInsightsMode: string;
  readonly dedicatedLogVolume: boolean;
  readonly engineLifecycleSupport: string;
  readonly masterUsername: string;
  readonly masterUserSecretArn: string | undefined;
  readonly masterUserSecretKmsKeyId: string | undefined;
  readonly dbName: string | undefined;
  readonly associatedRoles: readonly { readonly roleArn: string; readonly featureName: string }[];
  readonly readReplicas: readonly string[];
  readonly replicaSource: string | undefined;
  readonly clusterId: string | undefined;
  /** Order in which members of a cluster become its writer, 0 first. */
  readonly promotionTier: number;
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
  /** From the cut of the old name to the new name that resolves; `renaming` all along. */
  readonly renameMs: number;
  /** `rebooting`. */
  readonly rebootMs: number;
  /** REGISTERING of a proxy's target. */
  readonly proxyTargetMs: number;
  /** `creating` of a member of a cluster. */
  readonly memberMs: number;
  /** After a restored instance is `available`, how long ModifyDBInstance is refused because monitoring is being configured. Default 0. */
  readonly configuringMs: number;
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
  /**
   * What an Endpoint says. `addresses` (default): 127.0.0.1 and a port of its own. `names`: a host name that lives
   * and dies as on AWS, with the port of the source; each restored database listens on a loopback address of its own,
   * which needs Linux. Processes see the names with the variables of `environment`.
   */
  readonly endpoints?: 'addresses' | 'names';
};

export type RdsLab = Controls & {
  /** http://127.0.0.1:port, the `endpoint` of an RDS client or AWS_ENDPOINT_URL_RDS. */
  readonly url: string;
  readonly region: string;
  readonly accountId: string;
  /** NODE_OPTIONS and LAB_HOSTS for child processes that are to see the names; empty with `addresses`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly calls: readonly RecordedCall[];
  /** Unknown actions and parameters that were asked for. A test can expect this to stay empty. */
  readonly violations: readonly string[];
  /** Background work that failed (a snapshot of a dead database, a replay that could not reach its target). */
  readonly jobFailures: readonly string[];
  readonly faults: { inject(fault: Fault): void; clear(): void };
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

export type ProxyView = {
  readonly name: string;
  readonly status: string;
  readonly endpoint: Endpoint;
  /** Identifier that its database has now. */
  readonly target: string | undefined;
  readonly health: 'REGISTERING' | 'AVAILABLE' | 'UNAVAILABLE' | undefined;
  /** A postgresql:// or mysql:// URL through the proxy. Default database and role: `app`. */
  url(database?: string, user?: string): string;
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
