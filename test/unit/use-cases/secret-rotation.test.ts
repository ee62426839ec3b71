/** Rotations that Secrets Manager starts: what they come to, whatever is repeated or crashes. */
import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { exemptKey } from '../../../lambdas/core/use-cases/exempt-key.ts';
import { STEPS } from '../../../local/secrets-driver/drive-rotation.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';
import { SecretRotationBench, TOKENS } from '../../support/secret-rotation-bench.ts';

const [TOKEN, _OTHER] = TOKENS;
const BY = { actor: OPERATOR, reason: 'a trial' };
const ROTATED = { outcome: 'rotated', token: TOKEN };

describe('a rotation that Secrets Manager starts', () => {
  it('is started once with the machine, as scheduled and by whom, and brings the new version to clients', async () => {
    const bench = await SecretRotationBench.make();
    const old = bench.currentKey;

    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);

    expect(bench.machine.started).toEqual([
      {
        rotationId: `secret-${TOKEN}`,
        request: { keyId: bench.keyId, purpose: 'scheduled', initiatedBy: 'secretsmanager.amazonaws.com' },
      },
    ]);
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
    expect(bench.currentId).toBe(TOKEN);
    expect(bench.currentKey).not.toBe(old);
    expect(await bench.clientGetsIn()).toBe(true);
    expect((await bench.world.authorizer().authorize(old)).outcome).toBe('allowed');
  });

  it('leaves the grace period to the machine, which puts nothing a second time', async () => {
    const bench = await SecretRotationBench.make();
    await bench.rotate(TOKEN);
    await bench.machine.drain();

    expect(bench.world.record(bench.keyId)).toMatchObject({
      rotation: { rotationId: `secret-${TOKEN}`, status: 'dual-key', purpose: 'scheduled' },
      versions: [{ status: 'deprecating' }, { status: 'active', receivedBy: 'placed' }],
    });
    expect(bench.secrets.texts).toBe(2);
    expect(bench.world.table.seals.size).toBe(0);
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
    expect(chainHolds(bench.world, bench.keyId)).toBe(true);
  });

  it('tells clients the announced end of the version before, and where the key is used', async () => {
    const bench = await SecretRotationBench.make();
    await bench.rotate(TOKEN);
    const { text } = bench.secrets.find(bench.name).versions.find(({ id }) => id === TOKEN) ?? {};
    const [old] = bench.world.record(bench.keyId).versions;
    expect(JSON.parse(text as string)).toEqual({
      key: bench.currentKey,
      keyId: bench.keyId,
      version: 2,
      endpoint: 'https://api.example.com/mcp',
      previousVersionExpiresAt: new Date(old?.expiresAtMs as number).toISOString(),
    });
  });

  it('again under the same token changes nothing', async () => {
    const bench = await SecretRotationBench.make();
    await bench.rotate(TOKEN);
    await bench.machine.drain();
    const before = [bench.placing.writes.length, bench.rotating.writes.length];
    for (const step of [...STEPS, ...STEPS]) {
      expect(await bench.step(step, TOKEN), step).toEqual({ outcome: 'done' });
    }
    expect([bench.placing.writes.length, bench.rotating.writes.length]).toEqual(before);
    expect(bench.generated).toBe(1);
  });

  it.each(STEPS)('with %s repeated three times at once comes to the same end', async (repeated) => {
    const bench = await SecretRotationBench.make();
    bench.begin(TOKEN);
    for (const step of STEPS) {
      const times = step === repeated ? 3 : 1;
      const answers = await Promise.all(Array.from({ length: times }, () => bench.step(step, TOKEN)));
      expect(answers).toEqual(Array(times).fill({ outcome: 'done' }));
    }
    await bench.machine.drain();
    expect(bench.stages.replace(' AWSPENDING:2', '')).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
    expect(bench.generated).toBe(1);
  });

  it('is finished by the machine where Secrets Manager goes no further after createSecret', async () => {
    const bench = await SecretRotationBench.make();
    bench.begin(TOKEN);
    await bench.step('createSecret', TOKEN);
    await bench.machine.drain();
    expect(bench.currentId).toBe(TOKEN);
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
  });

  it('is joined where the machine has placed the version itself, since nobody came in time', async () => {
    const bench = await SecretRotationBench.make();
    bench.begin(TOKEN);
    await bench.machine.start(`secret-${TOKEN}`, { keyId: bench.keyId, purpose: 'scheduled' });
    await bench.machine.drain();
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPENDING:empty AWSPREVIOUS:1');

    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(bench.currentId).toBe(TOKEN);
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
    expect(bench.generated).toBe(1);
  });
});

describe('a crash', () => {
  const when = ['before', 'after'] as const;
  const own = ['PutSecretValue', 'UpdateSecretVersionStage', 'UpdateSecretVersionStage'];

  const crashAt = async (
    bench: SecretRotationBench,
    writes: readonly string[],
    at: number,
    then: 'before' | 'after',
  ) => {
    bench.rotating.crashAt = { write: at, when: then };
    expect(await bench.rotate(TOKEN)).toMatchObject({
      outcome: 'failed',
      step: at === 0 ? 'createSecret' : 'finishSecret',
      reason: expect.stringContaining('The connection broke'),
    });
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    await bench.machine.drain();

    expect(bench.rotating.writes).toEqual(writes);
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
    expect(bench.currentId).toBe(TOKEN);
    expect(bench.generated).toBe(1);
    expect(await bench.clientGetsIn()).toBe(true);
  };

  it.each([0, 1].flatMap((at) => when.map((then) => [at, then] as const)))(
    'of the function at its write %i, %s it is made, is made good by the same token',
    async (at, then) => crashAt(await SecretRotationBench.make(), own.slice(0, 2), at, then),
  );

  it.each([0, 1, 2].flatMap((at) => when.map((then) => [at, then] as const)))(
    'of the function at its write %i, %s it is made, where it has joined another rotation, too',
    async (at, then) => {
      const bench = await SecretRotationBench.make();
      await bench.rotateBy('r-1');
      await crashAt(bench, own, at, then);
    },
  );

  it.each(STEPS)(
    'of the function’s environment in %s, with nothing written, is one more call',
    async (step) => {
      const bench = await SecretRotationBench.make();
      const tried = await bench.rotate(TOKEN, (name) => {
        if (name !== step) return;
        bench.rotating.turn = async () => {
          throw new Error('the environment is gone');
        };
      });
      expect(tried).toMatchObject({ outcome: 'failed', step });
      bench.rotating.turn = async () => undefined;
      expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
      expect(bench.generated).toBe(1);
    },
  );

  it.each(STEPS)(
    'of Secrets Manager before %s is made good by the same token, whatever the machine did meanwhile',
    async (step) => {
      const bench = await SecretRotationBench.make();
      const crash = (name: string) => {
        if (name === step) throw new Error('the service crashed');
      };
      await expect(bench.rotate(TOKEN, crash)).rejects.toThrow('the service crashed');
      await bench.machine.drain();

      expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
      await bench.machine.drain();
      expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
      expect(bench.generated).toBe(1);
    },
  );

  it('that leaves AWSPREVIOUS on another copy of the same version is made good', async () => {
    const bench = await SecretRotationBench.make();
    await bench.rotateBy('r-1');
    const tried = await bench.rotate(TOKEN, (name) => {
      if (name === 'finishSecret')
        bench.rotating.crashAt = { write: bench.rotating.writes.length, when: 'after' };
    });
    expect(tried).toMatchObject({ outcome: 'failed', step: 'finishSecret' });
    expect(bench.stages).toContain('AWSPREVIOUS:2');

    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
  });
});

describe('a key that is not to be rotated', () => {
  it.each(['disabled', 'revoked'] as const)(
    'since it is %s says so, and nothing is started',
    async (status) => {
      const bench = await SecretRotationBench.make();
      bench.begin(TOKEN);
      await changeKeyStatus({ ...bench.world.deps, places: bench.world.places }, bench.keyId, status, BY);
      expect(await bench.step('createSecret', TOKEN)).toEqual({
        outcome: 'refused',
        reason: `Key ${bench.keyId} is ${status}.`,
      });
      expect(bench.machine.started).toEqual([]);
    },
  );

  it('since it is exempt says until when, and is rotated under the same token after that', async () => {
    const bench = await SecretRotationBench.make();
    const untilMs = bench.world.clock.nowMs + 86_400_000;
    await exemptKey(bench.world.deps, bench.keyId, untilMs, BY);
    expect(await bench.rotate(TOKEN)).toMatchObject({
      step: 'createSecret',
      reason: `Key ${bench.keyId} is exempt from scheduled rotation until ${new Date(untilMs).toISOString()}.`,
    });
    bench.world.clock.nowMs = untilMs;
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
  });

  it('by schedule is rotated all the same where an operator does it by hand', async () => {
    const bench = await SecretRotationBench.make();
    await exemptKey(bench.world.deps, bench.keyId, bench.world.clock.nowMs + 86_400_000, BY);
    await bench.rotateBy('r-1');
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(bench.generated).toBe(1);
  });
});
