/** A child process that measures one handler, a round at a time, when it is told to: `node rounds.mjs <bundle>`. */
import { pathToFileURL } from 'node:url';
import type { Round, RoundOrder } from '../measure/round.ts';

const { handler } = await import(pathToFileURL(process.argv[2] ?? '').href);

/**
 * Lambda parses a fresh event before the handler's clock starts. Here a few take turns: a round's worth of fresh ones
 * would be garbage of the benchmark's own, and every collection that a handler causes would have to copy it.
 */
const events = Array.from({ length: 16 }, () => JSON.parse(process.env['BENCH_EVENT'] ?? '{}'));

process.on('message', (order: RoundOrder) => {
  void (order.timeEach ? timedOneByOne(order.requests) : timedAsOne(order.requests)).then((round) =>
    process.send?.(round),
  );
});

async function timedOneByOne(requests: number): Promise<Round> {
  const microseconds: number[] = [];
  const before = process.cpuUsage();
  for (let request = 0; request < requests; request += 1) {
    const start = process.hrtime.bigint();
    await handler(events[request % events.length]);
    microseconds.push(Number(process.hrtime.bigint() - start) / 1_000);
  }
  return { microseconds, ...used(before, requests) };
}

/** For what takes a few microseconds, where a clock around each would be part of what it shows. */
async function timedAsOne(requests: number): Promise<Round> {
  const before = process.cpuUsage();
  const start = process.hrtime.bigint();
  for (let request = 0; request < requests; request += 1) {
    await handler(events[request % events.length]);
  }
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
