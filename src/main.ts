import { runMain } from './app/run.ts';
import { scrub } from './app/scrubbing.ts';
import { runShell } from './app/shell.ts';

void runShell(runMain, scrub);
