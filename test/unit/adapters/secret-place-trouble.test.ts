import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { CURRENT, labelOf, secretVersionId } from '../../../lambdas/core/domain/secret-versions.ts';
import { Crash } from '../../support/memory-table.ts';
import {
  destinationOf,
  KEY_ID,
  keyOf,
  NAME,
  PLACE_SETTINGS,
  SecretPlaceBench,
} from '../../support/secret-place-bench.ts';

const READERS = ['arn:aws:iam::111122223333:role/client'];

describe('a crash', () => {
  const WRITES = [
    ['CreateSecret', 'PutResourcePolicy', 'PutSecretValue', 'RotateSecret'],
    ['PutSecretValue', 'UpdateSecretVersionStage'],
    ['PutSecretValue', 'UpdateSecretVersionStage', 'UpdateSecretVersionStage'],
  ];
  const points = WRITES.flatMap((writes, index) =>
    writes.flatMap((name, at) =>
      (['before', 'after'] as const).map((when) => [index + 1, at, when, name] as const),
    ),
  );

  it.each(points)(
    'of version %i at write %i, %s %s, is made good by the next try',
    async (version, at, when) => {
      const bench = new SecretPlaceBench();
      for (let earlier = 1; earlier < version; earlier += 1) await bench.put(earlier, {}, READERS);
      bench.calls.crashAt = { write: bench.calls.writes.length + at, when };
      await expect(bench.put(version, {}, READERS)).rejects.toThrow(Crash);
      const written = bench.calls.writes.length;

      await bench.put(version, {}, READERS);

      expect(bench.current).toMatchObject({ key: keyOf(version) });
      expect(bench.stages).toBe(
        version === 1 ? 'AWSCURRENT:1' : `AWSCURRENT:${version} AWSPREVIOUS:${version - 1}`,
      );
      expect(bench.secrets.find(NAME)).toMatchObject({
        policy: expect.any(String),
        rotation: { enabled: true },
      });
      const values = bench.calls.writes.filter((name) => name === 'PutSecretValue');
      expect(values, 'a text is put once a version').toHaveLength(version);
      expect(bench.calls.writes.length - written).toBeLessThanOrEqual(
        (WRITES[version - 1] as string[]).length,
      );
    },
  );

  it('that leaves a version without its label is made good too', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    bench.calls.crashAt = { write: bench.calls.writes.length, when: 'after' };
    await expect(bench.put(2)).rejects.toThrow(Crash);
    const left = bench.secrets.find(NAME).versions.find(({ id }) => id === secretVersionId(KEY_ID, 2));
    left?.stages.delete(labelOf(2, secretVersionId(KEY_ID, 2)));

    await bench.put(2);
    expect(bench.stages).toBe('AWSCURRENT:2 AWSPREVIOUS:1');
  });
});

describe('a secret that is seen late', () => {
  it.each([1, 2, 3])('by %i looks comes to the same end', async (staleViews) => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    bench.calls.staleViews = staleViews;
    await bench.put(2);
    bench.calls.staleViews = staleViews;
    await bench.put(3);
    expect(bench.stages).toBe('AWSCURRENT:3 AWSPREVIOUS:2');
  });

  it('or whose labels never come to rest is given up after some calls', async () => {
    const bench = new SecretPlaceBench();
    await bench.put(1);
    bench.calls.turn = async () => {
      const { versions } = bench.secrets.find(NAME);
      for (const { stages } of versions) stages.delete(CURRENT);
    };
    await expect(bench.put(1)).rejects.toMatchObject({ name: 'SecretUnsettled' });
  });
});

describe('trouble', () => {
  const client = new KMSClient({ region: 'eu-central-1' });
  const kms = mockClient(client);
  beforeEach(() => {
    kms.reset();
    kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: 'data', KeyState: 'Enabled' } });
  });
  const denied = () => Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  const troubleOf = async (prepare: (bench: SecretPlaceBench) => void = () => undefined) => {
    const bench = new SecretPlaceBench({}, client);
    await bench.put(1);
    prepare(bench);
    return bench.place.trouble(destinationOf());
  };

  it('is none with a secret that can be written, nor before there is one', async () => {
    expect(await troubleOf()).toBeUndefined();
    expect(kms.commandCalls(DescribeKeyCommand)[0]?.args[0].input).toEqual({
      KeyId: PLACE_SETTINGS.kmsKeyId,
    });
    expect(await new SecretPlaceBench({}, client).place.trouble(destinationOf())).toBeUndefined();
  });

  it('is a secret that is scheduled for deletion, which no version is written to either', async () => {
    const sentence =
      /^The secret keyturn\/Ab3dEf7hIj9L is scheduled for deletion on 2026-12-23T14:00:00.000Z: restore it/;
    expect(await troubleOf((bench) => bench.secrets.delete(NAME, 30))).toMatch(sentence);
    const bench = new SecretPlaceBench();
    await bench.put(1);
    bench.secrets.delete(NAME, 30);
    await expect(bench.put(2)).rejects.toMatchObject({
      name: 'PlaceUnready',
      message: expect.stringMatching(sentence),
    });
  });

  it('is access that is denied', async () => {
    const trouble = await troubleOf((bench) => {
      bench.calls.turn = async () => {
        throw denied();
      };
    });
    expect(trouble).toMatch(/^Access to the secret keyturn\/Ab3dEf7hIj9L is denied/);
  });

  it.each(['Disabled', 'PendingDeletion'] as const)('is a KMS key that is %s', async (KeyState) => {
    kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: 'data', KeyState } });
    expect(await troubleOf()).toMatch(new RegExp(`^The KMS key .*key/data of the secret .* is ${KeyState}`));
  });

  it('is another KMS key, which Keyturn may not use', async () => {
    kms.on(DescribeKeyCommand).rejects(denied());
    expect(await troubleOf()).toMatch(/is encrypted under the KMS key .*, which Keyturn may not use/);
  });

  it('is not what passes: that is thrown, and tried again', async () => {
    kms.on(DescribeKeyCommand).rejects(new Error('throttled'));
    await expect(troubleOf()).rejects.toThrow('throttled');
    await expect(
      troubleOf((bench) => {
        bench.calls.turn = async () => {
          throw new Error('unreachable');
        };
      }),
    ).rejects.toThrow('unreachable');
  });
});
