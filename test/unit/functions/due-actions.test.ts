/** What operators ask about scheduled rotation, through the function's own door. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdminRequest, AdminResponse, KeyView } from '../../../lambdas/functions/admin/contract.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { loadAdmin, serveManagement } from '../../support/managing-bench.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadAdmin(aws);

let keyId: string;
let items: ReturnType<typeof serveManagement>;

const KIM = { principal: 'arn:aws:iam::123456789012:user/kim', via: 'keyturn' };

const ask = (action: string, input: object, actor?: object) =>
  handler({ action, input, ...(actor ? { actor } : {}) } as AdminRequest, { awsRequestId: 'request-1' });

function resultOf<Result>(response: AdminResponse): Result {
  if (!response.ok) throw new Error(response.error.message);
  return response.result as Result;
}

beforeEach(async () => {
  items = serveManagement(aws);
  const input = { owner: 'team@example.com', name: 'Agent', environment: 'live', scopes: ['tools:*'] };
  keyId = resultOf<KeyView>(await ask('issue', input)).keyId;
  const item = items.get(`KEY#${keyId}/META`);
  const dueAtMs = Date.now() - DAY_MS;
  if (item) item['dueAtMs'] = { N: String(dueAtMs) };
  const dueSk = { S: `${new Date(dueAtMs).toISOString()}#${keyId}` };
  aws.operations['Query'] = ({ ExpressionAttributeValues }) => {
    const shard = (ExpressionAttributeValues as Record<string, { S: string }>)[':shard']?.S;
    return { Items: shard === 'DUE#0' ? [{ dueSk }] : [] };
  };
  aws.calls.length = 0;
  output.clear();
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

const exempt = (until: unknown, id = keyId) => ask('exempt', { keyId: id, reason: 'a freeze', until });

describe('exempt', () => {
  it('answers with the key and until when; unexempt takes it away', async () => {
    const view = resultOf<KeyView>(await exempt('P1D'));
    expect(Date.parse(String(view.exemptUntil)) - Date.now()).toBeGreaterThan(DAY_MS - 60_000);
    expect(resultOf<KeyView>(await ask('unexempt', { keyId, reason: 'over' })).exemptUntil).toBeNull();
  });

  it('is refused for a time that is none, a key that is none, and without a reason', async () => {
    expect(await exempt('soon')).toMatchObject({ error: { code: 'bad-request' } });
    expect(await exempt(7)).toMatchObject({ error: { code: 'bad-request' } });
    expect(await exempt('P1D', '000000000000')).toMatchObject({ error: { code: 'unknown-key' } });
    for (const action of ['exempt', 'unexempt'])
      expect(await ask(action, { keyId, until: 'P1D' })).toMatchObject({ error: { code: 'bad-request' } });
    expect(await ask('unexempt', { keyId: 'no', reason: 'over' })).toMatchObject({
      error: { code: 'unknown-key' },
    });
  });

  it('is refused for a revoked key', async () => {
    await ask('revoke', { keyId, reason: 'gone' });
    expect(await exempt('P1D')).toMatchObject({ error: { code: 'key-revoked' } });
  });
});

describe('sweep', () => {
  it('starts what is due, and the preview has said so', async () => {
    expect(resultOf(await ask('preview-sweep', {}))).toMatchObject({
      keys: [{ keyId, owner: 'team@example.com', verdict: 'start', exemptUntil: null }],
      more: 0,
    });
    expect(aws.bodiesOf('StartExecution')).toEqual([]);

    expect(resultOf(await ask('sweep', {}))).toMatchObject({ due: 1, started: 1, failed: 0, left: 0 });
    const [{ name, input } = {}] = aws.bodiesOf('StartExecution');
    expect(name).toMatch(new RegExp(`^sweep-${keyId}-\\d+-1$`));
    expect(JSON.parse(String(input))).toEqual({
      keyId,
      purpose: 'scheduled',
      initiatedBy: 'keyturn:sweep',
    });
  });

  it('puts on record who asked, of each key that it starts and of no other', async () => {
    const eventsOf = () =>
      [...items.entries()]
        .filter(([place]) => place.startsWith(`KEY#${keyId}/AUDIT#`))
        .map(([, item]) => item);
    await exempt('P1D');
    await ask('sweep', {}, KIM);
    expect(JSON.stringify(eventsOf())).not.toContain('rotation.requested');

    await ask('unexempt', { keyId, reason: 'over' });
    await ask('sweep', {}, KIM);
    const [{ name } = {}] = aws.bodiesOf('StartExecution');
    expect(eventsOf().at(-1)?.['event']).toMatchObject({
      M: {
        action: { S: 'rotation.requested' },
        rotationId: { S: String(name) },
        actor: {
          M: {
            principal: { S: KIM.principal },
            proven: { BOOL: false },
            via: { S: 'keyturn' },
            requestId: { S: 'request-1' },
          },
        },
        detail: { M: { purpose: { S: 'scheduled' }, immediate: { BOOL: false } } },
      },
    });
  });

  it('passes over what is exempt, and the preview says until when', async () => {
    const { exemptUntil } = resultOf<KeyView>(await exempt('P1D'));
    expect(resultOf(await ask('preview-sweep', {}))).toMatchObject({
      keys: [{ keyId, verdict: 'exempt', exemptUntil }],
    });
    expect(resultOf(await ask('sweep', {}))).toMatchObject({ due: 1, started: 0, exempt: 1 });
    expect(aws.bodiesOf('StartExecution')).toEqual([]);
  });

  it('logs which rotation could not be started, and why', async () => {
    aws.operations['StartExecution'] = () => new Fault(400, 'AccessDeniedException');
    expect(resultOf(await ask('sweep', {}))).toMatchObject({ started: 0, failed: 1 });
    expect(output.lines()).toContainEqual(
      expect.objectContaining({ level: 'ERROR', keyId, fault: 'AccessDeniedException' }),
    );
  });
});
