/** An error as the Query protocol carries it. `code` is the wire code, which is not always the SDK's exception name. */
export class RdsError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'RdsError';
    this.code = code;
    this.status = status;
  }
}

export const invalidValue = (message: string): RdsError => new RdsError('InvalidParameterValue', message);
export const invalidCombination = (message: string): RdsError =>
  new RdsError('InvalidParameterCombination', message);
export const missing = (name: string): RdsError =>
  new RdsError('MissingParameter', `The request must contain the parameter ${name}.`);
export const instanceNotFound = (id: string): RdsError =>
  new RdsError('DBInstanceNotFound', `DBInstance ${id} not found.`, 404);
export const snapshotNotFound = (id: string): RdsError =>
  new RdsError('DBSnapshotNotFound', `DBSnapshot ${id} not found.`, 404);
export const clusterNotFound = (id: string): RdsError =>
  new RdsError('DBClusterNotFoundFault', `DBCluster ${id} not found.`, 404);
export const invalidClusterState = (message: string): RdsError =>
  new RdsError('InvalidDBClusterStateFault', message);
export const invalidState = (message: string): RdsError => new RdsError('InvalidDBInstanceState', message);
/** Asked for something the lab does not imitate. Recorded as a violation, so that a test notices. */
export const notImitated = (message: string): RdsError => new RdsError('LabNotImplemented', message, 501);
