/** What no tool of ours would ever send to the admin function. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdminRequest } from '../../../lambdas/functions/admin/contract.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws } from '../../support/fake-aws.ts';
import { loadAdmin, serveManagement } from '../../support/managing-bench.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadAdmin(aws);

const ISSUE = { owner: 'team@example.com', name: 'Agent', environment: 'live', scopes: ['tools:*'] };
let keyId = '';

beforeEach(async () => {
  serveManagement(aws);
  output.clear();
  const issued = await ask('issue', ISSUE);
  keyId = issued.ok ? (issued.result as { keyId: string }).keyId : '';
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

const ask = (action: string, input: unknown) =>
  handler({ action, input } as unknown as AdminRequest, { awsRequestId: 'request-1' });

const JUNK: readonly unknown[] = [
  null,
  7,
  true,
  '',
  ' ',
  '../..',
  'a\nb',
  '\u0000',
  '\ud800',
  [],
  [[]],
  {},
  { length: 3 },
  'x'.repeat(5000),
  '__proto__',
  ['operator'],
];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  claim: ['keyId'],
  deliver: ['keyId', 'by'],
  renewal: ['keyId'],
  'approve-renewal': ['keyId', 'thumbprint'],
  'reject-renewal': ['keyId', 'reason'],
  'remove-renewal': ['keyId', 'reason'],
  'vault-status': ['x'],
  'vault-backup': ['keyId', 'backupId'],
  'vault-restore': ['keyId', 'backupId'],
  rollback: ['keyId', 'reason'],
  revoke: ['keyId', 'reason'],
  show: ['keyId'],
  'report-keys': ['keyIds', 'nextToken'],
  'audit-digests': ['after'],
  'audit-heads': ['day', 'which', 'after'],
  'audit-chain-events': ['wants'],
  'audit-chains-since': ['from'],
  'audit-ends': ['chains'],
};
const WHOLE: Readonly<Record<string, unknown>> = {
  by: 'operator',
  thumbprint: 'x',
  reason: 'a trial',
  backupId: 'b',
};

describe.each(Object.entries(FIELDS))('%s', (action, fields) => {
  it.each(fields)('with junk in %s is a refusal that says what is wrong', async (field) => {
    for (const junk of JUNK) {
      const answer = await ask(action, { keyId, ...WHOLE, [field]: junk });
      const code = answer.ok ? 'done' : answer.error.code;
      expect({ junk, code }).not.toEqual({ junk, code: 'internal' });
    }
  });
});

describe('issue', () => {
  it.each([
    'owner',
    'name',
    'scopes',
    'policy',
    'purpose',
    'allowedAddresses',
    'readers',
    'vaultPath',
    'publicKey',
  ])('with junk in %s for any delivery is a refusal that says what is wrong', async (field) => {
    for (const delivery of [
      'operator',
      'claim-link',
      'secrets-manager',
      'vault',
      'renewal-key',
      {},
      ['vault'],
    ]) {
      for (const junk of JUNK) {
        const answer = await ask('issue', { ...ISSUE, delivery, [field]: junk });
        const code = answer.ok ? 'done' : answer.error.code;
        expect({ delivery, junk, code }).not.toEqual({ delivery, junk, code: 'internal' });
      }
    }
  });
});

describe('a place that cannot be written', () => {
  it('that is not configured is said so', async () => {
    const issued = await ask('issue', { ...ISSUE, delivery: 'vault' });
    if (!issued.ok) throw new Error(issued.error.message);
    expect(issued.result).toMatchObject({ deliveryFailure: expect.stringMatching(/not configured/) });
    const { keyId: placed } = issued.result as { keyId: string };
    for (const [action, input] of [
      ['deliver', {}],
      ['revoke', { reason: 'gone' }],
    ] as const) {
      expect(await ask(action, { keyId: placed, ...input })).toMatchObject({
        ok: false,
        error: {
          code: 'place-unready',
          message: expect.stringMatching(/give ApiKeyLifecycle deliveries\.vault/),
        },
      });
    }
  });

  it('says why to who asked, with the mend', async () => {
    aws.operations['DescribeSecret'] = ({ SecretId }) => ({
      ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:x',
      Name: SecretId,
      DeletedDate: 1_800_000_000,
    });
    const issued = await ask('issue', { ...ISSUE, delivery: 'secrets-manager' });
    if (!issued.ok) throw new Error(issued.error.message);
    const { keyId: placed } = issued.result as { keyId: string };

    expect(await ask('deliver', { keyId: placed })).toMatchObject({
      ok: false,
      error: {
        code: 'place-unready',
        message: expect.stringMatching(/is scheduled for deletion .*'aws secretsmanager restore-secret'/),
      },
    });
  });
});
