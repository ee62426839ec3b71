/** A rotation of the pepper by Secrets Manager that fails is on record; what it answers stays as it is. */
import { describe, expect, it } from 'vitest';
import { WriteContention } from '../../../lambdas/core/domain/errors.ts';
import { withFailureNoted } from '../../../lambdas/core/use-cases/note-pepper-failure.ts';
import {
  DONE,
  giveUp,
  refuse,
  type SecretStep,
} from '../../../lambdas/core/use-cases/secret-rotation-deps.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryPepperRecord } from '../../support/memory-pepper-record.ts';

const CALL = { secretId: 'Pepper', token: '11111111-2222-3333-4444-555555555555' };

function bench() {
  const record = new MemoryPepperRecord();
  const unnoted: unknown[] = [];
  const deps = { record, clock: () => START_MS, onUnnoted: (error: unknown) => unnoted.push(error) };
  const run = (step: () => Promise<SecretStep>) => withFailureNoted(deps, 'finishSecret', CALL, step);
  return { record, unnoted, run };
}

describe('a step', () => {
  it('that is done, or refused since it is none of a rotation, is not on record', async () => {
    const { record, run } = bench();
    expect(await run(async () => DONE)).toEqual(DONE);
    expect(await run(async () => refuse('No such version.'))).toEqual(refuse('No such version.'));
    expect(await record.events()).toEqual([]);
  });

  it('that gives the rotation up is on record as that, and answers what it did', async () => {
    const { record, run } = bench();
    const secrets = { move: async () => 'moved' as const };
    const answer = await run(() => giveUp({ secrets } as never, CALL, 'The secret was written since.'));
    expect(answer).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('given up') });
    expect(await record.events()).toMatchObject([
      {
        action: 'pepper.failed',
        outcome: 'failure',
        reason: expect.stringContaining('The secret was written since. It is given up'),
        detail: { executionId: `secret-${CALL.token}`, step: 'finishSecret', givenUp: true },
      },
    ]);
  });

  it('that throws is on record by each reason once, and throws what it did', async () => {
    const { record, run } = bench();
    for (const why of ['busy', 'busy', 'slow'])
      await expect(run(() => Promise.reject(new WriteContention(why)))).rejects.toThrow(why);
    expect((await record.events()).map(({ reason }) => reason)).toEqual([
      'WriteContention: busy',
      'WriteContention: slow',
    ]);
  });

  it('throws what it did where that cannot be put on record, and says so', async () => {
    const { record, run, unnoted } = bench();
    record.append = () => Promise.reject(new Error('no table'));
    await expect(run(() => Promise.reject(new WriteContention('busy')))).rejects.toThrow('busy');
    expect(unnoted).toEqual([new Error('no table')]);
  });
});
