import { allWell } from '../domain/checkup.ts';
import type { Guard } from '../guard/context.ts';
import { doctor } from '../guard/doctor.ts';
import * as rules from '../plan/refusals.ts';
import type { Host } from '../ports/host.ts';
import { doctorAnnotations, doctorHeadline, doctorLog, doctorSummary } from '../report/doctor.ts';

/** `mode: doctor`: looks at everything, touches nothing. Returns the exit code. */
export async function runDoctor(guard: Guard, host: Host): Promise<number> {
  const checks = await doctor(guard, rules);
  for (const line of doctorLog(checks)) host.log(line);
  for (const annotation of doctorAnnotations(checks)) host.annotate(annotation);
  const well = allWell(checks);
  host.outputs({
    status: well ? 'planned' : 'refused',
    'database-state': 'unchanged',
    'duration-ms': String(Math.round(guard.ports.clock.now() - guard.run.startedAt)),
    ...(well ? {} : { 'error-message': doctorHeadline(checks) }),
  });
  await host.summary(doctorSummary(checks));
  return well ? 0 : 1;
}
