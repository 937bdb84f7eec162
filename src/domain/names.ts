import type { RunIdentity } from './request.ts';

/** RDS identifiers: letters, digits, hyphens; first a letter; no `--`, no trailing hyphen; 63 at most here. */
const MAX_LENGTH = 63;
const clean = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '');

/** FNV-1a, four hex digits: tells names apart that are equal as far as they fit. */
const checkOf = (text: string): string => {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return (hash & 0xffff).toString(16).padStart(4, '0');
};

const CHECK_LENGTH = 5;

/** The instance's name, shortened where it does not fit. */
const fitted = (instance: string, room: number): string => {
  const name = clean(instance);
  if (name.length <= room) return name;
  return `${name.slice(0, Math.max(1, room - CHECK_LENGTH)).replace(/-+$/g, '')}-${checkOf(name)}`;
};

/** `gm-<db>-<run>-<attempt>`: the same run and attempt always give the same name. */
export const snapshotName = (instance: string, run: RunIdentity): string => {
  const suffix = clean(`${run.runId}-${run.attempt}`);
  return clean(`gm-${fitted(instance, MAX_LENGTH - suffix.length - 4)}-${suffix}`)
    .slice(0, MAX_LENGTH)
    .replace(/-+$/g, '');
};

const suffixed = (name: string, suffix: string): string =>
  `${fitted(name, MAX_LENGTH - suffix.length - 1)}-${suffix}`.slice(0, MAX_LENGTH).replace(/-+$/g, '');

/** `<db>-gm-r-<run>-<attempt>`: fits a policy pattern `db:<db>-gm-*`. */
export const restoredName = (instance: string, run: RunIdentity): string =>
  suffixed(instance, clean(`gm-r-${run.runId}-${run.attempt}`));

/** `<db>-replaced-<run>-<attempt>`: where a promotion keeps the old instance. */
export const parkedName = (instance: string, run: Pick<RunIdentity, 'runId' | 'attempt'>): string =>
  suffixed(instance, clean(`replaced-${run.runId}-${run.attempt}`));

/** `<cluster>-<n>`: the instances of a restored cluster, the writer first. */
export const memberName = (cluster: string, number: number): string => suffixed(cluster, `${number}`);

/** What AWS accepts as a DB instance identifier (API reference of CreateDBInstance). */
export const isIdentifier = (text: string): boolean =>
  text.length <= MAX_LENGTH && /^[A-Za-z](?:-?[A-Za-z0-9])*$/.test(text);
