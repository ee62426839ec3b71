/** The pepper function's handler: the machine's steps in, its answers out, no pepper anywhere but in the secret. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
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
  ])('is counted where it is %s, and not quoted', async (_how, answer, fault) => {
    servePepper(aws, TEXT);
    aws.operations['GetSecretValue'] = answer;

    await expect(handler({ step: 'add', ...COMMON })).rejects.toMatchObject({ name: fault });
    expect(output.lines()).toEqual([
      expect.objectContaining({ level: 'ERROR', step: 'add', fault, PepperFault: 1 }),
    ]);
    expect(output.text()).not.toContain(FIRST);
  });

  it('is counted where a pepper is not what was added', async () => {
    const { secret } = servePepper(aws, TEXT);
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
  });

  it('is counted where versions need a pepper that is not there, before a client has met it', async () => {
    const needing = key.versions.map((version) => ({ ...version, pepperVersion: 'lost' }));
    servePepper(aws, TEXT, [{ ...key, versions: needing }]);
    const { drop } = await rotate();

    expect(drop).toMatchObject({ next: 'done', missing: ['lost'] });
    expect(output.lines().at(-1)).toMatchObject({
      level: 'ERROR',
      fault: 'PepperMissing',
      cause: expect.stringContaining('lost'),
      PepperFault: 1,
    });
  });
});
