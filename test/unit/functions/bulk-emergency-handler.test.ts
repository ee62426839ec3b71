/** The function behind emergencies of many keys: the machine's steps in, its answers out. */
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { newKeyItem } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { runItem } from '../../../lambdas/adapters/dynamodb/run-item.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { issuedKey, NOW_MS } from '../../support/issued-key.ts';
import { loadBulkEmergency, serveManagement } from '../../support/managing-bench.ts';
import { sampleRun } from '../../support/runs-contract.ts';

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadBulkEmergency(aws);
const { record, text } = await issuedKey();
const { keyId } = record;
const RUN = sampleRun({ runId: 'run-1', startedAtMs: NOW_MS + 60_000 });
const STEP = { runId: RUN.runId, attempt: 1 };
const ADVANCE = { step: 'advance', ...STEP, keyIds: [keyId], round: 0 } as const;

let items: ReturnType<typeof serveManagement>;

beforeEach(() => {
  items = serveManagement(aws);
  for (const item of [newKeyItem(record), runItem(RUN)]) {
    items.set(`${item['pk']}/${item['sk']}`, marshall(item, { removeUndefinedValues: true }) as never);
  }
  const entry = marshall({ pk: `KEY#${keyId}`, sk: 'META' });
  aws.operations['Query'] = ({ IndexName, ExpressionAttributeValues }) => {
    if (IndexName === 'byOwner') return { Items: [entry] };
    const run = (ExpressionAttributeValues as Record<string, { S: string }>)[':run']?.S;
    const keys = [...items].filter(([name]) => name.startsWith(`${run}/KEY#`)).map(([, item]) => item);
    return { Items: keys };
  };
  aws.operations['DescribeExecution'] = () => new Fault(400, 'ExecutionDoesNotExist');
  aws.calls.length = 0;
  output.clear();
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

const onRecord = () => {
  const item = items.get(`RUN#run-1/KEY#${keyId}`);
  return item && unmarshall(item as never);
};

describe('the steps', () => {
  it('plan: the keys of the owner, on record and in batches', async () => {
    const plan = await handler({ step: 'plan', ...STEP, place: null });

    expect(plan).toMatchObject({ ...STEP, next: 'rotate', batches: [{ keyIds: [keyId] }] });
    expect(onRecord()).toMatchObject({ keyId, outcome: 'planned', attempt: 1 });
  });

  it('advance: the rotation is started as an emergency of the key', async () => {
    expect(await handler(ADVANCE)).toEqual({
      ...STEP,
      keyIds: [keyId],
      round: 1,
      next: 'wait',
      waitSeconds: 2,
    });

    const [{ name, input } = {}] = aws.bodiesOf('StartExecution');
    expect(name).toBe(`run-run-1-${keyId}-1`);
    expect(JSON.parse(String(input))).toEqual({
      keyId,
      purpose: 'emergency',
      reason: 'a laptop was stolen',
      initiatedBy: 'ops',
      immediateInvalidation: true,
    });
    expect(onRecord()).toMatchObject({ outcome: 'ordered', rotationId: `run-run-1-${keyId}-1` });
  });

  it('report: what there is, and what kept the run from its target', async () => {
    await handler(ADVANCE);
    const error = { Error: 'WriteContention', Cause: '{"errorMessage":"It changed."}' };
    const report = await handler({ step: 'report', ...STEP, error });

    expect(report).toMatchObject({ ...STEP, next: 'incomplete' });
    expect('message' in report && report.message).toMatch(/0 of 1 keys failed and 1 are left.*It changed\./);
    const { run } = unmarshall(items.get('RUN#run-1/META') as never);
    expect(run.end).toMatchObject({ totals: { keys: 1, left: 1 }, failure: 'WriteContention: It changed.' });
  });

  it('carry on nothing else that an event brings', async () => {
    const answer = await handler({ ...ADVANCE, secret: text } as typeof ADVANCE);
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('of a run that is not on record fail by a name that is not tried again', async () => {
    await expect(handler({ ...ADVANCE, runId: 'none' })).rejects.toMatchObject({ name: 'StepOutOfOrder' });
    expect(output.lines()).toContainEqual(
      expect.objectContaining({ level: 'ERROR', runId: 'none', fault: 'StepOutOfOrder' }),
    );
  });
});

describe('the log', () => {
  it('has one line a step: which run, which attempt, how many keys, what next', async () => {
    await handler(ADVANCE);
    expect(output.lines()).toEqual([
      expect.objectContaining({
        level: 'INFO',
        message: 'step',
        step: 'advance',
        ...STEP,
        next: 'wait',
        keys: 1,
      }),
    ]);
  });

  it('says which rotation could not be started, and why; the key waits for another try', async () => {
    aws.operations['StartExecution'] = () => new Fault(400, 'AccessDeniedException');
    expect(await handler(ADVANCE)).toMatchObject({ next: 'wait', keyIds: [keyId] });
    expect(output.lines()).toContainEqual(
      expect.objectContaining({ level: 'WARN', keyId, fault: 'AccessDeniedException' }),
    );
  });

  it('never holds a key', async () => {
    await handler({ step: 'plan', ...STEP, place: null });
    await handler(ADVANCE);
    await handler({ step: 'report', ...STEP });
    expect(JSON.stringify(output.lines())).not.toContain(text.slice(25));
  });
});
