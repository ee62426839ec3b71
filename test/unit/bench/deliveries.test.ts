/** What each delivery adds to a rotation, as it is stored: of today's machine, and of calls that were really made. */
import { describe, expect, it } from 'vitest';
import { MEASURED } from '../../../bench/src/deliveries/results.ts';
import { deliverySection } from '../../../bench/src/deliveries/section.ts';
import { readResults } from '../../../bench/src/stored.ts';
import { DELIVERIES } from '../../../rules/words.ts';
import { playMachine } from '../../support/play-machine.ts';
import { DEFINITION_TEXT } from '../../support/rotation-definition.ts';
import { worldWithKey } from '../../support/rotation-world.ts';

const STALE = 'The results are of another machine: run `npm run bench -- deliveries` anew.';
const results = readResults('deliveries');

describe('the stored measurement of deliveries', () => {
  it('has every delivery there is, in as many rounds, and no request that failed', () => {
    expect(Object.keys(results.deliveries).sort()).toEqual([...DELIVERIES].sort());
    const rounds = MEASURED.map((name) => results.deliveries[name].milliseconds.length);
    expect(new Set(rounds).size).toBe(1);
    expect(rounds[0]).toBeGreaterThanOrEqual(20);
    for (const { counts } of Object.values(results.deliveries)) expect(counts.failed).toBe(0);
  });

  it('has as many transitions as a rotation has today before its wait', async () => {
    const { world, keyId } = await worldWithKey();
    const { visited } = await playMachine(world, keyId, {}, DEFINITION_TEXT, async () => {
      await world.authorizer().authorize(await world.sealedKey(keyId, 2));
    });
    const untilWait = visited.indexOf('WaitForClients') + 1;

    expect(untilWait).toBeGreaterThan(0);
    for (const { counts } of Object.values(results.deliveries)) {
      expect(counts.transitions, STALE).toBe(untilWait);
    }
  });

  it('calls what each delivery is about, and nothing of the others', () => {
    const of = (name: (typeof MEASURED)[number]) => results.deliveries[name];
    const called = (name: (typeof MEASURED)[number], operation: string) =>
      of(name).counts.requests[operation] ?? 0;
    for (const name of MEASURED) {
      expect(called(name, 'SES SendEmail') + called(name, 'SES SendRawEmail'), name).toBe(
        name === 'claim-link' ? 1 : 0,
      );
      expect(called(name, 'Secrets Manager PutSecretValue'), name).toBe(name === 'secrets-manager' ? 1 : 0);
      expect(Object.keys(of(name).vault).length > 0, name).toBe(name === 'vault');
    }
  });
});

describe('the section on deliveries', () => {
  it('compares each with the operator in the same round', () => {
    const first = results.deliveries.operator;
    const twice = { ...first, milliseconds: first.milliseconds.map((value) => 2 * value) };
    const section = deliverySection({ ...results, deliveries: { ...results.deliveries, vault: twice } });

    expect(section).toMatch(/\| `operator` \| 1 \| – \|/);
    expect(section).toMatch(/\| `vault` \| 2\.00 \(2\.00–2\.00\) \|/);
  });
});
