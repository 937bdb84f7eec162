import type { RunIdentity } from './request.ts';

/** RDS identifiers: letters, digits, hyphens; first a letter; no `--`, no trailing hyphen; 63 at most here. */
const MAX_LENGTH = 63;
const DATABASE_PART = 24;

const clean = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '');

const join63 = (prefix: string, rest: string): string =>
  `${prefix}-${rest}`.slice(0, MAX_LENGTH).replace(/-+$/g, '');

/** `gm-<db>-<run>-<attempt>`: the same run and attempt always give the same name. */
export const snapshotName = (instance: string, run: RunIdentity): string =>
  join63('gm', clean(`${clean(instance).slice(0, DATABASE_PART)}-${run.runId}-${run.attempt}`));

/** `<db>-gm-r-<run>-<attempt>`: fits a policy pattern `db:<db>-gm-*`. */
export const restoredName = (instance: string, run: RunIdentity): string => {
  const suffix = clean(`gm-r-${run.runId}-${run.attempt}`);
  const head = clean(instance)
    .slice(0, Math.max(1, MAX_LENGTH - suffix.length - 1))
    .replace(/-+$/g, '');
  return `${head}-${suffix}`.slice(0, MAX_LENGTH).replace(/-+$/g, '');
};

/** What AWS accepts as a DB instance identifier (API reference of CreateDBInstance). */
export const isIdentifier = (text: string): boolean =>
  text.length <= MAX_LENGTH && /^[A-Za-z](?:-?[A-Za-z0-9])*$/.test(text);
