/** The invariants of the key life cycle over random interleavings of steps, retries, crashes and clock moves. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type Action, RotationModel } from '../../support/rotation-model.ts';

const request = fc.oneof(
  fc.constant({ purpose: 'scheduled' }),
  fc.constant({ purpose: 'manual', gracePeriod: 'PT1H' }),
  fc.constant({ purpose: 'emergency', reason: 'leaked' }),
  fc.constant({ purpose: 'emergency', reason: 'leaked', immediateInvalidation: true }),
);

/** Mostly towards working: a key that is off rotates no more. */
const STATUSES = ['enabled', 'enabled', 'enabled', 'enabled', 'disabled', 'revoked'] as const;

const execution = fc.nat(3);
const which = fc.nat(5);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('start' as const), request }) },
  { weight: 24, arbitrary: fc.record({ do: fc.constant('step' as const), execution, which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('replay' as const), execution, which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('abandon' as const, 'kill' as const), execution, which }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('use' as const), key: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('claim' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rollback' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('status' as const),
      to: fc.constantFrom(...STATUSES),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('object' as const), objection: fc.boolean() }) },
);

/** What happens at once, after the clock has moved. */
const round = fc.record({
  seconds: fc.constantFrom(0, 0, 0, 1, 4, 3_600, 86_400, 3 * 86_400),
  actions: fc.array(action, { minLength: 1, maxLength: 3, size: 'max' }),
});

describe('the key life cycle', () => {
  it('keeps its invariants whatever comes between, and always recovers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom('standard', 'drill'),
        fc.array(round, { minLength: 12, maxLength: 24 }),
        async (scheduler, policy, rounds) => {
          const model = await RotationModel.make(policy);
          model.world.table.turn = () => scheduler.schedule(Promise.resolve());
          for (const { seconds, actions } of rounds) {
            model.advance(seconds);
            await scheduler.waitFor(Promise.all(actions.map((each) => model.act(each))));
            await model.check();
          }
          await scheduler.waitFor(model.recover());
        },
      ),
      { numRuns: 300 },
    );
  });
});
