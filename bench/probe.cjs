/** Preloaded into every Node process of a run: at its end it leaves its peak memory, its age and its CPU time in a folder. */
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

const folder = process.env.BENCH_PROBE;
if (folder !== undefined) {
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const cpuMs = (userCPUTime + systemCPUTime) / 1000;
    const seen = { script: process.argv[1] ?? '', maxRssKb: maxRSS, aliveMs: process.uptime() * 1000, cpuMs };
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(seen));
  });
}
