import { InvalidRequestException, MalformedPolicyDocumentException } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import { rotationIdOf } from '../../../lambdas/core/domain/secret-token.ts';
import { CURRENT, labelOf, PENDING, secretVersionId } from '../../../lambdas/core/domain/secret-versions.ts';
import {
  destinationOf,
  KEY_ID,
  keyOf,
  NAME,
  PLACE_SETTINGS,
  SecretPlaceBench,
} from '../../support/secret-place-bench.ts';

const TOKEN = '11111111-2222-3333-4444-555555555555';
const READERS = ['arn:aws:iam::111122223333:role/client'];

describe('the first version of a key', () => {
  it('makes a secret under the deployment’s key, with who may read it before there is anything to read', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1, {}, READERS);

    expect(bench.calls.writes).toEqual([
      'CreateSecret',
      'PutResourcePolicy',
      'PutSecretValue',
      'RotateSecret',
    ]);
    expect(bench.calls.calls.find(({ name }) => name === 'CreateSecret')?.input).toEqual({
      Name: NAME,
      Description: `Keyturn: API key ${KEY_ID}`,
      KmsKeyId: PLACE_SETTINGS.kmsKeyId,
      Tags: [{ Key: 'keyturn:keyId', Value: KEY_ID }],
    });
    expect(bench.current).toEqual({
      key: keyOf(1),
      keyId: KEY_ID,
      version: 1,
      endpoint: 'https://api.example.com/mcp',
    });
  });

  it('is readable to the named readers and the rotation function alone, and to nobody shut out of the secret itself', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1, {}, READERS);

    const policy = JSON.parse(bench.secrets.find(NAME).policy as string);
    expect(policy.Statement).toEqual([
      {
        Sid: 'KeyturnReaders',
        Effect: 'Allow',
        Principal: { AWS: READERS },
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: '*',
      },
      {
        Sid: 'KeyturnLimitsReading',
        Effect: 'Deny',
        Principal: '*',
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': [...READERS, PLACE_SETTINGS.rotationRoleArn] } },
      },
    ]);
  });

  it('whose readers are not there holds no text, and says which they are', async () => {
    const bench = new SecretPlaceBench();
    const send = bench.calls.client.send.bind(bench.calls.client);
    bench.calls.client.send = (async (command: { readonly constructor: { readonly name: string } }) => {
      if (command.constructor.name !== 'PutResourcePolicyCommand') return send(command as never);
      throw new MalformedPolicyDocumentException({ message: 'invalid principal', $metadata: {} });
    }) as never;
    const reader = 'arn:aws:iam::111122223333:role/serach-agent';

    await expect(bench.put(1, {}, [reader])).rejects.toMatchObject({
      name: 'PlaceUnready',
      message: expect.stringContaining(`deliver again: ${reader}.`),
    });
    expect(bench.current).toEqual({});
  });

  it('has no policy without readers: the identity policies of the account decide', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    expect(bench.calls.calls.map(({ name }) => name)).not.toContain('GetResourcePolicy');
    expect(bench.secrets.find(NAME).policy).toBeUndefined();
  });

  it('is scheduled as its policy says, and not rotated at once', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    expect(bench.calls.calls.find(({ name }) => name === 'RotateSecret')?.input).toEqual({
      SecretId: NAME,
      RotationLambdaARN: PLACE_SETTINGS.rotationFunctionArn,
      RotationRules: { AutomaticallyAfterDays: 90 },
      RotateImmediately: false,
    });
  });
});

describe('another version', () => {
  it('is put once, becomes the current one, and leaves the one before as the previous', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    const before = bench.calls.writes.length;
    await bench.put(2);

    expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
    expect(bench.calls.writes.slice(before)).toEqual(['PutSecretValue', 'UpdateSecretVersionStage']);
    expect(bench.current).toMatchObject({
      key: keyOf(2),
      previousVersionExpiresAt: new Date(bench.clock.nowMs).toISOString(),
    });
  });

  it('repeated writes nothing, also when the announced end has moved since', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    await bench.put(2);
    const before = bench.calls.writes.length;
    bench.clock.advanceSeconds(60);
    await bench.put(2);
    expect(bench.calls.writes).toHaveLength(before);
  });

  it('takes two writes and, from the third version on, one for the label of what nobody is to read any more', async () => {
    const bench = new SecretPlaceBench();
    for (const version of [1, 2, 3, 4]) await bench.put(version);
    const before = bench.calls.writes.length;
    await bench.put(5);

    expect(bench.calls.writes.slice(before)).toEqual([
      'PutSecretValue',
      'UpdateSecretVersionStage',
      'UpdateSecretVersionStage',
    ]);
    expect(bench.secrets.find(NAME).versions.map(({ stages }) => [...stages].sort())).toEqual([
      ['AWSPREVIOUS', labelOf(4, secretVersionId(KEY_ID, 4))],
      ['AWSCURRENT', labelOf(5, secretVersionId(KEY_ID, 5))],
    ]);
  });

  it('that is late does not replace a later one', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    await bench.put(3, { previousVersion: 1 });
    await bench.put(2);
    expect(bench.stages).toBe('AWSCURRENT:3 AWSPREVIOUS:1');
  });

  it('keeps the accepted version as the previous where it replaces a lost one', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    await bench.put(2);
    await bench.put(3, { previousVersion: 1 });
    expect(bench.stages).toBe('AWSCURRENT:3 AWSPREVIOUS:1');
    await bench.restore(1);
    expect(bench.current).toMatchObject({ version: 1 });
  });

  it('replaces what a person has put there', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    bench.secrets.put(NAME, 'by-hand', '{"version":"by hand"}', undefined, false);
    await bench.put(1);
    expect(bench.current).toMatchObject({ key: keyOf(1) });
  });

  it('takes up a changed policy, a schedule that Secrets Manager cannot have, and none', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    await bench.put(2, { rotateEverySeconds: 36 * 3_600 });
    expect(bench.secrets.find(NAME).rotation?.rules).toEqual({ ScheduleExpression: 'rate(36 hours)' });
    await bench.put(3, { rotateEverySeconds: 3_600 });
    expect(bench.secrets.find(NAME).rotation).toMatchObject({ enabled: false });
    await bench.put(4, { rotateEverySeconds: 30 * 86_400 });
    await bench.place.put(destinationOf(), { keyId: KEY_ID, version: 5, key: new Plaintext(keyOf(5)) });
    expect(bench.secrets.find(NAME).rotation?.rules, 'of a policy that is not deployed').toEqual({
      AutomaticallyAfterDays: 30,
    });
  });

  it('is on no schedule where the deployment leaves rotations to its own sweep', async () => {
    const bench = new SecretPlaceBench({ schedule: false });
    await bench.put(1);
    expect(bench.calls.writes).not.toContain('RotateSecret');
  });
});

describe('a rotation that Secrets Manager has started itself', () => {
  const begun = async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    bench.secrets.beginRotation(NAME, TOKEN);
    return bench;
  };
  const value = JSON.stringify({ key: keyOf(2), keyId: KEY_ID, version: 2 });

  it('is waited for: the version that it has made the current one is the one', async () => {
    const bench = await begun();
    let waits = 0;
    bench.whileWaiting = async () => {
      waits += 1;
      if (waits === 2) bench.secrets.put(NAME, TOKEN, value, [PENDING, labelOf(2, TOKEN)], true);
      if (waits === 3) bench.secrets.move(NAME, CURRENT, secretVersionId(KEY_ID, 1), TOKEN);
    };
    await bench.put(2, { rotationId: rotationIdOf(TOKEN, 1) });

    expect(bench.calls.writes.filter((name) => name === 'PutSecretValue')).toHaveLength(1);
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPENDING:2 AWSPREVIOUS:1');
  });

  it('that has put its version and goes no further is finished for it', async () => {
    const bench = await begun();
    bench.secrets.put(NAME, TOKEN, value, [PENDING, labelOf(2, TOKEN)], true);
    await bench.put(2, { rotationId: rotationIdOf(TOKEN, 3) });
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPENDING:2 AWSPREVIOUS:1');
  });

  it('that does nothing is not waited for longer than 15 seconds', async () => {
    const bench = await begun();
    const startMs = bench.clock.nowMs;
    await bench.put(2, { rotationId: rotationIdOf(TOKEN, 1) });
    expect(bench.clock.nowMs - startMs).toBe(15_000);
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPENDING:empty AWSPREVIOUS:1');
  });

  it.each(['r-1', 'sweep-1', 'secret-99999999-2222-3333-4444-555555555555'])(
    'does not keep rotation %s waiting',
    async (rotationId) => {
      const bench = await begun();
      const startMs = bench.clock.nowMs;
      await bench.put(2, { rotationId });
      expect(bench.clock.nowMs).toBe(startMs);
    },
  );

  it('and was overtaken by another version loses its label: it could not end well', async () => {
    const bench = await begun();
    bench.secrets.put(NAME, TOKEN, value, [PENDING, labelOf(2, TOKEN)], true);
    await bench.put(3, { previousVersion: 1 });
    expect(bench.stages).toBe('AWSCURRENT:3 AWSPREVIOUS:1');
  });

  it('keeps the schedule from being set until the next delivery', async () => {
    const bench = await begun();
    const { send } = bench.calls;
    bench.calls.send = async (command) => {
      if (command.constructor.name !== 'RotateSecretCommand') return send.call(bench.calls, command);
      throw new InvalidRequestException({ message: "A previous rotation isn't complete.", $metadata: {} });
    };
    await bench.put(2, { rotateEverySeconds: 30 * 86_400 });
    expect(bench.stages).toContain('AWSCURRENT:2');
  });
});

describe('a rotation that is taken back', () => {
  it('gives clients the earlier version again, and the next rotation another', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    await bench.put(2);
    await bench.restore(1);
    expect(bench.stages).toBe('AWSCURRENT:1 AWSPREVIOUS:2');
    const before = bench.calls.writes.length;
    await bench.restore(1);
    expect(bench.calls.writes).toHaveLength(before);

    await bench.put(3, { previousVersion: 1 });
    expect(bench.stages).toBe('AWSCURRENT:3 AWSPREVIOUS:1');
  });

  it('leaves nothing to do where there is no secret', async () => {
    const bench = new SecretPlaceBench();
    await bench.restore(1);
    expect(bench.calls.writes).toEqual([]);
  });

  it('to a version that was never delivered is said, and its delivery replaces the later one then', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(2);
    await expect(bench.restore(1)).rejects.toMatchObject({
      name: 'PlaceUnready',
      message: expect.stringContaining(`keyturn deliver ${KEY_ID} --again`),
    });
    await bench.put(1);
    expect(bench.current).toMatchObject({ version: 1 });
  });
});

describe('a revoked key', () => {
  it('takes its secret with it, with time to think better of it', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    await bench.place.remove(destinationOf());
    await bench.place.remove(destinationOf());
    expect(bench.calls.calls.at(-1)?.input).toEqual({ SecretId: NAME, RecoveryWindowInDays: 30 });
    expect(bench.secrets.find(NAME).deletedAtMs).toBe(bench.clock.nowMs + 30 * 86_400_000);
  });

  it('without a secret has nothing to take', async () => {
    await expect(new SecretPlaceBench().place.remove(destinationOf())).resolves.toBeUndefined();
  });
});

describe('the address of a secret', () => {
  it('is its ARN, once there is one', async () => {
    const bench = new SecretPlaceBench();
    expect(await bench.place.addressOf(destinationOf())).toBeUndefined();
    await bench.put(1);
    expect(await bench.place.addressOf(destinationOf())).toBe(bench.secrets.find(NAME).arn);
  });

  it('is nowhere for another kind of destination', async () => {
    await expect(new SecretPlaceBench().place.addressOf({ kind: 'vault', path: 'p' })).rejects.toMatchObject({
      name: 'Misconfigured',
    });
  });
});
