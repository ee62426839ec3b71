/** What operators ask of the vault, through the function's own door. The vault itself is met end to end. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdminRequest, AdminResponse, IssuedKey } from '../../../lambdas/functions/admin/contract.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws } from '../../support/fake-aws.ts';
import { loadAdmin, serveManagement } from '../../support/managing-bench.ts';

const output = captureOutput();
const aws = await FakeAws.start();
/** Where nobody listens. */
const vault = {
  address: 'http://127.0.0.1:9',
  mount: 'secret',
  namespace: 'team-a',
  authMount: 'approle',
  method: 'approle',
  endpoint: '',
  credentialsSecretId: 'keyturn-vault',
  backupBucket: 'backups',
} as const;
const handler = await loadAdmin(aws, { delivery: { vault } });

beforeEach(() => {
  serveManagement(aws);
  const { GetSecretValue } = aws.operations;
  const credentials = { SecretString: '{"roleId":"the-role","secretId":"its-secret"}' };
  aws.operations['GetSecretValue'] = (body) =>
    body['SecretId'] === 'keyturn-vault' ? credentials : (GetSecretValue?.(body) ?? {});
  output.clear();
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

const ask = (action: string, input: object): Promise<AdminResponse> =>
  handler({ action, input } as AdminRequest, { awsRequestId: 'request-1' });

async function issued(delivery: string): Promise<IssuedKey> {
  const order = { owner: 'a@example.com', name: 'Agent', environment: 'live', scopes: ['tools:*'] };
  const answer = await ask('issue', { ...order, delivery });
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.result as IssuedKey;
}

describe('vault-status', () => {
  it('says where the vault is and why it is of no use', async () => {
    expect(await ask('vault-status', {})).toEqual({
      ok: true,
      result: {
        address: 'http://127.0.0.1:9',
        namespace: 'team-a',
        mount: 'secret',
        state: 'unreachable',
        version: null,
        ready: false,
        trouble: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)\. Is it running/),
        backupBucket: 'backups',
      },
    });
  });
});

describe('a vault that cannot be reached', () => {
  it('leaves the key issued, and its delivery to be repeated, which says what is wrong', async () => {
    const key = await issued('vault');
    expect(key).not.toHaveProperty('key');
    expect(key.deliveryFailure).toMatch(/could not be delivered/);
    expect(await ask('deliver', { keyId: key.keyId })).toMatchObject({
      ok: false,
      error: {
        code: 'vault-trouble',
        message: expect.stringMatching(/cannot be reached/),
        hint: expect.stringMatching(/keyturn vault status/),
      },
    });
    expect(await ask('vault-backup', { keyId: key.keyId, backupId: 'b1' })).toMatchObject({
      ok: false,
      error: { code: 'vault-trouble' },
    });
  });
});

describe.each(['vault-backup', 'vault-restore'])('%s refuses', (action) => {
  it.each([
    ['a key that is none', { keyId: 'no', backupId: 'b1' }, 'unknown-key'],
    ['a key that there is not', { keyId: '000000000000', backupId: 'b1' }, 'unknown-key'],
    ['a name with a slash', { keyId: '000000000000', backupId: '../b1' }, 'bad-request'],
    ['a name that is too long', { keyId: '000000000000', backupId: 'b'.repeat(65) }, 'bad-request'],
    ['a name that is no text', { keyId: '000000000000', backupId: 7 }, 'bad-request'],
  ])('%s', async (_what, input, code) => {
    expect(await ask(action, input)).toMatchObject({ ok: false, error: { code } });
  });

  it('a key that goes another way', async () => {
    const { keyId } = await issued('operator');
    expect(await ask(action, { keyId, backupId: 'b1' })).toMatchObject({
      ok: false,
      error: { code: 'bad-request', message: expect.stringMatching(/is not delivered to the vault/) },
    });
  });
});
