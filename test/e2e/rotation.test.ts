/** Rotations on the deployed stack, with clients that call through API Gateway all the while. */
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { firstBrokenLink } from '../../lambdas/core/domain/audit-event.ts';
import type { RotationView } from '../../lambdas/functions/admin/rotation-contract.ts';
import { auditEvents } from './support/audit-events.ts';
import { APIS, admin, ask, issueKey, machineArn, stepFunctions } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { bearer, callTool, postCall } from './support/mcp.ts';

const [REST, HTTP] = APIS;

const rotationOf = (keyId: string, rotationId: string) => admin('rotation', { keyId, rotationId });

/** Waits until both versions are accepted, takes the new key, and gives it. */
async function newKeyOf(keyId: string, rotationId: string): Promise<string> {
  await eventually(
    'The new version',
    () => rotationOf(keyId, rotationId),
    (rotation) => rotation?.status === 'dual-key' || rotation?.status === 'completed',
  );
  return (await admin('claim', { keyId })).key;
}

const ended = (rotation: RotationView | null) => rotation?.endedAt !== null && rotation !== null;

describe.concurrent('a rotation', () => {
  test('keeps both versions working, warns the old one, and retires it once clients have moved', async () => {
    const { keyId, key: oldKey } = await issueKey();
    const { rotationId } = await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT20S' });
    const newKey = await newKeyOf(keyId, rotationId);

    // The warning is there once no authorizer answers from a copy of before.
    const warned = await eventually(
      'The warning',
      () => callTool(REST.url, oldKey, 'echo'),
      ({ answer }) => answer.keyStatus !== null,
      10_000,
    );
    expect(warned.answer.status).toBe(200);
    expect(warned.answer.keyStatus).toMatch(/^deprecating; version=1; expires=@\d{10}$/);
    for (const { url } of APIS) {
      expect((await callTool(url, newKey, 'whoami')).answer).toMatchObject({ status: 200, keyStatus: null });
      expect((await callTool(url, oldKey, 'echo')).answer.status).toBe(200);
    }

    // Clients have moved and go on calling: the window under judgement is theirs.
    const done = await eventually(
      'The end',
      async () => {
        await postCall(HTTP.url, bearer(newKey));
        return rotationOf(keyId, rotationId);
      },
      ended,
      120_000,
    );
    expect(done).toMatchObject({ status: 'completed', evidence: 'migrated', fromVersion: 1, toVersion: 2 });
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    for (const { url } of APIS) {
      expect((await callTool(url, oldKey, 'echo')).answer.status).toBe(401);
      expect((await callTool(url, newKey, 'echo')).answer.status).toBe(200);
    }
    const events = await auditEvents(keyId);
    expect(firstBrokenLink(events)).toBeUndefined();
    const actions = events.map(({ action }) => action);
    const retired = actions.indexOf('version.retired');
    expect(actions.slice(0, retired + 1)).toEqual([
      'key.issued',
      'rotation.requested',
      'rotation.started',
      'version.generated',
      'version.activated',
      'version.claimed',
      ...actions.slice(6, retired).map(() => expect.stringMatching(/^rotation\.(reminded|judged)$/)),
      'version.retired',
    ]);
    // Its client has just tried it once more.
    expect(actions.slice(retired + 1)).toEqual(['security.retired-key-used']);
  });

  test('is extended while too many clients are still on the old version', async () => {
    const { keyId, key: oldKey } = await issueKey();
    const { rotationId } = await admin('rotate', { keyId, purpose: 'scheduled', gracePeriod: 'PT16S' });
    const newKey = await newKeyOf(keyId, rotationId);
    const extended = await eventually(
      'An extension',
      async () => {
        await Promise.all([postCall(REST.url, bearer(oldKey)), postCall(REST.url, bearer(newKey))]);
        return rotationOf(keyId, rotationId);
      },
      (rotation) => rotation?.extensions === 1,
    );
    expect(extended).toMatchObject({ status: 'dual-key', evidence: 'stragglers' });
    expect((await postCall(REST.url, bearer(oldKey))).status).toBe(200);
    await admin('revoke', { keyId, reason: 'end of the test' });
  });

  test('is one, however many are started: the others answer with it and change nothing', async () => {
    const { keyId } = await issueKey();
    const start = () =>
      stepFunctions.send(
        new StartExecutionCommand({
          stateMachineArn: machineArn,
          input: JSON.stringify({ keyId, purpose: 'manual', gracePeriod: 'PT1H' }),
        }),
      );
    const arns = (await Promise.all([start(), start(), start(), start()])).map((each) => each.executionArn);
    const describeAll = () =>
      Promise.all(
        arns.map((executionArn) => stepFunctions.send(new DescribeExecutionCommand({ executionArn }))),
      );
    const executions = await eventually('Three answers', describeAll, (all) => {
      return all.filter(({ status }) => status === 'SUCCEEDED').length === 3;
    });
    const winner = executions.find(({ status }) => status === 'RUNNING');
    for (const { output, status } of executions) {
      if (status === 'SUCCEEDED') expect(output).toContain(winner?.name);
    }
    await eventually(
      'The dual-key window',
      () => admin('show', { keyId }),
      ({ rotation }) => rotation?.status === 'dual-key',
    );
    const { versions } = await admin('show', { keyId });
    expect(versions.map(({ status }) => status)).toEqual(['deprecating', 'active']);
    const again = await ask('rotate', { keyId, purpose: 'manual' });
    expect(again).toMatchObject({ ok: false, error: { code: 'rotation-running' } });
    const actions = (await auditEvents(keyId)).map(({ action }) => action);
    expect(actions).toEqual(['key.issued', 'rotation.started', 'version.generated', 'version.activated']);
    await admin('revoke', { keyId, reason: 'end of the test' });
  });

  test.each([
    ['an unknown key', { keyId: 'AAAAAAAAAAAA', purpose: 'manual' }, 'There is no key'],
    ['an emergency without a reason', { keyId: 'AAAAAAAAAAAA', purpose: 'emergency' }, 'needs a reason'],
    [
      'a duration that is none',
      { keyId: 'AAAAAAAAAAAA', purpose: 'manual', gracePeriod: '3 days' },
      'ISO 8601',
    ],
    ['a misspelt field', { keyId: 'AAAAAAAAAAAA', purpose: 'manual', grace: 'PT1H' }, "Field 'grace'"],
    ['no object', 'AAAAAAAAAAAA', 'not a JSON object'],
  ])('started by hand with %s fails with the reason', async (_, input, reason) => {
    const { executionArn } = await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn: machineArn, input: JSON.stringify(input) }),
    );
    const { status, error, cause } = await eventually(
      'The refusal',
      () => stepFunctions.send(new DescribeExecutionCommand({ executionArn })),
      (execution) => execution.status !== 'RUNNING',
    );
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'RotationRefused' });
    expect(cause).toContain(reason);
  });

  test('of a key that was revoked meanwhile ends without a word more', async () => {
    const { keyId } = await issueKey();
    const { rotationId, executionArn } = await admin('rotate', {
      keyId,
      purpose: 'manual',
      gracePeriod: 'PT16S',
    });
    await newKeyOf(keyId, rotationId);
    await admin('revoke', { keyId, reason: 'test' });
    const { status } = await eventually(
      'The end',
      () => stepFunctions.send(new DescribeExecutionCommand({ executionArn })),
      (execution) => execution.status !== 'RUNNING',
    );
    expect(status).toBe('SUCCEEDED');
    expect(await rotationOf(keyId, rotationId)).toMatchObject({ status: 'failed' });
  });

  test('reminds once on the way, and takes three transitions for it: 15 in all', async () => {
    const { keyId } = await issueKey();
    const { rotationId, executionArn } = await admin('rotate', { keyId, purpose: 'manual' });
    await newKeyOf(keyId, rotationId);
    const { nextReminderAt, gracePeriodEndsAt } = (await rotationOf(keyId, rotationId)) as RotationView;
    expect(Date.parse(gracePeriodEndsAt as string) - Date.parse(nextReminderAt as string)).toBe(10_000);
    const done = await eventually('The end', () => rotationOf(keyId, rotationId), ended);
    expect(done).toMatchObject({ status: 'completed', evidence: 'idle', nextReminderAt: null });
    expect(Date.parse(done?.remindedAt as string)).toBeGreaterThanOrEqual(
      Date.parse(nextReminderAt as string) - 1_000,
    );
    const { events } = await eventually(
      'The last event',
      () => stepFunctions.send(new GetExecutionHistoryCommand({ executionArn })),
      (history) => history.events?.at(-1)?.type === 'ExecutionSucceeded',
    );
    const entered = (events ?? []).filter(({ type }) => type?.endsWith('StateEntered'));
    expect(entered).toHaveLength(15);
  });
});

describe.concurrent('an emergency', () => {
  test('refuses the old version within the stated bound, measured', async () => {
    const { keyId, key: oldKey } = await issueKey();
    // A steady caller, so that authorizers hold the old version in memory.
    for (let call = 0; call < 3; call += 1) await postCall(REST.url, bearer(oldKey));
    const startedMs = Date.now();
    const { rotationId, revocationBoundMs } = await admin('rotate', {
      keyId,
      purpose: 'emergency',
      reason: 'the key was found in a public repository',
      immediateInvalidation: true,
    });
    let refusedMs: number | undefined;
    const done = await eventually(
      'The end',
      async () => {
        const { status } = await postCall(REST.url, bearer(oldKey));
        if (status === 401) refusedMs ??= Date.now();
        return rotationOf(keyId, rotationId);
      },
      (rotation) => refusedMs !== undefined && ended(rotation),
    );
    const committedMs = Date.parse(done?.endedAt as string);
    const afterCommitMs = (refusedMs as number) - committedMs;
    console.log(
      `Emergency: first refused ${(refusedMs as number) - startedMs} ms after the command, ` +
        `${afterCommitMs} ms after the commit; stated bound ${revocationBoundMs} ms.`,
    );
    expect(done).toMatchObject({ status: 'completed', purpose: 'emergency' });
    expect(done?.refusedAfterMs).toBeGreaterThan(0);
    expect(afterCommitMs).toBeLessThanOrEqual(revocationBoundMs);
    const { key: newKey } = await admin('claim', { keyId });
    for (const { url } of APIS) {
      expect((await callTool(url, newKey, 'echo')).answer.status).toBe(200);
      expect((await callTool(url, oldKey, 'echo')).answer.status).toBe(401);
    }
  });

  test('with a short grace period ends it whatever the clients do', async () => {
    const { keyId, key: oldKey } = await issueKey();
    const { rotationId } = await admin('rotate', {
      keyId,
      purpose: 'emergency',
      reason: 'a laptop was stolen',
      gracePeriod: 'PT8S',
    });
    const newKey = await newKeyOf(keyId, rotationId);
    const done = await eventually(
      'The end',
      async () => {
        await postCall(HTTP.url, bearer(oldKey));
        return rotationOf(keyId, rotationId);
      },
      ended,
    );
    expect(done).toMatchObject({ status: 'completed', extensions: 0 });
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect((await postCall(HTTP.url, bearer(oldKey))).status).toBe(401);
    expect((await postCall(HTTP.url, bearer(newKey))).status).toBe(200);
  });
});

test('a rollback in the middle of a wait: the old version is the one again, and the execution ends', async () => {
  const { keyId, key: oldKey } = await issueKey();
  const { rotationId, executionArn } = await admin('rotate', {
    keyId,
    purpose: 'manual',
    gracePeriod: 'PT1H',
  });
  const newKey = await newKeyOf(keyId, rotationId);
  expect((await postCall(REST.url, bearer(newKey))).status).toBe(200);
  const { versions } = await admin('rollback', { keyId, reason: 'the new client fails' });
  expect(versions.map(({ status }) => status)).toEqual(['active', 'retired']);
  const execution = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
  expect(execution).toMatchObject({ status: 'ABORTED', cause: 'Rolled back: the new client fails' });
  expect(await rotationOf(keyId, rotationId)).toMatchObject({ status: 'rolled-back' });
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect((await postCall(REST.url, bearer(newKey))).status).toBe(401);
  expect(await postCall(REST.url, bearer(oldKey))).toMatchObject({ status: 200, keyStatus: null });
});

test('an emergency takes over from the rotation that runs, and ends its execution', async () => {
  const { keyId, key: oldKey } = await issueKey();
  const running = await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT1H' });
  const secondKey = await newKeyOf(keyId, running.rotationId);
  const { rotationId } = await admin('rotate', {
    keyId,
    purpose: 'emergency',
    reason: 'found in a log',
    immediateInvalidation: true,
  });
  await eventually('The end', () => rotationOf(keyId, rotationId), ended);
  const { key: thirdKey } = await admin('claim', { keyId });
  const { status, cause } = await stepFunctions.send(
    new DescribeExecutionCommand({ executionArn: running.executionArn }),
  );
  expect({ status, cause }).toEqual({ status: 'ABORTED', cause: `Emergency ${rotationId} takes over.` });
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  for (const leaked of [oldKey, secondKey]) {
    expect((await postCall(REST.url, bearer(leaked))).status).toBe(401);
  }
  expect((await postCall(REST.url, bearer(thirdKey))).status).toBe(200);
});

test('a wait survives a new definition of the machine: it goes on by the one it started with', async () => {
  const { keyId, key: oldKey } = await issueKey();
  const { rotationId, executionArn } = await admin('rotate', { keyId, purpose: 'manual' });
  await newKeyOf(keyId, rotationId);
  const { definition } = await stepFunctions.send(
    new DescribeStateMachineCommand({ stateMachineArn: machineArn }),
  );
  const other = JSON.parse(definition as string);
  other.States.Judge = { Type: 'Fail', Error: 'NotTheDefinitionItStartedWith' };
  const deploy = (text: string) =>
    stepFunctions.send(new UpdateStateMachineCommand({ stateMachineArn: machineArn, definition: text }));
  await deploy(JSON.stringify(other));
  try {
    const done = await eventually('The end', () => rotationOf(keyId, rotationId), ended);
    expect(done).toMatchObject({ status: 'completed', evidence: 'idle' });
  } finally {
    await deploy(definition as string);
  }
  const { status } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
  expect(status).toBe('SUCCEEDED');
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect((await postCall(REST.url, bearer(oldKey))).status).toBe(401);
});

test('a new key is claimed once, however many claim it', async () => {
  const { keyId } = await issueKey();
  const { rotationId } = await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT1H' });
  await eventually(
    'The new version',
    () => rotationOf(keyId, rotationId),
    (rotation) => rotation?.status === 'dual-key',
  );
  const claims = await Promise.all(Array.from({ length: 8 }, () => ask('claim', { keyId })));
  expect(claims.filter(({ ok }) => ok)).toHaveLength(1);
  await admin('revoke', { keyId, reason: 'end of the test' });
});
