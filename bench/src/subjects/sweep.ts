/** One sweep when told to, as the deployed function's: the same adapters, but its pauses are not waited for. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoDueKeys } from '../../../lambdas/adapters/dynamodb/due-keys.ts';
import { DynamoKeyStore } from '../../../lambdas/adapters/dynamodb/dynamo-key-store.ts';
import { StateMachine } from '../../../lambdas/adapters/step-functions/state-machine.ts';
import { sweepDueKeys } from '../../../lambdas/core/use-cases/sweep-due-keys.ts';
import { LONGEST_SWEEP_SECONDS, SWEEP_RESERVED_MS, SWEEP_SPREAD_MS } from '../../../rules/sweep-timing.ts';
import type { SweepOrder, Swept } from '../fleet/swept.ts';

const MEGABYTE = 2 ** 20;
const table = process.env['BENCH_TABLE'] as string;
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const adapters = {
  store: new DynamoKeyStore(documents, table),
  due: new DynamoDueKeys(documents, table),
  machine: new StateMachine(new SFNClient({}), process.env['BENCH_MACHINE_ARN'] as string),
};

process.on('message', (order: SweepOrder) => {
  void sweep(order).then((swept) => process.send?.(swept));
});
process.send?.('ready');

async function sweep({ nowMs, startsPerSecond }: SweepOrder): Promise<Swept> {
  let pausedMs = 0;
  let pauses = 0;
  let peakHeap = 0;
  let lookupMs = 0;
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const report = await sweepDueKeys(
    {
      ...adapters,
      due: {
        dueBy: async (atMs) => {
          const askedAt = performance.now();
          const keys = await adapters.due.dueBy(atMs);
          lookupMs = performance.now() - askedAt;
          return keys;
        },
      },
      clock: () => nowMs + pausedMs,
      sleep: async (milliseconds) => {
        pausedMs += milliseconds;
        pauses += 1;
        peakHeap = Math.max(peakHeap, process.memoryUsage().heapUsed);
      },
      // The mean of what chance gives.
      random: () => 0.5,
      onFailure: (keyId, error) => console.error(keyId, error),
    },
    {
      startsPerSecond,
      spreadMs: SWEEP_SPREAD_MS,
      endsAtMs: nowMs + LONGEST_SWEEP_SECONDS * 1000 - SWEEP_RESERVED_MS,
    },
  );
  const milliseconds = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return {
    report,
    milliseconds,
    lookupMs,
    cpuMilliseconds: (user + system) / 1000,
    pausedMs,
    pauses,
    peakHeapMegabytes: peakHeap / MEGABYTE,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}
