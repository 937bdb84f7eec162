import type { InstanceFacts } from '../../domain/facts.ts';

/** Values of a manifest, which may come out of a journal: compared and shown whatever they are. */

const NOT_SET = 'not set';

/** One line for people. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null || value === '') return NOT_SET;
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  return value.length === 0 ? NOT_SET : listOf(value).join(', ');
}

/** Lists are sets; what AWS leaves out is off, zero or empty. */
export function isSame(wanted: unknown, got: unknown): boolean {
  if (Array.isArray(wanted) || Array.isArray(got))
    return listOf(wanted ?? []).join('\n') === listOf(got ?? []).join('\n');
  return (wanted || undefined) === (got || undefined);
}

export const listOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).map(entry).toSorted();

/** A processor feature is a pair of a name and a value. */
function entry(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { Name, Value } = value as { readonly Name?: unknown; readonly Value?: unknown };
  return Name === undefined ? JSON.stringify(value) : `${Name}=${Value}`;
}

/** A setting in the names of the API; the engine's version is a fact of its own. */
export const settingIn = (facts: Pick<InstanceFacts, 'engineVersion' | 'settings'>, name: string): unknown =>
  name === 'EngineVersion' ? facts.engineVersion : facts.settings[name];
