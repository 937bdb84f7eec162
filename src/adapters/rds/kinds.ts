import type { InstanceFacts } from '../../domain/facts.ts';

export type Kind = 'instance' | 'cluster';

/** One implementation of a part per kind of database. */
export interface PerKind<Part> {
  readonly instance: Part;
  readonly cluster: Part;
}

export const kindOf = (facts: InstanceFacts): Kind => facts.kind ?? 'instance';

/** `DbClusterResourceId` begins with `cluster-`, `DbiResourceId` with `db-` (API reference, DBCluster and DBInstance). */
export const kindOfResource = (resourceId: string): Kind =>
  resourceId.startsWith('cluster-') ? 'cluster' : 'instance';
