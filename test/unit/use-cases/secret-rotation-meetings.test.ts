/** Rotations that Secrets Manager starts and that meet another, are taken back, or fail. */
import { describe, expect, it } from 'vitest';
import { PENDING } from '../../../lambdas/core/domain/secret-versions.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { STEPS } from '../../../local/secrets-driver/drive-rotation.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { SecretRotationBench, TOKENS } from '../../support/secret-rotation-bench.ts';

const [TOKEN, OTHER] = TOKENS;
const BY = { actor: OPERATOR, reason: 'a trial' };
const ROTATED = { outcome: 'rotated', token: TOKEN };

describe('a rotation by another that Secrets Manager meets', () => {
  it.each(['begin', 'generate', 'verify', 'activate', 'deliver'] as const)(
    'before its %s is joined, and makes one version',
    async (state) => {
      const bench = await SecretRotationBench.make();
      await bench.machine.start('sweep-1', { keyId: bench.keyId, purpose: 'scheduled' });
      const order = ['begin', 'generate', 'verify', 'activate', 'deliver'];
      for (let done = 0; done < order.indexOf(state); done += 1) await bench.machine.stepAll();

      expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
      await bench.machine.drain();

      expect(bench.generated).toBe(1);
      expect(bench.world.record(bench.keyId).rotation).toMatchObject({ status: 'dual-key' });
      expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
    },
  );

  it('and that waits for clients since days gives it the version that there is', async () => {
    const bench = await SecretRotationBench.make();
    await bench.rotateBy('r-1');
    bench.world.clock.advanceSeconds(2 * 86_400);
    const key = bench.currentKey;

    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(bench.currentKey).toBe(key);
    expect(bench.currentId).toBe(TOKEN);
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
    expect(bench.generated).toBe(1);
  });

  it('and that is over since Secrets Manager has asked is the one it asked for', async () => {
    const bench = await SecretRotationBench.make();
    bench.begin(TOKEN);
    await bench.rotateBy('e-1', { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true });
    expect(bench.world.record(bench.keyId)).not.toHaveProperty('rotation');

    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(bench.generated).toBe(1);
    expect(bench.currentId).toBe(TOKEN);
    expect(await bench.clientGetsIn()).toBe(true);
  });

  it('is not the issue of the key, though it was a moment ago', async () => {
    const bench = await SecretRotationBench.make();
    bench.world.clock.advanceSeconds(-60);
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
  });

  it('and that was over before is none: another version is made', async () => {
    const bench = await SecretRotationBench.make();
    await bench.rotateBy('e-1', { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true });
    bench.world.clock.advanceSeconds(5);
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(bench.generated).toBe(2);
    expect(bench.stages).toBe('AWSCURRENT:3 AWSPREVIOUS:2');
  });

  it('whose execution is dead does not keep it waiting: its own takes over', async () => {
    const bench = await SecretRotationBench.make();
    await bench.machine.start('r-1', { keyId: bench.keyId, purpose: 'manual' });
    await bench.machine.stepAll();
    await bench.machine.stepAll();
    bench.machine.kill('r-1');

    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(bench.machine.started.map(({ rotationId }) => rotationId)).toEqual(['r-1', `secret-${TOKEN}`]);
  });

  it('and overtakes it leaves clients the later version, and nothing stuck', async () => {
    const bench = await SecretRotationBench.make();
    bench.begin(TOKEN);
    await bench.step('createSecret', TOKEN);
    await bench.rotateBy('e-1', { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true });
    expect(bench.stages).toBe('AWSCURRENT:3 AWSPREVIOUS:2');
    expect(await bench.clientGetsIn()).toBe(true);

    for (const step of STEPS) {
      expect(await bench.step(step, TOKEN), step).toMatchObject({ outcome: 'refused' });
    }
    expect(bench.stages).toBe('AWSCURRENT:3 AWSPREVIOUS:2');
    expect(await bench.rotate(OTHER)).toMatchObject({ outcome: 'rotated' });
  });
});

describe('a rotation that is taken back', () => {
  it('gives clients the old version, and the token no other', async () => {
    const bench = await SecretRotationBench.make();
    const old = bench.currentKey;
    await bench.rotate(TOKEN);
    await bench.machine.drain();

    await rollbackRotation(bench.world.deps, bench.keyId, BY);

    expect(bench.currentKey).toBe(old);
    expect(bench.stages).toBe('AWSCURRENT:1 AWSPREVIOUS:2');
    expect(await bench.step('createSecret', TOKEN)).toMatchObject({ outcome: 'refused' });
    expect(await bench.rotate(OTHER)).toMatchObject({ outcome: 'rotated' });
    expect(bench.stages).toBe('AWSCURRENT:3 AWSPREVIOUS:1');
  });

  it('between two steps is given up: the old version stays, and another rotation can be started', async () => {
    const bench = await SecretRotationBench.make();
    const old = bench.currentKey;
    const tried = await bench.rotate(TOKEN, async (step) => {
      if (step === 'finishSecret') await rollbackRotation(bench.world.deps, bench.keyId, BY);
    });
    expect(tried).toMatchObject({ outcome: 'failed', step: 'finishSecret' });
    expect(bench.currentKey).toBe(old);
    expect(bench.stages).toBe('AWSCURRENT:1');
    expect(await bench.rotate(OTHER)).toMatchObject({ outcome: 'rotated' });
  });

  it('before a version was put is given up, and not begun anew for the operator who has said no', async () => {
    const bench = await SecretRotationBench.make();
    bench.begin(TOKEN);
    await bench.machine.start(`secret-${TOKEN}`, { keyId: bench.keyId, purpose: 'scheduled' });
    for (let step = 0; step < 4; step += 1) await bench.machine.stepAll();
    await rollbackRotation(bench.world.deps, bench.keyId, BY);

    expect(await bench.rotate(TOKEN)).toMatchObject({
      step: 'createSecret',
      reason: `Rotation secret-${TOKEN} was taken back. It is given up; another can be started.`,
    });
    expect(bench.generated).toBe(1);
    expect(await bench.rotate(OTHER)).toMatchObject({ outcome: 'rotated' });
  });

  it('while the label is moved gets it back', async () => {
    const bench = await SecretRotationBench.make();
    const old = bench.currentKey;
    let rolledBack = false;
    await bench.rotate(TOKEN, (step) => {
      if (step !== 'finishSecret') return;
      bench.rotating.turn = async () => {
        const about = bench.rotating.calls.at(-1)?.name;
        if (rolledBack || about !== 'DescribeSecret') return;
        rolledBack = bench.rotating.calls.filter(({ name }) => name === 'DescribeSecret').length > 0;
        await rollbackRotation(bench.world.deps, bench.keyId, BY);
      };
    });
    expect(rolledBack).toBe(true);
    expect(bench.currentKey).toBe(old);
    expect(await bench.clientGetsIn()).toBe(true);
  });
});

describe('a rotation that fails', () => {
  it('says why, and the same token succeeds later under another name', async () => {
    const bench = await SecretRotationBench.make();
    bench.world.verifier.objection = 'No deployed authorizer serves the environment of this key.';
    expect(await bench.rotate(TOKEN)).toMatchObject({
      outcome: 'failed',
      step: 'createSecret',
      reason: expect.stringMatching(new RegExp(`^Rotation secret-${TOKEN} has failed: .*VerificationFailed`)),
    });
    expect(await bench.rotate(TOKEN)).toMatchObject({
      reason: expect.stringContaining(`secret-${TOKEN}-2 has failed`),
    });

    bench.world.verifier.objection = undefined;
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(bench.machine.started.map(({ rotationId }) => rotationId)).toEqual([
      `secret-${TOKEN}`,
      `secret-${TOKEN}-2`,
      `secret-${TOKEN}-3`,
    ]);
    expect(bench.stages).toMatch(/^AWSCURRENT:4 AWSPREVIOUS:1$/);
  });

  it('to begin at all names its execution, and the same token succeeds later', async () => {
    const bench = await SecretRotationBench.make();
    bench.secrets.delete(bench.name, 30);
    const secret = bench.secrets.find(bench.name);
    secret.versions.push({
      id: TOKEN,
      text: undefined,
      stages: new Set([PENDING]),
      createdAtMs: bench.world.clock.nowMs,
    });
    expect(await bench.step('createSecret', TOKEN)).toMatchObject({
      reason: expect.stringMatching(`^Execution secret-${TOKEN} is over and has not begun a rotation`),
    });
    delete secret.deletedAtMs;
    expect(await bench.step('createSecret', TOKEN)).toEqual({ outcome: 'done' });
  });

  it('is not waited for longer than the function may run', async () => {
    const bench = await SecretRotationBench.make();
    bench.whileWaiting = async () => undefined;
    const startMs = bench.world.clock.nowMs;
    expect(await bench.rotate(TOKEN)).toMatchObject({
      step: 'createSecret',
      reason: `No new version of key ${bench.keyId} was accepted within 20 seconds.`,
    });
    expect(bench.world.clock.nowMs - startMs).toBe(20_000);
    expect(bench.machine.started).toHaveLength(1);
  });

  it('forty times is given up', async () => {
    const bench = await SecretRotationBench.make();
    bench.world.verifier.objection = 'unknown';
    for (let attempt = 1; attempt <= 40; attempt += 1) await bench.rotate(TOKEN);
    expect(await bench.rotate(TOKEN)).toMatchObject({
      reason: expect.stringContaining('40 rotations for the token'),
    });
    bench.world.verifier.objection = undefined;
    expect(await bench.rotate(OTHER)).toMatchObject({ outcome: 'rotated' });
  });

  it('for a version that went another way says so', async () => {
    const bench = await SecretRotationBench.make();
    await bench.machine.start('r-1', { keyId: bench.keyId, purpose: 'manual' });
    for (let step = 0; step < 4; step += 1) await bench.machine.stepAll();
    bench.world.table.seals.clear();
    expect(await bench.rotate(TOKEN)).toMatchObject({
      step: 'createSecret',
      reason: `Version 2 of key ${bench.keyId} was handed out another way: rotate the key once more.`,
    });
  });
});
