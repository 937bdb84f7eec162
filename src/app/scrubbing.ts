import { createScrubber } from '../domain/scrub.ts';

/** One for the process: whatever learns of a secret adds it, whatever prints asks it. */
export const scrubber = createScrubber();

export const scrub = (text: string): string => scrubber.scrub(text);
