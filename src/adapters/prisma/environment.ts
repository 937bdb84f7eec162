import type { Dialect } from '../../domain/dialect.ts';
import type { UrlEnvironment } from '../../ports/migrator.ts';
import type { Variables } from './env-files.ts';

/** DEBUG makes Prisma print whole scripts and URLs; FORCE_COLOR fights with NO_COLOR. */
const REMOVED = new Set(['DEBUG', 'FORCE_COLOR']);

/** What Prisma is started with: our environment without the action's inputs (they hold secrets), the URLs on top. */
export const prismaEnvironment = (own: Variables, urls: UrlEnvironment): Variables => ({
  ...Object.fromEntries(
    Object.entries(own).filter(
      ([name, value]) => value !== undefined && !name.startsWith('INPUT_') && !REMOVED.has(name),
    ),
  ),
  ...urls,
  NO_COLOR: '1',
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
});

/**
 * On MySQL Prisma's lock is how the guard knows the migration's session (docs/adr/0011). `0` and not absent, because a
 * `.env` file of the project could set it; prisma-engines reads every other value as "disabled".
 */
export const lockEnvironment = (dialect: Dialect | undefined): Readonly<Record<string, string>> =>
  dialect === 'mysql' ? { PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK: '0' } : {};
