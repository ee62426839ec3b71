/** What operators ask about the pepper, through the function's own door. */
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AdminRequest, AdminResponse } from '../../../lambdas/functions/admin/contract.ts';
import type { PepperRunView, PepperView } from '../../../lambdas/functions/admin/pepper-contract.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { PEPPER } from '../../support/issued-key.ts';
import { loadAdmin, serveManagement } from '../../support/managing-bench.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadAdmin(aws);
const ACTOR = { principal: 'arn:aws:iam::123456789012:user/ops', via: 'keyturn' };
const EXECUTION_ARN = 'arn:aws:states:us-east-1:123456789012:execution:Pepper:p-1';

beforeEach(() => {
  serveManagement(aws);
  aws.calls.length = 0;
  output.clear();
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

const ask = (action: string, input: object, more: object = {}) =>
  handler({ action, input, actor: ACTOR, ...more } as AdminRequest, { awsRequestId: 'request-1' });

function resultOf<Result>(response: AdminResponse): Result {
  if (!response.ok) throw new Error(response.error.message);
  return response.result as Result;
}

describe('pepper', () => {
  it('is names and times, and no pepper', async () => {
    const view = resultOf<PepperView>(await ask('pepper', {}));

    expect(view).toEqual({
      peppers: [
        {
          name: '1',
          current: true,
          present: true,
          altered: false,
          madeAt: null,
          currentSince: null,
          neededBy: null,
        },
      ],
      countedAt: null,
    });
    expect(JSON.stringify(view) + output.text()).not.toContain(PEPPER);
  });

  it('tells what was counted last', async () => {
    const count = { M: { countedAtMs: { N: '1795449600000' }, needs: { M: { '1': { N: '3' } } } } };
    aws.operations['GetItem'] = ({ Key }) =>
      (Key as { pk: { S: string } }).pk.S === 'PEPPER' ? { Item: { count } } : {};

    expect(resultOf(await ask('pepper', {}))).toMatchObject({
      peppers: [{ name: '1', neededBy: 3 }],
      countedAt: '2026-11-23T16:00:00.000Z',
    });
  });

  it('of a damaged secret is a fault, counted and not quoted', async () => {
    vi.resetModules();
    const fresh = await loadAdmin(aws);
    aws.operations['GetSecretValue'] = () => ({ SecretString: `broken ${PEPPER}` });
    const response = await fresh({ action: 'pepper', input: {} }, { awsRequestId: 'request-1' });

    expect(response).toMatchObject({ ok: false, error: { code: 'pepper-fault' } });
    expect(output.lines()).toEqual([expect.objectContaining({ fault: 'PepperDamaged', PepperFault: 1 })]);
    expect(JSON.stringify(response) + output.text()).not.toContain(PEPPER);
  });
});

describe.each([
  ['rotate-pepper', 'rotation'],
  ['clean-pepper', 'clean-up'],
])('%s', (action, purpose) => {
  it('puts on record who asked, starts the machine, and does nothing else', async () => {
    const started = resultOf<PepperRunView>(await ask(action, { reason: 'yearly' }, { executionId: 'p-1' }));

    expect(started).toEqual({
      executionId: 'p-1',
      executionArn: EXECUTION_ARN,
      status: 'running',
      failure: null,
    });
    expect(aws.bodiesOf('StartExecution')).toMatchObject([
      { stateMachineArn: EXECUTION_ARN.replace('execution:Pepper:p-1', 'stateMachine:Pepper'), name: 'p-1' },
    ]);
    expect(JSON.parse(String(aws.bodiesOf('StartExecution')[0]?.['input']))).toEqual({
      purpose,
      reason: 'yearly',
      initiatedBy: ACTOR.principal,
    });
    expect(aws.bodiesOf('PutItem').map(({ Item }) => Item)).toMatchObject([
      {
        pk: { S: 'PEPPER' },
        event: {
          M: {
            action: { S: 'pepper.requested' },
            actor: { M: { principal: { S: ACTOR.principal }, requestId: { S: 'request-1' } } },
            reason: { S: 'yearly' },
            detail: { M: { purpose: { S: purpose }, executionId: { S: 'p-1' } } },
          },
        },
      },
    ]);
    for (const write of ['PutSecretValue', 'UpdateSecretVersionStage'])
      expect(aws.bodiesOf(write)).toEqual([]);
  });

  it('names an execution of its own where the tool names none', async () => {
    const [first, second] = await Promise.all([ask(action, {}), ask(action, {})]);
    const ids = [first, second].map((each) => resultOf<PepperRunView>(each).executionId);

    expect(new Set(ids).size).toBe(2);
  });

  it.each([
    ['a reason that is no text', { reason: 7 }, {}],
    ['an id that cannot name an execution', {}, { executionId: 'a b' }],
    ['an id that is no text', {}, { executionId: 7 }],
  ])('is refused for %s', async (_what, input, more) => {
    expect(await ask(action, input, more)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(aws.bodiesOf('StartExecution')).toEqual([]);
  });
});

describe('pepper-run', () => {
  it.each([
    [{ status: 'RUNNING' }, 'running', null],
    [{ status: 'SUCCEEDED' }, 'succeeded', null],
    [
      { status: 'FAILED', error: 'PepperRotationRefused', cause: 'changed by hand' },
      'failed',
      'PepperRotationRefused: changed by hand',
    ],
    [
      {
        status: 'FAILED',
        error: 'PepperRotationFailed',
        cause: JSON.stringify({ errorType: 'WriteContention', errorMessage: 'busy', trace: ['at x'] }),
      },
      'failed',
      'PepperRotationFailed: busy',
    ],
  ])('says how it goes: %j', async (described, status, failure) => {
    aws.operations['DescribeExecution'] = () => described;

    expect(resultOf(await ask('pepper-run', { executionId: 'p-1' }))).toEqual({
      executionId: 'p-1',
      executionArn: EXECUTION_ARN,
      status,
      failure,
    });
  });

  it('of one that is not there says so, and of no id nothing', async () => {
    aws.operations['DescribeExecution'] = () => new Fault(400, 'ExecutionDoesNotExist');

    expect(resultOf(await ask('pepper-run', { executionId: 'p-1' }))).toMatchObject({ status: 'not-found' });
    expect(await ask('pepper-run', {})).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  });
});
