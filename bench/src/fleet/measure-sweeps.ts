/** Sweeps fleets of different sizes: counts the requests of one sweep each, then measures them in turns. */
import { type ChildProcess, fork } from 'node:child_process';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { resolveSweep } from '../../../lib/sweep-config.ts';
import type { Progress } from '../../../local/progress.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import { CountingProxy } from '../count/counting-proxy.ts';
import { reply } from '../measure/round.ts';
import { createTable } from '../store/create-table.ts';
import { credentials, REGION } from '../store/lambda-environment.ts';
import { type Cell, type FleetPlan, nameOf } from './plan.ts';
import type { CellResult } from './results.ts';
import { dueDates, seedKeys } from './seed.ts';
import type { SweepOrder, Swept } from './swept.ts';

export interface Sweeping {
  readonly endpoint: string;
  readonly machineArn: string;
  /** The sweeping process's bundle. */
  readonly script: string;
  readonly nowMs: number;
}

const MOST_TO_WARM_UP = 1_000;
const { startsPerSecond } = resolveSweep({});

export async function measureSweeps(
  progress: Progress,
  sweeping: Sweeping,
  { cells, rounds }: FleetPlan,
): Promise<readonly CellResult[]> {
  for (const cell of cells) {
    await progress.step(`Seeding ${cell.held} keys, ${cell.due} due`, () => seed(sweeping, cell));
  }
  const counted: Counted[] = [];
  for (const cell of cells) {
    counted.push(await progress.step(`Counting ${nameOf(cell)}`, () => countSweep(sweeping, cell)));
  }
  const measured = await progress.step(`Sweeping in turns, ${rounds} rounds`, () =>
    inTurns(sweeping, cells, rounds),
  );
  return cells.map((cell, index) => ({
    ...cell,
    ...(counted[index] as Counted),
    rounds: (measured[index] ?? []).map(({ milliseconds, lookupMs, cpuMilliseconds }) => ({
      milliseconds,
      lookupMs,
      cpuMilliseconds,
    })),
  }));
}

async function seed({ endpoint, nowMs }: Sweeping, cell: Cell): Promise<void> {
  const table = nameOf(cell);
  await createTable(new DynamoDBClient({ endpoint, region: REGION, credentials }), table);
  await seedKeys({ endpoint, table, dueAtMs: dueDates(cell.held, cell.due, nowMs) });
}

type Counted = Pick<CellResult, 'tally' | 'counted'>;

async function countSweep(sweeping: Sweeping, cell: Cell): Promise<Counted> {
  const proxy = await CountingProxy.start(sweeping.endpoint);
  const child = start({ ...sweeping, endpoint: proxy.endpoint }, cell);
  try {
    await reply(child);
    const counted = await sweep(child, cell, sweeping.nowMs);
    return { tally: proxy.tally, counted };
  } finally {
    child.kill('SIGKILL');
    await proxy.stop();
  }
}

/** Every round begins with another cell. One before them warms up whom a cold start would slow down notably. */
async function inTurns(sweeping: Sweeping, cells: readonly Cell[], rounds: number): Promise<Swept[][]> {
  const children = cells.map((cell) => start(sweeping, cell));
  const results = cells.map(() => [] as Swept[]);
  try {
    for (const child of children) await reply(child);
    for (let round = 0; round <= rounds; round += 1) {
      for (let turn = 0; turn < cells.length; turn += 1) {
        const place = (round + turn) % cells.length;
        if (round === 0 && (cells[place] as Cell).due > MOST_TO_WARM_UP) continue;
        const nowMs = sweeping.nowMs + (round + 1) * DAY_MS;
        const swept = await sweep(children[place] as ChildProcess, cells[place] as Cell, nowMs);
        if (round > 0) results[place]?.push(swept);
      }
    }
    return results;
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

const start = ({ endpoint, machineArn, script }: Sweeping, cell: Cell): ChildProcess =>
  fork(script, [], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'] ?? '',
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      BENCH_TABLE: nameOf(cell),
      BENCH_MACHINE_ARN: machineArn,
    },
  });

/** @throws when not every due key was started: then nothing that was measured is comparable */
async function sweep(child: ChildProcess, cell: Cell, nowMs: number): Promise<Swept> {
  const answered = reply<Swept>(child);
  child.send({ nowMs, startsPerSecond } satisfies SweepOrder);
  const swept = await answered;
  if (swept.report.due !== cell.due || swept.report.started !== cell.due) {
    throw new Error(`Of ${cell.due} due keys: ${JSON.stringify(swept.report)}`);
  }
  return swept;
}
