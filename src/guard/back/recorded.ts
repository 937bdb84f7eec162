import type { InstanceFacts } from '../../domain/facts.ts';
import type { RecordedState } from '../../domain/going-back.ts';
import { TAG, type Tags } from '../../domain/tags.ts';
import { marksIn } from '../../domain/write-marks.ts';
import type { Guard } from '../context.ts';
import { marksOfPoint } from '../steps/restore-point.ts';

/**
 * What was recorded at the restore point: by this very run, in the tags of the restored database, or in those of the
 * snapshot of the same run. Asks AWS only for the last.
 */
export async function recordedFor(guard: Guard, restored: InstanceFacts): Promise<RecordedState> {
  const { goal, restorePoint } = guard.run;
  const known: RecordedState =
    restorePoint === undefined
      ? (goal?.recorded ?? inTags(restored.tags))
      : { fingerprint: restorePoint.state.fingerprint.digest, marks: marksOfPoint(restorePoint) };
  if (known.fingerprint !== undefined && known.marks !== undefined) return known;
  const run = restored.tags[TAG.run];
  const time = restored.tags[TAG.restoreTime];
  if (run === undefined || time === undefined) return known;
  const { snapshots } = await (await guard.ports.recovery()).snapshots();
  const snapshot = snapshots.find(({ tags }) => tags[TAG.run] === run && tags[TAG.restoreTime] === time);
  const kept = inTags(snapshot?.tags ?? {});
  return { fingerprint: known.fingerprint ?? kept.fingerprint, marks: known.marks ?? kept.marks };
}

const inTags = (tags: Tags): RecordedState => ({
  fingerprint: tags[TAG.fingerprint] || undefined,
  marks: marksIn(tags),
});
