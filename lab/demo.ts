/** `npm run demo`: the main job told to someone who has never seen it, on real components. */
import { runDemo } from './demo/story.ts';

const keep = new AbortController();
process.on('SIGINT', () => keep.abort());
process.exitCode = await runDemo(keep.signal);
process.exit();
