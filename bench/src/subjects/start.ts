/** A child process that loads one handler, asks it once, and says so: `node start.mjs <bundle>`. */
import { pathToFileURL } from 'node:url';
import type { Start } from '../measure/start.ts';

const { handler } = await import(pathToFileURL(process.argv[2] ?? '').href);
await handler(JSON.parse(process.env['BENCH_EVENT'] ?? '{}'));
const answeredAtMs = performance.timeOrigin + performance.now();
const { user, system } = process.cpuUsage();
const start: Start = {
  answeredAtMs,
  cpuMilliseconds: (user + system) / 1_000,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
process.send?.(start, () => process.exit(0));
