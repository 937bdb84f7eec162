/**
 * What a run needs once its inputs are good. It is a bundle of its own, so that refusing bad inputs does not read it.
 * State of the process (the scrubber) must not be imported below here: it would be there twice. It comes with the job.
 */
export { cleanup } from '../guard/back/cleanup.ts';
export { promote } from '../guard/back/promote.ts';
export { rollback } from '../guard/back/rollback.ts';
export { deploy } from '../guard/deploy.ts';
export { makePlan } from '../guard/plan.ts';
export { tell } from '../guard/steps/alert.ts';
export { runDoctor } from './doctor-run.ts';
export { startGuard } from './guard.ts';
export { planner } from './planner.ts';
export { publishPlan } from './publish-plan.ts';
