const UNITS = [
  { unit: 'h', ms: 3_600_000 },
  { unit: 'm', ms: 60_000 },
  { unit: 's', ms: 1000 },
  { unit: 'ms', ms: 1 },
] as const;

/** GitHub ends a job after hours; a longer wait is a slip of the keyboard. */
export const MAX_DURATION_MS = 24 * 3_600_000;

export const DURATION_EXPECTED =
  'a whole number with a unit (500ms, 30s, 5m, 2h), more than 0 and at most 24h';

/** Milliseconds, or undefined for anything that is not one whole number with one unit, in range. */
export function parseDuration(text: string): number | undefined {
  const match = /^([1-9]\d{0,8})(ms|s|m|h)$/.exec(text);
  const unit = UNITS.find((each) => each.unit === match?.[2]);
  if (match === null || unit === undefined) return undefined;
  const ms = Number(match[1]) * unit.ms;
  return ms <= MAX_DURATION_MS ? ms : undefined;
}

/** The shortest form that {@link parseDuration} reads back: 90000 is `90s`, 7200000 is `2h`. */
export function formatDuration(ms: number): string {
  const unit = UNITS.find((each) => ms % each.ms === 0) ?? UNITS[3];
  return `${ms / unit.ms}${unit.unit}`;
}
