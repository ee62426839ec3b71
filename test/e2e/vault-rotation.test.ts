/** A rotation whose client reads its key from a vault and moves by itself, while it calls all the time. */
import { readFileSync } from 'node:fs';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { IssuedKey } from '../../lambdas/functions/admin/contract.ts';
import { BaoServer } from '../support/openbao.ts';

import { auditEvents } from './support/audit-events.ts';
import { APIS, admin, ask, awsConfig, stepFunctions } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { everything, expectNowhere } from './support/leaks.ts';
import { PollingClient } from './support/polling-client.ts';
import { appRole } from './support/vault.ts';
import { VAULT_CREDENTIALS } from './support/vault-secret.ts';
import { followToRefusal } from './support/whole-rotation.ts';
import { archiveEvents } from './support/written/messages.ts';

const port = inject('vaultPort');
const secrets = new SecretsManagerClient(awsConfig);
let bao: BaoServer;
const logs: string[] = [];

/** A vault at the address that the functions know, and credentials for it. */
async function startVault(): Promise<string> {
  bao = await BaoServer.dev({ port });
  logs.push(bao.logFile);
  const role = await appRole(bao);
  return JSON.stringify({ roleId: role.roleId, secretId: await role.secretId() });
}

/** With what the client itself may read. */
async function readWith(token: string, path: string): Promise<{ key: string; version: number }> {
  const { body } = await bao.call('GET', `secret/data/${path}`, { token });
  return body.data.data;
}

async function issued(vaultPath?: string): Promise<IssuedKey> {
  return admin('issue', {
    owner: 'end-to-end@example.com',
    name: 'Reads its key from the vault',
    environment: 'test',
    scopes: ['tools:*'],
    policy: 'drill',
    delivery: 'vault',
    ...(vaultPath ? { vaultPath } : {}),
  });
}

const secretAt = async (path: string) => (await bao.root('GET', `secret/data/${path}`)).body?.data?.data;
const rotationOf = (keyId: string, rotationId: string) => admin('rotation', { keyId, rotationId });

// Functions of a local cloud that was up before the tests know no vault.
describe.skipIf(port === 0)('delivery to a vault', () => {
  beforeAll(async () => {
    await archiveEvents();
    const SecretString = await startVault();
    await secrets.send(new CreateSecretCommand({ Name: VAULT_CREDENTIALS, SecretString }));
  });
  afterAll(() => bao?.kill());

  it('moves a client by itself through a whole rotation, and none of its calls fails', async () => {
    const key = await issued('teams/search/mcp');
    expect(key).not.toHaveProperty('key');
    const { body } = await bao.root('POST', 'auth/token/create', { policies: ['keyturn'] });
    const first = await secretAt('teams/search/mcp');
    expect(first).toMatchObject({ keyId: key.keyId, version: 1 });
    const read = () => readWith(body.auth.client_token, 'teams/search/mcp');
    const client = PollingClient.start(read, APIS[0].url);
    try {
      await admin('rotate', { keyId: key.keyId, purpose: 'manual', gracePeriod: 'PT20S' });
      const delivered = { by: 'vault', receivedBy: 'placed' } as const;
      const { keyId } = key;
      await followToRefusal({ keyId, oldKey: first.key, caller: client.caller, delivered });
    } finally {
      await client.stop();
    }
    expect(await secretAt('teams/search/mcp')).toMatchObject({
      version: 2,
      previousVersionExpiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const offers = (await auditEvents(key.keyId)).filter(({ action }) => action === 'version.offered');
    expect(offers.map(({ detail }) => detail)).toMatchObject([
      { version: 1, by: 'vault', received: true },
      { version: 2, by: 'vault', received: true },
    ]);
  });

  it('gives the old key back when a rotation is taken back, and nothing when the key is revoked', async () => {
    const { keyId } = await issued();
    const path = `keyturn/${keyId}`;
    const { key: first } = await secretAt(path);
    const { rotationId } = await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT1H' });
    await eventually(
      'The new key',
      () => secretAt(path),
      ({ version }) => version === 2,
    );
    await admin('rollback', { keyId, reason: 'the new client fails' });
    expect(await secretAt(path)).toMatchObject({ key: first, version: 1 });
    expect((await rotationOf(keyId, rotationId))?.status).toBe('rolled-back');

    await admin('revoke', { keyId, reason: 'end of the test' });
    expect(await secretAt(path)).toBeNull();
    const { body } = await bao.root('GET', `secret/metadata/${path}`);
    expect(Object.values(body.data.versions)).toMatchObject([
      { destroyed: true },
      { destroyed: true },
      { destroyed: true },
    ]);
  });

  it('is backed up and brought back by operators, and says how it is', async () => {
    const { keyId } = await issued();
    const path = `keyturn/${keyId}`;
    const before = await secretAt(path);
    expect(await admin('vault-status', {})).toMatchObject({ state: 'active', ready: true, trouble: null });

    expect(await admin('vault-backup', { keyId, backupId: 'b1' })).toMatchObject({ versions: 1 });
    await bao.root('DELETE', `secret/metadata/${path}`);
    expect(await admin('vault-restore', { keyId })).toEqual({
      keyId,
      backupId: 'b1',
      version: 1,
      written: [1],
    });
    expect(await secretAt(path)).toEqual(before);
    expect((await auditEvents(keyId)).at(-1)).toMatchObject({
      action: 'version.restored',
      detail: { backup: 'b1', version: 1 },
    });
  });

  it('that cannot be keeps a rotation from starting, says why, and lets the key be issued all the same', async () => {
    const { keyId } = await issued();
    const path = `keyturn/${keyId}`;
    await bao.kill();
    const { rotationId, executionArn } = await admin('rotate', { keyId, purpose: 'manual' });
    expect(executionArn).toContain(rotationId);
    const refused = await eventually(
      'The refusal',
      () => ask('rotation', { keyId, rotationId }),
      (answer) => !answer.ok,
    );
    expect(refused).toMatchObject({ ok: false, error: { code: 'rotation-refused' } });
    expect(await stepFunctions.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      error: 'RotationRefused',
      cause: expect.stringMatching(/^The vault at \S+ cannot be reached \(ECONNREFUSED\)\. Is it running/),
    });
    const waiting = await issued();
    expect(waiting.deliveryFailure).toMatch(/could not be delivered/);
    expect(await admin('vault-status', {})).toMatchObject({ state: 'unreachable', ready: false });
    const answer = await ask('deliver', { keyId: waiting.keyId });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'vault-trouble', message: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)/) },
    });

    const SecretString = await startVault();
    // The credentials in the secret are of a vault that is gone.
    expect(await ask('deliver', { keyId: waiting.keyId })).toMatchObject({
      ok: false,
      error: { code: 'vault-trouble', message: expect.stringMatching(/does not take the credentials/) },
    });
    await secrets.send(new PutSecretValueCommand({ SecretId: VAULT_CREDENTIALS, SecretString }));
    expect(await admin('deliver', { keyId: waiting.keyId })).toMatchObject({ receivedBy: 'placed' });
    expect(await secretAt(`keyturn/${waiting.keyId}`)).toMatchObject({ version: 1 });
    expect(await secretAt(path)).toBeUndefined();
  });

  it('leaves no key and no credential in anything that is written down', async () => {
    const { keyId } = await issued();
    const { key } = await secretAt(`keyturn/${keyId}`);
    await admin('vault-backup', { keyId, backupId: 'b1' });
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: VAULT_CREDENTIALS }));
    const { secretId } = JSON.parse(SecretString as string) as { secretId: string };

    const texts = await everything();
    for (const log of logs) texts.set(`vault ${log}`, readFileSync(log, 'utf8'));
    // What it is there for.
    texts.delete(`secret ${VAULT_CREDENTIALS}`);
    const backups = [...texts.keys()].filter((place) => place.includes(`vault/${keyId}/b1.json`));
    expect(backups).toHaveLength(1);
    expect(texts.get(backups[0] as string)).toContain(keyId);
    expect([...texts.values()].join('\n')).toContain('"action":"vault-backup"');
    expectNowhere(texts, [key], secretId);
  });
});
