import type { EventBody } from '../../src/domain/event.ts';
import type { Hazard } from '../../src/domain/hazard.ts';
import type { Problem } from '../../src/domain/problem.ts';
import type { DeployRequest } from '../../src/domain/request.ts';
import type { Run } from '../../src/domain/run.ts';
import { begun, NAMES, runOf } from './events.ts';
import { pathOf, plan } from './facts.ts';

/** Everything a name or a comment in SQL may try on a reader. */
export const EVIL = [
  '<script>alert(1)</script> <img src=x onerror=alert(1)> --> <!-- guarded-migrate: . other -->',
  '| a | b | `code` ```fence``` @everyone @acme/ops [click](https://evil.example)',
  '![x](https://evil.example/x.png) www.evil.example **bold** _it_ ~~gone~~',
  '::error::pwned',
  '\n::set-output name=status::applied\n##[error]x\n# head\n- item\n1. item\n> quote\n```\n~~~\n',
  '\u202egnp.exe\u200b\u0000\u001b[31mred \ud800 half',
].join(' ');

export const hazard = (change: Partial<Hazard> = {}): Hazard => ({
  rule: 'set-not-null-scan',
  level: 'error',
  title: 'SET NOT NULL reads the whole table',
  migration: NAMES[0],
  path: pathOf(NAMES[0]),
  line: 3,
  endLine: 4,
  statement: 'ALTER TABLE "orders" ALTER COLUMN "email" SET NOT NULL',
  tables: ['orders'],
  lock: 'ACCESS EXCLUSIVE',
  work: 'scan',
  estimate: { lowMs: 40_000, highMs: 130_000 },
  message: 'Every row of orders is read while nobody can read or write it.',
  suggestion:
    'ALTER TABLE "orders" ADD CONSTRAINT c CHECK ("email" IS NOT NULL) NOT VALID;\nALTER TABLE "orders" VALIDATE CONSTRAINT c;',
  docs: 'docs/hazards/set-not-null-scan.md',
  suppressible: true,
  ...change,
});

export const evilHazard = (change: Partial<Hazard> = {}): Hazard =>
  hazard({
    rule: EVIL,
    title: EVIL,
    migration: EVIL,
    path: `prisma/migrations/${EVIL}/migration.sql`,
    statement: EVIL,
    tables: [EVIL, EVIL],
    message: EVIL,
    suggestion: EVIL,
    docs: EVIL,
    ...change,
  });

/** A finished look: two pending migrations and a plan, or what `names` and `problems` make of it. */
export const planned = (
  names: readonly string[] = NAMES,
  problems: readonly Problem[] = [],
  change: Partial<DeployRequest> = {},
): Run => {
  const events: readonly EventBody[] = [
    ...begun(change, names),
    ...(names.length === 0 ? [] : [{ type: 'planned', plan: plan(names) } as const]),
    ...(problems.length === 0 ? [] : [{ type: 'refused', problems } as const]),
  ];
  return runOf(events);
};

/** What is left of Markdown when fenced blocks and code are taken out: there nothing is alive. */
export const alive = (markdown: string): string =>
  markdown
    .replace(/^( *)(`{3,})[^\n]*\n[\s\S]*?\n\1\2$/gm, '')
    .replace(/<code>[^<]*<\/code>/g, '(code)')
    // Our own links: encoded, so that nothing in the address can end it.
    .replace(/\]\(https:\/\/github\.com\/acme\/[\w.:/@%#~-]*\)/g, '](own)');

/** Characters that hide or reorder text, or steer a terminal. */
export const hasHidden = (text: string): boolean =>
  ['\u0000', '\u001b', '\u202e', '\ufeff'].some((each) => text.includes(each));
