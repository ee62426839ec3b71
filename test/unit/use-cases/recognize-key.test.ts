import { describe, expect, it } from 'vitest';
import type { ApiRules } from '../../../lambdas/core/domain/authorization.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { KeyMemory } from '../../../lambdas/core/use-cases/key-memory.ts';
import { recognizeUnaccepted } from '../../../lambdas/core/use-cases/recognize-key.ts';
import type { KeyStatus } from '../../../rules/words.ts';
import { forged, relabelled } from '../../support/forged-keys.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryKeyReader } from '../../support/memory-key-reader.ts';
import { OPERATOR, RULES } from '../../support/memory-world.ts';
import { worldWithKey } from '../../support/rotation-world.ts';

const MEMORY_MS = 5_000;

describe('recognizeUnaccepted', () => {
  async function recognizer(rules: ApiRules = RULES) {
    const { world, keyId, key } = await worldWithKey();
    const reader = new MemoryKeyReader(world.table);
    const deps = { memory: new KeyMemory(reader, MEMORY_MS), peppers: world.peppers };
    const recognize = (presented: string) => recognizeUnaccepted(deps, rules, presented);
    return { world, keyId, key, reader, recognize };
  }

  it('knows a pending version, which no request gets in with, and counts no use', async () => {
    const { world, keyId, recognize } = await recognizer();
    await new Execution(world, keyId).runAll('begin', 'generate');

    const answer = await recognize(await world.sealedKey(keyId, 2));

    expect(answer).toMatchObject({
      outcome: 'recognized',
      key: { keyId },
      version: { version: 2, status: 'pending' },
    });
    expect(world.uses.added).toEqual([]);
  });

  it('reads each time, whatever is in memory', async () => {
    const { key, reader, recognize } = await recognizer();

    await recognize(key);
    await recognize(key);

    expect(reader.reads).toBe(2);
  });

  it('says why it knows a key not', async () => {
    const { keyId, key, recognize } = await recognizer({ ...RULES, environments: ['live'] });

    expect(await recognize('nonsense')).toMatchObject({ reason: 'malformed' });
    expect(await recognize(relabelled(key, 'mk_', 'acme_'))).toMatchObject({ reason: 'malformed' });
    expect(await recognize(relabelled(key, '_live_', '_test_'))).toMatchObject({
      reason: 'environment-not-served',
    });
    expect(await recognize(forged('NoSuchKey000'))).toMatchObject({ reason: 'unknown' });
    expect(await recognize(forged(keyId))).toMatchObject({ reason: 'wrong-secret' });
  });
});

describe('a key whose pepper is gone', () => {
  async function withoutPepper(to: KeyStatus) {
    const { world, keyId, key } = await worldWithKey();
    await changeKeyStatus(world.deps, keyId, to, { actor: OPERATOR, reason: 'test' });
    world.peppers.rotateTo('2');
    world.peppers.remove('1');
    return world.authorizer().authorize(key);
  }

  it('is refused once it is revoked: no pepper is kept for what nobody may use', async () => {
    expect(await withoutPepper('revoked')).toMatchObject({ outcome: 'unauthenticated' });
  });

  it.each(['enabled', 'disabled'] as const)('is a fault while it is %s', async (to) => {
    await expect(withoutPepper(to)).rejects.toMatchObject({ name: 'PepperMissing' });
  });
});
