/** A sealed key that was tampered with, met by the deployed function: refused, counted, and nothing of it in the log. */
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import type { AdminRequest, AdminResponse, IssuedKey } from '../../../lambdas/functions/admin/contract.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { loadAdmin, serveManagement } from '../../support/managing-bench.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadAdmin(aws);
let items: ReturnType<typeof serveManagement>;

beforeEach(() => {
  items = serveManagement(aws);
});
afterAll(async () => {
  output.restore();
  vi.unstubAllEnvs();
  await aws.stop();
});

const ask = (action: string, input: object): Promise<AdminResponse> =>
  handler({ action, input } as AdminRequest, { awsRequestId: 'request-1' });

async function waitingForItsOperator(): Promise<string> {
  const order = { owner: 'a@example.com', name: 'Agent', environment: 'live', scopes: ['tools:*'] };
  const issued = await ask('issue', { ...order, delivery: 'claim-link' });
  if (!issued.ok) throw new Error(issued.error.message);
  const { keyId } = issued.result as IssuedKey;
  await ask('deliver', { keyId, by: 'operator' });
  output.clear();
  return keyId;
}

it('is refused by name, with the mend, and is an error line with its metric', async () => {
  const keyId = await waitingForItsOperator();
  aws.operations['Decrypt'] = () => new Fault(400, 'InvalidCiphertextException');

  const answer = await ask('claim', { keyId });

  expect(answer).toMatchObject({
    ok: false,
    error: {
      code: 'seal-broken',
      message: expect.stringMatching(/version 1 does not open.*Nothing was handed out/),
      hint: expect.stringMatching(/CloudTrail.*Rotate the key/),
    },
  });
  const [alarm] = output.lines().filter(({ SealBroken }) => SealBroken === 1);
  expect(alarm).toMatchObject({ level: 'ERROR', keyId, version: 1 });
  expect(JSON.stringify(alarm?._aws)).toContain('"Name":"SealBroken"');
  const sealed = items.get(`KEY#${keyId}/SEALED#1`)?.['sealed'] as { M: { ciphertext: { S: string } } };
  expect(output.text()).not.toContain(sealed.M.ciphertext.S);
  expect([...items.values()].map(({ event }) => JSON.stringify(event) ?? '').join()).toContain(
    'security.seal-broken',
  );
});

it('is not what a throttled key service is taken for', async () => {
  const keyId = await waitingForItsOperator();
  aws.operations['Decrypt'] = () => new Fault(400, 'ThrottlingException');

  expect(await ask('claim', { keyId })).toMatchObject({ ok: false, error: { code: 'internal' } });
  expect(output.text()).not.toContain('SealBroken');
});
