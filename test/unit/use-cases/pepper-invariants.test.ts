/** No key is refused while the pepper rotates, over random interleavings of steps, retries, crashes and clock moves. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type Action, PepperModel } from '../../support/pepper-model.ts';

const few = fc.nat(2);
const by = fc.constantFrom('memory' as const, 'taken' as const, 'start' as const);

const when = fc.constantFrom('before' as const, 'after' as const);
const purpose = fc.constantFrom('rotation' as const, 'rotation' as const, 'clean-up' as const);

const acts = <Do extends Action['do'], Fields>(
  what: Do,
  fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> },
) => fc.record({ do: fc.constant(what), ...fields }) as unknown as fc.Arbitrary<Action>;

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: acts('take', { writer: few }) },
  { weight: 4, arbitrary: acts('issue', { writer: few, by }) },
  { weight: 4, arbitrary: acts('renew', { key: few, writer: few, by }) },
  { weight: 2, arbitrary: acts('rotate', { key: few }) },
  { weight: 6, arbitrary: acts('key-step', { rotation: few, writer: few, by }) },
  { weight: 4, arbitrary: acts('use', { key: fc.nat(9), authorizer: few }) },
  { weight: 3, arbitrary: acts('start-authorizer', { authorizer: few }) },
  { weight: 1, arbitrary: acts('pepper-start', { purpose }) },
  { weight: 14, arbitrary: acts('pepper-step', { execution: few, which: few }) },
  { weight: 2, arbitrary: acts('pepper-replay', { execution: few, which: fc.nat(9) }) },
  { weight: 1, arbitrary: acts('crash', { when }) },
  { weight: 1, arbitrary: acts('lag', { milliseconds: fc.constantFrom(0, 4_000, 9_000) }) },
);

/** What happens at once, after the clock has moved. */
const round = fc.record({
  seconds: fc.constantFrom(0, 0, 0, 1, 1, 2, 4, 9, 16, 16, 29, 71),
  actions: fc.array(action, { minLength: 1, maxLength: 4, size: 'max' }),
  authorizers: fc.subarray([0, 1, 2]),
});

describe('a rotation of the pepper', () => {
  it('refuses no key and loses nothing, whatever comes between, and always comes to its end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(round, { minLength: 15, maxLength: 30 }),
        fc.record({ oneKey: fc.boolean(), lagMs: fc.constantFrom(0, 4_000, 9_000) }),
        async (scheduler, rounds, { oneKey, lagMs }) => {
          const model = new PepperModel();
          const { world } = model;
          world.secret.lagMs = lagMs;
          if (oneKey) await model.act({ do: 'issue', writer: 0, by: 'memory' });
          await model.act({ do: 'pepper-start', purpose: 'rotation' });
          const turn = () => scheduler.schedule(Promise.resolve());
          const atOnce = (yes: boolean) => {
            world.table.turn = yes ? turn : () => Promise.resolve();
            world.secret.turn = world.table.turn;
            world.pepperRecord.turn = world.table.turn;
          };
          for (const { seconds, actions, authorizers } of rounds) {
            model.advance(seconds);
            atOnce(true);
            await scheduler.waitFor(Promise.all(actions.map((each) => model.act(each))));
            atOnce(false);
            await model.check(authorizers);
          }
          await model.recover();
        },
      ),
      { numRuns: 80 },
    );
  });
});
