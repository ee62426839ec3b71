import {
  DecryptCommand,
  GenerateDataKeyCommand,
  InvalidCiphertextException,
  KMSClient,
  KMSInvalidStateException,
} from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DataKeyEnvelope } from '../../../lambdas/adapters/kms/data-key-envelope.ts';
import { EnvelopeSealer } from '../../../lambdas/adapters/kms/envelope-sealer.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import { SEAL_CONTEXT } from '../../../rules/seal-context.ts';
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
    expect(Object.keys(ENCRYPTION_CONTEXT).sort(), 'as roles may open it').toEqual(SEAL_CONTEXT);
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

  it('overwrites the bytes of the key that it has opened: only the holder of keys in clear has it', async () => {
    const sealed = await sealer.seal(KEY, CONTEXT, START_MS);
    kms.on(DecryptCommand).resolves({ Plaintext: dataKey() });
    const opened: Uint8Array[] = [];
    const decrypt = vi.spyOn(DataKeyEnvelope.prototype, 'decrypt');
    const key = await sealer.open(sealed);
    const result = await decrypt.mock.results[0]?.value;
    if (result.outcome === 'opened') opened.push(result.plaintext);
    decrypt.mockRestore();
    expect(key.reveal()).toBe(KEY.reveal());
    expect(opened).toHaveLength(1);
    expect(opened[0]?.length).toBe(KEY.reveal().length);
    expect(opened[0]?.every((byte) => byte === 0)).toBe(true);
  });

  it('is bound to the expiry to the millisecond, and to each of the ids', async () => {
    const standIn = new EnvelopeSealer(standInKms().client, 'seal-key');
    const sealed = await standIn.seal(KEY, CONTEXT, START_MS);
    const changes = fc.oneof(
      fc.record({ expiresAtMs: fc.integer({ min: 0, max: 2 * START_MS }) }),
      fc.record({ version: fc.nat(99) }),
      fc.record({ environment: fc.constantFrom('live' as const, 'test' as const) }),
      fc.record({ keyId: fc.stringMatching(/^[0-9A-Za-z]{12}$/) }),
    );
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        const moved = { ...sealed, ...change };
        const same = JSON.stringify(moved) === JSON.stringify(sealed);
        const outcome = await standIn.open(moved).then(
          () => 'opened',
          (error: Error) => error.name,
        );
        expect(outcome).toBe(same ? 'opened' : 'SealBroken');
      }),
    );
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
