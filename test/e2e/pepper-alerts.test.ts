/** A pepper is lost: requests are answered with an error, security is told once, and all is well when it is put back. */
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { firstBrokenLink } from '../../lambdas/core/domain/audit-event.ts';
import { ocsfFaults } from '../support/ocsf/validate.ts';
import { APIS, admin, awsConfig, issueKey, pepperMachineArn, stepFunctions } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { bearer, postCall } from './support/mcp.ts';
import { hashedUnderLost, pepperEvents, pepperSecretText, putPepperText } from './support/pepper.ts';
import { alertQueue, ocsfQueue } from './support/told-queue.ts';

/** The watch looks each minute, and on a busy machine late. */
const WITHIN_MS = 180_000;
const SOON_MS = 30_000;
const NAME = `lost-${process.pid}`;
const lambda = new LambdaClient(awsConfig);
const alerts = await alertQueue(`pepper-alerts-${process.pid}`);
const events = await ocsfQueue(`pepper-events-${process.pid}`);

/** Another round of the watch, beside those of its schedule. */
async function watchNow(): Promise<void> {
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  const found = Functions?.find(({ Description }) => /^Keyturn: puts use of wrong/.test(Description ?? ''));
  if (!found?.FunctionName) throw new Error('There is no function that watches.');
  const { FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: found.FunctionName, Payload: '{}' }),
  );
  expect(FunctionError).toBeUndefined();
}

const ofLost = async () =>
  (await pepperEvents()).filter(
    ({ action, detail }) => action === 'pepper.fault' && detail['pepperVersion'] === NAME,
  );
const alertsOfLost = async () =>
  (await alerts()).filter(
    ({ kind, event }) => kind === 'pepper-fault' && event.detail['pepperVersion'] === NAME,
  );

test('a lost pepper refuses its keys with an error, is on record and alerted of once, and serves when it is put back', async () => {
  const { keyId, key } = await issueKey();
  const lost = await hashedUnderLost(keyId, key, NAME);
  const statuses = async (requests: number) => {
    const answers: number[] = [];
    for (let made = 0; made < requests; made += 1) {
      const { url } = APIS[made % APIS.length] as (typeof APIS)[number];
      answers.push((await postCall(url, bearer(key))).status);
    }
    return answers;
  };
  for (const status of await statuses(20)) expect(status).toBeGreaterThanOrEqual(500);

  const [alert] = await eventually('The alert', alertsOfLost, (found) => found.length > 0, WITHIN_MS);
  expect(alert).toMatchObject({
    severity: 'critical',
    title: `Pepper ${NAME} is missing`,
    command: 'keyturn pepper',
    event: { action: 'pepper.fault', chain: 'pepper', detail: { fault: 'missing' } },
  });
  expect(alert?.event.detail['times']).toBeGreaterThan(0);
  for (const status of await statuses(10)) expect(status).toBeGreaterThanOrEqual(500);
  await Promise.all([watchNow(), watchNow()]);

  // Of a window once; that the test runs over the end of one is possible, and then it is told of the next as well.
  const told = await ofLost();
  expect(new Set(told.map(({ detail }) => detail['windowFrom'])).size).toBe(told.length);
  const alerted = await eventually(
    'An alert for each event',
    alertsOfLost,
    (found) => found.length >= told.length,
    SOON_MS,
  );
  expect(alerted.map(({ event }) => event.sequence)).toEqual(told.map(({ sequence }) => sequence));
  const onTheBus = async () => (await events()).filter(({ detail }) => JSON.stringify(detail).includes(NAME));
  const [ocsf] = await eventually('The event on the bus', onTheBus, (found) => found.length > 0, SOON_MS);
  expect(ocsf).toMatchObject({ 'detail-type': 'Detection Finding', detail: { severity_id: 5 } });
  expect(ocsfFaults(ocsf?.detail, 'Detection Finding')).toEqual([]);
  expect(JSON.stringify([told, alerted, ocsf])).not.toContain(lost);
  expect(firstBrokenLink(await pepperEvents())).toBeUndefined();

  const before = await pepperSecretText();
  try {
    await putPepperText(JSON.stringify({ ...JSON.parse(before), [NAME]: lost }));
    await eventually(
      'The pepper that was put back',
      () => statuses(2),
      (seen) => seen.every((one) => one === 200),
      SOON_MS,
    );
  } finally {
    await putPepperText(before);
    // A key that is refused for good needs no pepper.
    await admin('revoke', { keyId, reason: 'the test is over' });
  }
});

test('a run of the pepper machine that fails is on record with its reason, and alerted of', async () => {
  const name = `wrong-${process.pid}`;
  const { executionArn } = await stepFunctions.send(
    new StartExecutionCommand({
      stateMachineArn: pepperMachineArn,
      name,
      input: JSON.stringify({ purpose: 'revolution', initiatedBy: 'a test' }),
    }),
  );
  const run = await eventually(
    'The end of the execution',
    () => stepFunctions.send(new DescribeExecutionCommand({ executionArn })),
    ({ status }) => status !== 'RUNNING',
  );
  expect(run).toMatchObject({
    status: 'FAILED',
    error: 'PepperRotationRefused',
    cause: expect.stringContaining('revolution'),
  });

  const [alert] = await eventually(
    'The alert',
    async () => (await alerts()).filter(({ event }) => event.detail['executionId'] === name),
    (found) => found.length > 0,
    SOON_MS,
  );
  expect(alert).toMatchObject({ kind: 'pepper-failed', severity: 'high', event: { reason: run.cause } });
  const onRecord = (await pepperEvents()).filter(({ detail }) => detail['executionId'] === name);
  expect(onRecord).toMatchObject([{ action: 'pepper.failed', outcome: 'failure', reason: run.cause }]);
});
