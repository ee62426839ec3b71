/** Whatever becomes of the pepper secret, nobody is let in who should not be, and what cannot be decided is an error. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PepperFault } from '../../../lambdas/core/domain/errors.ts';
import { parsePeppers } from '../../../lambdas/core/domain/peppers.ts';
import { forged } from '../../support/forged-keys.ts';
import { Execution } from '../../support/machine.ts';
import { FIRST_PEPPER } from '../../support/memory-pepper-secret.ts';
import { PepperExecution } from '../../support/pepper-machine.ts';
import { PepperWorld } from '../../support/pepper-world.ts';

type Damage = (text: string) => string;

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.nat(400).map(
    (at): Damage =>
      (text) =>
        text.slice(0, at),
  ),
  fc.tuple(fc.nat(400), fc.string({ minLength: 1, maxLength: 3 })).map(
    ([at, noise]): Damage =>
      (text) =>
        text.slice(0, at) + noise + text.slice(at + noise.length),
  ),
  fc.json().map(
    (other): Damage =>
      () =>
        other,
  ),
  fc.constantFrom('current', '1', 'other').map(
    (field): Damage =>
      (text) => {
        const { [field === 'other' ? nameOfOther(text) : field]: _gone, ...left } = JSON.parse(text);
        return JSON.stringify(left);
      },
  ),
  fc.constant((text: string) => JSON.stringify({ ...JSON.parse(text), current: '1' })),
);

const nameOfOther = (text: string): string =>
  Object.keys(JSON.parse(text)).find((name) => /^\d{8}T/.test(name)) ?? '';

const intact = (text: string, name: string, pepper: string): boolean => {
  try {
    return Buffer.from(parsePeppers(text).secrets.get(name) ?? []).toString() === pepper;
  } catch {
    return false;
  }
};

/** Both versions of a key are accepted, each under a pepper of its own. */
async function dualPepperWorld() {
  const world = new PepperWorld();
  const { keyId, key: old } = await world.issue();
  await new PepperExecution(world).toEnd();
  world.writer = world.environment();
  await new Execution(world, keyId).toDualKey();
  const { current, secrets } = world.secret.set;
  const second = Buffer.from(secrets.get(current) as Uint8Array).toString();
  return { world, keyId, old, fresh: await world.sealedKey(keyId, 2), current, second };
}

describe('a pepper secret that was damaged', () => {
  it('lets in nobody but by a pepper that is whole, and refuses nobody whose pepper is', async () => {
    const { world, keyId, old, fresh, current, second } = await dualPepperWorld();
    const text = await world.secret.readText();
    const faults = { allowed: 0, faulty: 0 };
    await fc.assert(
      fc.asyncProperty(damage, async (harm) => {
        const damaged = harm(text);
        world.secret.overwrite(damaged);
        const decide = (key: string) =>
          world
            .freshAuthorizer()
            .authorize(key)
            .then(
              ({ outcome }) => outcome,
              (error: unknown) => {
                expect(error).toBeInstanceOf(PepperFault);
                return 'fault';
              },
            );
        const outcomes = await Promise.all([old, fresh].map(decide));
        const whole = [intact(damaged, '1', FIRST_PEPPER), intact(damaged, current, second)];
        expect(outcomes.map((outcome) => outcome === 'allowed')).toEqual(whole);
        expect(await decide(forged(keyId))).not.toBe('allowed');
        faults.allowed += outcomes.filter((outcome) => outcome === 'allowed').length;
        faults.faulty += outcomes.filter((outcome) => outcome === 'fault').length;
      }),
      { numRuns: 300 },
    );
    // Or nothing would have been damaged, or everything.
    expect(faults.allowed).toBeGreaterThan(20);
    expect(faults.faulty).toBeGreaterThan(20);
  });

  it('takes nothing from environments that have read it before', async () => {
    const { world, old, fresh } = await dualPepperWorld();
    const authorizer = world.freshAuthorizer();
    await Promise.all([old, fresh].map((key) => authorizer.authorize(key)));
    world.secret.overwrite('');
    world.clock.advanceSeconds(86_400);

    for (const key of [old, fresh])
      expect(await authorizer.authorize(key)).toMatchObject({ outcome: 'allowed' });
  });

  it('hashes no new key under what cannot be told to be the current pepper', async () => {
    const { world } = await dualPepperWorld();
    world.secret.overwrite('');
    world.clock.advanceSeconds(10);

    await expect(world.issue()).rejects.toBeInstanceOf(PepperFault);
  });
});
