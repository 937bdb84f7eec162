import { FAIL_POLICIES } from '../domain/request.ts';
import type { InputSpec } from './kinds.ts';

/** Inputs of `mode: plan`, which `deploy` obeys too. */
export const PLAN_INPUTS = {
  'fail-on': {
    kind: 'choice',
    choices: FAIL_POLICIES,
    default: 'block',
    description: '`plan` and `deploy`: the lowest level of a hazard that refuses.',
  },
  'allow-data-loss': {
    kind: 'names',
    description:
      'Names of migrations that may lose data or may stay half done, with commas or line breaks between. Nothing else lets them through.',
  },
  'require-down': {
    kind: 'boolean',
    default: 'false',
    description:
      'Every pending migration must have a `down.sql` with a statement in it beside `migration.sql`.',
  },
  'deploy-window': {
    kind: 'window',
    description:
      'When `deploy` may run: `Mon-Thu 09:00-16:00 Europe/Berlin`, several with `;` between; without a time zone it is UTC. With it, deploys also wait for the backup and maintenance windows of the DB instance to be over.',
  },
  'require-environment': {
    kind: 'text',
    pattern: /^(?!(?:true|false|null|yes|no)$)[^\p{Cc}'"`,;\\{}$]{1,255}$/iu,
    expected: 'the name of a GitHub environment such as staging',
    description: 'This very commit must have a successful deployment in that GitHub environment.',
  },
  'sarif-path': {
    kind: 'path',
    description: 'Write the hazards as SARIF to this file, for code scanning.',
  },
  'plan-path': {
    kind: 'path',
    description: 'A plan made by `mode: plan`; `deploy` refuses when the facts have moved since.',
  },
  'github-token': {
    kind: 'secret',
    expected: 'a GitHub token in one piece: the expression github.token, or a secret',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own expression, for action.yml
    actionDefault: '${{ github.token }}',
    fallback: ['GITHUB_TOKEN'],
    description:
      'Token for the comment on the pull request (`pull-requests: write`) and for `require-environment` (`deployments: read`).',
  },
} as const satisfies Readonly<Record<string, InputSpec>>;

export type PlanInputName = keyof typeof PLAN_INPUTS;
