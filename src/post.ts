import { runPost } from './app/post-run.ts';
import { scrub } from './app/scrubbing.ts';
import { runShell } from './app/shell.ts';

void runShell(runPost, scrub);
