import { createHash, randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  GenerateDataKeyCommand,
  InvalidCiphertextException,
  KMSClient,
  KMSInvalidStateException,
} from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { EnvelopeSealer } from '../../../lambdas/adapters/kms/envelope-sealer.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import { keySealerContract } from '../../support/key-sealer-contract.ts';
import { START_MS } from '../../support/manual-clock.ts';

const KEY = new Plaintext('mk_live_Ab3dEf7hIj9L_secret');
const CONTEXT = { keyId: 'Ab3dEf7hIj9L', version: 2, environment: 'live' } as const;
const ENCRYPTION_CONTEXT = { keyId: 'Ab3dEf7hIj9L', version: '2', environment: 'live' };
const WRAPPED = Buffer.from('wrapped data key');
const client = new KMSClient({ region: 'eu-central-1' });
const kms = mockClient(client);
const sealer = new EnvelopeSealer(client, 'seal-key');
const dataKey = () => Buffer.alloc(32, 7);

beforeEach(() => {
  kms.reset();
  kms.on(GenerateDataKeyCommand).resolves({ Plaintext: dataKey(), CiphertextBlob: WRAPPED });
  kms.on(DecryptCommand).resolves({ Plaintext: dataKey() });
});

describe('EnvelopeSealer', () => {
  it('takes a fresh data key bound to key, version and environment, and opens by the same', async () => {
    const sealed = await sealer.seal(KEY, CONTEXT, START_MS);

    expect((await sealer.open(sealed)).reveal()).toBe(KEY.reveal());
    expect(kms.commandCalls(GenerateDataKeyCommand)[0]?.args[0].input).toEqual({
      KeyId: 'seal-key',
      KeySpec: 'AES_256',
      EncryptionContext: ENCRYPTION_CONTEXT,
    });
    expect(kms.commandCalls(DecryptCommand)[0]?.args[0].input).toEqual({
      KeyId: 'seal-key',
      CiphertextBlob: WRAPPED,
      EncryptionContext: ENCRYPTION_CONTEXT,
    });
  });

  it('wipes the data key after use', async () => {
    const forSealing = dataKey();
    const forOpening = dataKey();
    kms.on(GenerateDataKeyCommand).resolves({ Plaintext: forSealing, CiphertextBlob: WRAPPED });
    const sealed = await sealer.seal(KEY, CONTEXT, START_MS);
    kms.on(DecryptCommand).resolves({ Plaintext: forOpening });
    await sealer.open(sealed);

    expect([...forSealing, ...forOpening].every((byte) => byte === 0)).toBe(true);
  });

  it('takes a data key that KMS refuses in this context for a broken seal', async () => {
    const sealed = await sealer.seal(KEY, CONTEXT, START_MS);
    kms.on(DecryptCommand).rejects(new InvalidCiphertextException({ message: 'no', $metadata: {} }));

    await expect(sealer.open(sealed)).rejects.toMatchObject({ name: 'SealBroken' });
  });

  it('throws other trouble of KMS on as it is: the step is worth another try', async () => {
    const sealed = await sealer.seal(KEY, CONTEXT, START_MS);
    const trouble = new KMSInvalidStateException({ message: 'pending import', $metadata: {} });
    kms.on(DecryptCommand).rejects(trouble);

    await expect(sealer.open(sealed)).rejects.toBe(trouble);
  });
});

/** A data key as this stand-in for KMS wraps it: with a digest over itself and its context. */
function wrapped(key: Uint8Array, context: unknown): Buffer {
  const digest = createHash('sha256').update(key).update(JSON.stringify(context)).digest();
  return Buffer.concat([key, digest]);
}

keySealerContract('EnvelopeSealer on a stand-in for KMS', async () => {
  const standIn = new KMSClient({ region: 'eu-central-1' });
  const answers = mockClient(standIn);
  answers.on(GenerateDataKeyCommand).callsFake(({ EncryptionContext }) => {
    const key = randomBytes(32);
    return { Plaintext: key, CiphertextBlob: wrapped(key, EncryptionContext) };
  });
  answers.on(DecryptCommand).callsFake(({ CiphertextBlob, EncryptionContext }) => {
    const key = Buffer.from(CiphertextBlob.subarray(0, 32));
    if (wrapped(key, EncryptionContext).equals(CiphertextBlob)) return { Plaintext: key };
    throw new InvalidCiphertextException({ message: 'no', $metadata: {} });
  });
  return new EnvelopeSealer(standIn, 'seal-key');
});
