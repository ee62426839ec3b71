import { describe, expect, it } from 'vitest';
import { CURRENT, PENDING } from '../../../lambdas/core/domain/secret-versions.ts';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { exemptKey } from '../../../lambdas/core/use-cases/exempt-key.ts';
import { rollbackRotation } from '../../../lambdas/core/use-cases/rollback-rotation.ts';
import { STEPS } from '../../../local/secrets-driver/drive-rotation.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { chainHolds } from '../../support/rotation-world.ts';
import { SecretRotationBench, TOKENS } from '../../support/secret-rotation-bench.ts';

const [TOKEN, OTHER] = TOKENS;
const BY = { actor: OPERATOR, reason: 'a trial' };
const ROTATED = { outcome: 'rotated', token: TOKEN };

/** A rotation by an operator or the sweep, up to its delivery. */
async function rotateBy(bench: SecretRotationBench, rotationId: string, request: object = {}): Promise<void> {
  await bench.machine.start(rotationId, { keyId: bench.keyId, purpose: 'manual', ...request });
  await bench.machine.drain();
}

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
      await rotateBy(bench, 'r-1');
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
    await rotateBy(bench, 'r-1');
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
    await rotateBy(bench, 'r-1');
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
    await rotateBy(bench, 'e-1', { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true });
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
    await rotateBy(bench, 'e-1', { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true });
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
    await rotateBy(bench, 'e-1', { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true });
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
    await rotateBy(bench, 'r-1');
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(bench.generated).toBe(1);
  });
});

describe('the contract of a rotation function', () => {
  const refused = (reason: unknown) => ({ outcome: 'refused', reason });

  it.each(STEPS)('%s refuses a call that is not in order', async (step) => {
    const bench = await SecretRotationBench.make();
    expect(await bench.step(step, 'no-token')).toEqual(refused(expect.stringContaining('is no UUID')));
    expect(await bench.step(step, TOKEN)).toEqual(
      refused(`The secret ${bench.name} has no version ${TOKEN}.`),
    );
    bench.begin(TOKEN);
    bench.secrets.move(bench.name, 'other', undefined, TOKEN);
    bench.secrets.move(bench.name, PENDING, TOKEN, undefined);
    expect(await bench.step(step, TOKEN)).toEqual(
      refused(`Version ${TOKEN} of the secret ${bench.name} is not AWSPENDING.`),
    );
    const secret = bench.secrets.find(bench.name);
    secret.rotation = { enabled: false, functionArn: undefined, rules: {} };
    expect(await bench.step(step, TOKEN)).toEqual(
      refused(`Rotation is not enabled for the secret ${bench.name}.`),
    );
    expect(bench.machine.started).toEqual([]);
  });

  it.each(['keyturn/Zz3dEf7hIj9L', 'keyturn/none', 'elsewhere'])(
    'is not for %s: the key’s own record names its secret',
    async (name) => {
      const bench = await SecretRotationBench.make();
      const secret = bench.secrets.create(name);
      secret.rotation = { enabled: true, functionArn: undefined, rules: {} };
      bench.secrets.beginRotation(name, TOKEN);
      const call = { secretId: secret.arn, token: TOKEN };
      const { createSecretVersion } = await import(
        '../../../lambdas/core/use-cases/create-secret-version.ts'
      );
      expect(await createSecretVersion(bench.deps, call)).toEqual(
        refused(`${name} is not the secret of a key of this deployment.`),
      );
      secret.arn.replace(name, 'gone');
      expect(await createSecretVersion(bench.deps, { ...call, secretId: 'gone' })).toEqual(
        refused('There is no secret gone.'),
      );
    },
  );

  it.each(['setSecret', 'finishSecret'] as const)(
    '%s before createSecret is refused, and nothing is moved',
    async (step) => {
      const bench = await SecretRotationBench.make();
      bench.begin(TOKEN);
      expect(await bench.step(step, TOKEN)).toEqual(
        refused(`Version ${TOKEN} of the secret ${bench.name} holds nothing: createSecret comes first.`),
      );
      expect(bench.stages).toBe('AWSCURRENT:1 AWSPENDING:empty');
    },
  );

  it('finishSecret right after createSecret is safe: the machine has verified the version', async () => {
    const bench = await SecretRotationBench.make();
    bench.begin(TOKEN);
    await bench.step('createSecret', TOKEN);
    expect(await bench.step('finishSecret', TOKEN)).toEqual({ outcome: 'done' });
    expect(await bench.clientGetsIn()).toBe(true);
  });
});

describe('testSecret', () => {
  it('asks the deployed authorizers whether they know the new version', async () => {
    const bench = await SecretRotationBench.make();
    bench.begin(TOKEN);
    await bench.step('createSecret', TOKEN);
    bench.world.verifier.objection = '1 of 2 authorizers do not know version 2.';
    expect(await bench.step('testSecret', TOKEN)).toEqual({
      outcome: 'refused',
      reason: '1 of 2 authorizers do not know version 2.',
    });
  });

  it('finds what was put although it is not seen at once', async () => {
    const bench = await SecretRotationBench.make();
    bench.begin(TOKEN);
    await bench.step('createSecret', TOKEN);
    const version = bench.secrets.find(bench.name).versions.find(({ id }) => id === TOKEN);
    const text = version?.text;
    let waits = 0;
    bench.whileWaiting = async () => {
      waits += 1;
      if (waits === 2 && version) version.text = text;
    };
    if (version) version.text = undefined;
    expect(await bench.step('testSecret', TOKEN)).toEqual({ outcome: 'done' });
    if (version) version.text = undefined;
    bench.whileWaiting = async () => undefined;
    expect(await bench.step('testSecret', TOKEN)).toMatchObject({ outcome: 'refused' });
  });

  it('alone, as it is run when rotation is turned on, tests what clients read and leaves nothing behind', async () => {
    const bench = await SecretRotationBench.make();
    const calls = bench.world.verifier.calls;
    expect(await bench.test(TOKEN)).toEqual(ROTATED);
    expect(bench.world.verifier.calls).toBe(calls + 1);
    expect(bench.stages).toBe('AWSCURRENT:1');
    expect(bench.machine.started).toEqual([]);
    bench.world.verifier.objection = 'unknown';
    expect(await bench.test(OTHER)).toMatchObject({ outcome: 'failed', reason: 'unknown' });
  });

  it('refuses what is no key of that secret', async () => {
    const bench = await SecretRotationBench.make();
    const secret = bench.secrets.find(bench.name);
    const [current] = secret.versions;
    for (const text of [
      'no JSON',
      '{}',
      '{"key":"k","keyId":"Zz3dEf7hIj9L","version":1}',
      '{"key":"k","keyId":7}',
    ]) {
      if (current) current.text = text;
      expect(await bench.test(TOKEN)).toMatchObject({
        reason: expect.stringContaining('does not hold a key of'),
      });
    }
    current?.stages.delete(CURRENT);
    expect(await bench.test(TOKEN)).toMatchObject({
      reason: expect.stringContaining('has no version that clients'),
    });
  });
});
