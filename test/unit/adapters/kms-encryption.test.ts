import {
  DecryptCommand,
  DisabledException,
  EncryptCommand,
  KMSInvalidStateException,
  NotFoundException,
} from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { encryptionContext } from '../../../lambdas/adapters/kms/encryption-context.ts';
import { KmsEncryption } from '../../../lambdas/adapters/kms/kms-encryption.ts';
import { type StandInKms, standInKms } from '../../support/stand-in-kms.ts';

const CONTEXT = encryptionContext({ what: 'a note', keyId: 'Ab3dEf7hIj9L' });
const NOTE = Buffer.from('a small value');
let kms: StandInKms;
let encryption: KmsEncryption;

beforeEach(() => {
  kms = standInKms();
  encryption = new KmsEncryption(kms.client, 'the-key');
});

describe('an encryption context', () => {
  it('is text by name, numbers in decimal', () => {
    expect(encryptionContext({ keyId: 'a', version: 2 })).toEqual({ keyId: 'a', version: '2' });
  });

  it.each([
    ['empty', {}, /binds to nothing/],
    ['with an empty entry', { keyId: '' }, /'keyId' .* is empty or too long/],
    ['with a long entry', { keyId: 'x'.repeat(257) }, /'keyId' .* is empty or too long/],
    ['with a name that is none', { 'a b': 'c' }, /'a b' cannot name/],
  ])('is refused when %s, without its value', (_how, values, complaint) => {
    expect(() => encryptionContext(values)).toThrow(complaint);
    expect(() => encryptionContext(values)).not.toThrow(/xxx/);
  });
});

describe('encrypting a small value', () => {
  it('names key and context, and decrypts by the same', async () => {
    const ciphertext = await encryption.encrypt(NOTE, CONTEXT);

    const opened = await encryption.decrypt(ciphertext, { ...CONTEXT });
    expect(opened.outcome === 'opened' && Buffer.from(opened.plaintext)).toEqual(NOTE);
    expect(kms.calls.commandCalls(EncryptCommand)[0]?.args[0].input).toEqual({
      KeyId: 'the-key',
      Plaintext: NOTE,
      EncryptionContext: CONTEXT,
    });
    expect(kms.calls.commandCalls(DecryptCommand)[0]?.args[0].input).toEqual({
      KeyId: 'the-key',
      CiphertextBlob: ciphertext,
      EncryptionContext: CONTEXT,
    });
  });

  it.each([0, 4_097])('refuses %d bytes before KMS sees them', async (length) => {
    await expect(encryption.encrypt(Buffer.alloc(length), CONTEXT)).rejects.toThrow(RangeError);
    expect(kms.calls.calls()).toHaveLength(0);
  });

  it.each([
    ['another value', { ...CONTEXT, keyId: 'Ab3dEf7hIj9M' }],
    ['an entry more', { ...CONTEXT, more: 'x' }],
    ['an entry less', { what: 'a note' }],
    ['none at all', {}],
  ])('is broken in a context with %s', async (_how, context) => {
    const ciphertext = await encryption.encrypt(NOTE, CONTEXT);
    expect(await encryption.decrypt(ciphertext, context)).toEqual({ outcome: 'broken' });
  });

  it('is broken when another key encrypted it', async () => {
    const ciphertext = await new KmsEncryption(kms.client, 'another-key').encrypt(NOTE, CONTEXT);
    expect(await encryption.decrypt(ciphertext, CONTEXT)).toEqual({ outcome: 'broken' });
  });

  it('is broken wherever a bit of it is turned over', async () => {
    const ciphertext = await encryption.encrypt(NOTE, CONTEXT);
    await fc.assert(
      fc.asyncProperty(fc.nat(ciphertext.length * 8 - 1), async (bit) => {
        const altered = Buffer.from(ciphertext);
        altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(await encryption.decrypt(altered, CONTEXT)).toEqual({ outcome: 'broken' });
      }),
    );
  });

  it.each([0, 6_145])(
    'is broken when it is %d bytes long, without asking KMS, which would complain of the request',
    async (length) => {
      expect(await encryption.decrypt(Buffer.alloc(length), CONTEXT)).toEqual({ outcome: 'broken' });
      expect(kms.calls.commandCalls(DecryptCommand)).toHaveLength(0);
    },
  );

  it.each([
    ['throttled', Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })],
    ['denied', Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' })],
    ['pending its deletion', new KMSInvalidStateException({ message: 'pending', $metadata: {} })],
    ['disabled', new DisabledException({ message: 'disabled', $metadata: {} })],
    ['gone', new NotFoundException({ message: 'no such key', $metadata: {} })],
  ])(
    'throws what KMS throws when the key is %s: that says nothing of the ciphertext',
    async (_how, trouble) => {
      const ciphertext = await encryption.encrypt(NOTE, CONTEXT);
      kms.calls.on(DecryptCommand).rejects(trouble);
      await expect(encryption.decrypt(ciphertext, CONTEXT)).rejects.toBe(trouble);
      kms.calls.on(EncryptCommand).rejects(trouble);
      await expect(encryption.encrypt(NOTE, CONTEXT)).rejects.toBe(trouble);
    },
  );
});
