/** The sweep on the deployed stack: keys that are due get one rotation each, however often it runs at once. */
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { auditEvents } from './support/audit-events.ts';
import { admin, awsConfig, issueKey, machineArn, stepFunctions } from './support/deployment.ts';
import { makeDue } from './support/due-keys.ts';
import { eventually } from './support/eventually.ts';

const lambda = new LambdaClient(awsConfig);

async function sweepFunction(): Promise<string> {
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  const found = Functions?.find(
    ({ Description }) => Description === 'Keyturn: starts the rotations that are due',
  );
  if (!found?.FunctionName) throw new Error('There is no sweep function.');
  return found.FunctionName;
}

async function sweep(name: string): Promise<Record<string, number>> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: '{}' }),
  );
  expect(FunctionError).toBeUndefined();
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

test('two sweeps at once start one rotation of each key that is due, and none of one that is exempt', async () => {
  const keys = await Promise.all(Array.from({ length: 4 }, () => issueKey()));
  const [exempt = '', ...due] = keys.map(({ keyId }) => keyId);
  await admin('exempt', { keyId: exempt, reason: 'a freeze', until: 'P1D' });
  for (const { keyId } of keys) await makeDue(keyId, Date.now() - 1_000);
  const { keys: previewed } = await admin('preview-sweep', {});
  expect(previewed).toContainEqual(expect.objectContaining({ keyId: exempt, verdict: 'exempt' }));
  for (const keyId of due)
    expect(previewed).toContainEqual(expect.objectContaining({ keyId, verdict: 'start' }));

  const name = await sweepFunction();
  const reports = await Promise.all([sweep(name), sweep(name)]);
  for (const report of reports) {
    expect(report).toMatchObject({ failed: 0, left: 0, overdue: 0 });
    // Keys of other tests may be exempt beside it.
    expect(report['exempt']).toBeGreaterThanOrEqual(1);
  }

  for (const keyId of due) {
    const { rotation } = await eventually(
      'The new version',
      () => admin('show', { keyId }),
      (view) => view.rotation?.status === 'dual-key',
    );
    expect(rotation).toMatchObject({ purpose: 'scheduled', initiatedBy: 'keyturn:sweep' });
    const actions = (await auditEvents(keyId)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'rotation.started')).toHaveLength(1);
  }
  const { executions } = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn: machineArn }));
  const started = (keyId: string) => executions?.filter((each) => each.name?.startsWith(`sweep-${keyId}-`));
  for (const keyId of due) expect(started(keyId)).toHaveLength(1);
  expect(started(exempt)).toEqual([]);
  expect((await admin('show', { keyId: exempt })).versions).toHaveLength(1);

  // Not exempt any more, it is due still.
  await admin('unexempt', { keyId: exempt, reason: 'the freeze is over' });
  expect((await admin('sweep', {})).started).toBeGreaterThanOrEqual(1);
  const begun = await eventually(
    'The rotation',
    () => auditEvents(exempt),
    (events) => events.some(({ action }) => action === 'rotation.started'),
  );
  // The operator's request is on record before what it led to, and the schedule's rotations have none.
  const [asked, begunBy] = begun.filter(({ action }) => /^rotation\.(requested|started)$/.test(action));
  expect(asked).toMatchObject({ action: 'rotation.requested', detail: { purpose: 'scheduled' } });
  expect(begunBy).toMatchObject({
    rotationId: asked?.rotationId,
    actor: { principal: 'keyturn:sweep' },
  });
  for (const keyId of due)
    expect((await auditEvents(keyId)).map(({ action }) => action)).not.toContain('rotation.requested');
});
