import type { Hazard } from './hazard.ts';
import type { Tags } from './tags.ts';

/** Every step that a run of any mode may take, in the order of the story. Each is one line of the report. */
export type StepKind =
  | 'snapshot'
  | 'before-command'
  | 'restore-point'
  | 'migrate'
  | 'verdict'
  | 'verify-command'
  | 'alert'
  | 'after-command'
  | 'goal'
  | 'restore'
  | 'add-members'
  | 'wait-restore'
  | 'verify-restore'
  | 'parity'
  | 'write-loss'
  | 'preflight'
  | 'park'
  | 'take-over'
  | 'retarget'
  | 'verify-promotion'
  | 'settle'
  | 'clean'
  | 'prune-snapshots';

export interface PlannedStep {
  readonly kind: StepKind;
  /** `always` runs on the way; `on-failure` only when the migration failed and the policy asks for it. */
  readonly when: 'always' | 'on-failure';
  /** Present tense, for people: "Snapshot shop-prod as gm-shop-prod-81-1 and wait until it is available". */
  readonly title: string;
}

export interface PendingMigration {
  readonly name: string;
  readonly path: string;
  /** False when a failure may leave part of the file behind. */
  readonly atomic: boolean;
  readonly statements: number;
}

/** What a plan rests on. A deploy that is given a plan refuses when this has moved since. */
export interface PlanBasis {
  /** Name and checksum of every pending migration, in order. */
  readonly pending: readonly { readonly name: string; readonly checksum: string }[];
  /** How many migrations are applied, and the last of them. */
  readonly applied: number;
  readonly lastApplied: string | undefined;
  readonly prismaVersion: string;
  /** DbiResourceId of the DB instance, which a rename does not change; undefined when AWS was not asked. */
  readonly resourceId: string | undefined;
  /** Name of the database; undefined when it was not asked. */
  readonly database: string | undefined;
}

/** What `deploy` will do, decided before anything is touched. Plain JSON; `plan` prints this object. */
export interface Plan {
  /** Undefined for a plan that only finishes an earlier run. */
  readonly basis: PlanBasis | undefined;
  readonly pending: readonly PendingMigration[];
  readonly hazards: readonly Hazard[];
  readonly steps: readonly PlannedStep[];
  readonly snapshotIdentifier: string;
  /** `<run id>-<attempt>` of the unfinished run whose snapshot is taken over instead of a new one. */
  readonly adopted: string | undefined;
  readonly restoredIdentifier: string;
  readonly sourceTags: Tags;
  /** What a snapshot and a restore will roughly take and cost, in sentences; empty when AWS was not asked. */
  readonly estimate: readonly string[];
}

/** A plan of steps without a migration to run: of another mode than `deploy`, or to finish an earlier run. */
export const stepsOnly = (steps: readonly PlannedStep[], more: Partial<Plan> = {}): Plan => ({
  basis: undefined,
  pending: [],
  hazards: [],
  steps,
  snapshotIdentifier: '',
  adopted: undefined,
  restoredIdentifier: '',
  sourceTags: {},
  estimate: [],
  ...more,
});
