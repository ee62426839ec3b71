import { describe, expect, it } from 'vitest';
import type { ApiRules } from '../../../lambdas/core/domain/authorization.ts';
import { recognizeUnaccepted } from '../../../lambdas/core/use-cases/authorize.ts';
import { KeyMemory } from '../../../lambdas/core/use-cases/key-memory.ts';
import { UseMeter } from '../../../lambdas/core/use-cases/use-meter.ts';
import { forged, relabelled } from '../../support/forged-keys.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryKeyReader } from '../../support/memory-key-reader.ts';
import { RULES } from '../../support/memory-world.ts';
import { worldWithKey } from '../../support/rotation-world.ts';

const MEMORY_MS = 5_000;

describe('recognizeUnaccepted', () => {
  async function recognizer(rules: ApiRules = RULES) {
    const { world, keyId, key } = await worldWithKey();
    const reader = new MemoryKeyReader(world.table);
    const deps = {
      memory: new KeyMemory(reader, MEMORY_MS),
      meter: new UseMeter(world.uses, 0),
      peppers: world.peppers,
      clock: world.clock.read,
    };
    const recognize = (presented: string) => recognizeUnaccepted(deps, rules, presented);
    return { world, keyId, key, reader, recognize };
  }

  it('knows a pending version, which no request gets in with, and counts no use', async () => {
    const { world, keyId, recognize } = await recognizer();
    await new Execution(world, keyId).runAll('begin', 'generate');

    const answer = await recognize(await world.sealedKey(keyId, 2));

    expect(answer).toEqual({ keyId, version: 2, status: 'pending' });
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

    expect(await recognize('nonsense')).toBe('malformed');
    expect(await recognize(relabelled(key, 'mk_', 'acme_'))).toBe('malformed');
    expect(await recognize(relabelled(key, '_live_', '_test_'))).toBe('environment-not-served');
    expect(await recognize(forged('NoSuchKey000'))).toBe('unknown');
    expect(await recognize(forged(keyId))).toBe('wrong-secret');
  });
});
