/** A deployment without a vault says what to configure, wherever one is asked for. */
import { afterAll, beforeEach, expect, it } from 'vitest';
import type { AdminRequest, IssuedKey } from '../../../lambdas/functions/admin/contract.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws } from '../../support/fake-aws.ts';
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

it.each(['vault-status', 'vault-backup', 'vault-restore'])('%s is not configured', async (action) => {
  expect(await ask(action, { keyId: '000000000000', backupId: 'b1' })).toMatchObject({
    ok: false,
    error: {
      code: 'not-configured',
      message: expect.stringMatching(/not configured: give ApiKeyLifecycle deliveries\.vault/),
    },
  });
});

it('a key with that delivery is issued, and is not delivered', async () => {
  const order = { owner: 'a@example.com', name: 'Agent', environment: 'live', scopes: ['tools:*'] };
  const answer = await ask('issue', { ...order, delivery: 'vault' });
  expect(answer).toMatchObject({ ok: true, result: { deliveryFailure: expect.any(String) } });
  expect(answer.ok && (answer.result as IssuedKey)).not.toHaveProperty('key');
});
