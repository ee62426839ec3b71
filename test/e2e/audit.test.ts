/** What is on record, asked on the deployed stack: by whom it was done is proven by the local cloud's STS. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import { proveIdentity } from '../../cli/prove-identity.ts';
import { type AuditEvent, firstBrokenLink } from '../../lambdas/core/domain/audit-event.ts';
import { requestDigest } from '../../lambdas/core/domain/identity-proof.ts';
import type { AuditEventsInput, AuditEventsPage } from '../../lambdas/functions/admin/audit-contract.ts';
import type { AdminResponse } from '../../lambdas/functions/admin/contract.ts';
import { keyturn } from './support/command-line.ts';
import { admin, awsConfig, cloud, issueKey, machineArn, stepFunctions } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';

/** Whose credentials the command line has on the local cloud. */
const ROOT = 'arn:aws:iam::000000000000:root';
const OWNER = `audited-${Date.now()}@example.com`;
const started = new Date(Date.now() - 1000).toISOString();

let keyId: string;
let other: string;

async function command(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await keyturn(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

const asked = async (...args: readonly string[]): Promise<AuditEventsPage> =>
  JSON.parse(await command('audit', ...args, '--json'));
const actionsOf = ({ events }: AuditEventsPage) => events.map(({ action }) => action);

/** A key that is issued, disabled, enabled and rotated, and another one. */
beforeAll(async () => {
  const issue = ['issue', '--owner', OWNER, '--name', 'Audited', '--env', 'test', '--scope', 'tools:*'];
  keyId = JSON.parse(await command(...issue, '--policy', 'drill', '--json')).keyId;
  other = (await issueKey()).keyId;
  await command('disable', keyId, '--reason', 'looking into it');
  await command('enable', keyId, '--reason', 'all is well');
  await command('rotate', keyId, '--reason', 'the yearly one');
  await eventually(
    'Both versions',
    () => admin('show', { keyId }),
    ({ rotation }) => rotation?.status === 'dual-key',
  );
});

describe('who did it', () => {
  it('is proven by STS for what the command line changed', async () => {
    const { events } = await asked(keyId);
    for (const action of ['key.issued', 'key.disabled', 'key.enabled', 'rotation.requested'])
      expect(events.find((event) => event.action === action)).toMatchObject({
        actor: {
          principal: ROOT,
          proven: true,
          via: expect.stringMatching(/^keyturn-cli\//),
          requestId: expect.any(String),
        },
      });
    expect(events.find(({ action }) => action === 'key.disabled')).toMatchObject({
      reason: 'looking into it',
    });
  });

  it('is on record as stated by who invokes the function without a proof', async () => {
    const { events } = await admin('audit-events', { keyId: other });
    expect(events).toMatchObject([
      { action: 'key.issued', actor: { principal: 'arn:aws:iam::000000000000:user/test', proven: false } },
    ]);
  });

  it('is refused with the proof of another request, and nothing changes', async () => {
    const FunctionName = String(cloud.outputs['AdminFunctionName']);
    const signer = { region: cloud.region, credentials: awsConfig.credentials };
    const stated = { principal: ROOT, via: 'a test' };
    const request = { action: 'disable', input: { keyId: other, reason: 'mischief' }, actor: stated };
    const proof = proveIdentity(signer, requestDigest(FunctionName, { ...request, action: 'enable' }));
    const { Payload } = await new LambdaClient(awsConfig).send(
      new InvokeCommand({
        FunctionName,
        Payload: Buffer.from(JSON.stringify({ ...request, actor: { ...stated, proof } })),
      }),
    );

    const response = JSON.parse(Buffer.from(Payload ?? []).toString()) as AdminResponse;
    expect(response).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('it was made for another request') },
    });
    expect((await admin('show', { keyId: other })).status).toBe('enabled');
  });

  it('says which execution somebody started by hand, and what they state', async () => {
    const input = { keyId: other, purpose: 'manual', initiatedBy: 'the console', reason: 'by hand' };
    const name = `by-hand-${Date.now()}`;
    await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn: machineArn, name, input: JSON.stringify(input) }),
    );
    const { events } = await eventually(
      'The start on record',
      () => admin('audit-events', { keyId: other }),
      (page) => actionsOf(page).includes('rotation.started'),
    );
    expect(events.find(({ action }) => action === 'rotation.started')).toMatchObject({
      actor: { principal: 'the console', via: `execution/${name}` },
      reason: 'by hand',
      rotationId: name,
    });
    expect(actionsOf({ events, nextToken: null })).not.toContain('rotation.requested');
  });
});

describe('what is on record', () => {
  it('of a key is its whole chain, in order', async () => {
    const { events, nextToken } = await asked(keyId);

    expect(nextToken).toBeNull();
    expect(firstBrokenLink(events)).toBeUndefined();
    expect(actionsOf({ events, nextToken }).slice(0, 5)).toEqual([
      'key.issued',
      'key.disabled',
      'key.enabled',
      'rotation.requested',
      'rotation.started',
    ]);
  });

  it('is found by owner, kind, actor and time, the latest first, page by page', async () => {
    const whole = (await asked(keyId, '--from', started)).events;
    const ours = await asked('--owner', OWNER, '--from', started);
    expect(ours.events.slice(0, whole.length)).toEqual(whole);
    expect(actionsOf(await asked('--owner', OWNER, '--kind', 'key.enabled'))).toEqual(['key.enabled']);
    expect(actionsOf(await asked('--owner', OWNER, '--actor', ROOT, '--to', started))).toEqual([]);
    const mine = await asked('--owner', OWNER, '--actor', ROOT);
    expect(actionsOf(mine)).toEqual([
      'key.issued',
      'key.disabled',
      'key.enabled',
      'rotation.requested',
      'rotation.started',
      'version.claimed',
    ]);

    const latest: AuditEvent[] = [];
    let token: readonly string[] = [];
    do {
      const page = await asked('--owner', OWNER, '--actor', ROOT, '--latest', '--limit', '3', ...token);
      latest.push(...page.events);
      token = page.nextToken === null ? [] : ['--next-token', page.nextToken];
    } while (token.length > 0);
    expect(latest).toEqual([...mine.events].reverse());
  });

  it('of everything is found by its time alone, in order', async () => {
    const input: AuditEventsInput = { from: started, limit: 7 };
    const all: AuditEvent[] = [];
    let page = await admin('audit-events', input);
    all.push(...page.events);
    while (page.nextToken !== null) {
      page = await admin('audit-events', { ...input, nextToken: page.nextToken });
      all.push(...page.events);
    }

    const times = all.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((one, next) => one - next));
    const ids = all.map(({ chain, sequence }) => `${chain}#${sequence}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of [keyId, other]) expect(ids).toContain(`key/${id}#1`);
  });

  it('has the policies that came with the deployment', async () => {
    const { events } = await asked('--chain', 'policy/standard');
    expect(events[0]).toMatchObject({
      action: 'policy.added',
      actor: { principal: 'keyturn:deployment', via: expect.any(String) },
      detail: { 'after.migrationThreshold': 0.95 },
    });
  });

  it('is a table for people; what cannot be asked is said', async () => {
    const table = await command('audit', keyId);
    expect(table).toMatch(/^TIME +WHAT +OF +WHO +THROUGH( +FROM)? +OUTCOME +REASON\n/);
    expect(table).toMatch(/key\.disabled +\w{12} +root +keyturn-cli\/\S+( +–)? +success +looking into it\n/);

    const unknown = await keyturn('audit', '--kind', 'key.revoke');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Did you mean key.revoked?')]);
    const reversed = await keyturn('audit', '--from', 'P1D', '--to', 'P2D');
    expect([reversed.code, reversed.stderr]).toEqual([2, expect.stringContaining('has no time in it')]);
  });
});
