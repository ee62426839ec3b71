/** The pepper rotates on the deployed stack, twice, while clients of old and new keys call through API Gateway. */
import { randomUUID } from 'node:crypto';
import { DescribeExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { firstBrokenLink } from '../../lambdas/core/domain/audit-event.ts';
import { pepperVersionsIn } from '../../lambdas/core/domain/pepper-events.ts';
import type { PepperView } from '../../lambdas/functions/admin/pepper-contract.ts';
import { driveRotation, driveTest, STEPS, type Step } from '../../local/secrets-driver/drive-rotation.ts';
import { keyturn, startKeyturn } from './support/command-line.ts';
import { APIS, admin, issueKey, pepperMachineArn, stepFunctions } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { everything } from './support/leaks.ts';
import { pepperEvents, pepperSecretId, peppersOf, readPeppers } from './support/pepper.ts';
import { driven, labelsOf } from './support/secret-client.ts';
import { type Client, call } from './support/steady-clients.ts';

const EVERY_MS = 250;
/** What it is there for. */
const PEPPER_SECRET = /^secret Keyturn-KeysStorePepper/;
/** Events of other tests on the same deployment. */
const EARLIER = (await pepperEvents()).length;

/** Calls until it is told to stop. */
function steadily(keyId: string, key: string, place: number) {
  const { url } = APIS[place % APIS.length] as (typeof APIS)[number];
  const client: Client = { keyId, key, url, calls: [] };
  let stopped = false;
  const calling = (async () => {
    while (!stopped) {
      await call(client);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  const stop = async () => {
    stopped = true;
    await calling;
  };
  return { ...client, stop };
}

/** Functions take a pepper for the current one for some seconds: a key that was still hashed under the old one is left. */
async function issueUnder(pepper: string) {
  for (;;) {
    const issued = await issueKey();
    if ((await peppersOf(issued.keyId)).includes(pepper)) return issued;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

const currentAfter = async (before: string): Promise<string> =>
  (await eventually('A new current pepper', readPeppers, ({ current }) => current !== before)).current;

// First, while there is one pepper: with two it has to count, and takes a minute longer.
test('a clean-up that has nothing to drop ends and changes nothing', async () => {
  const before = await readPeppers();
  const { code, stdout } = await keyturn('pepper', 'clean', '--watch', '--json');

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'succeeded', failure: null });
  expect(await readPeppers()).toEqual(before);
});

test('Secrets Manager’s four steps add one, and the machine makes it current, while keys go on working', async () => {
  const { current: initial } = await readPeppers();
  const old = await issueKey();
  const clients = [steadily(old.keyId, old.key, 0)];
  const secretId = await pepperSecretId();
  const secret = driven(secretId);
  // As turning rotation on with a deployment does.
  expect(await driveTest(secret, { token: randomUUID() })).toMatchObject({ outcome: 'rotated' });
  expect([...(await readPeppers()).secrets.keys()]).toEqual([initial]);

  const token = randomUUID();
  const twice = async (step: Step) => {
    if (step !== 'createSecret') expect(await secret.invoke('createSecret', token)).toBeUndefined();
  };
  expect(await driveRotation(secret, { token, onStep: twice })).toEqual({ outcome: 'rotated', token });
  for (const step of STEPS) expect(await secret.invoke(step, token), `${step} repeated`).toBeUndefined();
  expect(await labelsOf(secretId)).toMatchObject({ AWSCURRENT: token });
  const { current, secrets } = await readPeppers();
  expect([current, secrets.size]).toEqual([initial, 2]);

  const added = [...secrets.keys()].find((name) => name !== initial) as string;
  expect(await currentAfter(initial)).toBe(added);
  const young = await issueUnder(added);
  clients.push(steadily(young.keyId, young.key, 1));
  await expect.poll(() => clients[1]?.calls.length, { timeout: 20_000 }).toBeGreaterThan(4);
  await Promise.all(clients.map((client) => client.stop()));
  for (const { keyId, calls } of clients)
    expect(
      calls.filter(({ status }) => status !== 200),
      keyId,
    ).toEqual([]);

  const executionArn = `${pepperMachineArn.replace(':stateMachine:', ':execution:')}:secret-${token}`;
  const { input } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
  expect(JSON.parse(String(input))).toMatchObject({ purpose: 'rotation', pepperVersion: added });
  await stepFunctions.send(new StopExecutionCommand({ executionArn }));
  expect((await pepperEvents()).slice(EARLIER).map(({ action }) => action)).toEqual([
    // The clean-up of the test before.
    'pepper.requested',
    'pepper.adding',
    'pepper.added',
    'pepper.making-current',
    'pepper.made-current',
  ]);
  expect(await labelsOf(secretId)).not.toHaveProperty('AWSPENDING');
});

test('old and new keys work all the while, and a pepper that nothing needs is dropped', async () => {
  const { current: initial, secrets: initialSecrets } = await readPeppers();
  const texts = new Set([...initialSecrets.values()].map((each) => Buffer.from(each).toString()));
  const old = await issueKey();
  const clients = [steadily(old.keyId, old.key, 0), steadily(old.keyId, old.key, 1)];

  const first = await admin('rotate-pepper', { reason: 'end-to-end test' });
  const firstPepper = await currentAfter(initial);
  const moving = await issueUnder(firstPepper);
  const oldVersion = steadily(moving.keyId, moving.key, 0);
  clients.push(oldVersion);

  const watching = startKeyturn('pepper', 'rotate', '--reason', 'end-to-end test', '--watch', '--json');
  const secondPepper = await currentAfter(firstPepper);
  const young = await issueUnder(secondPepper);
  clients.push(steadily(young.keyId, young.key, 1));
  for (const each of (await readPeppers()).secrets.values()) texts.add(Buffer.from(each).toString());

  // Its two versions are under two peppers until the old one is retired, and then nothing needs the first pepper.
  const { rotationId } = await admin('rotate', {
    keyId: moving.keyId,
    purpose: 'manual',
    gracePeriod: 'PT16S',
  });
  const rotation = () => admin('rotation', { keyId: moving.keyId, rotationId });
  await eventually('Both versions', rotation, (seen) => seen?.status === 'dual-key');
  expect(await peppersOf(moving.keyId)).toEqual([firstPepper, secondPepper]);
  const { key: freshKey } = await admin('claim', { keyId: moving.keyId });
  clients.push(steadily(moving.keyId, freshKey, 0));
  await oldVersion.stop();
  await eventually('The end of the rotation', rotation, (seen) => seen?.status === 'completed', 120_000);

  const exitCode = await new Promise((resolve) => watching.child.once('close', resolve));
  expect({ exitCode, stderr: watching.stderr }).toEqual({
    exitCode: 0,
    stderr: expect.stringMatching(
      new RegExp(`added ${secondPepper}[\\s\\S]*current is ${secondPepper}[\\s\\S]*dropped ${firstPepper}`),
    ),
  });
  await Promise.all(clients.map((client) => client.stop()));
  await stepFunctions.send(new StopExecutionCommand({ executionArn: first.executionArn }));

  for (const { keyId, calls } of clients) {
    expect(calls.length, keyId).toBeGreaterThan(10);
    expect(
      calls.filter(({ status }) => status !== 200),
      keyId,
    ).toEqual([]);
  }
  const view = JSON.parse((await keyturn('pepper', '--json')).stdout) as PepperView;
  expect(view.peppers.map(({ name }) => name)).not.toContain(firstPepper);
  expect(view.peppers[0]).toMatchObject({ name: secondPepper, current: true, present: true });
  expect(view.peppers[0]?.neededBy).toBeGreaterThanOrEqual(2);
  // Of the first pepper only the chain is left.
  const events = await pepperEvents();
  expect(firstBrokenLink(events)).toBeUndefined();
  const ofFirst = events.filter((event) => pepperVersionsIn(event).includes(firstPepper));
  expect(ofFirst.map(({ action }) => action)).toEqual([
    'pepper.adding',
    'pepper.added',
    'pepper.making-current',
    'pepper.made-current',
    'pepper.dropping',
    'pepper.dropped',
  ]);

  expect(texts.size).toBeGreaterThanOrEqual(3);
  for (const [place, text] of await everything()) {
    if (PEPPER_SECRET.test(place)) continue;
    for (const pepper of texts) expect(text.includes(pepper), place).toBe(false);
  }
});
