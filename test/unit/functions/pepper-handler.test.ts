/** The pepper function's handler: the machine's steps in, its answers out, no pepper anywhere but in the secret. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { parsePeppers } from '../../../lambdas/core/domain/peppers.ts';
import type { PepperStepResult } from '../../../lambdas/core/use-cases/pepper-deps.ts';
import { captureOutput } from '../../support/captured-output.ts';
import { FakeAws, Fault } from '../../support/fake-aws.ts';
import { issuedKey } from '../../support/issued-key.ts';
import { loadPepper, servePepper } from '../../support/pepper-bench.ts';

const FIRST = 'first-pepper-'.repeat(4);
const TEXT = JSON.stringify({ current: '1', '1': FIRST });
const COMMON = { executionId: 'p-1', request: { purpose: 'rotation', reason: 'yearly', initiatedBy: 'ops' } };

const output = captureOutput();
const aws = await FakeAws.start();
const handler = await loadPepper(aws);
const { record: key } = await issuedKey();

const placeOf = (item: Readonly<Record<string, { readonly S?: string }>>) =>
  `${item['pk']?.S}/${item['sk']?.S}`;

beforeEach(() => {
  aws.calls.length = 0;
  output.clear();
});
afterAll(async () => {
  output.restore();
  await aws.stop();
});

/** Plays the machine: each step with what the one before answered. */
async function rotate(): Promise<Record<string, PepperStepResult>> {
  const begin = await handler({ step: 'begin', ...COMMON });
  const add = await handler({ step: 'add', ...COMMON });
  const current = await handler({
    step: 'make-current',
    ...COMMON,
    pepperVersion: add.pepperVersion as string,
  });
  const count = await handler({ step: 'count', ...COMMON, count: current.count as never });
  const drop = await handler({ step: 'drop', ...COMMON, count: count.count as never });
  return { begin, add, current, count, drop };
}

describe('the steps', () => {
  it('rotate the pepper, and keep the one that a key needs', async () => {
    const { secret } = servePepper(aws, TEXT, [key]);
    const { begin, add, current, count, drop } = await rotate();

    expect(begin).toEqual({ next: 'add' });
    expect(add).toMatchObject({ next: 'wait', waitUntil: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(current).toMatchObject({ next: 'wait', count: { after: '', needs: {} } });
    expect(count).toMatchObject({ next: 'drop', count: { needs: { '1': 1 } } });
    expect(drop).toMatchObject({ next: 'done', dropped: [], missing: [] });
    const set = parsePeppers(secret.text);
    expect([...set.secrets.keys()]).toEqual(['1', add?.pepperVersion]);
    expect(set.current).toBe(add?.pepperVersion);
  });

  it('drop a pepper that no key needs', async () => {
    const { secret } = servePepper(aws, TEXT, [{ ...key, status: 'revoked' }]);
    const { drop } = await rotate();

    expect(drop).toMatchObject({ dropped: ['1'] });
    expect([...parsePeppers(secret.text).secrets.keys()]).toHaveLength(1);
  });

  it('leave each change on record, said before and after', async () => {
    const { record } = servePepper(aws, TEXT);
    await rotate();
    const actions = [...record.values()].map(
      (item) => (item as unknown as { event?: { M: { action: { S: string } } } }).event?.M.action.S,
    );
    expect(actions.filter(Boolean)).toEqual([
      'pepper.adding',
      'pepper.added',
      'pepper.making-current',
      'pepper.made-current',
      'pepper.dropping',
      'pepper.dropped',
    ]);
  });

  it('are one line of the log each, and hold no pepper: neither do answers, nor calls but of the secret', async () => {
    const { secret, put } = servePepper(aws, TEXT, [key]);
    const answers = await rotate();

    const lines = output.lines();
    expect(lines.map(({ step, next }) => [step, next])).toEqual([
      ['begin', 'add'],
      ['add', 'wait'],
      ['make-current', 'wait'],
      ['count', 'drop'],
      ['drop', 'done'],
    ]);
    for (const line of lines)
      expect(line).toMatchObject({ level: 'INFO', message: 'step', executionId: 'p-1' });
    const peppers = [...parsePeppers(secret.text).secrets.values()].map((each) =>
      Buffer.from(each).toString(),
    );
    expect(peppers).toHaveLength(2);
    expect(put.size).toBe(2);
    const elsewhere = aws.calls.filter(({ target }) => !target.endsWith('.PutSecretValue'));
    for (const pepper of peppers) {
      expect(`${JSON.stringify([answers, elsewhere])}${output.text()}`).not.toContain(pepper);
    }
  });

  it('refuse at the beginning what cannot be carried out, and say the mend', async () => {
    servePepper(aws, TEXT);
    expect(await handler({ step: 'begin', executionId: 'p-1', request: { purpose: 'emergency' } })).toEqual({
      next: 'refuse',
      message: expect.stringMatching(/emergency.*Choose one of rotation, clean-up/),
    });
    await expect(handler({ step: 'add', executionId: 'p-1', request: {} })).rejects.toMatchObject({
      name: 'Misconfigured',
    });
    expect(aws.bodiesOf('PutSecretValue')).toEqual([]);
  });
});

describe('a fault of the pepper', () => {
  it.each([
    ['damaged', () => ({ SecretString: `broken ${FIRST}`, VersionId: 'v' }), 'PepperDamaged'],
    ['gone', () => new Fault(400, 'ResourceNotFoundException'), 'PepperUnreadable'],
  ])('is counted and noted where it is %s, and not quoted', async (_how, answer, fault) => {
    const { faults } = servePepper(aws, TEXT);
    aws.operations['GetSecretValue'] = answer;

    await expect(handler({ step: 'add', ...COMMON })).rejects.toMatchObject({ name: fault });
    expect(output.lines()).toEqual([
      expect.objectContaining({ level: 'ERROR', step: 'add', fault, PepperFault: 1 }),
    ]);
    expect(output.text()).not.toContain(FIRST);
    const name = { PepperDamaged: 'damaged', PepperUnreadable: 'unreadable' }[fault];
    expect(faults.map(placeOf)).toEqual([expect.stringMatching(new RegExp(`^FAULTS/[^#]+#${name}$`))]);
  });

  it('is counted where a pepper is not what was added', async () => {
    const { secret, faults } = servePepper(aws, TEXT);
    const { pepperVersion = '' } = await handler({ step: 'add', ...COMMON });
    secret.text = JSON.stringify({ current: '1', '1': FIRST, [pepperVersion]: 'mistyped '.repeat(8) });
    output.clear();

    await handler({ step: 'begin', executionId: 'p-2', request: { purpose: 'clean-up' } });
    expect(output.lines().at(-1)).toMatchObject({
      level: 'ERROR',
      fault: 'PepperDamaged',
      cause: expect.stringContaining(pepperVersion),
      PepperFault: 1,
    });
    expect(output.text()).not.toContain('mistyped');
    expect(faults.map(placeOf)).toEqual([expect.stringContaining(`#damaged#${pepperVersion}`)]);
  });

  it('is counted where versions need a pepper that is not there, before a client has met it', async () => {
    const needing = key.versions.map((version) => ({ ...version, pepperVersion: 'lost' }));
    const { faults } = servePepper(aws, TEXT, [{ ...key, versions: needing }]);
    const { drop } = await rotate();
    expect(faults.map(placeOf)).toEqual([expect.stringMatching(/#missing#lost$/)]);

    expect(drop).toMatchObject({ next: 'done', missing: ['lost'] });
    expect(output.lines().at(-1)).toMatchObject({
      level: 'ERROR',
      fault: 'PepperMissing',
      cause: expect.stringContaining('lost'),
      PepperFault: 1,
    });
  });
});

describe('a run that fails', () => {
  const failed = (record: ReturnType<typeof servePepper>['record']) =>
    [...record.values()].flatMap((item) => {
      const event = unmarshall(item as never)['event'] as AuditEvent | undefined;
      return event?.action === 'pepper.failed' ? [event] : [];
    });
  const error = { Error: 'WriteContention', Cause: JSON.stringify({ errorMessage: 'The secret changed.' }) };

  it('is on record with what was asked for and why, once, and the execution ends by that', async () => {
    const { record } = servePepper(aws, TEXT);
    const step = { step: 'note-failure', ...COMMON, error } as const;
    const answer = { next: 'refuse', message: 'WriteContention: The secret changed.' };
    expect(await handler(step)).toEqual(answer);
    expect(await handler(step)).toEqual(answer);

    expect(failed(record)).toEqual([
      expect.objectContaining({
        chain: 'pepper',
        outcome: 'failure',
        actor: { principal: 'keyturn:pepper', via: 'execution/p-1' },
        reason: answer.message,
        detail: { executionId: 'p-1', purpose: 'rotation', initiatedBy: 'ops' },
      }),
    ]);
  });

  it('is on record once more where it is let go on and fails of something else', async () => {
    const { record } = servePepper(aws, TEXT);
    await handler({ step: 'note-failure', ...COMMON, error });
    await handler({ step: 'note-failure', ...COMMON, error: { Error: 'States.Timeout', Cause: '' } });
    expect(failed(record).map(({ reason }) => reason)).toEqual([
      'WriteContention: The secret changed.',
      'States.Timeout',
    ]);
  });

  it('is on record where its order cannot be read', async () => {
    const { record } = servePepper(aws, TEXT);
    await handler({ step: 'note-refusal', executionId: 'p-1', request: 7, message: 'It is no object.' });
    expect(failed(record)).toMatchObject([{ reason: 'It is no object.', detail: { purpose: 'unknown' } }]);
  });

  it('needs no pepper for that', async () => {
    const { record } = servePepper(aws, TEXT);
    aws.operations['GetSecretValue'] = () => new Fault(400, 'ResourceNotFoundException');
    await handler({ step: 'note-failure', ...COMMON, error });
    expect(failed(record)).toHaveLength(1);
    expect(output.lines().filter(({ level }) => level === 'ERROR')).toEqual([]);
  });
});

// The last: what could not be noted is not tried again for some seconds.
describe('a table that cannot be written', () => {
  it('throws a fault of the pepper as it is', async () => {
    servePepper(aws, TEXT);
    aws.operations['GetSecretValue'] = () => ({ SecretString: 'broken', VersionId: 'v' });
    aws.operations['UpdateItem'] = () => new Fault(400, 'AccessDeniedException');
    await expect(handler({ step: 'add', ...COMMON })).rejects.toMatchObject({ name: 'PepperDamaged' });
  });
});
