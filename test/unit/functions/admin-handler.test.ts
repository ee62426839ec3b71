/** The admin function's handler: requests in, refusals and faults mapped, no key in its log. */
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseKey } from '../../../lambdas/core/domain/key-format.ts';
import type { AdminRequest, IssuedKey } from '../../../lambdas/functions/admin/contract.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { PEPPER } from '../../support/issued-key.ts';
import { loadAdmin, serveManagement } from '../../support/managing-bench.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadAdmin(aws);
const CONTEXT = { awsRequestId: 'request-1' };
const ACTOR = { principal: 'arn:aws:iam::123456789012:user/ops', via: 'keyturn' };
const ISSUE: AdminRequest = {
  action: 'issue',
  input: { owner: 'team@example.com', name: 'Agent', environment: 'live', scopes: ['tools:*'] },
  actor: ACTOR,
};

beforeEach(() => {
  serveManagement(aws);
  aws.calls.length = 0;
  output.clear();
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

const ask = (request: unknown) => handler(request as AdminRequest, CONTEXT);

async function issue(): Promise<IssuedKey & { readonly key: string }> {
  const response = await ask(ISSUE);
  if (!response.ok) throw new Error(response.error.message);
  return response.result as IssuedKey & { readonly key: string };
}

describe('issuing', () => {
  it('hands the key out once, and stores and logs its hash at most', async () => {
    const { key, keyId } = await issue();
    expect(parseKey(key)).toMatchObject({ ok: true, key: { prefix: 'mk', environment: 'live', keyId } });
    const secret = key.slice(-49);
    expect(JSON.stringify(aws.calls)).toContain('"hash"');
    expect(JSON.stringify(aws.calls)).not.toContain(secret);
    expect(output.text()).not.toContain(secret);
    expect(output.text()).not.toContain(PEPPER);
  });

  it('is one line of the log: what, by whom, and how it ended', async () => {
    await issue();
    const [line, ...others] = output.lines();
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      level: 'INFO',
      message: 'action',
      action: 'issue',
      outcome: 'done',
      principal: ACTOR.principal,
      requestId: CONTEXT.awsRequestId,
    });
  });

  it.each([
    ['as it stated itself', ACTOR, ACTOR],
    ['as unstated when it said nothing', undefined, { principal: 'unstated', via: 'invoke' }],
    [
      'as unstated when it said no words',
      { principal: 7, via: ' ' },
      { principal: 'unstated', via: 'invoke' },
    ],
    [
      'cut off when it said too much',
      { ...ACTOR, principal: 'x'.repeat(999) },
      { principal: 'x'.repeat(300) },
    ],
  ])('puts its actor on record %s', async (_how, actor, recorded) => {
    const items = serveManagement(aws);
    await ask({ ...ISSUE, actor });
    const [event] = [...items]
      .filter(([name]) => /^KEY#.*\/AUDIT#/.test(name))
      .map(([, item]) => item['event']);
    const { M } = (event as { M: { actor: { M: Record<string, { S?: string; BOOL?: boolean }> } } }).M.actor;
    const said = Object.fromEntries(Object.entries(M).map(([name, { S, BOOL }]) => [name, S ?? BOOL]));
    expect(said).toMatchObject({ ...recorded, proven: false, requestId: CONTEXT.awsRequestId });
  });
});

describe('the policies of a deployment', () => {
  const partitions = () =>
    aws
      .bodiesOf('TransactWriteItems')
      .map(({ TransactItems }) =>
        (TransactItems as { Put?: { Item: { pk: { S: string } } } }[]).map(
          ({ Put }) => Put?.Item.pk.S.split('#')[0],
        ),
      );

  it('are on record before the first change, once, and not for a question', async () => {
    vi.resetModules();
    const fresh = await loadAdmin(aws);
    await fresh({ action: 'list', input: {} }, CONTEXT);
    expect(partitions()).toEqual([]);

    await fresh(ISSUE, CONTEXT);
    await fresh(ISSUE, CONTEXT);

    expect(partitions()).toEqual([
      ['POLICIES', 'CHAIN', 'CHAIN', 'CHAIN', 'CHAIN'],
      ['KEY', 'KEY'],
      ['KEY', 'KEY'],
    ]);
  });
});

describe('an actor that is not plain words', () => {
  it.each([
    ['a whole key', `mk_live_Ab3dEf6hIj9k_${'s'.repeat(43)}aaaaaa`],
    ['a line break', 'ops\n{"level":"INFO"}'],
    ['half a character', 'ops \ud83d'],
  ])('such as %s is refused, changes nothing and is not repeated', async (_what, principal) => {
    for (const actor of [
      { ...ACTOR, principal },
      { ...ACTOR, via: principal },
    ]) {
      expect(await ask({ ...ISSUE, actor })).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    }
    expect(aws.calls).toEqual([]);
    expect(output.text()).not.toContain('sssss');
  });
});

describe('a request that is none', () => {
  it.each([
    ['without input', { action: 'list' }, /no input/],
    ['with text for input', { action: 'list', input: 'all' }, /no input/],
    ['with an unknown action', { action: 'delete', input: {} }, /Action 'delete' is not known/],
    ['without an action', { input: {} }, /Action 'undefined' is not known/],
    ['with what every object has', { action: 'constructor', input: {} }, /Action 'constructor' is not known/],
    ['with a list of actions', { action: ['list'], input: {} }, /Action 'list' is not known/],
  ])('%s is said to be bad', async (_what, request, message) => {
    const response = await ask(request);
    expect(response).toMatchObject({
      ok: false,
      error: { code: 'bad-request', message: expect.any(String) },
    });
    if (!response.ok) expect(response.error.message).toMatch(message);
  });
});

describe('a fault', () => {
  it('is an answer with the request to look up, and says nothing of the inside', async () => {
    aws.operations['TransactWriteItems'] = () => new Fault(400, 'ValidationException');
    const response = await ask(ISSUE);
    expect(response).toEqual({
      ok: false,
      error: {
        code: 'internal',
        message: expect.stringContaining('ValidationException'),
        hint: expect.stringContaining(CONTEXT.awsRequestId),
      },
    });
    const [line, ...others] = output.lines();
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      level: 'ERROR',
      action: 'issue',
      fault: 'ValidationException',
      requestId: CONTEXT.awsRequestId,
    });
  });

  it('in a pepper does not repeat it', async () => {
    aws.operations['GetSecretValue'] = () => ({ SecretString: `not JSON: ${PEPPER}` });
    vi.resetModules();
    const fresh = await loadAdmin(aws);
    const response = await fresh(ISSUE, CONTEXT);
    expect(response).toEqual({
      ok: false,
      error: {
        code: 'pepper-fault',
        message: expect.stringMatching(/^The pepper secret is not a JSON object\./),
        hint: expect.stringMatching(new RegExp(`docs/pepper\\.md.*${CONTEXT.awsRequestId}`)),
      },
    });
    expect(output.lines()).toEqual([expect.objectContaining({ fault: 'PepperDamaged', PepperFault: 1 })]);
    expect(JSON.stringify(response) + output.text()).not.toContain(PEPPER);
    expect(aws.bodiesOf('UpdateItem')).toMatchObject([
      { Key: { pk: { S: 'FAULTS' }, sk: { S: expect.stringMatching(/#damaged$/) } } },
    ]);
  });
});

describe('rotating', () => {
  it('starts the machine with the request, by whoever asked', async () => {
    const { keyId } = await issue();
    const response = await ask({ action: 'rotate', input: { keyId, purpose: 'manual' }, actor: ACTOR });
    const [started] = aws.bodiesOf('StartExecution');
    expect(JSON.parse(String(started?.['input']))).toEqual({
      keyId,
      purpose: 'manual',
      initiatedBy: ACTOR.principal,
    });
    expect(response).toEqual({
      ok: true,
      result: {
        rotationId: started?.['name'],
        executionArn: expect.stringMatching(new RegExp(`:execution:Rotation:${started?.['name']}$`)),
        revocationBoundMs: 6000,
      },
    });
  });

  it.each([[null], [7], [['r-1']]])(
    'under the id %j is refused: two would have one name',
    async (rotationId) => {
      const { keyId } = await issue();
      const request = { action: 'rotate', input: { keyId, purpose: 'manual' }, actor: ACTOR, rotationId };
      expect(await ask(request)).toMatchObject({ error: { code: 'bad-request' } });
      expect(aws.bodiesOf('StartExecution')).toEqual([]);
    },
  );
});
