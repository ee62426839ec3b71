/** What operators ask about emergencies of many keys, through the function's own door. */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runItem, runKeyItem } from '../../../lambdas/adapters/dynamodb/run-item.ts';
import type { EmergencyRun, RunKey } from '../../../lambdas/core/domain/emergency-run.ts';
import type { AdminRequest, AdminResponse, IssuedKey } from '../../../lambdas/functions/admin/contract.ts';
import type { EmergencyRunView } from '../../../lambdas/functions/admin/emergency-contract.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { loadAdmin, serveManagement } from '../../support/managing-bench.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { sampleRun } from '../../support/runs-contract.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadAdmin(aws);
const OWNER = 'team@example.com';
const ACTOR = { principal: 'arn:aws:iam::111122223333:user/ops', via: 'cli' };
const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:BulkEmergency';

let items: ReturnType<typeof serveManagement>;
let keyId: string;

const ask = (action: string, input: object, more: object = {}) =>
  handler({ action, input, actor: ACTOR, ...more } as AdminRequest, { awsRequestId: 'request-1' });

function resultOf<Result>(response: AdminResponse): Result {
  if (!response.ok) throw new Error(response.error.message);
  return response.result as Result;
}

beforeEach(async () => {
  items = serveManagement(aws);
  const input = { owner: OWNER, name: 'Agent', environment: 'live', scopes: ['tools:*'] };
  keyId = resultOf<IssuedKey>(await ask('issue', input)).keyId;
  aws.operations['Query'] = ({ IndexName, Select, ExpressionAttributeValues }) => {
    const values = ExpressionAttributeValues as Record<string, { S: string }>;
    if (Select === 'COUNT') return { Count: values[':partition']?.S === 'DUE#0' ? 7 : 0 };
    const isOurs = values[':pk']?.S === `OWNER#${OWNER}` || values[':pk']?.S === 'DUE#0';
    if (IndexName) return { Items: isOurs ? [marshall({ pk: `KEY#${keyId}`, sk: 'META' })] : [] };
    if (values[':runs']) return { Items: [marshall({ runId: 'run-1' })] };
    const under = `${values[':run']?.S}/KEY#`;
    return { Items: [...items].filter(([name]) => name.startsWith(under)).map(([, item]) => item) };
  };
  aws.calls.length = 0;
  output.clear();
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

function putRun(changes: Partial<EmergencyRun>, ...keys: readonly RunKey[]): void {
  const run = sampleRun({ runId: 'run-1', ...changes });
  for (const item of [runItem(run), ...keys.map((key) => runKeyItem('run-1', key))]) {
    items.set(`${item['pk']}/${item['sk']}`, marshall(item, { removeUndefinedValues: true }) as never);
  }
}

describe('preview-emergency', () => {
  it('of an owner says what would become of which key, and changes nothing', async () => {
    expect(resultOf(await ask('preview-emergency', { owner: OWNER, immediateInvalidation: true }))).toEqual({
      keys: [{ keyId, owner: OWNER, name: 'Agent', environment: 'live', verdict: 'rotate', rotation: null }],
      enabled: 1,
      total: 1,
      counted: true,
    });
    expect(aws.bodiesOf('StartExecution')).toEqual([]);
    expect(aws.bodiesOf('PutItem')).toEqual([]);
  });

  it('of all keys takes their number from the index', async () => {
    expect(resultOf(await ask('preview-emergency', { all: true }))).toMatchObject({
      keys: [{ keyId }],
      enabled: 7,
      total: 7,
    });
  });

  it('of one key names the rotation that it would take over', async () => {
    const machine = 'arn:aws:states:us-east-1:123456789012:execution:Rotation:r-1';
    const item = items.get(`KEY#${keyId}/META`) as Record<string, unknown>;
    const rotation = { rotationId: 'r-1', purpose: 'manual', status: 'starting', executionArn: machine };
    item['rotation'] = marshall({ rotation })['rotation'];

    expect(resultOf(await ask('preview-emergency', { keyId }))).toMatchObject({
      keys: [
        {
          verdict: 'take-over',
          rotation: { rotationId: 'r-1', purpose: 'manual', status: 'starting', gracePeriodEndsAt: null },
        },
      ],
      enabled: 1,
      total: 1,
    });
  });

  it('is refused without a target, with two, and for a key that is none', async () => {
    expect(await ask('preview-emergency', {})).toMatchObject({ error: { code: 'bad-request' } });
    expect(await ask('preview-emergency', { owner: OWNER, all: true })).toMatchObject({
      error: { code: 'bad-request' },
    });
    expect(await ask('preview-emergency', { keyId: 'no' })).toMatchObject({ error: { code: 'unknown-key' } });
  });
});

describe('start-emergency', () => {
  const ORDER = { owner: OWNER, reason: 'a laptop was stolen', immediateInvalidation: true };

  it('puts the run on record and starts its machine, under the id that the tool chose', async () => {
    const view = resultOf<EmergencyRunView>(await ask('start-emergency', ORDER, { runId: 'run-7' }));

    expect(view).toMatchObject({
      runId: 'run-7',
      target: { owner: OWNER },
      status: 'running',
      reason: 'a laptop was stolen',
      immediate: true,
      gracePeriod: null,
      initiatedBy: ACTOR.principal,
      resumed: [],
      endedAt: null,
      executionArn: `${MACHINE.replace('stateMachine', 'execution')}:run-7-1`,
      totals: { keys: 0, left: 0 },
      revocationBoundMs: 6000,
    });
    expect(unmarshall(items.get('RUN#run-7/META') as never)).toMatchObject({ run: { runId: 'run-7' } });
    const [{ stateMachineArn, name, input } = {}] = aws.bodiesOf('StartExecution');
    expect({ stateMachineArn, name }).toEqual({ stateMachineArn: MACHINE, name: 'run-7-1' });
    expect(JSON.parse(String(input))).toEqual({ runId: 'run-7', attempt: 1, place: null });
  });

  it('gives the run an id where the tool chose none', async () => {
    const { runId } = resultOf<EmergencyRunView>(await ask('start-emergency', ORDER));
    expect(runId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    [{ ...ORDER, reason: ' ' }, {}, /reason/],
    [{ reason: 'leaked' }, {}, /target is missing/],
    [{ ...ORDER, gracePeriod: 'PT1H' }, {}, /exclude each other/],
    [ORDER, { runId: 'a b' }, /'a b' cannot name executions/],
    [ORDER, { runId: 'x'.repeat(41) }, /cannot name executions/],
    [ORDER, { runId: null }, /'null' cannot name executions/],
    [ORDER, { runId: 7 }, /'7' cannot name executions/],
  ])('is refused for %j %j, and starts nothing', async (input, more, message) => {
    expect(await ask('start-emergency', input, more)).toMatchObject({
      error: { code: 'bad-request', message: expect.stringMatching(message) },
    });
    expect(aws.bodiesOf('StartExecution')).toEqual([]);
  });

  it('is the same one when it is asked again, in whatever order the store returns its fields', async () => {
    const run = {
      ...sampleRun({ runId: 'run-1' }),
      target: { owner: OWNER, kind: 'owner' as const },
      immediate: true,
    };
    putRun(run);
    const CancellationReasons = [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }];
    aws.operations['TransactWriteItems'] = () =>
      new Fault(400, 'TransactionCanceledException', { CancellationReasons });
    const again = await ask('start-emergency', { ...ORDER, reason: run.reason }, { runId: 'run-1' });
    expect(again).toMatchObject({ ok: true, result: { runId: 'run-1' } });
  });

  it('is in conflict with another order of the same id', async () => {
    putRun({});
    const CancellationReasons = [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }];
    aws.operations['TransactWriteItems'] = () =>
      new Fault(400, 'TransactionCanceledException', { CancellationReasons });
    expect(await ask('start-emergency', { ...ORDER, reason: 'another' }, { runId: 'run-1' })).toMatchObject({
      error: { code: 'conflict', message: expect.stringMatching(/run-1 is on record with another order/) },
    });
    expect(aws.bodiesOf('StartExecution')).toEqual([]);
  });
});

describe('a run', () => {
  const REFUSED: RunKey = {
    keyId: 'Emergent0001',
    outcome: 'refused',
    attempt: 1,
    rotationId: 'run-run-1-Emergent0001-1',
    rotationStartedAtMs: START_MS + 400,
    refusedAtMs: START_MS + 1_500,
    revision: 3,
  };
  const FAILED: RunKey = { keyId: 'Emergent0002', outcome: 'failed', attempt: 1, why: 'No.', revision: 3 };

  it('that goes on is counted as it stands', async () => {
    putRun({}, REFUSED, FAILED, { keyId: 'Emergent0003', outcome: 'ordered', attempt: 1, revision: 2 });

    expect(resultOf(await ask('emergency-run', { runId: 'run-1' }))).toMatchObject({
      status: 'running',
      totals: { keys: 3, refused: 1, dualKey: 0, failed: 1, skipped: 0, left: 1 },
      refusal: { medianMs: 1_500, slowestMs: 1_500 },
    });
  });

  it.each([
    ['completed', 0, 0],
    ['incomplete', 1, 0],
    ['incomplete', 0, 1],
  ])('that has ended is %s with %i failed and %i left', async (status, failed, left) => {
    const totals = { keys: 2, refused: 1, 'dual-key': 0, skipped: 0, failed, left };
    const resumed = { initiatedBy: 'kim', via: 'cli', atMs: START_MS + 60_000 };
    const { orders } = sampleRun();
    putRun({ end: { totals, atMs: START_MS + 90_000 }, orders: [...orders, resumed] });

    expect(resultOf(await ask('emergency-run', { runId: 'run-1' }))).toMatchObject({
      status,
      totals: { keys: 2, failed, left },
      refusal: null,
      endedAt: '2026-11-23T14:01:30.000Z',
      resumed: [{ by: 'kim', at: '2026-11-23T14:01:00.000Z' }],
    });
    expect(aws.bodiesOf('DescribeExecution')).toEqual([]);
  });

  it('whose execution is over without a report is stopped', async () => {
    putRun({});
    aws.operations['DescribeExecution'] = () => ({ status: 'ABORTED' });
    expect(resultOf(await ask('emergency-run', { runId: 'run-1' }))).toMatchObject({ status: 'stopped' });
  });

  it('says of each key when it was refused, and why it was not', async () => {
    putRun({}, REFUSED, FAILED);
    expect(resultOf(await ask('emergency-run-keys', { runId: 'run-1' }))).toEqual({
      keys: [
        {
          keyId: 'Emergent0001',
          outcome: 'refused',
          rotationId: 'run-run-1-Emergent0001-1',
          refusedAt: '2026-11-23T14:00:01.500Z',
          refusedAfterMs: 1_500,
          refusedAfterOwnStartMs: 1_100,
          why: null,
        },
        {
          keyId: 'Emergent0002',
          outcome: 'failed',
          rotationId: null,
          refusedAt: null,
          refusedAfterMs: null,
          refusedAfterOwnStartMs: null,
          why: 'No.',
        },
      ],
      nextToken: null,
    });
  });

  it('is among the latest, and is not counted there', async () => {
    putRun({}, REFUSED);
    expect(resultOf(await ask('emergency-runs', {}))).toMatchObject({
      runs: [{ runId: 'run-1', totals: null }],
    });
  });

  it('that is none is said, whatever is asked of it', async () => {
    for (const action of ['emergency-run', 'emergency-run-keys', 'resume-emergency'])
      for (const runId of ['none', 'a b', 7])
        expect(await ask(action, { runId })).toMatchObject({ error: { code: 'unknown-run' } });
  });

  it('cannot be read on with a token that is not its own', async () => {
    putRun({});
    expect(await ask('emergency-run-keys', { runId: 'run-1', nextToken: 'nonsense' })).toMatchObject({
      error: { code: 'bad-request' },
    });
  });
});

describe('resume-emergency', () => {
  it('of one that has ended is the next attempt, by whoever asks', async () => {
    putRun({
      end: { totals: { keys: 1, refused: 0, 'dual-key': 0, skipped: 0, failed: 1, left: 0 }, atMs: START_MS },
    });
    const view = resultOf<EmergencyRunView>(await ask('resume-emergency', { runId: 'run-1' }));

    expect(view).toMatchObject({ status: 'running', resumed: [{ by: ACTOR.principal }] });
    const [{ name, input } = {}] = aws.bodiesOf('StartExecution');
    expect(name).toBe('run-1-2');
    expect(JSON.parse(String(input))).toEqual({ runId: 'run-1', attempt: 2, place: null });
  });

  it('of one that goes on starts nothing new', async () => {
    putRun({});
    await ask('resume-emergency', { runId: 'run-1' });
    expect(aws.bodiesOf('StartExecution').map(({ name }) => name)).toEqual(['run-1-1']);
  });
});
