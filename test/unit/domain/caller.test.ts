import { describe, expect, it } from 'vitest';
import { type Caller, mergeCallers, mostRecentCallers } from '../../../lambdas/core/domain/caller.ts';

const caller = (address: string, userAgent: string, requests: number, lastUsedAtMs: number): Caller => ({
  address,
  userAgent,
  requests,
  lastUsedAtMs,
});

describe('mergeCallers', () => {
  it('names each caller once, with all its requests and its last use, in the order of appearance', () => {
    expect(
      mergeCallers([
        caller('203.0.113.1', 'cron', 2, 70),
        caller('203.0.113.2', 'cron', 1, 90),
        caller('203.0.113.1', 'cron', 3, 50),
        caller('203.0.113.1', 'agent', 4, 60),
      ]),
    ).toEqual([
      caller('203.0.113.1', 'cron', 5, 70),
      caller('203.0.113.2', 'cron', 1, 90),
      caller('203.0.113.1', 'agent', 4, 60),
    ]);
  });
});

describe('mostRecentCallers', () => {
  it('puts the most recent first, by the last of all its uses', () => {
    const names = mostRecentCallers([
      caller('203.0.113.1', 'cron', 1, 80),
      caller('203.0.113.2', 'cron', 1, 90),
      caller('203.0.113.1', 'cron', 1, 100),
    ]).map(({ address }) => address);

    expect(names).toEqual(['203.0.113.1', '203.0.113.2']);
  });

  it('names twenty at most', () => {
    const callers = Array.from({ length: 30 }, (_, number) =>
      caller(`203.0.113.${number}`, 'cron', 1, number),
    );

    expect(mostRecentCallers(callers).map(({ lastUsedAtMs }) => lastUsedAtMs)).toEqual(
      Array.from({ length: 20 }, (_, index) => 29 - index),
    );
  });
});
