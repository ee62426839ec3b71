/** Keys whose clients read them from Secrets Manager: rotated by it and by operators, while their clients go on calling. */
import { randomUUID } from 'node:crypto';
import { DescribeSecretCommand, GetResourcePolicyCommand } from '@aws-sdk/client-secrets-manager';
import { beforeAll, describe, expect, test } from 'vitest';
import { driveRotation, driveTest, STEPS } from '../../local/secrets-driver/drive-rotation.ts';
import { admin } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { everything, expectNowhere } from './support/leaks.ts';
import { driven, labelsOf, readSecret, secretClient, secretsManager } from './support/secret-client.ts';
import { endOf, followToRefusal, latestOf } from './support/whole-rotation.ts';
import { archiveEvents } from './support/written/messages.ts';

const READER = 'arn:aws:iam::000000000000:role/search-agent';
/** Stated in the README: memory of an authorizer, and a read. */
const REVOCATION_BOUND_MS = 6_000;
const POLL_MS = 500;

async function issueSecret(): Promise<{ readonly keyId: string; readonly secretId: string }> {
  const { keyId, place, ...issued } = await admin('issue', {
    owner: 'end-to-end@example.com',
    name: 'End-to-end test',
    environment: 'test',
    scopes: ['tools:*'],
    policy: 'drill',
    delivery: 'secrets-manager',
    readers: [READER],
  });
  expect(issued).not.toHaveProperty('key');
  expect(issued).not.toHaveProperty('deliveryFailure');
  return { keyId, secretId: String(place) };
}

beforeAll(() => archiveEvents());

test('a secret is made when its key is issued: for its reader, on a schedule, and with a key that works', async () => {
  const { keyId, secretId } = await issueSecret();
  expect(secretId).toMatch(
    new RegExp(`^arn:aws:secretsmanager:us-east-1:000000000000:secret:keyturn/${keyId}-`),
  );
  expect(await admin('show', { keyId })).toMatchObject({
    place: secretId,
    versions: [{ delivery: { receivedBy: 'placed' } }],
  });
  const secret = await readSecret(secretId);
  expect(secret).toMatchObject({ keyId, version: 1, endpoint: expect.stringMatching(/\/mcp$/) });

  const described = await secretsManager.send(new DescribeSecretCommand({ SecretId: secretId }));
  expect(described).toMatchObject({ RotationEnabled: true, RotationRules: { AutomaticallyAfterDays: 1 } });
  const { ResourcePolicy } = await secretsManager.send(new GetResourcePolicyCommand({ SecretId: secretId }));
  expect(JSON.parse(String(ResourcePolicy)).Statement[0].Principal).toEqual({ AWS: [READER] });
  expect(await driveTest(driven(secretId), { token: randomUUID() })).toMatchObject({ outcome: 'rotated' });
});

describe.concurrent('a client that reads AWSCURRENT', () => {
  const starts = {
    'Secrets Manager': async (secretId: string, _keyId: string) => {
      const outcome = await driveRotation(driven(secretId), { token: randomUUID() });
      expect(outcome).toMatchObject({ outcome: 'rotated' });
    },
    'an operator': async (_secretId: string, keyId: string) => {
      await admin('rotate', { keyId, purpose: 'manual' });
    },
  };

  test.each(Object.entries(starts))(
    'moves by itself, and no call fails, when %s rotates',
    async (_who, start) => {
      const { keyId, secretId } = await issueSecret();
      const { key: oldKey } = await readSecret(secretId);
      const client = secretClient(secretId);
      try {
        await start(secretId, keyId);
        const delivered = { by: 'secrets-manager', receivedBy: 'placed' } as const;
        await followToRefusal({ keyId, oldKey, caller: client.caller, delivered });
      } finally {
        await client.stop();
      }
      expect((await readSecret(secretId, 'AWSPREVIOUS')).key).toBe(oldKey);
      expect(await labelsOf(secretId)).not.toHaveProperty('AWSPENDING');
    },
  );

  test('goes back within one poll of a rollback', async () => {
    const { keyId, secretId } = await issueSecret();
    const old = await readSecret(secretId);
    const client = secretClient(secretId, POLL_MS);
    try {
      await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT10M' });
      await eventually(
        'The new version',
        async () => client.caller.versions,
        (versions) => versions.includes(2),
      );
      await admin('rollback', { keyId, reason: 'the new client fails' });
      const backMs = Date.now();
      await eventually(
        'The old version',
        async () => client.caller.calls.at(-1),
        (last) => last?.version === 1,
      );
      expect((await readSecret(secretId)).key).toBe(old.key);
      // Until it reads again it holds the key that was taken back.
      const isExcused = ({ startedAtMs, version }: { startedAtMs: number; version?: number | undefined }) =>
        version === 2 && startedAtMs <= backMs + 2 * POLL_MS;
      expect(client.caller.failed.filter((call) => !isExcused(call))).toEqual([]);
    } finally {
      await client.stop();
    }
    expect(await latestOf(keyId)).toMatchObject({ status: 'rolled-back' });
  });

  test('has the key of an immediate emergency within the bound and one poll', async () => {
    const { keyId, secretId } = await issueSecret();
    const leaked = await readSecret(secretId);
    const client = secretClient(secretId, POLL_MS);
    try {
      await eventually(
        'Calls',
        async () => client.caller.calls.length,
        (count) => count > 3,
      );
      await admin('rotate', { keyId, purpose: 'emergency', reason: 'leaked', immediateInvalidation: true });
      const ended = await endOf(keyId);
      expect(ended).toMatchObject({ status: 'completed', purpose: 'emergency' });
      const committedMs = Date.parse(String(ended?.endedAt));
      await eventually(
        'The new key',
        async () => client.caller.calls.at(-1),
        (last) => last?.version === 2 && last.status === 200,
      );
      for (const { startedAtMs } of client.caller.failed) {
        expect(startedAtMs - committedMs).toBeLessThanOrEqual(REVOCATION_BOUND_MS + POLL_MS);
      }
    } finally {
      await client.stop();
    }
    const now = await readSecret(secretId);
    expect(now.version).toBe(2);
    expect(now.key).not.toBe(leaked.key);
    expect(now).not.toHaveProperty('previousVersionExpiresAt');
  });
});

describe('the contract of the rotation function, on the deployed function', () => {
  test('holds with a crash of Secrets Manager before each step: the same token comes to its end, with one version', async () => {
    const { keyId, secretId } = await issueSecret();
    const token = randomUUID();
    const secret = driven(secretId);
    for (const step of STEPS) {
      const crash = (name: string) => {
        if (name === step) throw new Error('crashed');
      };
      await expect(driveRotation(secret, { token, onStep: crash })).rejects.toThrow('crashed');
      expect(await driveRotation(secret, { token: randomUUID() })).toMatchObject({ outcome: 'refused' });
    }
    expect(await driveRotation(secret, { token })).toEqual({ outcome: 'rotated', token });
    for (const step of STEPS) expect(await secret.invoke(step, token), step).toBeUndefined();

    const labels = await labelsOf(secretId);
    expect(labels['AWSCURRENT']).toBe(token);
    expect((await readSecret(secretId)).version).toBe(2);
    expect((await readSecret(secretId, 'AWSPREVIOUS')).version).toBe(1);
    expect((await admin('show', { keyId })).versions).toHaveLength(2);
    expect(await latestOf(keyId)).toMatchObject({ rotationId: `secret-${token}`, purpose: 'scheduled' });
    await admin('revoke', { keyId, reason: 'end of the test' });
    await expect(readSecret(secretId)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test('joins the rotation of an operator: one version, whoever comes second', async () => {
    const { keyId, secretId } = await issueSecret();
    const [, outcome] = await Promise.all([
      admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT10M' }),
      driveRotation(driven(secretId), { token: randomUUID() }),
    ]);
    expect(outcome).toMatchObject({ outcome: 'rotated' });
    expect((await admin('show', { keyId })).versions).toHaveLength(2);
    expect((await admin('rotations', { keyId })).rotations).toHaveLength(1);
    expect((await readSecret(secretId)).version).toBe(2);
    expect((await readSecret(secretId, 'AWSPREVIOUS')).version).toBe(1);
    await admin('revoke', { keyId, reason: 'end of the test' });
  });

  test('says why it refuses', async () => {
    const { keyId, secretId } = await issueSecret();
    const secret = driven(secretId);
    const token = randomUUID();
    expect(await secret.invoke('createSecret', token)).toBe(
      `The secret keyturn/${keyId} has no version ${token}.`,
    );
    await secret.stage(token);
    expect(await secret.invoke('finishSecret', token)).toMatch(/createSecret comes first/);
    await admin('disable', { keyId, reason: 'under investigation' });
    expect(await secret.invoke('createSecret', token)).toBe(`Key ${keyId} is disabled.`);
    await admin('enable', { keyId, reason: 'false alarm' });
    expect(await driveRotation(secret, { token })).toMatchObject({ outcome: 'rotated' });
    await admin('revoke', { keyId, reason: 'end of the test' });
  });
});

test('no key is anywhere but in its secret', async () => {
  const { keyId, secretId } = await issueSecret();
  const first = (await readSecret(secretId)).key;
  await driveRotation(driven(secretId), { token: randomUUID() });
  const second = (await readSecret(secretId)).key;
  expect(second).not.toBe(first);
  await admin('revoke', { keyId, reason: 'end of the test' });

  const texts = await everything();
  expect(texts.get('table')).toContain(keyId);
  expectNowhere(texts, [first, second]);
});
