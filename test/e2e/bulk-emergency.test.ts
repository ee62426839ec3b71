/** An owner's fifty keys leak while their clients go on calling, beside another owner's who must notice nothing. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, test } from 'vitest';
import type { WholeRun } from '../../cli/emergency/read-run.ts';
import type { EmergencyPreviewView } from '../../lambdas/functions/admin/emergency-contract.ts';
import { auditEvents } from './support/audit-events.ts';
import { keyturn } from './support/command-line.ts';
import { APIS, admin, dynamo, machineArn, stepFunctions, tableName } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { type Client, call, isRefused, startClients } from './support/steady-clients.ts';

const OWNER = `leaked-${process.pid}@example.com`;
const BYSTANDER = `bystander-${process.pid}@example.com`;
const KEYS = 50;
/** As the local cloud is deployed. */
const KEYS_AT_ONCE = 10;
const ORDER = [
  'emergency',
  '--owner',
  OWNER,
  '--reason',
  'A laptop was stolen',
  '--immediate',
  '--confirm',
  OWNER,
];

let leaked: Client[];
let bystanders: Client[];
let broken: Client;

async function issueClients(owner: string, count: number): Promise<Client[]> {
  const clients: Client[] = [];
  while (clients.length < count) {
    const { keyId, key } = await admin('issue', {
      owner,
      name: 'End-to-end test',
      environment: 'test',
      scopes: ['tools:*'],
      policy: 'drill',
    });
    const { url } = APIS[clients.length % APIS.length] as (typeof APIS)[number];
    clients.push({ keyId, key: key as string, url, calls: [] });
  }
  return clients;
}

/** As a deployment does that leaves out a policy which keys still have: no command changes a key's policy. */
async function setPolicy(keyId: string, policy: string): Promise<void> {
  await dynamo.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: { pk: { S: `KEY#${keyId}` }, sk: { S: 'META' } },
      UpdateExpression: 'SET #policy = :policy',
      ExpressionAttributeNames: { '#policy': 'policy' },
      ExpressionAttributeValues: { ':policy': { S: policy } },
    }),
  );
}

/** The most rotations of a run that were on their way at one moment. */
async function mostAtOnce(runId: string): Promise<number> {
  const { executions = [] } = await stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn: machineArn, maxResults: 1000 }),
  );
  const ours = executions.filter(({ name }) => name?.startsWith(`run-${runId}-`));
  const moments = ours.map(({ startDate }) => Number(startDate));
  return Math.max(
    ...moments.map(
      (atMs) => ours.filter((each) => Number(each.startDate) <= atMs && Number(each.stopDate) > atMs).length,
    ),
  );
}

beforeAll(async () => {
  leaked = await issueClients(OWNER, KEYS);
  bystanders = await issueClients(BYSTANDER, 3);
  broken = leaked[17] as Client;
  await setPolicy(broken.keyId, 'not-deployed');
});

describe('an emergency of fifty keys', () => {
  let run: WholeRun;

  test('is previewed first, for the owner and for all', async () => {
    const ofOwner = await keyturn('emergency', '--owner', OWNER, '--immediate', '--preview', '--json');
    expect(ofOwner.code).toBe(0);
    const preview = JSON.parse(ofOwner.stdout) as EmergencyPreviewView;
    expect(preview).toMatchObject({ enabled: KEYS, total: KEYS, counted: true });
    expect(preview.keys.map(({ keyId }) => keyId).sort()).toEqual(leaked.map(({ keyId }) => keyId).sort());
    expect(new Set(preview.keys.map(({ verdict }) => verdict))).toEqual(new Set(['rotate']));

    const ofAll = JSON.parse((await keyturn('emergency', '--all', '--preview', '--json')).stdout);
    expect(ofAll.enabled).toBeGreaterThanOrEqual(KEYS + bystanders.length);
    for (const { keyId } of leaked) expect((await admin('show', { keyId })).versions).toHaveLength(1);
  });

  test('refuses every old key within the stated bound, and reports the one that failed', async () => {
    const stop = startClients([...leaked, ...bystanders]);
    await eventually(
      'A call of every client',
      async () => [...leaked, ...bystanders].filter(({ calls }) => calls.length === 0).length,
      (left) => left === 0,
    );
    const ended = await keyturn(...ORDER, '--json');
    run = JSON.parse(ended.stdout) as WholeRun;
    const good = leaked.filter((client) => client !== broken);
    await eventually(
      'The refusal of every old key',
      async () => good.filter((client) => !isRefused(client)).length,
      (left) => left === 0,
    );
    await stop();

    expect(ended.code).toBe(1);
    expect(run).toMatchObject({ status: 'incomplete', initiatedBy: expect.stringMatching(/^arn:/) });
    expect(run.totals).toEqual({ keys: KEYS, refused: KEYS - 1, dualKey: 0, failed: 1, skipped: 0, left: 0 });
    expect(ended.stderr).toContain(`keyturn emergency --run ${run.runId}`);

    const keyOf = new Map(run.keys.map((key) => [key.keyId, key]));
    expect([...keyOf.keys()].sort()).toEqual(leaked.map(({ keyId }) => keyId).sort());
    for (const client of good) {
      const key = keyOf.get(client.keyId);
      expect(key).toMatchObject({ outcome: 'refused', refusedAfterMs: expect.any(Number), why: null });
      const refusedAtMs = Date.parse(key?.refusedAt ?? '');
      const [before, after] = [
        client.calls.filter(({ endedAtMs }) => endedAtMs < refusedAtMs),
        client.calls.filter(({ startedAtMs }) => startedAtMs >= refusedAtMs + run.revocationBoundMs),
      ];
      expect(before.length).toBeGreaterThan(0);
      expect(new Set(before.map(({ status }) => status))).toEqual(new Set([200]));
      for (const { status } of after) expect(status).toBe(401);
      // Whoever was refused early is asked once more where the bound is over.
      expect((await call(client)).status).toBe(401);
    }
    const afterMs = run.keys.flatMap(({ refusedAfterMs }) => refusedAfterMs ?? []);
    expect(run.refusal?.slowestMs).toBe(Math.max(...afterMs));
    expect(keyOf.get(broken.keyId)).toMatchObject({
      outcome: 'failed',
      why: expect.stringMatching(/policy 'not-deployed', which is not deployed/),
    });
  });

  test('lets the key that failed work as before, and no client of another owner notice anything', async () => {
    expect(new Set(broken.calls.map(({ status }) => status))).toEqual(new Set([200]));
    for (const { keyId, calls } of bystanders) {
      expect(calls.length).toBeGreaterThan(3);
      expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([200]));
      expect((await admin('show', { keyId })).versions).toHaveLength(1);
    }
  });

  test('rotates no more keys at once than is configured', async () => {
    const most = await mostAtOnce(run.runId);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(KEYS_AT_ONCE);
  });

  test('resumed, does what is left and touches nothing else', async () => {
    await setPolicy(broken.keyId, 'drill');
    const ended = await keyturn('emergency', '--resume', run.runId, '--json');
    const resumed = JSON.parse(ended.stdout) as WholeRun;

    expect(ended.code).toBe(0);
    expect(resumed).toMatchObject({
      status: 'completed',
      totals: { keys: KEYS, refused: KEYS, failed: 0, left: 0 },
    });
    expect(resumed.resumed).toHaveLength(1);
    const others = (whole: WholeRun) => whole.keys.filter(({ keyId }) => keyId !== broken.keyId);
    expect(others(resumed)).toEqual(others(run));
    for (const { keyId } of leaked) {
      const { versions } = await admin('show', { keyId });
      expect(versions.map(({ status }) => status)).toEqual(['retired', 'active']);
    }
    await eventually(
      'The refusal of the last old key',
      async () => (await call(broken)).status,
      (status) => status === 401,
      resumed.revocationBoundMs,
    );
    run = resumed;
  });

  test('leaves a new key to claim for each, which is accepted', async () => {
    for (const { keyId, url } of leaked) {
      const { key, version } = await admin('claim', { keyId });
      expect(version).toBe(2);
      expect((await call({ keyId, key, url, calls: [] })).status).toBe(200);
    }
  });

  test('is on record on each key as the emergency that it is', async () => {
    const [{ keyId }] = leaked as [Client];
    const started = (await auditEvents(keyId)).find(({ action }) => action === 'rotation.started');
    expect(started).toMatchObject({
      reason: 'A laptop was stolen',
      rotationId: `run-${run.runId}-${keyId}-1`,
      actor: { principal: run.initiatedBy },
      detail: { purpose: 'emergency', immediate: true },
    });
  });

  test('is shown afterwards, by its id and among the latest', async () => {
    const shown = await keyturn('emergency', '--run', run.runId, '--json');
    expect({ code: shown.code, run: JSON.parse(shown.stdout) }).toEqual({ code: 0, run });
    const { stdout } = await keyturn('emergency', '--run');
    expect(stdout).toMatch(new RegExp(`${run.runId} +${OWNER} +completed`));
  });
});
