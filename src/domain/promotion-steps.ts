import type { PlannedStep } from './plan.ts';
import type { PromotionGoal, PromotionNames } from './promotion.ts';

type When = PlannedStep['when'];

/** The steps of a promotion, as a plan lists them. */
export function promotionSteps(
  by: 'rename' | 'proxy',
  names: PromotionNames,
  goal: PromotionGoal = 'new-serves',
  when: When = 'always',
): readonly PlannedStep[] {
  const { production, parked, restored } = names;
  const forward = goal === 'new-serves';
  const verify: PlannedStep = {
    kind: 'verify-promotion',
    when,
    title: forward
      ? 'Prove by SQL that the production endpoint reaches the restored database'
      : 'Prove by SQL that the production endpoint reaches the old database again',
  };
  const settle: PlannedStep = {
    kind: 'settle',
    when,
    title: forward ? 'Turn on what a restore leaves off, and mark both instances' : 'Mark both instances',
  };
  if (by === 'proxy')
    return [
      ...(forward ? [preflight(when)] : []),
      {
        kind: 'retarget',
        when,
        title: forward
          ? `Send the RDS Proxy of ${production} to ${restored}`
          : `Send the RDS Proxy back to ${production}`,
      },
      verify,
      settle,
    ];
  const [first, second] = forward
    ? ([`Rename ${production} to ${parked}`, `Rename ${restored} to ${production}`] as const)
    : ([`Rename ${production} back to ${restored}`, `Rename ${parked} back to ${production}`] as const);
  return [
    ...(forward ? [preflight(when)] : []),
    { kind: 'park', when, title: first },
    { kind: 'take-over', when, title: second },
    verify,
    settle,
  ];
}

const preflight = (when: When): PlannedStep => ({
  kind: 'preflight',
  when,
  title: 'Check everything that must be true before the cut-over',
});
