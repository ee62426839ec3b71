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
import { standInKms } from '../../support/stand-in-kms.ts';

const KEY = new Plaintext('mk_live_Ab3dEf7hIj9L_secret');
const CONTEXT = { keyId: 'Ab3dEf7hIj9L', version: 2, environment: 'live' } as const;
const ENCRYPTION_CONTEXT = { keyId: 'Ab3dEf7hIj9L', version: '2', environment: 'live' };
const WRAPPED = Buffer.from('wrapped data key');
/** By data key `dataKey()`, as the first release wrote it. */
const EARLIER = 'AQEBAQEBAQEBAQEBG4rW2/nJiVGQtu9FNVFHWeGRLbhH5F5wKlQ3lWgx/HBqg/XzjPxxGcgk4A==';
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

  it('takes a data key that KMS refuses in this context for a broken seal', async () => {
    const sealed = await sealer.seal(KEY, CONTEXT, START_MS);
    kms.on(DecryptCommand).rejects(new InvalidCiphertextException({ message: 'no', $metadata: {} }));

    await expect(sealer.open(sealed)).rejects.toMatchObject({ name: 'SealBroken' });
  });

  it('opens what was sealed before its envelope had a file of its own', async () => {
    const earlier = {
      ...CONTEXT,
      expiresAtMs: START_MS,
      ciphertext: EARLIER,
      wrappedDataKey: WRAPPED.toString('base64'),
    };
    expect((await sealer.open(earlier)).reveal()).toBe(KEY.reveal());
  });

  it('throws other trouble of KMS on as it is: the step is worth another try', async () => {
    const sealed = await sealer.seal(KEY, CONTEXT, START_MS);
    const trouble = new KMSInvalidStateException({ message: 'pending import', $metadata: {} });
    kms.on(DecryptCommand).rejects(trouble);

    await expect(sealer.open(sealed)).rejects.toBe(trouble);
  });
});

keySealerContract(
  'EnvelopeSealer on a stand-in for KMS',
  async () => new EnvelopeSealer(standInKms().client, 'seal-key'),
);
