/** The four steps of a rotation function, as Secrets Manager calls them. */
import { describe, expect, it } from 'vitest';
import { CURRENT, PENDING } from '../../../lambdas/core/domain/secret-versions.ts';
import { STEPS } from '../../../local/secrets-driver/drive-rotation.ts';
import { SecretRotationBench, TOKENS } from '../../support/secret-rotation-bench.ts';

const [TOKEN, OTHER] = TOKENS;
const ROTATED = { outcome: 'rotated', token: TOKEN };

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
