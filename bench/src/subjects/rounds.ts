/** A child process that measures one handler, a round at a time, when it is told to: `node rounds.mjs <bundle>`. */
import { pathToFileURL } from 'node:url';
import type { Round, RoundOrder } from '../measure/round.ts';

const { handler } = await import(pathToFileURL(process.argv[2] ?? '').href);
const event = process.env['BENCH_EVENT'] ?? '{}';

process.on('message', (order: RoundOrder) => {
  void (order.timeEach ? timedOneByOne(order.requests) : timedAsOne(order.requests)).then((round) =>
    process.send?.(round),
  );
});

async function timedOneByOne(requests: number): Promise<Round> {
  // Lambda hands over a fresh event each time and parses it before the handler's clock starts.
  const events = Array.from({ length: requests }, () => JSON.parse(event));
  const microseconds: number[] = [];
  const before = process.cpuUsage();
  for (const each of events) {
    const start = process.hrtime.bigint();
    await handler(each);
    microseconds.push(Number(process.hrtime.bigint() - start) / 1_000);
  }
  return { microseconds, ...used(before, requests) };
}

/** For what takes a few microseconds, where a clock around each would be part of what it shows. */
async function timedAsOne(requests: number): Promise<Round> {
  const events = Array.from({ length: requests }, () => JSON.parse(event));
  const before = process.cpuUsage();
  const start = process.hrtime.bigint();
  for (const each of events) await handler(each);
  return {
    microseconds: [Number(process.hrtime.bigint() - start) / 1_000 / requests],
    ...used(before, requests),
  };
}

function used(before: NodeJS.CpuUsage, requests: number): Omit<Round, 'microseconds'> {
  const { user, system } = process.cpuUsage(before);
  return {
    cpuMicroseconds: (user + system) / requests,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

process.send?.('ready');
