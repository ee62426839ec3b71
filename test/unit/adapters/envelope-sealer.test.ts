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

    await expect(sealer.open(sealed)).rejects.toMatchObject({ name: 'SealBroken', retryable: false });
  });

  it('throws other trouble of KMS on as it is: the step is worth another try', async () => {
    const sealed = await sealer.seal(KEY, CONTEXT, START_MS);
    const trouble = new KMSInvalidStateException({ message: 'pending import', $metadata: {} });
    kms.on(DecryptCommand).rejects(trouble);

    await expect(sealer.open(sealed)).rejects.toBe(trouble);
  });
});
