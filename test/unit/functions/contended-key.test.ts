/** A key that keeps changing while an operator changes it: nothing is written, and it is said as a conflict. */
import { afterAll, beforeEach, expect, it } from 'vitest';
import type { AdminRequest, IssuedKey } from '../../../lambdas/functions/admin/contract.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { loadAdmin, serveManagement } from '../../support/managing-bench.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadAdmin(aws);
beforeEach(() => void serveManagement(aws));
afterAll(async () => {
  output.restore();
  await aws.stop();
});

const ask = (action: string, input: object) =>
  handler({ action, input } as AdminRequest, { awsRequestId: 'request-1' });

it('is a conflict, with nothing of the key in the answer or the log', async () => {
  const order = { owner: 'a@example.com', name: 'Agent', environment: 'live', scopes: ['tools:*'] };
  const issued = await ask('issue', { ...order, delivery: 'claim-link' });
  const { keyId, link } = (issued as { readonly result: IssuedKey }).result;
  output.clear();
  aws.operations['TransactWriteItems'] = () =>
    new Fault(400, 'TransactionCanceledException', {
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
    });

  const answer = await ask('deliver', { keyId });

  expect(answer).toMatchObject({
    ok: false,
    error: {
      code: 'conflict',
      message: expect.stringMatching(/kept changing/),
      hint: expect.stringMatching(/show/),
    },
  });
  expect(`${JSON.stringify(answer)}${output.text()}`).not.toContain(String(link).slice(-43));
});
