/** What is measured of a rotation on the deployed stack: minutes, refusals, events, totals, lists, the first refusal. */
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { main } from '../../cli/main.ts';
import type { RotationView } from '../../lambdas/functions/admin/rotation-contract.ts';
import type { ObserveEvent } from '../../lambdas/functions/observe/env.ts';
import { captureOutput } from '../support/captured-output.ts';
import { forged } from '../support/forged-keys.ts';
import { APIS, admin, awsConfig, issueKey } from './support/deployment.ts';
import { type BusEvent, eventQueue } from './support/event-queue.ts';
import { eventually } from './support/eventually.ts';
import { bearer, postCall } from './support/mcp.ts';

const MINUTE_MS = 60_000;
const [REST] = APIS;
const lambda = new LambdaClient(awsConfig);

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const rotationOf = (keyId: string, rotationId: string) => admin('rotation', { keyId, rotationId });

interface Observer {
  readonly name: string;
  readonly logGroupName: string;
}

async function observer(): Promise<Observer> {
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  const found = Functions?.find(
    ({ Description }) => Description === 'Keyturn: counts what clients do while keys rotate',
  );
  if (!found?.FunctionName) throw new Error('There is no observer.');
  const logGroupName = found.LoggingConfig?.LogGroup ?? `/aws/lambda/${found.FunctionName}`;
  return { name: found.FunctionName, logGroupName };
}

/** As the schedule calls it. */
async function observe({ name }: Observer, scheduledAt: number): Promise<Record<string, number>> {
  const event: ObserveEvent = { scheduledAt: new Date(scheduledAt).toISOString() };
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  expect(FunctionError).toBeUndefined();
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

/** What the function has logged with this in it. */
async function linesOf({ logGroupName }: Observer, text: string): Promise<Record<string, unknown>[]> {
  const { events } = await new CloudWatchLogsClient(awsConfig).send(
    new FilterLogEventsCommand({ logGroupName }),
  );
  const found = (events ?? []).map(({ message }) => message ?? '').filter((line) => line.includes(text));
  return found.map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>);
}

/** What the command line prints, and its exit code. */
async function keyturn(...args: readonly string[]) {
  const output = captureOutput();
  try {
    const exitCode = await main(['--local', ...args]);
    return { exitCode, text: output.text() };
  } finally {
    output.restore();
  }
}

test('a rotation under traffic: each request is in a minute, an event, the totals and the list', async () => {
  const { keyId, key: oldKey } = await issueKey();
  const taken = await eventQueue(`minutes-${process.pid}`);
  const { rotationId } = await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT90S' });
  await eventually(
    'Two versions',
    () => rotationOf(keyId, rotationId),
    (rotation) => rotation?.status === 'dual-key',
  );
  const { key: newKey } = await admin('claim', { keyId });
  // By then no authorizer remembers the key from before the rotation.
  await sleep(6_000);

  const started = Date.now();
  const call = async (key: string, times: number, status: number) => {
    for (let count = 0; count < times; count += 1) {
      expect((await postCall(REST.url, bearer(key))).status).toBe(status);
    }
  };
  await call(oldKey, 2, 200);
  await call(newKey, 50, 200);
  // The emulator ends the environment of an authorizer that refuses with 401, which writes what it has counted.
  await call(forged(keyId), 3, 401);

  const counted = { oldRequests: 2, newRequests: 50, refusedRequests: 3 };
  const summed = ({ minutes }: RotationView) => ({
    oldRequests: sum(minutes.map(({ oldRequests }) => oldRequests)),
    newRequests: sum(minutes.map(({ newRequests }) => newRequests)),
    refusedRequests: sum(minutes.map(({ refusedRequests }) => refusedRequests)),
  });
  const view = (await eventually(
    'All requests',
    () => rotationOf(keyId, rotationId),
    (rotation) => JSON.stringify(rotation && summed(rotation)) === JSON.stringify(counted),
    30_000,
  )) as RotationView;
  expect(view.migration).toMatchObject({ ...counted, refusedShare: 3 / 55, newShare: 50 / 52 });

  const observing = await observer();
  for (let at = started - MINUTE_MS; at < Date.now() + MINUTE_MS; at += MINUTE_MS) {
    await observe(observing, at + 75_000 + MINUTE_MS);
  }
  const events: BusEvent[] = [];
  const toldMinutes = () =>
    new Map(events.map(({ detail }) => [String(detail['minute']), detail])) as Map<string, MinuteDetail>;
  await eventually(
    'The events',
    async () => {
      events.push(...(await taken()).filter(({ detail }) => detail['keyId'] === keyId));
      return [...toldMinutes().keys()];
    },
    (minutes) => view.minutes.every(({ minute }) => minutes.includes(minute)),
  );
  expect(events[0]).toMatchObject({ source: 'keyturn', 'detail-type': 'Key Rotation Minute' });
  for (const { minute, ...shown } of view.minutes) {
    expect(toldMinutes().get(minute)).toMatchObject({
      rotationId,
      oldVersion: 1,
      newVersion: 2,
      ...shown,
    });
  }
  const [busiest] = [...view.minutes].sort((left, right) => right.newRequests - left.newRequests);
  const totals = await linesOf(observing, 'NewVersionRequests');
  const ofMinute = totals.filter((line) => line['minute'] === busiest?.minute);
  expect(ofMinute[0]?.['NewVersionRequests']).toBeGreaterThanOrEqual(Number(busiest?.newRequests));
  expect(ofMinute[0]).toHaveProperty('_aws');

  const running = await keyturn('rotations', '--json');
  expect(running.exitCode).toBe(0);
  expect(JSON.parse(running.text).rotations).toContainEqual(
    expect.objectContaining({ keyId, rotationId, status: 'dual-key', stuckSince: null }),
  );
  expect((await keyturn('show', keyId)).text).toMatch(/MINUTE \(UTC\) +VERSION 1 +VERSION 2 +REFUSED +MOVED/);

  const done = await eventually(
    'The end',
    () => rotationOf(keyId, rotationId),
    (rotation) => rotation?.endedAt !== null,
    120_000,
  );
  expect(done).toMatchObject({ status: 'completed', evidence: 'migrated', firstRefusalAfterMs: null });
  const completed = JSON.parse((await keyturn('rotations', keyId, '--status', 'completed', '--json')).text);
  expect(completed.rotations).toMatchObject([{ rotationId, status: 'completed', evidence: 'migrated' }]);
  const stillRunning = JSON.parse((await keyturn('rotations', '--json')).text);
  expect(JSON.stringify(stillRunning)).not.toContain(rotationId);
});

test('an emergency has on record when the first request with the old version was refused', async () => {
  const { keyId, key: oldKey } = await issueKey();
  await postCall(REST.url, bearer(oldKey));
  const { rotationId } = await admin('rotate', {
    keyId,
    purpose: 'emergency',
    reason: 'the key was found in a public repository',
    immediateInvalidation: true,
  });
  await eventually(
    'The commit',
    () => rotationOf(keyId, rotationId),
    (rotation) => rotation?.status === 'completed',
  );
  await eventually(
    'The refusal',
    () => postCall(REST.url, bearer(oldKey)),
    ({ status }) => status === 401,
  );

  const { refusedAfterMs, firstRefusalAfterMs } = (await eventually(
    'The record',
    () => rotationOf(keyId, rotationId),
    (rotation) => rotation?.firstRefusalAfterMs !== null,
    10_000,
  )) as RotationView;
  expect(firstRefusalAfterMs).toBeGreaterThanOrEqual(Number(refusedAfterMs));
  // It is the first: later ones do not move it.
  await postCall(REST.url, bearer(oldKey));
  expect((await rotationOf(keyId, rotationId))?.firstRefusalAfterMs).toBe(firstRefusalAfterMs);
});

test('the schedule calls the observer by itself', async () => {
  const observing = await observer();
  const before = (await linesOf(observing, 'RotationsRunning')).length;
  const lines = await eventually(
    'A further line of the observer',
    () => linesOf(observing, 'RotationsRunning'),
    (seen) => seen.length > before,
    150_000,
  );
  expect(lines.at(-1)).toMatchObject({
    RotationsRunning: expect.any(Number),
    RotationsStuck: expect.any(Number),
  });
});

type MinuteDetail = Readonly<Record<string, unknown>>;
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
