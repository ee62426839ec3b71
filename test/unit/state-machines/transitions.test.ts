/** The machine's file, of today and of earlier releases, with the steps of today: what each rotation costs in transitions. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { playMachine } from '../../support/play-machine.ts';
import { DEFINITION_TEXT } from '../../support/rotation-definition.ts';
import { worldWithKey } from '../../support/rotation-world.ts';

const EARLIER = new URL('../../support/definitions/', import.meta.url);
const DEFINITIONS: readonly (readonly [string, string])[] = [
  ['today', DEFINITION_TEXT],
  ...readdirSync(EARLIER).map((file) => [file, readFileSync(new URL(file, EARLIER), 'utf8')] as const),
];

describe.each(DEFINITIONS)('an execution by the definition of %s', (name, definition) => {
  // Deliver came after the first release.
  const more = name === 'rotation-0.1.0.asl.json' ? 0 : 1;

  it('rotates by the standard policy in at most 20 transitions, two reminders on the way', async () => {
    const { world, keyId } = await worldWithKey();

    const { visited, succeeded } = await playMachine(world, keyId, {}, definition, async () => {
      await world.authorizer().authorize(await world.sealedKey(keyId, 2));
    });

    expect(succeeded).toBe(true);
    expect(world.statuses(keyId)).toBe('1:retired 2:active');
    expect(world.actions(keyId).filter((action) => action === 'rotation.reminded')).toHaveLength(2);
    expect(visited).toHaveLength(17 + more);
    expect(visited.length).toBeLessThanOrEqual(20);
  });

  it('takes three more for each extension, and none more to retire', async () => {
    const { world, keyId, key } = await worldWithKey({}, { policies: { standard: { reminders: [] } } });
    let judgements = 0;

    const { visited } = await playMachine(world, keyId, {}, definition, async () => {
      judgements += 1;
      if (judgements <= 2) await world.authorizer().authorize(key);
      await world.authorizer().authorize(await world.sealedKey(keyId, 2));
    });

    expect(visited).toHaveLength(11 + 2 * 3 + more);
    expect(world.statuses(keyId)).toBe('1:retired 2:active');
  });

  it('refuses at once in eight', async () => {
    const { world, keyId, key } = await worldWithKey();

    const { visited } = await playMachine(
      world,
      keyId,
      { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true },
      definition,
    );

    expect(visited).toHaveLength(7 + more);
    expect((await world.authorizer().authorize(key)).outcome).toBe('unauthenticated');
  });
});
